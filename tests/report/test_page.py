"""Content to page: references, segments, empty sections, and what a report must have."""

from __future__ import annotations

import dataclasses
import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.sample import report
from workbench import report as room
from workbench.errors import CaseError
from workbench.model.catalogue import LANGUAGES, Translator, load_catalogue
from workbench.model.text.bidi import is_right_to_left
from workbench.report import Finding, Link, Mark, Quotation, Report
from workbench.report.blocks import to_json_value
from workbench.report.case_sections import split_segments
from workbench.report.page_builder import build_page, encode_content, parse_moment
from workbench.visible import escape_hidden

BARE = Report(Mark("EXERCISE"), "Title", "2026-03-14")


def test_the_room_shows_these_names() -> None:
    assert set(room.__all__) == {
        "Chart", "Decision", "Event", "Finding", "IssueGroup", "Link", "Mark", "ModelCard", "Note", "Person", "Position",
        "QuarantinedSource", "Quotation", "Report", "SourceFile", "Step", "rewrite_chart", "to_html", "to_pdf",
    }  # fmt: skip
    assert all(hasattr(room, name) for name in room.__all__)


def test_every_section_is_there_even_when_empty() -> None:
    made = build_page(BARE)
    assert [section.anchor for section in made.sections] == [
        section.anchor for section in build_page(report()).sections
    ]
    printed = str(to_json_value(made))
    unused = {"report.empty.against", "report.empty.for"}
    empty = {key: text for key, text in load_catalogue("en").items() if key.startswith("report.empty.")}
    assert all(text in printed for key, text in empty.items() if key not in unused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_worded_in_its_language(language: str) -> None:
    """Of the words of the workbench; those of the case stay as they are."""
    made, say = build_page(dataclasses.replace(report(), language=language)), Translator(language)
    assert (made.language, made.direction) == (language, say.direction)
    english = build_page(dataclasses.replace(report(), language="en"))
    for section, before in zip(made.sections, english.sections, strict=True):
        key = f"report.title.{section.anchor}"
        told = (
            {say(key)}
            if key in load_catalogue("en")
            else {say(before.title), say(before.title, context="report title")}
        )
        assert section.title in told
    said = str(to_json_value(made))
    for key, text in load_catalogue("en").items():
        if language != "en" and key.startswith(("report.words.", "report.limit.", "report.means.")):
            assert text not in said and say(key) in said


def test_passages_are_numbered_in_order_and_say_where_they_are_cited() -> None:
    quotes = (Quotation("b", "two"), Quotation("a", "one"))
    made = build_page(
        dataclasses.replace(
            BARE,
            passages=quotes,
            findings=(Finding("x", supporting=("a",)),),
            links=(Link("m", "r", "n", passages=("a", "b")),),
        )
    )
    shown = next(section for section in made.sections if section.anchor == "passages").blocks[1]
    cited = {item.anchor: item.facts[-1].value[0].links for item in shown.items}
    assert cited == {"P1": ("L1",), "P2": ("C1", "L1")}


def test_a_citation_of_a_passage_that_is_not_quoted_is_refused() -> None:
    with pytest.raises(CaseError, match="C1 cites the passage 'gone'"):
        build_page(dataclasses.replace(BARE, findings=(Finding("x", opposing=("gone",)),)))


def test_two_quotations_of_one_id_are_refused() -> None:
    with pytest.raises(CaseError, match="2 quotations have the id 'a'"):
        build_page(dataclasses.replace(BARE, passages=(Quotation("a", "x"), Quotation("a", "y"))))


@pytest.mark.parametrize(
    ("changes", "match"),
    [({"mark": Mark(" ")}, "no marking"), ({"title": ""}, "no title"), ({"as_at": "March"}, "as_at")],
)
def test_what_a_report_must_have(changes: dict[str, object], match: str) -> None:
    with pytest.raises(CaseError, match=match):
        build_page(dataclasses.replace(BARE, **changes))


def test_as_at_is_a_moment() -> None:
    assert parse_moment("2026-03-14").isoformat() == "2026-03-14T00:00:00+00:00"
    assert parse_moment("2026-03-14T10:00:00+02:00").utcoffset().total_seconds() == 7200


def test_references_in_prose_become_links_only_where_they_exist() -> None:
    made = build_page(dataclasses.replace(BARE, summary="see [P1] and [P7]", passages=(Quotation("a", "x"),)))
    parts = made.sections[0].blocks[3].paragraphs[0]
    assert [(part.text, part.links) for part in parts] == [("see ", ()), ("", ("P1",)), (" and ", ()), ("[P7]", ())]


def test_the_digest_is_the_hash_of_the_content() -> None:
    made = build_page(report())
    assert made.digest == hashlib.sha256(encode_content(report()).encode()).hexdigest()
    assert made.digest != build_page(report(title="Other")).digest


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=4))
def test_segments_join_to_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    cut = split_segments(text, tuple(spans))
    assert "".join(segment.text for segment in cut) == text
    assert all(a.marked != b.marked for a, b in pairwise(cut))
    marked = {i for start, end in spans for i in range(max(start, 0), min(end, len(text)))}
    assert sum(len(segment.text) for segment in cut if segment.marked) == len(marked)


@given(st.text(st.characters(), max_size=60))
def test_visible_text_can_be_written_and_turns_nothing_round(text: str) -> None:
    shown = escape_hidden(text)
    shown.encode("utf-8")
    assert not set(shown) & set("\u202d\u202e\x00\x07\x1b")
    assert escape_hidden(shown) == shown


def test_direction_is_that_of_the_first_letter() -> None:
    assert is_right_to_left("12: مرحبا hello")
    assert not is_right_to_left("hello مرحبا")
    assert not is_right_to_left("")
