"""What a message is checked against: the clock, messages already sent, countries without access, what a reader finds in texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.messages.message import Correspondence


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a text speaks of: kind ('person', 'place', 'health', ...), where it stands, and the words."""

    kind: str
    start: int
    end: int
    text: str


def nothing(text: str) -> Sequence[Mention]:
    """Reads no mentions: the message is checked by what stands in it alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules may know beside the message.

    Attributes
    ----------
    now : datetime
        With a zone.
    sent : sequence of Correspondence
        What this bureau sent before.
    references : frozenset of str
        References of other bureaux that the case knows; None where nobody knows, then none is missed.
    restricted : frozenset of str
        Countries (ISO 3166) that a source of the message has closed it to.
    hashes : mapping
        Name of an attachment -> SHA-256 of the file as it lies here.
    reader : callable
        Finds names, places and words of special categories in a text; the case gives it.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: Sequence[Correspondence] = ()
    references: frozenset[str] | None = None
    restricted: frozenset[str] = frozenset()
    hashes: Mapping[str, str] = field(default_factory=dict)
    reader: Callable[[str], Sequence[Mention]] = nothing
