"""Sheets of OpenDocument spreadsheets (ODS), read as a stream: stored values, never formulas.

Own reading, since a spreadsheet library builds each sheet as a full rectangle: python-calamine takes 2 GB for a file of one
kilobyte that repeats a row of 16,384 cells a thousand times. Here what is repeated is counted.

References
----------
OpenDocument 1.3 part 3, 9.1 (tables), 19.387 (value types).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.office.office_package import build_locked_error
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.xml_elements import Elements, get_local_name
from workbench.ingest.tables.sheets import number_formats
from workbench.ingest.tables.sheets.secret_columns import format_cell
from workbench.ingest.tables.sheets.sheet import COLUMNS, Note, Sheet
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
LARGEST = 1024**3
RATIO = 400
SMALL = 20 * 1024**2
REPEATED = 1_000
"""A row with content counts this often, at most; spreadsheet programs repeat rows where a column was filled down."""
REPEATED_CELLS = 200_000
"""Cells that one repeated row may become: a wide row counts less often."""

SHEETS = 256
ROWS = 2_000_000
MANIFEST_SIZE = 1024**2
CLOCK = re.compile(r"-?PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d{1,9})?S)?")
VALUES = {
    "float": "value",
    "percentage": "value",
    "currency": "value",
    "date": "date-value",
    "boolean": "boolean-value",
}
"""Attribute that holds the stored value, by type of cell; texts stand in the cell."""


def is_ods(head: bytes) -> bool:
    """Whether the file is an OpenDocument spreadsheet: the type is the first member of the package, uncompressed."""
    return head.startswith(b"PK\x03\x04") and TYPE in head[:200]


def read_sheets(source: SourceFile) -> Iterator[Sheet]:
    """Sheets in their order.

    Raises
    ------
    SourceError
        If the file is locked by a password, damaged, or would unpack to too much.
    """
    names: list[str] = []
    with open_content(source) as stream:
        elements = Elements(stream, source.name)
        problem = ""
        try:
            for piece in elements:
                if piece.begins and piece.name == "table" and len(names) < SHEETS:
                    names.append(get_attribute(piece.element, "name"))
        except zip_members.BROKEN as error:
            problem = str(error)
    if (elements.problem or problem) and not names:
        raise SourceError(Sentence("refused.file.spreadsheet", name=source.name, problem=elements.problem or problem))
    for index, name in enumerate(names):
        yield _build_sheet(source, index, clean_text(name))


def _build_sheet(source: SourceFile, index: int, name: str) -> Sheet:
    def rows() -> Iterator[tuple[int, list[str]]]:
        sheet.issues, sheet.notes = [], []
        with open_content(source) as stream:
            found = _Rows(sheet, Elements(stream, source.name, frozenset({"table-row"})))
            try:
                yield from found.read_rows(index)
            except zip_members.BROKEN as error:
                found.cut_off(str(error))

    sheet = Sheet(name, rows)
    return sheet


class _Rows:
    """Rows of one sheet of the content."""

    def __init__(self, sheet: Sheet, elements: Elements) -> None:
        self.sheet, self.elements, self.number, self.count, self.wide = sheet, elements, 0, 0, 0
        self.unread: set[tuple[int, bool]] = set()
        self.undated: set[int] = set()

    def read_rows(self, index: int) -> Iterator[tuple[int, list[str]]]:
        """Numbered rows of the sheet with this index."""
        at, depth = -1, 0
        for piece in self.elements:
            if piece.name == "table":
                depth += 1 if piece.begins else -1
                at += piece.begins
                if at > index or (at == index and not depth):
                    return
            elif piece.name == "table-row" and not piece.begins and at == index and depth == 1:
                yield from self._repeat_row(piece.element)
                if self.count > ROWS:
                    self._add_issue("too-large", Sentence("row.large.sheet_rows", most=ROWS))
                    return
        if self.elements.problem:
            self.cut_off(self.elements.problem)

    def cut_off(self, why: str) -> None:
        """Say that the sheet ends too early."""
        self._add_issue("truncated", Sentence("row.cut.open_sheet", number=str(self.number), error=why))

    def _repeat_row(self, row: Element) -> Iterator[tuple[int, list[str]]]:
        """A row as often as it stands; of one without content the numbers only."""
        times = get_count(row, "number-rows-repeated")
        cells, whole = self._read_cells(row)
        self.sheet.notes += _list_notes(row, self.number + 1)
        often = min(times, REPEATED, REPEATED_CELLS // len(cells)) if cells else 0
        for number in range(1, often + 1):
            self.count += 1
            yield self.number + number, list(cells)
        self.number += times
        if cells and times > often:
            first = self.number - times + 1
            self._add_issue("too-large", Sentence("row.large.repeated", number=str(first), times=times, often=often))
        if not whole and not self.wide:
            self.wide = self.number
            self._add_issue("too-large", Sentence("row.large.cells", number=str(self.number), most=COLUMNS))

    def _read_cells(self, row: Element) -> tuple[list[str], bool]:
        """Texts of the cells without the empty ones at the end, each as often as it stands, and whether these are all."""
        cells: list[str] = []
        whole = True
        for cell in row:
            if get_local_name(cell.tag) in ("table-cell", "covered-table-cell"):
                text, times = self._read_text(cell, len(cells) + 1), get_count(cell, "number-columns-repeated")
                whole &= not text or len(cells) + times <= COLUMNS
                cells += [text] * min(times, COLUMNS - len(cells))
        while cells and not cells[-1]:
            cells.pop()
        return cells, whole

    def _read_text(self, cell: Element, column: int) -> str:
        """Text of a cell; a number that is shown with figures or signs that its value has not, as it is shown."""
        value, shown = _get_text(cell), clean_text(_join_paragraphs(cell))
        kind = get_attribute(cell, "value-type")
        if kind == "date" and number_formats.is_other_date(value, shown):
            return self._format_other_date(value, shown, column)
        if kind not in ("float", "currency") or value == shown:
            return value
        found = number_formats.resolve_display_number(value, shown)
        if kind == "currency" and (found.is_understood or not found.text):
            return value
        unread = (column, bool(found.text))
        if not found.is_understood and unread not in self.unread:
            self.unread.add(unread)
            row = self.number + 1
            self.sheet.issues.append(
                number_formats.build_format_issue(self.sheet.name, column, row, shown, is_shown=unread[1])
            )
        return found.text or value

    def _format_other_date(self, value: str, shown: str, column: int) -> str:
        """A date that is shown as another one, which is told once of a column."""
        if column not in self.undated:
            self.undated.add(column)
            self.sheet.issues.append(number_formats.build_date_issue(self.sheet.name, column, self.number + 1, shown))
        return number_formats.add_figures(value, shown)

    def _add_issue(self, code: str, what: Sentence) -> None:
        place = f"sheet {self.sheet.name} row {self.number}"
        self.sheet.issues.append(build_issue(code, what, fix=Sentence("fix.open.sheet_file"), place=place))


def _list_notes(row: Element, number: int) -> Iterator[Note]:
    """Comments on the cells of a row."""
    column = 0
    for cell in row:
        if get_local_name(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        place = format_cell(number, column)
        column += get_count(cell, "number-columns-repeated")
        for note in (child for child in cell if get_local_name(child.tag) == "annotation"):
            parts = {
                get_local_name(one.tag): " ".join(one.itertext())
                for one in note
                if get_local_name(one.tag) in ("creator", "date")
            }
            label = ", ".join(filter(None, (f"Comment on a cell of row {number}", *parts.values())))
            text = "\n".join(_read_paragraph(one) for one in note if get_local_name(one.tag) in ("p", "list"))
            if text.strip():
                yield Note(label, place, text.strip())


def _get_text(cell: Element) -> str:
    kind, shown = get_attribute(cell, "value-type"), _join_paragraphs(cell)
    if kind == "time":
        return _normalise_clock(get_attribute(cell, "time-value")) or clean_text(shown)
    value = get_attribute(cell, VALUES[kind]) if kind in VALUES else ""
    if kind == "boolean":
        value = value.upper()
    if kind == "date":
        value = value.removesuffix("T00:00:00")
    return clean_text(value or shown)


def _join_paragraphs(cell: Element) -> str:
    return "\n".join(filter(None, (_read_paragraph(child) for child in cell if get_local_name(child.tag) == "p")))


def _read_paragraph(element: Element) -> str:
    """Text of a paragraph; comments that hang on it are left out, spaces that are written as elements are put in."""
    parts = [element.text or ""]
    for child in element:
        name = get_local_name(child.tag)
        if name in ("s", "tab", "line-break"):
            parts.append(" ")
        elif name != "annotation":
            parts.append(_read_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _normalise_clock(value: str) -> str:
    """'PT30H04M00S' as '30:04:00', '' where it is no such time."""
    match = CLOCK.fullmatch(value)
    if not match:
        return ""
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    sign = "-" if value.startswith("-") else ""
    form = f"{total // 3600}:{total % 3600 // 60:02}:{total % 60:02}"
    return sign + (form if total >= 86_400 or sign else form.zfill(8))


def get_count(element: Element, name: str) -> int:
    """How often an element stands, of the attribute that says so; 1 where it says nothing or no number."""
    value = get_attribute(element, name)
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 12 else 1


def get_attribute(element: Element, name: str) -> str:
    """Value of an attribute of the office or table namespace; '' if it has none. Programs repeat some in their own."""
    wanted = (f"office:1.0}}{name}", f"table:1.0}}{name}")
    return next((value for key, value in element.attrib.items() if key.endswith(wanted)), "")


@contextmanager
def open_content(source: SourceFile) -> Iterator[BinaryIO]:
    """The part that holds the sheets, as a stream."""
    with zip_members.open_zip(source) as zipped:
        try:
            part = _get_part(source, zipped)
            stream = zipped.open(part)
        except zip_members.BROKEN as error:
            raise SourceError(Sentence("refused.file.damaged", name=source.name, error=error)) from error
        with stream:
            yield cast(BinaryIO, stream)


def _get_part(source: SourceFile, zipped: ZipFile) -> ZipInfo:
    """The entry of the part that holds the sheets; an error if it may not be read."""
    found = {info.filename: info for info in zipped.infolist()}
    manifest = found.get(MANIFEST)
    if "encrypted-package" in found or (
        manifest and manifest.file_size < MANIFEST_SIZE and _is_locked(zipped.read(manifest))
    ):
        raise build_locked_error(source.name)
    part = found.get(CONTENT)
    if part is None:
        raise SourceError(Sentence("refused.file.part_missing", name=source.name, part=CONTENT))
    if part.file_size > LARGEST or (part.file_size > SMALL and part.file_size > RATIO * max(part.compress_size, 1)):
        sizes = {"size": f"{part.file_size:,}", "packed": f"{part.compress_size:,}"}
        raise SourceError(Sentence("refused.file.spreadsheet_large", name=source.name, **sizes))
    return part


def _is_locked(manifest: bytes) -> bool:
    return b"encryption-data" in manifest
