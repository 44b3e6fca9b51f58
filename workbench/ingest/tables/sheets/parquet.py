"""Parquet files as one sheet: rows in bounded batches, nested columns as JSON, numbers and times as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import SEEK_END
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError
from workbench.ingest.budgets import compute_max_bulk_rows, compute_max_cells
from workbench.ingest.reading.json_objects import replace_surrogates
from workbench.ingest.reading.source import SourceFile, describe_damage
from workbench.ingest.tables.sheets.sheet import COLUMNS, Note, Several, Sheet, format_value
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import FileMetaData, ParquetFile

MARK, LOCKED = b"PAR1", b"PARE"
BATCH = 512
"""Rows in one batch."""

GROUP = 4 * 1024**3
"""Bytes of a row group unpacked, at most."""

ROWS = 50_000_000
LONGEST = 1_000_000
"""Characters of a cell; what is longer is cut and reported."""

DEEPEST = 20
OF_PROGRAMS = (
    "ARROW:",
    "PARQUET:",
    "pandas",
    "org.apache.",
    "spark.",
    "parquet.",
    "iceberg.",
    "writer.",
    "huggingface",
    "geo",
)
"""Beginnings of names of metadata that programs fill."""
BROKEN = (OSError, ValueError, TypeError, LookupError, ArithmeticError, NotImplementedError, RecursionError)
"""What pyarrow raises on damaged files; its own errors are kinds of these."""


def is_parquet(head: bytes) -> bool:
    """Whether the file begins as Parquet does."""
    return head.startswith((MARK, LOCKED))


def read_sheets(source: SourceFile) -> Iterator[Sheet]:
    """The one sheet of the file; its header has number 0, its rows count from 1.

    Raises
    ------
    SourceError
        If the file is encrypted, damaged, or unpacks to too much for its size.
    """
    if source.read_head(4) == LOCKED:
        raise SourceError(Sentence("refused.file.parquet_encrypted", name=source.name))
    with source.open() as file:
        _open_parquet(source, file)

    def rows() -> Iterator[tuple[int, list[str]]]:
        sheet.issues = []
        with source.open() as again:
            held = _open_parquet(source, again)
            sheet.notes = list(_list_notes(held))
            yield from _read_rows(sheet, held)

    sheet = Sheet("", rows, known=True)
    yield sheet


def _open_parquet(source: SourceFile, file: BinaryIO) -> ParquetFile:
    import pyarrow.parquet as pq

    try:
        held = pq.ParquetFile(file)
        groups = [held.metadata.row_group(index).total_byte_size for index in range(held.metadata.num_row_groups)]
        texts = [held.schema.column(i).path for i in range(len(held.schema)) if _is_text(held, i)]
        file.seek(0)
        found = pq.ParquetFile(file, read_dictionary=texts)
    except BROKEN as error:
        raise SourceError(Sentence("refused.file.parquet", name=source.name, error=describe_damage(error))) from error
    if any(size > GROUP or size < 0 for size in groups):
        raise SourceError(
            Sentence(
                "{name} was not read: a group of its rows unpacks to {size} bytes. The limit is {limit} bytes. Save the "
                "table with smaller row groups, or as CSV.",
                name=repr(source.name),
                size=f"{max(groups):,}",
                limit=f"{GROUP:,}",
            )
        )
    _refuse_dense(source, found.metadata, file)
    return found


def _list_notes(held: ParquetFile) -> Iterator[Note]:
    """What somebody has written beside the columns: metadata of the file and of its columns, but what programs write for themselves."""
    found = [("", held.metadata.metadata), ("", held.schema_arrow.metadata)]
    found += [(field.name, field.metadata) for field in held.schema_arrow]
    said: set[tuple[str, str]] = set()
    for name, data in found:
        for key, value in (data or {}).items():
            label, text = (
                replace_surrogates(part.decode("utf-8", "replace"))[:LONGEST].strip() for part in (key, value)
            )
            if text and not label.startswith(OF_PROGRAMS) and (f"{name} {label}", text) not in said:
                said.add((f"{name} {label}", text))
                about = f"Metadata of column {clean_text(name)}, {label}" if name else f"Metadata {label}"
                yield Note(about, "", text, clean_text(name))


def _refuse_dense(source: SourceFile, told: FileMetaData, file: BinaryIO) -> None:
    """Refuse a file that tells of more rows or cells than its bytes can honestly hold, before any is decoded.

    How many entries the lists of a column have is not asked: pyarrow ends the process where that part of a footer is damaged. They are
    bounded as they are read.
    """
    size = file.seek(0, SEEK_END)
    rows = sum(told.row_group(index).num_rows for index in range(told.num_row_groups))
    cells = rows * told.num_columns
    if rows > compute_max_bulk_rows(size) or cells > compute_max_cells(size):
        figures = {"rows": f"{rows:,}", "cells": f"{cells:,}", "size": f"{size:,}"}
        raise SourceError(Sentence("refused.file.parquet_dense", name=source.name, **figures))


def _is_text(held: ParquetFile, index: int) -> bool:
    """Whether a column holds texts, not nested: read by its dictionary, a text that stands in all rows is held once."""
    column = held.schema.column(index)
    return column.physical_type == "BYTE_ARRAY" and column.max_repetition_level == 0 and "." not in column.path


def _read_rows(sheet: Sheet, held: ParquetFile) -> Iterator[tuple[int, list[str]]]:
    names = [clean_text(replace_surrogates(name)) for name in held.schema_arrow.names]
    if len(names) > COLUMNS:
        _add_issue(sheet, "too-large", Sentence("row.large.columns", count=len(names), most=COLUMNS), 0)
    yield 0, names[:COLUMNS]
    number, cut = 0, 0
    wanted = held.schema_arrow.names[:COLUMNS]
    try:
        for batch in held.iter_batches(BATCH, columns=wanted if len(set(wanted)) == len(wanted) else None):
            columns = [_format_column(column) for column in batch.columns[:COLUMNS]]
            for row in range(batch.num_rows):
                number += 1
                cells = [column[row] for column in columns]
                cut += any(len(cell) > LONGEST for cell in cells)
                yield number, cells
            if number >= ROWS:
                _add_issue(sheet, "too-large", Sentence("row.large.table_rows", most=ROWS), number)
                break
    except BROKEN as error:
        why = describe_damage(error)
        _add_issue(sheet, "truncated", Sentence("row.cut.table", number=str(number), error=why), number)
    if cut:
        _add_issue(sheet, "too-large", Sentence("row.large.long_cells", count=cut, most=LONGEST), number)


def _format_column(column: pa.Array) -> list[str]:
    """Texts of a column; of one with a dictionary each different value is made a text once."""
    import pyarrow as pa

    if isinstance(column, pa.DictionaryArray):
        texts = _format_column(column.dictionary)
        return ["" if index is None else texts[index] for index in column.indices.to_pylist()]
    try:
        return [_cut_text(format_stored_value(value)) for value in column.to_pylist()]
    except BROKEN:
        return [_format_scalar(scalar) for scalar in column]


def _cut_text(text: str) -> str:
    """The text, or its beginning with a mark."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _format_scalar(scalar: pa.Scalar) -> str:
    """Text of one value that has no counterpart in Python: a date after the year 9999, a time in nanoseconds."""
    try:
        return format_stored_value(scalar.as_py())
    except BROKEN:
        return clean_text(str(getattr(scalar, "value", "")))


def format_stored_value(value: object) -> str:
    """Text of a stored value. Nested values are JSON; bytes that are no text are hexadecimal."""
    if value is None or value != value:  # noqa: PLR0124 - no number is the only one that differs from itself
        return ""
    if isinstance(value, str | bytes):
        return _decode_string(value)
    if isinstance(value, dict | list | tuple):
        return Several.from_value(
            value, replace_surrogates(json.dumps(_simplify_value(value, 0), ensure_ascii=False)), format_stored_value
        )
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    exact = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if exact else format_value(value)


def _simplify_value(value: object, depth: int) -> object:
    """A nested value of nothing but what JSON has."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {str(key): _simplify_value(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_simplify_value(one, depth + 1) for one in value]
    if isinstance(value, date | time | timedelta | Decimal | bytes):
        return format_stored_value(value)
    return value


def _decode_string(value: str | bytes) -> str:
    try:
        return clean_text(replace_surrogates(value if isinstance(value, str) else value.decode("utf-8")))
    except UnicodeDecodeError:
        return value.hex() if isinstance(value, bytes) else ""


def _add_issue(sheet: Sheet, code: str, what: Sentence, number: int) -> None:
    sheet.issues.append(build_issue(code, what, fix=Sentence("fix.compare.source"), place=f"row {number}"))
