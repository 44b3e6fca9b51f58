"""Link charts of other tools."""

from __future__ import annotations

from workbench.ingest.charts import anx
from workbench.ingest.source import Reader

READERS: dict[str, Reader] = {anx.METHOD: Reader(anx.VERSION, anx.detect, anx.read)}
