"""Plain layouts: a circle and a grid, in the order of captions."""

from __future__ import annotations

import math

import networkx as nx

from workbench_widgets.layout.labels import caption, extent

SPACE = 12.0


def circular(graph: nx.Graph) -> dict[str, tuple[float, float]]:
    """Positions on a circle, linked nodes near each other, wide enough for every label."""
    nodes = _near_each_other(graph)
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    sizes = [extent(caption(graph, node)) for node in nodes]
    room = max((math.hypot(2 * half, above + below) for half, above, below in sizes), default=0.0)
    radius = max((room + SPACE) / (2 * math.sin(math.pi / max(len(nodes), 2))), 90.0)
    turn = 2 * math.pi / max(len(nodes), 1)
    return {
        node: (round(radius * math.sin(i * turn), 2), round(-radius * math.cos(i * turn), 2))
        for i, node in enumerate(nodes)
    }


def grid(graph: nx.Graph, ratio: float = 1.6) -> dict[str, tuple[float, float]]:
    """Positions in rows, in the order of captions; `ratio` is the width by the height of the whole."""
    nodes = sorted(graph, key=lambda node: (caption(graph, node).casefold(), str(node)))
    sizes = [extent(caption(graph, node)) for node in nodes]
    wide = max((2 * half for half, _, _ in sizes), default=0.0) + SPACE
    high = max((above + below for _, above, below in sizes), default=0.0) + SPACE
    columns = max(1, round(math.sqrt(len(nodes) * ratio * high / wide))) if nodes else 1
    return {node: (i % columns * wide, i // columns * high) for i, node in enumerate(nodes)}


def _near_each_other(graph: nx.Graph) -> list[str]:
    """Nodes in an order that walks along the links, from the node with most of them."""
    simple = nx.Graph(graph)
    rest = sorted(simple, key=lambda node: (-simple.degree(node), str(node)))
    order: list[str] = []
    seen: set[str] = set()
    for start in rest:
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                order.append(node)
                stack.extend(sorted(set(simple[node]) - seen, key=lambda other: (simple.degree(other), str(other))))
    return order
