"""Names that the sources themselves give (contacts, accounts, custodians, registers), found again in the text.

A language model trained on news misses most first names, nicknames and initials of short messages. The case knows many of
them already: they stand in its contact lists.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from workbench.extract.extraction_method import Method, Span, suggest_claim
from workbench.extract.names.lexicon import CHAT, is_in_capitals, list_ordinary_words
from workbench.extract.names.names import build_mention_key
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Passage
from workbench.model.text.normalise import INVISIBLE, clean_text, normalise_name

NAME = "known-names"
RULES = "1"
WHOLE, PART, SHORT, INITIALS = 0.9, 0.7, 0.5, 0.4
"""Confidence by what of the known name stands in the text: all of it, one of its words, a short form, its initials."""
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]{2,})*")
SENTENCE_START = re.compile(r"(?:^|[.!?…:\n\"“(>*]\s*|\n\s*)$")
LABELS = frozenset(
    "team group class club shop store service support office work home bank school chat channel official news info help "
    "desk fashion design designs cars car rental taxi garage hotel restaurant bar pizza delivery transport logistics "
    "company limited ltd inc bv gmbh trading invest investment crypto bitcoin forex sim mobile phone new old online "
    "customer sales admin bot app market markets city street family friends and the for from with his her my".split()
)
"""Words that stand in the labels of contacts and are nobody's name."""
ADDRESSED = re.compile(
    r"(?i)(?:\b(?:hi|hello|hey|hiya|dear|thanks|thx|from|with|and|or|ask|tell|told|call|meet|met|by|yo|bro|boss|sincerely|regards|"
    r"says?|said|see|saw|pay|paid)\s+|@|[-–]\s?)$"
)
"""What stands before a person who is addressed or spoken of by initials."""
MIN_PART, MIN_SHORT = 3, 4
MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names by their words in compared form: whole names, single words of persons' names, initials; each -> schema.

    `ordered`: the single words in the order of the alphabet.
    """

    whole: Mapping[tuple[str, ...], str]
    parts: Mapping[str, str]
    initials: Mapping[str, str]
    ordered: Sequence[str]


def build_known_names_method(names: Mapping[str, str] | Iterable[str]) -> Method:
    """Method that finds known names again.

    Parameters
    ----------
    names : mapping or iterable of str
        Name -> schema ('Person', 'Organization', ...); names without a schema are persons'.

    Returns
    -------
    Method
        Its version names the list by a digest: a longer list reads all text again.

    Notes
    -----
    Found are whole names in any case, if they have two words or more; single words of names where they are written with a
    capital and are no ordinary word at the beginning of a sentence; short forms (the first letters of a known word, four or
    more); initials of two or three capitals. The entity is the name as it is known for whole names, as written otherwise: a
    'Joseph' is not yet the Joseph of the contact list, that is for the officer to judge.
    """
    table = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, "Person")
    gazetteer = cache(lambda: _build_gazetteer(table))  # made when there is text to read
    version = f"{RULES}+{compute_digest(*sorted(f'{name}={schema}' for name, schema in table.items()))[:12]}"

    def extract(passages: Sequence[Passage]) -> Iterator[Claim]:
        for passage in passages:
            for span, schema, confidence in find_known_names(passage.text, gazetteer()):
                prop = "full" if schema == "Address" else "name"
                key = build_mention_key(schema, passage.text[span.start : span.end])
                yield suggest_claim(passage, span, schema, prop, key, by=(NAME, version, confidence))

    return Method(NAME, version, extract)


def find_known_names(text: str, gazetteer: Gazetteer) -> Iterator[tuple[Span, str, float]]:
    """Places of known names in order, none overlapping: span, schema, confidence."""
    words = [_strip_possessive(match, text) for match in WORD.finditer(text)]
    number = 0
    while number < len(words):
        length = _match_known_name(text, words[number : number + MAX_WORDS], gazetteer)
        if length:
            span = Span(words[number].start, words[number + length - 1].end)
            yield (
                span,
                gazetteer.whole[tuple(_normalise_span(text, word) for word in words[number : number + length])],
                WHOLE,
            )
            number += length
            continue
        found = _match_single_word(text, words[number], gazetteer)
        if found:
            yield words[number], *found
        number += 1


def _match_known_name(text: str, words: Sequence[Span], gazetteer: Gazetteer) -> int:
    """Number of words, two or more, that form a known name here; 0 if none."""
    forms = tuple(_normalise_span(text, word) for word in words)
    for length in range(len(forms), 1, -1):
        gap = text[words[0].start : words[length - 1].end]
        if forms[:length] in gazetteer.whole and "\n" not in gap:
            return length
    return 0


def _match_single_word(text: str, word: Span, gazetteer: Gazetteer) -> tuple[str, float] | None:
    written, form = text[word.start : word.end], _normalise_span(text, word)
    if not written[0].isupper() and written[0].islower():
        return None
    before = text[max(0, word.start - 12) : word.start]
    if form in CHAT or (form in list_ordinary_words() and SENTENCE_START.search(before)):
        return None
    found = _as_known(written, form, before, gazetteer)
    return None if found and is_in_capitals(text, word) else found


def _as_known(written: str, form: str, before: str, gazetteer: Gazetteer) -> tuple[str, float] | None:
    """What a single word is known as: a name, a part of one, initials, the beginning of one."""
    if (form,) in gazetteer.whole:
        return gazetteer.whole[(form,)], WHOLE if form not in list_ordinary_words() else SHORT
    if form in gazetteer.parts:
        return gazetteer.parts[form], PART if form not in list_ordinary_words() else SHORT
    if written.isupper() and form in gazetteer.initials and ADDRESSED.search(before):
        return gazetteer.initials[form], INITIALS
    return _match_short_form(form, gazetteer) if len(form) >= MIN_SHORT and form not in list_ordinary_words() else None


def _match_short_form(form: str, gazetteer: Gazetteer) -> tuple[str, float] | None:
    """Whether the word is the beginning of a word of a known person's name ('Lizz' of 'Lizzard')."""
    at = bisect_left(gazetteer.ordered, form)
    if at < len(gazetteer.ordered) and (part := gazetteer.ordered[at]).startswith(form):
        return gazetteer.parts[part], SHORT
    return None


def _build_gazetteer(names: Mapping[str, str]) -> Gazetteer:
    whole: dict[tuple[str, ...], str] = {}
    parts: dict[str, str] = {}
    initials: dict[str, str] = {}
    for name in sorted(names):
        words = tuple(normalise_name(match[0]) for match in WORD.finditer(clean_text(name)))
        words = tuple(word for word in words if word)
        if not words or len(words) > MAX_WORDS or sum(map(len, words)) < 2 or any(c.isdigit() for c in name):
            continue
        schema = names[name]
        if len(words) > 1 or words[0] not in CHAT | LABELS:
            whole.setdefault(words, schema)
        if schema == "Person" and not LABELS.intersection(words):
            parts |= {word: schema for word in words if len(word) >= MIN_PART and word not in CHAT}
            letters = "".join(word[0] for word in words)
            if 2 <= len(letters) <= 3 and letters not in list_ordinary_words():
                initials[letters] = schema
    return Gazetteer(whole, parts, initials, sorted(parts))


def _normalise_span(text: str, word: Span) -> str:
    return _normalise_word(text[word.start : word.end])


@lru_cache(maxsize=65536)
def _normalise_word(word: str) -> str:
    return normalise_name(word)


def _strip_possessive(match: re.Match[str], text: str) -> Span:
    """Place of a word without the possessive that `WORD` cannot tell from a name such as O'Hara."""
    return Span(match.start(), match.end() - (2 if INVISIBLE.sub("", match[0])[-2:] in ("'s", "’s") else 0))
