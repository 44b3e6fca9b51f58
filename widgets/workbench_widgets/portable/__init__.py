"""The portable link chart: one file that opens anywhere, without a network; its static twin, print and bitmap."""

from __future__ import annotations

from workbench_widgets.portable.annotations import Annotations
from workbench_widgets.portable.chart_page import Evidence, build_chart_page, describe_chart
from workbench_widgets.portable.chart_pdf import PAPERS, Words, draw_pdf, to_png
from workbench_widgets.portable.drawing import CAP
from workbench_widgets.portable.static_svg import draw_svg

__all__ = [
    "CAP",
    "PAPERS",
    "Annotations",
    "Evidence",
    "Words",
    "build_chart_page",
    "describe_chart",
    "draw_pdf",
    "draw_svg",
    "to_png",
]
