"""Files that hold files: what is inside is received as sources of its own."""

from __future__ import annotations

from workbench.ingest.archives import reader
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {reader.METHOD: Reader(reader.VERSION, reader.detect, reader.read)}
