"""Texts of strangers in every field of every widget, in a real browser that asks nobody: they are shown as texts, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import hostile_views
import pytest
from standalone import LIVE, UNSEEN, drawn, opened
from waiting import drawn_again
from workbench_widgets.page import build_page
from workbench_widgets.visible_text import escape_hidden

from tests.case.hostile_texts import EVERY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from workbench_widgets.widget_view import View

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = os.environ.get("WORKBENCH_SHOTS", "")
"""A folder for pictures to look at; none where it is empty."""
LEGEND = 14
"""Values of a kind that a legend lists."""
ROOTS = {"chart": ".wb-chart", "timeline": ".wt", "map": ".wm", "matrix": ".wx", "table": ".we", "evidence": ".wv"}
KINDS = """() => [...new Set([...document.querySelectorAll('body, body *')]
  .map(e => [e.tagName, ...[...e.attributes].map(a => a.name).filter(n => n !== 'style').sort()].join(' ')))]"""
"""Kinds of elements on the page: what each is called, and what it has."""
HEAR = """() => { for (const one of document.scripts) one.dataset.ours = 'yes'; window.written = new Set();
  const pen = CanvasRenderingContext2D.prototype, old = pen.fillText;
  pen.fillText = function (text, ...at) { window.written.add(text); return old.call(this, text, ...at); }; }"""
"""Listen to what is written on canvases; the scripts that are there at the beginning are ours."""
SAID = """() => { const all = [...document.querySelectorAll('body *:not(script)')];
  const held = all.flatMap(e => [String(e.value ?? ''), ...[...e.attributes].map(a => a.value)]);
  return [document.body.innerText, ...held, ...window.written]; }"""
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
TEXTS = EVERY[::2]


def harmless(texts: Sequence[str]) -> list[str]:
    """As many texts of the same lengths, in letters."""
    return [f"{at:03}{'a' * (len(text) - 3)}" for at, text in enumerate(texts)]


def squeezed(text: str) -> str:
    """Text as it can be compared wherever a widget breaks it: what is seen, without spaces."""
    return "".join(escape_hidden(text).split())


class Looked:
    """What a page says in elements, attributes and on canvases, and of what kinds its elements are, while it is worked with."""

    def __init__(self, page: Page) -> None:
        self.page, self.texts, self.kinds = page, set[str](), set[str]()
        page.evaluate(HEAR)

    def look(self) -> None:
        """Remember what there is now; nothing could run, and nothing hides in a text."""
        assert self.page.evaluate(LIVE) == [] and self.page.evaluate(UNSEEN) == []
        found = set(self.page.evaluate(SAID)) - self.texts
        assert [text for text in found if HIDDEN.search(text)] == []
        self.texts |= found
        self.kinds.update(self.page.evaluate(KINDS))

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Texts that were nowhere to be read; widgets cut long ones."""
        said = "\n".join(map(squeezed, self.texts))
        return [text for text in texts if squeezed(text)[:12] not in said]

    def each(self, root: str, count: str, act: str) -> None:
        """Do something with each of many things of a widget, and look."""
        element = self.page.locator(root).first
        element.evaluate("async e => { while (!(e.wbView || e.wbChart)) await new Promise(r => setTimeout(r, 20)); }")
        for at in range(element.evaluate(f"e => {count}")):
            element.evaluate(f"(e, at) => {{ {act}; }}", at)
            drawn_again(self.page)
            self.look()


def chart(looked: Looked) -> None:
    drawn(looked.page)
    items = "e.wbChart.picture.items"
    for act in ("showItem({}[at].id)", "store.setHover({}[at].id)", "openMenu({{ x: 40, y: 40 }}, {}[at].id)"):
        looked.each(".wb-chart", f"{items}.length", f"e.wbChart.{act.format(items)}")
    looked.page.keyboard.press("Escape")
    looked.page.locator(".wb-find input").fill("a")
    looked.look()


def timeline(looked: Looked) -> None:
    looked.each(".wt", "e.wbView.chart.getEvents().labels.length", "e.wbView.hoverEvent(at, 10, 10)")


def worldmap(looked: Looked) -> None:
    looked.page.wait_for_function("() => document.querySelector('.wm')?.wbView?.fitted")
    layers = "[e.wbView.over, ...e.wbView.under].flatMap(g => g.getLayers?.() ?? []).filter(one => one.getTooltip?.())"
    one = "(one, number) => number === at ? one.openTooltip() : one.closeTooltip()"
    looked.each(".wm", f"{layers}.length", f"{layers}.forEach({one})")


def matrix(looked: Looked) -> None:
    looked.each(
        ".wx",
        "Math.ceil(e.wbView.rows.length / 4)",
        "e.wbView.hoverCell([4 * at, (4 * at + 1) % e.wbView.rows.length])",
    )


def table(looked: Looked) -> None:
    for _ in range(looked.page.locator(".we-more").count()):
        looked.page.locator(".we-more", has_text="more").first.click()
    grid = "e.querySelector('.we-grid')"
    looked.each(".we", f"Math.ceil({grid}.scrollHeight / 250)", f"{grid}.scrollTop = 250 * at")


def evidence(looked: Looked) -> None:
    looked.page.locator(".wv-card").first.wait_for()
    looked.look()
    for more in looked.page.locator(".wv-more").all():
        more.click()
    looked.each(".wv", "1", "e.wbView.chart.selectItem('group:1')")


ACTS: dict[str, Callable[[Looked], None]] = {
    "chart": chart, "timeline": timeline, "map": worldmap, "matrix": matrix, "table": table, "evidence": evidence,
}  # fmt: skip


def worked(browser: Browser, folder: Path, shown: View, names: Sequence[str], texts: Sequence[str]) -> Looked:
    """A view of which everything was pointed at; `opened` sees to it that nothing was asked for and nothing failed."""
    with opened(browser, folder, [shown]) as (page, _):
        page.locator(ROOTS[names[0]]).wait_for()
        looked = Looked(page)
        for at, name in enumerate(names):
            if len(names) > 1:
                page.locator(".ww-tab").nth(at).click()
            ACTS[name](looked)
            looked.look()
            if SHOTS:
                page.screenshot(
                    path=f"{SHOTS}/hostile-{len(names)}-{name}-{texts[0][:3].strip('<')}.png", full_page=True
                )
        assert page.evaluate("window.pwned ?? null") is None
    return looked


def test_there_are_enough() -> None:
    assert len(TEXTS) >= 60 and len(set(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize("name", [name for name in ROOTS if name != "chart"])
def test_texts_of_strangers_are_texts_in_a_view(browser: Browser, tmp_path: Path, name: str) -> None:
    theirs = worked(browser, tmp_path, hostile_views.views(TEXTS)[name], [name], TEXTS)
    ours = worked(browser, tmp_path, hostile_views.views(harmless(TEXTS))[name], [name], harmless(TEXTS))
    assert theirs.kinds <= ours.kinds
    assert theirs.missing(TEXTS) == []


@pytest.mark.parametrize("first", range(0, len(TEXTS), LEGEND))
def test_texts_of_strangers_are_texts_on_a_chart_and_in_its_legend(
    browser: Browser, tmp_path: Path, first: int
) -> None:
    texts = (TEXTS + TEXTS)[first : first + LEGEND]
    theirs = worked(browser, tmp_path, hostile_views.views(texts)["chart"], ["chart"], texts)
    ours = worked(browser, tmp_path, hostile_views.views(harmless(texts))["chart"], ["chart"], harmless(texts))
    assert theirs.kinds <= ours.kinds
    assert theirs.missing(texts) == []


def test_texts_of_strangers_are_texts_in_a_workspace(browser: Browser, tmp_path: Path) -> None:
    texts = TEXTS[::2]
    theirs = worked(browser, tmp_path, hostile_views.workspace(texts), [*ROOTS], texts)
    ours = worked(browser, tmp_path, hostile_views.workspace(harmless(texts)), [*ROOTS], harmless(texts))
    assert theirs.kinds <= ours.kinds
    assert theirs.missing(texts) == []


def test_pictures_and_the_page_without_scripts_hold_texts_only(browser: Browser, tmp_path: Path) -> None:
    made = hostile_views.views(TEXTS)
    for name, view in made.items():
        drawing = tmp_path / f"{name}.svg"
        drawing.write_text(view.to_svg() or "<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
        with opened(browser, tmp_path, "<p>") as (page, seen_of):
            page.goto(drawing.as_uri())
            assert page.evaluate(LIVE) == [] and page.evaluate("window.pwned ?? null") is None
            seen_of.requests.remove(drawing.as_uri())
    with opened(browser, tmp_path, build_page(list(made.values()), title=TEXTS[0]), java_script_enabled=False) as (
        page,
        _,
    ):
        assert page.title() == TEXTS[0]
        assert page.locator("body > section > img").count() == len(made) - 1
        assert page.locator("body *").count() == 2 * len(made) - 1 + 2


def test_what_would_run_is_found(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, f"<body><p>{TEXTS[1]}", check=False) as (page, _):
        looked = Looked(page)
        with pytest.raises(AssertionError):
            looked.look()
        assert not set(page.evaluate(KINDS)) <= {"BODY", "P"}
