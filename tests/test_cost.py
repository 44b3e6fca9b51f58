"""The yardstick itself: it lets through what is in proportion and stops what is not."""

from __future__ import annotations

import pytest

from tests.cost import linear, within


def pairs(size: int) -> int:
    return sum(1 for a in range(size) for b in range(size) if a == b)


@pytest.mark.slow
def test_work_in_proportion_passes_and_square_work_fails() -> None:
    linear(lambda size: sum(range(size)), 100_000, 1_000_000, least=0.001)
    with pytest.raises(AssertionError, match="10 times the size"):
        linear(pairs, 300, 3_000, least=0.0)


def test_what_is_too_dear_each_time_fails() -> None:
    within(5.0, lambda: pairs(10))
    with pytest.raises(AssertionError, match="seconds each time"):
        within(0.0001, lambda: pairs(500))
