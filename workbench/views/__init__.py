"""Tables and graphs to what is seen in a notebook. Floor 3; the only room that draws with workbench_widgets.

Names are loaded when they are first used: a case is opened without a widget.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench_widgets.exchange import anx
    from workbench_widgets.passage import Marked, Passage

_ROOMS = {
    "Marked": "workbench_widgets.passage",
    "Passage": "workbench_widgets.passage",
    "anx": "workbench_widgets.exchange",
}

__all__ = ["Marked", "Passage", "anx"]


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"workbench.views has no {name!r}.")
    return getattr(import_module(_ROOMS[name]), name)
