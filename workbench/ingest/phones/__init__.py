"""Telephones: what extraction tools report of a device, and contact cards."""

from __future__ import annotations

from workbench.ingest.archives import chat_files
from workbench.ingest.contacts import contact_cards
from workbench.ingest.phones import phone_reader
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    contact_cards.METHOD: Reader(contact_cards.VERSION, contact_cards.detect, contact_cards.read),
    phone_reader.METHOD: Reader(phone_reader.VERSION, phone_reader.detect, phone_reader.read),
    phone_reader.WORKBOOK: Reader(phone_reader.VERSION, phone_reader.detect_workbook, phone_reader.read_workbook),
}
chat_files.KINDS.append((phone_reader.detect, phone_reader.list_files))
