"""What readers claim, as tests look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from workbench.model.rows import Claim, Row


def of(kind: type[Row], rows: Iterable[Row]) -> list:
    return [row for row in rows if isinstance(row, kind)]


def values(rows: Iterable[Row], schema: str, prop: str) -> set[str]:
    return {row.value for row in of(Claim, rows) if row.schema == schema and row.prop == prop}


def entities(rows: Iterable[Row], schema: str) -> dict[str, dict[str, list[str]]]:
    """Entity -> property -> values in the order of the file."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim in of(Claim, rows):
        if claim.schema == schema:
            found[claim.entity_id][claim.prop].append(claim.value)
    return found


def attributions(rows: Iterable[Row]) -> set[tuple[str, str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for claim in of(Claim, rows):
        if claim.schema == "Attribution":
            kept.setdefault(claim.entity_id, {})[claim.prop] = claim.value
    return {(c["holder"], c["held"], c["basis"]) for c in kept.values()}


def person(rows: Iterable[Row], name: str) -> str:
    return next(r.entity_id for r in of(Claim, rows) if (r.schema, r.prop, r.value) == ("Person", "name", name))
