"""Choosing among readings of a table: each has grounds for and against; what is not far ahead of every other is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import exp

SURE = 0.9
"""Share of the belief in all readings that those with a column in a field must have, for it to be taken."""
LIKELY = 0.05
SAID = 3
"""Grounds that are told."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for (points above nothing) or against a reading; about the column of a field, or '' about all of it."""

    points: float
    about: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Columns of some fields, and the grounds for and against it."""

    fields: Mapping[str, str]
    grounds: Sequence[Ground]

    @property
    def score(self) -> float:
        """Sum of its grounds: the logarithm of the odds for it, as far as the grounds are right."""
        return sum(ground.points for ground in self.grounds)

    def describe_grounds(self, name: str) -> str:
        """Why a field's column is taken, the weightiest grounds first."""
        told = sorted(
            (one for one in self.grounds if one.about == name and one.says and one.points > 0),
            key=lambda one: -one.points,
        )
        return "; ".join(dict.fromkeys(one.says for one in told[:SAID]))


@dataclass(slots=True)
class Choice:
    """What is taken: field -> column, with reasons; and from a column to the fields that it may be."""

    taken: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    best: Reading | None = None


def choose_columns(readings: Iterable[Reading], sure: float = SURE) -> Choice:
    """What the readings agree upon, each counted by its score."""
    known = list(readings)
    if not known:
        return Choice()
    best = max(known, key=lambda one: one.score)
    most = best.score
    shares: dict[tuple[str, str], float] = defaultdict(float)
    total = 0.0
    for one in known:
        weight = exp(max(one.score - most, -60.0))
        total += weight
        for name, column in one.fields.items():
            shares[name, column] += weight
    made = Choice(best=best)
    for name, column in best.fields.items():
        if shares[name, column] >= sure * total:
            made.taken[name], made.why[name] = column, best.describe_grounds(name)
    for (name, column), share in sorted(shares.items(), key=lambda one: -one[1]):
        if share >= LIKELY * total and name not in made.taken and column not in made.taken.values():
            made.doubts.setdefault(column, []).append(name)
    return made


def combine_candidates(candidates: Mapping[str, Sequence[str]]) -> Iterable[dict[str, str]]:
    """Every way to give fields columns, none twice; '' among a field's candidates: it may have none."""
    names = list(candidates)
    for columns in product(*(candidates[name] for name in names)):
        there = [one for one in columns if one]
        if len(set(there)) == len(there):
            yield {name: column for name, column in zip(names, columns, strict=True) if column}
