"""The message desk of a case: drafts, what was sent and received, threads, and what waits for an answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import consultation_log, marks
from workbench.case.desk.disposition import Settling
from workbench.case.desk.drafts import approval, creation, disclosure_preview, export, sending
from workbench.case.desk.drafts.draft import Draft
from workbench.case.desk.inbox import awaiting_reply, processing, receiving, triage
from workbench.case.desk.messages import cross_references, deliveries, rendering, validation
from workbench.case.packages.export import Wish
from workbench.case.verbs.error_translation import verbs
from workbench.ledger.records import drafts as kept
from workbench.ledger.records import messages as filed
from workbench.messages import table
from workbench.messages.model.message import Correspondence
from workbench.messages.notices import published

if TYPE_CHECKING:
    from workbench.identity import Card, Officer, TrustList
    from workbench.messages import Fault
    from workbench.views.desk import MessageDesk

    Draw = Callable[["Desk", Sequence[Card], TrustList | None, str, str], MessageDesk]

DRAFTS = ("draft_id", "kind", "to", "our_ref", "subject", "open", "officer", "at", "mark")


@verbs
@dataclass(frozen=True, slots=True)
class Desk(Settling):
    """The message desk. What it shows and does is logged, and cut to its reader, as all else of the case is."""

    _draw: Draw

    def __repr__(self) -> str:
        """How many messages and drafts there are."""
        try:
            known, drafts = filed.listed(self.book.ledger), len(self._drafts())
        except sqlite3.ProgrammingError:
            return "Desk: closed"
        came, went, copies = (sum(one.direction == way for one in known) for way in (filed.IN, filed.OUT, filed.COPY))
        beside = f", {copies:,} copies of others" if copies else ""
        return f"Desk: {came:,} messages came in, {went:,} went out{beside}, {drafts:,} drafts."

    # Write ----------------------------------------------------------------------------------------------------------------

    def draft(
        self, kind: str, *, to: Sequence[str] = (), about: Sequence[str] = (), reply_to: str = "", language: str = "",
        clearance: str = "", **fields: object,
    ) -> Draft:  # fmt: skip
        """Begin a message; what the case knows of whom it is about is filled in, as far as you and all addressees may see it.

        Parameters
        ----------
        kind : str
            'request', 'reply', 'information', 'reminder', 'cancellation', 'correction', 'acknowledgement'; 'red notice', 'blue
            notice', … and 'red diffusion', …; 'letter of request', which goes to a central authority and is never sent from here.
        to : sequence of str
            Codes of bureaux, which begin with their country: 'XB-NCB'.
        about : sequence of str
            Persons and things of the case, by name or id.
        reply_to : str
            The message that it follows: reference, message id or document id.
        language : {'en', 'fr', 'es', 'ar'}
            That of the message which it follows if not given, else that of the case.
        clearance : str
            Level up to which all addressees may see; that of everyone if not given.
        **fields
            Fields of the message by their names (docs/messages.md).

        Returns
        -------
        Draft
            `.check()`, `.change(…)`, `.mend(n)`, `.acknowledge(rows)`, `.sources()`, `.ready`.
        """
        wish = creation.Wish(kind, tuple(to), tuple(about), reply_to, language, clearance, fields)
        return creation.begin(self.book, wish)

    def drafts(self) -> pd.DataFrame:
        """Drafts that have not gone to all of their addressees, the latest first.

        Columns
        -------
        draft_id, kind, to (those to whom it has not gone), our_ref, subject, open (int, what keeps it from being sent), officer, at, mark.
        """
        rows = [
            (
                one.id, rendering.title(one.message), ", ".join(one.left), one.message.our_ref, one.message.subject,
                len(one.open_faults()) if one.state == kept.DRAFT else 0, stored.officer, stored.at, one.mark,
            )
            for stored, one in ((stored, Draft(self.book, stored)) for stored in self._drafts())
        ]  # fmt: skip
        made = pd.DataFrame(rows, columns=pd.Index(DRAFTS))
        made.attrs["mark"] = marks.label(self.book)
        return consultation_log.told(self.book, "drafts", made)

    # Look at ------------------------------------------------------------------------------------------------------------

    def show(
        self, *, to_cards: Sequence[Card] = (), clearance: str = "", trust: TrustList | None = None, language: str = ""
    ) -> MessageDesk:
        """The desk in a notebook: folders, messages with their links, and a form with its issues as one types (docs/messages.md).

        Parameters
        ----------
        to_cards : sequence of Card
            Cards of officers of other bureaux; a message is sealed to those of them whose bureau or country it names.
        clearance, trust
            As in `case.packages.pack`.
        language : {'en', 'fr', 'es', 'ar'}
            In which the desk speaks at first; that of the case if not given.
        """
        return self._draw(self, to_cards, trust, clearance, self._spoken(language))

    # Send and receive -----------------------------------------------------------------------------------------------------

    def approve(self, draft: Draft | str, *, officer: Officer | None = None, trust: TrustList | None = None) -> Draft:
        """Sign a draft as the second officer, with a key of your own (or of the `officer` who sits beside you).

        A message that is RESTRICTED or above does not go out without. A change of the draft takes the signature away. A second officer
        is of your bureau, which the trust list knows (`trust` as in `case.packages.pack`): the addressee asks that too.

        Raises
        ------
        CaseError
            If you have written of it yourself, have no key, are of another bureau or not vouched for, or something of it is open.
        """
        one = self.open(draft) if isinstance(draft, str) else draft
        return approval.approve(self.book, one, officer, trust)

    def send(  # noqa: PLR0913 - a verb's options are keywords
        self, draft: Draft | str, to_cards: Card | Sequence[Card], *, approver: Officer | None = None, reason: str = "",
        clearance: str = "", unknown_addressee: str = "", trust: TrustList | None = None,
    ) -> Path:  # fmt: skip
        """Seal a draft to its addressees and file it as sent; the package in the case's outbox/. Logged as disclosure.

        It says which addressees hold none of the cards: to these it is sent later (`draft.left`), and stays among the drafts till then.

        Parameters
        ----------
        to_cards : Card or sequence of Card
            Cards of who may open it: officers of the bureaux that the message names. Those who have it already do not get it again.
        approver : Officer, optional
            A second officer, unlocked, who signs now; else who has signed by `approve`.
        reason : str
            Why it is sent; the session's if not given.
        clearance, unknown_addressee, trust
            As in `case.packages.pack`.

        Returns
        -------
        Path
            The sealed file. `case.packages.send(path, folder)` puts it where the other bureau reads.

        Raises
        ------
        CaseError
            While something blocks, a warning is open, a second officer has not signed, or it is not for those it would be sealed to.
        """
        one = self.open(draft) if isinstance(draft, str) else draft
        if approver is not None:
            self.approve(one, officer=approver, trust=trust)
        wish = Wish(reason, clearance=clearance, unknown_addressee=unknown_addressee)
        cards = to_cards if isinstance(to_cards, Sequence) else (to_cards,)
        return sending.send(self.book, one, cards, wish, trust)

    def export(self, draft: Draft | str, path: str | Path, *, reason: str = "", trust: TrustList | None = None) -> Path:
        """Write a draft that is ready as a file (.html, .pdf, .eml, .json): so a letter of request goes to its central authority.

        A notice that ends in .notice.json is in the shape of the public service, with what that has a field for.
        Nothing is sent. Logged as disclosure to whom the draft names.

        Raises
        ------
        CaseError
            While something of it is open: `draft.check()`.
        """
        one = self.open(draft) if isinstance(draft, str) else draft
        return export.export(self.book, one, Path(path), reason, trust)

    def receive(
        self, path: str | Path, *, unknown_sender: bool = False, trust: TrustList | None = None
    ) -> pd.DataFrame:
        """Take in the message of a package: verified, filed in its thread, acknowledged by a receipt beside the package.

        Returns
        -------
        DataFrame
            One row: name, state ('read', 'known', 'closed', 'quarantined'), why (it is closed to you: filed, and nothing else
            is told of it; or it was quarantined: nothing of it is filed), in the language of the case, kind,
            from_bureau, our_ref, subject, thread_id, document_id, approver (who signed there as second officer), receipt (its path;
            `case.packages.send` puts it where the sender reads).

        Notes
        -----
        `case.desk.check(document_id)` says what is wrong with it, `case.desk.query(document_id)` asks the sender for it.
        """
        came = receiving.receive(self.book, Path(path), trust, unknown_sender=unknown_sender)
        if came.state == receiving.READ:
            processing.take(self.book, [came.document_id])
        return marks.stamped_whole(self.book, pd.DataFrame([came], columns=pd.Index(receiving.Came._fields)))

    def query(self, message: str) -> Draft:
        """A draft that asks the sender of a message for what it lacks, by its reference, message id or document id.

        One that asks this already and has not gone out is opened again, which is said; discard it to begin another one.
        """
        return awaiting_reply.query(self.book, message, self.unsent())

    def waiting(self, *, language: str = "") -> pd.DataFrame:
        """Requests, letters and notices that ask for an answer which is still owed, what is due first at the top; told in a language.

        Columns
        -------
        document_id, waits ('for us', 'for them'), owes (the bureau that has not answered, a row for each), kind, suggested (bool: only a
        machine says that it asks), from_bureau, to_bureaux, our_ref, subject, at, due (UTC, '' without a term), by (what says so: the
        sender's term, or Directive (EU) 2023/977 between authorities of the Union), overdue (bool), state, thread_id, mark.
        """
        return consultation_log.told(
            self.book, "messages", awaiting_reply.waiting(self.book, self._spoken(language)), "waiting"
        )

    # Sort -----------------------------------------------------------------------------------------------------------------

    def inbox(self, *, limit: int = 50, answered: bool = False) -> pd.DataFrame:
        """What came in and waits, what to read first at the top: danger to life, minors at risk, then by points, then the oldest.

        Parameters
        ----------
        limit : int
            Messages at most.
        answered : bool
            With those that were answered.

        Returns
        -------
        DataFrame
            document_id, band, points, suggested (bool: only words of a text put it in its band), category (crime areas, or 'unsure'), sure
            (confidence of the first, in [0, 1]; 1 where an officer decided), crime_area (as its sender says), type ('' of notices),
            type_sure, kind, from_bureau, our_ref, subject, language, due (UTC, '' without a term), links (things in it that the case names
            elsewhere), at, state, thread_id, mark.

        Notes
        -----
        Category and type are suggestions. Priority is of the message, not of a person in it; that nothing was found in a text does not
        mean that nothing is in it.
        """
        made = triage.inbox(self.book, triage.now(), limit, answered=answered)
        return consultation_log.told(self.book, "messages", made, "inbox")

    def why(self, message: str, *, language: str = "") -> pd.DataFrame:
        """Why a message stands where it stands in the inbox, told in a language: the lines of its priority, the words of its category.

        Columns
        -------
        about ('priority', 'crime area', 'type', 'category'), what (band or label), weight (points; of words, by how much the confidence
        falls without them), reason, band, field ('text': subject and facts together), start, end, words, by ('sender', 'suggested',
        'desk', 'officer'), mark.
        """
        return consultation_log.told(
            self.book, "message", triage.why(self.book, message, triage.now(), self._spoken(language)), message
        )

    def correct(self, message: str, *, crime_area: Sequence[str] = (), type: str = "", because: str = "") -> None:  # noqa: A002
        """Decide what a message is about. It is kept as your decision, and later suggestions learn from it.

        Raises
        ------
        CaseError
            Without a reason, or with a code that is not known.
        """
        areas = (crime_area,) if isinstance(crime_area, str) else tuple(crime_area)
        said = {"crime_area": areas, "type": (type,) if type else ()}
        triage.correct(self.book, message, {name: labels for name, labels in said.items() if labels}, because)

    def links(self, message: str, *, language: str = "") -> pd.DataFrame:
        """What a message names and where the case names it too, of most bureaux first; names as suggestions with their reason.

        Parameters
        ----------
        language : {'en', 'fr', 'es', 'ar'}
            Of what is told in words; that of the case if not given, here as in the other verbs.

        Columns
        -------
        schema, value, words, field, start, end, said ('in 3 messages from 2 countries'), messages, bureaux (int), countries, document_id,
        title, why, by ('sender', 'suggested'), mark. A row for each thing and document.

        Notes
        -----
        A hit is a lead: verify it with its source. What you may not see is not counted.
        """
        found = creation.found(self.book, message)
        one = validation.stored(self.book, found.source)
        return consultation_log.told(
            self.book,
            "links",
            cross_references.table(self.book, one, found.document_id, self._spoken(language)),
            message,
        )

    def preview(self, draft: Draft | str, *, language: str = "") -> pd.DataFrame:
        """The same of a draft, before it is sent."""
        one = self.open(draft) if isinstance(draft, str) else draft
        return consultation_log.told(
            self.book, "links", cross_references.table(self.book, one.message, language=self._spoken(language)), one.id
        )

    def discloses(self, draft: Draft | str, *, language: str = "") -> pd.DataFrame:
        """What each addressee of a draft would learn, from which source, and what is closed to whom; told in a language.

        Columns
        -------
        addressee, what (person, thing, text or file), field, document_id, source (title of the document that the field was filled from,
        '' by hand), closed (why the addressee may not have it, '' if nothing says so), mark.
        """
        one = self.open(draft) if isinstance(draft, str) else draft
        return consultation_log.told(
            self.book, "draft", disclosure_preview.table(self.book, one, self._spoken(language)), one.id
        )

    # Read -----------------------------------------------------------------------------------------------------------------

    def messages(self, *, thread: str = "") -> pd.DataFrame:
        """Messages that came in and went out, in the order in which they were filed; of one thread, if it is given.

        Columns
        -------
        document_id, direction ('incoming', 'outgoing', or 'copy': it came with the case of another bureau, or out of a list of notices),
        kind, from_bureau, to_bureaux, our_ref, your_ref, subject, at, urgency, reply_by, thread_id, state (of a copy, that in which it
        was there), mark.
        """
        ledger = self.book.ledger
        found = filed.of_thread(ledger, thread) if thread else filed.listed(ledger)
        made = filed.frame(found)[list(LISTED)]
        made["state"] = made["document_id"].map(deliveries.states(self.book, found))
        return consultation_log.told(self.book, "messages", marks.stamped(self.book, made), thread)

    def message(self, name: str) -> Correspondence:
        """One message, by its reference, message id or document id.

        Raises
        ------
        CaseError
            If there is none, or several bureaux gave that reference.
        SourceError
            If something was erased of it that left no message.
        """
        found = creation.found(self.book, name)
        return consultation_log.told(
            self.book, "message", validation.stored(self.book, found.source), found.document_id
        )

    def check(self, message: str | Correspondence, *, language: str = "") -> pd.DataFrame:
        """What is wrong with a message of the case, or with any message, as the rules tell in a language (`messages.table`).

        A notice out of a public list is nobody's mail: as far as it is in the case, nothing is wrong with it.
        """
        one = self.message(message) if isinstance(message, str) else message
        return consultation_log.told(
            self.book, "message check", table(self.faults(message), self._spoken(language)), one.our_ref
        )

    def faults(self, message: str | Correspondence) -> list[Fault]:
        """The same, each as a `Fault`."""
        if not isinstance(message, str):
            return validation.faults(self.book, message)
        one = self.message(message)
        return [] if published(one) else validation.faults(self.book, one)

    def unsent(self) -> list[Draft]:
        """Drafts that have not gone to all of their addressees and that you may see, the latest first, unchecked."""
        return [Draft(self.book, stored) for stored in self._drafts()]

    def _spoken(self, language: str) -> str:
        return language or self.book.settings.language


LISTED = (
    "document_id", "direction", "kind", "from_bureau", "to_bureaux", "our_ref", "your_ref", "subject", "at", "urgency", "reply_by",
    "thread_id", "state",
)  # fmt: skip
