"""What an extraction method is, and how a place in a text becomes a suggested claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.model.identifiers import Key
from workbench.model.rows import Claim, Issue, Passage
from workbench.model.values.bounds import limit_rows
from workbench.model.values.limits import PASSAGE


@dataclass(frozen=True, slots=True)
class Method:
    """A way to read text.

    Attributes
    ----------
    name : str
        'identifiers', 'spacy-ner', 'known-names'.
    version : str
        Changes whenever the rules, the model or a library that decides changes: what an older version read is then read again.
    extract : callable
        Passages -> suggested claims, each with its place: `passage.text[claim.start:claim.end]` is the mention.
    """

    name: str
    version: str
    extract: Callable[[Sequence[Passage]], Iterator[Claim]]

    def read(self, passages: Sequence[Passage]) -> Iterator[Claim | Issue]:
        """What it suggests, within the limits of values; a passage longer than any that is made today is read as far as that."""
        short = [one if len(one.text) <= PASSAGE else replace(one, text=one.text[:PASSAGE]) for one in passages]
        return (row for row in limit_rows(self.extract(short)) if isinstance(row, Claim | Issue))


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: characters `start` to `end` (exclusive)."""

    start: int
    end: int

    def has_overlap(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def suggest_claim(
    passage: Passage, span: Span, schema: str, prop: str, key: Key, *, by: tuple[str, str, float]
) -> Claim:
    """Claim that the place names the entity; `by`: method, version, confidence."""
    written = passage.text[span.start : span.end]
    method, version, confidence = by
    return Claim(
        entity_id=key.entity_id,
        schema=schema,
        prop=prop,
        value=key.value,
        original_value="" if written == key.value else written,
        document_id=passage.document_id,
        passage_id=passage.id,
        start=span.start,
        end=span.end,
        method=method,
        version=version,
        confidence=confidence,
        kind="suggested",
    )
