"""Report to page: the sections in their order, the front, and the digest of the content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.rows import Kind
from workbench.report import case_sections, record_sections
from workbench.report.blocks import Fact, Page, to_json_value
from workbench.report.reference_numbers import build_refs

if TYPE_CHECKING:
    from workbench.report.blocks import Section
    from workbench.report.content import Report


def build_page(report: Report) -> Page:
    """The report as it is printed, in HTML and on paper alike.

    Raises
    ------
    CaseError
        If there is no marking or title, if `as_at` is no ISO 8601 date, or if a row cites a passage that is not quoted.
    """
    made = _build_page(report)
    return replace(made, digest=hashlib.sha256(_encode_content(made, report).encode("ascii")).hexdigest())


def encode_content(report: Report) -> str:
    """All that is printed, as JSON in ASCII; its SHA-256 is the digest that HTML and PDF of the report carry."""
    return _encode_content(_build_page(report), report)


def _encode_content(made: Page, report: Report) -> str:
    printed = {"page": to_json_value(made), "svg": to_json_value(report.chart.svg if report.chart else "")}
    return json.dumps(printed, ensure_ascii=True, sort_keys=True)


def _build_page(report: Report) -> Page:
    _check_report(report)
    say = report.say
    key = tuple(Fact(say(f"report.means.{kind}"), (case_sections.build_layer(say, kind),)) for kind in get_args(Kind))
    mark = " · ".join(filter(None, (report.mark.text, report.mark.level)))
    return Page(
        mark,
        report.mark.conditions,
        report.title,
        report.reference,
        report.as_at,
        _build_front_page(report),
        key,
        _build_sections(report),
        language=say.catalogue_language,
        direction=say.direction,
    )


def parse_moment(as_at: str) -> datetime:
    """`as_at` as a point in time, for the metadata of a file; a date is midnight, and without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(as_at)
    except ValueError as error:
        raise CaseError(
            Sentence(
                "`as_at` is '{value}', which is not a valid date. Enter the date in the form '2026-03-14' (ISO 8601).",
                value=as_at,
            )
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _check_report(report: Report) -> None:
    parse_moment(report.as_at)
    if not report.mark.text.strip():
        raise CaseError(
            Sentence("The report has no marking. Add one, for example `Mark('EXERCISE – FOR TRAINING ONLY')`.")
        )
    if not report.title.strip():
        raise CaseError(Sentence("The report has no title. Add a title."))


def _build_front_page(report: Report) -> tuple[Fact, ...]:
    say = report.say
    pairs = (
        (say("Reference", context="report fact"), report.reference),
        (say("To", context="report fact"), report.addressee),
        (say("Prepared by"), report.officer),
        (say("Reviewed by"), report.approver),
        (say("Bureau", context="report fact"), report.bureau),
        (say("Purpose", context="report fact"), report.purpose),
        (say("Legal basis"), report.legal_basis),
        (say("Data as of"), report.as_at),
    )
    return case_sections.build_facts((label, case_sections.build_cell(text.strip() and text)) for label, text in pairs)


def _build_sections(report: Report) -> tuple[Section, ...]:
    numbered = build_refs(report)
    return (
        case_sections.build_summary(report, numbered),
        case_sections.build_findings(report, numbered),
        case_sections.build_persons(report, numbered),
        case_sections.build_chart(report),
        case_sections.build_links(report, numbered),
        case_sections.build_ranking(report),
        case_sections.build_timeline(report, numbered),
        case_sections.build_quotations(report, numbered),
        record_sections.build_decisions(report, numbered),
        record_sections.build_notes(report),
        record_sections.build_quality(report),
        record_sections.build_sources(report),
        record_sections.build_method(report),
        record_sections.build_limits(report),
        record_sections.build_signatures(report),
    )
