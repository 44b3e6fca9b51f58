"""Who reads: clearance as others have granted it, country, purpose, and what was revealed. And the narrower reader of a product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from workbench.case.access import controller
from workbench.case.access.controller import get_scheme
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import own_copies, terms
from workbench.ledger.access.access_filter import UNKNOWN, AccessFilter, Reader, Visibility
from workbench.ledger.ledger import Ledger
from workbench.ledger.storage.runs import now
from workbench.model.handling_marks import check_country
from workbench.model.text import addressee_kind

if TYPE_CHECKING:
    from workbench.identity import Card

WITHHOLD = "withhold"
GRANTED = ("officer", "controller", "bureau")
"""Kinds of what is spoken of where an officer is granted something."""


def install_access_filter(context: CaseContext) -> None:
    """At opening: settle who is the controller, put the gate before the rows, and have each act look whether it is still the one."""
    controller.record_controller(context)
    set_access_filter(context)
    context.ledger.before_act = partial(refresh_access_filter, context)


def refresh_access_filter(context: CaseContext) -> None:
    """Put another gate before the rows where the officer who works may see other things than before.

    Something was granted or taken back since, in whatever session; or what vouches for the officer has expired, which is looked at
    once a minute.
    """
    if context.granted != terms.get_latest_number(context.ledger, GRANTED) or _is_vouched_otherwise(context):
        set_access_filter(context)
        context.forget()


def _is_vouched_otherwise(context: CaseContext) -> bool:
    minute = now()[: len("2026-12-02T08:30")]
    if context.ledger.identity is None or context.vouched[0] == minute:
        return False
    before, context.vouched = context.vouched[1], (minute, build_reader(context))
    return context.vouched[1] != before


def set_access_filter(context: CaseContext) -> None:
    """Put the gate of the officer who works before the rows."""
    context.granted = terms.get_latest_number(context.ledger, GRANTED)
    who, reader = own_copies.get_reader_name(context.ledger), build_reader(context)
    context.vouched = context.vouched[0], reader
    before = context.ledger.gate
    context.ledger.gate = AccessFilter(
        (reader,), get_scheme(context), context.settings.years, who, speaker=context.ledger.officer,
        visibility=before.visibility if isinstance(before, AccessFilter) else Visibility(),
    )  # fmt: skip


def build_reader(context: CaseContext) -> Reader:
    """The officer who works, with what the controller and trusted bureaux have granted."""
    known, said, card = get_scheme(context), list_granted(context), find_vouched_card(context)
    clearances = [*said.get("clearance", ()), *([card.clearance] if card and card.clearance in known.levels else [])]
    return Reader(
        level=max([known.rank(level) for level in (context.settings.everyone, context.settings.level, *clearances)]),
        country=next(iter(said.get("country", ())), card.country if card else _get_own_country(context)),
        purpose=context.ledger.purpose,
        revealed=frozenset(said.get("revealed", ())),
        controller=controller.is_controller(context),
    )


def _get_own_country(context: CaseContext) -> str:
    """Country of who works where nobody has said it: that of the case's service, but not on the word of one's own card."""
    by_card = context.ledger.identity is not None and not controller.is_controller(context)
    return UNKNOWN if by_card else context.settings.country


def list_granted(context: CaseContext) -> dict[str, list[str]]:
    """What the controller has granted to the officer who works: by name, and to the very key by its fingerprint."""
    held, who = terms.list_current_terms(context.ledger), context.ledger.identity
    found = dict(held.get(("officer", context.ledger.officer), {}))
    for facet, values in (held.get(("officer", who.card.fingerprint), {}) if who else {}).items():
        found[facet] = [*found.get(facet, []), *values]
    return found


def find_vouched_card(context: CaseContext) -> Card | None:
    """The card of the officer who works, as far as a bureau vouches for it that this case trusts; None without."""
    return controller.find_vouched_card(context)[0]


def build_addressee(
    context: CaseContext, to: str, *, clearance: str = "", nation: str = "", judicial: bool | None = None
) -> Reader:
    """For whom a product is made. Where something is not known of the addressee, the stricter rule applies.

    Parameters
    ----------
    to : str
        The addressee; it is one of judicial proceedings unless its words speak of the police alone (`addressee_kind.is_judicial`) or
        `judicial` says otherwise.
    clearance : str
        Level that the addressee may see; the level that everyone may see if not given.
    nation : str
        Country of the addressee's service. Without it the addressee counts as of another service, and what is closed to some
        country is left out.
    """
    known = get_scheme(context)
    where = check_country(nation) if nation else UNKNOWN
    words = addressee_kind.is_judicial(to)
    court = words is not False if judicial is None else judicial
    base = max(known.rank(context.settings.everyone), known.rank(context.settings.level))
    level = known.rank(clearance) if clearance else base
    by = "as the officer says" if judicial is not None else "kind not told" if words is None else "by the words"
    told = (
        f"{'' if court else 'not '}in judicial proceedings, {by}",
        f"country {where}",
        f"level {known.levels[level]}",
    )
    return Reader(
        level, where, context.ledger.purpose, outside=where != context.settings.country, judicial=court, told=told
    )


def build_product_reader(context: CaseContext, other: Reader) -> Reader:
    """The reader of a product: of what is revealed to who works, and without what is flagged where case.toml says so."""
    return replace(other, revealed=build_reader(context).revealed, careful=context.settings.flagged == WITHHOLD)


@contextmanager
def view_as_reader(context: CaseContext, other: Reader) -> Iterator[CaseContext]:
    """The case as both the officer who works and another reader may see it, over a connection of its own."""
    with _read_by(context, (build_reader(context), build_product_reader(context, other))) as seen:
        yield seen


@contextmanager
def view_as_all_officers(context: CaseContext) -> Iterator[CaseContext]:
    """The case as every officer of it may see it: what is made for all must rest on nothing that only some may know of."""
    if not terms.is_secret(context.ledger):
        yield context
        return
    known = get_scheme(context)
    least = Reader(
        max(known.rank(context.settings.everyone), known.rank(context.settings.level)), UNKNOWN, controller=True
    )
    with _read_by(context, (least,)) as seen:
        yield seen


@contextmanager
def view_revealed(context: CaseContext, category: str) -> Iterator[CaseContext]:
    """The case as the officer who works would see it with a category revealed: to tell that something is hidden, never what."""
    mine = build_reader(context)
    with _read_by(context, (replace(mine, revealed=mine.revealed | {category}),)) as seen:
        yield seen


@contextmanager
def _read_by(context: CaseContext, readers: tuple[Reader, ...]) -> Iterator[CaseContext]:
    key = context.folder.vault.ledger_key
    ledger = Ledger(context.ledger.path, officer=context.ledger.officer, purpose=context.ledger.purpose, key=key)
    ledger.session = context.ledger.session
    ledger.gate = AccessFilter(
        readers, get_scheme(context), context.settings.years, own_copies.get_reader_name(context.ledger)
    )
    try:
        yield CaseContext(context.folder, ledger, context.settings, context.training)
    finally:
        ledger.close()


def can_know_totals(context: CaseContext) -> bool:
    """Whether the officer is told how much there is in the whole case: the controller, where nothing is hidden from the controller.

    Nobody else is, also where nothing is hidden: that a number is missing would tell that something is.
    """
    return controller.is_controller(context) and not context.ledger.encode_secret_ids()
