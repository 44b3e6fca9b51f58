"""Every layout on every odd graph: all nodes, finite, apart, the same each time; and what each is for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from workbench_widgets.layout import (
    KINDS,
    arrange_circular,
    arrange_groups,
    arrange_hierarchy,
    arrange_organic,
    build_time_lanes,
    compute_boxes,
    compute_positions,
    find_communities,
)
from workbench_widgets.layout import graph_arrays as networks
from workbench_widgets.layout.communities import _find_louvain_communities
from workbench_widgets.layout.peacock import find_hubs

from tests.cost import within
from tests.widgets.graphs import planted, sample

Places = dict[str, tuple[float, float]]


def named(graph: nx.Graph) -> nx.Graph:
    return nx.relabel_nodes(graph, lambda node: f"Person {node}")


def pairs(count: int) -> nx.Graph:
    graph = nx.Graph()
    graph.add_edges_from((2 * i, 2 * i + 1) for i in range(count))
    return graph


ODD: dict[str, Callable[[], nx.Graph]] = {
    "empty": nx.Graph,
    "single": lambda: nx.empty_graph(1),
    "isolated": lambda: nx.empty_graph(50),
    "star": lambda: nx.star_graph(200),
    "chain": lambda: nx.path_graph(60),
    "clique": lambda: nx.complete_graph(40),
    "pairs": lambda: pairs(100),
    "ring": lambda: nx.cycle_graph(30),
    "tree": lambda: nx.balanced_tree(3, 4),
    "loops": lambda: nx.MultiDiGraph([(0, 0), (0, 1), (0, 1), (1, 0), (1, 2), (2, 2), (3, 3)]),
    "mixed": lambda: nx.disjoint_union_all(
        [nx.star_graph(30), nx.path_graph(9), nx.complete_graph(6), nx.empty_graph(40)]
    ),
    "directed": lambda: nx.gnp_random_graph(60, 0.05, seed=3, directed=True),
    "random": lambda: nx.gnm_random_graph(300, 700, seed=3),
}


def clashes(graph: nx.Graph, places: Places) -> int:
    rooms = list(compute_boxes(graph, places).values())
    middle = np.array([((room.left + room.right) / 2, (room.top + room.bottom) / 2) for room in rooms])
    reach = max((math.hypot(room.right - room.left, room.bottom - room.top) for room in rooms), default=1.0)
    near = cKDTree(middle).query_pairs(reach) if len(rooms) > 1 else []
    return sum(rooms[a].overlaps(rooms[b]) for a, b in near)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ODD)
def test_every_layout_takes_every_graph(kind: str, name: str) -> None:
    graph = named(ODD[name]())
    places = compute_positions(graph, kind)
    assert list(places) == list(graph)
    assert all(math.isfinite(value) for place in places.values() for value in place)
    assert clashes(graph, places) == 0
    assert compute_positions(graph, kind) == places


@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_is_the_same_whatever_the_order(kind: str) -> None:
    graph, mixed = sample(180), nx.MultiDiGraph()
    mixed.add_nodes_from(reversed(list(graph.nodes(data=True))))
    mixed.add_edges_from(reversed(list(graph.edges(data=True, keys=True))))
    assert compute_positions(mixed, kind) == compute_positions(graph, kind)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30),
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
)
def test_any_small_graph_has_places_without_overlap(
    count: int, ends: list[tuple[int, int]], kind: str, ways: bool
) -> None:
    graph = nx.MultiDiGraph() if ways else nx.MultiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((a, b) for a, b in ends if a < count and b < count)
    places = compute_positions(named(graph), kind)
    assert len(places) == count
    assert clashes(named(graph), places) == 0


def test_a_layout_that_there_is_not_names_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no layout 'spring'\. Choose one of: organic, grouped"):
        compute_positions(nx.path_graph(3), "spring")


def test_numbers_of_links_that_are_none_count_once() -> None:
    graph = nx.MultiDiGraph()
    for number, count in enumerate((None, "many", float("nan"), -3, float("inf"), 4)):
        graph.add_edge("a", f"b{number}", count=count)
    _, found = networks.read_graph(graph)
    assert found.weight.tolist() == pytest.approx([1 + math.log1p(1)] * 5 + [1 + math.log1p(4)])


def share(graph: nx.Graph, places: Places) -> float:
    """Share of the ten nearest nodes on the chart that are in the same planted community."""
    home = np.array([graph.nodes[node]["community"] for node in places])
    _, near = cKDTree(np.array(list(places.values()))).query(list(places.values()), 11)
    return float((home[near[:, 1:]] == home[:, None]).mean())


def test_planted_communities_lie_together_and_labels_apart() -> None:
    graph = planted(3_000)
    places: Places = {}
    within(6, lambda: places.update(arrange_organic(graph)))  # alone on a machine: under 1
    assert share(graph, places) > 0.75
    assert clashes(graph, places) == 0


def test_communities_by_either_way() -> None:
    graph = nx.Graph(nx.ring_of_cliques(12, 8))
    _, found = networks.read_graph(graph)
    for label in (find_communities(found), _find_louvain_communities(found, 1, 1.0)):
        assert len(set(label.tolist())) == 12
        clique = np.array([int(node) // 8 for node in sorted(graph, key=str)])
        assert all(len(set(label[clique == one].tolist())) == 1 for one in range(12))


def test_nodes_without_links_stand_in_rows_by_name() -> None:
    graph = named(nx.empty_graph(40))
    nx.add_path(graph, "xyz")
    places = arrange_organic(graph)
    down = sorted({y for node, (_, y) in places.items() if node.startswith("Person")})
    across = sorted({x for node, (x, _) in places.items() if node.startswith("Person")})
    assert len(down) * len(across) < 55


def test_a_long_chain_winds() -> None:
    graph = named(nx.path_graph(60))
    rooms = list(compute_boxes(graph, arrange_organic(graph)).values())
    width = max(room.right for room in rooms) - min(room.left for room in rooms)
    height = max(room.bottom for room in rooms) - min(room.top for room in rooms)
    assert 0.8 < width / height < 2.5


def test_links_of_a_hierarchy_lead_down_and_a_tree_has_no_crossing() -> None:
    tree = nx.DiGraph(nx.bfs_tree(nx.balanced_tree(3, 3), 0))
    places = arrange_hierarchy(tree)
    assert all(places[a][1] < places[b][1] for a, b in tree.edges)
    lines = [(places[a], places[b]) for a, b in tree.edges]
    crossings = sum(cross(*one, *two) for one, two in itertools.combinations(lines, 2))
    assert crossings <= 1, "there is an order without one; sifting comes near it"


def test_a_circle_of_links_turns_few_of_them() -> None:
    graph = nx.DiGraph([(i, (i + 1) % 9) for i in range(9)])
    places = arrange_hierarchy(graph)
    assert sum(places[a][1] >= places[b][1] for a, b in graph.edges) == 1


def test_a_hierarchy_has_fewer_crossings_than_chance() -> None:
    rng = np.random.default_rng(4)
    graph = nx.DiGraph()
    graph.add_edges_from((f"a{i}", f"b{j}") for i in range(20) for j in {i, (i + 1) % 20})
    shuffled = nx.relabel_nodes(graph, dict(zip(graph, rng.permutation(list(graph)).tolist(), strict=True)))
    places = arrange_hierarchy(shuffled)
    lines = [(places[a], places[b]) for a, b in shuffled.edges]
    assert sum(cross(*one, *two) for one, two in itertools.combinations(lines, 2)) <= 60  # at random about 350


def cross(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    if {a, b} & {c, d}:
        return False
    side = lambda p, q, r: (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]) > 0  # noqa: E731
    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def test_a_circle_is_ordered_so_that_links_do_not_cross() -> None:
    names = np.random.default_rng(2).permutation(24).tolist()
    graph = named(nx.relabel_nodes(nx.cycle_graph(24), dict(enumerate(names))))
    graph.add_edges_from([(f"Person {names[0]}", f"Person {names[k]}") for k in (5, 9, 14)])
    places = arrange_circular(graph)
    lines = [(places[a], places[b]) for a, b in graph.edges]
    assert sum(cross(*one, *two) for one, two in itertools.combinations(lines, 2)) == 0


def test_groups_stand_in_regions_of_their_own() -> None:
    graph = sample(120)
    places = arrange_groups(graph, "schema")
    regions = {}
    for node, room in compute_boxes(graph, places).items():
        regions.setdefault(graph.nodes[node]["schema"], []).append(room)
    frames = [
        (
            min(r.left for r in rooms),
            min(r.top for r in rooms),
            max(r.right for r in rooms),
            max(r.bottom for r in rooms),
        )
        for rooms in regions.values()
    ]
    for one, two in itertools.combinations(frames, 2):
        assert one[2] < two[0] or two[2] < one[0] or one[3] < two[1] or two[3] < one[1]


def test_a_fan_is_what_is_linked_to_one_hub() -> None:
    graph = nx.union(nx.star_graph(9), nx.relabel_nodes(nx.star_graph(6), lambda node: node + 20))
    graph.add_edge(0, 20)
    nodes, found = networks.read_graph(graph)
    hubs = {node: nodes[hub] for node, hub in zip(nodes, find_hubs(found).tolist(), strict=True)}
    assert all(hubs[node] == (0 if node < 20 else 20) for node in nodes)


def events() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(["Ada", "Ben", "Cy"])
    graph.add_node("Meeting", date="2024-03-01T10:00")
    graph.add_node("Call", date="2024-03-05")
    graph.add_node("Same time", date="2024-03-05T00:00:00Z")
    graph.add_node("Undated", date="soon")
    graph.add_edges_from([("Ada", "Meeting"), ("Ben", "Meeting"), ("Ada", "Call"), ("Ada", "Same time")])
    graph.add_edge("Ben", "Cy", first="2024-03-11T10:00")
    return graph


def test_lanes_have_events_in_the_order_of_time() -> None:
    found = build_time_lanes(events())
    at = found.positions
    assert sorted(found.order) == ["Ada", "Ben", "Cy", "Undated"]
    assert {at[node][0] for node in found.order} == {0.0}
    assert len({at[node][1] for node in found.order}) == 4
    assert 0 < at["Meeting"][0] < at["Call"][0] < at["Same time"][0]
    assert at["Call"][1] == at["Ada"][1] == at["Same time"][1]
    assert at["Meeting"][1] in {at["Ada"][1], at["Ben"][1]}
    assert clashes(events(), at) == 0


def test_a_theme_line_stands_at_its_time() -> None:
    found = build_time_lanes(events(), width=1_000)
    (theme,) = found.themes
    assert (theme.source, theme.target) == ("Ben", "Cy")
    assert theme.x == found.span[1]
    assert theme.y == (found.positions["Ben"][1], found.positions["Cy"][1])
    assert found.end - found.begin == 10 * 86_400


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_nodes_do_not_take_long(kind: str) -> None:
    graph = planted(2_000)
    places: Places = {}
    within(12, lambda: places.update(compute_positions(graph, kind)))  # alone on a machine: under 3
    assert len(set(places.values())) == len(graph)
