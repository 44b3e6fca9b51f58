"""The portable link chart: one file that opens anywhere, without a network; its static twin, print and bitmap."""

from __future__ import annotations

from workbench_widgets.portable.annotations import Annotations
from workbench_widgets.portable.chart_page import Evidence, html
from workbench_widgets.portable.chart_pdf import PAPERS, Words, pdf, png
from workbench_widgets.portable.drawing import CAP
from workbench_widgets.portable.static_svg import svg

__all__ = ["CAP", "PAPERS", "Annotations", "Evidence", "Words", "html", "pdf", "png", "svg"]
