"""What a cell says of the way of money: in, out, or nothing that is known.

Words are those of the list `paid`. Single letters are read together, for `C` is a credit beside `D` and a charge (`cargo`) beside `A`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from workbench.ingest.calls.values import event_words
from workbench.ingest.calls.values.lexicon import PAID, normalise_words, read_entries
from workbench.ingest.tables.columns.cell_values import unquote_cell
from workbench.model.text.normalise import normalise_name

IN, OUT = "in", "out"
LONGEST = 60
"""Characters of a cell that is read for its way; what is longer is a text about something."""
SIGNS = {"+": IN, "-": OUT, "\u2212": OUT}
"""Signs that stand alone, in a column that has both: a dash alone is an empty cell."""
USUAL = ("d", "c")
"""Debit and credit, as banks everywhere write them."""
WITHDRAWN = ("w", "d")
"""Withdrawal and deposit: beside a `W` a `D` is no debit, and a `C` may be a cheque."""
LETTERS = (
    USUAL, ("s", "h"), ("d", "h"), ("d", "a"), ("c", "a"), ("o", "i"), ("a", "b"), ("s", "e"), ("u", "i"), ("a", "e"), WITHDRAWN,
    ("e", "r"), ("s", "r"), ("م", "د"),
)  # fmt: skip
"""Letters of out and in: debit and credit, Soll and Haben, debe and haber, dare and avere, cargo and abono, af and bij, …"""
UNCLEAR = frozenset({"sentido"})
"""Headers in a language in which `C` alone may be a charge."""


def find_ways(cells: Iterable[str], header: str) -> dict[str, str]:
    """Way of each different cell of a column: 'in', 'out'; '' of what is not known, or may be either.

    >>> find_ways(["C", "D", "RC", ""], "D/C")
    {'C': 'in', 'D': 'out', 'RC': '', '': ''}
    >>> find_ways(["D", "W", "C"], "Direction"), find_ways(["D", "C", "A"], "Direction")
    ({'D': 'in', 'W': 'out', 'C': ''}, {'D': 'out', 'C': '', 'A': ''})
    >>> find_ways(["C", "A"], "Sentido"), find_ways(["C"], "Sentido"), find_ways(["Haben", "S"], "Soll/Haben")
    ({'C': 'out', 'A': 'in'}, {'C': ''}, {'Haben': 'in', 'S': 'out'})
    """
    found = dict.fromkeys(cells, "")
    shown = {cell: normalise_name(unquote_cell(cell)) for cell in found}
    letters = {cell: text for cell, text in shown.items() if len(text) == 1 and text.isalpha()}
    known = _find_letter_ways(frozenset(letters.values()), header)
    signs = SIGNS if any(unquote_cell(cell) == "+" for cell in found) else {}
    return {
        cell: known.get(letters[cell], "") if cell in letters else signs.get(unquote_cell(cell)) or find_way(cell)
        for cell in found
    }


def _find_letter_ways(letters: frozenset[str], header: str) -> dict[str, str]:
    """Way of each letter of a column, by the words of its header, and by the letters that stand with it."""
    words = normalise_name(header).split()
    initials = {word[0] for word in words} if len(words) == len(USUAL) else set()
    named = [pair for pair in LETTERS if set(pair) == initials]
    fitting = named[:1] or [pair for pair in LETTERS if letters <= set(pair)]
    if (
        not named
        and set(words).isdisjoint(UNCLEAR)
        and (letters <= set(USUAL) or (not fitting and set(USUAL) <= letters))
    ):
        present = [pair for pair in LETTERS if set(pair) <= letters]
        fitting = [WITHDRAWN] if WITHDRAWN in present else [USUAL, *present]
        letters &= set(USUAL + WITHDRAWN)
    ways = {letter: {(OUT, IN)[pair.index(letter)] for pair in fitting if letter in pair} for letter in letters}
    return {letter: found.pop() for letter, found in ways.items() if len(found) == 1}


@lru_cache(maxsize=1 << 12)
def find_way(raw: str) -> str:
    """Way that the words of a cell name, all of them: 'in', 'out'; '' of any other text.

    >>> [find_way(one) for one in ("CRDT", "Débit", "(incoming)", "Credit reversal", "In error: debit", "credit/debit", "credti")]
    ['in', 'out', 'in', '', '', '', '']
    """
    text = unquote_cell(raw)
    words = tuple(map(normalise_words, event_words.split_words(text))) if len(text) <= LONGEST else ()
    ways: set[str] = set()
    at = 0
    while at < len(words):
        size = next((size for size in range(_load_words()[1], 0, -1) if words[at : at + size] in _load_words()[0]), 0)
        ways.add(_load_words()[0][words[at : at + size]] if size else "")
        at += size or len(words)
    return ways.pop() if len(ways) == 1 else ""


@lru_cache(maxsize=1)
def _load_words() -> tuple[dict[tuple[str, ...], str], int]:
    """The words of the list with their ways, the letters that stand beside some (`D - debit`), and how many words the longest entry has."""
    found = {one.words: one.concept for one in read_entries((PAID,))} | {("d",): OUT, ("c",): IN}
    return found, max(map(len, found))
