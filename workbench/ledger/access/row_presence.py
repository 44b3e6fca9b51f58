"""Whether material was in a case at an earlier entry of the log: by the hashes that bind its rows to entries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from workbench.ledger.access.terms import Target
from workbench.ledger.log.row_commitments import compute_leaf

ROWS = {
    "source": ("sources", "sha256"), "file": ("sources", "sha256"), "document": ("documents", "id"), "passage": ("passages", "id"),
    "entity": ("statements", "entity_id"), "statement": ("statements", "id"), "evidence": ("evidence", "id"), "note": ("notes", "id"),
}  # fmt: skip
"""Kind of a target -> the table with its rows, and the column that names it."""


def select_earlier(sql: sqlite3.Connection, targets: Iterable[Target], entry: int) -> set[Target]:
    """Those of the targets of which a row came with this entry or an earlier one."""
    leaves: dict[str, dict[str, Target]] = {}
    for kind, key in targets:
        table, column = ROWS.get(kind, ("", ""))
        for row in sql.execute(f"SELECT * FROM {table} WHERE {column} = ?", (key,)).fetchall() if table else ():
            leaves.setdefault(table, {})[compute_leaf(table, *row).hex().upper()] = (kind, key)
    found: set[Target] = set()
    query = "SELECT hex(leaf) FROM row_marks WHERE kind = ? AND entry <= ? AND hex(leaf) IN (SELECT value FROM json_each(?))"
    for table, known in leaves.items():
        found.update(known[mark] for (mark,) in sql.execute(query, (table, entry, json.dumps(list(known)))).fetchall())
    return found
