"""Time lanes: one lane for each entity, time from left to right, links as vertical theme lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import isotonic_regression

from workbench_widgets.layout.circular import walk_links
from workbench_widgets.layout.graph_arrays import Network, Points, read_graph
from workbench_widgets.layout.organic import compute_extents, to_positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from numpy.typing import NDArray

TIMES = ("date", "startDate", "first", "start", "time")
LEFT = 180.0
WIDTH = 1400.0
SPACE = 8.0
ROUNDS = 20
APART = 2.0
"""Pixels between boxes in a lane, so that none touches another when places are rounded."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A link at its time: a vertical line at `x` from the lane of one end to that of the other (pixels)."""

    source: str
    target: str
    x: float
    y: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Positions of all nodes, entities from the top lane down, and the theme lines in the order of time.

    `begin` and `end` are the first and last time as seconds since 1970 (UTC); they lie at `x` of `span`.
    """

    positions: dict[str, tuple[float, float]]
    order: list[str]
    themes: list[Theme]
    begin: float
    end: float
    span: tuple[float, float]


def find_seconds(data: Mapping[str, object]) -> float | None:
    """Time of a node or link, in seconds since 1970: the first of the attributes TIMES that holds one.

    ISO 8601 text, datetimes, dates and numbers (seconds) are times; without a zone they are taken for UTC.
    """
    for name in TIMES:
        found = _to_seconds(data.get(name))
        if found is not None:
            return found
    return None


def _to_seconds(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, str):
        text = value.strip()
        full = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
        try:
            value = datetime.fromisoformat(full)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime) or value != value:  # noqa: PLR0124 - a time that is missing differs from itself
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def arrange_lanes(graph: nx.Graph, *, width: float = WIDTH) -> dict[str, tuple[float, float]]:
    """Positions of all nodes in time lanes; `build_time_lanes` gives the theme lines and the axis too."""
    return build_time_lanes(graph, width=width).positions


def build_time_lanes(graph: nx.Graph, *, width: float = WIDTH) -> Lanes:
    """Lanes of a graph whose links, or events among its nodes, have times.

    Parameters
    ----------
    graph : Graph or MultiDiGraph
        A node with a time (see `seconds`) that is linked to something is an event; every other node is an entity with a lane.
    width : float
        Pixels from the first time to the last; more where events would overlap.

    Returns
    -------
    Lanes
        Entities stand at the left end of their lane; an event stands in the lane of one of its entities, the middle one, at its time, or
        a little beside it where others are. Lanes of linked entities lie near each other.
    """
    nodes, network = read_graph(graph)
    size = compute_extents(graph, nodes, network)
    times = [find_seconds(graph.nodes[node]) for node in nodes]
    event = np.array([t is not None for t in times], dtype=bool) & (network.degrees() > 0)
    event &= _find_entity_neighbours(network, event)
    entities = np.flatnonzero(~event)
    row = _assign_lanes(network, event, entities)
    high = float((size[:, 1] + size[:, 2]).max(initial=0.0)) + SPACE
    links = [(a, b, find_seconds(data)) for a, b, data in graph.edges(data=True) if a != b]
    known = [t for t, shown in zip(times, event, strict=True) if shown and t is not None]
    known += [t for _, _, t in links if t is not None]
    begin, end = min(known, default=0.0), max(known, default=0.0)
    left = round(LEFT + 2 * float(size[:, 0].max(initial=0.0)), 2)
    scale = width / (end - begin) if end > begin else 0.0
    points = np.column_stack([np.zeros(len(nodes)), row * high])
    x = np.array([left + ((t or begin) - begin) * scale for t in times])
    for lane in np.unique(row[event]):
        members = np.flatnonzero(event & (row == lane))
        points[members, 0] = _place_in_line(x[members], size[members, 0])
    positions = to_positions(graph, nodes, points)
    themes = [
        Theme(a, b, round(left + (t - begin) * scale, 2), (positions[a][1], positions[b][1]))
        for a, b, t in links
        if t is not None
    ]
    themes.sort(key=lambda theme: (theme.x, theme.y, str(theme.source), str(theme.target)))
    order = [nodes[number] for number in entities[np.argsort(row[entities], kind="stable")]]
    return Lanes(positions, order, themes, begin, end, (left, left + width))


def _find_entity_neighbours(network: Network, event: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes are linked to one that is no event."""
    found = np.zeros(network.count, dtype=bool)
    for a, b in ((0, 1), (1, 0)):
        found[network.pairs[~event[network.pairs[:, b]], a]] = True
    return found


def _assign_lanes(network: Network, event: NDArray[np.bool_], entities: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lane of each node: of entities by their links (through events too), of events the middle one of theirs."""
    number = np.full(network.count, -1)
    number[entities] = np.arange(len(entities))
    direct = ~event[network.pairs].any(axis=1)
    ends = [number[network.pairs[direct]]]
    of_event: dict[int, list[int]] = {}
    for a, b in network.pairs[event[network.pairs].sum(axis=1) == 1].tolist():
        moment, entity = (a, b) if event[a] else (b, a)
        of_event.setdefault(moment, []).append(int(number[entity]))
    ends += [np.column_stack([others[:-1], others[1:]]) for others in of_event.values() if len(others) > 1]
    order = _rank_nodes(Network.from_links(len(entities), np.concatenate(ends)))
    row = np.zeros(network.count)
    row[entities] = order
    for moment, others in of_event.items():
        lanes_of = sorted(order[other] for other in others)
        row[moment] = lanes_of[(len(lanes_of) - 1) // 2]
    return row


def _rank_nodes(network: Network) -> NDArray[np.int64]:
    """Rank of each node in a line on which linked ones are near each other: means of neighbours, the best of some rounds."""
    a, b = network.pairs.T
    rank = np.empty(network.count, dtype=np.int64)
    rank[walk_links(network)] = np.arange(network.count)
    best, least = rank, float((np.abs(rank[a] - rank[b]) * network.weight).sum())
    total = np.bincount(network.pairs.ravel(), np.repeat(network.weight, 2), network.count)
    for _ in range(ROUNDS):
        near = np.bincount(a, network.weight * rank[b], network.count) + np.bincount(
            b, network.weight * rank[a], network.count
        )
        mean = (near / np.maximum(total, 1e-9) + rank) / 2
        rank = np.argsort(np.lexsort((rank, np.round(np.where(total > 0, mean, rank), 6))))
        length = float((np.abs(rank[a] - rank[b]) * network.weight).sum())
        if length < least:
            best, least = rank, length
    return best


def _place_in_line(x: Points, half: Points) -> Points:
    """Places in a line as near the wanted ones as boxes that do not overlap allow, in the same order."""
    order = np.argsort(x, kind="stable")
    gaps = half[order[1:]] + half[order[:-1]] + APART
    offset = np.concatenate([[0.0], np.cumsum(gaps)])
    found = np.empty(len(x))
    found[order] = isotonic_regression(x[order] - offset).x + offset
    return found + max(0.0, float(x.min() - found.min()))
