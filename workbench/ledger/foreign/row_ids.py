"""The id of a row is another from now on, wherever rows name it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


def rename_id(sql: sqlite3.Connection, old: str, new: str, columns: Sequence[tuple[str, str]]) -> None:
    """Give a thing another name wherever it is named."""
    for table, column in columns:
        sql.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (new, old))
