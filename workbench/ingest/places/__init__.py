"""Places and tracks: KML, GeoJSON, GPX."""

from __future__ import annotations

from workbench.ingest.source import Reader

READERS: dict[str, Reader] = {}
