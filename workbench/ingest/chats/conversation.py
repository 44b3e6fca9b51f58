"""What a chat consists of: the device, the conversation, one occurrence of a message."""

from __future__ import annotations

from dataclasses import dataclass, field

METHOD = "chat-export"


VERSION = "2"


UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Device:
    """A seized device and its custodian, as the export names them. `handset`: its entity id, where rows of its own tell it."""

    name: str = ""
    trace: str = ""
    custodian: str = ""
    custodian_trace: str = ""
    handset: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation on a device. `count`: messages that the export announces, -1 where there is no header."""

    device: Device = field(default_factory=Device)
    app: str = ""
    topic: str = ""
    count: int = -1
    trace: str = ""
    line: int = 0

    @property
    def label(self) -> str:
        """Name of the conversation for a person: its app and what it is about."""
        if not self.app:
            return ""
        return f"{self.app} conversation" + (f" about {self.topic}" if self.topic != UNKNOWN else "")


@dataclass(frozen=True, slots=True)
class Record:
    """One occurrence of a message.

    Attributes
    ----------
    trace, place : str
        Its own evidence-trace id and place, '' where those of the conversation and the line are enough.
    attachments : tuple of str
        Names of what hangs on it.
    notes : tuple of str
        Lines about this occurrence that are searched beside the text: that it was deleted, where it was found.
    said : tuple of (str, str)
        What the source says of this occurrence besides: properties of Message with their values.
    turn : int
        Which of the messages with the same words, time and sender in one conversation of a file that lists each once.
    files : tuple of str
        Where the attached files lie, as the export says; their names where it gives no path.
    """

    at: str
    sender: str
    recipients: tuple[str, ...]
    text: str
    line: int
    conversation: Conversation
    trace: str = ""
    place: str = ""
    attachments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    turn: int = 1
    files: tuple[str, ...] = ()


def has_zone(at: str) -> bool:
    """Whether a time says its offset."""
    return at.endswith("Z") or "+" in at or at.count("-") > 2
