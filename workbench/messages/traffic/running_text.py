"""Whether a line is plainly running text, and no value of a field: a sentence, a salutation, something that is asked for."""

from __future__ import annotations

import re

from workbench.messages.model.code_lists import find_first_word

ENDS = re.compile(r"[.!?؟…]['\"»”)]?$")
GREETS = re.compile(r"[,،:]$")
PIECES = re.compile(r"[,;،؛/|]")
FEWEST = 3
"""Words of a sentence."""
LONG = 8
"""Words that are a sentence without its point."""


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, is as long as one, or asks for something in one of the four languages."""
    if len(line.split()) < FEWEST:
        return False
    longest = max(len(piece.split()) for piece in PIECES.split(line))
    return bool(ENDS.search(line)) or longest >= LONG or find_first_word(line, "asking") is not None


def is_running_text(line: str) -> bool:
    """Whether a line is a sentence or greets somebody: 'Dear colleagues,'."""
    return is_sentence(line) or bool(GREETS.search(line))
