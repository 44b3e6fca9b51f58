"""The sections about the record: decisions, notes, data quality, sources, method, limits, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report.blocks import Bullets, Line, Part, Section, Signatures, Subheading, Table, Text
from workbench.report.case_sections import (
    build_cell,
    build_columns,
    build_count_cell,
    build_empty_notice,
    build_facts,
    build_layer,
    build_paragraph,
    build_small_cell,
    build_table,
    build_table_section,
    build_time_cell,
)

if TYPE_CHECKING:
    from workbench.model.catalogue import Translator
    from workbench.report.blocks import Block
    from workbench.report.content import Decision, ModelCard, Report, SourceFile, Step
    from workbench.report.reference_numbers import Refs


STANDING = ("missing", "truth", "programs", "verify")
"""Limits of every report."""


def build_decisions(report: Report, refs: Refs) -> Section:
    """What officers said and decided."""
    say = report.say
    columns = build_columns(say, {"number": 0, "act": 2, "what": 4, "because": 3, "officer": 2, "passages": 1.4})
    lines = tuple(_build_decision(n, row, refs, say) for n, row in enumerate(report.decisions, 1))
    return build_table_section(
        say,
        "decisions",
        columns,
        lines,
        intro=say(
            "This section shows what officers stated and decided. A later decision on the same "
            "matter replaces the earlier one. Both stay in the case."
        ),
    )


def build_notes(report: Report) -> Section:
    """Notes, open questions and hypotheses."""
    say = report.say
    columns = build_columns(say, {"kind": 1.2, "text": 5, "officer": 2})
    lines = tuple(
        Line(
            (
                (Part(say(f"report.jotting.{note.kind}"), "tag"),),
                build_cell(note.text),
                build_cell(note.officer, note.at),
            )
        )
        for note in report.notes
    )
    return build_table_section(
        say, "notes", columns, lines, caution=say("These are officers’ working notes. They are not evidence.")
    )


def build_quality(report: Report) -> Section:
    """Issues found, what could not be read, what was left out for the reader."""
    say = report.say
    blocks: list[Block] = [
        build_paragraph(
            say("This section shows wrong or doubtful data in the received files. Each correction was recorded.")
        ),
        Subheading(say("Issues in the data")),
        _build_issues(report),
    ]
    blocks += [Subheading(say("Material received but not read")), _quarantine_block(report)]
    blocks += [Subheading(say("Material left out of this report"))]
    blocks += [Bullets(report.withheld)] if report.withheld else [build_empty_notice(say, "withheld")]
    return Section("quality", say("Data quality and what is missing"), tuple(blocks))


def build_sources(report: Report) -> Section:
    """Files received."""
    say = report.say
    columns = build_columns(say, {"number": 0, "file": 3, "sha256": 3, "size": 0, "received": 2.2, "reader": 1.8})
    lines = tuple(_build_source(n, file, say) for n, file in enumerate(report.sources, 1))
    return build_table_section(
        say,
        "sources",
        columns,
        lines,
        intro=say(
            "The program saves files as received. The saved files are read-only. Each saved file is "
            "identified by its SHA-256 hash."
        ),
    )


def build_method(report: Report) -> Section:
    """Steps, models, scale, and the state of the ledger."""
    say = report.say
    blocks: list[Block] = [
        build_paragraph(say("The same sources, decisions and program versions give the same report.")),
        Subheading(say("Steps", context="report heading")),
        _build_steps(report),
    ]
    blocks += [Subheading(say("Language models")), _build_models(report)]
    blocks += [
        Subheading(say("Probability scale: {scale}", scale=report.scale) if report.scale else say("Probability scale")),
        _build_scale(report),
    ]
    return Section("method", say("Method", context="report title"), tuple(blocks))


def build_limits(report: Report) -> Section:
    """What this report cannot say."""
    say = report.say
    own: Block = Bullets(report.limits) if report.limits else build_empty_notice(say, "limits")
    return Section(
        "limits",
        say("Limits", context="report title"),
        (
            own,
            Subheading(say("Limits of every report")),
            Bullets(tuple(say(f"report.limit.{name}") for name in STANDING)),
        ),
    )


def build_signatures(report: Report) -> Section:
    """Who answers for the report."""
    say = report.say
    roles = build_facts(
        ((say("Prepared by"), build_cell(report.officer)), (say("Reviewed by"), build_cell(report.approver)))
    )
    ledger = report.ledger and say("State of the case log: {ledger}", ledger=report.ledger)
    state = tuple(filter(None, (ledger, report.tool and say("Created with {tool}", tool=report.tool))))
    blocks: list[Block] = [Text(tuple(build_cell(text) for text in state), "intro")] if state else []
    return Section("signatures", say("Responsibility", context="report title"), (*blocks, Signatures(roles)))


def _build_decision(n: int, row: Decision, refs: Refs, say: Translator) -> Line:
    act = (build_layer(say, "decided"), *build_small_cell(say(f"report.act.{row.act}")))
    cells = (
        build_cell(f"D{n}"),
        act,
        build_cell(row.what),
        build_cell(row.because),
        build_cell(row.officer, row.at),
        (refs.build_references(row.passages),),
    )
    return Line(cells, f"D{n}", "decided")


def _build_issues(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"issue": 2, "count": 0, "meaning": 4, "examples": 4})
    lines = tuple(
        Line(
            (
                (Part(say.term("issue", group.code), "strong"), Part(say(f"report.severity.{group.severity}"), "tag")),
                build_count_cell(say, group.count),
                (*build_cell(group.explanation), *build_small_cell(group.fix)),
                build_small_cell(*group.examples),
            )
        )
        for group in report.issues
    )
    return build_table(say, columns, lines) if lines else build_empty_notice(say, "issues")


def _quarantine_block(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"name": 3, "reason": 4, "sha256": 4, "bytes": 0})
    lines = tuple(
        Line(
            (
                build_cell(row.name, style="strong"),
                build_cell(row.reason),
                build_cell(row.sha256, style="hash"),
                build_cell(_format_size(row.size, say)),
            )
        )
        for row in report.quarantined
    )
    return build_table(say, columns, lines) if lines else build_empty_notice(say, "quarantined")


def _build_source(n: int, file: SourceFile, say: Translator) -> Line:
    name = (
        *build_cell(file.name, style="strong"),
        *build_small_cell(say("Exhibit {exhibit}", exhibit=file.exhibit) if file.exhibit else ""),
    )
    documents = say.count("{n} document", "{n} documents", file.documents) if file.documents >= 0 else ""
    reader = " ".join(filter(None, (file.reader, file.version)))
    return Line(
        (build_cell(f"S{n}"), name, build_cell(file.sha256, style="hash"), build_cell(_format_size(file.size, say),
        documents), build_time_cell(file.received),
         (*build_cell(reader), *build_small_cell(file.zone and say("Time zone: {zone}", zone=file.zone)))),
        f"S{n}",
    )  # fmt: skip


def _build_steps(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"number": 0, "step": 3, "tool": 2, "parameters": 3, "flow": 2})
    lines = tuple(_build_step(n, step) for n, step in enumerate(report.steps, 1))
    return build_table(say, columns, lines) if lines else build_empty_notice(say, "steps")


def _build_step(n: int, step: Step) -> Line:
    flow = " → ".join(filter(None, (step.inputs, step.outputs)))
    parameters = build_cell(*(f"{name} = {value}" for name, value in step.parameters), style="mono")
    tool = (*build_cell(step.tool), *build_small_cell(step.version))
    return Line((build_cell(str(n)), build_cell(step.what), tool, parameters, build_cell(flow)))


def _build_models(report: Report) -> Block:
    say = report.say
    columns = build_columns(say, {"model": 3, "purpose": 2, "sha256": 4, "measured": 3})
    lines = tuple(_build_model(model, say) for model in report.models)
    return build_table(say, columns, lines) if lines else build_empty_notice(say, "models")


def _build_model(model: ModelCard, say: Translator) -> Line:
    measured = (
        build_cell(model.accuracy)
        if model.accuracy
        else build_small_cell(say("The accuracy was not measured on data of this kind."))
    )
    name = (*build_cell(model.name, style="strong"), *build_small_cell(model.version))
    return Line((name, build_cell(model.purpose), build_cell(model.sha256, style="hash"), measured))


def _build_scale(report: Report) -> Block:
    say = report.say
    if not report.scale_words:
        return build_empty_notice(say, "scale")
    lines = tuple(Line((build_cell(word, style="strong"), build_cell(span))) for word, span in report.scale_words)
    return Table(build_columns(say, {"word": 2, "range": 2}), lines)


def _format_size(size: int, say: Translator) -> str:
    return say.count("{n} byte", "{n} bytes", size) if size >= 0 else ""
