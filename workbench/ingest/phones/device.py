"""Whose telephone it is: handset, SIM cards, numbers and custodian, as the report states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.ingest.chats.conversation import Device
from workbench.ingest.phones.phone_record import Fact
from workbench.ingest.reading.record_text import Entries, Entry
from workbench.ingest.reading.source import SourceFile
from workbench.model import identifier_splitting, identifiers
from workbench.model.ids import build_entity_id
from workbench.model.rows import Claim, Row
from workbench.model.text.normalise import clean_text

OWNERS = ("custodian", "deviceowner", "owner", "ownername", "suspect", "suspectname", "nameofsuspect", "seizedfrom")
"""Names of facts, as `Fact.key` has them, that say whose telephone it is, the surest first."""

SELF_NAMED = ("iphone", "ipad", "ipod", "galaxy", "phone")
"""What the owner's name of a telephone holds where it is but the name of the device."""

VENDORS = ("detectedphonevendor", "selectedmanufacturer", "vendor", "manufacturer")
MODELS = ("detectedphonemodel", "selecteddevicename", "model", "devicename", "modelnumber")
EXHIBITS = ("evidencenumber", "exhibitnumber", "exhibit", "itemnumber")
NUMBERS = ("lastusedmsisdn", "msisdn", "phonenumber")
MOST = 20_000


@dataclass(slots=True)
class Phone:
    """What the facts of a report say of the telephone."""

    source: SourceFile
    custodian: str = ""
    facts: dict[Fact, None] = field(default_factory=dict)
    left_out: int = 0

    def add_fact(self, fact: Fact) -> None:
        """Take one fact."""
        if len(self.facts) < MOST:
            self.facts[fact] = None
        else:
            self.left_out += fact not in self.facts

    def list_values(self, *names: str) -> list[str]:
        """Values of the facts of these names, in the order of the names, each once."""
        found = [fact.value for name in names for fact in self.facts if fact.key == name]
        return list(dict.fromkeys(found))

    def list_numbered_values(self, start: str) -> list[str]:
        """Values of facts whose names are a word with or without a number: 'IMEI', 'IMEI 1', 'IMEI2'."""
        return list(dict.fromkeys(f.value for f in self.facts if f.key.rstrip("0123456789") == start))

    @property
    def holder(self) -> str:
        """Name of the custodian: what the officer said, otherwise what the report says; '' unknown."""
        told = (clean_text(value) for value in self.list_values(*OWNERS))
        named = (name for name in told if not any(word in name.casefold() for word in SELF_NAMED))
        return clean_text(self.custodian) or next(named, "")

    @property
    def name(self) -> str:
        """Name of the device: vendor and model."""
        vendor, model = (next(iter(self.list_values(*names)), "") for names in (VENDORS, MODELS))
        full = model if vendor.casefold() in model.casefold() else f"{vendor} {model}".strip()
        project = next((f.value for f in self.facts if (f.section, f.name) == ("Project", "name")), "")
        return clean_text(full) or clean_text(project) or self.source.name

    @property
    def imeis(self) -> list[str]:
        """IMEIs that are long enough to be some."""
        found = [
            part for one in self.list_numbered_values("imei") for part in identifier_splitting.split_long_numbers(one)
        ]
        return [one for one in found if len(identifiers.build_handset_key(one).value) >= identifiers.IMEI_KEY]

    @property
    def handset(self) -> str:
        """Id of the handset: by its IMEI, of one without by the file."""
        found = self.imeis
        return (
            identifiers.build_handset_key(found[0]).entity_id
            if found
            else build_entity_id("Handset", "device", self.source.sha256)
        )

    @property
    def numbers(self) -> list[str]:
        """Numbers of the telephone, as written."""
        return list(
            dict.fromkeys(
                part for one in self._list_numbered_fields() for part in identifier_splitting.split_telephones(one)
            )
        )

    @property
    def doubtful(self) -> list[str]:
        """Fields that hold several numbers which cannot be told apart, as written."""
        devices = [one for one in self.list_numbered_values("imei") if not identifier_splitting.split_long_numbers(one)]
        return [
            *devices,
            *(one for one in self._list_numbered_fields() if not identifier_splitting.split_telephones(one)),
        ]

    def _list_numbered_fields(self) -> list[str]:
        fields = dict.fromkeys([*self.list_values(*NUMBERS), *self.list_numbered_values("msisdn")])
        return [one for one in fields if any(map(str.isdigit, one))]

    @property
    def device(self) -> Device:
        """The telephone as the traces of messages name it."""
        return Device(self.name, "", self.holder, "", self.handset)


def list_rows(phone: Phone, entries: Entries, region: str | None) -> Iterator[Row]:
    """Document of the facts, and what they claim of handset, SIM cards, numbers and custodian."""
    yield entries.build_document(f"{phone.name}: device and case")
    sections = list(dict.fromkeys(fact.section for fact in phone.facts)) or [""]
    written: dict[str, Entry] = {}
    for section in sections:
        lines = [(fact.name, fact.value) for fact in phone.facts if fact.section == section]
        entry = entries.add_entry(section or "report", lines)
        yield from entry.rows
        written[section] = entry
    yield from _list_claims(phone, written, region)


def _list_claims(phone: Phone, written: dict[str, Entry], region: str | None) -> Iterator[Claim]:
    """Claims, each at the place where the fact stands."""
    anywhere = next(iter(written.values()))
    at = {fact.value: (written[fact.section], fact.name) for fact in reversed(list(phone.facts))}

    def build_claim(schema: str, entity: str, prop: str, value: str, raw: str) -> Claim:
        there = (place for value, place in at.items() if raw in value)
        entry, label = at.get(raw) or next(there, (anywhere, ""))
        return entry.build_claim(schema, entity, prop, value, raw, label)

    handset = phone.handset
    yield anywhere.evidence.build_claim("Handset", handset, "name", phone.name)
    for prop, values in (
        ("imei", phone.imeis),
        ("model", phone.list_values(*MODELS)[:1]),
        ("exhibit", phone.list_values(*EXHIBITS)),
    ):
        for raw in values:
            yield build_claim("Handset", handset, prop, clean_text(raw), raw)
    held: dict[str, str] = {}
    for prop, make in (("imsi", identifiers.build_sim_key), ("iccid", identifiers.build_sim_card_key)):
        for raw in phone.list_numbered_values(prop):
            key = make(raw)
            held[key.entity_id] = "SIM card in the device"
            yield build_claim("Sim", key.entity_id, prop, key.value, raw)
    for raw in phone.numbers:
        key = identifiers.build_telephone_key(raw, region)
        held[key.entity_id] = "number of the device"
        yield build_claim("TelephoneNumber", key.entity_id, "number", key.value, raw)
    for thing, basis in held.items():
        yield from anywhere.claim_attribution(handset, thing, basis)
    yield from _claim_custodian(phone, anywhere, (handset, *held), said_name=at.get(phone.holder))


def _claim_custodian(
    phone: Phone, anywhere: Entry, held: Iterable[str], said_name: tuple[Entry, str] | None
) -> Iterator[Claim]:
    if not phone.holder:
        return
    holder = identifiers.build_person_key(phone.holder, phone.handset).entity_id
    entry, label = said_name or (anywhere, "")
    yield entry.build_claim("Person", holder, "name", phone.holder, label=label)
    for thing in held:
        yield from entry.claim_attribution(holder, thing, "custodian")
