"""E-mail: single letters and mailboxes."""

from __future__ import annotations

from workbench.ingest.mail import reader
from workbench.ingest.source import Reader

READERS = {reader.METHOD: Reader(reader.VERSION, reader.detect, reader.read)}
