"""Chart layouts: a graph in, positions out. Pure and seeded, so that one graph has one picture.

Positions are in pixels at scale 1, x to the right and y down, as screens have them. An icon has a radius of RADIUS and
its label lies below it; `boxes` says which room each takes.
"""

from __future__ import annotations

from workbench_widgets.layout.circular import circular
from workbench_widgets.layout.communities import communities
from workbench_widgets.layout.extension import extend
from workbench_widgets.layout.grid import grid
from workbench_widgets.layout.grouped import grouped
from workbench_widgets.layout.hierarchy import hierarchy
from workbench_widgets.layout.label_size import RADIUS, Box, boxes, text_width, wrap
from workbench_widgets.layout.lanes import Lanes, Theme, lanes, time_lanes
from workbench_widgets.layout.layouts import KINDS, positions
from workbench_widgets.layout.organic import organic
from workbench_widgets.layout.peacock import peacock

__all__ = [
    "KINDS",
    "RADIUS",
    "Box",
    "Lanes",
    "Theme",
    "boxes",
    "circular",
    "communities",
    "extend",
    "grid",
    "grouped",
    "hierarchy",
    "lanes",
    "organic",
    "peacock",
    "positions",
    "text_width",
    "time_lanes",
    "wrap",
]
