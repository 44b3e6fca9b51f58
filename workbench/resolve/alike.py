"""Names that may mean one person although they are written differently: initials, parts, nicknames, spellings, scripts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.model.catalogue import Voice, say
from workbench.model.latin import transliterated
from workbench.model.names import normalise
from workbench.resolve import scripts

SHORTEST = 3
"""Letters that a single name needs before part or spelling says anything."""
ALIKE = 0.65
"""Jaro-Winkler similarity in [0, 1] that names of one sound need: 'Liss' and 'Lizz' have 0.67."""

ACROSS = 0.55
"""Weight of names that agree in every part across scripts."""


@dataclass(frozen=True)
class Name:
    """A name as written, with the forms in which it is compared."""

    text: str

    @cached_property
    def key(self) -> str:
        """Normalised form."""
        return normalise(self.text)

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


Alike = tuple[Name, Name, str, float]
"""Two names, why they may mean one person, and the weight of the reason."""


def name_reasons(names: Sequence[Name]) -> Iterator[Alike]:
    """Pairs of different names that may mean one person.

    Quick: names are compared only where they share a word, a sound or initials.
    """
    yield from _initials(names)
    yield from _parts(names)
    yield from _spelling(names)
    yield from _across(names)


def _initials(names: Sequence[Name]) -> Iterator[Alike]:
    """'NB' and 'Nerijus Bos'."""
    short = {name.key: name for name in names if len(name.tokens) == 1 and 2 <= len(name.key) <= 4}
    for name in names:
        if name.initials in short:
            yield (
                short[name.initials],
                name,
                say("reason.initials", short=short[name.initials].text, name=name.text),
                0.45,
            )


def _parts(names: Sequence[Name]) -> Iterator[Alike]:
    """'Rosie' and 'Rosie Boudica': all words of one are words of the other. Said with how many others it could be."""
    by_word: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for token in set(name.tokens):
            by_word[token].append(name)
    for name in names:
        words = set(name.tokens)
        if not words or len(name.key) < SHORTEST:
            continue
        wider = [
            other for other in by_word[min(words, key=lambda word: len(by_word[word]))] if words < set(other.tokens)
        ]
        for other in wider:
            rest = len(wider) - 1
            both = {"short": name.text, "name": other.text}
            text = Voice().count("reason.part_of", rest, **both) if rest else say("reason.part", **both)
            yield name, other, text, 0.5 if len(wider) == 1 else 0.3


def _spelling(names: Sequence[Name]) -> Iterator[Alike]:
    """'Lizz' and 'Liss' sound alike; 'Lizz' begins 'Lizzie': short forms and spellings of single names."""
    from rapidfuzz.distance import JaroWinkler

    by_sound: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.sound:
            by_sound[name.sound].append(name)
    for sound, group in by_sound.items():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                if one.key[0] == other.key[0] and JaroWinkler.similarity(one.key, other.key) >= ALIKE:
                    yield one, other, say("reason.sound", one=one.text, other=other.text), 0.35
        yield from _short_forms(group, by_sound, sound)


def _across(names: Sequence[Name]) -> Iterator[Alike]:
    """'كريم الفاسي' and 'Karim al-Fassi'. What is given in brackets is a guess at the sound, no spelling that anybody uses."""
    known = {name.text: name for name in names}
    for one, other, score in scripts.pairs([name.text for name in names]):
        shown = transliterated(one) or transliterated(other)
        text = say("reason.scripts", one=one, other=other, read=shown)
        yield known[one], known[other], text, round(ACROSS * score, 3)


def _short_forms(group: Sequence[Name], by_sound: dict[str, list[Name]], sound: str) -> Iterator[Alike]:
    """Names whose sound goes on where a shorter name's sound ends, and that begin with the same letters."""
    longer = [other for key, found in by_sound.items() if key != sound and key.startswith(sound) for other in found]
    for one in group:
        for other in longer:
            if len(one.key) >= 4 and other.key.startswith(one.key):
                yield one, other, say("reason.short", short=one.text, name=other.text), 0.35
