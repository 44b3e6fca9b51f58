"""Telephones: what extraction tools report of a device, and contact cards."""

from __future__ import annotations

from workbench.ingest.contacts import contact_cards
from workbench.ingest.phones import reader
from workbench.ingest.reading.source import Reader

READERS: dict[str, Reader] = {
    contact_cards.METHOD: Reader(contact_cards.VERSION, contact_cards.detect, contact_cards.read),
    reader.METHOD: Reader(reader.VERSION, reader.detect, reader.read),
    reader.WORKBOOK: Reader(reader.VERSION, reader.detect_workbook, reader.read_workbook),
}
