"""The organic layout: what is linked lies together, groups lie apart, and labels do not overlap.

Two levels: communities first, then the nodes in each. Small graphs go in one, with the fewest crossings out of several
starts. Seeded: the same graph gives the same picture in every run.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from workbench_widgets.layout import overlap, stress
from workbench_widgets.layout.labels import caption, extent, label_size

Points = NDArray[np.float64]
Pairs = NDArray[np.int64]

UNIT = 120.0
CLOSE = 62.0
RATIO = 1.5
GAP = 40.0
ONE_LEVEL = 130
DENSE = 450
FEW = 3
ROOMY = 40


def organic(graph: nx.Graph, *, seed: int = 1) -> dict[str, tuple[float, float]]:
    """Positions of the nodes, in pixels.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
        Node attribute `caption` says how wide the label is; edge attribute `count` how strong a link is. Direction is
        ignored.
    seed : int

    Returns
    -------
    dict
        Node -> (x, y), x to the right and y down; the boxes of nodes with their labels (`boxes`) do not overlap.

    Notes
    -----
    Nearness follows from the links in the data supplied; it means nothing else. Distances between parts that are not
    linked mean nothing at all.
    """
    simple = _simple(graph)
    parts = sorted(
        (sorted(part, key=str) for part in nx.connected_components(simple)), key=lambda p: (-len(p), str(p[0]))
    )
    placed = [_component(simple.subgraph(part), part, seed) for part in parts]
    extents = [_extents(graph, simple, part) for part in parts]
    placed = [_settled(points, size) for points, size in zip(placed, extents, strict=True)]
    corners = overlap.pack([_size(points, size) for points, size in zip(placed, extents, strict=True)], RATIO, GAP)
    found: dict[str, tuple[float, float]] = {}
    for part, points, corner in zip(parts, placed, corners, strict=True):
        for node, (x, y) in zip(part, points + corner, strict=True):
            found[node] = (round(float(x), 2), round(float(y), 2))
    return {node: found[node] for node in graph}


def _extents(graph: nx.Graph, simple: nx.Graph, nodes: list[str]) -> Points:
    sizes = [label_size(len(simple), simple.degree(node)) for node in nodes]
    return np.array([extent(caption(graph, node), size) for node, size in zip(nodes, sizes, strict=True)])


def _simple(graph: nx.Graph) -> nx.Graph:
    """One undirected edge per linked pair, in a fixed order; weight grows slowly with the number of occurrences."""
    simple = nx.Graph()
    simple.add_nodes_from(sorted(graph, key=str))
    count: dict[tuple[str, str], float] = {}
    for a, b, data in graph.edges(data=True):
        if a != b:
            pair = (a, b) if str(a) < str(b) else (b, a)
            count[pair] = count.get(pair, 0) + float(data.get("count", 1))
    simple.add_weighted_edges_from((*pair, 1 + np.log1p(count[pair])) for pair in sorted(count, key=str))
    return simple


def _component(graph: nx.Graph, nodes: list[str], seed: int) -> Points:
    pairs = _pairs(graph, nodes)
    if len(nodes) <= ONE_LEVEL:
        return _one_level(len(nodes), pairs, seed, UNIT * (1.3 if len(nodes) <= ROOMY else 1.0))
    return _two_levels(graph, nodes, pairs, seed)


def _pairs(graph: nx.Graph, nodes: list[str]) -> Pairs:
    index = {node: i for i, node in enumerate(nodes)}
    found = sorted(tuple(sorted((index[a], index[b]))) for a, b in graph.edges if a in index and b in index)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _one_level(count: int, pairs: Pairs, seed: int, unit: float, starts: int = stress.STARTS) -> Points:
    """Positions of a connected part, by stress; by springs where it is large."""
    if count == 1:
        return np.zeros((1, 2))
    if count > DENSE:
        return _springs(count, pairs, seed)
    wanted = stress.distances(count, pairs, stress.lengths(count, pairs, unit))
    return stress.layout(wanted, pairs, seed, starts)


def _springs(count: int, pairs: Pairs, seed: int) -> Points:
    compact = rx.PyGraph(multigraph=False)
    compact.add_nodes_from(range(count))
    compact.add_edges_from_no_data([(int(a), int(b)) for a, b in pairs])
    found = rx.spring_layout(compact, num_iter=120, seed=seed)
    points = np.array([found[i] for i in range(count)], dtype=np.float64)
    return np.asarray(points * UNIT * np.sqrt(count), dtype=np.float64)


def _two_levels(graph: nx.Graph, nodes: list[str], pairs: Pairs, seed: int) -> Points:
    """Communities placed by how much they are linked, their nodes inside, turned towards what they are linked to."""
    groups = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    ordered = sorted((sorted(group, key=str) for group in groups), key=lambda group: (-len(group), str(group[0])))
    index = {node: i for i, node in enumerate(nodes)}
    members = [np.array([index[node] for node in group]) for group in ordered]
    inner = [_inner(graph, group, seed) for group in ordered]
    label = np.empty(len(nodes), dtype=np.int64)
    for number, chosen in enumerate(members):
        label[chosen] = number
    radius = np.array([np.hypot(*points.T).max() for points in inner]) + UNIT / 3
    centres = _centres(label, pairs, radius, seed)
    return _turned(inner, members, centres, pairs)


def _inner(graph: nx.Graph, nodes: list[str], seed: int) -> Points:
    """Positions within a community (Louvain's are connected), around its middle, without overlaps."""
    sizes = np.array([extent("", label_size(len(graph), graph.degree(node))) for node in nodes])
    sizes[:, 0] *= 1.8
    points = overlap.separate(_one_level(len(nodes), _pairs(graph.subgraph(nodes), nodes), seed, CLOSE, 2), sizes)
    return np.asarray(points - (points.max(axis=0) + points.min(axis=0)) / 2, dtype=np.float64)


def _centres(label: Pairs, pairs: Pairs, radius: NDArray[np.float64], seed: int) -> Points:
    """Middles of the communities: discs that do not overlap, linked ones side by side."""
    count = len(radius)
    if count == 1:
        return np.zeros((1, 2))
    between = np.sort(label[pairs], axis=1)
    between = np.unique(between[between[:, 0] != between[:, 1]], axis=0)
    length = radius[between].sum(axis=1)
    points = stress.layout(stress.distances(count, between, length), between, seed)
    wide = np.array([np.sqrt(RATIO), 1.0])
    return overlap.gather((points - points.mean(axis=0)) * wide, radius)


def _turned(inner: list[Points], members: list[Pairs], centres: Points, pairs: Pairs) -> Points:
    """Turn or mirror each community so that its links to others are short."""
    points = np.empty((sum(map(len, members)), 2))
    for chosen, local, centre in zip(members, inner, centres, strict=True):
        points[chosen] = local + centre
    both = np.concatenate([pairs, pairs[:, ::-1]])
    for chosen, local, centre in zip(members, inner, centres, strict=True):
        place = np.full(len(points), -1)
        place[chosen] = np.arange(len(chosen))
        out = both[(place[both[:, 0]] >= 0) & (place[both[:, 1]] < 0)]
        if len(out) and len(chosen) > 1:
            left, _, right = np.linalg.svd(local[place[out[:, 0]]].T @ (points[out[:, 1]] - centre))
            points[chosen] = local @ left @ right + centre
    return points


def _settled(points: Points, size: Points) -> Points:
    """A part turned, without overlaps, from its top left corner on."""
    apart = overlap.separate(_turn(points, size), size)
    return np.asarray(apart - (apart - size[:, :2]).min(axis=0), dtype=np.float64)


def _turn(points: Points, size: Points) -> Points:
    """Turn a part so that it lies as wide as the sheet is, in steps of 15 degrees."""
    if len(points) < FEW:
        return points[:, ::-1] if len(points) > 1 and np.ptp(points[:, 1]) > np.ptp(points[:, 0]) else points
    angles = np.arange(12) * np.pi / 12
    turned = [points @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in angles]
    return min(turned, key=lambda way: round(abs(np.log(_ratio(way, size) / RATIO)), 6))


def _ratio(points: Points, size: Points) -> float:
    width, height = _size(points, size)
    return width / height


def _size(points: Points, size: Points) -> tuple[float, float]:
    low = (points - size[:, :2]).min(axis=0)
    high = (points + size[:, [0, 2]]).max(axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])
