"""Names that may mean one person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.resolve.name_variants import Name, name_reasons


def found(*names: str) -> dict[frozenset[str], str]:
    return {
        frozenset((one.text, other.text)): text for one, other, text, _ in name_reasons([Name(name) for name in names])
    }


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("MO", "Marta Oliveira", "initials"),
        ("Marta", "Marta Oliveira", "part of the name"),
        ("Lizz", "Liss", "sound similar"),
        ("Katt", "Kattrina", "short form"),
        ("Stephan", "Stefan", "sound similar"),
    ],
)
def test_names_that_may_be_one_person_come_with_the_reason(one: str, other: str, reason: str) -> None:
    assert reason in found(one, other)[frozenset((one, other))]


@pytest.mark.parametrize(
    ("one", "other"), [("Marta Oliveira", "Marta Silva"), ("Anna", "Otto"), ("Al", "Alan Turner"), ("Bo", "Boris")]
)
def test_names_that_only_share_a_little_are_not_offered(one: str, other: str) -> None:
    assert found(one, other) == {}


def test_a_part_that_fits_several_names_says_so() -> None:
    assert "1 other name" in found("Marta", "Marta Oliveira", "Marta Silva")[frozenset(("Marta", "Marta Silva"))]


@given(st.lists(st.text(max_size=30), max_size=12))
@settings(deadline=None)
def test_any_text_can_be_a_name(names: list[str]) -> None:
    for one, other, text, weight in name_reasons([Name(name) for name in names]):
        assert text and 0 < weight < 1 and one is not other
