"""Which column is how long the call lasted: by what lies between its times, and by what it has to do with other lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Choice, Ground, Reading, choose_columns
from workbench.ingest.calls.guess.sample_grid import Grid
from workbench.ingest.calls.guess.time_columns import Time, wrap_differences
from workbench.ingest.calls.values import column_times
from workbench.ingest.calls.values.column_codes import Bools
from workbench.model.catalogue import Sentence

FEW = 3
NEARLY = 0.95
UNITS = (1, 6, 10, 12, 15, 20, 30, 60)
"""Seconds of units in which calls are billed."""
COUNTED = (60.0, 30.0, 6.0)
"""Seconds of units that are counted and not multiplied: full minutes, half ones, tenths."""
PLAIN = 2.5
"""What a header says at the least that names a length."""
LONG = 150
"""Seconds that some call lasts where a column is of calls, and hardly one rings."""
SCALES = {"": 1.0, "min": 60.0, "ms": 0.001}
RINGING = 90
"""Seconds that a telephone rings at the most before most calls are answered."""
Lengths = NDArray[np.float64]


class Durations:
    """Readings of the columns of lengths.

    Parameters
    ----------
    start : Time, optional
        The start, where it is known.
    later : sequence of Time
        The times of the call after it, in their order.
    """

    def __init__(
        self, grid: Grid, heads: Heads, names: Sequence[str], *, start: Time | None = None, later: Sequence[Time] = ()
    ) -> None:
        self.grid, self.heads, self.start, self.later = grid, heads, start, list(later)
        self.names = [name for name in names if self._is_length(name)]
        self.units: dict[str, str] = {}
        self.texts = self._find_message_rows()

    def _is_length(self, name: str) -> bool:
        column = self.grid[name]
        if not column.filled.any():
            return self.heads.score_field(name, "duration") >= 3
        form = column.shape
        least = 0.4 if self.heads.score_field(name, "duration") >= 3 else 0.9
        plain = (
            max(form.whole, form.clock, form.decimal) >= 0.6
            or float(np.isfinite(column.lengths[column.filled]).mean()) >= least
        )
        big = np.nanmax(column.lengths, initial=0.0) > 10_000_000
        return plain and not big and max(form.moment, form.date, form.fifteen) < 0.5

    def _find_message_rows(self) -> Bools | None:
        """Rows that are messages, by a column that names the kinds of records; None where none does."""
        for name in self.grid.names:
            column = self.grid[name]
            if column.is_code and column.named_kind >= 0.8:
                kinds = np.array([kind in ("sms", "mms") for kind in column.kinds], dtype=np.bool_)[column.codes]
                if kinds.any() and not kinds.all():
                    return kinds
        return None

    def choose(self) -> Choice:
        """The duration."""
        return choose_columns(
            [Reading({}, []), *(Reading({"duration": name}, list(self._list_grounds(name))) for name in self.names)]
        )

    def _list_grounds(self, name: str) -> Iterator[Ground]:
        column = self.grid[name]
        yield self.heads.build_ground(name, "duration")
        if not column.filled.any():
            return
        yield from self._score_figures(name)
        yield from self._score_time_span(name)
        yield from self._score_silent_rows(name)
        yield from self._score_rounding(name)

    def _score_figures(self, name: str) -> Iterator[Ground]:
        """What its figures look like."""
        column = self.grid[name]
        known = column.lengths[np.isfinite(column.lengths)]
        most = float(known.max()) if len(known) else 0.0
        if any(":" in text for text in column.values):
            yield Ground(2, "duration", Sentence("ground.clock"))
        elif column.shape.decimal >= 0.5 and self.heads.score_field(name, "duration") < 3:
            yield Ground(-3)
        yield Ground(1 if most >= LONG else -1 if self.heads.score_field(name, "duration") < PLAIN else 0)
        if (
            column.different <= 4 < FEW * FEW <= int(column.filled.sum())
            and self.heads.score_field(name, "duration") < 3
        ):
            yield Ground(-3)
        if column.serial:
            yield Ground(-6 if self.heads.score_field(name, "duration") < 3 else -1)
        if self._is_determined(name):
            yield Ground(-5)
        elif self._is_alone(name, most):
            yield Ground(1.5, "duration", Sentence("ground.only_length"))

    def _is_alone(self, name: str, most: float) -> bool:
        """Whether a column whose header is not known is the only one of figures that are now short, now long, and often none."""
        column = self.grid[name]
        if most < LONG or not self.heads.is_silent(name) or column.serial or column.different < 0.25 * column.count:
            return False
        return not any(self._may_be_duration(other) for other in self.names if other != name)

    def _may_be_duration(self, name: str) -> bool:
        """Whether a column may be of lengths, were it alone."""
        column = self.grid[name]
        changing = (
            column.different > 4 and not column.serial and column.shape.decimal < 0.5 and not self._is_determined(name)
        )
        return changing and self.heads.score_field(name, "duration") > -3

    def _is_determined(self, name: str) -> bool:
        """Whether another column decides it, as a cell does the direction of its sector."""
        column = self.grid[name]
        if column.different < FEW:
            return False
        others = [self.grid[other] for other in self.grid.names if other != name and other not in self.names]
        few = [one for one in others if FEW <= one.different <= min(0.4 * one.filled.sum(), 2 * FEW * column.different)]
        plain = [one for one in few if one.shape.moment + one.shape.date < 0.5]
        return any(self.grid.compute_dependence(one.name, name) >= 0.99 for one in plain)

    def _score_time_span(self, name: str) -> Iterator[Ground]:
        """What lies between two times of the row, exactly as long."""
        if self.start is None or not self.later:
            return
        first, last, middle = self.start, self.later[-1], self.later[:-1]
        for answer in middle:
            if self._is_span(name, answer, last):
                yield Ground(6, "duration", Sentence("ground.between", one=repr(answer.name), other=repr(last.name)))
                return
        for answer in self.later if len(self.later) > 1 else ():
            if answer is not last and self._is_span(name, first, answer):
                yield Ground(-8)
                return
        if self._is_span(name, first, last):
            most = float(np.nanmax(self.grid[name].lengths))
            ringing = len(self.later) == 1 and most < LONG
            text = Sentence("ground.between", one=repr(first.name), other=repr(last.name))
            yield Ground(0 if ringing else 2 if middle else 6, "duration", text)
        elif self._is_near_span(name, first, last):
            yield Ground(3.5, "duration", Sentence("ground.ringing", one=repr(first.name), other=repr(last.name)))

    def _is_near_span(self, name: str, one: Time, other: Time) -> bool:
        """Whether a column is as long as between two times, less what a telephone rings."""
        column = self.grid[name].lengths
        known = (one.seconds != column_times.NEVER) & (other.seconds != column_times.NEVER) & (column > 0)
        if int(known.sum()) < 2 * FEW or float(np.nanmax(column)) < LONG:
            return False
        rest = wrap_differences((other.seconds - one.seconds)[known].astype(np.float64)) - column[known]
        return float(((rest >= 0) & (rest <= RINGING)).mean()) >= NEARLY

    def _is_span(self, name: str, one: Time, other: Time) -> bool:
        """Whether a column is as long as between two times, in seconds or in another unit."""
        column = self.grid[name].lengths
        known = (one.seconds != column_times.NEVER) & (other.seconds != column_times.NEVER) & (column > 0)
        if int(known.sum()) < FEW:
            return False
        apart = (other.seconds - one.seconds)[known].astype(np.float64)
        if "date" in one.fields or "" in one.fields:
            apart = wrap_differences(apart)
        for unit, scale in SCALES.items():
            if float((np.abs(apart - column[known] * scale) <= max(1.0, 0.01 * scale)).mean()) >= NEARLY:
                if unit:
                    self.units[name] = unit
                return True
        return False

    def _score_silent_rows(self, name: str) -> Iterator[Ground]:
        """Nothing in records that were not answered, and in messages; ringing is longest there."""
        if len(self.later) > 1 or (len(self.later) == 1 and self.heads.score_field(self.later[0].name, "end") < 0):
            unanswered = self.later[0].seconds == column_times.NEVER
            yield from self._score_zero_lengths(name, unanswered, Sentence("ground.unanswered"))
        if self.texts is not None:
            yield from self._score_zero_lengths(name, self.texts, Sentence("ground.no_message"))

    def _score_zero_lengths(self, name: str, where: Bools, says: str) -> Iterator[Ground]:
        """Whether lengths are 0 or missing in some rows; against a column that has them there speaks another one that has not."""
        if int(where.sum()) < FEW:
            return
        some = {other: float((self.grid[other].lengths[where] > 0).mean()) for other in self.names}
        if some[name] == 0:
            yield Ground(1.5, "duration", says)
        elif some[name] >= 0.5:
            yield Ground(-4 if 0 in some.values() else -0.5)

    def _score_rounding(self, name: str) -> Iterator[Ground]:
        """A column that another one rounds up is measured; one that rounds another one up is billed."""
        for other in self.names:
            if other == name:
                continue
            if _is_rounding(self.grid[other].lengths, self.grid[name].lengths):
                yield Ground(3, "duration", Sentence("ground.rounded", other=repr(other)))
                return
            if _is_rounding(self.grid[name].lengths, self.grid[other].lengths):
                yield Ground(-6)
                return
        if _is_rounded(self.grid[name].lengths) and self.heads.score_field(name, "duration") < 5:
            yield Ground(-3)
        elif self._is_exact(name):
            yield Ground(5, "duration", Sentence("ground.exact"))

    def _is_exact(self, name: str) -> bool:
        """Whether the only column whose header speaks of a length that is billed has its seconds."""
        named = self.heads.list_concepts(name)
        if not {"billed", "duration"} <= named or named & {"price", "account", "number"}:
            return False
        others = [other for other in self.names if other != name and self.heads.score_field(other, "duration") > -1]
        known = np.unique(self.grid[name].lengths[self.grid[name].lengths > 0]).astype(np.int64)
        return not others and len(known) >= 5 and int(np.gcd.reduce(known)) < UNITS[1]


def _is_rounding(billed: Lengths, measured: Lengths) -> bool:
    """Whether one column is another one rounded up to a unit, in the rows where both have something."""
    both = (billed > 0) & (measured > 0)
    if len(np.unique(measured[both])) < FEW:
        return False
    ups, downs = billed[both], measured[both]
    if (ups == downs).all():
        return False
    if float((ups == downs).mean()) > 0.5 or float((ups >= downs).mean()) < NEARLY:
        return any(float((np.ceil(downs / scale) == ups).mean()) >= NEARLY for scale in COUNTED)
    return any(float((np.ceil(downs / unit) * unit == ups).mean()) >= NEARLY for unit in UNITS[1:])


def _is_rounded(lengths: Lengths) -> bool:
    """Whether all lengths are multiples of half a minute or more, and enough of them differ."""
    known = np.unique(lengths[np.isfinite(lengths) & (lengths > 0)]).astype(np.int64)
    return len(known) >= FEW and int(np.gcd.reduce(known)) % 30 == 0
