"""The HTML report in a real browser: nothing runs, nothing is asked for, nothing overflows, it prints with its marks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import chromium
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from waiting import becomes, still, until
from watching import HANDLERS, Seen

from tests.report.large import large
from tests.report.payloads import PAYLOADS, flood
from tests.report.sample import report, svg
from tests.widgets.graphs import sample
from workbench.report import Chart, Link, Mark, Report, to_html
from workbench.views.chart import draw_chart

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PLAY = """<!doctype html><meta charset=utf-8>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<style>#o { color: rgb(1, 2, 3) }</style><p id=o>no</p><p style="margin: 0">x</p>
<script>
document.getElementById("o").textContent = "own script ran";
const reach = () => { try { return String(parent.document.title) } catch { return "closed" } };
document.body.dataset.parent = reach();
fetch("https://evil.example/x").catch(() => { document.body.dataset.net = "closed" });
</script><img src="data:," onerror="document.body.dataset.handler='ran'">"""


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, seen: Seen) -> Iterator[Page]:
    made = chromium.window(browser, viewport={"width": 1280, "height": 900})
    seen.watch(made)
    yield made
    made.context.close()


def show(page: Page, folder: Path, value: Report) -> str:
    file = folder / "report.html"
    file.write_text(to_html(value), encoding="utf-8")
    page.goto(file.as_uri())
    return file.as_uri()


def test_it_runs_nothing_and_asks_for_nothing(page: Page, seen: Seen, tmp_path: Path) -> None:
    address = show(page, tmp_path, report())
    assert seen == Seen(requests=[address])
    assert page.locator("script").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.mark')).position") == "sticky"


def test_hostile_text_does_nothing_in_any_field(page: Page, seen: Seen, tmp_path: Path) -> None:
    assert len(PAYLOADS) >= 60
    for payload in PAYLOADS:
        address = show(page, tmp_path, flood(report(), payload))
        assert page.locator("script, iframe, object, embed, form, img, link, base").count() == 0, payload
        assert page.evaluate(HANDLERS) == 0, payload
        assert page.url == address
    still(page)
    assert seen.dialogs == []
    assert seen.errors == []
    assert set(seen.requests) == {address}


def test_the_policy_stops_what_gets_past_the_escaping(page: Page, seen: Seen, tmp_path: Path) -> None:
    file = tmp_path / "broken.html"
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)><img src='https://evil.example/p.png'><svg onload=alert(3)></svg>"
    file.write_text(to_html(report()).replace("</main>", f"{evil}</main>"), encoding="utf-8")
    page.goto(file.as_uri())
    until(page, lambda: len(seen.errors) >= 4)
    still(page)
    assert seen.dialogs == []
    assert seen.requests == [file.as_uri()]


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(page: Page, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for value in (report(), flood(report(), "a" * 300)):
        show(page, tmp_path, value)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reference_leads_to_its_passage_even_in_a_closed_table(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, large())
    page.locator("#L1 a", has_text="P1").click()
    expect(page).to_have_url(re.compile("#P1$"))
    expect(page.locator("#P1")).to_be_visible()
    page.locator("#P500 dl a", has_text="L500").first.click()
    expect(page.locator("#L500")).to_be_visible()


def test_the_keyboard_reaches_contents_and_tables(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, report())
    page.keyboard.press("Tab")
    becomes(page, "document.activeElement.getAttribute('href')", "#summary")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0 && e.ariaLabel)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, tmp_path: Path, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    show(page, tmp_path, report())
    for selector in (
        "main p",
        ".small",
        "dt",
        "td",
        ".stance",
        ".layer.decided",
        ".layer.received",
        ".mark",
        "mark",
        "h2",
        ".empty, .caution",
    ):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector


CONTRAST = """selector => {
  const nodes = [...document.querySelectorAll(selector)];
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c } return [255, 255, 255] };
  return Math.min(...nodes.map(e => { const a = light(parse(getComputedStyle(e).color)), b = light(ground(e));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) }));
}"""


def test_paper_has_the_mark_on_each_sheet_and_every_row(page: Page, tmp_path: Path) -> None:
    links = tuple(Link(f"Person {n}", "contacted", "Ada") for n in range(60))
    show(page, tmp_path, report(links=links))
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [sheet.extract_text() for sheet in reader.pages]
    assert all(text.count("EXERCISE – FOR TRAINING ONLY") >= 2 for text in texts)
    assert f"1 / {len(texts)}" in texts[0]
    assert round(float(reader.pages[0].mediabox.width)) == 595
    assert "L60" in "".join(texts)


def test_a_hostile_mark_is_printed_as_written(page: Page, tmp_path: Path) -> None:
    mark = 'X"; } </style><script>alert(1)</script> \\ 漢'
    show(page, tmp_path, report(mark=Mark(mark)))
    assert page.inner_text(".mark.top") == mark
    text = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[1].extract_text()
    assert '"; } </style><script>alert(1)</script>' in text


def test_the_link_chart_of_the_widgets_runs_in_the_frame(page: Page, seen: Seen, tmp_path: Path) -> None:
    drawn = draw_chart(sample(24), title="Harbour", mark="EXERCISE", as_at="2026-03-14")
    address = show(page, tmp_path, report(chart=Chart(drawn.svg, html=drawn.html)))
    page.locator("details.interactive summary").click()
    page.frame_locator("iframe").locator("canvas").first.wait_for()
    assert seen == Seen(requests=[address])


def test_the_interactive_chart_runs_in_its_frame_and_nowhere_else(page: Page, seen: Seen, tmp_path: Path) -> None:
    address = show(page, tmp_path, report(chart=Chart(svg(), html=PLAY)))
    page.locator("details.interactive summary").click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("own script ran").wait_for()
    body = frame.locator("body")
    expect(body).to_have_attribute("data-parent", "closed")
    expect(body).to_have_attribute("data-net", "closed")
    still(page)
    assert body.get_attribute("data-handler") is None
    assert frame.locator("#o").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
    assert set(seen.requests) <= {address, "about:srcdoc"}
    assert seen.dialogs == []
