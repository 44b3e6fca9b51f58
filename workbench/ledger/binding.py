"""Rows are bound to the log: each entry commits to the rows that were added since the entry before it.

Whatever writes a row, triggers of this connection note its hash; at the end of the transaction it is written beside the row's table
and the number of the entry that tells of it, in the same transaction. The entry holds, for each table, how many rows and a salted
digest of their hashes. Rows that are erased or replaced lose their hash, and the next entry commits to what is left of those that
came with them. docs/audit.md tells the form for a reader outside.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from weakref import ref

from workbench.ledger.fresh import Fresh

DERIVED = {
    "unindexed": "passages out of the index of words; follows from what is set aside, and is compared with it (`wordindex`)",
    "charts": "where things lie on a chart; moved at will, and no word of the case",
    "audit": "the log itself",
    "audit_v1": "the log of earlier schemas, held by its own chain of hashes",
    "audit_texts": "texts that entries of the log commit to",
    "checkpoints": "signed heads, recorded by entries of the log",
    "signers": "cards of those who signed: signatures are checked with them",
    "row_marks": "hashes of the rows that are bound",
    "row_salts": "salts of the digests",
}
"""Tables whose rows are not bound, and why; the index of words (`words`) is made from the passages."""
READ = frozenset({"documents", "traces", "passages", "statements", "evidence", "readings", "issues"})
"""Tables to which a reading adds before it is complete: no entry tells of such rows until then, nor after a crash before the next one.
Whatever else comes without an entry was put in by another program."""
BEING_READ = """(NOT EXISTS (SELECT 1 FROM traces AS t JOIN runs AS r ON r.id = t.run_id WHERE t.document_id = p.document_id)
    OR EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = p.document_id AND t.run_id NOT IN (SELECT id FROM runs)))"""
"""Passages of documents that a reading which is not complete has."""
UNFINISHED = {
    "traces": "SELECT count(*) FROM traces WHERE run_id NOT IN (SELECT id FROM runs)",
    "evidence": "SELECT count(*) FROM evidence WHERE run_id NOT IN (SELECT id FROM runs)",
    "issues": "SELECT count(*) FROM issues WHERE run_id NOT IN (SELECT id FROM runs)",
    "passages": f"SELECT count(*) FROM passages AS p WHERE {BEING_READ}",
    "readings": f"SELECT count(*) FROM readings AS d JOIN passages AS p ON p.id = d.passage_id WHERE {BEING_READ}",
    "statements": """SELECT count(DISTINCT e.statement_id) FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
        WHERE e.run_id NOT IN (SELECT id FROM runs)""",
}  # fmt: skip
"""How many rows of readings that are not complete a table has; a document says nothing before it has a trace."""
Told = list[object]
"""What an entry says of the rows of one table: number of the entry that told of them first, table, count, digest."""
Key = tuple[str, bytes]
"""Table, and hash of a row."""
GONE = "Cannot write over a connection that was let go."
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=repr).encode


def bound(sql: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Tables whose rows are bound, with their columns in order."""
    query = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        AND name NOT GLOB 'words*' ORDER BY name"""
    names = [str(name) for (name,) in sql.execute(query).fetchall()]
    return {name: _columns(sql, name) for name in names if name not in DERIVED}


def _columns(sql: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(str(row[1]) for row in sql.execute(f'PRAGMA main.table_info("{table}")').fetchall())


def leaf(kind: str, *values: object) -> bytes:
    """Hash of a row: SHA-256 over its table and columns as one line of JSON, without the NULLs at its end."""
    row = (kind, *values)
    while row[-1] is None:
        row = row[:-1]
    return hashlib.sha256(_encode(row).encode("utf-8", "surrogatepass")).digest()


def digest(salt: bytes, leaves: Iterable[bytes]) -> tuple[int, str]:
    """How many hashes there are, and SHA-256 over the salt and them; they come in order."""
    state, count = hashlib.sha256(salt), 0
    for count, one in enumerate(leaves, 1):  # noqa: B007 - counted on the way
        state.update(one)
    return count, state.hexdigest()


class Binding:
    """Notes what a connection changes in the bound tables, and tells the log of it.

    Parameters
    ----------
    sql : Connection
        Of a ledger of the newest schema.

    Attributes
    ----------
    owes : bool
        Rows were noted in the transaction that goes on, of which an entry has to tell in it.
    fresh : Fresh
        What came in by this connection since the gate has caught up with it.
    """

    def __init__(self, sql: sqlite3.Connection) -> None:
        self.sql = sql
        self.changes: dict[Key, int] = {}
        self.owes = False
        self.fresh = Fresh()
        mine = ref(self)  # the connection would hold itself open otherwise
        sql.create_function("row_came", -1, lambda *row: _of(mine)._came(*row), deterministic=False)  # noqa: SLF001
        sql.create_function("row_went", -1, lambda *row: _of(mine)._went(*row), deterministic=False)  # noqa: SLF001
        sql.execute("PRAGMA recursive_triggers = ON")  # so that a row that is replaced counts as gone

    def watch(self) -> None:
        """Note from now on what changes."""
        for table, columns in bound(self.sql).items():
            came, went = (f"SELECT row_{name}('{table}', {_listed(columns, of)});" for name, of in WAYS)
            for when, steps in (("INSERT", came), ("DELETE", went), ("UPDATE", went + came)):
                self.sql.execute(
                    f'CREATE TEMP TRIGGER "{table}_{when}" AFTER {when} ON main."{table}" BEGIN {steps} END'
                )

    def begin(self) -> None:
        """Note from now on what changes, and first, where rows are not bound yet, all that are there."""
        self.watch()
        if self.sql.execute("SELECT 1 FROM row_salts LIMIT 1").fetchone():
            self._set_apart()
            return
        for table in bound(self.sql):
            for row in self.sql.execute(f'SELECT * FROM main."{table}"'):
                self._came(table, *row)
            self.settle()
        self.owes = False

    def settle(self) -> None:
        """Write down what was noted for the next entry, inside the caller's transaction."""
        came, went = self._noted()
        if went:
            self._forget(went)
        if came:
            self._write(came, self._next(), 0)
        self.owes |= bool(went) or any(kind not in READ for kind, _ in came)

    def tell(self, entry: int) -> list[Told]:
        """What the entry of that number commits to: rows that came since the last one, and what is left where some went."""
        query = "SELECT kind, entry, salt FROM row_salts WHERE told = 0 AND entry > 0 ORDER BY entry, kind"
        came, went = self._noted()
        self.owes = False
        if not went and self.sql.execute(query).fetchone() is None:
            return self._write(came, entry, entry)
        self._forget(went)
        self._write(came, entry, 0)
        waiting = [(str(kind), int(seq), bytes(salt)) for kind, seq, salt in self.sql.execute(query).fetchall()]
        told: list[Told] = [[seq, kind, *digest(salt, marks(self.sql, kind, seq))] for kind, seq, salt in waiting]
        self.sql.execute("UPDATE row_salts SET told = ? WHERE told = 0 AND entry > 0", (entry,))
        return told

    def drop(self) -> None:
        """Forget what was noted in a transaction that was given up."""
        self.changes, self.fresh.whole = {}, True

    def others(self) -> int:
        """A number that is another one after another connection has written."""
        return int(self.sql.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def caught_up(self) -> Iterator[Fresh]:
        """What came in since this was done last; if what is done with it fails, the next time everything counts as changed."""
        fresh, self.fresh = self.fresh, Fresh(whole=False)
        try:
            yield fresh
        except BaseException:
            self.fresh.whole = True
            raise

    def _came(self, kind: str, *values: object) -> None:
        key = kind, leaf(kind, *values)
        self.changes[key] = self.changes.get(key, 0) + 1
        self.fresh.came(kind, values)

    def _went(self, kind: str, *values: object) -> None:
        key = kind, leaf(kind, *values)
        self.changes[key] = self.changes.get(key, 0) - 1
        self.fresh.went(kind)

    def _noted(self) -> tuple[list[Key], list[Key]]:
        """What came and what went since this was asked last, each in order; a row that did both did neither."""
        changes, self.changes = self.changes, {}
        came = sorted(key for key, number in changes.items() if number > 0)
        return came, sorted(key for key, number in changes.items() if number < 0)

    def _write(self, came: Sequence[Key], entry: int, told: int) -> list[Told]:
        """Write down what came with an entry; what is to be told of it if nothing else did."""
        groups = {kind: [one for _, one in keys] for kind, keys in groupby(came, itemgetter(0))}
        for kind in groups:
            self._make_room(kind, entry)
        salts = [(kind, entry, secrets.token_bytes(16), told) for kind in groups]
        self.sql.executemany("INSERT OR IGNORE INTO row_salts (kind, entry, salt, told) VALUES (?, ?, ?, ?)", salts)
        self.sql.executemany(
            "INSERT OR IGNORE INTO row_marks VALUES (?, ?, ?)", [(kind, entry, one) for kind, one in came]
        )
        return [[entry, kind, *digest(salt, groups[kind])] for kind, _, salt, _ in salts]

    def _make_room(self, kind: str, entry: int) -> None:
        """Put what another program left under an entry to come, as if it were told of, under a number that no entry ever has."""
        query = "SELECT told FROM row_salts WHERE kind = ? AND entry = ?"
        waits = self.sql.execute(query, (kind, entry)).fetchone() == (0,)
        for table in () if waits else ("row_marks", "row_salts"):
            change = f"UPDATE OR REPLACE {table} SET entry = -entry WHERE kind = ? AND entry = ?"
            self.sql.execute(change, (kind, entry))

    def _set_apart(self) -> None:
        """Put hashes that no entry tells of, and that no reading has left, under numbers that no entry ever has: none will tell of them."""
        query = "SELECT DISTINCT kind FROM row_salts WHERE told = 0 AND entry > 0 AND EXISTS (SELECT 1 FROM row_salts WHERE told > 0)"
        for (kind,) in self.sql.execute(query).fetchall():
            if _is_strange(self.sql, str(kind)):
                entries = "SELECT entry FROM row_salts WHERE kind = ?1 AND told = 0"
                change = f"SET entry = -entry WHERE kind = ?1 AND entry > 0 AND entry IN ({entries})"
                self.sql.execute(f"UPDATE OR REPLACE row_marks {change}", (kind,))
                self.sql.execute(
                    "UPDATE OR REPLACE row_salts SET entry = -entry WHERE kind = ? AND told = 0 AND entry > 0", (kind,)
                )

    def _next(self) -> int:
        return int(self.sql.execute("SELECT coalesce(max(seq), 0) + 1 FROM audit").fetchone()[0])

    def _forget(self, went: Sequence[Key]) -> None:
        """Take marks away; those that came with them are told of anew, under another salt."""
        gone = dict.fromkeys(went)
        for kind in dict.fromkeys(kind for kind, _ in went):
            query = "SELECT entry, leaf FROM row_marks WHERE kind = ?"
            held = [(seq, one) for seq, one in self.sql.execute(query, (kind,)) if (kind, bytes(one)) in gone]
            self.sql.executemany(
                "DELETE FROM row_marks WHERE kind = ? AND entry = ? AND leaf = ?", [(kind, *one) for one in held]
            )
            salts = [(secrets.token_bytes(16), kind, seq) for seq in {seq for seq, _ in held}]
            self.sql.executemany("UPDATE row_salts SET salt = ?, told = 0 WHERE kind = ? AND entry = ?", salts)


def _of(mine: ref[Binding]) -> Binding:
    """The binding of a connection, which lives as long."""
    found = mine()
    if found is None:
        raise sqlite3.ProgrammingError(GONE)
    return found


def _is_strange(sql: sqlite3.Connection, kind: str) -> bool:
    """Whether rows of a table that no entry tells of can have been left by no reading."""
    query = """SELECT count(*) FROM row_salts AS s CROSS JOIN row_marks AS m ON m.kind = s.kind AND m.entry = s.entry
        WHERE s.kind = ? AND s.told = 0 AND s.entry > 0"""
    (untold,) = sql.execute(query, (kind,)).fetchone()
    if kind in READ:
        return kind in UNFINISHED and untold > sql.execute(UNFINISHED[kind]).fetchone()[0]
    return bool(untold)


def is_told(sql: sqlite3.Connection, kind: str, *values: object) -> bool:
    """Whether an entry of the log commits to a row as it is."""
    query = """SELECT m.entry, s.salt, a.entry FROM row_marks AS m JOIN row_salts AS s ON s.kind = m.kind AND s.entry = m.entry
        JOIN audit AS a ON a.seq = s.told WHERE m.kind = ? AND m.leaf = ?"""
    return any(
        [entry, kind, *digest(bytes(salt), marks(sql, kind, entry))] in json.loads(line).get("rows", ())
        for entry, salt, line in sql.execute(query, (kind, leaf(kind, *values))).fetchall()
    )


WAYS = (("came", "new"), ("went", "old"))


def _listed(columns: Sequence[str], of: str) -> str:
    return ", ".join(f'{of}."{column}"' for column in columns)


def marks(sql: sqlite3.Connection, kind: str, entry: int) -> Iterable[bytes]:
    """Hashes of the rows of a table that came with an entry, in order."""
    query = "SELECT leaf FROM row_marks WHERE kind = ? AND entry = ? ORDER BY leaf"
    return (bytes(one) for (one,) in sql.execute(query, (kind, entry)))
