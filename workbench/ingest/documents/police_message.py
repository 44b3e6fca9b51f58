"""Reader `police-message`: a message of a bureau in the form in which the message desk keeps it, one object of JSON.

Every field stands in a passage: short ones in the head, a text that is longer than a line in a passage of its own, and each entry of
a list (a person, a thing, a charge) in one. Persons, their documents and telephones, and things that a number identifies are claims.

The desk alone hands files to this reader, since it knows their marks (`workbench.case.desk.messages.filing`): no file is taken for a
message by its look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.reading.redaction import Cuts, RedactedFile
from workbench.ingest.reading.source import SourceFile
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.person_status import STATUS
from workbench.model.pseudonyms.fake_identifiers import is_iban
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.rows import Claim, Document, Passage, Row, Trace
from workbench.model.text.normalise import normalise_name
from workbench.model.time_zones import PARTS, to_utc

METHOD, VERSION = "police-message", "3"
SCHEMA, HEAD = "PlainText", "message"
LINE = 120
"""Characters of a field that still stands in the head."""
TEXT = 1_200
"""Characters of a passage of running text: the facts of most messages are one, which is read and given a vector once."""
FIRST = ("type", "color", "subject", "our_ref", "your_ref", "from_bureau", "to", "cc", "date_time")
"""Fields with which the head begins; the others follow as they come."""
LISTED_FIELDS = frozenset(
    "form message_id thread_id type color diffusion our_ref your_ref other_refs from_bureau to cc date_time urgency reply_by".split()
)
"""Fields of the head that a list of messages has in columns of its own."""
PROPS = {
    "forename": "firstName",
    "family_name": "lastName",
    "place_of_birth": "birthPlace",
    "description": "appearance",
}
LISTED = {"aliases": "alias", "nationalities": "nationality"}
GENDERS = {"F": "female", "M": "male"}
THINGS: dict[str, tuple[str, str, Callable[[str], identifiers.Key]]] = {
    "phone": ("TelephoneNumber", "number", identifiers.build_telephone_key), "handset": ("Handset", "imei", identifiers.build_handset_key),
    "sim": ("Sim", "imsi", identifiers.build_sim_key), "vehicle": ("Vehicle", "registrationNumber", identifiers.build_vehicle_key),
    "account": ("BankAccount", "accountNumber", identifiers.build_bank_account_key), "wallet": ("CryptoWallet",
    "publicKey", identifiers.build_wallet_key),
    "email": ("UserAccount", "email", identifiers.build_email_account_key), "company": ("Company", "name",
    identifiers.build_named_company_key),
    "passport": ("Passport", "number", identifiers.build_passport_key),
}  # fmt: skip
"""Kind of a thing -> schema, property that holds its number, key."""
FIELD, HEADING, WORD = re.compile(r"([a-z_]+): (.*)"), re.compile(r"[a-z_]+(?: \d+)?"), re.compile(r"[^\W\d_]{3,}")
"""A line of an entry, what an entry begins with, and a word."""
SPEAKING = 5
"""Words from which a field says more than a name or a code."""
HANDLING = ("conditions_of_use", "handling_text")
"""Fields that say nothing of the matter."""
CHASSIS = 17
"""Letters and digits of the chassis number of a vehicle."""


def detect(source: SourceFile, head: bytes) -> str:
    """Never a reason: only the desk says that a file is a message."""
    del source, head
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document, its passages, and the claims of its lists.

    Raises
    ------
    SourceError
        If it is no object of JSON.
    """
    del options
    yield from Reading(source, _read_object(source)).list_rows()


def redact_file(source: SourceFile, cuts: Cuts) -> RedactedFile:
    """The message without what goes, still a message; of what goes whole each text is replaced."""
    data = _read_object(source)
    wanted = _complete_cuts(_list_texts_by_place(source, data), cuts)
    data = {name: _redact_field(name, value, wanted) for name, value in data.items()}
    return RedactedFile(json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode())


def withhold_parts(source: SourceFile, texts: Collection[str]) -> dict[str, object]:
    """The object of a message with no more than these texts of its passages: entries of lists go, and fields are left empty.

    What a list of messages shows of each of them stays (LISTED_FIELDS). Of a long text the pieces stay that are among the texts.

    Raises
    ------
    SourceError
        If it is no object of JSON.
    """
    data = _read_object(source)
    said = _list_texts_by_place(source, data)
    kept = {place for place, those in said.items() if all(text in texts for text in those)}
    made: dict[str, object] = {}
    for name, value in data.items():
        if parts := _list_parts(value):
            made[name] = [one for number, one in enumerate(parts) if f"{name}[{number}]" in kept]
        elif isinstance(value, dict) and any(value.values()):
            made |= {name: value} if name in kept else {}
        elif isinstance(value, str) and len(value) > LINE and name not in kept:
            found = "\n".join(["", *(text for text in said.get(name, ()) if text in texts)])
            made[name] = found.removeprefix(f"\n{name}").strip("\n")
        elif HEAD in kept or name in LISTED_FIELDS or (isinstance(value, str) and len(value) > LINE):
            made[name] = value
    return made


def _list_texts_by_place(source: SourceFile, data: Mapping[str, object]) -> dict[str, list[str]]:
    """Texts of the passages of a message, by the place in which they stand."""
    said: dict[str, list[str]] = {}
    place = ""
    for row in Reading(source, data).list_rows():
        if isinstance(row, Trace):
            place = row.place
        elif isinstance(row, Passage):
            said.setdefault(place, []).append(row.text)
    return said


def _complete_cuts(said: Mapping[str, list[str]], cuts: Cuts) -> Cuts:
    """The cuts with the places of which every passage goes; of other passages the words without the name of their field.

    A passage has lines of names and values, which stand so in no field.
    """
    going = {place: [text for text in texts if text in cuts.parts.get(place, ())] for place, texts in said.items()}
    gone = {place for place, texts in going.items() if texts == said[place]}
    parts = {place: tuple(text.removeprefix(f"{place}\n") for text in texts) for place, texts in going.items()}
    return replace(cuts, gone=cuts.gone | gone, parts={**cuts.parts, **parts})


def _redact_field(name: str, value: object, cuts: Cuts) -> object:
    if _list_parts(value) and isinstance(value, list):
        return [_redact_value(one, f"{name}[{number}]", cuts) for number, one in enumerate(value)]
    own = isinstance(value, dict) or (isinstance(value, str) and len(value) > LINE)
    if name == "form":  # without it nothing of the message can be read
        return value
    return _redact_value(value, name if own else HEAD, cuts)


def _redact_value(value: object, place: str, cuts: Cuts) -> object:
    if isinstance(value, dict):
        return {key: _redact_value(one, place, cuts) for key, one in value.items()}
    if isinstance(value, list):
        return [_redact_value(one, place, cuts) for one in value]
    if not isinstance(value, str) or not value:
        return value
    return ERASED if place in cuts.gone else cuts.redact_text(place, value)


def _read_object(source: SourceFile) -> dict[str, object]:
    try:
        with source.open() as content:
            data = json.load(content)
    except (ValueError, RecursionError) as error:
        raise SourceError(Sentence("refused.file.no_message", name=source.name, error=error)) from None
    if not isinstance(data, dict):
        raise SourceError(
            Sentence(
                "{name} is not a message of the message desk: its JSON has another structure. Ask the sender for "
                "the file again.",
                name=repr(source.name),
            )
        )
    return data


@dataclass(slots=True)
class Reading:
    """A message that is read."""

    source: SourceFile
    data: Mapping[str, object]

    def list_rows(self) -> Iterator[Row]:
        """Document, passages, claims, and what is wrong with dates."""
        pages, tally = Entries(self.source, METHOD, VERSION, SCHEMA), FaultCounts()
        at = format_field(self.data.get("date_time"))
        yield Document(pages.document_id, SCHEMA, self.format_title()[:300], at if to_utc(at, "UTC") else "")
        yield from pages.add_entry(HEAD, self._list_head_lines()).rows
        for name, value in self.data.items():
            if isinstance(value, str) and len(value) > LINE:
                yield from pages.add_entry(name, (), head=name, body=value.split("\n"), size=TEXT).rows
            elif isinstance(value, dict) and any(value.values()):
                yield from pages.add_entry(name, _list_lines(value), head=name).rows
            elif _list_parts(value):
                yield from self._list(pages, name, _list_parts(value), tally)
        yield from tally.list_issues(pages.document_id)

    def format_title(self) -> str:
        """One line by which a person knows the message."""
        color, diffusion = format_field(self.data.get("color")), self.data.get("diffusion") is True
        kind = f"{color} {'diffusion' if diffusion else 'notice'}" if color else format_field(self.data.get("type"))
        kind = "letter of request" if self.data.get("form") == "letter" else kind
        ends = f"{format_field(self.data.get('from_bureau'))} → {format_field(self.data.get('to'))}"
        return f"{kind.capitalize()} {format_field(self.data.get('our_ref'))} {ends}: {format_field(self.data.get('subject'))}"

    def _list_head_lines(self) -> Iterator[Line]:
        for name in dict.fromkeys((*FIRST, *self.data)):
            value = self.data.get(name)
            if (
                not isinstance(value, dict)
                and not _list_parts(value)
                and not (isinstance(value, str) and len(value) > LINE)
            ):
                yield name, format_field(value)

    def _list(self, pages: Entries, name: str, parts: list[Mapping[str, object]], tally: FaultCounts) -> Iterator[Row]:
        for number, part in enumerate(parts):
            place = f"{name}[{number}]"
            entry = pages.add_entry(place, _list_lines(part), head=f"{name} {number + 1}")
            yield from entry.rows
            if name == "persons":
                yield from Nominal(entry, part, build_entity_id("Person", self.source.sha256, place)).list_claims(
                    tally, place
                )
            elif name == "objects":
                yield from claim_thing(entry, part)


@dataclass(slots=True)
class Nominal:
    """A person in the list of a message."""

    entry: Entry
    data: Mapping[str, object]
    key: str

    def list_claims(self, tally: FaultCounts, place: str) -> Iterator[Claim]:
        """What the message states about the person."""
        if name := " ".join(filter(None, (self._get_text("forename"), self._get_text("family_name")))):
            yield self.entry.build_claim("Person", self.key, "name", name)
        for field, prop in PROPS.items():
            if value := self._get_text(field):
                yield self._build_claim(prop, value, value, field)
        for field, prop in LISTED.items():
            for value in _list_texts(self.data.get(field)):
                yield self._build_claim(prop, value.casefold() if prop == "nationality" else value, value, field)
        yield from self._claim_coded_fields(tally, place)
        for document in _list_parts(self.data.get("documents")):
            yield from self._claim_document(document)
        for phone in _list_texts(self.data.get("phones")):
            held = identifiers.build_telephone_key(phone)
            yield self.entry.build_claim("TelephoneNumber", held.entity_id, "number", held.value, phone, "phones")
            yield from self.entry.claim_attribution(self.key, held.entity_id, METHOD)

    def _claim_coded_fields(self, tally: FaultCounts, place: str) -> Iterator[Claim]:
        """Sex, status and date of birth, as far as they are what the vocabulary knows."""
        if gender := GENDERS.get(self._get_text("sex").upper(), ""):
            yield self._build_claim("gender", gender, self._get_text("sex"), "sex")
        if (status := self._get_text("status")) in STATUS:
            yield self._build_claim("status", status, status, "status")
        if parents := self._get_text("parents"):
            yield self._build_claim("notes", f"Parents: {parents}", parents, "parents")
        if born := self._get_text("date_of_birth"):
            if PARTS.fullmatch(born):
                yield self._build_claim("birthDate", born, born, "date_of_birth")
            else:
                tally.add("bad-date", Sentence("fault.no_birth", text=quote_value(born)), place)
                yield self._build_claim("notes", f"Date of birth: {born}", born, "date_of_birth")

    def _claim_document(self, document: Mapping[str, object]) -> Iterator[Claim]:
        kind, number, country = (format_field(document.get(name)) for name in ("kind", "number", "country"))
        if not number:
            return
        schema, key = identify_document(kind, number, country)
        yield self.entry.build_claim(schema, key.entity_id, "number", key.value, number, "documents")
        yield from self.entry.link(
            schema, key.entity_id, {"holder": self.key, "type": kind, "country": country.casefold()}
        )

    def _build_claim(self, prop: str, value: str, as_written: str, field: str) -> Claim:
        return self.entry.build_claim("Person", self.key, prop, value, as_written, field)

    def _get_text(self, name: str) -> str:
        return format_field(self.data.get(name)).strip()


def claim_thing(entry: Entry, data: Mapping[str, object]) -> Iterator[Claim]:
    """What a message states about a thing; of one that no number identifies the passage says it."""
    kind, number = format_field(data.get("kind")), format_field(data.get("number"))
    found = identify_thing(kind, number)
    if found is None:
        return
    schema, prop, made = found
    yield entry.build_claim(schema, made.entity_id, prop, number if kind == "company" else made.value, number, "number")
    for field in ("description", "country"):
        if (value := format_field(data.get(field))) and not (field == "country" and schema in NOWHERE):
            told = value.casefold() if field == "country" else value
            yield entry.build_claim(schema, made.entity_id, field, told, value, field)


def identify_thing(kind: str, number: str) -> tuple[str, str, identifiers.Key] | None:
    """Schema of a thing, the property that holds its number, and its key; None if no number identifies it."""
    if kind not in THINGS or not number:
        return None
    schema, prop, key = THINGS[kind]
    bare = "".join(sign for sign in number if sign.isalnum())
    if kind == "vehicle" and len(bare) == CHASSIS:
        prop, key = "name", identifiers.build_chassis_key
    elif kind == "account" and is_iban(bare.upper()):
        prop = "iban"
    return schema, prop, key(number)


def identify_document(kind: str, number: str, country: str) -> tuple[str, identifiers.Key]:
    """Schema and key of an identity document."""
    if normalise_name(kind) == "passport":
        return "Passport", identifiers.build_passport_key(number, country)
    return "Identification", identifiers.build_identity_document_key(normalise_name(kind) or "identity", number)


def extract_words(text: str) -> str:
    """What a passage of a message says in words: of an entry the fields that speak, without names and codes; '' for none."""
    first, *lines = text.split("\n")
    fields = [FIELD.fullmatch(line) for line in (lines if HEADING.fullmatch(first) else [first, *lines])]
    values = [(field[1], field[2]) for field in fields if field]
    if len(values) < len(fields):
        return text
    said = (value for name, value in values if name not in HANDLING)
    return "\n".join(value for value in said if len(WORD.findall(value)) >= SPEAKING)


NOWHERE = frozenset({"TelephoneNumber", "Handset", "Sim", "UserAccount"})
"""Schemata of things that are of no country."""


def format_field(value: object) -> str:
    """A field as it is read: a list with commas, nothing for what is not given."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return ", ".join(filter(None, map(format_field, parts)))
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _list_lines(data: Mapping[str, object]) -> Iterator[Line]:
    return ((name, format_field(value)) for name, value in data.items())


def _list_parts(value: object) -> list[Mapping[str, object]]:
    """Entries of a list that are objects."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _list_texts(value: object) -> list[str]:
    return [text for one in value if (text := format_field(one).strip())] if isinstance(value, list) else []
