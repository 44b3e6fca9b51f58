"""Bank statements."""

from __future__ import annotations

from workbench.ingest.banking import camt, swift
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    camt.METHOD: Reader(camt.VERSION, camt.detect, camt.read),
    swift.METHOD: Reader(swift.VERSION, swift.detect, swift.read),
}
