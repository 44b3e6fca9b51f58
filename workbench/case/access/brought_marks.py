"""Whose a mark is that came from outside: each bureau marks the copy that it has brought, and no copy of anybody else.

A file is kept once, whoever brings it. What all of its bringers say holds; what only one of them says becomes a remark.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import message_marks, terms
from workbench.ledger.records import packages
from workbench.model import handling_marks
from workbench.model.handling_marks import Mark


class Bringer(NamedTuple):
    """Who brings a file: bureau, officer, package in which it comes, why the mark is said; and all by which the bureau is known."""

    bureau: str
    officer: str
    package: str
    because: str
    known_by: Collection[str]


def record_mark(context: CaseContext, source: str, mark: Mark, held: Mark, by: Bringer) -> None:
    """Say as the word of its bringer what a mark adds to the one that holds of a file (`get_held_mark`); what holds is not said again."""
    if added := handling_marks.to_facets(mark - held, scheme := controller.get_scheme(context)):
        joined = handling_marks.to_facets(held | mark, scheme)
        message_marks.record_facets(
            context.ledger, source, (added, joined), by.officer, (by.bureau, by.package), by.because
        )


def get_held_mark(context: CaseContext, source: str) -> Mark:
    """The mark that holds of a file by itself, whoever reads."""
    facets = terms.list_current_terms(context.ledger, [source], whole=True).get(("source", source), {})
    return handling_marks.build_mark(
        {name: list(values) for name, values in facets.items()}, controller.get_scheme(context)
    )


def keep_common_mark(context: CaseContext, source: str, mark: Mark, by: Bringer, *, is_sealed: bool = False) -> None:
    """Leave of what other bureaux say of a file what its new bringer says too; what they say beyond that becomes a remark.

    `is_sealed`: the file is a message, and its new bringer has sealed it.
    """
    if said := message_marks.list_said(context.ledger, source, by.known_by):
        common = _read_said(context, said) & mark
        message_marks.turn_into_remarks(context.ledger, source, by.known_by, is_sealed=is_sealed)
        record_mark(context, source, common, get_held_mark(context, source), by)


def keep_common_mark_within(context: CaseContext, inner: str, outer: str) -> None:
    """The same of a file that comes within another one: what is said of the outer file is said of it.

    Where all who have brought the outer file had brought the inner one before, what is said of the inner one stays.
    """
    if not message_marks.list_said(context.ledger, inner):
        return
    before = frozenset[str]().union(*_list_bringers(context, inner))
    anew = [known_by for known_by in _list_bringers(context, outer) if before.isdisjoint(known_by)]
    if not anew:
        return
    said = [
        row
        for key in message_marks.list_outer(context.ledger, outer)
        for row in message_marks.list_said(context.ledger, key)
    ]
    last: Mapping[str, str] = said[-1] if said else dict.fromkeys(message_marks.COLUMNS, "")
    known_by = frozenset[str]().union(*anew)
    by = Bringer(last["bureau"], last["officer"], last["package"], last["because"], known_by)
    keep_common_mark(context, inner, _read_said(context, said), by)


def _list_bringers(context: CaseContext, source: str) -> list[frozenset[str]]:
    """All that each of those is known by who have brought a source: a bureau, '' for us, the hash of a file of traffic."""
    ways = message_marks.list_ways(context.ledger, source)
    signed = (name for package, _ in ways if package for name in packages.list_sender_names(context.ledger, package))
    return [*map(frozenset, signed), *(frozenset({other}) for package, other in ways if not package)]


def _read_said(context: CaseContext, said: Collection[Mapping[str, str]]) -> Mark:
    """The mark of all that is said; of what one bureau says in a facet the latest word."""
    latest = {(row["bureau"], row["facet"]): row for row in said}
    scheme = controller.get_scheme(context)
    return handling_marks.merge_marks(
        handling_marks.build_mark({row["facet"]: json.loads(row["value"])}, scheme) for row in latest.values()
    )
