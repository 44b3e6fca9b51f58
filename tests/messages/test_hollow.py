"""Fields that are filled and say nothing count as empty; short ones that say something do not."""

from __future__ import annotations

import pytest

from tests.messages.test_checks import found
from workbench.messages.wording.empty_phrases import is_empty_phrase


@pytest.mark.parametrize(
    "text",
    [
        "", "—", "...", "n/a", "See above.", "as per file", "various", "To be confirmed", "unknown", "x", "xxx", "test test", "urgent!",
        "néant", "cf. supra", "à préciser", "por determinar", "véase el resumen", "pendiente", "غير معروف", "انظر أعلاه", "سيحدد لاحقا",
    ],
)  # fmt: skip
def test_what_says_nothing(text: str) -> None:
    assert is_empty_phrase(text)


@pytest.mark.parametrize(
    "text",
    [
        "7", "11", "Murder", "None needed.", "Baden-Baden", "various cars", "unknown man in a blue coat", "to be heard as a witness",
        "vol à main armée", "robo con fuerza", "سطو مسلح", "المعاملة بالمثل",
    ],
)  # fmt: skip
def test_what_says_something(text: str) -> None:
    assert not is_empty_phrase(text)


def test_a_letter_fills_a_grade_and_no_reference() -> None:
    assert not is_empty_phrase("X", "persons[0].source_grade") and is_empty_phrase("X", "our_ref")


def test_rules_take_a_hollow_field_for_an_empty_one() -> None:
    assert found("MSG-12", urgency="immediate", urgency_reason="very urgent") == ["very urgent"]
    assert found("MSG-12", urgency="immediate", urgency_reason="A child is held by force.") == []
    assert found("MSG-39", conditions_of_use="as usual") == ["as usual"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nexus", "The records are relevant."), ("provisions", "See our penal code."), ("deadline_reason", "Por la urgencia del caso."),
        ("dual_criminality", "No verificada."), ("confidentiality_reason", "نظرا لسرية الموضوع"), ("search_grounds", "Se presume."),
    ],
)  # fmt: skip
def test_words_of_any_letter_give_no_reason(field: str, text: str) -> None:
    assert is_empty_phrase(text, field) and not is_empty_phrase(text, "summary_of_facts")
    assert not is_empty_phrase(f"{text} On 9 June 2025.", field)
