"""Times as written and in UTC. A time without a zone stays as written until an officer gives the zone of its source."""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

PARTS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
"""A year, month or day as ISO 8601 writes them."""
GRAINS = ("second", "minute", "hour", "day", "month", "year")
"""How exact a time is, from the finest."""
FIRST_YEAR, LAST_YEAR = 1, 9998
"""Years in which a moment lies, in UTC and in every zone: no offset carries it out of the calendar."""
LONGEST = 64
"""Characters of a time at most: what is longer is none."""
MARGIN = timedelta(hours=24)
"""More than any zone is from UTC."""
NEAR_ENDS = re.compile(r"[+-]|\d{5}|000[01]|999[89]|0000")
"""How a time begins that may lie beyond the years, or is written in a form that does not show its year first."""
OTHER_YEAR = re.compile(r"(?:[+-]\d{4,}|\d{5,}|0000)-\d|0000$")
"""A year that the calendar of ISO 8601 has by agreement only: before 1, after 9999."""
EARLY_YEAR = re.compile(r"(?<![\d:+])(?<!\s-)00\d\d(?![\d:])")
"""Four digits of a year below 100 in the date of a mail; no offset."""

WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
"""The least and the greatest offset from UTC that any zone of the IANA database has had since 1900: Etc/GMT+12, Pacific/Kiritimati."""
SHIFT = re.compile(r"([+-])(\d{1,2})(?::?([0-5]\d)(?::?([0-5]\d))?)?")
"""An offset with hours, minutes and seconds: '+2', '+02:00', '-0330', '+00:19:32'."""


def is_offset(offset: timedelta) -> bool:
    """Whether a zone can be so far from UTC.

    ISO 8601 and RFC 3339 allow up to 23:59 hours, RFC 5322 up to 99:59. No zone is as far: a time that says so is damaged or made up.

    >>> is_offset(timedelta(hours=14)), is_offset(timedelta(hours=14, minutes=30)), is_offset(timedelta(hours=-13))
    (True, False, False)
    """
    return WEST <= offset <= EAST


def parse_offset(text: str) -> timedelta:
    """How far an offset as written is from UTC: 'Z', '+2', '+02:00' or '-0330', with seconds as zones had them before 1972.

    Raises
    ------
    ValueError
        If it is none, has more than 59 minutes, or no zone is so far from UTC.

    >>> parse_offset("+05:30"), parse_offset("-0000")
    (datetime.timedelta(seconds=19800), datetime.timedelta(0))
    """
    if text in ("Z", "z"):
        return timedelta()
    found = SHIFT.fullmatch(text)
    if not found:
        raise ValueError(text)
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0), seconds=int(found[4] or 0))
    offset = -size if found[1] == "-" else size
    if not is_offset(offset):
        raise ValueError(text)
    return offset


def format_offset(offset: timedelta) -> str:
    """An offset as ISO 8601 writes it, without its seconds.

    >>> format_offset(timedelta(hours=-3, minutes=-30)), format_offset(timedelta())
    ('-03:30', '+00:00')
    """
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def parse_iso_time(text: str) -> datetime:
    """A day, or a day and a time, in any form of ISO 8601, with the offset that is written.

    Raises
    ------
    ValueError
        If it is none, or its offset is that of no zone (`parse_offset`).

    >>> parse_iso_time("2022-07-13T12:00:00+02:00").isoformat()
    '2022-07-13T12:00:00+02:00'
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is not None and text[-1] not in "Zz":
        parse_offset(text[max(text.rfind("+"), text.rfind("-")) :])
    return read


DAY_NAME = re.compile(r"\s*[^\W\d_]{2,12}\.?\s*,")
"""Name of a day of the week before the date, in any language; the date says the same."""
COMMENT = re.compile(r"\([^()]*\)")
OFFSET = re.compile(r"(?:\b(?:GMT|UTC)\s?|(?<=[\s\d]))([+-]\d\d):?(\d\d)\b", re.IGNORECASE)
MAIL_OFFSET = re.compile(r"[+-]\d{4}")
HALF = re.compile(r"(?<=\d)\s?([AP])\.?M\b\.?", re.IGNORECASE)
HOUR = re.compile(r"(?<!\d)(\d{1,2})(?=[:.]\d\d)")
ZONES = {
    "WET": "+0000", "WEST": "+0100", "CET": "+0100", "MET": "+0100", "MEZ": "+0100", "CEST": "+0200", "MEST": "+0200",
    "MESZ": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300",
}  # fmt: skip
"""Zones that the library does not know, and that have one meaning."""
ZONE = re.compile(rf"\b(?:{'|'.join(ZONES)})\b")
DATE_WORD = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|\d{1,4}|\d{1,2}(?:[:.]\d\d){1,2}|[+-]\d{4}|-"
    r"|(?:\d{1,2}-)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?:-\d{2,4})?|UT|UTC|GMT|Z|[ECMPA][SD]T",
    re.IGNORECASE,
)
"""A word of the date of a mail that is understood."""


def parse_mail_date(written: str) -> datetime:
    """The moment of a date as mails and web servers write it (RFC 5322); four digits are that year, two are of a century near ours.

    Raises
    ------
    ValueError
        If it is none, holds a word that is not understood (a moment read past such a word would be another one), or has an offset
        of no zone. '-0000' is read: it says that the zone is not known (RFC 5322, 3.3), and the time then has no offset.
    """
    from email.utils import parsedate_to_datetime

    plain = _normalise_mail_date(written)
    words = plain.replace(",", " ").split()
    if not all(DATE_WORD.fullmatch(word) for word in words):
        raise ValueError(written)
    for word in filter(MAIL_OFFSET.fullmatch, words):
        parse_offset(word)
    found: datetime = parsedate_to_datetime(plain)
    early = EARLY_YEAR.search(plain)
    return found.replace(year=int(early[0])) if early and str(found.year) not in plain else found


def _normalise_mail_date(written: str) -> str:
    """A date without its comments, its zone as an offset, its hour of twenty-four."""
    plain = OFFSET.sub(r" \1\2", DAY_NAME.sub("", COMMENT.sub(" ", written), count=1))
    plain = ZONE.sub("" if re.search(r"[+-]\d{4}\b", plain) else lambda zone: ZONES[zone[0]], plain)
    half = HALF.search(plain)
    if not half:
        return plain
    return HOUR.sub(lambda hour: _normalise_hour(int(hour[1]), half[1].upper()), HALF.sub(" ", plain, count=1), count=1)


def _normalise_hour(hour: int, half: str) -> str:
    """An hour of twelve as one of twenty-four. Raises ValueError where the two contradict each other."""
    if half == "P" and 12 < hour < 24:
        return str(hour)
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return f"{hour % 12 + (12 if half == 'P' else 0):02}"


NO_ZONES = ("localtime", "posixrules", "factory", "posix/", "right/")
"""Beginnings of files of the zone database that name no zone: what they stand for differs from machine to machine."""


def get_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises
    ------
    CaseError
        If there is none of that name.
    """
    try:
        if name.casefold().startswith(NO_ZONES):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CaseError(
            Sentence(
                "The time zone '{zone}' is not known. Use an IANA name such as `Europe/Amsterdam` or `UTC`.", zone=name
            )
        ) from error


@lru_cache(maxsize=64)
def is_zone_name(name: str) -> bool:
    """Whether there is a time zone of that IANA name."""
    try:
        get_zone(name)
    except CaseError:
        return False
    return True


def to_utc(at: str, zone_name: str) -> str:
    """Time in UTC ('2022-07-08T05:20:21Z'), '' where the zone is unknown or the time is no full date and time.

    Parameters
    ----------
    at : str
        ISO 8601 as written; its own offset wins, and with one of no zone it is none.
    zone_name : str
        IANA zone of the source, '' if not given.

    Notes
    -----
    A local time that a change to summer time skips or repeats is read as the earlier of the two (fold = 0). A time beyond the
    years that can be reckoned with (`is_far`) is none.
    """
    if len(at) < 16 or is_far(at):
        return ""
    try:
        read = parse_iso_time(at)
    except ValueError:
        return ""
    if read.tzinfo is None:
        if not zone_name or not is_zone_name(zone_name):
            return ""
        read = read.replace(tzinfo=get_zone(zone_name))
    return f"{read.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def is_far(at: str) -> bool:
    """Whether a time lies beyond the years that can be reckoned with, in some zone, or is longer than any time. Other texts do not.

    A day, month or year is in no zone: it may be any of the calendar, as registers write 9999-12-31 for 'no end'.

    >>> is_far("9999-12-31T23:59:59-23:59"), is_far("10000-01-01"), is_far("9999-12-31"), is_far("2024-03-01T09:00")
    (True, True, False, False)
    """
    text = at.strip()
    if not NEAR_ENDS.match(text):
        return len(text) > LONGEST
    if OTHER_YEAR.match(text) or len(text) > LONGEST:
        return True
    try:
        read = datetime.fromisoformat(text)
        if len(text) <= len("2024-03-01"):
            return False
        read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        return (read - MARGIN).year < FIRST_YEAR or (read + MARGIN).year > LAST_YEAR
    except OverflowError:
        return True
    except ValueError:
        return False


def parse_moment(at: str, zone_name: str) -> tuple[float, int]:
    """A time as milliseconds since 1970 in UTC (NaN where it is none), and how exact it is: an index into GRAINS.

    Parameters
    ----------
    at : str
        ISO 8601 as written: a year, a month, a day, or a day and a time; its own offset wins.
    zone_name : str
        IANA zone of the source; '' counts as UTC. A day, month or year is in no zone and begins at midnight UTC.
    """
    text = at.strip()
    try:
        if whole := PARTS.fullmatch(text):
            year, month, day = (int(part or 1) for part in whole.groups())
            exact = sum(part is not None for part in whole.groups())
            return datetime(year, month, day, tzinfo=UTC).timestamp() * 1000, 6 - exact
        read = parse_iso_time(text)
        local = read if read.tzinfo else read.replace(tzinfo=get_zone(zone_name) if zone_name else UTC)
        return local.astimezone(UTC).timestamp() * 1000, 0 if len(text) > len("2024-01-01T10:00") else 1
    except (ValueError, OverflowError, CaseError):  # beyond the calendar, in no zone or with an offset of none
        return float("nan"), 0


def normalise_day(value: str) -> str:
    """A day in the one form in which days are kept and compared, out of any in which ISO 8601 writes one; '' if it is none.

    >>> normalise_day("2026-11-10"), normalise_day("20261110"), normalise_day("2026-W46-2"), normalise_day("10.11.2026")
    ('2026-11-10', '2026-11-10', '2026-11-10', '')
    """
    try:
        found = date.fromisoformat(value.strip())
    except ValueError:
        return ""
    return found.isoformat() if 1 < found.year < MAXYEAR else ""


def is_day(value: str) -> bool:
    """Whether a text is a day of the calendar with which one can reckon: 2026-11-29."""
    return value == value.strip() and normalise_day(value) != ""


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 28 February for the 29th where there is none. The last of the calendar where it would end before.

    >>> add_years(date(2024, 2, 29), 1), add_years(date(9990, 1, 1), 20)
    (datetime.date(2025, 2, 28), datetime.date(9999, 12, 31))
    """
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def shift_moment(at: datetime, by: timedelta) -> datetime:
    """A moment so much later, or earlier where `by` is negative; the first or last of the calendar (UTC) where that lies beyond it.

    >>> shift_moment(datetime(1, 1, 1, 12, tzinfo=UTC), timedelta(days=-2)).isoformat()
    '0001-01-01T00:00:00+00:00'
    """
    try:
        return at + by
    except OverflowError:
        return (datetime.max if by > timedelta() else datetime.min).replace(tzinfo=UTC)
