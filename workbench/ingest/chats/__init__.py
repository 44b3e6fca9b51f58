"""Chats: exports of forensic platforms and of messengers."""

from __future__ import annotations

from workbench.ingest.archives import chat_files
from workbench.ingest.chats import chat_export, conversation, signal, telegram, telegram_page, whatsapp
from workbench.ingest.reading.source import Reader

READERS = {
    conversation.METHOD: Reader(conversation.VERSION, chat_export.detect, chat_export.read),
    whatsapp.METHOD: Reader(whatsapp.VERSION, whatsapp.detect, whatsapp.read),
    telegram.METHOD: Reader(telegram.VERSION, telegram.detect, telegram.read),
    telegram_page.METHOD: Reader(telegram_page.VERSION, telegram_page.detect, telegram_page.read),
    signal.METHOD: Reader(signal.VERSION, signal.detect, signal.read),
}
chat_files.KINDS.append((chat_export.detect, None))
chat_files.KINDS.extend((one.detect, one.list_files) for one in (whatsapp, telegram, telegram_page, signal))
