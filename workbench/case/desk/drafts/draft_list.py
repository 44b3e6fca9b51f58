"""Drafts of a case that the reader may see."""

from __future__ import annotations

from typing import cast

from workbench.case.context.tables import Book
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import validation
from workbench.errors import CaseError
from workbench.ledger.records import drafts as kept
from workbench.model.catalogue import Sentence


def find_draft(book: Book, draft_id: str) -> DraftRecord:
    """A draft by its id, as it was when it was changed last.

    Raises
    ------
    CaseError
        If there is none of that id that the reader may see.
    """
    stored = next((one for one in list_stored(book, kept.DRAFT, kept.PARTLY, kept.SENT) if one.id == draft_id), None)
    if stored is None:
        raise CaseError(Sentence("There is no draft '{id}'. Select one from the list of drafts.", id=draft_id))
    return DraftRecord(book, stored)


def list_unsent(book: Book) -> list[DraftRecord]:
    """Drafts that have not gone to all of their addressees, the latest first, unchecked."""
    return [DraftRecord(book, stored) for stored in list_stored(book)]


def list_stored(book: Book, *states: str) -> list[kept.Stored]:
    """Drafts in some states, by default those that have not gone to all of their addressees, which the reader may see."""
    wanted = states or (kept.DRAFT, kept.PARTLY)
    return [one for one in kept.list_drafts(book.ledger) if one.state in wanted and _is_for_reader(book, one)]


def _is_for_reader(book: Book, stored: kept.Stored) -> bool:
    """Whether the reader may see a draft: by its own level; who wrote of it last at any rate, whoever has signed it since."""
    *_, (writer, _) = cast("list[list[str]]", stored.told.get("hands")) or [[stored.officer, ""]]
    return writer == book.ledger.officer or not validation.refusal_reason(book, stored.message)
