"""Marks that stand in the whole text of a message, also where no reader has found them.

A mark in a place of one counts; a word for a mark anywhere else is told. Each line is read in the forms of `displayed.list_line_readings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from workbench.messages.model.code_lists import get_codes
from workbench.messages.traffic import field_labels
from workbench.messages.traffic.labelled_line import COLON, QUOTED
from workbench.messages.traffic.marks import displayed
from workbench.messages.traffic.marks.markings import MARKS, SCALES, find_marks, read_code
from workbench.model.handling_marks import SCHEMES
from workbench.model.text.normalise import LOOKING

LONGEST = 60
"""Characters, at most, of a word that is told."""
PLACES = ("", "subject", "summary_of_facts")
"""Fields in which a mark alone in its line is one: text without a label, under a label that nobody knows, subject and facts."""
TLPS = re.compile(
    r"(?<![^\W_])(?:T[ ._-]?L[ ._-]?P|Traffic[\W_]{1,4}Light[\W_]{1,4}Protocol)(?![^\W_])"
    r"(?:[\W_]{1,4}(AMBER[\s+_-]{1,3}STRICT(?!\w)|\w(?:[ ._-]\w){2,20}(?!\w)|\w[\w+]{0,20}))?",
    re.IGNORECASE,
)
"""The word, with the one behind it."""
APART = re.compile(r"(?<!\w)\w(?:[ ._-]\w){2,40}(?!\w)")
"""A word whose letters stand apart."""
PREFIXES = re.compile(r"(?:(?:exercise|exercice|ejercicio|interpol|eu|ue|nato|otan|un) ){1,3}")
"""Who has a level, as names are compared."""
PARTED = re.compile(r" \u00b7 |[,;|/\\]|\s{2,}|\s(?:and|et|y)\s")
FRAME = " \t*_=~#.:!-\u2010-\u2015\u2212<>()[]{}\"'\u00ab\u00bb"
"""What may stand around a mark in its line."""
CODE = re.compile(r"(?:code\s)?H ?[0-3]", re.IGNORECASE)
LABELLED = re.compile(r"^\(?\d{1,2} ?[.)-]\s*|^[a-zA-Z][.)]\s+")
"""Number before a label."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What a text says of a mark: the field, what stands there, and whether it stands in a place of a mark."""

    field: str
    text: str
    counts: bool = False


@dataclass(frozen=True, slots=True)
class MarkScan:
    """What was found in the whole text of a message.

    Attributes
    ----------
    counted : tuple of Mention
        Marks in places of marks.
    told : tuple of str
        Words that are marks and stand elsewhere, and that none of those counted says.
    looks : tuple of str
        What would be one of these if its letters of Cyrillic and Greek were the Latin ones that they look like.
    """

    counted: tuple[Mention, ...] = ()
    told: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()


def look_through(texts: Iterable[str], own: Iterable[tuple[str, str]], levels: Sequence[str]) -> MarkScan:
    """Marks in the texts of a message as they came, line by line, in each form in which `displayed.list_line_readings` has a line.

    Parameters
    ----------
    own : iterable of (str, str)
        Marks that the message has already: field and value.
    levels : sequence of str
        Levels of the case, the lowest first.
    """
    names = _build_names(tuple(levels))
    seen, looking = dict[Mention, None](), dict[Mention, None]()
    for text in texts:
        if _may_bear(text, names):
            reading = _Look(names)
            for said, alike in reading.find_mentions(text):
                (looking if alike else seen)[said] = None
    counted = tuple(one for one in seen if one.counts)
    known = {_build_mark_key(field, value) for field, value in own} | {
        _build_mark_key(one.field, one.text) for one in counted
    }
    told = [one for one in seen if _build_mark_key(one.field, one.text) not in known]
    known |= {_build_mark_key(one.field, one.text) for one in told}
    looks = [one.text for one in looking if _build_mark_key(one.field, one.text) not in known]
    return MarkScan(counted, *(tuple(dict.fromkeys(found)) for found in ([one.text[:LONGEST] for one in told], looks)))


def is_same_mark(field: str, one: str, other: str) -> bool:
    """Whether two values of a field say the same mark."""
    return _build_mark_key(field, one) == _build_mark_key(field, other)


def _build_mark_key(field: str, written: str) -> tuple[str, str]:
    """What two ways to write the same mark have in common."""
    if field == "confidentiality":
        return field, field_labels.find_code(
            field, PREFIXES.sub("", field_labels.normalise_label(_join_letters(written)))
        ).upper()
    if field == "tlp" and (found := TLPS.match(written)):
        return field, _get_tlp_code(found)
    return field, read_code(field, written)


def _join_letters(text: str) -> str:
    """A text in which no word stands with its letters apart: 'S E C R E T' -> 'SECRET'."""
    return APART.sub(lambda found: re.sub(r"[ ._-]", "", found[0]), text)


def _get_tlp_code(found: re.Match[str]) -> str:
    """Code of what stands behind the word TLP; as it stands where it is none."""
    code = field_labels.find_code("tlp", _join_letters(found[1] or "").upper())
    return code if code in get_codes("tlp") else found[0]


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of levels as they are compared: those above the lowest, those that say nothing, and a pattern of the former in capitals."""

    high: frozenset[str]
    low: frozenset[str]
    capitals: re.Pattern[str]
    handling: re.Pattern[str]
    squeezed: tuple[str, ...]


@cache
def _build_names(levels: tuple[str, ...]) -> _Names:
    shipped = [name for scheme, names in SCHEMES.items() if scheme != "TLP" for name in names[1:]]
    coded = field_labels.get_code_words("confidentiality")
    own = (name for name in levels[1:] if not name.upper().startswith("TLP"))
    high = {*map(field_labels.normalise_label, (*shipped, *own)), *field_labels.list_level_names()}
    high |= {word for word, code in coded.items() if code != "FOUO"}
    high |= {PREFIXES.sub("", one) for one in high}
    low = {
        *map(field_labels.normalise_label, levels[:1]),
        "exercise",
        "for training only",
        "exercise for training only",
        "",
    }
    low |= {word for word, code in coded.items() if code == "FOUO"}
    plain = sorted((one for one in high - low if one.isascii() or " " in one), key=len, reverse=True)
    told = "|".join(r"[\s_\u2010-\u2015-]{1,3}".join(map(_build_word_pattern, one.upper().split())) for one in plain)
    before = r"(?:(?:EXERCISE|INTERPOL|EU|UE|NATO|OTAN)[\s/_\u2010-\u2015-]{1,4})?"
    handled = "|".join(
        map(re.escape, sorted(map(displayed.to_plain, field_labels.list_labels("handling")), key=len, reverse=True))
    )
    words = {
        *high,
        "tlp",
        "traffic light protocol",
        "h1",
        "h2",
        "h3",
        *map(field_labels.normalise_label, field_labels.list_labels("handling")),
    }
    return _Names(
        frozenset(high - low),
        frozenset(low),
        re.compile(rf"(?<![^\W_]){before}(?:{told})(?![^\W_])"),
        re.compile(
            rf"(?<![^\W_])(?:{handled}|code)[\W_]{{1,4}}(?:codes?[\W_]{{1,4}})?(H ?[1-3])(?![^\W_])", re.IGNORECASE
        ),
        tuple(sorted({_normalise_letters(word) for word in words} - {""})),
    )


def _build_word_pattern(word: str) -> str:
    """Pattern of a word, its letters together or apart."""
    return "[ ._]?".join(map(re.escape, word))


def _normalise_letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", displayed.to_plain(text).translate(LOOKING).casefold())


def _may_bear(text: str, names: _Names) -> bool:
    """Whether a text is worth a look: the letters of a word for a mark stand in it in a row, or it turns text round."""
    squeezed = _normalise_letters(text)
    return displayed.OVERRIDE in text or any(word in squeezed for word in names.squeezed)


class _Look:
    """Looks through one text."""

    def __init__(self, names: _Names) -> None:
        self.names = names
        self.quoted = False
        self.below = ""
        """Field of a label with nothing behind it, whose value is the next line."""

    def find_mentions(self, text: str) -> Iterator[tuple[Mention, bool]]:
        """What the text says of marks, and whether only letters of another script say it."""
        filled = [readings for readings in displayed.list_line_readings(text) if readings[0].strip()]
        for number, readings in enumerate(filled):
            self.quoted = self.quoted or QUOTED.match(readings[0].strip()) is not None
            edge, below = number in (0, len(filled) - 1), self.below
            self.below = ""
            for one in readings:
                yield from ((said, False) for said in self._find_line_mentions(one.strip(), below, edge=edge))
                if not one.isascii() and (alike := one.translate(LOOKING)) != one:
                    for said in self._find_line_mentions(alike.strip(), below, edge=edge):
                        yield replace(said, text=one.strip()[:LONGEST] if said.counts else said.text), True

    def _find_line_mentions(self, line: str, below: str, *, edge: bool) -> Iterator[Mention]:
        """Marks of a line: of its label, alone in it, in the brackets of a subject; and the words for marks anywhere in it."""
        label, value = _split_label(line)
        path = field_labels.find_field(label)
        for one in self._find_placed(line, (label, value, path), below, edge=edge):
            yield replace(one, counts=one.counts and not self.quoted)
        if path.rpartition(".")[2] != "confidentiality" or "." not in path:  # of a part of the message
            yield from self._find_words(line, is_label=path in MARKS)

    def _find_placed(self, line: str, parts: tuple[str, str, str], below: str, *, edge: bool) -> Iterator[Mention]:
        """Marks of a line that stand in a place of one: `parts` are its label, its value, and the field of its label."""
        label, value, path = parts
        if path in MARKS:
            self.below = "" if value else path
            named = list(self._read_value(path, value))
            others = (one for text in (line, value) for one in self._find_lone_marks(text, labelled=False, edge=False))
            yield from named if any(one.counts for one in named) else list(dict.fromkeys(others)) or named
        elif below and (found := [one for one in self._read_value(below, line) if one.counts]):
            yield from found
        elif path in PLACES:
            whole = [] if path else list(self._find_lone_marks(line, labelled=False, edge=edge))
            yield from whole or self._find_lone_marks(
                value if label else line, labelled=bool(label and not path), edge=edge
            )
            yield from (Mention(field, text, counts=True) for field, text in find_marks(value) if path == "subject")

    def _read_value(self, path: str, value: str) -> Iterator[Mention]:
        """Marks behind a label of one."""
        for piece in filter(None, (piece.strip(FRAME) for piece in PARTED.split(value))):
            code = read_code(path, piece)
            if path == "confidentiality" and self._is_level(piece):
                yield Mention(path, _join_letters(code), counts=True)
            elif path in SCALES and code in get_codes(path):
                yield Mention(path, code, counts=True)
            elif path in SCALES and code and not self._is_low(piece):
                yield Mention(path, piece)

    def _find_lone_marks(self, text: str, *, labelled: bool, edge: bool) -> Iterator[Mention]:
        """Marks of a line, or of a value, that says nothing else. A level not in capitals is one in the first and last line."""
        coded = [_get_tlp_code(found) for found in TLPS.finditer(text)]
        pieces = [piece.strip(FRAME) for piece in PARTED.split(TLPS.sub(" / ", text))]
        pieces = [piece for piece in pieces if not self._is_low(piece)]
        levels = [piece for piece in pieces if self._is_level(piece)]
        codes = [piece for piece in pieces if CODE.fullmatch(piece)]
        if len(levels) + len(codes) != len(pieces) or any(code not in get_codes("tlp") for code in coded):
            return
        yield from (Mention("tlp", code, counts=True) for code in coded)
        for piece in levels:
            if not piece[:1].islower():
                counts = piece == piece.upper() or (edge and not labelled) or bool(coded)
                yield Mention("confidentiality", _join_letters(read_code("confidentiality", piece)), counts)
        if levels or coded or (edge and not labelled):
            yield from (Mention("handling", read_code("handling", piece), counts=True) for piece in codes)

    def _find_words(self, line: str, *, is_label: bool) -> Iterator[Mention]:
        """Words for marks wherever they stand."""
        for found in TLPS.finditer(line):
            if not (is_label and _get_tlp_code(found) == found[0]):
                code = _get_tlp_code(found)
                yield Mention("tlp", code if code in get_codes("tlp") else found[0])
        yield from (Mention("confidentiality", _join_letters(found[0])) for found in self.names.capitals.finditer(line))
        yield from (
            Mention("handling", read_code("handling", found[1])) for found in self.names.handling.finditer(line)
        )

    def _is_level(self, piece: str) -> bool:
        name = field_labels.normalise_label(_join_letters(piece))
        return bool(name) and (name in self.names.high or PREFIXES.sub("", name) in self.names.high)

    def _is_low(self, piece: str) -> bool:
        return field_labels.normalise_label(piece) in self.names.low


def _split_label(line: str) -> tuple[str, str]:
    """Label and value of a line; ('', '') where it has none."""
    match = COLON.search(line)
    if not match or len(before := LABELLED.sub("", line[: match.start()])) > field_labels.LONGEST:
        return "", ""
    label = before.strip(" .…_-*>•")
    return (label, line[match.end() :].strip()) if any(map(str.isalpha, label)) else ("", "")
