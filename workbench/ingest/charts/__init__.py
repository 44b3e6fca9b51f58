"""Link charts of other tools."""

from __future__ import annotations

from workbench.ingest.charts import anx, i2_chart
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {i2_chart.METHOD: Reader(i2_chart.VERSION, anx.detect, anx.read)}
