"""Link charts of other tools."""

from __future__ import annotations

from workbench.ingest.charts import anx, chart
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {chart.METHOD: Reader(chart.VERSION, anx.detect, anx.read)}
