"""Which columns are the caller, the called, the line asked about: by the numbers that stand in each beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Ground, Reading, combine_candidates
from workbench.ingest.calls.guess.sample_grid import NONE, Grid
from workbench.ingest.calls.values.column_codes import Bools
from workbench.model.catalogue import Sentence

FIELDS = ("a", "b", "target", "forwarded")
FITS, AGAINST = 0.6, 0.3
MOST = 7
"""Columns of numbers that are looked at; a table has no more that are filled."""
FEW = 3
"""Rows from which on something that happens in them says anything."""
MANY = 20
"""Rows from which on a party would be expected to change more often than an exchange does."""
ONE = 0.97
"""Share of the rows from which on a number stands in all of them."""
PLAIN = 3.0
"""What a header says at the least that names the party: numbers that run on are then no count."""
SIDE = 0.03
COVERED = 0.9
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two columns and the number that stands most often in one of the two: where in the first, where in the second."""

    first: Bools
    second: Bools
    share: float
    tail: int

    @property
    def is_pair(self) -> bool:
        """Whether nearly every row has the number, now here and now there."""
        here, there = int(self.first.sum()), int(self.second.sum())
        return self.share >= COVERED and min(here, there) >= max(1, SIDE * (here + there))


class Parties:
    """Readings of the columns of telephone numbers."""

    def __init__(self, grid: Grid, heads: Heads, names: Sequence[str], fixed: Mapping[str, str]) -> None:
        self.grid, self.heads, self.fixed = grid, heads, fixed
        self.twins: dict[str, str] = {}
        self.numbers = self._list_number_columns(names)
        self.codes = [name for name in grid.names if grid[name].is_code and grid[name].named_way >= AGAINST]
        self._sides: dict[tuple[str, str], Sides] = {}
        self._pairs: dict[tuple[str, str], list[Ground]] = {}

    def _list_number_columns(self, names: Sequence[str]) -> list[str]:
        """Columns that may hold telephone numbers, without those that repeat another one."""
        found = [name for name in names if self.grid[name].is_phone or self._is_empty_party(name)]
        found.sort(key=lambda name: -self._compute_worth(name))
        kept: list[str] = []
        for name in found:
            twin = next((one for one in kept if self._is_repeat(one, name)), "")
            if twin:
                self.twins[name] = twin
            else:
                kept.append(name)
        return kept[:MOST]

    def _compute_worth(self, name: str) -> float:
        best = max(self.heads.score_field(name, field) for field in FIELDS)
        return best + 3 * self.grid[name].share * self.grid[name].plausible - 6 * self.grid[name].serial

    def _is_empty_party(self, name: str) -> bool:
        """Whether an empty column is one of numbers by its header."""
        return not self.grid[name].filled.any() and self.heads.score_field(name, "forwarded") >= 4

    def _is_repeat(self, one: str, other: str) -> bool:
        """Whether a column holds nothing but what another one holds: the number as it was dialled."""
        share, rows = self.grid.compute_agreement(one, other)
        mine, its = self.grid[one], self.grid[other]
        return rows >= FEW and share >= ONE and mine.constant < ONE and not (its.filled & ~mine.filled).any()

    @cached_property
    def _varied_columns(self) -> list[str]:
        """Columns in which many different numbers stand, in most rows."""
        there = [name for name in self.numbers if self.grid[name].share >= FITS and not self.grid[name].serial]
        return [name for name in there if self.grid[name].different > FEW and not self.grid[name].is_paired]

    def get_sides(self, one: str, other: str) -> Sides:
        """The number that two columns have between them."""
        if (one, other) not in self._sides:
            self._sides[one, other] = _find_sides(self.grid[one].tails, self.grid[other].tails)
        return self._sides[one, other]

    def list_readings(self) -> Iterator[Reading]:
        """All ways to take the columns for parties, each with its grounds."""
        candidates = {field: self._list_candidates(field) for field in FIELDS}
        for fields in combine_candidates(candidates):
            if "target" in fields and "a" in fields and "b" not in fields:
                continue
            yield Reading(fields, [ground for one in self._list_grounds(fields) for ground in one])

    def _list_candidates(self, field: str) -> list[str]:
        if column := next((name for name, meaning in self.fixed.items() if meaning == field), ""):
            return [column]
        open_ = [name for name in self.numbers if name not in self.fixed]
        return ["", *(name for name in open_ if self.heads.score_field(name, field) > -6)]

    def _list_grounds(self, fields: Mapping[str, str]) -> Iterator[list[Ground]]:
        for field, name in fields.items():
            if name not in self.fixed:
                yield self._score_column(field, name)
        a, b, target, forwarded = (fields.get(field, "") for field in FIELDS)
        if a and b:
            yield self._score_caller_and_called(a, b, third=target)
        if target:
            yield self._score_target(target, a, b)
        if forwarded:
            yield self._score_forwarded(forwarded, a, b, target)

    def _score_column(self, field: str, name: str) -> list[Ground]:
        """What a column says by itself."""
        column = self.grid[name]
        found = [self.heads.build_ground(name, field)]
        if field == "forwarded" or not column.filled.any():
            return found
        found.append(Ground(-6 * max(0.0, 0.9 - _smooth_share(column.share, column.count)), field))
        found.append(Ground(-3 * (1 - column.plausible), field))
        if column.serial:
            found.append(Ground(-1 if self.heads.score_field(name, field) >= PLAIN else -6, field))
        elif column.is_paired:
            found.append(Ground(-3, field))
        if field == "b" and self._varied_columns == [name]:
            found.append(Ground(2, "b", Sentence("ground.only_numbers")))
        if field == "b" and column.different <= FEW and int(column.filled.sum()) >= MANY:
            found.append(Ground(-2.5, field))
        return found

    def _score_caller_and_called(self, a: str, b: str, third: str) -> list[Ground]:
        """Two columns as caller and called."""
        if (a, b) not in self._pairs:
            self._pairs[a, b] = [*self._score_pair(a, b), *self._order(a, b)]
        return self._pairs[a, b]

    def _score_pair(self, a: str, b: str) -> Iterator[Ground]:
        """What says that two columns are the two ends, whichever is which."""
        sides = self.get_sides(a, b)
        if sides.is_pair:
            text = Sentence("ground.either_side")
            yield Ground(3, "a", text)
            yield Ground(3, "b", text)
        share, rows = self.grid.compute_agreement(a, b)
        if rows >= FEW and share > 0.5:
            yield Ground(-5)
        if self.grid[a].constant >= ONE and self.grid[b].constant >= ONE and self.grid.rows > 2 * FEW:
            yield Ground(-4)
        if self.grid[b].constant >= ONE and self.grid[a].constant < ONE:
            yield Ground(-1)
        if self.grid[a].constant >= ONE and self.grid[b].constant < ONE:
            yield Ground(1, "b", Sentence("ground.beside"))

    def _order(self, a: str, b: str) -> Iterator[Ground]:
        """What says which of two columns is the caller."""
        if self.grid.place(a) < self.grid.place(b) and self.grid[a].constant < ONE:
            yield Ground(0.7)
        hidden, shown = self.grid[a].withheld, self.grid[b].withheld
        if hidden.any() and not shown.any():
            yield Ground(2.5, "a", Sentence("ground.kept_back"))
        elif shown.any() and not hidden.any():
            yield Ground(-2.5)
        sides = self.get_sides(a, b)
        if sides.share >= COVERED:
            yield from self._score_directions(sides)
            yield from self._score_charges(sides)

    def _score_directions(self, sides: Sides) -> Iterator[Ground]:
        """Agreement with a column that names the directions."""
        for name in self.codes:
            ways = self.grid[name].directions
            out, came = sides.first & (ways == 1), sides.second & (ways == 2)
            against = (sides.first & (ways == 2)) | (sides.second & (ways == 1))
            right, wrong = int(out.sum() + came.sum()), int(against.sum())
            if right + wrong < FEW:
                continue
            weight = (
                5.0 if self.heads.score_field(name, "direction") > 0 or self.grid[name].named_way >= COVERED else 2.5
            )
            agreeing = right / (right + wrong)
            if agreeing >= ONE:
                yield Ground(weight, "a", Sentence("ground.went_out", name=repr(name)))
                yield Ground(0, "b", Sentence("ground.came_in", name=repr(name)))
            elif agreeing <= 1 - ONE:
                yield Ground(-weight)
            return

    def _score_charges(self, sides: Sides) -> Iterator[Ground]:
        """Only who calls is charged: a column of amounts or units that are above nothing on one side only."""
        for name in self.grid.names:
            column = self.grid[name]
            if (
                max(self.heads.score_field(name, field) for field in ("duration", "start", *FIELDS)) > 0
                or column.is_phone
            ):
                continue
            paid = column.amounts > 0
            out, came = int((paid & sides.first).sum()), int((paid & sides.second).sum())
            if out >= 3 * FEW and came == 0 and int(sides.second.sum()) >= 2 * FEW:
                yield Ground(2.5, "a", Sentence("ground.charged", name=repr(name)))
                return
            if came >= 3 * FEW and out == 0 and int(sides.first.sum()) >= 2 * FEW:
                yield Ground(-2.5)
                return

    def _score_target(self, target: str, a: str, b: str) -> list[Ground]:
        """A column as the line that the records are about."""
        column = self.grid[target]
        found: list[Ground] = []
        if column.constant >= ONE:
            found.append(Ground(1.3, "target", Sentence("ground.same_number")))
            tail = (
                int(np.bincount(column.tails[column.tails != NONE]).argmax()) if (column.tails != NONE).any() else NONE
            )
            told = tail != NONE and self.grid.is_named_in_clues(tail)
            if told:
                found.append(Ground(2.5, "target", Sentence("ground.named_above")))
            elif self.grid.clues_with_number:
                found.append(Ground(-1))
        elif column.different > 0.2 * column.filled.sum():
            found.append(
                Ground(-1 if self._has_both_directions else -2)
            )  # records of many lines say of each which way it went
        if a and b:
            found.append(self._score_target_in_pair(target, a, b))
        elif b:
            found += self._score_target_and_party(target, b)
        return found

    @cached_property
    def _has_both_directions(self) -> bool:
        """Whether a column says of some records that they went out, and of others that they came in."""
        ways = [self.grid[name].directions for name in self.codes if self.heads.score_field(name, "direction") > -3]
        return any(bool((way == 1).any() and (way == 2).any()) for way in ways)

    def _score_target_in_pair(self, target: str, a: str, b: str) -> Ground:
        """Caller and called beside the line itself: it is one of the two in every row."""
        mine = self.grid[target].tails
        there = (self.grid[a].tails == mine) | (self.grid[b].tails == mine)
        share = float(there[mine != NONE].mean()) if (mine != NONE).any() else 0.0
        return Ground(3 if share >= COVERED else -6, "target", Sentence("ground.party"))

    def _score_target_and_party(self, target: str, b: str) -> Iterator[Ground]:
        """The line and the other party: never the same, and another column says which way a record went."""
        share, rows = self.grid.compute_agreement(target, b)
        if self.get_sides(target, b).is_pair:
            yield Ground(-6)
        if rows and share > SIDE:
            yield Ground(-2)
        if self.grid[target].constant < ONE:
            return
        if self._has_both_directions:
            yield Ground(3, "target", Sentence("ground.both_ways"))
        if self.grid[b].constant < ONE:
            yield Ground(1, "b", "the numbers change beside the line, which stays")

    def _score_forwarded(self, name: str, a: str, b: str, target: str) -> list[Ground]:
        """A column as the number that calls are forwarded to: it stands in few rows, and in records that came in."""
        column = self.grid[name]
        if not column.filled.any():
            return []
        points = 1.5 if column.share < AGAINST else -4 if column.share > FITS else -1
        found = [Ground(points, "forwarded", "it stands in few rows")]
        if a and b and (sides := self.get_sides(a, b)).is_pair:
            out, came = int((column.filled & sides.first).sum()), int((column.filled & sides.second).sum())
            points = 0 if out + came < 2 else 1.5 if out == 0 else -1.5 if came == 0 else 0
            found.append(Ground(points, "forwarded", "only where the line was called"))
        own = self.grid[target].tails if target else self.grid[a].tails if a else None
        if own is not None and ((column.tails == own) & (own != NONE)).any():
            found.append(Ground(-2))
        return found


def _smooth_share(share: float, rows: int) -> float:
    """Share as if three rows more had all been so: of a few rows nothing is certain."""
    return (share * rows + FEW) / (rows + FEW)


def _find_sides(one: Numbers, other: Numbers) -> Sides:
    """Where the number stands that most rows of two columns have."""
    known = (one != NONE) | (other != NONE)
    there = np.concatenate([one[one != NONE], other[(other != NONE) & (other != one)]])
    if not len(there):
        return Sides(known & False, known & False, 0.0, NONE)
    tail = int(np.bincount(there).argmax())
    first, second = (one == tail) & (other != tail), (other == tail) & (one != tail)
    share = float((first | second | ((one == tail) & (other == tail)))[known].mean())
    return Sides(first, second, share, tail)
