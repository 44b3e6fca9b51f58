"""Code lists and lists of words: data, a file a language, that people of the trade can read and change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.errors import SchemaError
from workbench.messages.yamls import read

HERE = Path(__file__).parent
LANGUAGES = ("ar", "en", "es", "fr")


@cache
def codes() -> Mapping[str, tuple[str, ...]]:
    """Name of a code list -> its codes."""
    data = read((HERE / "codes.yaml").read_text(encoding="utf-8"), "codes.yaml")
    return {str(name): tuple(str(code) for code in entries) for name, entries in data.items()}


def code_list(name: str) -> tuple[str, ...]:
    """Codes of a list.

    Raises
    ------
    SchemaError
        If there is no such list; it names those that there are.
    """
    if name not in codes():
        raise SchemaError(f"{name!r} is no code list. Known are: {', '.join(sorted(codes()))}.")
    return codes()[name]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one list in one language, with what could stand instead (None where nothing is known)."""

    language: str
    pattern: re.Pattern[str]
    instead: Mapping[str, str | None]

    def find(self, text: str) -> Iterator[tuple[int, int, str | None]]:
        """Start, end and better words of each place where one stands."""
        for match in self.pattern.finditer(text):
            yield *match.span(), _cased(self.instead[_key(match["word"])], match[0])


@cache
def words(name: str) -> tuple[Words, ...]:
    """A list of words in every language that has it.

    Raises
    ------
    SchemaError
        If no language has such a list.
    """
    found = tuple(_words(language, data[name]) for language, data in _files().items() if data.get(name))
    if not found:
        known = sorted({key for data in _files().values() for key in data})
        raise SchemaError(f"{name!r} is no list of words. Known are: {', '.join(known)}.")
    return found


@cache
def _files() -> dict[str, dict[str, Mapping[str, str | None]]]:
    return {code: _file(HERE / "words" / f"{code}.yaml") for code in LANGUAGES}


def _file(path: Path) -> dict[str, Mapping[str, str | None]]:
    data = read(path.read_text(encoding="utf-8"), path.name)
    return {name: entries if isinstance(entries, dict) else dict.fromkeys(entries) for name, entries in data.items()}


def _words(language: str, entries: Mapping[str, str | None]) -> Words:
    """Longest words first, whole words only; Arabic may have its joined articles before a word."""
    ordered = sorted(map(str, entries), key=lambda word: (-len(word), word))
    either = "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered)
    before = r"(?<!\w)(?:و|ف|ب|ل|ك)?(?:ال)?" if language == "ar" else r"(?<!\w)"
    pattern = re.compile(rf"{before}(?P<word>{either})(?!\w)", re.IGNORECASE)
    return Words(language, pattern, {_key(str(word)): better for word, better in entries.items()})


def _key(word: str) -> str:
    return " ".join(word.lower().split())


def _cased(better: str | None, written: str) -> str | None:
    return better[0].upper() + better[1:] if better and written[:1].isupper() else better
