"""Times in front of chat messages, as telephones write them: which part is day and which is month is decided per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

STAMP = re.compile(
    r"(\[)?(\d{1,4})([./-]) ?(\d{1,2})\3 ?(\d{1,4})\.?,? (?:klo |kl\. |at |\xe0 |um |u |\u0641\u064a )?"
    r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))? ?(?:([ap])\.? ?m\.?|([\u0635\u0645])(?=[\] ]))?(?(1)\] ?|(?: [-\u2013\u2014] |: ))",
    re.IGNORECASE,
)
"""Day, month and year in any order, a time of 24 or 12 hours (also Arabic's), in brackets (iOS) or before a dash (Android)."""

MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
PLAIN = {
    **MARKS,
    **{ord(space): " " for space in "\u00a0\u202f\u2009"},
    ord("\u060c"): ",",
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
}
LONGEST = 60
AFTERNOON = "p\u0645"
ORDERS = ("dmy", "mdy")


class Stamp(NamedTuple):
    """A time as written: its text, the three parts of its date, the mark between them, and the time of day.

    `style` is the same for all times that one telephone writes: what ends it, the mark, digits of the year, 12 or 24 hours, seconds.
    """

    text: str
    date: tuple[str, str, str]
    mark: str
    clock: tuple[int, int, int]
    has_seconds: bool
    style: str = ""


def parse_stamp(line: str) -> tuple[Stamp, str] | None:
    """Stamp at the start of a line and the text behind it; None if the line does not begin with one."""
    head = line.lstrip("\u200e\u200f\u202a\u202b\u202c\ufeff \u2068")
    if not head[:1].isdigit() and not head.startswith("["):
        return None
    plain = head[:LONGEST].translate(PLAIN)
    match = STAMP.match(plain)
    if not match:
        return None
    hour = int(match[6])
    half = (match[9] or match[10] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half in AFTERNOON else 0)
    text = plain[: match.end()].strip("[] -:\u2013\u2014")
    clock = (hour, int(match[7]), int(match[8] or 0))
    found = Stamp(text, (match[2], match[4], match[5]), match[3], clock, match[8] is not None, _style(match))
    return found, head[_find_position(head, match.end()) :]


def _style(match: re.Match[str]) -> str:
    end = "[" if match[1] else match[0].rstrip()[-1]
    year = "first" if len(match[2]) == 4 else len(match[5])
    return f"{end} {match[3]} {year} {12 if match[9] or match[10] else 24} {'s' if match[8] else ''}"


def find_style(lines: Iterable[tuple[int, str]]) -> str:
    """Style of the times of a chat, '' if it has none.

    A line that somebody wrote in a message stands after the first line of the file, so a time in the first line decides. In
    a file that begins otherwise, the style of most lines does.
    """
    styles: Counter[str] = Counter()
    is_first = True
    for _, line in lines:
        if found := parse_stamp(line):
            if is_first:
                return found[0].style
            styles[found[0].style] += 1
        is_first = is_first and not line.strip()
    return styles.most_common(1)[0][0] if styles else ""


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


def format_iso(one: Stamp, order: str) -> str:
    """The time in ISO form without a zone; '' where order or calendar do not allow it."""
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
        return datetime(year, month, day, *one.clock).isoformat(timespec="seconds" if one.has_seconds else "minutes")
    except ValueError:
        return ""
