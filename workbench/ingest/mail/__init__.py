"""E-mail: single letters and mailboxes."""

from __future__ import annotations

from workbench.ingest.mail import parsing, reader
from workbench.ingest.reading.source import Reader

READERS = {parsing.METHOD: Reader(parsing.VERSION, reader.detect, reader.read)}
