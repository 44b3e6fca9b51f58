"""Kinds, relations and properties have words in each language, and charts call them as reports do."""

from __future__ import annotations

import re

import pytest
from workbench_widgets import words

from workbench.case.charts.chart_edits import LINKS, THINGS
from workbench.model.catalogue import LANGUAGES, Translator, encode_word, has_key
from workbench.model.issue_codes import SEVERITIES, describe_code
from workbench.model.schema import CAPTIONS, IDENTIFYING, NAMES, RELATIONS, SPECIAL, VALUE_LINKS, load_vocabulary

NAMED = {*(relation.label for relation in RELATIONS.values()), *VALUE_LINKS.values(), "named with", "names"}
UNSEEN = {"Analyzable", "Interest", "Interval", "Protected", "Thing", "Value"}
"""Schemata that only others extend."""


def test_each_schema_has_a_word() -> None:
    assert [name for name in load_vocabulary().schemata if name not in UNSEEN and not has_key(f"schema.{name}")] == []


def test_each_property_that_charts_and_names_rest_on_has_a_word() -> None:
    ends = {end for one in RELATIONS.values() for end in (one.source, one.target)}
    things = {*THINGS, *LINKS, *CAPTIONS}
    featured = {name for thing in things for name in (*load_vocabulary()[thing].featured, *CAPTIONS.get(thing, ()))}
    others = {*NAMES, *IDENTIFYING, *SPECIAL, *VALUE_LINKS}
    assert [name for name in sorted(ends | featured | others) if not has_key(f"property.{name}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_call_relations_and_kinds_as_reports_do(language: str) -> None:
    say, shown = Translator(language), words.Translator(language)
    relations = shown.terms("relations")
    assert relations.keys() >= NAMED
    assert {name: say.term("relation", name) for name in relations} == relations
    schemata = shown.terms("schemata")
    kinds = {name: text for name, text in schemata.items() if has_key(f"schema.{name}")}
    assert {name: say.term("schema", name) for name in kinds} == kinds and schemata.keys() - kinds.keys() == {
        "Group",
        "any",
    }


def test_a_relation_that_no_language_has_stays_as_it_is() -> None:
    say = words.Translator("fr")
    assert (say.term("relations", "owns"), say.term("relations", "ignored by")) == ("possède", "ignored by")


def test_each_code_of_an_issue_has_a_meaning_and_a_name() -> None:
    assert [one for one in SEVERITIES if not has_key(f"meaning.{encode_word(one)}")] == []
    assert [
        one for one in SEVERITIES if not has_key(f"issue.{encode_word(one)}") and not re.fullmatch(r"C-\d\d", one)
    ] == []
    assert (
        describe_code("empty") == "No content to import was found in a file or table."
        and describe_code("of-another") == "of-another"
    )
