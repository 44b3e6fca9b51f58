"""Signs that nobody sees: those that turn a text round, and those without width that part a word. Rules read a message without them.

What a script or an emoji needs stays: joiners and marks of direction anywhere but between two Latin letters.

References
----------
Unicode Technical Report 36, section 2.10 (direction), and Technical Standard 39, section 5 (signs that are hidden).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_strings, replace_field
from workbench.model.text.normalise import MARKS
from workbench.visible import format_codepoint

TURNING = "\u202a-\u202e\u2066-\u2069"
"""Embeddings, overrides and isolates, with the signs that end them."""
EMPTY = "\u00ad\u200b\u2060-\u2064\ufeff"
"""Soft hyphen, and blanks and joiners without width."""
JOINING = "\u200c-\u200f"
"""Joiners and marks of direction, which Persian, Arabic and emoji need."""
IN_WORD = rf"[\w\u0300-\u036f{MARKS}]"
LATIN = r"[A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]"
SIGNS = (
    rf"(?<={LATIN})[{TURNING}{EMPTY}{JOINING}]+(?={LATIN})|(?<={IN_WORD})[{TURNING}{EMPTY}]+(?={IN_WORD})|[{TURNING}]+"
)
UNSEEN = re.compile(SIGNS)
BESIDE = f"{IN_WORD}{{0,40}}"
"""As much of a word as is told with the signs in it."""
WORD = re.compile(f"{BESIDE}(?:(?:{SIGNS}){BESIDE})+")
LONGEST = 120


def remove_invisible(text: str) -> str:
    r"""A text without the signs that nobody sees.

    >>> remove_invisible("cri\u200bminal, \u202elive")
    'criminal, live'
    """
    return text if text.isascii() else UNSEEN.sub("", text)


def clean_message(message: Correspondence) -> Correspondence:
    """A message whose fields have no such signs; itself where they have none."""
    for field, text in list_strings(message):
        if (said := remove_invisible(text)) != text:
            message = replace_field(message, field, said)
    return message


def find_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where in a text a stretch of the same text `without` signs stands, with the signs in it and beside it."""
    kept = _list_visible_positions(text)
    last = len(kept) - 1
    return kept[min(start, last - 1)] + 1, kept[min(end + 1, last)]


@lru_cache(maxsize=8)
def _list_visible_positions(text: str) -> Sequence[int]:
    """Places of the signs of a text that one sees, between the place before it and the one behind."""
    gone = {at for found in UNSEEN.finditer(text) for at in range(*found.span())}
    return [at for at in range(-1, len(text) + 1) if at not in gone]


def invisible_signs(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Words with such signs in the message as it was written; places are those of the message without them."""
    for field, text in list_strings(around.written or message):
        gone = 0
        for found in () if text.isascii() else WORD.finditer(text):
            start, said = found.start() - gone, remove_invisible(found[0])
            yield FieldSpan(field, start, start + len(said), found[0], said, _show_codepoints(found[0]))
            gone += len(found[0]) - len(said)


def _show_codepoints(word: str) -> str:
    return UNSEEN.sub(lambda signs: "".join(map(format_codepoint, signs[0])), word)[:LONGEST]
