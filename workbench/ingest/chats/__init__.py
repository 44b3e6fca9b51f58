"""Chats: exports of forensic platforms and of messengers."""

from __future__ import annotations

from workbench.ingest.chats import conversation, export, signal, telegram, webpage, whatsapp
from workbench.ingest.reading.source import Reader

READERS = {
    conversation.METHOD: Reader(conversation.VERSION, export.detect, export.read),
    whatsapp.METHOD: Reader(whatsapp.VERSION, whatsapp.detect, whatsapp.read),
    telegram.METHOD: Reader(telegram.VERSION, telegram.detect, telegram.read),
    webpage.METHOD: Reader(webpage.VERSION, webpage.detect, webpage.read),
    signal.METHOD: Reader(signal.VERSION, signal.detect, signal.read),
}
