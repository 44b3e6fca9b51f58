"""One self-contained interactive file of linked views: no kernel, no request, a strict content security policy."""

from __future__ import annotations

from workbench_widgets.page.page import build_page

__all__ = ["build_page"]
