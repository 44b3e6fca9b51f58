"""The ids that a graph of a case names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def list_named_ids(net: nx.Graph) -> set[str]:
    """Ids of entities and documents of which a graph tells."""
    found = {str(node) for node in net} | {key for _, data in net.nodes(data=True) for key in data.get("accounts", ())}
    return found | {key for *_, data in net.edges(data=True) for key in data.get("document_ids", ())}
