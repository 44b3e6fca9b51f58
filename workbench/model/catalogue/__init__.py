"""Strings that people see, in the languages of the workbench: a folder of files for each, with the same keys.

Languages are the four of INTERPOL: Arabic, English, French, Spanish.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workbench.errors import SchemaError

LANGUAGES = ("en", "fr", "es", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
HERE = Path(__file__).parent


def say(key: str, language: str = "en", **values: object) -> str:
    """A string in a language; `{name}` in it stands for one of the values. In English where the language is none of ours.

    Raises
    ------
    SchemaError
        If the catalogue has no such key.

    Examples
    --------
    >>> say("draft.acknowledgement", "fr", ref="XB-2026-4", day="2026-03-02")
    'Nous avons bien reçu votre message XB-2026-4 du 2026-03-02.'
    """
    strings = catalogue(language if language in LANGUAGES else "en")
    if key not in strings:
        raise SchemaError(f"the catalogue has no string {key!r}. Add it to each language of workbench/model/catalogue.")
    return strings[key].format(**values)


def has(key: str) -> bool:
    """Whether the catalogue has a string of that key."""
    return key in catalogue("en")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Key -> string of one language."""
    import yaml

    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((HERE / language).glob("*.yaml"))]
    return {
        f"{group}.{name}": str(said) for file in files for group, names in file.items() for name, said in names.items()
    }
