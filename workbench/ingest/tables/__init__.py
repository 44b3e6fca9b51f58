"""Tables: whatever has rows and columns, and what its columns mean."""

from __future__ import annotations

from workbench.ingest.reading.source import Reader
from workbench.ingest.tables import reader, table_rows

READERS = {table_rows.METHOD: Reader(table_rows.VERSION, reader.detect, reader.read)}
