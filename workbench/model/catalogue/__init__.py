"""Strings that people see, in the languages of the workbench: a folder of files for each, with the same keys.

Languages are the four of INTERPOL: Arabic, English, French, Spanish. What counts something has a string for each plural of
the language (`one`, `other`, in Arabic `two`, `few`, `many` as well).

References
----------
Unicode CLDR, plural rules of ar, en, es, fr for whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Self

from workbench.errors import SchemaError
from workbench.model.text.bidi import FIRST, POP

LANGUAGES = ("en", "fr", "es", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
PARTED = {"fr": "\u202f", "es": "\u202f"}
"""What parts thousands, where it is no comma: a narrow space that is not broken."""
COMMAS = {"ar": "، "}
"""What parts words in a list, where it is no comma and a blank."""
HERE = Path(__file__).parent


def translate(key: str, /, language: str = "en", **values: object) -> str:
    """A string in a language; `{name}` in it stands for one of the values. In English where the language is none of ours.

    Raises
    ------
    SchemaError
        If the catalogue has no such key.

    Examples
    --------
    >>> translate("draft.acknowledgement", "fr", message="XB-2026-4")
    'Nous avons bien reçu votre message XB-2026-4.'
    """
    strings = catalogue(Voice(language).catalogue_language)
    if key not in strings:
        raise SchemaError(f"the catalogue has no string {key!r}. Add it to each language of workbench/model/catalogue.")
    return strings[key].format(**values)


def has_key(key: str) -> bool:
    """Whether the catalogue has a string of that key."""
    return key in catalogue("en")


@dataclass(frozen=True, slots=True)
class Voice:
    """The catalogue in one language.

    Examples
    --------
    >>> Voice("es")("draft.acknowledgement", message="XB-2026-4")
    'Hemos recibido su mensaje XB-2026-4.'
    """

    language: str = "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """A string of the catalogue; where it runs from right to left, its values are set apart and keep their own direction."""
        told = {name: self.translate_value(value) for name, value in values.items()}
        apart = {name: f"{FIRST}{value}{POP}" for name, value in told.items()} if self.direction == "rtl" else told
        return translate(key, self.language, **apart)

    def translate_value(self, value: object) -> object:
        """A value in the language: a sentence or an error as it is told, several in a tuple with commas between them."""
        if isinstance(value, tuple):
            return self.join_words(self.translate_value(one) for one in value)
        if isinstance(value, RecursionError):  # what Python says of it is about Python
            return self("refused.nested")
        return value.translate_to(self.language) if hasattr(value, "translate_to") else value

    def count(self, key: str, number: int, /, **values: object) -> str:
        """A string that counts, in the plural of its number, which is `{n}` in it where no value of that name is given."""
        form = f"{key}.{plural(number, self.language)}"
        chosen = form if form in catalogue(self.catalogue_language) else f"{key}.other"
        return self(chosen, **{"n": self.figure(number), **values})

    def term(self, group: str, word: str) -> str:
        """A word of a list that the catalogue has (a relation, a schema, a status); another as it is."""
        key = f"{group}.{code(word)}"
        return self(key) if has_key(key) else word

    def group(self, name: str) -> dict[str, str]:
        """All words of a list, by the names that the catalogue has for them."""
        head = f"{name}."
        return {
            key.removeprefix(head): text
            for key, text in catalogue(self.catalogue_language).items()
            if key.startswith(head)
        }

    def join_words(self, words: Iterable[object]) -> str:
        """Words one after another."""
        return self.comma.join(map(str, words))

    def figure(self, number: int) -> str:
        """A whole number with its thousands parted."""
        return f"{number:,}".replace(",", PARTED.get(self.language, ","))

    @property
    def comma(self) -> str:
        """What stands between words of a list."""
        return COMMAS.get(self.language, ", ")

    @property
    def catalogue_language(self) -> str:
        """The language, English where it is none of ours."""
        return self.language if self.language in LANGUAGES else "en"

    @property
    def direction(self) -> str:
        """'rtl' or 'ltr'."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


class Sentence(str):
    """A sentence of the catalogue: as text it is English, and `translate_to` says it in another language.

    An error is raised with one, so that a log reads English and an officer the language of the case. A value may be a
    sentence or an error as well, or several in a tuple; a number `n` chooses the plural.

    Examples
    --------
    >>> said = Sentence("views.more", n=2)
    >>> said, said.translate_to("es")
    ('and 2 more', 'y 2 más')
    """

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, object]

    def __new__(cls, key: str, /, **values: object) -> Self:
        """The sentence of a key with its values."""
        made = super().__new__(cls, _translate_sentence(key, "en", values))
        made.key, made.values = key, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, object]]:
        """Of what a copy is made."""
        return (self.key,), self.values

    def translate_to(self, language: str) -> str:
        """The sentence in a language."""
        return _translate_sentence(self.key, language, self.values)


def term(group: str, word: str) -> str:
    """A word of a list as a value of a sentence, told in its language; one that the catalogue lacks as it is."""
    key = f"{group}.{code(word)}"
    return Sentence(key) if has_key(key) else word


def terms(group: str, words: Iterable[str]) -> tuple[str, ...]:
    """Several words of a list as one value of a sentence."""
    return tuple(term(group, word) for word in words)


def join_sentences(key: str, sentences: Iterable[str]) -> str:
    """Sentences one after another, of which a string of the catalogue puts `{one}` and `{more}` together."""
    return reduce(lambda one, more: Sentence(key, one=one, more=more), sentences)


def _translate_sentence(key: str, language: str, values: Mapping[str, object]) -> str:
    voice = Voice(language)
    told = {
        name: voice.figure(value) if isinstance(value, int) else value for name, value in values.items() if name != "n"
    }
    number = values.get("n")
    return voice.count(key, number, **told) if isinstance(number, int) else voice(key, **told)


def code(word: str) -> str:
    """The name under which the catalogue has a word of a list.

    >>> code("likely, probable")
    'likely_probable'
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", word)


def plural(number: int, language: str) -> str:
    """Plural of a whole number in a language.

    >>> [plural(number, "ar") for number in (0, 1, 2, 5, 11, 100)]
    ['zero', 'one', 'two', 'few', 'many', 'other']
    """
    return _rule(Voice(language).catalogue_language)(number)


@cache
def _rule(language: str) -> Callable[[int], str]:
    from babel import Locale

    return Locale.parse(language).plural_form


@cache
def catalogue(language: str) -> dict[str, str]:
    """Key -> string of one language."""
    import yaml

    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((HERE / language).glob("*.yaml"))]
    return {key: text for file in files for key, text in _flat(file)}


@cache
def former_texts(language: str) -> dict[str, list[str]]:
    """Key -> texts that it had in a language in earlier versions: rows and messages of older cases hold them."""
    import yaml

    return dict(yaml.safe_load((HERE / "former.yaml").read_text(encoding="utf-8")).get(language, {}))


def _flat(group: Mapping[str, object], head: str = "") -> Iterator[tuple[str, str]]:
    """Keys with what stands above them, and their strings."""
    for name, said in group.items():
        if isinstance(said, Mapping):
            yield from _flat(said, f"{head}{name}.")
        else:
            yield f"{head}{name}", str(said)
