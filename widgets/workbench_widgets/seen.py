"""Texts of strangers as they may be shown: what cannot be seen, or would turn the text around, stands as its code point."""

from __future__ import annotations

import re

HALF = re.compile("[\ud800-\udfff]")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ufdd0-\ufdef\ufffe\uffff]")


def seen(text: str) -> str:
    r"""Text with control characters and direction overrides as '⟨U+202E⟩'; half characters, as broken exports have them, as U+FFFD.

    >>> seen("a\u202eb")
    'a⟨U+202E⟩b'
    """
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", paired)


def whole(text: str) -> str:
    r"""Text without half characters, which no file and no message can hold: each as U+FFFD, so that the length stays.

    >>> whole("a\ud800b")
    'a\ufffdb'
    """
    return HALF.sub("\ufffd", text)
