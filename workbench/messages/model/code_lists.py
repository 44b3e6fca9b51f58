"""Code lists and lists of words: data, a folder a language, that people of the trade can read and change.

An entry may name choices, `(the|this) (thief|robber)`, an empty one among them, and end in `*` for any ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from workbench.errors import SchemaError
from workbench.messages.model.phrase_starts import Beginnings
from workbench.messages.model.safe_yaml import parse_yaml
from workbench.model.catalogue import Sentence

HERE = Path(__file__).parents[1]
LANGUAGES = ("ar", "en", "es", "fr")
FOLDERS = (*LANGUAGES, "other")
"""Folders of words; `other` is of languages that no message is written in."""
EXCEPT = " but"
"""What follows the name of a list in the name of another one, whose words take the first one's meaning away."""
VARIANTS = {"ا": "[اأإآٱ]", "ي": "[يى]", "ة": "[ةه]", "'": "['’ʼ]", " ": r"\s+", "%": r"\s?[%٪]", "*": r"[\w-]*"}
"""A sign of a word -> what may be written in its place."""
PARTS = re.compile(r"[\w*]+|[^\w*]")
"""A word, or a sign between words."""
ARABIC = re.compile(r"[\u0600-\u06ff]")
MARKS = re.compile(r"[\u064b-\u0652\u0640]")
"""Vowel signs of Arabic, and the line that draws a word out."""


@cache
def load_codes() -> Mapping[str, tuple[str, ...]]:
    """Name of a code list -> its codes."""
    data = parse_yaml((HERE / "codes.yaml").read_text(encoding="utf-8"), "codes.yaml")
    return {str(name): tuple(str(code) for code in entries) for name, entries in data.items()}


def get_codes(name: str) -> tuple[str, ...]:
    """Codes of a list.

    Raises
    ------
    SchemaError
        If there is no such list; it names those that there are.
    """
    if name not in load_codes():
        raise SchemaError(
            Sentence(
                "'{name}' is not a code list. Known lists: {known}.", name=name, known=", ".join(sorted(load_codes()))
            )
        )
    return load_codes()[name]


@dataclass(frozen=True)
class Words:
    """Words of one list in one language, with what could stand instead (None where nothing is known).

    Its patterns are made when they are first needed: a list of thousands of phrases costs a tenth of a second.
    """

    language: str
    number: int
    """Which of all lists it is."""
    instead: Mapping[str, str | None]
    apart: Mapping[str, str | None]
    """Words that take their meaning away."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds one of the words."""
        return _build_pattern(self.language, self.instead)

    @cached_property
    def exceptions(self) -> re.Pattern[str] | None:
        """What finds one of those that take the meaning away."""
        return _build_pattern(self.language, self.apart) if self.apart else None

    @cached_property
    def betters(self) -> Mapping[str, str]:
        """Words for which something could stand, and what."""
        return {word: better for word, better in self.instead.items() if better is not None}

    def find(self, text: str) -> Iterator[tuple[int, int, str | None]]:
        """Start, end and better words of each place where one stands."""
        if self.language == "ar" and not ARABIC.search(text):
            return
        found = list(self.find_matches(text))
        apart = [match.span() for match in self.exceptions.finditer(text)] if found and self.exceptions else []
        for match in found:
            if not any(start < match.end() and match.start() < end for start, end in apart):
                better = self.betters.get(_normalise_word(match["word"])) if self.betters else None
                yield *match.span(), _match_case(better, match[0])

    def may_stand(self, text: str) -> bool:
        """Whether one may begin somewhere in a text; where not, none stands there."""
        return bool(load_first_words().starts(text).lists >> self.number & 1)

    def find_matches(self, text: str) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` finds, looked for only where a phrase may begin."""
        if not self.may_stand(text):
            return
        begun, bit, end = load_first_words(), 1 << self.number, 0
        if begun.unknown & bit:
            yield from self.pattern.finditer(text)
            return
        for at in [at for at, lists in begun.starts(text).words if lists & bit]:
            if at >= end and (match := self.pattern.match(text, at)):
                end = match.end()
                yield match


@cache
def get_words(name: str) -> tuple[Words, ...]:
    """A list of words in every language that has it.

    Raises
    ------
    SchemaError
        If no language has such a list.
    """
    found = tuple(_build_words(language, data, name) for language, data in _load_lists().items() if data.get(name))
    if not found:
        raise SchemaError(
            Sentence("'{name}' is not a list of words. Known lists: {known}.", name=name, known=", ".join(list_names()))
        )
    return found


def list_names() -> list[str]:
    """Names of all lists of words."""
    return sorted({name for data in _load_lists().values() for name in data})


def get_words_in_language(name: str, code: str) -> tuple[Words, ...]:
    """A list of words in one language; in all of them where it has no list of that name."""
    return tuple(one for one in get_words(name) if one.language == code) or get_words(name)


def find_first_word(text: str, name: str, code: str = "") -> tuple[int, int] | None:
    """Span of the first word of a list in a text, of one language if a code is given."""
    return min(
        ((start, end) for one in get_words_in_language(name, code) for start, end, _ in one.find(text)), default=None
    )


@cache
def _load_lists() -> dict[str, dict[str, Mapping[str, str | None]]]:
    return {code: _read_folder(HERE / "words" / code) for code in FOLDERS}


def _read_folder(path: Path) -> dict[str, Mapping[str, str | None]]:
    """The lists of a language, a file for each matter."""
    files = (parse_yaml(file.read_text(encoding="utf-8"), file.name) for file in sorted(path.glob("*.yaml")))
    return {name: _parse_entries(entries) for data in files for name, entries in data.items()}


def _parse_entries(said: Mapping[str, str] | Iterable[str]) -> dict[str, str | None]:
    """Each word that the entries stand for -> what could stand instead."""
    pairs = said.items() if isinstance(said, Mapping) else ((one, None) for one in said)
    return {_normalise_word(word): better for entry, better in pairs for word in _expand_choices(str(entry))}


def _expand_choices(entry: str) -> Iterator[str]:
    """What an entry stands for, each of its choices taken."""
    opened = entry.find("(")
    if opened < 0:
        yield entry
        return
    parts, depth, start, end = [], 0, opened + 1, opened
    for end, sign in enumerate(entry[opened:], opened):
        depth += (sign == "(") - (sign == ")")
        if not depth or (depth == 1 and sign == "|"):
            parts.append(entry[start:end])
            start = end + 1
        if not depth:
            break
    after = list(_expand_choices(entry[end + 1 :]))
    yield from (entry[:opened] + one + rest for part in parts for one in _expand_choices(part) for rest in after)


def _build_words(language: str, data: Mapping[str, Mapping[str, str | None]], name: str) -> Words:
    return Words(language, _build_list_numbers()[language, name], data[name], data.get(name + EXCEPT) or {})


@cache
def _build_list_numbers() -> Mapping[tuple[str, str], int]:
    """Language and name of a list -> its number."""
    return {
        key: number for number, key in enumerate((code, name) for code, data in _load_lists().items() for name in data)
    }


@cache
def load_first_words() -> Beginnings:
    """First words of all lists."""
    return Beginnings([entries for data in _load_lists().values() for entries in data.values()])


def _build_pattern(language: str, entries: Iterable[str]) -> re.Pattern[str]:
    """Whole words only, as many as can be; Arabic may have its joined articles before a word, and signs of vowels in it."""
    before = r"(?<!\w)[وف]?(?:[بكل]?(?:ال)?|لل)" if language == "ar" else r"(?<!\w)"
    between = f"{MARKS.pattern}*" if language == "ar" else ""
    found = _build_phrase_pattern(_build_tree(PARTS.findall(word.replace(" %", "%")) for word in entries), between)
    return re.compile(rf"{before}(?P<word>{found})(?!\w)", re.IGNORECASE)


def _build_tree(rows: Iterable[Iterable[str]]) -> dict[str, Any]:
    """Rows of parts by their beginnings; '' where one ends."""
    tree: dict[str, Any] = {}
    for row in rows:
        node = tree
        for part in row:
            node = node.setdefault(part, {})
        node[""] = {}
    return tree


def _build_phrase_pattern(tree: Mapping[str, Any], between: str) -> str:
    """The phrases of a tree of words as a pattern; words after which the same may follow stand together."""
    follows: dict[str, list[str]] = {}
    for part, rest in tree.items():
        if part:
            follows.setdefault(_build_phrase_pattern(rest, between), []).append(part)
    return _join_alternatives(
        [_build_word_pattern(tuple(parts), between) + rest for rest, parts in follows.items()], ended="" in tree
    )


@cache
def _build_word_pattern(parts: tuple[str, ...], between: str) -> str:
    """Words as a pattern."""
    return _build_tree_pattern(_build_tree(parts), between)


def _build_tree_pattern(tree: Mapping[str, Any], between: str) -> str:
    """The words of a tree of signs as a pattern in which no beginning is tried twice."""
    parts = [
        VARIANTS.get(sign, re.escape(sign)) + (between if sign.isalpha() else "") + _build_tree_pattern(rest, between)
        for sign, rest in tree.items()
        if sign
    ]
    return _join_alternatives(parts, ended="" in tree)


def _join_alternatives(parts: Sequence[str], *, ended: bool) -> str:
    """One of the patterns, or none of them where it may end."""
    if not parts:
        return ""
    body = "|".join(parts)
    return f"(?:{body})?" if ended else f"(?:{body})" if len(parts) > 1 else body


LETTERS = str.maketrans("أإآٱىه", "ااااية")
"""Letters of Arabic that are written in one another's place."""


def _normalise_word(word: str) -> str:
    plain = MARKS.sub("", " ".join(word.lower().split())).replace("’", "'")
    return plain.translate(LETTERS)


def _match_case(better: str | None, written: str) -> str | None:
    return better[0].upper() + better[1:] if better and written[:1].isupper() else better
