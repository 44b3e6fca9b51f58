"""What an officer says of a message: that nothing is to be done about it any more, and that it went out otherwise than from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from workbench import identity
from workbench.case.access import consultation_log
from workbench.case.context.tables import Book
from workbench.case.desk.desk_imports import Taking
from workbench.case.desk.drafts import creation, sending
from workbench.case.desk.drafts.draft import Draft
from workbench.case.desk.inbox import triage
from workbench.case.desk.messages import deliveries, filing, validation
from workbench.case.verbs.error_translation import verbs
from workbench.errors import CaseError
from workbench.ledger import Object
from workbench.ledger.records import drafts as kept
from workbench.ledger.records.messages import DONE, OUT, REOPENED, TARGET
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from workbench.identity import TrustList


@verbs
@dataclass(frozen=True, slots=True)
class Settling(Taking):
    """The verbs of the desk by which an officer settles messages."""

    def done(self, message: str, *, because: str) -> None:
        """Say that nothing is to be done about a message any more: it leaves the inbox and what waits, until its sender reminds of it.

        Raises
        ------
        CaseError
            Without a reason, or if there is no such message.
        """
        one = creation.found(self.book, message)
        self._decide([one.document_id, *triage.exchanges(self.book).reminders(one)], DONE, because)

    def reopen(self, message: str, *, because: str) -> None:
        """Say that something is to be done about a message after all.

        Raises
        ------
        CaseError
            Without a reason, or if there is no such message.
        """
        self._decide([creation.found(self.book, message).document_id], REOPENED, because)

    def went(self, draft: str, *, how: str, to: Sequence[str] = (), trust: TrustList | None = None) -> str:
        """Say that a draft that is ready has gone out otherwise than sealed: by mail, to an authority; the document of the message.

        It is filed as any message that was sent, waits for its answers and counts for duplicates. Logged as disclosure.

        Parameters
        ----------
        draft : str
            Its id.
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
        one, trusted = self.open(draft), identity.own() if trust is None else trust
        sending.may_leave(self.book, one, trusted)
        return _went(self.book, one, how.strip(), (to,) if isinstance(to, str) else tuple(to))

    def addressees(self, message: str) -> pd.DataFrame:
        """To which addressees a message has gone, and who has acknowledged it.

        Columns
        -------
        addressee, state ('not sent', 'sent', 'acknowledged'), how (its package, or another way), officer, at (UTC), mark.
        """
        one = creation.found(self.book, message)
        return consultation_log.told(self.book, "messages", deliveries.table(self.book, one), message)

    def open(self, draft_id: str) -> Draft:
        """A draft again, as it was when it was changed last.

        Raises
        ------
        CaseError
            If there is none of that id that you may see.
        """
        stored = next((one for one in self._drafts(kept.DRAFT, kept.PARTLY, kept.SENT) if one.id == draft_id), None)
        if stored is None:
            raise CaseError(Sentence("refused.draft.unknown", id=draft_id))
        return consultation_log.told(self.book, "draft", Draft(self.book, stored), draft_id)

    def _decide(self, documents: Sequence[str], verdict: str, because: str) -> None:
        if not because.strip():
            raise CaseError(Sentence("refused.message.why"))
        self.book.ledger.decide(TARGET, documents, verdict, because)

    def _drafts(self, *states: str) -> list[kept.Stored]:
        """Drafts in some states, by default those that have not gone to all of their addressees, which the reader may see."""
        wanted = states or (kept.DRAFT, kept.PARTLY)
        return [one for one in kept.listed(self.book.ledger) if one.state in wanted and self._mine(one)]

    def _mine(self, stored: kept.Stored) -> bool:
        """Whether the reader may see a draft: by its own level; who wrote of it last at any rate, whoever has signed it since."""
        *_, (writer, _) = cast("list[list[str]]", stored.told.get("hands")) or [[stored.officer, ""]]
        return writer == self.book.ledger.officer or not validation.refused(self.book, stored.message)


def _went(book: Book, draft: Draft, how: str, to: Sequence[str]) -> str:
    what, to = Object("draft", draft.id), to or draft.left
    if not how:
        raise CaseError(Sentence("refused.draft.no_way"))
    if wrong := sorted({*to} - {*draft.left}):
        raise book.ledger.refuse("disclosure", what, Sentence("refused.draft.not_left", names=", ".join(wrong)))
    message = sending.as_sent(book, draft)
    document = filing.file(book, message, direction=OUT, mark=sending.mark(book, draft))
    book.ledger.record("disclosure", what, {"message": document, "how": how}, to=[*to])
    deliveries.note(book, document, to, how, how)
    draft.gone(message, "went", how)
    return document
