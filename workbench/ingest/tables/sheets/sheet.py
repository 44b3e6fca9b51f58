"""A sheet of a table as rows of text, whatever file it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text

COLUMNS = 2_000
PART = "{name} table {number}"
"""Name of a further table in a sheet."""
MOST = 20
"""Tables of a sheet that are told apart."""
EXACT = 10**15
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
"""How XLSX writes a character by its number."""


class Note(NamedTuple):
    """A text beside the cells: what it is ('Comment on cell A2 by Ada'), the cell, what it says, the column; '' if of none."""

    label: str
    cell: str
    text: str
    column: str = ""


class Several(str):
    """A list, or an object too deep for columns, in one cell: its text is JSON, `entries` are the values of a list of values."""

    entries: tuple[str, ...] = ()

    @classmethod
    def from_value(cls, value: object, text: str, entry: Callable[[object], str]) -> str:
        """The text of a value, with its entries where it is a list; `entry` makes the text of one."""
        if not isinstance(value, list | tuple | dict):
            return text
        made = cls(text)
        if not isinstance(value, dict) and not any(isinstance(one, list | tuple | dict) for one in value):
            made.entries = tuple(told for one in value if (told := clean_text(entry(one))))
        return made


def select_single_values(cells: list[str]) -> list[str]:
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


def format_value(cell: object) -> str:
    """Text of a stored value; a number of more than fifteen digits, which was rounded, with its exponent."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).upper() if isinstance(cell, bool) else number_text(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        return _format_time(cell)
    return clean_text(str(cell))


def _format_time(cell: datetime | date | time | timedelta) -> str:
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


def unescape_text(text: str) -> str:
    """A text of XLSX with its escapes undone (ECMA-376 part 1, 22.9.2.19, ST_Xstring).

    >>> unescape_text("M_x0061_rta"), unescape_text("_x005F_x0061_"), unescape_text("_xD83D__xDE00_")
    ('Marta', '_x0061_', '\U0001f600')
    """
    made = ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    return made if made is text else made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def trim_cells(cells: list[str]) -> list[str]:
    """Cells without the empty ones at the end."""
    while cells and not cells[-1]:
        cells.pop()
    return cells
