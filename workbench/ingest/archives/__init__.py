"""Files that hold files: what is inside is received as sources of its own."""

from __future__ import annotations

from workbench.ingest.archives import archive_reader
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    archive_reader.METHOD: Reader(archive_reader.VERSION, archive_reader.detect, archive_reader.read)
}
