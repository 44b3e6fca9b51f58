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
    QuarantinedSource,
    Quotation,
    Report,
    SourceFile,
    Step,
)
from workbench.report.report_html import to_html
from workbench.report.report_pdf import to_pdf
from workbench.report.static_chart import rewrite_chart

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
    "QuarantinedSource",
    "Quotation",
    "Report",
    "SourceFile",
    "Step",
    "rewrite_chart",
    "to_html",
    "to_pdf",
]
