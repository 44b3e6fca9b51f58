"""Conversations: from hand-written threads to messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

from greyheron.random_choices import Dice
from greyheron.world import World, read_story

LOCAL = timezone(timedelta(hours=2))  # Valdorra keeps UTC+02:00 in the whole period of the case
DAY = re.compile(r"^## (\d{4}-\d\d-\d\d)$")
LINE = re.compile(r"^(\d\d:\d\d) ([a-z_]+)(?:!(\d\d))? (.*)$")
FIRST_DAY = datetime(2025, 8, 25, tzinfo=LOCAL)
SERVICES = {"meridel", "bank", "parcel", "adbot"}


@dataclass(frozen=True, order=True)
class Message:
    """One message as it was sent.

    Attributes
    ----------
    at : datetime
        Time of sending, UTC, whole seconds.
    text : str
        The text, may have several lines.
    sender : str
        Key of the sender.
    swapped_on : str
        Number of the device whose copy names the wrong sender, or an empty text.
    lead : bool
        True for the hand-written part, False for the generated everyday talk.
    """

    at: datetime
    text: str
    sender: str
    swapped_on: str = ""
    lead: bool = True


@dataclass
class Thread:
    """A conversation and the devices that hold a copy of it."""

    name: str
    app: str
    about: dict[str, str]
    phones: list[str]
    backup: list[str]
    members: list[str]
    group: bool
    messages: list[Message] = field(default_factory=list)


def read_lines(text: str, dice: Dice) -> list[Message]:
    """Return the messages of a hand-written thread; seconds are drawn from ``dice``."""
    found: list[tuple[datetime, str, str, list[str]]] = []
    day = ""
    for line in text.splitlines():
        if match := DAY.match(line):
            day = match.group(1)
        elif match := LINE.match(line):
            clock, sender, swapped, words = match.groups()
            at = datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=LOCAL)
            found.append((at, sender, swapped or "", [words]))
        else:
            found[-1][3].append(line)
    out: list[Message] = []
    for at, sender, swapped, words in found:
        second = dice.random_below(60)
        if out and out[-1].at >= at.astimezone(UTC) + timedelta(seconds=second):
            second = min(59, (out[-1].at - at.astimezone(UTC)).seconds + 1 + dice.random_below(4))
        when = at.astimezone(UTC) + timedelta(seconds=second)
        out.append(Message(when, "\n".join(words).strip(), sender, swapped))
    return out


def everyday(pool: list[str], count: int, members: list[str], dice: Dice) -> list[Message]:
    """Return ``count`` small exchanges at quiet hours of different days."""
    out: list[Message] = []
    for exchange in dice.shuffle(pool)[:count]:
        roles = dict(zip("ABC", dice.shuffle(members) * 2, strict=False))
        at = FIRST_DAY + timedelta(days=dice.random_between(2, 34), minutes=dice.random_between(8 * 60, 21 * 60))
        for turn in exchange.split(" / "):
            at += timedelta(seconds=dice.random_between(20, 400))
            role, words = turn.split(" ", 1)
            out.append(Message(at.astimezone(UTC), words, roles[role], lead=False))
    return out


def service_messages(pool: list[str], count: int, dice: Dice) -> list[Message]:
    """Return ``count`` messages of banks, operators and delivery bots."""
    out = []
    for number in range(count):
        sender, words = pool[(number * 5 + dice.random_below(5)) % len(pool)].split(" ", 1)
        words = words.replace("{code}", dice.digits(6)).replace("{parcel}", f"PF{dice.digits(8)}")
        words = words.replace("{amount}", f"{dice.random_between(4, 88)}.{dice.random_below(100):02d}")
        at = FIRST_DAY + timedelta(days=dice.random_below(34), minutes=dice.random_between(7 * 60, 20 * 60))
        at += timedelta(seconds=dice.random_below(60))
        out.append(Message(at.astimezone(UTC), words, sender, lead=False))
    return out


def make_threads(world: World) -> list[Thread]:
    """Return all conversations of the case, each with its messages in order of time."""
    pools = read_story("chatter.yml")
    devices = cast(dict[str, dict[str, object]], read_story("contacts.yml")["devices"])
    threads = []
    for row in cast(list[dict[str, object]], read_story("chats.yml")["threads"]):
        dice = world.dice(f"thread {row['id']}")
        phones = cast(list[str], row["phones"])
        about = {p: world.fill(str(row.get(f"about_{p}", row["about"]))) for p in phones}
        owners = [str(devices[phone]["custodian"]) for phone in phones]
        messages = read_lines(world.fill(str(row["lines"])), dice)
        members = _members(row, owners, messages)
        if "chatter" in row:
            pool, count = cast(tuple[str, int], row["chatter"])
            messages += everyday(str(pools[pool]).splitlines(), count, members, dice)
        if "service" in row:
            pool, count = cast(tuple[str, int], row["service"])
            messages += service_messages(cast(list[str], pools[pool]), count, dice)
        backup = cast(list[str], row.get("backup", []))
        thread = Thread(str(row["id"]), str(row["app"]), about, phones, backup, members, bool(row.get("group")))
        thread.messages = sorted(messages)
        threads.append(thread)
    return threads


def _members(row: dict[str, object], owners: list[str], messages: list[Message]) -> list[str]:
    """Return who takes part: the list of a group, or the owners and whoever writes."""
    if "members" in row:
        return cast(list[str], row["members"])
    writers = [m.sender for m in messages if m.sender != "system"]
    return list(dict.fromkeys([*owners, *writers]))
