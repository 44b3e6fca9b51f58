"""Words of Cyrillic and Greek letters as English writes them; of all other scripts as ICU does.

ICU's own rules for the two follow ISO: 'Юлия Щукина' becomes 'Ulia Sukina', 'Βασίλης' 'Basiles', which nobody would type.

References
----------
Cyrillic near BGN/PCGN, without its signs; Greek as ELOT 743.
"""

from __future__ import annotations

import re
import unicodedata

CYRILLIC = dict(zip("абвгґдеёєжзиіїйклмнопрстуўфхцчшщыэюяђѓјљњћќѕџ", (
    "a b v g g d e e ye zh z i i yi y k l m n o p r s t u u f kh ts ch sh shch y e yu ya dj gj j lj nj c kj dz dz".split()
), strict=True)) | {"ъ": "", "ь": ""}  # fmt: skip
"""Letters of Russian, and those that its neighbours have beside."""
GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True)
)
TOGETHER = (
    (re.compile("υ\u0308"), "y"), (re.compile("ι\u0308"), "i"), (re.compile("\u0301"), ""), (re.compile("ου"), "ou"),
    (re.compile("([αεη])υ(?=[θκξπστφχψς]|$)"), r"\1f"), (re.compile("([αεη])υ"), r"\1v"), (re.compile("γ(?=[γξχ])"), "n"),
)  # fmt: skip
"""Letters of Greek that are one sound, in their order; what stands apart by two dots is none."""


def to_latin(word: str) -> str:
    """The word in Latin letters.

    >>> [to_latin(word) for word in ("Юлия", "Щукина", "Сергій", "Ευτυχία", "ООО")]
    ['Yuliya', 'Shchukina', 'Sergiy', 'Eftychia', 'OOO']
    """
    made = _transliterate_letters(unicodedata.normalize("NFC", word.lower()))
    if any(letter.isalpha() and not letter.isascii() for letter in made):
        from normality import ascii_text

        made = str(ascii_text(made) or "")
    return made.upper() if word.isupper() and len(word) > 1 else made.title()


def _transliterate_letters(word: str) -> str:
    """The word with its letters of Cyrillic and Greek written in Latin ones."""
    if any("GREEK" in unicodedata.name(letter, "") for letter in word):
        word = unicodedata.normalize("NFD", word)
        for letters, sound in TOGETHER:
            word = letters.sub(sound, word)
    sounds = CYRILLIC | GREEK
    found = (sounds.get(letter, letter) for letter in word if not unicodedata.combining(letter))
    return "".join(found).replace("yy", "y")
