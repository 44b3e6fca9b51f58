"""The notes of a case."""

from __future__ import annotations

from workbench.case.book import Book
from workbench.ledger import frames


def find_note(book: Book, key: str) -> bool:
    """Whether an id is that of a note."""
    return bool((frames.notes(book.ledger)["note_id"] == key).any())
