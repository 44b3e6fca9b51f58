"""Finding places for new nodes on a chart whose other nodes stay where they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import Box, compute_boxes
from workbench_widgets.layout.organic import arrange_organic

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

TURN = math.pi * (3 - math.sqrt(5))
STEP = 26.0
TRIES = 4_000


def extend_layout(
    graph: nx.Graph, known: Mapping[str, tuple[float, float]], *, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """Positions of all nodes: those that are known unchanged, the others near what they are linked to.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
    known : mapping
        Node -> (x, y); nodes that are no longer in the graph are left out. If none is known, the layout is `organic`.
    seed : int
        Of the organic layout.

    Returns
    -------
    dict
        Node -> (x, y). New nodes overlap nothing; known ones stay even where they overlap.
    """
    placed = {node: (float(known[node][0]), float(known[node][1])) for node in graph if node in known}
    if not placed:
        return arrange_organic(graph, seed=seed)
    taken = list(compute_boxes(graph, placed).values())
    simple = graph.to_undirected(as_view=True)
    fresh = sorted((node for node in graph if node not in placed), key=lambda node: (-simple.degree(node), str(node)))
    while fresh:
        node = max(fresh, key=lambda one: sum(other in placed for other in simple[one]))
        fresh.remove(node)
        placed[node] = _find_free_place(graph, node, _find_anchor(simple, node, placed), taken)
        taken.append(compute_boxes(graph, {node: placed[node]})[node])
    return {node: placed[node] for node in graph}


def _find_anchor(graph: nx.Graph, node: str, placed: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """The middle of the neighbours that have a place, or a place under the chart."""
    near = [placed[other] for other in graph[node] if other in placed]
    if near:
        return sum(x for x, _ in near) / len(near), sum(y for _, y in near) / len(near)
    return min(x for x, _ in placed.values()), max(y for _, y in placed.values()) + 3 * STEP


def _find_free_place(graph: nx.Graph, node: str, at: tuple[float, float], taken: list[Box]) -> tuple[float, float]:
    """The first place on a spiral around `at` where nothing lies yet."""
    for number in range(TRIES):
        far = STEP * math.sqrt(number)
        spot = (round(at[0] + far * math.cos(number * TURN), 2), round(at[1] + far * math.sin(number * TURN), 2))
        room = compute_boxes(graph, {node: spot})[node]
        if not any(room.overlaps(other) for other in taken):
            return spot
    return spot
