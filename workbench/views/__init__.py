"""Tables and graphs to what is seen in a notebook. Floor 3; the only room that draws with workbench_widgets.

Names are loaded when they are first used: a case is opened without a widget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench_widgets.exchange import to_anx
    from workbench_widgets.passage import Marked, Passage

_PLACES = {
    "Marked": "workbench_widgets.passage",
    "Passage": "workbench_widgets.passage",
    "to_anx": "workbench_widgets.exchange",
}

__all__ = ["Marked", "Passage", "to_anx"]

__getattr__ = load_on_use(__name__, _PLACES)
