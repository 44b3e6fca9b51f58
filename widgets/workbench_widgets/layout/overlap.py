"""Taking boxes apart that overlap, moving them as little as need be, and setting parts side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.linalg import splu
from scipy.spatial import Delaunay, QhullError, cKDTree

from workbench_widgets.layout.label_size import Box

Points = NDArray[np.float64]

ROUNDS = 60
PUSHES = 400
STEP = 1.5
GATHERS = 40
DRAW = 0.94
SMALL = 4
SINGLE = 24
TINY = 1e-6
HAIR = 0.1
ENOUGH = 1.0005
SKIN = 0.3
SPREADS = 90
PATIENCE = 3
ROUND = 10
FARING = 0.05
GROW = 1.08


def separate_boxes(points: Points, extents: Points) -> Points:
    """Positions without overlaps near the given ones.

    Parameters
    ----------
    points : array, shape (n, 2)
    extents : array, shape (n, 3)
        Half width, height above and height below each point.

    Notes
    -----
    First the whole is stretched where neighbours overlap (PRISM), which keeps its shape; what is left is pushed apart.

    References
    ----------
    Gansner and Hu, Efficient node overlap removal using a proximity stress model, GD 2008.
    """
    shift = np.column_stack([np.zeros(len(points)), (extents[:, 2] - extents[:, 1]) / 2])
    half = np.column_stack([extents[:, 0], (extents[:, 1] + extents[:, 2]) / 2]) + HAIR
    middle = _push_boxes(_stretch_boxes(points + shift, half), half)
    return np.asarray(middle - shift, dtype=np.float64)


def gather_discs(points: Points, radius: NDArray[np.float64]) -> Points:
    """Draw discs together towards their middle as long as they fit, without changing their order around it."""
    for _ in range(GATHERS):
        points = _push_discs(points * DRAW, radius)
    return points


def pack_rectangles(sizes: list[tuple[float, float]], ratio: float, gap: float) -> list[tuple[float, float]]:
    """Top left corners of rectangles set side by side, so that the whole has about the given ratio of width by height.

    The largest come first, each in the corner of others where the whole grows least; beyond SINGLE of them, the small ones
    are set in rows first and count as one.
    """
    order = sorted(range(len(sizes)), key=lambda i: (-round(sizes[i][0] * sizes[i][1], 3), i))
    many = order[SINGLE:]
    rows = _place_rows([sizes[i] for i in many], ratio, gap)
    block = [(x + sizes[i][0], y + sizes[i][1]) for (x, y), i in zip(rows, many, strict=True)]
    wide, high = max((x for x, _ in block), default=0.0), max((y for _, y in block), default=0.0)
    places = _place_rectangles([sizes[i] for i in order[:SINGLE]] + [(wide, high)] * bool(many), ratio, gap)
    found = dict(zip(order[:SINGLE], places, strict=False))
    for i, (x, y) in zip(many, rows, strict=True):
        found[i] = (places[-1][0] + x, places[-1][1] + y)
    return [found[i] for i in range(len(sizes))]


def _place_rectangles(sizes: list[tuple[float, float]], ratio: float, gap: float) -> list[tuple[float, float]]:
    """Place each rectangle where the whole grows least, at a corner of those that stand."""
    boxes: list[Box] = []
    for width, height in sizes:
        tries = [(0.0, 0.0)]
        for a in boxes:
            tries += [(a.right + gap, b.top) for b in boxes] + [(b.left, a.bottom + gap) for b in boxes]
        fits = [Box(x, y, x + width, y + height) for x, y in tries]
        taken = [_expand_box(other, gap) for other in boxes]
        free = [box for box in fits if not any(other.overlaps(box) for other in taken)]
        boxes.append(min(free, key=lambda box: _compute_growth(box, boxes, ratio)))
    return [(box.left, box.top) for box in boxes]


def _expand_box(box: Box, gap: float) -> Box:
    near = gap - TINY
    return Box(box.left - near, box.top - near, box.right + near, box.bottom + near)


def _compute_growth(box: Box, boxes: list[Box], ratio: float) -> tuple[float, float]:
    """Size of the sheet that takes all, and how far out the box lies."""
    wide, high = max(other.right for other in [*boxes, box]), max(other.bottom for other in [*boxes, box])
    return round(max(wide / ratio, high), 3), round(box.left / ratio + box.top, 3)


def _place_rows(sizes: list[tuple[float, float]], ratio: float, gap: float) -> list[tuple[float, float]]:
    """Corners of rectangles set in rows, the highest first."""
    area = sum((width + gap) * (height + gap) for width, height in sizes)
    broad = max([(area * ratio) ** 0.5, *(width for width, _ in sizes)], default=0.0)
    corners: list[tuple[float, float]] = [(0.0, 0.0)] * len(sizes)
    x = y = row = 0.0
    for index in sorted(range(len(sizes)), key=lambda i: (-round(sizes[i][1], 3), i)):
        width, height = sizes[index]
        if x > 0 and x + width > broad + TINY:
            x, y, row = 0.0, y + row + gap, 0.0
        corners[index] = (x, y)
        x, row = x + width + gap, max(row, height)
    return corners


def _stretch_boxes(points: Points, half: Points) -> Points:
    for _ in range(ROUNDS):
        pairs = _find_neighbours(points, half)
        if pairs is None:
            return points
        delta = points[pairs[:, 1]] - points[pairs[:, 0]]
        need = half[pairs[:, 0]] + half[pairs[:, 1]]
        ratio = np.divide(need, np.abs(delta), out=np.full_like(delta, np.inf), where=np.abs(delta) > TINY).min(axis=1)
        if ratio.max(initial=0) <= ENOUGH:
            return points
        gap = np.maximum(np.hypot(*delta.T), 1e-3)
        points = _fit_pairs(points, pairs, gap * np.clip(ratio, 1, STEP))
    return points


def _find_neighbours(points: Points, half: Points) -> NDArray[np.int64] | None:
    """Pairs that lie next to each other, and those that overlap."""
    if len(points) < SMALL:
        return None
    try:
        triangles = Delaunay(points).simplices
    except QhullError:
        return None
    sides = np.concatenate(
        [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]], _find_overlaps(points, half)]
    )
    return np.asarray(np.unique(np.sort(sides, axis=1), axis=0), dtype=np.int64)


def _fit_pairs(points: Points, pairs: NDArray[np.int64], wanted: NDArray[np.float64]) -> Points:
    """One step of stress majorisation over the given pairs only."""
    count = len(points)
    weight = 1 / wanted**2
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    double = np.concatenate([weight, weight])
    laplacian = _build_laplacian(double, rows, columns, count) + diags(np.full(count, weight.mean() * 1e-6))
    delta = points[pairs[:, 0]] - points[pairs[:, 1]]
    ratio = weight * wanted / np.maximum(np.hypot(*delta.T), 1e-3)
    moved = _build_laplacian(np.concatenate([ratio, ratio]), rows, columns, count) @ points
    return np.asarray(splu(laplacian.tocsc()).solve(moved), dtype=np.float64)


def _build_laplacian(
    weight: NDArray[np.float64], rows: NDArray[np.int64], columns: NDArray[np.int64], count: int
) -> csr_matrix:
    matrix = coo_matrix((weight, (rows, columns)), shape=(count, count)).tocsr()
    return diags(np.asarray(matrix.sum(axis=1)).ravel()) - matrix


def _find_overlaps(points: Points, half: Points) -> NDArray[np.int64]:
    reach = 2 * float(np.hypot(*half.T).max(initial=0))
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    pairs = pairs[np.lexsort(pairs.T[::-1])] if len(pairs) else pairs.reshape(0, 2)
    need = half[pairs[:, 0]] + half[pairs[:, 1]] - np.abs(points[pairs[:, 1]] - points[pairs[:, 0]])
    return np.asarray(pairs[(need > TINY).all(axis=1)], dtype=np.int64)


def _push_boxes(points: Points, half: Points) -> Points:
    """Push overlapping pairs apart, along the axis on which they overlap least, until none is left."""
    points = points.copy()
    for _ in range(PUSHES):
        pairs = _find_overlaps(points, half)
        if not len(pairs):
            break
        delta = points[pairs[:, 1]] - points[pairs[:, 0]]
        need = half[pairs[:, 0]] + half[pairs[:, 1]] - np.abs(delta)
        axis = need.argmin(axis=1)
        rows = np.arange(len(pairs))
        way = np.zeros_like(delta)
        way[rows, axis] = np.where(delta[rows, axis] < 0, -1.0, 1.0) * (need[rows, axis] / 2 + 0.5)
        _move_pairs(points, pairs, way)
    return points


def _push_discs(points: Points, radius: NDArray[np.float64]) -> Points:
    """Push overlapping discs apart along the line between their middles."""
    points = points.copy()
    for _ in range(PUSHES):
        pairs = _find_overlaps(points, np.column_stack([radius, radius]))
        delta = points[pairs[:, 1]] - points[pairs[:, 0]]
        gap = np.maximum(np.hypot(*delta.T), TINY)
        need = np.maximum(radius[pairs].sum(axis=1) - gap, 0.0)
        if need.max(initial=0.0) < 1:
            break
        _move_pairs(points, pairs, delta * (need * 0.52 / gap)[:, None])
    return points


def _move_pairs(points: Points, pairs: NDArray[np.int64], way: Points) -> None:
    np.add.at(points, pairs[:, 1], way)
    np.add.at(points, pairs[:, 0], -way)


def separate_groups(points: Points, extents: Points, group: NDArray[np.int64]) -> Points:
    """Positions near the given ones at which no boxes of one group overlap; groups do not heed each other.

    All groups are done at once. Where pushing does not end soon, the group is drawn larger.
    """
    shift = np.column_stack([np.zeros(len(points)), (extents[:, 2] - extents[:, 1]) / 2])
    half = np.column_stack([extents[:, 0], (extents[:, 1] + extents[:, 2]) / 2]) + HAIR
    local = points + shift
    mean = np.column_stack([np.bincount(group, local[:, k]) for k in (0, 1)]) / np.bincount(group)[:, None]
    local -= mean[group]
    scale = half.max(axis=0)
    local, half = local / scale, half / scale
    rest = np.arange(len(points))
    for turn in range(SPREADS):
        cells = _compute_cells(group[rest]) * (4 * np.abs(local[rest]).max() + 40)
        pairs = rest[_find_close_pairs(local[rest] + cells)]
        bad = np.zeros(len(points), dtype=bool)
        bad[pairs[_compute_overlaps(local, half, pairs)[0]].ravel()] = True
        if not bad.any():
            break
        rest = np.flatnonzero(np.isin(group, group[bad]))
        if turn % PATIENCE == PATIENCE - 1:
            local[rest] *= GROW
            continue
        for _ in range(2):
            bad[pairs[bad[pairs].any(axis=1)].ravel()] = True
        near = np.flatnonzero(bad)
        cells = _compute_cells(group[near]) * (4 * np.abs(local[near]).max() + 40)
        local[near] = _push_apart(local[near], half[near], cells)
    return np.asarray(local * scale + mean[group] - shift, dtype=np.float64)


def _push_apart(local: Points, half: Points, cells: Points) -> Points:
    """Push overlapping pairs apart for a while; who has come close to whom is looked up when many have moved far."""
    pairs, since = _find_close_pairs(local + cells), local.copy()
    for _ in range(ROUND):
        far = (np.abs(local - since) > SKIN / 2).any(axis=1)
        if np.count_nonzero(far) > FARING * len(local):
            pairs, since = _find_close_pairs(local + cells), local.copy()
        hit, delta, need = _compute_overlaps(local, half, pairs)
        if not len(hit):
            break
        _nudge_pairs(local, pairs[hit], delta, need)
    return local


def _compute_overlaps(
    local: Points, half: Points, pairs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Points, Points]:
    """Which pairs overlap, the way from one to the other, and by how much."""
    a, b = pairs.T
    delta = local[b] - local[a]
    need = half[a] + half[b] - np.abs(delta)
    hit = np.flatnonzero((need[:, 0] > TINY) & (need[:, 1] > TINY))
    return hit, delta[hit], need[hit]


def _compute_cells(group: NDArray[np.int64]) -> Points:
    """Column and row of the cell of each group, far from those of others."""
    found, number = np.unique(group, return_inverse=True)
    side = int(np.ceil(np.sqrt(len(found))))
    return np.asarray(np.column_stack([number % side, number // side]), dtype=np.float64)


def _find_close_pairs(points: Points) -> NDArray[np.int64]:
    return np.asarray(cKDTree(points).query_pairs(2 + SKIN, p=np.inf, output_type="ndarray"), dtype=np.int64)


def _nudge_pairs(points: Points, pairs: NDArray[np.int64], delta: Points, need: Points) -> None:
    """Move each pair apart along the axis on which it overlaps least."""
    for axis in (0, 1):
        chosen = np.flatnonzero((need[:, 0] <= need[:, 1]) == (axis == 0))
        a, b = pairs[chosen].T
        way = np.where(delta[chosen, axis] < 0, -1.0, 1.0) * (need[chosen, axis] * 0.51 + 0.004)
        points[:, axis] += np.bincount(b, way, len(points)) - np.bincount(a, way, len(points))
