"""Registers of messages: a row a message. Headers say which field a column is; an officer may say otherwise. And back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain

from workbench.messages.model.message import Correspondence
from workbench.messages.traffic import field_labels
from workbench.messages.traffic.labelled_line import Line
from workbench.messages.traffic.labelled_values import ReadMessage, build_message
from workbench.messages.traffic.marks.markings import MARKS
from workbench.messages.traffic.text_forms import flatten_fields
from workbench.model.text.spreadsheet_escape import escape_formula, unescape_formula

JOIN = "; "


def map_columns(header: Sequence[str]) -> dict[str, str]:
    """Column -> path of the field that its header means, '' where none. Of two of one field the first, unless it is a list or a mark."""
    found: dict[str, str] = {}
    for name in header:
        path = field_labels.find_field(name)
        several = path in MARKS or field_labels.is_list(path)
        found[name] = "" if path in found.values() and not several else path
    return found


def read_messages(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], fields: Mapping[str, str]
) -> Iterator[ReadMessage]:
    """Messages of the rows of a table: numbered rows, and the field of each column ('' for none). Cells beyond the header are of none."""
    for number, cells in rows:
        beyond = (f"column {at}" for at in range(len(header) + 1, len(cells) + 1))
        lines = [
            Line(
                name,
                unescape_formula(cell),
                f"row {number}, column {name.removeprefix('column ')}",
                fields.get(name, ""),
            )
            for name, cell in zip(chain(header, beyond), cells, strict=False)
            if cell.strip()
        ]
        if lines:
            yield build_message(f"row {number}", lines)


def format_rows(rows: Iterable[Sequence[str]]) -> str:
    r"""Cells of rows that are no messages, a line each; what stands behind, or below, the label of a mark is its value.

    >>> format_rows([["TLP", "RED"], ["", "Register"]])
    'TLP:\nRED\nRegister'
    """
    return "\n".join(
        f"{cell}:" if field_labels.find_field(cell) in MARKS else cell for cells in rows for cell in cells if cell
    )


def format_heading(header: Iterable[str]) -> str:
    """The names of columns as one line, without those that are labels of marks."""
    return "; ".join(name for name in header if name and field_labels.find_field(name) not in MARKS)


def format_csv(messages: Sequence[Correspondence]) -> str:
    """Messages as a CSV text with the paths of fields as headers, or labels; no spreadsheet makes a formula of a cell.

    A table has no place for a part of a list with nothing in it.
    """
    told = [_list_cells(message) for message in messages]
    names = list(dict.fromkeys(name for one in told for name in one))
    text = StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([name if field_labels.find_field(name) == name else field_labels.get_label(name) for name in names])
    sheet.writerows([[escape_formula(one.get(name, "")) for name in names] for one in told])
    return text.getvalue()


def _list_cells(message: Correspondence) -> dict[str, str]:
    cells = {field_labels.FORM: message.form}
    for path, value in flatten_fields(message):
        if not path.endswith("]"):
            cells[path] = f"{cells[path]}{JOIN}{value}" if path in cells else value
    return cells
