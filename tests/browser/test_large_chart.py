"""A chart of 50,000 nodes in a real JupyterLab: communities first, then all of them by a button that says how many, with progress."""

from __future__ import annotations

import os
from collections.abc import Iterator

import labdriver
import pytest
from labdriver import Server
from playwright.sync_api import Browser, Page, expect
from waiting import drawn_again, still, until

import workbench as wb

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 50_000
CELLS = (
    f"import networkx as nx\nfrom workbench_widgets.chart import LinkChart\nnet = nx.connected_caveman_graph({COUNT // 5}, 5)",
    'chart = LinkChart(net, title="Large")\nchart',
    "print(len(chart.graph), [one['do'] for one in chart.model.history])",
    "log, now = chart.model.history, chart.model.session.state\nchart.model.replay(log)\nfrom workbench_widgets.model import is_same_state\n"
    "print('the same', is_same_state(now, chart.model.session.state))",
)
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")
"""A folder for pictures to look at; none where it is empty."""
PAINTED = """root => { const { surface, camera, ratio } = root.wbChart, copy = document.createElement("canvas");
  surface.draw(camera, ratio ?? 1); copy.width = surface.canvas.width; copy.height = surface.canvas.height;
  const context = copy.getContext("2d"); context.drawImage(surface.canvas, 0, 0);
  const data = context.getImageData(0, 0, copy.width, copy.height).data;
  return data.filter((value, at) => at % 4 === 3 && value > 99).length / (data.length / 4); }"""
"""Which share of the picture has ink."""
HEARD = """root => { window.heard = []; root.wbChart.store.listen(what => {
  const { progress } = root.wbChart.store; if (what === "progress" && progress) window.heard.push([progress.said, progress.share]); }); }"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A notebook beside an empty case."""
    root = tmp_path_factory.mktemp("large")
    wb.open_case(root / "cases" / "first", officer="ada", purpose="training").close()
    labdriver.notebook(root / "notebooks" / "large.ipynb", CELLS)
    with labdriver.server(root, root / "cases" / "first") as running:
        yield running


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/large-{name}.png")


def test_all_are_shown_by_a_button_that_says_how_many(lab: Server, browser: Browser) -> None:
    window = labdriver.window(browser, lab.base)
    page = window.page
    page.goto(lab.address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.goto(f"{lab.base}/doc/tree/notebooks/large.ipynb")
    page.get_by_role("button", name="| Idle").wait_for()
    window.run(0)
    chart = window.run(1).locator(".wb-chart").first
    chart.wait_for()
    button = chart.get_by_role("button", name="Show all 50,000")
    expect(button).to_be_enabled()
    seen = "root => root.wbChart.picture.items.length"
    few = chart.evaluate(seen)
    assert 0 < few <= 300
    still(chart)
    shot(page, "communities")
    chart.evaluate(HEARD)
    button.click()
    expect(chart.locator(".wb-progress progress")).to_be_visible()
    expect(button).to_be_disabled()
    drawn_again(page)
    shot(page, "progress")
    page.wait_for_function(f"() => document.querySelector('.wb-chart').wbChart?.picture?.items.length === {COUNT}")
    expect(chart.locator(".wb-progress")).to_be_hidden()
    expect(button).to_be_hidden()
    until(page, lambda: chart.evaluate(PAINTED), lambda share: share > 0.005)
    shot(page, "all")
    said = page.evaluate("window.heard")
    assert [share for _, share in said] == sorted(share for _, share in said) and len(said) >= 4
    assert all("50,000 entities" in text for text, _ in said)
    expect(window.run(2)).to_contain_text(f"{COUNT} ['show_all']")
    chart.scroll_into_view_if_needed()
    chart.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"() => document.querySelector('.wb-chart').wbChart?.picture?.items.length === {few}")
    expect(button).to_be_visible()
    expect(window.run(3)).to_contain_text("the same True")
    assert (window.outside, window.dialogs, window.errors) == ([], [], [])
