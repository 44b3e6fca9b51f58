"""The rules on messages whose authors never saw them; the target is recall and precision of 0.9 each.

Whoever mends the rules hears of kinds of misses, never of a sentence of the set. A defect that no rule of ours is about counts as missed,
and all that is told of something else counts as wrong. The figures are floors, rounded down, none below the first try's: docs/messages.md
has both, and tells what is missed.
"""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

import pytest

from tests.quality.sealed import FIRST, JOINED, SECOND, lines, measured
from workbench.messages import load_shipped

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

pytestmark = pytest.mark.quality
FLOORS = {
    FIRST: {
        "all": (0.92, 0.94),
        "ar": (0.86, 0.88),
        "en": (0.95, 0.97),
        "es": (0.87, 0.89),
        "fr": (0.93, 0.97),
        "diffusion": (1.0, 1.0),
        "letter_of_request": (0.82, 0.97),
        "message": (0.92, 0.92),
        "notice": (0.95, 0.97),
    },
    SECOND: {
        "all": (0.95, 0.84),
        "ar": (0.96, 0.87),
        "en": (0.96, 0.86),
        "es": (0.88, 0.82),
        "fr": (1.0, 0.82),
        "diffusion": (1.0, 1.0),
        "letter_of_request": (1.0, 0.56),
        "message": (0.92, 1.0),
        "notice": (0.94, 0.97),
    },
}
"""All, a language or a kind of message of a set -> recall, precision."""
PLANTED = {FIRST: 293, SECOND: 110}
"""Defects of a set."""


@pytest.mark.parametrize("place", FLOORS, ids=lambda place: place.name)
def test_the_set_is_as_it_was_sealed(place: Path) -> None:
    for line in (place / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == digest


def test_every_rule_of_the_truth_is_joined_to_rules_that_exist() -> None:
    known = {rule.id for pack in load_shipped() for rule in pack.rules}
    truth = [one for place in FLOORS for one in lines(place, "truth.jsonl")]
    assert {defect["rule"] for one in truth for defect in one["defects"]} == set(JOINED["rules"])
    assert {rule for rules in JOINED["rules"].values() for rule in rules} <= known


@pytest.mark.parametrize("place", FLOORS, ids=lambda place: place.name)
def test_nothing_is_lost_of_what_the_rules_did(place: Path) -> None:
    planted, told = measured(place)
    assert len(planted) == PLANTED[place]
    for part, (recall, precision) in FLOORS[place].items():
        found, faults = _of(planted, part)["found"], _of(told, part)
        right, sayable = faults["right"], faults[~faults["unsaid"]]["right"]
        sys.stdout.write(
            f"{place.name}, {part}: {len(found)} defects, recall {found.mean():.3f}; {len(right)} faults, precision "
            f"{right.mean():.3f}; of {len(sayable)} that the set has words for {sayable.mean():.3f}\n"
        )
        assert found.mean() >= recall, part
        assert right.mean() >= precision, part


def _of(rows: pd.DataFrame, part: str) -> pd.DataFrame:
    return rows if part == "all" else rows[(rows["language"] == part) | (rows["kind"] == part)]
