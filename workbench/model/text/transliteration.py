"""Names written again in Latin letters, to be read beside the original. Derived: it is no name that anybody has used.

Arabic leaves out most vowels, so what is written here is a guess at how a name is said; common names get their usual spelling.

>>> transliterate_name("محمد بن سلمان")
'Muhammad bin Salman'
>>> transliterate_name("Олег Баринов")
'Oleg Barinov'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from workbench.model.text.bidi import isolate_name
from workbench.model.text.cyrillic_greek import to_latin
from workbench.model.text.given_names import load_arabic_names
from workbench.model.text.normalise import ARABIC, clean_text, normalise_name

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
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
PARTED = re.compile(r"[-'’ʼ]")
"""What stands between the parts of a word, and is written or left out."""


def transliterate_name(name: str) -> str:
    """The name in Latin letters, '' if it is written in them already or has no letters."""
    return "" if name.isascii() else _transliterate_cached(name)


def add_transliteration(name: str) -> str:
    """The name, and in brackets how it reads in Latin letters; a name in Latin letters as it is. For a sentence.

    >>> add_transliteration("Олег Баринов")
    'Олег Баринов (Oleg Barinov)'
    """
    latin = transliterate_name(name)
    return f"{isolate_name(name)} ({latin})" if latin else name


def format_parties(sender: str, recipients: Iterable[str]) -> str:
    """Who wrote to whom, in a line, each as `beside` writes it; the sender alone where nobody is named."""
    others = ", ".join(map(add_transliteration, recipients))
    return f"{add_transliteration(sender) or 'unknown'} → {others}" if others else add_transliteration(sender)


def normalise_typed(name: str) -> str:
    """Form in which what somebody types in Latin letters is compared with `transliterated`: 'al-Fasi' as 'Al Fasi'."""
    return normalise_name(PARTED.sub(" ", name))


@lru_cache(maxsize=32_768)
def _transliterate_cached(name: str) -> str:
    text = clean_text(name)[:LONGEST]
    if not any(map(_is_foreign, text)):
        return ""
    return " ".join(filter(None, (_transliterate_word(word) for word in _join_compounds(text.split())))).strip()


@lru_cache(maxsize=4096)
def _is_foreign(sign: str) -> bool:
    """Whether it is a letter of another script than Latin. Signs that are written among Latin letters ('3º', 'µm') are none."""
    if sign.isascii() or unicodedata.category(sign) not in LETTERS or sign == "µ":
        return False
    return "LATIN" not in unicodedata.name(sign, "") and not unicodedata.normalize("NFKD", sign).isascii()


def _join_compounds(words: list[str]) -> list[str]:
    """Words of a name; those that are written in two and known as one are one: 'بن علي'."""
    made: list[str] = []
    for word in words:
        if (
            made
            and normalise_name(f"{made[-1]} {word}") in load_arabic_names()
            and normalise_name(made[-1]) not in load_arabic_names()
        ):
            made[-1] = f"{made[-1]} {word}"
        else:
            made.append(word)
    return made


@lru_cache(maxsize=4096)
def _transliterate_word(word: str) -> str:
    if word.isascii():
        return word
    form = normalise_name(word)
    if not ARABIC.search(word):
        return to_latin(word)
    if form in PARTS:
        return PARTS[form]
    known = load_arabic_names().get(form)
    if known:
        return known
    article = form.startswith("ال") and len(form) > 4
    made = _transliterate_letters(form.removeprefix("ال") if article else form)
    return f"al-{made.capitalize()}" if article else made.capitalize()


def _transliterate_letters(form: str) -> str:
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
