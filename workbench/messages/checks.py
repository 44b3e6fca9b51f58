"""Checks that need reckoning: a rule calls one by its name. Each gives the places where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from workbench.messages import areas, forms, names, speech
from workbench.messages.fields import Hit, texts, values
from workbench.messages.lists import code_list, words
from workbench.messages.message import Correspondence
from workbench.messages.surroundings import Surroundings

Check = Callable[[Correspondence, Surroundings], Iterator[Hit]]
AMBIGUOUS = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)")
TELEPHONE = re.compile(r"(?<![\w+/.-])\(?0\d{1,4}\)?(?:[\s./-]?\d{2,4}){2,4}(?![\w/-])")
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)")
IMEI = re.compile(r"(?<!\w)IMEI\W{0,3}(?:\w{1,10}\W{1,3})?((?:\d[ -]?){14}\d)(?!\d)", re.IGNORECASE)
VIN = re.compile(
    r"(?<!\w)(?:VIN|chassis|châssis|bastidor|الهيكل)\W{0,3}(?:\w{1,10}\W{1,3})?([A-HJ-NPR-Z0-9]{17})(?!\w)",
    re.IGNORECASE,
)
MRZ = re.compile(r"(?<!\S)[A-Z0-9<]{44}(?!\S)")
ABBREVIATION = re.compile(r"(?<![\w/-])[A-Z]{2,5}(?![\w/-]|\.\w)")
DAY = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}")
INTERNATIONAL = re.compile(r"\+[1-9]\d{0,2}(?:[\s./()-]{0,2}\d{1,4}){2,7}")
NORTH_AMERICA = "12345"
LONGEST_TELEPHONE = 12
"""Figures of a number with the 0 that stands for its country. What has more is an IMEI or the like."""
DOCUMENT = re.compile(r"(?<!\w)(?=[A-Z0-9]*\d{5})[A-Z]{1,3}\d{5,9}[A-Z]?(?!\w)")
BIRTH = re.compile(
    r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} (?:de )?[^\W\d]{3,10}\.? (?:de )?(?:19|20)\d{2})(?!\d)"
)
REFERENCE = re.compile(
    r"(?i)\b(?:case|dossier|affaire|caso|expediente|و?(?:ال)?قضية)\s+(?:no\.?\s*|n\.?[°º]\s*|رقم\s*)?([A-Z]{0,4}[/-]?\d[\w/-]{3,20})"
)


def shifted(now: datetime, amount: int, unit: str) -> datetime:
    """So many days or years from now; 29 February becomes 28 February."""
    if unit == "days":
        return now + timedelta(days=amount)
    try:
        return now.replace(year=min(max(now.year + amount, 1), 9999))
    except ValueError:
        return now.replace(year=min(max(now.year + amount, 1), 9999), day=28)


def ambiguous_date(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Dates such as 03/04/2024, in which day and month cannot be told apart."""
    for field, text in texts(message):
        for match in AMBIGUOUS.finditer(text):
            one, other = int(match[1]), int(match[3])
            if 1 <= one <= 12 and 1 <= other <= 12 and one != other:
                yield Hit(field, *match.span(), match[0])


def local_telephone(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Telephone numbers in a text that begin with 0 and so say no country."""
    for field, text in texts(message):
        for match in TELEPHONE.finditer(_without(INTERNATIONAL, text)):
            if sum(map(str.isdigit, match[0])) <= LONGEST_TELEPHONE and not DAY.fullmatch(match[0]):
                yield Hit(field, *match.span(), match[0])


def _without(pattern: re.Pattern[str], text: str) -> str:
    """A text with blanks in the place of what a pattern finds, so that all else stands where it stood."""
    return pattern.sub(lambda match: " " * len(match[0]), text)


def check_digit(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """IBAN, IMEI, vehicle numbers of North America and passport lines, in texts and in the list, with a wrong check digit."""
    for field, text in texts(message):
        for kind, pattern in (("iban", IBAN), ("imei", IMEI), ("vin", VIN), ("mrz", MRZ)):
            for match in pattern.finditer(text):
                group = match.re.groups
                if _wrong(kind, match[group]):
                    yield Hit(field, *match.span(group), match[group], detail=kind.upper())
    for number, item in enumerate(message.objects):
        kind = {"account": "iban", "handset": "imei", "vehicle": "vin"}.get(item.kind, "")
        if kind and _looks(kind, item.number) and _wrong(kind, item.number):
            yield Hit(f"objects[{number}].number", quote=item.number, detail=kind.upper())


def _looks(kind: str, value: str) -> bool:
    shapes = {"iban": r"[A-Z]{2}\d{2}[A-Z0-9 ]{11,36}", "imei": r"(?:\d[ -]?){15}", "vin": r"[A-HJ-NPR-Z0-9]{17}"}
    return bool(re.fullmatch(shapes[kind], value.strip()))


def _wrong(kind: str, value: str) -> bool:
    """Makers outside North America need not reckon the check digit of a vehicle's number, so theirs are never called wrong."""
    if kind == "vin" and value[0] not in NORTH_AMERICA:
        return False
    return not forms.FORMS[kind](value)


def unknown_abbreviation(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Capitals that no list of abbreviations has, that are no code of a country and part of no name, and that nothing explains."""
    known = {match for one in words("abbreviations") for match in one.instead}
    named = " ".join(f"{one.family_name} {one.forename} {' '.join(one.aliases)}" for one in message.persons).upper()
    text = _without(IBAN, message.summary_of_facts)
    for match in ABBREVIATION.finditer(text):
        short = match[0]
        explained = f"({short})" in text or short.lower() in known or forms.country(short)
        if not explained and not re.search(rf"\b{short}\b", named) and not names.near_name(text, match.span()):
            yield Hit("summary_of_facts", *match.span(), short)


def personal_subject(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A full date of birth or a document number in the subject."""
    for pattern in (BIRTH, DOCUMENT):
        yield from (Hit("subject", *match.span(), match[0]) for match in pattern.finditer(message.subject))
    numbers = (
        document.number for person in message.persons for document in person.documents if len(document.number) > 4
    )
    for number in numbers:
        start = message.subject.find(number)
        if start >= 0 and not DOCUMENT.fullmatch(number):
            yield Hit("subject", start, start + len(number), number)


def duplicate(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A message of the same form, with the same text, that went to one of the addressees before."""
    mine = _gist(message)
    for other in around.sent:
        same = other.form == message.form and other.message_id != message.message_id and _gist(other) == mine
        if same and mine[1] and set(other.to) & set(message.to):
            yield Hit("summary_of_facts", detail=other.our_ref)
            return


def _gist(message: Correspondence) -> tuple[str, str]:
    return str(getattr(message, "type", "")), " ".join(re.findall(r"\w+", message.summary_of_facts.lower()))


def several_cases(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """References of more than one case in the text."""
    text = message.summary_of_facts
    found = list(REFERENCE.finditer(text))
    others = [match for match in found if match[1] != found[0][1]]
    yield from (Hit("summary_of_facts", *match.span(), match[0]) for match in others[:1])


def restricted_addressee(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Addressees in a country that a source of the message is closed to."""
    for path in ("to", "cc"):
        for number, bureau in enumerate(getattr(message, path)):
            if bureau[:2] in around.restricted and not bureau[2:3].isalnum():
                yield Hit(f"{path}[{number}]", quote=bureau, detail=bureau[:2])


def attachment_hash(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Attachments whose file has another SHA-256 than the message says."""
    for number, one in enumerate(message.attachments):
        found = around.hashes.get(one.name, one.sha256)
        if found.lower() != one.sha256.lower():
            yield Hit(f"attachments[{number}].sha256", quote=one.sha256, better=found)


def attachment_mark(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Attachments that are marked higher than the message."""
    levels = code_list("confidentiality")
    rank = {level: number for number, level in enumerate(levels)}
    for number, one in enumerate(message.attachments):
        if rank.get(one.confidentiality, 0) > rank.get(message.confidentiality, 0):
            yield Hit(f"attachments[{number}].confidentiality", quote=one.confidentiality, detail=one.name)


def named_attachment(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Files that a person or a decision names and that are not attached."""
    known = {one.name for one in message.attachments}
    for path in ("persons.photo", "persons.fingerprints", "persons.dna", "decisions.attachment"):
        yield from (Hit(place, quote=name) for place, name in values(message, path) if name and name not in known)


def unknown_reference(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """A reference of the addressee that nothing in the case has."""
    for place, reference in values(message, "your_ref"):
        if around.references is not None and reference and reference not in around.references:
            yield Hit(place, quote=reference)


def minor(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Persons who are under eighteen today, by the date of birth that is given."""
    yield from _younger(message, around.now.date())


def minor_at_facts(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Persons who were under eighteen at the time of the facts."""
    for _, value in values(message, "date_of_facts"):
        if when := forms.day(value):
            yield from _younger(message, when)


def _younger(message: Correspondence, when: date) -> Iterator[Hit]:
    for place, value in values(message, "persons.date_of_birth"):
        born = forms.day(value)
        if born and (when.year - born.year - ((when.month, when.day) < (born.month, born.day))) in range(18):
            yield Hit(place, quote=value)


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        ambiguous_date,
        local_telephone,
        check_digit,
        unknown_abbreviation,
        personal_subject,
        duplicate,
        several_cases,
        restricted_addressee,
        attachment_hash,
        attachment_mark,
        named_attachment,
        unknown_reference,
        minor,
        minor_at_facts,
        names.not_structured,
        names.two_spellings,
        names.unclear_order,
        names.unknown_place,
        speech.other_language,
        speech.mixed_scales,
        speech.likelihood_with_confidence,
        speech.sensitive,
        speech.missing_when,
        speech.missing_who,
        speech.foreign_charge,
        areas.unknown_area,
    )
}
