"""Of which table of a file an officer says something of columns: by the name of the sheet, or by the columns that it has.

What no table takes up is refused. Nobody then believes that a column was left out that was read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from workbench.errors import CaseError
from workbench.ingest.tables.columns.column_mapping import Mapping as TableMapping
from workbench.ingest.tables.columns.column_mapping import OfficerChoice, SheetMap
from workbench.ingest.tables.columns.table_kinds import normalise_header
from workbench.model.catalogue import Sentence


def get_table(file: str, mapping: TableMapping, name: str) -> SheetMap:
    """A table by its name. Raises CaseError if there is none."""
    found = mapping.get_sheet(name)
    if found is None:
        raise CaseError(
            Sentence(
                "'{name}' has no sheet '{sheet}'. Its sheets: {sheets}.",
                name=file,
                sheet=name,
                sheets=_list_names(mapping.sheets),
            )
        )
    return found


def find_table(file: str, mapping: TableMapping, columns: Collection[str], sheet: str) -> str:
    """The table of which something is said: the one that is named, else the only one that has all the columns.

    The first table of a text file has no name; without another name it is meant, if it has the columns.

    Raises
    ------
    CaseError
        If there is no such sheet or column, or if several sheets have the columns.
    """
    if sheet:
        _check_columns(file, [get_table(file, mapping, sheet)], columns)
        return sheet
    _check_columns(file, mapping.sheets, columns)
    fitting = [one for one in mapping.sheets if _list_columns([one]).issuperset(columns)]
    if len(fitting) == 1 or (fitting and not fitting[0].sheet):
        return fitting[0].sheet
    raise CaseError(
        Sentence(
            "'{name}' has several sheets: {sheets}. Enter the name of one of them as `sheet=`.",
            name=file,
            sheets=_list_names(fitting or mapping.sheets),
        )
    )


def find_all_tables(
    file: str, mapping: TableMapping, columns: Collection[str], sheet: str
) -> dict[str, frozenset[str]]:
    """Every table that has one of the columns, in whatever case, and their names there; only the named one if one is named.

    Raises
    ------
    CaseError
        If there is no such sheet or column.
    """
    among = [get_table(file, mapping, sheet)] if sheet else mapping.sheets
    _check_columns(file, among, columns)
    wanted = set(filter(None, map(normalise_header, columns))) if not sheet else set()
    found = {
        one.sheet: frozenset(
            column.name for column in one.columns if column.name in columns or normalise_header(column.name) in wanted
        )
        for one in among
    }
    return {name: names for name, names in found.items() if names}


def has_choice(said: OfficerChoice) -> bool:
    """Whether something is said that one table has to take up: a header, a field, or a column to leave out."""
    return said.header is not None or bool(said.left_out) or any(said.fields.values())


def build_header_error(file: str, row: int) -> CaseError:
    """The error that a header is said to be in a row that is not there."""
    return CaseError(
        Sentence(
            "'{name}' has no row {row} that can be a header. `plan.preview()` shows the row numbers.",
            name=file,
            row=row,
        )
    )


def check_choices(file: str, mapping: TableMapping, said: Mapping[str, OfficerChoice]) -> None:
    """Whether the tables take up all that was said of them.

    Raises
    ------
    CaseError
        If a table, its header, or a column of it is not there.
    """
    for name, one in said.items():
        if not has_choice(one):
            continue
        table = get_table(file, mapping, name)
        if one.header is not None and table.header != one.header:
            raise build_header_error(file, one.header)
        _check_columns(file, [table], [*one.left_out, *(column for column, field in one.fields.items() if field)])


def _check_columns(file: str, tables: Iterable[SheetMap], columns: Iterable[str]) -> None:
    known = _list_columns(tables)
    for column in sorted(set(columns) - known):
        raise CaseError(
            Sentence(
                "'{name}' has no column '{column}'. Its columns: {columns}.",
                name=file,
                column=column,
                columns=", ".join(sorted(known)),
            )
        )


def _list_columns(tables: Iterable[SheetMap]) -> set[str]:
    return {column.name for one in tables for column in one.columns}


def _list_names(tables: Iterable[SheetMap]) -> str:
    return ", ".join(repr(one.sheet) for one in tables)
