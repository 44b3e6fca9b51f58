"""Report to PDF: A4 by Typst, PDF/A-3a and PDF/UA-1. Case text goes in as data and cannot become markup."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from workbench.errors import WorkbenchError
from workbench.model.catalogue import Sentence
from workbench.report.blocks import to_json_value
from workbench.report.missing_glyphs import SILENT, replace_missing_glyphs
from workbench.report.page_builder import build_page, encode_content, parse_moment
from workbench.report.static_chart import compute_ratio, rewrite_chart

if TYPE_CHECKING:
    from datetime import datetime

    from workbench.report.blocks import Json
    from workbench.report.content import Report

TEMPLATE = Path(__file__).parent / "report.typ"
EMBEDDED, SYSTEM = True, False
MISSING = re.compile(r'(?:the text `"(?P<text>.+?)"` could not be displayed|contains the codepoint `"(?P<code>.+?)"`)')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
STANDARDS = (("a-3a", "ua-1"), ("a-3b",), ())
"""Tried in this order. Where a glyph has no character behind it (parts of an emoji, some scripts), text cannot be read out
of the page reliably and the stricter standards refuse; the attached report.json has every character."""
ROUNDS = 8
WIDTH, TALLEST = 170, 200
PRINTED = ("kind", "who_says", "three_labels", "contents", "sign", "digest_paper", "attached")
"""Strings of the catalogue that the template prints itself."""


def to_pdf(report: Report) -> bytes:
    """The report as PDF, with its content attached as report.json.

    Fonts are those inside Typst, so that the bytes do not depend on the machine; only where they lack a character are
    the machine's own fonts used. What these lack as well is printed as its name if it is a symbol ('[winking face]'), as its
    code point otherwise; the attached report.json keeps the character.

    Returns
    -------
    bytes
        PDF/A-3a and PDF/UA-1; PDF/A-3b, or plain PDF, where glyphs of the text have no character (STANDARDS).
        The same report gives the same bytes on the same machine.

    Raises
    ------
    CaseError
        If the report has no marking, title or date, or cites a passage that it does not quote.
    SourceError
        If the chart is more than a still picture.
    """
    svg = rewrite_chart(report.chart.svg, standalone=True) if report.chart else ""
    inputs = {"page": json.dumps(_build_data(report, svg)), "svg": svg, "content": encode_content(report)}
    return render_template(inputs, parse_moment(report.as_at), TEMPLATE)


def render_template(inputs: dict[str, str], at: datetime, template: Path) -> bytes:
    """A template set with its inputs: with the fonts inside Typst where they have every character, else with the machine's.

    Raises
    ------
    WorkbenchError
        If characters are left for which there is no font.
    """
    fonts, absent, standards = EMBEDDED, frozenset[str](), list(STANDARDS)
    for _ in range(ROUNDS):
        made = _compile_template(_replace_absent(inputs, absent), at, fonts, standards[0], template)
        if isinstance(made, bytes):
            return made
        if fonts == EMBEDDED:
            fonts = SYSTEM
        elif made - absent:
            absent |= made
        elif len(standards) > 1:
            del standards[0]
    raise WorkbenchError(
        Sentence(
            "The PDF could not be created. The fonts on this computer do not have {count} of the "
            "characters in the report. Use the HTML file.",
            count=len(absent),
        )
    )


def _build_data(report: Report, svg: str) -> dict[str, Json]:
    at, say = parse_moment(report.as_at), report.say
    data = cast("dict[str, Json]", to_json_value(build_page(report)))
    data["author"] = [to_json_value(name) for name in (report.officer,) if name]
    data["keywords"] = [to_json_value(word) for word in (report.reference, report.mark.text) if word]
    data["date"] = {
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": at.hour,
        "minute": at.minute,
        "second": 0,
    }
    data["chart_height"] = min(WIDTH * compute_ratio(svg), TALLEST) if svg else 0
    data["words"] = {name: say(f"report.{name}") for name in PRINTED}
    data["foot"] = to_json_value(" · ".join(filter(None, (report.reference, say("data as of {at}", at=report.as_at)))))
    data["note"], data["unprintable"] = (
        "",
        say(
            "The fonts on this computer cannot print some characters. Each of these characters is shown as "
            "its name in brackets, such as [winking face], or as its code, such as ⟨U+4E2D⟩. The attached "
            "`report.json` and the HTML of this report contain the characters themselves."
        ),
    )
    return data


def _replace_absent(inputs: dict[str, str], absent: frozenset[str]) -> dict[str, str]:
    """Inputs in which something else stands for characters that cannot be printed, with the sentence that says so."""
    if not absent:
        return inputs
    data = cast("dict[str, Json]", _replace_glyphs(json.loads(inputs["page"]), absent))
    return inputs | {
        "page": json.dumps(data | {"note": data["unprintable"]}),
        "svg": replace_missing_glyphs(inputs["svg"], absent),
    }


def _replace_glyphs(value: Json, absent: frozenset[str]) -> Json:
    if isinstance(value, str):
        return replace_missing_glyphs(value, absent)
    if isinstance(value, list):
        return [_replace_glyphs(item, absent) for item in value]
    if isinstance(value, dict):
        return {key: _replace_glyphs(item, absent) for key, item in value.items()}
    return value


def _compile_template(
    inputs: dict[str, str],
    at: datetime,
    fonts: bool,  # noqa: FBT001
    standards: tuple[str, ...],
    template: Path = TEMPLATE,
) -> bytes | frozenset[str]:
    """PDF of a template, with the machine's fonts or without; or the characters for which there is no font.

    None of these, if the standard refuses for another reason.
    """
    import typst

    try:
        return bytes(
            typst.compile(
                template.read_bytes(),
                root=cast("Any", template.parent),  # the working folder, which is the default, may be gone
                sys_inputs=inputs,
                ignore_system_fonts=fonts,
                pdf_standards=cast("Any", list(standards)),
                timestamp=at,
            )
        )
    except typst.TypstError as error:
        absent = _find_absent(error.diagnostic)
        if not absent and "PDF/" not in error.diagnostic:
            raise WorkbenchError(
                Sentence(
                    "The PDF could not be created ({error}). Use another format, for example HTML.", error=error.message
                )
            ) from error
        return absent


def _find_absent(diagnostic: str) -> frozenset[str]:
    """Characters that the message names; of a cluster those that are drawn."""
    found = (match["text"] or match["code"] for match in MISSING.finditer(diagnostic))
    texts = (ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) for text in found)
    return frozenset(character for text in texts for character in _strip_silent(text) if ord(character) > 0x7E)


def _strip_silent(cluster: str) -> str:
    return "".join(character for character in cluster if character not in SILENT) or cluster
