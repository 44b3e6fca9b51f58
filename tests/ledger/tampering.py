"""Everything that somebody who holds a ledger could do to its audit log, one way a function.

Each takes the log in memory, dice and what was made; it changes the log and gives the first entry that is bad, 0 where the
change is to no entry, -1 where no one can say more than that it lies before a checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Callable
from random import Random
from typing import Any

from tests.ledger.loglike import Made
from workbench import identity
from workbench.ledger.log import audit_log, checkpoints, merkle

Sql = sqlite3.Connection
Way = Callable[[Sql, Random, Made], int]
UNKNOWN = -1


def entry(sql: Sql, seq: int) -> dict[str, Any]:
    return json.loads(sql.execute("SELECT entry FROM audit WHERE seq = ?", (seq,)).fetchone()[0])


def write(sql: Sql, seq: int, value: dict[str, Any], *, hashed: bool = False) -> None:
    line = audit_log.encode_entry(value)
    sql.execute("UPDATE audit SET entry = ? WHERE seq = ?", (line, seq))
    if hashed:
        sql.execute("UPDATE audit SET leaf = ? WHERE seq = ?", (merkle.compute_leaf(line.encode()), seq))


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of an entry that holds a value."""
    if isinstance(value, dict):
        return [place for key in sorted(value) for place in places(value[key], (*at, key))]
    if isinstance(value, list):
        return [(*at, "+"), *(place for number, one in enumerate(value) for place in places(one, (*at, number)))]
    return [at]


def changed(value: dict[str, Any], place: tuple[str | int, ...], dice: Random) -> dict[str, Any]:
    """The entry with another value at a place."""
    made = json.loads(json.dumps(value))
    inner = made
    for part in place[:-1]:
        inner = inner[part]
    if place[-1] == "+":
        inner.append(f"{dice.getrandbits(64):x}")
    elif isinstance(inner[place[-1]], int):
        inner[place[-1]] += dice.randint(1, 9)
    else:
        inner[place[-1]] = f"{inner[place[-1]]}{dice.choice('xyz')}"
    return made


def among(dice: Random, made: Made, low: int = 1) -> int:
    return dice.randint(low, made.size)


def edit_field(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    old = entry(sql, seq)
    write(sql, seq, changed(old, dice.choice(places(old)), dice))
    return seq


def edit_byte(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    line = bytearray(sql.execute("SELECT CAST(entry AS BLOB) FROM audit WHERE seq = ?", (seq,)).fetchone()[0])
    line[dice.randrange(len(line))] ^= 1 << dice.randrange(8)
    sql.execute("UPDATE audit SET entry = CAST(? AS TEXT) WHERE seq = ?", (bytes(line), seq))
    return seq


def edit_leaf(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    value = dice.choice([dice.randbytes(32), b"", "text", 7])
    sql.execute("UPDATE audit SET leaf = ? WHERE seq = ?", (value, seq))
    return seq


def space(sql: Sql, dice: Random, made: Made) -> int:
    """The same entry in other words: spaces that a parser does not see, with the hash made anew."""
    seq = among(dice, made)
    line = json.dumps(entry(sql, seq), ensure_ascii=False)
    sql.execute("UPDATE audit SET entry = ?, leaf = ? WHERE seq = ?", (line, merkle.compute_leaf(line.encode()), seq))
    return seq


def delete(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    sql.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    return seq


def delete_and_close(sql: Sql, dice: Random, made: Made) -> int:
    """Delete and move what follows up, so that no number is missing."""
    seq = among(dice, made)
    sql.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    for (after,) in sql.execute("SELECT seq FROM audit WHERE seq > ? ORDER BY seq", (seq,)).fetchall():
        sql.execute("UPDATE audit SET seq = ? WHERE seq = ?", (after - 1, after))
    return seq


def insert(sql: Sql, dice: Random, made: Made) -> int:
    """Put a copy of another entry in, and move what follows down."""
    seq = among(dice, made)
    line, leaf = sql.execute("SELECT entry, leaf FROM audit WHERE seq = ?", (among(dice, made),)).fetchone()
    for (after,) in sql.execute("SELECT seq FROM audit WHERE seq >= ? ORDER BY seq DESC", (seq,)).fetchall():
        sql.execute("UPDATE audit SET seq = ? WHERE seq = ?", (after + 1, after))
    sql.execute("INSERT INTO audit (seq, entry, leaf) VALUES (?, ?, ?)", (seq, line, leaf))
    return seq if json.loads(line)["seq"] != seq else seq + 1


def swap(sql: Sql, dice: Random, made: Made) -> int:
    one, other = sorted(dice.sample(range(1, made.size + 1), 2))
    rows = {seq: sql.execute("SELECT entry, leaf FROM audit WHERE seq = ?", (seq,)).fetchone() for seq in (one, other)}
    for seq, row in ((one, rows[other]), (other, rows[one])):
        sql.execute("UPDATE audit SET entry = ?, leaf = ? WHERE seq = ?", (*row, seq))
    return one


def reorder(sql: Sql, dice: Random, made: Made) -> int:
    """Turn a stretch of entries round."""
    first = dice.randint(1, made.size - 2)
    last = dice.randint(first + 1, made.size)
    query = "SELECT entry, leaf FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq DESC"
    for seq, row in enumerate(sql.execute(query, (first, last)).fetchall(), first):
        sql.execute("UPDATE audit SET entry = ?, leaf = ? WHERE seq = ?", (*row, seq))
    return first


def truncate(sql: Sql, dice: Random, made: Made) -> int:
    """Cut the log before the last checkpoint that another party holds, and with it the checkpoints that tell of more."""
    keep = dice.randint(0, made.size - 1)
    sql.execute("DELETE FROM audit WHERE seq > ?", (keep,))
    sql.execute("DELETE FROM audit_texts WHERE seq > ?", (keep,))
    sql.execute("DELETE FROM checkpoints WHERE size >= ?", (keep,))
    return UNKNOWN


def edit_and_hash(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    old = entry(sql, seq)
    write(sql, seq, changed(old, dice.choice(places(old)), dice), hashed=True)
    return UNKNOWN


def relink(sql: Sql, start: int) -> None:
    """Number and link all that follows anew, with right hashes."""
    rows = sql.execute("SELECT seq FROM audit ORDER BY seq").fetchall()
    for number, (seq,) in enumerate(rows, 1):
        sql.execute("UPDATE audit SET seq = ? WHERE seq = ?", (-number, seq))
    previous = "0" * 64
    for number in range(1, len(rows) + 1):
        value = entry(sql, -number)
        if number >= start:
            value |= {"seq": number, "prev_hash": previous}
        write(sql, -number, value, hashed=True)
        previous = merkle.compute_leaf(audit_log.encode_entry(value).encode()).hex()
        sql.execute("UPDATE audit SET seq = ? WHERE seq = ?", (number, -number))


def reseal(sql: Sql, officer: identity.Officer) -> None:
    """Sign every checkpoint anew for the log as it is now, and let the entries record that; all that was there is gone."""
    old = sql.execute("SELECT size, body FROM checkpoints ORDER BY size").fetchall()
    for table in ("checkpoints", "signers"):
        sql.execute(f"DELETE FROM {table}")
    sql.execute("INSERT INTO signers VALUES (?, ?)", (officer.card.fingerprint, officer.card.to_json()))
    total = sql.execute("SELECT count(*) FROM audit").fetchone()[0]
    for size, body in old:
        if size >= total:
            break
        leaves = [row[0] for row in sql.execute("SELECT leaf FROM audit WHERE seq <= ? ORDER BY seq", (size,))]
        lines = body.splitlines()
        lines[2] = base64.b64encode(merkle.compute_root(leaves)).decode()
        text = "\n".join(lines) + "\n"
        line = checkpoints.build_signature(text, officer) + "\n"
        sql.execute("INSERT INTO checkpoints (size, body, signatures) VALUES (?, ?, ?)", (size, text, line))
        value, hash_ = entry(sql, size + 1), checkpoints.parse_checkpoint(f"{text}\n{line}").sha256
        value["object"] |= {"kind": "checkpoint", "id": hash_, "count": size}
        value |= {"op": "consultation", "output_hashes": [hash_], "result": "ok"}
        value["actor"] |= {"fingerprint": officer.card.fingerprint, "officer": officer.card.fingerprint}
        write(sql, size + 1, value, hashed=True)
        relink(sql, size + 1)


def rewrite_after_edit(sql: Sql, dice: Random, made: Made) -> int:
    """Change an entry and make every hash after it anew."""
    seq = among(dice, made)
    old = entry(sql, seq)
    own = [place for place in places(old) if place[0] not in ("seq", "prev_hash", "case_id")]
    write(sql, seq, changed(old, dice.choice(own), dice))
    relink(sql, seq)
    return UNKNOWN


def rewrite_after_deletion(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    sql.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    sql.execute("DELETE FROM audit_texts WHERE seq = ?", (seq,))
    for (after,) in sql.execute("SELECT DISTINCT seq FROM audit_texts WHERE seq > ? ORDER BY seq", (seq,)).fetchall():
        sql.execute("UPDATE audit_texts SET seq = ? WHERE seq = ?", (after - 1, after))
    relink(sql, seq)
    return UNKNOWN


def rewrite_and_seal(sql: Sql, dice: Random, made: Made) -> int:
    """Rewrite all and sign all checkpoints anew with a key of one's own: only what others hold shows it."""
    dice.choice([rewrite_after_edit, rewrite_after_deletion])(sql, dice, made)
    reseal(sql, made.officer)
    return UNKNOWN


def edit_text(sql: Sql, dice: Random, made: Made) -> int:
    seq, place = dice.choice(sql.execute("SELECT seq, field FROM audit_texts").fetchall())
    sql.execute("UPDATE audit_texts SET text = text || 'x' WHERE seq = ? AND field = ?", (seq, place))
    return int(seq)


def edit_salt(sql: Sql, dice: Random, made: Made) -> int:
    seq, place = dice.choice(sql.execute("SELECT seq, field FROM audit_texts").fetchall())
    sql.execute("UPDATE audit_texts SET salt = ? WHERE seq = ? AND field = ?", (dice.randbytes(16), seq, place))
    return int(seq)


def delete_text(sql: Sql, dice: Random, made: Made) -> int:
    """Without an erasure in the log."""
    seq, place = dice.choice(sql.execute("SELECT seq, field FROM audit_texts").fetchall())
    sql.execute("DELETE FROM audit_texts WHERE seq = ? AND field = ?", (seq, place))
    return int(seq)


def add_text(sql: Sql, dice: Random, made: Made) -> int:
    seq = among(dice, made)
    sql.execute("INSERT INTO audit_texts VALUES (?, 'object.id', ?, 'x')", (seq, dice.randbytes(16)))
    return seq


def checkpoint_edited(sql: Sql, dice: Random, made: Made) -> int:
    """Another size, root or time on a checkpoint that the ledger keeps."""
    seq, body = dice.choice(sql.execute("SELECT seq, body FROM checkpoints").fetchall())
    lines, which = body.splitlines(), dice.choice([0, 1, 2, 3])
    lines[which] = {
        0: f"caseledger/{dice.getrandbits(128):032x}", 1: str(int(lines[1]) + dice.choice([-1, 1])),
        2: base64.b64encode(dice.randbytes(32)).decode(), 3: "time 2020-01-01T00:00:00Z",
    }[which]  # fmt: skip
    sql.execute("UPDATE checkpoints SET body = ? WHERE seq = ?", ("\n".join(lines) + "\n", seq))
    return 0


def checkpoint_deleted(sql: Sql, dice: Random, made: Made) -> int:
    seq = dice.choice(sql.execute("SELECT seq FROM checkpoints").fetchall())[0]
    sql.execute("DELETE FROM checkpoints WHERE seq = ?", (seq,))
    return 0


def signature_edited(sql: Sql, dice: Random, made: Made) -> int:
    seq, lines = dice.choice(sql.execute("SELECT seq, signatures FROM checkpoints").fetchall())
    *head, last = lines.splitlines()
    dash, name, data = last.split(" ")
    raw = bytearray(base64.b64decode(data))
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    made_of = "\n".join([*head, f"{dash} {name} {base64.b64encode(bytes(raw)).decode()}"]) + "\n"
    sql.execute("UPDATE checkpoints SET signatures = ? WHERE seq = ?", (made_of, seq))
    return 0


def countersignature_deleted(sql: Sql, dice: Random, made: Made) -> int:
    for seq, lines in sql.execute("SELECT seq, signatures FROM checkpoints").fetchall():
        sql.execute("UPDATE checkpoints SET signatures = ? WHERE seq = ?", (lines.splitlines()[0] + "\n", seq))
    return 0


def signed_again(sql: Sql, dice: Random, made: Made) -> int:
    """A newer key signs an older state."""
    newer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
    seq, body = dice.choice(sql.execute("SELECT seq, body FROM checkpoints").fetchall())
    line = checkpoints.build_signature(body, newer) + "\n"
    sql.execute("UPDATE checkpoints SET signatures = ? WHERE seq = ?", (line, seq))
    sql.execute("INSERT INTO signers VALUES (?, ?)", (newer.card.fingerprint, newer.card.to_json()))
    return 0


def case_renamed(sql: Sql, dice: Random, made: Made) -> int:
    sql.execute("UPDATE case_facts SET value = ? WHERE name = 'case_id'", (f"{dice.getrandbits(128):032x}",))
    return 1


NAMED: tuple[Way, ...] = (
    edit_field, edit_byte, edit_leaf, space, delete, delete_and_close, insert, swap, reorder, edit_text, edit_salt, delete_text,
    add_text, case_renamed,
)  # fmt: skip
"""Ways after which the first bad entry can be named."""
SEALED: tuple[Way, ...] = (
    truncate, edit_and_hash, rewrite_after_edit, rewrite_after_deletion, rewrite_and_seal, checkpoint_edited, checkpoint_deleted,
    signature_edited, countersignature_deleted, signed_again,
)  # fmt: skip
"""Ways that a checkpoint shows."""
WAYS = (*NAMED, *SEALED)


def digest(sql: Sql) -> str:
    """Hash of all that the log is, to see that a way changed something."""
    tables = ("audit", "audit_texts", "checkpoints", "signers", "case_facts")
    rows = [repr(sql.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()) for table in tables]
    return hashlib.sha256("".join(rows).encode()).hexdigest()
