"""Tables to CSV and XLSX that a spreadsheet opens as text: no cell is ever a formula, and nothing is cut unsaid."""

from __future__ import annotations

import csv as csv_format
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.report.blocks import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
CELL_LIMIT = 32_767
ROW_LIMIT = 1_048_576
CUT = " … [cut here: a cell holds no more; the CSV has the whole text]"
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

Value = str | int | float | bool | None


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading ' where it would start one. `unguard` gives it back.

    >>> guard("=1+1"), guard("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.startswith(LIVE) else text


def unguard(text: str) -> str:
    """The text before `guard`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(LIVE) else text


def csv(frame: pd.DataFrame, *, guarded: bool = True) -> str:
    """The table as CSV (RFC 4180, line ends CRLF). Lists are joined by '; '.

    Parameters
    ----------
    frame : DataFrame
    guarded : bool
        False leaves texts as they are, for programs; then never open the file in a spreadsheet.
    """
    out = io.StringIO()
    writer = csv_format.writer(out, lineterminator="\r\n")
    protect = guard if guarded else str
    writer.writerow([protect(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([protect(value) if isinstance(value, str) else value for value in map(plain_value, row)])
    return out.getvalue()


def xlsx(frames: Mapping[str, pd.DataFrame]) -> bytes:
    """One workbook with a sheet per table. Texts are typed as text; the same tables give the same bytes.

    Raises
    ------
    WorkbenchError
        If a table has more rows than a sheet can hold.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, frame in frames.items():
        if len(frame) >= ROW_LIMIT:
            raise WorkbenchError(f"{name} has {len(frame):,} rows and a sheet holds {ROW_LIMIT:,}. Export it as CSV.")
        _fill(book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31]), frame)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def plain_value(value: object) -> Value:
    """A cell's value: text, number or nothing; lists joined, everything else as its text."""
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(
            str(plain_value(item)) for item in (sorted(value) if isinstance(value, set | frozenset) else value)
        )
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return None if value != value else value  # noqa: PLR0124 (NaN is the one value unlike itself)
    item = getattr(value, "item", None)
    return plain_value(item()) if callable(item) else str(value)


def _fill(sheet: Worksheet, frame: pd.DataFrame) -> None:
    sheet.append([str(name) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        sheet.append([_fitting(value) if isinstance(value, str) else value for value in map(plain_value, row)])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
                if cell.value.startswith(LIVE):
                    cell.quotePrefix = True
    sheet.freeze_panes = "A2"


def _fitting(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - len(CUT)] + CUT


def _timeless(workbook: bytes) -> bytes:
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
