"""Graphs out: networkx reads back what was written, whatever stands in a text."""

from __future__ import annotations

import io
import json

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.payloads import PAYLOADS
from workbench.errors import CaseError
from workbench.report.exports import About, unescape_unseen
from workbench.report.exports.graphs import to_gexf, to_graphml, to_node_link

ABOUT = About(title="Harbour", mark="EXERCISE – FOR TRAINING ONLY")
TEXTS = st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=8))
VALUES = {
    "count": st.integers(0, 99),
    "layer": st.sampled_from(["received", "suggested"]),
    "directed": st.booleans(),
}
WRITERS = pytest.mark.parametrize("write", [to_graphml, to_gexf, to_node_link])


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    nodes = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=5, unique=True))
    for node in nodes:
        made.add_node(node, **draw(st.fixed_dictionaries({"caption": TEXTS}, optional=VALUES)))
    ends = st.sampled_from(nodes)
    for _ in range(draw(st.integers(0, 5))):
        relation = draw(TEXTS)
        said = draw(st.fixed_dictionaries({"relation": st.just(relation)}, optional=VALUES))
        made.add_edge(draw(ends), draw(ends), key=f"{relation}|received", **said)
    return made


def back(data: bytes) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(data), force_multigraph=True)


def plain(data: dict[str, object], *without: str) -> dict[str, object]:
    return {
        name: unescape_unseen(value) if isinstance(value, str) else value
        for name, value in data.items()
        if name not in without
    }


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(graphs())
def test_graphml_comes_back(graph: nx.MultiDiGraph) -> None:
    found = back(to_graphml(graph, ABOUT))
    assert found.graph["mark"] == ABOUT.mark
    assert {unescape_unseen(node): plain(data) for node, data in found.nodes(data=True)} == dict(graph.nodes(data=True))
    edges = [(unescape_unseen(a), unescape_unseen(b), plain(data, "id")) for a, b, data in found.edges(data=True)]
    wanted = [(a, b, {**data, "key": key}) for a, b, key, data in graph.edges(keys=True, data=True)]
    order = lambda edge: (edge[0], edge[1], str(sorted(edge[2].items())))  # noqa: E731
    assert sorted(edges, key=order) == sorted(wanted, key=order)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_gexf_comes_back(graph: nx.MultiDiGraph) -> None:
    found = nx.read_gexf(io.BytesIO(to_gexf(graph, ABOUT)))
    assert {unescape_unseen(node): plain(data, "mark", "label") for node, data in found.nodes(data=True)} == dict(
        graph.nodes(data=True)
    )
    assert {unescape_unseen(data["label"]) for _, data in found.nodes(data=True)} == {
        data["caption"] for _, data in graph.nodes(data=True)
    }
    ends = sorted(
        (unescape_unseen(a), unescape_unseen(b), unescape_unseen(data["relation"]))
        for a, b, data in found.edges(data=True)
    )
    assert ends == sorted((a, b, data["relation"]) for a, b, data in graph.edges(data=True))


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_node_link_comes_back(graph: nx.MultiDiGraph) -> None:
    data = json.loads(to_node_link(graph, ABOUT))
    assert data["graph"]["mark"] == ABOUT.mark
    found = nx.node_link_graph(data, edges="edges")
    assert dict(found.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(found.edges(keys=True, data=True), key=str) == sorted(graph.edges(keys=True, data=True), key=str)


@WRITERS
def test_attributes_that_no_format_carries_are_flattened(write: object) -> None:
    graph = nx.MultiDiGraph(loops=np.int64(2), nothing=None)
    graph.add_node(
        "a",
        accounts=["x", "y"],
        start="2024-01-01",
        viz="v",
        mixed=1,
        far=2**70,
        gone=float("nan"),
        endless=float("inf"),
    )
    graph.add_node("b", mixed="text", accounts=[], when={"first": "2024"})
    graph.add_edge("a", "b", key="called|received", kinds=["Call"], id="own", type="t", weight=3)
    graph.add_edge("a", "b", key="paid|received", kinds=[], first="2024-01-01", count=2)
    data = write(graph, ABOUT)  # type: ignore[operator]
    assert write(graph, ABOUT) == data  # type: ignore[operator]
    assert graph.graph == {"loops": 2, "nothing": None}
    if write is to_node_link:
        assert json.loads(data)["nodes"][0]["accounts"] == ["x", "y"]
        return
    found = back(data) if write is to_graphml else nx.read_gexf(io.BytesIO(data))
    assert found.nodes["a"]["accounts"] == '["x", "y"]'
    assert (found.nodes["a"]["mixed"], found.nodes["a"]["far"]) == ("1", str(2**70))
    assert found.number_of_edges() == 2


def test_graphs_of_every_kind() -> None:
    for kind in (nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph):
        graph = kind([(1, 2), (2, 3)])
        assert back(to_graphml(graph, ABOUT)).number_of_edges() == 2
        assert nx.read_gexf(io.BytesIO(to_gexf(graph, ABOUT))).number_of_edges() == 2
        assert nx.node_link_graph(json.loads(to_node_link(graph, ABOUT)), edges="edges").number_of_nodes() == 3


@pytest.mark.parametrize("write", [to_graphml, to_gexf])
def test_nodes_that_are_written_alike_are_refused(write: object) -> None:
    with pytest.raises(CaseError, match="Two nodes of the graph have the name '1'"):
        write(nx.Graph([(1, "1")]), ABOUT)  # type: ignore[operator]


@WRITERS
def test_nothing_in_the_file_tells_when_it_was_made(write: object) -> None:
    data = write(nx.path_graph(3), ABOUT).decode()  # type: ignore[operator]
    assert "lastmodified" not in data
    assert ABOUT.mark in data or ABOUT.mark.replace("–", "&#8211;") in data
