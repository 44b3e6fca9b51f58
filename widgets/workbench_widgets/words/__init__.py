"""What the widgets say, in the languages of the workbench.

A sentence is in English where it is shown, in a script as in a module: `say("Fit chart")`, `say.count("{n} row", "{n} rows", n)`.
One word has a context, `say.word("Open", "verb")`, as other languages have several words for it. A code of a list (LISTS) is
said by its list, `say.term("relations", "owns")`; the English of a list is in en/<list>.json. Translations are in
po/<language>.po, and `tools/strings.py` collects both and says what is missing there.

`{name}` in a text stands for a value and for nothing else. kit/words.js is the same for a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from workbench_widgets.words.translations import HERE, LANGUAGES, Told, build_id, get_english, load_texts

__all__ = [
    "HERE",
    "LANGUAGES",
    "LISTS",
    "RefusedError",
    "Told",
    "Translator",
    "build_id",
    "describe_error",
    "format_number",
    "get_direction",
    "get_english",
    "load_list",
    "load_texts",
]

LISTS = {
    "answers": "kinds of messages that answer another",
    "attributes": "attributes by which a chart is coloured",
    "bands": "why a message comes first",
    "commands": "commands of a chart, as its status names them",
    "folders": "folders of the message desk",
    "keys": "keys of a keyboard",
    "kinds": "who states a passage",
    "layouts": "layouts of a chart",
    "relations": "what links two entities",
    "schemata": "schemata of FollowTheMoney",
    "severities": "how much an issue weighs",
    "signs": "c a custodian, s a service, t a suggestion",
    "states": "how a draft is kept",
    "strength_lines": "strength of a link, as a legend explains it",
    "strength_marks": "strength of a link, in brackets after it",
    "strengths": "strength of a link",
    "titles": "headings of views, by bundle",
    "types": "types of messages",
    "verdicts": "what an officer decided on a passage",
    "views": "names of views within a sentence, by bundle",
}
"""The lists of codes: their words have keys, as the code comes from data. Everything else stands where it is shown."""
RIGHT = ("ar", "fa", "he", "ur")
BETWEEN = {"fr": "\u202f", "es": "."}
"""What stands between thousands; elsewhere a comma."""
PLACE = re.compile(r"\{(\w+)\}")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]|^[\d\s.:/+-]+$")
ARABIC = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Translator:
    """The texts of the widgets in one language; English where there is no translation.

    Parameters
    ----------
    language : str
    isolated : bool
        Whether values of the other direction are set apart by invisible signs, which programs that draw SVG take for letters.

    Examples
    --------
    >>> Translator("fr").term("relations", "owns")
    'possède'
    """

    language: str = "en"
    isolated: bool = True

    def __call__(self, text: str, /, **values: object) -> str:
        """A sentence, with values in the places of their names."""
        return self._put_values(load_texts(self.language).get(text, text), values)

    def count(self, one: str, other: str, number: int, /, **values: object) -> str:
        """A sentence that counts, in the plural of its number, which is `{n}` in it."""
        told = load_texts(self.language).get(one)
        if not isinstance(told, Mapping):
            text = one if _get_plural_form(number, "en") == "one" else other
        else:
            text = told.get(_get_plural_form(number, self.language)) or told["other"]
        return self._put_values(text, {"n": number, **values})

    def word(self, text: str, context: str) -> str:
        """One word, or a few that other languages say differently; the context tells which."""
        return str(load_texts(self.language).get(build_id(text, context), text))

    def term(self, group: str, code: str) -> str:
        """A code of a list in words; one that the list lacks as it is."""
        english = load_list(group).get(code)
        return code if english is None else self.word(english, f"{group}.{code}")

    def terms(self, group: str) -> dict[str, str]:
        """All codes of a list, each in words."""
        return {code: self.term(group, code) for code in load_list(group)}

    def _put_values(self, text: object, values: Mapping[str, object]) -> str:
        put = PLACE.sub(lambda found: _format_value(values[found[1]], self.language), str(text))
        return put if self.isolated else put.translate(ISOLATES)


@cache
def load_list(group: str) -> Mapping[str, str]:
    """Code -> English of a list.

    Raises
    ------
    KeyError
        Where there is no such list.
    """
    if group not in LISTS:
        raise KeyError(f"The widgets have no list {group!r}.")
    return dict(json.loads((HERE / "en" / f"{group}.json").read_text(encoding="utf-8")))


class RefusedError(ValueError):
    """What cannot be done as asked: an English sentence with its values, and in another language by `translate_to`."""

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(Translator()(text, **values))
        self.text, self.values = text, values

    def translate_to(self, language: str) -> str:
        """The text in a language."""
        return Translator(language)(self.text, **self.values)


def describe_error(problem: Exception, language: str) -> str:
    """What went wrong, for a person: in the language, if the error has `translate_to`; of an unforeseen one, its kind as well."""
    if hasattr(problem, "translate_to"):
        return str(problem.translate_to(language))
    return str(problem) if isinstance(problem, ValueError) else f"{type(problem).__name__}: {problem}"


def get_direction(language: str) -> str:
    """Which way a language runs: 'rtl' or 'ltr'."""
    return "rtl" if language in RIGHT else "ltr"


def format_number(value: float, language: str = "en") -> str:
    """A number as a language writes it: 1,234 in English, 1 234 in French, 12.345 in Spanish."""
    text = f"{value:,}" if language != "es" or abs(value) >= 10_000 else f"{value}"
    return (
        text.replace(",", "\0")
        .replace(".", "," if language in BETWEEN else ".")
        .replace("\0", BETWEEN.get(language, ","))
    )


def _format_value(value: object, language: str) -> str:
    """A value as it stands in a text: one of the other direction, or a date among Arabic letters, so that nothing is turned around."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, language)
    text, other = str(value), LATIN if get_direction(language) == "rtl" else ARABIC
    return f"\u2068{text}\u2069" if other.search(text) else text


def _get_plural_form(value: int, language: str) -> str:
    """The form that a language has for a whole number."""
    return _load_plural_rule(language if language in LANGUAGES else "en")(abs(value))


@cache
def _load_plural_rule(language: str) -> Callable[[int], str]:
    from babel import Locale

    return Locale.parse(language).plural_form
