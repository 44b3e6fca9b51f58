"""Records in JSON (one object per line, or an array of objects) as one sheet.

Members within members are columns named by their path ('caller.number'); lists are cells of JSON. The columns are the
members of all records in the order in which they first come.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import SourceError
from workbench.ingest.reading.json_objects import Item, Objects, format_value, is_lines, parse_first_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import format_numbers
from workbench.ingest.tables.sheets.sheet import COLUMNS, Several, Sheet
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.text.normalise import clean_text

DEEPEST = 6
"""Members are columns this deep; what lies deeper is a cell of JSON."""

SUFFIXES = (".json", ".jsonl", ".ndjson")


def is_records(source: SourceFile, head: bytes) -> bool:
    """Whether the file holds records: objects on lines, or an array that begins with an object."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in (b"{", b"["):
        return False
    found = parse_first_value(head)
    if found is None:
        return source.suffix in SUFFIXES[1:]
    if not isinstance(found, dict) or not found:
        return False
    return start == b"[" or (is_lines(head) and (source.suffix in SUFFIXES[1:] or _has_second_object(head)))


def _has_second_object(head: bytes) -> bool:
    """Whether a second object stands on a line of its own, as far as the first bytes show."""
    lines = [line for line in head.splitlines() if line.strip()]
    return len(lines) > 1 and lines[1].lstrip().startswith(b"{")


def read_sheets(source: SourceFile) -> Iterator[Sheet]:
    """The one sheet of the file; its header has number 0, a row has the number of its line or item.

    Raises
    ------
    SourceError
        If the file holds no record.
    """
    objects = Objects(source)
    columns: dict[str, None] = {}
    found = 0
    for item in objects:
        record = flatten_item(item)
        found += bool(record)
        for name in record:
            if len(columns) < COLUMNS:
                columns.setdefault(name)
    if not found:
        why = objects.issues[0].message if objects.issues else "it has no object with members"
        raise SourceError(Sentence("refused.file.records", name=source.name, why=why))
    names = list(columns)

    def rows() -> Iterator[tuple[int, list[str]]]:
        sheet.issues = []
        yield 0, [clean_text(name) for name in names]
        yield from _read_rows(sheet, objects, names)

    sheet = Sheet("", rows, known=True)
    yield sheet


def _read_rows(sheet: Sheet, objects: Objects, names: list[str]) -> Iterator[tuple[int, list[str]]]:
    index = {name: at for at, name in enumerate(names)}
    none: list[int] = []
    beyond: list[int] = []
    for item in objects:
        number = int(item.place.rpartition(" ")[2])
        record = flatten_item(item)
        if known := record.keys() & index.keys():
            cells = [""] * len(names)
            for name in known:
                cells[index[name]] = _clean_cell(record[name])
            yield number, cells
        (none if not record else beyond if not record.keys() <= index.keys() else []).append(number)
    sheet.issues += objects.issues
    if none:
        sheet.issues.append(
            _build_row_issue(Sentence("row.table.no_objects", count=len(none), listed=format_numbers(none)), none)
        )
    if beyond:
        sheet.issues.append(
            _build_row_issue(
                Sentence("row.table.members", count=len(beyond), most=COLUMNS, listed=format_numbers(beyond)), beyond
            )
        )


def _clean_cell(cell: str) -> str:
    if not isinstance(cell, Several):
        return clean_text(cell)
    made = Several(clean_text(cell))
    made.entries = cell.entries
    return made


def _build_row_issue(what: Sentence, found: list[int]) -> Issue:
    return build_issue("bad-row", what, fix=Sentence("fix.look.source"), place=f"row {found[0]}")


def flatten_item(item: Item) -> dict[str, str]:
    """Columns of a record and their texts; empty if it is no object."""
    found: dict[str, str] = {}
    if isinstance(item.value, dict):
        _flatten_object(item.value, "", found, 1)
    return found


def _flatten_object(value: dict[str, object], path: str, found: dict[str, str], depth: int) -> None:
    for name, one in value.items():
        key = f"{path}{name}"
        if isinstance(one, dict) and one and depth < DEEPEST:
            _flatten_object(one, f"{key}.", found, depth + 1)
            continue
        again = 2
        while key in found:
            key, again = f"{path}{name} ({again})", again + 1
        found[key] = Several.from_value(one, format_value(one), format_value)
