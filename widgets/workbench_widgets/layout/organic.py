"""The organic layout: what is linked lies together, groups lie apart, and labels do not overlap.

Connected parts stand side by side. Small ones are laid out with the fewest crossings out of several starts (of one where there are
more than MANY of them), large ones in levels (`levels`). Seeded: the same graph gives the same picture in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import breadth_first_order, connected_components

from workbench_widgets.layout import levels, overlap, stress
from workbench_widgets.layout.graph_arrays import Network, Points, read_graph
from workbench_widgets.layout.label_size import compute_extent, get_caption, label_size, list_label_lines
from workbench_widgets.layout.single_thread import limit_threads

if TYPE_CHECKING:
    import networkx as nx

UNIT = 120.0
RATIO = 1.5
GAP = 40.0
ONE_LEVEL = 130
MANY = 100
FEW = 3
ROOMY = 40
LONG = 14
APART = 26.0
SEAM = 1.0


@limit_threads
def arrange_organic(graph: nx.Graph, *, seed: int = 1, ratio: float = RATIO) -> dict[str, tuple[float, float]]:
    """Positions of the nodes, in pixels.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
        Node attributes `caption` and `latin` say how wide the label is; edge attribute `count` how strong a link is. Direction is
        ignored.
    seed : int
    ratio : float
        Width by height of the whole, as far as possible.

    Returns
    -------
    dict
        Node -> (x, y), x to the right and y down; the boxes of nodes with their labels (`boxes`) do not overlap.

    Notes
    -----
    Nearness follows from the links in the data supplied; it means nothing else. Distances between parts that are not
    linked mean nothing at all. Nodes without a link stand in rows, by name.
    """
    nodes, network = read_graph(graph)
    sizes = compute_extents(graph, nodes, network)
    parts = network.split_by_label(connected_components(network.matrix(), directed=False)[1]) if nodes else []
    alone = [int(members[0]) for members, part in parts if part.count == 1]
    alone.sort(key=lambda number: (get_caption(graph, nodes[number]).casefold(), number))
    starts = stress.STARTS if len(parts) - len(alone) <= MANY else 1
    blocks = [
        (members, place_component(part, sizes[members], seed, ratio, starts))
        for members, part in parts
        if part.count > 1
    ]
    if alone:
        blocks.append((np.array(alone), place_rows(sizes[alone], ratio)))
    corners = overlap.pack_rectangles([_compute_size(points, sizes[members]) for members, points in blocks], ratio, GAP)
    places = np.zeros((len(nodes), 2))
    for (members, points), corner in zip(blocks, corners, strict=True):
        places[members] = points + corner
    return to_positions(graph, nodes, places)


def compute_extents(graph: nx.Graph, nodes: list[str], network: Network) -> Points:
    """Half width, height above and height below each node with its label; on large charts those of hubs are larger."""
    larger = [label_size(network.count, int(degree)) for degree in network.degrees()]
    found = [compute_extent(list_label_lines(graph, node), size) for node, size in zip(nodes, larger, strict=True)]
    return np.array(found, dtype=np.float64).reshape(-1, 3)


def to_positions(graph: nx.Graph, nodes: list[str], places: Points) -> dict[str, tuple[float, float]]:
    """Positions by node, in the order of the graph, to a hundredth of a pixel."""
    found = dict(zip(nodes, map(tuple, np.round(places + 0.0, 2).tolist()), strict=True))
    return {node: found[node] for node in graph}


def place_rows(size: Points, ratio: float) -> Points:
    """Nodes in rows and columns, from the top left corner of the block on."""
    wide, high = 2 * size[:, 0].max() + SEAM, size[:, 1:].sum(axis=1).max() + SEAM
    columns = max(1, round(np.sqrt(len(size) * ratio * high / wide)))
    number = np.arange(len(size))
    return np.column_stack([(number % columns + 0.5) * wide, number // columns * high + size[:, 1].max()])


def place_component(network: Network, size: Points, seed: int, ratio: float, starts: int) -> Points:
    """Positions of a connected part without overlaps, from its top left corner on."""
    if network.count == 2:
        points = np.array([[0.0, 0.0], [max(size[:, 0].sum() + APART, UNIT), 0.0]])
    elif network.count >= LONG and len(network.pairs) == network.count - 1 and network.degrees().max() == 2:
        points = _place_chain(network, size, ratio)
    elif network.count > ONE_LEVEL:
        points = levels.place_network(network, size, seed, ratio)
    else:
        points = overlap.separate_boxes(_rotate_part(_place_by_stress(network, seed, starts), size, ratio), size)
    return np.asarray(points - (points - size[:, :2]).min(axis=0), dtype=np.float64)


def _place_by_stress(network: Network, seed: int, starts: int) -> Points:
    """Positions by stress, the best of some starts."""
    unit = UNIT * (1.3 if network.count <= ROOMY else 1.0)
    wanted = stress.compute_distances(
        network.count, network.pairs, stress.compute_lengths(network.count, network.pairs, unit)
    )
    return stress.compute_layout(wanted, network.pairs, seed, starts)


def _place_chain(network: Network, size: Points, ratio: float) -> Points:
    """A long chain in rows, forward and back."""
    start = int(network.degrees().argmin())
    order = breadth_first_order(network.matrix(), start, directed=False, return_predecessors=False)
    wide, high = 2 * size[:, 0].max() + APART, size[:, 1:].sum(axis=1).max() + APART
    columns = max(2, round(np.sqrt(network.count * ratio * high / wide)))
    number = np.arange(network.count)
    line, column = number // columns, number % columns
    points = np.empty((network.count, 2))
    points[order] = np.column_stack([np.where(line % 2, columns - 1 - column, column) * wide, line * high])
    return points


def _rotate_part(points: Points, size: Points, ratio: float) -> Points:
    """Turn a part so that it lies as wide as the sheet is, in steps of 15 degrees."""
    if len(points) < FEW:
        return points[:, ::-1] if len(points) > 1 and np.ptp(points[:, 1]) > np.ptp(points[:, 0]) else points
    angles = np.arange(12) * np.pi / 12
    turned = [points @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in angles]
    return min(turned, key=lambda way: round(abs(np.log(_compute_ratio(way, size) / ratio)), 6))


def _compute_ratio(points: Points, size: Points) -> float:
    width, height = _compute_size(points, size)
    return width / height


def _compute_size(points: Points, size: Points) -> tuple[float, float]:
    low = (points - size[:, :2]).min(axis=0)
    high = (points + size[:, [0, 2]]).max(axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])
