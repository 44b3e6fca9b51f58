"""The notes of a case."""

from __future__ import annotations

from workbench.case.context.tables import Book
from workbench.ledger.records import row_tables


def find_note(book: Book, key: str) -> bool:
    """Whether an id is that of a note."""
    return bool((row_tables.notes(book.ledger)["note_id"] == key).any())
