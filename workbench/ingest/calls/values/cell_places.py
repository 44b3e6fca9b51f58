"""Cells of call records out of their columns: written as one, or put together of country, network, area and number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.ingest.calls.values import cell_ids
from workbench.ingest.calls.values.column_codes import CodedColumn, build_constant, select_text
from workbench.ingest.tables.columns.cell_values import unquote_cell

Columns = Mapping[str, CodedColumn]


def build_first_cell(columns: Columns, count: int) -> CodedColumn:
    """The cell at the start of each record; where it is not written as one, it is put together of its parts."""
    whole = _parse_cells(columns, "first_cell", count)
    if "ci" in columns:
        return select_text(whole.to_flags(bool), whole, _build_cells(columns, "lac", "ci", count))
    return _build_cells(columns, "lac", "first_cell", count) if {"lac", "first_cell"} <= columns.keys() else whole


def build_last_cell(columns: Columns, count: int) -> CodedColumn:
    """The cell at the end, in the form of the one at the start, so that the two can be compared.

    Country and network of the record are those of both. Without an area of its own a number stays a number where the first
    cell has an area: the telephone may have left it.
    """
    whole = _parse_cells(columns, "last_cell", count)
    if "last_ci" in columns:
        made = _build_cells(columns, "last_lac", "last_ci", count)
        return select_text(whole.to_flags(bool), whole, made)
    alike = "last_lac" in columns or ("ci" in columns and "lac" not in columns)
    return _build_cells(columns, "last_lac", "last_cell", count) if alike and "last_cell" in columns else whole


def _parse_cells(columns: Columns, name: str, count: int) -> CodedColumn:
    return columns[name].map(cell_ids.normalise_cell) if name in columns else build_constant("", count)


def _build_cells(columns: Columns, area: str, number: str, count: int) -> CodedColumn:
    """Cell identifiers out of columns of their parts, made once per different combination."""
    nothing = build_constant("", count)
    known = area in columns or "lac" not in columns
    network = [columns.get(name, nothing) if known else nothing for name in ("mcc", "mnc")]
    parts = [*network, columns.get(area, nothing), columns[number]]
    key = np.zeros(count, dtype=np.int64)
    for part in parts:
        key = key * len(part.values) + part.codes
    _, first, places = np.unique(key, return_index=True, return_inverse=True)
    texts = [_build_identifier(*(unquote_cell(part.get_text(int(index))) for part in parts)) for index in first]
    return CodedColumn(places.astype(np.int32), texts).map(str)


def _build_identifier(country: str, network: str, area: str, number: str) -> str:
    """One identifier; a number that is a whole identifier already stays it."""
    return (
        cell_ids.normalise_cell(number)
        if cell_ids.is_cell(number)
        else cell_ids.build_identifier(country, network, area, number)
    )
