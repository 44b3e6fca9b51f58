"""Sheets of tables as rows of text: CSV and its kin, XLSX, and by modules of their own ODS, XLS, Parquet and JSON.

Formulas are never computed; stored values are read. XLSX is read by openpyxl as a stream. python-calamine is 28 times as fast
(50,000 rows of ten cells: 0.44 against 12.4 CPU-seconds), but gives errors (#N/A) as empty cells and holds each sheet as a
full rectangle: a file of 5 kilobytes with two cells far apart takes 2.2 GB.
"""

from __future__ import annotations

import csv
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from workbench.errors import SourceError
from workbench.ingest.lines import Lines, numbers
from workbench.ingest.source import SourceFile, in_words
from workbench.ingest.tables import formats
from workbench.model.catalogue import Sentence
from workbench.model.issues import issue, listed
from workbench.model.names import clean
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from workbench.ingest.tables.worksheet import Worksheet

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t|"
SAMPLE = 60
RECORD_LINES = 100
AGREE = 0.6
MANY = 2 * 1024**3
RATIO = 200
SMALL = 10 * 1024**2
SHEETS = 2_000
"""Sheets of a workbook, at most."""

FILES = 10_000
COLUMNS = 2_000
ROWS = 1_048_576
"""Rows of a sheet of XLSX, by the format; a damaged row number would else let the reader count on and on."""

HEAD = 2_048
EXACT = 10**15
SHOWN, TOLD = 60, 10
PART_OF, STYLE_OF = attrgetter("_worksheet_path"), attrgetter("_style_id")
STYLES_OF = attrgetter("_cell_styles", "_number_formats")
"""What openpyxl holds under no public name, or under one that looks through all styles for each cell."""
BROKEN = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, SyntaxError, OSError,
    RecursionError, NotImplementedError, BadZipFile, EOFError, zlib.error, struct.error,
)  # fmt: skip
"""What openpyxl and the XML parser are known to raise on damaged files; SyntaxError is XML's ParseError."""


class Note(NamedTuple):
    """A text beside the cells: what it is ('Comment on cell A2 by Ada'), the cell ('' if on none), what it says."""

    label: str
    cell: str
    text: str


class Several(str):
    """A list, or an object too deep for columns, in one cell: its text is JSON, `entries` are the values of a list of values."""

    entries: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: object, text: str, entry: Callable[[object], str]) -> str:
        """The text of a value, with its entries where it is a list; `entry` makes the text of one."""
        if not isinstance(value, list | tuple | dict):
            return text
        made = cls(text)
        if not isinstance(value, dict) and not any(isinstance(one, list | tuple | dict) for one in value):
            made.entries = tuple(told for one in value if (told := clean(entry(one))))
        return made


def single_cells(cells: list[str]) -> list[str]:
    """Cells with the only value of a list, and nothing of a list of several."""
    return [
        (cell.entries[0] if len(cell.entries) == 1 else "") if isinstance(cell, Several) else cell for cell in cells
    ]


@dataclass(slots=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    name : str
        '' for a file that is one table.
    rows : callable
        Numbered rows, read anew on each call.
    issues : list of Issue
        What the last reading found wrong.
    known : bool
        Whether the first row holds the names of the columns by the definition of the format; its number is 0 then, and
        records count from 1.
    notes : list of Note
        Comments on cells that the last reading met. Those of XLSX stand apart (`notes`).
    part : str
        The part of XLSX that holds it.
    is_delimited : bool
        Whether marks part the cells of a row: one too many, or too few, moves all behind it.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    issues: list[Issue] = field(default_factory=list)
    known: bool = False
    notes: list[Note] = field(default_factory=list)
    part: str = ""
    is_delimited: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What an officer said of the form of a text table: the mark between cells, the encoding; '' as found."""

    delimiter: str = ""
    encoding: str = ""


AS_FOUND = Form()


def sheets(source: SourceFile, form: Form = AS_FOUND) -> Iterator[Sheet]:
    """Sheets of the file in their order.

    Raises
    ------
    SourceError
        If a file cannot be opened, is locked, or would unpack to more than it should.
    """
    from workbench.ingest.tables import ods, parquet, records, xls

    head = source.head()
    if ods.is_ods(head):
        yield from ods.sheets(source)
    elif is_workbook(head):
        yield from _workbook(source)
    elif head.startswith(COMPOUND):
        yield from xls.sheets(source)
    elif parquet.is_parquet(head):
        yield from parquet.sheets(source)
    elif records.is_records(source, head):
        yield from records.sheets(source)
    else:
        yield _text_table(source, form)


def is_workbook(head: bytes) -> bool:
    """Whether the file is a ZIP archive, as XLSX is."""
    return head.startswith(b"PK\x03\x04")


def delimiter(lines: list[str]) -> str:
    """Mark that parts the cells: one that stands equally often in all lines, else in most; '' if none does."""
    best, most = "", (False, 0)
    for mark in DELIMITERS:
        counts = Counter(_outside(line, mark) for line in lines if line.strip())
        counts.pop(0, None)
        if counts:
            often, times = max(counts.items(), key=lambda item: (item[1] * item[0], item[0]))
            score = times / max(1, sum(1 for line in lines if line.strip()))
            if score >= AGREE and (score == 1, times * often) > most:
                best, most = mark, (score == 1, times * often)
    return best


def _outside(line: str, mark: str) -> int:
    """How often a mark stands outside quotes."""
    return sum(part.count(mark) for part in line.split('"')[::2])


class _Feed:
    """Lines for Python's CSV reader. A record that goes on and on is stopped, and its lines can be had again."""

    def __init__(self, lines: Lines) -> None:
        self.source = iter(lines)
        self.record: list[tuple[int, str]] = []
        self.again: list[tuple[int, str]] = []
        self.ended = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES:
            raise csv.Error(f"a quote does not close within {RECORD_LINES} lines")
        line = self.again.pop(0) if self.again else next(self.source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.record.append(line)
        return line[1].replace("\x00", "") + "\n"

    @property
    def is_open(self) -> bool:
        """Whether the file ended within a quote."""
        return self.ended and len(self.record) > 1 and sum(line.count('"') for _, line in self.record) % 2 == 1

    def back(self) -> tuple[int, str]:
        """First line of the record; the others will be fed again."""
        first, *rest = self.record
        self.again[:0] = rest
        self.record, self.ended = [], False
        return first


def _text_table(source: SourceFile, form: Form) -> Sheet:
    lines = Lines(source, said=form.encoding)
    mark = form.delimiter[:1] or delimiter([line for _, line in islice(lines, SAMPLE)]) or ","
    sheet = Sheet("", lambda: _rows(sheet, lines, mark), is_delimited=True)
    return sheet


def _rows(sheet: Sheet, lines: Lines, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line in which each begins. A line whose quote never closes is cut at every mark."""
    sheet.issues = []
    wrong: list[int] = []
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=mark)
    while True:
        feed.record = []
        cells = _next(reader, feed)
        if cells is None and not feed.record:
            break
        if cells is None:
            number, line = feed.back()
            wrong.append(number)
            cells = line.split(mark)
        else:
            number = feed.record[0][0] if feed.record else 0
        yield number, [cell.strip() for cell in cells[:COLUMNS]]
    sheet.issues = [*([_quotes(wrong)] if wrong else []), *lines.issues]


def _next(reader: Iterator[list[str]], feed: _Feed) -> list[str] | None:
    """Cells of the next record; None at the end, or where the lines in the feed are no record."""
    try:
        cells = next(reader)
    except (StopIteration, csv.Error):
        return None
    return None if feed.is_open else cells


def _quotes(lines: list[int]) -> Issue:
    return issue(
        "bad-row",
        Sentence("row.table.quotes", count=len(lines), listed=numbers(lines)),
        fix=Sentence("fix.compare.rows"),
        place=f"line {lines[0]}",
    )


def _workbook(source: SourceFile) -> Iterator[Sheet]:
    """Sheets of a workbook, which stays open while they are asked for: to open it takes time for each of its sheets."""
    refuse_bomb(source)
    with ExitStack() as stack:
        try:
            book = stack.enter_context(closing(_book(stack.enter_context(source.open()))))
            tabs = [(str(held.title), PART_OF(held)) for held in book.worksheets]
        except BROKEN as error:
            raise _unreadable(source, error) from error
        if len(tabs) > SHEETS:
            raise SourceError(Sentence("refused.file.sheets", name=source.name, count=len(tabs), most=SHEETS))
        shared: list[Workbook] = [book]
        stack.callback(shared.clear)
        for index, tab in enumerate(tabs):
            yield _work_sheet(source, index, tab, shared)


def _book(file: BinaryIO) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, BadZipFile) as error:
        raise ValueError(str(error)) from error


@contextmanager
def _lent(source: SourceFile, shared: list[Workbook]) -> Iterator[Workbook]:
    """The workbook as it is open already, or opened again where it was closed meanwhile."""
    if shared:
        yield shared[0]
        return
    with source.open() as file, closing(_book(file)) as book:
        yield book


def _work_sheet(source: SourceFile, index: int, tab: tuple[str, str], shared: list[Workbook]) -> Sheet:
    """A worksheet, given by its number among the worksheets, its name and its part: tabs of other kinds do not count."""
    name, part = tab

    def rows() -> Iterator[tuple[int, list[str]]]:
        from workbench.ingest.tables.worksheet import Worksheet

        sheet.issues, sheet.notes = [], []
        number = wide = 0
        texts = _Cells(name)
        held: Worksheet | None = None
        try:
            with _lent(source, shared) as book:
                held = Worksheet(cast("ReadOnlyWorksheet", book.worksheets[index]))
                texts.book = book
                for number, row in held.rows():
                    if number > ROWS:
                        raise ValueError("it has more rows than the format allows")
                    if (
                        len(row) > COLUMNS
                        and not wide
                        and any(cell and cell.value is not None for cell in row[COLUMNS:])
                    ):
                        wide = number
                    yield number, trim([texts.text(cell) if cell else "" for cell in row[:COLUMNS]])
        except BROKEN as error:
            sheet.issues.append(_cut_off(name, number, error))
        if held:
            _tell_beside(sheet, held, texts)
        if wide:
            said = Sentence("row.large.cells", number=str(wide), most=COLUMNS)
            sheet.issues.append(
                issue("too-large", said, fix=Sentence("fix.open.sheet_file"), place=f"sheet {name} row {wide}")
            )
        sheet.issues += texts.looks.issues()

    sheet = Sheet(name, rows, part=part)
    return sheet


def _tell_beside(sheet: Sheet, held: Worksheet, texts: _Cells) -> None:
    """Put what stands in a sheet beside its values, or in a place that is taken, among its notes; of the latter there is a row."""
    again = "Once more, cell"
    sheet.notes = [
        Note(f"{again} {cell.coordinate}", cell.coordinate, text) for cell in held.taken if (text := texts.text(cell))
    ]
    sheet.notes += [Note(f"{kind} {cell}", cell, text) for cell, kind, text in held.beside]
    told = [note.cell for note in sheet.notes if not note.label.startswith("Phonetic")]
    if told:
        places = listed(list(dict.fromkeys(told))[:TOLD], count=len(told))
        said = Sentence("row.table.place_taken", count=len(told), name=repr(sheet.name), listed=places)
        sheet.issues.append(issue("bad-row", said, fix=Sentence("fix.compare.rows"), place=f"sheet {sheet.name}"))


class _Cells:
    """Texts of the cells of a worksheet: numbers as they are seen in the format of their cell. Each format is looked up once."""

    def __init__(self, name: str) -> None:
        self.looks = formats.Looks(name)
        self.book: Workbook | None = None
        self.codes: dict[int, str] = {}

    def text(self, cell: ReadOnlyCell | Cell | MergedCell) -> str:
        """Text of a cell."""
        value = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.looks.number(value, self._code(STYLE_OF(cell)), cell.row, cell.column) or number_text(value)
        if isinstance(value, str) and (code := self._code(STYLE_OF(cell))):
            return self.looks.words(value, code) or cell_text(value)
        return cell_text(value)

    def _code(self, style: int) -> str:
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
    return formats.code_of(number, {number: own[at]} if 0 <= at < len(own) else {})


def cell_text(cell: object) -> str:
    """Text of a stored value; a number of more than fifteen digits, which was rounded, with its exponent."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).upper() if isinstance(cell, bool) else number_text(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        return _time_text(cell)
    return clean(str(cell))


def _time_text(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, timedelta):
        seconds = abs(int(cell.total_seconds()))
        sign = "-" if cell < timedelta() else ""
        return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    return cell.isoformat()


def number_text(cell: float) -> str:
    """Text of a number; one of more than fifteen digits, which was rounded, with its exponent."""
    if abs(cell) < EXACT:
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return f"{cell:.14E}"


def trim(cells: list[str]) -> list[str]:
    """Cells without the empty ones at the end."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def refuse_bomb(source: SourceFile) -> None:
    """Raise for an archive that holds too much for its size, or declares entities, before anything is read."""
    try:
        with source.open() as file, ZipFile(file) as archive:
            entries = archive.infolist()
            declared = len(entries) <= FILES and any(_declares(archive, one) for one in entries)
    except BROKEN as error:
        raise _unreadable(source, error) from error
    size, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > FILES or size > MANY or (size > SMALL and size > RATIO * max(packed, 1)):
        sizes = {"size": f"{size:,}", "files": len(entries), "packed": f"{packed:,}"}
        raise SourceError(Sentence("refused.file.workbook_large", name=source.name, **sizes))
    if declared:
        raise _unreadable(source, ValueError("it declares a document type, as no spreadsheet program does"))


def _declares(archive: ZipFile, entry: ZipInfo) -> bool:
    """Whether a part begins with a declaration of its document type, in which entities could be defined."""
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as part:
        return b"<!DOCTYPE" in part.read(HEAD).replace(b"\x00", b"")


def _unreadable(source: SourceFile, error: Exception) -> SourceError:
    why = in_words(error).replace(str(source.path), source.name).split("\n")[0]
    return SourceError(Sentence("refused.file.workbook", name=source.name, error=why))


def _cut_off(name: str, number: int, error: Exception) -> Issue:
    return issue(
        "truncated",
        Sentence("row.cut.sheet", name=repr(name), number=str(number), error=in_words(error)),
        fix=Sentence("fix.open.spreadsheet"),
        place=f"sheet {name} row {number}",
    )
