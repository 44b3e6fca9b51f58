"""HTML: one file, escaped, sealed by its policy, the same twice."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

import pytest

from tests.cost import within
from tests.report.large import large
from tests.report.payloads import PAYLOADS, flood
from tests.report.sample import report
from workbench.report import Chart, Link, Mark, Quotation, Report, to_html
from workbench.visible import escape_hidden


class Tree(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def policy(text: str) -> str:
    return next(a["content"] or "" for tag, a in Tree(text).tags if a.get("http-equiv") == "Content-Security-Policy")


def test_one_file_without_script_and_without_addresses() -> None:
    text = to_html(report())
    tags = [tag for tag, _ in Tree(text).tags]
    assert not {"script", "iframe", "object", "embed", "base", "form", "link", "img"} & set(tags)
    assert "http:" not in text
    assert "https:" not in text
    assert "refresh" not in text


def test_the_policy_names_the_style_and_allows_nothing_else() -> None:
    text = to_html(report())
    css = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert (
        policy(text)
        == f"default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    )


def test_every_reference_has_its_target() -> None:
    tags = Tree(to_html(report())).tags
    ids = [a["id"] for _, a in tags if a.get("id")]
    links = {(a["href"] or "")[1:] for tag, a in tags if tag == "a"}
    assert len(ids) == len(set(ids))
    assert links <= set(ids)


def test_the_mark_stands_first_last_and_on_each_printed_page() -> None:
    text = to_html(report())
    body = text[text.index("<body>") :]
    assert re.match(r'<body>\s*<div class="mark top"[^>]*>EXERCISE – FOR TRAINING ONLY · RESTRICTED<', body)
    assert re.search(r"EXERCISE – FOR TRAINING ONLY · RESTRICTED</div>\s*</body>", body)
    assert "@top-center" in text
    assert "@bottom-center" in text


def test_three_layers_are_told_apart() -> None:
    tags = Tree(to_html(report())).tags
    shown = {a["class"] for tag, a in tags if tag == "span" and str(a.get("class")).startswith("layer")}
    assert shown == {"layer received", "layer suggested", "layer decided"}


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_in_every_field_stays_text(payload: str) -> None:
    known, made = Tree(to_html(report())), Tree(to_html(flood(report(), payload)))
    assert {tag for tag, _ in made.tags} <= {tag for tag, _ in known.tags}
    assert not [a for _, a in made.tags if any(name.startswith("on") or name in ("src", "style") for name in a)]
    squeezed = re.sub(r"\s+", " ", made.words)
    assert re.sub(r"\s+", " ", escape_hidden(payload)).strip() in squeezed


def test_hostile_marks_cannot_leave_the_style() -> None:
    text = to_html(report(mark=Mark('"; } body { display: none } </style><script>')))
    css = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    assert "display: none }" not in css.rsplit("@page", 1)[1]


def test_the_same_report_gives_the_same_text() -> None:
    assert to_html(report()) == to_html(report())


def test_an_empty_report_is_a_report() -> None:
    text = Tree(to_html(Report(Mark("EXERCISE"), "T", "2026-01-01"))).words
    assert "No conclusions were written." in text
    assert "No chart was created for this report." in text


def test_an_interactive_chart_is_framed_and_only_its_scripts_are_named() -> None:
    chart = Chart("<svg/>", html="<p id=o>no</p><script>let a = '<&>';</script><script></script>")
    text = to_html(report(chart=chart))
    frame = next(a for tag, a in Tree(text).tags if tag == "iframe")
    digest = base64.b64encode(hashlib.sha256(b"let a = '<&>';").digest()).decode()
    assert frame["sandbox"] == "allow-scripts"
    assert frame["srcdoc"] == chart.html
    assert f"script-src 'sha256-{digest}';" in policy(text)
    assert "script" not in [tag for tag, _ in Tree(text).tags]


def test_long_tables_open_further_rows() -> None:
    links = tuple(Link(f"a{n}", "contacted", "b") for n in range(100))
    text = to_html(Report(Mark("X"), "T", "2026-01-01", links=links))
    assert "<details><summary>75 more rows</summary>" in text
    assert text.count('id="L') == 100


def test_a_quotation_keeps_its_white_space_and_marks() -> None:
    quote = Quotation("q", "  two\n lines <b>", spans=((2, 5),))
    text = to_html(
        dataclasses.replace(
            report(), **dict.fromkeys(("findings", "persons", "links", "timeline", "decisions"), ()), passages=(quote,)
        )
    )
    assert '<blockquote dir="auto">  <mark>two</mark>\n lines &lt;b&gt;</blockquote>' in text


@pytest.mark.slow
def test_a_large_report_is_quick() -> None:
    text = to_html(large())
    assert text.count('class="quote ') == 500
    assert text.count('id="L') == 1000
    within(5, lambda: to_html(large()))
