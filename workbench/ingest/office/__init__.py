"""Documents of office programs: word processing, presentations, web pages."""

from __future__ import annotations

from workbench.ingest.source import Reader

READERS: dict[str, Reader] = {}
