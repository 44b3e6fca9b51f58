"""A plain layout: a grid, in the order of captions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import compute_extent, get_caption, list_label_lines

if TYPE_CHECKING:
    import networkx as nx

SPACE = 12.0


def arrange_grid(graph: nx.Graph, ratio: float = 1.6) -> dict[str, tuple[float, float]]:
    """Positions in rows, in the order of captions; `ratio` is the width by the height of the whole."""
    nodes = sorted(graph, key=lambda node: (get_caption(graph, node).casefold(), str(node)))
    sizes = [compute_extent(list_label_lines(graph, node)) for node in nodes]
    wide = max((2 * half for half, _, _ in sizes), default=0.0) + SPACE
    high = max((above + below for _, above, below in sizes), default=0.0) + SPACE
    columns = max(1, round(math.sqrt(len(nodes) * ratio * high / wide))) if nodes else 1
    found = {node: (i % columns * wide, i // columns * high) for i, node in enumerate(nodes)}
    return {node: found[node] for node in graph}
