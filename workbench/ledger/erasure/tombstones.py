"""Tombstones: that something was erased, by whom, when and why, and how it is known again if it comes back."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from workbench.ledger.log.audit_log import Object
from workbench.ledger.log.row_commitments import is_committed
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.ledger import Ledger

COLUMNS = ("tombstone_id", "kind", "officer", "reason", "at", "rows", "counts", "sent", "state")
KINDS = ("source", "document", "passage", "entity", "note")
"""What can be erased."""
ASKED, PURGED, BLANK = "asked", "purged", "blank"
"""States of an erasure that is not finished."""
OF = "CASE WHEN json_valid(e.plan) THEN json_extract(e.plan, '$.of') ELSE '' END"
"""Tombstone that an erasure which is not finished replays, in SQL."""
OVERRULING = "erased before; a hold that was set before that, and has come back, does not keep it"
"""Reason of what is erased again in spite of an older hold."""
BASE = {"changed": "document", "struck": "passage"}
"""Kind of mark of what stays without some of its words -> kind of the thing."""
Mark = tuple[str, str]
"""Kind and keyed hash."""
COPY = "copy of "
"""How the kind of a mark begins that names a file which took another's place; the keyed hash of the other follows."""
ORDERED = re.compile(r"tombstone-(\d{12})-[0-9a-f]+")
"""Id with the number of an erasure in its case."""


@dataclass(frozen=True, slots=True)
class Stone:
    """A tombstone.

    Attributes
    ----------
    id : str
        With its place in the order of erasures (`create_id`).
    kind : str
        Of KINDS: what was asked for.
    officer, reason, at : str
        Who erased, why and when.
    rows : int
        Rows of the ledger that went.
    marks : tuple
        Keyed hashes: of what was asked for ('asked entity', ...), of what went, of documents whose text was 'changed', of
        passages in which words were 'struck', of files that took the place of others (COPY).
    """

    id: str
    kind: str
    officer: str
    reason: str
    at: str
    rows: int = 0
    marks: tuple[Mark, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The tombstone without its reason and officer, as it is kept outside the case."""
        told = {"id": self.id, "kind": self.kind, "at": self.at, "rows": self.rows}
        return {**told, "marks": [list(mark) for mark in self.marks]}

    @staticmethod
    def from_json(data: Mapping[str, object]) -> Stone:
        """The tombstone out of what is kept outside the case."""
        marks = data.get("marks")
        pairs = tuple((str(kind), str(mark)) for kind, mark in marks) if isinstance(marks, list) else ()
        told = {name: str(data.get(name, "")) for name in ("id", "kind", "at")}
        return Stone(told["id"], told["kind"], "", "", told["at"], int(str(data.get("rows", 0))), pairs)


@dataclass(frozen=True, slots=True)
class Plan:
    """An erasure that is not finished.

    Attributes
    ----------
    targets : sequence of (kind, id)
        What was asked for.
    files : sequence of str
        Files of the case folder that are left to be deleted.
    passages : sequence of str
        Passages whose vectors are left to be deleted.
    of : str
        Tombstone that is replayed; '' for an erasure that an officer asked for.
    anew : sequence of str
        Sources of which only the text is kept, whatever is found in them.
    counts : mapping, optional
        What the tombstone and the log tell of how much went, where whoever erases may not know of all of it.
    """

    id: str
    kind: str
    officer: str
    reason: str
    at: str
    targets: Sequence[Mark]
    files: Sequence[str] = ()
    passages: Sequence[str] = ()
    of: str = ""
    state: str = field(default=ASKED)
    counts: Mapping[str, int] | None = None
    anew: Sequence[str] = ()


def compute_mark(secret: str, kind: str, key: str) -> str:
    """HMAC-SHA256 under the case's secret, 32 digits: says nothing without the secret, and little with it."""
    return hmac.new(secret.encode(), f"erased\x1f{kind}\x1f{key}".encode(), "sha256").hexdigest()[:32]


def get_secret(sql: sqlite3.Connection) -> str:
    """The secret of the case."""
    return str(sql.execute("SELECT value FROM case_facts WHERE name = 'secret'").fetchone()[0])


def get_case_id(ledger: Ledger) -> str:
    """The id of the case."""
    return str(ledger.connection.execute("SELECT value FROM case_facts WHERE name = 'case_id'").fetchone()[0])


def add_tombstone(sql: sqlite3.Connection, stone: Stone, counts: Mapping[str, int], sent: Iterable[str]) -> None:
    """Set a tombstone inside the caller's transaction."""
    told = (stone.id, stone.kind, stone.officer, stone.reason, stone.at, stone.rows, json.dumps(counts, sort_keys=True))
    sql.execute("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?, ?, ?, ?, ?)", told)
    marks = [(kind, found, stone.id) for kind, found in stone.marks]
    sql.executemany("INSERT OR IGNORE INTO tombstone_marks VALUES (?, ?, ?)", marks)
    sql.executemany("INSERT OR IGNORE INTO tombstone_sent VALUES (?, ?)", [(stone.id, key) for key in sent])


def list_tombstones(ledger: Ledger) -> pd.DataFrame:
    """Tombstones, oldest first (COLUMNS): `counts` dict of what went by kind, `sent` int, `state` '' or what is left to do."""
    import pandas as pd

    query = f"""SELECT t.id, t.kind, t.officer, t.reason, t.at, t.rows, t.counts,
            (SELECT count(*) FROM tombstone_sent AS s WHERE s.tombstone_id = t.id),
            coalesce((SELECT e.state FROM erasing AS e WHERE t.id IN (e.id, {OF}) LIMIT 1), '')
        FROM tombstones AS t ORDER BY t.at, t.id"""
    made = pd.DataFrame(ledger.connection.execute(query).fetchall(), columns=pd.Index(COLUMNS))
    made["counts"] = [json.loads(text) for text in made["counts"]]
    return made


def list_stones(ledger: Ledger) -> list[Stone]:
    """All tombstones with their marks."""
    marks: dict[str, list[Mark]] = {}
    for kind, found, key in ledger.connection.execute(
        "SELECT kind, mark, tombstone_id FROM tombstone_marks"
    ).fetchall():
        marks.setdefault(key, []).append((kind, found))
    query = "SELECT id, kind, officer, reason, at, rows FROM tombstones ORDER BY at, id"
    rows = ledger.connection.execute(query).fetchall()
    return [
        Stone(key, kind, officer, reason, at, rows_, tuple(marks.get(key, ())))
        for key, kind, officer, reason, at, rows_ in rows
    ]


def list_missing(ledger: Ledger, found: Sequence[Stone]) -> list[Stone]:
    """Those of some tombstones that the ledger does not have."""
    if not found:
        return []
    here = {str(key) for (key,) in ledger.connection.execute("SELECT id FROM tombstones").fetchall()}
    return [stone for stone in found if stone.id not in here]


def list_marks(ledger: Ledger, kind: str) -> dict[str, list[str]]:
    """Marks of one kind, and the tombstones of each."""
    query = "SELECT mark, tombstone_id FROM tombstone_marks WHERE kind = ? ORDER BY mark, tombstone_id"
    found: dict[str, list[str]] = {}
    for made, stone in ledger.connection.execute(query, (kind,)).fetchall():
        found.setdefault(str(made), []).append(str(stone))
    return found


def has_marks(ledger: Ledger) -> bool:
    """Whether anything was erased that could come back."""
    return ledger.connection.execute("SELECT 1 FROM tombstone_marks LIMIT 1").fetchone() is not None


def find_erased(ledger: Ledger, documents: Collection[str] = (), sources: Collection[str] = ()) -> dict[str, str]:
    """Which of these ids of documents and hashes of sources were erased here, and why each; empty if none was."""
    found = {**find_marked(ledger, ("document", "changed"), documents), **find_marked(ledger, ("source",), sources)}
    return {one: describe_erasure(ledger, last) for one, (*_, last) in found.items()}


def find_marked(ledger: Ledger, kinds: Sequence[str], keys: Collection[str]) -> dict[str, list[str]]:
    """Which of these ids have a mark of one of these kinds, and the tombstones of each."""
    found: dict[str, list[str]] = {}
    for kind in kinds:
        marks = list_marks(ledger, kind) if keys else {}
        key = get_secret(ledger.connection) if marks else ""
        for one in keys if marks else ():
            if stones_ := marks.get(compute_mark(key, BASE.get(kind, kind), one)):
                found[one] = [*found.get(one, ()), *stones_]
    return found


STALE = "SELECT DISTINCT document_id FROM arrivals WHERE document_id != '' AND document_id NOT IN (SELECT id FROM documents)"


def find_stale_ways(ledger: Ledger) -> dict[str, list[str]]:
    """Documents that were erased and with which files still came, as an older workbench left it, and the tombstones of each."""
    if not has_marks(ledger):
        return {}
    gone = [str(key) for (key,) in ledger.connection.execute(STALE).fetchall()]
    return find_marked(ledger, ("document",), gone)


def build_recogniser(ledger: Ledger, kind: str) -> Callable[[str], bool] | None:
    """Tell whether ids have a mark of a kind, by the marks of now; None where nothing of that kind was erased."""
    if not (marks := list_marks(ledger, kind)):
        return None
    key = get_secret(ledger.connection)
    return lambda one: compute_mark(key, kind, one) in marks


def recognise_gone(ledger: Ledger) -> Callable[[str], bool] | None:
    """Tell whether sources were erased as a whole, not only written anew without some words; None where none was."""
    if not (marks := list_marks(ledger, "source")):
        return None
    query = "SELECT kind, tombstone_id FROM tombstone_marks WHERE kind GLOB ?"
    rows = ledger.connection.execute(query, (f"{COPY}*",)).fetchall()
    rewritten = {(str(kind).removeprefix(COPY), str(stone)) for kind, stone in rows}
    key = get_secret(ledger.connection)

    def is_gone(one: str) -> bool:
        made = compute_mark(key, "source", one)
        return any((made, stone) not in rewritten for stone in marks.get(made, ()))

    return is_gone


def recognise_made(ledger: Ledger) -> Callable[[str], bool]:
    """Tell whether sources were written by an erasure, in the place of others."""
    rows = ledger.connection.execute("SELECT mark FROM tombstone_marks WHERE kind GLOB ?", (f"{COPY}*",)).fetchall()
    made = {str(mark) for (mark,) in rows}
    key = get_secret(ledger.connection) if made else ""
    return lambda one: bool(made) and compute_mark(key, "source", one) in made


IDS = {
    "source": "SELECT sha256 FROM sources", "document": "SELECT id FROM documents", "passage": "SELECT id FROM passages",
    "entity": "SELECT DISTINCT entity_id FROM statements", "note": "SELECT id FROM notes",
}  # fmt: skip


def find_targets(ledger: Ledger, found: Iterable[Stone], kinds: Sequence[str] = KINDS) -> dict[str, list[Mark]]:
    """What tombstones were set for, as far as it is in the ledger (again): id of each, and kinds and ids."""
    wanted: dict[Mark, list[str]] = {}
    for stone in found:
        for kind, made in stone.marks:
            wanted.setdefault((kind, made), []).append(stone.id)
    key, there = get_secret(ledger.connection), {kind for kind, _ in wanted}
    targets: dict[str, list[Mark]] = {}
    for kind in kinds:
        rows = ledger.connection.execute(IDS[kind]).fetchall() if f"{ASKED} {kind}" in there else ()
        for (one,) in rows:
            for stone_id in wanted.get((f"{ASKED} {kind}", compute_mark(key, kind, str(one))), ()):
                targets.setdefault(stone_id, []).append((kind, str(one)))
    return targets


def create_id(ledger: Ledger) -> str:
    """An id for an erasure that is asked for now: it tells after which other one, and nothing of what is erased."""
    rows = ledger.connection.execute("SELECT id FROM tombstones UNION SELECT id FROM erasing").fetchall()
    before = (int(found[1]) for (key,) in rows if (found := ORDERED.fullmatch(str(key))))
    return f"tombstone-{max(before, default=0) + 1:012}-{secrets.token_hex(12)}"


def build_order_key(at: str, kind: str, key: str) -> tuple[str, str, bool, str]:
    """By what erasures are put in the order in which they were asked for: those of one second by the numbers in their ids.

    Ids of earlier releases, which have none, leave open what came first: persons do, for what another erasure takes may be all that says
    how a person is called.
    """
    number = found[1] if (found := ORDERED.fullmatch(key)) else ""
    return at, number, kind != "entity", key


def select_current(ledger: Ledger, targets: Iterable[Mark]) -> list[Mark]:
    """Those of some targets that are in the ledger; of a file in whose place another stands, that one."""
    query = "SELECT ? IN ({})"
    return [
        (kind, key)
        for kind, key in follow_files(ledger, targets)
        if ledger.connection.execute(query.format(IDS[kind]), (key,)).fetchone()[0]
    ]


def follow_files(ledger: Ledger, targets: Iterable[Mark]) -> list[Mark]:
    """Targets, each once, with the file that stands there now in the place of one that an erasure has written anew."""
    found = ((kind, _find_successor(ledger, key) if kind == "source" else key) for kind, key in targets)
    return list(dict.fromkeys(found))


def _find_successor(ledger: Ledger, source: str) -> str:
    """The file that stands in the place of one that was written anew, and anew; itself where it is in the ledger or none does."""
    sql, key = ledger.connection, get_secret(ledger.connection)
    here = {compute_mark(key, "source", str(one)): str(one) for (one,) in sql.execute(IDS["source"]).fetchall()}
    left, seen = [compute_mark(key, "source", source)], set[str]()
    for made in left:
        if made in here:
            return here[made]
        if made not in seen:
            seen.add(made)
            rows = sql.execute("SELECT mark FROM tombstone_marks WHERE kind = ? ORDER BY 1", (COPY + made,)).fetchall()
            left += [str(one) for (one,) in rows]
    return source


def list_original_marks(sql: sqlite3.Connection, source: str, but: Collection[str]) -> set[str]:
    """Marks of the files whose place a file took, but those of some that are still in the ledger."""
    key = get_secret(sql)
    kept, found = {compute_mark(key, "source", one) for one in but}, set[str]()
    left = [compute_mark(key, "source", source)]
    for made in left:
        query = "SELECT kind FROM tombstone_marks WHERE mark = ? AND kind GLOB ?"
        rows = sql.execute(query, (made, f"{COPY}*")).fetchall()
        before = {str(kind).removeprefix(COPY) for (kind,) in rows} - kept - found
        found |= before
        left += sorted(before)
    return found


def describe_erasure(ledger: Ledger, stone: str) -> str:
    """A sentence on an erasure, for whoever brings it back."""
    row = ledger.connection.execute("SELECT at, officer, reason FROM tombstones WHERE id = ?", (stone,)).fetchone()
    because = row[2] or Sentence("the reason was erased")
    return Sentence("erased on {day} by {officer}: {because}", day=row[0][:10], officer=row[1], because=because)


def readmit_material(ledger: Ledger, kind: str, keys: Collection[str], because: str) -> list[str]:
    """Let what was erased come in again; its marks. Its tombstones stay, and no longer stand against it."""
    with ledger.open_transaction() as sql:
        key = get_secret(sql)
        marks = {compute_mark(key, kind, one) for one in keys}
        query = "SELECT DISTINCT mark FROM tombstone_marks WHERE mark IN (SELECT value FROM json_each(?))"
        gone = [str(found) for (found,) in sql.execute(query, (json.dumps(sorted(marks)),)).fetchall()]
        sql.executemany("DELETE FROM tombstone_marks WHERE mark = ? OR kind = ?", [(one, COPY + one) for one in gone])
        if gone:
            ledger.log(
                sql, "alteration", Object("tombstone", count=len(gone)), {"readmitted": kind, "because": because}
            )
    return gone


def is_let_in(ledger: Ledger, plan: Plan) -> bool:
    """Whether the controller has let in again what an erasure waits for that replays a tombstone."""
    query = "SELECT mark FROM tombstone_marks WHERE tombstone_id = ?"
    known = ledger.connection.execute("SELECT 1 FROM tombstones WHERE id = ?", (plan.of,)).fetchone()
    if plan.state != ASKED or not known:
        return False
    marks = {found for (found,) in ledger.connection.execute(query, (plan.of,)).fetchall()}
    key = get_secret(ledger.connection)
    return not any(compute_mark(key, *target) in marks for target in plan.targets)


def list_returns(sql: sqlite3.Connection) -> list[str]:
    """What is to be told of what was erased and has come back: 'waits' for a hold set since, 'overruled' an older one."""
    query = f"""SELECT 'waits' FROM erasing AS e WHERE e.state = '{ASKED}' AND {OF} != ''
        UNION SELECT 'overruled' FROM tombstones WHERE reason = ? ORDER BY 1"""
    return [str(what) for (what,) in sql.execute(query, (OVERRULING,)).fetchall()]


def set_again(ledger: Ledger, stone: Stone) -> None:
    """Set a tombstone of which nothing is in the ledger (any more), so that it does not come in again."""
    with ledger.open_transaction() as sql:
        add_tombstone(sql, stone, {}, ())


def record_request(ledger: Ledger, plan: Plan) -> None:
    """Note an erasure before anything of it is done: from now on it is finished, whatever interrupts it."""
    with ledger.open_transaction() as sql:
        row = (plan.id, plan.state, json.dumps(asdict(plan), ensure_ascii=False))
        sql.execute("INSERT OR IGNORE INTO erasing VALUES (?, ?, ?)", row)
        ledger.log(sql, "erasure", Object("tombstone", plan.id), {"state": plan.state})


def record_progress(sql: sqlite3.Connection, plan: Plan) -> None:
    """Note how far an erasure has come, inside the caller's transaction."""
    row = (plan.state, json.dumps(asdict(plan), ensure_ascii=False) if plan.state != BLANK else "", plan.id)
    sql.execute("UPDATE erasing SET state = ?, plan = ? WHERE id = ?", row)


def list_pending(ledger: Ledger) -> Iterator[Plan]:
    """Erasures that are not finished and of which the log tells, in the order in which they were asked for."""
    yield from sorted(
        _list_unfinished(ledger), key=lambda plan: build_order_key(plan.at, plan.kind, plan.of or plan.id)
    )


def _list_unfinished(ledger: Ledger) -> Iterator[Plan]:
    for key, state, text in ledger.connection.execute("SELECT id, state, plan FROM erasing ORDER BY id").fetchall():
        if not is_committed(ledger.connection, "erasing", key, state, text):
            continue
        data = json.loads(text) if text else {}
        kind, officer, reason, at, of = (str(data.get(name, "")) for name in ("kind", "officer", "reason", "at", "of"))
        targets = [(str(kind), str(target)) for kind, target in data.get("targets", ())]
        files, passages, anew = (tuple(map(str, data.get(name, ()))) for name in ("files", "passages", "anew"))
        yield Plan(key, kind, officer, reason, at, targets, files, passages, of, state, data.get("counts"), anew)
