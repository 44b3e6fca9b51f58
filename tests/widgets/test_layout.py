"""Layouts: the same picture each time, and no label over another."""

import itertools

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_widgets.layout import (
    Box,
    arrange_circular,
    arrange_grid,
    arrange_organic,
    compute_boxes,
    compute_text_width,
    extend_layout,
    wrap_text,
)

from tests.widgets.graphs import sample


def overlaps(graph: nx.Graph, positions: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    rooms = compute_boxes(graph, positions)
    return [(a, b) for a, b in itertools.combinations(rooms, 2) if rooms[a].overlaps(rooms[b])]


@pytest.mark.parametrize("layout", [arrange_organic, arrange_circular, arrange_grid])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 30, 50, 80])
def test_no_labels_overlap_up_to_eighty_nodes(layout: object, count: int) -> None:
    graph = sample(count, seed=count)
    positions = layout(graph)  # type: ignore[operator]
    assert set(positions) == set(graph)
    assert overlaps(graph, positions) == []


@pytest.mark.parametrize("count", [200, 500])
def test_no_labels_overlap_on_large_charts_either(count: int) -> None:
    graph = sample(count)
    assert overlaps(graph, arrange_organic(graph)) == []


@pytest.mark.parametrize("count", [30, 160])
def test_same_graph_same_picture_whatever_the_order(count: int) -> None:
    graph = sample(count)
    mixed = nx.MultiDiGraph()
    mixed.add_nodes_from(reversed(list(graph.nodes(data=True))))
    mixed.add_edges_from(reversed(list(graph.edges(data=True, keys=True))))
    assert arrange_organic(graph) == arrange_organic(graph)
    assert arrange_organic(mixed) == arrange_organic(graph)


def test_the_space_is_used() -> None:
    """Wider than high, as a screen is, and not mostly empty."""
    graph = sample(60)
    rooms = list(compute_boxes(graph, arrange_organic(graph)).values())
    width = max(room.right for room in rooms) - min(room.left for room in rooms)
    height = max(room.bottom for room in rooms) - min(room.top for room in rooms)
    assert 0.9 < width / height < 2.2
    covered = sum((room.right - room.left) * (room.bottom - room.top) for room in rooms)
    assert covered / (width * height) > 0.2


def test_separate_parts_and_single_nodes_stand_side_by_side() -> None:
    graph = nx.MultiDiGraph()
    for part in range(7):
        nx.add_path(graph, [f"{part}-{i}" for i in range(part + 1)])
    assert overlaps(graph, arrange_organic(graph)) == []
    assert arrange_organic(nx.MultiDiGraph()) == {}


def test_small_parts_fill_the_room_beside_a_large_one() -> None:
    graph = sample(36)
    for part in range(60):
        nx.add_path(graph, [f"p{part}-{i}" for i in range(1 + part % 3)])
    places = arrange_organic(graph)
    assert overlaps(graph, places) == []
    rooms = list(compute_boxes(graph, places).values())
    width, height = (max(getattr(room, end) for room in rooms) for end in ("right", "bottom"))
    assert 1 < width / height < 2.3


def test_few_crossings_on_a_small_chart() -> None:
    tree = nx.balanced_tree(3, 3)
    graph = nx.relabel_nodes(tree, str)
    places = arrange_organic(graph)
    assert sum(cross(places, a, b) for a, b in itertools.combinations(graph.edges, 2)) <= 1


def cross(places: dict[str, tuple[float, float]], one: tuple[str, str], two: tuple[str, str]) -> bool:
    if set(one) & set(two):
        return False
    (a, b), (c, d) = [tuple(places[node] for node in edge) for edge in (one, two)]
    side = lambda p, q, r: (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]) > 0  # noqa: E731
    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def test_extend_leaves_known_nodes_where_they_are() -> None:
    graph = sample(40)
    known = {node: place for node, place in arrange_organic(graph).items() if node < "n0030"}
    places = extend_layout(graph, {**known, "gone": (0.0, 0.0)})
    assert {node: places[node] for node in known} == known
    assert overlaps(graph, places) == []
    assert extend_layout(graph, {}) == arrange_organic(graph)


def test_the_usual_width_of_text_is_not_underestimated() -> None:
    assert compute_text_width("Marta Oliveira") >= 78  # 76 pixels in Helvetica at 12
    assert compute_text_width("王小明") >= 36
    assert compute_text_width("e\u0301") == compute_text_width("e")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_wrapped_labels_fit(text: str) -> None:
    rows = wrap_text(text)
    assert 1 <= len(rows) <= 2
    assert all(compute_text_width(row) <= 118 for row in rows)
    kept = "".join("".join(rows).split()).removesuffix("…")
    assert "".join(text.split()).startswith(kept) or "…" in text


def test_long_words_are_broken_after_a_sign() -> None:
    assert wrap_text("marta.oliveira.77@example.org")[0].endswith(("@", "."))


def test_a_word_without_end_is_cut() -> None:
    rows = wrap_text("x" * 300_000)  # in quadratic time this would take an hour
    assert len(rows) == 2 and rows[1].endswith("…")


def test_boxes_that_touch_do_not_overlap() -> None:
    assert not Box(0, 0, 1, 1).overlaps(Box(1, 0, 2, 1))
    assert Box(0, 0, 1, 1).overlaps(Box(0.9, 0.9, 2, 2))
