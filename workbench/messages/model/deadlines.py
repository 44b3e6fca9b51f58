"""By when a message is to be answered.

References
----------
Directive (EU) 2023/977, article 5: between law enforcement authorities of the Union eight hours for urgent requests of what is directly
accessible, three days for other urgent ones, seven days for the rest (our encoding).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from workbench.messages.model.addressee import get_country
from workbench.messages.model.message import Correspondence, Message
from workbench.model.time_zones import is_far, normalise_day, parse_iso_time, shift_moment

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
Nation = Callable[[str], str]
DIRECTIVE, ASKED = "directive", "asked"
"""What a term rests on; the catalogue words it, `term.…`."""
URGENT = frozenset({"urgent", "immediate"})


@dataclass(frozen=True, slots=True)
class Due:
    """Until when, in UTC, and what says so: ASKED or DIRECTIVE."""

    at: datetime
    by: str


def find_due(message: Correspondence, *, accessible: bool = False, nation: Nation = get_country) -> Due | None:
    """The earliest term of a message, None where it has none.

    Parameters
    ----------
    accessible : bool
        Whether what is asked for is directly accessible to who is asked.
    nation : callable
        Bureau -> country; by its code if not given.
    """
    terms = [term for term in (_find_reply_due(message), _find_directive_due(message, accessible, nation)) if term]
    return min(terms, key=lambda term: term.at) if terms else None


def _find_reply_due(message: Correspondence) -> Due | None:
    """A day without a time lasts until its end. The first and the last day of the calendar stand for 'no term' in other systems."""
    text = message.reply_by.strip()
    day = normalise_day(text)
    whole = f"{day}T23:59:59" if day else text
    try:
        at = parse_iso_time(whole)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return None if is_far(at.isoformat()) else Due(at.astimezone(UTC), ASKED)


def _find_directive_due(message: Correspondence, accessible: bool, nation: Nation) -> Due | None:  # noqa: FBT001
    if not isinstance(message, Message) or message.type != "request":
        return None
    countries = {nation(bureau) for bureau in (message.from_bureau, *message.to)}
    try:
        came = parse_iso_time(message.date_time)
    except ValueError:
        return None
    if not countries <= EU or len(countries) < 2 or came.tzinfo is None or is_far(message.date_time):
        return None
    urgent = message.urgency in URGENT
    span = timedelta(hours=8) if urgent and accessible else timedelta(days=3 if urgent else 7)
    return Due(shift_moment(came.astimezone(UTC), span), DIRECTIVE)
