"""Chats: exports of forensic platforms and of messengers."""

from __future__ import annotations

from workbench.ingest.chats import export
from workbench.ingest.source import Reader

READERS = {export.METHOD: Reader(export.VERSION, export.detect, export.read)}
