"""Limits of the columns of mass tables: the same as of single values, looked at a column at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING

from workbench.model.rows import Batch
from workbench.model.table_schemas import MASS
from workbench.model.time_zones import is_far
from workbench.model.values.limits import DEGREES, LABEL, cut_text

if TYPE_CHECKING:
    import pyarrow as pa

FIRST = int(datetime(1, 1, 2, tzinfo=UTC).timestamp())
LAST = int(datetime(9998, 12, 30, tzinfo=UTC).timestamp())
"""First and last second since 1970 that is within the years of a moment in every zone."""
LONGEST = 1_000_000_000
"""Seconds that a call may last: thirty years, more than any does."""
SIDES = {"lat": DEGREES["latitude"], "lon": DEGREES["longitude"]}
TIMES = frozenset({"at", "date", "valid_from", "valid_to"})
"""Columns that hold times as they are written."""
NEAR_ENDS = r"^\s*([+-]|[0-9]{5}|000[01]|999[89])"


@dataclass(frozen=True, slots=True)
class Excess:
    """Values of one column beyond its limits: how many, of what kind ('time', 'number', 'position', 'text'), and the first one."""

    column: str
    kind: str
    count: int
    row: int
    value: str


def limit_batch(batch: Batch) -> tuple[Batch, list[Excess]]:
    """The batch without what lies beyond the limits, and what that was; the same batch where nothing does.

    In place of a number or position stands NaN, of a time or whole number null, of a time as written ''; a text is cut.
    """
    import pyarrow as pa

    columns, found = list(batch.rows.columns), list[Excess]()
    for at, (name, kind) in enumerate(MASS[batch.table].items()):
        for what, made, wrong in _limit_column(columns[at], name, kind):
            count = int(wrong.true_count)
            if count:
                first = wrong.index(True).as_py()
                row = batch.rows.column("row")[first].as_py() or 0
                found.append(Excess(name, what, count, row, _format_value(columns[at], first)))
                columns[at] = made
    if not found:
        return batch, found
    return Batch(batch.table, pa.RecordBatch.from_arrays(columns, names=batch.rows.schema.names)), found


def is_within(times: pa.Array) -> bool:
    """Whether all times of a column are within the years of a moment; no engine reads a column with one far outside."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unit = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[times.type.unit]
    ends = pc.min_max(times.cast(pa.int64())).as_py()
    return ends["min"] is None or (FIRST * unit <= ends["min"] and ends["max"] <= LAST * unit)


def _format_value(values: pa.Array, at: int) -> str:
    """A value of a column as text; a time as the seconds since 1970, since no calendar may have it."""
    import pyarrow as pa

    one = values[at : at + 1]
    if pa.types.is_timestamp(values.type):
        return f"{one.cast(pa.int64())[0].as_py()} s"
    return str(one[0].as_py())[:LABEL]


def _limit_column(values: pa.Array, name: str, kind: str) -> list[tuple[str, pa.Array, pa.BooleanArray]]:
    """For each limit that some value of a column exceeds: its kind, the column without, and which values exceed it."""
    if kind == "timestamp[s]":
        return _limit_integers(values, "time", FIRST, LAST)
    if name == "duration":
        return _limit_integers(values, "number", -LONGEST, LONGEST)
    if kind == "float64":
        return _limit_floats(values, SIDES.get(name, inf))
    return _limit_texts(values, name) if kind == "string" else []


def _limit_integers(values: pa.Array, what: str, low: int, high: int) -> list[tuple[str, pa.Array, pa.BooleanArray]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = values.cast(pa.int64())
    ends = pc.min_max(whole).as_py()
    if ends["min"] is None or (low <= ends["min"] and ends["max"] <= high):
        return []
    wrong = pc.fill_null(pc.or_(pc.less(whole, low), pc.greater(whole, high)), fill_value=False)
    return [(what, pc.if_else(wrong, pa.scalar(None, values.type), values), wrong)]


def _limit_floats(values: pa.Array, side: float) -> list[tuple[str, pa.Array, pa.BooleanArray]]:
    """NaN is no fault: it stands for what is not known."""
    import pyarrow.compute as pc

    size = pc.abs(values)
    wrong = pc.fill_null(pc.greater(size, side) if side < inf else pc.equal(size, inf), fill_value=False)
    return [("position" if side < inf else "number", pc.if_else(wrong, float("nan"), values), wrong)]


def _limit_texts(values: pa.Array, name: str) -> list[tuple[str, pa.Array, pa.BooleanArray]]:
    """Of a column that came dictionary-encoded only its different values are looked at, while they are within the limits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = pa.types.is_dictionary(values.type)
    texts = values.dictionary if coded else values
    may_be_far = name in TIMES and bool(pc.any(pc.match_substring_regex(texts, NEAR_ENDS)).as_py())
    if not may_be_far and (pc.max(pc.binary_length(texts)).as_py() or 0) <= LABEL:
        return []
    written = values.cast(pa.string()).to_pylist()
    far = [bool(text) and name in TIMES and is_far(text) for text in written]
    long = [bool(text) and len(text) > LABEL for text in written]
    kept = ["" if gone else text and cut_text(text, LABEL) for text, gone in zip(written, far, strict=True)]
    made = pa.array(kept, pa.string())
    made = made.dictionary_encode().cast(values.type) if coded else made
    return [("time", made, pa.array(far)), ("text", made, pa.array(long))]
