"""Which words of a text name a person: what the reader takes for one and what is written SURNAME Forename, less what is something else.

Machines take ships, firms, streets, towns and headings for persons. What stands before and after a name, and what the fields of the
message say, tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import find_first_word, get_words

CAPITAL = r"[^\W\d_a-z\u0600-\u06ff]"
SMALL = r"[^\W\d_A-Z\u0600-\u06ff]"
PREFIX = "DE|DEL|DA|DI|DO|DOS|DU|LA|LE|LOS|VAN|VON|DEN|DER|EL|AL|BIN|BEN|IBN"
SURNAME_FIRST = re.compile(
    rf"(?<!\w)(?P<surname>(?:(?:{PREFIX})[ '’-]){{0,3}}{CAPITAL}{{3,}}(?:[ '’-]{CAPITAL}{{2,}}){{0,2}}),? {CAPITAL}{SMALL}+(?!\w)"
)
"""SURNAME Forename, as bureaux write names. Words in capitals and a capitalised word after them; Arabic words are neither."""
SURNAME_LAST = re.compile(
    rf"(?<!\w){CAPITAL}{SMALL}+(?:-{CAPITAL}{SMALL}+)? (?P<surname>{CAPITAL}{{4,}}(?:[ '’-]{CAPITAL}{{3,}})?)(?![\w-])"
)
ENDS = re.compile(r"(?<=\w{3}[.!?:;])\s+|\s*\n\s*|[«»“”\"()]")
"""Where a sentence ends, so that what spans it is no name."""
OFFICE = re.compile(r"^(?:(?:El|La|Le|The|Los|Les) )?[A-Z]{2,6}(?: (?:de|of|du|del)\b|$)|^(?:El|La|Le|Les|Los|The) ")
"""An article before a capital, or letters that stand for an office: La DGX, NCX de Lyon."""
ARABIC = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل))(?=\w{3})")
ARABIC_WORD = re.compile(r"[\u0600-\u06ff]")
"""A name of Arabic letters: its reader tells places itself."""
FOLDED = str.maketrans("أإآىة", "ااايه")
NEAR = 30
"""Characters before a name in which a word may say what it is."""
NO_NAMES = ("headings", "streets", "firms", "before_firm", "ranks", "makes")
"""Lists of words that are part of no person's name."""
CLAUSE = re.compile(r"[.!?؟;\n]")
EITHER = frozenset("da de del della der des di do dos du el ibn la le van von y bin ben bint".split())
"""Small words of names, which tell nobody apart."""


def find_persons(
    text: str, around: Surroundings, things: frozenset[str] = frozenset(), others: frozenset[str] = frozenset()
) -> Iterator[tuple[int, int, str]]:
    """Span and words of each mention of a person.

    `things` are words of places, firms and objects that the message lists, `others` those of parents, officers and authorities.
    """
    written = {(start, end) for start, end, _ in find_capitalised(text)}
    found = {
        span for span in written if not _is_official(text, *span) and not list_name_parts(text[slice(*span)]) <= others
    }
    read = {
        span for one in around.reader(text) if one.kind == "person" for span in _split_mention(text, one.start, one.end)
    }
    left = {span for span in read if not any(span[0] < end and start < span[1] for start, end in written)}
    known = things | others
    kept = {
        span for span in left if not _is_other_name(text, *span) and not list_name_parts(text[slice(*span)]) <= known
    }
    dropped = {list_name_parts(text[slice(*span)]) for span in left - kept}
    yield from (
        (*span, text[slice(*span)])
        for span in sorted(found | kept)
        if list_name_parts(text[slice(*span)]) not in dropped
    )


def find_capitalised(text: str) -> Iterator[tuple[int, int, str]]:
    """Span and words of each SURNAME Forename and Forename SURNAME. Scripts without capitals have none."""
    taken: list[tuple[int, int]] = []
    for pattern in (SURNAME_FIRST, SURNAME_LAST):
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken) and _is_name(text, match):
                taken.append(match.span())
                yield *match.span(), match[0]


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether capitals and a capitalised word are of a person, and not of a heading, an authority, a street, a firm or a ship."""
    surname, name = match["surname"], match[0]
    written = surname.isupper() and all(word[0].isupper() for word in name.split())
    return (
        written
        and surname.lower() not in _load_abbreviations()
        and may_be_person(name)
        and not _is_firm(text, *match.span())
    )


def may_be_person(name: str) -> bool:
    """Whether no word of a name is of a heading, authority, street or firm, and none at its ends an article or title."""
    ends = (name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1])
    heads = (one for each in ("articles", "titles") for one in get_words(each))
    return not has_listed_word(name, *NO_NAMES) and not any(one.pattern.fullmatch(end) for one in heads for end in ends)


def list_name_parts(name: str) -> frozenset[str]:
    """Words of a name by which it is compared: small letters, without the article and what is joined to it in Arabic."""
    return frozenset(ARABIC.sub("", word).translate(FOLDED) for word in re.findall(r"\w{2,}", name.casefold())) - EITHER


def is_preceded_by(text: str, start: int, *lists: str) -> bool:
    """Whether a word of one of some lists stands right before a place in a text, an article between at most."""
    near = re.split(r"[.!?;:]\s", text[max(0, start - NEAR) : start])[-1]
    return any(
        re.fullmatch(
            r"[\s,'’]*(?:(?:the|la|le|les|l|el|los|las|du|de|del|des|d|of|n|no|du port|لل|ال)[\s'’°.]+){0,2}",
            near[end:],
        )
        for name in lists
        for one in get_words(name)
        for _, end, _ in one.find(near)
    )


def _split_mention(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of a mention of two words and more that stand in one sentence, without titles and headings before them."""
    at = start
    for piece in [*ENDS.finditer(text[start:end]), None]:
        stop = start + piece.start() if piece else end
        begin = _skip_titles(text, at, stop)
        if len(text[begin:stop].split()) > 1:
            yield begin, stop
        at = start + piece.end() if piece else end


def _skip_titles(text: str, start: int, end: int) -> int:
    heads = [one for name in ("titles", "headings", "ranks", "articles") for one in get_words(name)]
    while match := next(
        (
            found
            for one in heads
            if (found := re.compile(rf"(?:{one.pattern.pattern})[.:,]?\s+", re.IGNORECASE).match(text, start, end))
        ),
        None,
    ):
        start = match.end()
    return start


def _is_other_name(text: str, start: int, end: int) -> bool:
    """Whether what the reader takes for a person is a place, a firm, a ship, a heading, or an officer who is named by rank.

    Who meets or has somebody may tell a person from a place; Arabic has no capitals, so its reader goes by such signs itself.
    """
    name = text[start:end]
    if re.search(r"\d", name) or not may_be_person(name) or _is_firm(text, start, end) or _is_heading(text, start, end):
        return True
    if has_listed_word(name.split(maxsplit=1)[0], "place_heads") or OFFICE.search(name):
        return True
    if is_preceded_by(text, start, "titles"):
        return False
    if is_preceded_by(text, start, "ranks", "streets", "before_firm"):
        return not _is_participant(text, start, end)
    told = ARABIC_WORD.search(name) or is_preceded_by(text, start, "beside_person")
    return not told and (is_preceded_by(text, start, "before_place") or not _is_person(text, start, end))


def _is_official(text: str, start: int, end: int) -> bool:
    """Whether a name is of somebody who signs, is to be asked, judges or investigates: the rank stands before or after it."""
    if _is_participant(text, start, end):
        return False
    ranks = [one for name in ("ranks", "signing") for one in get_words(name)]
    head = re.sub(r"[\s:,.]+$", "", text[max(0, start - NEAR) : start])
    after = re.match(r"\s?[,(–—-]\s?(?:(?:the|our|le|la|l|notre|el|nuestro|nuestra)[\s'’])?", text[end:])
    behind = after and any(one.pattern.match(text, end + after.end()) for one in ranks)
    return bool(behind) or any(stop == len(head) for one in ranks for _, stop, _ in one.find(head))


def _is_participant(text: str, start: int, end: int) -> bool:
    """Whether a name is of a lawyer, a notary or the like who has a part in the facts: the notary who signed the deed."""
    sides = CLAUSE.split(text[max(0, start - NEAR) : start])[-1], CLAUSE.split(text[end : end + NEAR])[0]
    return is_preceded_by(text, start, "professions") and any(find_first_word(side, "taking part") for side in sides)


def _is_person(text: str, start: int, end: int) -> bool:
    """Whether what somebody does or is stands after a name."""
    after = re.match(r"[\s,;(–—]{1,3}", text[end:])
    done = after and any(one.pattern.match(text, end + after.end()) for one in get_words("deeds"))
    return bool(done) and not is_preceded_by(text, start, "before_either")


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether words in capitals alone head a paragraph, as REASONS GIVEN does."""
    begins = not text[:start].strip() or re.search(r"[.:;!?\n\d)]\s*$", text[:start])
    return bool(text[start:end].isupper() and begins and re.match(r"\s*[:.\n–—-]", text[end:]))


def _is_firm(text: str, start: int, end: int) -> bool:
    """Whether a word for a firm follows a name, in capitals as its form is, or one for a firm or a ship stands before it."""
    after = re.match(r"[ ,&]{1,3}(?:\w+ ){0,1}", text[end:])
    places = {end + 1, end + after.end()} if after else set()
    found = (match["word"] for at in places for one in get_words("firms") if (match := one.pattern.match(text, at)))
    return any(not word[0].islower() or re.search(r"[ .]", word) for word in found) or is_preceded_by(
        text, start, "before_firm"
    )


def has_listed_word(name: str, *lists: str) -> bool:
    """Whether a word of one of some lists is a part of a name."""
    return any(True for each in lists for one in get_words(each) for _ in one.find(name))


@cache
def _load_abbreviations() -> frozenset[str]:
    return frozenset(word for one in get_words("abbreviations") for word in one.instead)
