"""Words in running text that may tell of a special category of data, or of a child. Suggestions on passages, for an officer to look at.

The words are data, a file a language under `words/`. A flag hides nothing and says nothing of a person: it says that a passage has
words which often tell of religion, ethnic origin, political opinion, trade union membership, health, sex life, biometrics, genetics
or a minor.

References
----------
Directive (EU) 2016/680, articles 6 and 10; INTERPOL's Rules on the Processing of Data, articles 41 and 42 (our numbering).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from workbench.extract.extraction_method import Method
from workbench.extract.wordlist import AGE_SIGN, BIRTH_SIGN, Find, find_number, find_year, load_finder, load_lists
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.rows import Claim, Passage
from workbench.model.schema import FLAG

NAME = "special-words"
RULES = "1"
CONFIDENCE = 0.9
"""Share of right flags, rounded down, on sentences of our own that were written before the lists were tried on them (docs/special.md)."""
LONGEST = 120
"""Characters of the words that are kept with a flag; the place in the text has them all."""
MINORS = "minors"
TEXTS = 4096
"""Texts whose flags are kept at hand: the fields of a message are checked and then read as passages."""


def compute_version() -> str:
    """Version of the rules and of every list: a changed list reads all passages again."""
    said = (f"{one.language}-{one.version}-{compute_digest(one.text)[:6]}" for one in load_lists())
    return "+".join([RULES, *said])


def build_flag_method() -> Method:
    """Method that flags passages: claims of schema Flag, one a passage, with the category as the property and the words as the value.

    Of a minor the property is 'age' (value: years), 'birth' (value: a year or ISO date, of whomever: who reads it knows the date of
    the source) or 'minor' (value: the words). The id of the flag is that of its passage, so that a decision on it holds whenever
    the same passage is read again.
    """
    label = compute_version()

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            for found in _find_words(passage.text):
                yield _build_claim(passage, found, label)

    return Method(NAME, label, extract)


@lru_cache(TEXTS)
def _find_words(text: str) -> tuple[Find, ...]:
    return tuple(load_finder().find(text))


def _build_claim(passage: Passage, found: Find, label: str) -> Claim:
    words = " ".join(passage.text[found.start : found.end].split()).strip(" ,،:")[:LONGEST]
    prop, value = _extract_property(found) if found.kind == MINORS else (found.kind, words)
    return Claim(
        entity_id=build_entity_id(FLAG, passage.id),
        schema=FLAG,
        prop=prop,
        value=value or words,
        original_value=words if value and value != words else "",
        document_id=passage.document_id,
        passage_id=passage.id,
        start=found.start,
        end=found.end,
        method=NAME,
        version=label,
        confidence=CONFIDENCE,
        kind="suggested",
    )


def _extract_property(found: Find) -> tuple[str, str]:
    """Property and value of what tells of a minor; '' stands for the words themselves."""
    if BIRTH_SIGN in found.line:
        return "birth", find_year(found.words)
    if AGE_SIGN in found.line:
        numbers = next(one.numbers for one in load_lists() if one.language == found.language)
        return "age", str(find_number(found.words, numbers))
    return "minor", ""
