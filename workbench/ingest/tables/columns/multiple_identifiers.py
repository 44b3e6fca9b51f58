"""Cells with several identifiers where a column holds one of each row: two telephone numbers, two addresses.

Where each is one more of the same thing, the row is read once with each; else none is claimed, and the row is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.tables.columns.cell_values import find_parts, unquote_cell
from workbench.ingest.tables.sheets.sheet import Several

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import SheetMap

MADE = frozenset({"telephone", "email", "imei", "imsi"})
"""Roles of columns that make things which have nothing but their number."""

EVENTS = frozenset({"Call", "Payment"})
"""What has one party at each end: of two numbers it is not known which."""

Spans = Mapping[str, tuple[int, int]]


class Divisible(NamedTuple):
    """A column whose cells may hold several: its position, its role, and whether it names things."""

    at: int
    role: str
    names: bool


def find_divisible(mapped: SheetMap) -> dict[str, Divisible]:
    """Columns whose cells may hold several: those of which nothing is made that has a property beside."""
    if any(entity.schema in EVENTS for entity in mapped.entities):
        return {}
    found = {}
    for at, column in enumerate(mapped.columns):
        made = [entity for entity in mapped.entities if column.name in entity.key]
        alone = all({*entity.key, *(one for names in entity.props.values() for one in names)} == {column.name}
                    for entity in made)  # fmt: skip
        single = all(len(entity.props[prop]) == 1 for entity, prop in mapped.list_uses(column.name))
        if column.role in MADE and alone and single:
            found[column.name] = Divisible(at, column.role, bool(made))
    return found


def list_readings(
    cells: list[str], spans: Spans, divisible: Mapping[str, Divisible]
) -> Iterator[tuple[list[str], Spans, frozenset[str]]]:
    """The cells of a row, again with each further identifier of those that hold several; where each stands; the columns that are parted."""
    parts: dict[str, tuple[str, ...]] = {}
    for name, column in divisible.items():
        if column.at < len(cells) and len(found := _list_identifiers(column, cells[column.at])) > 1:
            parts[name] = found
    for turn in range(max(map(len, parts.values()), default=1)):
        made, places = list(cells), dict(spans)
        for name, several in parts.items():
            part = several[min(turn, len(several) - 1)]
            at = cells[divisible[name].at].find(part)
            made[divisible[name].at] = part
            if start := places.pop(name, None):
                places |= {name: (start[0] + at, start[0] + at + len(part))} if at >= 0 else {}
        yield made, places, frozenset(parts)


def _list_identifiers(column: Divisible, cell: str) -> tuple[str, ...]:
    """Identifiers of a cell; of a list in a record, which names things, each entry must be one."""
    if not isinstance(cell, Several):
        return find_parts(column.role, "\n".join(filter(None, map(unquote_cell, cell.splitlines()))))
    return cell.entries if column.names and all(len(find_parts(column.role, one)) == 1 for one in cell.entries) else ()
