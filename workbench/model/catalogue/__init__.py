"""Strings that people see, in the languages of the workbench.

A sentence is in English where it is raised or shown, `Sentence("The case is closed.")`, and its translations are in po/<language>.po
by that English. A word of a list (a relation, a schema, a status) and a sentence that rows hold have a key: their English is in
en/*.yaml by the key, so that a row keeps its sentence when the English is edited. `tools/strings.py` collects both, carries them
into the PO files and says what is missing there.

Languages are the four of INTERPOL: Arabic, English, French, Spanish. Of what counts something a PO file has a text for each
plural of its language, in the order of its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Any, Self, overload

from workbench.errors import SchemaError
from workbench.model.catalogue import translations
from workbench.model.text.bidi import FIRST, POP

LANGUAGES = ("en", "fr", "es", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
PARTED = {"fr": "\u202f", "es": "\u202f"}
"""What parts thousands, where it is no comma: a narrow space that is not broken."""
COMMAS = {"ar": "، "}
"""What parts words in a list, where it is no comma and a blank."""
HERE = Path(__file__).parent
KEY = re.compile(r"[a-z_]+(?:\.\w+)+")
"""What a key looks like, and no English sentence."""
PLACE = re.compile(r"\{\{|\}\}|\{(\w+)\}")
"""A name of a value, or a bracket that is written twice."""


def translate(text: str, /, language: str = "en", *, context: object = "", **values: object) -> str:
    """A sentence in a language; `{name}` in it stands for one of the values. In English where the language is none of ours.

    Parameters
    ----------
    text : str
        The English sentence, or a key.
    language : str
    context : str
        Tells one short word from another that is the same in English.
    **values
        By the names in the sentence.

    Raises
    ------
    SchemaError
        If it is a key that the catalogue lacks.

    Examples
    --------
    >>> translate("draft.named", "fr", ref="XB-2026-4", day="3 mai 2026")
    'XB-2026-4 du 3 mai 2026'
    """
    return fill_template(find_template(text, language, context=context), values)


def find_template(text: str, language: str, other: str = "", *, number: int | None = None, context: object = "") -> str:
    """A sentence in a language with its `{names}` still in it; of one that counts, the plural of its number."""
    one, several, place = text, other, str(context)
    if KEY.fullmatch(text):
        known, place = load_catalogue("en"), text
        if text not in known and f"{text}.one" not in known:
            raise SchemaError(f"the catalogue has no string {text!r}. Add it to workbench/model/catalogue/en.")
        one, several = known.get(f"{text}.one", known.get(text, "")), known.get(f"{text}.other", "")
    if language not in LANGUAGES[1:]:
        return several if several and number is not None and number != 1 else one
    if several and number is not None:
        return translations.translate_plural(one, several, number, language, place)
    return translations.translate_message(one, language, place)


def fill_template(template: str, values: Mapping[str, object]) -> str:
    """A sentence with its values. A name stands for a value and for nothing else: a text of others formats nothing."""
    return PLACE.sub(lambda found: str(values[found[1]]) if found[1] else found[0][0], template)


def list_names(template: str) -> set[str]:
    """Names of the values in a sentence."""
    return {found[1] for found in PLACE.finditer(template) if found[1]}


def has_key(key: str) -> bool:
    """Whether the catalogue has a string of that key."""
    return key in load_catalogue("en")


@dataclass(frozen=True, slots=True)
class Translator:
    """The catalogue in one language.

    Examples
    --------
    >>> Translator("es")("draft.named", ref="XB-2026-4", day="3 de mayo de 2026")
    'XB-2026-4 de 3 de mayo de 2026'
    """

    language: str = "en"

    def __call__(self, text: str, /, *, context: object = "", **values: object) -> str:
        """A sentence, by its English or its key, in the language."""
        return self.put_values(find_template(text, self.language, context=context), values)

    def put_values(self, template: str, values: Mapping[str, object]) -> str:
        """A sentence with its values; where it runs from right to left, they are set apart and keep their own direction."""
        told = {name: self.translate_value(value) for name, value in values.items()}
        apart = {name: f"{FIRST}{value}{POP}" for name, value in told.items()} if self.direction == "rtl" else told
        return fill_template(template, apart)

    def translate_value(self, value: object) -> object:
        """A value in the language: a sentence or an error as it is told, several in a tuple with commas between them."""
        if isinstance(value, tuple):
            return self.join_words(self.translate_value(one) for one in value)
        if isinstance(value, RecursionError):  # what Python says of it is about Python
            return self("it has too many nested levels")
        return value.translate_to(self.language) if hasattr(value, "translate_to") else value

    @overload
    def count(self, key: str, number: int, /, **values: object) -> str: ...
    @overload
    def count(self, one: str, other: str, number: int, /, **values: object) -> str: ...
    def count(self, one: str, other: str | int, number: int = 0, /, **values: object) -> str:
        """A sentence that counts, in the plural of its number, which is `{n}` in it where no value of that name is given.

        Said with its English of one and of several, or with a key.
        """
        counted, several = (other, "") if isinstance(other, int) else (number, other)
        template = find_template(one, self.language, several, number=counted)
        return self.put_values(template, {"n": self.figure(counted), **values})

    def term(self, group: str, word: str) -> str:
        """A word of a list that the catalogue has (a relation, a schema, a status); another as it is."""
        key = f"{group}.{encode_word(word)}"
        return self(key) if has_key(key) else word

    def group(self, name: str) -> dict[str, str]:
        """All words of a list, by the names that the catalogue has for them."""
        head = f"{name}."
        return {
            key.removeprefix(head): text
            for key, text in load_catalogue(self.catalogue_language).items()
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
    """A sentence for people: as text it is English, and `translate_to` says it in another language.

    An error is raised with one, so that a log reads English and an officer the language of the case. A value may be a
    sentence or an error as well, or several in a tuple; a number `n` chooses the plural, for which `other` is the English
    of several. Instead of its English a sentence may be given by its key.

    Examples
    --------
    >>> said = Sentence("refused.file.pdf_encrypted", name="a.pdf")
    >>> said.key, said.translate_to("en") == said
    ('refused.file.pdf_encrypted', True)
    """

    __slots__ = ("context", "key", "other", "values")
    key: str
    """Its English, or its key where it has one: what tells it from another."""
    other: str
    context: str
    values: Mapping[str, object]

    def __new__(cls, text: str, other: str = "", /, *, context: object = "", **values: object) -> Self:
        """The sentence with its values."""
        made = super().__new__(cls, _translate_sentence((text, other, str(context)), "en", values))
        made.key, made.other, made.context, made.values = text, other, str(context), values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], Mapping[str, object]]:
        """Of what a copy is made."""
        return (self.key, self.other), {"context": self.context, **self.values}

    def translate_to(self, language: str) -> str:
        """The sentence in a language."""
        return _translate_sentence((self.key, self.other, self.context), language, self.values)


def get_term(group: str, word: str) -> str:
    """A word of a list as a value of a sentence, told in its language; one that the catalogue lacks as it is."""
    key = f"{group}.{encode_word(word)}"
    return Sentence(key) if has_key(key) else word


def get_terms(group: str, words: Iterable[str]) -> tuple[str, ...]:
    """Several words of a list as one value of a sentence."""
    return tuple(get_term(group, word) for word in words)


def join_sentences(text: str, sentences: Iterable[str]) -> str:
    """Sentences one after another, of which one puts `{one}` and `{more}` together."""
    return reduce(lambda one, more: Sentence(text, one=one, more=more), sentences)


def _translate_sentence(said: tuple[str, str, str], language: str, values: Mapping[str, object]) -> str:
    text, other, context = said
    voice = Translator(language)
    told = {
        name: voice.figure(value) if isinstance(value, int) else value for name, value in values.items() if name != "n"
    }
    number = values.get("n")
    if not isinstance(number, int):
        return voice(text, context=context, **told if number is None else {"n": number, **told})
    return voice.put_values(
        find_template(text, language, other, number=number, context=context), {"n": voice.figure(number), **told}
    )


def encode_word(word: str) -> str:
    """The name under which the catalogue has a word of a list.

    >>> encode_word("likely, probable")
    'likely_probable'
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", word)


@cache
def load_catalogue(language: str) -> dict[str, str]:
    """Key -> string of one language: words of lists, and sentences that rows hold (`.one` and `.other` of what counts)."""
    if language == "en":
        return {
            key: text for path in sorted((HERE / "en").glob("*.yaml")) for key, text in _flatten_group(_load_yaml(path))
        }
    return {key: _translate_key(key, language) for key in load_catalogue("en")}


def _translate_key(key: str, language: str) -> str:
    head, _, form = key.rpartition(".")
    if form in ("one", "other") and f"{head}.one" in load_catalogue("en"):
        return find_template(head, language, number=1 if form == "one" else 100)
    return find_template(key, language)


@cache
def load_former_texts(language: str) -> dict[str, list[str]]:
    """Key -> texts that it had in a language in earlier versions: rows and messages of older cases hold them."""
    return dict(_load_yaml(HERE / "former.yaml").get(language, {}))


def _load_yaml(path: Path) -> dict[str, Any]:
    """A file of ours; libyaml reads it, where Python's yaml comes with it, in a tenth of the time."""
    import yaml

    return dict(yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506 - both are safe


def _flatten_group(group: Mapping[str, object], head: str = "") -> Iterator[tuple[str, str]]:
    """Keys with what stands above them, and their strings."""
    for name, said in group.items():
        if isinstance(said, Mapping):
            yield from _flatten_group(said, f"{head}{name}.")
        else:
            yield f"{head}{name}", str(said)
