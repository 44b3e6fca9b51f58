"""Every text of the widgets that a person sees: English in words/en/<room>.json, the other languages in words/po/<language>.po.

A text has `{name}` where a value goes. What is counted (`n`) has a text for each form that the language has for numbers, as Unicode's
plural rules name them: 'rows.one', 'rows.other', in Arabic 'rows.two' and 'rows.few' too. A page gets them as JSON, and kit/words.js
reads it; `tools/compiling.py` makes that JSON from the PO files (words/compiled), and Babel reads a PO file that is newer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "RefusedError", "describe_error", "format_number", "get_direction", "load_texts", "translate"]

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "es", "ar")
RIGHT = ("ar", "fa", "he", "ur")
BETWEEN = {"fr": "\u202f", "es": "."}
"""What stands between thousands; elsewhere a comma."""
FORMS = {
    "fr": ("one", "many", "other"),
    "es": ("one", "many", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""Unicode's names of the plurals, in the order that the headers of the PO files have."""
PLACE = re.compile(r"\{(\w+)\}")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]|^[\d\s.:/+-]+$")
ARABIC = re.compile("[\u0590-\u05ff\u0600-\u06ff]")


def translate(key: str, language: str = "en", **values: object) -> str:
    """A text in a language, with values in their places.

    Parameters
    ----------
    key : str
        Room and name of the text, as in 'chart.fit'; without the form of a number.
    language : str
        Where it has no such text, English.
    **values
        By the names in the text. A number `n` chooses the form.

    Raises
    ------
    KeyError
        Where there is no such text.
    """
    told, english = load_texts(language), load_texts("en")
    forms = [f"{key}.{_get_plural_form(values['n'], language)}", f"{key}.other", key] if "n" in values else [key]
    text = next((known[form] for known in (told, english) for form in forms if form in known), None)
    if text is None:
        raise KeyError(f"The widgets have no text {key!r}.")
    return PLACE.sub(lambda found: _format_value(values[found[1]], language), text)


@cache
def load_texts(language: str, rooms: Iterable[str] = ()) -> Mapping[str, str]:
    """Key -> text in a language, of some rooms or of all; none where the widgets do not have the language."""
    if language not in LANGUAGES:
        return {}
    known = _load_english() if language == "en" else _load_language(language)
    return {key: text for key, text in known.items() if not rooms or key.partition(".")[0] in rooms}


@cache
def _load_english() -> Mapping[str, str]:
    return {
        f"{path.stem}.{key}": text
        for path in sorted((HERE / "en").glob("*.json"))
        for key, text in json.loads(path.read_text(encoding="utf-8")).items()
    }


@cache
def _load_language(language: str) -> Mapping[str, str]:
    """The compiled texts of a language; those of its PO file where that is newer."""
    made = _read_compiled(language)
    return read_texts(language) if made is None else made


def _read_compiled(language: str) -> dict[str, str] | None:
    made, source = HERE / "compiled" / f"{language}.json", HERE / "po" / f"{language}.po"
    if not made.is_file():
        return None
    known = json.loads(made.read_text(encoding="utf-8"))
    fresh = not source.is_file() or known["made_from"] == _compute_fingerprint(source)
    return dict(known["texts"]) if fresh else None


def is_fresh(language: str) -> bool:
    """Whether the JSON of a language is there, and made from the PO file that lies here."""
    return _read_compiled(language) is not None


def read_texts(language: str) -> dict[str, str]:
    """Key -> text of a PO file; what counts has the plurals of its header, by Unicode's names. Fuzzy ones are left out."""
    from babel.messages.pofile import read_po

    with (HERE / "po" / f"{language}.po").open("rb") as file:
        known = [one for one in read_po(file, locale=language) if one.id and not one.fuzzy]
    found: dict[str, str] = {}
    for one in known:
        if isinstance(one.string, str):
            found[str(one.context)] = one.string
        else:
            found |= {
                f"{one.context}.{form}": text for form, text in zip(FORMS[language], one.string or (), strict=True)
            }
    return found


def compile_language(language: str) -> None:
    """Make the JSON of a language from its PO file."""
    made = HERE / "compiled" / f"{language}.json"
    made.parent.mkdir(exist_ok=True)
    content = {"made_from": _compute_fingerprint(HERE / "po" / f"{language}.po"), "texts": read_texts(language)}
    made.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _compute_fingerprint(source: Path) -> str:
    """SHA-256 of a PO file, the same for both kinds of line end."""
    return hashlib.sha256(source.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def has_text(key: str) -> bool:
    """Whether there is a text of this key."""
    return key in load_texts("en")


def translate_relation(name: str, language: str = "en") -> str:
    """A relation in words; one that the texts do not have as it is."""
    key = f"relations.{name}"
    return translate(key, language) if has_text(key) else name


class RefusedError(ValueError):
    """What cannot be done as asked: a text of the catalogue, English as it stands, and `told` in another language."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(translate(key, "en", **values))
        self.key, self.values = key, values

    def translate_to(self, language: str) -> str:
        """The text in a language."""
        return translate(self.key, language, **self.values)


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


def _get_plural_form(value: object, language: str) -> str:
    """The form that a language has for a whole number."""
    return _load_plural_rule(language if language in LANGUAGES else "en")(abs(int(str(value))))


@cache
def _load_plural_rule(language: str) -> Callable[[int], str]:
    from babel import Locale

    return Locale.parse(language).plural_form
