"""Guessing what a sheet holds: where its header is, what kind of table it is, what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from workbench.ingest.calls import operators
from workbench.ingest.calls.guess.column_guess import is_confirmed_meaning, is_unnamed
from workbench.ingest.calls.guess.table_recognition import KIND as CALLS
from workbench.ingest.calls.guess.table_recognition import RecognisedTable, is_target_first, recognise_table
from workbench.ingest.reading.special_labels import find_special_label, find_special_members
from workbench.ingest.tables.columns.cell_values import ROLES, find_date_order, find_decimal_mark, is_open
from workbench.ingest.tables.columns.column_mapping import (
    DOUBT,
    LEFT_OUT,
    MASS_KINDS,
    NOTHING,
    STATEMENTS,
    Column,
    EntityMap,
    OfficerChoice,
    SheetMap,
    remove_secret_examples,
)
from workbench.ingest.tables.columns.table_kinds import (
    Kind,
    Table,
    build_ground,
    find_known_fields,
    load_kinds,
    normalise_header,
)
from workbench.ingest.tables.guess import money_columns
from workbench.ingest.tables.guess.header_row import find_header, is_other_header, name_columns
from workbench.ingest.tables.guess.money_columns import DIRECTION
from workbench.ingest.tables.sheets.sheet import Sheet
from workbench.model.catalogue import Sentence

HEADER_WITHIN = 40
SAMPLE = 2_000
FURTHER = 50_000
"""Rows that are looked through for the order of day and month, where the first leave it open."""
SPARSE = 4
"""A row with fewer than one in so many cells filled is no record to judge the columns by."""
EXAMPLE = 60
Found = tuple[str, str]
"""Field of a column, and the role in which its cells are read."""


def guess_mapping(sheet: Sheet, said: OfficerChoice = NOTHING, *, region: str = "", file: str = "") -> SheetMap:
    """Mapping of a sheet by its first rows, and by what an officer said of it.

    Parameters
    ----------
    region, file : str
        Country of the numbers and name of the file: they help to tell a telephone number from others.
    """
    rows = list(islice(sheet.rows(), HEADER_WITHIN + SAMPLE))
    at = 0 if sheet.known and rows else _find_header([cells for _, cells in rows[:HEADER_WITHIN]])
    if said.header is not None:
        at = next((index for index, (number, _) in enumerate(rows) if number == said.header), -1)
    number = rows[at][0] if at >= 0 else 0
    width = max((len(cells) for _, cells in rows[:HEADER_WITHIN]), default=0)
    names = name_columns(rows[at][1] if at >= 0 else [], width if at < 0 else len(rows[at][1]))
    cells = _select_records([row for _, row in rows[at + 1 :]], rows[at][1] if at >= 0 else [], len(names))
    samples = {name: [_get_cell(row, i) for row in cells] for i, name in enumerate(names)}
    told = _add_profile_choice(names, said)
    kind, fields, why = resolve_fields(names, replace(said, left_out=told.left_out))
    operator = operators.find_operator(names) if told.kind is None and not why else None
    clues = (file, *(" ".join(row) for _, row in rows[: max(at, 0)]))
    kind, fields, calls = _recognise_calls(kind, fields, why, Table(samples, region, clues), told, operator)
    fields = {name: found for name, found in fields.items() if name not in told.left_out}
    fields, why = _add_word_column(kind, fields, why, samples, told)
    columns = tuple(
        _apply_officer_choice(
            _complete_call_column(_build_column(name, fields.get(name), kind, samples[name]), calls),
            told,
            why.get(name, ""),
        )
        for name in names
    )
    swap = money_columns.find_swap_column(kind, fields, samples) if kind else ""
    entities = _build_entities(kind, fields) if kind else ()
    entities = entities if swap or not kind or kind.name != STATEMENTS else tuple(map(_drop_payment_sides, entities))
    if kind and kind.name == CALLS and not _is_by_target(fields, samples, calls):
        swap = ""
    columns, entities = _protect_special_columns(columns, entities, samples, said)
    notes = operators.list_notes(operator) if operator and kind and operator.kind == kind.name else {}
    notes |= calls.told if calls and kind and kind.name == CALLS else {}
    columns = _settle_marks(sheet, columns, number, told) if len(rows) == HEADER_WITHIN + SAMPLE else columns
    return remove_secret_examples(
        SheetMap(sheet.name, number, kind.name if kind else "", columns, entities, swap, notes)
    )


def _add_word_column(
    kind: Kind | None,
    fields: dict[str, Found],
    why: dict[str, str],
    samples: Mapping[str, list[str]],
    told: OfficerChoice,
) -> tuple[dict[str, Found], dict[str, str]]:
    """Fields with a column whose cells say whether money came in or went out, whatever it is called, and why."""
    open_ = {name: cells for name, cells in samples.items() if name not in why and name not in told.left_out}
    name = money_columns.find_word_column(kind, fields, open_) if kind else ""
    if not name:
        return fields, why
    return {**fields, name: (DIRECTION, DIRECTION)}, {**why, name: Sentence("ground.money_words")}


def _protect_special_columns(
    columns: tuple[Column, ...],
    entities: tuple[EntityMap, ...],
    samples: Mapping[str, list[str]],
    said: OfficerChoice,
) -> tuple[tuple[Column, ...], tuple[EntityMap, ...]]:
    """Columns whose header names a special category of data, whatever the table: what stands in them is claimed, and so hidden.

    In a table of persons it is said of the person of the row. Elsewhere nobody can tell of whom it is said: it is of a person of its own.
    """
    used = {name for entity in entities for names in entity.props.values() for name in names}
    for column in columns:
        prop = find_special_label(column.name) or find_special_members(samples[column.name])
        if not prop or column.name in used or column.role == LEFT_OUT or said.fields.get(column.name):
            continue
        person = next((one for one in entities if one.name == "person" and one.schema == "Person"), None)
        if person and prop not in person.props:
            made = replace(person, props={**person.props, prop: (column.name,)})
            entities = tuple(made if one is person else one for one in entities)
        else:
            entities = (*entities, EntityMap(f"person of {column.name}", "Person", (), {prop: (column.name,)}))
        why = Sentence("ground.special")
        columns = tuple(
            replace(one, role="text", form="", field="", why=why) if one is column else one for one in columns
        )
    return columns, entities


def _find_header(rows: list[list[str]]) -> int:
    """Index of the header; of the first of several tables whose rows come before it, unless those are about calls or cells."""
    at = find_header(rows, {alias for kind in load_kinds() for alias in kind.columns}, normalise_header)
    kind = recognise_kind(rows[at])[0] if at > 0 else None
    if kind is None or kind.name in MASS_KINDS:
        return at
    first = next((index for index in range(at) if is_other_header(rows[index], [])), at)
    return first if any(sum(map(bool, cells)) > 1 for cells in rows[first + 1 : at]) else at


def _is_by_target(fields: Mapping[str, Found], samples: Mapping[str, list[str]], calls: RecognisedTable | None) -> bool:
    """Whether the first column of numbers of a call table is whom its records are about."""
    return is_target_first({name: field for name, (field, _) in fields.items()}, samples, calls.told if calls else None)


def _settle_marks(sheet: Sheet, columns: tuple[Column, ...], header: int, told: OfficerChoice) -> tuple[Column, ...]:
    """Columns of dates whose order the first rows leave open, and of amounts, by the rows that follow too."""
    dates = {
        i for i, one in enumerate(columns) if one.role in ("date", "birth") and not one.form and is_open(one.example)
    }
    amounts = {i for i, one in enumerate(columns) if one.field == "amount" and one.form and "number" not in told.forms}
    texts: dict[int, set[str]] = {index: set() for index in dates | amounts}
    for _, cells in islice(sheet.rows(), header, header + FURTHER) if texts else ():
        for index, seen in texts.items():
            seen.add(_get_cell(cells, index))
    found = {
        i: find_date_order(seen) or columns[i].form if i in dates else find_decimal_mark(seen)
        for i, seen in texts.items()
    }
    return tuple(replace(column, form=found.get(i, column.form)) for i, column in enumerate(columns))


def _select_records(rows: list[list[str]], header: list[str], width: int) -> list[list[str]]:
    """Rows that are records: no repeated header, and nothing that fills few of the cells, as titles and ends of pages do."""
    return [row for row in rows if row != header and sum(map(bool, row)) * SPARSE >= width] or rows


def _recognise_calls(
    kind: Kind | None,
    fields: dict[str, Found],
    why: Mapping[str, str],
    table: Table,
    said: OfficerChoice,
    operator: operators.Operator | None,
) -> tuple[Kind | None, dict[str, Found], RecognisedTable | None]:
    """Kind and fields where a profile of an operator, or words and cells, show a table of calls or cells."""
    samples = table.samples
    given = _match_profile_fields(operator, samples) if operator else {}
    name = operator.kind if operator else kind.name if kind else ""
    taken = name == CALLS
    if (said.kind is not None and not taken) or (name and not taken and (why or operator)):
        return (
            (_find_kind(name), _assign_roles(name, given), _build_profile_table(operator, given))
            if operator
            else (kind, fields, None)
        )
    known = {} if operator or not taken else {column: field for column, (field, _) in fields.items()}
    fixed = given or {column: field for column, field in known.items() if column in why}
    open_ = {column: cells for column, cells in samples.items() if column in given or not _is_unused(operator, column)}
    found = recognise_table(list(open_), list(open_.values()), known, fixed, region=table.region, clues=table.clues)
    if not found.is_calls and not taken:
        return kind, fields, None if kind else found
    if kind and not taken and len(found.fields) <= len(fields):
        return kind, fields, None
    found = _drop_left_out_meanings(found, said.left_out)
    left = {column for column, field in said.fields.items() if not field}
    made = _assign_roles(CALLS, {column: field for column, field in found.fields.items() if column not in left})
    return _find_kind(CALLS), made, _apply_profile(operator, given, found) if operator else found


def _drop_left_out_meanings(found: RecognisedTable, left_out: frozenset[str]) -> RecognisedTable:
    """A table of calls without what is told of the cells of columns that are left out: what they mean, and whose line it is."""
    hidden = {field for name, field in found.fields.items() if name in left_out}
    cells = tuple(f"cell {field} " for field in hidden)
    told = {
        name: said
        for name, said in found.told.items()
        if not (name.startswith(cells) or (name == "line" and hidden & {"a", "b"}))
    }
    return replace(found, told=told)


def _match_profile_fields(operator: operators.Operator, samples: Mapping[str, list[str]]) -> dict[str, str]:
    """Fields as the profile says; for the kind of record another column that it knows, where only that one's cells name it."""
    given = operators.map_fields(operator, list(samples))
    told = frozenset(operator.values or ())
    for meaning in ("connection", "direction"):
        name = next((column for column, field in given.items() if field == meaning), "")
        if name and is_unnamed(samples[name], told):
            others = [
                column
                for column, cells in samples.items()
                if _is_unused(operator, column) and is_confirmed_meaning(column, cells, meaning)
            ]
            if len(others) == 1:
                given = {column: field for column, field in given.items() if column != name} | {others[0]: meaning}
    return given


def _is_unused(operator: operators.Operator | None, column: str) -> bool:
    """Whether a profile knows a column and does not use it."""
    return operator is not None and operator.headers.get(operators.normalise_header(column), "unknown") == ""


def _find_kind(name: str) -> Kind | None:
    return next((one for one in load_kinds() if one.name == name), None)


def _assign_roles(kind: str, fields: Mapping[str, str]) -> dict[str, Found]:
    """Fields with the roles in which a kind of table reads them; what the kind does not know is left."""
    known = _find_kind(kind)
    roles = dict(known.columns.values()) if known else {}
    return {name: (field, roles[field]) for name, field in fields.items() if field in roles}


def _build_profile_table(operator: operators.Operator, given: Mapping[str, str]) -> RecognisedTable:
    """What a profile says of a table that is none of calls."""
    return RecognisedTable(given, dict.fromkeys(given, Sentence("ground.profile", name=repr(operator.name))), {})


def _apply_profile(operator: operators.Operator, given: Mapping[str, str], found: RecognisedTable) -> RecognisedTable:
    """A table of calls that a profile knows, with its reasons and forms."""
    whys = {**found.why, **dict.fromkeys(given, Sentence("ground.profile", name=repr(operator.name)))}
    forms = {
        name: form for name, (_, role) in _assign_roles(CALLS, given).items() if (form := operator.forms.get(role, ""))
    }
    return replace(found, why=whys, forms={**forms, **found.forms})


def _complete_call_column(column: Column, calls: RecognisedTable | None) -> Column:
    """Column of a call table with its reason, its unit, or what it could be."""
    if calls is None:
        return column
    if doubt := calls.doubts.get(column.name):
        return replace(column, why=f"{DOUBT}{doubt}", role="text", field="") if not column.field else column
    form = column.form or calls.forms.get(column.name, "")
    return replace(column, form=form, why=calls.why.get(column.name) or column.why)


def recognise_kind(names: list[str]) -> tuple[Kind | None, dict[str, tuple[str, str]]]:
    """Kind of table that knows most of the columns, and from column to field and role. Each field is taken once.

    A statement that has no column of the other end is one where no other kind knows the table.
    """
    best: tuple[Kind | None, dict[str, tuple[str, str]]] = (None, {})
    for kind in load_kinds():
        fields = find_known_fields(kind, names)
        have = {field for field, _ in fields.values()}
        if any(need <= have for need in kind.needs) and len(fields) > len(best[1]):
            best = (kind, fields)
    return money_columns.settle_kind(*best, names)


def resolve_fields(
    names: list[str], said: OfficerChoice
) -> tuple[Kind | None, dict[str, tuple[str, str]], dict[str, str]]:
    """Kind of table and fields of the columns, and why where it is not by the header.

    What an officer says comes first, then a profile of exactly these headers, then what is known of headers, then what
    profiles of this kind of table say of single ones.
    """
    from workbench.ingest.tables.columns import table_profiles

    kind, fields = recognise_kind(names)
    profile = table_profiles.find_profile(names)
    layers = [(profile.match_headers(names), Sentence("ground.profile", name=repr(profile.name)))] if profile else []
    why: dict[str, str] = {}
    for one, reason in [*layers, (said, Sentence("ground.officer"))]:
        if one.kind is not None and one.kind != (kind.name if kind else ""):
            kind = next((known for known in load_kinds() if known.name == one.kind), None)
            fields = find_known_fields(kind, names) if kind else {}
        fields = _apply_given_fields(kind, fields, one)
        why |= dict.fromkeys(set(one.fields) & set(names), reason)
    for name, (field, source) in table_profiles.find_header_fields(names, kind.name if kind else "").items():
        if name not in {*fields, *why, *said.left_out} and field not in {taken for taken, _ in fields.values()}:
            fields = _apply_given_fields(kind, fields, OfficerChoice(fields={name: field}))
            why[name] = Sentence("ground.learned", name=repr(source))
    return kind, fields, why


def _apply_given_fields(
    kind: Kind | None, fields: Mapping[str, tuple[str, str]], said: OfficerChoice
) -> dict[str, tuple[str, str]]:
    """Fields with those that are said; a field that another column had is taken from it."""
    roles = dict(kind.columns.values()) if kind else {}
    given = {name: field for name, field in said.fields.items() if field in roles}
    kept = {name: found for name, found in fields.items() if name not in said.fields and found[0] not in given.values()}
    return {
        name: found
        for name, found in {**kept, **{name: (field, roles[field]) for name, field in given.items()}}.items()
        if name not in said.left_out
    }


def _add_profile_choice(names: list[str], said: OfficerChoice) -> OfficerChoice:
    """What is said of a table, a profile of these headers behind it; a column that is left out above stays so, but for a field."""
    from workbench.ingest.tables.columns import table_profiles

    above = set(map(normalise_header, said.left_out_above))
    left = {name for name in names if normalise_header(name) in above and not said.fields.get(name)} | said.left_out
    profile = table_profiles.find_profile(names)
    if profile is None:
        return replace(said, left_out=frozenset(left))
    kept = profile.match_headers(names)
    kind = kept.kind if said.kind is None else said.kind
    fields = {**kept.fields, **said.fields} if kind == kept.kind else said.fields
    left |= kept.left_out - set(said.fields)
    return replace(said, kind=kind, fields=fields, forms={**kept.forms, **said.forms}, left_out=frozenset(left))


def _apply_officer_choice(column: Column, said: OfficerChoice, why: str) -> Column:
    """The column as an officer said it."""
    if column.name in said.left_out:
        return replace(column, role=LEFT_OUT, form="", field="", why=Sentence("ground.left_out"))
    return replace(column, why=why or column.why, form=said.forms.get(column.role) or column.form)


def _build_column(name: str, found: tuple[str, str] | None, kind: Kind | None, cells: Iterable[str]) -> Column:
    samples = [cell for cell in cells if cell]
    role = found[1] if found else "text"
    form = (
        find_date_order(samples)
        if role in ("date", "birth")
        else find_decimal_mark(samples)
        if role == "number"
        else ""
    )
    why = build_ground(found[0], kind.name) if found and kind else ""
    return Column(
        name,
        role if role in ROLES else "text",
        form,
        why,
        samples[0][:EXAMPLE] if samples else "",
        found[0] if found else "",
    )


def _build_entities(kind: Kind, fields: Mapping[str, tuple[str, str]]) -> tuple[EntityMap, ...]:
    columns = {field: name for name, (field, _) in fields.items()}
    made = (_build_entity(name, data, columns) for name, data in kind.entities.items())
    kept = [entity for entity in made if entity.props or entity.links]
    there = {entity.name for entity in kept if entity.props}
    return tuple(entity for entity in kept if entity.props or all(there & set(ends) for ends in entity.links.values()))


def _drop_payment_sides(entity: EntityMap) -> EntityMap:
    """A payment of which nothing tells who paid: both are named, neither as its payer."""
    return replace(entity, links={}) if entity.schema == "Payment" else entity


def _build_entity(name: str, data: Mapping[str, object], columns: Mapping[str, str]) -> EntityMap:
    props, links = _to_texts(data.get("props")), _to_texts(data.get("links"))
    resolved = {prop: _find_first_columns(fields, columns) for prop, fields in props.items()}
    return EntityMap(
        name,
        str(data["schema"]),
        _find_first_columns(str(data.get("key", "")), columns),
        {prop: names for prop, names in resolved.items() if names},
        {prop: tuple(end.strip() for end in ends.split("|")) for prop, ends in links.items()},
        str(data.get("basis", "")),
    )


def _find_first_columns(fields: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Columns of the first alternative whose first field is there; of its further fields those that are."""
    for alternative in fields.split("|"):
        wanted = alternative.split()
        if wanted and wanted[0] in columns:
            return tuple(columns[field] for field in wanted if field in columns)
    return ()


def _to_texts(value: object) -> dict[str, str]:
    return {str(key): str(one) for key, one in value.items()} if isinstance(value, dict) else {}


def _get_cell(row: list[str], index: int) -> str:
    return row[index] if index < len(row) else ""
