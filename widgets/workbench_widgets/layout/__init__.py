"""Chart layouts: a graph in, positions out. Pure and seeded, so that one graph has one picture.

Positions are in pixels at scale 1, x to the right and y down, as screens have them. An icon has a radius of RADIUS and
its label lies below it; `boxes` says which room each takes.
"""

from __future__ import annotations

from workbench_widgets.layout.extend import extend
from workbench_widgets.layout.labels import RADIUS, Box, boxes, text_width, wrap
from workbench_widgets.layout.organic import organic
from workbench_widgets.layout.simple import circular, grid

__all__ = ["RADIUS", "Box", "boxes", "circular", "extend", "grid", "organic", "text_width", "wrap"]
