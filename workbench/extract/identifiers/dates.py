"""Dates as people write them, in the order and with the months of their language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from workbench.extract.identifiers.identifier_types import IdentifierMatch
from workbench.model.text.month_names import HIJRI, MONTHS
from workbench.model.text.normalise import ARABIC, LETTERS

NUMBER = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NAMES = "|".join(sorted(NUMBER, key=len, reverse=True))
DAYS = r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?"
ISLAMIC = "|".join(sorted(HIJRI, key=len, reverse=True)).replace(" ", "[ ]")

ISO = re.compile(r"(?<![\w./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)")
NUMERIC = re.compile(r"(?<![\w./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\w/-]|\.\d)")
DAY_MONTH = re.compile(
    rf"(?i)(?<![\w./:-])(\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ -]{{1,2}}(?:(?:of|de|من|{DAYS})[ ,]{{1,2}})?"
    rf"({NAMES})\b\.?(?:/(?:{NAMES})\b)?(?:,?[ -](?:(?:del?|of|عام|سنه)[ ])?(\d{{4}})(?!\d))?"
)
MONTH_DAY = re.compile(
    rf"(?i)(?<![\w.-])({NAMES})\b\.?[ ](\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%/]|[.,]\d)(?:,?[ ](\d{{4}})(?![\d:]))?"
)
MONTH_YEAR = re.compile(rf"(?i)(?<![\w.-])(?<!\d )({NAMES})\b[ ](?:del?[ ])?((?:19|20)\d{{2}})(?!\d)")
HIJRI_MONTH = re.compile(
    rf"(?i)(?<![\w./:-])\d{{1,2}}[ -](?:(?:de|من)[ ])?(?:{ISLAMIC})\b(?:[ -]1[34]\d\d(?!\d))?(?:[ ]?(?:هـ?|AH)(?!\w))?"
)
HIJRI_NUMBER = re.compile(
    r"(?i)(?<![\w./-])(?:\d{1,2}([-/.])\d{1,2}\1\d{4}|\d{4}([-/.])\d{1,2}\2\d{1,2})[ ]?(?:هـ?|AH)(?!\w)"
)
VERBS = ("may", "march", "mar")
"""Written small and without a year these are words: 'we may 5 of us'."""
LEAP_YEAR = 2000
CENTURY_TURN = 70
OTHER_YEARS = range(1300, 1500)
"""Years of the Islamic calendar, and of the Persian one, in which people of now are born and write."""
OTHER = "a date of the Islamic or the Persian calendar"


def find_dates(text: str, *, day_first: bool = False) -> Iterator[IdentifierMatch]:
    """Dates. The value is ISO 8601 where it can be read in one way: '2022-07-21', '--07-21' without a year, '2022-07'.

    A numeric date that could be day-month or month-day is kept as written: guessing would put an event on a wrong day.
    With `day_first` the language says that the day comes first. A date of another calendar is kept as written, with a note:
    its month begins with the sight of the moon, so that tables and places differ by a day.

    Parameters
    ----------
    text : str
        With the digits of English (`normalise.normalise_digits`).
    """
    written, text = text, text.translate(LETTERS) if ARABIC.search(text) else text
    for pattern in (HIJRI_MONTH, HIJRI_NUMBER):
        for match in pattern.finditer(text):
            yield _build_other_date(match, written)
    for match in ISO.finditer(text):
        yield from _match_date(match, match[1], int(match[3]), int(match[4]))
    for match in NUMERIC.finditer(text):
        yield from _match_numeric_date(match, day_first=day_first)
    for match in DAY_MONTH.finditer(text):
        yield from _match_date(match, match[3], NUMBER[match[2].lower()], int(match[1]))
    for match in MONTH_DAY.finditer(text):
        if match[1] in VERBS and not match[3]:
            continue
        yield from _match_date(match, match[3], NUMBER[match[1].lower()], int(match[2]))
    for match in MONTH_YEAR.finditer(text):
        yield IdentifierMatch("date", match.start(), match.end(), f"{match[2]}-{NUMBER[match[1].lower()]:02}")


def _build_other_date(match: re.Match[str], written: str) -> IdentifierMatch:
    return IdentifierMatch("date", match.start(), match.end(), written[match.start() : match.end()], note=OTHER)


def _match_numeric_date(match: re.Match[str], *, day_first: bool) -> Iterator[IdentifierMatch]:
    first, second, year = int(match[1]), int(match[3]), match[4]
    if len(year) == len("22"):
        if match[2] == ".":
            return
        year = f"{19 if int(year) >= CENTURY_TURN else 20}{year}"
    day, month = (second, first) if second > 12 else (first, second)
    if min(first, second) < 1 or month > 12 or day > 31:
        return
    if first <= 12 and second <= 12 and first != second and not day_first:
        yield IdentifierMatch("date", match.start(), match.end(), match[0])
    else:
        yield from _match_date(match, year, month, day)


def _match_date(match: re.Match[str], year: str | None, month: int, day: int) -> Iterator[IdentifierMatch]:
    if year and int(year) in OTHER_YEARS:
        if day <= 31 and month <= 12:
            yield _build_other_date(match, match.string)
        return
    try:
        value = date(int(year or LEAP_YEAR), month, day).isoformat()
    except ValueError:
        return
    yield IdentifierMatch("date", match.start(), match.end(), value if year else f"-{value[4:]}")
