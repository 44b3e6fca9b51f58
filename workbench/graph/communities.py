"""Groups of entities with more links among themselves than with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from graspologic_native import leiden_csr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from workbench.graph.contact_arrays import list_contacts

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from workbench.graph.contact_arrays import Contacts

ROUNDS = 3
"""Rounds of Leiden's method: a fourth adds less than 0.005 to the modularity."""


def find_communities(
    graph: nx.MultiDiGraph, *, services: bool = False, suggested: bool = False, seed: int = 1
) -> dict[str, int]:
    """Divide the entities into groups with more links among themselves than with others.

    Returns
    -------
    dict
        Canonical id -> number of its community; 1 is the largest, among equals the one with the smallest id. An entity
        without a link is a community of its own.

    Notes
    -----
    Leiden's method (seeded) for modularity, weighted by occurrences. Each community is connected, and the order in which nodes and edges
    were added changes nothing. A community is a cut through the data supplied, not a gang: another seed or one more
    device can cut elsewhere, and a group chat alone makes one.

    References
    ----------
    Traag, Waltman and van Eck, From Louvain to Leiden: guaranteeing well-connected communities, Sci. Rep. 9 (2019).
    """
    contacts = list_contacts(graph, services=services, suggested=suggested)
    return dict(zip(contacts.nodes, number_communities(contacts, seed).tolist(), strict=True))


def number_communities(contacts: Contacts, seed: int = 1) -> NDArray[np.int64]:
    """Number of the community of each entity, as `find_communities` has it."""
    count = len(contacts.nodes)
    label = np.arange(count)
    if len(contacts.first):
        matrix = contacts.build_matrix()
        pointer, columns = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
        _, found = leiden_csr(pointer, columns, matrix.data, count, iterations=ROUNDS, seed=seed)
        label[list(found)] = count + np.array(list(found.values()))
    return _number_by_size(_split_disconnected(contacts, label))


def _split_disconnected(contacts: Contacts, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels, apart where a group is not connected."""
    inside = label[contacts.first] == label[contacts.second]
    ends, size = (contacts.first[inside], contacts.second[inside]), len(contacts.nodes)
    within = csr_matrix((np.ones(len(ends[0])), ends), (size, size))
    found: NDArray[np.int64] = connected_components(within, directed=False)[1]
    return found


def _number_by_size(label: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels as numbers from 1: the largest group first, among equals the one with the first entity."""
    _, first, group, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, len(first) + 1)
    return number[group]
