"""Chart layouts: a graph in, positions out. Pure and seeded, so that one graph has one picture.

Positions are in pixels at scale 1, x to the right and y down, as screens have them. An icon has a radius of RADIUS and
its label lies below it; `boxes` says which room each takes.
"""

from __future__ import annotations

from workbench_widgets.layout.circular import arrange_circular
from workbench_widgets.layout.communities import find_communities
from workbench_widgets.layout.extension import extend_layout
from workbench_widgets.layout.grid import arrange_grid
from workbench_widgets.layout.grouped import arrange_groups
from workbench_widgets.layout.hierarchy import arrange_hierarchy
from workbench_widgets.layout.label_size import RADIUS, Box, compute_boxes, compute_text_width, wrap_text
from workbench_widgets.layout.lanes import Lanes, Theme, arrange_lanes, build_time_lanes
from workbench_widgets.layout.layouts import KINDS, compute_positions
from workbench_widgets.layout.organic import arrange_organic
from workbench_widgets.layout.peacock import arrange_peacock

__all__ = [
    "KINDS",
    "RADIUS",
    "Box",
    "Lanes",
    "Theme",
    "arrange_circular",
    "arrange_grid",
    "arrange_groups",
    "arrange_hierarchy",
    "arrange_lanes",
    "arrange_organic",
    "arrange_peacock",
    "build_time_lanes",
    "compute_boxes",
    "compute_positions",
    "compute_text_width",
    "extend_layout",
    "find_communities",
    "wrap_text",
]
