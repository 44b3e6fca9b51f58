"""Call records: what happened on the network, before it becomes rows of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from greyheron.identifiers import phone
from greyheron.random_choices import Dice
from greyheron.world import World, read_story, texts

SERVICE_NUMBERS = {"voicemail": "1717", "balance": "2020", "meridel": "MERIDEL", "parcel": "PARCELFOX"}
ACQUAINTED = datetime(2025, 9, 1, 15)  # no call between the courier and the agent before
TARGETS = ("marta", "tomasz", "idris", "kestrel")
STORY_LINE = re.compile(r"^(\S+ \S+) (\w+) > (\w+) (voice|sms) (\d+) (\w+)(?:/(\w+))?$")


@dataclass(frozen=True)
class Record:
    """One row of the record of a target number; times are local."""

    target: str
    kind: str
    service: str
    other: str
    start: datetime
    seconds: int
    first_cell: str
    last_cell: str
    forwarded_to: str = ""
    story: bool = False


def cell_ids(world: World) -> dict[str, str]:
    """Return the cell global identity of every cell of the case."""
    dice = world.dice("cells")
    area = dice.digits(4)
    return {key: f"001-01-{area}-{dice.digits(5)}" for key in texts(read_story("calls.yml")["cells"])}


def number_of(world: World, key: str) -> str:
    """Return how the operator writes the number of a person or service."""
    return SERVICE_NUMBERS.get(key) or world.values.get(f"dig.{key}", key)


def story_records(world: World) -> list[Record]:
    """Return the rows of the calls that carry the story: one for each end that is a target."""
    dice, out = world.dice("story calls"), []
    for line in str(read_story("calls.yml")["story"]).splitlines():
        match = STORY_LINE.match(line)
        if not match:
            raise ValueError(f"story/calls.yml: cannot read the line {line!r}")
        when, caller, called, service, seconds, cell, cell_to = match.groups()
        start, length = datetime.fromisoformat(when), int(seconds)
        voice = service == "voice"
        if caller in TARGETS:
            kind = "OUT" if voice else "SMO"
            out.append(Record(caller, kind, service, number_of(world, called), start, length, cell, cell, story=True))
        if called in TARGETS:
            kind, here = "IN" if voice else "SMT", cell_to or cell
            later = start + timedelta(seconds=dice.random_below(3) if caller in TARGETS else 0)
            length += dice.random_below(2) if length and caller in TARGETS else 0
            out.append(Record(called, kind, service, number_of(world, caller), later, length, here, here, story=True))
    return [row for row in out if row.start < last_call(row.target)]


def last_call(target: str) -> datetime:
    """Return when the record of a target ends."""
    ends = cast(dict[str, str], read_story("calls.yml")["last_call"])
    return datetime.fromisoformat(ends[target]) + timedelta(minutes=1)


class Everyday:
    """Draws ordinary calls of one target."""

    def __init__(self, world: World, target: str) -> None:
        plan = read_story("calls.yml")
        self.world, self.target = world, target
        self.dice: Dice = world.dice(f"calls of {target}")
        self.places = cast(dict[str, dict[str, str]], plan["places"])[target]
        quiet = cast(dict[str, list[list[str]]], plan["quiet"])[target]
        self.quiet = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in quiet]
        self.first = datetime.fromisoformat(str(plan["first_day"]))
        self.minutes = int((last_call(target) - self.first).total_seconds() // 60)
        strangers = [phone(self.dice, "uk", world.used_numbers) for _ in range(4 if target == "kestrel" else 26)]
        self.peers: dict[str, Everyday] = {}
        self.people: list[str] = []
        for entry in cast(dict[str, str], plan["circles"])[target].split(","):
            key, weight = entry.split()
            keys = strangers if key == "other" else [key]
            self.people += [keys[(i * i) % len(keys)] for i in range(int(weight))]

    def moment(self) -> datetime:
        """Return a time of day at which people telephone, outside the quiet hours."""
        while True:
            at = self.first + timedelta(
                minutes=self.dice.random_below(self.minutes), seconds=self.dice.random_below(60)
            )
            awake = 7 <= at.hour <= 22 and (at.weekday() < 5 or at.hour > 8)
            if awake and not self.is_quiet(at):
                return at

    def is_quiet(self, at: datetime) -> bool:
        """Return True in hours in which the record holds only the story."""
        return any(a <= at <= b for a, b in self.quiet)

    def cell(self, at: datetime) -> str:
        """Return a cell that fits the hour."""
        if at.hour < 8 or at.hour >= 20:
            return self.dice.pick(self.places["night"].split())
        working = at.weekday() < 5 and 9 <= at.hour < 17 and self.dice.chance(0.85)
        return self.dice.pick(self.places["day" if working else "else"].split())

    def rows(self) -> list[Record]:
        """Return one call or message: two rows where the other end is a target too."""
        at, dice = self.moment(), self.dice
        cell = self.cell(at)
        moved = cell if dice.chance(0.8) else self.cell(at)
        if dice.chance(0.1):
            return [self._service(at, cell)]
        other, sms = dice.pick(self.people), dice.chance(0.33)
        peer = self.peers.get(other)
        if peer and (peer.is_quiet(at) or (at < ACQUAINTED and "idris" in {other, self.target})):
            return []
        seconds = 0 if sms or dice.chance(0.14) else self._length()
        outgoing = dice.chance(0.54)
        kinds = ("SMO", "SMT") if sms else ("OUT", "IN")
        service = "sms" if sms else "voice"
        number = number_of(self.world, other)
        first = Record(self.target, kinds[0 if outgoing else 1], service, number, at, seconds, cell, moved)
        if not peer:
            return [first]
        there = peer.cell(at)
        back = number_of(self.world, self.target)
        later = at + timedelta(seconds=dice.random_below(3))
        return [first, Record(other, kinds[1 if outgoing else 0], service, back, later, seconds, there, there)]

    def _service(self, at: datetime, cell: str) -> Record:
        key = self.dice.pick(("voicemail", "voicemail", "meridel", "parcel", "balance"))
        voice = key in {"voicemail", "balance"}
        kind = "OUT" if voice else "SMT"
        seconds = self.dice.random_between(6, 50) if voice else 0
        return Record(
            self.target, kind, "voice" if voice else "sms", number_of(self.world, key), at, seconds, cell, cell
        )

    def _length(self) -> int:
        """Return a length in seconds: many short calls, few long ones."""
        longest = self.dice.pick((40, 60, 90, 90, 180, 180, 400, 900))
        return self.dice.random_between(4, longest)


def everyday_of(world: World) -> dict[str, Everyday]:
    """Return the everyday calls of each target; they know each other."""
    out = {target: Everyday(world, target) for target in TARGETS}
    for one in out.values():
        one.peers = out
    return out
