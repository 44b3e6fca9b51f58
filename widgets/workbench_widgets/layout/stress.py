"""Positions whose distances follow the distances in the graph: stress majorisation, up to a few hundred nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

Points = NDArray[np.float64]
Pairs = NDArray[np.int64]

ITERATIONS = 250
STARTS = 4
TOLERANCE = 1e-4
LOOK = 10
TINY = 1e-9


def compute_lengths(count: int, pairs: Pairs, unit: float) -> NDArray[np.float64]:
    """Wanted length of each link, in pixels: longer where its ends have many neighbours that they do not share."""
    linked = np.zeros((count, count), dtype=bool)
    linked[pairs[:, 0], pairs[:, 1]] = linked[pairs[:, 1], pairs[:, 0]] = True
    apart = (linked[pairs[:, 0]] ^ linked[pairs[:, 1]]).sum(axis=1)
    return np.asarray(unit * (0.62 + 0.2 * np.sqrt(apart)), dtype=np.float64)


def compute_distances(count: int, pairs: Pairs, length: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of the shortest way between each two nodes of a connected graph."""
    matrix = csr_matrix((length, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(shortest_path(matrix, directed=False), dtype=np.float64)


def compute_layout(wanted: NDArray[np.float64], pairs: Pairs, seed: int, starts: int = STARTS) -> Points:
    """Positions of the fewest crossings out of several starts, in the units of `wanted`.

    References
    ----------
    Gansner, Koren and North, Graph drawing by stress majorization, GD 2004.
    """
    rng = np.random.default_rng(seed)
    first = [
        compute_classical_scaling(wanted),
        *(rng.normal(size=(len(wanted), 2)) * wanted.max() for _ in range(starts - 1)),
    ]
    found = [majorise_stress(start, wanted) for start in first]
    return min(found, key=lambda points: (count_crossings(points, pairs), round(_compute_stress(points, wanted), 6)))


def majorise_stress(points: Points, wanted: NDArray[np.float64], iterations: int = ITERATIONS) -> Points:
    """Move points until their distances fit the wanted ones as well as they can."""
    weight = _compute_weights(wanted)
    inverse = np.linalg.inv(
        np.diag(weight.sum(axis=1)) - weight + 1 / len(points)
    )  # but for a shift, the pseudo-inverse
    pull = weight * wanted
    before = np.inf
    for step in range(iterations):
        gap = _compute_gaps(points)
        np.maximum(gap, TINY, out=gap)
        ratio = np.divide(pull, gap, out=gap)
        points = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
        if not (step + 1) % LOOK and step + 1 < iterations:
            now = _compute_stress(points, wanted)
            if before - now < TOLERANCE * now:
                break
            before = now
    return points


def count_crossings(points: Points, pairs: Pairs) -> int:
    """How many pairs of links cross."""
    a, b = points[pairs[:, 0]], points[pairs[:, 1]]
    one = _compute_side(a[:, None], b[:, None], a[None]) * _compute_side(a[:, None], b[:, None], b[None]) < 0
    shared = (pairs[:, None, :, None] == pairs[None, :, None, :]).any(axis=(2, 3))
    return int(np.triu(one & one.T & ~shared, 1).sum())


def _compute_side(a: Points, b: Points, c: Points) -> NDArray[np.float64]:
    across = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return np.asarray(np.sign(across), dtype=np.float64)


def _compute_weights(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    weight = np.zeros_like(wanted)
    np.divide(1.0, wanted**2, out=weight, where=wanted > 0)
    return weight


def _compute_gaps(points: Points) -> NDArray[np.float64]:
    across, down = (np.subtract.outer(axis, axis) for axis in points.T)
    across *= across
    down *= down
    across += down
    return np.asarray(np.sqrt(across, out=across), dtype=np.float64)


def _compute_stress(points: Points, wanted: NDArray[np.float64]) -> float:
    return float((_compute_weights(wanted) * (_compute_gaps(points) - wanted) ** 2).sum())


def compute_classical_scaling(wanted: NDArray[np.float64]) -> Points:
    """Classical scaling: the plane that keeps most of the distances; signs fixed so that it is the same everywhere."""
    square = wanted**2
    mean = square.mean(axis=0)
    values, vectors = np.linalg.eigh(-0.5 * (square - mean - mean[:, None] + mean.mean()))
    chosen = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-9))
    signs = np.sign(chosen[np.abs(chosen).argmax(axis=0), [0, 1]])
    spread = np.random.default_rng(0).normal(scale=wanted.max() / 1000, size=chosen.shape)
    return np.asarray(chosen * np.where(signs == 0, 1, signs) + spread, dtype=np.float64)
