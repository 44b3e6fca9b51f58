"""English sentences that rows hold, told in another language where they are shown.

A row reads the same for everybody. Its sentence was made by the catalogue, so the catalogue knows it again by its own template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from workbench.model.catalogue import Sentence, Translator, load_catalogue, load_former_texts

PLURAL = re.compile(r"\.(?:zero|one|two|few|many|other)$")
ONE = ".one"
"""Plural of a sentence that may leave its number out."""
NAME = re.compile(r"\{(\w+)\}")
WHERE = re.compile(
    r"\bsheet (?P<sheet>.+?)(?=,? (?:row|column) |$)|\bcolumn (?P<column>.+)"
    r"|\b(?P<after>after )?"
    r"(?P<word>line|row|page|pages|message|item|entry|statement|notice|placemark|track|card|waypoint|object) (?P<n>\d[\d-]*)"
)
"""Where something stands: a sheet or a column by its name, the rest by number."""
MORE = re.compile(r"(.+) and (\d+) more")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")


def translate_lines(text: str, group: str, language: str) -> str:
    r"""Sentences of a group, one a line, in a language; a line that is no sentence of the group as it is.

    >>> print(translate_lines("born 1980-02-01\nseen by ada", "reason", "fr"))
    date de naissance : 1980-02-01
    seen by ada
    """
    lines = (find_sentence(line, group) for line in text.split("\n"))
    return "\n".join(line.translate_to(language) if isinstance(line, Sentence) else line for line in lines)


def translate_place(text: str, language: str) -> str:
    """A place in a source in a language; what files, sheets and columns are called stays.

    >>> translate_place("chats.txt, line 12 and 2 more", "es")
    'chats.txt, línea 12 y 2 más'
    """
    say = Translator(language)
    if found := MORE.fullmatch(text):
        return say("place.more", place=translate_place(found[1], language), count=found[2])
    return WHERE.sub(lambda part: _translate_part(part, say), text)


def _translate_part(part: re.Match[str], say: Translator) -> str:
    named = next((name for name in ("sheet", "column") if part[name]), "")
    told = say(f"place.{named or part['word']}", n=part[named] if named else part["n"])
    return say("place.after", place=told) if part["after"] else told


class SourcePlace(str):
    """A place in a source: as text it is English, and `translate_to` says it in another language."""

    __slots__ = ()

    def translate_to(self, language: str) -> str:
        """The place in a language."""
        return translate_place(self, language)


def find_sentence(text: str, group: str) -> str:
    """The sentence of a group that a text is in English; the text where it is none."""
    return next(find_sentences(text, group), text)


def find_sentences(text: str, group: str) -> Iterator[Sentence]:
    """Sentences of a group that a text may be in English, those that say most of their own first."""
    for key, pattern in _build_patterns(group):
        if found := pattern.fullmatch(text):
            values = {name: _parse_value(name, value) for name, value in found.groupdict().items()}
            yield Sentence(PLURAL.sub("", key), **({"n": 1} if key.endswith(ONE) else {}) | values)


def _parse_value(name: str, value: str) -> object:
    """A value that was found: a number, places, sentences of the group of its name (`{sex}`, `{sex2}`), or the text itself."""
    if GROUPED.fullmatch(value) or (name == "n" and value.isdigit()):
        return int(value.replace(",", ""))
    if name == "places":
        return SourcePlace(value)
    group = name.rstrip("0123456789")
    several = tuple(find_sentence(one, group) for one in value.split("; "))
    return (
        several
        if len(several) > 1 and all(isinstance(one, Sentence) for one in several)
        else find_sentence(value, group)
    )


@cache
def _build_patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Sentences of a group with what they look like, those that say most of their own first."""
    texts = [
        *load_catalogue("en").items(),
        *((key, text) for key, texts in load_former_texts("en").items() for text in texts),
    ]
    told = [(key, text) for key, text in texts if key.startswith(f"{group}.")]
    most = sorted(told, key=lambda one: -len(NAME.sub("", one[1])))
    return tuple((key, _build_pattern(text)) for key, text in most)


def _build_pattern(template: str) -> re.Pattern[str]:
    """What a template looks like; a value that stands in it twice is the same there, and a fault takes its own brackets."""
    parts, known = NAME.split(template), set[str]()
    made = ""
    for at, part in enumerate(parts):
        least = "" if part == "fault" else "?"
        made += (f"(?P={part})" if part in known else f"(?P<{part}>.+{least})") if at % 2 else re.escape(part)
        known |= {part} if at % 2 else set()
    return re.compile(made)
