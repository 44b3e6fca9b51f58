"""Which way the call of each row went, by the words by which its row of `calls` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.ingest.calls.values import event_words
from workbench.ingest.tables.columns.cell_values import unquote_cell

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import SheetMap
    from workbench.ingest.tables.sheets.sheet import Sheet

DIFFERENT = 10_000
"""Different words of a column that are looked at."""


class CallDirections:
    """Ways of the calls of one sheet.

    Parameters
    ----------
    mapped : SheetMap
        How the sheet is read; `swap` is the column of directions.
    sheet : Sheet
        Looked through once: single letters are read together.
    """

    def __init__(self, mapped: SheetMap, sheet: Sheet) -> None:
        self.map = mapped
        fields = {"direction": mapped.swap} | {
            one.field: one.name for one in mapped.columns if one.field == "connection"
        }
        at = {one.name: index for index, one in enumerate(mapped.columns)}
        self.columns = {field: at[name] for field, name in fields.items() if name in at}
        found: dict[str, dict[str, None]] = {field: {} for field in self.columns}
        for number, cells in sheet.rows():
            for field, index in self.columns.items() if number > mapped.header else ():
                if index < len(cells) and len(found[field]) < DIFFERENT:
                    found[field][unquote_cell(cells[index])] = None
        self.ways = {field: event_words.find_directions(words, field) for field, words in found.items()}

    def find_way(self, cells: Sequence[str]) -> str:
        """Way of the call of a row: 'out', 'in', 'fwd'; '' unknown."""
        return next(filter(None, (self._find_way(field, cells) for field in self.columns)), "")

    def _find_way(self, field: str, cells: Sequence[str]) -> str:
        cell = unquote_cell(cells[self.columns[field]]) if self.columns[field] < len(cells) else ""
        told = self.map.told
        if said := told.get(f"cell {field} {cell.casefold()}") or told.get(f"cell {cell.casefold()}", ""):
            return said.partition(" ")[2]
        return self.ways[field].get(cell, "")


def build_directions(mapped: SheetMap, sheet: Sheet) -> CallDirections | None:
    """What tells the ways of a table of calls; None where they follow from the columns of caller and called."""
    is_told = mapped.swap and any(entity.schema == "Call" for entity in mapped.entities)
    return CallDirections(mapped, sheet) if is_told else None
