"""The message desk of a case: drafts, what was sent and received, threads, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.access import consultation_log, marks
from workbench.case.context.protocols import HasContext
from workbench.case.desk.drafts import creation, draft_list
from workbench.case.desk.drafts.draft import Draft
from workbench.case.desk.inbox import awaiting_reply, processing, receiving, triage
from workbench.case.desk.message_lookup import read_message
from workbench.case.desk.messages import cross_references, deliveries, validation
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.errors import CaseError
from workbench.ledger.records import messages as filed
from workbench.ledger.records.messages import DONE, REOPENED, TARGET
from workbench.messages.model.message import Correspondence
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext
    from workbench.case.desk.namespaces.drafts import Drafts
    from workbench.case.desk.namespaces.imports import Imports
    from workbench.case.desk.namespaces.rules import Rules
    from workbench.case.desk.namespaces.screening import Screening
    from workbench.identity import Card, TrustList
    from workbench.views.desk import MessageDesk

    Draw = Callable[["Desk", CaseContext, Sequence[Card], TrustList | None, str, str], MessageDesk]


@wrap_verbs
class Desk(Namespace):
    """The message desk: messages sent and received, and what waits for an answer."""

    PATH = "desk"
    GROUPS = (
        ("See", "show inbox waiting messages message why links"),
        ("Write", "draft"),
        ("Receive", "receive"),
        ("Decide", "correct mark_done reopen"),
    )

    def __init__(self, case: HasContext, draw: Draw) -> None:
        super().__init__(case)
        self._draw = draw

    def _describe_contents(self) -> str:
        """How many messages and drafts there are."""
        known, drafts = filed.list_messages(self._book.ledger), len(draft_list.list_stored(self._book))
        came, went, copies = (sum(one.direction == way for one in known) for way in (filed.IN, filed.OUT, filed.COPY))
        beside = f", {copies:,} copies of others" if copies else ""
        return f"{came:,} messages came in, {went:,} went out{beside}, {drafts:,} drafts"

    def show(
        self, *, to_cards: Sequence[Card] = (), clearance: str = "", trust: TrustList | None = None, language: str = ""
    ) -> MessageDesk:
        """Show the message desk: folders, messages with their links, and a form that checks as you type.

        See docs/messages.md.

        Parameters
        ----------
        to_cards : sequence of Card
            Cards of officers of other bureaux; a message is sealed to those of them whose bureau or country it names.
        clearance, trust
            As in `case.packages.pack`.
        language : {'en', 'fr', 'es', 'ar'}
            In which the desk speaks at first; that of the case if not given.
        """
        return self._draw(self, self._book, to_cards, trust, clearance, self._get_language(language))

    def inbox(self, *, limit: int = 50, answered: bool = False) -> pd.DataFrame:
        """List messages that came in and wait, what to read first at the top.

        First danger to life and minors at risk, then by points, then the oldest.

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
        made = triage.build_inbox(self._book, triage.now(), limit, answered=answered)
        return consultation_log.log_answer(self._book, "messages", made, "inbox")

    def waiting(self, *, language: str = "") -> pd.DataFrame:
        """List requests, letters and notices that still need an answer, the most urgent first.

        Columns
        -------
        document_id, waits ('for us', 'for them'), owes (the bureau that has not answered, a row for each), kind, suggested (bool: only a
        machine says that it asks), from_bureau, to_bureaux, our_ref, subject, at, due (UTC, '' without a term), by (what says so: the
        sender's term, or Directive (EU) 2023/977 between authorities of the Union), overdue (bool), state, thread_id, mark.
        """
        return consultation_log.log_answer(
            self._book,
            "messages",
            awaiting_reply.list_waiting(self._book, self._get_language(language)),
            "waiting",
        )

    def messages(self, *, thread: str = "") -> pd.DataFrame:
        """List messages sent and received, or those of one thread.

        They are in the order in which they were filed.

        Columns
        -------
        document_id, direction ('incoming', 'outgoing', or 'copy': it came with the case of another bureau, or out of a list of notices),
        kind, from_bureau, to_bureaux, our_ref, your_ref, subject, at, urgency, reply_by, thread_id, state (of a copy, that in which it
        was there), mark.
        """
        ledger = self._book.ledger
        found = filed.list_thread_messages(ledger, thread) if thread else filed.list_messages(ledger)
        made = filed.build_message_table(found)[list(LISTED)]
        made["state"] = made["document_id"].map(deliveries.list_states(self._book, found))
        return consultation_log.log_answer(self._book, "messages", marks.add_mark_column(self._book, made), thread)

    def message(self, name: str) -> Correspondence:
        """Read one message, by its reference, message id or document id.

        Raises
        ------
        CaseError
            If there is none, or several bureaux gave that reference.
        SourceError
            If something was erased of it that left no message.
        """
        return read_message(self._book, name)

    def why(self, message: str, *, language: str = "") -> pd.DataFrame:
        """Explain the place of a message in the inbox: its priority points, and the words behind its category.

        Columns
        -------
        about ('priority', 'crime area', 'type', 'category'), what (band or label), weight (points; of words, by how much the confidence
        falls without them), reason, band, field ('text': subject and facts together), start, end, words, by ('sender', 'suggested',
        'desk', 'officer'), mark.
        """
        return consultation_log.log_answer(
            self._book,
            "message",
            triage.explain_message(self._book, message, triage.now(), self._get_language(language)),
            message,
        )

    def links(self, message: str, *, language: str = "") -> pd.DataFrame:
        """List what a message names and where else the case names it.

        What most bureaux name comes first. Names are suggestions, each with its reason.

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
        found = creation.find_message(self._book, message)
        one = validation.load_shown_message(self._book, found)
        return consultation_log.log_answer(
            self._book,
            "links",
            cross_references.build_link_table(self._book, one, found.document_id, self._get_language(language)),
            message,
        )

    def draft(
        self, kind: str, *, to: Sequence[str] = (), about: Sequence[str] = (), reply_to: str = "", language: str = "",
        clearance: str = "", **fields: object,
    ) -> Draft:  # fmt: skip
        """Create a draft; the program fills in what you and all addressees may see.

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
            `.check()`, `.change(…)`, `.fix(n)`, `.waive(rows)`, `.sources()`, `.ready`.
        """
        wish = creation.DraftRequest(kind, tuple(to), tuple(about), reply_to, language, clearance, fields)
        return Draft(creation.create_draft(self._book, wish))

    def receive(
        self, path: str | Path, *, unknown_sender: bool = False, trust: TrustList | None = None
    ) -> pd.DataFrame:
        """Import the message in a package: it is verified, filed in its thread, and a receipt is written beside the package.

        Returns
        -------
        DataFrame
            One row: name, state ('read', 'known', 'closed', 'quarantined'), why (it is closed to you: filed, and nothing else
            is told of it; or it was quarantined: nothing of it is filed), in the language of the case, kind,
            from_bureau, our_ref, subject, thread_id, document_id, approver (who signed there as second officer), receipt (its path;
            `case.packages.send` puts it where the sender reads).

        Notes
        -----
        `case.desk.rules.check(document_id)` says what is wrong with it, `case.desk.drafts.query(document_id)` asks the sender for it.
        """
        came = receiving.receive_message(self._book, Path(path), trust, unknown_sender=unknown_sender)
        if came.state == receiving.READ:
            processing.read_messages(self._book, [came.document_id])
        return marks.add_case_mark(self._book, pd.DataFrame([came], columns=pd.Index(receiving.Came._fields)))

    def correct(self, message: str, *, crime_area: Sequence[str] = (), type: str = "", because: str = "") -> None:  # noqa: A002
        """Correct the crime area or type of a message.

        It is kept as your decision, and later suggestions learn from it.

        Raises
        ------
        CaseError
            Without a reason, or with a code that is not known.
        """
        areas = (crime_area,) if isinstance(crime_area, str) else tuple(crime_area)
        said = {"crime_area": areas, "type": (type,) if type else ()}
        triage.correct_category(self._book, message, {name: labels for name, labels in said.items() if labels}, because)

    def mark_done(self, message: str, *, because: str) -> None:
        """Mark a message as done: it leaves the inbox until its sender sends a reminder.

        Raises
        ------
        CaseError
            Without a reason, or if there is no such message.
        """
        one = creation.find_message(self._book, message)
        self._decide([one.document_id, *triage.load_exchanges(self._book).list_reminders(one)], DONE, because)

    def reopen(self, message: str, *, because: str) -> None:
        """Reopen a message that was marked as done.

        Raises
        ------
        CaseError
            Without a reason, or if there is no such message.
        """
        self._decide([creation.find_message(self._book, message).document_id], REOPENED, because)

    def _get_language(self, language: str) -> str:
        return language or self._book.settings.language

    def _decide(self, documents: Sequence[str], verdict: str, because: str) -> None:
        if not because.strip():
            raise CaseError(Sentence("Nothing was changed. Enter the reason: `because='…'`."))
        self._book.ledger.decide(TARGET, documents, verdict, because)

    @cached_property
    def drafts(self) -> Drafts:
        """Drafts, and how they are approved, sent and exported."""
        from workbench.case.desk.namespaces.drafts import Drafts

        return Drafts(self._case)

    @cached_property
    def imports(self) -> Imports:
        """Existing messages out of mail, tables and other systems."""
        from workbench.case.desk.namespaces.imports import Imports

        return Imports(self._case)

    @cached_property
    def rules(self) -> Rules:
        """Rules that messages are checked by."""
        from workbench.case.desk.namespaces.rules import Rules

        return Rules(self._case)

    @cached_property
    def screening(self) -> Screening:
        """The case against notices."""
        from workbench.case.desk.namespaces.screening import Screening

        return Screening(self._case)


LISTED = (
    "document_id", "direction", "kind", "from_bureau", "to_bureaux", "our_ref", "your_ref", "subject", "at", "urgency", "reply_by",
    "thread_id", "state",
)  # fmt: skip
