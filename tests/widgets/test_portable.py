"""The portable chart and its static twin, without a browser."""

import base64
import hashlib
import itertools
import json
import re
from urllib.parse import unquote

import networkx as nx
import pytest
from defusedxml.ElementTree import fromstring
from workbench_widgets.layout import Box, arrange_organic, compute_text_width
from workbench_widgets.portable import build_chart_page, draw_svg
from workbench_widgets.portable.drawing import build_picture
from workbench_widgets.portable.icons import ICONS

from tests.widgets.graphs import evidence, sample
from workbench.errors import WorkbenchError
from workbench.report.static_chart import rewrite_chart
from workbench.views.chart import PortableChart, draw_chart

SHEET = {"title": "Harbour", "mark": "EXERCISE – FOR TRAINING", "as_at": "2024-06-01", "note": "Note."}
HOSTILE = '</script></svg><img src=x onerror="boom()">&\x00\x0b\ud83d'


def hostile() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for node in ("__proto__", "constructor", HOSTILE):
        graph.add_node(node, caption=f"{node} {HOSTILE}", schema=HOSTILE, accounts=[HOSTILE], layer=HOSTILE)
    graph.add_edge("__proto__", HOSTILE, relation=HOSTILE, layer="received", count=3, first=HOSTILE)
    return graph


def page(graph: nx.MultiDiGraph, **more: object) -> str:
    return build_chart_page(graph, arrange_organic(graph), **{**SHEET, **more})  # type: ignore[arg-type]


def test_same_input_same_bytes() -> None:
    graph = sample(40)
    mixed = nx.MultiDiGraph()
    mixed.add_nodes_from(reversed(list(graph.nodes(data=True))))
    mixed.add_edges_from(reversed(list(graph.edges(data=True, keys=True))))
    assert page(graph, evidence=evidence(graph)) == page(mixed, evidence=evidence(mixed))
    assert draw_svg(graph, arrange_organic(graph), **SHEET) == draw_svg(mixed, arrange_organic(mixed), **SHEET)


def test_policy_names_the_hash_of_every_script_and_style() -> None:
    text = page(sample(5))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    assert allowed.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in allowed
    blocks = re.findall(r"<(script|style)>(.*?)</\1>", text, re.DOTALL)
    assert len(blocks) == 5
    for _, content in blocks:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in allowed


def test_no_address_of_a_network() -> None:
    own = re.sub(r"<script>/\*\*\n \* vis-network.*?</script>", "", page(sample(30)), flags=re.DOTALL)
    assert set(re.findall(r"https?://[^\s\"'<)]+", unquote(own))) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|iframe|object|embed)\b|@import|url\(", own)


def test_data_stay_data() -> None:
    graph = hostile()
    edge = next(iter(graph.edges(keys=True)))
    text = page(
        graph,
        title=HOSTILE,
        mark=HOSTILE,
        note=HOSTILE,
        as_at=HOSTILE,
        evidence={edge: [{"text": HOSTILE, "traces": [HOSTILE]}]},
    )
    text.encode()
    assert text.count("<script") == page(sample(2)).count("<script")
    assert "<img src=x" not in text
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert block
    facts = json.loads(block[1])["facts"]
    assert facts["cards"][0]["text"].startswith('</script></svg><img src=x onerror="boom()">&')
    assert len(facts["nodes"]) == 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_static_twin_is_xml_that_a_report_takes(theme: str) -> None:
    for graph in (sample(30), hostile(), nx.MultiDiGraph()):
        drawn = draw_svg(graph, arrange_organic(graph), **{**SHEET, "title": HOSTILE}, theme=theme)  # type: ignore[arg-type]
        assert fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
        assert "<text" in rewrite_chart(drawn)
        assert not re.search(r"<(script|img|image|foreignObject|style)\b|\bon\w+=\"", drawn)


def test_twin_shows_dashes_rings_arrows_counts_and_every_label() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", caption="Ann", schema="Person", custodian=True)
    graph.add_node("b", caption="Bob", schema="Person")
    graph.add_edge("a", "b", relation="contacted", layer="received", count=12, directed=True)
    solid = draw_svg(graph, arrange_organic(graph), **SHEET)
    assert "×12" in solid
    assert "Ann" in solid
    assert "Phone examined: the data of this entity was collected" in solid
    assert "Suggested, not confirmed" not in solid
    graph.add_edge("a", "b", relation="named with", layer="suggested", directed=False)
    assert draw_svg(graph, arrange_organic(graph), **SHEET).count("Suggested, not confirmed") == 1
    drawn = draw_svg(sample(80), arrange_organic(sample(80)), **SHEET)
    for node, name in sample(80).nodes(data="caption"):
        assert name[:8].replace("&", "&amp;") in drawn, node


@pytest.mark.parametrize("count", [30, 80, 300])
def test_words_of_the_twin_do_not_overlap(count: int) -> None:
    """Measured on what is written: place and size of every label and every count."""
    graph = sample(count)
    drawn = fromstring(draw_svg(graph, arrange_organic(graph), **SHEET))
    spaces = "{http://www.w3.org/2000/svg}"
    texts = [text for text in drawn.iter(f"{spaces}text") if text.get("text-anchor") == "middle" and len(text)]
    boxes = [box for text in texts for box in [_box(float(text.get("font-size")), list(text))]]
    assert len(boxes) >= count * 0.6
    assert [(a, b) for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)] == []


def _box(size: float, rows: list[object]) -> Box:
    half = max(compute_text_width(row.text, size) for row in rows) / 2
    x, top, bottom = (
        float(rows[0].get("x")),
        float(rows[0].get("y")) - size * 0.8,
        float(rows[-1].get("y")) + size * 0.1,
    )
    return Box(x - half, top, x + half, bottom)


def test_lines_of_both_directions_are_one_with_two_arrows() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge(
        "b", "a", key="x", relation="contacted", layer="received", count=2, first="2024-01-02", last="2024-01-03"
    )
    graph.add_edge(
        "a", "b", key="x", relation="contacted", layer="received", count=5, first="2024-01-01", last="2024-01-02"
    )
    graph.add_edge("a", "b", key="y", relation="names", layer="suggested", count=1)
    lines = build_picture(graph, {"a": (0, 0), "b": (9, 9)}).lines
    assert [(line.relation, line.there, line.back, line.is_suggested) for line in lines] == [
        ("contacted", 5, 2, False),
        ("names", 1, 0, True),
    ]
    assert (lines[0].first, lines[0].last) == ("2024-01-01", "2024-01-03")
    assert lines[0].bend == -lines[1].bend != 0


def test_marks_count_as_a_browser_counts() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", key="k", relation="contacted")
    text = page(graph, evidence={("a", "b", "k"): [{"text": "👍 Jonas", "marks": [(2, 7), (3, 5), (90, 95), "x"]}]})
    assert '"marks": [[3, 8]]' in text


def test_limits_are_told() -> None:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(str(i) for i in range(2_001))
    with pytest.raises(ValueError, match="2,001 entities; a portable chart takes at most 2,000"):
        build_chart_page(graph, dict.fromkeys(graph, (0.0, 0.0)), title="")
    with pytest.raises(WorkbenchError, match=r"2,001 entities\. A chart can show at most 2,000\."):
        draw_chart(graph)
    with pytest.raises(ValueError, match="1 entities have no position, the first is 'a'"):
        draw_svg(nx.MultiDiGraph([("a", "a")]), {}, title="")
    with pytest.raises(ValueError, match="not a position on a chart"):
        draw_svg(nx.MultiDiGraph([("a", "a")]), {"a": (float("nan"), 0.0)}, title="")


def test_every_icon_is_drawn() -> None:
    graph = nx.MultiDiGraph()
    for schema in [*ICONS, "SomethingElse", ""]:
        graph.add_node(schema or "none", schema=schema)
    drawn = draw_svg(graph, arrange_organic(graph), **SHEET)
    assert drawn.count("<symbol") == len(ICONS) + 1
    assert "Something Else" in drawn


def test_chart_shows_itself_three_ways_and_saves(tmp_path: object) -> None:
    graph = sample(12)
    made = draw_chart(graph, evidence(graph), **SHEET)
    assert isinstance(made, PortableChart)
    bundle = made._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["text/html"].startswith('<iframe title="Link chart Harbour" sandbox="allow-scripts"')
    assert "<script" not in bundle["text/html"]
    assert bundle["text/plain"].startswith("Link chart 'Harbour': 12 entities")
    assert made.save(tmp_path / "c.html").read_text(encoding="utf-8") == made.html  # type: ignore[operator]
    assert made.save(tmp_path / "c.svg").read_text(encoding="utf-8") == made.svg  # type: ignore[operator]
    assert made.save(tmp_path / "c.pdf", paper="A4").read_bytes().startswith(b"%PDF")  # type: ignore[operator]
    assert made.save(tmp_path / "c.png", width=400).read_bytes().startswith(b"\x89PNG")  # type: ignore[operator]
    again = draw_chart(graph, positions=made.positions)
    assert again.positions == made.positions
