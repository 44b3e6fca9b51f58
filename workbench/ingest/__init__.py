"""From a received file to rows: which reader takes it, and what it says. Pure: nothing is written, nothing is asked.

The readers are loaded when the first of these names is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.ingest.readers import READERS, detect, read
    from workbench.ingest.reading.source import Detection, Reader, SourceFile

_ROOMS = {
    "Detection": "workbench.ingest.reading.source",
    "READERS": "workbench.ingest.readers",
    "Reader": "workbench.ingest.reading.source",
    "SourceFile": "workbench.ingest.reading.source",
    "detect": "workbench.ingest.readers",
    "read": "workbench.ingest.readers",
}

__all__ = ["READERS", "Detection", "Reader", "SourceFile", "detect", "read"]


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"workbench.ingest has no {name!r}.")
    return getattr(import_module(_ROOMS[name]), name)
