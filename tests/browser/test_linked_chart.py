"""The linked chart of a case in a real JupyterLab: it draws, chooses, moves, expands, undoes, decides; its page works without a kernel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import labdriver
import pytest
from labdriver import Server, Window
from playwright.sync_api import Browser, Locator, Page, expect
from waiting import settled, spot, still, until
from workbench_widgets.words import Translator

import workbench as wb
from tests.case import material
from workbench.case.context.entity_index import find_entity
from workbench.ledger.records import row_tables

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOSTILE = '</script><img src=x onerror="window.pwned=1">'
CELLS = (
    'import os, workbench as wb\ncase = wb.open_case(os.environ["WORKBENCH_CASE"], officer="ada", purpose="training")',
    'chart = case.chart(case.graph("Ada Brook", limit=3), name="main", title="Harbour")\nchart',
    "print(chart.selected)",
    'from workbench.case.context.entity_index import find_entity\nchart.select(find_entity(case.context, "Ben Carver"))\nprint("set")',
    'case.chart(chart, kind="evidence")',
    'case.charts.workspace(case.graph(), name="all", title="Everything")',
    'case.chart(case.graph("Ada Brook", limit=3), name="main", title="Again")',
    'turned = case.chart(case.graph("Ada Brook", limit=3), name="turned")\nturned',
    'turned.language = "ar"\nprint("turned")',
)
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")
"""A folder for pictures to look at; none where it is empty."""
AT = """(root, id) => { const chart = root.wbChart, item = chart.picture.items[chart.picture.at.get(id)],
  box = chart.pad.getBoundingClientRect(), [x, y] = chart.camera.convertToScreen(item.x, item.y); return [box.left + x, box.top + y]; }"""
PLACE = """(root, id) => { const { picture } = root.wbChart, item = picture.items[picture.at.get(id)];
  return [item.x, item.y]; }"""
COLOURS = """root => { const canvas = root.wbChart.surface.canvas, copy = document.createElement("canvas");
  root.wbChart.surface.draw(root.wbChart.camera, root.wbChart.ratio ?? 1);
  copy.width = canvas.width; copy.height = canvas.height; const context = copy.getContext("2d"); context.drawImage(canvas, 0, 0);
  const data = context.getImageData(0, 0, copy.width, copy.height).data, found = new Set();
  for (let at = 0; at < data.length; at += 4) found.add((data[at] >> 4) + "," + (data[at + 1] >> 4) + "," + (data[at + 2] >> 4));
  return found.size; }"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case, read, with a hostile name in it, and a notebook."""
    root = tmp_path_factory.mktemp("linked")
    case = wb.open_case(root / "cases" / "first", officer="ada", purpose="training", title="Harbour")
    case.add(material.write(root))
    case.extract()
    evil = case.evidence.add("Person", name=HOSTILE, source="officer's knowledge", because="test")
    case.evidence.add("Associate", person=evil, associate="Ada Brook", source="officer's knowledge", because="test")
    case.close()
    labdriver.notebook(root / "notebooks" / "linked.ipynb", CELLS)
    return root


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[Server]:
    with labdriver.server(folder, folder / "cases" / "first") as running:
        yield running


@pytest.fixture(scope="module")
def window(lab: Server, browser: Browser) -> Window:
    """The notebook, with its first cells run."""
    made = labdriver.window(browser, lab.base)
    made.page.goto(lab.address)
    made.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    made.page.goto(f"{lab.base}/doc/tree/notebooks/linked.ipynb")
    made.page.get_by_role("button", name="| Idle").wait_for()
    made.run(0)
    return made


@pytest.fixture(scope="module")
def chart(window: Window) -> Locator:
    """The chart of cell 1."""
    shown = window.run(1).locator(".wb-chart").first
    shown.wait_for()
    expect(shown.locator(".wb-key").first).to_be_visible()
    still(shown)
    return shown


@pytest.fixture(autouse=True)
def inert(window: Window) -> Iterator[None]:
    """After each test: nothing outside was asked for, nothing of the material ran, no page failed."""
    yield
    assert (window.outside, window.dialogs, window.errors) == ([], [], [])
    assert window.page.evaluate("window.pwned ?? null") is None


@pytest.fixture(scope="module")
def ids(folder: Path) -> dict[str, str]:
    """Name -> id."""
    case = wb.open_case(folder / "cases" / "first", officer="ada", purpose="training")
    found = {name: find_entity(case.context, name) for name in ("Ada Brook", "Ben Carver")}
    case.close()
    return found


def shot(page: Page, name: str, part: Locator | None = None) -> None:
    if SHOTS:
        (part or page).screenshot(path=f"{SHOTS}/{name}.png")


def at(chart: Locator, name: str) -> tuple[float, float]:
    """Where a node is on the page, as soon as it stays there."""
    return spot(chart, AT, name)


def printed(window: Window, cell: int) -> str:
    return str(window.run(cell).locator("pre").last.inner_text())


def test_it_draws(window: Window, chart: Locator) -> None:
    assert chart.evaluate(COLOURS) > 12, "icons and lines in several colours, not blank"
    expect(chart.locator(".wb-head")).to_contain_text("Harbour")
    expect(chart.locator(".wb-mark")).to_contain_text("EXERCISE")
    shot(window.page, "chart-light", chart)


def test_a_click_is_read_in_python_and_python_chooses(window: Window, chart: Locator, ids: dict[str, str]) -> None:
    window.page.mouse.click(*at(chart, ids["Ada Brook"]))
    until(window.page, lambda: printed(window, 2), lambda told: ids["Ada Brook"] in told)
    window.run(3).get_by_text("set").wait_for()
    chosen = "root => root.wbChart.store.state.selection"
    until(window.page, lambda: chart.evaluate(chosen), lambda told: told == [ids["Ben Carver"]])


def test_a_node_that_was_dragged_is_there_when_the_chart_is_opened_again(
    window: Window, chart: Locator, ids: dict[str, str], folder: Path
) -> None:
    x, y = at(chart, ids["Ada Brook"])
    window.page.mouse.move(x, y)
    window.page.mouse.down()
    window.page.mouse.move(x + 90, y + 60, steps=6)
    window.page.mouse.up()
    here = settled(window.page, lambda: chart.evaluate(PLACE, ids["Ada Brook"]))
    again = window.run(6).locator(".wb-chart").first
    again.wait_for()
    until(window.page, lambda: again.evaluate(PLACE, ids["Ada Brook"]), lambda there: there == pytest.approx(here))
    chart.locator("[data-deed=undo]").click()
    until(window.page, lambda: chart.evaluate(PLACE, ids["Ada Brook"]), lambda there: there != pytest.approx(here))


def test_a_chart_is_drawn_again_in_the_language_that_python_sets(window: Window) -> None:
    shown = window.run(7).locator(".wb-chart").first
    expect(shown).to_have_attribute("dir", "ltr")
    window.run(8).get_by_text("turned").wait_for()
    expect(shown).to_have_attribute("dir", "rtl")
    expect(shown.locator(".wb-find input")).to_have_attribute("placeholder", Translator("ar").word("Search", "verb"))
    still(shown)
    shot(window.page, "chart-turned", shown)


def test_expanding_brings_more_and_undo_takes_it_back(window: Window, chart: Locator, ids: dict[str, str]) -> None:
    window.page.mouse.click(*at(chart, ids["Ben Carver"]))
    before = chart.evaluate("root => root.wbChart.picture.items.length")
    chart.locator("[data-deed=expand]").click()
    expect(chart.locator(".wb-status")).to_contain_text("Entities added to the chart:")
    until(
        window.page, lambda: chart.evaluate("root => root.wbChart.picture.items.length"), lambda count: count > before
    )
    shot(window.page, "chart-expanded", chart)
    chart.locator("[data-deed=undo]").click()
    window.page.wait_for_function(
        "([root, n]) => root.wbChart.picture.items.length === n", arg=[chart.element_handle(), before]
    )


def test_a_person_is_added_by_hand_and_a_wrong_source_is_said_in_the_form(window: Window, chart: Locator) -> None:
    chart.locator(".wb-by-hand").select_option("add")
    form = chart.locator(".wb-form")
    form.locator("[name=name]").fill("Zoe Hand")
    form.locator("[name=ground]").fill("nowhere")
    form.locator("[name=because]").fill("seen at the quay")
    shot(window.page, "form", chart)
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".wb-form-said")).to_contain_text("is not in this case")
    form.locator("[name=ground]").fill("officer's knowledge")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    labels = "root => root.wbChart.picture.items.map(item => item.label)"
    until(window.page, lambda: chart.evaluate(labels), lambda told: "Zoe Hand" in told)
    chart.locator("[data-deed=undo]").click()
    expect(chart.locator(".wb-status")).to_contain_text("Undone:")


def test_a_suggestion_is_accepted_in_the_evidence(window: Window, folder: Path) -> None:
    space = window.run(5).locator(".ww").first
    space.wait_for()
    chart = space.locator(".wb-chart").first
    expect(chart.locator(".wb-key").first).to_be_visible()
    still(space)
    shot(window.page, "workspace", space)
    plate = chart.evaluate("root => root.wbChart.picture.items.find(i => i.label === '+447700900123').id")
    chart.evaluate("(root, id) => root.wbChart.store.runCommand('select', { ids: [id] })", plate)
    card = space.locator(".wv-card", has=window.page.get_by_role("button", name="Accept")).first
    card.wait_for()
    card.get_by_label("Reason for accepting or rejecting").fill("checked by a call")
    card.get_by_role("button", name="Accept").click()
    expect(chart.locator(".wb-status")).to_contain_text("accepted")
    case = wb.open_case(folder / "cases" / "first", officer="ada", purpose="training")
    assert "checked by a call" in list(row_tables.list_decisions(case.context.ledger)["because"])
    case.close()
    for tab in ("Matrix", "Entities", "Timeline", "Map"):
        space.get_by_role("tab", name=tab).click()
        still(space)
        assert space.locator(".wb-problem").count() == 0, tab
    shot(window.page, "workspace-tabs", space)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 480])
def test_the_page_works_without_a_kernel(
    browser: Browser, folder: Path, tmp_path: Path, scheme: str, width: int, ids: dict[str, str]
) -> None:
    case = wb.open_case(folder / "cases" / "first", officer="ada", purpose="training")
    saved = case.chart(case.graph(), name="all", title="Harbour").save(tmp_path / "chart.html")
    case.close()
    made = labdriver.window(browser, saved.as_uri(), color_scheme=scheme)
    page = made.page
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(saved.as_uri())
    chart = page.locator(".wb-chart")
    chart.wait_for()
    until(page, lambda: chart.evaluate(COLOURS), lambda colours: colours > 12)
    shot(page, f"page-{scheme}-{width}")
    page.mouse.click(*at(chart, ids["Ben Carver"]))
    expect(page.locator(".wv-heading")).to_contain_text("Ben Carver")
    expect(page.locator(".wv-card").first).to_be_visible()
    assert page.get_by_role("button", name="Accept").count() == 0
    expect(chart.locator("[data-deed=expand]")).to_be_disabled()
    shot(page, f"page-chosen-{scheme}-{width}")
    assert (made.outside, made.dialogs, made.errors) == ([], [], [])
    assert page.evaluate("window.pwned ?? null") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_workspace_works_as_a_page(
    browser: Browser, folder: Path, tmp_path: Path, scheme: str, ids: dict[str, str]
) -> None:
    case = wb.open_case(folder / "cases" / "first", officer="ada", purpose="training")
    saved = case.charts.workspace(case.graph(), title="Harbour").save(tmp_path / "space.html")
    case.close()
    made = labdriver.window(browser, saved.as_uri(), color_scheme=scheme)
    page = made.page
    page.goto(saved.as_uri())
    chart = page.locator(".wb-chart")
    chart.wait_for()
    until(page, lambda: chart.evaluate("el => Boolean(el.wbChart)"))
    page.get_by_role("tab", name="Entities").click()
    row = page.locator(".we").get_by_text("Ben Carver").first
    row.click()
    selected = "el => el.wbChart.store.state.selection"
    until(page, lambda: chart.evaluate(selected), lambda chosen: chosen == [ids["Ben Carver"]])
    page.get_by_role("tab", name="Evidence").click()
    expect(page.locator(".wv-heading")).to_contain_text("Ben Carver")
    expect(page.locator(".wt")).to_be_visible()
    shot(page, f"workspace-page-{scheme}")
    assert (made.outside, made.dialogs, made.errors) == ([], [], [])
