"""A message of the case by its name, as it is read: that is logged."""

from __future__ import annotations

from workbench.case.access import consultation_log
from workbench.case.context.tables import Book
from workbench.case.desk.drafts import creation
from workbench.case.desk.messages import validation
from workbench.messages.model.message import Correspondence


def read_message(book: Book, name: str) -> Correspondence:
    """As `Desk.message`."""
    found = creation.find_message(book, name)
    return consultation_log.log_answer(book, "message", validation.load_message(book, found.source), found.document_id)
