"""What stands on paper for a character that no font has: the name of a symbol, the code point of anything else."""

from __future__ import annotations

import re
import unicodedata

from workbench.visible import format_codepoint

JOINER = "\u200d"
SILENT = frozenset({JOINER, "\ufe0e", "\ufe0f", *map(chr, range(0xE0020, 0xE0080))})
"""Characters that only say how their neighbours are drawn: joiner, variation selectors, tags of a flag."""
TONES = dict(zip("🏻🏼🏽🏾🏿", ("light", "medium-light", "medium", "medium-dark", "dark"), strict=True))
KEYCAP = "\u20e3"
LETTERS = range(0x1F1E6, 0x1F200)
"""Two of these letters are the flag of a country."""
TAIL = f"(?:[{''.join(sorted(SILENT - {JOINER}))}{''.join(TONES)}]|{JOINER}.)*"
"""What belongs to the emoji before it."""


def replace_missing_glyphs(text: str, absent: frozenset[str]) -> str:
    """The text with its symbols that cannot be printed as their names, and other such characters as code points.

    What belongs together is named together: skin tones, joined emoji, the two letters of a flag.

    >>> replace_missing_glyphs("ok 😉 中", frozenset("😉中"))
    'ok [winking face] ⟨U+4E2D⟩'
    """
    return build_pattern(absent).sub(lambda match: _describe_sequence(match[0]), text)


def build_pattern(absent: frozenset[str]) -> re.Pattern[str]:
    """A pattern of the characters, each with what belongs to it."""
    letters = "".join(character for character in absent if ord(character) in LETTERS)
    flag = f"[{letters}][{chr(LETTERS[0])}-{chr(LETTERS[-1])}]|" if letters else ""
    keycap = f"\ufe0f?{KEYCAP}|" if KEYCAP in absent else ""
    return re.compile(f"{flag}{keycap}[{''.join(map(re.escape, sorted(absent)))}]{TAIL}", re.DOTALL)


def _describe_sequence(sequence: str) -> str:
    first = sequence[0]
    if KEYCAP in sequence[:2]:
        return "[keycap]"
    if len(sequence) == 2 and all(ord(character) in LETTERS for character in sequence):
        return f"[flag {''.join(chr(ord(character) - LETTERS[0] + ord('A')) for character in sequence)}]"
    if not is_named_symbol(first):
        return "".join(format_codepoint(character) for character in sequence)
    joined = sequence.split(JOINER)
    return f"[{' + '.join(filter(None, map(_describe_emoji, joined)))}]"


def is_named_symbol(character: str) -> bool:
    """Whether a character is a symbol whose name says what it shows."""
    return unicodedata.category(character).startswith("S") and bool(unicodedata.name(character, ""))


def _describe_emoji(emoji: str) -> str:
    """Name of an emoji and of its skin tone."""
    return ", ".join(_describe_character(character) for character in emoji if character not in SILENT)


def _describe_character(character: str) -> str:
    return f"{TONES[character]} skin tone" if character in TONES else unicodedata.name(character, "?").lower()
