"""The widgets by themselves on one page: many at once, without WebGL, by keyboard, in both directions of writing, light and dark."""

from __future__ import annotations

import io
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import networkx as nx
import numpy as np
import pytest
import standalone
from PIL import Image
from playwright.sync_api import expect
from standalone import drawn, opened
from waiting import becomes, settled, still, until
from workbench_widgets.chart import LinkChart
from workbench_widgets.map import MapView
from workbench_widgets.model import CaseModel
from workbench_widgets.page import build_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANY = 18
"""Charts on a page; a browser lets a page have 16 contexts of WebGL."""
DENSE = 4_100
"""Links with which a chart is drawn by WebGL, with icons."""
ROOTS = ".wb-chart, .wt, .wm, .wx, .we, .wv"
COLOURS = "(e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color])(document.querySelector('%s'))"
FOCUSED = """() => { const one = document.activeElement;
  const name = one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.title || one.textContent;
  return [one.getAttribute('role') || one.tagName, (name || '').trim(), Boolean(one.closest('[data-lm-suppress-shortcuts="true"]'))]; }"""


def picture(page: Page, selector: str, number: int = 0) -> np.ndarray:
    """What is seen of an element, as soon as it stays so, as numbers."""
    shot = still(page.locator(selector).nth(number))
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=np.int16)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures of one size, of 255."""
    assert one.shape == other.shape
    return float(np.abs(one - other).mean())


def colours(shot: np.ndarray) -> int:
    """How many colours occur, coarsely."""
    return len(np.unique(shot.reshape(-1, 3) // 32, axis=0))


def small(number: int, links: int = 16) -> nx.Graph:
    """A graph of a dozen nodes, or of more for many links."""
    made = nx.Graph(nx.gnm_random_graph(max(12, links // 40), links, seed=number))
    for node in made:
        made.nodes[node].update(caption=f"Person {number}.{node}", schema="Person" if node % 3 else "Vehicle")
    return made


def dense(number: int, **look: object) -> LinkChart:
    """A chart of so many links that it is drawn by WebGL; its nodes lie in rows, which takes no time to work out."""
    graph = small(number, DENSE)
    places = {str(node): (40.0 * (node % 12), 40.0 * (node // 12)) for node in graph}
    return LinkChart(graph, places=places, **look)


def test_many_charts_give_their_contexts_back_and_come_back_the_same(browser: Browser, tmp_path: Path) -> None:
    charts = [dense(number, title=f"Chart {number}", height=300) for number in range(MANY)]
    live = "[...document.querySelectorAll('.wb-chart')].filter(e => e.wbChart?.surface).length"
    with opened(browser, tmp_path, charts) as (page, _):
        page.wait_for_function(f"() => document.querySelectorAll('.wb-chart').length === {MANY}")
        drawn(page)
        first = picture(page, ".wb-stage")
        for number in (*range(MANY), *reversed(range(MANY))):
            page.locator(".wb-chart").nth(number).scroll_into_view_if_needed()
            becomes(page, f"Boolean([...document.querySelectorAll('.wb-chart')][{number}].wbChart.surface)", value=True)
            until(page, lambda: page.evaluate(live) <= 8)
        page.evaluate("window.scrollTo(0, 0)")
        becomes(page, "document.querySelector('.wb-chart').wbChart.surface?.gl !== undefined", value=True)
        assert difference(first, picture(page, ".wb-stage")) < 0.5
        page.locator(".wb-chart").nth(MANY - 1).scroll_into_view_if_needed()
        until(page, lambda: colours(picture(page, ".wb-stage", MANY - 1)) > 8)
        assert page.evaluate("[...document.querySelectorAll('.wb-chart')].every(e => e.wbChart.losses === 0)")


def test_a_chart_whose_context_is_taken_away_draws_on(browser: Browser, tmp_path: Path) -> None:
    lose = "document.querySelector('.wb-chart').wbChart.surface.gl?.getExtension('WEBGL_lose_context').loseContext()"
    flat = "document.querySelector('.wb-chart').wbChart.surface?.gl === undefined"
    losses = "document.querySelector('.wb-chart').wbChart.losses"
    with opened(browser, tmp_path, [dense(1, height=320)], check=False) as (page, seen):
        drawn(page)
        first = picture(page, ".wb-stage")
        for last in (False, True):
            page.evaluate(lose)
            becomes(page, losses, 2 if last else 1)
            drawn(page)
            becomes(page, flat, last)
            assert difference(first, picture(page, ".wb-stage")) < (2.5 if last else 0.5)
        assert [text for text in seen.errors if "CONTEXT_LOST" not in text] == []


def test_a_chart_that_becomes_large_is_drawn_as_points_on_the_same_surface(browser: Browser, tmp_path: Path) -> None:
    many = LinkChart(nx.path_graph(5_200), places={str(at): (9.0 * (at % 80), 9.0 * (at // 80)) for at in range(5_200)})
    many.model.dismiss_others(*map(str, range(40)))
    with opened(browser, tmp_path, [many]) as (page, _):
        drawn(page)
        first = colours(picture(page, ".wb-stage"))
        page.evaluate("document.querySelector('.wb-chart').wbChart.store.runCommand('restore')")
        becomes(page, "document.querySelector('.wb-chart').wbChart.picture.light", value=True)
        page.get_by_role("button", name="Fit chart").click()
        shot = picture(page, ".wb-stage")
        assert (shot.mean(axis=2) < 140).mean() > 0.05 and first > 3, "points, not only labels"
        page.evaluate("document.querySelector('.wb-chart').wbChart.redraw()")
        assert difference(shot, picture(page, ".wb-stage")) < 0.1, "lines are drawn again as they were"


def test_small_charts_take_no_context_and_growing_ones_do(browser: Browser, tmp_path: Path) -> None:
    flat = "document.querySelector('.wb-chart').wbChart.surface.gl === undefined"
    chart = dense(1)
    chart.model.dismiss_others(*map(str, range(20)))
    with opened(browser, tmp_path, [chart]) as (page, _):
        drawn(page)
        assert page.evaluate(flat)
        few = picture(page, ".wb-stage")
        page.evaluate("document.querySelector('.wb-chart').wbChart.store.runCommand('restore')")
        becomes(page, flat, value=False)
        page.get_by_role("button", name="Undo").click()
        becomes(page, flat, value=True)
        assert difference(few, picture(page, ".wb-stage")) < 1


def test_the_picture_of_a_page_is_read_only_where_it_is_needed(browser: Browser, tmp_path: Path) -> None:
    shown = "document.querySelector('.wb-twin')?.getBoundingClientRect().width ?? 0"
    whole = build_page([LinkChart(small(1))])
    broken = whole.replace('"bundle": "chart"', '"bundle": "none"')
    with opened(browser, tmp_path, whole) as (page, seen):
        drawn(page)
        assert page.evaluate(shown) == 0 and not [
            one for one in seen.requests if one.startswith("data:image/svg+xml;base64")
        ]
    with opened(browser, tmp_path, broken, check=False) as (page, _):
        page.locator(".wb-problem").wait_for()
        page.wait_for_function(f"() => {shown} > 300")
    forbidden = whole.replace("script-src 'nonce-", "script-src 'nonce-no")
    with opened(browser, tmp_path, forbidden, check=False) as (page, _):
        page.wait_for_function(f"() => {shown} > 300")


def test_without_webgl_charts_are_drawn_all_the_same(browser: Browser, tmp_path: Path) -> None:
    plain = chromium.launched(browser.browser_type, chromium.NO_GL)
    with closing(plain), opened(plain, tmp_path, [standalone.views()["chart"]]) as (page, _):
        drawn(page)
        assert page.evaluate("document.createElement('canvas').getContext('webgl2') === null")
        assert page.evaluate("document.querySelector('.wb-chart').wbChart.surface.gl === undefined")
        assert colours(picture(page, ".wb-stage")) > 12
        spot = node(page, "p0")
        page.mouse.click(*spot)
        until(page, lambda: chosen(page) == ["p0"])


def node(page: Page, name: str) -> tuple[float, float]:
    """Where a node is on the screen, as soon as it stays there."""
    at = """id => { const chart = document.querySelector('.wb-chart').wbChart, box = chart.pad.getBoundingClientRect();
        const item = chart.picture.items[chart.picture.at.get(id)], [x, y] = chart.camera.convertToScreen(item.x, item.y);
        return [box.left + x, box.top + y]; }"""
    x, y = settled(page, lambda: page.evaluate(at, name))
    return x, y


def chosen(page: Page) -> list[str]:
    """What is chosen, as the store of the page has it."""
    return list(page.evaluate("document.querySelector('.wb-chart').wbChart.store.state.selection"))


def test_a_view_that_cannot_be_drawn_says_so_and_the_others_go_on(browser: Browser, tmp_path: Path) -> None:
    model = CaseModel(small(2))
    broken = MapView(
        model,
        layers=[
            {
                "type": "Feature",
                "geometry": {"type": "<img src=x onerror=alert(1)>", "coordinates": []},
                "properties": {},
            }
        ],
    )
    with opened(browser, tmp_path, [broken, LinkChart(model)], check=False) as (page, seen):
        drawn(page)
        expect(page.locator(".wb-problem")).to_contain_text("The map cannot be shown here")
        assert page.locator(".wb-problem *").count() == 0 and seen.dialogs == []
        page.locator(".wb-chart").scroll_into_view_if_needed()
        page.mouse.click(*node(page, "1"))
        until(page, lambda: chosen(page) == ["1"])


def test_everything_is_reached_and_done_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    made = standalone.views()
    shown = [made[name] for name in ("chart", "table", "matrix", "timeline", "map", "evidence")]
    with opened(browser, tmp_path, shown) as (page, _):
        drawn(page)
        page.evaluate("window.heard = []; document.addEventListener('keydown', e => heard.push(e.key))")
        reached = walk(page, 140)
        assert all(name for _, name, _ in reached), [one for one in reached if not one[1]]
        assert all(ours for _, _, ours in reached if reached), [one for one in reached if not one[2]]
        assert {"application", "grid", "BUTTON", "SELECT", "INPUT"} <= {role for role, _, _ in reached}
        by_key(page)
        assert page.evaluate("heard").count("p") == 0, "a key that a widget takes goes no further"


def walk(page: Page, most: int) -> list[tuple[str, str, bool]]:
    """Role, name and whether the notebook's keys are off, of everything that Tab reaches, once round."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found.append(tuple(page.evaluate(FOCUSED)))
    return found


def by_key(page: Page) -> None:
    """Choose, pin, undo and find on the chart; choose in table and matrix; choose a time."""
    page.locator(".wb-chart").focus()
    page.keyboard.press(".")
    (first,) = chosen(page)
    page.keyboard.press("p")
    state = "document.querySelector('.wb-chart').wbChart.store.state"
    assert page.evaluate(f"{state}.pinned.reduce((a, b) => a + b)") == 1
    page.keyboard.press("Control+z")
    assert page.evaluate(f"{state}.pinned.reduce((a, b) => a + b)") == 0
    page.keyboard.press("n")
    assert len(chosen(page)) > 1 and first in chosen(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("guérin")
    page.keyboard.press("Enter")
    assert len(chosen(page)) == 1
    page.locator(".we-grid").focus()
    for key in ("ArrowDown", "ArrowDown", " "):
        page.keyboard.press(key)
    assert chosen(page) == ["p2"]
    page.keyboard.press("Escape")
    page.locator(".wx canvas").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert 1 <= len(chosen(page)) <= 12
    page.keyboard.press("Escape")
    page.locator(".wt canvas").focus()
    for key in ("+", "b"):
        page.keyboard.press(key)
    low, high = page.evaluate(f"{state}.time_range")
    assert low < high
    page.keyboard.press("Escape")
    assert page.evaluate(f"{state}.time_range") is None


def test_tabs_of_a_workspace_are_turned_by_arrow_keys(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, [standalone.workspace()]) as (page, _):
        drawn(page)
        page.get_by_role("tab", name="Evidence").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
        page.get_by_role("grid").wait_for()
        said = page.locator("body").aria_snapshot()
        for word in (
            'tab "Chart"',
            'tab "Map"',
            'toolbar "Chart"',
            "tablist",
            'application "Link chart Quai Nord"',
            "status",
        ):
            assert word in said, word
        page.mouse.click(*node(page, "p15"))
        expect(page.locator(".we-chosen")).to_have_count(1)


def test_names_run_their_own_way(browser: Browser, tmp_path: Path) -> None:
    made = standalone.views()
    made["chart"].model.dismiss_others("p0", "p15", "p16", "o2", "a2")  # type: ignore[attr-defined]
    heard = """window.drawn = []; const old = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (t, ...at) {
        window.drawn.push([t, this.direction]); return old.call(this, t, ...at); };"""
    file = tmp_path / "page.html"
    from workbench_widgets.page import build_page

    file.write_text(build_page([made["chart"], made["timeline"], made["matrix"], made["table"]]), "utf-8")
    page = chromium.window(browser)
    page.context.add_init_script(heard)
    page.goto(file.as_uri())
    drawn(page)
    ways = dict(page.evaluate("window.drawn"))
    assert ways["سالم الفاسي"] == "rtl" and ways["Salem al-Fasi"] == "ltr" and ways["Marta Oliveira"] == "ltr"
    assert {way for text, way in ways.items() if text.startswith("سالم")} == {"rtl"}
    cell = page.locator(".we-cell", has_text="سالم").first
    assert cell.evaluate("e => getComputedStyle(e).direction") == "rtl"
    page.mouse.click(*node(page, "p15"))
    page.context.close()


def test_the_colours_are_those_that_jupyter_says(browser: Browser, tmp_path: Path) -> None:
    made = standalone.views()
    with opened(browser, tmp_path, list(made.values())) as (page, _):
        drawn(page)
        for dark, back, ink in (
            ("false", "rgb(17, 17, 17)", "rgb(238, 238, 238)"),
            ("true", "rgb(255, 250, 240)", "rgb(20, 20, 20)"),
        ):
            page.evaluate(
                """([light, back, ink]) => { const body = document.body; body.dataset.jpThemeLight = light;
                body.style.setProperty('--jp-layout-color0', back); body.style.setProperty('--jp-ui-font-color1', ink); }""",
                [dark, back, ink],
            )
            for selector in ROOTS.split(", "):
                becomes(page, COLOURS % selector, [back, ink])
            corner = tuple(int(part) for part in re.findall(r"\d+", back))
            until(page, lambda: tuple(picture(page, ".wx canvas")[2, 2]) == corner)  # noqa: B023 - a canvas follows too


def test_little_motion_where_it_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    shown = [standalone.views()["map"]]
    for wish, moves in (("reduce", False), ("no-preference", True)):
        with opened(browser, tmp_path, shown, reduced_motion=wish) as (page, _):
            page.wait_for_function("() => document.querySelector('.wm')?.wbView")
            options = page.evaluate(
                """() => { const { zoomAnimation, fadeAnimation, inertia } = document.querySelector('.wm').wbView.map.options;
                return [zoomAnimation, fadeAnimation, inertia]; }"""
            )
            assert options == [moves] * 3


@pytest.mark.parametrize("width", [360, 480, 1600])
def test_nothing_is_wider_than_its_page(browser: Browser, tmp_path: Path, width: int) -> None:
    shown = [*standalone.views().values(), standalone.workspace()]
    with opened(browser, tmp_path, shown, viewport={"width": width, "height": 900}) as (page, _):
        drawn(page)
        until(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= width)
        for selector in ROOTS.split(", "):
            box = settled(page, page.locator(selector).first.bounding_box)
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] > 30
