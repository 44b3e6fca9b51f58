"""Who is in contact with whom, as columns: each pair of entities once, with how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

    import networkx as nx
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

SUGGESTED = "suggested"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Pairs of entities that have a link, without direction.

    Attributes
    ----------
    nodes : list of str
        Canonical ids, sorted; the other columns number them from 0.
    first, second : array of int64, one per pair
        The two ends, the smaller number first.
    weight : array, one per pair
        Number of occurrences.
    confirmed : array of bool, one per pair
        Whether one of its links is more than suggested.
    """

    nodes: list[str]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[Any]
    confirmed: NDArray[np.bool_]

    def build_matrix(self) -> csr_matrix:
        """Symmetric matrix of the occurrences, columns in order."""
        ends = np.concatenate([self.first, self.second]), np.concatenate([self.second, self.first])
        both = np.concatenate([self.weight, self.weight]).astype(float)
        return coo_matrix((both, ends), shape=(len(self.nodes), len(self.nodes))).tocsr()

    def count_others(self) -> NDArray[np.int64]:
        """With how many others each entity is in contact."""
        return np.bincount(np.concatenate([self.first, self.second]), minlength=len(self.nodes))

    def sum_occurrences(self) -> NDArray[np.int64]:
        """How many occurrences each entity has."""
        ends, both = np.concatenate([self.first, self.second]), np.concatenate([self.weight, self.weight])
        return np.bincount(ends, weights=both, minlength=len(self.nodes)).astype(np.int64)

    def drop_isolated(self) -> Contacts:
        """The same without entities that have no contact."""
        there = np.flatnonzero(self.count_others())
        number = np.zeros(len(self.nodes), dtype=np.int64)
        number[there] = np.arange(len(there))
        nodes = [self.nodes[place] for place in there.tolist()]
        return Contacts(nodes, number[self.first], number[self.second], self.weight, self.confirmed)


def list_contacts(
    graph: nx.MultiDiGraph, *, services: bool = False, suggested: bool = True, relations: Collection[str] | None = None
) -> Contacts:
    """List the pairs of entities that have any link; the order of nodes and edges in the graph changes nothing.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build_graph` gives it, or any with the edge attributes `layer` and `count` (received and 1 where missing).
    services : bool
        Keep the nodes of services and the links that come from services only.
    suggested : bool
        Keep links that are only suggested.
    relations : collection of str, optional
        Relations that count; None counts all.

    Returns
    -------
    Contacts
        Pairs in the order of their first edge, edges sorted by source and target.
    """
    nodes = sorted(node for node, data in graph.nodes(data=True) if services or not data.get("service"))
    index = {node: number for number, node in enumerate(nodes)}
    wanted = _select_edges(graph, index, services=services, suggested=suggested, relations=relations)
    columns = [np.asarray(column) for column in zip(*wanted, strict=True)] or [np.zeros(0, dtype=np.int64)] * 4
    return Contacts(nodes, *_merge_pairs(*columns, count=len(nodes)))


def _select_edges(
    graph: nx.MultiDiGraph,
    index: dict[str, int],
    *,
    services: bool,
    suggested: bool,
    relations: Collection[str] | None,
) -> Iterator[tuple[int, int, int, bool]]:
    """Ends, occurrences, and whether it is more than suggested, of each edge that counts."""
    for source, target, data in graph.edges(data=True):
        confirmed = data.get("layer") != SUGGESTED
        wanted = (services or not data.get("service")) and (suggested or confirmed)
        wanted = wanted and (relations is None or data.get("relation") in relations)
        if wanted and source != target and source in index and target in index:
            yield index[source], index[target], data.get("count", 1), confirmed


def _merge_pairs(
    source: NDArray[np.int64], target: NDArray[np.int64], times: NDArray[Any], confirmed: NDArray[Any], *, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any], NDArray[np.bool_]]:
    """Each pair once: its ends, the sum of its occurrences, and whether one of them is confirmed."""
    pair = np.minimum(source, target) * count + np.maximum(source, target)
    order = np.lexsort((source * count + target, pair))
    starts = np.flatnonzero(np.diff(pair[order], prepend=-1))
    if not len(starts):
        return source, target, times, confirmed.astype(bool)
    head = order[starts]
    by_edge = np.argsort((source * count + target)[head])
    weight = np.add.reduceat(times[order], starts)[by_edge]
    sure = np.logical_or.reduceat(confirmed[order], starts)[by_edge]
    return pair[head][by_edge] // count, pair[head][by_edge] % count, weight, sure
