"""Reader `contact-cards`: address books as vCard. Who is stored under which number, address and account.

A card says under what name somebody keeps a number, not whose it is: the name is the holder on the basis 'contact name', and
is one person with the same name at the same number in other sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from workbench.ingest.contacts.card_contradictions import WAID, find_other_number, list_contradictions
from workbench.ingest.contacts.vcard import BEGIN, PROPERTIES, Cards, ContactCard, Property
from workbench.ingest.places.feature_rows import is_moment
from workbench.ingest.reading import charsets
from workbench.ingest.reading.participants import is_identifier
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.special_labels import find_special_label
from workbench.ingest.reading.text_lines import detect_encoding, format_numbers, is_text
from workbench.model import identifier_splitting, identifiers
from workbench.model.catalogue import Sentence
from workbench.model.identifier_splitting import clean_number
from workbench.model.ids import build_entity_id
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Claim, Row
from workbench.model.text.normalise import clean_text, normalise_name
from workbench.model.values.plausible_years import BIRTHS, is_plausible

METHOD = "contact-cards"
VERSION = "7"
BASIS = "contact name"
MARK_WITHIN = 2_000
SIMPLE: dict[str, str] = {
    "NICKNAME": "alias", "X-MAIDENNAME": "previousName", "TITLE": "position", "ROLE": "position", "NOTE": "notes",
    "URL": "website", "BIRTHPLACE": "birthPlace", "CATEGORIES": "keywords",
}  # fmt: skip
"""Properties that are one of the vocabulary as they stand."""

LISTS = frozenset({"NICKNAME", "CATEGORIES"})
NAMES = ("lastName", "firstName", "middleName", "title", "nameSuffix")
DAYS = {"BDAY": "birthDate", "DEATHDATE": "deathDate"}
OMITTED = "X-APPLE-OMIT-YEAR"
"""Parameter that names the year which stands for none: `BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-06` is the sixth of May."""
GENDERS = {"M": "male", "F": "female", "O": "other"}
ADDRESS = ("postOfficeBox", "street2", "street", "city", "region", "postalCode", "country")
READ = ("street", "street2", "postOfficeBox", "postalCode", "city", "region", "country")
ACCOUNTS = frozenset(
    {
        "IMPP",
        "X-AIM",
        "X-GADUGADU",
        "X-GOOGLE-TALK",
        "X-GTALK",
        "X-ICQ",
        "X-JABBER",
        "X-MSN",
        "X-QQ",
        "X-SKYPE",
        "X-SKYPE-USERNAME",
    }
    | {
        "X-TWITTER",
        "X-YAHOO",
        "X-TELEGRAM",
        "X-WHATSAPP",
        "X-SIGNAL",
        "X-THREEMA",
        "X-WECHAT",
        "X-SOCIALPROFILE",
        "SOCIALPROFILE",
    }
)
LABEL, LABELLED = "X-ABLABEL", 10
FORM = frozenset({"TYPE", "ENCODING", "CHARSET", "VALUE", "PREF", "LANGUAGE", "MEDIATYPE", "ALTID", "PID", "WAID"})
"""Parameters that say how a value is written, or that its label and claims tell."""

WORD = re.compile(r"[^\W_]{2,}")
NUMBERED = re.compile(r"[\d.]{1,6}")
BODIES = ("org", "organization", "group")


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: it begins as a contact card."""
    del source
    text = head[:MARK_WITHIN].decode(detect_encoding(head), "replace") if is_text(head) else ""
    return Sentence("detected.vcard") if text.lstrip().upper().startswith(BEGIN) else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document for the address book with a passage per card; pictures on cards are counted.

    Parameters
    ----------
    options : mapping
        'region': country in which national telephone numbers are read.
    """
    cards = Cards(source)
    book = _CardWriter(source, options.get("region") or None)
    yield book.entries.build_document(source.name)
    for card in cards:
        yield from book.list_card_rows(card)
    if book.media:
        book.tally.add("media", Sentence("fault.card_media", count=book.media), "")
    yield from book.entries.finish(book.tally, "contact card")
    yield from (charsets.report_charset(label, cards.lines.encoding) for label in book.odd_sets)
    yield from cards.lines.issues
    if cards.folded:
        message = Sentence("row.phone.folded_cards", count=len(cards.folded), listed=format_numbers(cards.folded))
        yield build_issue("bad-row", message, fix=Sentence("fix.look.lines"), place=f"line {cards.folded[0]}")
    if cards.stray:
        message = Sentence("row.phone.cards", count=len(cards.stray), listed=format_numbers(cards.stray))
        yield build_issue("bad-row", message, fix=Sentence("fix.look.lines"), place=f"line {cards.stray[0]}")


Held = tuple[Property, str, str, dict[str, tuple[str, str]]]
"""A number or account: where it stands, its schema and entity, and from its properties to value and what is written."""


class _CardWriter:
    """Writes the cards of one file."""

    def __init__(self, source: SourceFile, region: str | None) -> None:
        self.source, self.region = source, region
        self.entries, self.tally = Entries(source, METHOD, VERSION, is_protected=True), FaultCounts()
        self.odd_sets: dict[str, None] = {}
        self.media = 0

    def list_card_rows(self, card: ContactCard) -> Iterator[Row]:
        """Rows of one card."""
        place = f"card {self.entries.count + 1} (line {card.line})"
        entry = self.entries.add_entry(place, _list_lines(card, self.region))
        yield from entry.rows
        yield from _claim_labelled_lines(entry, card, self.region)
        if not card.ended:
            self.tally.add("truncated", Sentence("fault.card_end"), place)
        if card.left:
            self.tally.add("truncated", Sentence("fault.card_long", most=PROPERTIES), place)
        held = [*self._list_numbers(card, place), *self._list_accounts(card, place)]
        for one, schema, key, props in held:
            for prop, (value, written) in props.items():
                yield entry.build_claim(schema, key, prop, value, written, format_label(one))
        doubtful = self._note_contradictions(card, place)
        name = "" if "FN" in doubtful else _get_name(card)
        if name and not is_identifier(name):
            schema = _find_schema(card)
            scope = (held[0][2],) if held else (self.source.sha256, place)
            holder = (
                identifiers.build_person_key(name, *scope).entity_id
                if schema == "Person"
                else build_entity_id(schema, normalise_name(name), *scope)
            )
            yield entry.build_claim(schema, holder, "name", name, label=_label_of(card, name))
            for one, _, key, _ in held:
                book = f"address book {self.source.name}"
                yield from entry.claim_attribution(holder, key, BASIS, description=book, role=", ".join(one.types))
            yield from self._claim_person(entry, card, (schema, holder), doubtful)
        said = (label for one in card.properties for label in one.params.get("CHARSET", []))
        self.odd_sets |= dict.fromkeys(label for label in said if label and not charsets.find_codec(label))
        self.media += sum(bool(one.data) for one in card.properties)

    def _note_contradictions(self, card: ContactCard, place: str) -> frozenset[str]:
        """Count what a card states in several ways; the names of the properties that are not to be claimed."""
        found = list(list_contradictions(card))
        for one in found:
            self.tally.add("conflict", one.fault, place, "fix.look.places")
        return frozenset(name for one in found for name in one.names)

    def _list_numbers(self, card: ContactCard, place: str) -> Iterator[Held]:
        """Telephone numbers of a card; what holds several that are not certain is told at the place."""
        for one in card.list_properties("TEL"):
            if any(map(str.isdigit, one.text)):
                for written in self._note_empty_parts(
                    identifier_splitting.split_telephones(_strip_scheme(one)), one, place
                ):
                    key = identifiers.build_telephone_key(written, self.region)
                    if other := find_other_number(one, written, self.region):
                        told = Sentence("fault.card_whatsapp", number=quote_value(written), other=quote_value(other))
                        self.tally.add("conflict", told, place, "fix.look.places")
                    yield one, "TelephoneNumber", key.entity_id, {"number": (key.value, written)}

    def _note_empty_parts(self, found: tuple[str, ...], one: Property, place: str) -> tuple[str, ...]:
        if not found:
            self.tally.add_unread_identifier(_strip_scheme(one), place)
        return found

    def _list_accounts(self, card: ContactCard, place: str) -> Iterator[Held]:
        for one in card.list_properties("EMAIL"):
            for written in (
                self._note_empty_parts(identifier_splitting.split_email_addresses(_strip_scheme(one)), one, place)
                if "@" in one.text
                else ()
            ):
                key = identifiers.build_email_account_key(written)
                yield one, "UserAccount", key.entity_id, {"email": (key.value, written)}
        for one in card.list_properties(*ACCOUNTS):
            service, name = _parse_account(one)
            key = (
                identifiers.build_account_key(name)
                if is_identifier(name)
                else identifiers.build_named_account_key(name, self.source.sha256, service)
            )
            if name:
                yield one, "UserAccount", key.entity_id, {"username": (name, ""), "service": (service, "")}

    def _claim_person(
        self, entry: Entry, card: ContactCard, whom: tuple[str, str], doubtful: frozenset[str]
    ) -> Iterator[Claim]:
        """What a card says of whom it is about, but for the properties that are doubtful."""
        from workbench.model.schema import load_vocabulary

        schema, holder = whom
        props = load_vocabulary().schemata[schema].properties
        for prop, value, written, one in [*self._list_properties(card), *self._list_days(card)]:
            if prop in props and one.name not in doubtful:
                yield entry.build_claim(schema, holder, prop, value, written, format_label(one))
        for one in card.list_properties("TEL"):
            for written in identifier_splitting.split_telephones(_strip_scheme(one)):
                number = identifiers.build_telephone_key(written, self.region).value
                yield entry.build_claim(schema, holder, "phone", number, written, format_label(one))
        for one in card.list_properties("EMAIL"):
            for written in identifier_splitting.split_email_addresses(_strip_scheme(one)):
                yield entry.build_claim(schema, holder, "email", written.casefold(), written, format_label(one))
        for one in card.list_properties("ADR"):
            yield from self._claim_address(entry, one, schema, holder)
        if schema == "Person":
            yield from self._claim_employer(entry, card, holder)

    def _list_properties(self, card: ContactCard) -> Iterator[tuple[str, str, str, Property]]:
        for one in card.list_properties(*SIMPLE):
            for text in one.texts if one.name in LISTS else [one.text]:
                yield SIMPLE[one.name], text, text, one
        for one in card.list_properties("N")[:1]:
            for prop, text in zip(NAMES, one.parts, strict=False):
                if text:
                    yield prop, clean_text(text.replace(",", " ")), text, one
        for one in card.list_properties("GENDER", "X-GENDER"):
            letter = one.parts[0][:1].upper()
            if letter in GENDERS:
                yield "gender", GENDERS[letter], one.parts[0], one

    def _list_days(self, card: ContactCard) -> Iterator[tuple[str, str, str, Property]]:
        """Dates of birth and death; without a year they are a note."""
        for one in card.list_properties(*DAYS):
            text = one.text
            day = text.partition("T")[0]
            if len(day) == 8 and day.isascii() and day.isdigit():
                day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
            omitted = is_moment(day) and day[:4] in one.params.get(OMITTED, [])
            day = f"--{day[5:7]}{day[8:10]}" if omitted else day
            if is_moment(day) and is_plausible(day, BIRTHS):
                yield DAYS[one.name], day, text, one
                continue
            if not day.startswith("--"):
                fault = "fault.year" if is_moment(day) else "fault.no_date_note"
                what = Sentence(fault, text=quote_value(text))
                self.tally.add("bad-date", what, f"card {self.entries.count}")
            yield "notes", f"{one.name}: {day if omitted else text}", text, one

    def _claim_address(self, entry: Entry, one: Property, schema: str, holder: str) -> Iterator[Claim]:
        parts = {prop: clean_text(text) for prop, text in zip(ADDRESS, one.parts, strict=False) if text}
        full = ", ".join(parts[prop] for prop in READ if prop in parts)
        if not full:
            return
        located = "street" in parts and ("city" in parts or "postalCode" in parts)
        key = build_entity_id("Address", "full", normalise_name(full), *(() if located else (self.source.sha256,)))
        yield entry.build_claim("Address", key, "full", full, label=format_label(one))
        for prop, value in parts.items():
            yield entry.build_claim(
                "Address",
                key,
                prop,
                _normalise_country(value) if prop == "country" else value,
                value,
                format_label(one),
            )
        yield entry.build_claim(schema, holder, "address", full, label=format_label(one))
        yield from entry.link(schema, holder, {"addressEntity": key})

    def _claim_employer(self, entry: Entry, card: ContactCard, holder: str) -> Iterator[Claim]:
        """Where somebody works: the first component of ORG; the others are its parts."""
        work = card.find_property("ORG")
        if work is None or not work.parts[0]:
            return
        employer = build_entity_id("Organization", normalise_name(work.parts[0]), self.source.sha256)
        yield entry.build_claim("Organization", employer, "name", work.parts[0], label=format_label(work))
        role = card.find_property("TITLE", "ROLE")
        yield from entry.link("Employment", identifiers.build_link_id("Employment", holder, employer), {
            "employee": holder, "employer": employer, "role": role.text if role else "",
            "description": ", ".join(filter(None, work.parts[1:])),
        })  # fmt: skip


def format_label(one: Property) -> str:
    """Label of a property in a passage: 'tel (cell)'."""
    name = one.name.lower()
    return f"{name} ({', '.join(one.types)})" if one.types and not one.data else name


def _list_lines(card: ContactCard, region: str | None) -> Iterator[Line]:
    """The card as it is read; the number of its form is left out."""
    groups: dict[str, list[str]] = {}
    for one in card.properties:
        if one.group and one.name != LABEL:
            groups.setdefault(one.group.casefold(), []).append(one.name.lower())
    for one in card.properties:
        if one.name == LABEL and not one.data:
            named = ", ".join(groups.get(one.group.casefold(), ())[:LABELLED])
            yield f"label ({named})" if named else "label", one.text
            yield from _list_parameters(one, region)
        else:
            yield from _list_property_lines(one, region)


def _list_property_lines(one: Property, region: str | None) -> Iterator[Line]:
    """Lines of a property that is no label of another."""
    if one.data:
        yield format_label(one), f"{len(one.data):,} bytes"
    elif one.name in ("N", "ADR", "ORG"):
        yield format_label(one), ", ".join(filter(None, _order_components(one)))
    elif one.name in LISTS:
        yield format_label(one), ", ".join(one.texts)
    elif one.name != "VERSION" or not NUMBERED.fullmatch(one.text):
        yield format_label(one), one.text
    yield from _list_parameters(one, region)


def _claim_labelled_lines(entry: Entry, card: ContactCard, region: str | None) -> Iterator[Claim]:
    """What properties say whose label of their own (`item1.X-ABLABEL:Religion`) names a special category."""
    labels = {
        one.group.casefold(): prop
        for one in card.list_properties(LABEL)
        if one.group and (prop := find_special_label(one.text))
    }
    for one in card.properties:
        if one.name != LABEL and (prop := labels.get(one.group.casefold(), "")):
            for line in _list_property_lines(one, region):
                yield from entry.claim_special_line(line, prop)


def _list_parameters(one: Property, region: str | None) -> Iterator[Line]:
    """What the parameters of a property say beside how its value is written."""
    for name, values in one.params.items():
        said = ", ".join(values)
        is_other = name == WAID and find_other_number(one, one.text, region)
        if is_other or (name not in FORM and WORD.search(said)):
            yield f"{format_label(one)} {name.lower()}", said


def _order_components(one: Property) -> list[str]:
    """Components of a name or address in the order in which they are read."""
    if one.name != "ADR":
        return one.parts
    parts = dict(zip(ADDRESS, (clean_text(part) for part in one.parts), strict=False))
    return [*(parts.get(prop, "") for prop in READ), *(clean_text(part) for part in one.parts[len(ADDRESS) :])]


def _strip_scheme(one: Property) -> str:
    """A number or address without the scheme of its URI."""
    text = clean_number(one.text)
    scheme, colon, rest = text.partition(":")
    return rest.partition(";")[0] if colon and scheme.casefold() in ("tel", "mailto", "sms") else text


def _parse_account(one: Property) -> tuple[str, str]:
    """Service and name of an account."""
    text = clean_text(one.text)
    service = one.name.removeprefix("X-").removesuffix("-USERNAME").lower()
    stated = [*one.params.get("X-SERVICE-TYPE", []), *one.params.get("SERVICE-TYPE", [])]
    if service in ("impp", "socialprofile"):
        scheme, colon, rest = text.partition(":")
        service, text = (scheme.casefold(), rest) if colon and scheme.isalnum() else ("", text)
        if service in ("http", "https", "x-apple"):
            user = next(iter([*one.params.get("X-USER", []), *one.params.get("USERNAME", [])]), "")
            service, text = next(iter(one.types), ""), user or clean_text(one.text)
    return next(iter(stated), service), text


def _get_name(card: ContactCard) -> str:
    """Name of whom the card is about: as it is shown, else put together, else the organisation."""
    shown, parts, work = card.find_property("FN"), card.find_property("N"), card.find_property("ORG")
    if shown and clean_text(shown.text):
        return clean_text(shown.text)
    if parts:
        family, given, middle, prefix, suffix = [*parts.parts, "", "", "", "", ""][:5]
        if joined := clean_text(" ".join(filter(None, (prefix, given, middle, family, suffix)))):
            return joined
    return clean_text(work.parts[0]) if work else ""


def _label_of(card: ContactCard, name: str) -> str:
    return next(
        (format_label(one) for one in card.list_properties("FN", "N", "ORG") if name in clean_text(one.text)), "fn"
    )


def _find_schema(card: ContactCard) -> str:
    """Whether a card is about a person or a body."""
    kind, shown = card.find_property("KIND", "X-ADDRESSBOOKSERVER-KIND"), card.find_property("X-ABSHOWAS")
    body = (kind and kind.text.casefold() in BODIES) or (shown and shown.text.casefold() == "company")
    return "Organization" if body or not card.list_properties("FN", "N") else "Person"


@lru_cache(maxsize=1_000)
def _normalise_country(value: str) -> str:
    from workbench.model.schema import clean_value

    return clean_value("Address", "country", value)
