"""Widgets in French and Arabic: no English text of the catalogue is left in a page, and Arabic runs from right to left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd
import pytest
from playwright.sync_api import expect
from workbench_widgets.chart import LinkChart
from workbench_widgets.evidence import Evidence
from workbench_widgets.map import MapView
from workbench_widgets.matrix import Matrix
from workbench_widgets.table import EntityTable
from workbench_widgets.timeline import Timeline
from workbench_widgets.words import Translator
from workbench_widgets.workspace import Workspace

from tests.catalogued import widget_texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLACE = re.compile(r"\{\w+\}")
TEXTS = """() => [...document.querySelectorAll("body *")].filter((one) => !one.matches("script, style")).flatMap((one) => [
  ...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name)),
  ...[...one.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data),
]).filter((text) => text?.trim())"""


class Silent:
    """A source of passages that has none."""

    def passages(self, ids: list[str], limit: int) -> tuple[list[object], int]:
        return [], 0


def graph() -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    for name, schema, layer in (
        ("a", "Person", "received"),
        ("b", "Vehicle", "suggested"),
        ("c", "Person", "received"),
    ):
        made.add_node(name, caption=f"Q{name}", schema=schema, layer=layer, custodian=name == "a")
    made.add_edge("a", "b", relation="q1", first="2026-03-01T10:00:00", strength="tentative")
    made.add_edge("a", "c", relation="q2", count=3, first="2026-03-02T10:00:00", strength="confirmed")
    return made


def workspace(language: str) -> Workspace:
    chart = LinkChart(graph(), language=language, as_at="2026-03-04")
    chart.select("a")
    model = chart.model
    places = pd.DataFrame({"node": ["a"], "lon": [5.0], "lat": [47.0]})
    main, side = (
        {"1": chart, "2": Matrix(model), "3": MapView(model, places)},
        {"4": EntityTable(model), "5": Evidence(model, Silent())},
    )
    return Workspace(main, side, {"6": Timeline(model)})


@pytest.fixture(params=["fr", "ar"])
def page(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str]]:
    """Every view of a workspace in a language, each tab looked at once."""
    path = tmp_path / "page.html"
    path.write_text(workspace(request.param).to_html(), encoding="utf-8")
    with closing(browser.new_page()) as shown:
        shown.goto(path.as_uri())
        for name in ("2", "3", "5", "1"):
            shown.get_by_role("tab", name=name, exact=True).click()
        shown.locator(".wb-stage canvas").first.wait_for()
        yield shown, request.param


def test_no_english_text_is_left(page: tuple[Page, str]) -> None:
    shown, language = page
    found = shown.evaluate(TEXTS)
    own = {*widget_texts(language).values()}
    english = [
        text
        for text in widget_texts("en").values()
        if text not in own and re.search("[A-Za-z]{3}", PLACE.sub("", text))
    ]
    patterns = [re.compile(".+".join(map(re.escape, PLACE.split(text)))) for text in english]
    assert len(found) > 60
    assert [text for text in found for pattern in patterns if pattern.fullmatch(text.strip())] == []


def test_what_is_said_while_one_works_is_in_the_language(page: tuple[Page, str]) -> None:
    shown, language = page
    say = Translator(language)
    shown.locator(".wb-find input").fill("zzz")
    assert shown.locator(".wb-hits").inner_text().strip() == say("No results")
    shown.locator(".wb-find input").fill("")
    shown.locator(".wb-over").click(button="right", position={"x": 5, "y": 5})
    assert say("Invert the selection") in shown.locator(".wb-menu").inner_text()


def test_arabic_runs_from_right_to_left(page: tuple[Page, str]) -> None:
    shown, language = page
    wanted = "rtl" if language == "ar" else "ltr"
    assert {one.get_attribute("dir") for one in shown.locator(".ww, .wb-chart, .we, .wt, .wx, .wm, .wv").all()} == {
        wanted
    }
    undo, find = (shown.locator(name).first.bounding_box() for name in (".wb-bar button", ".wb-find"))
    assert undo and find and (undo["x"] > find["x"]) == (wanted == "rtl")


def speak(shown: Page, view: str, language: str, chart: LinkChart) -> None:
    """Send the page what a kernel sends when the language of a chart is set."""
    for one, sent in ((f"{view}.store.model", chart.model.words), (f"{view}.model", chart.words)):
        shown.evaluate(
            f"""([language, words]) => {{ const model = {one}; model.set("language", language); model.set("words", words); }}""",
            [language, sent],
        )


def test_a_chart_that_is_drawn_again_keeps_what_one_looked_at(browser: Browser, tmp_path: Path) -> None:
    chart = LinkChart(graph(), as_at="2026-03-04")
    path = tmp_path / "chart.html"
    path.write_text(chart.to_html(), encoding="utf-8")
    chart.language = "fr"
    with closing(browser.new_page()) as shown:
        shown.goto(path.as_uri())
        shown.locator(".wb-stage canvas").first.wait_for()
        one = 'document.querySelector(".wb-chart").wbChart'
        look = f"() => {{ const {{ x, y, scale }} = {one}.camera; return [x, y, scale]; }}"
        shown.wait_for_function(f"() => {one}.fitted")
        shown.evaluate(f"() => Object.assign({one}.camera, {{ x: 7, y: -5, scale: 0.5 }})")
        speak(shown, one, "fr", chart)
        expect(shown.locator(".wb-find input")).to_have_attribute(
            "placeholder", Translator("fr").word("Search", "verb")
        )
        shown.locator(".wb-stage canvas").first.wait_for()
        assert shown.evaluate(look) == [7, -5, 0.5]


def test_a_chart_is_drawn_again_in_the_language_that_is_set(browser: Browser, tmp_path: Path) -> None:
    chart = LinkChart(graph(), as_at="2026-03-04")
    path = tmp_path / "chart.html"
    path.write_text(chart.to_html(), encoding="utf-8")
    chart.language = "ar"
    with closing(browser.new_page()) as shown:
        shown.goto(path.as_uri())
        box = shown.locator(".wb-chart")
        expect(box).to_have_attribute("dir", "ltr")
        speak(shown, 'document.querySelector(".wb-chart").wbChart', "ar", chart)
        expect(box).to_have_count(1)
        expect(box).to_have_attribute("dir", "rtl")
        expect(shown.locator(".wb-find input")).to_have_attribute(
            "placeholder", Translator("ar").word("Search", "verb")
        )
