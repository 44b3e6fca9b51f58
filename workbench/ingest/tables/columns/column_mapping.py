"""What the columns of a table mean: guessed from their headers, shown, changed, saved.

A mapping says which entities a row is about, which columns identify each, which columns are which properties, and how
the entities of a row are linked. It is data: an analyst reads it as a table, changes it, and it is kept with the case.
"""

from __future__ import annotations

import json
from collections import abc
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.ingest.tables.columns.cell_values import ROLES
from workbench.ingest.tables.columns.table_kinds import normalise_header
from workbench.ingest.tables.sheets.sheet import AS_FOUND, Form
from workbench.model.catalogue import Sentence
from workbench.model.schema import SPECIAL

if TYPE_CHECKING:
    from pandas import DataFrame


FORMAT = 1
LEFT_OUT = "left out"
STATEMENTS = "statements"
"""Kind of table that tells of one account: who paid follows from a direction, or from the sign of the amount."""
DOUBT = "doubtful: it could be "
MASS_KINDS = frozenset({"calls", "cells"})
"""Kinds of tables whose rows also go into a mass table, by the fields of their columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name : str
        Header as written; a header that stands twice has its position behind it.
    role : str
        How its cells are read: one of `workbench.ingest.tables.columns.cell_values.ROLES`.
    form : str
        Order of its dates ('dmy', 'mdy') or its decimal mark ('.', ','); '' where the cells do not show it.
    why : str
        Why it was taken so.
    example : str
        A cell of it.
    field : str
        What it is among the fields of its kind of table ('a', 'start', 'plate'), '' for text only.
    """

    name: str
    role: str = "text"
    form: str = ""
    why: str = ""
    example: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class EntityMap:
    """An entity that a row is about.

    Attributes
    ----------
    name : str
        What the mapping calls it.
    schema : str
        FollowTheMoney schema.
    key : tuple of str
        Columns that identify it; without them, or where the first is empty, the row itself does.
    props : mapping
        From a property to the columns whose cells make its value.
    links : mapping
        From a property to the names of entities of the row, the first of which that is there is the value.
    basis : str
        Of an Attribution.
    """

    name: str
    schema: str
    key: tuple[str, ...] = ()
    props: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class SheetMap:
    """Mapping of one sheet.

    Attributes
    ----------
    sheet : str
        Its name; '' for a text table.
    header : int
        Number of the header row from 1; 0 if there is none (columns are then called 'column 1', …).
    kind : str
        Kind of table that was recognised, '' for none.
    swap : str
        Column that says whether the other party called or paid: by a word, or by an amount above nothing. The ends of a Call
        or Payment change places where it does. '' for none.
    told : mapping
        What a profile of an operator says beside the columns: 'profile' (its name), 'operator', 'zone', and for a cell
        ('cell smt', or of one column: 'cell direction 1') what kind of record and which way it means ('sms in', '- out'); and
        what a table of callers and called shows: 'line', the number that is one of the two in nearly every row.
    """

    sheet: str
    header: int
    kind: str = ""
    columns: tuple[Column, ...] = ()
    entities: tuple[EntityMap, ...] = ()
    swap: str = ""
    told: abc.Mapping[str, str] = field(default_factory=dict)

    def list_uses(self, column: str) -> list[tuple[EntityMap, str]]:
        """Entities and properties that a column goes into."""
        return [(entity, prop) for entity in self.entities for prop, names in entity.props.items() if column in names]

    @property
    def unmapped_columns(self) -> list[str]:
        """Columns that go into no property."""
        used = {name for entity in self.entities for names in entity.props.values() for name in names}
        keys = {name for entity in self.entities for name in entity.key}
        named = used | keys | {self.swap}
        mass = self.kind in MASS_KINDS
        return [
            column.name
            for column in self.columns
            if column.name not in named and column.role != LEFT_OUT and not (mass and column.field)
        ]


@dataclass(frozen=True, slots=True)
class OfficerChoice:
    """What an officer said of a sheet, which no guess overrules.

    Attributes
    ----------
    header : int, optional
        Number of the header row, 0 if there is none.
    kind : str, optional
        Kind of table, '' for none of those that are known.
    fields : mapping
        From a column to its field, '' for text only.
    forms : mapping
        From a role to its form: 'date' and 'birth' to 'dmy' or 'mdy', 'number' to '.' or ',', 'duration' to a unit.
    left_out : frozenset of str
        Columns that are not taken.
    left_out_above : frozenset of str
        Columns that are not taken of a table above in the same sheet: none is taken here that is called so in whatever case.
    """

    header: int | None = None
    kind: str | None = None
    fields: abc.Mapping[str, str] = field(default_factory=dict)
    forms: abc.Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    left_out_above: frozenset[str] = frozenset()


OF = "part of"
"""What is told of a table below another one: the sheet in which both are."""
NOTHING = OfficerChoice()


@dataclass(frozen=True, slots=True)
class Mapping:
    """Mapping of a file: one per sheet; the country in which national telephone numbers are read ('' unknown); its form."""

    sheets: tuple[SheetMap, ...] = ()
    region: str = ""
    form: Form = AS_FOUND

    def get_sheet(self, name: str) -> SheetMap | None:
        """Mapping of a sheet, None if there is none."""
        return next((sheet for sheet in self.sheets if sheet.sheet == name), None)

    def build_table(self) -> DataFrame:
        """One row per use of a column; a column that is not mapped has one row with an empty property.

        Columns: sheet, column, example, entity, schema, prop, role, form, why.
        """
        import pandas as pd

        names = ["sheet", "column", "example", "entity", "schema", "prop", "role", "form", "why"]
        return pd.DataFrame([row for sheet in self.sheets for row in _list_rows(sheet)], columns=names, dtype="str")

    def assign(
        self, column: str, entity: str, prop: str, *, role: str = "", form: str = "", sheet: str = ""
    ) -> Mapping:
        """A mapping in which `column` is property `prop` of `entity`; without a property it is not mapped.

        Parameters
        ----------
        entity : str
            Name of an entity of the sheet, or a schema: a new entity, identified by the row, is then made.
        role, form : str, optional
            How the cells are to be read; unchanged if not given.

        Raises
        ------
        SourceError
            If there is no such sheet, column or role.
        """
        found = self.get_sheet(sheet) if sheet or len(self.sheets) != 1 else self.sheets[0]
        if found is None or column not in {one.name for one in found.columns}:
            known = ", ".join(repr(one.name) for each in self.sheets for one in each.columns)
            raise SourceError(
                Sentence(
                    "The column '{column}' was not found in the sheet '{sheet}'. Check both names. If the file has "
                    "several sheets, give the name of the sheet. Columns in the file: {columns}.",
                    column=column,
                    sheet=sheet,
                    columns=known,
                )
            )
        if role and role not in ROLES:
            raise SourceError(
                Sentence(
                    "'{role}' is not a role for a column. The column '{column}' was not changed. Known roles: {roles}.",
                    role=role,
                    column=column,
                    roles=", ".join(ROLES),
                )
            )
        changed = _assign_property(found, column, entity, prop)
        before = next(one for one in found.columns if one.name == column)
        made = replace(before, role=role or before.role, form=form or before.form, why="officer")
        made = replace(made, field=_find_field(found, made, entity, prop))
        columns = tuple(
            made if one.name == column else replace(one, field="") if one.field == made.field else one
            for one in changed.columns
        )
        changed = replace(changed, columns=columns)
        followed = replace(self, sheets=tuple(changed if one is found else one for one in self.sheets))
        return _leave_out_below(followed, found.sheet, column) if role == LEFT_OUT else followed

    def strip_cells(self) -> Mapping:
        """The mapping without what it repeats of the cells: examples of columns, and the line that a table of calls shows."""
        sheets = [
            replace(
                sheet,
                columns=tuple(replace(one, example="") for one in sheet.columns),
                told={name: value for name, value in sheet.told.items() if name != "line"},
            )
            for sheet in self.sheets
        ]
        return replace(self, sheets=tuple(sheets))

    def to_json(self) -> str:
        """Stable text of the mapping, for options['mapping'] and to be saved; without examples of what is left out or special."""
        sheets = tuple(remove_secret_examples(sheet) for sheet in self.sheets)
        return json.dumps({"format": FORMAT, **asdict(replace(self, sheets=sheets))}, ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str) -> Mapping:
        """Mapping out of its text.

        Raises
        ------
        SourceError
            If the text is no mapping.
        """
        try:
            data = json.loads(text)
            form = Form(**_to_texts(data.get("form", {})))
            return Mapping(tuple(_parse_sheet(one) for one in data["sheets"]), str(data.get("region", "")), form)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(Sentence("refused.file.mapping")) from error


def _leave_out_below(mapping: Mapping, sheet: str, column: str) -> Mapping:
    """Leave a column out of the tables below one in the same sheet too, in whatever case its header is written there."""
    for table in mapping.sheets:
        if table.told.get(OF) == sheet and table.sheet != sheet:
            for one in table.columns:
                if one.role != LEFT_OUT and normalise_header(one.name) == normalise_header(column):
                    mapping = mapping.assign(one.name, "", "", role=LEFT_OUT, sheet=table.sheet)
    return mapping


def remove_secret_examples(sheet: SheetMap) -> SheetMap:
    """The sheet without examples of columns that are left out, or that tell of a special category."""
    columns = tuple(
        replace(one, example="")
        if one.role == LEFT_OUT or any(prop in SPECIAL for _, prop in sheet.list_uses(one.name))
        else one
        for one in sheet.columns
    )
    return replace(sheet, columns=columns)


def _list_rows(sheet: SheetMap) -> abc.Iterator[tuple[str, ...]]:
    for column in sheet.columns:
        uses = [(entity.name, entity.schema, prop) for entity, prop in sheet.list_uses(column.name)]
        for entity, schema, prop in uses or [("", "", "")]:
            yield (
                sheet.sheet, column.name, column.example, entity, schema, prop, column.role, column.form, column.why,
            )  # fmt: skip


def _assign_property(sheet: SheetMap, column: str, entity: str, prop: str) -> SheetMap:
    """Sheet in which the column is that property only."""
    freed = tuple(_remove_column(one, column) for one in sheet.entities)
    if not prop:
        return replace(sheet, entities=freed)
    if entity not in {one.name for one in freed}:
        freed = (*freed, EntityMap(entity, entity))
    return replace(
        sheet,
        entities=tuple(
            replace(one, props={**one.props, prop: (column,)}) if one.name == entity else one for one in freed
        ),
    )


def _find_field(sheet: SheetMap, column: Column, entity: str, prop: str) -> str:
    """Field of the kind of table that a property of an entity is made of, for a column of this role; '' if none."""
    from workbench.ingest.tables.columns.table_kinds import load_kinds

    kind = next((one for one in load_kinds() if one.name == sheet.kind), None)
    props = kind.entities.get(entity, {}).get("props", {}) if kind else {}
    could = str(props.get(prop, "")).replace("|", " ").split() if isinstance(props, dict) else []
    roles = dict(kind.columns.values()) if kind else {}
    if column.field in could:
        return column.field
    return next((field for field in could if roles.get(field) == column.role), "")


def _remove_column(entity: EntityMap, column: str) -> EntityMap:
    props = {prop: tuple(name for name in names if name != column) for prop, names in entity.props.items()}
    key = tuple(name for name in entity.key if name != column)
    return replace(entity, key=key, props={prop: names for prop, names in props.items() if names})


def _parse_sheet(data: abc.Mapping[str, object]) -> SheetMap:
    columns = tuple(Column(**_to_texts(one)) for one in _check_list(data["columns"]))
    if wrong := [column.role for column in columns if column.role not in ROLES]:
        raise ValueError(f"role {wrong[0]!r} is not known")
    entities = tuple(_parse_entity(one) for one in _check_list(data["entities"]))
    header = data["header"]
    if not isinstance(header, int):
        raise TypeError(f"`header` is {header!r}, not the number of a row")
    told = data.get("told", {})
    if not isinstance(told, dict):
        raise TypeError("`told` must be an object with named fields")
    return SheetMap(
        str(data["sheet"]), header, str(data["kind"]), columns, entities, str(data["swap"]), _to_texts(told)
    )


def _parse_entity(data: abc.Mapping[str, object]) -> EntityMap:
    props, links = data["props"], data["links"]
    if not (isinstance(props, dict) and isinstance(links, dict)):
        raise TypeError("`props` and `links` of an entity must be objects with named fields")
    return EntityMap(
        str(data["name"]),
        str(data["schema"]),
        tuple(str(name) for name in _check_strings(data["key"])),
        {str(prop): tuple(_check_strings(names)) for prop, names in props.items()},
        {str(prop): tuple(_check_strings(names)) for prop, names in links.items()},
        str(data["basis"]),
    )


def _check_list(value: object) -> list[dict[str, object]]:
    if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        raise TypeError(f"a list of objects was expected, not {str(value)[:40]!r}")
    return value


def _check_strings(value: object) -> list[str]:
    if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise TypeError(f"a list of texts was expected, not {str(value)[:40]!r}")
    return value


def _to_texts(data: abc.Mapping[str, object]) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()}
