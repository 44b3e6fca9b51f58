"""What a message is checked against: the clock, messages already sent, countries without access, what a reader finds in texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

from workbench.messages.addressee import country
from workbench.messages.message import Correspondence
from workbench.model.names import digits


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


class Sent:
    """What a bureau sent before, by what it says and to whom: however much that is, a message is looked up at the same cost.

    Texts are kept as digests alone.
    """

    def __init__(self, messages: Iterable[Correspondence] = ()) -> None:
        self._known: dict[tuple[bytes, str], list[tuple[str, str]]] = defaultdict(list)
        for message in messages:
            self.add(message)

    def add(self, message: Correspondence) -> None:
        """Take in a message that went out."""
        for bureau in message.to if message.summary_of_facts else ():
            self._known[_gist(message), bureau].append((message.message_id, message.our_ref))

    def same(self, message: Correspondence) -> str | None:
        """Reference of another message of the same form and text that went to one of the addressees, None where there is none."""
        gist = _gist(message)
        found = (known for bureau in message.to for known in self._known.get((gist, bureau), ()))
        return next((reference for number, reference in found if number != message.message_id), None)


def _gist(message: Correspondence) -> bytes:
    """Form, type, persons and words of a message as a digest."""
    words = re.findall(r"\w+", digits(message.summary_of_facts).lower())
    persons = sorted(f"{one.family_name} {one.forename} {one.date_of_birth}".lower() for one in message.persons)
    said = "\0".join((message.form, str(getattr(message, "type", "")), *persons, " ".join(words)))
    return blake2b(said.encode(), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules may know beside the message.

    Attributes
    ----------
    now : datetime
        With a zone.
    sent : Sent or sequence of Correspondence
        What this bureau sent before. Who checks many messages makes one `Sent` and adds each message as it goes out.
    references : frozenset of str
        References of other bureaux that the case knows; None where nobody knows, then none is missed.
    restricted : frozenset of str
        Countries (ISO 3166) that a source of the message has closed it to.
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
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: Sent | Sequence[Correspondence] = ()
    references: frozenset[str] | None = None
    restricted: frozenset[str] = frozenset()
    hashes: Mapping[str, str] = field(default_factory=dict)
    reader: Callable[[str], Sequence[Mention]] = nothing
    nation: Callable[[str], str] = country
    treaties: frozenset[frozenset[str]] | None = None
    languages: Mapping[str, Collection[str]] = field(default_factory=dict)
    other_scripts: frozenset[str] | None = None

    def sent_before(self, message: Correspondence) -> str | None:
        """Reference of the message that went out with the same text before, None where there is none."""
        return (self.sent if isinstance(self.sent, Sent) else Sent(self.sent)).same(message)
