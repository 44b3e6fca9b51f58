"""Names in Arabic, Cyrillic and Latin letters in a real browser: each runs its own way, and turns nothing around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import networkx as nx
import pandas as pd
import pytest
from playwright.sync_api import expect
from waiting import until

from tests.report.sample import report
from workbench.model.text.transliteration import format_parties, transliterate_name
from workbench.report import Link, Person, Quotation, to_html
from workbench.views import html_tables
from workbench.views.chart import draw_chart

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SALEM, HARABI, OLEG, ADA = "سالم الفاسي", "محمد بن يوسف الحربي", "Олег Баринов", "Ada Brook"
PLACES = """words => { const walk = document.createTreeWalker(document.querySelector('[data-seen]'), NodeFilter.SHOW_TEXT), found = [];
  const nodes = []; while (walk.nextNode()) nodes.push(walk.currentNode);
  for (const word of words) { const node = nodes.find(n => n.data.includes(word)); if (!node) { found.push(null); continue; }
    const range = document.createRange(), at = node.data.indexOf(word); range.setStart(node, at); range.setEnd(node, at + word.length);
    const box = range.getBoundingClientRect(); found.push([box.left, box.top, box.bottom]); }
  return found; }"""
"""Where words stand within the element that is marked."""
DRAWN = """window.drawn = []; const old = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (t, ...at) {
  window.drawn.push([t, this.direction]); return old.call(this, t, ...at); };"""
LINES = """e => { const r = document.createRange(); r.selectNodeContents(e);
  return new Set([...r.getClientRects()].map(b => b.top)).size; }"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = chromium.window(browser, viewport={"width": 1400, "height": 900})
    yield made
    made.context.close()


def opened(page: Page, folder: Path, text: str) -> None:
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    page.goto(file.as_uri())


def places(page: Page, selector: str, *words: str) -> list[tuple[float, float, float]]:
    """Left, upper and lower edge of words within an element."""
    page.locator(selector).first.evaluate(
        "e => { document.querySelectorAll('[data-seen]').forEach(o => delete o.dataset.seen); e.dataset.seen = ''; }"
    )
    found = page.evaluate(PLACES, list(words))
    assert None not in found, words
    return [tuple(box) for box in found]


def in_order(page: Page, selector: str, *words: str) -> bool:
    """Whether words follow each other as one reads English."""
    found = places(page, selector, *words)
    return all(other[1] > one[2] - 5 or (other[0] > one[0] and other[2] > one[1] + 5) for one, other in pairwise(found))


def net() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for name in (SALEM, HARABI, OLEG, ADA):
        graph.add_node(name, caption=name, latin=transliterate_name(name), schema="Person")
    for source, target in ((SALEM, HARABI), (HARABI, OLEG), (ADA, SALEM)):
        graph.add_edge(source, target, key="k", relation="contacted", layer="received", directed=True, count=2)
    return graph


def test_the_chart_shows_and_finds_both_and_its_arrows_point_the_way(page: Page, tmp_path: Path) -> None:
    who = format_parties(SALEM, [HARABI])
    made = draw_chart(net(), {(SALEM, HARABI, "k"): [{"at": "2024-03-01", "who": who, "text": "لن تصل (Berth 14)."}]})
    page.add_init_script(DRAWN)
    opened(page, tmp_path, made.html)
    page.wait_for_function("document.getElementById('chart')?.chart")
    drawn = until(page, lambda: dict(page.evaluate("window.drawn")), {SALEM, "Salem al-Fasi", OLEG, ADA}.issubset)
    assert (drawn[SALEM], drawn["Salem al-Fasi"], drawn[OLEG], drawn[ADA]) == ("rtl", "ltr", "ltr", "ltr")
    page.fill("#find", "Salem al-Fasi")
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_have_text(SALEM)
    expect(page.locator("#details p.latin")).to_have_text("Salem al-Fasi")
    assert page.locator("#details h2 bdi").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert in_order(page, "#details .tie:has-text('Muhammad')", HARABI, "Muhammad bin")
    page.locator("#details .tie", has_text="Muhammad").click()
    said = page.locator("#details h2 span").evaluate("e => [...e.childNodes].map(n => n.textContent)")
    assert [one.strip() for one in said] in ([SALEM, "→", HARABI], [HARABI, "←", SALEM])
    assert in_order(page, "#details h2", *(one.split()[0] for one in said))
    assert in_order(page, "#details .card .quiet", "2024-03-01", SALEM, "(Salem")
    assert page.locator("#details blockquote").evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_cards_keep_directions_and_columns(page: Page, tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": [SALEM, ADA], "n": [3, 4]})
    facts = [("names", f"{format_parties(HARABI, [OLEG])}, (x)"), ("born", "1981")]
    hit = {
        "text": "لن تصل الحاوية (14).",
        "sender": SALEM,
        "at": "2024-03-01",
        "source_name": "ملف.txt",
        "place": "line 3",
    }
    body = (
        html_tables.build_table(frame, ["name", "n"], names=("name",))
        + html_tables.build_sides([HARABI], [facts])
        + html_tables.build_hit(hit)
    )
    opened(page, tmp_path, f"<!doctype html><meta charset=utf-8>{html_tables.build_page(body)}")
    assert in_order(page, "td", SALEM, "Salem al-Fasi")
    assert abs(places(page, "td", SALEM)[0][0] - places(page, "tr:nth-child(3) td", ADA)[0][0]) < 2
    assert page.locator("td bdi").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert in_order(page, "dd", HARABI, "(Muhammad", "→", OLEG, "(x)")
    assert page.locator(".side b bdi").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert in_order(page, ".hit .meta", "2024-03-01", SALEM, "Salem al-Fasi")
    assert page.locator(".hit .text").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert in_order(page, ".hit .meta:last-child", "ملف.txt", "line 3")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_report_keeps_directions_and_whole_words(page: Page, tmp_path: Path, width: int) -> None:
    people = (Person(SALEM, aliases=(HARABI, "Salim")), Person("Γιώργος Παπαδόπουλος"), Person(OLEG), Person(ADA))
    links = (Link(SALEM, "contacted", "Γιώργος Παπαδόπουλος", 3, "2024-03-01 09:00", "2024-03-01 09:07"),)
    quoted = (Quotation("q", "لن تصل (Berth 14).", at="2024-03-01", sender=SALEM, recipients=(HARABI, OLEG)),)
    page.set_viewport_size({"width": width, "height": 900})
    value = report(
        persons=people, links=links, passages=quoted, findings=(), timeline=(), decisions=(), question="", summary=""
    )
    opened(page, tmp_path, to_html(value))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#N1 b.line").evaluate("e => getComputedStyle(e).direction") == "rtl"
    name, latin = places(page, "#N1 td:nth-child(2)", SALEM, "Salem al-Fasi")
    assert latin[1] > name[1] and abs(latin[0] - name[0]) < 2  # under it, and at the same edge
    assert page.locator("#L1 b.line", has_text="Παπαδόπουλος").evaluate(LINES) <= 2  # parted at its space only
    assert in_order(page, "#P1 .head", SALEM, "(Salem", "→")
    assert page.locator("#P1 blockquote").evaluate("e => getComputedStyle(e).direction") == "rtl"
