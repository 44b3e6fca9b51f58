"""Times in front of chat messages, as telephones write them: which part is day and which is month is decided per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue
from workbench.model.time_zones import parse_iso_time
from workbench.model.values.plausible_years import EVENTS, TWO_FIGURES, is_plausible

STAMP = re.compile(
    r"(\[)?(\d{1,4})([./-]) ?(\d{1,2})\3 ?(\d{1,4})(?: ?\u0647\u0640)?\.?,? (?:klo |kl\. |at |\xe0 |um |u |\u0641\u064a )?"
    r"(?:(?P<half>\u5348[\u524d\u5f8c]|[\u4e0a\u4e0b]\u5348|\uc624[\uc804\ud6c4]) ?)?"
    r"(?P<hour>\d{1,2})[:.](\d\d)(?:[:.](\d\d))? ?(?:([ap])\.? ?m\.?|([\u0635\u0645])(?=[\] ]))?(?(1)\] ?|(?: [-\u2013\u2014] |: ))",
    re.IGNORECASE,
)
"""Day, month and year in any order (also with the mark of the Hijri calendar), a time of 24 or 12 hours (also those of Arabic,
Chinese, Japanese and Korean), in brackets (iOS) or before a dash (Android)."""

MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
PLAIN = {
    **MARKS,
    **{ord(space): " " for space in "\u00a0\u202f\u2009"},
    ord("\u060c"): ",",
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
}
LONGEST = 60
AFTERNOON = ("p", "\u0645", "\u5348\u5f8c", "\u4e0b\u5348", "\uc624\ud6c4")
ORDERS = ("dmy", "mdy")
DIGITS = re.compile(r"\d{1,4}")
HALF = re.compile(
    r"\u5348[\u524d\u5f8c]|[\u4e0a\u4e0b]\u5348|\uc624[\uc804\ud6c4]|[ap](?=\.? ?m)|[\u0635\u0645](?=[\] ])",
    re.IGNORECASE,
)
OPEN = "?"


class Style(NamedTuple):
    """How a telephone writes times: all that is no digit, digits of the year, and whether small numbers have a zero in front.

    `zeros` has a sign for each of two parts of the date and the hour: '0' with a zero, '1' without, '?' not to be seen.
    """

    form: str
    zeros: str

    def is_style_of(self, other: Style) -> bool:
        """Whether one telephone can have written times of both styles."""
        pairs = zip(self.zeros, other.zeros, strict=True)
        return self.form == other.form and all(OPEN in pair or pair[0] == pair[1] for pair in pairs)


class Stamp(NamedTuple):
    """A time as written: its text, the three parts of its date, the mark between them, and the time of day.

    `style` fits all times that one telephone writes in one export.
    """

    text: str
    date: tuple[str, str, str]
    mark: str
    clock: tuple[int, int, int]
    has_seconds: bool
    style: Style = Style("", "")


def parse_stamp(line: str) -> tuple[Stamp, str] | None:
    """Stamp at the start of a line and the text behind it; None if the line does not begin with one."""
    head = line.lstrip("\u200e\u200f\u202a\u202b\u202c\ufeff \u2068")
    if not head[:1].isdigit() and not head.startswith("["):
        return None
    plain = head[:LONGEST].translate(PLAIN)
    match = STAMP.match(plain)
    if not match:
        return None
    hour = int(match["hour"])
    half = (match[10] or match[11] or match["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half in AFTERNOON else 0)
    text = plain[: match.end()].strip("[] -:\u2013\u2014")
    clock = (hour, int(match[8]), int(match[9] or 0))
    found = Stamp(text, (match[2], match[4], match[5]), match[3], clock, match[9] is not None, _find_style(match, line))
    return found, head[_find_position(head, match.end()) :]


def _find_style(match: re.Match[str], line: str) -> Style:
    is_year_first = len(match[2]) == 4
    first, second, year = (match[4], match[5], "first") if is_year_first else (match[2], match[4], str(len(match[5])))
    zeros = "".join("0" if one[0] == "0" else "1" if len(one) == 1 else OPEN for one in (first, second, match["hour"]))
    zeros = zeros[:2] + "1" if match["hour"] == "0" else zeros
    indent = " " if line.translate(MARKS)[:1].isspace() else ""
    return Style(f"{indent}{DIGITS.sub('9', HALF.sub('a', match[0])).rstrip()} {year}", zeros)


def find_style(lines: Iterable[tuple[int, str]]) -> Style | None:
    """Style of the times of a chat, None if it has none.

    A line that somebody wrote in a message stands after the first line of the file, so a time in the first line decides. In
    a file that begins otherwise, the style of most lines does. What that time does not show, most lines of its form do.
    """
    styles: Counter[Style] = Counter()
    first: Style | None = None
    is_first = True
    for _, line in lines:
        if found := parse_stamp(line):
            first = found[0].style if is_first else first
            styles[found[0].style] += 1
        is_first = is_first and not line.strip()
    if not styles:
        return None
    forms: Counter[str] = Counter()
    for style, count in styles.items():
        forms[style.form] += count
    start = first or Style(forms.most_common(1)[0][0], OPEN * 3)
    return Style(start.form, "".join(_find_zero(start, at, styles) for at in range(3)))


def _find_zero(start: Style, at: int, styles: Counter[Style]) -> str:
    """Whether a part has a zero in front: as the time that decides shows it, or as most times of its form do.

    Where most times show it otherwise than the one that decides, nothing is decided: no message is lost for a zero.
    """
    shown: Counter[str] = Counter()
    for style, count in styles.items():
        if style.form == start.form and style.zeros[at] != OPEN:
            shown[style.zeros[at]] += count
    most = shown.most_common(1)[0][0] if shown else OPEN
    return most if start.zeros[at] in (OPEN, most) else OPEN


def _find_position(head: str, plain: int) -> int:
    """Position in the line that belongs to one in its plain form, in which marks are left out."""
    at = left = 0
    while at < len(head) and left < plain:
        left += ord(head[at]) not in MARKS
        at += 1
    return at


@dataclass(slots=True)
class Order:
    """Order of day and month in a file, decided from all its stamps.

    A day beyond 12 decides; so does a date with dots, which no country writes month first. Where neither is there, the
    order in which the dates never run backwards decides, if the other makes them: messages are exported in their order.
    `order` is 'dmy', 'mdy' or '' (cannot be told).
    """

    told: str = ""
    first: int = 0
    second: int = 0
    dots: int = 0
    back: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ORDERS, 0))
    last: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    years: int = 0

    def add_stamp(self, one: Stamp) -> None:
        """Take one stamp of the file."""
        if len(one.date[0]) == 4:
            self.years += 1
            return
        first, second, year = (int(part) for part in one.date)
        self.first += first > 12
        self.second += second > 12
        self.dots += one.mark == "."
        for name, key in (("dmy", (year, second, first)), ("mdy", (year, first, second))):
            self.back[name] += key < self.last.get(name, key)
            self.last[name] = key

    def decide(self, stamps: Iterable[Stamp] = ()) -> str:
        """Order after all stamps were seen."""
        for one in stamps:
            self.add_stamp(one)
        if self.told in ORDERS:
            return self.told
        if bool(self.first) != bool(self.second):
            return "dmy" if self.first else "mdy"
        if self.first:
            return ""
        if self.dots:
            return "dmy"
        if (self.back["dmy"] == 0) != (self.back["mdy"] == 0):
            return "dmy" if self.back["dmy"] == 0 else "mdy"
        return ""

    @property
    def is_needed(self) -> bool:
        """Whether any date has its year last, so that the order matters."""
        return bool(self.last)


def is_iso(text: str) -> bool:
    """Whether a text is a day or a moment in ISO form that the calendar and the clock have."""
    try:
        parse_iso_time(text)
    except ValueError:
        return False
    return len(text) >= 10


@dataclass(slots=True)
class UnreadTimes:
    """Times that are none, or in another form, in a file whose times are in ISO form; told once."""

    count: int = 0
    example: str = ""
    place: str = ""

    def check(self, text: str, place: str) -> None:
        """Count a time that cannot be read with certainty."""
        if text and not is_iso(text):
            self.count += 1
            self.example, self.place = self.example or text, self.place or place

    def list_issues(self) -> Iterator[Issue]:
        """The issue, if there is one."""
        if self.count:
            told = Sentence("row.date.form", count=self.count, example=repr(self.example[:LONGEST]))
            yield build_issue("bad-date", told, place=self.place)


def is_day_earlier(at: str, last: str) -> bool:
    """Whether a time in ISO form is more than a day before another; never where one of them is ''.

    >>> is_day_earlier("2022-07-12T23:00", "2022-07-14T12:24"), is_day_earlier("2022-07-13T23:00", "2022-07-14T12:24")
    (True, False)
    """
    if not at or at[:10] >= last[:10]:
        return False
    return datetime.fromisoformat(last) - datetime.fromisoformat(at) > timedelta(days=1)


def format_iso(one: Stamp, order: str) -> str:
    """The time in ISO form without a zone; '' where order or calendar do not allow it, or no message is of that year."""
    first, middle, last = one.date
    if len(first) == 4:
        year, month, day = int(first), int(middle), int(last)
    elif order:
        year = int(last) + (2000 if len(last) <= 2 else 0)
        day, month = (int(first), int(middle)) if order == "dmy" else (int(middle), int(first))
    elif first == middle:
        year, month, day = int(last) + (2000 if len(last) <= 2 else 0), int(first), int(first)
    else:
        return ""
    try:
        found = datetime(year, month, day, *one.clock).isoformat(timespec="seconds" if one.has_seconds else "minutes")
    except ValueError:
        return ""
    return found if is_plausible(found, TWO_FIGURES if max(map(len, one.date)) < len(str(year)) else EVENTS) else ""
