"""Reader `table`: CSV, TSV, XLSX, XLS, ODS, Parquet and JSON records. Every row becomes a passage; mapped columns become claims.

Options: 'mapping' (text of a `Mapping`; guessed if absent), 'region' (country of national telephone numbers) and 'zone' (zone of
the times of call records).
After a thousand rows without claims short ones share a passage. Tables of calls and of cells also give their rows as batches; those of
calls above 500 rows, and lists of cells above 20,000, only so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from workbench.ingest.archives import zip_members
from workbench.ingest.reading.source import Evidence, Reader, SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.tables.sheets import json_records, ods, parquet, xls
from workbench.ingest.tables.sheets.delimited import find_delimiter
from workbench.ingest.tables.sheets.xlsx import is_workbook
from workbench.ingest.tables.table_rows import METHOD, VERSION
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row

SUFFIXES = {".csv": "commas", ".tsv": "tabs", ".tab": "tabs"}
WORKBOOKS = (".xlsx", ".xlsm")
MAIN, TYPES = "xl/workbook.xml", "[content_types].xml"
"""Parts by which a workbook is known, in small letters."""
NAME = 30
"""Bytes of a ZIP file before the name of its first member."""
FEW = 3
COMMAS = 3
LINES = 5
"""Text with fewer lines of that many commas is taken for prose."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: a workbook, a table by its name, or lines with the same number of cells."""
    if kind := is_binary(source, head):
        return kind
    if not head.strip() or not is_text(head):
        return ""
    if source.suffix in SUFFIXES:
        return Sentence("detected.table_name", suffix=source.suffix)
    if json_records.is_records(source, head):
        return Sentence("detected.records")
    return _find_table_reason(head) if source.suffix in ("", ".txt", ".dat") else ""


def _find_table_reason(head: bytes) -> str:
    """Why a text is a table: by what its lines have in common."""
    lines = head.decode(detect_encoding(head), "replace").splitlines()[:60]
    mark = find_delimiter(lines) if len([line for line in lines if line.strip()]) >= FEW else ""
    if not mark or (mark == "," and not _is_comma_separated(lines)):
        return ""
    return Sentence("detected.tabs") if mark == "\t" else Sentence("detected.cells", mark=repr(mark))


def _is_comma_separated(lines: list[str]) -> bool:
    """Whether commas part cells and do not punctuate: many, in most lines equally many, and hardly a blank after one."""
    filled = [line for line in lines if line.strip()]
    times, often = (
        Counter(line.count(",") for line in filled if '"' not in line).most_common(1)[0] if filled else (0, 0)
    )
    blanks = sum(line.count(", ") for line in filled)
    return times >= COMMAS and often >= max(LINES, len(filled) / 2) and blanks * 10 <= times * often


def is_binary(source: SourceFile, head: bytes) -> str:
    """Why the file is a table of a kind that shows in its first bytes."""
    if ods.is_ods(head):
        return Sentence("detected.ods")
    if is_workbook(head) and (source.suffix in WORKBOOKS or _has_workbook_parts(source, head)):
        return Sentence("detected.xlsx")
    if parquet.is_parquet(head):
        return Sentence("detected.parquet")
    if xls.is_xls(source, head):
        return Sentence("detected.xls")
    return ""


def _has_workbook_parts(source: SourceFile, head: bytes) -> bool:
    """Whether a ZIP file is a workbook itself, and does not only hold one, or a folder that is called as a part of one.

    Of a damaged one, whose members nobody can list, the first one tells.
    """
    names = {name.lower() for name in zip_members.list_names(source, head)}
    if names:
        return MAIN in names or (TYPES in names and any(name.startswith("xl/") for name in names))
    return head[NAME:].lower().startswith((TYPES.encode(), b"xl/", b"docprops/", b"_rels/")) and b"xl/" in head


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Table per sheet, one passage and trace per row; many short rows without claims share them.

    Raises
    ------
    SourceError
        If the workbook cannot be opened, or options['mapping'] is no mapping.
    """
    from workbench.ingest.calls import table_reading
    from workbench.ingest.tables.columns.column_mapping import MASS_KINDS
    from workbench.ingest.tables.columns.column_mapping import Mapping as TableMapping
    from workbench.ingest.tables.guess import sheet_parts
    from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
    from workbench.ingest.tables.sheets.sheet_readers import read_sheets
    from workbench.ingest.tables.sheets.workbook_notes import Beside, WorkbookText, read_notes, read_tabs
    from workbench.ingest.tables.table_rows import SheetReader

    given = options.get("mapping", "")
    mapping = TableMapping.from_json(given) if given else guess_file_mapping(source, options.get("region", ""))
    known: set[str] = set()
    by = Evidence(METHOD, VERSION)
    rest = WorkbookText(source, by, is_strict=sheet_parts.has_secret_columns(mapping))
    for whole in read_sheets(source, mapping.form):
        known.add(whole.part)
        beside = Beside(sheet_parts.build_secret_columns(whole.name, mapping), rest.secret, by)
        rest.watch(whole, beside.columns)
        for sheet in sheet_parts.split_sheet(whole, mapping):
            mapped = mapping.get_sheet(sheet.name)
            if mapped and mapped.kind in MASS_KINDS and table_reading.is_large(sheet, mapped):
                yield from table_reading.read(source, sheet, mapping, options, by)
            else:
                yield from rest.mark_rows_read(SheetReader(source, sheet, mapping, options).read())
        yield from rest.mark_rows_read(read_notes(source, whole, beside))
    yield from rest.mark_rows_read(read_tabs(source, known, rest.secret))
    yield from rest.read()


READERS = {METHOD: Reader(VERSION, detect, read)}
