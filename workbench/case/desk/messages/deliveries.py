"""To which addressees a message has gone, how, and who of them has acknowledged it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from workbench.case.access import marks
from workbench.case.context.tables import Book
from workbench.case.desk.messages import bureaux
from workbench.identity import Card
from workbench.ledger.records import messages, packages, row_tables
from workbench.ledger.records.messages import OUT, SENDING, Filed
from workbench.messages import to_json
from workbench.messages.model.message import Correspondence

NOT_SENT, SENT, ACKNOWLEDGED, PARTLY = "not sent", "sent", "acknowledged", "partly sent"
ADDRESSEES = ("addressee", "state", "how", "officer", "at")
"""Columns of `case.desk.drafts.deliveries(message)`."""
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message went to an addressee: in which package or otherwise; to which keys it was sealed; who sent it, and when."""

    how: str
    keys: frozenset[str]
    officer: str
    at: str


class Deliveries:
    """What has gone to whom.

    Parameters
    ----------
    known : mapping
        Document -> addressee -> how it went.
    received : set of (str, str)
        Packages, and the keys of those who have said that they came.
    """

    def __init__(self, known: Mapping[str, Mapping[str, Delivery]], received: set[tuple[str, str]]) -> None:
        self.known, self._received = known, received

    def state(self, one: Filed, addressee: str) -> str:
        """State of a message for an addressee; that of the message where nothing else is known, as of existing traffic."""
        there = self.known.get(one.document_id)
        if one.direction != OUT or there is None:
            return one.state
        if addressee not in there:
            return NOT_SENT
        made = there[addressee]
        return ACKNOWLEDGED if any((made.how, key) in self._received for key in made.keys) else SENT

    def overall_state(self, one: Filed) -> str:
        """State of a message for all of its addressees together."""
        if one.document_id not in self.known or one.state not in (SENT, ACKNOWLEDGED):
            return one.state
        states = {self.state(one, each) for each in one.to_bureaux}
        return states.pop() if len(states) == 1 else PARTLY if NOT_SENT in states else SENT


def deliveries(book: Book) -> Deliveries:
    """What has gone to whom, as the ledger has it."""
    return book.cache_by_version(
        "desk: deliveries", lambda: Deliveries(_load_deliveries(book), packages.list_acknowledged(book.ledger))
    )


def _load_deliveries(book: Book) -> dict[str, dict[str, Delivery]]:
    found = defaultdict[str, dict[str, Delivery]](dict)
    rows = row_tables.decisions(book.ledger)
    for row in rows[rows["target_kind"] == SENDING].itertuples():
        document, _, addressee = str(row.target_id).partition(" ")
        how, *keys = str(row.verdict).split(BETWEEN)
        found[document][addressee] = Delivery(how, frozenset(keys), str(row.officer), str(row.at))
    return dict(found)


def states(book: Book, filed: Iterable[Filed]) -> dict[str, str]:
    """Document of a message -> its state for all of its addressees together."""
    known = deliveries(book)
    return {one.document_id: known.overall_state(one) for one in filed}


def note(
    book: Book, document: str, addressees: Sequence[str], how: str, because: str, *, keys: Iterable[str] = ()
) -> None:
    """Write down that a message has gone to some addressees: in a package, sealed to these keys, or otherwise."""
    targets = {f"{document} {each}": document for each in addressees}
    if targets:
        book.ledger.decide(SENDING, [*targets], BETWEEN.join((how, *keys)), because, rests_on=targets)


def list_reached(message: Correspondence, cards: Sequence[Card]) -> list[str]:
    """Addressees of a message who hold some of the cards."""
    return [each for each in addressees(message) if bureaux.select_cards(cards, [each])]


def addressees(message: Correspondence) -> tuple[str, ...]:
    """All addressees of a message, each once."""
    return tuple(dict.fromkeys((*message.to, *message.cc)))


def list_missing(book: Book, message: Correspondence) -> list[str]:
    """Addressees to whom a message has not gone, whoever reads."""
    gone = messages.sent_addressees(book.ledger, document(book, message))
    return [each for each in addressees(message) if each not in gone]


def document(book: Book, message: Correspondence) -> str:
    """Document of a message as it was filed, '' if it was not."""
    filed = messages.of_source(book.ledger, sha256(to_json(message).encode()).hexdigest())
    return filed.document_id if filed else ""


def table(book: Book, one: Filed) -> pd.DataFrame:
    """State of a message for each of its addressees (ADDRESSEES)."""
    known = deliveries(book)
    there = known.known.get(one.document_id, {})
    went = [there.get(each, Delivery("", frozenset(), "", "")) for each in one.to_bureaux]
    rows = [
        (each, known.state(one, each), made.how, made.officer, made.at)
        for each, made in zip(one.to_bureaux, went, strict=True)
    ]
    told = pd.DataFrame(rows, columns=pd.Index(ADDRESSEES)).assign(document_id=one.document_id)
    return marks.add_mark_column(book, told).drop(columns="document_id")
