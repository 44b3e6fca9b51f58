"""What a message is checked against: the clock, messages already sent, countries without access, what a reader finds in texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.messages.model.addressee import get_country
from workbench.messages.model.message import Correspondence
from workbench.messages.model.sent_messages import SentMessages


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a text speaks of: kind ('person', 'place', 'health', ...), where it stands, and the words."""

    kind: str
    start: int
    end: int
    text: str


def find_no_mentions(text: str) -> Sequence[Mention]:
    """Reads no mentions: the message is checked by what stands in it alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules may know beside the message.

    Attributes
    ----------
    now : datetime
        With a zone.
    sent : Sent or sequence of Correspondence
        What this bureau sent before. Who checks many messages makes one `SentMessages` and adds each message as it goes out.
    references : frozenset of str
        References of other bureaux that the case knows; None where nobody knows, then none is missed.
    own_references : frozenset of str
        References of this bureau itself, which its reminders, cancellations and corrections name.
    restricted : frozenset of str
        Countries (ISO 3166) that a source of the message has closed it to.
    withdrawn : sequence of (str, str, str)
        Field, value and file ('' an officer's own statement) of what a draft was filled with and what was withdrawn since.
    hashes : mapping
        Name of an attachment -> SHA-256 of the file as it lies here.
    reader : callable
        Finds names, places and words of special categories in a text; the case gives it.
    nation : callable
        Bureau -> country (ISO 3166), '' where nothing tells; the case knows names and capitals, else its code tells.
    treaties : frozenset of frozenset of str
        Pairs of countries between which a treaty on mutual assistance is in force; None where nobody knows.
    languages : mapping
        Country -> languages that it accepts letters of request in.
    other_scripts : frozenset of str
        Countries that do not write in Latin letters; None for the code list `other_scripts`.
    written : Correspondence or None
        The message with signs that nobody sees, where it has any: other rules read it without them.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: SentMessages | Sequence[Correspondence] = ()
    references: frozenset[str] | None = None
    own_references: frozenset[str] = frozenset()
    restricted: frozenset[str] = frozenset()
    withdrawn: Sequence[tuple[str, str, str]] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    reader: Callable[[str], Sequence[Mention]] = find_no_mentions
    nation: Callable[[str], str] = get_country
    treaties: frozenset[frozenset[str]] | None = None
    languages: Mapping[str, Collection[str]] = field(default_factory=dict)
    other_scripts: frozenset[str] | None = None
    written: Correspondence | None = None

    def find_duplicate(self, message: Correspondence) -> str | None:
        """Reference of the message that went out with the same text before (`SentMessages.same`), None where there is none."""
        return (self.sent if isinstance(self.sent, SentMessages) else SentMessages(self.sent)).find_duplicate(message)
