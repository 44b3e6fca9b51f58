"""E-mail: single letters and mailboxes."""

from __future__ import annotations

from workbench.ingest.mail import mail_reader, parsing
from workbench.ingest.reading.source import Reader

READERS = {parsing.METHOD: Reader(parsing.VERSION, mail_reader.detect, mail_reader.read)}
