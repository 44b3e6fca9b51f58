"""Cues: words and phrases that speak for something, read from a list of each language and found in a text."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from workbench.messages.model.code_lists import HERE, LANGUAGES
from workbench.messages.model.safe_yaml import parse_yaml
from workbench.messages.wording.message_language import detect_language

TOKEN = re.compile(r"[^\W_]+|[?؟]")
WRITTEN = re.compile(r"[^\W_]+\*?|[?؟]")
JOINED = re.compile(r"(?:و|ف)?(?:ب|ل|ك|س)?(?:ال|لل)?")
"""What Arabic writes in one with the word that follows: and, by, to, as, will, the."""
MARKS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None, "œ": "oe", "æ": "ae", "ß": "ss", "؟": "?"})
GAP = 1
"""Other words that may stand between two words of a phrase."""
SHORTEST = 1
STRONG = 2
TEXTS, FORMS = 1024, 8192
"""Texts and words that are kept at hand: several lists are looked for in one text, and words come again."""


class Word(NamedTuple):
    """A word of a phrase; with `longer`, forms that go on after it count as well."""

    text: str
    longer: bool

    def is_match(self, form: str) -> bool:
        """Whether a word of a text is it."""
        return form.startswith(self.text) if self.longer else form == self.text


class Phrase(NamedTuple):
    """What a list says: the words, what they speak for, and how much."""

    label: str
    weight: int
    words: tuple[Word, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found in a text: what it speaks for, its weight, where it stands, and how the list writes it."""

    label: str
    weight: int
    start: int
    end: int
    written: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its span, and the forms under which a list may have it."""

    start: int
    end: int
    forms: tuple[str, ...]


class Lexicon:
    """Phrases by their first word, so that finding them costs a look-up a word, however many there are."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._first: defaultdict[str, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            self._first[phrase.words[0].text].append(phrase)
        self._longest = max(map(len, self._first), default=0)
        self._beginning = lru_cache(FORMS)(self._find_phrases)

    def find(self, text: str) -> list[Cue]:
        """Every phrase in a text, in its order; phrases may overlap."""
        return self.find_in_tokens(split_tokens(text))

    def find_in_tokens(self, read: Sequence[Token]) -> list[Cue]:
        """The same in a text that was cut into words before."""
        return [cue for at in range(len(read)) for cue in self._find_at(read, at)]

    def _find_at(self, read: Sequence[Token], at: int) -> Iterator[Cue]:
        for form in read[at].forms:
            for phrase in self._beginning(form):
                last = _find_phrase_end(phrase, read, at)
                if last is not None:
                    yield Cue(phrase.label, phrase.weight, read[at].start, read[last].end, phrase.written)

    def _find_phrases(self, form: str) -> tuple[Phrase, ...]:
        """Phrases whose first word a word of a text is."""
        starts = (form[:length] for length in range(SHORTEST, min(len(form), self._longest) + 1))
        return tuple(one for start in starts for one in self._first.get(start, ()) if one.words[0].is_match(form))


def _find_phrase_end(phrase: Phrase, read: Sequence[Token], at: int) -> int | None:
    """Number of the last word of a phrase that begins here; None if it does not stand here."""
    for word in phrase.words[1:]:
        near = range(at + 1, min(at + 2 + GAP, len(read)))
        found = next((number for number in near if any(map(word.is_match, read[number].forms))), None)
        if found is None:
            return None
        at = found
    return at


@lru_cache(TEXTS)
def split_tokens(text: str) -> tuple[Token, ...]:
    """The words of a text."""
    return tuple(Token(*match.span(), _list_forms(match[0])) for match in TOKEN.finditer(text))


def fold_word(word: str) -> str:
    """A word without case, accents, vowel signs and the variants of Arabic letters."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(MARKS)


@lru_cache(FORMS)
def _list_forms(word: str) -> tuple[str, ...]:
    """A word as it stands and, in Arabic, without what is written in one with it."""
    form = fold_word(word)
    if not "\u0600" <= form[:1] <= "\u06ff":
        return (form,)
    joined = JOINED.match(form)
    cuts = [form[at:] for at in range(1, joined.end() + 1)] if joined else []
    return (form, *(cut for cut in cuts if len(cut) > 1))


def build_phrase(label: str, written: str, weight: int = 1) -> Phrase:
    """A phrase as a list writes it. Arabic words of four letters and more take endings without a star."""
    words = []
    for match in WRITTEN.finditer(written):
        text = fold_word(match[0].rstrip("*"))
        arabic = "\u0600" <= text[:1] <= "\u06ff" and len(text) > 3
        words.append(Word(text[:-1] if arabic and text.endswith("ه") else text, arabic or match[0].endswith("*")))
    return Phrase(label, weight, tuple(words), written)


@cache
def load_lists() -> Mapping[str, Mapping[str, Any]]:
    """Language -> what its file of cues holds."""
    return {code: parse_yaml((HERE / "cues" / f"{code}.yaml").read_text("utf-8"), f"{code}.yaml") for code in LANGUAGES}


@cache
def load_lexicon(section: str, code: str = "") -> Lexicon:
    """The cues of a section ('areas', 'types', ...) in a language, or in all of them if none is given."""
    return Lexicon(
        one for each in ([code] if code else LANGUAGES) for one in _list_phrases(load_lists()[each][section])
    )


def _list_phrases(section: Mapping[str, Any]) -> Iterator[Phrase]:
    for label, held in section.items():
        groups = held if isinstance(held, dict) else {"strong": held}
        for name, weight in (("strong", STRONG), ("words", 1)):
            yield from (build_phrase(label, str(one), weight) for one in groups.get(name, ()))


def find_cue_language(text: str, declared: str = "") -> str:
    """Language whose cues fit a text: the one that it is in, else the one that it says; '' if neither is known."""
    return detect_language(text) or (declared if declared in LANGUAGES else "")
