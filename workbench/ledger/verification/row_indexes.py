"""Whether each index of rows has the entries of its table: SQLite answers out of an index without looking whether the table has more."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from workbench.ledger.log.finding import BAD, LogFinding
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable

CHECK = "ledger rows"
TABLES = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND sql NOT LIKE 'CREATE VIRTUAL%'
    ORDER BY name"""
NAMED = re.compile(r"\bindex (\S+)$")
"""How SQLite ends a line about an index that does not fit its table."""
Watch = Callable[[str, Iterable[tuple[object, ...]]], Iterable[tuple[object, ...]]]
"""Passes rows through one by one, for a progress bar."""


def list_findings(sql: sqlite3.Connection, watch: Watch) -> Iterator[LogFinding]:
    """A finding for each index that has other entries than its table, and for each table whose pages are not whole."""
    for (table,) in watch("indexes", sql.execute(TABLES).fetchall()):
        quoted = str(table).replace('"', '""')
        said = [str(line) for (line,) in sql.execute(f'PRAGMA main.integrity_check("{quoted}")').fetchall()]
        wrong = Counter(_find_index(line) for line in said if line != "ok")
        for index in sorted(wrong):
            values = {"index": escape_unprintable(f"{index:.60}"), "table": escape_unprintable(f"{table:.60}")}
            yield LogFinding(CHECK, BAD, Sentence("verified.rows.index" if index else "verified.rows.pages", **values))


def _find_index(line: str) -> str:
    """The index that a line is about; '' for one about the pages of a table."""
    found = NAMED.search(line)
    return found[1] if found else ""
