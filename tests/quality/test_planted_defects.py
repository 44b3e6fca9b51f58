"""Rules of the message desk on generated traffic: every planted defect is told, and little else."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.messages import Checked, checked, score
from workbench.messages import load_shipped

SEEDS = (577215, 662607)
"""Seeds that the rules and the generator were not mended with."""
SIZE = 2400
pytestmark = [pytest.mark.quality, pytest.mark.slow]


@cache
def seen(seed: int) -> list[Checked]:
    return list(checked(seed, SIZE))


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_defects_are_told_and_little_else(seed: int) -> None:
    got = score(seen(seed))
    assert got.recall == 1.0, got.missed
    assert got.precision >= 0.95, got.false
    assert got.placed >= 0.95 * got.right.total()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_rule_is_planted_and_told(seed: int) -> None:
    assert {rule.id for pack in load_shipped() for rule in pack.rules} == set(score(seen(seed)).right)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_recall_and_precision_hold_in_each_language(language: str) -> None:
    got = score([one for seed in SEEDS for one in seen(seed) if one.truth["language"] == language])
    assert got.right.total() > 100
    assert got.recall == 1.0 and got.precision >= 0.95, (got.missed, got.false)
