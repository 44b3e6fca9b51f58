"""Discs side by side: those that are linked near each other, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from workbench_widgets.layout import stress
from workbench_widgets.layout.graph_arrays import Network, Points

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRONGEST = 3
MANY = 60
DENSE = 700
RAYS = 36
FEW = 8
LOYAL = 0.6
FULL = 0.75
TINY = 1e-6
TURN = np.pi * (3 - np.sqrt(5))


def arrange_discs(between: Network, radius: NDArray[np.float64], seed: int, *, careful: bool) -> Points:
    """About where discs go: strongly linked ones side by side; `pack` sets them so that they touch."""
    if between.count == 1:
        return np.zeros((1, 2))
    if between.count > DENSE:
        return _place_spiral(radius)
    chain = build_backbone(between)
    strength = np.minimum(chain.weight / max(float(np.median(chain.weight)), TINY), 4.0)
    length = radius[chain.pairs].sum(axis=1) * (0.85 + 0.4 / np.maximum(strength, 0.3))
    wanted = stress.compute_distances(between.count, chain.pairs, length)
    if careful and between.count <= MANY:
        points = stress.compute_layout(wanted, chain.pairs, seed)
    else:
        points = stress.majorise_stress(stress.compute_classical_scaling(wanted), wanted, 30)
    return np.asarray(points - points.mean(axis=0), dtype=np.float64)


def build_backbone(network: Network) -> Network:
    """The strongest links of each node, and what more is needed to keep it connected."""
    pairs, weight = network.pairs, network.weight
    index = csr_matrix((np.arange(1, len(pairs) + 1), pairs.T), shape=(network.count, network.count))
    cost = csr_matrix((1 / weight, pairs.T), shape=(network.count, network.count))
    tree = minimum_spanning_tree(cost).tocoo()
    keep = np.zeros(len(pairs), dtype=bool)
    keep[np.asarray(index[tree.row, tree.col]).ravel() - 1] = True
    ends, edges = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.tile(np.arange(len(pairs)), 2)
    order = np.lexsort((edges, -weight[edges], ends))
    first = np.searchsorted(ends[order], ends[order])
    keep[edges[order[np.arange(len(order)) - first < STRONGEST]]] = True
    return Network(network.count, pairs[keep], weight[keep])


def pack_discs(points: Points, radius: NDArray[np.float64], ratio: float = 1.0) -> Points:
    """Middles of discs that do not overlap, close together, in about the places they had.

    One after the other, from the middle outwards, each goes as far in as those before it let it, along that one of several rays
    on which it comes nearest to the middle and to its place.
    """
    stretch = np.array([ratio**0.5, ratio**-0.5])
    middle = np.average(points, axis=0, weights=radius**2)
    wanted = points - middle
    far = np.hypot(*wanted.T)
    full = np.sqrt((radius**2).sum() / FULL)
    wanted = wanted * stretch * (full / max(float(np.sqrt(np.average(far**2, weights=radius**2))) * 2**0.5, TINY))
    order = np.argsort(np.round(np.hypot(*(wanted / stretch).T) - 1.5 * radius, 6), kind="stable")
    count = RAYS if len(points) <= DENSE else FEW
    rays = np.arange(count) * 2 * np.pi / count
    placed = np.zeros_like(points)
    for done, disc in enumerate(order):
        angle = np.append(rays, np.arctan2(wanted[disc, 1], wanted[disc, 0]))
        way = np.column_stack([np.cos(angle), np.sin(angle)])
        spots = way * _compute_reach(way, placed[order[:done]], radius[order[:done]] + radius[disc])[:, None]
        cost = np.hypot(*(spots / stretch).T) + LOYAL * np.hypot(*(spots - wanted[disc]).T)
        placed[disc] = spots[np.round(cost, 6).argmin()]
    return placed + middle


def _compute_reach(way: Points, placed: Points, room: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far out along each ray the first place is that keeps its distance from all placed discs."""
    if not len(placed):
        return np.zeros(len(way))
    along = way @ placed.T
    inside = along**2 - (placed**2).sum(axis=1) + (room * (1 + TINY)) ** 2
    deep = np.sqrt(np.maximum(inside, 0.0))
    start = np.where(inside > 0, along - deep, np.inf)
    end = np.where(inside > 0, along + deep, -np.inf)
    order = np.argsort(start, axis=1, kind="stable")
    start, end = np.take_along_axis(start, order, axis=1), np.take_along_axis(end, order, axis=1)
    until = np.maximum(np.maximum.accumulate(end, axis=1), 0.0)
    before = np.column_stack([np.zeros(len(way)), until[:, :-1]])
    free = np.column_stack([start > before, np.ones(len(way), dtype=bool)])
    return np.asarray(
        np.column_stack([before, until[:, -1]])[np.arange(len(way)), free.argmax(axis=1)], dtype=np.float64
    )


def _place_spiral(radius: NDArray[np.float64]) -> Points:
    """Very many discs on a spiral, the largest in the middle."""
    order = np.argsort(-radius, kind="stable")
    rank = np.arange(len(radius))
    points = np.empty((len(radius), 2))
    turn = rank * TURN
    far = np.sqrt(np.cumsum(radius[order] ** 2))
    points[order] = far[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    return points
