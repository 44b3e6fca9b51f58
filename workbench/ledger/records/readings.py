"""Readings of one file: which documents each has made, and whether another reading has made them too."""

from __future__ import annotations

import json
from sqlite3 import Connection
from typing import NamedTuple

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
