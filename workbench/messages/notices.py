"""Notices in the JSON of INTERPOL's public service, read into the model and written again without loss.

What the model has no field for stands in the person's description, and of parents in `parents`, a line each: 'height: 1.65',
'eyes_colors_id: ["BRO"]'. Text that is no such line is the distinguishing marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import SchemaError
from workbench.messages.model.message import Charge, Correspondence, Decision, Event, Item, Notice, Person
from workbench.messages.traffic.labelled_values import Origin, ReadMessage
from workbench.model import notice_json as public
from workbench.model.catalogue import Sentence

SUBJECT = {
    "name": "family_name", "forename": "forename", "name_in_original_script": "name_in_original_script", "sex_id": "sex",
    "place_of_birth": "place_of_birth",
}  # fmt: skip
PARENTS = ("father_name", "father_forename", "mother_name", "mother_forename")
DESCRIBED = (
    "country_of_birth_id", "height", "weight", "eyes_colors_id", "hairs_id", "languages_spoken_ids", "birth_name", "country",
    "un_reference_date", "associates", "identity_documents", "profession", "purposes", "main_activity", "additional_information",
    "forename_in_original_script", "name_at_birth", "formerly_known_as", "legal_form",
    "registration_number", "from_chamber_of_commerce", "administrators", "adresses",  # codespell:ignore adresses
)  # fmt: skip
"""Fields that the model has no place for."""
MARKS = "distinguishing_marks"
LINE = re.compile(rf"({'|'.join((*DESCRIBED, *PARENTS, MARKS))}): (.*)")
STATUS = {"red": "wanted", "yellow": "missing", "un": "sanctioned_un"}
"""What a notice of a colour says of its subject."""
WARRANT = ("issuing_country_id", "charge", "charge_translation")
FORMER = ("birth_name", "name_at_birth", "formerly_known_as")
SCRIPT = "forename_in_original_script"
NUMBER = re.compile(r"(?<!\w)(?=[A-Z0-9]{0,3}\d{4})[A-Z0-9]{5,15}(?!\w)")
"""A number of an identity document, whatever stands around it."""
ORGANISATION = "organisation"
DAY = re.compile(r"(\d{4})/(\d{2})/(\d{2})")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def from_public(data: Mapping[str, Any], place: str = "", *, color: str = "") -> ReadMessage:
    """The notice in an object of the public service, every field with its place; links and pictures stay in the source."""
    seen = color or public.find_colour(data)
    person = _build_person(data, seen)
    warrants = [one for one in _to_list(data.get("arrest_warrants")) if isinstance(one, dict)]
    personal = public.is_personal(data)
    notice = Notice(
        our_ref=_to_text(data["entity_id"]),
        color=seen,
        persons=(person,) if personal else (),
        objects=() if personal else (_build_organisation(data, person),),
        charges=tuple(
            Charge(text=_to_text(one.get(WARRANT[1])), translation=_to_text(one.get(WARRANT[2]))) for one in warrants
        ),
        decisions=tuple(Decision(country=_to_text(one.get(WARRANT[0]))) for one in warrants),
        event=Event(date=_normalise_date(_to_text(data.get("date_of_event"))), place=_to_text(data.get("place"))),
        un_reference=_to_text(data.get("un_reference")),
        un_resolution=_to_text(data.get("un_resolution")),
        summary_of_facts=_to_text(data.get("summary")),
    )
    return ReadMessage(
        place, notice, tuple(_build_origin(name, value, place, personal=personal) for name, value in data.items())
    )


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom a notice is about, for a comparison: all names, dates of birth, nationalities, sex, numbers; whether it is a body."""

    names: tuple[str, ...]
    births: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    body: bool = False


def list_subjects(notice: Notice) -> Iterator[Sought]:
    """Persons and organisations that a notice is about."""
    for person in notice.persons:
        told = _parse_description(person.description)
        former = [f"{person.forename} {told[name]}" for name in FORMER if isinstance(told.get(name), str)]
        script = f"{told.get(SCRIPT, '')} {person.name_in_original_script}"
        names = (f"{person.forename} {person.family_name}", *person.aliases, script, *former)
        papers = NUMBER.findall(json.dumps(told.get("identity_documents", "")))
        numbers = (*(one.number for one in person.documents), *papers)
        births = (person.date_of_birth,) if person.date_of_birth else ()
        sexes = (person.sex,) if person.sex in ("F", "M") else ()
        yield Sought(_drop_blanks(names), births, person.nationalities, sexes, _drop_blanks(numbers))
    for item in notice.objects:
        if item.kind == ORGANISATION:
            names = tuple(line for line in item.description.split("\n") if not LINE.fullmatch(line))
            yield Sought(_drop_blanks(names), numbers=_drop_blanks((item.number,)), body=True)


def _drop_blanks(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def is_public_notice(message: Correspondence) -> bool:
    """Whether a message is a notice out of a public list, which is compared with and which nobody has sent to anybody."""
    return isinstance(message, Notice) and not (message.from_bureau or message.to or message.cc)


def to_public(notice: Notice) -> dict[str, Any]:
    """A notice as the public service shapes it; what is empty is left out.

    Raises
    ------
    SchemaError
        For a UN special notice, which is only read and screened, and where there is not exactly one person.
    """
    if notice.color == "un":
        raise SchemaError(
            Sentence(
                "This program can read UN special notices and compare them with the case, but it cannot "
                "create them. Keep the file as you received it."
            )
        )
    if len(notice.persons) != 1:
        raise SchemaError(
            Sentence(
                "A notice is about one person, but this one has {count} persons. Create a notice for each person.",
                count=len(notice.persons),
            )
        )
    person = notice.persons[0]
    told = {name: getattr(person, field) for name, field in SUBJECT.items()}
    made = {
        "entity_id": notice.our_ref,
        **told,
        "date_of_birth": _format_slashed(person.date_of_birth),
        "nationalities": list(person.nationalities),
        "aliases": list(person.aliases),
        "date_of_event": _format_slashed(notice.event.date),
        "place": notice.event.place,
        "summary": notice.summary_of_facts,
        "arrest_warrants": _list_warrants(notice),
        **_parse_description(person.parents),
        **_parse_description(person.description),
    }
    return {name: value for name, value in made.items() if value not in ("", [], None) or name in ("entity_id", "name")}


def to_notice_json(notice: Notice) -> str:
    """A notice as JSON of the public service (`to_public`)."""
    return json.dumps(to_public(notice), ensure_ascii=False, indent=1)


def _build_person(data: Mapping[str, Any], color: str) -> Person:
    return Person(
        family_name=_to_text(data.get("name")),
        forename=_to_text(data.get("forename")),
        name_in_original_script=_to_text(data.get("name_in_original_script")),
        sex=_to_text(data.get("sex_id")),
        place_of_birth=_to_text(data.get("place_of_birth")),
        date_of_birth=_normalise_date(_to_text(data.get("date_of_birth"))),
        nationalities=_to_texts(data.get("nationalities")),
        aliases=_to_texts(data.get("aliases")),
        parents=_to_text(_format_lines(data, PARENTS)),
        description=_to_text(
            "\n".join(filter(None, (_format_distinguishing_marks(data.get(MARKS)), _format_lines(data, DESCRIBED))))
        ),
        status=STATUS.get(color, ""),
    )


def _build_organisation(data: Mapping[str, Any], told: Person) -> Item:
    described = "\n".join(
        filter(None, (told.family_name, told.name_in_original_script, *told.aliases, told.description))
    )
    return Item(
        kind=ORGANISATION, number=_to_text(data.get("registration_number")), description=described, status=told.status
    )


def _list_warrants(notice: Notice) -> list[dict[str, str]]:
    """Arrest warrants: the country of each decision with the charge of the same number."""
    made = []
    for number in range(max(len(notice.charges), len(notice.decisions))):
        charge = notice.charges[number] if number < len(notice.charges) else Charge()
        country = notice.decisions[number].country if number < len(notice.decisions) else ""
        pairs = zip(WARRANT, (country, charge.text, charge.translation), strict=True)
        made.append({name: value for name, value in pairs if value})
    return made


def _format_lines(data: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return "\n".join(_format_line(name, data[name]) for name in names if data.get(name) not in (None, "", []))


def _format_line(name: str, value: Any) -> str:  # noqa: ANN401
    """'name: value': a text as it is, where it is not taken for something else when it is read; all else as JSON."""
    plain = isinstance(value, str) and "\n" not in value and value == value.strip() and _parse_value(value) == value
    return f"{name}: {value if plain else json.dumps(value, ensure_ascii=False)}"


def _format_distinguishing_marks(value: Any) -> str:  # noqa: ANN401
    """Distinguishing marks as text without a label, where no line of it looks labelled."""
    if not value:
        return ""
    free = isinstance(value, str) and value == value.strip() and not any(map(LINE.fullmatch, value.split("\n")))
    return value if free else _format_line(MARKS, value)


def _parse_description(text: str) -> dict[str, Any]:
    """Fields of the public service in labelled lines; other lines are the distinguishing marks."""
    found = [LINE.fullmatch(line) or line for line in text.split("\n")]
    free = "\n".join(line for line in found if isinstance(line, str)).strip()
    named = {match[1]: _parse_value(match[2]) for match in found if not isinstance(match, str)}
    return {**({MARKS: free} if free else {}), **named}


def _parse_value(written: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written


def _build_origin(name: str, value: Any, place: str, *, personal: bool) -> Origin:  # noqa: ANN401
    """Where a field of the public service went."""
    person, described = (
        ("persons[0]", "persons[0].description") if personal else ("objects[0]", "objects[0].description")
    )
    fields = {
        "entity_id": "our_ref", "arrest_warrants": "charges", "date_of_event": "event.date", "place": "event.place",
        "un_reference": "un_reference", "un_resolution": "un_resolution", "summary": "summary_of_facts",
        **{one: f"{person}.{field}" for one, field in SUBJECT.items()},
        **dict.fromkeys(("date_of_birth", "nationalities", "aliases"), person),
        **dict.fromkeys(PARENTS, f"{person}.parents"), **dict.fromkeys((MARKS, *DESCRIBED), described),
    }  # fmt: skip
    field = fields.get(name, "")
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return Origin(f"{field}.{name}" if field == person else field, place, name, written)


def _to_list(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else []


def _to_text(value: Any) -> str:  # noqa: ANN401
    """A value as text, half characters replaced."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode()


def _to_texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(_to_text(one) for one in _to_list(value))


def _normalise_date(written: str) -> str:
    return DAY.sub(r"\1-\2-\3", written) if DAY.fullmatch(written) else written


def _format_slashed(iso: str) -> str:
    return ISO.sub(r"\1/\2/\3", iso) if ISO.fullmatch(iso) else iso
