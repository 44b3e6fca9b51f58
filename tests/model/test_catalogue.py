"""The catalogue says the same in each language."""

from __future__ import annotations

import re

import pytest

from workbench.errors import SchemaError
from workbench.model.catalogue import LANGUAGES, catalogue, say

NAMED = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_strings(language: str) -> None:
    own, english = catalogue(language), catalogue("en")
    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip() and sorted(NAMED.findall(text)) == sorted(NAMED.findall(english[key])), key


def test_languages_differ() -> None:
    texts = [say("draft.conditions", language) for language in LANGUAGES]
    assert len(set(texts)) == 4
    assert say("draft.conditions", "xx") == say("draft.conditions", "en")


def test_what_the_catalogue_lacks_is_told() -> None:
    with pytest.raises(SchemaError, match="no string"):
        say("draft.nothing")
