"""Names in the text of a message against the persons in its list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.messages.fields import Hit, texts
from workbench.messages.lists import words
from workbench.messages.message import Correspondence, Person
from workbench.messages.surroundings import Surroundings

CAPITALS = re.compile(
    r"(?<!\w)[^\W\d_a-z\u0600-\u06ff]{3,}(?:[ '-][^\W\d_a-z\u0600-\u06ff]{3,}){0,2},? [^\W\d_a-z][^\W\d_A-Z]+(?!\w)"
)
"""SURNAME Forename, as bureaux write names. Words in capitals and a capitalised word after them; Arabic words are neither."""
CLOSE = 88
"""Likeness, of 100, from which two spellings may be of one name (rapidfuzz's ratio)."""


def not_structured(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Persons whom the text names and who are not in the list of persons."""
    known = [_parts(f"{one.family_name} {one.forename}") for one in message.persons]
    aliases = [_parts(alias) for one in message.persons for alias in one.aliases]
    for field, start, end, name in _named(message, around):
        parts = _parts(name)
        listed = any(parts <= other or (other and other <= parts) for other in (*known, *aliases))
        if not listed and not any(_alike(name, one) for one in message.persons):
            yield Hit(field, start, end, name)


def two_spellings(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Names in the text that are almost, and not quite, one in the list."""
    for field, start, end, name in _named(message, around):
        if any(
            _parts(name) <= _parts(f"{one.family_name} {one.forename} {' '.join(one.aliases)}")
            for one in message.persons
        ):
            continue
        for one in message.persons:
            if _alike(name, one):
                yield Hit(field, start, end, name, f"{one.family_name.upper()} {one.forename}")
                break


def unclear_order(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Full names in the list that stand in one field, so that nobody can tell the family name from the forename."""
    for number, one in enumerate(message.persons):
        if one.family_name and not one.forename and " " in one.family_name.strip() and not one.family_name.isupper():
            yield Hit(f"persons[{number}].family_name", quote=one.family_name)


def unknown_place(message: Correspondence, around: Surroundings) -> Iterator[Hit]:
    """Places that the reader says no list of places has."""
    for field, text in texts(message):
        yield from (
            Hit(field, one.start, one.end, one.text) for one in around.reader(text) if one.kind == "unknown place"
        )


def near_name(text: str, span: tuple[int, int]) -> bool:
    """Whether a span lies in something that is written like SURNAME Forename."""
    return any(start <= span[0] and span[1] <= end for start, end, _ in _shaped(text))


def _named(message: Correspondence, around: Surroundings) -> Iterator[tuple[str, int, int, str]]:
    """Field, span and words of each person named in the text: what the reader finds, and SURNAME Forename; each name once."""
    seen: set[frozenset[str]] = set()
    for field, text in texts(message):
        read = [(one.start, one.end, one.text) for one in around.reader(text) if one.kind == "person"]
        for start, end, name in sorted({*read, *_shaped(text)}):
            if (parts := _parts(name)) and parts not in seen:
                seen.add(parts)
                yield field, start, end, name


def _shaped(text: str) -> Iterator[tuple[int, int, str]]:
    """Span and words of each SURNAME Forename. Scripts without capitals have none."""
    for match in CAPITALS.finditer(text):
        surname, _, forename = match[0].rpartition(" ")
        if surname.isupper() and forename[0].isupper() and not _ordinary(match[0]):
            yield *match.span(), match[0]


def _ordinary(found: str) -> bool:
    """Whether a word of the find is none of a name: BUREAU, POLICE, REQUEST and the like."""
    return any(True for one in words("headings") for _ in one.find(found))


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{2,}", name.casefold()))


def _alike(name: str, person: Person) -> bool:
    from rapidfuzz import fuzz

    full = " ".join(sorted(_parts(f"{person.family_name} {person.forename}")))
    return CLOSE <= fuzz.ratio(" ".join(sorted(_parts(name))), full) < 100
