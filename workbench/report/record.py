"""The sections about the record: decisions, notes, data quality, sources, method, limits, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report import wording
from workbench.report.blocks import Bullets, Column, Line, Part, Section, Signatures, Subheading, Table, Text
from workbench.report.sections import cell, count, empty, facts, grid, layer, sentence, small, table, time

if TYPE_CHECKING:
    from workbench.report.blocks import Block
    from workbench.report.content import Decision, ModelCard, Report, SourceFile, Step
    from workbench.report.refs import Refs


def decisions(report: Report, refs: Refs) -> Section:
    """What officers said and decided."""
    columns = (
        Column("No.", 0), Column("Act", 2), Column("What", 4), Column("Because", 3), Column("Officer, time", 2),
        Column("Passages", 1.4),
    )  # fmt: skip
    lines = tuple(_decision(n, row, refs) for n, row in enumerate(report.decisions, 1))
    return table("decisions", "Statements and decisions of officers", columns, lines, intro=wording.DECISIONS)


def notes(report: Report) -> Section:
    """Notes, open questions and hypotheses."""
    columns = (Column("Kind", 1.2), Column("Text", 5), Column("Officer, time", 2))
    lines = tuple(
        Line(((Part(wording.JOTTINGS[note.kind], "tag"),), cell(note.text), cell(note.officer, note.at)))
        for note in report.notes
    )
    return table("notes", "Notes, open questions and hypotheses", columns, lines, caution=wording.NOTES)


def quality(report: Report) -> Section:
    """Issues found, what could not be read, what was left out for the reader."""
    blocks: list[Block] = [sentence(wording.ISSUES), Subheading("Issues found"), _issues(report)]
    blocks += [Subheading("Received but not read"), _quarantined(report)]
    blocks += [Subheading("Left out of this report")]
    blocks += [Bullets(report.withheld)] if report.withheld else [empty("withheld")]
    return Section("quality", "Data quality and what is missing", tuple(blocks))


def sources(report: Report) -> Section:
    """Files received."""
    columns = (
        Column("No.", 0), Column("File", 3), Column("SHA-256", 3), Column("Size, documents", 0, "right"),
        Column("Received", 2.2), Column("Read by, zone", 1.8),
    )  # fmt: skip
    lines = tuple(_source(n, file) for n, file in enumerate(report.sources, 1))
    return table("sources", "Sources", columns, lines, intro=wording.SOURCES)


def method(report: Report) -> Section:
    """Steps, models, scale, and the state of the ledger."""
    blocks: list[Block] = [sentence(wording.METHOD), Subheading("Steps"), _steps(report)]
    blocks += [Subheading("Language models"), _models(report)]
    blocks += [Subheading(f"Scale of probability{f': {report.scale}' if report.scale else ''}"), _scale(report)]
    return Section("method", "Method", tuple(blocks))


def limits(report: Report) -> Section:
    """What this report cannot say."""
    own: Block = Bullets(report.limits) if report.limits else empty("limits")
    return Section("limits", "Limits", (own, Subheading("Limits of every report"), Bullets(wording.LIMITS)))


def signatures(report: Report) -> Section:
    """Who answers for the report."""
    roles = facts((("Prepared by", cell(report.officer)), ("Reviewed by", cell(report.approver))))
    state = tuple(
        filter(None, (report.ledger and f"Ledger: {report.ledger}", report.tool and f"Made by {report.tool}"))
    )
    blocks: list[Block] = [Text(tuple(cell(text) for text in state), "intro")] if state else []
    return Section("signatures", "Responsibility", (*blocks, Signatures(roles)))


def _decision(n: int, row: Decision, refs: Refs) -> Line:
    act = (layer("decided"), *small(wording.ACTS[row.act]))
    cells = (
        cell(f"D{n}"),
        act,
        cell(row.what),
        cell(row.because),
        cell(row.officer, row.at),
        (refs.part(row.passages),),
    )
    return Line(cells, f"D{n}", "decided")


def _issues(report: Report) -> Block:
    columns = (Column("Issue", 2), Column("Count", 0, "right"), Column("Meaning", 4), Column("Examples", 4))
    lines = tuple(
        Line(
            (
                (Part(group.code, "mono"), Part(wording.SEVERITIES[group.severity], "tag")),
                count(group.count),
                (*cell(group.explanation), *small(group.fix)),
                small(*group.examples),
            )
        )
        for group in report.issues
    )
    return grid(columns, lines) if lines else empty("issues")


def _quarantined(report: Report) -> Block:
    columns = (Column("Name", 3), Column("Reason", 4), Column("SHA-256", 4), Column("Size", 0, "right"))
    lines = tuple(
        Line((cell(row.name, style="strong"), cell(row.reason), cell(row.sha256, style="hash"), cell(_size(row.size))))
        for row in report.quarantined
    )
    return grid(columns, lines) if lines else empty("quarantined")


def _source(n: int, file: SourceFile) -> Line:
    name = (*cell(file.name, style="strong"), *small(f"Exhibit {file.exhibit}" if file.exhibit else ""))
    documents = f"{file.documents:,} document{'' if file.documents == 1 else 's'}" if file.documents >= 0 else ""
    reader = " ".join(filter(None, (file.reader, file.version)))
    return Line(
        (cell(f"S{n}"), name, cell(file.sha256, style="hash"), cell(_size(file.size), documents), time(file.received),
         (*cell(reader), *small(file.zone and f"Zone: {file.zone}"))),
        f"S{n}",
    )  # fmt: skip


def _steps(report: Report) -> Block:
    columns = (
        Column("No.", 0), Column("Step", 3), Column("Tool", 2), Column("Parameters", 3), Column("In → out", 2),
    )  # fmt: skip
    lines = tuple(_step(n, step) for n, step in enumerate(report.steps, 1))
    return grid(columns, lines) if lines else empty("steps")


def _step(n: int, step: Step) -> Line:
    flow = " → ".join(filter(None, (step.inputs, step.outputs)))
    parameters = cell(*(f"{name} = {value}" for name, value in step.parameters), style="mono")
    tool = (*cell(step.tool), *small(step.version))
    return Line((cell(str(n)), cell(step.what), tool, parameters, cell(flow)))


def _models(report: Report) -> Block:
    columns = (Column("Model", 3), Column("Used for", 2), Column("SHA-256", 4), Column("Measured", 3))
    lines = tuple(_model(model) for model in report.models)
    return grid(columns, lines) if lines else empty("models")


def _model(model: ModelCard) -> Line:
    measured = cell(model.accuracy) if model.accuracy else small("No accuracy was measured on data like these.")
    name = (*cell(model.name, style="strong"), *small(model.version))
    return Line((name, cell(model.purpose), cell(model.sha256, style="hash"), measured))


def _scale(report: Report) -> Block:
    if not report.scale_words:
        return empty("scale")
    lines = tuple(Line((cell(word, style="strong"), cell(span))) for word, span in report.scale_words)
    return Table((Column("Word", 2), Column("Range", 2)), lines)


def _size(size: int) -> str:
    return f"{size:,} bytes" if size >= 0 else ""
