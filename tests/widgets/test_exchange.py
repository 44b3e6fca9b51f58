"""Charts for other programs and back."""

from __future__ import annotations

import io

import networkx as nx
import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_widgets.chart import LinkChart
from workbench_widgets.exchange import read_graphml, to_graphml
from workbench_widgets.exchange.xml_text import escape_text, unescape_text
from workbench_widgets.model import is_same_state

from tests.report.payloads import PAYLOADS
from tests.widgets.graphs import sample

ODD = [
    "",
    " ",
    "a\nb",
    "\r",
    "\x00\x07",
    "\ud83d",
    "⟨U+0041⟩",
    "⟨U+",
    "]]>",
    "&amp;<b>",
    "مرحبا",
    "👍🏽",
    "\ufffe",
    "\u202e",
    *PAYLOADS,
]
TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(ODD))
NAMES = st.sampled_from(
    ["caption", "schema", "mark", "count", "key", "id", "label", "x__json", "first", "größe", "a b"]
)
PLAIN = st.one_of(TEXTS, st.integers(-(2**70), 2**70), st.booleans(), st.floats(allow_nan=False), st.none())
VALUES = st.one_of(PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(TEXTS, PLAIN, max_size=2))
DATA = st.dictionaries(NAMES, VALUES, max_size=4)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    made = draw(st.sampled_from([nx.MultiDiGraph, nx.MultiGraph]))()
    made.graph.update(draw(DATA))
    for name in draw(st.lists(TEXTS, min_size=1, max_size=5, unique=True)):
        made.add_node(name)
        made.nodes[name].update(draw(DATA))
    ends = st.sampled_from(list(made))
    for key in draw(st.lists(st.one_of(st.integers(0, 5), TEXTS), max_size=5, unique_by=lambda one: (type(one), one))):
        one, other = draw(ends), draw(ends)
        new = made.add_edge(one, other, key=key)
        made.edges[one, other, new].update(draw(DATA))
    return made


def same(one: nx.Graph, other: nx.Graph) -> bool:
    edges = [sorted(((*edge[:2], repr(edge[2])) for edge in graph.edges(keys=True)), key=str) for graph in (one, other)]
    told = all(one.edges[edge] == other.edges[edge] for edge in one.edges(keys=True)) if one.is_directed() else True
    return (
        type(one) is type(other)
        and dict(one.nodes(data=True)) == dict(other.nodes(data=True))
        and one.graph == other.graph
        and told
        and (edges[0] == edges[1] or not one.is_directed())
    )


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_a_graph_comes_back_from_graphml(graph: nx.Graph) -> None:
    places = {name: (1.5 * at, -2.0) for at, name in enumerate(graph)}
    found = read_graphml(to_graphml(graph, places))
    assert same(found.graph, graph)
    assert found.places == places


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_spelling_is_undone(text: str) -> None:
    assert unescape_text(escape_text(text)) == text


def test_other_programs_read_texts_numbers_and_truths() -> None:
    graph = nx.MultiDiGraph(case="HB")
    graph.add_node("a", caption="Ann", seen=np.int64(3), custodian=True)
    graph.add_edge("a", "b", key="k", relation="contacted", count=2, kinds=["Message"])
    plain = nx.read_graphml(
        io.BytesIO(to_graphml(graph, {"a": (1.0, 2.0)}, {"mark": "RESTRICTED"})), force_multigraph=True
    )
    assert plain.nodes["a"] == {"caption": "Ann", "seen": 3, "custodian": True, "x": 1.0, "y": 2.0}
    assert plain.graph["mark"] == "RESTRICTED"
    edge = next(iter(plain.edges(data=True)))[2]
    assert edge == {"key": "k", "relation": "contacted", "count": 2, "kinds__json": '["Message"]'}


def test_what_is_no_graphml_is_told() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><graphml xmlns="http://graphml.graphdrawing.org/xmlns"/>'
    for data, said in (
        (b"no xml", "cannot be read as GraphML"),
        (bomb, "document type|entities|declares"),
        (b"<a/>", "does not contain a graph"),
    ):
        with pytest.raises(ValueError, match=said):
            read_graphml(data)
    with pytest.raises(ValueError, match="same text as their id"):
        to_graphml(nx.Graph([(1, "1")]))


def worked() -> LinkChart:
    graph = sample(25)
    graph.nodes["n0003"].update(caption=PAYLOADS[0], grade="B2", first="2024-05-06")
    chart = LinkChart(graph, title="Harbour <b>", mark="EXERCISE", as_at="2024-06-01 10:30")
    chart.model.group("n0001", "n0002", label="Crew")
    chart.model.group("n0005", "n0006", label="Yard")
    chart.model.open_group("group:2")
    chart.model.note("A text\nof two lines & more", 40, -60)
    chart.model.pin("n0004")
    chart.model.dismiss("n0010")
    chart.model.select()
    return chart


def test_a_chart_comes_back_as_it_was_left() -> None:
    chart = worked()
    again = LinkChart.from_graphml(chart.to_graphml())
    assert again.to_graphml() == chart.to_graphml()
    assert (again.model.title, again.model.mark, again.model.as_at) == (
        chart.model.title,
        chart.model.mark,
        chart.model.as_at,
    )
    assert again.to_svg() == chart.to_svg()
    assert nx.utils.graphs_equal(_bare(again.graph), _bare(chart.graph))
    once_more = LinkChart.from_graphml(again.to_graphml())
    assert is_same_state(once_more.model.session.state, again.model.session.state)


def _bare(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Without the numbers of the rows of the links."""
    made = nx.MultiDiGraph()
    made.add_nodes_from(sorted(graph.nodes(data=True), key=lambda one: one[0]))
    for source, target, data in sorted(graph.edges(data=True), key=repr):
        made.add_edge(source, target, **data)
    return made


def test_every_attribute_of_the_source_is_in_the_graphml() -> None:
    found = read_graphml(worked().to_graphml()).graph
    original = sample(25)
    assert found.nodes["n0007"]["mentions"] == original.nodes["n0007"]["mentions"]
    assert found.nodes["n0003"]["grade"] == "B2"
    edge = next(iter(found.edges(keys=True)))
    assert found.edges[edge]["kinds"] == ["Message"]
    assert edge in original.edges(keys=True)
    assert "n0010" not in found


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_texts_are_texts_in_every_format(text: str) -> None:
    graph, node = nx.MultiDiGraph(), text.encode("utf-8", "replace").decode()  # an id has no half characters
    graph.add_node(node, caption=text, schema="Person", grade=text, first=text, mark=text)
    graph.add_edge(node, "b", relation=text, first=text, mark=text)
    chart = LinkChart(graph, title=text, mark=text, as_at=text)
    chart.model.note(text, 0, 0)
    root = fromstring(chart.to_anx())
    assert len(list(root.iter("ChartItem"))) == 4 if text.strip() else 3
    again = LinkChart.from_graphml(chart.to_graphml())
    assert set(again.graph) == {node, "b"}
    assert again.graph.nodes[node]["caption"] == chart.graph.nodes[node]["caption"]
