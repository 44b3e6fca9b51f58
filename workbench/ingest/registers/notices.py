"""Reader `notice`: notices of INTERPOL in the JSON of its public service: one notice, a list of them, or one per line.

The subject becomes a Person (an Organization for a UN notice about an entity), the notice a document of its own. Where
FollowTheMoney has a property it is used; what it has none for stays in `notes`, everything stays in the passage.

- Arrest warrants and UN listings are `Sanction` entities, as FollowTheMoney's users keep them: the schema stands for a
  measure of an authority against somebody. For a red notice its `program` says what the notice is: a **request to locate and
  provisionally arrest**, not an international arrest warrant; the warrant is that of the country that issued it.
- A disappearance (yellow notice) is an `Event`.
- Height and weight 0 mean unknown.

Nothing is fetched: links to pictures and to the service stay text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.ingest.reading.json_objects import Objects, format_value, parse_first_value, replace_surrogates
from workbench.ingest.reading.record_text import Entries, Entry, FaultCounts, Line, quote_value
from workbench.ingest.reading.source import SourceFile
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id
from workbench.model.issue_codes import build_issue
from workbench.model.notice_json import find_colour, is_notice, is_personal, list_notices
from workbench.model.rows import Claim, Document, Issue, Row
from workbench.model.values.plausible_years import BIRTHS, EVENTS, is_plausible

METHOD = "notice"
VERSION = "3"
KINDS: dict[str, str] = {
    "red": "Red notice (request to locate and provisionally arrest)", "blue": "Blue notice", "green": "Green notice",
    "yellow": "Yellow notice (missing person)", "black": "Black notice", "purple": "Purple notice",
    "orange": "Orange notice", "silver": "Silver notice", "un": "INTERPOL-UN Security Council Special Notice",
}  # fmt: skip
PROPS: dict[str, str] = {
    "name": "lastName", "forename": "firstName", "place_of_birth": "birthPlace", "country_of_birth_id": "birthCountry",
    "nationalities": "nationality", "eyes_colors_id": "eyeColor", "hairs_id": "hairColor", "height": "height",
    "weight": "weight", "languages_spoken_ids": "spokenLanguage", "distinguishing_marks": "appearance",
    "sex_id": "gender", "date_of_birth": "birthDate", "birth_name": "previousName", "name_at_birth": "previousName",
    "formerly_known_as": "previousName", "aliases": "alias", "profession": "profession", "summary": "summary",
    "adresses": "address", "legal_form": "legalForm", "registration_number": "registrationNumber",  # codespell:ignore adresses
    "main_activity": "sector",
}  # fmt: skip
"""Fields of the subject and the property each is."""

PARENTS = {"fatherName": ("father_forename", "father_name"), "motherName": ("mother_forename", "mother_name")}
NOTES = (
    "additional_information", "associates", "identity_documents", "purposes", "administrators", "from_chamber_of_commerce",
)  # fmt: skip
SCRIPT = ("forename_in_original_script", "name_in_original_script")
MEASURES = ("arrest_warrants", "un_reference", "un_resolution", "un_reference_date")
EVENT = ("date_of_event", "place", "country")
OWN = ("entity_id", "notice_type", "notice type", "type", "_links", "_embedded")
KNOWN = frozenset({*PROPS, *NOTES, *SCRIPT, *MEASURES, *EVENT, *OWN}) | {
    name for pair in PARENTS.values() for name in pair
}
CODED = frozenset({"nationality", "birthCountry", "spokenLanguage"})
GENDERS = {"M": "male", "F": "female"}
TOPICS = {"red": "wanted", "un": "sanction"}
NESTED = 8
BYTES = (b'"_embedded"', b'"notices"', b'"entity_id"')


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the fields of a notice, or the envelope of a list of them."""
    del source
    found = parse_first_value(head)
    if is_notice(found):
        return Sentence("detected.notice")
    envelope = isinstance(found, dict) and bool(list_notices(found))
    if envelope or (found is None and head.lstrip()[:1] == b"{" and all(mark in head for mark in BYTES)):
        return Sentence("detected.notices")
    return ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document per notice, with its passage and the claims about its subject.

    Parameters
    ----------
    options : mapping
        'notice': colour of the notices ('red', 'yellow', 'un', …) where the file does not show it.
    """
    objects, tally = Objects(source), FaultCounts()
    found = 0
    for item in objects:
        envelope = list_notices(item.value)
        if envelope:
            yield from _list_count_issues(item.value, len(envelope), item.place)
        for number, data in enumerate(envelope or [item.value], 1):
            place = f"{item.place} notice {number}".strip() if envelope else item.place
            if isinstance(data, dict) and is_notice(data):
                found += 1
                yield from Notice(source, data, place, options.get("notice", "")).list_rows(tally)
            else:
                tally.add("bad-row", Sentence("fault.no_notice"), place)
    if not found:
        document = Entries(source, METHOD, VERSION, "PlainText")
        yield document.build_document(source.name)
        yield from document.finish(FaultCounts(), "notice")
    yield from tally.list_issues("")
    yield from objects.issues


@dataclass(slots=True)
class Notice:
    """One notice of a file. `given`: its colour as the analyst says, '' if not."""

    source: SourceFile
    data: Mapping[str, object]
    place: str
    given: str = ""

    @property
    def number(self) -> str:
        """Number of the notice ('1993/27493')."""
        return replace_surrogates(format_value(self.data["entity_id"]))

    @property
    def kind(self) -> str:
        """Colour of the notice, '' where neither the file nor the analyst says it."""
        return find_colour(self.data, self.given)

    @property
    def schema(self) -> str:
        """Schema of the subject: a UN notice without anything of a person is about an organisation."""
        return "Person" if self.kind != "un" or is_personal(self.data) else "Organization"

    @property
    def subject(self) -> str:
        """Id of the subject: within a file the number of a notice is about one subject.

        Another file that names this number is a candidate for the same subject, and no more: anybody can write a number.
        """
        key = ("notice", self.number) if self.number else (self.place,)
        return build_entity_id(self.schema, self.source.sha256, *key)

    @property
    def name(self) -> str:
        """Name as it is read: forename and family name."""
        return " ".join(filter(None, (self.get_text("forename"), self.get_text("name"))))

    def get_text(self, name: str) -> str:
        """A field as text."""
        return ", ".join(self.list_texts(name))

    def list_texts(self, name: str) -> list[str]:
        """Values of a field; of an object in a list its values, one after the other."""
        value = self.data.get(name)
        values = value if isinstance(value, list) else [value]
        return [text for one in values if (text := _flatten_value(one))]

    def list_rows(self, tally: FaultCounts) -> Iterator[Row]:
        """Rows of the notice; what cannot be read is counted in `tally`."""
        what = KINDS.get(self.kind, "Notice")
        pages = Entries(self.source, METHOD, VERSION, "PlainText", (self.number, self.place))
        yield Document(pages.document_id, "PlainText", f"{what} {self.number}: {self.name}"[:300])
        entry = pages.add_entry(self.place, self._list_lines(), head=what)
        yield from entry.rows
        yield from self._claim_subject(entry, tally)
        yield from self._claim_measures(entry)
        yield from self._claim_event(entry, tally)
        for name in self.data:
            if name not in KNOWN:
                tally.add("unknown-word", Sentence("fault.notice_field", name=quote_value(name)), self.place)

    def _list_lines(self) -> Iterator[Line]:
        for name in self.data:
            for value in self.list_texts(name):
                yield name, value

    def _claim_subject(self, entry: Entry, tally: FaultCounts) -> Iterator[Claim]:
        if self.name:
            joined = self.get_text("forename") and self.get_text("name")
            yield entry.build_claim(self.schema, self.subject, "name", self.name, label="" if joined else "name")
        known = _list_properties(self.schema)
        for name, prop in PROPS.items():
            for value in self.list_texts(name):
                made = self._normalise_value(prop, value, tally)
                if made and prop in known:
                    yield entry.build_claim(self.schema, self.subject, prop, made, value, name)
        if self.kind in TOPICS:
            yield from entry.link(self.schema, self.subject, {"topics": TOPICS[self.kind]})
        yield from self._claim_other_fields(entry)

    def _claim_other_fields(self, entry: Entry) -> Iterator[Claim]:
        """What is put together from several fields, and what has no property of its own."""
        if original := " ".join(filter(None, (self.get_text(name) for name in SCRIPT))):
            yield entry.build_claim(self.schema, self.subject, "alias", original, label=SCRIPT[1])
        if self.schema == "Person":
            for prop, fields in PARENTS.items():
                if value := " ".join(filter(None, (self.get_text(name) for name in fields))):
                    yield entry.build_claim("Person", self.subject, prop, value, label=fields[0])
        for name in NOTES:
            for value in self.list_texts(name):
                told = f"{name.replace('_', ' ').capitalize()}: {value}"
                yield entry.build_claim(self.schema, self.subject, "notes", told, value, name)

    def _normalise_value(self, prop: str, value: str, tally: FaultCounts) -> str:
        """Value in FollowTheMoney's form; '' for what says nothing."""
        if prop in ("height", "weight"):
            return value if value.strip("0.,") else ""
        if prop == "gender":
            return GENDERS.get(value.upper(), "")
        if prop == "birthDate":
            return _normalise_date(value, self.place, tally, BIRTHS)
        if prop in CODED:
            from workbench.model.schema import clean_value

            return clean_value("Person", prop, value)
        return value

    def _claim_measures(self, entry: Entry) -> Iterator[Claim]:
        """Arrest warrants of countries, and the listing by the UN Security Council."""
        warrants = self.data.get("arrest_warrants")
        for number, warrant in enumerate(warrants if isinstance(warrants, list) else [], 1):
            if isinstance(warrant, dict):
                yield from entry.link("Sanction", build_entity_id("Sanction", self.subject, str(number), format_value(warrant)), {
                    "entity": self.subject, "program": KINDS["red"], "recordId": self.number,
                    "country": format_value(warrant.get("issuing_country_id")).casefold(), "status": "arrest warrant",
                    "reason": format_value(warrant.get("charge")), "description": format_value(warrant.get("charge_translation")),
                })  # fmt: skip
        if self.get_text("un_reference") or self.get_text("un_resolution"):
            yield from entry.link("Sanction", build_entity_id("Sanction", self.subject, "un", self.get_text("un_reference")), {
                "entity": self.subject, "program": KINDS["un"], "recordId": self.number,
                "unscId": self.get_text("un_reference"), "provisions": self.get_text("un_resolution"),
                "listingDate": self.get_text("un_reference_date").replace("/", "-"), "authority": "UN Security Council",
            })  # fmt: skip

    def _claim_event(self, entry: Entry, tally: FaultCounts) -> Iterator[Claim]:
        """The disappearance that a yellow notice is about."""
        if self.get_text("date_of_event"):
            day = _normalise_date(self.get_text("date_of_event"), self.place, tally, EVENTS)
            event = build_entity_id("Event", self.subject, self.get_text("date_of_event"))
            yield from entry.link("Event", event, {
                "name": f"Disappearance of {self.name}", "date": day or self.get_text("date_of_event"),
                "location": self.get_text("place"), "country": self.get_text("country").casefold(), "involved": self.subject,
            })  # fmt: skip


def _list_count_issues(envelope: object, found: int, place: str) -> Iterator[Issue]:
    total = format_value(envelope.get("total")) if isinstance(envelope, dict) else ""
    if total.isascii() and total.isdigit() and len(total) < 10 and int(total) > found:
        message = Sentence("row.register.notices", count=total, found=str(found))
        yield build_issue("count-mismatch", message, fix=Sentence("fix.ask.pages"), place=place)


def _flatten_value(value: object, depth: int = 0) -> str:
    """Text of a value; of an object its members without their names, links and addresses included."""
    if isinstance(value, dict) and depth < NESTED:
        return ", ".join(filter(None, (_flatten_value(one, depth + 1) for one in value.values())))
    return replace_surrogates(format_value(value)).strip()


def _normalise_date(value: str, place: str, tally: FaultCounts, years: range) -> str:
    """yyyy/mm/dd, yyyy/mm or yyyy as an ISO date; as written, and reported, where it is none or of none of these years."""
    from datetime import date

    parts = value.split("/")
    try:
        numbers = [int(part) for part in parts if part.isascii() and len(part) in (2, 4)]
        if len(numbers) != len(parts) or len(parts[0]) != 4 or len(parts) > 3:
            raise ValueError
        date(*[*numbers, 1, 1][:3])
    except ValueError:
        tally.add("bad-date", Sentence("fault.no_notice_date", text=quote_value(value)), place)
        return value
    made = "-".join(parts)
    if not is_plausible(made, years):
        tally.add("bad-date", Sentence("fault.year", text=quote_value(value)), place)
        return value
    return made


def _list_properties(schema: str) -> frozenset[str]:
    from workbench.model.schema import load_vocabulary

    return frozenset(load_vocabulary().schemata[schema].properties)
