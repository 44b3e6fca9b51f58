"""A message or letter as PDF on A4: headings, each with lines of label and text, in the language and direction of the letter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.model.catalogue import translate
from workbench.report import report_pdf
from workbench.report.page_builder import parse_moment

TEMPLATE = Path(__file__).parent / "letter.typ"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed.

    Attributes
    ----------
    title, mark, reference, author : str
    as_at : str
        UTC, '2026-03-02T09:30:00Z'.
    sections : sequence of (heading, lines of label and text)
    language : str
        ISO 639 code; `rtl`: whether it runs from right to left.
    """

    title: str
    mark: str
    reference: str
    author: str
    as_at: str
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    language: str = "en"
    rtl: bool = False


def to_pdf(letter: Letter) -> bytes:
    """The letter as PDF/A; the same letter gives the same bytes on the same machine.

    Raises
    ------
    WorkbenchError
        If it cannot be set for want of a font.
    """
    at = parse_moment(letter.as_at)
    date = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute")} | {"second": 0}
    sections = [{"heading": heading, "lines": [list(line) for line in lines]} for heading, lines in letter.sections]
    data = {
        "title": letter.title,
        "mark": letter.mark,
        "reference": letter.reference,
        "author": letter.author,
        "date": date,
        "language": letter.language,
        "rtl": letter.rtl,
        "sections": sections,
        "note": "",
        "unprintable": translate(
            "The fonts on this computer cannot print some characters. Each of these characters is shown as "
            "its name in brackets, such as [winking face], or as its code, such as ⟨U+4E2D⟩. The attached "
            "`report.json` and the HTML of this report contain the characters themselves.",
            letter.language,
        ),
    }
    return report_pdf.render_template({"page": json.dumps(data, ensure_ascii=False), "svg": ""}, at, TEMPLATE)
