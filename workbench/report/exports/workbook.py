"""A table as a workbook (XLSX): every text is typed as text, so that no cell is a formula; nothing is cut unsaid."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.text.spreadsheet_escape import LIVE, escape_unseen
from workbench.report.exports.cells import add_index_columns, to_cell_value
from workbench.report.exports.export_header import About
from workbench.report.exports.text_tables import to_csv

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

CELL_LIMIT = 32_767
"""UTF-16 units that a cell holds."""
ROW_LIMIT, COLUMN_LIMIT = 1_048_576, 16_384
EXACT = 10**15
"""Whole numbers from here on lose digits in a spreadsheet and are written as text."""
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def to_xlsx(frame: pd.DataFrame, about: About) -> bytes:
    """One workbook with the sheets 'About' and 'Data'. The same table and the same `about` give the same bytes.

    Texts are spelt (`spell`, taken back by `unspell`) and typed as text; links are not made of anything. Whole numbers of
    sixteen digits and more are texts. A text that is too long for a cell ends in a note that says so, and 'About' counts
    these cells. Its SHA-256 is that of the table as `csv` writes it.

    Raises
    ------
    CaseError
        If the table has more rows or columns than a sheet can hold.
    """
    from openpyxl import Workbook

    whole = add_index_columns(frame)
    _check_size(whole)
    book = Workbook(write_only=True)
    about_sheet, data = book.create_sheet("About"), book.create_sheet("Data")
    say, end = about.say, about.say(" … [shortened here: the cell is full. A CSV export contains the full text]")
    cells = [
        [_limit_value(value, end) for value in map(to_cell_value, row)]
        for row in whole.itertuples(index=False, name=None)
    ]
    long = sum(isinstance(value, str) and value.endswith(end) for row in cells for value in row)
    told = [*about.list_lines(), ("sha256", hashlib.sha256(to_csv(whole)).hexdigest())]
    if long:
        told.append(("note", say("export.without.cut", count=say.figure(long))))
    about_sheet.column_dimensions["A"].width, about_sheet.column_dimensions["B"].width = 28, 100
    _write_rows(about_sheet, [(say.term("export.label", label), _limit_value(text, end)) for label, text in told])
    data.freeze_panes = "A2"
    _write_rows(data, [[_limit_value(str(name), end) for name in whole.columns], *cells])
    out = io.BytesIO()
    book.save(out)
    return _remove_times(out.getvalue())


def _check_size(frame: pd.DataFrame) -> None:
    rows, columns = frame.shape
    if rows >= ROW_LIMIT or columns > COLUMN_LIMIT:
        held = {"rows": rows, "columns": columns, "most_rows": ROW_LIMIT - 1, "most_columns": COLUMN_LIMIT}
        raise CaseError(
            Sentence(
                "The table has {rows} rows and {columns} columns. A sheet can have at most {most_rows} rows and "
                "{most_columns} columns. Export the table as `.csv`, or make it smaller first.",
                **held,
            )
        )


def _write_rows(sheet: WriteOnlyWorksheet, rows: Iterable[Iterable[object]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    for row in rows:
        made: list[object] = []
        for value in row:
            if not isinstance(value, str) or not value:
                made.append(None if value == "" else value)
                continue
            cell = WriteOnlyCell(sheet)
            cell.value = value
            cell.data_type = "s"
            if LIVE.match(value):
                cell.quotePrefix = True
            made.append(cell)
        sheet.append(made)


def _limit_value(value: object, end: str) -> object:
    """A value that a cell can hold; `end` tells where a text was cut."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < EXACT else str(value)
    if isinstance(value, float):
        return value if abs(value) != float("inf") else str(value)
    text = escape_unseen(str(value))
    return text if _count_units(text) <= CELL_LIMIT else _cut_text(text, end)


def _cut_text(text: str, end: str) -> str:
    room = CELL_LIMIT - len(end)
    head = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return head + end


def _count_units(text: str) -> int:
    return len(text) if text.isascii() or len(text) * 2 <= CELL_LIMIT else len(text.encode("utf-16-le")) // 2


def _remove_times(workbook: bytes) -> bytes:
    """The workbook without the moment of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = STAMP.sub(rb"\g<1>" + EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), data)
            info = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()
