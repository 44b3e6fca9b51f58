"""Who speaks: what stands in quotation marks, and what somebody else is said to have said, is not the writer's own word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import find_first_word, get_words
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_texts

QUOTED = re.compile(r"“[^“”]{1,400}”|«[^«»]{1,400}»|„[^„“”]{1,400}[“”]|\"[^\"\n]{1,400}\"")
BESIDE = 40
"""Characters between a holder and what the holder is said to have done."""
WORD = re.compile(r"\w+")
ENDS = re.compile(r"[.!?؟\n]")
ACCUSED = ("charged", "suspect", "wanted")
"""Status of a person whom no court has convicted yet."""
SENTENCE = re.compile(r"(?:[^.!?؟\n]|\.(?=\S))+")
"""A point inside a number or an abbreviation ends no sentence."""


def find_own_words(text: str, name: str) -> Iterator[tuple[int, int, str | None]]:
    """Start, end and better words of each word of a list that stands outside quotation marks."""
    apart = [match.span() for match in QUOTED.finditer(text)]
    for one in get_words(name):
        for start, end, better in one.find(text):
            if not any(begin <= start and end <= stop for begin, stop in apart):
                yield start, end, better


def crime_as_told(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """What tells a crime as done by who is only accused of it: the suspect, who stole the jewels; the suspect, a thief."""
    named = " ".join(f"{one.family_name} {one.forename}" for one in message.persons if one.status in ACCUSED)
    known = frozenset(WORD.findall(named.casefold()))
    for field, text in list_texts(message):
        for start, end, better in find_own_words(text, "crimes told"):
            before = WORD.findall(ENDS.split(text[max(0, start - BESIDE) : start])[-1])
            if before and (before[-1].casefold() in known or find_first_word(" ".join(before[-2:]), "accused")):
                yield FieldSpan(field, start, end, text[start:end], better)


def person_for_number(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Holders who are said to have called, and persons who are said to be where a cell or an address of the network is."""
    for field, text in list_texts(message):
        told = [(start, end) for start, end, _ in find_own_words(text, "overclaim")]
        for sentence in SENTENCE.finditer(text):
            for one, end in _find_number_claims(sentence[0]):
                span = (sentence.start() + one, sentence.start() + end)
                if not any(start < span[1] and span[0] < stop for start, stop in told):
                    yield FieldSpan(field, *span, text[slice(*span)])


def _find_number_claims(said: str) -> Iterator[tuple[int, int]]:
    """What a sentence says of a person and can know of a number alone."""
    if find_first_word(said, "opinion_mark"):
        return
    holder, cell, there = (find_first_word(said, name) for name in ("holders", "cells", "presence"))
    called = holder and find_first_word(said[holder[1] :], "called")
    if holder and called and called[0] <= BESIDE and not find_first_word(said, "reported"):
        yield holder[1] + called[0], holder[1] + called[1]
    if cell and there:
        yield there
