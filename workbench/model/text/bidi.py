"""Direction of text: names that run from right to left keep it within sentences that run from left to right.

References
----------
Unicode Standard Annex 9, the bidirectional algorithm: isolates (FSI, PDI).
"""

from __future__ import annotations

import re
import unicodedata

from workbench.visible import format_codepoint

FIRST, POP = "\u2068", "\u2069"
"""Begin and end of a stretch that has the direction of its first letter and does not turn what is around it."""
RIGHT = frozenset({"R", "AL"})
ISOLATES = re.compile("[\u2066-\u2069]")
FIGURES = re.compile(r"(?<![\w-])(?:\+\d{6,}|\d+-\d[\dT:+-]*\d)")
"""Dates, moments and telephone numbers, whose parts a sentence from right to left would put the other way round."""


def get_direction(text: str, direction: str = "ltr") -> str:
    """Direction of a line as HTML names it: that of the page for a sentence in which names are set apart, else 'auto'.

    A browser that finds the direction by itself looks at the letters of names that are set apart as well.
    """
    return direction if FIRST in text else "auto"


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind in RIGHT for kind in kinds if kind in RIGHT or kind == "L"), False)


def isolate_name(text: str) -> str:
    """The text, set apart if any of it runs from right to left, so that it can stand within a sentence.

    Without that an arrow or a bracket beside the name would turn round: 'أ → ب' is read as 'from ب to أ'.

    An isolate within the name stands as its code point: it could end the one around it.

    >>> isolate_name("Ada")
    'Ada'
    >>> len(isolate_name("محمد"))
    6
    """
    if text.isascii() or not any(unicodedata.bidirectional(character) in RIGHT for character in text):
        return text
    return isolate_words(text)


def isolate_words(words: str) -> str:
    """Words of others, set apart from the sentence around them.

    >>> len(isolate_words("OLIVEIRA"))
    10
    """
    return f"{FIRST}{ISOLATES.sub(lambda found: format_codepoint(found[0]), words)}{POP}"


def isolate_figures(sentence: str) -> str:
    """A sentence from right to left whose dates and telephone numbers keep their order."""
    return FIGURES.sub(lambda found: isolate_words(found[0]), sentence)
