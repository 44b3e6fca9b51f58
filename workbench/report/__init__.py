"""Report: a value made by the case to a sealed HTML page or a PDF; exports. Pure: nothing here reads or writes a case."""

from workbench.report.content import (
    Chart,
    Decision,
    Event,
    Finding,
    IssueGroup,
    Link,
    Mark,
    ModelCard,
    Note,
    Person,
    Position,
    Quarantined,
    Quotation,
    Report,
    SourceFile,
    Step,
)
from workbench.report.paper import pdf
from workbench.report.picture import static
from workbench.report.web import html

__all__ = [
    "Chart",
    "Decision",
    "Event",
    "Finding",
    "IssueGroup",
    "Link",
    "Mark",
    "ModelCard",
    "Note",
    "Person",
    "Position",
    "Quarantined",
    "Quotation",
    "Report",
    "SourceFile",
    "Step",
    "html",
    "pdf",
    "static",
]
