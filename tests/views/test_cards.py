"""HTML of the panel: whatever a case holds stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.views import html_tables
from workbench.visible import escape_hidden_part

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "</div></td><b>x",
    "&lt;b&gt;", "' onmouseover='alert(1)", "<!--", "]]>", "\u202egnp.exe", "javascript:alert(1)",
)  # fmt: skip
ALLOWED = {
    "div",
    "p",
    "b",
    "h3",
    "table",
    "tr",
    "th",
    "td",
    "mark",
    "dl",
    "dt",
    "dd",
    "ul",
    "li",
    "details",
    "summary",
    "style",
    "bdi",
    "span",
}


class Seen(HTMLParser):
    """Tags, attribute names and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def hit(text: str) -> dict[str, object]:
    keys = ("text", "at", "sender", "title", "source_name", "exhibit", "place", "matched")
    return {**dict.fromkeys(keys, text), "traces": [text], "copies": [text], "marked": [(0, 3)]}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    frame = pd.DataFrame({text: [text], "n": [1]})
    html = html_tables.build_page(
        html_tables.build_hits(pd.DataFrame([hit(text), hit(text * 80)])), html_tables.build_table(frame, [text, "n"]),
        html_tables.build_figures([(text, text)]), html_tables.build_sides([text], [[(text, text)]]),
        html_tables.build_bullets([text]), html_tables.format_sentence(text),
    )  # fmt: skip
    seen = Seen(html)
    assert seen.tags <= ALLOWED
    assert seen.attributes <= {"class", "dir"}
    assert escape_hidden_part(text) in seen.text


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=6))
def test_marking_keeps_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    html = html_tables.mark_spans(text, spans)
    assert re.sub(r"</?mark>", "", html) == html_tables.escape_text(text)


@given(st.text(alphabet="ab \n", min_size=1, max_size=2000), st.integers(0, 2000))
def test_a_long_passage_shows_the_part_around_its_mark(text: str, start: int) -> None:
    html = html_tables.build_quotation(text, [(start, start + 3)])
    if len(text) > 600:
        assert "<details>" in html
    if text[start : start + 3].strip():
        assert "<mark>" in html.partition("<details>")[0]


def test_tables_say_what_they_leave_out() -> None:
    frame = pd.DataFrame(
        {"name": ["a", "b", "c"], "yes": [True, False, True], "share": [0.12345, 1, 2], "n": [1234, 5, 6]}
    )
    html = html_tables.build_table(frame, list(frame), limit=2)
    assert "and 1 more" in html and "1,234" in html and "0.123" in html
    assert Seen(html).text.count("yes") == 2  # heading and one cell
    assert ">None</p>" in html_tables.build_table(frame.head(0), ["name"])


def test_a_title_that_repeats_the_text_is_left_out() -> None:
    html = html_tables.build_hit(
        {"text": "Seals get mistyped all the time", "title": "Seals get mistyped …", "at": "2025-09-16"}
    )
    assert html.count("mistyped") == 1
