"""Other people's data out of what is handed to one person: it is blacked out, by what the case knows and by how names are written.

Rather too much than too little: in a text stays what is the person's own, ordinary words, dates and short numbers. A capitalised
word that nothing makes ordinary, a long number, an address and every word of a script without capitals go. So does an ordinary word
whose capital no sentence asks for ('met Rose and Will'), and at the beginning of a sentence one that many are called by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.case.privacy.erasure_scope import NAMING, list_number_forms, list_numbers
from workbench.extract.names.lexicon import (
    CHAT,
    LOUD,
    LOUD_LETTERS,
    NO_NAMES,
    list_name_words,
    list_ordinary_words,
    list_stop_words,
)
from workbench.ledger.records import row_tables
from workbench.model.pseudonyms import name_matching
from workbench.model.pseudonyms.name_matching import Phrases, Replacement
from workbench.model.schema import NAMES
from workbench.model.text.month_names import MONTHS

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext
    from workbench.case.privacy.data_subject import Whose

BLACK = "█████"
DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?"
ADDRESS = r"\S+@\S+|@\w+|\w+://\S+|www\.\S+"
LONG = r"\+?\d(?:[ \t().\-/]{0,2}\d){4,}"
WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)?"
PIECES = re.compile(f"(?P<date>{DATE})|(?P<address>{ADDRESS})|(?P<long>{LONG})|(?P<word>{WORD})")
SEVERAL = re.compile(rf"{BLACK}(?:[\s,.\-]{{0,2}}{BLACK})+")
BEGUN = re.compile(r"(?:^|[\n.!?…:;•|\"“”«»(\[]|\s[-–—])\s*$")
"""Before the first word of a sentence, of a line, or of a cell of a row."""
TITLED = re.compile(r"(?i)\b(?:mr|mrs|ms|miss|dr|prof|m|mme|mlle|me|sr|sra|srta|d|dña|st)\.?\s+$")
"""Before a name."""
LABELLED = re.compile(r"(?:^|[\n;])\s*(?:[\w/()]+\s+){0,4}$"), re.compile(r"(?:\s+[\w/()]+){0,4}\s*:")
"""Before and behind a word of the name of a column, as a row of a table is written."""
DAY = re.compile(r"\d\w{0,2}\.?\s+(?:of\s+)?$"), re.compile(r"\.?,?\s+\d")
"""Before and behind a month of a date."""
NEAR = 120
"""Signs around a word by which it is told how it stands."""
TELLING = 5
"""Digits from which a number tells whose it is."""
LEAST = 3
"""Signs of a name or number of others that is looked for."""


class Black:
    """What blacks out others in texts for one person: all whom the case knows, also those who are hidden from the officer who answers."""

    def __init__(self, context: CaseContext, who: Whose) -> None:
        own = {
            value: value
            for name in who.names
            for value in (*name_matching.list_name_orders(name), *list_number_forms("number", [name]))
        }
        own |= {part: part for name in who.names for part in name_matching.list_unbroken_words(name)}
        parts = {word: word for name in who.names for word in name_matching.split_name(name) if not _is_little(word)}
        self._own = Phrases(own, parts)
        self._parts = frozenset(parts)
        known = context.entities
        mine = who.ids | {*known.loc[known["canonical_id"].isin(who.ids), "entity_id"]}
        rows = row_tables.list_stated_values(context.ledger, {*NAMING, *list_numbers()})
        rows = rows[~rows["entity_id"].isin(mine) & ~rows["value"].isin(who.names)]
        said = rows[["prop", "value"]].drop_duplicates().itertuples(index=False, name=None)
        whole = {form: BLACK for prop, value in said for form in _list_forms(prop, value) if _is_enough(form)}
        named = {*rows.loc[rows["prop"].isin(NAMES), "value"]}
        words = {word: BLACK for name in named for word in name_matching.split_words(name) if len(word) >= LEAST}
        whole |= {
            part: BLACK for name in named for part in name_matching.list_unbroken_words(name) if part not in self._parts
        }
        self._others = Phrases(whole, {word: BLACK for word in words if word not in self._parts})

    def redact_names(self, text: str) -> str:
        """The text without names and numbers of others that the case knows: for names of files and places."""
        return name_matching.replace_places(text, self._find_others(text))

    def redact_text(self, text: str) -> str:
        """The text without anything that may be another's."""
        own, known = [*self._own.find(text)], self._find_others(text)
        more = [left for place in _find_unknown(text, self._parts) for left in _trim_place(text, place, own)]
        return SEVERAL.sub(BLACK, name_matching.replace_places(text, name_matching.merge_places(text, [*known, *more])))

    def _find_others(self, text: str) -> list[Replacement]:
        """Places of others; where one overlaps what is the person's own, the rest of it."""
        own = {*self._own.find(text)}
        return [
            place
            for place in name_matching.trim_places(text, [*own, *self._others.find(text)])
            if place.instead == BLACK
        ]


def _list_forms(prop: str, value: str) -> list[str]:
    return [
        *(name_matching.list_name_orders(value) if prop in NAMING else ()),
        *(list_number_forms(prop, [value]) if prop in list_numbers() else ()),
    ]


def _is_little(word: str) -> bool:
    """Whether a word is a number of a few digits, as of a house: it stands in dates and numbers of others too."""
    return word.isdigit() and len(word) < TELLING


def _is_enough(form: str) -> bool:
    """Whether a name or number is long enough to be looked for."""
    return max(len(form), name_matching.count_letters(name_matching.split_words(form))) >= LEAST


def _trim_place(text: str, place: Replacement, own: list[Replacement]) -> list[Replacement]:
    """What goes of a place: nothing where it touches the person's own, of a run without word boundaries all the rest."""
    touched = [other for other in own if place.start < other.end and other.start < place.end]
    if not touched or not name_matching.is_unbroken(text[place.start : place.end]):
        return [] if touched else [place]
    return [left for left in name_matching.trim_places(text, [*touched, place]) if left.instead == BLACK]


def _find_unknown(text: str, own: frozenset[str]) -> list[Replacement]:
    """Places of what is written like a name, a number or an address."""
    found: list[Replacement] = []
    loud, name_at = _find_loud_lines(text), -1
    for match in reversed([*PIECES.finditer(text)]):
        if match.lastgroup == "word":
            follows = name_at >= 0 and not text[match.end() : name_at].strip(" ")
            is_name = _may_be_name(match[0], own) and (
                not _is_ordinary(match[0]) or _stands_as_name(text, match, follows=follows, is_loud=_is_in(loud, match))
            )
        else:
            is_name = match.lastgroup != "date"
        if is_name:
            name_at = match.start() if match.lastgroup == "word" else -1
            found.append(Replacement(match.start(), match.end(), BLACK))
    return found[::-1]


def _strip_ending(word: str) -> str:
    return word.partition("'")[0].partition("’")[0]


def _may_be_name(word: str, own: frozenset[str]) -> bool:
    """Whether a word may be a name: it begins with a capital, or its script has none, and it is not the person's."""
    plain = _strip_ending(word)
    cased = plain.lower() != plain.upper()
    return not (cased and plain[0].islower()) and own.isdisjoint(name_matching.split_words(plain))


def _is_ordinary(word: str) -> bool:
    return _strip_ending(word).casefold() in list_ordinary_words()


def _stands_as_name(text: str, match: re.Match[str], *, follows: bool, is_loud: bool) -> bool:
    """Whether an ordinary word with a capital stands as a name does.

    follows : a name, or what may be one, comes directly behind it
    is_loud : it stands in a line of capitals, which say nothing
    """
    word = _strip_ending(match[0]).casefold()
    before, behind = text[max(0, match.start() - NEAR) : match.start()], text[match.end() : match.end() + NEAR]
    if any(word in names for names in MONTHS) and (DAY[0].search(before) or DAY[1].match(behind)):
        return False
    if word in list_name_words():
        return True
    if (
        is_loud
        or len(word) == 1
        or word in CHAT | NO_NAMES
        or (LABELLED[0].search(before) and LABELLED[1].match(behind))
    ):
        return False
    if TITLED.search(before) or not BEGUN.search(before if match.start() <= NEAR else f" {before}"):
        return True
    return follows and word not in list_stop_words()


def _find_loud_lines(text: str) -> list[tuple[int, int]]:
    """Where lines of capitals begin and end."""
    found, at = list[tuple[int, int]](), 0
    for line in text.splitlines(keepends=True):
        letters = [sign for sign in line if sign.isalpha()]
        if len(letters) >= LOUD_LETTERS and sum(map(str.isupper, letters)) >= LOUD * len(letters):
            found.append((at, at + len(line)))
        at += len(line)
    return found


def _is_in(lines: list[tuple[int, int]], match: re.Match[str]) -> bool:
    return any(start <= match.start() < end for start, end in lines)
