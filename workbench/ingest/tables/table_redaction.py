"""Text tables and JSON records without what is erased. A row that goes keeps its place: its cells hold a fixed word."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from itertools import islice

from workbench.ingest.reading.json_objects import is_lines
from workbench.ingest.reading.redaction import Cuts, RedactedFile, group_lines, rewrite_lines
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import TextLines, detect_encoding
from workbench.ingest.tables.columns.column_mapping import Mapping as TableMapping
from workbench.ingest.tables.sheets import json_records
from workbench.ingest.tables.sheets.delimited import SAMPLE, find_delimiter
from workbench.ingest.tables.sheets.sheet import AS_FOUND
from workbench.ingest.tables.sheets.sheet_readers import read_sheets
from workbench.ingest.tables.table_reader import is_binary
from workbench.model.pseudonyms.name_matching import ERASED


class Raw(str):
    """A number as it is written."""

    __slots__ = ()


def redact_file(source: SourceFile, cuts: Cuts, options: Mapping[str, str]) -> RedactedFile | None:
    """The table without what goes; None for a workbook."""
    head = source.read_head()
    if is_binary(source, head):
        return None
    if json_records.is_records(source, head):
        return _redact_records(source, cuts)
    given = options.get("mapping", "")
    form = TableMapping.from_json(given).form if given else AS_FOUND
    lines = TextLines(source, said=form.encoding)
    mark = form.delimiter[:1] or find_delimiter([line for _, line in islice(lines, SAMPLE)]) or ","
    starts = {number for sheet in read_sheets(source, form) for number, _ in sheet.rows()}
    items = group_lines(lines, lambda number, _: number in starts, "row")
    return rewrite_lines(source, lines, items, cuts, lambda text: [_redact_row(text, mark)])


def _redact_row(text: str, mark: str) -> str:
    """A row of which each filled cell holds the fixed word."""
    try:
        cells = next(csv.reader(text.split("\n"), delimiter=mark), [])
    except csv.Error:
        cells = text.split(mark)
    return mark.join(ERASED if cell.strip() else "" for cell in cells)


def _redact_records(source: SourceFile, cuts: Cuts) -> RedactedFile | None:
    """JSON again: on lines, or as an array; numbers as they are written."""
    with source.open() as file:
        data = file.read()
    text = data.decode(detect_encoding(data), "replace")
    try:
        made = "".join(_redact_lines(text, cuts)) if is_lines(source.read_head()) else _redact_array(text, cuts)
    except (ValueError, RecursionError):
        return None
    return RedactedFile(made.encode())


def _redact_lines(text: str, cuts: Cuts) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        end = line[len(line.rstrip("\r\n")) :]
        if not line.strip():
            yield line
            continue
        kept = _redact_record(_parse_json(line), f"row {number}", cuts)
        yield line if kept == _parse_json(line) else _encode_json(kept) + end


def _redact_array(text: str, cuts: Cuts) -> str:
    whole = _parse_json(text)
    items = whole if isinstance(whole, list) else [whole]
    return (
        "["
        + ",\n".join(_encode_json(_redact_record(item, f"row {at}", cuts)) for at, item in enumerate(items, 1))
        + "]\n"
    )


def _redact_record(value: object, place: str, cuts: Cuts) -> object:
    """A record without what goes of it."""
    if isinstance(value, dict):
        return {cuts.strike("", key): _redact_record(one, place, cuts) for key, one in value.items()}
    if isinstance(value, list):
        return [_redact_record(one, place, cuts) for one in value]
    if value is None or isinstance(value, bool):
        return value
    if place in cuts.gone:
        return ERASED
    made = cuts.redact_text(place, str(value))
    return value if made == value else made


def _parse_json(text: str) -> object:
    return json.loads(text, parse_int=Raw, parse_float=Raw, parse_constant=Raw)


def _encode_json(value: object) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_encode_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_encode_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
