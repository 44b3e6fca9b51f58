"""Fields that hold several identifiers where one is meant: '600111222 / 600111223', 'a@x.example; b@x.example'.

A field is parted only where that is certain: each part is an identifier by itself, and the whole cannot be one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.model.identifiers import (
    LONGEST_NUMBER,
    REVERSED,
    SHORT,
    count_dialled,
    is_doubtful_number,
    is_rounded,
    remove_extension,
)
from workbench.model.text.normalise import clean_text, normalise_digits

MOST = 1_000
"""Characters of a field that is parted; a longer one is prose."""

WORDS = r"y|e|o|u|or|oder|und|and|et|ou|en|of|bzw\.?|resp\.?"
MARKS = re.compile(
    rf"\s{{0,9}}[,;|\r\n\t]{{1,9}}\s{{0,9}}|\s{{1,9}}(?:{WORDS})\s{{1,9}}|\s?&\s?|\s(?:و|أو)\s?(?=[\d+])", re.IGNORECASE
)
"""What never stands within a number."""
PLUS = re.compile(r"(?<=[\d)])\s{0,9}[/\-\u2010-\u2015]?\s{0,9}(?=\+\s?\d)")
"""Before a second number with its country."""
SPELT = re.compile(r"[^\W\d_]{3,40}[^\d+]{0,40}")
"""A word between two numbers: '600111222 casa 600111223'."""
SLASH = re.compile(r"\s{0,9}/\s{0,9}")
WEAK = (
    re.compile(r"\s{1,9}[/\-\u2010-\u2015]\s{1,9}"), SLASH, re.compile(r"\s{0,9}[-\u2010-\u2015]\s{0,9}"),
    re.compile(r"\s{1,9}(?=00\d)"), re.compile(r"\s{1,9}"),
)  # fmt: skip
"""What also stands within a number, the strongest first."""
AREA = (("+", 8), ("00", 10), ("0", 7), ("", 6))
"""Digits of the longest area code, with its country or without, by how it begins."""

LISTED = re.compile(r"\s{0,9}[,;|/\r\n\t]{1,9}\s{0,9}")
PARTED = re.compile(r"[\s,;|/]{1,9}")
ADDRESS = re.compile(r"[^\s@,;|/<>()\"]{1,64}@[^\s@,;|/<>()\"]{1,255}")
DISPLAYED = re.compile(r'"[^"<>]{0,200}@[^"<>]{0,200}"|[^,;|\s<>][^,;|<>]{0,200}@[^,;|<>]{0,200}<')
"""An address within the name that is shown before another one: '"dana@x.example" <rosa@x.example>'."""
DEVICE, CARD = 14, 17
"""Digits of a handset or SIM card, at least; and of what is one only, at most."""
PLATE = range(4, 10)
"""Letters and digits of a registration number."""
WORD = re.compile(r"[a-z]{3}")
"""Small letters as a word has them, and no registration number: '3 doors', 'Golf 7'."""


@lru_cache(maxsize=1 << 14)
def split_telephones(raw: str) -> tuple[str, ...]:
    """The telephone numbers of a field, each as written; none where it holds several that cannot be told apart for certain.

    More digits than fifteen are no number (E.164), nor is a text with letters in place of digits, nor one that was rounded. A
    field of one number comes back as it is.

    >>> split_telephones("600111222 / 600111223"), split_telephones("0711 / 123456"), split_telephones("600 111 222 600 111 223")
    (('600111222', '600111223'), ('0711 / 123456',), ())
    """
    if is_doubtful_number(raw) or is_rounded(raw.strip()):
        return ()
    if raw.isdecimal() or count_dialled(raw) <= SHORT:
        return (raw,) if count_dialled(raw) <= LONGEST_NUMBER else ()
    found = tuple(dict.fromkeys(_find_numbers(raw.strip()))) if len(raw) <= MOST else ()
    return (raw,) if len(found) == 1 and count_dialled(found[0]) == count_dialled(raw) else found


def clean_number(raw: str) -> str:
    """A number without control and direction marks and with white space folded; as it is where a mark turns its digits round."""
    return raw.strip() if REVERSED in raw else clean_text(raw)


def split_email_addresses(raw: str) -> tuple[str, ...]:
    """The e-mail addresses of a field, each as written; none where it holds several '@' that are not all of addresses.

    >>> split_email_addresses("a@x.example / b@x.example"), split_email_addresses("Ada <a@x.example>"), split_email_addresses("a@x@b")
    (('a@x.example', 'b@x.example'), ('Ada <a@x.example>',), ())
    """
    if raw.count("@") < 2:
        return (raw,)
    found = ADDRESS.findall(raw) if len(raw) <= MOST else []
    if len({one.casefold() for one in found}) > 1 and "<" in raw and DISPLAYED.search(raw):
        return ()
    return tuple(dict.fromkeys(found)) if len(found) == raw.count("@") else ()


def split_long_numbers(raw: str) -> tuple[str, ...]:
    """The numbers of handsets or SIM cards of a field, each as written; none where it has the digits of several, and no parts.

    >>> split_long_numbers("490154203237518 / 356938035643809"), split_long_numbers("49-015420-323751-8")
    (('490154203237518', '356938035643809'), ('49-015420-323751-8',))
    """
    if _count_digits(raw) <= CARD:
        return (raw,)
    parts = [part for part in PARTED.split(raw) if _count_digits(part)] if len(raw) <= MOST else []
    return tuple(dict.fromkeys(parts)) if all(DEVICE <= _count_digits(part) <= CARD for part in parts) else ()


def split_plates(raw: str) -> tuple[str, ...]:
    """The registration numbers of a field, each as written; the field as it is where it is not certain that it holds several.

    >>> split_plates("AB-12-CD / EF-34-GH"), split_plates("AB-12-CD, red")
    (('AB-12-CD', 'EF-34-GH'), ('AB-12-CD, red',))
    """
    parts = [part for part in LISTED.split(raw) if part] if len(raw) <= MOST else []
    return tuple(dict.fromkeys(parts)) if len(parts) > 1 and all(map(_is_plate, parts)) else (raw,)


def split_accounts(raw: str) -> tuple[str, ...]:
    """The bank accounts of a field, each as written: several IBANs with right check digits, else the field as it is."""
    from stdnum import iban

    parts = [part for part in LISTED.split(raw) if part] if len(raw) <= MOST else []
    several = len(parts) > 1 and all(iban.is_valid(part, check_country=False) for part in parts)
    return tuple(dict.fromkeys(parts)) if several else (raw,)


def _find_numbers(text: str) -> list[str]:
    """Numbers of a text, none where they are not certain."""
    bare = remove_extension(text)
    for mark in (MARKS, PLUS):
        parts = _split_parts(mark, text)
        if len(_split_parts(mark, bare)) > 1 and (mark is PLUS or any(_count_digits(part) >= SHORT for part in parts)):
            return _collect_numbers(parts)
    for mark in WEAK:
        parts = _split_parts(mark, bare)
        if len(parts) < 2 or (count_dialled(bare) <= LONGEST_NUMBER and _is_area(parts[0])):
            continue
        if all(_count_digits(part) >= SHORT for part in parts):
            return _collect_numbers(parts)
        if mark is SLASH and _count_digits(parts[0]) >= SHORT:
            return []
    parts = _split_parts(SPELT, bare)
    if len(parts) > 1 and any(_count_digits(part) >= SHORT for part in parts):
        return _collect_numbers(parts)
    return [text] if count_dialled(bare) <= LONGEST_NUMBER else []


def _collect_numbers(parts: list[str]) -> list[str]:
    """Numbers of the parts; none if one of them is too short for one, or holds several that are not certain."""
    found = [_find_numbers(part) if _count_digits(part) >= SHORT else [] for part in parts]
    return [number for numbers in found for number in numbers] if all(found) else []


def _split_parts(mark: re.Pattern[str], text: str) -> list[str]:
    """Parts of a text that have a digit."""
    return [part.strip() for part in mark.split(text) if _count_digits(part)]


def _is_area(text: str) -> bool:
    """Whether a text may be the area code of a number."""
    plain = normalise_digits(text).lstrip("( ")
    return _count_digits(text) <= next(most for start, most in AREA if plain.startswith(start))


def _is_plate(text: str) -> bool:
    signs = [sign for sign in text if sign.isalnum()]
    return (
        not WORD.search(text)
        and len(signs) in PLATE
        and any(map(str.isdecimal, signs))
        and any(map(str.isalpha, signs))
    )


def _count_digits(text: str) -> int:
    return sum(sign.isascii() and sign.isdigit() for sign in normalise_digits(text))
