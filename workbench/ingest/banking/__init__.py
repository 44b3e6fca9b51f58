"""Bank statements."""

from __future__ import annotations

from workbench.ingest.banking import camt, mt940
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    camt.METHOD: Reader(camt.VERSION, camt.detect, camt.read),
    mt940.METHOD: Reader(mt940.VERSION, mt940.detect, mt940.read),
}
