"""The text form in which a forensic platform exports conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from greyheron.chats import SERVICES, Message, Thread
from greyheron.random_choices import Dice
from greyheron.world import World, read_story, texts


@dataclass(frozen=True)
class Device:
    """A seized device and how it shows the people it knows."""

    number: str
    model: str
    custodian: str
    uuid: str
    trace: str
    names: dict[str, str]
    backup_names: dict[str, str]

    def display_name(self, key: str, *, backup: bool) -> str:
        """Return the name under which the device shows a person or service."""
        if key == "system":
            return "System Message"
        return (self.backup_names if backup and key in self.backup_names else self.names)[key]


@dataclass(frozen=True)
class Copy:
    """One message line of the export: where it lies, and what it says there."""

    device: str
    conversation: str
    sender: str
    recipients: str
    message: Message
    thread: str
    backup: bool


def read_devices(world: World) -> list[Device]:
    """Return the three devices with their address books."""
    rows = cast(dict[str, dict[str, object]], read_story("contacts.yml")["devices"])
    return [
        Device(
            number,
            str(row["model"]),
            str(row["custodian"]),
            world.values[f"uuid.{number}"],
            str(row["trace"]),
            {key: world.fill(name) for key, name in texts(row["names"]).items()},
            {key: world.fill(name) for key, name in texts(row.get("backup_names", {})).items()},
        )
        for number, row in rows.items()
    ]


def export(world: World, threads: list[Thread]) -> tuple[str, list[Copy]]:
    """Return the text of the export and every message line in it."""
    parts: list[str] = []
    copies: list[Copy] = []
    for device in read_devices(world):
        owner = world.people[device.custodian].name
        parts.append(
            f"\nConversations found on device {device.number} {device.model} "
            f"(evidence trace {device.uuid}) used by custodian {owner} "
            f"(evidence trace {device.uuid}:{device.trace})\n"
        )
        dice = world.dice(f"device {device.number}")
        for thread, backup in _select_threads(device, threads):
            text, lines = _conversation(device, thread, dice, backup=backup)
            parts.append(text)
            copies += lines
    return "".join(parts), copies


def _select_threads(device: Device, threads: list[Thread]) -> list[tuple[Thread, bool]]:
    live = [(thread, False) for thread in threads if device.number in thread.phones]
    return live + [(thread, True) for thread in threads if device.number in thread.backup]


def _conversation(device: Device, thread: Thread, dice: Dice, *, backup: bool) -> tuple[str, list[Copy]]:
    """Return one conversation as text; a thread of short messages is told apart by its sender."""
    groups: dict[str, list[Message]] = {}
    for message in thread.messages:
        alone = message.sender in SERVICES and thread.app == "Native Messages"
        groups.setdefault(message.sender if alone else "", []).append(message)
    text, copies = "", []
    for messages in groups.values():
        trace = f"{device.uuid}:0-0-0-{'7' if backup else '1'}-{dice.random_below(3)}-{dice.hexa(1)}-{dice.hexa(2)}"
        lines = [_copy(device, thread, message, trace, backup=backup) for message in _as_found(messages, dice)]
        people = {name for line in lines for name in [line.sender, *line.recipients.split(", ")]}
        count = len(thread.members) if thread.group else len(people)
        text += (
            f"{thread.app} conversation about {'Unknown' if backup else thread.about[device.number]} "
            f"containing {len(lines)} messages between {count} participants (evidence trace {trace})\n"
        )
        for line in lines:
            at = line.message.at.strftime("%Y-%m-%dT%H:%M:%S")
            text += f"{at} | From: {line.sender} | To: {line.recipients} | Message: {line.message.text}\n"
        copies += lines
    return text, copies


def _as_found(messages: list[Message], dice: Dice) -> list[Message]:
    """Return the messages in the order of the database, which is not always that of time."""
    if len(messages) < 12 or dice.chance(0.4):
        return messages
    cut = dice.random_between(len(messages) // 3, 2 * len(messages) // 3)
    return messages[cut:] + messages[:cut]


def _copy(device: Device, thread: Thread, message: Message, trace: str, *, backup: bool) -> Copy:
    here = thread.members
    if SERVICES & set(here):  # the same service writes to each device apart
        here = [device.custodian, *(key for key in here if key in SERVICES)]
    sender, others = message.sender, [key for key in here if key != message.sender]
    if sender in SERVICES:
        others = [device.custodian]
    elif message.swapped_on == device.number:
        sender, others = others[0], [message.sender, *others[1:]]
    shown = [device.display_name(key, backup=backup) for key in others]
    return Copy(
        device.number, trace, device.display_name(sender, backup=backup), ", ".join(shown), message, thread.name, backup
    )
