"""Suggestions of crime area and type: what decides, and what corrections teach."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import linear
from workbench.messages.model.message import Correspondence, Message
from workbench.messages.triage.category import (
    AREAS,
    ENOUGH,
    SECTIONS,
    SURE,
    TYPES,
    Category,
    Suggestion,
    Text,
    build_text,
    explain_label,
    load_classifier,
    remove_spans,
    select_areas,
    suggest_categories,
    train_corrections,
)
from workbench.messages.wording.cue_words import Lexicon, build_phrase, load_lexicon, load_lists, split_tokens

CLEAR = [
    ("en", "Please check your files for the man from whose flat 41 kg of cocaine and heroin were seized.", "drug_trafficking", "request"),
    ("fr", "Notre demande est annulée ; pistolet et munitions du trafic d'armes sont retrouvés.", "firearms_trafficking", "cancellation"),
    ("es", "Acusamos recibo de su mensaje sobre el ransomware que cifró los servidores informáticos.", "cybercrime", "acknowledgement"),
    ("ar", "نذكركم بأننا لم نتلق ردا بعد على طلبنا بشأن غسل الأموال عبر شركات واجهة وتحويلات مشبوهة.", "money_laundering", "reminder"),
]  # fmt: skip


def letters(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Vectors of unit length that depend on the letters of a text: they mean nothing, and the same text has the same one."""
    rows = np.zeros((len(texts), 384), np.float32)
    for row, one in zip(rows, texts, strict=True):
        for sign in one:
            row[ord(sign) % 384] += 1
        row[0] += 1
    made: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return made


@pytest.mark.slow
@pytest.mark.parametrize(("code", "words", "area", "kind"), CLEAR)
def test_clear_words_are_told_without_a_model(code: str, words: str, area: str, kind: str) -> None:
    (found,) = suggest_categories([Text(words, code)])
    assert found.areas[0].label == area and not found.areas[0].unsure
    assert found.type.label == kind


@pytest.mark.parametrize(("code", "words", "area", "kind"), CLEAR)
@pytest.mark.parametrize("vectors", [False, True])
def test_without_the_words_that_decided_the_score_is_lower(
    code: str, words: str, area: str, kind: str, vectors: bool
) -> None:
    one, encode = Text(words, code), letters if vectors else None
    for section, label in ((AREAS, area), (TYPES, kind)):
        told, head = explain_label(one, label, section, encode), load_classifier(section)
        assert len(told) and (told["weight"] > 0).all()
        assert [one.words[start:end] for start, end in zip(told["start"], told["end"], strict=True)] == list(
            told["words"]
        )
        best = told[(told["kind"] == "cue") & (told["weight"] == told["weight"].max())]
        less = remove_spans(one, list(zip(best["start"], best["end"], strict=True)))
        at = head.labels.index(label)
        if len(best):
            assert head.compute_chances([less], encode)[0, at] < head.compute_chances([one], encode)[0, at]


@pytest.mark.slow
def test_of_a_text_of_thousands_of_lines_only_some_sentences_are_tried() -> None:
    read: list[str] = []

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        read.extend(texts)
        return letters(texts)

    lines = Correspondence(summary_of_facts="\n".join(f"The lorry {number} left." for number in range(5_000)))
    explain_label(build_text(lines), "request", TYPES, encode)
    assert len(read) < 200 and sum(map(len, read)) < 1_000_000


def test_nothing_to_go_by_is_unsure() -> None:
    (found,) = suggest_categories([Text("Regards.", "en")])
    assert len(found.areas) == 1 and found.areas[0].unsure and found.type.unsure


@pytest.mark.parametrize(("code", "words"), [("en", "x"), ("fr", "Le 3 mai"), ("es", "En Madrid"), ("ar", "في مدريد")])
def test_a_few_words_that_say_no_type_leave_it_unsure(code: str, words: str) -> None:
    (found,) = suggest_categories([Text(f"FRAUD. {words}", code, meant=words)], letters)
    assert found.type.unsure


def test_a_few_words_that_say_a_type_are_as_sure_as_many() -> None:
    head, thanks = load_classifier(TYPES), Text("Message received, thank you.", "en")
    assert np.array_equal(head.compute_confidences([thanks]), head.compute_chances([thanks]))
    many = Text("word " * ENOUGH, "en")
    assert np.array_equal(head.compute_confidences([many], letters), head.compute_chances([many], letters))


def test_a_message_may_be_about_two_crimes() -> None:
    words = "The ransomware encrypted the servers; the ransom was laundered through money mules and shell companies."
    (found,) = suggest_categories([Text(words, "en")])
    assert {one.label for one in found.areas} == {"cybercrime", "money_laundering"}


def test_a_second_crime_stands_beside_the_first_from_a_lower_confidence() -> None:
    ranked = [
        Suggestion(label, chance, SURE[AREAS])
        for label, chance in (("fraud", 0.6), ("cybercrime", 0.4), ("homicide", 0.2))
    ]
    both = select_areas(ranked)
    assert [one.label for one in both] == ["fraud", "cybercrime"] and not any(one.unsure for one in both)
    assert all(one.unsure for one in select_areas(ranked[1:]))


def test_filled_fields_speak_for_a_type() -> None:
    bare = Message(summary_of_facts="The man is a tenant of the house.", language="en")
    asked = Message(summary_of_facts=bare.summary_of_facts, language="en", requested_action=("locate",))
    (one,), (other,) = suggest_categories([build_text(bare)]), suggest_categories([build_text(asked)])
    assert other.type.label == "request" and other.type.confidence > one.type.confidence


def test_many_at_once_are_told_as_one_by_one() -> None:
    texts = [Text(words, code) for code, words, _, _ in CLEAR]
    together: list[Category] = suggest_categories(texts, letters)
    assert together == [suggest_categories([one], letters)[0] for one in texts]


@pytest.mark.parametrize("encode", [None, letters])
def test_corrections_teach_and_teach_the_same_again(encode: object) -> None:
    code, words, wrong, _ = CLEAR[0]
    one = Text(words, code)
    head = load_classifier(AREAS)
    at = head.labels.index("document_fraud")
    steps = [train_corrections(head, [one] * count, [["document_fraud"]] * count, encode) for count in (0, 1, 3)]  # type: ignore[arg-type]
    chances = [step.compute_chances([one], encode)[0, at] for step in steps]  # type: ignore[arg-type]
    assert all(less < more for less, more in pairwise(chances)) and chances[-1] > 0.5
    again = train_corrections(head, [one] * 3, [["document_fraud"]] * 3, encode)  # type: ignore[arg-type]
    assert (again.words == steps[-1].words).all() and (again.full == steps[-1].full).all()
    assert (head.compute_chances([one], encode) == load_classifier(AREAS).compute_chances([one], encode)).all()  # type: ignore[arg-type]
    assert head.compute_chances([one], encode)[0].argmax() == head.labels.index(wrong) or encode is not None  # type: ignore[arg-type]


def test_every_language_has_cues_and_sentences_for_every_label() -> None:
    for section in SECTIONS:
        labels = list(load_lists()["en"][section])
        for code, held in load_lists().items():
            assert list(held[section]) == labels
            assert all(len(group["strong"]) > 5 and len(group["said"]) > 2 for group in held[section].values()), code


def test_arabic_words_count_with_what_is_written_in_one_with_them() -> None:
    found = {cue.label for cue in load_lexicon("areas", "ar").find("وبالكوكايين وللمخدرات")}
    assert "drug_trafficking" in found


@pytest.mark.slow
@given(st.text(max_size=300))
def test_cues_lie_in_the_text(words: str) -> None:
    for cue in load_lexicon("types").find(words):
        assert 0 <= cue.start < cue.end <= len(words)
    assert all(words[token.start : token.end] for token in split_tokens(words))


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["B", "ب", "7", "a@"])
def test_a_text_without_a_space_costs_what_its_length_does(piece: str) -> None:
    phrases = [build_phrase("fraud", one) for one in ("bank fraud", "banque*", "احتيال", "7")]
    linear(lambda size: Lexicon(phrases).find(piece * size), 10_000, 100_000)
