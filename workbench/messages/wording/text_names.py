"""Names in the text of a message against the persons in its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from unicodedata import normalize

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import MARKS, get_words
from workbench.messages.model.message import Correspondence, Person
from workbench.messages.model.message_fields import FieldSpan, list_texts, list_values
from workbench.messages.wording.person_words import (
    ENDS,
    NO_NAMES,
    find_capitalised,
    find_persons,
    has_listed_word,
    is_preceded_by,
    list_name_parts,
)
from workbench.messages.wording.quoted_speech import QUOTED

THINGS = (
    "persons.place_of_birth", "objects.description", "objects.number", "event.place", "assets.description", "account_holder",
    "from_bureau",
)  # fmt: skip
"""Fields whose words explain a name in the text that is nobody's in the list."""
OTHERS = (
    "persons.parents", "decisions.authority", "assessment.authority", "requesting_authority", "requesting_contact",
    "conducting_authority", "central_authority", "sources.name", "author", "approver",
)  # fmt: skip
"""Fields that name parents, officers and authorities, who need not be in the list."""
WORD = re.compile(r"(?<![\w'’<-])[^\W\d_a-z\u0600-\u06ff]{5,}(?![\w<-])")
ARABIC = re.compile(r"[\u0621-\u064a\u064b-\u0652]{3,}")
JOINED = re.compile(r"^[وفبلك](?=\w{3})")
"""A letter that Arabic writes in one with the word after it."""
SHORT = 3
"""Letters of an Arabic name that are too few to tell it from another one."""
CLOSE, NEARLY = 88, 75
"""Likeness, of 100, from which two spellings may be of one name (rapidfuzz's ratio): whole names, and one part where the other is equal."""


def not_structured(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Persons whom the text names and who are not in the list of persons."""
    known = [_list_known_names(one) for one in message.persons]
    surnames = frozenset(word for one in message.persons for word in list_name_parts(one.family_name))
    for field, start, end, name in _find_named(message, around):
        mine = list_name_parts(name)
        listed = any(mine <= other or (other and other <= mine) for names in known for other in names)
        lone = (
            name.split()[-1].isupper()
            and list_name_parts(name.split()[-1]) <= surnames
            and _is_sentence_start(message, field, start)
        )
        if not listed and not lone and not any(_is_similar(name, one) for one in message.persons):
            yield FieldSpan(field, start, end, name)


def two_spellings(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Names in the text that are almost, and not quite, one in the list."""
    listed = [frozenset().union(*_list_known_names(one)) for one in message.persons]
    seen = set()
    for field, start, end, name in (*_find_named(message, around), *_find_capitals(message)):
        if any(list_name_parts(name) <= other for other in listed) or name in seen:
            continue
        for one in message.persons:
            if _is_similar(name, one):
                seen |= {name, *name.split()}
                whole = " " in name
                yield FieldSpan(
                    field,
                    start,
                    end,
                    name,
                    f"{one.family_name.upper()} {one.forename}" if whole else one.family_name.upper(),
                )
                break
    yield from _find_arabic_spellings(message)


def _find_arabic_spellings(message: Correspondence) -> Iterator[FieldSpan]:
    """Two Arabic words of which one is of a name in the list and the other almost: another hamza, ending or article, a letter more."""
    for one in message.persons:
        whole = one.name_in_original_script or f"{one.family_name} {one.forename}"
        mine = [MARKS.sub("", word) for name in (whole, *one.aliases) for word in ARABIC.findall(name)]
        yield from _find_arabic_subject(message, one, mine)
        for field, text in list_texts(message):
            found = list(ARABIC.finditer(text))
            for left, right in pairwise(found):
                said = [_strip_signs(match[0], mine) for match in (left, right)]
                other = next((word for word, same in zip(said, reversed(said), strict=True) if same in mine), "")
                if text[left.end() : right.start()] == " " and other not in mine and _is_nearly_known(other, mine):
                    yield FieldSpan(field, left.start(), right.end(), text[left.start() : right.end()], whole.strip())
                    break


def _find_arabic_subject(message: Correspondence, one: Person, mine: list[str]) -> Iterator[FieldSpan]:
    """The surname at the end of a subject, where it is nearly one of the list."""
    at = message.subject.rfind("/") + 1
    for match in ARABIC.finditer(message.subject, at) if at else ():
        word = _strip_signs(match[0], mine)
        if word not in mine and _is_nearly_known(word, mine):
            yield FieldSpan("subject", *match.span(), match[0], one.family_name)


def _strip_signs(word: str, known: list[str]) -> str:
    """A word without vowel signs, and without a letter joined to it where the rest is known."""
    bare = MARKS.sub("", word)
    return JOINED.sub("", bare) if JOINED.sub("", bare) in known else bare


def _is_nearly_known(word: str, known: list[str]) -> bool:
    """Whether a word is one of some names but for a letter more, less, changed or moved; names of three letters are too short to tell."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    folded, *names = ("".join(sorted(list_name_parts(name))) for name in (word, *known))
    return len(folded) > SHORT and any(
        fuzz.ratio(folded, name) >= CLOSE - 4 or OSA.distance(folded, name) <= 1 for name in names if len(name) > SHORT
    )


def unclear_order(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Full names that stand in one field of the list, and names of the list that the text does not write SURNAME Forename."""
    for number, one in enumerate(message.persons):
        if one.family_name and not one.forename and " " in one.family_name.strip() and not one.family_name.isupper():
            yield FieldSpan(f"persons[{number}].family_name", quote=one.family_name)
        if " " in one.forename.strip() and not one.family_name:
            yield FieldSpan(f"persons[{number}].forename", quote=one.forename)
        if one.forename.isupper() and len(one.forename) > 3 and one.family_name.istitle():
            yield FieldSpan(f"persons[{number}].family_name", quote=one.family_name)
        if one.family_name and one.forename and re.search("[A-Za-z]", one.family_name):
            yield from _find_other_order(message, one)


def _find_other_order(message: Correspondence, one: Person) -> Iterator[FieldSpan]:
    surname, forename = (_build_name_pattern(name) for name in (one.family_name, one.forename))
    pattern = re.compile(
        rf"(?<!\w)(?:{forename}\s+(?:[A-Z][a-z]*\.?\s+)?(?P<last>{surname})|(?P<first>{surname}),?\s+{forename})(?!\w)",
        re.IGNORECASE,
    )
    for field, text in list_texts(message):
        quoted = [match.span() for match in QUOTED.finditer(text)]
        for match in pattern.finditer(text):
            if (match["last"] or not match["first"].isupper()) and not any(a <= match.start() < b for a, b in quoted):
                yield FieldSpan(field, *match.span(), match[0], f"{one.family_name.upper()} {one.forename}")


def _build_name_pattern(name: str) -> str:
    """A name as a pattern: the whole, or its first word."""
    pieces = [re.escape(piece) for piece in re.split(r"[\s-]+", name) if piece]
    return f"(?:{r'[ -]+'.join(pieces)}|{pieces[0]})" if pieces else ""


def unknown_place(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Places that the reader says no list of places has, each once; regions, streets, firms and parts of longer names are left out."""
    names = frozenset().union(*(name for one in message.persons for name in _list_known_names(one)))
    seen: set[frozenset[str]] = set()
    for field, text in list_texts(message):
        persons = list(find_capitalised(text))
        for one in around.reader(text):
            if (
                one.kind == "unknown place"
                and not list_name_parts(one.text) & names
                and list_name_parts(one.text) not in seen
                and not has_listed_word(one.text, "regions")
                and not ENDS.search(one.text)
                and not any(start < one.end and one.start < end for start, end, _ in persons)
                and (is_preceded_by(text, one.start, "settlements") or not _is_other_name(text, one.start, one.end))
            ):
                seen.add(list_name_parts(one.text))
                yield FieldSpan(field, one.start, one.end, one.text)


def _is_other_name(text: str, start: int, end: int) -> bool:
    """Whether a place is a street, a building, a firm or an authority, or a piece of a hyphenated name."""
    name = text[start:end]
    joined = re.match(r"[-–/’']\w| [A-Z]", text[end : end + 2]) or re.search(
        r"\w[-–/]$", text[max(0, start - 2) : start]
    )
    return bool(
        joined
        or re.search(r"\d|(?:stra(?:ss|ß)e|allee|platz|gasse|straat|gatan|plein)$", name)
        or (" " not in name and _is_first_word(text, start))
        or is_preceded_by(text, start, "streets", "before_firm", "titles", "ranks")
        or has_listed_word(name, *NO_NAMES)
        or any(one.pattern.match(text, end + 1) for each in ("streets", "firms") for one in get_words(each))
    )


def _is_first_word(text: str, start: int) -> bool:
    """Whether a sentence begins at a place, so that a capital says nothing."""
    return not text[:start].strip() or bool(re.search(r"[.!?:;\n]\s*$", text[:start]))


def is_near_name(text: str, span: tuple[int, int]) -> bool:
    """Whether a span lies in something that is written like a name."""
    return any(start <= span[0] and span[1] <= end for start, end, _ in find_capitalised(text))


def _find_named(message: Correspondence, around: Surroundings) -> Iterator[tuple[str, int, int, str]]:
    """Field, span and words of each person named in the text, each name once."""
    seen: set[frozenset[str]] = set()
    things, others = (
        frozenset(
            word for path in paths for _, value in list_values(message, path) for word in list_name_parts(str(value))
        )
        for paths in (THINGS, OTHERS)
    )
    for field, text in list_texts(message):
        for start, end, name in find_persons(text, around if field != "subject" else Surroundings(), things, others):
            if (mine := list_name_parts(name)) and mine not in seen:
                seen.add(mine)
                yield field, start, end, name


def _find_capitals(message: Correspondence) -> Iterator[tuple[str, int, int, str]]:
    """Field, span and words of each single word in capitals."""
    for field, text in list_texts(message):
        yield from ((field, *match.span(), match[0]) for match in WORD.finditer(text) if match[0].isupper())


def _is_sentence_start(message: Correspondence, field: str, start: int) -> bool:
    """Whether a sentence begins at a place, so that a capital says nothing."""
    return _is_first_word(next((text for name, text in list_texts(message) if name == field), ""), start)


def _list_known_names(one: Person) -> list[frozenset[str]]:
    """What the list calls a person: name, aliases, the name in its own script."""
    return [
        list_name_parts(name)
        for name in (f"{one.family_name} {one.forename}", *one.aliases, one.name_in_original_script)
        if name
    ]


def _is_similar(name: str, person: Person) -> bool:
    """Whether a name is nearly one of the list: on the whole, in its family name, or in one part where the other is equal."""
    from rapidfuzz import fuzz

    mine, surname, forename = (
        list_name_parts(name),
        list_name_parts(person.family_name),
        list_name_parts(person.forename),
    )
    ratio = fuzz.ratio(_join_sorted(mine), _join_sorted(surname | forename))
    if CLOSE <= ratio < 100:
        return True
    if len(mine) == len(surname) and not forename & mine:
        return CLOSE - 4 <= fuzz.ratio(_join_sorted(mine), _join_sorted(surname)) < 100
    shared, left, other = mine & (surname | forename), mine - surname - forename, (surname | forename) - mine
    return bool(shared and left and other) and _has_near_parts(left, other)


def _has_near_parts(left: frozenset[str], other: frozenset[str]) -> bool:
    from rapidfuzz import fuzz

    mine, theirs = _join_sorted(left), _join_sorted(other)
    near = mine[0] == theirs[0] and fuzz.ratio(mine, theirs) >= NEARLY
    return min(len(mine), len(theirs)) > 3 and (
        near or (_extract_consonants(mine) == _extract_consonants(theirs) and len(_extract_consonants(mine)) > 2)
    )


def _extract_consonants(name: str) -> str:
    """The consonants of a name as transliterations agree in them: Mohamed and Muhammad, Yusuf and Youssef."""
    plain = re.sub(r"[^a-z]", "", normalize("NFKD", name)).translate(str.maketrans("qc", "kk", "aeiou"))
    return re.sub(r"(\w)\1+", r"\1", re.sub(r"\B[yw]|h$", "", plain))


def _join_sorted(words_: frozenset[str]) -> str:
    return " ".join(sorted(words_))


def list_name_words(message: Any) -> frozenset[str]:  # noqa: ANN401
    """Words of the names of all persons in the list."""
    return frozenset().union(*(name for one in message.persons for name in _list_known_names(one)))
