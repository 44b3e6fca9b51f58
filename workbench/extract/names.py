"""Names of persons, organisations and places, found by a spaCy model. Suggestions only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.extract.lexicon import is_name, trimmed
from workbench.extract.method import Method, Span, suggest
from workbench.model.ident import entity_id
from workbench.model.keys import Key
from workbench.model.models import check, model
from workbench.model.names import clean, normalise
from workbench.model.rows import Claim, Passage

if TYPE_CHECKING:
    from spacy.language import Language

NAME = "spacy-ner"
MODEL = "spacy-en"
RULES = "2"
LABELS = {
    "PERSON": ("Person", "name", 0.6),
    "ORG": ("Organization", "name", 0.6),
    "GPE": ("Address", "full", 0.75),
    "LOC": ("Address", "full", 0.75),
    "FAC": ("Address", "full", 0.75),
}
"""OntoNotes label -> schema, property, confidence.

The confidence is the share of such mentions that were exactly right on the marked reports of re3d, rounded (persons 0.60 of
136, organisations 0.58 of 250, places 0.77 of 370; benchmarks/extract.py). The texts of a case are others: in short chats
organisations came out at 0.4. It is no probability that what is said of the name is true.
"""
UNUSED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")
"""Parts of the pipeline that names do not need. Without them, in batches, it reads 3 to 4 times as fast and finds the same
(benchmarks/extract.py)."""
BATCH = 256
PIECE = 100_000
"""Characters that are read as one; longer text is cut at a line end."""


def spacy_ner() -> Method:
    """Method that reads names with the English model."""
    version = f"{RULES}+{model(MODEL).label}"

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        pieces = [(passage, start, text) for passage in passages for start, text in _pieces(passage.text)]
        docs = load().pipe((text for _, _, text in pieces), batch_size=BATCH)
        for (passage, offset, _), doc in zip(pieces, docs, strict=True):
            for entity in doc.ents:
                if entity.label_ in LABELS:
                    place = Span(offset + entity.start_char, offset + entity.end_char)
                    yield from _claims(passage, place, entity.label_, version)

    return Method(NAME, version, extract)


@lru_cache(maxsize=1)
def load() -> Language:
    """The pipeline, reduced to its tokeniser and names; its files are checked first.

    Raises
    ------
    ModelError
        If the model is missing or changed.
    """
    import spacy

    return spacy.load(check(MODEL), exclude=list(UNUSED))


def mention_key(schema: str, name: str) -> Key:
    """Key of a name in text: one spelling, accents and case aside, is one suggested entity in the case.

    It is a name and not a person: two persons of one name share it until an officer judges.
    """
    return Key(entity_id(schema, "mention", normalise(name) or clean(name)), clean(name))


def _claims(passage: Passage, place: Span, label: str, version: str) -> Iterator[Claim]:
    span = trimmed(passage.text, place)
    if not is_name(passage.text, span):
        return
    schema, prop, confidence = LABELS[label]
    key = mention_key(schema, passage.text[span.start : span.end])
    yield suggest(passage, span, schema, prop, key, by=(NAME, version, confidence))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > PIECE:
        cut = text.rfind("\n", start, start + PIECE) + 1 or start + PIECE
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]
