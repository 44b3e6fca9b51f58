"""case.desk.drafts: messages that are being written, and how they go out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench import identity
from workbench.case.access import consultation_log, marks
from workbench.case.desk.drafts import approval, creation, disclosure_preview, draft_export, draft_list, sending
from workbench.case.desk.drafts.draft import Draft, record_of
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.inbox import awaiting_reply
from workbench.case.desk.messages import cross_references, deliveries, rendering
from workbench.case.guide.namespace import Namespace
from workbench.case.packages.package_export import PackageRequest
from workbench.case.verbs.error_translation import wrap_verbs
from workbench.ledger.records import drafts as kept

if TYPE_CHECKING:
    from workbench.identity import Card, Officer, TrustList

DRAFTS = ("draft_id", "kind", "to", "our_ref", "subject", "open", "officer", "at", "mark")


@wrap_verbs
class Drafts(Namespace):
    """Drafts, and how they are approved, sent and exported. `case.desk.draft()` creates one."""

    PATH = "desk.drafts"
    GROUPS = (
        ("See", "list open links disclosure deliveries"),
        ("Begin", "query"),
        ("Send", "approve send export record_sent"),
        ("Put away", "discard"),
    )

    def list(self) -> pd.DataFrame:
        """List drafts that have not gone to all their addressees, the latest first.

        Columns
        -------
        draft_id, kind, to (those to whom it has not gone), our_ref, subject, open (int, what keeps it from being sent), officer, at, mark.
        """
        rows = [
            (
                one.id, rendering.format_title(one.message), ", ".join(one.left), one.message.our_ref, one.message.subject,
                len(one.open_faults()) if one.state == kept.DRAFT else 0, stored.officer, stored.at, one.mark,
            )
            for stored, one in ((stored, DraftRecord(self._book, stored)) for stored in draft_list.list_stored(self._book))
        ]  # fmt: skip
        made = pd.DataFrame(rows, columns=pd.Index(DRAFTS))
        made.attrs["mark"] = marks.format_mark(self._book)
        return consultation_log.log_answer(self._book, "drafts", made)

    def open(self, draft_id: str) -> Draft:
        """Open a draft as it was when it was last changed.

        Raises
        ------
        CaseError
            If there is no draft with this id that you may see.
        """
        return consultation_log.log_answer(
            self._book, "draft", Draft(draft_list.find_draft(self._book, draft_id)), draft_id
        )

    def query(self, message: str) -> Draft:
        """Create a draft that asks the sender of a message for what is missing.

        Name the message by its reference, message id or document id.

        If an unsent draft already asks this, it is opened again. Discard it to begin another one.
        """
        return Draft(awaiting_reply.create_query(self._book, message, draft_list.list_unsent(self._book)))

    def links(self, draft: Draft | str, *, language: str = "") -> pd.DataFrame:
        """List what a draft names and where the case names it too, before you send it (as `case.desk.links`)."""
        one = self._record(draft)
        return consultation_log.log_answer(
            self._book,
            "links",
            cross_references.build_link_table(
                self._book, one.message, language=language or self._book.settings.language
            ),
            one.id,
        )

    def disclosure(self, draft: Draft | str, *, language: str = "") -> pd.DataFrame:
        """Show what each addressee of a draft would learn, from which source, and what they may not see.

        Columns
        -------
        addressee, what (person, thing, text or file), field, document_id, source (title of the document that the field was filled from,
        '' by hand), closed (why the addressee may not have it, '' if nothing says so), mark.
        """
        one = self._record(draft)
        return consultation_log.log_answer(
            self._book,
            "draft",
            disclosure_preview.build_disclosure_table(self._book, one, language or self._book.settings.language),
            one.id,
        )

    def approve(self, draft: Draft | str, *, officer: Officer | None = None, trust: TrustList | None = None) -> Draft:
        """Sign a draft as the second officer, with your own key (or that of the `officer` beside you).

        A message that is RESTRICTED or above does not go out without. A change of the draft takes the signature away. A second officer
        is of your bureau, which the trust list knows (`trust` as in `case.packages.pack`): the addressee asks that too.

        Raises
        ------
        CaseError
            If you have written of it yourself, have no key, are of another bureau or not vouched for, or something of it is open.
        """
        one = self._record(draft)
        return Draft(approval.approve_draft(self._book, one, officer, trust))

    def send(  # noqa: PLR0913 - a verb's options are keywords
        self, draft: Draft | str, to_cards: Card | Sequence[Card], *, approver: Officer | None = None, reason: str = "",
        clearance: str = "", unknown_addressee: str = "", trust: TrustList | None = None,
    ) -> Path:  # fmt: skip
        """Seal a draft to its addressees and file it as sent.

        The package is in the outbox/ of the case. It is logged as a disclosure.

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
        one = self._record(draft)
        if approver is not None:
            approval.approve_draft(self._book, one, approver, trust)
        wish = PackageRequest(reason, clearance=clearance, unknown_addressee=unknown_addressee)
        cards = to_cards if isinstance(to_cards, Sequence) else (to_cards,)
        return sending.send_draft(self._book, one, cards, wish, trust)

    def export(self, draft: Draft | str, path: str | Path, *, reason: str = "", trust: TrustList | None = None) -> Path:
        """Save a finished draft as a file (.html, .pdf, .eml, .json), for example a letter of request for its central authority.

        A notice that ends in .notice.json is in the shape of the public service, with what that has a field for.
        Nothing is sent. Logged as disclosure to whom the draft names.

        Raises
        ------
        CaseError
            While something of it is open: `draft.check()`.
        """
        one = self._record(draft)
        return draft_export.export_draft(self._book, one, Path(path), reason, trust)

    def record_sent(
        self, draft: Draft | str, *, how: str, to: Sequence[str] = (), trust: TrustList | None = None
    ) -> str:
        """Record that a finished draft was sent in another way, for example by post.

        Returns the document of the message.

        It is filed as any message that was sent, waits for its answers and counts for duplicates. Logged as disclosure.

        Parameters
        ----------
        draft : Draft or str
            The draft, or its id.
        how : str
            By which way: 'by post', 'by e-mail of 3 March'.
        to : sequence of str
            To which of its addressees; to all to whom it has not gone yet if not given.
        trust : TrustList, optional
            As in `case.packages.pack`.

        Raises
        ------
        CaseError
            While something of it is open, without a way, or where it is not for those who are named.
        """
        one, trusted = self._record(draft), identity.load_trust_list() if trust is None else trust
        sending.may_leave(self._book, one.current(), trusted)
        return sending.record_sent(self._book, one, how.strip(), (to,) if isinstance(to, str) else tuple(to))

    def discard(self, draft: Draft | str, *, because: str) -> None:
        """Discard a draft, with a reason that is logged.

        Raises
        ------
        CaseError
            Without a reason.
        """
        self._record(draft).discard(because)

    def deliveries(self, message: str) -> pd.DataFrame:
        """Show which addressees received a message, and who acknowledged it.

        Columns
        -------
        addressee, state ('not sent', 'sent', 'acknowledged'), how (its package, or another way), officer, at (UTC), mark.
        """
        one = creation.find_message(self._book, message)
        return consultation_log.log_answer(
            self._book, "messages", deliveries.build_addressee_table(self._book, one), message
        )

    def _record(self, draft: Draft | str) -> DraftRecord:
        """What the desk works on; opening a draft by its id is logged."""
        return record_of(self.open(draft) if isinstance(draft, str) else draft)
