"""Whether the values of a ledger are stored in the types of their columns: SQLite keeps bytes, numbers and texts in any of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from workbench.ledger.finding import BAD, Finding
from workbench.model.catalogue import Sentence
from workbench.visible import spelt

CHECK = "ledger rows"
READ_APART = frozenset({"audit", "audit_texts"})
"""Tables whose values are looked at one by one where the log is read (`walking`)."""
TABLES = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT GLOB 'words*' AND name NOT GLOB 'sqlite_*'
    AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"""
TYPES = frozenset({"TEXT", "INTEGER", "REAL", "BLOB"})


def faults(sql: sqlite3.Connection, but: Collection[str] = ()) -> Iterator[str]:
    """A sentence for each column that holds values of another type than its own; `but`: tables that are left out."""
    names = [str(name) for (name,) in sql.execute(TABLES).fetchall()]
    for table in names:
        columns = _columns(sql, table) if table not in but else {}
        sums = ", ".join(f"total(typeof({name}) NOT IN ('{kind.lower()}', 'null'))" for name, kind in columns.items())
        counts = sql.execute(f'SELECT {sums} FROM main."{table}"').fetchone() if columns else ()
        for name, count in zip(columns, counts, strict=True):
            if count:
                told = {"table": spelt(f"{table:.60}"), "column": name.strip('"')}
                yield Sentence("verified.rows.stored", n=int(count), **told)


def findings(sql: sqlite3.Connection) -> Iterator[Finding]:
    """The same of all tables but those of the log, as findings."""
    return (Finding(CHECK, BAD, said) for said in faults(sql, READ_APART))


def _columns(sql: sqlite3.Connection, table: str) -> dict[str, str]:
    """Columns of a table, quoted, and their types where these are such as the program's tables have."""
    rows = sql.execute(f'PRAGMA main.table_info("{table}")').fetchall()
    return {f'"{row[1]}"': row[2] for row in rows if row[2] in TYPES and '"' not in row[1]}
