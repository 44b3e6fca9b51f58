"""The sections about the record: decisions, notes, data quality, sources, method, limits, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report.blocks import Bullets, Line, Part, Section, Signatures, Subheading, Table, Text
from workbench.report.case_sections import (
    build_columns,
    cell,
    count,
    empty_notice,
    facts,
    grid,
    layer,
    sentence,
    small,
    table,
    time,
)

if TYPE_CHECKING:
    from workbench.model.catalogue import Translator
    from workbench.report.blocks import Block
    from workbench.report.content import Decision, ModelCard, Report, SourceFile, Step
    from workbench.report.reference_numbers import Refs


STANDING = ("missing", "truth", "programs", "verify")
"""Limits of every report."""


def decisions(report: Report, refs: Refs) -> Section:
    """What officers said and decided."""
    say = report.say
    columns = build_columns(say, {"number": 0, "act": 2, "what": 4, "because": 3, "officer": 2, "passages": 1.4})
    lines = tuple(_decision(n, row, refs, say) for n, row in enumerate(report.decisions, 1))
    return table(
        say,
        "decisions",
        columns,
        lines,
        intro=say(
            "This section shows what officers stated and decided. A later decision on the same "
            "matter replaces the earlier one. Both stay in the case."
        ),
    )


def notes(report: Report) -> Section:
    """Notes, open questions and hypotheses."""
    say = report.say
    columns = build_columns(say, {"kind": 1.2, "text": 5, "officer": 2})
    lines = tuple(
        Line(((Part(say(f"report.jotting.{note.kind}"), "tag"),), cell(note.text), cell(note.officer, note.at)))
        for note in report.notes
    )
    return table(
        say, "notes", columns, lines, caution=say("These are working notes of the officers. They are not evidence.")
    )


def quality(report: Report) -> Section:
    """Issues found, what could not be read, what was left out for the reader."""
    say = report.say
    blocks: list[Block] = [
        sentence(say("This section shows wrong or doubtful data in the received files. Each correction was recorded.")),
        Subheading(say("Issues in the data")),
        _issues(report),
    ]
    blocks += [Subheading(say("Received but not read")), _quarantine_block(report)]
    blocks += [Subheading(say("Left out of this report"))]
    blocks += [Bullets(report.withheld)] if report.withheld else [empty_notice(say, "withheld")]
    return Section("quality", say("Data quality and what is missing"), tuple(blocks))


def sources(report: Report) -> Section:
    """Files received."""
    say = report.say
    columns = build_columns(say, {"number": 0, "file": 3, "sha256": 3, "size": 0, "received": 2.2, "reader": 1.8})
    lines = tuple(_source(n, file, say) for n, file in enumerate(report.sources, 1))
    return table(
        say,
        "sources",
        columns,
        lines,
        intro=say(
            "The program saves files as received. They are read-only. The name of a file is the SHA-256 of its bytes."
        ),
    )


def method(report: Report) -> Section:
    """Steps, models, scale, and the state of the ledger."""
    say = report.say
    blocks: list[Block] = [
        sentence(say("The same sources, decisions and versions give the same report.")),
        Subheading(say("Steps", context="report heading")),
        _steps(report),
    ]
    blocks += [Subheading(say("Language models")), _models(report)]
    blocks += [
        Subheading(say("Probability scale: {scale}", scale=report.scale) if report.scale else say("Probability scale")),
        _scale(report),
    ]
    return Section("method", say("Method", context="report title"), tuple(blocks))


def limits(report: Report) -> Section:
    """What this report cannot say."""
    say = report.say
    own: Block = Bullets(report.limits) if report.limits else empty_notice(say, "limits")
    return Section(
        "limits",
        say("Limits", context="report title"),
        (
            own,
            Subheading(say("Limits of every report")),
            Bullets(tuple(say(f"report.limit.{name}") for name in STANDING)),
        ),
    )


def signatures(report: Report) -> Section:
    """Who answers for the report."""
    say = report.say
    roles = facts(((say("Prepared by"), cell(report.officer)), (say("Reviewed by"), cell(report.approver))))
    ledger = report.ledger and say("State of the case: {ledger}", ledger=report.ledger)
    state = tuple(filter(None, (ledger, report.tool and say("Created with {tool}", tool=report.tool))))
    blocks: list[Block] = [Text(tuple(cell(text) for text in state), "intro")] if state else []
    return Section("signatures", say("Responsibility", context="report title"), (*blocks, Signatures(roles)))


def _decision(n: int, row: Decision, refs: Refs, say: Translator) -> Line:
    act = (layer(say, "decided"), *small(say(f"report.act.{row.act}")))
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
    say = report.say
    columns = build_columns(say, {"issue": 2, "count": 0, "meaning": 4, "examples": 4})
    lines = tuple(
        Line(
            (
                (Part(say.term("issue", group.code), "strong"), Part(say(f"report.severity.{group.severity}"), "tag")),
                count(say, group.count),
                (*cell(group.explanation), *small(group.fix)),
                small(*group.examples),
            )
        )
        for group in report.issues
    )
    return grid(say, columns, lines) if lines else empty_notice(say, "issues")


def _quarantine_block(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"name": 3, "reason": 4, "sha256": 4, "bytes": 0})
    lines = tuple(
        Line(
            (
                cell(row.name, style="strong"),
                cell(row.reason),
                cell(row.sha256, style="hash"),
                cell(_size(row.size, say)),
            )
        )
        for row in report.quarantined
    )
    return grid(say, columns, lines) if lines else empty_notice(say, "quarantined")


def _source(n: int, file: SourceFile, say: Translator) -> Line:
    name = (
        *cell(file.name, style="strong"),
        *small(say("Exhibit {exhibit}", exhibit=file.exhibit) if file.exhibit else ""),
    )
    documents = say.count("{n} document", "{n} documents", file.documents) if file.documents >= 0 else ""
    reader = " ".join(filter(None, (file.reader, file.version)))
    return Line(
        (cell(f"S{n}"), name, cell(file.sha256, style="hash"), cell(_size(file.size, say), documents), time(file.received),
         (*cell(reader), *small(file.zone and say("Time zone: {zone}", zone=file.zone)))),
        f"S{n}",
    )  # fmt: skip


def _steps(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"number": 0, "step": 3, "tool": 2, "parameters": 3, "flow": 2})
    lines = tuple(_step(n, step) for n, step in enumerate(report.steps, 1))
    return grid(say, columns, lines) if lines else empty_notice(say, "steps")


def _step(n: int, step: Step) -> Line:
    flow = " → ".join(filter(None, (step.inputs, step.outputs)))
    parameters = cell(*(f"{name} = {value}" for name, value in step.parameters), style="mono")
    tool = (*cell(step.tool), *small(step.version))
    return Line((cell(str(n)), cell(step.what), tool, parameters, cell(flow)))


def _models(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"model": 3, "purpose": 2, "sha256": 4, "measured": 3})
    lines = tuple(_model(model, say) for model in report.models)
    return grid(say, columns, lines) if lines else empty_notice(say, "models")


def _model(model: ModelCard, say: Translator) -> Line:
    measured = (
        cell(model.accuracy) if model.accuracy else small(say("The accuracy was not measured on data of this kind."))
    )
    name = (*cell(model.name, style="strong"), *small(model.version))
    return Line((name, cell(model.purpose), cell(model.sha256, style="hash"), measured))


def _scale(report: Report) -> Block:
    say = report.say
    if not report.scale_words:
        return empty_notice(say, "scale")
    lines = tuple(Line((cell(word, style="strong"), cell(span))) for word, span in report.scale_words)
    return Table(build_columns(say, {"word": 2, "range": 2}), lines)


def _size(size: int, say: Translator) -> str:
    return say.count("{n} byte", "{n} bytes", size) if size >= 0 else ""
