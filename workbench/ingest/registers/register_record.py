"""An entity of a register as its file states it, before it becomes claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.ingest.reading.record_text import Line
from workbench.ingest.reading.source import SourceFile
from workbench.model import identifiers
from workbench.model.ids import build_entity_id, compute_digest

COUNTRIES = ("jurisdiction", "country", "mainCountry")


class Value(NamedTuple):
    """A value of a property: as stated, as it was before somebody cleaned it, its language, and whether it is unverified."""

    prop: str
    text: str
    original: str = ""
    lang: str = ""
    external: bool = False


@dataclass(slots=True)
class Record:
    """An entity, or a part of one.

    Attributes
    ----------
    id : str
        As in the file; '' if it gives none, and then `place` stands in for it.
    extra : list of (label, value)
        What the file says of the record itself: data sets, first and last seen, …
    others : list of str
        Further schemata that the file gives for it.
    doubled : dict
        Members that say what it is and that the file gives twice, with their values: nothing is claimed of it then.
    """

    id: str
    schema: str
    place: str
    values: list[Value] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    doubled: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What other records call it."""
        return self.id or f"\x00{self.place}"

    def list_texts(self, prop: str) -> list[str]:
        """Values of a property."""
        return [value.text for value in self.values if value.prop == prop]

    def get_first_value(self, *props: str) -> str:
        """First value of the first of the properties that has one; ''."""
        return next((value for prop in props for value in self.list_texts(prop)), "")


@dataclass(slots=True)
class EntityProfile:
    """What must be known of an entity before the first claim: its schema, and the values that can identify it."""

    schema: str
    values: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take what a further record says; two different values of a property identify nothing."""
        for value in record.values:
            if value.prop in WANTED:
                known = self.values.setdefault(value.prop, value.text)
                self.values[value.prop] = known if known == value.text else ""


class Names:
    """Ids of the entities of a file.

    An entity that carries the one identifier by which things of its kind are known anywhere (a number, an account, a
    register number) has the id that every room gives it, so that it joins with calls and chats. All others, persons above
    all, are one thing within the file: what they share with others is found as a candidate pair.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.seen: dict[str, EntityProfile] = {}

    def add_record(self, record: Record) -> None:
        """Take one record of the first pass."""
        self.seen.setdefault(record.name, EntityProfile(record.schema)).add(record)

    def get_id(self, name: str, schema: str = "Thing") -> str:
        """Id of the entity that the file calls `name`; `schema` where the file does not hold it."""
        found = self.seen.get(name)
        if found is None:
            return build_entity_id(schema, self.source.sha256, name)
        if found.schema in LETTERS:
            return build_entity_id(found.schema, self.get_document_id(name))
        return find_known_id(found.schema, found.values) or build_entity_id(found.schema, self.source.sha256, name)

    def schema(self, name: str) -> str:
        """Schema under which the file names an entity first."""
        return self.seen[name].schema

    def get_document_id(self, name: str) -> str:
        """Id of the document that a record of a document is."""
        return compute_digest(self.seen[name].schema, self.source.sha256, name)


LETTERS = frozenset({"Message", "Email"})
"""Their entity is named by their document, as in mail and chats."""

WANTED = frozenset(
    "number iban accountNumber registrationNumber imei imsi iccid publicKey passportNumber email".split()
) | frozenset(COUNTRIES)  # fmt: skip


def find_known_id(schema: str, values: Mapping[str, str]) -> str:
    """Id by which a thing is known anywhere; '' if what is known of it does not give one."""
    return next((made for value, made in _list_identifiers(schema, values) if value), "")


def _list_identifiers(schema: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Identifiers of a thing, the best first, each with the id that it gives."""
    get = {prop: value for prop, value in values.items() if value}.get
    country = next((values[prop] for prop in COUNTRIES if values.get(prop)), "")
    for prop, make in BY_SCHEMA.get(schema, ()):
        value = get(prop, "")
        yield value, make(value).entity_id if value else ""
    if schema == "Company" and (value := get("registrationNumber", "")):
        yield value, identifiers.build_company_key(value, country).entity_id
    if schema == "Passport" and (value := get("passportNumber", "") or get("number", "")):
        yield value, identifiers.build_passport_key(value, country).entity_id


BY_SCHEMA: dict[str, tuple[tuple[str, Callable[[str], identifiers.Key]], ...]] = {
    "TelephoneNumber": (("number", identifiers.build_telephone_key),),
    "BankAccount": (
        ("iban", identifiers.build_bank_account_key),
        ("accountNumber", identifiers.build_bank_account_key),
    ),
    "Vehicle": (("registrationNumber", identifiers.build_vehicle_key),),
    "Handset": (("imei", identifiers.build_handset_key),),
    "Sim": (("imsi", identifiers.build_sim_key), ("iccid", identifiers.build_sim_card_key)),
    "CryptoWallet": (("publicKey", identifiers.build_wallet_key),),
    "UserAccount": (("email", identifiers.build_email_account_key),),
}
