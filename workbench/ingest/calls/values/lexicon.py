"""Words of call records by what they name, in many languages: entries of the lists in the folder `lexicon`, and how they match."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from workbench.model.text.normalise import normalise_name

FOLDER = Path(__file__).parents[1] / "lexicon"
HEADERS = ("who", "when", "what")
SAID, BELOW, TOTALS, UNDONE, PAID = "said", "below", "totals", "undone", "paid"
"""Lists of what cells say, what stands below records, what sums a table up, payments not carried out, money that came in or went out."""
SHORTEST = 3
"""Letters of the shortest abbreviation that is looked for."""
WITHIN = 4
"""Letters of the shortest entry that is looked for within a longer word."""
LONGEST = 24
"""Letters of the longest part that is looked for."""
SHORT = 0.75
INSIDE = 0.7
"""Weights of an abbreviation and of a part of a word, beside 1 for a whole word."""
KNOWN = 0.8
"""Share of a long word that its known parts must have, for them to weigh in full."""
LETTERS = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a"})
ARTICLE = re.compile(r"(?<!\w)(?:و?بال|و?لل|وال|ال)(?=[\u0621-\u064a]{2})")
PARTING = "\ua66e"
"""A letter that no entry has, to put between entries."""
WORD = re.compile(r"\bts[126][1-8]\b|[^\W\d_]+|\d+[a-z]?", re.UNICODE)
"""Words, figures, and the codes of teleservices (3GPP TS 22.003: 11 speech, 21 and 22 messages received and sent)."""
SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its words, what it names, in which language; `stem`: its last word may go on; `alone`: nothing else may stand."""

    words: tuple[str, ...]
    concept: str
    language: str
    stem: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """What a word, several, or a part of one name, with a weight in (0, 1].

    `at`: the first of the words; `inside`: where in the word a part begins. Hits of one place are different meanings of it.
    """

    concept: str
    language: str
    weight: float
    at: int
    inside: int = 0


@dataclass(slots=True)
class Lexicon:
    """Entries by their first word, by the beginnings of their words, and those to look for within words."""

    whole: dict[str, list[Entry]] = field(default_factory=dict)
    stems: dict[str, list[Entry]] = field(default_factory=dict)
    begun: dict[str, list[Entry]] = field(default_factory=dict)
    parts: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take an entry in."""
        word = entry.words[0]
        single = len(entry.words) == 1
        (self.stems if entry.stem and single else self.whole).setdefault(word, []).append(entry)
        if not single:
            return
        for size in range(SHORTEST, len(word)):
            self.begun.setdefault(word[:size], []).append(entry)
        if not entry.alone and (len(word) >= WITHIN or is_spaceless(word)):
            self.parts.setdefault(word, []).append(entry)

    def find_meanings(self, words: tuple[str, ...]) -> list[WordMeaning]:
        """What the words of a text name. A phrase goes before its words, a whole word before a beginning or a part of one."""
        found: list[WordMeaning] = []
        at = 0
        while at < len(words):
            phrase = self._find_phrase(words, at)
            size = max((len(one.words) for one in phrase), default=0)
            if size > 1:
                found += [WordMeaning(one.concept, one.language, 1.0, at) for one in phrase if len(one.words) == size]
            else:
                size = 1
                found += self._list_word_meanings(words, at)
            at += size
        return found

    def _find_phrase(self, words: tuple[str, ...], at: int) -> list[Entry]:
        """Entries that stand at a place word for word; of those of several words the last may be a stem."""
        return [one for one in self.whole.get(words[at], ()) if _is_entry_at(one, words, at)]

    def _list_word_meanings(self, words: tuple[str, ...], at: int) -> Iterator[WordMeaning]:
        """Meanings of one word: as it stands, by the longest stem and what follows it, as an abbreviation, by its parts."""
        word = words[at]
        exact = [one for one in self.whole.get(word, ()) if len(one.words) == 1 and _is_entry_at(one, words, at)]
        found = {*exact, *self.stems.get(word, ())} or set(self._find_stem(word))
        if found:
            size = len(next(iter(found)).words[0])
            yield from (WordMeaning(one.concept, one.language, 1.0, at) for one in found)
            yield from () if exact else self._match_parts(word[size:], at, size)
            return
        short = self.begun.get(word, []) if len(word) >= SHORTEST else []
        yield from (WordMeaning(one.concept, one.language, SHORT, at) for one in set(short))
        if not short:
            yield from self._match_parts(word, at)

    def _find_stem(self, word: str) -> list[Entry]:
        """Entries of the longest stem with which a word begins."""
        for size in range(len(word), 0, -1):
            if found := self.stems.get(word[:size]):
                return found
        return []

    def _match_parts(self, word: str, at: int, inside: int = 0) -> Iterator[WordMeaning]:
        """Meanings of the parts of a long word, the longest parts first and none within another."""
        dense = is_spaceless(word)
        if not dense and len(word) < WITHIN:
            return
        taken: dict[tuple[int, int], list[Entry]] = {}
        for size in range(min(len(word), LONGEST), 0 if dense else WITHIN - 1, -1):
            for begin in range(len(word) - size + 1):
                entries = self.parts.get(word[begin : begin + size])
                if entries and not any(begin < end and begin + size > start for start, end in taken):
                    taken[begin, begin + size] = entries
        known = (inside + sum(end - begin for begin, end in taken)) / (inside + len(word))
        weight = INSIDE if dense or known >= KNOWN else INSIDE * known
        for (begin, _), entries in taken.items():
            yield from (WordMeaning(one.concept, one.language, weight, at, inside + begin) for one in set(entries))


def _is_entry_at(entry: Entry, words: tuple[str, ...], at: int) -> bool:
    there = words[at : at + len(entry.words)]
    if entry.alone and len(entry.words) != len(words):
        return False
    last = there[-1:] == entry.words[-1:] or (
        entry.stem and len(there) == len(entry.words) and there[-1].startswith(entry.words[-1])
    )
    return bool(last) and there[:-1] == entry.words[:-1]


def normalise_words(text: str) -> str:
    """Form in which words are compared: lower case, without accents, letters of the north and east as their nearest ones."""
    return ARTICLE.sub("", normalise_name(text).translate(LETTERS))


@lru_cache(maxsize=4096)
def is_spaceless(word: str) -> bool:
    """Whether a word is in a script that puts no spaces between words."""
    return any(unicodedata.name(c, "").startswith(SPACELESS) for c in word[:1])


@lru_cache(maxsize=8)
def load_lexicon(names: tuple[str, ...] = HEADERS) -> Lexicon:
    """Entries of lists, as they lie in the folder."""
    made = Lexicon()
    for entry in read_entries(names):
        made.add(entry)
    return made


def read_entries(names: Iterable[str]) -> Iterator[Entry]:
    """Entries of the lists."""
    import tomllib

    for name in names:
        data: Mapping[str, Mapping[str, str]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
        for concept, languages in data.items():
            for language, text in languages.items():
                yield from _parse_entries(text, concept, language)


def _parse_entries(text: str, concept: str, language: str) -> Iterator[Entry]:
    """Entries of one line; folded in one go, for there are thousands."""
    raw = [one.strip() for one in text.split(",")]
    for one, folded in zip(raw, normalise_words(f" {PARTING} ".join(raw)).split(PARTING), strict=True):
        if words := tuple(WORD.findall(folded)):
            yield Entry(words, concept, language, one.endswith("*"), one.startswith("="))
