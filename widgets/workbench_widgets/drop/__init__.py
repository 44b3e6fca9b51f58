"""A place to drop files on, or to choose them with a click. The files travel to Python as bytes and are never run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from workbench_widgets import words

if TYPE_CHECKING:
    from collections.abc import Callable

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
    language : str
        In which it says the rest.
    """

    _esm = Path(__file__).parent / "drop.js"
    _css = Path(__file__).parent / "drop.css"
    label = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    direction = traitlets.Unicode("ltr").tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def __init__(self, received: Callable[[str, bytes], None], label: str = "", *, language: str = "en") -> None:
        said = words.Translator(language)("Drop files here, or click to select them")
        super().__init__(
            label=label or said, words=dict(words.load_texts(language, ("drop",))), language=language,
            direction=words.get_direction(language),
        )  # fmt: skip
        self._received = received
        self._bytes = bytearray()
        self.on_msg(self._receive_piece)

    def _receive_piece(self, _: object, content: dict[str, str | int], buffers: list[memoryview]) -> None:
        """Keep a piece; hand the file over with its last one. A piece out of turn begins nothing and ends nothing."""
        at, size = int(content.get("at", 0)), int(content.get("size", 0))
        if at == 0:
            self._bytes = bytearray()
        if at == len(self._bytes) and size <= self.largest:
            self._bytes += b"".join(bytes(part) for part in buffers)
            self.send({"taken": len(self._bytes)})
            if len(self._bytes) == size:
                self._received(clean_file_name(str(content.get("name", ""))), bytes(self._bytes))


def clean_file_name(name: str) -> str:
    """The last part of a path in the writing of any system, without what no file name may hold; 'file' if nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    return kept if kept.strip(". ") else "file"
