"""Graphs that are too large to be drawn whole: communities first, neighbourhoods on request, all when asked."""

from __future__ import annotations

import networkx as nx
import pytest
from workbench_widgets.chart import LinkChart, linkchart
from workbench_widgets.chart.overview import MOST, Overview
from workbench_widgets.model import is_same_state

from tests.widgets.graphs import planted


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph:
    return planted(3_000)


@pytest.fixture
def chart(graph: nx.MultiDiGraph, monkeypatch: pytest.MonkeyPatch) -> LinkChart:
    monkeypatch.setattr(linkchart, "LARGE", 2_500)
    return LinkChart(graph, title="Large")


def test_every_node_is_in_one_community_and_every_link_is_counted(graph: nx.MultiDiGraph) -> None:
    many = Overview(graph)
    members = [one for name in many.graph for one in many._members[name]]
    assert sorted(members) == sorted(graph)
    assert sum(many.graph.nodes[name]["more"] for name in many.graph) == 3_000
    inside = sum(many._home[one] == many._home[other] for one, other in graph.edges())
    assert inside + sum(count for *_, count in many.graph.edges(data="count")) == graph.number_of_edges()
    assert Overview(graph).graph.nodes(data=True) == many.graph.nodes(data=True)


def test_a_large_chart_begins_with_its_communities(chart: LinkChart) -> None:
    assert 2 <= len(chart.graph) <= MOST
    assert {schema for _, schema in chart.graph.nodes(data="schema")} == {"Group"}
    assert chart.model.status.startswith("The chart shows 3,000 entities as ")
    assert "Community around " in chart.to_svg()


def test_expanding_a_community_brings_its_members_and_their_links(chart: LinkChart, graph: nx.MultiDiGraph) -> None:
    first = next(iter(chart.graph))
    size = chart.model.counts(first)[first]
    assert chart.model.expand(first, limit=20) == 20
    brought = [node for node in chart.graph if node in graph]
    assert len(brought) == 20
    assert chart.model.counts(first)[first] == size - 20
    least = min(graph.degree(node) for node in brought)
    community = chart.model.session.source._members[first]
    assert all(graph.degree(node) <= least for node in set(community) - set(brought))
    ties = [
        (one, other) for one, other, data in chart.graph.edges(data=True) if data["relation"] == "in this community"
    ]
    assert {frozenset(tie) for tie in ties} == {frozenset((node, first)) for node in brought}
    among = {frozenset(edge) for edge in chart.graph.edges() if set(edge) <= set(brought)}
    assert among == {frozenset(edge) for edge in graph.subgraph(brought).edges() if edge[0] != edge[1]}
    chart.model.undo()
    assert not any(node in graph for node in chart.graph)


def test_neighbourhood_search_and_details(chart: LinkChart, graph: nx.MultiDiGraph) -> None:
    assert chart.model.search("Person 0")[0] == ("n00000", "Person 0")
    chart.model.add("n00000")
    assert chart.model.expand("n00000", limit=500) == len(set(nx.all_neighbors(graph, "n00000")) - {"n00000"})
    assert chart.model.details("n00000")["schema"] == "Person"
    first = next(name for name in chart.graph if name not in graph)
    assert chart.model.details(first)["entities"].replace(",", "").isdecimal()


@pytest.mark.slow
def test_all_on_request_and_neighbourhood_on_request(graph: nx.MultiDiGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkchart, "LARGE", 2_500)
    places = {node: (0.0, float(at)) for at, node in enumerate(graph)}
    whole = LinkChart(graph, whole=True, places=places)
    assert len(whole.graph) == 3_000
    assert "3,000 entities are too many for one sheet of paper. The sheet shows them as" in whole.to_svg()
    assert whole.to_pdf("A3").startswith(b"%PDF")
    assert len(LinkChart(graph, shown=["n00001"]).graph) == 1


@pytest.mark.slow
def test_all_are_shown_by_a_command_that_can_be_undone_and_replayed(chart: LinkChart, graph: nx.MultiDiGraph) -> None:
    first, told = next(iter(chart.graph)), list[tuple[str, float]]()
    chart.model.session.tell = lambda said, share: told.append((said, share))
    assert chart.model.whole == 3_000
    chart.model.expand(first, limit=5)
    pinned = next(node for node in chart.graph if node in graph)
    chart.model.move({pinned: (12.0, 34.0)})
    assert chart.model.show_all() == 2_995
    assert set(chart.graph) == set(graph) and chart.graph.number_of_edges() == graph.number_of_edges()
    assert chart.model.places[pinned] == (12.0, 34.0) and len(set(chart.model.places.values())) == 3_000
    assert [share for _, share in told] == sorted(share for _, share in told) and "3,000" in told[0][0]
    after = chart.model.session.state
    chart.model.replay(chart.model.history)
    assert is_same_state(after, chart.model.session.state)
    chart.model.undo()
    assert first in chart.graph and len(chart.graph) < 400


def test_places_that_were_given_count_where_all_are_shown(
    graph: nx.MultiDiGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkchart, "LARGE", 2_500)
    places = {node: (0.0, float(at)) for at, node in enumerate(graph)}
    chart = LinkChart(graph, places=places)
    chart.model.show_all()
    assert chart.model.places == places


def test_all_are_offered_where_there_are_more() -> None:
    path = nx.path_graph(4)
    assert LinkChart(path).model.whole == 0
    some = LinkChart(path, shown=["0"]).model
    assert (some.whole, some.show_all()) == (4, 3)


def test_many_small_communities_are_one_and_names_do_not_clash() -> None:
    graph = nx.Graph([(f"a{at}", f"b{at}") for at in range(MOST + 50)])
    graph.add_node("community 1")
    many = Overview(graph)
    assert len(many.graph) == MOST
    assert not set(many.graph) & set(graph)
    assert any(str(caption).startswith("Smaller communities (") for _, caption in many.graph.nodes(data="caption"))
    assert len(Overview(nx.Graph()).graph) == 0
    numbers = Overview(nx.path_graph(30))
    assert set(numbers.build_subgraph(["3", "4"], [next(iter(numbers.graph))])) >= {"3", "4"}
