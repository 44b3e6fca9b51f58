"""Readings of one file: which documents each has made, whether another reading has made them too, and the texts of the one that counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Connection
from typing import NamedTuple

from workbench.ledger.sessions.inserts import replace_passage_text
from workbench.ledger.storage.runs import Run
from workbench.model.rows import Passage

MADE = """SELECT document_id, run_id = :run AS here FROM traces WHERE source = :source
    UNION SELECT m.document_id, a.run_id = :run FROM arrivals AS a CROSS JOIN messages AS m ON m.source = a.source
        WHERE a.outer_source = :source"""
"""Documents of a file, messages that were filed from it among them, and whether a run has made them."""
PASSAGES = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"


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


def replace_texts(sql: Connection, run: Run, passages: Iterable[Passage], *, is_whole: bool = True) -> list[str]:
    """Give the passages of a file the texts of one reading, inside the caller's transaction; ids of those that changed.

    Ids of passages follow from the file and the place, so that two readings share them. The text is that of the reading that counts:
    what it leaves out is in no passage. A passage of its documents that it does not have has no text any more (`is_whole`). What a
    program suggested in the former text goes, and a place in it that an officer named follows its words or is no place any more.
    A document that another file has too is as that file has it.
    """
    mine = {str(key) for (key,) in sql.execute(ALONE, {"run": run.id, "source": run.source})}
    seen: set[str] = set()
    changed: list[str] = []
    for passage in passages:
        if passage.document_id in mine:
            seen.add(passage.id)
            changed += _replace_text(sql, run, passage.id, passage.text)
    query = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?)) AND text <> ''"
    for (key,) in sql.execute(query, (json.dumps(sorted(mine)),)).fetchall() if is_whole else ():
        if key not in seen:
            changed += _replace_text(sql, run, key, "")
    return changed


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
