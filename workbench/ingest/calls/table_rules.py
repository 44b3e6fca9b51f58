"""Rules that compare the records of one table: repeats, forwarding, both parties' records, changes of cards, silences.

What a batch leaves here is a few numbers per record (about 45 bytes); at the end the records are put in order once, by whom
they are about and when, and each rule looks at neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.call_plan import Facts
from workbench.ingest.calls.values.column_codes import Bools, Ints, Texts, order_of
from workbench.ingest.calls.values.column_times import NEVER
from workbench.ingest.reading.text_lines import SHOWN

if TYPE_CHECKING:
    from workbench.ingest.calls.quality_rules import RuleCounts

Rows = NDArray[np.integer]
OVERLAP = 60
"""Seconds within which the second call of a three-way call begins."""
NEAR = 5
ALIKE = 3
PART = 2
"""Seconds between the parts of one long text."""
FAST = 300.0
"""km/h between consecutive cells that no phone travels."""
FEW = 30
GAP = 3
DAY = 86_400
ASKED = 200
"""Numbers with the most records, whose silences are looked at."""
EARTH = 6371.0
ALIKE_KM = 5.0
BUCKETS = 25
SLICE = 1 << 18
UNTIMED = -(2**31) + 1
"""Start of a record whose time is unknown."""
LATE = 2**31 - 1
"""Later than any start."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Records that a rule puts in a group: row numbers, group (lowest row), whether they count. One rule each."""

    rule: str
    rows: Ints
    groups: Ints
    counts: bool


@dataclass(frozen=True, slots=True)
class Use:
    """A number in a handset with a SIM card: each combination that the records show, with count, first and last time.

    Times are seconds since the base of the table (`OrderedRecords.base`).
    """

    target: NDArray[np.int32]
    imei: NDArray[np.int32]
    imsi: NDArray[np.int32]
    count: Ints
    first: Ints
    last: Ints
    row: Ints


class TableFacts:
    """Collects the facts of all batches of a table."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.kept: dict[str, list[Rows]] = {}
        self.size = 0
        self.base: int | None = None

    def add(self, facts: Facts) -> None:
        """Keep what the rules need of a batch."""
        parts: dict[str, Rows] = {
            "target": facts.target, "other": facts.other, "imei": facts.imei, "imsi": facts.imsi, "cell": facts.cell,
            "start": self._compute_seconds(facts.start), "row": _shrink_rows(facts.rows), "duration": facts.duration.astype(np.int32),
            "way": facts.way, "event": facts.kind,
        }  # fmt: skip
        if facts.lat is not None and facts.lon is not None:
            parts |= {"lat": facts.lat.astype(np.float32), "lon": facts.lon.astype(np.float32)}
        for name, part in parts.items():
            held = self.kept.setdefault(name, [])
            if not held and self.size:
                held.append(np.full(self.size, np.nan, dtype=part.dtype))
            held.append(part)
        self.size += len(facts.rows)
        for name in ("lat", "lon"):
            if name in self.kept and name not in parts:
                self.kept[name].append(np.full(len(facts.rows), np.nan, dtype=np.float32))

    def _compute_seconds(self, start: Ints) -> NDArray[np.int32]:
        """Seconds since the first time of the table; UNTIMED where it is unknown or 60 years away."""
        known = start != NEVER
        if self.base is None and known.any():
            self.base = int(start[known][0])
        since = start - (self.base or 0)
        return np.where(known & (np.abs(since) < -UNTIMED), since, UNTIMED).astype(np.int32)

    def sort_records(self) -> OrderedRecords:
        """The records in order of target and start; what was collected is let go of."""
        joined = {name: np.concatenate(self.kept.pop(name)) for name in list(self.kept)}
        return OrderedRecords(joined, self.texts.names, self.base or 0)


class Near:
    """Records that begin within a minute of the one before of the same number: where they lie, and that one, and the gap [s]."""

    def __init__(self, facts: dict[str, Rows], positions: Ints, place: Ints) -> None:
        self.facts, self.positions = facts, positions
        self.later, self.before = place[positions], place[positions - 1]
        self.gap = facts["start"][self.later].astype(np.int64) - facts["start"][self.before]

    def get_fact_pair(self, name: str) -> tuple[Ints, Ints]:
        """A fact of the later and of the earlier ones."""
        column = self.facts[name]
        return column[self.later].astype(np.int64), column[self.before].astype(np.int64)

    def find_same_facts(self, *names: str) -> Bools:
        """Where facts are the same as before."""
        found = np.ones(len(self.later), dtype=np.bool_)
        for name in names:
            found &= self.facts[name][self.later] == self.facts[name][self.before]
        return found

    def find_repeats(self) -> Bools:
        """C-06: everything that is read agrees."""
        found: Bools = (self.gap == 0) & self.find_same_facts(
            "other", "duration", "way", "event", "imei", "imsi", "cell"
        )
        return found

    def find_parts(self) -> Bools:
        """C-14: texts to one number within two seconds."""
        (later, before), (other, _) = self.get_fact_pair("event"), self.get_fact_pair("other")
        found: Bools = (
            (self.gap <= PART) & (later == 2) & (before == 2) & self.find_same_facts("other", "way") & (other != 0)
        )
        return found

    def find_forwards(self) -> Bools:
        """C-03: same start, same duration, called in one and calling in the other, with different parties."""
        (later, before), (duration, _) = self.get_fact_pair("way"), self.get_fact_pair("duration")
        ways = ((later == 1) & (before == 2)) | ((later == 2) & (before == 1))
        found: Bools = (
            (self.gap == 0) & ways & self.find_same_facts("duration") & (duration > 0) & ~self.find_same_facts("other")
        )
        return found

    def find_overlaps(self) -> Bools:
        """C-04: a call begins while another one of the same number goes on."""
        (later, before), (duration, on) = self.get_fact_pair("event"), self.get_fact_pair("duration")
        calls = (later <= 1) & (before <= 1)
        found: Bools = (self.gap > 0) & calls & (self.gap < on) & (duration > 0) & ~self.find_same_facts("other")
        return found


RULES = (
    ("C-06", Near.find_repeats, False), ("C-14", Near.find_parts, False), ("C-03", Near.find_forwards, False),
    ("C-04", Near.find_overlaps, True),
)  # fmt: skip
"""Rules about neighbours in order; a record that one does not count is left to no other."""


class OrderedRecords:
    """Records in order of target and start; `names` gives the text of a code."""

    def __init__(self, facts: dict[str, Rows], names: list[str], base: int) -> None:
        self.facts, self.names, self.base = facts, names, base
        self.size = len(facts["row"]) if facts else 0
        self.taken = np.zeros(self.size, dtype=np.bool_)
        self.runs: list[Use] = []
        self.place: Ints = np.zeros(0, dtype=np.int64)
        if self.size:
            self.place = _sort_places(facts["target"].astype(np.int32), facts["start"])

    def list_marks(self, tally: RuleCounts) -> list[Marks]:
        """Groups of records, rule by rule."""
        positions = [self._scan_slice(begin, tally) for begin in range(0, self.size, SLICE)]
        near = Near(self.facts, np.concatenate([np.zeros(0, dtype=np.int64), *positions]), self.place)
        made = [
            mark
            for rule, look, counts in RULES
            if (mark := self._build_group_marks(rule, look(near), near, tally, counts=counts))
        ]
        return [*made, *self._find_both_legs(tally)]

    def _scan_slice(self, begin: int, tally: RuleCounts) -> Ints:
        """Go through a part of the records in order; positions of those that begin within a minute of the one before."""
        first = max(begin - 1, 0)
        places = self.place[first : begin + SLICE]
        target, start = self.facts["target"][places], self.facts["start"][places].astype(np.int64)
        timed = start != UNTIMED
        beside: Bools = (target[1:] == target[:-1]) & timed[1:] & timed[:-1] & (target[1:] != 0)
        gap = start[1:] - start[:-1]
        self.runs.append(
            _build_runs(self.facts, places[begin - first :], target[begin - first :], start[begin - first :])
        )
        if "lat" in self.facts:
            self._count_jumps(places, beside, gap, tally)
        return np.flatnonzero(beside & (gap <= OVERLAP)) + first + 1

    def _build_group_marks(
        self, rule: str, found: Bools, near: Near, tally: RuleCounts, *, counts: bool
    ) -> Marks | None:
        """Marks of the records that belong to the one before; a chain of them is one group."""
        found = found & ~self.taken[near.later]
        if not found.any():
            return None
        positions, later = near.positions[found], near.later[found]
        heads = np.concatenate([[True], positions[1:] != positions[:-1] + 1])
        groups = self.facts["row"][near.before[found]][np.maximum.accumulate(np.where(heads, np.arange(len(heads)), 0))]
        if rule == "C-03":  # what the target seems to have called is what does not count
            later = np.where(self.facts["way"][later] == 1, later, near.before[found])
        if not counts:
            self.taken[later] = True
        return self._mark(rule, self.facts["row"][later], groups, tally, counts=counts)

    def _mark(self, rule: str, rows: Rows, groups: Rows, tally: RuleCounts, *, counts: bool) -> Marks:
        order = np.argsort(rows, kind="stable")
        ordered: Ints = rows[order].astype(np.int64)
        grouped: Ints = groups[order].astype(np.int64)
        tally.note(rule, len(ordered), _list_first_rows(ordered), f"with row {grouped[0]}")
        return Marks(rule, ordered, grouped, counts)

    def _find_both_legs(self, tally: RuleCounts) -> Iterator[Marks]:
        """C-05: the records of both parties of one call are in the table."""
        if not self.size:
            return
        facts = self.facts
        targets = np.zeros(len(self.names), dtype=np.bool_)
        targets[facts["target"]] = True
        targets[0] = False
        start, target, other = facts["start"], facts["target"], facts["other"]
        some = np.flatnonzero(targets[other] & (start != UNTIMED) & (target != other) & ~self.taken)
        one, two = target[some].astype(np.int64), other[some].astype(np.int64)
        pair = np.minimum(one, two) * len(self.names) + np.maximum(one, two)
        close = _find_crowded(pair, start[some].astype(np.int64), one < two)
        some, pair, one = some[close], pair[close], one[close]
        if len(some) < 2:
            return
        order = np.lexsort((facts["row"][some], start[some], pair))
        some, pair, one = some[order], pair[order], one[order]
        began, duration, way, kinds = (
            facts[name][some].astype(np.int64) for name in ("start", "duration", "way", "event")
        )
        near = (pair[1:] == pair[:-1]) & (began[1:] - began[:-1] <= NEAR) & (one[1:] != one[:-1])
        legs = ((way[1:] != way[:-1]) | (way[1:] == 0)) & (kinds[1:] == kinds[:-1])
        later = np.concatenate([[False], near & legs & (np.abs(duration[1:] - duration[:-1]) <= ALIKE)])
        later[1:] &= ~later[:-1]
        places = np.flatnonzero(later)
        if len(places):
            row = facts["row"]
            yield self._mark("C-05", row[some[places]], row[some[places - 1]], tally, counts=False)

    def build_uses(self) -> Use:
        """Each combination of number, handset and SIM card, in order; after `marks`."""
        return _merge_runs(self.runs)

    def _count_jumps(self, places: Ints, beside: Bools, gap: Ints, tally: RuleCounts) -> None:
        """C-10: consecutive places that are too far apart for the time."""
        lat, lon = (np.radians(self.facts[name][places].astype(np.float64)) for name in ("lat", "lon"))
        half = np.sin((lat[1:] - lat[:-1]) / 2) ** 2
        half += np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin((lon[1:] - lon[:-1]) / 2) ** 2
        apart = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        fast = np.flatnonzero(beside & (apart > ALIKE_KM) & (apart / (np.maximum(gap, 1) / 3600) > FAST))
        if len(fast):
            text = f"{apart[fast[0]]:.0f} km in {gap[fast[0]]} s"
            tally.note("C-10", len(fast), _list_first_rows(self.facts["row"][places[fast + 1]]), text)

    def count_silences(self, tally: RuleCounts) -> None:
        """C-12: gaps of more than three times the usual one (the 95th percentile, at least a day) of busy numbers."""
        if not self.size:
            return
        sizes = np.bincount(self.facts["target"], minlength=len(self.names))
        ends = np.cumsum(sizes)
        for code in sorted(np.argsort(-sizes, kind="stable")[:ASKED]):
            places = self.place[int(ends[code] - sizes[code]) : int(ends[code])]
            if code == 0 or len(places) < FEW:
                continue
            start = self.facts["start"][places]
            gaps = np.where((start != UNTIMED)[:-1], start[1:] - start[:-1], 0)
            long = np.flatnonzero(gaps > GAP * max(float(np.percentile(gaps, 95)), DAY))
            if len(long):
                text = f"{self.names[code]}: {gaps[long[0]] / DAY:.0f} days"
                tally.note("C-12", len(long), _list_first_rows(self.facts["row"][places[long + 1]]), text)


def _sort_places(target: NDArray[np.int32], start: Rows) -> Ints:
    """Places of the records in order of target and start; a file that is in order of time is put in order quicker."""
    if bool((start[1:] >= start[:-1]).all()):
        return order_of(target)
    key = target.astype(np.int64)
    key <<= 32
    key += start
    found: Ints = np.argsort(key, kind="stable")
    return found


def _build_runs(facts: dict[str, Rows], places: Ints, target: Rows, start: Ints) -> Use:
    """Runs of records of one combination of number, handset and card."""
    imei, imsi = facts["imei"][places], facts["imsi"][places]
    row = facts["row"][places].astype(np.int64)
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = (target[1:] != target[:-1]) | (imei[1:] != imei[:-1]) | (imsi[1:] != imsi[:-1])
    heads = np.flatnonzero(begins)
    count = np.diff(np.concatenate([heads, [len(row)]]))
    first = np.minimum.reduceat(np.where(start == UNTIMED, LATE, start), heads)
    last, rows = np.maximum.reduceat(start, heads), np.minimum.reduceat(row, heads)
    codes = (column[heads].astype(np.int32) for column in (target, imei, imsi))
    return Use(next(codes), next(codes), next(codes), count, first, last, rows)


def _find_crowded(pair: Ints, start: Ints, first: Bools) -> Bools:
    """Where a record of the other party of the same pair lies in the same or the next span of time, and a few more."""
    spread = np.uint64(0x9E3779B97F4A7C15)
    span = start // (4 * NEAR)
    hashed = pair.astype(np.uint64) * spread
    found = np.zeros(len(pair), dtype=np.bool_)
    there = np.zeros((2, 1 << BUCKETS), dtype=np.bool_)
    for shift in (0, 1):
        bucket = ((hashed ^ ((span + shift) // 2).astype(np.uint64)) * spread) >> np.uint64(64 - BUCKETS)
        there[:] = False
        there[0][bucket[first]] = True
        there[1][bucket[~first]] = True
        found |= np.where(first, there[1][bucket], there[0][bucket])
    return found


def _shrink_rows(rows: Ints) -> Rows:
    """Row numbers in half the space where they fit."""
    return rows.astype(np.int32) if not len(rows) or (rows[-1] < 2**31 and rows.max() < 2**31) else rows


def _merge_runs(runs: list[Use]) -> Use:
    """Runs of each combination, put together."""
    none, nobody = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    target, imei, imsi = (
        np.concatenate([nobody, *parts])
        for parts in ([run.target for run in runs], [run.imei for run in runs], [run.imsi for run in runs])
    )
    order = np.lexsort((imsi, imei, target))
    if not len(order):
        return Use(nobody, nobody, nobody, none, none, none, none)
    target, imei, imsi = target[order], imei[order], imsi[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (target[1:] != target[:-1]) | (imei[1:] != imei[:-1]) | (imsi[1:] != imsi[:-1])
    heads = np.flatnonzero(new)
    count = np.add.reduceat(np.concatenate([run.count for run in runs])[order], heads)
    first = np.minimum.reduceat(np.concatenate([run.first for run in runs])[order], heads)
    last = np.maximum.reduceat(np.concatenate([run.last for run in runs])[order], heads)
    rows = np.minimum.reduceat(np.concatenate([run.row for run in runs])[order], heads)
    return Use(target[new], imei[new], imsi[new], count, first, last, rows)


def find_device_changes(uses: Use, names: list[str], tally: RuleCounts) -> Marks | None:
    """C-09: handsets with several SIM cards, SIM cards in several handsets; the first row of each combination but one."""
    both = np.flatnonzero((uses.imei != 0) & (uses.imsi != 0))
    order = both[np.lexsort((uses.row[both], uses.first[both]))]
    seen: dict[tuple[str, int], tuple[int, int]] = {}
    rows: list[int] = []
    groups: list[int] = []
    example = ""
    for index in order:
        imei, imsi, row = int(uses.imei[index]), int(uses.imsi[index]), int(uses.row[index])
        for kind, own, with_ in (("imei", imei, imsi), ("imsi", imsi, imei)):
            before = seen.get((kind, own))
            if before is not None and before[0] != with_:
                rows.append(row)
                groups.append(before[1])
                words = ("handset", "with card") if kind == "imei" else ("card", "in handset")
                example = example or f"{words[0]} {names[own]} {words[1]} {names[with_]}"
            seen[kind, own] = (with_, row)
    if not rows:
        return None
    found, first = np.unique(np.array(rows, dtype=np.int64), return_index=True)
    tally.note("C-09", len(found), _list_first_rows(found), example)
    return Marks("C-09", found, np.array(groups, dtype=np.int64)[first], counts=True)


def _list_first_rows(rows: Rows) -> list[int]:
    return [int(row) for row in np.sort(rows)[: SHOWN + 1]]
