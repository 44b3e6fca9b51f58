"""Where the case is worked on in IPython or Jupyter: how its tables are printed."""

from __future__ import annotations

import sys


def set_table_escapes() -> None:
    """Let control characters and direction overrides in printed tables stand as code points (`workbench.views.table_display`)."""
    if "IPython" in sys.modules:
        from workbench.views import table_display

        table_display.set_table_escapes()
