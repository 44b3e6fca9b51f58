"""The message desk: what came in by priority, a message to read, and a form to write one with its issues as one types."""

from __future__ import annotations

from workbench_widgets.desk.blank_form import Blank, Field, Section
from workbench_widgets.desk.desk import MessageDesk
from workbench_widgets.desk.desk_content import (
    ENDINGS,
    LARGEST,
    Draft,
    Issue,
    Line,
    Links,
    Mention,
    Office,
    Outgoing,
    Product,
    Reading,
    Told,
)

__all__ = [
    "ENDINGS",
    "LARGEST",
    "Blank",
    "Draft",
    "Field",
    "Issue",
    "Line",
    "Links",
    "Mention",
    "MessageDesk",
    "Office",
    "Outgoing",
    "Product",
    "Reading",
    "Section",
    "Told",
]
