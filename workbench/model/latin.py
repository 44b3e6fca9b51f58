"""Names written again in Latin letters, to be read beside the original. Derived: it is no name that anybody has used.

Arabic leaves out most vowels, so what is written here is a guess at how a name is said; common names get their usual spelling.

>>> transliterated("محمد بن سلمان")
'Muhammad bin Salman'
>>> transliterated("Олег Баринов")
'Oleg Barinov'
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workbench.model.given import arabic
from workbench.model.names import ARABIC, clean, normalise

LONGEST = 200
"""Letters of a name that are looked at."""
WORD = re.compile(r"[^\W\d_]+")
PARTS = {
    "بن": "bin", "ابن": "ibn", "بنت": "bint", "ابو": "Abu", "ابا": "Abu", "ابي": "Abi", "ام": "Umm", "ال": "Al", "عبد": "Abd",
    "ولد": "Ould", "الله": "Allah", "الدين": "al-Din", "الرحمن": "al-Rahman",
}  # fmt: skip
"""Words within names, in their compared form."""
SOUNDS = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچژگڤ", (
    "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y ' p ch zh g v".split()
), strict=True))  # fmt: skip
"""Letters of Arabic and Persian in their compared form."""
VOWELS = "aeiou"


def transliterated(name: str) -> str:
    """The name in Latin letters, '' if it is written in them already or has no letters."""
    text = clean(name)[:LONGEST]
    letters = [c for c in text if c.isalpha()]
    if not letters or all("LATIN" in unicodedata.name(c, "") for c in letters):
        return ""
    return " ".join(filter(None, (_word(word) for word in _joined(text.split())))).strip()


def _joined(words: list[str]) -> list[str]:
    """Words of a name; those that are written in two and known as one are one: 'بن علي'."""
    made: list[str] = []
    for word in words:
        if made and normalise(f"{made[-1]} {word}") in arabic() and normalise(made[-1]) not in arabic():
            made[-1] = f"{made[-1]} {word}"
        else:
            made.append(word)
    return made


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    form = normalise(word)
    if not ARABIC.search(word):
        from normality import ascii_text

        made = str(ascii_text(word) or "")
        return made.title() if made.islower() else made
    if form in PARTS:
        return PARTS[form]
    known = arabic().get(form)
    if known:
        return known
    article = form.startswith("ال") and len(form) > 4
    made = _sounds(form.removeprefix("ال") if article else form)
    return f"al-{made.capitalize()}" if article else made.capitalize()


def _sounds(form: str) -> str:
    """A word by its letters: long vowels as they are written, a short a where two consonants would meet."""
    if form.endswith("ه") and len(form) > 2:
        form = form[:-1] + "ا"
    made = ""
    for at, letter in enumerate(form):
        before = form[at - 1] if at else ""
        last = at == len(form) - 1
        sound = SOUNDS.get(letter, letter if letter.isascii() else "")
        if letter == "و" and at and before not in "اوي" and (last or form[at + 1] not in "اوي"):
            sound = "u"
        elif letter == "ي" and at and before not in "اوي" and (last or form[at + 1] not in "اوي"):
            sound = "i"
        elif made and sound and made[-1] not in VOWELS and sound[0] not in VOWELS and not (last and len(form) > 3):
            sound = "a" + sound
        made += sound
    return made.replace("aa", "a")
