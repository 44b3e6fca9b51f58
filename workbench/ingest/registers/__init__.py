"""Records that come as structured data: FollowTheMoney entities, notices."""

from __future__ import annotations

from workbench.ingest.source import Reader

READERS: dict[str, Reader] = {}
