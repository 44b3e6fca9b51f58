"""What work that began before an erasure, or before another reading of a file, finds when it writes: whether all of it is still there.

Everything here is asked inside the transaction that writes, so that no other process comes between.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from workbench.errors import CaseError
from workbench.ledger.storage.runs import Run
from workbench.model.catalogue import Sentence


class ChangedError(CaseError):
    """What work rests on was erased, or read in another way, while it was done."""


def list_changed(sql: sqlite3.Connection, texts: Mapping[str, str]) -> list[str]:
    """Which passages (id -> text) are not there any more, or say something else than they said."""
    query = "SELECT id, text FROM main.passages WHERE id IN (SELECT value FROM json_each(?))"
    there = dict(sql.execute(query, (json.dumps([*texts]),)).fetchall())
    return [key for key, text in texts.items() if there.get(key) != text]


def check_source(sql: sqlite3.Connection, run: Run) -> None:
    """Raise where the file that a run has read is not in the ledger: it was erased, or an erasure has put another in its place.

    Raises
    ------
    ChangedError
        With what to do.
    """
    is_read = run.kind == "add" and run.source
    if is_read and sql.execute("SELECT 1 FROM main.sources WHERE sha256 = ?", (run.source,)).fetchone() is None:
        raise ChangedError(
            Sentence(
                "The file was erased or changed by an erasure while the program read it. Nothing was saved. If the case still "
                "has the file, read it again (`case.sources.remap`)."
            )
        )


def check_passages(sql: sqlite3.Connection, passages: Iterable[str]) -> None:
    """Raise where a passage is not in the ledger any more ('' is none).

    Raises
    ------
    ChangedError
        With what to do.
    """
    wanted = {one for one in passages if one}
    query = "SELECT count(*) FROM main.passages WHERE id IN (SELECT value FROM json_each(?))"
    if wanted and sql.execute(query, (json.dumps(sorted(wanted)),)).fetchone()[0] < len(wanted):
        raise ChangedError(
            Sentence("A text that you refer to was erased in the meantime. Nothing was saved. Search again.")
        )


def check_unchanged(sql: sqlite3.Connection, began: int) -> None:
    """Raise where something was erased or excluded after an entry of the log: what was made of the case before may hold it.

    Raises
    ------
    ChangedError
        With what to do.
    """
    if has_changed(sql, began):
        raise ChangedError(
            Sentence(
                "Something was erased or excluded in the case while the program created this file. The file could still contain it, "
                "so it was not saved. Create it again."
            )
        )


def has_changed(sql: sqlite3.Connection, began: int) -> bool:
    """Whether something was erased or excluded after an entry of the log."""
    query = """SELECT 1 FROM main.audit WHERE seq > ? AND result = 'ok' AND (
        (op = 'erasure' AND json_extract(entry, '$.object.kind') != 'screening')
        OR (op = 'alteration' AND json_extract(entry, '$.object.kind') = 'set-aside')) LIMIT 1"""
    return sql.execute(query, (began,)).fetchone() is not None


def check_readings(sql: sqlite3.Connection, run: Run, before: Iterable[str]) -> None:
    """Raise where another reading of a file counts by now than `before`: it was read in another way while this run was at work.

    Raises
    ------
    ChangedError
        With what to do.
    """
    if list_readings(sql, run.source) - {*before, run.id}:
        raise ChangedError(
            Sentence(
                "While the program read the file, you or another officer read it in another way. The case uses "
                "that other reading, not this one. If you need this one, read the file again "
                "(`case.sources.remap`)."
            )
        )


def list_readings(sql: sqlite3.Connection, source: str) -> frozenset[str]:
    """Our readings of a file that count."""
    query = """SELECT r.id FROM main.live_runs AS r WHERE r.source = ? AND r.kind = 'add' AND r.state = 'read'
        AND NOT EXISTS (SELECT 1 FROM main.foreign_rows AS f WHERE f.kind = 'run' AND f.key = r.id)"""
    return frozenset(str(key) for (key,) in sql.execute(query, (source,)).fetchall())


def list_missing_statements(sql: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Those of some ids of statements that are not in the ledger."""
    return _list_missing(sql, "SELECT id FROM main.statements WHERE id", ids)


def list_missing_entities(sql: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Those of some ids of entities of which nothing is stated in the ledger."""
    return _list_missing(sql, "SELECT DISTINCT entity_id FROM main.statements WHERE entity_id", ids)


def _list_missing(sql: sqlite3.Connection, query: str, ids: Iterable[str]) -> set[str]:
    wanted = set(ids)
    found = sql.execute(f"{query} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(wanted)),)).fetchall()
    return wanted - {str(key) for (key,) in found}
