"""The rules on practice messages of our own, in another voice than the generator's (practice.py); floors are rounded down."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.quality.practice import measured, sentences
from workbench.messages import load_shipped

pytestmark = [pytest.mark.quality, pytest.mark.slow]
FLOORS = {"development": (0.97, 0.95), "held": (0.97, 0.95), "second": (0.93, 0.9)}
"""Part -> recall, precision. At the first check the held half gave 1.00 and 0.83, the second set 0.33 and 0.38."""


@pytest.mark.parametrize("half", FLOORS)
def test_planted_defects_are_told_and_little_else(half: str) -> None:
    planted, told = measured(half)
    assert planted["found"].mean() >= FLOORS[half][0], planted[~planted["found"]]
    assert told["right"].mean() >= FLOORS[half][1], told[~told["right"]]


@pytest.mark.parametrize("half", FLOORS)
def test_what_is_planted_are_rules_that_exist(half: str) -> None:
    assert set(measured(half)[0]["rule"]) <= {rule.id for pack in load_shipped() for rule in pack.rules}


def test_sentences_that_break_a_rule_are_told_and_near_ones_are_left() -> None:
    rows = pd.DataFrame(sentences())
    told, left = rows[rows["told"]], rows[~rows["told"]]
    for _, group in told.groupby(["rule", "language"]):
        assert len(group) < 5 or group["found"].mean() >= 0.65, group[~group["found"]]["said"].tolist()
    assert told["found"].mean() >= 0.96, told[~told["found"]]
    assert left["found"].mean() <= 0.04, left[left["found"]]
