"""Ten minutes at the page: by mouse and keyboard and by commands, with undo; its log gives the same chart in Python, and memory stays."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import standalone
from standalone import drawn, opened
from waiting import still
from workbench_widgets.model import Session

from tests.widgets.scripted import PAGE, Author
from tests.widgets.test_model import plain

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = 320
WARM = 120
"""Steps after which memory is first measured."""
MEGABYTE = 1_048_576
STATE = """() => { const { session } = document.querySelector('.wb-chart').wbChart.store;
  const { nodes, links, positions, pinned, ...rest } = session.state;
  const at = [...positions].map(x => Number.isNaN(x) ? null : x);
  return { ...rest, nodes: [...nodes], links: [...links], positions: at, pinned: [...pinned],
    depth: [session.before.length, session.after.length] }; }"""
SPOTS = """() => { const chart = document.querySelector('.wb-chart').wbChart, box = chart.pad.getBoundingClientRect();
  return chart.picture.items.map(({ x, y }) => chart.camera.convertToScreen(x, y))
    .filter(([x, y]) => x > 8 && y > 8 && x < box.width - 220 && y < box.height - 8).map(([x, y]) => [x + box.left, y + box.top]); }"""
USED = """async () => { for (let n = 0; n < 3; n++) { gc(); await new Promise(r => setTimeout(r, 50)); }
  return performance.memory.usedJSHeapSize; }"""
KEYS = (
    "Control+z",
    "Control+z",
    "Control+y",
    "p",
    "P",
    "n",
    "g",
    "Delete",
    "Control+h",
    "Control+Shift+H",
    "Control+Alt+a",
    "Control+a",
    "Escape",
    ".",
    ",",
    "f",
    "+",
    "-",
    "ArrowLeft",
    "ArrowUp",
    "l",
    "l",
)


class Person:
    """Somebody at a page, who does things at random."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page, self.random, self.mouse = page, random.Random(seed), page.mouse
        self.ways = (
            self.click,
            self.click,
            self.key,
            self.key,
            self.drag,
            self.lasso,
            self.wheel,
            self.legend,
            self.button,
            self.row,
            self.brush,
        )

    def act(self) -> None:
        """Something by mouse or keyboard."""
        self.random.choice(self.ways)()

    def spot(self) -> tuple[float, float]:
        found = self.page.evaluate(SPOTS)
        box = self.page.locator(".wb-stage").bounding_box() or {"x": 0.0, "y": 0.0}
        x, y = self.random.choice(found or [[box["x"] + 60, box["y"] + 60]])
        return x, y

    def click(self) -> None:
        if self.random.random() < 0.4:
            self.page.keyboard.down("Shift")
        self.mouse.click(*self.spot())
        self.page.keyboard.up("Shift")

    def drag(self) -> None:
        x, y = self.spot()
        self.mouse.move(x, y)
        self.mouse.down()
        self.mouse.move(x + 30, y + 20, steps=3)
        self.mouse.move(x + self.random.uniform(-60, 60), y + self.random.uniform(-40, 40))
        self.mouse.up()

    def lasso(self) -> None:
        box = self.page.locator(".wb-stage").bounding_box()
        assert box
        left, top = box["x"] + 20, box["y"] + 20
        self.page.keyboard.down("Shift")
        self.mouse.move(left, top)
        self.mouse.down()
        for x, y in ((500, 0), (500, 300), (0, 300)):
            self.mouse.move(left + x, top + y, steps=3)
        self.mouse.up()
        self.page.keyboard.up("Shift")

    def wheel(self) -> None:
        self.mouse.move(*self.spot())
        self.mouse.wheel(0, self.random.choice((-240, 240)))

    def key(self) -> None:
        self.page.locator(".wb-chart").focus()
        self.page.keyboard.press(self.random.choice(KEYS))

    def legend(self) -> None:
        keys = self.page.locator(".wb-key")
        if keys.count():
            keys.nth(self.random.randrange(keys.count())).click()

    def button(self) -> None:
        able = self.page.locator(".wb-button:not([disabled])")
        able.nth(self.random.randrange(able.count())).click()

    def row(self) -> None:
        rows = self.page.locator(".we-row:visible")
        if rows.count():
            rows.first.click(modifiers=self.random.choice(([], ["Shift"], ["Control"])))

    def brush(self) -> None:
        canvas = self.page.locator(".wt canvas")
        canvas.focus()
        self.page.keyboard.press(self.random.choice(("b", "+", "-", "0", "Escape", "Escape")))


def test_work_at_a_page_and_its_log_come_to_the_same_chart_and_memory_stays(browser: Browser, tmp_path: Path) -> None:
    net = standalone.graph()
    made = standalone.views(net)
    begin = made["chart"].model.session  # type: ignore[attr-defined]
    mirror = Session(net, places=begin.places())
    shown = [made[name] for name in ("chart", "timeline", "table")]
    with opened(browser, tmp_path, shown, viewport={"width": 1100, "height": 1700}) as (page, _):
        drawn(page)
        person, author = Person(page, 7), Author(begin, PAGE, 7)
        sizes = [work(page, person, author, range(WARM)), work(page, person, author, range(WARM, STEPS))]
        log = page.evaluate("document.querySelector('.wb-chart').wbChart.store.session.history")
        theirs = page.evaluate(STATE)
    assert len(log) >= 200
    mirror.replay(log)
    ours = json.loads(json.dumps(plain(mirror)))
    assert theirs == {name: ours[name] for name in theirs}
    (heap, elements), (later, more) = sizes
    print(
        f"heap {heap / MEGABYTE:.1f} -> {later / MEGABYTE:.1f} MB, elements {elements} -> {more}, {len(log)} commands"
    )
    assert later - heap < 3 * MEGABYTE
    assert more < elements * 1.5


def work(page: Page, person: Person, author: Author, steps: range) -> tuple[int, int]:
    """Do so many things; bytes of the heap and elements of the page afterwards."""
    for step in steps:
        if step % 2:
            person.act()
        else:
            name, given = author.next()
            page.evaluate(
                "([name, given]) => document.querySelector('.wb-chart').wbChart.store.runCommand(name, given)",
                [name, given],
            )
        if step % 40 == 39:
            page.evaluate("document.querySelector('.wb-chart').wbChart.store.runCommand('restore')")
    still(page)
    return page.evaluate(USED), page.evaluate("document.querySelectorAll('*').length")
