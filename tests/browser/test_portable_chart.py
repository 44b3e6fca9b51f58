"""The portable chart in a real browser: it draws, answers to mouse and keys, and runs nothing that came from the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import chromium
import networkx as nx
import pytest
from playwright.sync_api import Browser, Page, expect
from waiting import settled, still
from workbench_widgets.visible_text import escape_hidden

from tests.widgets.graphs import evidence, sample
from workbench.views.chart import draw_chart

SHEET = {"title": "Harbour", "mark": "EXERCISE – FOR TRAINING", "as_at": "2024-06-01"}
pytestmark = pytest.mark.browser
BAD = "window.pwned=(window.pwned||0)+1"
PAYLOADS = [
    f"<script>{BAD}</script>",
    f"</script><script>{BAD}</script>",
    f"</title><script>{BAD}</script>",
    f"</style><script>{BAD}</script>",
    f"</textarea><script>{BAD}</script>",
    f"--><script>{BAD}</script>",
    f"<!--<script>{BAD}</script>",
    f"]]><script>{BAD}</script>",
    f'"><script>{BAD}</script>',
    f"'><script>{BAD}</script>",
    f'<img src=x onerror="{BAD}">',
    f'"><img src=x onerror={BAD}>',
    f'see href <img src=x onerror="{BAD}">',
    f'<a href="javascript:{BAD}">href</a>',
    f"javascript:{BAD}",
    f'<svg onload="{BAD}">',
    f"<svg><script>{BAD}</script></svg>",
    f'</svg><img src=x onerror="{BAD}">',
    f'<svg><animate onbegin="{BAD}" attributeName=x dur=1s>',
    f'<body onload="{BAD}">',
    f'<input autofocus onfocus="{BAD}">',
    f'<details open ontoggle="{BAD}">',
    f'<video><source onerror="{BAD}"></video>',
    f'<iframe srcdoc="<script>parent.{BAD}</script>">',
    f'<iframe src="javascript:parent.{BAD}">',
    f'<object data="javascript:{BAD}">',
    f'<math href="javascript:{BAD}">click',
    f'<style>*{{animation:x}}@keyframes x{{}}</style><p onanimationstart="{BAD}">',
    f"{{{{constructor.constructor('{BAD}')()}}}}",
    f"${{{BAD}}}",
    f"`;{BAD};`",
    f'";{BAD};"',
    f"\\u003cscript>{BAD}\\u003c/script>",
    f"\u2028{BAD}\u2029",
    f"&lt;script&gt;{BAD}&lt;/script&gt;",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<img src=https://evil.example/p.png>",
    "__proto__",
    "constructor",
    "\u202egnp.exe",
]


Open = Callable[..., Page]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a chart; whatever asks for something outside the file, or fails on the page, fails the test."""
    asked: list[str] = []
    wrong: list[str] = []
    contexts = []

    def route(request: object) -> None:
        url = request.request.url
        if url.startswith((tmp_path.as_uri(), "data:", "blob:", "about:")):
            request.continue_()
        else:
            asked.append(url)
            request.abort()

    def opened(graph: nx.MultiDiGraph, known: object = None, *, scheme: str = "light", **sheet: str) -> Page:
        made = draw_chart(graph, evidence(graph) if known is None else known, **{**SHEET, **sheet})
        return visit(made.save(tmp_path / f"chart{len(contexts)}.html").as_uri(), scheme)

    def visit(address: str, scheme: str = "light") -> Page:
        page = chromium.window(browser, viewport={"width": 1300, "height": 850}, color_scheme=scheme)
        contexts.append(page.context)
        page.context.route("**/*", route)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(address)
        page.wait_for_function(
            "document.getElementById('chart')?.chart && document.querySelector('#chart canvas')?.width > 300"
        )
        still(page)  # icons come later than lines
        return page

    opened.visit = visit  # type: ignore[attr-defined]
    opened.folder = tmp_path  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert asked == []
    assert wrong == []


PIXELS = """() => { const c = document.querySelector('#chart canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const colours = new Map(); let drawn = 0, left = c.width, right = 0, top = c.height, bottom = 0;
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 40) { drawn++; const x = (i / 4) % c.width, y = Math.floor(i / 4 / c.width);
    left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    const k = (d[i] >> 5) + ',' + (d[i + 1] >> 5) + ',' + (d[i + 2] >> 5); colours.set(k, (colours.get(k) || 0) + 1); }
  return { share: drawn / (d.length / 4), colours: [...colours.values()].filter(n => n > 30).length,
    width: (right - left) / c.width, height: (bottom - top) / c.height }; }"""


def place(page: Page, node: int) -> tuple[float, float]:
    """Where a node lies in the window, as soon as it stays there."""
    at = """n => { const b = document.getElementById('chart'), at = b.chart.network.canvasToDOM(b.chart.network.getPositions([n])[n]);
        const r = b.getBoundingClientRect(); return [r.x + at.x, r.y + at.y]; }"""
    x, y = settled(page, lambda: page.evaluate(at, node))
    return x, y


@pytest.mark.parametrize("count", [5, 30, 120, 500])
def test_chart_fills_the_frame(show: Open, count: int) -> None:
    seen = show(sample(count)).evaluate(PIXELS)
    assert seen["share"] > 0.005
    assert seen["colours"] > 8
    assert max(seen["width"], seen["height"]) > 0.55
    assert min(seen["width"], seen["height"]) > 0.3


def test_click_on_an_entity_shows_it_and_its_links(show: Open) -> None:
    graph = sample(30)
    page = show(graph)
    page.mouse.click(*place(page, 0))
    assert page.inner_text("#details h2") == graph.nodes["n0000"]["caption"]
    assert "Phone examined" in page.inner_text("#details")
    assert (
        page.locator("#details .tie").count() == len(set(graph.to_undirected()["n0000"]))
        or page.locator("#details .tie").count() > 3
    )
    page.locator("#details .tie").first.click()
    assert "Passages" in page.inner_text("#details")
    cards = page.locator("#details .card")
    assert "The container moves at night" in cards.first.inner_text()
    assert "exhibit HB/2" in cards.first.inner_text()
    assert "T-0377" in cards.first.inner_text()
    assert cards.first.locator("mark").inner_text() == "container"


def test_click_on_a_line_shows_its_passages(show: Open) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", caption="Ann", schema="Person")
    graph.add_node("b", caption="Bob", schema="Person")
    graph.add_edge(
        "a",
        "b",
        key="k",
        relation="contacted",
        layer="received",
        count=9,
        directed=True,
        first="2024-01-01",
        last="2024-02-01",
    )
    page = show(graph)
    (x1, y1), (x2, y2) = place(page, 0), place(page, 1)
    page.mouse.click(x1 + (x2 - x1) * 0.35, y1 + (y2 - y1) * 0.35)
    words = page.inner_text("#details")
    assert "Ann → Bob" in words.replace("\n", "")
    assert "contacted · 9 times" in words
    assert "2024-01-01 – 2024-02-01" in words
    assert "Passages (2 of 9)" in words


def test_search_selects_and_brings_into_view(show: Open) -> None:
    graph = sample(120)
    page = show(graph)
    page.fill("#find", graph.nodes["n0077"]["caption"][:30])
    page.keyboard.press("Enter")
    number = page.evaluate("document.getElementById('chart').chart.selection.node")
    assert graph.nodes[f"n{number:04}"]["caption"] == graph.nodes["n0077"]["caption"]
    x, y = place(page, number)
    box = page.locator("#chart").bounding_box()
    assert abs(x - box["x"] - box["width"] / 2) < 60
    assert abs(y - box["y"] - box["height"] / 2) < 60
    page.fill("#find", "nobody at all")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("No entity that is shown matches 'nobody at all'.")


def test_legend_filters_by_kind_and_by_relation(show: Open) -> None:
    graph = sample(60)
    page = show(graph)
    count = "document.getElementById('chart').chart.{}.length"
    persons = sum(schema == "Person" for _, schema in graph.nodes(data="schema"))
    page.get_by_role("button", name="Person").first.click()
    assert page.evaluate(count.format("shownNodes")) == 60 - persons
    page.get_by_role("button", name="Person").first.click()
    assert page.evaluate(count.format("shownNodes")) == 60
    before = page.evaluate(count.format("shownEdges"))
    page.locator("#relations .key").first.click()
    assert page.evaluate(count.format("shownEdges")) < before
    assert page.locator("#relations .key").first.get_attribute("aria-pressed") == "false"


def test_keyboard_reaches_everything(show: Open) -> None:
    page = show(sample(30))
    page.focus("#chart")
    where = "document.getElementById('chart').chart.network.getViewPosition()"
    page.keyboard.press("ArrowRight")
    settled(page, lambda: page.evaluate(where))
    first = page.evaluate("document.getElementById('chart').chart.selection.node")
    for key in ("ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
        settled(page, lambda: page.evaluate(where))
    assert page.evaluate("document.getElementById('chart').chart.selection") is not None
    assert first is not None
    scale = "document.getElementById('chart').chart.network.getScale()"
    before = page.evaluate(scale)
    page.keyboard.press("+")
    assert page.evaluate(scale) > before
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "details"
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('chart').chart.selection") is None
    assert page.evaluate("document.activeElement.id") == "chart"
    page.locator("#list summary").click()
    expect(page.locator("#entities button")).to_have_count(30)
    page.locator("#entities button").nth(3).press("Enter")
    assert page.evaluate("document.getElementById('chart').chart.selection.node") is not None


def test_dark_mode_by_the_system_and_by_the_button(show: Open) -> None:
    page = show(sample(30), scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(22, 25, 29)"
    assert page.evaluate(PIXELS)["share"] > 0.005
    page.click("#theme")
    assert page.evaluate(background) == "rgb(255, 255, 255)"


def test_labels_do_not_lie_over_each_other_at_any_scale(show: Open) -> None:
    page = show(sample(120))
    page.evaluate("""() => { window.drawn = []; const ctx = CanvasRenderingContext2D.prototype, old = ctx.fillText;
        ctx.fillText = function (t, x, y) { const w = this.measureText(t).width, s = parseFloat(this.font.match(/([\\d.]+)px/)[1]);
        window.drawn.push([x - w / 2, y - s * .75, x + w / 2, y + s * .1]); return old.apply(this, arguments); }; }""")
    for scale in (0.3, 0.6, 1, 1.6):
        boxes = page.evaluate(
            """s => { window.drawn = []; const n = document.getElementById('chart').chart.network;
            n.moveTo({scale: s}); window.drawn = []; n.redraw(); return window.drawn; }""",
            scale,
        )
        last = list({tuple(box) for box in boxes})
        hits = [
            (a, b)
            for i, a in enumerate(last)
            for b in last[:i]
            if a != b and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        ]
        assert len(last) > 5
        assert hits == []


def test_print_shows_the_static_twin(show: Open) -> None:
    page = show(sample(30))
    page.emulate_media(media="print")
    assert page.locator(".twin svg").is_visible()
    assert not page.locator("main").is_visible()


def test_nothing_from_the_data_runs(show: Open) -> None:
    """Each payload is label, id, schema, account, relation, time, passage, heading, marking and note at once."""
    graph, known = nx.MultiDiGraph(), {}
    for number, bad in enumerate(PAYLOADS):
        graph.add_node(bad, caption=bad, schema=bad if number % 2 else "Person", accounts=[bad], mentions=1)
        known[bad] = [{"text": bad, "who": bad}]
    for one, two in pairwise(PAYLOADS):
        graph.add_edge(one, two, key=one, relation=one, layer="received", count=2, first=two, last=two)
        fields = ("at", "who", "text", "source", "exhibit", "place")
        known[one, two, one] = [{**dict.fromkeys(fields, one), "traces": [two], "marks": [(0, 3)]}]
    everything = " ".join(PAYLOADS)
    page = show(graph, known, title=everything, mark=everything, note=everything, as_at=everything)
    lines = graph.number_of_edges()
    for number in range(len(PAYLOADS)):
        page.evaluate("n => document.getElementById('chart').chart.selectItem({node: n})", number)
        page.evaluate("n => document.getElementById('chart').chart.selectItem({line: n})", number % lines)
    page.mouse.move(*place(page, 0))
    page.locator("#list summary").click()
    page.locator("#details").hover()
    page.fill("#find", PAYLOADS[0])
    page.keyboard.press("Enter")
    still(page)
    assert page.evaluate("window.pwned ?? null") is None
    assert page.evaluate("Object.prototype.caption ?? null") is None
    assert (
        page.evaluate(
            "document.querySelectorAll('iframe, object, base, video, img:not([src^=\"data:image/svg+xml,\"])').length"
        )
        == 0
    )
    assert page.text_content("h1") == escape_hidden(everything)


def test_policy_stops_what_got_in_all_the_same(browser: Browser, tmp_path: Path) -> None:
    made = draw_chart(sample(5), title="Harbour").save(tmp_path / "chart.html")
    page = chromium.window(browser)
    asked: list[str] = []
    page.route(
        "**/*",
        lambda route: (
            asked.append(route.request.url),
            route.continue_() if route.request.url.startswith("file:") else route.abort(),
        ),
    )
    page.goto(made.as_uri())
    page.evaluate(
        """() => { document.body.insertAdjacentHTML('beforeend',
        `<img src=x onerror="window.pwned=1"><img src="https://evil.example/p.png"><a id=j href="javascript:window.pwned=1">x</a>`);
        document.getElementById('j').click(); return fetch('https://evil.example/x').catch(() => 0); }"""
    )
    still(page)
    assert page.evaluate("window.pwned ?? null") is None
    assert [url for url in asked if "evil" in url] == []
    page.context.close()


def test_chart_works_in_the_frame_of_a_notebook(show: Open) -> None:
    """The frame may run scripts and nothing else: it has an origin of its own and cannot reach the notebook."""
    made = draw_chart(sample(30), **SHEET)
    notebook = show.folder / "notebook.html"  # type: ignore[attr-defined]
    trap = "<div id=chart><canvas width=400></canvas></div><script>document.getElementById('chart').chart = 1</script>"
    notebook.write_text(f"<!doctype html><meta charset=utf-8>{trap}{made._build_frame()}", encoding="utf-8")
    page = show.visit(notebook.as_uri())  # type: ignore[attr-defined]
    frame = page.frames[1]
    frame.wait_for_function("document.getElementById('chart')?.chart?.network")
    still(page)
    assert frame.evaluate(PIXELS)["share"] > 0.005
    assert (
        frame.evaluate("(() => { try { return parent.document.title; } catch (e) { return e.name; } })()")
        == "SecurityError"
    )
