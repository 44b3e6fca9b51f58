"""What is wrong with a rule pack is told in the language of who wrote it, and nothing of it is lost on the way."""

from __future__ import annotations

from html import escape

import pytest

from tests.messages.test_packs import HEAD, RULE
from tests.refused import words
from workbench.errors import SchemaError, SourceError
from workbench.messages.model.message_json import from_json
from workbench.messages.rules.rule_packs import read_pack
from workbench.messages.traffic.labelled_line import Line
from workbench.messages.traffic.labelled_values import build_message
from workbench.model.catalogue import LANGUAGES
from workbench.model.issue_codes import translate_message

FAULTS = {
    HEAD + RULE.replace("{matches:", "{sounds like:"): "'{name}' is not a test. Known tests: {known}.",
    HEAD
    + RULE.replace(
        '"white van"', '"(white){2} van"'
    ): "a group is repeated. Write the group as many times as you need it.",
    HEAD
    + RULE.replace(
        '{matches: "white van"}', "{before: soon}"
    ): "write `today`, a field, or a time before or after now, such as `-10 years` or `30 days`",
    HEAD + RULE + "    message: twice\n": "refused.yaml.twice",
    HEAD + RULE.replace("  - id:", "  - nothing:"): "'{part}' is not a part of a rule. Known parts: {known}.",
}
"""A faulty pack -> the sentence that says what is wrong, within those that say where."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", FAULTS, ids=FAULTS.values())
def test_what_is_wrong_with_a_pack_is_told_in_a_language(text: str, language: str) -> None:
    with pytest.raises(SchemaError) as refused:
        read_pack(text, "ours.yaml")
    assert words(FAULTS[text], language) in escape(refused.value.translate_to(language))


def test_where_the_fault_is_and_what_it_is_make_one_sentence() -> None:
    with pytest.raises(SchemaError) as refused:
        read_pack(HEAD + RULE.replace("severity: warning", "severity: grave"), "ours.yaml")
    assert refused.value.translate_to("fr") == (
        "ours.yaml, règle OUR-01 : « severity » vaut « grave ». Ce doit être l’une de ces valeurs : error, warning, info."
    )


def test_a_text_that_is_no_message_is_told_in_a_language() -> None:
    with pytest.raises(SourceError) as refused:
        from_json('{"form": "message", "form": "notice"}')
    assert refused.value.translate_to("es") == (
        "El mensaje no es JSON válido: el campo «form» figura dos veces. Pida de nuevo el mensaje al remitente."
    )


def test_a_row_that_says_why_a_text_is_no_message_is_told_in_a_language() -> None:
    with pytest.raises(SourceError) as refused:
        from_json('{"form": "message", "to": 3}')
    row = str(refused.value)
    assert row == "'to' is 3. It must be a list."
    assert translate_message(row, "fr") == "« to » vaut 3. Il faut une liste." == refused.value.translate_to("fr")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "El texto está vacío: no se leyó ningún mensaje."),
        ([Line("Colour of hat", "red", "line 1")], "ningún campo"),
        ([Line("From", "NCB", "line 1", "from_bureau")], "un solo campo"),
    ],
)
def test_why_nothing_is_read_in_a_text_is_told_in_a_language(lines: list[Line], told: str) -> None:
    assert told in translate_message(str(build_message("", lines).reason), "es")
