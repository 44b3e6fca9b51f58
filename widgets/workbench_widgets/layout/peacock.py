"""The peacock layout: hubs around a middle, what is linked to each fanned out behind it, as i2 users know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import connected_components

from workbench_widgets.layout import disc_packing, levels, overlap
from workbench_widgets.layout.circular import SIFTED, sift_order, walk_links
from workbench_widgets.layout.graph_arrays import Network, Points, read_graph
from workbench_widgets.layout.organic import GAP, RATIO, compute_extents, place_rows, to_positions

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

FAN = 4
ROUND = 12
ARC = np.radians(210)


def arrange_peacock(graph: nx.Graph, *, seed: int = 1, ratio: float = RATIO) -> dict[str, tuple[float, float]]:
    """Positions with each node in the fan of one hub: the one it is linked to most strongly.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
        A hub is a node with at least FAN neighbours that no larger hub took; each connected part has one at least.
    seed : int
    ratio : float
        Width by height of the sheet on which separate parts stand side by side.

    Returns
    -------
    dict
        Node -> (x, y); boxes of nodes with their labels do not overlap. Up to ROUND hubs stand on a circle, their fans outwards;
        more stand side by side, each in the middle of its own.
    """
    nodes, network = read_graph(graph)
    size = compute_extents(graph, nodes, network)
    label = connected_components(network.matrix(), directed=False)[1] if nodes else np.zeros(0, dtype=np.int64)
    found = network.split_by_label(label)
    blocks = [(members, _place_part(part, size[members], seed, ratio)) for members, part in found if part.count > 1]
    alone = np.flatnonzero(network.degrees() == 0)
    if len(alone):
        blocks.append((alone, place_rows(size[alone], ratio)))
    places, frames = np.zeros((len(nodes), 2)), []
    for members, points in blocks:
        low = (points - size[members, :2]).min(axis=0)
        frames.append((low, ((points + size[members][:, [0, 2]]).max(axis=0) - low).tolist()))
    corners = overlap.pack_rectangles([(wide, high) for _, (wide, high) in frames], ratio, GAP)
    for (members, points), (low, _), corner in zip(blocks, frames, corners, strict=True):
        places[members] = points - low + corner
    return to_positions(graph, nodes, places)


def find_hubs(network: Network) -> NDArray[np.int64]:
    """The hub of each node of a connected network; a hub is its own."""
    matrix, degrees = network.matrix(), network.degrees()
    hub = np.full(network.count, -1)
    for node in np.argsort(-degrees, kind="stable").tolist():
        others = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]]
        if (hub[others] < 0).sum() >= FAN or not (hub >= 0).any():
            hub[node] = node
            free = others[hub[others] < 0]
            hub[free] = node
    head = hub == np.arange(network.count)
    for node in np.flatnonzero(~head).tolist():
        at = slice(matrix.indptr[node], matrix.indptr[node + 1])
        near = head[matrix.indices[at]]
        if near.any():
            strength = np.where(near, matrix.data[at], -1.0)
            hub[node] = matrix.indices[at][strength.argmax()]
    return _inherit_hubs(network, hub)


def _inherit_hubs(network: Network, hub: NDArray[np.int64]) -> NDArray[np.int64]:
    """Nodes that no hub is linked to follow a neighbour."""
    while (hub < 0).any():
        for a, b in ((0, 1), (1, 0)):
            one, other = network.pairs[:, a], network.pairs[:, b]
            open_ = (hub[one] < 0) & (hub[other] >= 0)
            hub[one[open_][::-1]] = hub[other[open_][::-1]]
    return hub


def _place_part(network: Network, size: Points, seed: int, ratio: float) -> Points:
    hub = find_hubs(network)
    heads, number = np.unique(hub, return_inverse=True)
    circle = len(heads) <= ROUND
    arc = 2 * np.pi if len(heads) == 1 or not circle else ARC
    order = _sort_members(network, hub)
    shapes = [_place_fan(order[number[order] == one], size, arc) for one in range(len(heads))]
    radius = np.array([reach for _, _, reach in shapes])
    between = levels.build_community_network(network, number)
    if len(heads) == 1:
        middles = np.zeros((1, 2))
    elif circle:
        middles = _place_hubs(between, radius)
    else:
        middles = disc_packing.pack_discs(
            disc_packing.arrange_discs(between, radius, seed, careful=False), radius, ratio
        )
    points = np.empty((network.count, 2))
    for (members, local, _), middle in zip(shapes, middles, strict=True):
        angle = np.arctan2(middle[1], middle[0]) if circle and len(heads) > 1 else 0.0
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        points[members] = local @ turn + middle
    return overlap.separate_groups(points, size, np.zeros(network.count, dtype=np.int64))


def _sort_members(network: Network, hub: NDArray[np.int64]) -> NDArray[np.int64]:
    """Nodes in the order in which they stand in a fan: the hub, then what is linked to it, those with few links first."""
    own = np.arange(network.count)
    (a, b), direct = network.pairs.T, np.zeros(network.count, dtype=bool)
    direct[np.concatenate([a[hub[a] == b], b[hub[b] == a]])] = True
    return np.lexsort((own, network.degrees(), ~direct, hub != own))


def _place_fan(members: NDArray[np.int64], size: Points, arc: float) -> tuple[NDArray[np.int64], Points, float]:
    """Members of a fan, the hub first, in rows around it that open to the right; and how far they reach."""
    rest = members[1:]
    wide, high = 2 * size[members, 0].max(), size[members, 1:].sum(axis=1).max()
    step = 0.8 * float(np.hypot(wide, high))
    local, far, done = [np.zeros((1, 2))], 1.1 * step, 0
    while done < len(rest):
        room = max(1, int(arc * far / step))
        row = min(room, len(rest) - done)
        spread = arc if arc < 2 * np.pi else arc * (1 - 1 / row)
        open_ = min(spread, arc * row / room) if done else spread * min(1.0, max(row, 3) / room)
        angle = np.linspace(-open_ / 2, open_ / 2, row) if row > 1 else np.zeros(1)
        local.append(far * np.column_stack([np.cos(angle), np.sin(angle)]))
        done, far = done + row, far + 0.85 * step
    return members, np.concatenate(local), far


def _place_hubs(between: Network, radius: NDArray[np.float64]) -> Points:
    """Hubs on a circle, in the order of fewest crossings, each with the room of its fan."""
    order = walk_links(between)
    if len(between.pairs) <= SIFTED:
        order = sift_order(between, order)
    room = 0.75 * radius[order]
    low, high = float(room.max()), float(room.sum()) + 1
    for _ in range(50):
        mean = (low + high) / 2
        fits = float(np.arcsin(np.minimum(room / mean, 1)).sum()) <= np.pi
        low, high = (low, mean) if fits else (mean, high)
    half = np.arcsin(np.minimum(room / high, 1))
    half *= np.pi / half.sum()
    angle = np.cumsum(2 * half) - half - np.pi / 2
    points = np.empty((len(order), 2))
    points[order] = high * np.column_stack([np.cos(angle), np.sin(angle)])
    return points
