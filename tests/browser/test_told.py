"""What a case shows in French, Spanish and Arabic: no English string of a catalogue is left in it, names and quotations apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from workbench_widgets.page import build_page

import workbench as wb
from tests.catalogued import left, plain, shown
from workbench.case.case import Case, open_case
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MATERIAL = (
    "mail",
    "registers/persons.csv",
    "registers/vehicles.xlsx",
    "reports/R10_ncb_reply.txt",
    "reports/R03_access_log.pdf",
)
VISIBLE = """() => [...document.querySelectorAll("body *")].filter((one) => !one.closest("script, style, blockquote")).flatMap((one) => [
  ...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name)),
  ...[...one.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data),
]).filter((text) => text?.trim())"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the case that is shipped, read."""
    place = tmp_path_factory.mktemp("told") / "case"
    with closing(open_case(place, officer="ada", purpose="training")) as made:
        for name in MATERIAL:
            made.add(wb.shipped_folder() / "files" / name)
        made.extract()
        made.evidence.add(
            "Person", source="officer's knowledge", because="for the test", name="Ada Brook", status="suspect"
        )
    return place


@pytest.fixture(params=["fr", "es", "ar"])
def case(request: pytest.FixtureRequest, folder: Path) -> Iterator[Case]:
    with closing(open_case(folder, officer="ada", purpose="training", language=request.param)) as made:
        yield made


def own(case: Case) -> set[str]:
    """What the case itself says: its title, names, and the codes of readers and methods."""
    files, methods = case.sources.list(), row_tables.list_runs(case.context.ledger)["method"]
    readers = {f"{one.reader} {one.reader_version}" for one in files.itertuples()}
    told = {case.context.settings.title, case.context.ledger.purpose, *readers, *files["reader"], *methods}
    return {*case.context.canonical_entities["caption"], *told}


def test_chart_and_the_views_beside_it(case: Case, browser: Browser, tmp_path: Path) -> None:
    space = case.charts.workspace(case.graph())
    space.chart.select(*[key for *_, key in space.chart.model.graph.edges(keys=True)][:40])
    path = tmp_path / "space.html"
    path.write_text(space.to_html(), encoding="utf-8")
    with closing(browser.new_page()) as page:
        page.goto(path.as_uri())
        page.locator(".wb-stage canvas").first.wait_for()
        tabs = page.get_by_role("tab")
        for at in range(tabs.count()):
            tabs.nth(at).click()
            expect(page.locator(".ww-pane").nth(at).locator(":scope > *").first).to_be_visible()
        found: list[str] = page.evaluate(VISIBLE)
    assert len(found) > 100
    assert left(found, case.context.say.language, own(case)) == []


def test_report(case: Case, tmp_path: Path) -> None:
    found = [*plain(case.report(tmp_path / "report.html").read_text("utf-8"))]
    assert len(found) > 300
    assert left(found, case.context.say.language, own(case)) == []


def test_panel_with_review(case: Case) -> None:
    found, say = [*shown(case.charts.panel())], case.context.say  # type: ignore[arg-type]
    assert {say("views.review.pairs"), say("Files", context="views overview")} <= set(found)
    assert left(found, say.language, own(case)) == []


def test_inbox(case: Case, browser: Browser, tmp_path: Path) -> None:
    case.desk.draft("request", to="XV-NCB", about="Ada Brook")
    path = tmp_path / "desk.html"
    path.write_text(build_page([case.desk.show()], title=""), encoding="utf-8")
    with closing(browser.new_page()) as page:
        page.goto(path.as_uri())
        page.locator(".wd").wait_for()
        found: list[str] = page.evaluate(VISIBLE)
    assert len(found) > 10
    assert left(found, case.context.say.language, own(case)) == []
