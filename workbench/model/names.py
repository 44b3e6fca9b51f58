"""Forms of names in which they are compared. The original spelling is always kept beside them."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SPACE = re.compile(r"\s+")
NOT_NAME = re.compile(r"[^\w' -]+")


def clean(text: str) -> str:
    """Text without control and direction marks, white space folded; the form in which a label is shown."""
    return SPACE.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def normalise(name: str) -> str:
    """Form in which two names are compared: compatibility forms and accents folded, lower case, letters and digits only.

    >>> normalise("  José  GARCÍA ")
    'jose garcia'
    """
    decomposed = unicodedata.normalize("NFKD", clean(name))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return SPACE.sub(" ", NOT_NAME.sub(" ", plain.replace("_", " "))).strip().casefold()
