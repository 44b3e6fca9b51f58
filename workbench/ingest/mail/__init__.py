"""E-mail: single letters and mailboxes."""

from __future__ import annotations

from workbench.ingest.common.source import Reader
from workbench.ingest.mail import parsing, reader

READERS = {parsing.METHOD: Reader(parsing.VERSION, reader.detect, reader.read)}
