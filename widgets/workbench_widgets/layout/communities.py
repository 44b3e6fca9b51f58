"""Groups of nodes with more links among each other than to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import connected_components

from workbench_widgets.layout.graph_arrays import Network, list_label_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDS = 3


def find_communities(network: Network, *, seed: int = 1, resolution: float = 1.0) -> NDArray[np.int64]:
    """Label of each node: 0 for the largest community, then by size.

    Notes
    -----
    By Leiden (graspologic-native); by Louvain (networkx) where that is not installed. Each community is connected. They follow from the
    links in the data supplied only, and another seed may draw some borders otherwise.

    References
    ----------
    Traag, Waltman and van Eck, From Louvain to Leiden: guaranteeing well-connected communities, 2019.
    """
    if not len(network.pairs):
        return np.arange(network.count)
    label = _find_leiden_communities(network, seed, resolution)
    if label is None:
        label = _find_louvain_communities(network, seed, resolution)
    return _split_disconnected(network, label)


def _find_leiden_communities(network: Network, seed: int, resolution: float) -> NDArray[np.int64] | None:
    try:
        from graspologic_native import leiden_csr
    except ImportError:
        return None
    matrix = network.matrix()
    rows, columns = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    _, found = leiden_csr(
        rows, columns, matrix.data, network.count, resolution=resolution, seed=seed, iterations=ROUNDS
    )
    return np.array([found.get(node, -1 - node) for node in range(network.count)])


def _find_louvain_communities(network: Network, seed: int, resolution: float) -> NDArray[np.int64]:
    graph = nx.Graph()
    graph.add_nodes_from(range(network.count))
    graph.add_weighted_edges_from(zip(*network.pairs.T.tolist(), network.weight.tolist(), strict=True))
    label = np.empty(network.count, dtype=np.int64)
    for number, group in enumerate(nx.community.louvain_communities(graph, resolution=resolution, seed=seed)):
        label[list(group)] = number
    return label


def _split_disconnected(network: Network, label: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels, apart where a group is not connected, numbered by size."""
    inside = label[network.pairs[:, 0]] == label[network.pairs[:, 1]]
    own = Network(network.count, network.pairs[inside], network.weight[inside])
    found = np.empty(network.count, dtype=np.int64)
    for number, members in enumerate(list_label_groups(connected_components(own.matrix(), directed=False)[1])):
        found[members] = number
    return found
