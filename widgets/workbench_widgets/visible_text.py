"""Texts of strangers as they may be shown: what cannot be seen, or would turn the text around, stands as its code point."""

from __future__ import annotations

import re
import unicodedata

HALF = re.compile("[\ud800-\udfff]")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]")

PILING = re.compile("[\u0300-\U0010ffff]{5,}")
MOST_MARKS = 4
"""Marks above and below a letter, as Vietnamese, Hebrew with accents and Tibetan have them; more paint over the lines around."""


def escape_hidden(text: str) -> str:
    r"""Text with control characters and direction overrides as '⟨U+202E⟩'; half characters, as broken exports have them, as U+FFFD.

    Of more marks than a letter takes, the rest stands as code points too.

    >>> escape_hidden("a\u202eb"), escape_hidden("a" + "\u0301" * 5)
    ('a⟨U+202E⟩b', 'a\u0301\u0301\u0301\u0301⟨U+0301⟩')
    """
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return PILING.sub(_limit_diacritics, HIDDEN.sub(lambda found: _format_code_point(found[0]), paired))


def _limit_diacritics(found: re.Match[str]) -> str:
    made, marks = [], 0
    for sign in found[0]:
        marks = marks + 1 if unicodedata.category(sign).startswith("M") else 0
        made.append(sign if marks <= MOST_MARKS else _format_code_point(sign))
    return "".join(made)


def _format_code_point(sign: str) -> str:
    return f"⟨U+{ord(sign):04X}⟩"


def replace_surrogates(text: str) -> str:
    r"""Text without half characters, which no file and no message can hold: each as U+FFFD, so that the length stays.

    >>> replace_surrogates("a\ud800b")
    'a\ufffdb'
    """
    return HALF.sub("\ufffd", text)
