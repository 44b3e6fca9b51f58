"""Who reads: clearance as others have granted it, country, purpose, and what was revealed. And the narrower reader of a product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from workbench.case.access import controller
from workbench.case.access.controller import levels
from workbench.case.context.tables import Book
from workbench.ledger.access import own_copies, terms
from workbench.ledger.access.access_filter import UNKNOWN, Gate, Reader
from workbench.ledger.ledger import Ledger
from workbench.model.handling_marks import country
from workbench.model.text import addressee_kind

if TYPE_CHECKING:
    from workbench.identity import Card

WITHHOLD = "withhold"
GRANTED = ("officer", "controller", "bureau")
"""Kinds of what is spoken of where an officer is granted something."""


def enter(book: Book) -> None:
    """At opening: settle who is the controller, put the gate before the rows, and have each act look whether it is still the one."""
    controller.record_controller(book)
    admit(book)
    book.ledger.before_act = partial(follow, book)


def follow(book: Book) -> None:
    """Put another gate before the rows where something was granted or taken back since, in whatever session."""
    if book.granted != terms.latest(book.ledger, GRANTED):
        admit(book)
        book.forget()


def admit(book: Book) -> None:
    """Put the gate of the officer who works before the rows."""
    book.granted = terms.latest(book.ledger, GRANTED)
    who = own_copies.reader_name(book.ledger)
    book.ledger.gate = Gate((reader(book),), levels(book), book.settings.years, who, speaker=book.ledger.officer)


def reader(book: Book) -> Reader:
    """The officer who works, with what the controller and trusted bureaux have granted."""
    known, said, card = levels(book), list_granted(book), vouched_card(book)
    clearances = [*said.get("clearance", ()), *([card.clearance] if card and card.clearance in known.levels else [])]
    return Reader(
        level=max([known.rank(level) for level in (book.settings.everyone, book.settings.level, *clearances)]),
        country=next(iter(said.get("country", ())), card.country if card else _own_country(book)),
        purpose=book.ledger.purpose,
        revealed=frozenset(said.get("revealed", ())),
        controller=controller.is_controller(book),
    )


def _own_country(book: Book) -> str:
    """Country of who works where nobody has said it: that of the case's service, but not on the word of one's own card."""
    by_card = book.ledger.identity is not None and not controller.is_controller(book)
    return UNKNOWN if by_card else book.settings.country


def list_granted(book: Book) -> dict[str, list[str]]:
    """What the controller has granted to the officer who works: by name, and to the very key by its fingerprint."""
    held, who = terms.current_terms(book.ledger), book.ledger.identity
    found = dict(held.get(("officer", book.ledger.officer), {}))
    for facet, values in (held.get(("officer", who.card.fingerprint), {}) if who else {}).items():
        found[facet] = [*found.get(facet, []), *values]
    return found


def vouched_card(book: Book) -> Card | None:
    """The card of the officer who works, as far as a bureau vouches for it that this case trusts; None without."""
    return controller.vouched_card(book)[0]


def addressee(book: Book, to: str, *, clearance: str = "", nation: str = "", judicial: bool | None = None) -> Reader:
    """For whom a product is made. Where something is not known of the addressee, the stricter rule applies.

    Parameters
    ----------
    to : str
        The addressee; it is one of judicial proceedings unless its words speak of the police alone (`addressee_kind.judicial`) or
        `judicial` says otherwise.
    clearance : str
        Level that the addressee may see; the level that everyone may see if not given.
    nation : str
        Country of the addressee's service. Without it the addressee counts as of another service, and what is closed to some
        country is left out.
    """
    known = levels(book)
    where = country(nation) if nation else UNKNOWN
    words = addressee_kind.judicial(to)
    court = words is not False if judicial is None else judicial
    base = max(known.rank(book.settings.everyone), known.rank(book.settings.level))
    level = known.rank(clearance) if clearance else base
    by = "as the officer says" if judicial is not None else "kind not told" if words is None else "by the words"
    told = (
        f"{'' if court else 'not '}in judicial proceedings, {by}",
        f"country {where}",
        f"level {known.levels[level]}",
    )
    return Reader(level, where, book.ledger.purpose, outside=where != book.settings.country, judicial=court, told=told)


def addressee_reader(book: Book, other: Reader) -> Reader:
    """The reader of a product: of what is revealed to who works, and without what is flagged where case.toml says so."""
    return replace(other, revealed=reader(book).revealed, careful=book.settings.flagged == WITHHOLD)


@contextmanager
def view_as_reader(book: Book, other: Reader) -> Iterator[Book]:
    """The case as both the officer who works and another reader may see it, over a connection of its own."""
    with _read_by(book, (reader(book), addressee_reader(book, other))) as seen:
        yield seen


@contextmanager
def known_to_all(book: Book) -> Iterator[Book]:
    """The case as every officer of it may see it: what is made for all must rest on nothing that only some may know of."""
    if not terms.is_secret(book.ledger):
        yield book
        return
    known = levels(book)
    least = Reader(max(known.rank(book.settings.everyone), known.rank(book.settings.level)), UNKNOWN, controller=True)
    with _read_by(book, (least,)) as seen:
        yield seen


@contextmanager
def view_revealed(book: Book, category: str) -> Iterator[Book]:
    """The case as the officer who works would see it with a category revealed: to tell that something is hidden, never what."""
    mine = reader(book)
    with _read_by(book, (replace(mine, revealed=mine.revealed | {category}),)) as seen:
        yield seen


@contextmanager
def _read_by(book: Book, readers: tuple[Reader, ...]) -> Iterator[Book]:
    key = book.folder.vault.ledger_key
    ledger = Ledger(book.ledger.path, officer=book.ledger.officer, purpose=book.ledger.purpose, key=key)
    ledger.session = book.ledger.session
    ledger.gate = Gate(readers, levels(book), book.settings.years, own_copies.reader_name(book.ledger))
    try:
        yield Book(book.folder, ledger, book.settings, book.training)
    finally:
        ledger.close()


def can_know_totals(book: Book) -> bool:
    """Whether the officer is told how much there is in the whole case: the controller, where nothing is hidden from the controller.

    Nobody else is, also where nothing is hidden: that a number is missing would tell that something is.
    """
    return controller.is_controller(book) and not book.ledger.secret()
