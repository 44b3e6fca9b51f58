"""Text of strangers as it may be shown: what would not be seen, or would turn the line around, stands as its number."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
"""Needed to write Persian or Hindi; elsewhere they only hide a difference."""
FIRST_JOINED = 0x0590
"""From here on lie the scripts that are written with joiners."""


def escape_invisible(text: str) -> str:
    r"""The text in one line, with '\u{202e}' in place of a character that is not seen or changes the direction."""
    return "".join(
        char if _is_visible(char, text[at - 1 : at], text[at + 1 : at + 2]) else f"\\u{{{ord(char):x}}}"
        for at, char in enumerate(text)
    )


def _is_visible(char: str, before: str, after: str) -> bool:
    if char in JOINERS:
        return all(
            beside and ord(beside) >= FIRST_JOINED and unicodedata.category(beside)[0] in "LM"
            for beside in (before, after)
        )
    return char == " " or (unicodedata.category(char) not in UNSEEN and not char.isspace())
