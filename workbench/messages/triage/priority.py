"""Priority of a message that came in: what to read first, and why. It is about the message, never about a person in it.

Danger to life comes before minors at risk, and both before all else; no sum of points overtakes that. Within a band points count, then
how long a message has waited. "Immediate" is danger to life where its reason says so, and is suggested where nobody can tell. What the
sender set is told apart from what is only suggested, because words of a text say so.

References
----------
Points and bands are ours, after SIENA and I-24/7 habits; terms of an answer as `workbench.messages.model.deadlines` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pandas as pd

from workbench.messages.model import value_formats
from workbench.messages.model.addressee import get_country
from workbench.messages.model.deadlines import DIRECTIVE, Nation, find_due
from workbench.messages.model.defect import catch_defect
from workbench.messages.model.message import Correspondence
from workbench.messages.wording import alarm_words
from workbench.messages.wording.empty_phrases import is_empty_phrase
from workbench.model.catalogue import Translator
from workbench.model.time_zones import LAST_YEAR, shift_moment

LIFE, MINORS, REST = BANDS = ("danger to life", "minors at risk", "other")
COLUMNS = ("points", "reason", "band", "field", "start", "end", "words", "said by")
POINTS = {"life": 5, "defect": 5, "minor": 4, "detention": 4, "reply": 3, "known": 2, "day": 1}
DAYS = 2
"""Days of waiting that count."""
DETENTION = timedelta(hours=48)
REPLY = timedelta(hours=24)
DAY = timedelta(days=1)
ADULT = 18
AT_RISK = frozenset({"missing", "victim", "unidentified"})
SENDER, SUGGESTED = "sender", "suggested"
LISTED = "minors.sender"
"""Reason of a line whose words are the status of a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of a priority.

    Attributes
    ----------
    points : int
    reason : str
        By its key in the catalogue, `priority.…`; `told` words it.
    band : str
        The band that it puts the message in, '' for none.
    field, words : str
        Where it stands, and the words.
    start, end : int or None
        Span in the text of the field.
    by : str
        'sender' where the sender set it, 'suggested' where a machine reads it out of a text, 'desk' for clock and case.
    days : int
        Days of waiting, of a line that counts them.
    """

    points: int
    reason: str
    band: str = ""
    field: str = ""
    words: str = ""
    start: int | None = None
    end: int | None = None
    by: str = "desk"
    days: int = 0

    def translate_to(self, language: str) -> tuple[str, str]:
        """The reason and the words, in a language."""
        voice = Translator(language)
        key = f"priority.{self.reason}"
        reason = voice.count(key, self.days) if self.days else voice(key)
        if self.reason == LISTED:
            return reason, voice("priority.minors.words", status=voice(f"code.{self.words}"), age=ADULT)
        return reason, voice("term.directive") if self.words == DIRECTIVE else self.words


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
    def is_suggested(self) -> bool:
        """Whether only words of a text, not the sender, put the message in its band."""
        return self.band != REST and not any(line.by == SENDER for line in self.lines if line.band == self.band)

    def sort_key(self) -> tuple[int, int]:
        """What messages are put in order by: smallest first. A band always weighs more than any sum."""
        return BANDS.index(self.band), -self.points


@dataclass(frozen=True, slots=True)
class Signal:
    """A line and when it counts: from `since` on and before `until` (UTC; None: no bound). `waits`: only while nobody has answered."""

    line: Line
    since: datetime | None = None
    until: datetime | None = None
    waits: bool = False

    def is_current(self, now: datetime, *, answered: bool) -> bool:
        """Whether the line counts now."""
        early = self.since is not None and now < self.since
        late = self.until is not None and now >= self.until
        return not (early or late or (self.waits and answered))


def compute_priority(
    signals: Iterable[Signal], now: datetime, *, known: Sequence[str] = (), answered: bool = False
) -> Priority:
    """Priority of a message from its signals, line by line; a band counts once, by what the sender set before what is suggested.

    Parameters
    ----------
    now : datetime
        With a zone.
    known : sequence of str
        What the case knows of what the message names.
    answered : bool
        Whether a reply has gone out: it then waits for nothing.
    """
    lines: list[Line] = []
    for one in signals:
        if one.is_current(now, answered=answered) and one.line.band not in {line.band for line in lines if line.band}:
            lines.append(one.line)
    if known:
        lines.append(Line(POINTS["known"], "known", words=", ".join(known[:5])))
    return Priority(tuple(lines))


def list_signals(message: Correspondence, nation: Nation = get_country) -> tuple[Signal, ...]:
    """What of a message ever counts for its priority; `nation` as of `due`. What cannot be told for a defect of the program is a line."""
    judged: tuple[Callable[[], Iterator[Signal]], ...] = (
        partial(_list_life_signals, message),
        partial(_list_minor_signals, message),
        partial(_list_detention_signals, message),
        partial(_list_reply_signals, message, nation),
        partial(_list_age_signals, message),
    )
    return tuple(signal for judge in judged for signal in catch_defect(lambda: [*judge()], build_defect_signals))  # noqa: B023


def build_defect_signals(defect: str) -> list[Signal]:
    """That a part of a message could not be judged: it counts as much as danger to life, so that somebody reads the message."""
    return [Signal(Line(POINTS["defect"], "defect", words=defect))]


def explain_priority(found: Priority, language: str = "en") -> pd.DataFrame:
    """The lines of a priority, the highest band first, in a language.

    Columns: points, reason, band ('' for none), field, start, end (characters, missing where none), words, said by ('sender',
    'suggested', 'desk').
    """
    ordered = sorted(found.lines, key=lambda line: (BANDS.index(line.band or REST), -line.points))
    told = [line.translate_to(language) for line in ordered]
    rows = [
        [line.points, reason, line.band, line.field, line.start, line.end, words, line.by]
        for line, (reason, words) in zip(ordered, told, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "Int64", "end": "Int64"})


def _list_life_signals(message: Correspondence) -> Iterator[Signal]:
    """Danger to life as the sender says it, else as a text does.

    "Immediate" for a reason that cannot be told by its words is suggested, since to miss a danger costs more than to look once in vain;
    without a reason, or for one of haste, it has its points and makes no band.
    """
    by_sender = (message.urgency_reason, None, None, SENDER)
    if alarm_words.is_life_at_stake(message):
        yield Signal(Line(POINTS["life"], "life.sender", LIFE, "urgency", *by_sender))
        return
    lines = [*_find_first_line(alarm_words.find_danger(message), POINTS["life"], "life.text", LIFE)]
    if not lines and message.urgency == "immediate":
        lines.append(_find_unsure_line(message) or Line(POINTS["life"], "life.unsaid", "", "urgency", *by_sender))
    yield from map(Signal, lines)


def _find_unsure_line(message: Correspondence) -> Line | None:
    """A reason that may well name a danger to life, in words that no list has."""
    said = message.urgency_reason
    if is_empty_phrase(said, alarm_words.REASON) or not alarm_words.is_obscure(said):
        return None
    return Line(POINTS["life"], "life.unsure", LIFE, alarm_words.REASON, said, 0, len(said), SUGGESTED)


def _list_minor_signals(message: Correspondence) -> Iterator[Signal]:
    for number, person in enumerate(message.persons):
        born = value_formats.parse_day(person.date_of_birth)
        if person.status in AT_RISK and born and born.year + ADULT <= LAST_YEAR:  # later it stands for 'not known'
            said = (LISTED, MINORS, f"persons[{number}].status", person.status)
            grown = (
                datetime(born.year + ADULT, born.month, min(born.day, 28), tzinfo=UTC)
                + (born.day - min(born.day, 28)) * DAY
            )
            yield Signal(Line(POINTS["minor"], *said, by=SENDER), until=grown)
    for line in _find_first_line(alarm_words.find_minors(message), POINTS["minor"], "minors.text", MINORS):
        yield Signal(line)


def _list_detention_signals(message: Correspondence) -> Iterator[Signal]:
    """A sentence on custody with a day; in the reason of the urgency the day may be that of the reply."""
    for place in alarm_words.find_detention(message):
        days = alarm_words.find_days(place.sentence) or ([message.reply_by] if place.field == "urgency_reason" else [])
        ends = sorted(end for end in map(_parse_end_moment, days) if end)
        for line in _find_first_line([place], POINTS["detention"], "detention", ""):
            yield from (Signal(line, shift_moment(end, -DETENTION), end) for end in ends[:1])


def _list_reply_signals(message: Correspondence, nation: Nation) -> Iterator[Signal]:
    if term := find_due(message, nation=nation):
        said = ("", "reply_by", message.reply_by or term.by)
        soon = Line(POINTS["reply"], "reply.soon", *said)
        late = Line(POINTS["reply"], "reply.late", *said)
        yield Signal(soon, shift_moment(term.at, -REPLY), term.at, waits=True)
        yield Signal(late, term.at, waits=True)


def _list_age_signals(message: Correspondence) -> Iterator[Signal]:
    if sent := value_formats.parse_moment(message.date_time):
        for number in range(1, DAYS + 1):
            line = Line(POINTS["day"], "age", field="date_time", words=message.date_time, days=number)
            yield Signal(line, shift_moment(sent, number * DAY), waits=True)


def _find_first_line(places: Iterable[alarm_words.AlarmPlace], points: int, reason: str, band: str) -> Iterator[Line]:
    for place in places:
        yield Line(points, reason, band, place.field, place.words, place.start, place.end, SUGGESTED)
        return


def _parse_end_moment(value: str) -> datetime | None:
    """A moment, or the end (UTC) of a day."""
    if found := value_formats.parse_moment(value):
        return found
    day = value_formats.parse_day(value)
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC) if day and len(value.strip()) == 10 else None
