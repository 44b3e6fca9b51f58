"""Marks of a message: of several that it names, the highest holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.messages.model.code_lists import get_codes
from workbench.messages.traffic import field_labels
from workbench.messages.traffic.labelled_line import Contradiction, Line
from workbench.model.handling_marks import EXERCISE, SCHEMES, remove_level_prefix
from workbench.model.text.normalise import fold_text

MARKS = ("confidentiality", "handling", "tlp")
"""Fields that say how a message is to be handled, each by a code of a scale."""
SCALES = ("handling", "tlp")
"""Those whose scale is the same in every case."""
BRACKETED = re.compile(r"\[([^\[\]]{1,120})\]")
BETWEEN = re.compile(r" \u00b7 |[,;|/]")
LIGHT = re.compile(r"\bTLP[\W_]{1,4}(CLEAR|WHITE|GREEN|AMBER\s?\+\s?STRICT|AMBER|RED)\b", re.IGNORECASE)
CALLED = re.compile(r"\bTLP:(\w[\w+]{0,40})|\[\s?TLP\b([^\[\]]{1,40})\]", re.IGNORECASE)
"""What a subject calls a TLP, whether or not there is such a one."""
MOST = 1_000
"""Characters of a subject in which marks are looked for."""
UNKNOWN = 1_000
"""Rank of what no scale has: it counts as the highest, as everywhere."""


def get_rank(field: str, written: str) -> int:
    """How high a value stands on the scale of its field; a level by the place that it has in the schemes that come with the workbench."""
    code = read_code(field, written)
    if field != "confidentiality":
        return get_codes(field).index(code) if code in get_codes(field) else UNKNOWN if code else -1
    if not code or code == "FOUO":
        return 0 if code else -1
    found = [
        number
        for levels in SCHEMES.values()
        for number, name in enumerate(levels)
        if f" {name}".endswith(f" {code.upper()}")
    ]
    bare = remove_level_prefix(code.upper().removeprefix(EXERCISE).strip(" \u2013-"))
    return max(found) if found else get_rank(field, bare) if bare != code.upper() else UNKNOWN


def read_code(field: str, written: str) -> str:
    """Code of a mark as one reads it ('R E D' too); '' where the value says nothing ('n/a'), the value itself where no list knows it."""
    words = fold_text(written).split()
    plain = ("" if all(len(word) == 1 for word in words) else " ").join(words)
    return field_labels.find_code(field, plain)


def is_unknown(field: str, written: str) -> bool:
    """Whether a handling code or a TLP is none that there is. It counts as the strictest."""
    return field in SCALES and get_rank(field, written) == UNKNOWN


def split_codes(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines, of those that name several handling codes one for each: 'H1, H2'."""
    for one in lines:
        pieces = [piece.strip() for piece in BETWEEN.split(fold_text(one.text))] if one.field in SCALES else []
        several = len(pieces) > 1 and all(read_code(one.field, piece) in get_codes(one.field) for piece in pieces)
        yield from (replace(one, text=piece) for piece in pieces) if several else (one,)


def list_subject_marks(lines: Sequence[Line]) -> Iterator[Line]:
    """Marks that stand in a subject: '[TLP:RED] [RESTRICTED] Fraud'."""
    for one in lines:
        if one.field == "subject":
            yield from (replace(one, text=text, field=field) for field, text in find_marks(fold_text(one.text)[:MOST]))


def find_marks(subject: str) -> Iterator[tuple[str, str]]:
    """Field and value of each mark in a text."""
    known = [field_labels.find_code("tlp", light[1]) for light in LIGHT.finditer(subject)]
    yield from (("tlp", code) for code in known)
    if not known:
        yield from (("tlp", (called[1] or called[2]).strip(" :-_")) for called in CALLED.finditer(subject))
    pieces = (piece.strip() for found in BRACKETED.findall(subject) for piece in BETWEEN.split(found))
    yield from ((field, piece) for piece in pieces if (field := _find_field(piece)))


def _find_field(word: str) -> str:
    """Field of which a word in brackets is a code; '' where it is none."""
    if read_code("handling", word) in get_codes("handling"):
        return "handling"
    known = word and not LIGHT.search(word) and get_rank("confidentiality", word) not in (UNKNOWN, -1)
    return "confidentiality" if known else ""


def sort_lines(lines: Sequence[Line]) -> list[int]:
    """Numbers of the lines in the order in which they fill a message: before all else the highest of each mark."""
    best = set()
    for field in MARKS:
        said = [(get_rank(field, one.text), -number) for number, one in enumerate(lines) if one.field == field]
        best |= {-max(said)[1]} if said else set()
    return sorted(range(len(lines)), key=lambda number: number not in best)


def find_contradictions(lines: Sequence[Line]) -> Iterator[Contradiction]:
    """Marks of which a message names several, each with its values as codes."""
    for field in MARKS:
        said = {
            code: get_rank(field, one.text)
            for one in lines
            if one.field == field and (code := read_code(field, one.text))
        }
        if len(said) > 1:
            yield Contradiction(field, tuple(sorted(said, key=said.__getitem__)))
