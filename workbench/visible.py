"""Text of strangers made visible: what cannot be seen, or would turn the text around, stands as its code point."""

from __future__ import annotations

import re

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def visible(text: str) -> str:
    r"""Text in which what cannot be seen or would turn the text around stands as its code point.

    Control characters, the two direction overrides and broken surrogates are shown as '⟨U+202E⟩'; line ends stay.

    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return HIDDEN.sub(lambda m: codepoint(m[0]), text.replace("\r\n", "\n").replace("\r", "\n"))


def visible_part(text: str) -> str:
    r"""The same with its line ends as they are: said of the parts of a text one by one, it is what is said of the whole.

    >>> visible_part("a\r") + visible_part("\nb") == visible_part("a\r\nb")
    True
    """
    return HIDDEN.sub(lambda m: m[0] if m[0] == "\r" else codepoint(m[0]), text)


def spelt(name: str) -> str:
    r"""A name on one line, within a sentence: whatever cannot be printed stands as its code point.

    >>> spelt("a\xadb\n")
    'a⟨U+00AD⟩b⟨U+000A⟩'
    """
    return "".join(character if character.isprintable() else codepoint(character) for character in name)


def codepoint(character: str) -> str:
    """Name of a character that cannot be printed: '⟨U+202E⟩'."""
    return f"⟨U+{ord(character):04X}⟩"
