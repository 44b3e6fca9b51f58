"""Times as written and in UTC. A time without a zone stays as written until an officer gives the zone of its source."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

PARTS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
"""A year, month or day as ISO 8601 writes them."""
GRAINS = ("second", "minute", "hour", "day", "month", "year")
"""How exact a time is, from the finest."""


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises
    ------
    CaseError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CaseError(Sentence("refused.plan.zone", zone=name)) from error


def to_utc(at: str, zone_name: str) -> str:
    """Time in UTC ('2022-07-08T05:20:21Z'), '' where the zone is unknown or the time is no full date and time.

    Parameters
    ----------
    at : str
        ISO 8601 as written; its own offset wins.
    zone_name : str
        IANA zone of the source, '' if not given.

    Notes
    -----
    A local time that a change to summer time skips or repeats is read as the earlier of the two (fold = 0).
    """
    if len(at) < 16:
        return ""
    try:
        read = datetime.fromisoformat(at)
    except ValueError:
        return ""
    if read.tzinfo is None:
        if not zone_name:
            return ""
        read = read.replace(tzinfo=zone(zone_name))
    return read.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: str, zone_name: str) -> tuple[float, int]:
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
        read = datetime.fromisoformat(text)
        local = read if read.tzinfo else read.replace(tzinfo=zone(zone_name) if zone_name else UTC)
        return local.astimezone(UTC).timestamp() * 1000, 0 if len(text) > len("2024-01-01T10:00") else 1
    except (ValueError, OverflowError, CaseError):
        return float("nan"), 0
