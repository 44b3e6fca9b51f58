"""Report to HTML: one file that asks for nothing, runs nothing of its own, and reads the same on paper."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.model.text.bidi import get_direction
from workbench.report.blocks import to_json_value
from workbench.report.page_builder import build_page
from workbench.report.static_chart import rewrite_chart
from workbench.visible import escape_hidden

if TYPE_CHECKING:
    from jinja2 import Template

    from workbench.model.catalogue import Translator
    from workbench.report.blocks import Page
    from workbench.report.content import Report

HERE = Path(__file__).parent


def to_html(report: Report) -> str:
    """The report as one HTML file: no script, no request, a strict content security policy, light, dark and print.

    An interactive chart (`Chart.html`) is put into a sandboxed frame; the policy then names the hash of each of its
    scripts and of nothing else. Only there may anything run.

    Returns
    -------
    str
        The same report gives the same text.

    Raises
    ------
    CaseError
        If the report has no marking, title or date, or cites a passage that it does not quote.
    SourceError
        If the chart is more than a still picture.
    """
    chart, made = report.chart, build_page(report)
    css = _read_css() + _build_page_rules(made, report.say)
    return _load_template().render(
        page=to_json_value(made),
        say=report.say,
        css=css,
        policy=build_policy(css, chart.html if chart else ""),
        svg=escape_hidden(rewrite_chart(chart.svg)) if chart else "",
        frame=chart.html if chart else "",
    )


def build_policy(css: str, frame: str) -> str:
    """Content security policy of the file; it also binds the frame inside it, which inherits it."""
    rules = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    if not frame:
        return "; ".join([*rules, f"style-src '{_compute_hash(css)}'"])
    scripts = " ".join(f"'{_compute_hash(script)}'" for script in _list_scripts(frame)) or "'none'"
    return "; ".join([*rules, "style-src 'unsafe-inline'", f"script-src {scripts}", "font-src data:"])


class _Scripts(HTMLParser):
    """Collects the text of a page's inline scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script."""
        self.inside = tag == "script"
        if self.inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a script."""
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        """Take a piece of a script."""
        if self.inside:
            self.found[-1] += data


def _list_scripts(frame: str) -> list[str]:
    parser = _Scripts()
    parser.feed(frame.replace("\r\n", "\n"))
    parser.close()
    return list(dict.fromkeys(filter(None, parser.found)))


def _compute_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _read_css() -> str:
    return (HERE / "report.css").read_text(encoding="utf-8").strip()


def _build_page_rules(made: Page, say: Translator) -> str:
    """Page rules that print marking, reference and page number on every sheet. Each character stands as its code."""
    foot = " · ".join(filter(None, (made.reference, say("data as of {at}", at=made.as_at))))
    start, end = ("right", "left") if made.direction == "rtl" else ("left", "right")
    font = "font: 7.5pt sans-serif; color: #454d59"
    return (
        "\n@page { size: A4; margin: 20mm 17mm 20mm 20mm;"
        f"\n  @top-center {{ content: {_quote_css(made.mark)}; font: bold 9pt sans-serif; color: #8a1520 }}"
        f"\n  @bottom-center {{ content: {_quote_css(made.mark)}; font: bold 9pt sans-serif; color: #8a1520 }}"
        f"\n  @bottom-{start} {{ content: {_quote_css(foot)}; {font}; width: 24% }}"
        f'\n  @bottom-{end} {{ content: counter(page) " / " counter(pages); {font}; width: 24% }}\n}}'
    )


def _quote_css(text: str) -> str:
    return '"' + "".join(f"\\{ord(character):06x}" for character in escape_hidden(text)) + '"'


@lru_cache(maxsize=1)
def _load_template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["base"] = get_direction
    made.filters["checked"] = Markup  # only for what `static` and `_read_css` give
    return made.get_template("report.html.j2")
