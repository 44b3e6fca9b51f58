"""Texts that XML cannot hold, written so that they can be read back: a sign that it forbids stands as its code point."""

from __future__ import annotations

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|⟨(?=U\\+[0-9A-F]{4,6}⟩)")
SPELT = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")

ENTITIES = (
    "This file declares a document type or entities, with which a small file can fill the memory. It was not read; open it elsewhere, "
    "with care, and export it again."
)
"""What is said of a file that is not read for what it declares."""


def escape_text(text: str) -> str:
    r"""The text as XML can hold it; `unspelt` gives it back.

    >>> escape_text("a\x07b")
    'a⟨U+0007⟩b'
    """
    return FORBIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def unescape_text(text: str) -> str:
    """The text that was spelt; what names no sign stays as it is."""
    return SPELT.sub(lambda found: chr(code) if (code := int(found[1], 16)) < 0x110000 else found[0], text)
