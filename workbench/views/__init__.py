"""Tables and graphs to what is seen in a notebook. Floor 3; the only room that draws with workbench_widgets."""

from __future__ import annotations

from workbench_widgets.exchange import anx
from workbench_widgets.passage import Marked, Passage

from workbench.views.chart import PortableChart, chart

__all__ = ["Marked", "Passage", "PortableChart", "anx", "chart"]
