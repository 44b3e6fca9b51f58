"""A chart coloured by an attribute, in a real browser: the menu, the colours that are drawn, and a legend that filters."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from playwright.sync_api import expect
from standalone import drawn, opened
from waiting import becomes, until
from workbench_widgets.chart import LinkChart

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVIL = "<img src=x onerror=window.pwned=1>"
MANY = 5_200
"""Nodes from which a chart is drawn as points."""
COLOURED = """hex => { const chart = document.querySelector('.wb-chart').wbChart, from = chart.surface.canvas;
  const copy = document.createElement('canvas');
  chart.surface.draw(chart.camera, chart.ratio ?? 1); copy.width = from.width; copy.height = from.height;
  const pen = copy.getContext('2d'); pen.drawImage(from, 0, 0);
  const data = pen.getImageData(0, 0, copy.width, copy.height).data, wanted = [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  const near = at => wanted.every((one, part) => Math.abs(one - data[at + part]) < 6);
  let found = 0; for (let at = 0; at < data.length; at += 4) found += near(at) ? 1 : 0;
  return found; }"""
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")
"""A folder for pictures to look at; none where it is empty."""
BLUE, ORANGE, PINK = "#0072b2", "#e69f00", "#cc79a7"


def nationals(count: int = 12) -> nx.Graph:
    """A ring of persons of three nationalities, one of them hostile, and one of whom none is stated."""
    made = nx.cycle_graph(count)
    for node in made:
        made.add_node(node, schema="Person", caption=f"Person {node}", nationality=("FR", "FR", "DE", EVIL)[node % 4])
        made.nodes[node][EVIL] = node % 2
    del made.nodes[0]["nationality"]
    return made


def seen(page: Page) -> int:
    """How many nodes the chart draws."""
    return int(page.evaluate("document.querySelector('.wb-chart').wbChart.picture.items.length"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_colours_and_the_legend_filters(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with opened(browser, tmp_path, [LinkChart(nationals())], color_scheme=scheme) as (page, _):
        drawn(page)
        menu, legend = page.get_by_label("Colour by"), page.get_by_role("group", name="Legend")
        expect(menu.locator("option")).to_have_text(["Colour by…", f"Colour by {EVIL}", "Colour by nationality"])
        assert page.evaluate(COLOURED, ORANGE) == 0
        menu.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(menu).to_have_value("nationality")
        until(page, lambda: min(page.evaluate(COLOURED, colour) for colour in (BLUE, ORANGE)) > 100)
        entries = legend.locator(".wb-key", has=page.locator(".wb-swatch"))
        expect(entries).to_have_text(["FR5", f"{EVIL}3", "DE3", "Not stated1"])
        entries.filter(has_text="FR").click()
        expect(entries.filter(has_text="FR")).to_have_attribute("aria-pressed", "false")
        until(page, lambda: (seen(page), page.evaluate(COLOURED, BLUE)) == (7, 0))
        page.get_by_role("button", name="Undo").click()
        until(page, lambda: seen(page) == 12)
        page.get_by_role("button", name="Undo").click()
        expect(entries).to_have_text(["06", "16"])
        page.get_by_role("button", name="Undo").click()
        expect(entries).to_have_count(0)
        expect(menu).to_have_value("")
        assert page.locator("[onerror]").count() == 0 and page.evaluate("window.pwned ?? null") is None


def test_a_saved_page_keeps_the_colours_and_points_have_them_too(browser: Browser, tmp_path: Path) -> None:
    many = nationals(MANY)
    places = {str(node): (float(node % 72) * 12, float(node // 72) * 12) for node in many}
    chart = LinkChart(many, places=places, whole=True)
    chart.model.style("nationality")
    with opened(browser, tmp_path, [chart]) as (page, _):
        drawn(page)
        assert page.evaluate("document.querySelector('.wb-chart').wbChart.picture.light")
        expect(page.get_by_label("Colour by")).to_have_value("nationality")
        until(page, lambda: min(page.evaluate(COLOURED, colour) for colour in (BLUE, ORANGE)) > 1_000)
        assert page.evaluate(COLOURED, PINK) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_group_is_named_by_hand(browser: Browser, tmp_path: Path, scheme: str) -> None:
    label = "document.querySelector('.wb-chart').wbChart.store.state.groups[0].label"
    with opened(browser, tmp_path, [LinkChart(nationals())], color_scheme=scheme) as (page, _):
        drawn(page)
        page.locator(".wb-chart").focus()
        page.keyboard.press("Control+a")
        page.keyboard.press("g")
        becomes(page, label, "12 entities")
        page.keyboard.press("F2")
        form = page.get_by_role("dialog", name="Name the group")
        expect(form.get_by_label("Name")).to_be_focused()
        page.keyboard.type(EVIL)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/name-{scheme}.png")
        page.keyboard.press("Enter")
        expect(form).to_have_count(0)
        becomes(page, label, EVIL)
        assert page.evaluate("window.pwned ?? null") is None
        page.keyboard.press("Control+z")
        becomes(page, label, "12 entities")
