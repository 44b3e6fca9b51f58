"""The parts of the tests: together they are all of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests import part_selection


@dataclass(frozen=True)
class Named:
    """What of a test decides on its part."""

    nodeid: str


TESTS = [Named(f"tests/test_some.py::test_{number}[{number % 7}]") for number in range(400)]


@pytest.mark.parametrize("parts", [1, 3, 4])
def test_the_parts_together_are_all_tests_and_none_is_in_two(parts: int) -> None:
    found = [part_selection.split_tests(TESTS, part, parts)[0] for part in range(1, parts + 1)]  # type: ignore[type-var]
    assert sorted((test for part in found for test in part), key=TESTS.index) == TESTS
    assert all(abs(len(part) - len(TESTS) / parts) < 40 for part in found), "the parts are about equal"


def test_what_is_left_out_is_told_to_pytest() -> None:
    chosen, others = part_selection.split_tests(TESTS, 2, 3)  # type: ignore[type-var]
    assert sorted(chosen + others, key=TESTS.index) == TESTS


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "2", "a/b", "1/2/3", "-1/2"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(pytest.UsageError, match="--part 2/4"):
        part_selection.parse_part(text)


def test_a_part_is_read() -> None:
    assert part_selection.parse_part("2/4") == (2, 4)
