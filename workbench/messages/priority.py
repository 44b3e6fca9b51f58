"""Priority of a message that came in: what to read first, and why. It is about the message, never about a person in it.

Danger to life comes before minors at risk, and both before all else; no sum of points overtakes that. Within a band points count, then
how long a message has waited. What the sender set is told apart from what is only suggested, because words of a text say so.

References
----------
Points and bands are ours, after SIENA and I-24/7 habits; terms of an answer as `workbench.messages.deadlines` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from workbench.messages import alarm, forms
from workbench.messages.deadlines import due
from workbench.messages.message import Correspondence

LIFE, MINORS, REST = BANDS = ("danger to life", "minors at risk", "other")
COLUMNS = ("points", "reason", "band", "field", "start", "end", "words", "said by")
POINTS = {"life": 5, "minor": 4, "detention": 4, "reply": 3, "known": 2}
OLDEST = 2
"""Points for age at most."""
DETENTION = timedelta(hours=48)
REPLY = timedelta(hours=24)
DAY = timedelta(days=1)
AT_RISK = frozenset({"missing", "victim", "unidentified"})
SENDER, SUGGESTED = "sender", "suggested"


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of a priority.

    Attributes
    ----------
    points : int
    reason : str
    band : str
        The band that it puts the message in, '' for none.
    field, words : str
        Where it stands, and the words.
    start, end : int or None
        Span in the text of the field.
    by : str
        'sender' where the sender set it, 'suggested' where a machine reads it out of a text, 'desk' for clock and case.
    """

    points: int
    reason: str
    band: str = ""
    field: str = ""
    words: str = ""
    start: int | None = None
    end: int | None = None
    by: str = "desk"


@dataclass(frozen=True, slots=True)
class Priority:
    """Band and points of a message, with their lines."""

    lines: tuple[Line, ...] = ()

    @property
    def band(self) -> str:
        """The highest band that a line puts the message in."""
        return min((line.band for line in self.lines if line.band), key=BANDS.index, default=REST)

    @property
    def points(self) -> int:
        """Sum of the lines."""
        return sum(line.points for line in self.lines)

    @property
    def suggested(self) -> bool:
        """Whether only words of a text, not the sender, put the message in its band."""
        return self.band != REST and not any(line.by == SENDER for line in self.lines if line.band == self.band)

    def before(self) -> tuple[int, int]:
        """What messages are put in order by: smallest first. A band always weighs more than any sum."""
        return BANDS.index(self.band), -self.points


def priority(message: Correspondence, now: datetime, *, known: Sequence[str] = (), answered: bool = False) -> Priority:
    """Priority of a message, line by line.

    Parameters
    ----------
    now : datetime
        With a zone.
    known : sequence of str
        What the case knows of what the message names.
    answered : bool
        Whether a reply has gone out: it then waits for nothing.
    """
    lines = [*_life(message), *_minors(message, now), *_detention(message, now)]
    if not answered:
        lines += [*_reply(message, now), *_age(message, now)]
    if known:
        lines.append(Line(POINTS["known"], "Names what the case knows.", words=", ".join(known[:5])))
    return Priority(tuple(lines))


def explain(found: Priority) -> pd.DataFrame:
    """The lines of a priority, the highest band first.

    Columns: points, reason, band ('' for none), field, start, end (characters, missing where none), words, said by ('sender',
    'suggested', 'desk').
    """
    ordered = sorted(found.lines, key=lambda line: (BANDS.index(line.band or REST), -line.points))
    rows = [
        [line.points, line.reason, line.band, line.field, line.start, line.end, line.words, line.by] for line in ordered
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "Int64", "end": "Int64"})


def _life(message: Correspondence) -> Iterator[Line]:
    if message.urgency == "immediate":
        yield Line(
            POINTS["life"], "The sender marks danger to life.", LIFE, "urgency", message.urgency_reason, by=SENDER
        )
        return
    yield from _first(alarm.danger(message), POINTS["life"], "A text speaks of danger to life.", LIFE)


def _minors(message: Correspondence, now: datetime) -> Iterator[Line]:
    for number, person in enumerate(message.persons):
        if person.status in AT_RISK and _minor(person.date_of_birth, now):
            field = f"persons[{number}].status"
            words = f"{person.status}, born {person.date_of_birth}"
            yield Line(POINTS["minor"], "A minor is listed as missing or as a victim.", MINORS, field, words, by=SENDER)
            return
    yield from _first(alarm.minors(message), POINTS["minor"], "A text speaks of a minor at risk.", MINORS)


def _minor(born: str, now: datetime) -> bool:
    day, today = forms.day(born), now.date()
    return day is not None and today.year - day.year - ((today.month, today.day) < (day.month, day.day)) < 18


def _detention(message: Correspondence, now: datetime) -> Iterator[Line]:
    """A sentence on custody with a day within 48 hours; in the reason of the urgency the day may be that of the reply."""
    for place in alarm.detention(message):
        days = alarm.days(place.sentence) or ([message.reply_by] if place.field == "urgency_reason" else [])
        if any(_within(_end(day), now, DETENTION) for day in days):
            yield from _first([place], POINTS["detention"], "A detention ends or is decided on within 48 hours.", "")
            return


def _reply(message: Correspondence, now: datetime) -> Iterator[Line]:
    term = due(message)
    if term and term.at - now < REPLY:
        passed = "The time for a reply has passed." if term.at < now else "The reply is due within 24 hours."
        yield Line(POINTS["reply"], passed, field="reply_by", words=message.reply_by or term.by)


def _age(message: Correspondence, now: datetime) -> Iterator[Line]:
    sent = forms.moment(message.date_time)
    waited = (now - sent) // DAY if sent else 0
    if waited >= 1:
        yield Line(min(waited, OLDEST), f"Unanswered for {waited} days.", field="date_time", words=message.date_time)


def _first(places: Iterable[alarm.Place], points: int, reason: str, band: str) -> Iterator[Line]:
    for place in places:
        yield Line(points, reason, band, place.field, place.words, place.start, place.end, SUGGESTED)
        return


def _within(until: datetime | None, now: datetime, span: timedelta) -> bool:
    return until is not None and timedelta() <= until - now < span


def _end(value: str) -> datetime | None:
    """A moment, or the end (UTC) of a day."""
    if found := forms.moment(value):
        return found
    day = forms.day(value)
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC) if day and len(value.strip()) == 10 else None
