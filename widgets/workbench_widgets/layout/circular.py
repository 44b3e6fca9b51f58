"""A circle whose order keeps linked nodes near each other, so that few links cross."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.layout.graph_arrays import Network, Pairs, read_graph
from workbench_widgets.layout.label_size import compute_extent, list_label_lines

if TYPE_CHECKING:
    import networkx as nx

SPACE = 12.0
SMALLEST = 90.0
SIFTED = 400
ROUNDS = 4


def arrange_circular(graph: nx.Graph) -> dict[str, tuple[float, float]]:
    """Positions on a circle, clockwise from the top, linked nodes near each other, wide enough for every label.

    References
    ----------
    Baur and Brandes, Crossing reduction in circular layouts, 2004 (sifting; up to SIFTED links).
    """
    nodes, network = read_graph(graph)
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    order = sift_order(network, walk_links(network)) if len(network.pairs) <= SIFTED else walk_links(network)
    sizes = [compute_extent(list_label_lines(graph, node)) for node in nodes]
    room = max((math.hypot(2 * half, above + below) for half, above, below in sizes), default=0.0)
    radius = max((room + SPACE) / (2 * math.sin(math.pi / max(len(nodes), 2))), SMALLEST)
    turn = 2 * math.pi / max(len(nodes), 1)
    found = {
        nodes[node]: (round(radius * math.sin(i * turn), 2), round(-radius * math.cos(i * turn), 2))
        for i, node in enumerate(order)
    }
    return {node: found[node] for node in graph}


def walk_links(network: Network) -> list[int]:
    """Nodes in an order that walks along the links, from the node with most of them, by way of those with fewest."""
    matrix, degrees = network.matrix(), network.degrees()
    order: list[int] = []
    seen = np.zeros(network.count, dtype=bool)
    for start in np.argsort(-degrees, kind="stable").tolist():
        stack = [start]
        while stack:
            node = stack.pop()
            if not seen[node]:
                seen[node] = True
                order.append(node)
                others = matrix.indices[matrix.indptr[node] : matrix.indptr[node + 1]]
                others = others[~seen[others]]
                stack.extend(others[np.lexsort((others, -degrees[others]))].tolist())
    return order


def count_crossings(order: list[int], pairs: Pairs) -> int:
    """How many pairs of links cross when the nodes stand on a circle in this order."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    ends = np.sort(rank[pairs], axis=1)
    (a, b), (c, d) = ends.T[:, :, None], ends.T[:, None, :]
    return int(((a < c) & (c < b) & (b < d)).sum())


def sift_order(network: Network, order: list[int]) -> list[int]:
    """The order, each node in turn moved to where it causes fewest crossings, until none gains any more."""
    least = count_crossings(order, network.pairs)
    neighbours: list[list[int]] = [[] for _ in range(network.count)]
    for a, b in network.pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    for _ in range(ROUNDS):
        before = least
        for node in np.argsort(-network.degrees(), kind="stable").tolist():
            order, gain = _move_node(order, node, neighbours)
            least -= gain
        if least >= before:
            break
    return order


def _move_node(order: list[int], node: int, neighbours: list[list[int]]) -> tuple[list[int], int]:
    """The order with one node where it causes fewest crossings, and how many fewer those are.

    Passing a neighbour on the circle changes crossings only between the links of the two.
    """
    if not neighbours[node]:
        return order, 0
    start = order.index(node)
    ring = order[start + 1 :] + order[:start]
    rank = {other: i for i, other in enumerate(ring)}
    own = sorted(rank[other] for other in neighbours[node])
    change, best, place = 0, 0, 0
    for i, other in enumerate(ring):
        # Behind `other`, distances run from i + 1 on, round to i: compare where both lead.
        ends = sorted((rank[far] - i) % len(ring) for far in neighbours[other] if far not in (node, other))
        mine = sorted((end - i) % len(ring) for end in own if end != i)
        change += _count_smaller_pairs(ends, mine) - _count_smaller_pairs(mine, ends)
        if change < best:
            best, place = change, i + 1
    return [*ring[:place], node, *ring[place:]], -best


def _count_smaller_pairs(first: list[int], second: list[int]) -> int:
    """In how many pairs the one of `first` is the smaller; both are in order."""
    total = i = 0
    for value in second:
        while i < len(first) and first[i] < value:
            i += 1
        total += i
    return total
