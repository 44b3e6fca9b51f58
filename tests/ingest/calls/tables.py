"""Call tables for the tests of quality rules: a few rows, given as dictionaries, read as a case reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from workbench.ingest import SourceFile, read
from workbench.model.rows import Batch, Issue, Row

HEADERS = {
    "a": "Target No", "b": "B Party No", "way": "Call Type", "kind": "TOC", "date": "Date", "time": "Time", "dur": "Dur(s)",
    "imei": "IMEI", "imsi": "IMSI", "cell": "First CGI", "point": "First CGI Lat/Long",
}  # fmt: skip
USUAL = {
    "a": "+447700900100", "b": "+447700900200", "way": "OUT", "kind": "Voice", "date": "13/07/2022", "time": "10:00:00", "dur": "60",
    "imei": "490154203237518", "imsi": "234101234567890", "cell": "234-10-1-2", "point": "51.50/4.50",
}  # fmt: skip


def text(*rows: Mapping[str, str], above: str = "", headers: Mapping[str, str] = HEADERS) -> str:
    """CSV of rows that are usual but for what is given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers.values())
    writer.writerows([[{**USUAL, **row}[name] for name in headers] for row in rows])
    return above + out.getvalue()


def table(content: str, name: str = "cdr.csv", **options: str) -> list[Row]:
    """Rows of a table."""
    data = content.encode()
    return list(
        read(
            SourceFile(Path(), sha256(data).hexdigest(), name, data),
            {"region": "GB", "zone": "Europe/London"} | options,
        )
    )


def codes(rows: list[Row]) -> dict[str, Issue]:
    """Issues by code; the last of each."""
    return {row.code: row for row in rows if isinstance(row, Issue)}


def batch(rows: list[Row], kind: str = "calls") -> list[dict[str, object]]:
    """Rows of a mass table, in order of their number."""
    found = [line for row in rows if isinstance(row, Batch) and row.table == kind for line in row.rows.to_pylist()]
    return sorted(found, key=lambda line: line["row"])
