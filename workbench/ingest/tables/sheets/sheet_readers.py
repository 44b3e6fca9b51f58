"""Sheets of tables as rows of text, each kind of file by a module of its own. Formulas are never computed; stored values are read."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.tables.sheets import json_records, ods, parquet, xls
from workbench.ingest.tables.sheets.delimited import read_text_table
from workbench.ingest.tables.sheets.sheet import AS_FOUND, Form, Sheet
from workbench.ingest.tables.sheets.xlsx import is_workbook, read_workbook_sheets

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheets(source: SourceFile, form: Form = AS_FOUND) -> Iterator[Sheet]:
    """Sheets of the file in their order.

    Raises
    ------
    SourceError
        If a file cannot be opened, is locked, or would unpack to more than it should.
    """
    head = source.read_head()
    if ods.is_ods(head):
        yield from ods.read_sheets(source)
    elif is_workbook(head):
        yield from read_workbook_sheets(source)
    elif head.startswith(COMPOUND):
        yield from xls.read_sheets(source)
    elif parquet.is_parquet(head):
        yield from parquet.read_sheets(source)
    elif json_records.is_records(source, head):
        yield from json_records.read_sheets(source)
    else:
        yield read_text_table(source, form)
