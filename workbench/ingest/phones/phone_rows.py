"""From items of a telephone to rows: messages as chats have them, and a document for each other kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from workbench.ingest.chats.chat_export_rows import Event
from workbench.ingest.phones import device, phone_calls, phone_contacts, phone_mails, positions
from workbench.ingest.phones.phone_content import KNOWN, Reading
from workbench.ingest.phones.phone_messages import MESSAGES, list_records
from workbench.ingest.phones.phone_record import Fact, Item
from workbench.ingest.reading.record_text import Entries, Entry
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue, Row, Trace

SHOWN = 20

Read = Callable[[Reading, Item, Entry], Iterator[Row]]

CLAIMS: dict[str, Read] = {
    "Call": phone_calls.list_rows,
    "Contact": phone_contacts.claim_contact,
    "UserAccount": phone_contacts.claim_account,
    "SIMData": phone_contacts.claim_card,
    "Location": positions.list_rows,
    "CellTower": positions.list_rows,
    "WirelessNetwork": positions.list_rows,
}
"""What is claimed of an item of a type besides its text."""


def read_events(reading: Reading, found: Iterable[Fact | Item]) -> Iterator[Event]:
    """Second pass: rows of the device, then of each item; messages as records."""
    reading.reset()
    if reading.phone.facts:
        entries = Entries(reading.source, reading.method, reading.version)
        for row in device.list_rows(reading.phone, entries, reading.region):
            yield reading.add_trace_origin(row, Item("")) if isinstance(row, Trace) else row
    for text in reading.phone.doubtful:
        reading.select_identifiers((), text, "")
    if reading.phone.left_out:
        told = Sentence("row.phone.facts", count=reading.phone.left_out, most=device.MOST)
        yield build_issue("truncated", told, fix=Sentence("fix.look.report"))
    for one in found:
        if isinstance(one, Item):
            yield from _list_item_events(reading, one)
    yield from reading.calls.finish()
    yield from reading.places.finish()
    yield from reading.tally.list_issues("")
    yield from reading.names.list_issues()
    yield from _list_kind_issues(reading)


def _list_item_events(reading: Reading, item: Item) -> Iterator[Event]:
    if item.type in MESSAGES:
        yield from list_records(item, reading.parties, reading.device, reading.tally)
    elif item.type == "Email":
        yield from phone_mails.list_rows(reading, item)
    else:
        yield from _build_item_rows(reading, item)


def _build_item_rows(reading: Reading, item: Item) -> Iterator[Row]:
    """An item as an entry of the document of its kind, and what it claims."""
    if item.type not in KNOWN:
        reading.unknown[item.type] += 1
    entry = yield from reading.list_entry_rows(item, item.type)
    read = CLAIMS.get(item.type)
    if read:
        yield from read(reading, item, entry)


def _list_kind_issues(reading: Reading) -> Iterator[Issue]:
    """Kinds of records that have no form here."""
    if not reading.unknown:
        return
    kinds = [f"{kind} ({count})" for kind, count in reading.unknown.most_common(SHOWN)]
    kinds += ["…"] * (len(reading.unknown) > SHOWN)
    message = Sentence("row.phone.unknown", count=reading.unknown.total(), listed=", ".join(kinds))
    yield build_issue("unknown-model", message, fix=Sentence("fix.search"))
