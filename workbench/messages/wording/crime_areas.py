"""Crime areas by name: a code of the list, or what somebody writes for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from workbench.messages.model.check_context import Surroundings
from workbench.messages.model.code_lists import LANGUAGES, get_codes
from workbench.messages.model.message import Correspondence
from workbench.messages.model.message_fields import FieldSpan, list_values
from workbench.messages.wording.cue_words import fold_word
from workbench.model.catalogue import translate

CLOSE = 0.92
"""Likeness from which one name is taken for a slip of another."""


def get_area_title(code: str, language: str) -> str:
    """Title of a crime area in a language; a code that no list has, in words."""
    return translate(f"area.{code}", language) if code in get_codes("crime_areas") else code.replace("_", " ")


def find_code(written: str) -> str | None:
    """The code that somebody means by a title, a plural, other capitals or a slip; None where no area is near."""
    names, name = _load_names(), _normalise_title(written)
    near = get_close_matches(name, names, n=1, cutoff=CLOSE)
    return names[near[0]] if near else None


def unknown_area(message: Correspondence, around: Surroundings) -> Iterator[FieldSpan]:
    """Crime areas that are written in another way than the list has them. What the list does not know is left as it is."""
    for place, written in list_values(message, "crime_area"):
        for number, one in enumerate(written):
            if one not in get_codes("crime_areas") and (better := find_code(one)):
                yield FieldSpan(f"{place}[{number}]", quote=one, better=better)


@cache
def _load_names() -> dict[str, str]:
    """Names without plural, case and accents -> code: codes, titles of all languages, and first words that only one area has."""
    codes = get_codes("crime_areas")
    found = {
        _normalise_title(name): code
        for code in codes
        for name in (code, *(get_area_title(code, each) for each in LANGUAGES))
    }
    times = Counter(word for word, _ in {(word, code) for name, code in found.items() for word in name.split()})
    return {name.split()[0]: code for name, code in found.items() if times[name.split()[0]] == 1} | found


def _normalise_title(name: str) -> str:
    return " ".join(fold_word(word).removesuffix("s") for word in re.findall(r"[^\W_]+", name))
