"""From columns of a call table to rows of the mass table `calls`: whole columns at a time, each different value once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workbench.ingest.calls.call_plan import PLAIN, UNKNOWN, Facts, Plan
from workbench.ingest.calls.quality_rules import RuleCounts, encode_rules
from workbench.ingest.calls.values import cell_ids, cell_places, column_times, event_words, phone_numbers
from workbench.ingest.calls.values.column_codes import (
    Bools,
    CodedColumn,
    CodeMeaning,
    Ints,
    Pool,
    Texts,
    build_constant,
    encode_array,
    order_of,
    select_text,
)
from workbench.ingest.calls.values.column_times import NEVER, Moments
from workbench.ingest.reading.text_lines import SHOWN
from workbench.ingest.tables.columns.cell_values import parse_duration, unquote_cell
from workbench.model.table_schemas import MASS, build_arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

LONG = 86_400
SORTED = 50_000
"""Rows of a batch from which on they are put in order of their target."""
PARTIES = ("a", "b", "target", "forwarded")
WAYS = ("", "out", "in", "fwd")
KINDS = {"voice": 1, "sms": 2, "mms": 2, "data": 3, "forward": 4}
SERVICES = np.uint32(encode_rules(("C-07",)))
NUMBER = phone_numbers.KINDS.index("number")
Codes = NDArray[np.int32]


class Recorder:
    """Makes batches of one table; keeps what it has learnt of values, and what was wrong."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tally, self.texts = plan, RuleCounts(), Texts()
        region = plan.region or None
        self.parties = Pool(self.texts, partial(_parse_party, region))
        self.handsets = Pool(self.texts, _parse_handset)
        self.cards = Pool(self.texts, _parse_card)
        self.forms: dict[str, int] = {}
        self.zoneless = 0
        self.letters: frozenset[str] = frozenset()
        self.directed = False
        self.undirected: list[int] = []
        self.undirected_count = 0

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
        made: dict[str, object] = {"document_id": build_constant(self.plan.document, count), "row": rows}
        event, way = self._read_types(texts, count)
        target, other, ways = self._read_parties(columns, way, count, made)
        start = self._read_times(columns, texts, count, made)
        duration = self._read_durations(texts, count, made)
        imei, imsi = self._read_devices(columns, count, made)
        first = self._read_places(texts, count, made)
        self._copy_raw_columns(columns, texts, count, made)
        made |= {"event": event, "direction": CodedColumn(ways.astype(np.int32), WAYS)}
        self.directed = self.directed or bool(ways.any())
        kinds = event.to_integers(lambda name: KINDS.get(name, 0)).astype(np.int8)
        self._record_rules(event, duration)
        cell = self.texts.add(first.values)[first.codes]
        lat, lon = (None if made[name] is None else _to_floats(made[name]) for name in ("lat", "lon"))
        facts = Facts(rows, target, other, imei, imsi, cell, start, duration, ways, kinds, lat, lon)
        made["dq"] = self.tally.build_column()
        return _build_record_batch(made, order_of(target) if count >= SORTED else None), facts

    def _read_types(self, texts: Mapping[str, CodedColumn], count: int) -> tuple[CodedColumn, CodedColumn]:
        """Event and direction of each row, out of the columns that name them."""
        event, way = build_constant("", count), build_constant("", count)
        for name in ("connection", "direction"):
            if name not in texts:
                continue
            said = texts[name]
            event = select_text(event.to_flags(bool), event, said.map(partial(self._get_event, name)))
            ways = self._find_directions(name, frozenset(map(unquote_cell, said.values)))
            way = select_text(way.to_flags(bool), way, said.map(partial(self._get_direction, name, ways)))
        return event, way

    def _find_directions(self, name: str, cells: frozenset[str]) -> dict[str, str]:
        """Direction of each cell of a batch, by its letters together with those that earlier batches read."""
        before = self.letters if name == "direction" and all(len(cell) < 2 for cell in cells) else frozenset()
        ways = event_words.find_directions(cells | before, name)
        if name == "direction":
            self.letters |= {cell for cell in cells if len(cell) == 1 and cell.isalpha() and ways[cell]}
        return ways

    def _get_event(self, name: str, raw: str) -> str:
        told = self._get_cell_meaning(name, raw)
        return told.partition(" ")[0].strip("-") if told else event_words.find_event(unquote_cell(raw))

    def _get_direction(self, name: str, ways: Mapping[str, str], raw: str) -> str:
        told = self._get_cell_meaning(name, raw)
        return told.partition(" ")[2] if told else ways.get(unquote_cell(raw), "")

    def _get_cell_meaning(self, name: str, raw: str) -> str:
        """Kind and direction that a profile or the guess says of a cell, of one column or of any; '' nothing."""
        cell = unquote_cell(raw).casefold()
        return self.plan.values.get(f"{name} {cell}") or self.plan.values.get(cell, "")

    def _read_parties(
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
        way = said.to_integers(WAYS.index).astype(np.int8)
        came = way == 2
        if self.plan.by_target:
            self._note_undirected(np.asarray(made["row"])[(way == 0) & (first > 0) & (second > 0)])
        if self.plan.by_target and came.any():
            a, b = np.where(came, second, first), np.where(came, first, second)
        else:
            a, b = first, second
        caller, called = pool.values[a], pool.values[b]
        named = raws.get("target") if "a" in raws else None
        target = (
            pool.values[named]
            if named is not None
            else self._select_line(raws, caller, called, np.where(came, called, caller))
        )
        is_b = (target == called) & (target != caller) & (target != 0)
        if named is not None or self.plan.line:
            seen = np.where(is_b, 2, np.where(target == caller, 1, 0)).astype(np.int8)
            way = np.where(way == 0, seen, way)
        own, other = np.where(is_b, b, a), np.where(is_b, a, b)
        made |= {
            "a": self.texts.decode_column(caller), "b": self.texts.decode_column(called), "target": self.texts.decode_column(target),
            "a_raw": pool.as_written(a), "b_raw": pool.as_written(b),
            "b_kind": CodedColumn(pool.words[other].astype(np.int32), phone_numbers.KINDS),
            "forwarded_to": self.texts.decode_column(pool.values[raws.get("forwarded", nobody)]),
        }  # fmt: skip
        self.tally.flag_broken_rules(pool.rules[other], lambda i: pool.get_text(int(other[i])))
        self.tally.flag_broken_rules(pool.rules[own] & ~SERVICES, lambda i: pool.get_text(int(own[i])))
        return target, pool.values[other], way

    def _note_undirected(self, rows: Ints) -> None:
        """Note records between two numbers of which nothing tells who called."""
        self.undirected += rows[: SHOWN - len(self.undirected)].tolist()
        self.undirected_count += len(rows)

    def _select_line(self, raws: Mapping[str, Codes], caller: Codes, called: Codes, rest: Codes) -> Codes:
        """The line that is caller or called in nearly every row, where it is either of the two; else what is given."""
        if not (self.plan.line and {"a", "b"} <= raws.keys()):
            return rest
        import pyarrow as pa

        line = self.parties.values[self.parties.encode_texts(pa.array([self.plan.line]))[0]]
        found: Codes = np.where((caller == line) | (called == line), line, rest)
        return found

    def _read_times(
        self, columns: Mapping[str, pa.Array], texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]
    ) -> Ints:
        """Start and end as written and in UTC; what could not be read is kept as written."""
        start = self._read_moments(columns, texts, ("start", "date", "time"), count)
        end = self._read_moments(columns, texts, ("end", "end_date", "end_time"), count)
        missing = start.seconds == NEVER
        written = _collect_unread_texts(columns, ("start", "date", "time"), missing)
        made |= {"start": _to_timestamps(start.seconds), "start_raw": written, "end": _to_timestamps(end.seconds)}
        self.tally.flag("bad-date", missing & written.to_flags(bool), written.get_text)
        seconds, doubtful = column_times.to_utc(start, self.plan.zone)
        made["start_utc"] = _to_timestamps(seconds)
        stated = start.offsets != NEVER
        made["zone"] = select_text(stated, _format_offsets(start.offsets), build_constant(self.plan.zone, count))
        basis = build_constant(self.plan.basis if self.plan.zone else "", count)
        made["zone_basis"] = select_text(stated, build_constant("value", count), basis) if stated.any() else basis
        self.zoneless += int(((seconds == NEVER) & ~missing).sum())
        self.tally.flag("C-01", doubtful, lambda i: str(np.datetime64(int(start.seconds[i]), "s")))
        return start.seconds

    def _read_moments(
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

    def _read_durations(self, texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]) -> Ints:
        """Seconds; of a table without durations the time between start and end."""
        if "duration" not in texts:
            start, end = _to_seconds(made["start"]), _to_seconds(made["end"])
            known = (start != NEVER) & (end != NEVER) & (end >= start) & (end - start < 30 * LONG)
            found = np.where(known, end - start, UNKNOWN)
            made |= {"duration": found, "duration_raw": build_constant("", count)}
            return found
        column, unit = texts["duration"], self.plan.forms.get("duration", "")
        found = column.to_integers(lambda raw: _parse_duration(raw, unit))
        wrong = (found == UNKNOWN) & column.to_flags(lambda raw: bool(unquote_cell(raw)))
        made |= {"duration": found, "duration_raw": select_text(wrong, column, build_constant("", count))}
        self.tally.flag("C-13", wrong, column.get_text)
        for value, times in zip(column.values, np.bincount(column.codes, minlength=len(column.values)), strict=True):
            shape = "clock" if ":" in value else "figure" if unquote_cell(value).isdecimal() else ""
            if shape:
                self.forms[shape] = self.forms.get(shape, 0) + int(times)
        return found

    def _read_devices(
        self, columns: Mapping[str, pa.Array], count: int, made: dict[str, object]
    ) -> tuple[Codes, Codes]:
        """Handset and SIM card."""
        nothing = np.zeros(count, dtype=np.int32)
        imei = self.handsets.encode_texts(columns["imei"]) if "imei" in columns else nothing
        imsi = self.cards.encode_texts(columns["imsi"]) if "imsi" in columns else nothing
        checks = self.handsets.words[imei]
        made |= {
            "imei": self.texts.decode_column(self.handsets.values[imei]), "imei_raw": self.handsets.as_written(imei),
            "imei_check": CodedColumn(checks.astype(np.int32), phone_numbers.CHECKS),
            "imsi": self.texts.decode_column(self.cards.values[imsi]),
        }  # fmt: skip
        self.tally.flag_broken_rules(self.handsets.rules[imei], lambda i: self.handsets.get_text(int(imei[i])))
        self.tally.flag_broken_rules(self.cards.rules[imsi], lambda i: self.cards.get_text(int(imsi[i])))
        self.tally.flag(
            "zero", checks == phone_numbers.CHECKS.index("zero"), lambda i: self.handsets.get_text(int(imei[i]))
        )
        return self.handsets.values[imei], self.cards.values[imsi]

    def _read_places(self, texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]) -> CodedColumn:
        """Cells as they are compared, and coordinates that the table itself gives; the first cell comes back."""
        first = cell_places.build_first_cell(texts, count)
        made |= {"first_cell": first, "last_cell": cell_places.build_last_cell(texts, count)}
        made["cell_name"] = texts.get("cell_name", build_constant("", count)).map(unquote_cell)
        for name, place in (("lat", 0), ("lon", 1)):
            if name in texts:
                made[name] = texts[name].to_numbers(cell_ids.parse_degrees)
            else:
                made[name] = texts["point"].to_numbers(partial(_parse_coordinate, place)) if "point" in texts else None
        made["azimuth"] = texts["azimuth"].to_numbers(cell_ids.parse_degrees) if "azimuth" in texts else None
        if made["lat"] is not None and made["lon"] is not None:
            lat, lon = _to_floats(made["lat"]), _to_floats(made["lon"])
            outside = (np.abs(lat) > 90) | (np.abs(lon) > 180) | ((np.abs(lat) < 1e-6) & (np.abs(lon) < 1e-6))
            self.tally.flag("C-11", outside, lambda i: f"{lat[i]}, {lon[i]}")
            made["lat"], made["lon"] = np.where(outside, np.nan, lat), np.where(outside, np.nan, lon)
        return first

    def _copy_raw_columns(
        self, columns: Mapping[str, pa.Array], texts: Mapping[str, CodedColumn], count: int, made: dict[str, object]
    ) -> None:
        """What is kept as it is written."""
        nothing = build_constant("", count)
        for name in ("record", "ip", "port"):
            made[name] = columns.get(name, nothing)
        for name in ("roaming", "switch", "smsc"):
            made[name] = texts.get(name, nothing).map(unquote_cell)
        made["operator"] = (
            texts["operator"].map(unquote_cell) if "operator" in texts else build_constant(self.plan.operator, count)
        )
        made["request"] = nothing
        for name in ("bytes_up", "bytes_down"):
            made[name] = encode_array(columns[name]).to_integers(_parse_amount) if name in columns else None

    def _record_rules(self, event: CodedColumn, duration: Ints) -> None:
        """Rules about one record alone: C-07 services by their event, C-14 impossible durations."""
        self.tally.flag("C-07", event.to_flags(lambda name: name in ("voicemail", "ussd")), event.get_text)
        texted = event.to_flags(lambda name: name in ("sms", "mms")) & (duration > 0)
        long = event.to_flags(lambda name: name == "data") & (duration > LONG)
        self.tally.flag("C-14", texted | long, lambda i: f"{event.get_text(i)} of {duration[i]} s")


def _parse_party(region: str | None, raw: str) -> CodeMeaning:
    value = phone_numbers.parse_bare_number(raw, region)
    if value:
        return CodeMeaning(value, NUMBER, 0, differs=False)
    found = phone_numbers.parse_party(raw, region)
    same = raw in (found.value, found.value.removeprefix("+"))
    return CodeMeaning(found.value, phone_numbers.KINDS.index(found.kind), encode_rules(found.rules), not same)


def _parse_handset(raw: str) -> CodeMeaning:
    found = phone_numbers.parse_handset(raw)
    same = found.check in ("ok", "zero", "none") and len(raw) <= phone_numbers.IMEI
    return CodeMeaning(
        found.value, phone_numbers.CHECKS.index(found.check), encode_rules(found.rules), bool(raw) and not same
    )


def _parse_card(raw: str) -> CodeMeaning:
    found = phone_numbers.parse_card(raw)
    return CodeMeaning(found.value, 0, encode_rules(found.rules), raw != found.value)


@lru_cache(maxsize=100_000)
def _parse_duration(raw: str, unit: str) -> int:
    """Whole seconds of a duration, UNKNOWN where it is none."""
    text = unquote_cell(raw)
    if not text:
        return UNKNOWN
    seconds = parse_duration(text, unit)
    return int(seconds) if seconds.isdecimal() else UNKNOWN


def _parse_amount(raw: str) -> int:
    text = unquote_cell(raw)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else UNKNOWN


def _parse_coordinate(place: int, raw: str) -> float:
    found = cell_ids.parse_point(raw)
    return found[place] if found else float("nan")


def _format_offsets(offsets: Ints) -> CodedColumn:
    """Offsets [s] as '+02:00'; '' where none is stated."""
    found, places = np.unique(offsets, return_inverse=True)
    return CodedColumn(places.astype(np.int32), [_format_offset(int(one)) for one in found]).map(str)


def _format_offset(seconds: int) -> str:
    if seconds == NEVER:
        return ""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _collect_unread_texts(columns: Mapping[str, pa.Array], names: tuple[str, ...], where: Bools) -> CodedColumn:
    """What is written in the columns of a time, only where it could not be read."""
    if not where.any():
        return build_constant("", len(where))
    places = np.flatnonzero(where)
    parts = [columns[name].take(places).cast("string").to_pylist() for name in names if name in columns]
    texts = (
        [" ".join(filter(None, cells_)).strip() for cells_ in zip(*parts, strict=True)] if parts else [""] * len(places)
    )
    codes = np.zeros(len(where), dtype=np.int32)
    codes[places] = np.arange(1, len(texts) + 1)
    return CodedColumn(codes, ["", *texts]).map(str)


def _to_floats(column: object) -> NDArray[np.float64]:
    return np.asarray(column, dtype=np.float64)


def _to_timestamps(seconds: Ints) -> pa.Array:
    import pyarrow as pa

    return pa.array(seconds, mask=seconds == NEVER).cast(pa.timestamp("s"))


def _to_seconds(column: object) -> Ints:
    found: Ints = column.cast("int64").fill_null(NEVER).to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    return found


def _build_record_batch(made: Mapping[str, object], order: Ints | None) -> pa.RecordBatch:
    """Record batch with exactly the columns of the table, texts as dictionaries.

    Large ones have the records of one target together: a question about a number then passes over most of the file.
    """
    import pyarrow as pa

    schema = build_arrow_schema("calls")
    count = len(_to_floats(made["row"]))
    columns = [
        pa.nulls(count, schema.field(name).type)
        if made[name] is None
        else _to_arrow(made[name], schema.field(name).type, order)
        for name in MASS["calls"]
    ]
    return pa.RecordBatch.from_arrays(columns, names=list(MASS["calls"]))


def _to_arrow(column: object, kind: pa.DataType, order: Ints | None) -> pa.Array:
    """Arrow array of a column, in order where one is given."""
    import pyarrow as pa

    if isinstance(column, CodedColumn):
        if order is None or len(column.values) < 2:
            return column.to_arrow()
        return CodedColumn(column.codes.take(order), column.values).to_arrow()
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
