"""What an OpenDocument spreadsheet says of cells beside them: choices, formulas, conditions, filters, shapes that hang on a cell.

References
----------
OpenDocument 1.3 part 3, 9.4.5 (content validation), 19.725 (condition of a cell).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.xml_elements import Elements, Piece, get_local_name
from workbench.ingest.tables.sheets import ods
from workbench.ingest.tables.sheets.secret_columns import Region, find_first_cell, format_cell
from workbench.ingest.tables.sheets.sheet import COLUMNS
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

WHOLE = frozenset({"table-row", "content-validation", "shapes"})
RANGED = frozenset({"target-range-address", "cell-range-address", "base-cell-address"})
"""Attributes that name the cells of which an element, and all within it, tells."""
PARTED = re.compile(r"\s+(?=(?:[^']*'[^']*')*[^']*$)")
MOST_CELLS = 10_000
"""Cells with one validation, at most, of each row of a sheet one; of a list with more the first are looked at."""


def list_regions(source: SourceFile, sheet: str) -> Iterator[Region]:
    """Texts about cells of a sheet; those of another one, and about no cell, are not given. A damaged file says what it can."""
    found = _Regions(sheet)
    try:
        with ods.open_content(source) as stream:
            for piece in Elements(stream, source.name, WHOLE):
                found.add(piece)
    except (SourceError, *zip_members.BROKEN):
        pass
    choices = (Region(" ".join(found.placed.get(name, ())), texts) for name, texts in found.choices.items())
    yield from (region for region in (*choices, *found.found) if region.cells)


class _Regions:
    """Gathers texts by the cells of one sheet that they are about."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.found: list[Region] = []
        self.choices: dict[str, list[str]] = {}
        self.placed: dict[str, dict[str, None]] = {}
        self._name, self._depth, self._row = "", 0, 0
        self._open: list[Region | None] = []

    def add(self, piece: Piece) -> None:
        """Take in a step through the file."""
        if piece.name == "table":
            self._depth += 1 if piece.begins else -1
            if piece.begins and self._depth == 1:
                self._name, self._row = clean_text(ods.get_attribute(piece.element, "name")), 1
        elif piece.name == "content-validation" and not piece.begins:
            name = ods.get_attribute(piece.element, "name")
            self.choices.setdefault(name, []).extend(_list_texts(piece.element))
        elif piece.name == "table-row" and not piece.begins and self._depth == 1:
            self._add_row(piece.element)
        elif piece.name == "shapes" and not piece.begins:
            self._add_shapes(piece.element)
        elif piece.name not in WHOLE:
            self._follow(piece)

    def _add_row(self, row: Element) -> None:
        column = 0
        for cell in row if self._name == self.sheet else ():
            if get_local_name(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            times = ods.get_count(cell, "number-columns-repeated")
            place = f"{format_cell(self._row, column)}:{format_cell(self._row, min(column + times, COLUMNS) - 1)}"
            if name := ods.get_attribute(cell, "content-validation-name"):
                cells = self.placed.setdefault(name, {})
                if len(cells) < MOST_CELLS:
                    cells[place] = None
            if texts := _list_beside(cell):
                self.found.append(Region(place, texts))
            column += times
        self._row += ods.get_count(row, "number-rows-repeated")

    def _add_shapes(self, shapes: Element) -> None:
        """Take in shapes that lie on the sheet, each by the cell in which it ends."""
        for shape in shapes:
            if cell := ods.get_attribute(shape, "end-cell-address"):
                self.found.append(Region(self._convert_ranges(cell), _list_texts(shape)))

    def _follow(self, piece: Piece) -> None:
        """Take in an element that stands beside the rows: conditions of formats, filters."""
        if not piece.begins:
            if self._open:
                self._open.pop()
            return
        region = self._open[-1] if self._open else None
        given = {get_local_name(key): value for key, value in piece.element.items()}
        if cells := next((value for key, value in given.items() if key in RANGED), ""):
            region = Region(self._convert_ranges(cells))
            self.found.append(region)
        if region and "field-number" in given and given["field-number"].isdecimal():
            row, column = find_first_cell(region.cells) or (0, 0)
            region = Region(format_cell(row, column + int(given["field-number"])) if row else "")
            self.found.append(region)
        if region:
            region.texts += [value for key, value in given.items() if key not in RANGED]
        self._open.append(region)

    def _convert_ranges(self, cells: str) -> str:
        """Ranges as XLSX writes them ('B2:B9'), of this sheet alone: '$P.$B$2:$P.$B$9', '.B2'."""
        made = []
        for part in PARTED.split(cells):
            ends = [end.rpartition(".") for end in part.split(":")]
            sheets = {sheet.strip("$").strip("'").replace("''", "'") for sheet, _, _ in ends} - {""}
            if sheets - {self.sheet}:
                return ""
            made.append(":".join(cell for _, _, cell in ends))
        return " ".join(made)


def _list_beside(cell: Element) -> list[str]:
    """Texts that hang on a cell: of its formula, and of all within it but the paragraphs and comments, which the reader of cells reads."""
    texts = [formula] if '"' in (formula := ods.get_attribute(cell, "formula")) else []
    for child in cell:
        name = get_local_name(child.tag)
        if name == "annotation":
            continue
        texts += _list_texts(child) if name != "p" else [text for one in child for text in _list_texts(one)]
    return texts


def _list_texts(element: Element) -> list[str]:
    """Texts and attributes of an element and all within it."""
    return [text for one in element.iter() for text in (one.text or "", *one.attrib.values()) if text.strip()]
