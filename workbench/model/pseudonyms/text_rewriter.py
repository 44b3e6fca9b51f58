"""A text in which names and numbers are replaced by tokens, with everything else where it was.

What is replaced is looked for as it is for erasing (`name_matching.Phrases`): however it is written. Names are replaced word by word, so
that 'Marta Oliveira', 'OLIVEIRA, Marta', 'M. Oliveira' and 'Oliveira' become the same ways of writing one token; numbers sign by
sign, so that their grouping stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.model.pseudonyms import fake_identifiers, fake_names, place_matching
from workbench.model.pseudonyms.name_matching import (
    WORD,
    Phrases,
    Replacement,
    mark_places,
    replace_places,
    split_words,
    trim_places,
)
from workbench.model.pseudonyms.tokens import Tokens, compact_text
from workbench.model.text.normalise import normalise_digits, normalise_name

NAME, LITERAL, POSITION = "name", "literal", "coordinates"
PART = "\x1f"
LONG = 5
"""Digits from which on a number within a name is replaced."""
SHORT = 7
"""Figures below which a number is found only where they stand together."""
DATE = re.compile(r"(?<!\d)(?:\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?!\d)")
WHOLE = 8
"""Figures of a day that is written in figures alone."""
MONTH = re.compile(r"(?<!\w)(?<!\w[-/.])(?:\d{4}[-/.]\d\d?|\d\d?[-/.]\d{4})(?!\w|[-/.]\d)")
"""A month in figures, not within a day or another number."""
COMMON = 5
"""Signs that the written form of a number must share with its canonical one."""


@dataclass(frozen=True, slots=True)
class FixedSpan:
    """A place in a text of which is known what stands there: characters `start` to `end`, a kind, and the value it means."""

    start: int
    end: int
    kind: str
    value: str = ""


@dataclass
class Disguise:
    """Replaces names and numbers.

    Parameters
    ----------
    tokens : Tokens
    phrases : Phrases
        What is looked for; in the place of each phrase its kind and value (`entry`).
    numbers : Phrases
        Numbers that are looked for by themselves: what is a number and stands in a name too, as a plate may, is the number.
    stays : callable
        Whether a word of a name stays, from the word, its compared form and the name: 'van', 'Ltd', 'Street'.
    short : mapping
        (first letter, another word of the name) -> the word that is shortened so.
    brief : collection of str
        Short names, replaced where they stand by themselves exactly as they are written.
    nobody : collection of str
        Names in the compared form that are of no person and no firm of the case, such as those of messengers: they stay.
    known_places : collection
        Pairs of degrees of places of the case (`place_matching.shorten_pair`).
    find_positions : callable
        Where a reading finds positions in a text: none of their figures stays.
    """

    tokens: Tokens
    phrases: Phrases
    stays: Callable[[str, str, str], bool] = lambda *_: False
    short: Mapping[tuple[str, str], str] = field(default_factory=dict)
    code: Callable[[str], str] | None = None
    numbers: Phrases = field(default_factory=lambda: Phrases({}))
    brief: Collection[str] = ()
    nobody: Collection[str] = ()
    known_places: Collection[tuple[str, str]] = ()
    find_positions: Callable[[str], Iterable[tuple[int, int]]] = lambda _: ()
    _names: dict[str, str] = field(default_factory=dict)

    def rewrite_text(self, text: str, forced: Sequence[FixedSpan] = ()) -> str:
        """The text with everything replaced."""
        return self.replace_text(text, forced)[0]

    def replace_text(self, text: str, forced: Sequence[FixedSpan] = ()) -> tuple[str, list[Replacement]]:
        """The text with everything replaced, and the places in which it was."""
        if not text:
            return text, []
        text = (self.code or self.tokens.replace_hashes)(text)
        found = [one for one in self._find_forced(text) if not _is_chance(one, text)]
        known = [one for one in (*forced, *found) if one.kind != POSITION]
        read = [*((one.start, one.end) for one in forced if one.kind == POSITION), *self.find_positions(text)]
        moved = self._move_positions(text, [one for one in known if one.kind != NAME], read)
        moved += [
            Replacement(start, end, self.tokens.replace_word(text[start:end])) for start, end in self._find_signs(text)
        ]
        ranked = sorted(known, key=lambda one: (one.kind == NAME, one.start - one.end))
        shared = trim_places(text, [*moved, *(place for one in ranked for place in self._list_replacements(text, one))])
        held = mark_places(bytearray(len(text)), moved)
        places = sorted(
            (*moved, *(one for one in shared if not any(held[one.start : one.end]))), key=lambda one: one.start
        )
        return replace_places(text, places), places

    def _move_positions(
        self, text: str, numbers: Sequence[FixedSpan], read: Iterable[tuple[int, int]]
    ) -> list[Replacement]:
        """Positions on the globe, moved, and codes of squares, replaced; not those within a longer number or address.

        read : where a reading has found positions
        """
        found = place_matching.find_places(text, self.tokens.move, self.known_places)
        held = mark_places(bytearray(len(text)), found)
        for start, end in place_matching.find_squares(text):
            if not any(held[start:end]):
                square = text[start:end]
                made = align_format(square, self.tokens.number("square", compact_text(square).upper()), square)
                found.append(Replacement(start, end, made))
        mark_places(held, found)
        for start, end in read:
            rest = self._move_rest(text, start, end, held)
            found += rest
            mark_places(held, rest)
        return [place for place in found if not any(_is_longer(one, place) for one in numbers)]

    def _move_rest(self, text: str, start: int, end: int, held: bytearray) -> list[Replacement]:
        """What is left of a position once some places are moved: all of it, or other figures for those that they leave."""
        if not any(held[start:end]):
            return [Replacement(start, end, self.tokens.move_places(text[start:end]))]
        return self.tokens.replace_rest(text, start, end, held)

    def _find_forced(self, text: str) -> Iterator[FixedSpan]:
        """Names and numbers in a text; no part of a date is one."""
        dates = [match.span() for match in DATE.finditer(text)]
        for place in (*self.numbers.find(text), *self.phrases.find(text)):
            kind, value = parse_entry(place.instead)
            dated = any(start <= place.start and place.end <= end for start, end in dates)
            if not dated or kind in (NAME, LITERAL):
                yield FixedSpan(place.start, place.end, kind, value)

        for match in self._brief.finditer(text) if self._brief else ():
            yield FixedSpan(*match.span(), NAME)

    @cached_property
    def _brief(self) -> re.Pattern[str] | None:
        """The short names that are words, the longest first."""
        names = sorted(
            (re.escape(name) for name in self.brief if WORD.search(name)), key=lambda name: (-len(name), name)
        )
        return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)") if names else None

    def _find_signs(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names stand that have no letters."""
        for name in self.brief:
            if not WORD.search(name):
                yield from (match.span() for match in re.finditer(re.escape(name), text))

    def _list_replacements(self, text: str, one: FixedSpan) -> list[Replacement]:
        """What stands in the place of one finding: of a name word by word."""
        inner = text[one.start : one.end]
        if one.kind != NAME:
            return [Replacement(one.start, one.end, self.format_number(one.kind, one.value, inner))]
        return [Replacement(one.start + p.start, one.start + p.end, p.instead) for p in self._replace_words(inner)]

    # Names --------------------------------------------------------------------------------------------------------------

    def name(self, text: str) -> str:
        """A name, word by word."""
        known = self._names.get(text)
        if known is None:
            known = self._names[text] = replace_places(text, self._replace_words(text))
        return known

    def _replace_words(self, text: str) -> list[Replacement]:
        if normalise_name(text) in self.nobody:
            return []
        found = [(match.start(), match.end(), match[0]) for match in WORD.finditer(text)]
        forms = ["".join(split_words(word)) for *_, word in found]
        kept = [self.stays(word, form, text) for (*_, word), form in zip(found, forms, strict=True)]
        if len(kept) > 1 and all(kept):
            kept = [len(form) < 3 for form in forms]
        return [
            Replacement(start, end, made)
            for at, (start, end, word) in enumerate(found)
            if not kept[at] and (made := self._replace_word(word, forms, at)) != word
        ]

    def _replace_word(self, word: str, forms: Sequence[str], at: int) -> str:
        form = forms[at]
        if word[0].isdigit():
            return (
                fake_identifiers.randomise_signs(normalise_digits(word), self.tokens.draw("name", word))
                if len(word) >= LONG
                else word
            )
        if len(form) == 1 and word.isascii():
            return self._replace_initial(word, [other for other in forms if len(other) > 1])
        return self.replace_part(word, form)

    def replace_part(self, word: str, form: str) -> str:
        """A word of a name; Arabic letters and the article that are written in one with it stay before it."""
        before, rest = split_prefix(word) if fake_names.detect_script(word) == "ARABIC" else ("", word)
        return before + self.tokens.replace_word(rest)

    def _replace_initial(self, letter: str, others: Sequence[str]) -> str:
        word = next((found for other in others if (found := self.short.get((letter.casefold(), other)))), "")
        return self.tokens.replace_initial(letter, " ".join(others), word)

    # Numbers ------------------------------------------------------------------------------------------------------------

    def number(self, kind: str, value: str) -> str:
        """A number in its canonical form."""
        return self.tokens.number(kind, value)

    def format_number(self, kind: str, value: str, text: str) -> str:
        """What stands for a number as it is written in a text."""
        if kind == LITERAL:
            return _align_words(value, text)
        if kind == NAME:
            return self.name(text)
        token = self.tokens.number(kind, value)
        if kind == "imei" and (made := _format_handset(value, token, text)):
            return made
        start, end = _find_own_part(value, text)
        return self.name(text[:start]) + align_format(value, token, text[start:end]) + self.name(text[end:])


def _is_longer(one: FixedSpan, place: Replacement) -> bool:
    """Whether a number or an address touches a place and goes on beyond it."""
    return one.start < place.end and place.start < one.end and one.end - one.start > place.end - place.start


def _align_words(made: str, text: str) -> str:
    """A day in the way in which another is written: what stands between its parts, and its capitals.

    >>> _align_words("21 november 1971", "14-MAY-1971"), _align_words("21.11.1971", "14051971")
    ('21-NOVEMBER-1971', '21111971')
    """
    old, new = list(WORD.finditer(text)), WORD.findall(made)
    if len(old) == len(new):
        pairs = zip(old, new, strict=True)
        return replace_places(
            text, [Replacement(*one.span(), fake_names.match_capitals(word, one[0])) for one, word in pairs]
        )
    return compact_text(made) if compact_text(text).isdigit() else fake_names.match_capitals(made, text)


def _is_chance(one: FixedSpan, text: str) -> bool:
    """Whether a short number or a day was found only because its figures stand near each other."""
    if one.kind == LITERAL:
        figures = compact_text(text[one.start : one.end])
        parts = len(WORD.findall(text, one.start, one.end))
        month = MONTH.match(normalise_digits(text), one.start, len(text)) if parts == 2 else None
        return figures.isdigit() and len(figures) < WHOLE and parts < 3 and (month is None or month.end() != one.end)
    short = len(one.value) < SHORT and one.value.isdigit()
    return short and one.kind != NAME and not text[one.start : one.end].isdigit()


def encode_entry(kind: str, value: str = "") -> str:
    """What stands in the place of a phrase: its kind and the value that it means."""
    return f"{kind}{PART}{value}"


def parse_entry(text: str) -> tuple[str, str]:
    """Kind and value of an entry."""
    kind, _, value = text.partition(PART)
    return kind, value


def split_prefix(word: str) -> tuple[str, str]:
    """An Arabic word as what is written in one with it (and, in, to; the article) and the word itself."""
    article = re.match(r"[وفبك]?(?:ال|لل)(?=\w{3})", word)
    return (word[: article.end()], word[article.end() :]) if article else ("", word)


def align_format(value: str, token: str, text: str) -> str:
    """A token in the way in which its original is written: grouping, capitals, with or without the country.

    >>> align_format("+447700900967", "+447700900123", "(0)7700 900-967")
    '(0)7700 900-123'
    """
    if token not in (token.upper(), token.lower()):  # capitals are part of it, as in wallets
        return token
    plain, old, new = compact_text(text), compact_text(value), compact_text(token)
    if len(old) != len(new) or not plain.isascii():
        return token.upper() if text.isupper() and "@" in token else token
    if plain == old:
        made = new
    elif (end := _count_common_signs(plain[::-1], old[::-1])) >= COMMON and old[: len(old) - end] == new[
        : len(new) - end
    ]:
        made = plain[: len(plain) - end] + new[len(new) - end :]
    elif (start := _count_common_signs(plain, old)) >= COMMON:
        made = new[:start] + plain[start:]
    else:
        return token
    signs = iter(made)
    return "".join(_match_case(next(signs), sign) if compact_text(sign) else sign for sign in text)


def _match_case(new: str, old: str) -> str:
    return new.upper() if old.isupper() else new


def _count_common_signs(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _find_own_part(value: str, text: str) -> tuple[int, int]:
    """Where a number stands in a text: without the words before or behind it, which may be a name.

    >>> text = "Ada Brook (0)7700 900967"
    >>> text[slice(*_find_own_part("+447700900967", text))]
    ' (0)7700 900967'
    """
    places = [at for at, sign in enumerate(text) for _ in compact_text(sign)]
    plain, old = "".join(map(compact_text, text)), compact_text(value)
    if plain == old:
        return 0, len(text)
    if (count := _count_common_signs(plain[::-1], old[::-1])) >= COMMON:
        return places[-count] - _count_figures(text[: places[-count]][::-1]), len(text)
    if (count := _count_common_signs(plain, old)) >= COMMON:
        end = places[count - 1] + 1
        return 0, end + _count_figures(text[end:])
    return 0, len(text)


def _count_figures(text: str) -> int:
    """Signs before the first letter of a text."""
    return next((at for at, sign in enumerate(text) if sign.isalpha()), len(text))


def _format_handset(value: str, token: str, text: str) -> str:
    """The number of a handset with the digits behind it: a check digit that holds where the old one held."""
    old = compact_text(text)
    if len(old) not in (14, 15, 16) or old[:14] != value[:14] or len(token) < 14:
        return ""
    rest = old[14:]
    if len(rest) == 1 and rest == fake_identifiers.compute_check_digit(old[:14]):
        rest = fake_identifiers.compute_check_digit(token[:14])
    signs = iter(token[:14] + rest)
    return "".join(next(signs) if compact_text(sign) else sign for sign in text)


def shift_covering_span(start: int, end: int, places: Iterable[Replacement]) -> tuple[int, int]:
    """Where a span of a text lies once its places are replaced; what cuts into a place takes all of it."""
    moved, first, last = 0, None, None
    for place in places:
        if first is None and start < place.end:
            first = moved + min(start, place.start) if start > place.start else start + moved
        if last is None and end <= place.start:
            last = end + moved
        if last is None and end <= place.end:
            last = place.start + moved + len(place.instead)
        moved += len(place.instead) - (place.end - place.start)
    return (start + moved if first is None else first), (end + moved if last is None else last)
