"""Dates and times of whole columns: read once per different day and clock, never guessed; and their seconds in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench.ingest.calls.values.column_codes import Bools, CodedColumn, Ints, encode_array, find_distinct
from workbench.ingest.tables.columns.cell_values import is_event_year, parse_date, parse_time, unquote_cell
from workbench.model.time_zones import format_offset, parse_iso_time, parse_offset
from workbench.model.time_zones import get_zone as named_zone
from workbench.model.values.plausible_years import EVENTS

if TYPE_CHECKING:
    from datetime import tzinfo

    import pyarrow as pa

NEVER = -(2**62)
"""Seconds of a moment that could not be read."""
DAY = 86_400
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (EVENTS.start, EVENTS.stop))
EPOCH = range(900_000_000, 1_900_000_000)
"""Whole numbers that are seconds since 1970 (with three digits more: milliseconds), in UTC: July 1998 to March 2030."""
SLOT = 900
"""Offsets of zones change on a quarter of an hour."""
PARTS = r"^(?P<day>.*?)(?:[T ,]+(?P<clock>\d{1,2}[:.]\d{2}.*))?$"
OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-]\d{1,2}(?::?\d\d)?)")
WRITTEN = re.compile(r"\b(?:UTC|GMT)\b(?:\s?[+-]\s?\d{1,2}(?::?\d\d)?)?", re.IGNORECASE)
IANA = re.compile(
    r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_]{2,30}(?:/[A-Za-z_]{2,30})?"
)


@dataclass(slots=True)
class Moments:
    """Seconds since 1970 as the clock showed them (NEVER: not read), and the offset [s] that a value states (NEVER: none)."""

    seconds: Ints
    offsets: Ints


def read(texts: pa.Array, form: str) -> Moments:
    """Moments of a column of dates with times in one cell."""
    quick = _parse_iso(texts)
    if quick is not None:
        return Moments(quick, np.full(len(quick), NEVER, dtype=np.int64))
    day, clock = _split_day_and_clock(texts)
    return build_moments(day, clock, form)


def build_moments(day: CodedColumn, clock: CodedColumn | None, form: str) -> Moments:
    """Moments of a column of dates (or dates with times) and a column of times; without one only full dates count."""
    days = [_parse_day(value, form) for value in day.values]
    seconds = np.array([one.seconds for one in days], dtype=np.int64)[day.codes]
    offsets = np.array([one.offset for one in days], dtype=np.int64)[day.codes]
    full = np.array([one.full for one in days], dtype=np.bool_)[day.codes]
    if clock is None:
        return Moments(np.where(full, seconds, NEVER), offsets)
    clocks = [_parse_clock(value) for value in clock.values]
    within = np.array([one for one, _ in clocks], dtype=np.int64)[clock.codes]
    stated = np.array([zone for _, zone in clocks], dtype=np.int64)[clock.codes]
    empty = clock.to_flags(lambda text: not text.strip())
    both = np.where((seconds != NEVER) & (within != NEVER), seconds // DAY * DAY + within, NEVER)
    return Moments(np.where(full & empty, seconds, both), np.where(stated != NEVER, stated, offsets))


def format_iso(day: str, clock: str = "", *, form: str = "") -> str:
    """Moment of one row as ISO 8601, as `joined` reads it in a column; the day alone where no time of day can be read.

    '' of a day that cannot be read for certain.
    """
    found = _parse_day(day.strip(), form)
    if found.seconds == NEVER:
        return ""
    at = datetime.fromtimestamp(found.seconds, UTC).replace(tzinfo=None)
    within, offset = _parse_clock(clock)
    if within != NEVER:
        at = at.replace(hour=0, minute=0, second=0) + timedelta(seconds=within)
    elif not found.full or clock.strip():
        return at.date().isoformat()
    offset = found.offset if offset == NEVER else offset
    stated = "" if offset == NEVER else str(timezone(timedelta(seconds=offset))).removeprefix("UTC") or "+00:00"
    return at.isoformat() + stated


def to_utc(moments: Moments, zone: str) -> tuple[Ints, Bools]:
    """Seconds in UTC (NEVER where the zone is unknown), and where a clock change skips or repeats the moment.

    A moment that is skipped or repeated is read as the earlier of the two.
    """
    stated = moments.offsets != NEVER
    known = moments.seconds != NEVER
    found = np.where(known & stated, moments.seconds - moments.offsets, NEVER)
    doubtful = np.zeros(len(found), dtype=np.bool_)
    rest = known & ~stated
    if not zone or not rest.any():
        return found, doubtful
    slots, places = find_distinct(moments.seconds[rest] // SLOT)
    read_ = [_compute_offset(int(slot) * SLOT, zone) for slot in slots]
    found[rest] = moments.seconds[rest] - np.array([one for one, _ in read_], dtype=np.int64)[places]
    doubtful[rest] = np.array([twice for _, twice in read_], dtype=np.bool_)[places]
    return found, doubtful


def find_zone(text: str) -> str:
    """Zone that a header or a line above the table states: 'UTC', '+05:30', 'Europe/Paris'; '' if none, or an offset of no zone.

    Letters such as IST or CST are no statement: several zones go by them.
    """
    if found := IANA.search(text):
        return found[0] if is_zone(found[0]) else ""
    if found := WRITTEN.search(text):
        stated = OFFSET.search(found[0].replace(" ", "").upper())
        try:
            return format_offset(parse_offset(stated[1])) if stated else "UTC"
        except ValueError:
            return ""
    return ""


def is_zone(name: str) -> bool:
    """Whether a zone is known: an IANA name, 'UTC' or an offset."""
    from workbench.errors import CaseError

    try:
        _get_zone(name)
    except CaseError:
        return False
    return True


def _parse_iso(texts: pa.Array) -> Ints | None:
    """Seconds of a column that is ISO 8601 without offsets throughout ('' allowed), in years of calls; None if it is not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(texts.type):
        texts = texts.cast(pa.string())
    lengths = pc.min_max(pc.utf8_length(texts)).as_py()
    if lengths["max"] != 19:
        return None
    if lengths["min"] == 0:
        texts = pc.if_else(pc.equal(texts, ""), None, texts)
    try:
        moments = texts.cast(pa.timestamp("s"))
    except pa.ArrowInvalid:
        return None
    found: Ints = moments.cast(pa.int64()).fill_null(NEVER).to_numpy(zero_copy_only=False)
    return found if not np.any((found != NEVER) & ((found < FIRST) | (found >= LAST))) else None


def _split_day_and_clock(texts: pa.Array) -> tuple[CodedColumn, CodedColumn]:
    """Days and clocks of a column, parted where the clock begins."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = texts.cast(pa.string()) if pa.types.is_dictionary(texts.type) else texts
    plain = pc.utf8_trim(plain, characters=" '`\"")
    found = pc.extract_regex(plain, PARTS)
    day, clock = (pc.struct_field(found, name).fill_null("") for name in ("day", "clock"))
    return encode_array(day), encode_array(clock)


class _Day(NamedTuple):
    """What a cell with a date says; `full`: with a time of day."""

    seconds: int = NEVER
    offset: int = NEVER
    full: bool = False


@lru_cache(maxsize=200_000)
def _parse_day(raw: str, form: str) -> _Day:
    text = unquote_cell(raw)
    if (
        text.isascii()
        and text.isdecimal()
        and len(text) in (10, 13)
        and text[0] != "0"
        and (seconds := int(text[:10])) in EPOCH
    ):
        return _Day(seconds, 0, full=True)
    iso = parse_date(text, form) if text else ""
    if not iso or not is_event_year(text, iso):
        return _Day()
    moment = parse_iso_time(iso)
    offset = moment.utcoffset()
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    return _Day(seconds, NEVER if offset is None else int(offset.total_seconds()), "T" in iso)


@lru_cache(maxsize=200_000)
def _parse_clock(raw: str) -> tuple[int, int]:
    """Seconds of the day and offset of a cell with a time; an empty cell is no time."""
    text = unquote_cell(raw)
    if text.isdecimal() and len(text) in (5, 6):
        text = f"{text[:-4]}:{text[-4:-2]}:{text[-2:]}"
    clock = parse_time(text) if text else ""
    if not clock:
        return NEVER, NEVER
    hour, minute, second = (int(part) for part in clock[:8].split(":"))
    return hour * 3600 + minute * 60 + second, int(parse_offset(clock[8:]).total_seconds()) if clock[8:] else NEVER


def parse_day(raw: str, form: str) -> int:
    """Seconds since 1970 of a cell with a date, NEVER where it cannot be read."""
    return _parse_day(raw, form).seconds


def parse_clock(raw: str) -> int:
    """Seconds of the day of a cell with a time of day, NEVER where it cannot be read."""
    return _parse_clock(raw)[0]


@lru_cache(maxsize=64)
def _get_zone(name: str) -> tzinfo:
    found = OFFSET.fullmatch(name)
    try:
        return timezone(parse_offset(found[1])) if found else named_zone(name)
    except ValueError:
        return named_zone(name)  # raises: no zone is called so


@lru_cache(maxsize=500_000)
def _compute_offset(seconds: int, name: str) -> tuple[int, bool]:
    """Offset [s] of a local moment, and whether it is skipped or repeated."""
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    early = local.replace(tzinfo=_get_zone(name), fold=0).utcoffset() or timedelta()
    late = local.replace(tzinfo=_get_zone(name), fold=1).utcoffset() or timedelta()
    return int(early.total_seconds()), early != late
