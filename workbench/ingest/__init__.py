"""From a received file to rows: which reader takes it, and what it says. Pure: nothing is written, nothing is asked.

The readers are loaded when the first of these names is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.loading import load_on_use

if TYPE_CHECKING:
    from workbench.ingest.readers import READERS, detect, read
    from workbench.ingest.reading.source import Detection, Reader, SourceFile

_PLACES = {
    "Detection": "workbench.ingest.reading.source",
    "READERS": "workbench.ingest.readers",
    "Reader": "workbench.ingest.reading.source",
    "SourceFile": "workbench.ingest.reading.source",
    "detect": "workbench.ingest.readers",
    "read": "workbench.ingest.readers",
}

__all__ = ["READERS", "Detection", "Reader", "SourceFile", "detect", "read"]

__getattr__ = load_on_use(__name__, _PLACES)
