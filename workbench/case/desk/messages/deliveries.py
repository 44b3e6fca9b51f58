"""To which addressees a message has gone, how, and who of them has acknowledged it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.messages import bureau_names
from workbench.identity import Card
from workbench.ledger.records import messages, packages, row_tables
from workbench.ledger.records.messages import OUT, SENDING, FiledMessage
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
    received : mapping
        Package and key of who has said that it came -> their card.
    """

    def __init__(self, known: Mapping[str, Mapping[str, Delivery]], received: Mapping[tuple[str, str], Card]) -> None:
        self.known, self._received = known, received

    def get_state(self, one: FiledMessage, addressee: str) -> str:
        """State of a message for an addressee; that of the message where nothing else is known, as of existing traffic."""
        there = self.known.get(one.document_id)
        if one.direction != OUT or there is None:
            return one.state
        if addressee not in there:
            return NOT_SENT
        made = there[addressee]
        said = [card for key in made.keys if (card := self._received.get((made.how, key)))]
        return ACKNOWLEDGED if bureau_names.select_cards(said, [addressee]) else SENT  # earlier versions noted all keys

    def get_overall_state(self, one: FiledMessage) -> str:
        """State of a message for all of its addressees together."""
        if one.document_id not in self.known or one.state not in (SENT, ACKNOWLEDGED):
            return one.state
        states = {self.get_state(one, each) for each in one.to_bureaux}
        return states.pop() if len(states) == 1 else PARTLY if NOT_SENT in states else SENT


def list_deliveries(context: CaseContext) -> Deliveries:
    """What has gone to whom, as the ledger has it."""
    return context.cache_by_version(
        "desk: deliveries", lambda: Deliveries(_load_deliveries(context), packages.list_acknowledged(context.ledger))
    )


def _load_deliveries(context: CaseContext) -> dict[str, dict[str, Delivery]]:
    found = defaultdict[str, dict[str, Delivery]](dict)
    rows = row_tables.list_decisions(context.ledger)
    for row in rows[rows["target_kind"] == SENDING].itertuples():
        document, _, addressee = str(row.target_id).partition(" ")
        how, *keys = str(row.verdict).split(BETWEEN)
        found[document][addressee] = Delivery(how, frozenset(keys), str(row.officer), str(row.at))
    return dict(found)


def list_states(context: CaseContext, filed: Iterable[FiledMessage]) -> dict[str, str]:
    """Document of a message -> its state for all of its addressees together."""
    known = list_deliveries(context)
    return {one.document_id: known.get_overall_state(one) for one in filed}


def record_delivery(
    context: CaseContext, document: str, keys: Mapping[str, Iterable[str]], how: str, because: str
) -> None:
    """Write down that a message has gone to some addressees: in a package, sealed to the keys of each, or otherwise."""
    said = defaultdict[str, dict[str, str]](dict)
    for addressee, own in keys.items():
        said[BETWEEN.join((how, *own))][f"{document} {addressee}"] = document
    with context.ledger.group_transactions():
        for verdict, targets in said.items():
            context.ledger.decide(SENDING, [*targets], verdict, because, rests_on=targets)


def list_reached(message: Correspondence, cards: Sequence[Card]) -> dict[str, list[str]]:
    """Addressees of a message who hold some of the cards -> keys of these."""
    held = {each: bureau_names.select_cards(cards, [each]) for each in list_addressees(message)}
    return {each: [card.fingerprint for card in own] for each, own in held.items() if own}


def list_addressees(message: Correspondence) -> tuple[str, ...]:
    """All addressees of a message, each once."""
    return tuple(dict.fromkeys((*message.to, *message.cc)))


def list_missing(context: CaseContext, message: Correspondence) -> list[str]:
    """Addressees to whom a message has not gone, whoever reads."""
    gone = messages.list_sent_addressees(context.ledger, find_document(context, message))
    return [each for each in list_addressees(message) if each not in gone]


def find_document(context: CaseContext, message: Correspondence) -> str:
    """Document of a message as it was filed, '' if it was not."""
    filed = messages.find_message(context.ledger, sha256(to_json(message).encode()).hexdigest())
    return filed.document_id if filed else ""


def build_addressee_table(context: CaseContext, one: FiledMessage) -> pd.DataFrame:
    """State of a message for each of its addressees (ADDRESSEES)."""
    known = list_deliveries(context)
    there = known.known.get(one.document_id, {})
    went = [there.get(each, Delivery("", frozenset(), "", "")) for each in one.to_bureaux]
    rows = [
        (each, known.get_state(one, each), made.how, made.officer, made.at)
        for each, made in zip(one.to_bureaux, went, strict=True)
    ]
    told = pd.DataFrame(rows, columns=pd.Index(ADDRESSEES)).assign(document_id=one.document_id)
    return marks.add_mark_column(context, told).drop(columns="document_id")
