"""Tables of the ledger's rows that follow the rows that come: those of files that were read since, put among those of before.

Each function gives None where it cannot tell what came: then the table is read anew. The log says how many rows came, so that a row
that is not found is noticed.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.ledger.ledger import Ledger
from workbench.ledger.records import row_tables
from workbench.model.table_schemas import is_among

APPENDED = frozenset({
    "runs", "sources", "source_facts", "arrivals", "documents", "traces", "passages", "statements", "evidence", "issues",
})  # fmt: skip
"""Tables to which the reading of a file adds. Rows of any other table may change what earlier rows say."""
SHARE = 0.2
"""Largest share of rows that are put among those of before one by one."""
EVIDENCE_ORDER = ("entity_id", "prop", "value", "evidence_id")
TRACE_ORDER = ("document_id", "source", "trace", "trace_id")
DOCUMENT_ORDER = ("at", "document_id")
NEW_RUNS = "SELECT id, source FROM live_runs WHERE id NOT IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Since:
    """What came after a table was made: the runs that counted then, and how many rows came into each table."""

    runs: frozenset[str]
    added: Counter[str]


def list_run_ids(ledger: Ledger) -> frozenset[str]:
    """Ids of all runs that count."""
    return frozenset(key for (key,) in ledger.reader_connection.execute("SELECT id FROM live_runs").fetchall())


def add_new_evidence(ledger: Ledger, before: pd.DataFrame, since: Since) -> pd.DataFrame | None:
    """Evidence (`row_tables.list_evidence`) with that of files read since."""

    def find() -> pd.DataFrame:
        return row_tables.list_evidence(ledger, [*_list_new_documents(ledger, since), ""])

    return _add_rows(before, since.added["evidence"], EVIDENCE_ORDER, find)


def add_new_traces(ledger: Ledger, before: pd.DataFrame, since: Since) -> pd.DataFrame | None:
    """Traces (TRACES) with those of files read since."""

    def find() -> pd.DataFrame:
        return row_tables.list_traces(ledger, _list_new_documents(ledger, since))

    return _add_rows(before, since.added["traces"], TRACE_ORDER, find) if _tells_of_new_files(ledger, since) else None


def add_new_passages(ledger: Ledger, before: pd.DataFrame, since: Since) -> pd.DataFrame | None:
    """Passages (PASSAGES) with those of files read since, which come last."""
    count = since.added["passages"]
    if not count:
        return before
    found = row_tables.list_passages(ledger, _list_new_documents(ledger, since))
    new = found[~is_among(found["passage_id"], set(before["passage_id"].tolist()))]
    if len(new) != count:
        return None
    ends = [table["passage_id"].iloc[row] for table, row in ((new, 0), (before, -1)) if len(table)]
    if len(ends) > 1 and not _is_later(ledger, *ends):
        return None
    return pd.concat([before, new], ignore_index=True)


def add_new_documents(
    ledger: Ledger, before: pd.DataFrame, since: Since, read: Callable[[Sequence[str]], pd.DataFrame]
) -> pd.DataFrame | None:
    """Documents (DOCUMENTS; `read` gives those of some ids) with those of files read since.

    A document of before that such a file has too counts that trace.
    """
    if not _tells_of_new_files(ledger, since) or since.added["documents"] > SHARE * len(before):
        return None
    found = read(_list_new_documents(ledger, since)) if since.added["traces"] else before[:0]
    if found.empty:
        return before
    kept = before[~is_among(before["document_id"], set(found["document_id"].tolist()))]
    return _put_among(kept, found, DOCUMENT_ORDER)


def _list_new_documents(ledger: Ledger, since: Since) -> list[str]:
    """Documents in files that were read since."""
    query = f"""SELECT DISTINCT t.document_id FROM ({NEW_RUNS}) AS r CROSS JOIN traces AS t ON t.run_id = r.id
        WHERE EXISTS (SELECT 1 FROM live_traces AS l WHERE l.document_id = t.document_id) ORDER BY 1"""
    rows = ledger.reader_connection.execute(query, (json.dumps(sorted(since.runs)),)).fetchall()
    return [str(key) for (key,) in rows]


def _tells_of_new_files(ledger: Ledger, since: Since) -> bool:
    """Whether all that was told of files is about files that were read since, and never before."""
    told = since.added["source_facts"]
    if not told:
        return True
    query = f"""SELECT count(*) FROM source_facts AS f WHERE f.source IN (SELECT source FROM ({NEW_RUNS}))
        AND NOT EXISTS (SELECT 1 FROM runs AS r WHERE r.source = f.source AND r.id IN (SELECT value FROM json_each(?)))"""
    known = json.dumps(sorted(since.runs))
    return bool(ledger.reader_connection.execute(query, (known, known)).fetchone()[0] == told)


def _is_later(ledger: Ledger, passage: str, other: str) -> bool:
    """Whether a passage came after another one."""
    query = "SELECT (SELECT n FROM passages WHERE id = ?) > (SELECT n FROM passages WHERE id = ?)"
    return bool(ledger.reader_connection.execute(query, (passage, other)).fetchone()[0])


def _add_rows(
    before: pd.DataFrame, count: int, order: Sequence[str], find: Callable[[], pd.DataFrame]
) -> pd.DataFrame | None:
    """A table and `count` further rows at their places, where so many are found."""
    if not count:
        return before
    if count > SHARE * len(before):
        return None
    key, found = order[-1], find()
    new = found[~is_among(found[key], set(before[key].tolist()))]
    return _put_among(before, new, order) if len(new) == count else None


def _put_among(before: pd.DataFrame, new: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Rows put into a table that is in an order, as they are in that order themselves."""
    columns = [before[name].tolist() for name in order]

    def get_key(row: int) -> tuple[Any, ...]:
        return tuple(column[row] for column in columns)

    keys = zip(*(new[name].tolist() for name in order), strict=True)
    sequence: list[int] = []
    start = 0
    for number, key in enumerate(keys):
        place = bisect_left(range(len(before)), key, key=get_key)
        sequence += [*range(start, place), len(before) + number]
        start = place
    sequence += range(start, len(before))
    return pd.concat([before, new], ignore_index=True).take(sequence).reset_index(drop=True)
