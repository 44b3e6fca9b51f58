"""Layers from top to bottom along the direction of the links, with few crossings (Sugiyama's method)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.sparse.csgraph import connected_components

from workbench_widgets.layout import overlap
from workbench_widgets.layout.graph_arrays import Network, Pairs, Points, read_graph
from workbench_widgets.layout.organic import GAP, RATIO, compute_extents, place_rows, to_positions

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

SWEEPS = 24
STRAIGHT = 12
BETWEEN = 70.0
ASIDE = 14.0
BEND = 12.0
BENDS = 40_000


def arrange_hierarchy(graph: nx.Graph, *, ratio: float = RATIO) -> dict[str, tuple[float, float]]:
    """Positions in layers: each link leads downwards, but for those that close a circle.

    Parameters
    ----------
    graph : DiGraph or MultiDiGraph
        In an undirected graph, links lead away from the node with most of them.
    ratio : float
        Width by height of the sheet on which separate parts stand side by side.

    Returns
    -------
    dict
        Node -> (x, y), y the same for all of a layer. Boxes of nodes with their labels do not overlap.

    Notes
    -----
    A layer says how far down the links lead in the data supplied, not who commands whom.

    References
    ----------
    Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system structures, 1981.
    Eades, Lin and Smyth, A fast and effective heuristic for the feedback arc set problem, 1993.
    """
    nodes, network = read_graph(graph)
    size = compute_extents(graph, nodes, network)
    arcs = _list_arcs(graph, nodes, network)
    blocks = []
    alone = np.flatnonzero(network.degrees() == 0)
    label = connected_components(network.matrix(), directed=False)[1] if nodes else np.zeros(0, dtype=np.int64)
    part_of = label[arcs[:, 0]] if len(arcs) else np.zeros(0, dtype=np.int64)
    local = np.empty(len(nodes), dtype=np.int64)
    for members, part in network.split_by_label(label):
        if part.count > 1:
            local[members] = np.arange(part.count)
            blocks.append((members, _place_layers(local[arcs[part_of == label[members[0]]]], size[members])))
    if len(alone):
        blocks.append((alone, place_rows(size[alone], ratio)))
    frames = [_compute_frame(points, size[members]) for members, points in blocks]
    corners = overlap.pack_rectangles([(wide, high) for _, (wide, high) in frames], ratio, GAP)
    places = np.zeros((len(nodes), 2))
    for (members, points), (low, _), corner in zip(blocks, frames, corners, strict=True):
        places[members] = points - low + corner
    return to_positions(graph, nodes, places)


def _compute_frame(points: Points, size: Points) -> tuple[Points, tuple[float, float]]:
    low = (points - size[:, :2]).min(axis=0)
    wide, high = ((points + size[:, [0, 2]]).max(axis=0) - low).tolist()
    return low, (wide, high)


def _list_arcs(graph: nx.Graph, nodes: list[str], network: Network) -> Pairs:
    """Each linked pair once, in the direction of most of its links; none of them closes a circle."""
    if not graph.is_directed():
        return _list_downward_links(network)
    index = {node: number for number, node in enumerate(nodes)}
    count = max(len(nodes), 1)
    ends = np.array([(index[a], index[b]) for a, b in graph.edges() if a != b], dtype=np.int64).reshape(-1, 2)
    low, high = ends.min(axis=1), ends.max(axis=1)
    keys, where = np.unique(low * count + high, return_inverse=True)
    down = np.bincount(where, weights=np.where(ends[:, 0] == low, 1.0, -1.0), minlength=len(keys))
    pairs = np.column_stack([keys // count, keys % count])
    arcs = np.where((down >= 0)[:, None], pairs, pairs[:, ::-1])
    rank = _rank_nodes(len(nodes), arcs)
    back = rank[arcs[:, 0]] > rank[arcs[:, 1]]
    return np.asarray(np.where(back[:, None], arcs[:, ::-1], arcs), dtype=np.int64)


def _list_downward_links(network: Network) -> Pairs:
    """Links of an undirected network, away from the node of each part that has most of them."""
    matrix, degrees = network.matrix(), network.degrees()
    far = np.full(network.count, -1)
    for members in network.parts():
        edge = [int(members[degrees[members].argmax()])]
        far[edge] = 0
        while edge:
            reached = np.unique(matrix[edge].indices)
            after = reached[far[reached] < 0]
            far[after] = far[edge[0]] + 1
            edge = after.tolist()
    a, b = network.pairs.T
    back = (far[a] > far[b]) | ((far[a] == far[b]) & (degrees[a] < degrees[b]))
    return np.where(back[:, None], network.pairs[:, ::-1], network.pairs)


def _rank_nodes(count: int, arcs: Pairs) -> NDArray[np.int64]:
    """Rank of each node in an order that few arcs run against: sources first, sinks last, else who leads most."""
    out: list[list[int]] = [[] for _ in range(count)]
    into: list[list[int]] = [[] for _ in range(count)]
    for a, b in arcs.tolist():
        out[a].append(b)
        into[b].append(a)
    leads, led = np.array([len(x) for x in out]), np.array([len(x) for x in into])
    todo: set[int] = set(range(count))
    left: list[int] = []
    right: list[int] = []
    sources, sinks = [n for n in range(count) if not led[n]], [n for n in range(count) if not leads[n] and led[n]]
    by_lead = sorted(range(count), key=lambda n: (led[n] - leads[n], n))
    position = 0
    while todo:
        if sinks:
            node, side = sinks.pop(), right
        elif sources:
            node, side = sources.pop(), left
        else:
            while by_lead[position] not in todo:
                position += 1
            node, side = by_lead[position], left
        if node not in todo:
            continue
        todo.discard(node)
        side.append(node)
        sources += _remove_links(out[node], led, todo)
        sinks += _remove_links(into[node], leads, todo)
    rank = np.empty(count, dtype=np.int64)
    rank[left + right[::-1]] = np.arange(count)
    return rank


def _remove_links(others: list[int], number: NDArray[np.int64], todo: set[int]) -> list[int]:
    """Take one link from each; those still to do that have none left."""
    for other in others:
        number[other] -= 1
    return [other for other in others if other in todo and not number[other]]


def _assign_layers(count: int, arcs: Pairs) -> NDArray[np.int64]:
    """Layer of each node: as high as its links let it be, those above others drawn down to them."""
    layer = np.zeros(count, dtype=np.int64)
    for _ in range(count):
        after = layer.copy()
        np.maximum.at(after, arcs[:, 1], layer[arcs[:, 0]] + 1)
        if np.array_equal(after, layer):
            break
        layer = after
    below = np.full(count, count, dtype=np.int64)
    np.minimum.at(below, arcs[:, 0], layer[arcs[:, 1]] - 1)
    root = ~np.isin(np.arange(count), arcs[:, 1])
    return np.where(root & (below < count), below, layer)


def _place_layers(arcs: Pairs, size: Points) -> Points:
    count = len(size)
    layer = _assign_layers(count, arcs)
    layer, links, widths = _split_long_links(layer, arcs, 2 * size[:, 0] + ASIDE)
    order = _order_layers(layer, links)
    x = _compute_abscissae(layer, links, widths, order)
    high = [size[layer[:count] == one][:, 1:].max(axis=0, initial=0.0) for one in range(int(layer.max()) + 1)]
    heights = np.array(high)
    y = np.concatenate([[0.0], np.cumsum(heights[:-1, 1] + heights[1:, 0] + BETWEEN)])
    return np.column_stack([x[:count], y[layer[:count]]])


def _split_long_links(
    layer: Pairs, arcs: Pairs, widths: NDArray[np.float64]
) -> tuple[Pairs, Pairs, NDArray[np.float64]]:
    """Links between neighbouring layers only: long ones go through a bend in each layer, unless they are very many."""
    span = layer[arcs[:, 1]] - layer[arcs[:, 0]]
    if int((span - 1).sum()) > BENDS:
        return layer, arcs, widths
    count, long = len(layer), np.flatnonzero(span > 1)
    extra = span[long] - 1
    first = count + np.cumsum(extra) - extra
    links, layers = [arcs[span == 1]], [layer]
    for arc, begin, more in zip(arcs[long].tolist(), first.tolist(), extra.tolist(), strict=True):
        way = np.array([arc[0], *range(begin, begin + more), arc[1]])
        links.append(np.column_stack([way[:-1], way[1:]]))
        layers.append(layer[arc[0]] + 1 + np.arange(more))
    return np.concatenate(layers), np.concatenate(links), np.concatenate([widths, np.full(int(extra.sum()), BEND)])


def _order_layers(layer: Pairs, links: Pairs) -> list[Pairs]:
    """Nodes of each layer from left to right, in the order of fewest crossings found: by the means of their neighbours."""
    members, ways = _list_neighbours(layer, links)
    rank = np.zeros(len(layer))
    for line in members:
        rank[line] = np.arange(len(line)) / max(len(line) - 1, 1)
    best, least = rank.copy(), np.inf
    for sweep in range(SWEEPS):
        down, turn = sweep % 2 == 0, 1 if sweep % 4 < 2 else -1
        for one in range(len(members)) if down else range(len(members) - 1, -1, -1):
            line, (here, there) = members[one], ways[sweep % 2][one]
            middle = _compute_neighbour_means(rank[line], here, rank[there])[0]
            places = np.lexsort((turn * rank[line], np.round(middle, 9)))
            rank[line[places]] = np.arange(len(line)) / max(len(line) - 1, 1)
        crossed = count_crossings(rank, layer, links)
        if crossed < least:
            best, least = rank.copy(), crossed
        if not least:
            break
    return [line[np.argsort(best[line], kind="stable")] for line in members]


def _list_neighbours(layer: Pairs, links: Pairs) -> tuple[list[Pairs], list[list[tuple[Pairs, Pairs]]]]:
    """Members of each layer; and for each, from above and from below, ends of its links: place in the layer, node at the far end."""
    order = np.argsort(layer, kind="stable")
    last = int(layer.max())
    members = np.split(order, np.searchsorted(layer[order], np.arange(1, last + 1)))
    place = np.empty(len(layer), dtype=np.int64)
    for line in members:
        place[line] = np.arange(len(line))
    ways = []
    for here, there in ((1, 0), (0, 1)):
        level = layer[links[:, here]]
        sorted_ = np.argsort(level, kind="stable")
        parts = np.split(sorted_, np.searchsorted(level[sorted_], np.arange(1, last + 1)))
        ways.append([(place[links[part, here]], links[part, there]) for part in parts])
    return members, ways


def _compute_neighbour_means(
    own: NDArray[np.float64], here: Pairs, far: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Pairs]:
    """Mean value of the neighbours of each node, its own where it has none; and how many they are."""
    times = np.bincount(here, minlength=len(own))
    total = np.bincount(here, weights=far, minlength=len(own))
    return np.where(times > 0, total / np.maximum(times, 1), own), times


def count_crossings(rank: NDArray[np.float64], layer: Pairs, links: Pairs) -> int:
    """How many pairs of links between neighbouring layers cross."""
    total = 0
    for one in np.unique(layer[links[:, 0]]):
        chosen = links[(layer[links[:, 0]] == one) & (layer[links[:, 1]] == one + 1)]
        ends = rank[chosen]
        lower = np.unique(ends[np.lexsort((ends[:, 1], ends[:, 0])), 1], return_inverse=True)[1]
        total += _count_inversions(lower)
    return total


def _count_inversions(values: NDArray[np.int64]) -> int:
    """How many pairs stand in the wrong order: as merge sort counts them, on whole arrays."""
    total, width, place = 0, 1, np.arange(len(values))
    while width < len(values):
        block, left = place // (2 * width), place // width % 2 == 0
        order = np.lexsort((~left, values, block))
        first, block = left[order], block[order]
        lefts = np.bincount(block, weights=first)
        before = np.cumsum(lefts) - lefts
        greater = lefts[block] - (np.cumsum(first) - before[block])
        total += int(greater[~first].sum())
        width *= 2
    return total


def _compute_abscissae(
    layer: Pairs, links: Pairs, widths: NDArray[np.float64], lines: list[Pairs]
) -> NDArray[np.float64]:
    """Positions across: each node as near the middle of those it is linked to as the order of its layer allows."""
    x = np.zeros(len(layer))
    members, ways = _list_neighbours(layer, links)
    offsets = [np.concatenate([[0.0], np.cumsum((widths[line[1:]] + widths[line[:-1]]) / 2)]) for line in lines]
    for line, offset in zip(lines, offsets, strict=True):
        x[line] = offset - offset[-1] / 2
    for sweep in range(STRAIGHT):
        for one in range(len(lines)) if sweep % 2 == 0 else range(len(lines) - 1, -1, -1):
            line, offset, (here, there) = lines[one], offsets[one], ways[sweep % 2][one]
            wish, times = _compute_neighbour_means(x[members[one]], here, x[there])
            chosen = np.searchsorted(members[one], line)
            x[line] = isotonic_regression(wish[chosen] - offset, weights=times[chosen] + 0.1).x + offset
    return x
