"""Words of call records: which event a record is (voice, sms, data, …) and which way it went, in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from workbench.ingest.calls.values.lexicon import INSIDE, SAID, WORD, load_lexicon, normalise_words
from workbench.model.text.normalise import normalise_name

EVENTS = ("voicemail", "forward", "mms", "sms", "data", "ussd", "voice")
"""Kinds of records; the first that a cell has a word for counts."""
WAYS = {"out": "out", "in": "in", "forward": "fwd"}
LETTERS: tuple[dict[str, str], ...] = (
    {"o": "out", "i": "in"}, {"s": "out", "e": "in"}, {"u": "out", "i": "in"}, {"a": "out", "i": "in"},
    {"o": "out", "t": "in"}, {"d": "out", "r": "in"}, {"u": "out", "e": "in"}, {"o": "out", "r": "in"}, {"e": "out", "r": "in"},
    {"w": "out", "p": "in"}, {"g": "out", "k": "in"}, {"a": "out", "e": "in"}, {"и": "out", "в": "in"}, {"k": "out", "b": "in"},
    {"l": "out", "s": "in"}, {"s": "out", "r": "in"},
)  # fmt: skip
"""Single letters count only where a column holds no others: out and in, sortant and entrant, uit and in, …"""
ALONE = frozenset("oui")
"""Letters that count without the other one, in a column of directions: what they mean is the same in every language of the list."""
WHOLE, SHORTENED, JOINED = 1.0, 4, 8
"""Weight of a whole word; letters from which on a shortened word, or a part of a long one, counts in a cell."""

ARROWS = {
    "->": "out",
    "-->": "out",
    "=>": "out",
    "→": "out",
    ">": "out",
    "<-": "in",
    "<--": "in",
    "<=": "in",
    "←": "in",
    "<": "in",
}
SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

LONGEST = 80


@lru_cache(maxsize=4096)
def split_words(raw: str) -> tuple[str, ...]:
    """Words of a cell or header in lower case, without accents: 'callingPartyNumber' has three, 'A_MSISDN' two."""
    return tuple(WORD.findall(normalise_name(SEAM.sub(" ", raw[:LONGEST]).replace("_", " "))))


@lru_cache(maxsize=65_536)
def find_concepts(raw: str) -> frozenset[str]:
    """What the words of a cell name: kinds of records, ways, that a number is withheld."""
    there = tuple(map(normalise_words, split_words(raw)))
    return frozenset(
        one.concept
        for one in load_lexicon((SAID,)).find_meanings(there)
        if _is_sufficient(one.weight, there[one.at], raw)
    )


def _is_sufficient(weight: float, word: str, raw: str) -> bool:
    """Whether a word counts: whole, shortened with a dot or to four letters, or as a part of a long one."""
    least = JOINED if weight <= INSIDE else SHORTENED - raw.rstrip().endswith(".")
    return weight == WHOLE or len(word) >= least


def find_event(raw: str) -> str:
    """Event that a cell names: voice, sms, mms, data, forward, voicemail, ussd; '' unknown."""
    found = find_concepts(raw)
    return next((name for name in EVENTS if name in found), "")


def find_direction(raw: str) -> str:
    """Direction that a cell names: out, in, fwd; '' unknown. A cell that names two ways ('in/out') names none."""
    if way := ARROWS.get(raw.strip()):
        return way
    ways = {way for name, way in WAYS.items() if name in find_concepts(raw)}
    return "fwd" if "fwd" in ways else ways.pop() if len(ways) == 1 else ""


def find_directions(cells: Iterable[str], field: str = "") -> dict[str, str]:
    """Direction of each different cell of a column; single letters are read together, and count where both of a pair occur.

    Parameters
    ----------
    field : {'', 'direction', 'connection'}
        What the column is, where that is known: one letter alone may count in a column of directions, and none in one of
        kinds of records, where `T` is telephony.

    >>> find_directions("OT"), find_directions("T"), find_directions("OT", "connection")["T"], find_directions("O", "direction")
    ({'O': 'out', 'T': 'in'}, {'T': ''}, '', {'O': 'out'})
    """
    known = dict.fromkeys(cells)
    letters = {cell: normalise_name(cell) for cell in known if normalise_name(cell)}
    seen = set(letters.values())
    is_enough = len(seen) > 1 or (field == "direction" and seen <= ALONE)
    fitting = [pair for pair in LETTERS if seen and seen <= pair.keys()] if is_enough and field != "connection" else []
    if fitting:
        told = {cell: {pair[letter] for pair in fitting} for cell, letter in letters.items()}
        return {cell: ways.pop() if len(ways) == 1 else "" for cell, ways in told.items()}
    return {cell: find_direction(cell) for cell in known}
