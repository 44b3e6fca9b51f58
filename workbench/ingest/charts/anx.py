"""Reader `anx`: charts of i2 Analyst's Notebook in its exchange form (XML, mostly UTF-16).

Every item of the chart is a passage with its label, type, date, strength, grades, attributes and cards. Entities become things
of the vocabulary by the name of their type (`aliases.yml`), links become links. Where an item lies on the chart says nothing and
is left out. What a chart says is what its author concluded, on the grounds that its cards name.

References
----------
i2 Analyst's Notebook Exchange XML, versions 6 to 9: Chart, ChartItemCollection, ChartItem with End/Entity or Link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.ingest.charts.i2_chart import Chart
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.model.catalogue import Sentence
from workbench.model.rows import Row

MARK_WITHIN = 32_768
MARKS = ("ChartItemCollection", "StrengthCollection", "EntityTypeCollection", "LinkTypeCollection")


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the element <Chart> with collections of a chart, or its name."""
    if not is_text(head):
        return ""
    text = head[:MARK_WITHIN].decode(detect_encoding(head), "replace")
    if "<Chart" in text and (source.suffix == ".anx" or any(mark in text for mark in MARKS)):
        return Sentence("detected.anx")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the chart with a passage per item.

    Raises
    ------
    SourceError
        If the file declares a document type, or is no XML from its first bytes on.
    """
    from workbench.ingest.charts.chart_rows import list_rows

    yield from list_rows(Chart(source), options.get("region") or None)
