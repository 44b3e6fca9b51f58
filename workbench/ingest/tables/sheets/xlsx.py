"""Sheets of XLSX.

XLSX is read by openpyxl as a stream. python-calamine is 28 times as fast
(50,000 rows of ten cells: 0.44 against 12.4 CPU-seconds), but gives errors (#N/A) as empty cells and holds each sheet as a
full rectangle: a file of 5 kilobytes with two cells far apart takes 2.2 GB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date, time, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile, describe_damage
from workbench.ingest.tables.sheets import number_formats
from workbench.ingest.tables.sheets.sheet import COLUMNS, Note, Sheet, format_value, number_text, trim_cells
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from workbench.ingest.tables.sheets.xlsx_worksheet import Worksheet


MANY = 2 * 1024**3


RATIO = 200


SMALL = 10 * 1024**2


SHEETS = 2_000
"""Sheets of a workbook, at most."""


FILES = 10_000


ROWS = 1_048_576
"""Rows of a sheet of XLSX, by the format; a damaged row number would else let the reader count on and on."""


HEAD = 2_048


SHOWN, TOLD = 60, 10


PART_OF, STYLE_OF = attrgetter("_worksheet_path"), attrgetter("_style_id")


STYLES_OF = attrgetter("_cell_styles", "_number_formats")
"""What openpyxl holds under no public name, or under one that looks through all styles for each cell."""


BROKEN = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, SyntaxError, OSError,
    RecursionError, NotImplementedError, BadZipFile, EOFError, zlib.error, struct.error,
)  # fmt: skip
"""What openpyxl and the XML parser are known to raise on damaged files; SyntaxError is XML's ParseError."""


def is_workbook(head: bytes) -> bool:
    """Whether the file is a ZIP archive, as XLSX is."""
    return head.startswith(b"PK\x03\x04")


def read_workbook_sheets(source: SourceFile) -> Iterator[Sheet]:
    """Sheets of a workbook, which stays open while they are asked for: to open it takes time for each of its sheets."""
    refuse_bomb(source)
    with ExitStack() as stack:
        try:
            book = stack.enter_context(closing(_open_book(stack.enter_context(source.open()))))
            tabs = [(str(held.title), PART_OF(held)) for held in book.worksheets]
        except BROKEN as error:
            raise _build_workbook_error(source, error) from error
        if len(tabs) > SHEETS:
            raise SourceError(Sentence("refused.file.sheets", name=source.name, count=len(tabs), most=SHEETS))
        shared: list[Workbook] = [book]
        stack.callback(shared.clear)
        for index, tab in enumerate(tabs):
            yield _build_sheet(source, index, tab, shared)


def _open_book(file: BinaryIO) -> Workbook:
    from openpyxl.utils.exceptions import InvalidFileException

    from workbench.ingest.tables.sheets.xlsx_worksheet import open_workbook

    try:
        return open_workbook(file)
    except (InvalidFileException, BadZipFile) as error:
        raise ValueError(str(error)) from error


@contextmanager
def _open_shared_book(source: SourceFile, shared: list[Workbook]) -> Iterator[Workbook]:
    """The workbook as it is open already, or opened again where it was closed meanwhile."""
    if shared:
        yield shared[0]
        return
    with source.open() as file, closing(_open_book(file)) as book:
        yield book


def _build_sheet(source: SourceFile, index: int, tab: tuple[str, str], shared: list[Workbook]) -> Sheet:
    """A worksheet, given by its number among the worksheets, its name and its part: tabs of other kinds do not count."""
    name, part = tab

    def rows() -> Iterator[tuple[int, list[str]]]:
        from workbench.ingest.tables.sheets.xlsx_worksheet import Worksheet

        sheet.issues, sheet.notes = [], []
        number = wide = 0
        texts = _Cells(name)
        held: Worksheet | None = None
        try:
            with _open_shared_book(source, shared) as book:
                held = Worksheet(cast("ReadOnlyWorksheet", book.worksheets[index]))
                texts.book = book
                for number, row in held.read_rows():
                    if number > ROWS:
                        raise ValueError("it has more rows than the format allows")
                    if (
                        len(row) > COLUMNS
                        and not wide
                        and any(cell and cell.value is not None for cell in row[COLUMNS:])
                    ):
                        wide = number
                    yield number, trim_cells([texts.format_cell(cell) if cell else "" for cell in row[:COLUMNS]])
        except BROKEN as error:
            sheet.issues.append(_cut_off(name, number, error))
        if held:
            _tell_beside(sheet, held, texts)
        if wide:
            said = Sentence("row.large.cells", number=str(wide), most=COLUMNS)
            sheet.issues.append(
                build_issue("too-large", said, fix=Sentence("fix.open.sheet_file"), place=f"sheet {name} row {wide}")
            )
        sheet.issues += texts.looks.list_issues()

    sheet = Sheet(name, rows, part=part)
    return sheet


def _tell_beside(sheet: Sheet, held: Worksheet, texts: _Cells) -> None:
    """Put what stands in a sheet beside its values, or in a place that is taken, among its notes; of the latter there is a row."""
    again = "Once more, cell"
    sheet.notes = [
        Note(f"{again} {cell.coordinate}", cell.coordinate, text)
        for cell in held.taken
        if (text := texts.format_cell(cell))
    ]
    sheet.notes += [Note(f"{kind} {cell}", cell, text) for cell, kind, text in held.beside]
    told = [note.cell for note in sheet.notes if not note.label.startswith("Phonetic")]
    if told:
        places = format_list(list(dict.fromkeys(told))[:TOLD], count=len(told))
        said = Sentence("row.table.place_taken", count=len(told), name=repr(sheet.name), listed=places)
        sheet.issues.append(build_issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=f"sheet {sheet.name}"))


class _Cells:
    """Texts of the cells of a worksheet: numbers as they are seen in the format of their cell. Each format is looked up once."""

    def __init__(self, name: str) -> None:
        self.looks = number_formats.Looks(name)
        self.book: Workbook | None = None
        self.codes: dict[int, str] = {}

    def format_cell(self, cell: ReadOnlyCell | Cell | MergedCell) -> str:
        """Text of a cell."""
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.looks.number(value, self._get_code(STYLE_OF(cell)), cell.row, cell.column) or number_text(value)
        if isinstance(value, date | time | timedelta):
            return self.looks.format_date(value, self._get_code(STYLE_OF(cell)), cell.row, cell.column) or format_value(
                value
            )
        if isinstance(value, str) and (code := self._get_code(STYLE_OF(cell))):
            return self.looks.format_words(value, code) or format_value(value)
        return format_value(value)

    def _get_code(self, style: int) -> str:
        """Format of a style, '' where numbers look as they are stored."""
        found = self.codes.get(style)
        if found is None:
            found = self.codes[style] = "" if self.book is None else _format_of(self.book, style)
        return found


def _format_of(book: Workbook, style: int) -> str:
    """Code of the number format of a style; '' for the general one."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE

    styles, own = STYLES_OF(book)
    number = int(styles[style].numFmtId) if style < len(styles) else 0
    at = number - BUILTIN_FORMATS_MAX_SIZE
    return number_formats.get_code(number, {number: own[at]} if 0 <= at < len(own) else {})


def refuse_bomb(source: SourceFile) -> None:
    """Raise for an archive that holds too much for its size, or declares entities, before anything is read."""
    try:
        with source.open() as file, ZipFile(file) as archive:
            entries = archive.infolist()
            declared = len(entries) <= FILES and any(_has_doctype(archive, one) for one in entries)
    except BROKEN as error:
        raise _build_workbook_error(source, error) from error
    size, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > FILES or size > MANY or (size > SMALL and size > RATIO * max(packed, 1)):
        sizes = {"size": f"{size:,}", "files": len(entries), "packed": f"{packed:,}"}
        raise SourceError(Sentence("refused.file.workbook_large", name=source.name, **sizes))
    if declared:
        raise _build_workbook_error(source, ValueError("it declares a document type, as no spreadsheet program does"))


def _has_doctype(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether a part begins with a declaration of its document type, in which entities could be defined."""
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as part:
        return b"<!DOCTYPE" in part.read(HEAD).replace(b"\x00", b"")


def _build_workbook_error(source: SourceFile, error: Exception) -> SourceError:
    why = describe_damage(error).replace(str(source.path), source.name).split("\n")[0]
    return SourceError(Sentence("refused.file.workbook", name=source.name, error=why))


def _cut_off(name: str, number: int, error: Exception) -> Issue:
    return build_issue(
        "truncated",
        Sentence("row.cut.sheet", name=repr(name), number=str(number), error=describe_damage(error)),
        fix=Sentence("fix.open.spreadsheet"),
        place=f"sheet {name} row {number}",
    )
