"""Senders who say their own name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.extract import build_self_naming_method
from workbench.extract.names.self_naming import find_self_names
from workbench.model.rows import Passage

SAID = [
    ("Hi, it's Joseph, this is my new number", ["Joseph"]),
    ("My name is Marta Oliveira and I rented the boat", ["Marta Oliveira"]),
    ("Hello this is Quan from the garage", ["Quan"]),
    ("Bonjour, je m'appelle Élodie Marchetti.", ["Élodie Marchetti"]),
    ("C'est Yanis, j'ai changé de téléphone", ["Yanis"]),
    ("Hola, soy Ramón. Llámame", ["Ramón"]),
    ("me llamo Inés Duarte", ["Inés Duarte"]),
    ("مرحبا اسمي كريم", ["كريم"]),
]
UNSAID = [
    "This is important. Read it",
    "It's Friday, pay day",
    "It's Maren Wise investment company",
    "it's late",
    "I said that this is Marta's car",
    "This is Police! Open the door",
    "IT'S ME AGAIN, ANSWER THE PHONE NOW",
    "c'est bon, on part demain",
    "soy de Lisboa",
    "We met Joseph. He paid.",
    "",
]


@pytest.mark.parametrize(("text", "names"), SAID)
def test_a_name_that_the_sender_says_is_found(text: str, names: list[str]) -> None:
    assert [text[span.start : span.end] for span, _ in find_self_names(text)] == names


@pytest.mark.parametrize("text", UNSAID)
def test_what_is_no_name_of_the_sender_is_left(text: str) -> None:
    assert list(find_self_names(text)) == []


def test_it_becomes_a_suggested_attribution_with_its_place() -> None:
    passage = Passage("p", "d", 1, "Hi, it's Joseph. New number!")
    claims = list(build_self_naming_method({"d": "account"}).extract([passage, Passage("q", "e", 1, "it's Ann.")]))
    assert {(c.schema, c.prop) for c in claims} == {
        ("Person", "name"), ("Attribution", "holder"), ("Attribution", "held"), ("Attribution", "basis"),
    }  # fmt: skip
    assert {c.kind for c in claims} == {"suggested"} and {c.document_id for c in claims} == {"d"}
    assert {passage.text[c.start : c.end] for c in claims} == {"Joseph"}
    values = {c.prop: c.value for c in claims if c.schema == "Attribution"}
    person = next(c.entity_id for c in claims if c.schema == "Person")
    assert values == {"holder": person, "held": "account", "basis": "self-naming"}


@given(st.text(max_size=300))
def test_any_text_is_read_and_each_span_slices_to_a_name(text: str) -> None:
    for span, confidence in find_self_names(text):
        assert text[span.start : span.end].strip() and 0 < confidence <= 1
