"""Makes the box it lies in a named region: keys pressed inside belong to it and not to the notebook around it."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets


class Region(anywidget.AnyWidget):
    """Put first among the children of a box; shows nothing itself.

    Without it a letter typed while a button has the focus is a command to the notebook: 'b' inserts a cell.

    Parameters
    ----------
    label : str
        What a screen reader calls the region.
    """

    _esm = Path(__file__).parent / "region.js"
    label = traitlets.Unicode("").tag(sync=True)

    def __init__(self, label: str) -> None:
        super().__init__(label=label)
        self.layout.display = "none"
