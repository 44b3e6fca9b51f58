"""Sheets of workbooks in Excel's binary format of before 2007 (XLS), by python-calamine.

The library holds each sheet as a full rectangle: a file of 6 kilobytes with a value in the first and one in the last cell
takes 540 MB. So the records of the file are walked first and the rectangles added up; what is too large is refused. The walk
also counts cells with an error (#N/A, #DIV/0!), which the library gives as empty, and finds the number formats of cells, of
which the library says nothing.

References
----------
MS-XLS 2.4 (records), 2.4.126 (Format), 2.4.353 (XF).
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import SourceError
from workbench.ingest.office import ole_file
from workbench.ingest.office.office_package import build_locked_error
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.tables.sheets import number_formats
from workbench.ingest.tables.sheets.sheet import COLUMNS, Sheet, format_value, trim_cells
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

STREAMS = ("Workbook", "Book")
LARGEST = 256 * 1024**2
CELLS = 16_000_000
"""Cells of all rectangles together, at most; some 500 MB of memory."""

BOF, EOF, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
ONE = frozenset(
    {0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6, 0x0201, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005}
)
"""Records of one cell: its row and column come first."""

MANY = frozenset({0x00BD, 0x00BE})
"""Records of several cells in a row: row, first column, …, last column."""

ERROR, FORMULA = 0x0205, 0x0006
RK = 0x027E
NUMBERS = frozenset({0x0203, RK, FORMULA})
"""Records of one cell that may hold a number: its style follows its row and column."""

LAST = 0x3FFF
"""Last column of a sheet, at most."""

NOTE, FORMAT, XF, MULRK = 0x001C, 0x041E, 0x00E0, 0x00BD


def is_xls(source: SourceFile, head: bytes) -> bool:
    """Whether the file is a compound file with the stream of a workbook."""
    if not head.startswith(ole_file.MARK):
        return False
    with source.open() as file:
        return any(name in STREAMS for name in ole_file.list_streams(file))


@dataclass(slots=True)
class _Styles:
    """Number formats of a workbook: codes by their number, and the number of each cell style."""

    own: dict[int, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def learn(self, kind: int, record: bytes) -> None:
        """Take a record of a format or of a style."""
        if kind == XF and len(record) >= 4:
            self.numbers.append(struct.unpack_from("<H", record, 2)[0])
        elif kind == FORMAT and len(record) >= 5:
            number, length, wide = struct.unpack_from("<HHB", record)
            self.own[number] = record[5:][: length * (1 + wide % 2)].decode(
                "utf-16-le" if wide % 2 else "latin-1", "replace"
            )

    def get_code(self, style: int) -> str:
        """Code of the number format of a style, '' for the general one."""
        return number_formats.get_code(self.numbers[style], self.own) if style < len(self.numbers) else ""


@dataclass(slots=True)
class _Extent:
    """How far the cells of a sheet reach, how many of them hold an error, and which have a number format of their own.

    `formed` holds row, column and style of a cell in one number, sixteen bits each; `below` the numbers below nothing of cells
    with the format of a date, of which the library makes midnight.
    """

    top: int = 1 << 20
    left: int = 1 << 20
    bottom: int = -1
    right: int = -1
    errors: int = 0
    notes: int = 0
    formed: array[int] = field(default_factory=lambda: array("Q"))
    below: dict[tuple[int, int], float] = field(default_factory=dict)

    def reach(self, row: int, first: int, last: int) -> None:
        """Take the cells of a record."""
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, first), max(self.right, last)

    def add_styles(self, kind: int, record: bytes, styles: _Styles) -> None:
        """Take the styles of numbers in a record, where they have a format of their own."""
        row, first = struct.unpack_from("<HH", record)
        found = (
            [style for (style,) in struct.iter_unpack("<H4x", record[4:-2])]
            if kind == MULRK
            else [record[4] + 256 * record[5]]
        )
        self.formed.extend(
            row << 32 | column << 16 | style
            for column, style in enumerate(found, first)
            if column <= LAST and styles.get_code(style)
        )
        for column, (style, value) in enumerate(zip(found, _read_values(kind, record), strict=False), first):
            if value < 0 and number_formats.is_date_format(styles.get_code(style)):
                self.below[row, column] = value

    def list_formatted_cells(self) -> Iterator[tuple[int, int, int]]:
        """Row, column and style of cells with a number format, in their order."""
        for cell in map(int, np.sort(np.frombuffer(self.formed, np.uint64)) if self.formed else ()):
            yield cell >> 32, cell >> 16 & 0xFFFF, cell & 0xFFFF

    @property
    def cells(self) -> int:
        """Cells of the rectangle."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom >= 0 else 0


def read_sheets(source: SourceFile) -> Iterator[Sheet]:
    """Sheets in their order; those that are charts or macros are left out.

    Raises
    ------
    SourceError
        If the workbook is locked by a password, damaged, or too large.
    """
    from python_calamine import CalamineError, PasswordError, load_workbook

    styles = _Styles()
    extents = _read_extents(source, styles)
    total = sum(extent.cells for extent in extents)
    if total > CELLS:
        raise SourceError(Sentence("refused.file.cells", name=source.name, cells=f"{total:,}", most=f"{CELLS:,}"))
    try:
        with source.open() as file, _convert_panics():
            book = load_workbook(file)
            names = book.sheet_names
            found = [book.get_sheet_by_name(name) for name in names]
    except PasswordError as error:
        raise build_locked_error(source.name) from error
    except (CalamineError, ValueError, LookupError, OSError) as error:
        raise _build_workbook_error(source, str(error)) from error
    known = extents if len(extents) == len(names) else [_Extent()] * len(names)
    for name, sheet, extent in zip(names, found, known, strict=True):
        yield _build_sheet(name, sheet, extent, styles)


@contextmanager
def _convert_panics() -> Iterator[None]:
    """Turn a panic of the library, which is no Exception of Python's, into a ValueError."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError(str(error)) from error
        raise


def _build_sheet(name: str, held: CalamineSheet, extent: _Extent, styles: _Styles) -> Sheet:
    def rows() -> Iterator[tuple[int, list[str]]]:
        sheet.issues = [_build_error_issue(name, extent.errors)] if extent.errors else []
        sheet.issues += [_build_comment_issue(name, extent.notes)] if extent.notes else []
        looks = number_formats.Looks(name)
        formed = extent.list_formatted_cells()
        following = next(formed, None)
        for number, row in enumerate(held.to_python(skip_empty_area=False), 1):
            cells = [format_value(cell) for cell in row[:COLUMNS]]
            while following and following[0] < number:
                _, column, style = following
                value = row[column] if following[0] == number - 1 and column < len(cells) else ""
                if isinstance(value, time) and (number - 1, column) in extent.below:
                    value = extent.below[number - 1, column]
                    cells[column] = format_value(value)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    cells[column] = looks.number(value, styles.get_code(style), number, column + 1) or cells[column]
                elif isinstance(value, date | time | timedelta):
                    cells[column] = (
                        looks.format_date(value, styles.get_code(style), number, column + 1) or cells[column]
                    )
                following = next(formed, None)
            yield number, trim_cells(cells)
        sheet.issues += looks.list_issues()

    sheet = Sheet(name, rows)
    return sheet


def _read_extents(source: SourceFile, styles: _Styles) -> list[_Extent]:
    """How far each sheet reaches; what the records say of number formats goes to `styles`."""
    data = _read_stream(source)
    extents: list[_Extent] = []
    depth = 0
    for kind, at, size in _read_records(data):
        if kind == BOF:
            depth += 1
            if depth == 1:
                extents.append(_Extent())
        elif kind == EOF:
            depth = max(0, depth - 1)
        elif kind == FILEPASS and len(extents) == 1:
            raise build_locked_error(source.name)
        elif kind in (FORMAT, XF):
            styles.learn(kind, data[at : at + size])
        elif extents and at + size <= len(data):
            _handle_record(extents[-1], kind, data[at : at + size], styles)
    return extents[1:]


def _read_stream(source: SourceFile) -> bytes:
    """The records of a workbook."""
    try:
        with source.open() as file:
            held = ole_file.open_compound(file)
            name = next((name for name in STREAMS if name in held.streams), "")
            return held.read(name, LARGEST)
    except (ole_file.CompoundError, struct.error, OSError) as error:
        raise _build_workbook_error(source, str(error)) from error


def _handle_record(extent: _Extent, kind: int, record: bytes, styles: _Styles) -> None:
    """Take a record of a sheet."""
    if kind == NOTE:
        extent.notes += 1
    elif len(record) >= 6 and (kind in ONE or kind in MANY):
        _add_cells(extent, kind, record)
        if kind in NUMBERS or (kind == MULRK and not len(record) % 6):
            extent.add_styles(kind, record, styles)


def _add_cells(extent: _Extent, kind: int, record: bytes) -> None:
    row, first = struct.unpack_from("<HH", record)
    last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind in MANY else first
    extent.reach(row, first, max(first, min(last, LAST)))
    if kind == ERROR:
        extent.errors += len(record) >= 8 and record[7] == 1
    elif kind == FORMULA and len(record) >= 14:
        extent.errors += record[12:14] == b"\xff\xff" and record[6] == 2


def _read_records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each record."""
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, at + 4, size
        at += 4 + size


def _read_values(kind: int, record: bytes) -> list[float]:
    """Numbers in a record of one cell or several."""
    if kind in (RK, MULRK):
        return [
            _decode_rk(number)
            for (number,) in struct.iter_unpack("<2xi", record[4:-2] if kind == MULRK else record[4:10])
        ]
    return [] if len(record) < 14 or record[12:14] == b"\xff\xff" else [struct.unpack_from("<d", record, 6)[0]]


def _decode_rk(number: int) -> float:
    """A number in four bytes: whole, or the upper part of a longer one; both also as hundredths."""
    whole = float(number >> 2) if number & 2 else struct.unpack("<d", struct.pack("<q", (number & ~3) << 32))[0]
    return whole / 100 if number & 1 else float(whole)


def _build_error_issue(name: str, errors: int) -> Issue:
    return build_issue(
        "bad-row",
        Sentence("row.table.errors", count=errors, name=repr(name)),
        fix=Sentence("fix.look.cells"),
        place=f"sheet {name}",
    )


def _build_comment_issue(name: str, notes: int) -> Issue:
    said = Sentence("row.table.comments", count=notes, name=repr(name))
    return build_issue("left-out", said, fix=Sentence("fix.look.comments"), place=f"sheet {name}")


def _build_workbook_error(source: SourceFile, why: str) -> SourceError:
    return SourceError(Sentence("refused.file.workbook", name=source.name, error=why[:200] or "damaged"))
