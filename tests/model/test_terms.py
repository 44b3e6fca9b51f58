"""A grade, a mark, a schema or a status that is none is told in each language, with those that there are."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest

from tests.refused import words
from workbench.errors import WorkbenchError
from workbench.model import grading, marking, models, persons, schema
from workbench.model.catalogue import LANGUAGES

NONE: dict[str, tuple[Callable[[], object], str]] = {
    "grade.scale": (lambda: grading.grade("B2", "6x6"), "5x5x5"),
    "grade.code": (lambda: grading.grade("Z9", "4x4"), "A/B/C/X"),
    "grade.form": (lambda: grading.read("good"), "good"),
    "mark.level": (lambda: marking.scheme("INTERPOL").rank("PURPLE"), "RESTRICTED"),
    "mark.scheme": (lambda: marking.scheme("ours"), "INTERPOL"),
    "schema.unknown": (lambda: schema.check("Persn"), "Person"),
    "schema.no_property": (lambda: schema.check("Person", "birthDte"), "birthDate"),
    "status.unknown": (lambda: persons.status("guilty"), "suspect"),
    "model.unknown": (lambda: models.model("nothing"), "spacy"),
}
"""Key of the refusal -> what raises it, and a word that helps."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", NONE)
def test_what_is_none_is_told_in_each_language(key: str, language: str) -> None:
    asked, known = NONE[key]
    with pytest.raises(WorkbenchError) as refused:
        asked()
    told = refused.value.told(language)
    assert words(key, language) in escape(told) and known in told
