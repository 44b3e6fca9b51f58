"""Marks of documents of a file go along to the documents that another reading of the file makes: a mark only rises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sqlite3 import Connection

from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import own_copies, terms
from workbench.ledger.records import readings
from workbench.model import handling_marks

GROWING = ("special", "review", "restricted")
"""Facets beside a mark of which the values add up."""
BECAUSE = "as another reading of the file"
Facets = Mapping[str, Sequence[str]]


def copy_marks(context: CaseContext, source: str, run: str) -> None:
    """Say of the documents that a reading of a file has made what is said of those of its other readings."""
    with context.ledger.open_transaction() as sql:
        transfer_marks(context, sql, source, run)


def transfer_marks(context: CaseContext, sql: Connection, source: str, run: str) -> None:
    """The same inside the caller's transaction."""
    found = readings.compare_readings(sql, source, run)
    if not (found.made and found.others):
        return
    held = terms.list_current_terms(context.ledger, found.made | found.others, whole=True)
    said = [facets for (kind, key), facets in held.items() if key in found.others and kind in ("document", "passage")]
    if not said:
        return
    for key in sorted(found.made):
        joined = _merge_marks([*said, held.get(("document", key), {})], controller.get_scheme(context))
        for facet, values in joined.items():
            terms.add_facet(sql, context.ledger, ("document", key, facet), values, BECAUSE)
    if (gate := context.ledger.current_filter) and source in gate.own:
        own_copies.renew_copy(sql, context.ledger, source)


def _merge_marks(said: Sequence[Facets], scheme: handling_marks.Scheme) -> dict[str, list[str]]:
    """The highest of what is said, and all of it where it adds up."""
    mark = handling_marks.merge_marks(
        handling_marks.build_mark({name: list(values) for name, values in one.items()}, scheme) for one in said
    )
    found = handling_marks.to_facets(mark, scheme)
    for name in GROWING:
        found[name] = sorted({value for one in said for value in one.get(name, ())})
    found["purpose"] = _find_common_purposes([one["purpose"] for one in said if one.get("purpose")])
    return {name: values for name, values in found.items() if values}


def _find_common_purposes(purposes: Iterable[Sequence[str]]) -> list[str]:
    """The purposes for which all of it may be used; where there is none, one that is all of them at once."""
    kept = [set(one) for one in purposes]
    if not kept:
        return []
    return sorted(set.intersection(*kept)) or ["; ".join(sorted(set.union(*kept)))]
