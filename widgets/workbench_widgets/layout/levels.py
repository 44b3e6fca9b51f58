"""Large connected graphs in levels: communities as discs beside those that they are linked to, their nodes inside.

Communities that are large are divided again. What is costly is done for all communities at once, on arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.layout import disc_packing, overlap, stress
from workbench_widgets.layout.communities import find_communities
from workbench_widgets.layout.graph_arrays import Network, Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE = 62.0
MOST = 110
UNDIVIDED = 400
FULL = 0.5
CAREFUL = 1_500
STEPS = {1_500: 60, 20_000: 8, float("inf"): 0}
SPRINGS = 25
MOSTLY = 0.85
TURN = np.pi * (3 - np.sqrt(5))


@dataclass
class Region:
    """A community: its nodes, or the communities in it; middle and radius of the disc that it takes."""

    members: NDArray[np.int64]
    network: Network
    parts: list[Region] = field(default_factory=list)
    radius: float = 0.0

    def leaves(self) -> list[Region]:
        """The communities that are not divided."""
        return [leaf for part in self.parts for leaf in part.leaves()] if self.parts else [self]


def place_network(network: Network, sizes: Points, seed: int, ratio: float) -> Points:
    """Positions of a connected network; boxes of the given sizes do not overlap.

    Parameters
    ----------
    network : Network
    sizes : array, shape (n, 3)
        Half width, height above and height below each node.
    seed : int
    ratio : float
        Width by height of the whole, as far as possible.
    """
    root = divide_region(Region(np.arange(network.count), network), seed)
    area = 2 * sizes[:, 0] * (sizes[:, 1] + sizes[:, 2])
    points = np.zeros((network.count, 2))
    _compute_radius(root, area)
    _arrange_parts(root, points, np.zeros(2), seed)
    leaves = root.leaves()
    _place_leaves(leaves, network, points, area, seed)
    group = np.empty(network.count, dtype=np.int64)
    for number, leaf in enumerate(leaves):
        group[leaf.members] = number
    points = overlap.separate_groups(points, sizes, group)
    _pack_discs(root, points, sizes, ratio)
    return overlap.separate_groups(points, sizes, np.zeros(network.count, dtype=np.int64))


def divide_region(region: Region, seed: int) -> Region:
    """The region with the communities in it, down to those that are small or cannot be divided."""
    if region.network.count > MOST:
        found = region.network.split_by_label(find_communities(region.network, seed=seed))
        if len(found) > 1:
            region.parts = [divide_region(Region(region.members[chosen], inner), seed) for chosen, inner in found]
    return region


def _compute_radius(region: Region, area: NDArray[np.float64]) -> float:
    """Estimate of the radius of each disc."""
    if region.parts:
        room = sum(_compute_radius(part, area) ** 2 for part in region.parts) / 0.75
    else:
        room = float(area[region.members].sum()) / FULL / np.pi
    region.radius = float(np.sqrt(room))
    return region.radius


def _arrange_parts(region: Region, points: Points, middle: Points, seed: int) -> None:
    """Set the middles of all parts; points of undivided ones lie in the middle of their disc."""
    if not region.parts:
        points[region.members] = middle
        return
    label = np.empty(region.network.count, dtype=np.int64)
    place_of = np.empty(int(region.members.max()) + 1, dtype=np.int64)
    place_of[region.members] = np.arange(len(region.members))
    for number, part in enumerate(region.parts):
        label[place_of[part.members]] = number
    radius = np.array([part.radius for part in region.parts])
    centres = (
        disc_packing.arrange_discs(
            build_community_network(region.network, label), radius, seed, careful=len(points) <= CAREFUL
        )
        + middle
    )
    for part, centre in zip(region.parts, centres, strict=True):
        _arrange_parts(part, points, centre, seed)


def build_community_network(network: Network, label: NDArray[np.int64]) -> Network:
    """Network of communities; weight is how much more they are linked than chance would link them."""
    ends = label[network.pairs]
    far = ends[:, 0] != ends[:, 1]
    low, high = np.sort(ends[far], axis=1).T
    count = int(label.max()) + 1
    keys, where = np.unique(low * count + high, return_inverse=True)
    weight = np.bincount(where, weights=network.weight[far], minlength=len(keys))
    pairs = np.column_stack([keys // count, keys % count])
    total = np.bincount(ends.ravel(), weights=np.repeat(network.weight, 2), minlength=count)
    return Network(count, pairs, weight / np.sqrt(total[pairs[:, 0]] * total[pairs[:, 1]]))


def _place_leaves(leaves: list[Region], network: Network, points: Points, area: NDArray[np.float64], seed: int) -> None:
    """Lay out the nodes in each undivided community, turned towards what they are linked to, evenly in its disc."""
    centres = points.copy()
    steps = next(steps for most, steps in STEPS.items() if network.count <= most)
    pull = _compute_pull(network, centres)
    for leaf in leaves:
        local = _place_connected(leaf.network, seed, steps)
        if leaf.network.count > 1:
            local = _spread_evenly(local, area[leaf.members], leaf.radius) @ _compute_rotation(
                local, pull[leaf.members]
            )
        points[leaf.members] += local


def _compute_pull(network: Network, centres: Points) -> Points:
    """Where the links of each node lead that leave its community: the sum of their directions."""
    a, b = network.pairs.T
    way = centres[b] - centres[a]
    far = np.hypot(*way.T)
    way = network.weight[:, None] * np.divide(way, far[:, None], out=np.zeros_like(way), where=far[:, None] > 0)
    return np.column_stack(
        [
            np.bincount(a, way[:, k], network.count) - np.bincount(b, way[:, k], network.count)
            for k in (0, 1)
        ]
    )  # fmt: skip


def _compute_rotation(local: Points, pull: Points) -> Points:
    """Turn or mirroring that brings the nodes of a community nearest to where their links lead."""
    if not np.any(pull):
        return np.eye(2)
    left, _, right = np.linalg.svd(local.T @ pull)
    return np.asarray(left @ right, dtype=np.float64)


def _place_connected(network: Network, seed: int, steps: int) -> Points:
    """Positions of a connected network around its middle, without regard to room."""
    if network.count > UNDIVIDED or _is_star(network):
        return _place_sunflower(network)
    if network.count == 1:
        return np.zeros((1, 2))
    if steps == 0:
        return _place_by_springs(network, seed)
    wanted = stress.compute_distances(
        network.count, network.pairs, stress.compute_lengths(network.count, network.pairs, CLOSE)
    )
    points = stress.majorise_stress(stress.compute_classical_scaling(wanted), wanted, steps)
    return np.asarray(points - points[network.degrees().argmax()], dtype=np.float64)


def _place_by_springs(network: Network, seed: int) -> Points:
    """The quickest: springs, in Rust."""
    import rustworkx as rx

    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(network.count))
    graph.add_edges_from_no_data(list(map(tuple, network.pairs.tolist())))
    found = rx.spring_layout(graph, num_iter=SPRINGS, seed=seed)
    points = np.array([found[number] for number in range(network.count)], dtype=np.float64)
    return np.asarray(points - points[network.degrees().argmax()], dtype=np.float64)


def _is_star(network: Network) -> bool:
    return len(network.pairs) == network.count - 1 == int(network.degrees().max())


def _place_sunflower(network: Network) -> Points:
    """Nodes on a disc, those with most links in the middle: for what has too many links to show any of them."""
    order = np.argsort(-network.degrees(), kind="stable")
    points = np.empty((network.count, 2))
    rank = np.arange(network.count)
    points[order] = np.sqrt(rank)[:, None] * np.column_stack([np.cos(rank * TURN), np.sin(rank * TURN)])
    return points


def _spread_evenly(points: Points, area: NDArray[np.float64], radius: float) -> Points:
    """Points at the same angles, their distances from the middle such that the disc is filled evenly."""
    far = np.hypot(*points.T)
    order = np.argsort(far, kind="stable")
    filled = np.cumsum(area[order]) - area[order] / 2
    reach = np.empty(len(points))
    reach[order] = radius * np.sqrt(filled / filled[-1])
    mixed = 0.85 * reach + 0.15 * far * radius / max(far.max(), 1e-9)
    return np.asarray(points * (mixed / np.maximum(far, 1e-9))[:, None], dtype=np.float64)


def _pack_discs(region: Region, points: Points, sizes: Points, ratio: float = 1.0) -> Points:
    """Set the discs side by side as large as they came out; the middle of this one."""
    if not region.parts:
        own, size = points[region.members], sizes[region.members]
        low, high = (own - size[:, :2]).min(axis=0), (own + size[:, [0, 2]]).max(axis=0)
        middle = (low + high) / 2
        reach = np.abs(own - middle) + np.column_stack([size[:, 0], size[:, 1:].max(axis=1)])
        region.radius = float(np.sort(np.hypot(*reach.T))[round(MOSTLY * (len(reach) - 1))])
        return np.asarray(middle, dtype=np.float64)
    before = np.array([_pack_discs(part, points, sizes) for part in region.parts])
    radius = np.array([part.radius for part in region.parts])
    gap = 0.06 * float(np.median(radius))
    after = disc_packing.pack_discs(before, radius + gap, ratio)
    for part, shift in zip(region.parts, after - before, strict=True):
        points[part.members] += shift
    middle = (after - radius[:, None]).min(axis=0) / 2 + (after + radius[:, None]).max(axis=0) / 2
    region.radius = float((np.hypot(*(after - middle).T) + radius).max())
    return np.asarray(middle, dtype=np.float64)
