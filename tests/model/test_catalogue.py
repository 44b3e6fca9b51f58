"""The catalogue says the same in each language."""

from __future__ import annotations

import re

import pytest

from workbench.errors import SchemaError
from workbench.model.catalogue import LANGUAGES, Voice, catalogue, plural, say

NAMED = re.compile(r"\{(\w+)\}")
PLURAL = re.compile(r"\.(zero|one|two|few|many)$")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_strings(language: str) -> None:
    own, english = catalogue(language), catalogue("en")
    assert {PLURAL.sub(".other", key) for key in own} == {PLURAL.sub(".other", key) for key in english}
    for key, text in own.items():
        named, wanted = set(NAMED.findall(text)), set(NAMED.findall(english[PLURAL.sub(".other", key)]))
        assert text.strip() and wanted - named <= ({"n"} if PLURAL.search(key) else set()) and named <= wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_counts_has_each_plural_of_its_language(language: str) -> None:
    needed = {plural(number, language) for number in range(1, 200)}
    counting = {key.removesuffix(".one") for key in catalogue(language) if key.endswith(".one")}
    for key in counting:
        assert {form for form in needed if f"{key}.{form}" in catalogue(language)} == needed, key


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert [Voice(language).figure(12345) for language in LANGUAGES] == [
        "12,345",
        "12\u202f345",
        "12\u202f345",
        "12,345",
    ]
    assert Voice("ar").direction == "rtl" and Voice("xx").direction == "ltr"


def test_languages_differ() -> None:
    texts = [say("draft.conditions", language) for language in LANGUAGES]
    assert len(set(texts)) == 4
    assert say("draft.conditions", "xx") == say("draft.conditions", "en")


def test_what_the_catalogue_lacks_is_told() -> None:
    with pytest.raises(SchemaError, match="no string"):
        say("draft.nothing")
