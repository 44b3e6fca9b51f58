"""Contacts, user accounts and SIM data of a telephone: who is stored under which number, and what is the owner's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from workbench.ingest.phones.phone_record import Item
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.record_text import Entry
from workbench.model import identifier_splitting, identifiers
from workbench.model.rows import Claim
from workbench.model.text.normalise import clean_text, normalise_name

if TYPE_CHECKING:
    from workbench.ingest.phones.phone_content import Reading

ENTRIES = ("Entries", "ContactEntries")
VALUE = "Entries Value"


class StoredIdentifier(NamedTuple):
    """A number, address or account that is stored: its entity, schema, value and as written."""

    entity: str
    schema: str
    value: str
    raw: str


def claim_contact(reading: Reading, item: Item, entry: Entry) -> Iterator[Claim]:
    """Who is stored under which numbers, addresses and accounts."""
    name = clean_text(item.get("Name"))
    held = [found for one in item.list_parts(*ENTRIES) for found in _parse_entry(reading, one, item.place)]
    for one in held:
        yield from _claim_identifier(reading, entry, one, item.program)
    if not name or not held or is_identifier(name):
        return
    holder = identifiers.build_person_key(name, held[0].entity).entity_id
    yield entry.build_claim("Person", holder, "name", name, label="Name")
    source = item.get("Source")
    book = f"address book of device {reading.device.name}" + (f" ({source})" if source else "")
    for one in held:
        yield from entry.claim_attribution(holder, one.entity, "contact name", description=book)


def claim_account(reading: Reading, item: Item, entry: Entry) -> Iterator[Claim]:
    """An account that is set up on the telephone: it is the custodian's, or of whoever used the handset."""
    held = [found for one in item.list_parts(*ENTRIES) for found in _parse_entry(reading, one, item.place)]
    username = clean_text(item.get("Username"))
    if username:
        key = identifiers.build_account_key(username)
        held.insert(0, StoredIdentifier(key.entity_id, "UserAccount", key.value, username))
    custodian = reading.device.custodian
    holder = (
        identifiers.build_person_key(custodian, reading.phone.handset).entity_id if custodian else reading.phone.handset
    )
    basis = "custodian" if custodian else "account on the device"
    for one in {one.entity: one for one in held}.values():
        yield from _claim_identifier(reading, entry, one, item.program)
        yield from entry.claim_attribution(holder, one.entity, basis)
    name = clean_text(item.get("Name"))
    if held and name and normalise_name(name) != normalise_name(held[0].raw) and held[0].schema == "UserAccount":
        yield entry.build_claim("UserAccount", held[0].entity, "alias", name, label="Name")


def claim_card(reading: Reading, item: Item, entry: Entry) -> Iterator[Claim]:
    """Lines of a SIM card: its numbers, and that they were in the handset."""
    name, value = (
        normalise_name(item.get("Name", "Category")).replace(" ", ""),
        identifier_splitting.clean_number(item.get("Value")),
    )
    if not any(map(str.isdigit, value)):
        return
    for word, schema, prop, make in (
        ("imsi", "Sim", "imsi", identifiers.build_sim_key), ("iccid", "Sim", "iccid", identifiers.build_sim_card_key),
        ("msisdn", "TelephoneNumber", "number", lambda raw: identifiers.build_telephone_key(raw, reading.region)),
    ):  # fmt: skip
        if word in name:
            parts = (
                reading.select_identifiers(identifier_splitting.split_telephones(value), value, item.place)
                if word == "msisdn"
                else (value,)
            )
            for part in parts:
                key = make(part)
                yield entry.build_claim(schema, key.entity_id, prop, key.value, part, "Value")
                basis = "SIM card in the device" if schema == "Sim" else "number of the device"
                yield from entry.claim_attribution(reading.phone.handset, key.entity_id, basis)
            return


def _parse_entry(reading: Reading, one: Item, place: str) -> Iterator[StoredIdentifier]:
    """What an entry of a contact stores; nothing where it is a web page, a picture, or nothing."""
    raw = identifier_splitting.clean_number(one.get("Value"))
    kind = one.type.casefold()
    if not raw or kind.startswith(("web", "profilepicture")):
        return
    if "phone" in kind or (kind == "contactentry" and "phone" in one.get("Category").casefold()):
        for part in (
            reading.select_identifiers(identifier_splitting.split_telephones(raw), raw, place)
            if any(map(str.isdigit, raw))
            else ()
        ):
            key = identifiers.build_telephone_key(part, reading.region)
            yield StoredIdentifier(key.entity_id, "TelephoneNumber", key.value, part)
    elif "mail" in kind:
        for part in reading.select_identifiers(identifier_splitting.split_email_addresses(raw), raw, place):
            key = identifiers.build_email_account_key(part)
            yield StoredIdentifier(key.entity_id, "UserAccount", key.value, part)
    else:
        key = identifiers.build_account_key(raw)
        yield StoredIdentifier(key.entity_id, "UserAccount", key.value, raw)


def _claim_identifier(reading: Reading, entry: Entry, one: StoredIdentifier, program: str) -> Iterator[Claim]:
    """What a stored number or account is; each once per file and program."""
    if not reading.is_new("held", one.entity, program):
        return
    if one.schema == "TelephoneNumber":
        yield entry.build_claim("TelephoneNumber", one.entity, "number", one.value, one.raw, VALUE)
        return
    label = VALUE if VALUE in entry.lines else "Username"
    yield entry.build_claim("UserAccount", one.entity, "username", one.raw, label=label)
    if "@" in one.raw[1:-1] and not one.raw.endswith((".net", ".us")):
        yield entry.build_claim("UserAccount", one.entity, "email", one.raw.casefold(), one.raw, label)
    if program:
        label = next((name for name in ("ServiceType", "Source") if name in entry.lines), "")
        yield entry.build_claim("UserAccount", one.entity, "service", program, label=label)
    if number := identifiers.find_account_number(one.raw):
        key = identifiers.build_telephone_key(number)
        yield entry.build_claim("TelephoneNumber", key.entity_id, "number", key.value, one.raw, label)
        yield from entry.claim_attribution(one.entity, key.entity_id, "account identifier")
