"""Drafts of a case that the reader may see."""

from __future__ import annotations

from typing import cast

from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts.draft_record import DraftRecord
from workbench.case.desk.messages import validation
from workbench.errors import CaseError
from workbench.ledger.records import drafts as kept
from workbench.ledger.records.chart_annotations import select_hidden
from workbench.model.catalogue import Sentence


def find_draft(context: CaseContext, draft_id: str) -> DraftRecord:
    """A draft by its id, as it was when it was changed last.

    Raises
    ------
    CaseError
        If there is none of that id that the reader may see.
    """
    stored = next((one for one in list_stored(context, kept.DRAFT, kept.PARTLY, kept.SENT) if one.id == draft_id), None)
    if stored is None:
        raise _build_refusal(draft_id)
    return DraftRecord(context, stored)


def renew_draft(draft: DraftRecord) -> DraftRecord:
    """A draft that an officer holds; where something was erased or excluded since it was read, as the case has it now.

    A file that the officer attached, and that was marked higher since, takes the draft from nobody: its check tells of it. Nor does what
    was excluded: it is refused where the draft is to go out.

    Raises
    ------
    CaseError
        If something that filled it was hidden from the officer meanwhile: then there is none for that officer.
    """
    context, there = draft.context, kept.load_draft(draft.context.ledger, draft.id)
    filled = {*there.rests, *draft.basis_ids} - {file.sha256 for file in draft.message.attachments}
    if select_hidden(context.ledger, filled) or not _is_for_reader(context, there):
        raise _build_refusal(draft.id)
    return draft.take_erasures(there)


def _build_refusal(draft_id: str) -> CaseError:
    return CaseError(Sentence("There is no draft '{id}'. Select one from the list of drafts.", id=draft_id))


def list_unsent(context: CaseContext) -> list[DraftRecord]:
    """Drafts that have not gone to all of their addressees, the latest first, unchecked."""
    return [DraftRecord(context, stored) for stored in list_stored(context)]


def list_stored(context: CaseContext, *states: str) -> list[kept.StoredDraft]:
    """Drafts in some states, by default those that have not gone to all of their addressees, which the reader may see."""
    wanted = states or (kept.DRAFT, kept.PARTLY)
    return [one for one in kept.list_drafts(context.ledger) if one.state in wanted and _is_for_reader(context, one)]


def _is_for_reader(context: CaseContext, stored: kept.StoredDraft) -> bool:
    """Whether the reader may see a draft: by its own level; who wrote of it last at any rate, whoever has signed it since."""
    *_, (writer, _) = cast("list[list[str]]", stored.told.get("hands")) or [[stored.officer, ""]]
    return writer == context.ledger.officer or not validation.find_refusal_reason(context, stored.message)
