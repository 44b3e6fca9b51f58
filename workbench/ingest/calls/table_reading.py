"""Tables of calls and of cells among the tables: how each is read, and large ones without a passage per row.

A small table has a passage and claims for every row, as every table has, and its rows as a batch beside them. Of a large one the
rows are in the batches only; the ledger gets the things that they name, with counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.call_plan import PLAIN, Plan
from workbench.ingest.calls.call_table import CallTable
from workbench.ingest.calls.text_table_stream import Faults, Stream
from workbench.ingest.calls.tower_lists import CellTable
from workbench.ingest.calls.trailing_rows import FIRST, Trailers, build_trailers
from workbench.ingest.calls.values.column_times import find_zone, is_zone
from workbench.ingest.calls.values.phone_numbers import parse_party
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.text_lines import detect_encoding
from workbench.ingest.tables.columns import cell_alignment
from workbench.ingest.tables.columns.cell_values import find_date_order, is_open
from workbench.ingest.tables.columns.column_mapping import DOUBT, Column, SheetMap
from workbench.ingest.tables.columns.column_mapping import Mapping as TableMapping
from workbench.ingest.tables.sheets.delimited import find_delimiter
from workbench.ingest.tables.sheets.sheet import Sheet, select_single_values
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Document, Passage, Row, Trace

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.ingest.calls.values.column_codes import Ints

LARGE = 500
"""Rows above which a table of calls has no passage per row, if each of its columns is known: its records say all that it does."""
TEXT = 20_000
"""The same of a list of cells, of which nothing is claimed row by row, and of a table with columns that are text only."""
CHUNK = 50_000
TOGETHER = 200
"""Rows of a table that is not read which share a passage."""
DAYS = ("start", "date", "end", "end_date")
DAY = 10
TIMES = ("start", "date", "time", "end")
NAMING = ("target", "msisdn", "number", "numero", "abonne", "subscriber", "line", "telefono")


def build_plan(sheet: SheetMap, document: str, region: str, told: Mapping[str, str], above: Sequence[str]) -> Plan:
    """How a sheet is read.

    Parameters
    ----------
    told : mapping
        Options of the reading; 'zone' is the zone of its times, an IANA name or an offset.
    above : sequence of str
        Lines above its header.
    """
    columns = {column.field: index for index, column in enumerate(sheet.columns) if column.field}
    forms = {column.field: column.form for column in sheet.columns if column.field and column.form}
    zone, basis = _find_zone(sheet, told, above)
    return Plan(
        document, columns, forms, by_target=bool(sheet.swap), target=_find_target(above), region=region, zone=zone, basis=basis,
        operator=sheet.told.get("operator", ""),
        values={name.removeprefix("cell "): way for name, way in sheet.told.items() if name.startswith("cell ")},
        line=sheet.told.get("line", ""),
    )  # fmt: skip


def _find_zone(sheet: SheetMap, told: Mapping[str, str], above: Sequence[str]) -> tuple[str, str]:
    """Zone and who says so: the officer, the header of a time, a line above the table, the profile."""
    given = told.get("zone", "").strip()
    if given and is_zone(given):
        return given, "told"
    headers = [column.name for column in sheet.columns if column.field in TIMES]
    found = next((zone for text in (*headers, *above) if (zone := find_zone(text))), "")
    if found:
        return found, "header"
    profiled = sheet.told.get("zone", "")
    return (profiled, "profile") if profiled and is_zone(profiled) else ("", "")


def _find_target(above: Sequence[str]) -> str:
    """Number that a line above the table names as the one asked for."""
    for line in above:
        if any(word in line.casefold() for word in NAMING):
            for part in line.replace(":", " ").replace(",", " ").split():
                if parse_party(part, None).kind == "number":
                    return part
    return ""


def read_small_table(made: Plan, kind: str, rows: Sequence[tuple[int, list[str]]], place: str) -> Iterator[Row]:
    """Batches, marks and issues of a table whose rows have passages and claims of their own."""
    table: CallTable | CellTable = CellTable(made, place) if kind == "cells" else CallTable(made, place)
    if batch := table.take_rows(rows):
        yield batch
        yield from table.finish()


def is_large(sheet: Sheet, mapped: SheetMap) -> bool:
    """Whether a sheet of calls or cells has more rows than have a passage each."""
    most = TEXT if mapped.kind == "cells" or mapped.unmapped_columns else LARGE
    return next(islice(sheet.rows(), mapped.header + most, None), None) is not None


def read(
    source: SourceFile, sheet: Sheet, mapping: TableMapping, told: Mapping[str, str], evidence: Evidence
) -> Iterator[Row]:
    """Rows of a large table of calls or cells.

    Parameters
    ----------
    evidence : Evidence
        Method and version of the reader.
    """
    mapped = mapping.get_sheet(sheet.name) or SheetMap(sheet.name, 0)
    document = compute_digest("Table", source.sha256, sheet.name)
    prefix = _format_prefix(sheet)
    yield Document(document, "Table", f"{source.name}, sheet {sheet.name}" if sheet.name else source.name)
    above = [
        " ".join(filter(None, cells)) for number, cells in islice(sheet.rows(), mapped.header) if number < mapped.header
    ]
    above = [line for line in above if line]
    if above:
        yield _build_trace(source, document, f"{prefix}above the header", sheet)
        yield Passage(compute_digest("Passage", document, "0"), document, 0, "\n".join(above))
    mapped = _resolve_day_order(source, sheet, mapped, mapping)
    made = build_plan(mapped, document, mapping.region, told, above)
    trace = _build_trace(source, document, f"{prefix}rows", sheet)
    yield trace
    read_ = _read_cells if mapped.kind == "cells" else _read_calls
    found = Evidence(evidence.method, evidence.version, document, trace_id=trace.id)
    yield from read_(source, sheet, (mapped, mapping), made, found)


def _read_cells(
    source: SourceFile, sheet: Sheet, maps: tuple[SheetMap, TableMapping], made: Plan, evidence: Evidence
) -> Iterator[Row]:
    """Rows of a large list of cells."""
    towers, single, aligned = (
        CellTable(made, _format_prefix(sheet)),
        Trailers(()),
        cell_alignment.build_alignment(sheet, maps[0]),
    )
    yield from (batch for rows in _read_chunks(sheet, maps[0], single, aligned) if (batch := towers.take_rows(rows)))
    yield from towers.finish()
    yield from sheet.issues
    yield from single.list_issues(made.document, _format_prefix(sheet), "left_out")
    yield from _list_other_rows(sheet, single.other, made.document)
    yield from _tell_shifts(aligned, made.document, _format_prefix(sheet))


def _read_calls(
    source: SourceFile, sheet: Sheet, maps: tuple[SheetMap, TableMapping], made: Plan, evidence: Evidence
) -> Iterator[Row]:
    """Rows of a large table of calls: of a text table as columns, of any other in pieces."""
    mapped, mapping = maps
    calls, trailers = CallTable(made, _format_prefix(sheet)), build_trailers(sheet, mapped)
    aligned = cell_alignment.build_alignment(sheet, mapped)
    if sheet.name or sheet.known or mapping.form.encoding:
        yield from (
            batch for rows in _read_chunks(sheet, mapped, trailers, aligned) if (batch := calls.take_rows(rows))
        )
        yield from sheet.issues
        yield from _tell_shifts(aligned, made.document, calls.place)
    else:
        stream = _open_stream(source, mapped, mapping)
        if aligned:
            stream.doubts = lambda cells: not trailers.is_total(cells) and not aligned.is_aligned(cells)
        for fields, rows in _read_stream_records(stream, mapped, trailers):
            yield calls.build_batch(fields, rows)
        yield from stream.faults.list_issues(made.document, calls.place)
    yield from calls.finish(evidence)
    yield from trailers.list_issues(made.document, calls.place, "left_out")
    yield from _list_other_rows(sheet, trailers.other, made.document)
    yield from _report_unused_columns(mapped, made.document, calls.place)


def _read_stream_records(
    stream: Stream, mapped: SheetMap, trailers: Trailers
) -> Iterator[tuple[Mapping[str, pa.Array], Ints]]:
    """Columns by their field, and the number of each row, without what is no record."""
    names = {name: mapped.columns[at].name for name, at in trailers.fields}
    coded = frozenset(name for field, name in names.items() if field not in PLAIN and field != FIRST)
    for columns, lines in stream.read_batches(list(names.values()), coded):
        fields, rows = _drop_empty_rows({field: columns[name] for field, name in names.items()}, lines, names)
        fields, rows = trailers.drop_trailers(fields, rows)
        if len(rows):
            yield {field: column for field, column in fields.items() if field != FIRST}, rows


def _open_stream(source: SourceFile, mapped: SheetMap, mapping: TableMapping) -> Stream:
    mark = mapping.form.delimiter or find_delimiter(_read_first_lines(source)) or ","
    return Stream(source, mapped.header, mark, [column.name for column in mapped.columns])


def _resolve_day_order(source: SourceFile, sheet: Sheet, mapped: SheetMap, mapping: TableMapping) -> SheetMap:
    """Order of day and month by the whole column, where the rows that were looked at leave it open."""
    import pyarrow.compute as pc

    open_ = [one for one in mapped.columns if one.field in DAYS and not one.form and is_open(one.example)]
    if sheet.name or sheet.known or mapping.form.encoding or not open_:
        return mapped
    seen: dict[str, str] = {}
    names = [column.name for column in open_]
    for columns, _ in _open_stream(source, mapped, mapping).read_batches(names, frozenset()):
        for name, column in columns.items():
            days = pc.unique(pc.utf8_slice_codeunits(pc.utf8_ltrim(column, characters=" '`\""), 0, DAY))
            seen[name] = seen.get(name) or find_date_order(days.to_pylist())
        if all(seen.get(name) for name in names):
            break
    changed = tuple(replace(column, form=column.form or seen.get(column.name, "")) for column in mapped.columns)
    return replace(mapped, columns=changed)


def _read_first_lines(source: SourceFile) -> list[str]:
    """First lines of a text."""
    head = source.read_head()
    return head.decode(detect_encoding(head), "replace").splitlines()[:60]


def _drop_empty_rows(
    columns: Mapping[str, pa.Array], lines: Ints, names: Mapping[str, str]
) -> tuple[Mapping[str, pa.Array], Ints]:
    """Columns without rows that are empty, and without repeats of the header."""
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = np.ones(len(lines), dtype=np.bool_)
    header = np.ones(len(lines), dtype=np.bool_)
    for field, column in columns.items():
        texts = column.dictionary if pa.types.is_dictionary(column.type) else column
        for flags, text in ((empty, ""), (header, names[field])):
            if flags.any():
                same = pc.equal(texts, text).to_numpy(zero_copy_only=False)
                np.logical_and(flags, same[column.indices.to_numpy()] if texts is not column else same, out=flags)
        if not empty.any() and not header.any():
            return columns, lines
    keep = ~(empty | header)
    return {field: column.filter(pa.array(keep)) for field, column in columns.items()}, lines[keep]


def _read_chunks(
    sheet: Sheet, mapped: SheetMap, trailers: Trailers, aligned: cell_alignment.Alignment | None
) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows below the header in pieces, without empty rows, repeats of the header, what is no record, and what may be shifted."""
    header: list[str] = []
    held: list[tuple[int, list[str]]] = []
    for number, cells in sheet.rows():
        if number == mapped.header:
            header = cells
        elif number > mapped.header and any(cells) and cells != header:
            if trailers.is_beyond(number, cells, header):
                continue
            if sum(map(bool, cells)) == 1:
                trailers.note(number, "".join(cells))
            elif not trailers.note_if_trailer(number, cells) and not (
                aligned and aligned.note_if_shifted(number, cells)
            ):
                held.append((number, select_single_values(cells)))
            if len(held) == CHUNK:
                yield held
                held = []
    yield held


def _list_other_rows(sheet: Sheet, begin: int, document: str) -> Iterator[Row]:
    """The rows of another table from its header on, as text, and that they were not read by the first header."""
    if not begin:
        return
    held: list[str] = []
    count = 0
    for number, cells in sheet.rows():
        text = "; ".join(filter(None, cells)) if number >= begin else ""
        held += [text] if text else []
        count += bool(text)
        if len(held) == TOGETHER:
            yield _build_text(document, count, held)
            held = []
    if held:
        yield _build_text(document, count, held)
    message, place = (
        Sentence("row.table.other_header", row=begin, count=count - 1),
        f"{_format_prefix(sheet)}row {begin}",
    )
    yield build_issue("bad-row", message, fix=Sentence("fix.split_tables"), document_id=document, place=place)


def _build_text(document: str, last: int, lines: list[str]) -> Passage:
    number = -(-last // TOGETHER)
    return Passage(compute_digest("Passage", document, f"other table {number}"), document, number, "\n".join(lines))


def _tell_shifts(aligned: cell_alignment.Alignment | None, document: str, prefix: str) -> Iterator[Row]:
    """That rows may stand in wrong columns, and were left out."""
    faults = Faults()
    faults.add("left", aligned.shifted if aligned else [])
    yield from faults.list_issues(document, prefix)


def _format_prefix(sheet: Sheet) -> str:
    """What stands before 'row 7' in places of a sheet."""
    return f"sheet {sheet.name} " if sheet.name else ""


def _build_trace(source: SourceFile, document: str, place: str, sheet: Sheet) -> Trace:
    return Trace(
        compute_digest(source.sha256, place, document), document, source.sha256, place=place, conversation=sheet.name
    )


def _report_unused_columns(mapped: SheetMap, document: str, prefix: str) -> Iterator[Row]:
    """Columns that are not taken; of a large table their cells are in the source only."""
    for name in mapped.unmapped_columns:
        column = next(one for one in mapped.columns if one.name == name)
        message, fix = _format_unused_column(column), Sentence("fix.say.column")
        yield build_issue("unmapped-column", message, fix=fix, document_id=document, place=f"{prefix}column {name}")


def _format_unused_column(column: Column) -> Sentence:
    """That a column is not taken, and what is said of it."""
    name, why = repr(column.name), column.why
    if why.startswith(DOUBT):
        return Sentence("row.calls.unused_doubt", column=name, could=why.removeprefix(DOUBT))
    if why:
        return Sentence("row.calls.unused_why", column=name, why=f"{why[:1].upper()}{why[1:]}")
    return Sentence("row.calls.unused", column=name)
