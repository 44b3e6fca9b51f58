"""Parts of a letter that should say what its text says: what they say beside it, value by value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.messages.traffic import text_forms
from workbench.messages.traffic.labelled_line import Line
from workbench.model.text.normalise import normalise_name

WORD = re.compile(r"[^\W_]+")
RUN = 5
"""Words in a row by which what is said is known again."""


def list_other_values(body: str, beside: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """Values of the other parts that the text has not, each with the name of its part; text without a label is a further paragraph."""
    told = _list_word_runs(body)
    for part, text in beside:
        for one in text_forms.read_lines(text):
            if words := "\n".join(
                line for line in one.text.split("\n") if not _is_included(_prepend_label(one, line), told)
            ).strip():
                yield replace(one, text=words, place=f"{part} {one.place}")
        told |= _list_word_runs(text)


def _prepend_label(one: Line, line: str) -> str:
    """A line of a value with its label, where it has one of its own."""
    return line if one.label in text_forms.UNLABELLED else f"{one.label} {line}"


def _is_included(line: str, told: set[tuple[str, ...]]) -> bool:
    """Whether each run of words in a line stands in what was told."""
    words = _split_words(line)
    length = min(RUN, len(words))
    return all(tuple(words[at : at + length]) in told for at in range(len(words) - length + 1)) if words else True


def _list_word_runs(text: str) -> set[tuple[str, ...]]:
    words = _split_words(text)
    return {tuple(words[at : at + length]) for length in range(1, RUN + 1) for at in range(len(words) - length + 1)}


def _split_words(text: str) -> list[str]:
    return WORD.findall(normalise_name(text))
