"""Rows of a worksheet of XLSX as they stand in its part: also rows and cells whose place is taken, and what cells hold beside values.

openpyxl's own rows leave these out without a word: a second row of a number, a row or cell that goes back, a second value.

References
----------
ECMA-376 part 1, §18.3.1.4 (cells), §18.3.1.73 (rows), §18.4.6 (phonetic runs).
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter, methodcaller
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet._reader import CELL_TAG, INLINE_STRING, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS
from openpyxl.xml.functions import iterparse

from workbench.ingest.tables.sheets.sheet import unescape_text
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

SHARED_TEXT = VALUE_TAG.replace("}v", "}si")
SPOKEN = VALUE_TAG.replace("}v", "}rPh")
SOURCE_OF, TEXTS_OF = methodcaller("_get_source"), attrgetter("_shared_strings")
DATES_OF = attrgetter("_date_formats", "_timedelta_formats")
"""What openpyxl holds under no public name."""
MOST = 10_000
"""Texts beside the values of the cells of a sheet that are kept."""


WRITTEN = ("str", "inlineStr")
"""Types of cells whose text stands in them."""
NO_STYLE = "-1"
LAST_DAY, BETWEEN_EPOCHS = 2_958_466, 1_462
"""Days of the calendar of spreadsheets, which ends with the year 9999; by how many the one from 1904 has less."""


class CellNote(NamedTuple):
    """A text beside the values of a sheet: the cell, what it is, its words."""

    cell: str
    kind: str
    text: str


class Worksheet:
    """Reads a worksheet. `beside`: what stands in rows and cells and is no value of theirs; `taken`: cells whose place was taken."""

    def __init__(self, held: ReadOnlyWorksheet) -> None:
        self.held = held
        self.beside: list[CellNote] = []
        self.taken: list[ReadOnlyCell] = []

    def read_rows(self) -> Iterator[tuple[int, list[ReadOnlyCell | None]]]:
        """Numbered rows that go forward, with their cells by column; of two cells in one place the first."""
        texts, (dates, spans) = TEXTS_OF(self.held), DATES_OF(self.held.parent)
        last = 0
        with SOURCE_OF(self.held) as stream:
            parser = _Parser(self, stream, texts, data_only=True, epoch=self.held.parent.epoch, date_formats=dates,
                             timedelta_formats=spans)  # fmt: skip
            for number, row in parser.parse():
                cells = [ReadOnlyCell(self.held, **cell) for cell in row]
                if number <= last:
                    self._add_duplicate_cells(cells)
                    continue
                last = number
                yield number, self._place_cells(cells)

    def _place_cells(self, cells: list[ReadOnlyCell]) -> list[ReadOnlyCell | None]:
        """Cells of a row by their columns."""
        found: dict[int, ReadOnlyCell] = {}
        for cell in cells:
            if found.setdefault(cell.column, cell) is not cell:
                if found[cell.column].value is None:
                    found[cell.column] = cell
                else:
                    self._add_duplicate_cells([cell])
        return [found.get(column) for column in range(1, max(found, default=0) + 1)]

    def _add_duplicate_cells(self, cells: list[ReadOnlyCell]) -> None:
        """Keep cells whose place is taken."""
        self.taken += [cell for cell in cells if cell.value is not None][: MOST - len(self.taken)]

    def add_side_text(self, cell: str, kind: str, text: str) -> None:
        """Keep a text beside the values."""
        if (told := clean_text(unescape_text(text))) and len(self.beside) < MOST:
            self.beside.append(CellNote(cell, kind, told))


class _Parser(WorkSheetParser):
    """openpyxl's parser, which also tells what it passes over."""

    def __init__(self, sheet: Worksheet, *given: Any, **said: Any) -> None:  # noqa: ANN401 - as the library has it
        super().__init__(*given, **said)
        self.sheet = sheet

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:  # noqa: ANN401 - as the library has it
        """Number and cells of a row."""
        odd = [row.text or "", *(child.tail or "" for child in row)]
        for child in [child for child in row if child.tag != CELL_TAG]:
            odd.append("".join(child.itertext()))
            row.remove(child)
        number, cells = super().parse_row(row)
        self.sheet.add_side_text(f"A{number}", "Text in row", " ".join(odd))
        return number, cells

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """What a cell holds; its texts that are neither its value nor a part of it are kept."""
        style = element.get("s", "0")
        if is_stored := self._is_no_day(element, style):
            element.set("s", NO_STYLE)
        cell: dict[str, Any] = super().parse_cell(element)
        if element.get("t") in WRITTEN and isinstance(cell["value"], str):
            cell["value"] = unescape_text(cell["value"])
        if is_stored:
            cell["style_id"] = int(style)
        if len(element) > 1 or (len(element) and len(element[0])) or element.text:
            self._collect_cell_texts(element, f"{get_column_letter(cell['column'])}{cell['row']}")
        return cell

    def _is_no_day(self, element: Element, style: str) -> bool:
        """Whether a number has the format of a date or length, and the calendar of spreadsheets has no such day."""
        if element.get("t", "n") != "n" or int(style) not in self.date_formats:
            return False
        days = _parse_number(element.findtext(VALUE_TAG) or "")
        is_length, is_old = int(style) in self.timedelta_formats, self.epoch == WINDOWS_EPOCH
        return abs(days) >= LAST_DAY - (0 if is_old else BETWEEN_EPOCHS) or (days < 0 and is_old and not is_length)

    def _collect_cell_texts(self, element: Element, place: str) -> None:
        wanted = INLINE_STRING if element.get("t") == "inlineStr" else VALUE_TAG
        used = element.find(wanted)
        others = [child for child in element if child.tag in (INLINE_STRING, VALUE_TAG) and child is not used]
        for text in (element.text or "", *("".join(child.itertext()) for child in others)):
            self.sheet.add_side_text(place, "Second value of cell", text)
        for spoken in element.iter(SPOKEN):
            self.sheet.add_side_text(place, "Phonetic guide of cell", "".join(spoken.itertext()))


class _Opener(ExcelReader):
    """openpyxl's opener of a workbook, which also undoes the escapes of the texts that cells share."""

    def read_strings(self) -> None:
        """Read the texts."""
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call] # openpyxl's
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = list(_read_shared_texts(stream))


def _read_shared_texts(stream: IO[bytes]) -> Iterator[str]:
    for _, node in iterparse(stream):
        if node.tag == SHARED_TEXT:
            held = Text.from_tree(node)
            yield unescape_text(held.content) if held else ""
            node.clear()


def open_workbook(file: BinaryIO) -> Workbook:
    """A workbook, as a stream of values. Raises what openpyxl raises on damaged files."""
    opener = _Opener(file, read_only=True, data_only=True, keep_links=False)
    opener.read()
    book: Workbook = opener.wb
    return book


def _parse_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0
