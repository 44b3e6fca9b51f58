"""Call-detail records and lists of cell sites."""

from __future__ import annotations

from workbench.ingest.common.source import Reader

READERS: dict[str, Reader] = {}
