"""Lists of words as data: lines that an analyst can read and change, compiled to bounded patterns.

A line is words in their order. Case and accents do not count; anything but a letter or figure parts words, a sentence's end does not.
`a/b` either of them; `(a/b c)` may be missing; `a*` any ending; `…` up to five words between; `,` and `:` must stand there; `<name>`
any phrase of a list under `[lists]`, `<name>/a` one of those or another word; `<age>` a number below eighteen, in figures or words;
`<birth>` a year or a date.

A text is searched only with the lines one of whose words stands in it, so the time grows with the text and hardly with the lists.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"
KEY = 4
"""Letters of a word by which lines are found; a word with any ending needs so many."""
GAP = r"[^\w.!?;\n]{1,3}"
FAR = rf"(?:{GAP}\w{{1,30}}){{0,5}}{GAP}"
WHOLE = r"(?!\w)"
SIGNS, FAR_SIGNS = {",": "[,،]", ":": ":"}, ("…", "(…)")
SPLIT = re.compile(r"\([^)]*\)|\S+")
WORD, PART = re.compile(r"\w+"), re.compile(r"<\w+>|[\w*]+")
AGE_SIGN, BIRTH_SIGN = "<age>", "<birth>"
AGE = r"(?:1[0-7]|\d)"
BIRTH = (
    r"(?:[^\W\d]{3,9}\s\d{1,2},?\s|\d{1,2}(?:\w\w)?[\s./-](?:de\s)?(?:[^\W\d]{3,12}|\d{1,2})[\s./-](?:de\s|del\s)?)?"
    r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?"
)
DROPPED = re.compile(
    "[\u00ad\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Vowel signs, accents apart from their letter, and signs that nobody sees."""
ARABIC = re.compile("[\u0620-\u064a]")
JOINED = "[وف]?[بلك]?(?:ال|لل)?"
"""What is written in one with an Arabic word: and, with, for, like, the."""


class _Letters(dict[int, str]):
    """Letter -> its plain small form, one for one, so that places in a text stay."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        plain = unicodedata.normalize("NFD", low)[0] if len(low) == 1 else letter
        digit = unicodedata.digit(letter, -1)
        self[code] = str(digit) if digit >= 0 and letter.isdecimal() else plain
        return self[code]


LETTERS = _Letters({ord("ى"): "ي", ord("ة"): "ه"})


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text without case and accents. `places`: place of each letter in the text as it was, None where none was dropped."""

    text: str
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A place in the folded text as one in the text as it was."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold_text(text: str) -> FoldedText:
    """A text in the form in which it is compared."""
    if text.isascii():
        return FoldedText(text.lower())
    if not DROPPED.search(text):
        return FoldedText(text.translate(LETTERS))
    kept = [place for place, letter in enumerate(text) if not DROPPED.match(letter)]
    return FoldedText("".join(text[place] for place in kept).translate(LETTERS), kept)


def list_keys(folded: str) -> set[str]:
    """Words of a folded text and their beginnings; of Arabic words also without what is written in one with them."""
    words = set(WORD.findall(folded))
    if not folded.isascii():
        words.update(*(_strip_prefixes(word) for word in words if ARABIC.match(word)))
    return words | {word[:KEY] for word in words}


def _strip_prefixes(word: str) -> set[str]:
    forms = {word}
    for joined in ("وف", "بلك"):
        forms |= {form[1:] for form in forms if form[0] in joined and len(form) > 2}
    return forms | {form[2:] for form in forms if form[:2] in ("ال", "لل") and len(form) > 3}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is written, its pattern, and the words or beginnings of words one of which a text must have."""

    text: str
    source: str
    keys: frozenset[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled when a text first has one of the words."""
        return _compile_pattern(self.source)


@lru_cache(maxsize=4096)
def _compile_pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


@dataclass(frozen=True, slots=True)
class Find:
    """A place where a list says something.

    Attributes
    ----------
    kind, language : str
        Of the list.
    line : str
        The line as it is written there.
    start, end : int
        Characters of the text.
    words : str
        What stands there, without case and accents.
    """

    kind: str
    language: str
    line: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class WordList:
    """The lists of one language. `flags` and `unless`: kind -> lines; `numbers`: word -> number; `text`: the file."""

    language: str
    version: str
    text: str
    numbers: Mapping[str, int]
    flags: Mapping[str, Sequence[Line]]
    unless: Mapping[str, Sequence[Line]]


Indexed = Mapping[str, Sequence[tuple[str, str, Line]]]
"""Word or beginning of a word -> kind, language and line."""


@dataclass(frozen=True, slots=True)
class Finder:
    """All lists together: a text need not say its language, and an exception of any language counts."""

    flags: Indexed
    unless: Indexed

    def find(self, text: str) -> Iterator[Find]:
        """Places where a line says something and no exception covers it, each place once a kind, the longest first."""
        folded = fold_text(text)
        known = list_keys(folded.text)
        found = list(_find_matches(self.flags, folded.text, known))
        if not found:
            return
        taken: dict[str, bytearray] = defaultdict(lambda: bytearray(len(folded.text)))
        for one in _find_matches(self.unless, folded.text, known):
            taken[one.kind][one.start : one.end] = b"\1" * (one.end - one.start)
        for one in sorted(found, key=lambda one: (one.kind, one.start - one.end, one.start, one.language, one.line)):
            if not any(taken[one.kind][one.start : one.end]):
                taken[one.kind][one.start : one.end] = b"\1" * (one.end - one.start)
                start, end = folded.span(one.start, one.end)
                yield replace(one, start=start, end=end)


def _find_matches(indexed: Indexed, text: str, known: set[str]) -> Iterator[Find]:
    """Every place of every line, in the folded text."""
    lines = {
        id(line): (kind, language, line) for key in known & indexed.keys() for kind, language, line in indexed[key]
    }
    for kind, language, line in lines.values():
        for match in line.pattern.finditer(text):
            yield Find(kind, language, line.text, match.start(), match.end(), match[0])


@lru_cache(maxsize=1)
def load_finder() -> Finder:
    """What finds the words of all lists that are shipped."""
    return Finder(*(_build_index(part) for part in ("flags", "unless")))


def _build_index(part: str) -> Indexed:
    made: dict[str, list[tuple[str, str, Line]]] = {}
    for one in load_lists():
        for kind, lines in getattr(one, part).items():
            for line in lines:
                for key in sorted(line.keys):
                    made.setdefault(key, []).append((kind, one.language, line))
    return made


@lru_cache(maxsize=1)
def load_lists() -> tuple[WordList, ...]:
    """The lists of every language that there is one for, in order of their codes."""
    return tuple(parse_wordlist(path.stem, path.read_text("utf-8")) for path in sorted(WORDS.glob("*.toml")))


def parse_wordlist(language: str, text: str) -> WordList:
    """Compile the lists of a language.

    Raises
    ------
    ValueError
        Naming the line that cannot be read, and why.
    """
    data = tomllib.loads(text)
    maker = _Maker(
        data.pop("lists", {}), {fold_text(word).text: number for word, number in data.pop("numbers", {}).items()}
    )
    version = str(data.pop("version"))
    flags = {kind: [maker.compile_line(line) for line in said["flag"]] for kind, said in data.items()}
    unless = {kind: [maker.compile_line(line) for line in said.get("unless", ())] for kind, said in data.items()}
    return WordList(language, version, text, maker.numbers, flags, unless)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes patterns out of lines, with the phrases and numbers of one language."""

    lists: Mapping[str, Sequence[str]]
    numbers: Mapping[str, int]

    def compile_line(self, text: str) -> Line:
        """One line, compiled."""
        made, gap, best, begun = "", "", frozenset[str](), False
        for item in SPLIT.findall(text):
            if item in FAR_SIGNS:
                gap = FAR
            elif item in SIGNS:
                gap = rf"\s?{SIGNS[item]}\s?"
            elif item.startswith("("):
                made += self._build_optional_pattern(item[1:-1].split("/"), gap or GAP, begun=begun)
            else:
                piece, found = self._compile_item(item)
                made += (gap or (GAP if begun else "")) + piece
                best, gap, begun = _select_rarer(best, found), "", True
        if not best:
            raise ValueError(
                f"The line {text!r} has no word that the search can start from. Add a word of at least {KEY} letters, or a whole word."
            )
        start = "" if text.strip()[0] in SIGNS else r"(?<!\w)"
        return Line(text, f"{start}{made}{gap or WHOLE}", best)

    def _build_optional_pattern(self, phrases: Sequence[str], gap: str, *, begun: bool) -> str:
        piece = "|".join(self._compile_phrase(phrase) for phrase in phrases)
        return f"(?:{gap}(?:{piece}))?" if begun else f"(?:(?:{piece}){gap})?"

    def _compile_item(self, item: str) -> tuple[str, frozenset[str]]:
        """Pattern of a required item, and the words by which it is found."""
        if item == AGE_SIGN:
            return (
                f"(?:{'|'.join([AGE, *map(self._compile_phrase, sorted(self.numbers, key=len, reverse=True))])})",
                frozenset(),
            )
        if item == BIRTH_SIGN:
            return BIRTH, frozenset()
        phrases = [phrase for part in item.split("/") for phrase in self._list_phrases(part)]
        found = {_get_key(max(_split_phrase(phrase), key=len)) for phrase in phrases}
        pattern = f"(?:{'|'.join(self._compile_phrase(phrase) for phrase in phrases)})"
        return pattern, frozenset(found) if all(found) else frozenset()

    def _list_phrases(self, part: str) -> Sequence[str]:
        """The phrases that a part of an item stands for: those of a list, or itself."""
        if not part.startswith("<"):
            return [part]
        name = part.strip("<>")
        if name not in self.lists:
            raise ValueError(f"There is no list {name!r}. The lists are: {', '.join(self.lists)}.")
        return self.lists[name]

    def _compile_phrase(self, phrase: str) -> str:
        return GAP.join(self._compile_word(word) for word in _split_phrase(phrase))

    def _compile_word(self, word: str) -> str:
        if word in (AGE_SIGN, BIRTH_SIGN) or word.startswith("<"):
            return self._compile_item(word)[0]
        return _build_word_pattern(word)


@lru_cache(maxsize=8192)
def _split_phrase(phrase: str) -> tuple[str, ...]:
    """The words and names of lists in a phrase, in the form in which they are compared."""
    return tuple(PART.findall(fold_text(phrase).text))


@lru_cache(maxsize=8192)
def _build_word_pattern(word: str) -> str:
    """Pattern of a word."""
    stem = _stem_word(word)
    plain = re.escape(stem) + (r"\w{0,15}" if word.endswith("*") else "")
    return f"{JOINED}{plain}{WHOLE}" if ARABIC.match(stem) else plain + WHOLE


def _stem_word(word: str) -> str:
    stem = word.rstrip("*")
    return stem[2:] if stem.startswith("ال") and len(stem) > 4 else stem


def _get_key(word: str) -> str:
    """The word by which its line is found, or its beginning where it has any ending; '' where that is too short."""
    stem = _stem_word(word)
    if not word.endswith("*"):
        return stem
    return stem[:KEY] if len(stem) >= KEY else ""


def _select_rarer(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """The rarer words: those of which none is short, then those that are longer."""

    def rank(keys: frozenset[str]) -> tuple[int, float, int]:
        lengths = [len(key) for key in keys] or [0]
        return min(*lengths, KEY), sum(lengths) / len(lengths), -len(keys)

    return right if rank(right) > rank(left) else left


def find_number(words: str, numbers: Mapping[str, int]) -> int:
    """The first number below eighteen in folded words, in figures or as a word; -1 if there is none."""
    if digits := re.search(rf"(?<!\d){AGE}(?!\d)", words):
        return int(digits[0])
    longest = sorted(numbers, key=len, reverse=True)
    return next((numbers[word] for word in longest if re.search(rf"{re.escape(word)}(?!\w)", words)), -1)


def find_year(words: str) -> str:
    """The year in folded words, or the whole date where it stands in ISO form; '' if there is none."""
    found = re.search(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?", words)
    return found[0] if found else ""
