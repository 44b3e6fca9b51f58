"""What a report or an export refuses is told in each language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import pytest

from tests.refused import words
from workbench.errors import WorkbenchError
from workbench.model.catalogue import LANGUAGES, Translator
from workbench.report import Mark, Report
from workbench.report.exports import get_ending
from workbench.report.page_builder import build_page
from workbench.report.static_chart import rewrite_chart

BARE = Report(Mark("EXERCISE"), "Title", "2026-03-14")
REFUSED: dict[str, Callable[[], object]] = {
    "The report has no title. Add a title.": lambda: build_page(replace(BARE, title=" ")),
    ("`as_at` is '{value}', which is not a valid date. Enter the date in the form '2026-03-14' (ISO 8601)."): lambda: (
        build_page(replace(BARE, as_at="yesterday"))
    ),
    ("The chart contains `<{name}>`, which a report does not allow. Use only plain shapes and text."): lambda: (
        rewrite_chart("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    ),
    "'{ending}' files cannot be written. Use one of these endings: {listed}.": lambda: get_ending("graph.docx"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", REFUSED)
def test_what_is_refused_is_told_in_the_language(key: str, language: str) -> None:
    with pytest.raises(WorkbenchError) as error:
        REFUSED[key]()
    assert words(key, language) in escape(error.value.translate_to(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_endings_that_there_are_are_told_with_what_they_hold(language: str) -> None:
    with pytest.raises(WorkbenchError) as error:
        get_ending("graph.docx")
    told = error.value.translate_to(language)
    assert Translator(language)("refused.export.holds.a_map") in told and ".geojson" in told
