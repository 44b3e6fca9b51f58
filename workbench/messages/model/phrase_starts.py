"""First words of the phrases of many lists: which lists may have something in a text, and where.

A pattern of thousands of phrases reads a text letter by letter, and most lists have nothing in most texts. A text is cut into words
once, and a list is looked for only where one of its phrases may begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

PART = re.compile(r"[\w*]+")
VOWELS = re.compile(r"[\u064b-\u0652]+")
"""Vowel signs of Arabic, which may stand within a word or end it."""
WORD = re.compile(r"(\w+)")
VOWELLED = re.compile(r"(?<!\w)(?=(\w[\w\u064b-\u0652]{0,60}))")
"""A word with its vowel signs; a pattern may begin behind each."""
LONGEST = 60
"""Signs of a word with vowel signs, from which on every list is looked for."""
ALIKE = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ه": "ة", "ʼ": "'", "ı": "i", "İ": "i", "ſ": "s"})
"""Letters that a pattern takes for one another, beside large and small ones."""
JOINED = 4
"""Most letters that Arabic writes in one with the word after them."""
TEXTS, FORMS = 1024, 8192
"""Texts and words that are kept at hand: many lists are looked for in one text, and words come again."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Where phrases may begin in a text. A set of lists is a number of which each list is a bit.

    Attributes
    ----------
    lists : int
        Lists of which one may.
    words : tuple of (int, int)
        Place of a word, and the lists of which a phrase begins with it.
    """

    lists: int
    words: tuple[tuple[int, int], ...]


class Beginnings:
    """First words of the phrases of lists, which are told by their number."""

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        self._whole: dict[str, int] = {}
        self._open: dict[str, int] = {}
        self.unknown = 0
        """Lists that have a phrase that begins with no word."""
        for number, phrases in enumerate(lists):
            for phrase in phrases:
                self._add(phrase, 1 << number)
        self._lists = lru_cache(FORMS)(self._find_lists)
        self.starts = lru_cache(TEXTS)(self._find_starts)

    def _add(self, phrase: str, bit: int) -> None:
        part = PART.match(phrase)
        word, star, _ = part[0].translate(ALIKE).partition("*") if part else ("", "", "")
        if word:
            known = self._open if star else self._whole
            known[word] = known.get(word, 0) | bit
        else:
            self.unknown |= bit

    def _find_starts(self, text: str) -> Starts:
        words = (VOWELLED if VOWELS.search(text) else WORD).finditer(text.translate(ALIKE).lower())
        found = tuple((match.start(), lists) for match in words if (lists := self._lists(match[1])))
        return Starts(reduce(or_, (lists for _, lists in found), self.unknown), found)

    def _find_lists(self, word: str) -> int:
        """Lists of which a phrase may begin with a word of a text."""
        if len(word) > LONGEST and VOWELS.search(word):
            return -1
        ends = [match.start() for match in VOWELS.finditer(word)]
        forms = {VOWELS.sub("", word[:end]).replace("ـ", "") for end in (*ends, len(word))}
        return reduce(
            or_, (self._find_form_lists(form[at:]) for form in forms for at in range(_get_joined_length(form) + 1)), 0
        )

    def _find_form_lists(self, form: str) -> int:
        beginnings = (self._open.get(form[:length], 0) for length in range(1, len(form) + 1))
        return reduce(or_, beginnings, self._whole.get(form, 0))


def _get_joined_length(form: str) -> int:
    """Letters at its beginning that may belong to no word of a list."""
    return JOINED if "\u0600" <= form[:1] <= "\u06ff" else 0
