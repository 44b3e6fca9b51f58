"""Tables: whatever has rows and columns, and what its columns mean."""

from __future__ import annotations

from workbench.ingest.reading.source import Reader
from workbench.ingest.tables import table_reader, table_rows

READERS = {table_rows.METHOD: Reader(table_rows.VERSION, table_reader.detect, table_reader.read)}
