"""Charts for other programs and back: GraphML (networkx, Gephi, yEd) and the exchange form of i2 Analyst's Notebook (ANX)."""

from __future__ import annotations

from workbench_widgets.exchange.anx_reader import read_anx as read_anx
from workbench_widgets.exchange.anx_writer import to_anx
from workbench_widgets.exchange.graphml import GraphmlChart, read_graphml, to_graphml

__all__ = ["GraphmlChart", "read_anx", "read_graphml", "to_anx", "to_graphml"]
