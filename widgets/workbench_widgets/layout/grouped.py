"""Groups in regions of their own, each tidy inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.layout import overlap
from workbench_widgets.layout.graph_arrays import read_graph
from workbench_widgets.layout.organic import RATIO, arrange_organic, compute_extents, to_positions

if TYPE_CHECKING:
    import networkx as nx

GAP = 170.0


def arrange_groups(
    graph: nx.Graph, by: str = "schema", *, seed: int = 1, ratio: float = RATIO
) -> dict[str, tuple[float, float]]:
    """Positions with all nodes of one value together, the largest group first; within a group as `organic`.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
    by : str
        Node attribute that says the group; nodes without it are a group of their own, the last.
    seed : int
    ratio : float
        Width by height of the whole, as far as possible.

    Returns
    -------
    dict
        Node -> (x, y). Regions do not overlap; which lie side by side means nothing.
    """
    nodes, network = read_graph(graph)
    size = compute_extents(graph, nodes, network)
    number = {node: index for index, node in enumerate(nodes)}
    places = np.zeros((len(nodes), 2))
    blocks = []
    for group in _list_groups(graph, nodes, by):
        inside = arrange_organic(graph.subgraph(group), seed=seed, ratio=1.2)
        members = np.array([number[node] for node in inside])
        points = np.array(list(inside.values()))
        low = (points - size[members, :2]).min(axis=0)
        wide, high = ((points + size[members][:, [0, 2]]).max(axis=0) - low).tolist()
        blocks.append((members, points - low, (wide, high)))
    corners = overlap.pack_rectangles([extent for _, _, extent in blocks], ratio, GAP)
    for (members, points, _), corner in zip(blocks, corners, strict=True):
        places[members] = points + corner
    return to_positions(graph, nodes, places)


def _list_groups(graph: nx.Graph, nodes: list[str], by: str) -> list[list[str]]:
    """Nodes by the value of an attribute, the largest group first, those without it last."""
    found: dict[str, list[str]] = {}
    for node in nodes:
        value = graph.nodes[node].get(by)
        found.setdefault("" if value is None else str(value), []).append(node)
    return [found[key] for key in sorted(found, key=lambda key: (not key, -len(found[key]), key))]
