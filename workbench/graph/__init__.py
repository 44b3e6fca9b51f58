"""Statements to graphs: occurrences of links, who holds what, networks, positions, paths. Floor 3.

Tables in, tables and networkx graphs out; nothing is stored and the order of rows changes nothing.
"""

from __future__ import annotations

from workbench.graph.happenings import happenings
from workbench.graph.holders import attribute, attributions, holders
from workbench.graph.measures import communities, ranking
from workbench.graph.network import build, contacts, flat
from workbench.graph.occurrence import links
from workbench.graph.places import places
from workbench.graph.reach import neighbourhood, paths, why_rows

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
