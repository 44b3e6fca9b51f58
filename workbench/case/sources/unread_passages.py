"""Passages that a method has not read yet, in ranges: their texts are read from the ledger one range at a time."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from workbench.ledger import Ledger
from workbench.ledger.records import row_tables

UNREAD = """FROM {among} AS p WHERE NOT EXISTS
    (SELECT 1 FROM readings AS r WHERE r.passage_id = p.id AND r.method = ? AND r.version = ?)"""


class PassageRange(NamedTuple):
    """Passages that a method reads at once.

    Attributes
    ----------
    first, last : int
        Their places in the ledger; both belong to it.
    passages : int
        How many there are.
    size : int
        Characters of their texts.
    """

    first: int
    last: int
    passages: int
    size: int


def list_unread_ranges(ledger: Ledger, method: str, version: str, count: int, among: str) -> list[PassageRange]:
    """Ranges of `count` unread passages (the last may have fewer), in order; no text leaves the ledger.

    Parameters
    ----------
    among : str
        As in `row_tables.READ`.
    """
    query = f"""SELECT min(n), max(n), count(*), sum(size) FROM (
            SELECT p.n, length(p.text) AS size, (row_number() OVER (ORDER BY p.n) - 1) / ? AS part
            {UNREAD.format(among=row_tables.READ[among])}
        ) GROUP BY part ORDER BY part"""  # noqa: S608 - constants
    return [PassageRange(*row) for row in ledger.reader_connection.execute(query, (count, method, version))]


def list_unread_passages(ledger: Ledger, method: str, version: str, places: PassageRange, among: str) -> pd.DataFrame:
    """The unread passages (PASSAGES) of a range, in order."""
    query = f"""SELECT p.id AS passage_id, p.document_id, p.number, p.page, p.text
        {UNREAD.format(among=row_tables.READ[among])} AND p.n BETWEEN ? AND ? ORDER BY p.n"""
    cursor = ledger.reader_connection.execute(query, (method, version, places.first, places.last))
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index([str(column[0]) for column in cursor.description]))
