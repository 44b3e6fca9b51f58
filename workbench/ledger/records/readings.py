"""Readings of one file: which documents each has made, whether another reading has made them too, and the texts of the one that counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from sqlite3 import Connection
from types import MappingProxyType
from typing import NamedTuple

from workbench.ledger.sessions.inserts import replace_passage_text
from workbench.ledger.storage.runs import Run
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.rows import Passage, Row, Trace

NO_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({})

MADE = """SELECT document_id, run_id = :run AS here FROM traces WHERE source = :source
    UNION SELECT m.document_id, a.run_id = :run FROM arrivals AS a CROSS JOIN messages AS m ON m.source = a.source
        WHERE a.outer_source = :source"""
"""Documents of a file, messages that were filed from it among them, and whether a run has made them."""
PASSAGES = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"


def build_order(run: str = "r", ruling: str = "v") -> str:
    """What readings of a file are ordered by, in SQL: the one that counts first, else the one that counted last.

    Which counted last follows from the order of the decisions: the clock of a machine may go back. `run`, `ruling`: names of both tables
    in the query.
    """
    taken = f"(SELECT max(d.seq) FROM decisions AS d WHERE d.target_id = {run}.id AND d.verdict = 'withdrawn')"
    is_taken = f"coalesce({ruling}.verdict, '') = 'withdrawn'"
    return f"{is_taken}, CASE WHEN {is_taken} THEN {taken} END DESC, {run}.state <> 'read', {run}.at DESC, {run}.id"


class Readings(NamedTuple):
    """Documents that one reading of a file alone has made, and ids of those that others alone have, with their passages."""

    made: frozenset[str]
    others: frozenset[str]


def compare_readings(sql: Connection, source: str, run: str) -> Readings:
    """What sets a reading of a file apart from the others of it."""
    rows = sql.execute(MADE, {"source": source, "run": run}).fetchall()
    here, elsewhere = ({str(key) for key, is_here in rows if bool(is_here) is side} for side in (True, False))
    others = elsewhere - here
    passages = sql.execute(PASSAGES, (json.dumps(sorted(others)),)).fetchall() if others else []
    return Readings(frozenset(here - elsewhere), frozenset(others | {str(key) for (key,) in passages}))


OTHERS = "SELECT 1 FROM traces WHERE source = ? AND run_id <> ? LIMIT 1"
"""Whether another reading of a file has left anything, also one that was broken off."""
ALONE = """SELECT document_id FROM traces WHERE run_id = :run AND document_id NOT IN
    (SELECT document_id FROM traces WHERE source <> :source) GROUP BY document_id"""
"""Documents of a reading that no other file has."""
SAID = """FROM evidence WHERE passage_id = :passage
    AND run_id NOT IN (SELECT id FROM runs WHERE kind = 'add' AND source = :source) AND run_id <> :run"""
"""What is said of a passage by others than readings of the file."""
MADE_HERE = (
    "EXISTS (SELECT 1 FROM evidence AS e WHERE e.passage_id = r.passage_id AND e.run_id = :run AND e.method = r.method)"
)


def has_other_reading(sql: Connection, source: str, run: str) -> bool:
    """Whether another reading of a file has left anything."""
    return sql.execute(OTHERS, (source, run)).fetchone() is not None


def find_passages(sql: Connection, run: Run, read: Callable[[], Iterable[Row]]) -> dict[str, tuple[str, ...]] | None:
    """Which passages of the ledger those of a reading are that was done once more, where their ids are others.

    Ids follow from the file and its texts. A file that an erasure has written anew gives other ids; what stands in it is known by its
    place and number. None where the rows do not fit those that the reading made: a document of them is at no place, or nobody can tell
    which it is, or a text has no passage. `read`: the traces and passages, each time that they are asked for.
    """
    mine = {str(key) for (key,) in sql.execute(ALONE, {"run": run.id, "source": run.source})}
    places: dict[str, set[str]] = {}
    for key, place in sql.execute("SELECT document_id, place FROM traces WHERE run_id = ?", (run.id,)):
        places.setdefault(str(place), set()).add(str(key))
    there: dict[str, set[str]] = {}
    for row in read():
        if isinstance(row, Trace):
            there.setdefault(row.place, set()).add(row.document_id)
    names = _match_documents(places, there)
    found = {key for keys in there.values() for key in keys}
    if names is None or _has_text(sql, mine - found - {key for keys in names.values() for key in keys}):
        return None
    return _match_passages(sql, names, (row for row in read() if isinstance(row, Passage))) if names else {}


def _match_documents(places: Mapping[str, set[str]], there: Mapping[str, set[str]]) -> dict[str, set[str]] | None:
    """Documents of a new reading -> those of the ledger at the same places, where they have other ids; None where several could be it."""
    known, found = (set[str]().union(*side.values()) for side in (places, there))
    names: dict[str, set[str]] = {}
    for place, keys in places.items():
        left, here = keys - found, there.get(place, set())
        new = here - known or here
        if left and here:
            if len(left) > 1 or len(new) > 1:
                return None
            names.setdefault(next(iter(new)), set()).update(left)
    return names


def _match_passages(
    sql: Connection, names: Mapping[str, set[str]], said: Iterable[Passage]
) -> dict[str, tuple[str, ...]] | None:
    """Passages of a new reading -> those of the ledger; None where one that says something is not there."""
    query = "SELECT number, id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"
    numbers: dict[str, dict[int, list[str]]] = {}
    for made, keys in names.items():
        for number, key in sql.execute(query, (json.dumps(sorted(keys)),)):
            numbers.setdefault(made, {}).setdefault(number, []).append(str(key))
    found: dict[str, tuple[str, ...]] = {}
    for one in said:
        if one.document_id not in names:
            continue
        there = numbers.get(one.document_id, {}).get(one.number, [])
        if not there and one.text.strip() and ERASED not in one.text:
            return None
        found[one.id] = tuple(there)
    return found


def _has_text(sql: Connection, documents: Iterable[str]) -> bool:
    query = "SELECT 1 FROM passages WHERE document_id IN (SELECT value FROM json_each(?)) AND text <> '' LIMIT 1"
    return sql.execute(query, (json.dumps(sorted(documents)),)).fetchone() is not None


def replace_texts(
    sql: Connection,
    run: Run,
    passages: Iterable[Passage],
    *,
    is_whole: bool = True,
    names: Mapping[str, tuple[str, ...]] = NO_NAMES,
) -> list[str]:
    """Give the passages of a file the texts of one reading, inside the caller's transaction; ids of those that changed.

    Ids of passages follow from the file and the place, so that two readings share them. The text is that of the reading that counts:
    what it leaves out is in no passage. A passage of its documents that it does not have has no text any more (`is_whole`). What a
    program suggested in the former text goes, and a place in it that an officer named follows its words or is no place any more.
    A document that another file has too is as that file has it. `names`: passages that the ledger has under other ids (`find_passages`).
    """
    mine = {str(key) for (key,) in sql.execute(ALONE, {"run": run.id, "source": run.source})}
    seen: set[str] = set()
    changed: list[str] = []
    for passage in passages:
        keys = [passage.id] if passage.document_id in mine else []
        for key in (*keys, *_select_mine(sql, names.get(passage.id, ()), mine)):
            seen.add(key)
            changed += _replace_text(sql, run, key, passage.text)
    query = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?)) AND text <> ''"
    for (key,) in sql.execute(query, (json.dumps(sorted(mine)),)).fetchall() if is_whole else ():
        if key not in seen:
            changed += _replace_text(sql, run, key, "")
    return changed


def _select_mine(sql: Connection, passages: Iterable[str], mine: Container[str]) -> list[str]:
    """Those of some passages that are of some documents."""
    query = "SELECT document_id FROM passages WHERE id = ?"
    return [key for key in passages if (found := sql.execute(query, (key,)).fetchone()) and found[0] in mine]


def _replace_text(sql: Connection, run: Run, passage: str, text: str) -> list[str]:
    found = sql.execute("SELECT n, text FROM passages WHERE id = ?", (passage,)).fetchone()
    if found is None or found[1] == text:
        return []
    n, old = found
    replace_passage_text(sql, n, old, text)
    where = {"passage": passage, "source": run.source, "run": run.id}
    sql.execute(f"DELETE FROM readings AS r WHERE r.passage_id = :passage AND NOT {MADE_HERE}", where)
    statements = sql.execute(f"SELECT DISTINCT statement_id {SAID} AND kind = 'suggested'", where).fetchall()
    sql.execute(f"DELETE {SAID} AND kind = 'suggested'", where)
    sql.executemany(
        "DELETE FROM statements WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM evidence WHERE statement_id = ?1)",
        statements,
    )
    for key, start, stop in sql.execute(f"SELECT id, start, stop {SAID} AND start >= 0", where).fetchall():
        quoted = old[start:stop]
        at = text.find(quoted) if text.count(quoted) == 1 else -1
        sql.execute(
            "UPDATE evidence SET start = ?, stop = ? WHERE id = ?", (at, at + len(quoted) if at >= 0 else -1, key)
        )
    return [passage]
