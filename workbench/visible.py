"""Text of strangers made visible: what cannot be seen, or would turn the text around, stands as its code point."""

from __future__ import annotations

import os
import re
import sys
import unicodedata

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
"""Categories of characters that show nothing, or nothing that everybody sees alike."""
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
"""Characters of other categories that show nothing."""
JOINED = re.compile("[\u200c\u200d]{2,}")
SCANNED = 2_000
"""Characters of a name that are looked at."""

LITERAL = "mathjax_ignore tex2jax_ignore"
"""Classes of an element in which a notebook takes nothing for a formula: text stands letter for letter, $ and backslash too."""
UNWRITABLE = re.compile("[\ud800-\udfff]|⟨(?=0[xu])")
ESCAPED = re.compile("⟨0(?:x([0-9A-F]{2})|u([0-9A-F]{4}))⟩")
LOW, FIRST_BYTE, LAST_BYTE = 0xDC00, 0xDC80, 0xDCFF
"""Where Python puts the bytes of a name that are no UTF-8."""


def escape_hidden(text: str) -> str:
    r"""Text in which what cannot be seen or would turn the text around stands as its code point.

    Control characters, the two direction overrides and broken surrogates are shown as '⟨U+202E⟩'; line ends stay.

    >>> escape_hidden("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return HIDDEN.sub(lambda m: format_codepoint(m[0]), text.replace("\r\n", "\n").replace("\r", "\n"))


def escape_hidden_part(text: str) -> str:
    r"""The same with its line ends as they are: said of the parts of a text one by one, it is what is said of the whole.

    >>> escape_hidden_part("a\r") + escape_hidden_part("\nb") == escape_hidden_part("a\r\nb")
    True
    """
    return HIDDEN.sub(lambda m: m[0] if m[0] == "\r" else format_codepoint(m[0]), text)


def escape_name(name: str) -> str:
    r"""A file name in which bytes that are no UTF-8, as Python's names hold them, stand as '⟨0xFF⟩'; others as they are.

    No two names are escaped alike: `unescape_name` gives back the name itself.

    >>> escape_name("caf\udce9.txt")
    'caf⟨0xE9⟩.txt'
    """
    return UNWRITABLE.sub(lambda m: _escape_code(ord(m[0])), name)


def escape_path(path: str | os.PathLike[str]) -> str:
    """A path as a text that can be kept: what is UTF-8 in it is read so, also where the system's language has no letters but ASCII."""
    name = os.fspath(path)
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8":
        name = os.fsencode(name).decode("utf-8", "surrogateescape")
    return escape_name(name)


def unescape_name(name: str) -> str:
    """The name of which `escape_name` made this."""
    return ESCAPED.sub(lambda m: chr(LOW + int(m[1], 16) if m[1] else int(m[2], 16)), name)


def _escape_code(code: int) -> str:
    """A byte as Python's names hold it, or another character that a text may not hold or that would be read as one of these."""
    return f"⟨0x{code - LOW:02X}⟩" if FIRST_BYTE <= code <= LAST_BYTE else f"⟨0u{code:04X}⟩"


def shorten_name(name: str, most: int) -> str:
    r"""A name that pushes nothing out of sight: one blank for blanks, fillers and signs that are not seen, and so many characters at most.

    >>> shorten_name("FR-NCB\u3164 \u00a0\n", 32), shorten_name("Police of the Northern Realm", 10), shorten_name("می\u200cخواهم", 9)
    ('FR-NCB', 'Police of…', 'می\u200cخواهم')
    """
    read = JOINED.sub(" ", "".join(" " if _is_blank(character) else character for character in name[:SCANNED]))
    plain = " ".join(read.split())
    return plain if len(plain) <= most and len(name) <= SCANNED else f"{plain[: most - 1].rstrip()}…"


def _is_blank(character: str) -> bool:
    """Whether a character shows nothing; the two joiners belong to the letters beside them."""
    if character in "\u200c\u200d":
        return False
    return character in FILLERS or unicodedata.category(character) in UNSEEN


def escape_unprintable(name: str) -> str:
    r"""A name on one line, within a sentence: whatever cannot be printed stands as its code point.

    >>> escape_unprintable("a\xadb\n")
    'a⟨U+00AD⟩b⟨U+000A⟩'
    """
    return "".join(character if character.isprintable() else format_codepoint(character) for character in name)


def format_codepoint(character: str) -> str:
    """Name of a character that cannot be printed: '⟨U+202E⟩'."""
    return f"⟨U+{ord(character):04X}⟩"
