"""Identifiers of call records: numbers, handsets and SIM cards as they are compared, their kind, and what is wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from workbench.ingest.calls.values.event_words import find_concepts, split_words
from workbench.ingest.tables.columns.cell_values import unquote_cell
from workbench.model.identifier_splitting import split_telephones
from workbench.model.identifiers import (
    INTERNATIONAL,
    LONGEST_NUMBER,
    build_sim_key,
    build_telephone_key,
    is_rounded,
    remove_decimals,
    remove_service_code,
)
from workbench.model.values.limits import keep_whole_words

WITHHELD = "withheld"
SERVICE = frozenset("voicemail vms mailbox messagerie repondeur buzon contestador balance recharge solde saldo".split())
EMERGENCY = frozenset(
    {"112", "911", "999", "000", "110", "117", "118", "119", "113", "114", "115", "116", "190", "122"}
)
"""Emergency numbers that several countries share; those of two digits (15, 17, 18) are short codes like others."""

DEVICE = re.compile(r"\d{6}([- /])\d{2}\1\d{6}\1\d{1,2}|\d{2}([- /])\d{6}\2\d{6}\2\d{1,2}|\d{8}([- /])\d{6}\3\d{1,2}")
"""Handsets as their labels write them: type code, serial number and check digit with a mark between."""
NOTHING = frozenset({"", "-", "--", "0", "null", "none", "n/a", "na", "nan"})
SCHEME = re.compile(r"(?:tel|sip|sips|sms):", re.IGNORECASE)
NEVER = re.compile(r"(?!)")
IMEI = 15
SHORT = 7


KINDS = ("", "number", "short code", "emergency", "sender name", "service", "withheld", "unreadable")
CHECKS = ("", "ok", "bad", "zero", "version", "none", "short")


class Number(NamedTuple):
    """A party of a record: the value that is compared ('' none), its kind, and the rules that it breaks."""

    value: str = ""
    kind: str = ""
    rules: tuple[str, ...] = ()


def parse_party(raw: str, region: str | None) -> Number:
    """Number out of a cell.

    Kinds: number, short code, emergency, sender name, service, withheld, unreadable.
    """
    text = remove_decimals(unquote_cell(raw))
    if text.casefold() in NOTHING:
        return Number()
    if is_rounded(text):
        return Number("", "unreadable", ("C-15",))
    text = remove_service_code(strip_uri(text))
    digits = "".join(c for c in text if c.isascii() and c.isdecimal())
    if text[:1] in "*#" and text:
        return Number(keep_whole_words(text, 32), "service", ("C-07",))
    if sum(c.isalpha() for c in text) > 2 or not digits:
        return _parse_named_party(text)
    return _parse_dialled(text, digits, region)


def strip_uri(text: str) -> str:
    """A party without what an address of the internet puts around it: 'tel:+44…', 'sip:+44…@ims.example;user=phone'."""
    return SCHEME.sub("", text, count=1).partition("@")[0].partition(";")[0]


def parse_bare_number(raw: str, region: str | None) -> str | None:
    """What `identifiers.build_telephone_key` would say of a bare number with its country code, without parsing it; None: ask it.

    Only where the answer follows from the country code and the length alone: call records hold hundreds of thousands of
    different numbers, and most are written so.
    """
    plus = raw[:1] == "+"
    digits = raw[1:] if plus else raw
    if not (SHORT < len(digits) <= LONGEST_NUMBER and digits.isascii() and digits.isdecimal()):
        return None
    if not plus and (region is not None or len(digits) < INTERNATIONAL or digits[0] == "0"):
        return None
    for size in (1, 2, 3):
        if (country := _get_country(digits[:size])) is not None:
            national = digits[size:]
            sure = len(national) in country.lengths and not country.prefix.match(national)
            return f"+{digits}" if sure else None
    return None


class Country(NamedTuple):
    """Lengths of national numbers, and what may stand before one within the country."""

    lengths: frozenset[int]
    prefix: re.Pattern[str]


@lru_cache(maxsize=2048)
def _get_country(code: str) -> Country | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code) if code.isdecimal() and code[0] != "0" else 0)
    if not regions:
        return None
    found = PhoneMetadata.metadata_for_region(regions[0])
    if found is None or found.general_desc is None:
        return Country(frozenset(), re.compile(""))
    prefix = found.national_prefix_for_parsing
    return Country(frozenset(found.general_desc.possible_length), re.compile(prefix) if prefix else NEVER)


def _parse_named_party(text: str) -> Number:
    """A party that is no number: withheld, or a sender that is a name."""
    found = frozenset(split_words(text))
    if WITHHELD in find_concepts(text):
        return Number("", "withheld")
    if found & SERVICE:
        return Number(text.casefold(), "service", ("C-07",))
    value = build_telephone_key(text).value
    return Number(value, "sender name", ("C-07",)) if value else Number("", "unreadable", ("C-02",))


def _parse_dialled(text: str, digits: str, region: str | None) -> Number:
    if len(digits) < SHORT:
        return Number(digits, "emergency") if digits in EMERGENCY else Number(digits, "short code", ("C-07",))
    value = build_telephone_key(text, region).value
    wrong = not value.startswith("+") and (region is not None or text.startswith(("+", "00")))
    return Number(value, "number", ("C-02",) if wrong or len(split_telephones(text)) != 1 else ())


class Handset(NamedTuple):
    """A handset of a record: the 14 digits that are compared ('' none), what its check digit says, rules that it breaks."""

    value: str = ""
    check: str = ""
    rules: tuple[str, ...] = ()


def parse_handset(raw: str) -> Handset:
    """Handset out of a cell."""
    text = remove_decimals(unquote_cell(raw))
    if is_rounded(text):
        return Handset("", "bad", ("C-15",))
    digits = "".join(c for c in text if c.isascii() and c.isdecimal())
    if not digits.strip("0"):
        return Handset()
    rounded = digits.endswith("000")
    if len(digits) == IMEI and not has_check_digit(digits):
        check = "bad" if rounded or digits[-1] != "0" else "zero"
        return Handset("" if rounded else digits[:14], check, ("C-15",) if rounded else ("C-08",) * (check == "bad"))
    if len(digits) == IMEI + 1:
        return Handset(digits[:14], "version", ("C-15",) * rounded)
    if len(digits) == IMEI:
        return Handset(digits[:14], "ok")
    return Handset(digits, "none") if len(digits) == IMEI - 1 else Handset("", "short", ("C-08",))


class SimCard(NamedTuple):
    """A SIM card of a record: digits of its IMSI ('' none) and rules that it breaks."""

    value: str = ""
    rules: tuple[str, ...] = ()


def parse_card(raw: str) -> SimCard:
    """SIM card out of a cell; an IMSI has 14 or 15 digits and begins with a country code from 2 to 7."""
    text = remove_decimals(unquote_cell(raw))
    if text.casefold() in NOTHING:
        return SimCard()
    if is_rounded(text):
        return SimCard("", ("C-15",))
    value = build_sim_key(text).value
    return SimCard(value if value.strip("0") else "")


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        figure = int(character) * (1 + place % 2)
        total += figure - 9 if figure > 9 else figure
    return total % 10 == 0
