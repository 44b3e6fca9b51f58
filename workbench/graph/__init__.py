"""Statements to graphs: occurrences of links, who holds what, networks, positions, paths. Floor 3.

Tables in, tables and networkx graphs out; nothing is stored and the order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.graph.dated_events import list_dated_events
from workbench.graph.entity_places import list_places
from workbench.graph.holders import attribute_links, find_holders, list_attributions
from workbench.graph.link_occurrences import list_links
from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench.graph.communities import find_communities
    from workbench.graph.graph_builder import build_contact_graph, build_graph, flatten_graph
    from workbench.graph.measures import RANKING_WARNING, build_ranking
    from workbench.graph.neighbourhoods import find_paths, list_link_occurrences, select_neighbourhood

_PLACES = {
    "build_graph": "workbench.graph.graph_builder",
    "find_communities": "workbench.graph.communities",
    "build_contact_graph": "workbench.graph.graph_builder",
    "flatten_graph": "workbench.graph.graph_builder",
    "select_neighbourhood": "workbench.graph.neighbourhoods",
    "find_paths": "workbench.graph.neighbourhoods",
    "build_ranking": "workbench.graph.measures",
    "RANKING_WARNING": "workbench.graph.measures",
    "list_link_occurrences": "workbench.graph.neighbourhoods",
}
"""What needs networkx is loaded when it is first used."""

__all__ = [
    "RANKING_WARNING",
    "attribute_links",
    "build_contact_graph",
    "build_graph",
    "build_ranking",
    "find_communities",
    "find_holders",
    "find_paths",
    "flatten_graph",
    "list_attributions",
    "list_dated_events",
    "list_link_occurrences",
    "list_links",
    "list_places",
    "select_neighbourhood",
]

__getattr__ = load_on_use(__name__, _PLACES)
