"""A sentence is told in each language, with its values."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.catalogued import sentences
from workbench.errors import CaseError, PackageError, SchemaError
from workbench.model.catalogue import HERE, LANGUAGES, Sentence, Translator, get_term, translate

CATALOGUE = sorted(HERE.rglob("*.yaml"))
NAMED = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_key_stands_twice_in_a_file(path: Path) -> None:
    def list_keys(node: yaml.Node) -> Iterator[list[str]]:
        if isinstance(node, yaml.MappingNode):
            yield [key.value for key, _ in node.value]
            for _, value in node.value:
                yield from list_keys(value)

    top = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert all(len(keys) == len(set(keys)) for keys in list_keys(top)), path.name


@pytest.mark.slow
def test_arabic_that_is_values_alone_runs_from_right_to_left_within_a_sentence() -> None:
    strong = {"L", "R", "AL"}
    for one, text in sentences("ar").items():
        signs = [unicodedata.bidirectional(sign) for sign in NAMED.sub("", text)]
        assert len(NAMED.findall(text)) < 2 or strong.intersection(signs), f"{one} begins with U+200F, or has a word"


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert [Translator(language).figure(12345) for language in LANGUAGES] == [
        "12,345",
        "12\u202f345",
        "12\u202f345",
        "12,345",
    ]
    assert Translator("ar").direction == "rtl" and Translator("xx").direction == "ltr"


def test_languages_differ() -> None:
    texts = [translate("draft.conditions", language) for language in LANGUAGES]
    assert len(set(texts)) == 4
    assert translate("draft.conditions", "xx") == translate("draft.conditions", "en")


def test_what_the_catalogue_lacks_is_told() -> None:
    with pytest.raises(SchemaError, match="no string"):
        translate("draft.nothing")


def test_an_error_reads_english_and_is_told_in_each_language() -> None:
    error = CaseError(Sentence("Did you mean {names}?", names="a\u202eb"))
    assert str(error) == "Did you mean a⟨U+202E⟩b?" == error.translate_to("en") == error.translate_to("xx")
    assert error.translate_to("es") == "¿Quiere decir a⟨U+202E⟩b?"
    assert (
        CaseError("nothing of the catalogue").translate_to("fr") == "nothing of the catalogue"
        and CaseError().translate_to("fr") == ""
    )
    assert (
        PackageError(Sentence("The case is closed. Open it again: `case = wb.open_case(…)`."), "a part").translate_to(
            "es"
        )
        == "El caso está cerrado. Ábralo de nuevo: `case = wb.open_case(…)`."
    )


def test_a_value_that_is_a_sentence_is_told_as_well() -> None:
    said = Sentence(
        "`{verb}` did not work. {why}",
        verb="add",
        why=Sentence("The case is closed. Open it again: `case = wb.open_case(…)`."),
    )
    assert said == "`add` did not work. The case is closed. Open it again: `case = wb.open_case(…)`."
    assert (
        said.translate_to("es")
        == "`add` no se pudo hacer. El caso está cerrado. Ábralo de nuevo: `case = wb.open_case(…)`."
    )
    assert "\u2068القضية مغلقة. افتحوها من جديد: \u2068`case = wb.open_case(…)`\u2069.\u2069" in said.translate_to("ar")
    assert Sentence("and {n} more", "and {n} more", n=1).translate_to("ar") == Translator("ar").count(
        "and {n} more", "and {n} more", 1
    )
    person = get_term("schema", "Person")
    assert (
        isinstance(person, Sentence)
        and person.translate_to("fr") == "Personne"
        and get_term("schema", "Unknown") == "Unknown"
    )


def test_a_copy_of_a_sentence_is_told_like_it() -> None:
    said = Sentence("and {n} more", "and {n} more", n=3)
    assert copy.deepcopy(said) == said and copy.deepcopy(said).translate_to("fr") == said.translate_to("fr")
