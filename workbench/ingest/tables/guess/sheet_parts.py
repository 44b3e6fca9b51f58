"""Several tables in one sheet, as operators deliver them and as exports are put together: each begins with a header of its own."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import dropwhile, islice
from typing import TYPE_CHECKING

from workbench.ingest.tables.columns.column_mapping import (
    LEFT_OUT,
    MASS_KINDS,
    NOTHING,
    OF,
    Mapping,
    OfficerChoice,
    SheetMap,
)
from workbench.ingest.tables.guess import header_row
from workbench.ingest.tables.sheets.secret_columns import SecretColumns, SecretTable
from workbench.ingest.tables.sheets.sheet import AS_FOUND, MOST, PART, Form, Sheet
from workbench.model.schema import SPECIAL

if TYPE_CHECKING:
    from collections import abc

    from workbench.ingest.reading.source import SourceFile


WITHIN = 20_000
"""Rows below a header within which another one is looked for."""
FEWEST = 4
SHARE = 0.5
SPARSE = 2
BEGIN = "begins at row"


def guess_mappings(
    sheet: Sheet, said: abc.Mapping[str, OfficerChoice], *, region: str = "", file: str = ""
) -> Iterator[SheetMap]:
    """Mappings of the tables of a sheet; the first has the sheet's name, the others a number beside it.

    Parameters
    ----------
    region : str
        Country of the numbers, '' unknown.
    file : str
        Name of the file, which may name a line.
    """
    from workbench.ingest.tables.guess import sheet_guess

    part, told = sheet, said.get(sheet.name, NOTHING)
    found = sheet_guess.guess_mapping(part, told, region=region, file=file)
    yield found
    for number in range(2, MOST + 1):
        bulk = _is_bulk_table(part, found, told)
        begin, header = _find_next_table(sheet, found) if bulk else _find_other_header(sheet, found)
        if not header:
            return
        name = PART.format(name=sheet.name, number=number).strip()
        left = told.left_out | told.left_out_above | {one.name for one in found.columns if one.role == LEFT_OUT}
        part, told = _select_rows(sheet, name, begin, 0), said.get(name, NOTHING)
        told = replace(told, header=header if told.header is None else told.header, left_out_above=left)
        made = sheet_guess.guess_mapping(part, told, region=region, file=file)
        found = replace(made, told={**made.told, BEGIN: str(begin), OF: sheet.name})
        yield found


def get_place(table: SheetMap) -> tuple[str, int]:
    """The sheet in which a table lies, and the row at which it begins."""
    begin = table.told.get(BEGIN, "")
    return (table.told.get(OF, table.sheet), int(begin)) if begin.isdecimal() else (table.sheet, 1)


def build_secret_columns(sheet: str, mapping: Mapping) -> SecretColumns:
    """The columns of a sheet that are left out, or that tell of a special category, in all of its tables."""
    made = SecretColumns(sheet)
    found = sorted((get_place(one)[1], at) for at, one in enumerate(mapping.sheets) if get_place(one)[0] == sheet)
    for begin, at in found:
        made.tables.append(table := SecretTable(begin))
        for place, column in enumerate(mapping.sheets[at].columns):
            used = mapping.sheets[at].list_uses(column.name)
            uses = tuple((entity.schema, prop) for entity, prop in used if prop in SPECIAL)
            if uses or column.role == LEFT_OUT:
                table.add(place, column.name, () if column.role == LEFT_OUT else uses)
            else:
                table.add_other(column.name)
    return made


def has_secret_columns(mapping: Mapping) -> bool:
    """Whether a column of any sheet is left out, or tells of a special category."""
    return any(build_secret_columns(get_place(one)[0], mapping) for one in mapping.sheets)


def _is_bulk_table(part: Sheet, found: SheetMap, told: OfficerChoice) -> bool:
    """Whether a table is one of calls or cells, whatever an officer said that its rows are: others may follow it all the same."""
    from workbench.ingest.tables.guess import sheet_guess

    if told.kind is None or found.kind in MASS_KINDS:
        return found.kind in MASS_KINDS
    return sheet_guess.guess_mapping(part, replace(told, kind=None, fields={})).kind in MASS_KINDS


def split_sheet(sheet: Sheet, mapping: Mapping) -> Iterator[Sheet]:
    """The tables of a sheet, as its mapping tells them apart."""
    later = sorted(
        (int(one.told[BEGIN]), one.sheet)
        for one in mapping.sheets
        if BEGIN in one.told and one.told.get(OF) == sheet.name and one.told[BEGIN].isdecimal()
    )
    if not later:
        yield sheet
        return
    yield _select_rows(sheet, sheet.name, 0, later[0][0])
    for place, (begin, name) in enumerate(later):
        yield _select_rows(sheet, name, begin, later[place + 1][0] if place + 1 < len(later) else 0)


def read_rows(source: SourceFile, mapping: Mapping, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of one table of a file ('' the first); of a later one of its sheet from the first that is not empty."""
    from workbench.ingest.tables.sheets.sheet_readers import read_sheets

    for sheet in (part for whole in read_sheets(source, mapping.form) for part in split_sheet(whole, mapping)):
        if sheet.name == name or not name:
            known = mapping.get_sheet(sheet.name)
            found = sheet.rows()
            return dropwhile(lambda row: not any(row[1]), found) if known and get_place(known)[1] > 1 else found
    return iter(())


def _select_rows(sheet: Sheet, name: str, begin: int, end: int) -> Sheet:
    """Rows of a sheet from a row (included) to another (not included; 0: to its end), as a sheet; what was wrong goes to the last."""

    def rows() -> Iterator[tuple[int, list[str]]]:
        part.issues = []
        for number, cells in sheet.rows():
            if end and number >= end:
                return
            if number >= begin:
                yield number, cells
        part.issues = sheet.issues

    part = Sheet(name, rows, is_delimited=sheet.is_delimited)
    return part


def _find_next_table(sheet: Sheet, found: SheetMap) -> tuple[int, int]:
    """Rows at which the next table begins, with the sparse rows above its header, and of its header; 0, 0 if there is none."""
    first: list[str] = []
    sparse = 0
    for number, cells, is_apart in _list_rows_below(sheet, found.header - 1):
        if number == found.header:
            first = cells
        elif header_row.is_special_header(cells, found.columns, is_apart=is_apart):
            return number, number
        elif sum(map(bool, cells)) <= SPARSE:
            sparse = sparse or number
        elif cells != first and is_mass_header(cells):
            return sparse or number, number
        else:
            sparse = 0
    return 0, 0


def _find_other_header(sheet: Sheet, found: SheetMap) -> tuple[int, int]:
    """The same for a table that is none of calls or cells; only rows with a single cell are above a header."""
    names = [column.name for column in found.columns] if found.header or sheet.known else []
    sparse = 0
    for number, cells, is_apart in _list_rows_below(sheet, found.header):
        if header_row.is_other_header(cells, names if found.entities else []):
            return sparse or number, number
        if header_row.is_special_header(cells, found.columns, is_apart=is_apart):
            return number, number
        sparse = (sparse or number) if sum(map(bool, cells)) < min(SPARSE, len(names)) else 0
    return 0, 0


def _list_rows_below(sheet: Sheet, header: int) -> Iterator[tuple[int, list[str], bool]]:
    """Rows below one, each with whether it stands apart: an empty row is above it, but not above the row before."""
    before, is_dense, is_apart = header, False, False
    for number, cells in islice(sheet.rows(), header + WITHIN):
        if number <= header:
            continue
        if any(cells):
            is_close = number == before + 1
            is_apart = is_dense and not is_close
            before, is_dense = number, is_close
        yield number, cells, is_apart and any(cells)


def is_header_of_other(cells: list[str], names: list[str]) -> bool:
    """Whether a row of a table of calls or cells is the header of another table; `names`: the header above it."""
    if header_row.is_same_header(cells, names):
        return False
    return header_row.is_other_header(cells, names) or is_mass_header(cells)


def is_mass_header(cells: list[str]) -> bool:
    """Whether a row names columns of a table of calls or cells: hardly a figure, and words that are known."""
    if sum(cell.isdigit() for cell in cells) > FEWEST:  # quickly: a row of figures
        return False
    filled = [cell for cell in cells if cell]
    figures = sum(any(c.isdigit() for c in cell) for cell in filled)
    if len(filled) < FEWEST or figures > max(1, len(filled) // 4) or len(set(filled)) < len(filled):
        return False
    from workbench.ingest.tables.columns.table_kinds import normalise_header

    return sum(normalise_header(cell) in _load_headers() for cell in filled) >= max(FEWEST - 1, SHARE * len(filled))


@lru_cache(maxsize=1)
def _load_headers() -> frozenset[str]:
    """Headers that tables of calls and cells are known to have."""
    from workbench.ingest.tables.columns.table_kinds import load_kinds

    return frozenset(header for kind in load_kinds() if kind.name in MASS_KINDS for header in kind.columns)


def guess_file_mapping(
    source: SourceFile, region: str = "", *, form: Form = AS_FOUND, said: abc.Mapping[str, OfficerChoice] | None = None
) -> Mapping:
    """Mapping of a table, guessed from its headers and the first rows of each sheet; what was `said` of a sheet holds.

    Raises
    ------
    SourceError
        If the file is no table that can be opened.
    """
    from workbench.ingest.tables.sheets.sheet_readers import read_sheets

    known = said or {}
    found = tuple(
        one
        for sheet in read_sheets(source, form)
        for one in guess_mappings(sheet, known, region=region, file=source.name)
    )
    return Mapping(found, region, form)
