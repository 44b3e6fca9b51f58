"""Whether the values of a ledger can be read: in the types of their columns, as text in UTF-8, as JSON where they are that.

SQLite keeps bytes, numbers and texts in any column, and bytes of any kind in a text.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import TypeVar

from workbench.errors import CaseError
from workbench.ledger.log.finding import BAD, LogFinding
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable

CHECK = "ledger rows"
READ_APART = frozenset({"audit", "audit_texts"})
"""Tables whose values are looked at one by one where the log is read (`walking`)."""
TABLES = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT GLOB 'words*' AND name NOT GLOB 'sqlite_*'
    AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"""
CELLS: dict[str, dict[str, type]] = {
    "audit": {"entry": dict}, "charts": {"positions": dict}, "drafts": {"message": dict, "told": dict, "rests": list},
    "drawings": {"body": dict, "rests": list}, "messages": {"other_refs": list, "to_bureaux": list},
    "notes": {"passages": list, "detail": dict}, "packages": {"sender": dict, "addressees": list},
    "remarks": {"targets": list, "marks": dict, "body": dict}, "runs": {"parameters": dict, "counts": dict},
    "screening_hits": {"body": dict, "rests": list}, "set_asides": {"rule": dict}, "terms": {"value": list},
}  # fmt: skip
"""Table -> columns that hold JSON, and what it makes."""
DOUBTFUL = "typeof({0}) = 'text' AND (length({0}) != length(CAST({0} AS BLOB)) OR {0} GLOB '*[^' || char(1) || '-' || char(127) || ']*')"
"""SQL: texts with more than letters of ASCII, or with a zero in them, behind which SQLite counts no letter."""
NO_JSON = "typeof({0}) = 'text' AND CASE WHEN json_valid({0}) THEN json_type({0}) != '{1}' ELSE 1 END"
T = TypeVar("T")
TYPES = frozenset({"TEXT", "INTEGER", "REAL", "BLOB"})


def find_faults(sql: sqlite3.Connection, but: Collection[str] = ()) -> Iterator[str]:
    """A sentence for each column with values that cannot be read; `but`: tables that are left out."""
    names = [str(name) for (name,) in sql.execute(TABLES).fetchall()]
    for table in names:
        columns = _list_columns(sql, table) if table not in but else {}
        sums = ", ".join(f"total(typeof({name}) NOT IN ('{kind.lower()}', 'null'))" for name, kind in columns.items())
        counts = sql.execute(f'SELECT {sums} FROM main."{table}"').fetchone() if columns else ()
        for name, count in zip(columns, counts, strict=True):
            if count:
                yield _describe_fault("stored", int(count), table, name)
        yield from _find_unreadable(sql, table, [name for name, kind in columns.items() if kind == "TEXT"])


def parse_json(text: object, kind: type[T]) -> T | None:
    """What a value that holds JSON makes; None where it is damaged."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, kind) else None


def require_json(text: object, kind: type[T]) -> T:
    """The same of a value that says what is withheld, and from whom: a damaged one is never left out.

    Raises
    ------
    CaseError
        If it is damaged.
    """
    found = parse_json(text, kind)
    if found is None:
        raise CaseError(
            Sentence(
                "A value in the case database cannot be read ({error}). Another program may have changed it. To "
                "see what was changed, run `workbench verify` on the case. Then restore the case from a backup.",
                error=escape_unprintable(f"{text!s:.60}"),
            )
        )
    return found


def _find_unreadable(sql: sqlite3.Connection, table: str, columns: Collection[str]) -> Iterator[str]:
    """Columns of a table with texts that are no UTF-8, or no JSON where they have to be."""
    for name in columns:
        if count := sum(not _is_text(data) for data in _list_values(sql, table, name, DOUBTFUL.format(name))):
            yield _describe_fault("undecodable", count, table, name)
        if kind := CELLS.get(table, {}).get(name.strip('"')):
            chosen = NO_JSON.format(name, "object" if kind is dict else "array")
            texts = (data.decode("utf-8", "replace") for data in _list_values(sql, table, name, chosen))
            if count := sum(parse_json(text, kind) is None for text in texts):
                yield _describe_fault("unparsed", count, table, name)


def _list_values(sql: sqlite3.Connection, table: str, name: str, condition: str) -> Iterator[bytes]:
    """Values of a column as bytes."""
    return (
        bytes(data) for (data,) in sql.execute(f'SELECT CAST({name} AS BLOB) FROM main."{table}" WHERE {condition}')
    )


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def _describe_fault(how: str, count: int, table: str, name: str) -> Sentence:
    return Sentence(f"verified.rows.{how}", n=count, table=escape_unprintable(f"{table:.60}"), column=name.strip('"'))


def list_findings(sql: sqlite3.Connection) -> Iterator[LogFinding]:
    """The same of all tables but those of the log, as findings."""
    return (LogFinding(CHECK, BAD, said, about=None) for said in find_faults(sql, READ_APART))


def _list_columns(sql: sqlite3.Connection, table: str) -> dict[str, str]:
    """Columns of a table, quoted, and their types where these are such as the program's tables have."""
    rows = sql.execute(f'PRAGMA main.table_info("{table}")').fetchall()
    return {f'"{row[1]}"': row[2] for row in rows if row[2] in TYPES and '"' not in row[1]}
