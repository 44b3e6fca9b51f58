"""A sample of a table, laid out for the guess: each column's cells read as numbers, times, lengths and codes, once and when asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from workbench.ingest.calls.guess.cell_shapes import Shape, compute_shape, is_phone
from workbench.ingest.calls.guess.header_words import find_named_fields
from workbench.ingest.calls.values import column_times, event_words, phone_numbers
from workbench.ingest.calls.values.column_codes import Bools, Ints
from workbench.ingest.tables.columns.cell_values import (
    find_date_order,
    find_decimal_mark,
    parse_duration,
    parse_number,
    unquote_cell,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL = 7
"""Digits by which telephone numbers are compared: written with or without the prefixes of country and trunk."""
NONE = -1
DAY = column_times.DAY
COMPACT = re.compile(r"\d{5,6}")
PAIR = re.compile(r"(\d{3,6})[-/](\d{1,6})")
MAKES = 4
PLAIN = re.compile(r"\d+")
FEW = 40
"""Different cells up to which a column can be one of codes."""
SECONDS = {"min": 60.0, "ms": 0.001}


class Column:
    """A column of the sample. What a cell is read as stands in arrays of one entry per row."""

    def __init__(self, name: str, raw: Sequence[str], pool: dict[str, int], region: str) -> None:
        self.name, self.pool, self.region = name, pool, region
        self.texts = [_clean_cell(text) for text in raw]
        self.filled: Bools = np.array([bool(text) for text in self.texts], dtype=np.bool_)
        self.count = len(self.texts)

    @cached_property
    def share(self) -> float:
        """Share of rows in which it stands."""
        return float(self.filled.mean()) if self.count else 0.0

    @cached_property
    def shape(self) -> Shape:
        """What its cells look like."""
        return compute_shape(self.texts, field=self.named_field)

    @cached_property
    def named_field(self) -> str:
        """'direction' where its header says so rather than that it tells the kind of record; else ''."""
        said = find_named_fields(self.name)
        return "direction" if said.get("direction", 0.0) > said.get("connection", 0.0) else ""

    @cached_property
    def values(self) -> list[str]:
        """Its different cells, '' first where there is one."""
        return sorted(set(self.texts))

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """Place of each row's cell in `values`."""
        places = {text: place for place, text in enumerate(self.values)}
        return np.array([places[text] for text in self.texts], dtype=np.int32)

    @cached_property
    def different(self) -> int:
        """How many different cells that hold anything."""
        return len(self.values) - ("" in self.values[:1])

    @cached_property
    def parties(self) -> list[phone_numbers.Number]:
        """Each different cell as a party."""
        return [phone_numbers.parse_party(text, None) for text in self.values]

    @cached_property
    def tails(self) -> NDArray[np.int32]:
        """Number of each row's telephone number, the same in every column; NONE where it holds none."""
        return np.array([self._encode_tail(one) for one in self.parties], dtype=np.int32)[self.codes]

    def _encode_tail(self, one: phone_numbers.Number) -> int:
        digits = "".join(c for c in one.value if c.isdecimal())
        if one.kind != "number" or len(digits) < TAIL:
            return NONE
        return self.pool.setdefault(digits[-TAIL:], len(self.pool))

    @cached_property
    def withheld(self) -> Bools:
        """Rows in which a word says that the number is not shown."""
        return np.array([one.kind == "withheld" for one in self.parties], dtype=np.bool_)[self.codes]

    @cached_property
    def named_rows(self) -> Bools:
        """Rows in which a sender has a name and no number."""
        return np.array([one.kind == "sender name" for one in self.parties], dtype=np.bool_)[self.codes]

    @cached_property
    def constant(self) -> float:
        """Share of its numbers that are the most frequent one; of other cells likewise."""
        found = self.tails[self.tails != NONE] if (self.tails != NONE).any() else self.codes[self.filled]
        return float(np.bincount(found).max() / len(found)) if len(found) else 0.0

    @cached_property
    def plausible(self) -> float:
        """Share of its numbers that a telephone number of the country or abroad can be, by their length."""
        told = [one for one in self.values if one]
        if not told or not self.region:
            return 1.0
        return sum(_may_be_number(text, self.region) for text in told[:200]) / min(len(told), 200)

    @cached_property
    def serial(self) -> bool:
        """Whether its figures go up or down from row to row, none twice, as numbers of records do."""
        figures = [int(text) for text in self.texts if PLAIN.fullmatch(text) and len(text) < 19]
        if len(figures) < 3 or len(figures) < 0.95 * self.filled.sum():
            return False
        steps = np.diff(np.array(figures, dtype=np.int64))
        return bool((steps > 0).all() or (steps < 0).all()) and self.different == int(self.filled.sum())

    @cached_property
    def moments(self) -> Ints:
        """Seconds of its dates with times."""
        import pyarrow as pa

        return column_times.read(pa.array(self.texts, pa.string()), self.form).seconds

    @cached_property
    def form(self) -> str:
        """Order of its dates; where they leave it open, day before month."""
        return find_date_order(self.texts) or "dmy"

    @cached_property
    def days(self) -> Ints:
        """Seconds of its dates at midnight, NEVER where a cell is none."""
        found = np.array(
            [column_times.parse_day(text, self.form) if text else column_times.NEVER for text in self.values],
            dtype=np.int64,
        )
        return found[self.codes]

    @cached_property
    def clocks(self) -> Ints:
        """Seconds of the day of its times, NEVER where a cell is none."""
        found = np.array([column_times.parse_clock(text) for text in self.values], dtype=np.int64)
        return found[self.codes]

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Its cells as seconds, figures as they stand; NaN where a cell is no length."""
        return np.array([_parse_duration(text) for text in self.values], dtype=np.float64)[self.codes]

    @cached_property
    def directions(self) -> NDArray[np.int8]:
        """1 where a cell says that the record went out, 2 in, 3 forwarded, 0 nothing."""
        told = event_words.find_directions(frozenset(text for text in self.values if text), self.named_field)
        return np.array([("", "out", "in", "fwd").index(told.get(text, "")) for text in self.values], dtype=np.int8)[
            self.codes
        ]

    @cached_property
    def kinds(self) -> list[str]:
        """What kind of record each different cell names, '' none."""
        return [event_words.find_event(text) if text else "" for text in self.values]

    @cached_property
    def named_kind(self) -> float:
        """Share of the rows that hold anything whose cell names a kind of record."""
        known = np.array([bool(kind) for kind in self.kinds], dtype=np.bool_)[self.codes]
        return float(known[self.filled].mean()) if self.filled.any() else 0.0

    @cached_property
    def named_way(self) -> float:
        """Share of the rows whose cell names a direction, of those that do not name data, which have none."""
        data = np.array([kind == "data" for kind in self.kinds], dtype=np.bool_)[self.codes]
        there = self.filled & ~(data & (self.directions == 0))
        return float((self.directions[there] > 0).mean()) if there.any() else 0.0

    @cached_property
    def is_phone(self) -> bool:
        """Whether most of its cells can be parties of a record, and no other kind of figures fits them better."""
        form = self.shape
        if (
            not form.filled
            or max(form.fifteen, form.ip, form.cell, form.moment, form.date, form.point, form.decimal) >= 0.5
        ):
            return False
        return (form.phone >= 0.3 and form.party >= 0.6) or self._phone_share >= 0.8

    @cached_property
    def _phone_share(self) -> float:
        """Share of the rows that hold anything in which a telephone number stands, where few different cells say little."""
        there = np.array([is_phone(text) for text in self.values], dtype=np.bool_)[self.codes]
        return float(there[self.filled].mean()) if self.filled.any() else 0.0

    @cached_property
    def is_paired(self) -> bool:
        """Whether its cells are two figures with a stroke between them, all of one length: areas and numbers of cells."""
        makes = {PAIR.sub(lambda match: f"{len(match[1])}-{len(match[2])}", text) for text in self.values if text}
        paired = all(PAIR.fullmatch(text) for text in self.values if text)
        return paired and 0 < len(makes) <= MAKES and self.different <= 0.7 * self.filled.sum()

    @cached_property
    def amounts(self) -> NDArray[np.float64]:
        """Its cells as amounts or lengths; 0 where a cell is none."""
        found = [_parse_amount(text) for text in self.values]
        return np.array(found, dtype=np.float64)[self.codes]

    @cached_property
    def is_code(self) -> bool:
        """Whether it holds few different cells again and again."""
        return 0 < self.different <= FEW and (self.different <= 3 or self.different <= 0.5 * self.filled.sum())


class Grid:
    """Columns of the sample by name, and the digits of what stands above the table and in the file's name."""

    def __init__(
        self, names: Sequence[str], samples: Sequence[Sequence[str]], *, region: str = "", clues: Sequence[str] = ()
    ) -> None:
        self.names, self.region = list(names), region
        self.pool: dict[str, int] = {}
        self.columns: Mapping[str, Column] = {
            name: Column(name, raw, self.pool, region) for name, raw in zip(names, samples, strict=True)
        }
        self.rows = len(samples[0]) if samples else 0
        self.clues = ["".join(c for c in line if c.isdecimal()) for line in clues]
        self._equal: dict[tuple[str, str], tuple[float, int]] = {}

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def place(self, name: str) -> int:
        """Position of a column."""
        return self.names.index(name)

    def is_named_in_clues(self, tail: int) -> bool:
        """Whether a telephone number is named above the table or in the file's name."""
        digits = next((text for text, number in self.pool.items() if number == tail), "")
        return bool(digits) and any(digits in line for line in self.clues)

    @cached_property
    def clues_with_number(self) -> bool:
        """Whether one of the numbers of the table is named above it or in the file's name."""
        return any(digits in line for digits in self.pool for line in self.clues)

    def compute_agreement(self, one: str, other: str) -> tuple[float, int]:
        """Share of the rows in which both stand that hold the same number or text, and how many these rows are."""
        key = (one, other) if one < other else (other, one)
        if key not in self._equal:
            self._equal[key] = self._compare_columns(self[one], self[other])
        return self._equal[key]

    def _compare_columns(self, one: Column, other: Column) -> tuple[float, int]:
        numbers_ = (one.tails != NONE) & (other.tails != NONE)
        if numbers_.any():
            return float((one.tails[numbers_] == other.tails[numbers_]).mean()), int(numbers_.sum())
        both = np.flatnonzero(one.filled & other.filled)
        same = sum(one.texts[at] == other.texts[at] for at in both)
        return (same / len(both) if len(both) else 0.0), len(both)

    def compute_dependence(self, key: str, other: str) -> float:
        """Share of rows whose cell of `other` is the usual one beside the same cell of `key`: 1 where `key` decides it."""
        both = np.flatnonzero(self[key].filled & self[other].filled)
        if not len(both):
            return 0.0
        pairs = Counter(zip(self[key].codes[both].tolist(), self[other].codes[both].tolist(), strict=True))
        best: dict[int, int] = {}
        for (first, _), times in pairs.items():
            best[first] = max(best.get(first, 0), times)
        return sum(best.values()) / len(both)


@lru_cache(maxsize=50_000)
def _clean_cell(raw: str) -> str:
    """Text of a cell, '' of one that holds nothing."""
    text = unquote_cell(raw)
    return "" if text.casefold() in phone_numbers.NOTHING - {"0"} else text


def _parse_duration(text: str) -> float:
    found = parse_duration(text) if text else ""
    try:
        return float(found) if found else float("nan")
    except ValueError:
        return float("nan")


@lru_cache(maxsize=50_000)
def _may_be_number(text: str, region: str) -> bool:
    """Whether a number can be one of a country or, written so, of another one."""
    found = phone_numbers.parse_party(text, region)
    return found.kind != "number" or found.value.startswith("+")


def _parse_amount(text: str) -> float:
    """A figure with its decimals, or a length; 0 where a text is neither."""
    found = parse_number(text, find_decimal_mark([text])) if text else ""
    length = _parse_duration(text) if text and not found else 0.0
    return float(found) if found else length if length == length else 0.0  # noqa: PLR0124 - NaN is not itself
