"""Links of a message: what it names, and where that was named before. A hit is a lead to verify with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.messages.model.addressee import get_country
from workbench.model.catalogue import Translator


@dataclass(frozen=True, slots=True)
class NamedItem:
    """A thing that a message names: entity, schema, what it is compared by, as written, where it stands, and how it was found.

    `by` is 'sender' for what stands in the lists, 'suggested' for what a program read in a text.
    """

    entity_id: str
    schema: str
    value: str
    words: str
    field: str
    start: int | None = None
    end: int | None = None
    by: str = "sender"


@dataclass(frozen=True, slots=True)
class EarlierMention:
    """Where a thing was named before: document, title, and of a message the bureau that sent it and its reference."""

    document_id: str
    title: str
    bureau: str = ""
    our_ref: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A thing that a message names, with the places where it was named before."""

    named: NamedItem
    places: tuple[EarlierMention, ...]

    @property
    def messages(self) -> tuple[EarlierMention, ...]:
        """Those that are messages."""
        return tuple(place for place in self.places if place.bureau)

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries whose bureaux sent them."""
        return tuple(sorted({get_country(place.bureau) for place in self.messages} - {""}))

    @property
    def bureau_count(self) -> int:
        """Bureaux that sent them."""
        return len({place.bureau for place in self.messages})

    def to_text(self, language: str = "en") -> str:
        """In words of a language: 'in 3 messages from 2 countries and in 1 other document'."""
        voice, others = Translator(language), len(self.places) - len(self.messages)
        countries = voice.count("{n} country", "{n} countries", len(self.countries))
        sent = voice.count(
            "in {n} message from {countries}",
            "in {n} messages from {countries}",
            len(self.messages),
            countries=countries,
        )
        other = (
            voice.count("in {n} other document", "in {n} other documents", others)
            if self.messages
            else voice.count("in {n} document", "in {n} documents", others)
        )
        return (
            voice("{messages} and {documents}", messages=sent, documents=other)
            if self.messages and others
            else sent
            if self.messages
            else other
        )


def sort_links(links: Sequence[Link]) -> list[Link]:
    """Links in the order in which they are worth a look: of most bureaux first, then in most places, then as they are named."""
    return sorted(links, key=lambda link: (-link.bureau_count, -len(link.places)))
