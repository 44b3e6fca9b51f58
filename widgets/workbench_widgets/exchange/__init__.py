"""Charts for other programs and back: GraphML (networkx, Gephi, yEd) and the exchange form of i2 Analyst's Notebook (ANX)."""

from __future__ import annotations

from workbench_widgets.exchange.anx import anx
from workbench_widgets.exchange.graphml import GraphmlChart, graphml, read_graphml
from workbench_widgets.exchange.i2 import read as read_anx

__all__ = ["GraphmlChart", "anx", "graphml", "read_anx", "read_graphml"]
