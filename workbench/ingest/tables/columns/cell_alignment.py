"""Rows of text tables with fewer or more cells than the header: whether their cells still stand in their columns.

A comma that no quotes hold (`1,500.00`), or a cell that is missing, moves all cells behind it. Programs also leave out empty
cells at the end of a row. Which of the two it was is told by the kinds of the cells - date, number, code, address, text - in
the other rows of the table. A row with fewer cells is read where each cell is of a kind that its column has, and

- its last cell is of no kind that the columns have to which it would belong if a cell before it were missing, or
- the table leaves out empty cells: short rows are common in it, and no full row ends with an empty cell.

A row with more filled cells than the header has names is never read, one with more empty ones by the same kinds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from workbench.ingest.tables.columns.cell_values import unquote_cell

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import SheetMap
    from workbench.ingest.tables.sheets.sheet import Sheet

SAMPLE = 1_000
"""Rows by which the kinds of the cells of a column are known."""
COMMON = 20
"""Short rows are common where they are at least one in so many."""
FEWEST = 2
LONG = 7
"""Figures of a number that identifies something: a telephone, an account."""
DATE = re.compile(
    r"\d{1,4}[-/.]\s?(?:\d{1,2}|[^\W\d_]{3,10})[-/.]\s?\d{1,4}.{0,32}|\d{1,2}:\d\d.{0,20}|(?:19|20)\d\d[01]\d[0-3]\d"
)
NUMBER = re.compile(r"[^\w@]{0,3}\d[\d.,' \u00a0\u202f()/-]*")
CODE = re.compile(r"[A-Z]{1,3}")


@dataclass(slots=True)
class Alignment:
    """How the rows of a text table are filled.

    Attributes
    ----------
    width : int
        Names of the header.
    kinds : list of set of str
        Kinds of cells of each column; empty where none is known.
    usual : int
        Cells of most rows.
    cuts : bool
        Whether empty cells at the end of a row are left out.
    shifted : list of int
        Rows that were found to be doubtful.
    """

    width: int
    kinds: list[set[str]] = field(default_factory=list)
    usual: int = 0
    cuts: bool = False
    shifted: list[int] = field(default_factory=list)

    def note_if_shifted(self, number: int, cells: Sequence[str]) -> bool:
        """Whether the cells of a row may stand in wrong columns; it is noted then."""
        found = len(cells) != self.width and not self.is_aligned(cells)
        if found:
            self.shifted.append(number)
        return found

    def is_aligned(self, cells: Sequence[str]) -> bool:
        """Whether the cells of a row with another number of cells than the header stand in their columns."""
        filled = [at for at, cell in enumerate(cells) if cell]
        last = filled[-1] if filled else 0
        if last >= self.width:
            return False
        if len(cells) > self.width:
            apart = range(max(0, last - len(cells) + self.width), last)
            return len(cells) == self.usual or (
                self._has_fitting_cells(cells, filled) and self._is_elsewhere(cells[last], apart)
            )
        apart = range(last + 1, min(self.width, last + 1 + self.width - len(cells)))
        return self._has_fitting_cells(cells, filled) and (self.cuts or self._is_elsewhere(cells[last], apart))

    def learn(self, rows: Sequence[Sequence[str]]) -> None:
        """Take the first rows of the table."""
        lengths = Counter(map(len, rows))
        self.usual = lengths.most_common(1)[0][0] if lengths else self.width
        self.kinds = [set() for _ in range(self.width)]
        for cells in rows:
            if len(cells) in (self.width, self.usual):
                for held, cell in zip(self.kinds, cells, strict=False):
                    held.update([find_cell_kind(cell)] if cell else [])
        full = [cells for cells in rows if len(cells) == self.width]
        short = [cells for cells in rows if len(cells) < self.width]
        often = len(short) >= max(FEWEST, len(rows) / COMMON)
        self.cuts = often and all(cells[-1] for cells in full)

    def _has_fitting_cells(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        return all(_is_possible_cell(self.kinds[at], cells[at]) for at in filled)

    def _is_elsewhere(self, cell: str, columns: range) -> bool:
        """Whether a cell is of no kind that these columns have."""
        return not any(_is_possible_cell(self.kinds[at], cell) for at in columns)


def build_alignment(sheet: Sheet, mapped: SheetMap) -> Alignment | None:
    """How the rows of a sheet are filled, by the first of them; None where each cell has a place of its own."""
    if not sheet.is_delimited:
        return None
    made = Alignment(len(mapped.columns))
    first = islice(sheet.rows(), mapped.header + SAMPLE)
    made.learn([cells for number, cells in first if number > mapped.header and sum(map(bool, cells)) > 1])
    return made


@lru_cache(maxsize=4096)
def find_cell_kind(cell: str) -> str:
    """Kind of a cell: 'date' or time of day, 'number', 'long' number, 'telephone' with a plus, 'address', 'code' of three letters, 'text'.

    >>> [find_cell_kind(one) for one in ("2026-01-02", "1,500.00", "+44 7700 900123", "ada@x.org", "EUR", "Ada Winter")]
    ['date', 'number', 'telephone', 'address', 'code', 'text']
    """
    text = unquote_cell(cell)
    if DATE.fullmatch(text):
        return "date"
    if NUMBER.fullmatch(text):
        is_long = sum(map(str.isdecimal, text)) >= LONG and "." not in text and "," not in text
        return ("telephone" if text.startswith("+") else "long") if is_long else "number"
    if "@" in text:
        return "address"
    return "code" if CODE.fullmatch(text) else "text"


def _is_possible_cell(kinds: set[str], cell: str) -> bool:
    """Whether a column may have a cell like this one; of a column without cells nothing is known."""
    kind = find_cell_kind(cell)
    return not kinds or kind in kinds or (kind == "code" and "text" in kinds)
