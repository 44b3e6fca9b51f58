"""When calls between numbers were and where: for a timeline and a map, which show so many and no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.patterns import call_questions

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.duckdb import Analytics


@dataclass(frozen=True, slots=True)
class Moments:
    """Calls in time.

    Attributes
    ----------
    table : DataFrame
        a, b, begun (milliseconds since 1970, UTC; as written where the zone is unknown), document_id; of single records row, zone,
        event, duration [s], of days `records`.
    daily : bool
        Each row is a day of a pair, not a record.
    records : int
        Records that there are.
    days : int
        Days of pairs that there are.
    """

    table: pd.DataFrame
    daily: bool = False
    records: int = 0
    days: int = 0


def list_moments(
    engine: Analytics, pairs: Collection[tuple[str, str]], *, documents: Sequence[str], limit: int = 20_000
) -> Moments:
    """The calls of pairs of caller and called, in order of time; where they are more than `limit`, the days with how many of each.

    Parameters
    ----------
    pairs : collection of (caller, called)
    documents : sequence of str
        Tables whose records count.
    limit : int
        Rows at most: of records the first in time, of days those with the most records.
    """
    ends = sorted(set(pairs))
    given = {"callers": [a for a, _ in ends], "called": [b for _, b in ends], "documents": list(documents)}
    size = engine.query_frame(*call_questions.prepare_query(call_questions.SIZE, given))
    records, days = int(size["records"].iloc[0]), int(size["days"].iloc[0])
    query = call_questions.MOMENTS if records <= limit else call_questions.PAIR_DAYS
    table = engine.query_frame(*call_questions.prepare_query(query, {**given, "limit": limit}))
    return Moments(table, records > limit, records, days)


def list_cells(engine: Analytics, numbers: Collection[str], limit: int = 2_000) -> pd.DataFrame:
    """Cells that numbers used, the most used first.

    Columns: target, cell, name, lat, lon (degrees), azimuth, beam (degrees), range (metres), records, first, last, document_id, masts
    (how many there are). A cell says which mast served the telephone, not where it was.
    """
    return engine.query_frame(call_questions.MASTS, {"numbers": sorted(numbers), "limit": limit})


def list_positions(engine: Analytics, holders: Collection[str], limit: int = 5_000) -> pd.DataFrame:
    """Positions of holders in tracks, the first in time.

    Columns: holder, lat, lon (degrees), radius (metres), at (as written), document_id, row, method, positions (how many there are).
    """
    return engine.query_frame(call_questions.WHEREABOUTS, {"holders": sorted(holders), "limit": limit})
