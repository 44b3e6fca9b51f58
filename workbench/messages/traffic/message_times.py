"""Dates and times as bureaux write them, as ISO 8601 where they can be read in one way only."""

from __future__ import annotations

import re
from datetime import date

from workbench.model.text.month_names import MONTHS
from workbench.model.text.normalise import clean_text, normalise_digits, normalise_name
from workbench.model.time_zones import format_offset, parse_iso_time, parse_offset

MONTH = {normalise_name(name): number for number, names in enumerate(MONTHS, 1) for name in names}
GROUP = re.compile(r"(\d{2})(\d{2})(\d{2})([A-Z]) ?([A-Z]{3}) ?(\d{4}|\d{2})", re.IGNORECASE)
"""Date-time group of telexes: day, hour, minute, zone, month, year: 271430Z NOV 26."""
CLOCK = re.compile(
    r"[ T,]{1,3}(?:at |à |a las |om )?(\d{1,2})(?:[:h.](\d{2}))(?::(\d{2}))?(?:[.,]\d{1,6})? ?(?:h(?:rs|oras)?\b)? ?"
    r"(Z|(?:UTC|GMT)? ?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?(?: ?\([A-Z]{2,5}\))?$",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"^[^\W\d]{2,12}\.?,? (?=\d)")
ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[ .-]{1,2}(?:de |of |من )?([^\W\d]{2,12}(?: [^\W\d]{2,6})?)\.?,?[ -](?:de |del )?(\d{4})"
)
MONTH_FIRST = re.compile(r"([^\W\d]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
LONGEST = 80
CENTURY = 2000


def normalise_time(written: str) -> str:
    """A date, or a date and time with its offset, as ISO 8601; as written where it is none or could be two.

    Day 00 says that the day is unknown. 03/04/2026 stays as it is: nobody can tell its day from its month.

    >>> normalise_time("271430Z NOV 26"), normalise_time("5 mars 2026"), normalise_time("03/04/2026"), normalise_time("00/00/1984")
    ('2026-11-27T14:30+00:00', '2026-03-05', '03/04/2026', '1984')
    """
    text = clean_text(normalise_digits(written))
    if _is_iso(text) or (text.isdecimal() and len(text) == len("2026")):
        return text
    if len(text) > LONGEST:
        return written
    if group := GROUP.fullmatch(text):
        return _parse_time_group(group) or written
    if (day := WEEKDAY.match(text)) and normalise_name(day[0]) not in MONTH:
        text = text[day.end() :]
    clock = CLOCK.search(text)
    found = _parse_day(text[: clock.start()] if clock else text)
    try:
        return f"{found}{_format_clock(clock)}" if found and (not clock or len(found) == len("2026-01-01")) else written
    except ValueError:  # an offset of no zone
        return written


def _is_iso(text: str) -> bool:
    try:
        parse_iso_time(text)
    except ValueError:
        return False
    return len(text) >= len("2026-01-01") and text[4] == "-"


def _parse_day(text: str) -> str:
    """ISO date of a day without its time; '' where it is none or could be two."""
    if match := ISO.fullmatch(text):
        return _format_date(match[1], int(match[3]), int(match[4]))
    if match := FIGURES.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        if first > 12 or first == second or not first:
            return _format_date(match[4], second, first)
        return _format_date(match[4], first, second) if second > 12 else ""
    if match := WORDS.fullmatch(text):
        return _format_date(match[3], MONTH.get(normalise_name(match[2]).removesuffix(" de"), -1), int(match[1]))
    if match := MONTH_FIRST.fullmatch(text):
        return _format_date(match[3], MONTH.get(normalise_name(match[1]), -1), int(match[2]))
    return ""


def _format_date(year: str, month: int, day: int) -> str:
    """A date as exact as its parts are known: 0 for an unknown month or day."""
    try:
        date(int(year), month or 1, day or 1)
    except ValueError:
        return ""
    if not month:
        return "" if day else year
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def _format_clock(match: re.Match[str] | None) -> str:
    if not match:
        return ""
    seconds = f":{match[3]}" if match[3] else ""
    return f"T{int(match[1]):02}:{match[2]}{seconds}{_format_offset(match[4] or '')}"


def _format_offset(zone: str) -> str:
    plain = zone.upper().replace("UTC", "").replace("GMT", "").replace(":", "").strip()
    return format_offset(parse_offset(plain or "Z")) if zone else ""


def _parse_time_group(match: re.Match[str]) -> str:
    """Letters of zones count hours from UTC: A to M without J to the east, N to Y to the west."""
    letter = match[4].upper()
    month = MONTH.get(normalise_name(match[5]), -1)
    year = int(match[6]) if len(match[6]) == 4 else CENTURY + int(match[6])
    if letter == "J" or not _format_date(str(year), month, int(match[1])):
        return ""
    east, west = "ABCDEFGHIKLM".find(letter) + 1, "NOPQRSTUVWXY".find(letter) + 1
    hours = f"{'-' if west else '+'}{east or west:02}:00"
    found = f"{year}-{month:02}-{match[1]}T{match[2]}:{match[3]}{hours}"
    return found if _is_iso(found) else ""
