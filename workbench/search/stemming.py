"""Tokens and stems as the full-text index makes them: `normalise.normalise_search_text`, then `porter unicode61 remove_diacritics 2`.

With them what is marked in a text is what was found in it.

References
----------
M. F. Porter, An algorithm for suffix stripping, Program 14(3), 1980. SQLite FTS5, section 4.3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from workbench.model.text.normalise import MARKS, normalise_search_text

TOKEN = re.compile(rf"(?:[^\W_]|[\u0300-\u036f{MARKS}])+")
SHORTEST, LONGEST = 3, 64
"""Tokens of fewer or more bytes are not stemmed."""
LAST_LATIN = "\u036f"
VOWELS = "aeiou"

STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("logi", "log"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"),
    ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
STEP_3 = (("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""))
STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous",
    "ive", "ize",
)  # fmt: skip


def split_tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Tokens of a text: start, end, and the form in which they are indexed (no accents, lower case, stem)."""
    for match in TOKEN.finditer(text):
        yield match.start(), match.end(), stem_word(fold_token(match[0]))


def fold_token(token: str) -> str:
    """Token without accents and in lower case; Arabic as `normalise.normalise_search_text` has it."""
    if token.isascii():
        return token.lower()
    plain = "".join(_strip_accents(c) for c in normalise_search_text(token))
    return plain.lower()


def _strip_accents(letter: str) -> str:
    """Latin letter without its accents; other scripts keep theirs, as in the index."""
    if letter > LAST_LATIN and not "\u1e00" <= letter <= "\u1eff":
        return "" if unicodedata.combining(letter) else letter
    return "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def stem_word(word: str) -> str:
    """Stem of a folded token."""
    if not SHORTEST <= len(word.encode()) < LONGEST:
        return word
    word = _strip_plural(word)
    word = _strip_past(word)
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replace_ending(word, STEP_2)
    word = _replace_ending(word, STEP_3)
    return _tidy_ending(_strip_ending(word))


def _is_consonant(word: str, at: int) -> bool:
    if word[at] in VOWELS:
        return False
    return word[at] != "y" or at == 0 or not _is_consonant(word, at - 1)


def _count_turns(word: str) -> int:
    """Number of vowel-consonant turns."""
    form = [_is_consonant(word, at) for at in range(len(word))]
    return sum(1 for before, after in pairwise(form) if after and not before)


def _has_vowel(word: str) -> bool:
    return any(not _is_consonant(word, at) for at in range(len(word)))


def _has_cvc_ending(word: str) -> bool:
    if len(word) < 3 or word[-1] in "wxy":
        return False
    return (
        _is_consonant(word, len(word) - 1)
        and not _is_consonant(word, len(word) - 2)
        and _is_consonant(word, len(word) - 3)
    )


def _strip_plural(word: str) -> str:
    if (word.endswith("sses") and len(word) > 4) or (word.endswith("ies") and len(word) > 3):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _strip_past(word: str) -> str:
    if word.endswith("eed") and len(word) > 3:
        return word[:-1] if _count_turns(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            return _restore_ending(word[: -len(ending)])
    return word


def _restore_ending(word: str) -> str:
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    double = len(word) > 1 and word[-1] == word[-2] and word[-1] not in VOWELS
    if double and word[-1] not in "lsz":
        return word[:-1]
    return word + "e" if _count_turns(word) == 1 and _has_cvc_ending(word) else word


def _replace_ending(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    for ending, by in rules:
        if word.endswith(ending):
            return word[: -len(ending)] + by if _count_turns(word[: -len(ending)]) > 0 else word
    return word


def _strip_ending(word: str) -> str:
    for ending in STEP_4:
        if word.endswith(ending):
            root = word[: -len(ending)]
            fits = _count_turns(root) > 1 and (ending != "ion" or root.endswith(("s", "t")))
            return root if fits else word
    return word


def _tidy_ending(word: str) -> str:
    if word.endswith("e"):
        root = word[:-1]
        if _count_turns(root) > 1 or (_count_turns(root) == 1 and not _has_cvc_ending(root)):
            word = root
    return word[:-1] if word.endswith("ll") and _count_turns(word[:-1]) > 1 else word
