"""The message desk as a widget: joins its verbs to `workbench.views.desk`. Whatever is done there passes the gate and the log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.case import consulting, marks, telling
from workbench.case.desk import approving
from workbench.case.desk.draft import Draft
from workbench.case.desk.filing import kind
from workbench.errors import CaseError
from workbench.ledger import entries
from workbench.ledger import messages as filed
from workbench.ledger.messages import IN
from workbench.messages import LetterOfRequest, table
from workbench.messages.blank import blank
from workbench.messages.blank import title as called
from workbench.messages.fields import texts
from workbench.messages.form import to_dict
from workbench.messages.message import FORMS, Correspondence
from workbench.messages.templates import country
from workbench.model.names import normalise
from workbench.model.tables import each
from workbench.views import desk as view

if TYPE_CHECKING:
    from workbench.case.desk.desk import Desk
    from workbench.model.identity import Card, TrustList

BEGUN = {"message": "request", "notice": "red notice", "letter": "letter of request"}
"""Blank form -> kind of draft that is begun on it."""
NAMING = frozenset({
    "name", "alias", "firstName", "lastName", "number", "imei", "imsi", "registrationNumber", "accountNumber", "iban", "publicKey",
    "email",
})  # fmt: skip
"""Properties by which a text names a thing."""
SHORTEST = 3
"""Letters of a name that is looked for in a text."""
LIFE = "danger to life"


def show(desk: Desk, to_cards: Sequence[Card], trust: TrustList | None, **traits: Any) -> view.MessageDesk:  # noqa: ANN401
    """The desk of a case; messages are sealed to those of the cards whose bureau or country they name."""
    title, mark = desk.book.settings.title, marks.label(desk.book)
    now = pd.Timestamp.now("UTC").isoformat(timespec="seconds")
    return view.desk(Office(desk, to_cards, trust), blanks, title=title, mark=mark, as_at=now, **traits)


def blanks(language: str) -> dict[str, view.Blank]:
    """The blank forms in a language."""
    return {form: view.blank(called(form, language), blank(form, language)) for form in FORMS}


class Office:
    """What the widget asks of the desk of a case (`workbench.views.desk.Office`)."""

    def __init__(self, desk: Desk, to_cards: Sequence[Card], trust: TrustList | None) -> None:
        self.desk, self.cards, self.trust = desk, to_cards, trust
        self.drafts: dict[str, Draft] = {}
        self.seen = _consulted(desk)
        self.known: list[tuple[str, str]] | None = None
        self.listed: list[view.Line] = []

    def lines(self) -> list[view.Line]:
        """Drafts, then messages: what is in danger first, then what is due first, then the latest."""
        unread = [
            replace(line, unread=line.direction == "in" and line.id not in self.seen) for line in self._messages()
        ]
        return [*self._drafts(), *unread]

    def _messages(self) -> list[view.Line]:
        """Lines of the messages; asked for again where some came or became other ones."""
        known = [(one.document_id, one.state) for one in filed.listed(self.desk.book.ledger)]
        if self.known != known:
            waiting = self.desk.waiting().set_index("document_id")
            found = [self._line(row, waiting) for row in each(self.desk.messages())]
            found.sort(key=lambda line: line.at, reverse=True)
            found.sort(key=lambda line: (not line.band, not line.deadline, line.deadline))
            self.known, self.listed = known, found
        return self.listed

    def _drafts(self) -> Iterator[view.Line]:
        for one in self.desk.unsent():
            message = one.message
            yield view.Line(
                id=one.id, folder="drafts", direction="out", type=kind(message), receiver=", ".join(message.to), subject=message.subject,
                at=one.at, mark=one.mark,
            )  # fmt: skip

    def _line(self, row: Any, waiting: pd.DataFrame) -> view.Line:  # noqa: ANN401
        inward, waits = row.direction == IN, row.document_id in waiting.index
        return view.Line(
            id=row.document_id, folder="inbox" if inward else "waiting" if waits else "sent", direction="in" if inward else "out",
            type=row.kind, sender=row.from_bureau, receiver=row.to_bureaux, subject=row.subject, at=row.at, mark=row.mark,
            deadline=str(waiting["due"].get(row.document_id, "")), band=LIFE if row.urgency == "immediate" else "",
        )  # fmt: skip

    def read(self, message: str) -> view.Reading:
        """A message with the entities of the case that its texts name."""
        one = self.desk.message(message)
        self.seen.add(message)
        row = next(row for row in each(self.desk.messages()) if row.document_id == message)
        thread = self.desk.messages(thread=row.thread_id)["document_id"]
        inward = row.direction == IN
        return view.Reading(
            id=message, form=one.form, values=to_dict(one), mentions=self._mentions(message, one), mark=row.mark,
            issues=view.issues(self.desk.check(message)) if inward else (), thread=[*thread],
            replies=("reply", "query", "acknowledgement") if inward else (),
        )  # fmt: skip

    def _mentions(self, document: str, one: Correspondence) -> dict[str, list[view.Mention]]:
        """Field -> where its text has the words by which the message, or a machine that read it, names a thing of the case."""
        rows = self.desk.book.evidence.query("document_id == @document and prop in @NAMING and verdict != 'rejected'")
        named = {
            words: row for row in each(rows) for words in (row.value, row.original_value) if len(str(words)) >= SHORTEST
        }
        return {field: [*_found(text, named)] for field, text in texts(one)}

    def links(self, entity: str) -> view.Links:
        """In how many messages a thing is named and by whom, and what the case knows of it."""
        book = self.desk.book
        rows = book.evidence[(book.evidence["canonical_id"] == entity) & (book.evidence["verdict"] != "rejected")]
        known = filed.listed(book.ledger, set(rows["document_id"]))
        facts = consulting.told(book, "facts", telling.facts(book, entity), entity)
        return view.Links(
            label=book.caption(entity), kind=next(iter(rows["schema"]), ""), messages=len(known), known=facts,
            countries=sorted({country(one.from_bureau) for one in known} - {""}), lines=[one.document_id for one in known],
        )  # fmt: skip

    def compose(self, form: str) -> view.Draft:
        """A new draft."""
        return self._told(self.desk.draft(BEGUN[form]))

    def reply(self, message: str, kind: str) -> view.Draft:
        """A draft that answers a message: a reply, an acknowledgement, or a question for what it lacks."""
        return self._told(self.desk.query(message) if kind == "query" else self.desk.draft(kind, reply_to=message))

    def draft(self, draft: str) -> view.Draft:
        """A draft as the case keeps it."""
        return self._told(self.desk.open(draft))

    def change(self, draft: str, values: Mapping[str, Any]) -> view.Draft:
        """Keep other values in fields."""
        return self._told(self._draft(draft).change(**values))

    def mend(self, draft: str, issue: str) -> view.Draft:
        """Mend one issue."""
        (number,) = self._numbers(draft, [issue])
        return self._told(self._draft(draft).mend(number))

    def acknowledge(self, draft: str, issues: Sequence[str], reason: str) -> view.Draft:
        """Let issues stand."""
        return self._told(self._draft(draft).acknowledge(self._numbers(draft, issues), because=reason))

    def preview(self, draft: str) -> view.Reading:
        """The message as it goes out."""
        one = self._draft(draft)
        return view.Reading(id=draft, form=one.message.form, values=to_dict(one.message), mark=one.mark)

    def send(self, draft: str) -> str:
        """Seal it to the holders of the cards; where it lies."""
        one = self._draft(draft)
        path = self.desk.send(one, self._addressees(one.message), trust=self.trust)
        del self.drafts[draft]
        return f"Sealed to {', '.join(one.message.to)}: {path.name} lies in the outbox. The acknowledgement is awaited."

    def correct(self, message: str, category: str) -> view.Line:
        """Decide on the category of a message."""
        raise CaseError(f"the case keeps no category of messages: {message}, {category}.")

    def _draft(self, draft: str) -> Draft:
        return self.drafts.get(draft) or self.desk.open(draft)

    def _addressees(self, message: Correspondence) -> list[Card]:
        bureaux = {normalise(bureau) for bureau in (*message.to, *message.cc)}
        countries = {country(bureau) for bureau in (*message.to, *message.cc)}
        return [card for card in self.cards if card.country in countries or normalise(card.bureau) in bureaux]

    def _numbers(self, draft: str, issues: Sequence[str]) -> list[int]:
        """Numbers of issues among the faults of a draft.

        Raises
        ------
        CaseError
            If one of them is not there any more.
        """
        known = [one.id for one in view.issues(table(self._draft(draft).faults()))]
        if gone := [issue for issue in issues if issue not in known]:
            raise CaseError(f"{gone[0].split(chr(9))[0]} is not told of this draft any more. Open it again.")
        return [known.index(issue) for issue in issues]

    def _told(self, draft: Draft) -> view.Draft:
        """A draft with its issues, and what it waits for beside them."""
        self.drafts[draft.id] = draft
        found = view.issues(_standing(draft))
        unheard = any(
            one.severity == "warning" and not (one.acknowledged or one.overridden or one.blocks) for one in found
        )
        waits = [*_waits(draft, unheard=unheard, cards=self._addressees(draft.message))]
        ready = not waits and not any(one.blocks for one in found)
        return view.Draft(
            id=draft.id, form=draft.message.form, values=to_dict(draft.message), issues=found, waits=waits, ready=ready
        )


def _standing(draft: Draft) -> pd.DataFrame:
    """Faults of a draft, with why each was let stand. They are of the officer's own writing: opening it is what is logged."""
    found = draft.faults()
    stands = {tuple(said[:3]): said[3] for said in draft.told("let_stand")}  # type: ignore[attr-defined]
    return table(found).assign(stands=[stands.get((one.rule.id, one.field, one.quote), "") for one in found])


def _waits(draft: Draft, *, unheard: bool, cards: Sequence[Card]) -> Iterator[str]:
    """What a draft waits for before it can go out, in words."""
    if isinstance(draft.message, LetterOfRequest):
        yield "A letter of request goes to the central authority, never as a police message."
        return
    if unheard:
        yield "Each warning is put right or let stand."
    if approving.needed(draft.message) and approving.approver(draft) is None:
        yield f"A second officer signs what is {draft.message.confidentiality or 'of no level'}: case.desk.approve('{draft.id}')."
    if draft.message.to and not cards:
        yield "No card of an addressee is at hand: case.desk.show(to_cards=[card])."


def _found(text: str, named: Mapping[str, Any]) -> Iterator[view.Mention]:
    """Where words of a text name a thing."""
    for words, row in named.items():
        for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE):
            sure = row.kind != "suggested" or row.verdict == "accepted"
            yield view.Mention(start=match.start(), end=match.end(), id=row.canonical_id, kind=row.schema, sure=sure)


def _consulted(desk: Desk) -> set[str]:
    """Documents of the messages that the officer has read, as the log tells."""
    ledger = desk.book.ledger
    found = entries.table(ledger, entries.own(ledger))
    return set(found.loc[(found["kind"] == "message") & (found["operation"] == "consultation"), "query"])
