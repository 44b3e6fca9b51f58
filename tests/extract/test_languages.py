"""Which language a text is in, and what a short one takes from its document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.extract.languages import KNOWN, UNKNOWN, compute_share, detect_language, detect_languages, detect_script
from workbench.model.rows import Passage

TEXTS = Path(__file__).parents[1] / "quality" / "cross_language.json"


def test_no_passage_of_four_languages_is_taken_for_another() -> None:
    made = json.loads(TEXTS.read_text("utf-8"))
    said = [(code, text) for matter in made["matters"] for code, text in matter["passages"].items()]
    said += [(code, text) for code, texts in made["others"].items() for text in texts]
    assert len(said) == 400
    answers = [(detect_language(text), code) for code, text in said]
    assert all(answer in (code, UNKNOWN) for answer, code in answers)
    assert sum(answer == code for answer, code in answers) >= 395


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Marta",
        "https://example.org/le/chemin/de/la/ville",
        "+44 7700 900123",
        "👍 👍",
        "你好 世界 今天 天气 很好",
    ],
)
def test_what_says_nothing_is_undetermined(text: str) -> None:
    assert detect_language(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "code"),
    [("Ik ben er over tien minuten", "nl"), ("Привет, как у тебя дела сегодня?", "ru"), ("Wir treffen uns morgen am Bahnhof", "de")],
)  # fmt: skip
def test_other_languages_are_not_taken_for_english(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_a_short_passage_takes_the_language_of_its_document() -> None:
    passages = [
        Passage("a", "d", 0, "Le témoin a reconnu la voiture devant la gare."),
        Passage("b", "d", 1, "OK"),
        Passage("c", "e", 0, "OK"),
    ]
    assert detect_languages(passages) == {"a": "fr", "b": "fr", "c": "und"}


def test_the_share_counts_what_is_known() -> None:
    assert compute_share({"a": "en", "b": "fr", "c": "und"}) == (0.5, 2)
    assert compute_share({}) == (1.0, 0)


def test_scripts_are_told_by_most_letters() -> None:
    assert [detect_script(text) for text in ("abc سلام", "abc سلام عليكم", "Привет", "12")] == [
        "ARABIC",
        "ARABIC",
        "CYRILLIC",
        "",
    ]


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text) in (*KNOWN, UNKNOWN)
