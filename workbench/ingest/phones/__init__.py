"""Telephones: what extraction tools report of a device, and contact cards."""

from __future__ import annotations

from workbench.ingest.source import Reader

READERS: dict[str, Reader] = {}
