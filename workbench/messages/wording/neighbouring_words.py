"""What stands beside a word: the next words before and after it, but for small ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.messages.model.code_lists import Words, get_words, get_words_in_language
from workbench.messages.wording.quoted_speech import QUOTED

NEAR = 60
"""Characters on either side of a word in which its neighbours are looked for."""
WORD = re.compile(r"[^\W\d_]+|[.;:!?؟]")


def find_outside_quotes(text: str, name: str) -> Iterator[tuple[Words, int, int]]:
    """The list, start and end of each word of a list that stands outside quotation marks."""
    apart = [match.span() for match in QUOTED.finditer(text)]
    for one in get_words(name):
        for start, end, _ in one.find(text):
            if not any(begin <= start and end <= stop for begin, stop in apart):
                yield one, start, end


def list_side_words(text: str, start: int, end: int) -> tuple[list[str], list[str]]:
    """Words before a place, the nearest first, and words after it; the end of a sentence is one."""
    return WORD.findall(text, max(0, start - NEAR), start)[::-1], WORD.findall(text, end, end + NEAR)


def is_next_to(side: Iterable[str], code: str, name: str, small: str) -> bool:
    """Whether the next word but for small ones is of a list, in a language."""
    for word in side:
        if is_in_list(name, word, code):
            return True
        if not is_in_list(small, word, code):
            return False
    return False


def is_in_list(name: str, word: str, code: str) -> bool:
    """Whether a word is of a list, in a language."""
    return any(one.pattern.fullmatch(word) for one in get_words_in_language(name, code))
