"""A place to drop files on, or to choose them with a click. The files travel to Python as bytes and are never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

LARGEST = 200 * 1024 * 1024
"""Bytes of the largest file that is taken through the browser."""


class Drop(anywidget.AnyWidget):
    """A drop zone.

    Parameters
    ----------
    received : callable
        Called with the name and the bytes of each file.
    label : str
        What the zone says.
    """

    _esm = Path(__file__).parent / "drop.js"
    _css = Path(__file__).parent / "drop.css"
    label = traitlets.Unicode("Drop files here, or click to choose").tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, received: Callable[[str, bytes], None], label: str = "") -> None:
        super().__init__(**({"label": label} if label else {}))
        self._received = received
        self.on_msg(self._take)

    def _take(self, _: object, content: dict[str, str], buffers: list[memoryview]) -> None:
        for data in buffers:
            self._received(Path(str(content.get("name", "file")).replace("\\", "/")).name or "file", bytes(data))
