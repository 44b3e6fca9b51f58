"""Statements to graphs: occurrences of links, who holds what, networks, positions, paths. Floor 3.

Tables in, tables and networkx graphs out; nothing is stored and the order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.graph.dated_events import happenings
from workbench.graph.entity_places import places
from workbench.graph.holders import attribute, attributions, holders
from workbench.graph.link_occurrences import links
from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench.graph.graph_builder import build, contacts, flat
    from workbench.graph.measures import communities, ranking
    from workbench.graph.neighbourhoods import neighbourhood, paths, why_rows

_PLACES = {
    "build": "workbench.graph.graph_builder",
    "communities": "workbench.graph.measures",
    "contacts": "workbench.graph.graph_builder",
    "flat": "workbench.graph.graph_builder",
    "neighbourhood": "workbench.graph.neighbourhoods",
    "paths": "workbench.graph.neighbourhoods",
    "ranking": "workbench.graph.measures",
    "why_rows": "workbench.graph.neighbourhoods",
}
"""What needs networkx is loaded when it is first used."""

__all__ = [
    "attribute",
    "attributions",
    "build",
    "communities",
    "contacts",
    "flat",
    "happenings",
    "holders",
    "links",
    "neighbourhood",
    "paths",
    "places",
    "ranking",
    "why_rows",
]

__getattr__ = load_on_use(__name__, _PLACES)
