"""Which columns tell when a record began and ended: by the order of times in every row, and by what stands between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.guess.header_words import Heads
from workbench.ingest.calls.guess.reading_choice import Choice, Ground, Reading, choose_columns
from workbench.ingest.calls.guess.sample_grid import COMPACT, DAY, Grid
from workbench.ingest.calls.values import column_times
from workbench.ingest.calls.values.column_codes import Ints
from workbench.model.catalogue import Sentence

SURE = 0.85
FITS = 0.6
HALF = 0.5
PRIOR = 3.0
"""For one of the times: records of calls have a start."""
FEW = 3
ALWAYS = 0.985
QUARTER = 900
"""Seconds by whose multiples two columns are apart that hold one time in two zones."""
FAR = 6 * 3600
"""Seconds after the start from which on a time is no part of the call: when the record was stored."""
NEAR = 1800
"""Seconds within which the answer and the end of most calls follow their start."""
MORNING = 5
AWAKE = 0.3
"""Share of times of day that are later than five in the morning: of lengths of calls hardly one is."""
EMPTY = column_times.NEVER
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Time:
    """Times of a reading: field -> column, and their seconds per row."""

    fields: Mapping[str, str]
    seconds: Ints

    @property
    def name(self) -> str:
        """The column that tells the time of day, or all of it."""
        return list(self.fields.values())[-1]


class Times:
    """Readings of the columns of dates and times."""

    def __init__(self, grid: Grid, heads: Heads, names: Sequence[str], fixed: Mapping[str, str]) -> None:
        self.grid, self.heads, self.names, self.fixed = grid, heads, names, fixed
        there = [name for name in grid.names if grid[name].filled.any()]
        self.whole = [name for name in there if grid[name].shape.moment >= SURE]
        self.days = [name for name in there if grid[name].shape.date >= SURE and name not in self.whole]
        self.clocks = [name for name in there if name not in (*self.whole, *self.days) and self._is_clock(name)]

    def _is_clock(self, name: str) -> bool:
        """Whether a column holds times of day, and no lengths."""
        column = self.grid[name]
        compact = [text for text in column.values if text and COMPACT.fullmatch(text)]
        named = self.heads.score_field(name, "time") >= 2 and self.heads.score_field(name, "duration") <= 0
        least = HALF if named else SURE
        if column.shape.time < least and (len(compact) < SURE * column.different or column.different < FEW):
            return False
        known = column.clocks[column.clocks != EMPTY]
        if len(known) < least * column.filled.sum():
            return False
        return named or self._is_awake(name)

    def _is_awake(self, name: str) -> bool:
        """Whether enough of the times lie after five in the morning for times of day; lengths of calls hardly do."""
        known = self.grid[name].clocks[self.grid[name].clocks != EMPTY]
        return len(known) > 0 and float((known >= MORNING * 3600).mean()) >= AWAKE

    @cached_property
    def starts(self) -> list[Time]:
        """What may be the start."""
        found = [Time({"start": name}, self.grid[name].moments) for name in self._open("start", self.whole)]
        for day in self._open("date", self.days):
            clocks = self._open("time", self.clocks)
            found += [Time({"date": day, "time": clock}, self.join_day_and_clock(day, clock)) for clock in clocks]
            if not clocks:
                found.append(Time({"date": day}, self.grid[day].days))
        return found

    def _open(self, field: str, names: Sequence[str]) -> list[str]:
        """Columns that a field may have: the one that it was given, else those that were given none."""
        given = [name for name, meaning in self.fixed.items() if meaning == field]
        return given or [name for name in names if name not in self.fixed]

    def join_day_and_clock(self, day: str, clock: str) -> Ints:
        """Seconds of a day and a time of day."""
        days, clocks = self.grid[day].days, self.grid[clock].clocks
        return np.where((days != EMPTY) & (clocks != EMPTY), days // DAY * DAY + clocks, EMPTY)

    def choose(self) -> Choice:
        """The start."""
        return choose_columns(
            [Reading({}, []), *(Reading(one.fields, list(self._list_grounds(one))) for one in self.starts)]
        )

    def _list_grounds(self, one: Time) -> Iterator[Ground]:
        clock = list(one.fields)[-1]
        yield Ground(PRIOR)
        for field, name in one.fields.items():
            if name not in self.fixed:
                yield self.heads.build_ground(name, field)
        known = one.seconds != EMPTY
        share = (int(known.sum()) + FEW) / (len(known) + FEW)
        yield Ground(-8 * max(0.0, 0.95 - share) - 4 * (share < FITS))
        if is_ordered(one.seconds):
            yield Ground(1, clock, Sentence("ground.in_order"))
        if "date" in one.fields and self._is_stale(one.fields["date"]):
            yield Ground(-3, "date")
        if "time" in one.fields and int(known.sum()) >= FEW and not self._is_awake(one.name):
            yield Ground(-3)
        for other in self._list_other_times(one):
            yield from self._score_order(one, other, clock)

    def _is_stale(self, day: str) -> bool:
        """Whether a date never changes where another one does."""
        others = [self.grid[name].different for name in self.days if name != day and self.grid[name].share >= FITS]
        return self.grid[day].different == 1 and any(count > 1 for count in others)

    def _list_other_times(self, one: Time) -> list[Time]:
        """The other times of the row: of a time of day, on the same day."""
        found = [Time({"": name}, self.grid[name].moments) for name in self.whole if name not in one.fields.values()]
        if day := one.fields.get("date", ""):
            clocks = [name for name in self.clocks if name not in one.fields.values()]
            found += [Time({"": name}, self.join_day_and_clock(day, name)) for name in clocks]
        return found

    def _score_order(self, one: Time, other: Time, clock: str) -> Iterator[Ground]:
        """Whether a time is before another one in every row; two zones of one time are no order."""
        apart = compute_gaps(one, other)
        if len(apart) < FEW:
            return
        if is_zone(apart):
            yield Ground(
                -5
                if "utc" in self.heads.list_concepts(one.name) and "utc" not in self.heads.list_concepts(other.name)
                else 0
            )
        elif float((apart >= 0).mean()) >= ALWAYS and (apart > 0).any():
            near = float(np.median(apart)) <= NEAR
            yield Ground(1.2 if near else 0.3, clock, f"never later than {other.name!r}")
        elif float((apart <= 0).mean()) >= ALWAYS and (apart < 0).any():
            yield Ground(-2.5)

    def list_later_times(self, start: Time) -> list[Time]:
        """The times of the call after its start, in their order: the answer, the end."""
        found = []
        for other in self._list_other_times(start):
            apart = compute_gaps(start, other)
            if (
                len(apart) < FEW
                or is_zone(apart)
                or float((apart >= 0).mean()) < ALWAYS
                or float(np.median(apart)) > FAR
            ):
                continue
            found.append((float(np.mean(apart)), -float((other.seconds != EMPTY).mean()), other))
        return [other for _, _, other in sorted(found, key=lambda item: item[:2])]

    def find_start_time(self, fields: Mapping[str, str]) -> Time | None:
        """Times of fields that were taken, None where there is no start among them."""
        if name := fields.get("start"):
            return Time({"start": name}, self.grid[name].moments)
        if {"date", "time"} <= fields.keys():
            return Time(
                {"date": fields["date"], "time": fields["time"]},
                self.join_day_and_clock(fields["date"], fields["time"]),
            )
        return None

    def find_end_time(self, start: Time, lengths: Floats | None) -> Choice:
        """The end: a time after the start, by as much as the call lasted where that is known."""
        open_ = [one for one in self._list_other_times(start) if one.name not in self.fixed]
        readings = [Reading({}, [])]
        for one in open_:
            field = "end" if one.name in self.whole else "end_time"
            readings.append(
                Reading(
                    {field: one.name},
                    [self.heads.build_ground(one.name, field), *self._score_end(start, one, lengths, field)],
                )
            )
        return choose_columns(readings)

    def _score_end(self, start: Time, one: Time, lengths: Floats | None, field: str) -> Iterator[Ground]:
        apart = compute_gaps(start, one)
        if len(apart) and float((apart >= 0).mean()) < ALWAYS:
            yield Ground(-6)
        known = (start.seconds != EMPTY) & (one.seconds != EMPTY)
        if lengths is None or not (known & (lengths > 0)).sum() >= FEW:
            yield Ground(-2 if float(np.median(apart)) > FAR else 0) if len(apart) else Ground(0)
            return
        there = known & (lengths > 0)
        rest = (one.seconds - start.seconds)[there] - lengths[there]
        if "time" in start.fields:
            rest = wrap_differences(rest)
        fitting = float(((rest >= -1) & (rest <= RINGING)).mean())
        text = Sentence("ground.after_start")
        yield (
            Ground(4, field, text)
            if fitting >= 0.95
            else Ground(-1 if self.heads.score_field(one.name, field) >= 3 else -8)
        )


RINGING = 180
"""Seconds that may lie between a start that is the first ring and the answer."""


def compute_gaps(one: Time, other: Time) -> Ints:
    """Seconds from a time to another one, in the rows that have both; of times of day across midnight."""
    known = (one.seconds != EMPTY) & (other.seconds != EMPTY)
    apart: Ints = (other.seconds - one.seconds)[known]
    return wrap_differences(apart) if "date" in one.fields and "" in other.fields else apart


def wrap_differences(apart: Floats | Ints) -> Ints:
    """Differences of times of day as the shorter way round the clock."""
    near = np.abs(apart) < 2 * DAY
    return np.where(near, (apart + DAY // 2) % DAY - DAY // 2, apart)


def is_zone(apart: Ints) -> bool:
    """Whether two times are apart by the same quarters of an hour in every row."""
    return bool(apart[0]) and bool((apart == apart[0]).all()) and int(apart[0]) % QUARTER == 0


def is_ordered(seconds: Ints) -> bool:
    """Whether rows follow each other in time, either way."""
    known = seconds[seconds != EMPTY]
    steps = np.diff(known)
    return (
        len(steps) >= FEW and bool(max((steps >= 0).mean(), (steps <= 0).mean()) >= ALWAYS) and bool((steps != 0).any())
    )
