"""Times as written and in UTC. A time without a zone stays as written until an officer gives the zone of its source."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import CaseError


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
        raise CaseError(
            f"time zone {name!r} is not known. Use an IANA name such as 'Europe/Amsterdam' or 'UTC'."
        ) from error


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
