"""Betweenness, communities and ranks: the same answers as networkx, within the error that is stated."""

import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.graphs import planted
from workbench import graph as room
from workbench.graph import betweenness, measures
from workbench.graph.betweenness import compute_betweenness, compute_exact_betweenness, estimate_betweenness
from workbench.graph.contact_arrays import Contacts, list_contacts

SMALL = {
    "karate": nx.karate_club_graph,
    "les misérables": nx.les_miserables_graph,
    "two parts": lambda: nx.disjoint_union(nx.star_graph(6), nx.cycle_graph(21)),
    "grid": lambda: nx.convert_node_labels_to_integers(nx.grid_2d_graph(6, 9)),
    "chain": lambda: nx.path_graph(40),
    "random": lambda: nx.gnm_random_graph(300, 900, seed=1),
    "few leaders": lambda: nx.barabasi_albert_graph(600, 3, seed=1),
    "planted": lambda: nx.planted_partition_graph(12, 40, 0.2, 0.01, seed=1),
    "contacts": lambda: nx.convert_node_labels_to_integers(nx.Graph(planted(1_500)), label_attribute="id"),
}


def contacted(simple: nx.Graph) -> nx.MultiDiGraph:
    """A graph of contacts with the links of a simple one, which occur as often as their weight."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(f"n{node:05}" for node in simple)
    for a, b, data in simple.edges(data=True):
        graph.add_edge(f"n{a:05}", f"n{b:05}", relation="contacted", layer="received", count=int(data.get("weight", 1)))
    return graph


def shuffled(graph: nx.MultiDiGraph, seed: int) -> nx.MultiDiGraph:
    """The same with nodes, edges and their ends added in another order."""
    chance, mixed = random.Random(seed), nx.MultiDiGraph()
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    mixed.add_nodes_from(chance.sample(nodes, len(nodes)))
    for a, b, data in chance.sample(edges, len(edges)):
        mixed.add_edge(*((a, b) if chance.random() < 0.5 else (b, a)), **data)
    return mixed


def reference(contacts: Contacts) -> np.ndarray:
    """Betweenness as networkx computes it."""
    simple = nx.Graph()
    simple.add_nodes_from(range(len(contacts.nodes)))
    simple.add_edges_from(zip(contacts.first.tolist(), contacts.second.tolist(), strict=True))
    found = nx.betweenness_centrality(simple)
    return np.array([found[number] for number in range(len(contacts.nodes))])


@pytest.mark.parametrize("name", ["karate", "les misérables", "two parts", "grid", "chain"])
def test_exact_betweenness_and_an_estimate_from_all_entities_are_those_of_networkx(name: str) -> None:
    contacts = list_contacts(contacted(SMALL[name]()))
    truth, exact = reference(contacts), compute_betweenness(contacts)
    assert not exact.sample
    assert not exact.error.any()
    np.testing.assert_allclose(exact.share, truth, atol=1e-11)
    everybody = estimate_betweenness(contacts, sample=len(contacts.nodes))
    np.testing.assert_allclose(everybody.share, truth, atol=1e-11)
    assert not everybody.error.any()


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 30), st.integers(0, 80), st.integers(0, 10**6))
def test_any_graph_has_the_betweenness_of_networkx(nodes: int, links: int, seed: int) -> None:
    contacts = list_contacts(contacted(nx.gnm_random_graph(nodes, links, seed=seed)))
    truth = reference(contacts)
    np.testing.assert_allclose(compute_exact_betweenness(contacts).share, truth, atol=1e-11)
    np.testing.assert_allclose(estimate_betweenness(contacts, sample=nodes).share, truth, atol=1e-11)


def test_a_sample_counted_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    contacts = list_contacts(contacted(SMALL["random"]()))
    whole = estimate_betweenness(contacts, sample=50)
    monkeypatch.setattr(betweenness, "BATCH", 20_000)
    parts = estimate_betweenness(contacts, sample=50)
    np.testing.assert_allclose(parts.share, whole.share, atol=1e-11)
    np.testing.assert_allclose(parts.error, whole.error, atol=1e-11)


def test_the_mean_of_all_samples_is_the_exact_figure() -> None:
    contacts = list_contacts(contacted(SMALL["karate"]()))
    found = np.array([estimate_betweenness(contacts, seed, sample=8).share for seed in range(400)])
    deviation = np.abs(found.mean(axis=0) - reference(contacts))
    assert (deviation <= 4 * found.std(axis=0) / 20 + 1e-9).all()


@pytest.mark.parametrize("name", ["few leaders", "contacts", "planted"])
def test_95_of_100_entities_are_within_two_standard_errors(name: str) -> None:
    contacts = list_contacts(contacted(SMALL[name]())).drop_isolated()
    truth = compute_exact_betweenness(contacts).share
    within = []
    for seed in range(20):
        found = estimate_betweenness(contacts, seed, sample=100)
        within.append(np.abs(found.share - truth) <= 2 * found.error + 1e-12)
    assert np.mean(within) >= 0.95
    leading = np.argsort(-truth)[:10]
    assert np.mean([one[leading] for one in within]) >= 0.95


def test_the_error_of_an_estimate_is_half_that_of_networkx_or_less() -> None:
    contacts = list_contacts(contacted(SMALL["contacts"]())).drop_isolated()
    simple = nx.Graph(zip(contacts.first.tolist(), contacts.second.tolist(), strict=True))
    truth = compute_exact_betweenness(contacts).share
    leading = np.argsort(-truth)[:50]
    ours, theirs = [], []
    for seed in range(3):
        sampled = nx.betweenness_centrality(simple, k=100, seed=seed)
        there = np.array([sampled[number] for number in leading.tolist()])
        ours.append(np.abs(estimate_betweenness(contacts, seed, sample=100).share[leading] / truth[leading] - 1))
        theirs.append(np.abs(there / truth[leading] - 1))
    assert np.mean(ours) < np.mean(theirs) / 2


@pytest.mark.parametrize("name", sorted(SMALL))
def test_communities_are_at_least_as_good_as_those_of_louvain(name: str) -> None:
    simple = SMALL[name]()
    found = room.find_communities(contacted(simple))
    parts = [{node for node in simple if found[f"n{node:05}"] == number} for number in set(found.values())]
    ours = nx.community.modularity(simple, parts)
    theirs = nx.community.modularity(simple, nx.community.louvain_communities(simple, seed=1))
    assert ours >= theirs - 0.01
    assert all(nx.is_connected(simple.subgraph(part)) for part in parts)


def test_communities_are_numbered_by_size_and_the_same_each_run() -> None:
    graph = nx.MultiDiGraph()
    for name, size in (("x", 6), ("y", 4)):
        for a in range(size):
            for b in range(a):
                graph.add_edge(f"{name}{a}", f"{name}{b}", layer="received", count=1)
    graph.add_edge("x0", "y0", layer="received", count=1)
    graph.add_nodes_from(["alone", "apart"])
    found = room.find_communities(graph)
    assert {found[f"x{i}"] for i in range(6)} == {1}
    assert {found[f"y{i}"] for i in range(4)} == {2}
    assert (found["alone"], found["apart"]) == (3, 4)
    assert found == room.find_communities(graph)
    assert room.find_communities(nx.MultiDiGraph()) == {}


def test_communities_follow_how_often_a_link_occurs() -> None:
    graph = nx.MultiDiGraph()
    for a, b, count in (("a", "b", 90), ("c", "d", 90), ("a", "c", 1), ("b", "d", 1), ("a", "d", 1), ("b", "c", 1)):
        graph.add_edge(a, b, layer="received", count=count)
    assert room.find_communities(graph) == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize("cost", [0, betweenness.COST])
def test_the_order_of_nodes_and_edges_changes_nothing(cost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(betweenness, "COST", cost)
    graph = contacted(SMALL["few leaders"]())
    frame, groups = room.build_ranking(graph), room.find_communities(graph)
    assert bool(cost) == (not frame["betweenness_error"].any())
    for seed in range(3):
        mixed = shuffled(graph, seed)
        assert room.build_ranking(mixed).equals(frame)
        assert room.find_communities(mixed) == groups


def test_a_large_graph_is_sampled_and_ranks_that_overlap_are_tied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(betweenness, "COST", 0)
    frame = room.build_ranking(contacted(SMALL["contacts"]()))
    assert frame.attrs["method"].startswith("Betweenness is estimated from the shortest paths of 200 of ")
    assert frame["betweenness"].between(0, 1).all()
    lower = (frame["betweenness"] - 2 * frame["betweenness_error"]).to_numpy()
    upper = (frame["betweenness"] + 2 * frame["betweenness_error"]).to_numpy()
    assert frame["rank"].tolist() == [1 + int((lower > bound).sum()) for bound in upper]
    assert frame["rank"].is_monotonic_increasing
    assert frame["rank"].duplicated().any()
    assert frame["rank"].nunique() > len(frame) / 4
    by_degree = room.build_ranking(contacted(SMALL["contacts"]()), by="degree")
    same = by_degree.groupby(["degree", "contacts"])["rank"].nunique()
    assert (same == 1).all()


def test_a_chain_of_overlaps_does_not_tie_its_ends() -> None:
    frame = room.build_ranking(contacted(nx.path_graph(4)))
    frame = frame.assign(betweenness=[0.9, 0.7, 0.5, 0.3], betweenness_error=[0.06, 0.06, 0.06, 0.06])
    assert measures._rank_by_bounds(frame).tolist() == [1, 1, 2, 3]


@pytest.mark.slow
def test_a_graph_too_large_for_exact_figures_is_estimated() -> None:
    contacts = list_contacts(contacted(nx.path_graph(9_000)))
    assert len(contacts.nodes) * (len(contacts.nodes) + len(contacts.first)) > betweenness.COST
    found = compute_betweenness(contacts)
    place = np.arange(9_000)
    truth = 2 * place * (8_999 - place) / (8_999 * 8_998)
    assert found.sample == betweenness.SAMPLE
    assert np.mean(np.abs(found.share - truth) <= 2 * found.error + 1e-12) > 0.9


def test_contacts_of_a_graph_are_one_column_each() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("bank", service=True)
    for a, b, layer, count in (
        ("b", "a", "received", 2),
        ("a", "b", "suggested", 3),
        ("c", "b", "suggested", 1),
        ("a", "bank", "received", 9),
        ("c", "c", "received", 4),
    ):
        graph.add_edge(a, b, relation="called", layer=layer, count=count)
    found = list_contacts(graph)
    assert found.nodes == ["a", "b", "c"]
    assert [column.tolist() for column in (found.first, found.second, found.weight, found.confirmed)] == [
        [0, 1],
        [1, 2],
        [5, 1],
        [True, False],
    ]
    assert list_contacts(graph, suggested=False).weight.tolist() == [2]
    assert list_contacts(graph, services=True).weight.tolist() == [5, 9, 1]
    assert not len(list_contacts(graph, relations={"paid"}).first)
    assert list_contacts(graph, suggested=False).drop_isolated().nodes == ["a", "b"]
    simple = room.build_contact_graph(graph)
    assert simple.edges["a", "b"] == {"weight": 5, "confirmed": True}
