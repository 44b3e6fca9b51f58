"""The link chart."""

from __future__ import annotations

from workbench_widgets.chart.linkchart import LinkChart

__all__ = ["LinkChart"]
