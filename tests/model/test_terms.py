"""A grade, a mark, a schema or a status that is none is told in each language, with those that there are."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest

from tests.refused import words
from workbench.errors import WorkbenchError
from workbench.model import handling_marks, person_status, schema, source_grading
from workbench.model.catalogue import LANGUAGES
from workbench.model.machine import model_registry

NONE: dict[str, tuple[Callable[[], object], str]] = {
    "grade.scale": (lambda: source_grading.grade("B2", "6x6"), "5x5x5"),
    "grade.code": (lambda: source_grading.grade("Z9", "4x4"), "A/B/C/X"),
    "grade.form": (lambda: source_grading.read("good"), "good"),
    "mark.level": (lambda: handling_marks.scheme("INTERPOL").rank("PURPLE"), "RESTRICTED"),
    "mark.scheme": (lambda: handling_marks.scheme("ours"), "INTERPOL"),
    "schema.unknown": (lambda: schema.check("Persn"), "Person"),
    "schema.no_property": (lambda: schema.check("Person", "birthDte"), "birthDate"),
    "status.unknown": (lambda: person_status.status("guilty"), "suspect"),
    "model.unknown": (lambda: model_registry.model("nothing"), "spacy"),
}
"""Key of the refusal -> what raises it, and a word that helps."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", NONE)
def test_what_is_none_is_told_in_each_language(key: str, language: str) -> None:
    asked, known = NONE[key]
    with pytest.raises(WorkbenchError) as refused:
        asked()
    told = refused.value.translate_to(language)
    assert words(key, language) in escape(told) and known in told
