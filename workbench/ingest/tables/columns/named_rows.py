"""Rows whose cells a cell of their own names: a table with its header in the first column, or with columns of a key and of its value.

Where such a cell names a special category of data, the other cells of the row are claimed, of a person without a name, and so hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from workbench.ingest.reading.special_labels import LONGEST, find_special_label, is_name_label
from workbench.ingest.tables.columns.column_mapping import SheetMap
from workbench.ingest.tables.columns.table_kinds import load_header_words, normalise_header
from workbench.ingest.tables.sheets.sheet import Sheet

WITHIN = 200
"""Rows by which it is judged whether the first column has the names of fields."""
SHARE = 0.5


class NamedRows:
    """Finds the special cells of such rows.

    Parameters
    ----------
    mapped : SheetMap
        How the sheet is read: a column `key`, `label` or `question` names the other cells of its row.
    sheet : Sheet
        Its first rows are looked at: half of the first cells or more must be names of columns.
    """

    def __init__(self, mapped: SheetMap, sheet: Sheet) -> None:
        names = [column.name for column in mapped.columns]
        self.places = {
            at: _list_beside(at, names) for at, name in enumerate(names) if is_name_label(name.rpartition(".")[2])
        }
        if not self.places and _has_names_first(sheet):
            self.places = {0: frozenset(range(1, len(names)))}
        self.width = len(names)

    def list_cells(self, cells: Sequence[str]) -> Iterator[tuple[int, str, str]]:
        """Place, property and text of the cells of a row that another one says to be special."""
        for at, beside in self.places.items():
            prop = _find_prop(cells[at]) if at < len(cells) else ""
            for place, cell in enumerate(cells) if prop else ():
                if cell and (place in beside or place >= self.width):
                    yield place, prop, cell


def _find_prop(cell: str) -> str:
    return find_special_label(cell) if 0 < len(cell) <= LONGEST else ""


def _list_beside(at: int, names: Sequence[str]) -> frozenset[int]:
    """Places of the columns that are in the same record as one."""
    record = names[at].rpartition(".")[0]
    return frozenset(place for place, name in enumerate(names) if place != at and name.rpartition(".")[0] == record)


def _has_names_first(sheet: Sheet) -> bool:
    """Whether the first cells of the rows are names of columns, one of them of a special category."""
    if sheet.known:
        return False
    first = [cells[0] for _, cells in islice(sheet.rows(), WITHIN) if cells and cells[0] and sum(map(bool, cells)) > 1]
    if not any(map(_find_prop, first)):
        return False
    known = sum(normalise_header(cell) in load_header_words() or bool(_find_prop(cell)) for cell in first)
    return len(first) > 1 and known >= SHARE * len(first)
