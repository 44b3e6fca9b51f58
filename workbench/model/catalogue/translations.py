"""Translations of one language: of its PO file as it was compiled, or of the PO file itself where that is newer.

The compiled file (compiled/<language>.mo) is made by `tools/compiling.py` at setup and is in the wheel; it says of which PO
file it was made. Without it Babel reads the PO file, which takes a second. Fuzzy entries are in neither.

Labels of schemata and properties that a PO file leaves out are FollowTheMoney's own.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).parent
MADE_FROM = "project-id-version"
"""Header of a compiled file that ends in the SHA-256 of the PO file that it was made from."""
LABELS = ("schema.", "property.")
"""Keys whose English is a label of FollowTheMoney."""


def translate_message(text: str, language: str, context: str = "") -> str:
    """An English text in a language; as it is where there is no translation."""
    if not text:
        return ""
    known = load_translations(language)
    told = known.pgettext(context, text) if context else known.gettext(text)
    return load_schema_labels(language).gettext(text) if told == text and context.startswith(LABELS) else told


def translate_plural(one: str, other: str, number: int, language: str, context: str = "") -> str:
    """An English text that counts, in a language and in the plural that its PO file has for the number."""
    known = load_translations(language)
    if context:
        return known.npgettext(context, one, other, number)
    return known.ngettext(one, other, number)


@cache
def load_translations(language: str) -> gettext.NullTranslations:
    """All translations of a language."""
    found = _read_compiled(language)
    return found or gettext.GNUTranslations(BytesIO(_compile_catalogue(_locate_source(language))))


def is_fresh(language: str) -> bool:
    """Whether a language is compiled, and from the PO file that lies here."""
    return _read_compiled(language) is not None


def compile_language(language: str) -> None:
    """Compile the PO file of a language."""
    made = HERE / "compiled" / f"{language}.mo"
    made.parent.mkdir(exist_ok=True)
    made.write_bytes(_compile_catalogue(_locate_source(language)))


@cache
def load_schema_labels(language: str) -> gettext.NullTranslations:
    """FollowTheMoney's labels in a language, read from its folder: nothing of it is imported."""
    found = find_spec("followthemoney")
    folder = Path(found.origin).parent / "translations" if found and found.origin else HERE
    return gettext.translation("followthemoney", folder, [language], fallback=True)


def _read_compiled(language: str) -> gettext.GNUTranslations | None:
    """The compiled file of a language, unless its PO file lies here and is another than it was made from."""
    made, source = HERE / "compiled" / f"{language}.mo", _locate_source(language)
    if not made.is_file():
        return None
    with made.open("rb") as file:
        found = gettext.GNUTranslations(file)
    fresh = not source.is_file() or found.info().get(MADE_FROM, "").endswith(_compute_fingerprint(source))
    return found if fresh else None


def _locate_source(language: str) -> Path:
    return HERE / "po" / f"{language}.po"


def _compute_fingerprint(source: Path) -> str:
    """SHA-256 of a PO file, the same for both kinds of line end."""
    import hashlib

    return hashlib.sha256(source.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _compile_catalogue(source: Path) -> bytes:
    """A PO file in the form that Python's gettext reads, without fuzzy entries."""
    from datetime import UTC, datetime

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        known = read_po(file, locale=source.stem)
    known.version, known.creation_date = _compute_fingerprint(source), datetime(1980, 1, 1, tzinfo=UTC)
    made = BytesIO()
    write_mo(made, known)
    return made.getvalue()
