"""Marks that one message names several times: the highest holds, and a message that says several is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.messages.lists import code_list
from workbench.messages.traffic import labels
from workbench.messages.traffic.line import Contradiction, Line
from workbench.model.marking import EXERCISE, SCHEMES, neutral

MARKS = ("confidentiality", "handling", "tlp")
"""Fields that say how a message is to be handled, each by a code of a scale."""
BRACKETED = re.compile(r"\[([^\[\]]{1,120})\]")
BETWEEN = re.compile(r" \u00b7 |[,;|/]")
LIGHT = re.compile(r"\bTLP\s?[:\-_ ]\s?(CLEAR|WHITE|GREEN|AMBER\s?\+\s?STRICT|AMBER|RED)\b", re.IGNORECASE)
UNKNOWN = 1_000
"""Rank of what no scale has: it counts as the highest, as everywhere."""


def rank(field: str, written: str) -> int:
    """How high a value stands on the scale of its field; a level by the place that it has in the schemes that come with the workbench."""
    code = labels.code(field, written.strip())
    if field != "confidentiality":
        return code_list(field).index(code) if code in code_list(field) else UNKNOWN if code else -1
    if not code or code == "FOUO":
        return 0 if code else -1
    found = [
        number
        for levels in SCHEMES.values()
        for number, name in enumerate(levels)
        if f" {name}".endswith(f" {code.upper()}")
    ]
    bare = neutral(code.upper().removeprefix(EXERCISE).strip(" \u2013-"))
    return max(found) if found else rank(field, bare) if bare != code.upper() else UNKNOWN


def subject_marks(lines: Sequence[Line]) -> Iterator[Line]:
    """Marks that stand in a subject: '[TLP:RED] [RESTRICTED] Fraud'."""
    for one in lines:
        if one.field != "subject":
            continue
        for light in LIGHT.finditer(one.text[:1000]):
            word = "+".join(light[1].upper().replace("+", " ").split()).replace("WHITE", "CLEAR")
            yield replace(one, text=f"TLP:{word}", field="tlp")
        pieces = (piece.strip() for found in BRACKETED.findall(one.text[:1000]) for piece in BETWEEN.split(found))
        yield from (replace(one, text=piece, field=field) for piece in pieces if (field := _field(piece)))


def _field(word: str) -> str:
    """Field of which a word in brackets is a code; '' where it is none."""
    if word.upper() in code_list("handling"):
        return "handling"
    known = word and not LIGHT.search(word) and rank("confidentiality", word) not in (UNKNOWN, -1)
    return "confidentiality" if known else ""


def first_placed(lines: Sequence[Line]) -> list[int]:
    """Numbers of the lines in the order in which they fill a message: before all else the highest of each mark."""
    best = set()
    for field in MARKS:
        said = [(rank(field, one.text), -number) for number, one in enumerate(lines) if one.field == field]
        best |= {-max(said)[1]} if said else set()
    return sorted(range(len(lines)), key=lambda number: number not in best)


def contradictions(lines: Sequence[Line]) -> Iterator[Contradiction]:
    """Marks of which a message names several, each with its values as codes."""
    for field in MARKS:
        said = {
            labels.code(field, one.text.strip()): rank(field, one.text)
            for one in lines
            if one.field == field and one.text.strip()
        }
        if len(said) > 1:
            yield Contradiction(field, tuple(sorted(said, key=said.__getitem__)))
