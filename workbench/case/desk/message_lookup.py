"""A message of the case by its name, as it is read: that is logged."""

from __future__ import annotations

from workbench.case.access import consultation_log
from workbench.case.context.case_context import CaseContext
from workbench.case.desk.drafts import creation
from workbench.case.desk.messages import validation
from workbench.messages.model.message import Correspondence


def read_message(context: CaseContext, name: str) -> Correspondence:
    """As `Desk.message`."""
    found = creation.find_message(context, name)
    return consultation_log.log_answer(
        context, "message", validation.load_shown_message(context, found), found.document_id
    )
