"""Names that may mean one person although they are written differently: initials, parts, nicknames, spellings, scripts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from workbench.model.catalogue import Translator, translate
from workbench.model.text.normalise import normalise_name
from workbench.model.text.transliteration import transliterate_name
from workbench.resolve import script_variants

SHORTEST = 3
"""Letters that a single name needs before part or spelling says anything."""
ALIKE = 0.65
"""Jaro-Winkler similarity in [0, 1] that names of one sound need: 'Liss' and 'Lizz' have 0.67."""

MAX_BLOCK = 60
"""Things that share a value are compared with each other only up to this number: more of them say that the value is common."""
SCANNED = 20 * MAX_BLOCK
"""Names that are looked through for those that have all words of another."""

LAST = "\U0010ffff"
ACROSS = 0.55
"""Weight of names that agree in every part across scripts."""


@dataclass(frozen=True)
class Name:
    """A name as written, with the forms in which it is compared."""

    text: str

    @cached_property
    def key(self) -> str:
        """Normalised form."""
        return normalise_name(self.text)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Words of the normalised form."""
        return tuple(self.key.split())

    @cached_property
    def initials(self) -> str:
        """First letters, '' for a single word."""
        return "".join(token[0] for token in self.tokens) if len(self.tokens) > 1 else ""

    @cached_property
    def sound(self) -> str:
        """Metaphone code of a single word of at least three Latin letters, '' otherwise."""
        from jellyfish import metaphone

        single = len(self.tokens) == 1 and len(self.key) >= SHORTEST and self.key.isascii() and self.key.isalpha()
        return metaphone(self.key) if single else ""


@dataclass(frozen=True, slots=True)
class Common:
    """What more things share than are compared with each other: how (a key of the catalogue), the value, how many."""

    how: str
    value: str
    count: int


Alike = tuple[Name, Name, str, float]
"""Two names, why they may mean one person, and the weight of the reason."""


def name_reasons(names: Sequence[Name], common: list[Common] | None = None) -> Iterator[Alike]:
    """Pairs of different names that may mean one person; what too many share to be compared is added to `common`.

    Quick: names are compared only where they share a word, a sound or initials, and no more than MAX_BLOCK of them.
    """
    common = [] if common is None else common
    yield from _find_initials(names, common)
    yield from _find_parts(names, common)
    yield from _find_spellings(names, common)
    yield from _compare_scripts(names)


def _find_initials(names: Sequence[Name], common: list[Common]) -> Iterator[Alike]:
    """'NB' and 'Nerijus Bos'."""
    short = {name.key: name for name in names if len(name.tokens) == 1 and 2 <= len(name.key) <= 4}
    bearers: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.initials in short:
            bearers[name.initials].append(name)
    for initials, found in bearers.items():
        one = short[initials]
        if _is_few("initials", one.text, len(found), common):
            for name in found:
                yield one, name, translate("reason.initials", short=one.text, name=name.text), 0.45


def _find_parts(names: Sequence[Name], common: list[Common]) -> Iterator[Alike]:
    """'Rosie' and 'Rosie Boudica': all words of one are words of the other. Said with how many others it could be."""
    by_word: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for token in set(name.tokens):
            by_word[token].append(name)
    for name in names:
        words = set(name.tokens)
        if not words or len(name.key) < SHORTEST:
            continue
        wider = _find_wider_names(name, min((by_word[word] for word in words), key=len), common)
        for other in wider:
            rest = len(wider) - 1
            both = {"short": name.text, "name": other.text}
            text = Translator().count("reason.part_of", rest, **both) if rest else translate("reason.part", **both)
            yield name, other, text, 0.5 if len(wider) == 1 else 0.3


def _find_wider_names(name: Name, near: Sequence[Name], common: list[Common]) -> list[Name]:
    """Of names those that have all words of one and more; none where they are too many to say anything."""
    if len(near) > SCANNED:
        _is_few("part", name.text, len(near) - 1, common)
        return []
    words = set(name.tokens)
    found = [other for other in near if words < set(other.tokens)]
    return found if _is_few("part", name.text, len(found), common) else []


def _find_spellings(names: Sequence[Name], common: list[Common]) -> Iterator[Alike]:
    """'Lizz' and 'Liss' sound alike; 'Lizz' begins 'Lizzie': short forms and spellings of single names."""
    from rapidfuzz.distance import JaroWinkler

    by_sound: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.sound:
            by_sound[name.sound].append(name)
    for group in by_sound.values():
        if not _is_few("sound", group[0].text, len(group), common):
            continue
        for one, other in combinations(group, 2):
            if one.key[0] == other.key[0] and JaroWinkler.similarity(one.key, other.key) >= ALIKE:
                yield one, other, translate("reason.sound", one=one.text, other=other.text), 0.35
    yield from _find_short_forms([name for group in by_sound.values() for name in group], common)


def _compare_scripts(names: Sequence[Name]) -> Iterator[Alike]:
    """'كريم الفاسي' and 'Karim al-Fassi'. What is given in brackets is a guess at the sound, no spelling that anybody uses."""
    known = {name.text: name for name in names}
    for one, other, score in script_variants.find_pairs([name.text for name in names]):
        shown = transliterate_name(one) or transliterate_name(other)
        text = translate("reason.scripts", one=one, other=other, read=shown)
        yield known[one], known[other], text, round(ACROSS * score, 3)


def _find_short_forms(names: Sequence[Name], common: list[Common]) -> Iterator[Alike]:
    """Names whose sound goes on where a shorter name's sound ends, and that begin with the same letters."""
    ordered = sorted(names, key=lambda name: name.key)
    keys = [name.key for name in ordered]
    for one in names:
        if len(one.key) < 4:
            continue
        begun = ordered[bisect_left(keys, one.key) : bisect_left(keys, one.key + LAST)]
        longer = [other for other in begun if other.sound != one.sound and other.sound.startswith(one.sound)]
        if _is_few("short", one.text, len(longer), common):
            for other in longer:
                yield one, other, translate("reason.short", short=one.text, name=other.text), 0.35


def _is_few(how: str, value: str, count: int, common: list[Common]) -> bool:
    """Whether a value is shared by so few that it says something; if not it is noted."""
    if count > MAX_BLOCK:
        common.append(Common(how, value, count))
    return count <= MAX_BLOCK
