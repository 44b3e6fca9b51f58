"""Sheets of tables as rows of text, each kind of file by a module of its own. Formulas are never computed; stored values are read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.tables.sheets import json_records, ods, parquet, xls
from workbench.ingest.tables.sheets.delimited import read_text_table
from workbench.ingest.tables.sheets.sheet import AS_FOUND, MOST, PART, Form, Sheet
from workbench.ingest.tables.sheets.xlsx import is_workbook, read_workbook_sheets

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheets(source: SourceFile, form: Form = AS_FOUND) -> Iterator[Sheet]:
    """Sheets of the file in their order, no two of one name: where a program wrote a name twice, the second has a number.

    Raises
    ------
    SourceError
        If a file cannot be opened, is locked, or would unpack to more than it should.
    """
    taken: set[str] = set()
    for sheet in _read_form(source, form):
        name = next(name for name in _list_names(sheet.name) if name not in taken)
        taken |= {name, *(PART.format(name=name, number=number) for number in range(2, MOST + 1))}
        sheet.name = name
        yield sheet


def _list_names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({number})" for number in count(2))


def _read_form(source: SourceFile, form: Form) -> Iterator[Sheet]:
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
