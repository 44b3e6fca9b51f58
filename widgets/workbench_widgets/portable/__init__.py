"""The portable link chart: one file that opens anywhere, without a network, and its static twin."""

from __future__ import annotations

from workbench_widgets.portable.drawing import CAP
from workbench_widgets.portable.page import Evidence, html
from workbench_widgets.portable.static import svg

__all__ = ["CAP", "Evidence", "html", "svg"]
