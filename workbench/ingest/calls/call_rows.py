"""From columns of a call table to rows of the mass table `calls`: whole columns at a time, each different value once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.call_plan import PLAIN, UNKNOWN, Facts, Plan
from workbench.ingest.calls.quality_rules import RuleCounts, bits
from workbench.ingest.calls.values import cell_ids, cell_places, column_times, event_words, phone_numbers
from workbench.ingest.calls.values.column_codes import (
    Bools,
    CodedColumn,
    CodeMeaning,
    Ints,
    Pool,
    Texts,
    constant,
    either,
    encode_array,
    order_of,
)
from workbench.ingest.calls.values.column_times import NEVER, Moments
from workbench.ingest.tables.columns.cell_values import a_duration, unquote_cell
from workbench.model.table_schemas import MASS, arrow

if TYPE_CHECKING:
    import pyarrow as pa

LONG = 86_400
SORTED = 50_000
"""Rows of a batch from which on they are put in order of their target."""
PARTIES = ("a", "b", "target", "forwarded")
WAYS = ("", "out", "in", "fwd")
KINDS = {"voice": 1, "sms": 2, "mms": 2, "data": 3, "forward": 4}
SERVICES = np.uint32(bits(("C-07",)))
NUMBER = phone_numbers.KINDS.index("number")
Codes = NDArray[np.int32]


class Recorder:
    """Makes batches of one table; keeps what it has learnt of values, and what was wrong."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tally, self.texts = plan, RuleCounts(), Texts()
        region = plan.region or None
        self.parties = Pool(self.texts, partial(_party, region))
        self.handsets = Pool(self.texts, _handset)
        self.cards = Pool(self.texts, _card)
        self.forms: dict[str, int] = {}
        self.zoneless = 0
        self.directed = False

    def build_batch(self, columns: Mapping[str, pa.Array], rows: Ints) -> tuple[pa.RecordBatch, Facts]:
        """Batch of the rows, and what the rules about the whole table need.

        Parameters
        ----------
        columns : mapping
            From a field to its column of texts, plain or dictionary-encoded, all of one length.
        rows : array
            Number of each row in the source.
        """
        count = len(rows)
        self.tally.start_batch(rows)
        texts = {name: encode_array(column) for name, column in columns.items() if name not in PLAIN}
        made: dict[str, object] = {"document_id": constant(self.plan.document, count), "row": rows}
        event, way = self._types(texts, count)
        target, other, ways = self._parties(columns, way, count, made)
        start = self._times(columns, texts, count, made)
        duration = self._duration(texts, count, made)
        imei, imsi = self._devices(columns, count, made)
        first = self._places(texts, count, made)
        self._copy_raw_columns(columns, texts, count, made)
        made |= {"event": event, "direction": CodedColumn(ways.astype(np.int32), WAYS)}
        self.directed = self.directed or bool(ways.any())
        kinds = event.integers(lambda name: KINDS.get(name, 0)).astype(np.int8)
        self._record_rules(event, duration)
        cell = self.texts.add(first.values)[first.codes]
        lat, lon = (None if made[name] is None else _floats(made[name]) for name in ("lat", "lon"))
        facts = Facts(rows, target, other, imei, imsi, cell, start, duration, ways, kinds, lat, lon)
        made["dq"] = self.tally.column()
        return _batch(made, order_of(target) if count >= SORTED else None), facts

    def _types(self, texts: Mapping[str, CodedColumn], count: int) -> tuple[CodedColumn, CodedColumn]:
        """Event and direction of each row, out of the columns that name them."""
        event, way = constant("", count), constant("", count)
        for name in ("connection", "direction"):
            if name not in texts:
                continue
            said = texts[name]
            event = either(event.flags(bool), event, said.map(partial(self._event, name)))
            ways = event_words.directions(frozenset(map(unquote_cell, said.values)))
            way = either(way.flags(bool), way, said.map(partial(self._get_direction, name, ways)))
        return event, way

    def _event(self, name: str, raw: str) -> str:
        told = self._get_cell_meaning(name, raw)
        return told.partition(" ")[0].strip("-") if told else event_words.event(unquote_cell(raw))

    def _get_direction(self, name: str, ways: Mapping[str, str], raw: str) -> str:
        told = self._get_cell_meaning(name, raw)
        return told.partition(" ")[2] if told else ways.get(unquote_cell(raw), "")

    def _get_cell_meaning(self, name: str, raw: str) -> str:
        """Kind and direction that a profile or the guess says of a cell, of one column or of any; '' nothing."""
        cell = unquote_cell(raw).casefold()
        return self.plan.values.get(f"{name} {cell}") or self.plan.values.get(cell, "")

    def _parties(
        self, columns: Mapping[str, pa.Array], said: CodedColumn, count: int, made: dict[str, object]
    ) -> tuple[Codes, Codes, NDArray[np.int8]]:
        """Caller, called and target. What stands in the first column is the target where it is not named a caller."""
        pool = self.parties
        nobody = np.zeros(count, dtype=np.int32)
        raws = pool.take_all({name: columns[name] for name in PARTIES if name in columns})
        first = raws.get("a", raws.get("target"))
        if first is None:
            first = np.full(
                count, pool.raw.add([self.plan.target])[0] if self.plan.target in pool.raw.ids else 0, dtype=np.int32
            )
        second = raws.get("b", nobody)
        way = said.integers(WAYS.index).astype(np.int8)
        came = way == 2
        if self.plan.by_target and came.any():
            a, b = np.where(came, second, first), np.where(came, first, second)
        else:
            a, b = first, second
        caller, called = pool.values[a], pool.values[b]
        named = raws.get("target") if "a" in raws else None
        target = (
            pool.values[named]
            if named is not None
            else self._line(raws, caller, called, np.where(came, called, caller))
        )
        is_b = (target == called) & (target != caller) & (target != 0)
        if named is not None or self.plan.line:
            seen = np.where(is_b, 2, np.where(target == caller, 1, 0)).astype(np.int8)
            way = np.where(way == 0, seen, way)
        own, other = np.where(is_b, b, a), np.where(is_b, a, b)
        made |= {
            "a": self.texts.column(caller), "b": self.texts.column(called), "target": self.texts.column(target),
            "a_raw": pool.as_written(a), "b_raw": pool.as_written(b),
            "b_kind": CodedColumn(pool.words[other].astype(np.int32), phone_numbers.KINDS),
            "forwarded_to": self.texts.column(pool.values[raws.get("forwarded", nobody)]),
        }  # fmt: skip
        self.tally.flag_broken_rules(pool.rules[other], lambda i: pool.text_at(int(other[i])))
        self.tally.flag_broken_rules(pool.rules[own] & ~SERVICES, lambda i: pool.text_at(int(own[i])))
        return target, pool.values[other], way

    def _line(self, raws: Mapping[str, Codes], caller: Codes, called: Codes, rest: Codes) -> Codes:
        """The line that is caller or called in nearly every row, where it is either of the two; else what is given."""
        if not (self.plan.line and {"a", "b"} <= raws.keys()):
            return rest
        import pyarrow as pa

        line = self.parties.values[self.parties.encode_texts(pa.array([self.plan.line]))[0]]
        found: Codes = np.where((caller == line) | (called == line), line, rest)
        return found

    def _times(
        self, columns: Mapping[str, pa.Array], texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]
    ) -> Ints:
        """Start and end as written and in UTC; what could not be read is kept as written."""
        start = self._moments(columns, texts, ("start", "date", "time"), count)
        end = self._moments(columns, texts, ("end", "end_date", "end_time"), count)
        missing = start.seconds == NEVER
        written = _collect_unread_texts(columns, ("start", "date", "time"), missing)
        made |= {"start": _moment(start.seconds), "start_raw": written, "end": _moment(end.seconds)}
        self.tally.flag("bad-date", missing & written.flags(bool), written.text_at)
        seconds, doubtful = column_times.utc(start, self.plan.zone)
        made["start_utc"] = _moment(seconds)
        stated = start.offsets != NEVER
        made["zone"] = either(stated, _offsets(start.offsets), constant(self.plan.zone, count))
        basis = constant(self.plan.basis if self.plan.zone else "", count)
        made["zone_basis"] = either(stated, constant("value", count), basis) if stated.any() else basis
        self.zoneless += int(((seconds == NEVER) & ~missing).sum())
        self.tally.flag("C-01", doubtful, lambda i: str(np.datetime64(int(start.seconds[i]), "s")))
        return start.seconds

    def _moments(
        self, columns: Mapping[str, pa.Array], texts: Mapping[str, CodedColumn], names: tuple[str, str, str], count: int
    ) -> Moments:
        whole, day, clock = names
        form = self.plan.forms.get(whole) or self.plan.forms.get(day, "")
        if day in texts and (whole not in columns or clock in texts):
            return column_times.build_moments(texts[day], texts.get(clock), form)
        if whole in columns:
            return column_times.read(columns[whole], form)
        never = np.full(count, NEVER, dtype=np.int64)
        return Moments(never, never)

    def _duration(self, texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]) -> Ints:
        """Seconds; of a table without durations the time between start and end."""
        if "duration" not in texts:
            start, end = _seconds(made["start"]), _seconds(made["end"])
            known = (start != NEVER) & (end != NEVER) & (end >= start) & (end - start < 30 * LONG)
            found = np.where(known, end - start, UNKNOWN)
            made |= {"duration": found, "duration_raw": constant("", count)}
            return found
        column, unit = texts["duration"], self.plan.forms.get("duration", "")
        found = column.integers(lambda raw: _length(raw, unit))
        wrong = (found == UNKNOWN) & column.flags(lambda raw: bool(unquote_cell(raw)))
        made |= {"duration": found, "duration_raw": either(wrong, column, constant("", count))}
        self.tally.flag("C-13", wrong, column.text_at)
        for value, times in zip(column.values, np.bincount(column.codes, minlength=len(column.values)), strict=True):
            shape = "clock" if ":" in value else "figure" if unquote_cell(value).isdecimal() else ""
            if shape:
                self.forms[shape] = self.forms.get(shape, 0) + int(times)
        return found

    def _devices(self, columns: Mapping[str, pa.Array], count: int, made: dict[str, object]) -> tuple[Codes, Codes]:
        """Handset and SIM card."""
        nothing = np.zeros(count, dtype=np.int32)
        imei = self.handsets.encode_texts(columns["imei"]) if "imei" in columns else nothing
        imsi = self.cards.encode_texts(columns["imsi"]) if "imsi" in columns else nothing
        checks = self.handsets.words[imei]
        made |= {
            "imei": self.texts.column(self.handsets.values[imei]), "imei_raw": self.handsets.as_written(imei),
            "imei_check": CodedColumn(checks.astype(np.int32), phone_numbers.CHECKS),
            "imsi": self.texts.column(self.cards.values[imsi]),
        }  # fmt: skip
        self.tally.flag_broken_rules(self.handsets.rules[imei], lambda i: self.handsets.text_at(int(imei[i])))
        self.tally.flag_broken_rules(self.cards.rules[imsi], lambda i: self.cards.text_at(int(imsi[i])))
        self.tally.flag(
            "zero", checks == phone_numbers.CHECKS.index("zero"), lambda i: self.handsets.text_at(int(imei[i]))
        )
        return self.handsets.values[imei], self.cards.values[imsi]

    def _places(self, texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]) -> CodedColumn:
        """Cells as they are compared, and coordinates that the table itself gives; the first cell comes back."""
        first = cell_places.first_cell(texts, count)
        made |= {"first_cell": first, "last_cell": cell_places.last_cell(texts, count)}
        made["cell_name"] = texts.get("cell_name", constant("", count)).map(unquote_cell)
        for name, place in (("lat", 0), ("lon", 1)):
            if name in texts:
                made[name] = texts[name].numbers(cell_ids.degrees)
            else:
                made[name] = texts["point"].numbers(partial(_coordinate, place)) if "point" in texts else None
        made["azimuth"] = texts["azimuth"].numbers(cell_ids.degrees) if "azimuth" in texts else None
        if made["lat"] is not None and made["lon"] is not None:
            lat, lon = _floats(made["lat"]), _floats(made["lon"])
            outside = (np.abs(lat) > 90) | (np.abs(lon) > 180) | ((np.abs(lat) < 1e-6) & (np.abs(lon) < 1e-6))
            self.tally.flag("C-11", outside, lambda i: f"{lat[i]}, {lon[i]}")
            made["lat"], made["lon"] = np.where(outside, np.nan, lat), np.where(outside, np.nan, lon)
        return first

    def _copy_raw_columns(
        self, columns: Mapping[str, pa.Array], texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]
    ) -> None:
        """What is kept as it is written."""
        nothing = constant("", count)
        for name in ("record", "ip", "port"):
            made[name] = columns.get(name, nothing)
        for name in ("roaming", "switch", "smsc"):
            made[name] = texts.get(name, nothing).map(unquote_cell)
        made["operator"] = (
            texts["operator"].map(unquote_cell) if "operator" in texts else constant(self.plan.operator, count)
        )
        made["request"] = nothing
        for name in ("bytes_up", "bytes_down"):
            made[name] = encode_array(columns[name]).integers(_amount) if name in columns else None

    def _record_rules(self, event: CodedColumn, duration: Ints) -> None:
        """Rules about one record alone: C-07 services by their event, C-14 impossible durations."""
        self.tally.flag("C-07", event.flags(lambda name: name in ("voicemail", "ussd")), event.text_at)
        texted = event.flags(lambda name: name in ("sms", "mms")) & (duration > 0)
        long = event.flags(lambda name: name == "data") & (duration > LONG)
        self.tally.flag("C-14", texted | long, lambda i: f"{event.text_at(i)} of {duration[i]} s")


def _party(region: str | None, raw: str) -> CodeMeaning:
    value = phone_numbers.quick(raw, region)
    if value:
        return CodeMeaning(value, NUMBER, 0, differs=False)
    found = phone_numbers.party(raw, region)
    same = raw in (found.value, found.value.removeprefix("+"))
    return CodeMeaning(found.value, phone_numbers.KINDS.index(found.kind), bits(found.rules), not same)


def _handset(raw: str) -> CodeMeaning:
    found = phone_numbers.handset(raw)
    same = found.check in ("ok", "zero", "none") and len(raw) <= phone_numbers.IMEI
    return CodeMeaning(found.value, phone_numbers.CHECKS.index(found.check), bits(found.rules), bool(raw) and not same)


def _card(raw: str) -> CodeMeaning:
    found = phone_numbers.card(raw)
    return CodeMeaning(found.value, 0, bits(found.rules), raw != found.value)


@lru_cache(maxsize=100_000)
def _length(raw: str, unit: str) -> int:
    """Whole seconds of a duration, UNKNOWN where it is none."""
    text = unquote_cell(raw)
    if not text:
        return UNKNOWN
    seconds = a_duration(text, unit)
    return int(seconds) if seconds.isdecimal() else UNKNOWN


def _amount(raw: str) -> int:
    text = unquote_cell(raw)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else UNKNOWN


def _coordinate(place: int, raw: str) -> float:
    found = cell_ids.point(raw)
    return found[place] if found else float("nan")


def _offsets(offsets: Ints) -> CodedColumn:
    """Offsets [s] as '+02:00'; '' where none is stated."""
    found, places = np.unique(offsets, return_inverse=True)
    return CodedColumn(places.astype(np.int32), [_offset(int(one)) for one in found]).map(str)


def _offset(seconds: int) -> str:
    if seconds == NEVER:
        return ""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _collect_unread_texts(columns: Mapping[str, pa.Array], names: tuple[str, ...], where: Bools) -> CodedColumn:
    """What is written in the columns of a time, only where it could not be read."""
    if not where.any():
        return constant("", len(where))
    places = np.flatnonzero(where)
    parts = [columns[name].take(places).cast("string").to_pylist() for name in names if name in columns]
    texts = (
        [" ".join(filter(None, cells_)).strip() for cells_ in zip(*parts, strict=True)] if parts else [""] * len(places)
    )
    codes = np.zeros(len(where), dtype=np.int32)
    codes[places] = np.arange(1, len(texts) + 1)
    return CodedColumn(codes, ["", *texts]).map(str)


def _floats(column: object) -> NDArray[np.float64]:
    return np.asarray(column, dtype=np.float64)


def _moment(seconds: Ints) -> pa.Array:
    import pyarrow as pa

    return pa.array(seconds, mask=seconds == NEVER).cast(pa.timestamp("s"))


def _seconds(column: object) -> Ints:
    found: Ints = column.cast("int64").fill_null(NEVER).to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    return found


def _batch(made: Mapping[str, object], order: Ints | None) -> pa.RecordBatch:
    """Record batch with exactly the columns of the table, texts as dictionaries.

    Large ones have the records of one target together: a question about a number then passes over most of the file.
    """
    import pyarrow as pa

    schema = arrow("calls")
    count = len(_floats(made["row"]))
    columns = [
        pa.nulls(count, schema.field(name).type)
        if made[name] is None
        else _arrow(made[name], schema.field(name).type, order)
        for name in MASS["calls"]
    ]
    return pa.RecordBatch.from_arrays(columns, names=list(MASS["calls"]))


def _arrow(column: object, kind: pa.DataType, order: Ints | None) -> pa.Array:
    """Arrow array of a column, in order where one is given."""
    import pyarrow as pa

    if isinstance(column, CodedColumn):
        if order is None or len(column.values) < 2:
            return column.arrow()
        return CodedColumn(column.codes.take(order), column.values).arrow()
    if isinstance(column, np.ndarray):
        moved = column if order is None else column.take(order)
        return (
            pa.array(moved, kind, mask=moved == UNKNOWN)
            if kind == pa.int64()
            else pa.array(moved, kind, from_pandas=True)
        )
    return column if order is None or _is_constant(column) else column.take(pa.array(order))  # type: ignore[attr-defined]


def _is_constant(column: pa.Array) -> bool:
    """Whether every row holds the same, so that their order does not matter."""
    import pyarrow as pa

    one = pa.types.is_dictionary(column.type) and len(column.dictionary) < 2
    return bool(column.null_count == len(column) or one)
