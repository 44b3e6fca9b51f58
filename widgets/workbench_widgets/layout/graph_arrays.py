"""A graph as arrays: nodes in a fixed order, one undirected pair per link, without loops and doubles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

Points = NDArray[np.float64]
Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """Who is linked to whom, by number.

    Attributes
    ----------
    count : int
        How many nodes there are; they are numbered from 0.
    pairs : array, shape (m, 2)
        Each linked pair once, the lower number first, in order.
    weight : array, shape (m,)
        Strength of each pair; grows slowly with the number of occurrences.
    """

    count: int
    pairs: Pairs
    weight: NDArray[np.float64]

    @classmethod
    def from_links(
        cls, count: int, ends: Iterable[tuple[int, int]] | Pairs, times: NDArray[np.float64] | None = None
    ) -> Network:
        """Network of links given by their ends; `times` says how often each occurs (once if not given)."""
        rows = np.asarray(ends if isinstance(ends, np.ndarray) else list(ends), dtype=np.int64).reshape(-1, 2)
        often = np.ones(len(rows)) if times is None else times
        apart = rows[:, 0] != rows[:, 1]
        low, high = np.sort(rows[apart], axis=1).T
        keys, place = np.unique(low * count + high, return_inverse=True)
        total = np.bincount(place, weights=often[apart], minlength=len(keys))
        return cls(count, np.column_stack([keys // max(count, 1), keys % max(count, 1)]), 1 + np.log1p(total))

    def matrix(self) -> csr_matrix:
        """Symmetric matrix of the weights."""
        (a, b), size = self.pairs.T, (self.count, self.count)
        both = np.concatenate([self.weight, self.weight])
        return coo_matrix((both, (np.concatenate([a, b]), np.concatenate([b, a]))), shape=size).tocsr()

    def degrees(self) -> NDArray[np.int64]:
        """How many others each node is linked to."""
        return np.bincount(self.pairs.ravel(), minlength=self.count)

    def parts(self) -> list[NDArray[np.int64]]:
        """Numbers of the nodes of each connected part, the largest first."""
        return list_label_groups(connected_components(self.matrix(), directed=False)[1])

    def split_by_label(self, label: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], Network]]:
        """Members of each label (largest first) and the network between them, numbered anew."""
        groups = list_label_groups(label)
        number, place = np.empty(self.count, dtype=np.int64), np.empty(self.count, dtype=np.int64)
        for index, members in enumerate(groups):
            number[members], place[members] = index, np.arange(len(members))
        inside = np.flatnonzero(number[self.pairs[:, 0]] == number[self.pairs[:, 1]])
        inside = inside[np.argsort(number[self.pairs[inside, 0]], kind="stable")]
        cuts = np.searchsorted(number[self.pairs[inside, 0]], np.arange(1, len(groups)))
        return [
            (members, Network(len(members), place[self.pairs[chosen]], self.weight[chosen]))
            for members, chosen in zip(groups, np.split(inside, cuts), strict=False)
        ]


def list_label_groups(label: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Numbers that have each label, in order; the largest group first, ties by their first number."""
    order = np.argsort(label, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(order) else []
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


def read_graph(graph: nx.Graph) -> tuple[list[str], Network]:
    """Nodes of a graph, ordered by name whatever order they came in, and the network between them."""
    nodes = sorted(graph, key=str)
    index = {node: number for number, node in enumerate(nodes)}
    edges = [(index[a], index[b], _parse_count(often)) for a, b, often in graph.edges(data="count", default=1)]
    table = np.array(edges, dtype=np.float64).reshape(-1, 3)
    return nodes, Network.from_links(len(nodes), table[:, :2].astype(np.int64), table[:, 2])


def _parse_count(often: object) -> float:
    """How often a link occurs; what is no number, or none that makes sense, is once."""
    try:
        found = float(often)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 1.0
    return found if 0 <= found < float("inf") else 1.0
