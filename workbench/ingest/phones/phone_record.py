"""A record out of a telephone in the form that report.xml and the workbook of Physical Analyzer share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

NO_PROGRAM = frozenset(
    {"phone", "native", "sim", "contacts", "phonebook", "calllog", "sms", "device", "nativemessages"}
)
"""Sources that are the telephone itself and no program on it, letters only."""

INTACT = frozenset({"", "intact"})
DEEPEST = 12
WRITTEN = "Time as written"
"""Field beside the time of an item whose report writes it in another form than ISO."""


@dataclass(frozen=True, slots=True)
class Item:
    """A record ('model') with its fields, lists and the records within it.

    Attributes
    ----------
    type : str
        Model type: Call, Chat, InstantMessage, Contact, …
    id : str
        As the report gives it; the trace of what is read out of it.
    deleted, confidence, extraction : str
        State ('Intact', 'Deleted', …), confidence of the decoding ('High', …) and the extraction it comes from.
    fields, lists, parts : mapping
        By name: one value, several values, records within.
    place : str
        Where in the file.
    """

    type: str
    id: str = ""
    deleted: str = ""
    confidence: str = ""
    extraction: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    place: str = ""

    def get(self, *names: str) -> str:
        """First of the fields that has a value, '' if none."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")

    @property
    def program(self) -> str:
        """The program that it comes from, '' of what the telephone itself stores."""
        source = self.get("ServiceType", "Source")
        return "" if "".join(filter(str.isalpha, source)).casefold() in NO_PROGRAM else source

    def list_parts(self, *names: str) -> tuple[Item, ...]:
        """Records within, of all these names."""
        return tuple(one for name in names for one in self.parts.get(name, ()))

    @property
    def is_deleted(self) -> bool:
        """Whether it was recovered: its state is stated and is not 'Intact'."""
        return self.deleted.casefold() not in INTACT

    @property
    def state(self) -> Iterator[tuple[str, str]]:
        """Where it comes from and how sure the tool is, label and value."""
        yield "Source", self.get("Source", "ServiceIdentifier")
        yield "Deleted state", self.deleted
        yield "Decoding confidence", self.confidence
        yield "Extraction", self.extraction

    def list_further_lines(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Values of which a field has several, label and value."""
        for name, values in self.lists.items():
            for value in values:
                yield f"{prefix}{name}", value

    def list_lines(self, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
        """Everything in it, label and value."""
        for name, value in self.fields.items():
            if name != "Source" or prefix:
                yield f"{prefix}{name}", value
        yield from self.list_further_lines(prefix)
        if depth < DEEPEST:
            for name, parts in self.parts.items():
                for part in parts:
                    yield from part.list_lines(f"{prefix}{name} ", depth + 1)
        if not prefix:
            yield from self.state


@dataclass(frozen=True, slots=True)
class Fact:
    """What a report says of the case, the extraction or the device: section, name and value."""

    section: str
    name: str
    value: str

    @property
    def key(self) -> str:
        """Its name in lower-case letters and digits, without the prefix that the XML has and the workbook has not."""
        return "".join(c for c in self.name.casefold() if c.isalnum()).removeprefix("deviceinfo")


def is_yes(text: str) -> bool:
    """Whether a field says yes."""
    return text.casefold() in ("true", "yes", "1")
