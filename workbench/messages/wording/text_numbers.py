"""Numbers in running text and in the list: telephones that do not say their country, identifiers with a wrong form or check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.messages.model import value_formats
from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import get_words
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts, list_values
from workbench.messages.wording.text_dates import find_days

TELEPHONE = re.compile(r"(?<![\w+/.-])\(?0\d{1,4}\)?(?:[\s./-]?\d{2,4}){2,4}(?![\w/-])")
ABROAD = re.compile(r"(?<![\w+/.-])00[1-9](?:[ ./-]?\d){7,14}(?![\w/-])")
"""A number with 00 in the place of the plus sign."""
BARE = re.compile(r"\W{0,3}(?P<number>[1-9](?:[ .-]?\d){6,14})(?![\w/-])")
"""A number that follows a word for a telephone."""
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![\w<])")
"""What a filler follows is of a passport."""
IMEI = re.compile(r"(?<!\w)IMEI\W{0,3}(?:\w{1,10}\W{1,3})?((?:\d[ -]?){14}\d)(?!\d)", re.IGNORECASE)
VIN = re.compile(
    r"(?<!\w)(?:VIN|NIV|V\.I\.N\.|chassis|châssis|chasis|bastidor|frame|cadre|vehicle identification|d'identification|de identificación"
    r"|(?:ال)?(?:هيكل|شاسيه|شاصي|قاعدة))"
    r"\W{0,3}(?:\w{1,10}\W{1,3}){0,2}((?=[A-Z0-9]*\d)[A-Z0-9]{15,19})(?!\w)",
    re.IGNORECASE,
)
GROUPED = re.compile(rf"(?i:{VIN.pattern.partition('((?=')[0]}?)((?:[A-Z0-9]{{1,9}}[ -]){{1,6}}[A-Z0-9]{{1,9}})(?!\w)")
"""A vehicle's number in groups, perhaps with words after it."""
BARE_VIN = re.compile(r"(?<!\w)(?=[A-Z0-9]{0,14}[A-Z])[1-5][A-HJ-NPR-Z0-9]{12}\d{4}(?!\w)")
"""A number of North America that no word calls one."""
VIN_SIGNS = 17
MRZ = re.compile(r"(?<![\w<])(?=(?:[A-Z<]*\d){9})[A-Z0-9<]{44}(?![\w<])")
"""The second line of a passport, which has figures; the first one has names."""
INTERNATIONAL = re.compile(r"\+[1-9]\d{0,2}(?:[\s./()-]{0,2}\d{1,4}){2,7}")
CHECKED = "12345L"
"""First signs of vehicles' numbers of which the ninth must be a check digit: North America and China."""
HANDSET = 15
"""Figures of an IMEI."""
LONGEST_TELEPHONE = 12
"""Figures of a number with the 0 that stands for its country. What has more is an IMEI or the like."""
NEAR = 40
"""Characters before a number in which a word may say what it is."""
KINDS = {
    "iban": frozenset({"account", "bank account", "bank_account", "iban"}),
    "imei": frozenset({"handset", "phone", "mobile", "mobile phone", "smartphone", "telephone", "imei"}),
    "vin": frozenset({"vehicle", "car", "van", "truck", "lorry", "motorcycle", "trailer", "vin"}),
}
"""Form of number -> kinds of objects that have one."""
TELEPHONE_NUMBER = "phone"
"""Kind of an object that a telephone number identifies."""
SHAPES = {"iban": r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", "imei": r"\d{15}", "vin": r"(?=.{0,18}\d)[A-Z0-9]{16,18}"}
LISTED = ("objects.description", "assets.description")
"""Fields beside the text in which a number may stand."""


def blank_matches(pattern: re.Pattern[str], text: str) -> str:
    """A text with blanks in the place of what a pattern finds, so that all else stands where it stood."""
    return pattern.sub(lambda match: " " * len(match[0]), text)


def local_telephone(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Telephone numbers in a text that do not begin with + and so say no country for certain."""
    for field, text in list_texts(message):
        bare = _blank_known_numbers(text)
        found = {match.span() for match in ABROAD.finditer(bare)}
        found |= {
            match.span()
            for match in TELEPHONE.finditer(blank_matches(ABROAD, bare))
            if _count_digits(match[0]) <= LONGEST_TELEPHONE
        }
        found |= set(_find_after_word(blank_matches(ABROAD, bare)))
        for start, end in sorted(found):
            if not _is_preceded_by("no_telephone", bare, start) and not _is_handset(message, text[start:end]):
                yield FieldSpan(field, start, end, text[start:end])


def _is_handset(message: Correspondence, number: str) -> bool:
    """Whether a number is an IMEI by its check digit, or is one in the list of objects."""
    figures = re.sub(r"\D", "", number)
    listed = {re.sub(r"\D", "", one.number) for one in message.objects}
    return len(figures) == HANDSET and (figures in listed or value_formats.FORMS["imei"](figures))


def _count_digits(number: str) -> int:
    return sum(map(str.isdigit, number))


def _blank_known_numbers(text: str) -> str:
    """A text without international numbers, dates, accounts and IMEIs."""
    for pattern in (IBAN, IMEI, INTERNATIONAL):
        text = blank_matches(pattern, text)
    for start, end, _ in find_days(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _is_preceded_by(name: str, text: str, start: int) -> bool:
    """Whether the last words before a number are of a list, with no end of a clause between."""
    near = re.split(r"[.;,،]\s", text[max(0, start - NEAR) : start])[-1]
    return any(True for one in get_words(name) for _ in one.find(near))


def _find_after_word(text: str) -> Iterator[tuple[int, int]]:
    for one in get_words("telephone"):
        for _, end, _ in one.find(text):
            match = BARE.match(text, end)
            if match and _count_digits(match["number"]) <= LONGEST_TELEPHONE:
                yield match.span("number")


def listed_telephone(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Telephone numbers in the list of objects that are not in E.164; what may be an IMEI is looked at as one."""
    for number, item in enumerate(message.objects):
        given = item.kind == TELEPHONE_NUMBER and item.number and not re.fullmatch(SHAPES["imei"], item.number)
        if given and not value_formats.is_telephone(item.number):
            yield FieldSpan(f"objects[{number}].number", quote=item.number)


def ninth_sign(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Numbers of vehicles from where no check digit is asked for, whose ninth sign could be one and is wrong."""
    listed = ((place, text) for path in LISTED for place, text in list_values(message, path) if text)
    for field, text in (*list_texts(message), *listed):
        for match in VIN.finditer(text):
            if _has_bad_check_digit(match[1]):
                yield FieldSpan(field, *match.span(1), match[1])
    for number, item in enumerate(message.objects):
        if item.kind.lower() in KINDS["vin"] and _has_bad_check_digit(
            re.sub(r"^VIN\W*|[\s-]", "", item.number.strip().upper())
        ):
            yield FieldSpan(f"objects[{number}].number", quote=item.number)


def _has_bad_check_digit(value: str) -> bool:
    """Whether the ninth sign of a vehicle's number is a figure or X, as a check digit is, and not the right one; the form is right."""
    code = value.strip().upper()
    if code[:1] in CHECKED or not value_formats.is_vin(code):
        return False
    return code[8] in "0123456789X" and not value_formats.has_vin_check_digit(code)


def check_digit(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """IBAN, IMEI, vehicle numbers and passport lines, in texts and in the list, with a wrong form or check digit."""
    listed = ((place, text) for path in LISTED for place, text in list_values(message, path) if text)
    for field, text in (*list_texts(message), *listed):
        for kind, pattern in (("iban", IBAN), ("imei", IMEI), ("vin", VIN), ("mrz", MRZ)):
            for match in pattern.finditer(text):
                group = match.re.groups
                if is_invalid(kind, match[group]):
                    yield FieldSpan(field, *match.span(group), match[group], detail=kind.upper())
        yield from (FieldSpan(field, *span, text[slice(*span)], detail="VIN") for span in _find_other_vins(text))
    for number, item in enumerate(message.objects):
        bare = re.sub(r"^(?:VIN|IMEI|IBAN)\W*|[\s-]", "", item.number.strip().upper())
        kind = next((name for name, kinds in KINDS.items() if item.kind.lower() in kinds), "")
        if kind and re.fullmatch(SHAPES[kind], bare) and is_invalid(kind, bare):
            yield FieldSpan(f"objects[{number}].number", quote=item.number, detail=kind.upper())


def _find_other_vins(text: str) -> Iterator[tuple[int, int]]:
    """Spans of wrong vehicles' numbers that are written in groups, or that stand in a sentence on a vehicle without a word for them."""
    told = [match.span(1) for match in VIN.finditer(text)]
    for match in GROUPED.finditer(text):
        ends = [found.end() for found in re.finditer(r"[A-Z0-9]+", match[1])]
        for end in ends[1:]:
            signs = re.sub(r"[ -]", "", match[1][:end])
            if len(signs) == VIN_SIGNS and re.search(r"\d{2}", signs) and is_invalid("vin", signs):
                yield match.start(1), match.start(1) + end
    for match in BARE_VIN.finditer(text):
        named = any(start <= match.start() < end for start, end in told)
        if (
            not named
            and any(_is_preceded_by(name, text, match.start()) for name in ("vehicles", "makes"))
            and is_invalid("vin", match[0])
        ):
            yield match.span()


def is_invalid(kind: str, value: str) -> bool:
    """Whether a number cannot be right.

    Of a vehicle's number the form is looked at everywhere (ISO 3779: 17 signs without I, O and Q, the last four figures), the check digit
    only where the law asks for one: elsewhere makers use its place as they like.
    """
    if kind == "vin" and value.strip()[:1].upper() not in CHECKED:
        return not value_formats.is_vin(value)
    return not value_formats.FORMS[kind](value)
