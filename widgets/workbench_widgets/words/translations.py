"""Translations of the widgets' texts: of the PO file of a language as it was compiled, or of the PO file where that is newer.

What tells a text from another is its English, with its context before it where it has one (as gettext's own files have
it). A text that counts has a text for each plural of its language, by Unicode's names. The compiled file
(compiled/<language>.json) is made by `tools/compiling.py`, and says which scripts have a text: a page gets those of its
own scripts. Fuzzy entries are never shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

Told = str | Mapping[str, str]
"""A text, or one for each plural of its language."""
HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "es", "ar")
FORMS = {
    "fr": ("one", "many", "other"),
    "es": ("one", "many", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""Unicode's names of the plurals, in the order that the headers of the PO files have."""
AFTER_CONTEXT = "\x04"
"""What stands between a context and its text."""
SCRIPTS = "widgets/workbench_widgets/"
"""The folder that the places in a PO file begin with."""


def build_id(text: str, context: str = "") -> str:
    """What tells a text from another."""
    return f"{context}{AFTER_CONTEXT}{text}" if context else text


def get_english(one: str) -> str:
    """The English of an id."""
    return one.rpartition(AFTER_CONTEXT)[2]


@cache
def load_texts(language: str, rooms: Collection[str] = ()) -> Mapping[str, Told]:
    """Id -> text in a language; of some rooms those that their scripts have.

    None in English, where each text stands in its script, and none where the widgets do not have the language.
    """
    if language not in FORMS:
        return {}
    texts, places = _load_language(language)
    return {one: text for one, text in texts.items() if not rooms or not places[one].isdisjoint(rooms)}


@cache
def _load_language(language: str) -> tuple[dict[str, Told], dict[str, frozenset[str]]]:
    """The texts of a language, and the rooms of each: as compiled, or of the PO file where that is newer."""
    made = _read_compiled(language) or read_texts(language)
    texts = {one: text for one, (text, _) in made.items()}
    return texts, {one: frozenset(rooms) for one, (_, rooms) in made.items()}


def _read_compiled(language: str) -> dict[str, tuple[Told, list[str]]] | None:
    made, source = HERE / "compiled" / f"{language}.json", HERE / "po" / f"{language}.po"
    if not made.is_file():
        return None
    known = json.loads(made.read_text(encoding="utf-8"))
    fresh = not source.is_file() or known["made_from"] == _compute_fingerprint(source)
    return {one: (text, rooms) for one, (text, rooms) in known["texts"].items()} if fresh else None


def is_fresh(language: str) -> bool:
    """Whether the JSON of a language is there, and made from the PO file that lies here."""
    return _read_compiled(language) is not None


def read_texts(language: str) -> dict[str, tuple[Told, list[str]]]:
    """Id -> text of a PO file, and the rooms whose scripts have it; what counts has the plurals of its header."""
    from babel.messages.pofile import read_po

    with (HERE / "po" / f"{language}.po").open("rb") as file:
        known = [one for one in read_po(file, locale=language) if one.id and not one.fuzzy]
    found: dict[str, tuple[Told, list[str]]] = {}
    for one in known:
        text, *_ = (one.id,) if isinstance(one.id, str) else one.id
        told = one.string if isinstance(one.string, str) else dict(zip(FORMS[language], one.string or (), strict=True))
        if told:
            found[build_id(text, one.context or "")] = told, list_rooms(place for place, _ in one.locations)
    return found


def list_rooms(places: Iterable[str]) -> list[str]:
    """The folders of the scripts among some places."""
    scripts = [place.removeprefix(SCRIPTS) for place in places if place.endswith(".js")]
    return sorted({place.partition("/")[0] for place in scripts})


def compile_language(language: str) -> None:
    """Make the JSON of a language from its PO file."""
    made = HERE / "compiled" / f"{language}.json"
    made.parent.mkdir(exist_ok=True)
    content = {"made_from": _compute_fingerprint(HERE / "po" / f"{language}.po"), "texts": read_texts(language)}
    made.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _compute_fingerprint(source: Path) -> str:
    """SHA-256 of a PO file, the same for both kinds of line end."""
    return hashlib.sha256(source.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
