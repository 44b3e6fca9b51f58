"""Paths between two nodes: fewest links, or forward in time. The same in paths.js."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.model.table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Step = tuple[int, int]
"""The node before, and the link from it."""


def find_path(
    table: Table, links: NDArray[np.bool_], start: int, end: int, *, timed: bool
) -> tuple[list[int], list[int]] | None:
    """Node rows from start to end and the links between them; None where no path is.

    Parameters
    ----------
    links : array of bool
        The links that may be used.
    timed : bool
        Use dated links only, each not earlier than the one before it and, where it has a direction, along it: something
        could have been passed on this way. It does not say that anything was. Otherwise direction is ignored.
    """
    rows = np.flatnonzero(links)
    steps = _find_timed_steps(table, rows, start) if timed else _find_shortest_steps(table, rows, start, end)
    if end not in steps and end != start:
        return None
    nodes, passed = [end], []
    while nodes[-1] != start:
        before, link = steps[nodes[-1]]
        nodes.append(before)
        passed.append(link)
    return nodes[::-1], passed[::-1]


def _find_shortest_steps(table: Table, rows: NDArray[np.intp], start: int, end: int) -> dict[int, Step]:
    near: dict[int, list[Step]] = {}
    for link, (source, target) in zip(rows.tolist(), table.pairs[rows].tolist(), strict=True):
        near.setdefault(source, []).append((target, link))
        near.setdefault(target, []).append((source, link))
    steps: dict[int, Step] = {}
    queue = deque([start])
    while queue and end not in steps:
        node = queue.popleft()
        for other, link in near.get(node, ()):
            if other != start and other not in steps:
                steps[other] = (node, link)
                queue.append(other)
    return steps


def _find_timed_steps(table: Table, rows: NDArray[np.intp], start: int) -> dict[int, Step]:
    dated = sorted((table.last[row], row) for row in rows.tolist() if not math.isnan(table.last[row]))
    steps: dict[int, Step] = {}
    for _, row in dated:
        source, target = int(table.ends[2 * row]), int(table.ends[2 * row + 1])
        ways = [(source, target)] if table.directed[row] else [(source, target), (target, source)]
        for here, there in ways:
            if (here == start or here in steps) and there != start and there not in steps:
                steps[there] = (here, row)
                break
    return steps
