"""The notes of a case."""

from __future__ import annotations

from workbench.case.context.case_context import CaseContext
from workbench.ledger.records import row_tables


def find_note(context: CaseContext, key: str) -> bool:
    """Whether an id is that of a note."""
    return bool((row_tables.list_notes(context.ledger)["note_id"] == key).any())
