"""Chart layouts: a graph in, positions out. Pure and seeded, so that one graph has one picture.

Positions are in pixels at scale 1, x to the right and y down, as screens have them. An icon has a radius of RADIUS and
its label lies below it; `boxes` says which room each takes.
"""

from __future__ import annotations

from workbench_widgets.layout.circular import circular
from workbench_widgets.layout.communities import find_communities
from workbench_widgets.layout.extension import extend_layout
from workbench_widgets.layout.grid import grid
from workbench_widgets.layout.grouped import grouped
from workbench_widgets.layout.hierarchy import hierarchy
from workbench_widgets.layout.label_size import RADIUS, Box, compute_boxes, compute_text_width, wrap_text
from workbench_widgets.layout.lanes import Lanes, Theme, build_time_lanes, lanes
from workbench_widgets.layout.layouts import KINDS, compute_positions
from workbench_widgets.layout.organic import organic
from workbench_widgets.layout.peacock import peacock

__all__ = [
    "KINDS",
    "RADIUS",
    "Box",
    "Lanes",
    "Theme",
    "build_time_lanes",
    "circular",
    "compute_boxes",
    "compute_positions",
    "compute_text_width",
    "extend_layout",
    "find_communities",
    "grid",
    "grouped",
    "hierarchy",
    "lanes",
    "organic",
    "peacock",
    "wrap_text",
]
