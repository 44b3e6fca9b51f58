"""Call-detail records and lists of cell sites."""

from __future__ import annotations

from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {}
