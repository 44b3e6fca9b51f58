"""Invented words that stand for the words of names: they sound like names, are nobody's, and keep script and way of writing.

A word is built of syllables in Latin letters and written with the letters of the script that it is needed in, so that one name in
two scripts stays one name in two scripts. Words of scripts without such a table take letters of the same alphabet.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

STARTS = "d g k l m n p r s t z dr kr pr tr".split()
"""Beginnings of syllables, of sounds that every script of LETTERS has a letter for."""
VOWELS = "aeiou"
ENDS = ("", "n", "r", "l", "s", "m", "t")
SAME = {"g": "k", "z": "s"}
"""Sounds that names in two scripts are compared by as one."""
SOUNDS = "dgklmnprstz" + VOWELS
SHORT = 5
"""Letters up to which a word becomes one of two syllables; longer ones get three."""
LETTERS = {
    script: dict(zip(SOUNDS, letters, strict=True))
    for script, letters in {
        "ARABIC": "د غ ك ل م ن ب ر س ت ز ا ي ي و و".split(),
        "CYRILLIC": "дгклмнпрстзаеиоу",
        "GREEK": "δ γκ κ λ μ ν π ρ σ τ ζ α ε ι ο ου".split(),
        "HEBREW": "דגקלמנפרסטזאייוו",
    }.items()
}
"""Script -> the letters of the table of syllables in it."""
MARKS = {"ARABIC": "\u064e\u0650\u064f", "HEBREW": "\u05b7\u05b5\u05b4"}
"""Signs that change how a word is written and not what it is compared with; of other scripts ACCENTS."""
ACCENTS = "\u0301\u0300\u0302\u0308"
NEAR = 0x60
"""Width of the block in which letters of an alphabet without a table are looked for."""


class Draw:
    """Numbers out of a secret and what they are for: the same for the same, and not to be guessed without the secret."""

    def __init__(self, secret: bytes, *purpose: str) -> None:
        self._state = hmac.digest(secret, "\x1f".join(purpose).encode("utf-8", "surrogatepass"), "sha256")
        self._left = b""

    def choose_number(self, limit: int) -> int:
        """A whole number in [0, limit)."""
        if len(self._left) < 8:
            self._state = hmac.digest(self._state, b"next", "sha256")
            self._left = hmac.digest(self._state, b"bytes", "sha256")
        number, self._left = int.from_bytes(self._left[:8], "big"), self._left[8:]
        return number % limit

    def choose(self, choices: Sequence[str]) -> str:
        """One of some texts."""
        return choices[self.choose_number(len(choices))]


def detect_script(word: str) -> str:
    """Script of the first letter ('LATIN', 'ARABIC'), '' without letters."""
    return next((_get_letter_script(letter) for letter in word if letter.isalpha()), "")


@lru_cache(maxsize=4096)
def _get_letter_script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def build_root(draw: Draw, length: int) -> str:
    """A new word in small Latin letters, of two syllables or three; no sound follows itself across a vowel, as scripts differ there."""
    made, last = "", ""
    for _ in range(2 if length <= SHORT else 3):
        start = draw.choose([each for each in STARTS if SAME.get(each[0], each[0]) != last])
        made += start + draw.choose(VOWELS)
        last = SAME.get(start[-1], start[-1])
    return made + draw.choose([each for each in ENDS if each != last])


def convert_root(base: str, name: str, like: str, draw: Draw) -> str:
    """A root in the letters of a script; `like`: the word that it stands for, for alphabets without a table."""
    if name in ("LATIN", ""):
        return base
    if table := LETTERS.get(name):
        made = "".join(table[letter] for letter in base)
        return made[:-1] + "ς" if name == "GREEK" and made.endswith("σ") else made
    return "".join(draw.choose(list_near_letters(letter)) if letter.isalpha() else letter for letter in like)


@lru_cache(maxsize=512)
def list_near_letters(letter: str) -> tuple[str, ...]:
    """Letters near one in its own script, of the same kind, itself not among them."""
    start = ord(letter) - ord(letter) % NEAR
    kind = unicodedata.category(letter)
    found = (chr(code) for code in range(start, start + 2 * NEAR) if code != ord(letter))
    return tuple(
        c for c in found if unicodedata.category(c) == kind and _get_letter_script(c) == _get_letter_script(letter)
    ) or (letter,)


def misspell_word(word: str, draw: Draw) -> str:
    """The word with one letter doubled, left out, or in another's place, as people misspell."""
    if len(word) < 3:
        return word + draw.choose(word)
    at = 1 + draw.choose_number(len(word) - 2)
    way = draw.choose_number(3)
    if way == 0:
        return word[: at + 1] + word[at:]
    if way == 1 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


def list_accent_variants(word: str) -> Iterator[str]:
    """The word with signs that are not compared (accents, vowel signs) on one letter after the other, then on two, and so on."""
    marks = MARKS.get(detect_script(word), ACCENTS)
    order = sorted(range(len(word)), key=lambda at: word[at] not in VOWELS)
    for rounds in range(1, 4):
        for at in order:
            for mark in marks:
                yield unicodedata.normalize("NFC", word[: at + 1] + mark * rounds + word[at + 1 :])


def match_capitals(word: str, like: str) -> str:
    """A word in small letters with capitals as another has them.

    >>> match_capitals("tarsano", "McDonald"), match_capitals("velin", "MARTA"), match_capitals("velin", "Marta")
    ('TaRsano', 'VELIN', 'Velin')
    """
    letters = [sign for sign in like if sign.isalpha()]
    capitals = [sign.isupper() or sign.istitle() for sign in letters]
    if not any(capitals):
        return word
    if all(capitals) and len(letters) > 1:
        return word.upper()
    return "".join(c.upper() if at < len(capitals) and capitals[at] else c for at, c in enumerate(word))
