"""The blank forms: every field of the model is on them, under words of every language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.case.desk.messages.rendering import build_sections
from workbench.ingest.documents.police_message import THINGS
from workbench.messages.model.code_lists import get_codes
from workbench.messages.model.message import FORMS, Identity, Item, Message, Person
from workbench.messages.model.message_json import get_field_types
from workbench.messages.templates.blank_form import BlankField, get_form_title, list_sections

LEFT_OUT = {"message_id", "thread_id", "author", "approver", "signature"}
"""Fields that the desk fills in, not its officer."""


def every(form: str, language: str = "en") -> Iterator[BlankField]:
    """Fields of a form, and of its parts."""
    waiting = [one for _, fields in list_sections(form, language) for one in fields]
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting += one.fields


@pytest.mark.parametrize("form", FORMS)
def test_every_field_of_the_model_is_on_the_form_once(form: str) -> None:
    named = [one.name for _, fields in list_sections(form) for one in fields]
    assert sorted(named) == sorted(set(get_field_types(FORMS[form])) - LEFT_OUT)


@pytest.mark.parametrize("form", FORMS)
def test_fields_and_codes_have_words_of_their_own(form: str) -> None:
    for one in every(form, "ar"):
        plain = {code for code, words in one.choices.items() if words.isascii()}
        assert one.name in ("sha256", "tlp") or not one.label.isascii(), one.name
        assert plain <= {*get_codes("handling"), *get_codes("tlp"), *get_codes("confidentiality"), *get_codes("scales")}


def test_a_field_is_filled_in_as_its_type_and_its_code_list_say() -> None:
    kinds = {one.name: one.kind for one in every("notice")}
    assert kinds["summary_of_facts"] == "long" and kinds["date_of_birth"] == "date"
    assert kinds["diffusion"] == "tick" and kinds["in_absentia"] == "yes" and kinds["maximum_years"] == "number"
    assert kinds["color"] == "choice" and kinds["sought"] == "choices" and kinds["to"] == "list"
    assert kinds["event"] == "part" and kinds["persons"] == "parts" and kinds["documents"] == "parts"


def test_the_status_of_a_person_is_a_code_and_that_of_a_thing_is_not() -> None:
    found = [one.kind for one in every("message") if one.name == "status"]
    assert found == ["choice", "text"]


def test_forms_and_sections_have_names_in_the_language_asked_for() -> None:
    assert get_form_title("letter", "fr") == "Commission rogatoire"
    assert [name for name, _ in list_sections("message", "es")][:2] == ["Encabezado", "Solicitud"]


def test_kinds_of_things_and_of_papers_have_words_on_the_form_and_in_what_the_addressee_sees() -> None:
    kinds = [one.choices for one in every("message", "fr") if one.name == "kind"]
    assert kinds[0]["firearm"] == "arme à feu" and kinds[1]["driving_licence"] == "permis de conduire"
    assert set(THINGS) <= set(kinds[0])
    thing = Item(kind="handset", number="356938035643809")
    paper = Person(family_name="EK", documents=(Identity(kind="driving_licence", number="A1"),))
    told = str(
        build_sections(Message(type="request", language="ar", objects=(thing, Item(kind="sextant")), persons=(paper,)))
    )
    assert "جهاز هاتف" in told and "handset" not in told and "sextant" in told
