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
    "The scale '{scale}' is not known. Use one of these: {scales}.": (
        lambda: source_grading.get_grade("B2", "6x6"),
        "5x5x5",
    ),
    (
        "'{code}' is not a grade of {scale}. Write the source grade ({sources}), then the information "
        "grade ({facts}), as in '{example}'."
    ): (lambda: source_grading.get_grade("Z9", "4x4"), "A/B/C/X"),
    "'{text}' is not a grade. Write the code of the grade, then its scale in brackets: 'B2 (4x4)'.": (
        lambda: source_grading.parse_grade("good"),
        "good",
    ),
    ("'{level}' is not a level of the scheme {scheme}. Its levels, from lowest to highest: {levels}."): (
        lambda: handling_marks.build_scheme("INTERPOL").rank("PURPLE"),
        "RESTRICTED",
    ),
    (
        "The marking scheme '{scheme}' is not known. In `case.toml`, use {known}, or give your own "
        'levels: `levels = ["LOWEST", …, "HIGHEST"]`.'
    ): (lambda: handling_marks.build_scheme("ours"), "INTERPOL"),
    "'{schema}' is not a type of entity. {advice}": (lambda: schema.check_schema("Persn"), "Person"),
    "{schema} has no property '{prop}'. {advice}": (lambda: schema.check_schema("Person", "birthDte"), "birthDate"),
    "'{value}' is not a status of a person. Use one of these: {known}.": (
        lambda: person_status.normalise_status("guilty"),
        "suspect",
    ),
    "The model '{name}' is not known. Known models: {known}. They are listed in {file}.": (
        lambda: model_registry.get_model("nothing"),
        "spacy",
    ),
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
