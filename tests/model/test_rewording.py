"""A sentence that a row holds in English is known again and told in another language."""

from __future__ import annotations

import re

import pytest

from workbench.model.catalogue import LANGUAGES, Sentence, load_catalogue, load_former_texts
from workbench.model.stored_sentences import NAME, PLURAL, find_sentence, translate_lines, translate_place
from workbench.resolve.name_variants import Name, name_reasons

GROUPS = ("reason", "left_out")
VALUES = {"n": 3, "sex": "male", "sex2": "female", "identifier": "passport number", "attribution": "phone examined"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key", sorted({PLURAL.sub("", key) for key in load_catalogue("en") if key.startswith(("reason.", "left_out."))})
)
def test_each_sentence_is_known_again(key: str, language: str) -> None:
    text = load_catalogue("en").get(key) or load_catalogue("en")[f"{key}.other"]
    values = {name: VALUES.get(name, f"Q-{name}") for name in NAME.findall(text)}
    said = Sentence(key, **values)
    found = find_sentence(str(said), key.partition(".")[0])
    assert isinstance(found, Sentence) and found.key == key
    told = translate_lines(str(said), key.partition(".")[0], language)
    assert (told == said) is (language == "en") and "{" not in told
    assert all(f"Q-{name}" in told for name in values if name not in VALUES)


def test_words_and_numbers_within_a_sentence_are_told_as_well() -> None:
    assert translate_lines("same passport number: X1", "reason", "fr") == "même numéro de passeport : X1"
    assert (
        translate_lines("AGAINST: different sexes, male and female", "reason", "es")
        == "EN CONTRA: sexo distinto, masculino y femenino"
    )
    text = "Of 3,334 cells, the map shows the 1,000 that were used most."
    assert translate_lines(text, "left_out", "fr").startswith(
        "Sur 3\u202f334 cellules du réseau mobile, la carte montre les 1\u202f000"
    )


def test_what_is_no_sentence_stays_as_it_is() -> None:
    text = "born 1980-02-01\nseen by ada\ndates of birth match if day and month are swapped: <b>"
    lines = translate_lines(text, "reason", "es").split("\n")
    assert lines[1] == "seen by ada" and "<b>" in lines[2] and "se invierten el día y el mes" in lines[2]
    assert (
        translate_lines(text, "reason", "xx") == translate_lines(text, "reason", "en") == text
        and translate_lines("", "reason", "ar") == ""
    )


@pytest.mark.slow
def test_each_sentence_of_an_earlier_version_is_known_again() -> None:
    """Rows of older cases hold them."""
    for key, texts in load_former_texts("en").items():
        for text in texts if not key.startswith("draft.") else ():
            said = NAME.sub(lambda part: str(VALUES.get(part[1], f"Q-{part[1]}")), text)
            found = find_sentence(said, key.partition(".")[0])
            assert isinstance(found, Sentence) and found.key == PLURAL.sub("", key), text
            assert all("{" not in found.translate_to(language) for language in LANGUAGES), text


@pytest.mark.slow
def test_reasons_of_names_are_sentences_of_the_catalogue() -> None:
    names = (
        "NB",
        "Nerijus Bos",
        "Rosie",
        "Rosie Boudica",
        "Rosie Ek",
        "Lizz",
        "Liss",
        "Lizzie",
        "Karim al-Fassi",
        "كريم الفاسي",
    )
    reasons = [why for _, _, why, _ in name_reasons([Name(name) for name in names])]
    assert len(reasons) > 5 and all(isinstance(find_sentence(why, "reason"), Sentence) for why in reasons)
    assert not re.search(
        "initials|part of|alike|short form", "".join(translate_lines(why, "reason", "ar") for why in reasons)
    )


def test_a_reason_of_a_reader_is_told_in_a_language_and_another_text_stays() -> None:
    told = Sentence("refused.file.pdf_encrypted", name="a.pdf")
    assert translate_lines(str(told), "refused.file", "es") == told.translate_to("es") != told
    assert translate_lines("row 3; and more", "refused.file", "fr") == "row 3; and more"


def test_a_place_after_which_a_file_breaks_off_is_told() -> None:
    assert translate_place("chart.anx, after item 3", "en") == "chart.anx, after item 3"
    assert translate_place("after item 3 (cut off)", "fr") == "après élément 3 (cut off)"
    assert translate_place("after item 3", "es") == "tras elemento 3"
