"""Values that come from outside, within their limits: what lies beyond is told and breaks nothing, and what lies within stays."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import inf, nan
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import linear
from workbench.model.rows import Batch, Claim, Document, Enclosure, Issue, LedgerRow, Passage, Row, Trace
from workbench.model.schema import load_vocabulary
from workbench.model.table_schemas import MASS, build_arrow_schema
from workbench.model.time_zones import is_far, parse_moment, to_utc
from workbench.model.values import limits
from workbench.model.values.bounds import TOLD, limit_rows
from workbench.model.values.columns import limit_batch
from workbench.model.values.limits import LABEL, PASSAGE, VALUE, find_fault

FAR = (
    "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59", "9999-01-01T00:00Z", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00",
    "0000-01-01", "0000", "10000-01-01", "+12024-01-01T00:00", "-0044-03-15", "99999-12-31T00:00:00Z", "99991231T235959-2359",
)  # fmt: skip
NEAR = (
    "", "2024", "2024-03", "2024-03-01", "2024-03-01T09:00", "2024-03-01T09:00:00.123+14:00", "9999-12-31", "0001-01-01", "1447-09-01",
    "20240301", "20240301T090000Z", "9998-12-30T00:00:00", "0001-01-03T00:00", "13 Rajab 1445", "+447700900123", "2024-02-30T10:00",
)  # fmt: skip
ZONES = ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Tokyo", "UTC")


def told(rows: Sequence[Row]) -> list[Issue]:
    return [row for row in rows if isinstance(row, Issue)]


def kept(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not isinstance(row, Issue)]


def claim(prop: str, value: str) -> Claim:
    return Claim("person-1", "Person", prop, value, document_id="d", trace_id="t", passage_id="p")


@pytest.mark.parametrize("at", FAR)
def test_what_is_far_is_no_moment_in_any_zone(at: str) -> None:
    assert is_far(at)
    for zone in ZONES:
        assert to_utc(at, zone) == ""


def test_what_is_longer_than_any_time_is_none() -> None:
    assert is_far("2024-03-01T09:00:00" + "0" * 100) and is_far("soon " * 20)


def test_a_time_in_a_zone_that_is_not_known_has_none_in_utc() -> None:
    """A package of an earlier release may have brought such a zone: nothing else of the case depends on it."""
    assert to_utc("2024-03-01T09:00", "Mars/X") == ""


@pytest.mark.parametrize("at", NEAR)
def test_what_is_near_stays(at: str) -> None:
    assert not is_far(at)
    rows: list[Row] = [Document("d", "Email", "title", at), claim("birthDate", at or "2024")]
    assert list(limit_rows(rows)) == rows


@given(st.datetimes(), st.sampled_from(ZONES), st.timedeltas(timedelta(hours=-11), timedelta(hours=13)))
def test_every_moment_is_reckoned_with_or_far(at: datetime, zone: str, offset: timedelta) -> None:
    for text in (
        at.isoformat(),
        f"{at.isoformat()}{'-' if offset < timedelta() else '+'}{abs(offset).seconds // 3600:02}:59",
    ):
        utc = to_utc(text, zone)
        assert is_far(text) == (not utc)
        if utc:
            read = datetime.fromisoformat(utc)
            assert len(utc) == len("2024-03-01T09:00:00Z")
            assert all(read.astimezone(ZoneInfo(other)) for other in ZONES)
        parse_moment(text, zone)


@given(st.text(max_size=40))
def test_no_text_breaks_a_time(text: str) -> None:
    is_far(text)
    to_utc(text, "Asia/Tokyo")
    parse_moment(text, "Asia/Tokyo")
    find_fault("birthDate", text)
    find_fault("amount", text)


def test_properties_are_those_of_the_vocabulary() -> None:
    kinds: dict[str, set[str]] = {"date": set(), "number": set()}
    for schema in load_vocabulary().schemata.values():
        for name, prop in schema.properties.items():
            kinds.setdefault(prop.type.name, set()).add(name)
    assert kinds["date"] == limits.DATES
    assert kinds["number"] == limits.NUMBERS


def test_a_document_loses_a_time_that_is_far_and_nothing_else() -> None:
    rows = list(limit_rows([Document("d", "Email", "Subject", FAR[0])]))
    assert kept(rows) == [Document("d", "Email", "Subject")]
    (issue,) = told(rows)
    assert (issue.code, issue.document_id) == ("bad-date", "d")
    assert FAR[0] in issue.message


@pytest.mark.parametrize(
    ("prop", "value", "code"),
    [
        ("birthDate", "10000-01-01", "bad-date"), ("startDate", FAR[0], "bad-date"), ("amount", "1e400", "bad-row"),
        ("amount", "nan", "bad-row"), ("duration", str(1 << 63), "bad-row"), ("latitude", "90.01", "bad-position"),
        ("longitude", "-181", "bad-position"), ("latitude", "nan", "bad-position"), ("longitude", "inf", "bad-position"),
    ],
)  # fmt: skip
def test_a_claim_that_nobody_can_reckon_with_is_left_out_and_told(prop: str, value: str, code: str) -> None:
    rows = list(
        limit_rows(
            [Document("d", "Table", "t"), Trace("t", "d", "s", place="row 7"), claim(prop, value), claim("name", "Ada")]
        )
    )
    assert [row for row in kept(rows) if isinstance(row, Claim)] == [claim("name", "Ada")]
    (issue,) = told(rows)
    assert (issue.code, issue.document_id, issue.place) == (code, "d", "row 7")
    assert value in issue.message and prop in issue.message


@pytest.mark.parametrize("value", ["90", "-90.0", "51.9", "abc", "51,9"])
def test_positions_on_the_globe_stay(value: str) -> None:
    assert not find_fault("latitude", value)


def test_texts_are_cut_to_what_can_be_shown() -> None:
    name, text = "Marta " * 200_000, "x" * 1_200_000
    rows = list(limit_rows([Document("d", "Table", name), claim("name", name), claim("description", text)]))
    document, named, described = kept(rows)
    assert isinstance(document, Document) and len(document.title) == LABEL
    assert isinstance(named, Claim) and len(named.value) == LABEL and named.value.endswith("…")
    assert len(named.original_value) == VALUE and named.original_value.startswith("Marta Marta")
    assert isinstance(described, Claim) and len(described.value) == VALUE
    assert {issue.code for issue in told(rows)} == {"truncated"}


@given(st.integers(0, 3 * PASSAGE), st.integers(1, 40), st.sampled_from("x \n"))
def test_a_long_passage_is_parted_and_its_claims_go_along(start: int, length: int, sign: str) -> None:
    words = (
        ("Marta Oliveira met Bob at the crane.\n" * (4 * PASSAGE // 37 + 1)) if sign == " " else sign * (4 * PASSAGE)
    )
    long = Passage("p", "d", 3, words, 2)
    given_claim = Claim("person-1", "Person", "name", "M", passage_id="p", start=start, end=start + length)
    rows = list(limit_rows([Document("d", "PlainText", "t"), long, given_claim]))
    parts = [row for row in rows if isinstance(row, Passage)]
    assert "".join(part.text for part in parts) == words
    assert parts[0].id == "p" and len({part.id for part in parts}) == len(parts)
    assert all(len(part.text) <= PASSAGE and (part.number, part.page) == (3, 2) for part in parts)
    made = next(row for row in rows if isinstance(row, Claim))
    there = next(part for part in parts if part.id == made.passage_id)
    assert words[start : start + length].startswith(there.text[made.start : made.end])
    assert 0 <= made.start < made.end <= len(there.text)
    assert not told(rows), "nothing is lost"


def test_half_characters_become_marks_and_keep_their_place() -> None:
    rows = list(limit_rows([
        Document("d", "Message", "a\ud800b"), Passage("p", "d", 0, "Marta\udfff Oliveira"), claim("name", "\ud83dx"),
        Enclosure("a\ud800.txt", b""), Issue("bad-row", "row \ud800"),
    ]))  # fmt: skip
    for row in rows:
        for name in row.__dataclass_fields__:
            if isinstance(value := getattr(row, name), str):
                value.encode()
    assert next(row for row in rows if isinstance(row, Passage)).text == "Marta\N{REPLACEMENT CHARACTER} Oliveira"
    assert "bad-encoding" in {issue.code for issue in told(rows)}


@pytest.mark.parametrize(("given_", "made"), [(nan, 0.0), (inf, 0.0), (-1.0, 0.0), (2.0, 1.0), (0.5, 0.5)])
def test_a_confidence_is_one(given_: float, made: float) -> None:
    rows = list(limit_rows([Claim("e", "Person", "name", "A", confidence=given_)]))
    assert [row.confidence for row in rows if isinstance(row, Claim)] == [made]


def test_many_faults_are_told_in_a_few_rows() -> None:
    rows = list(limit_rows(claim("birthDate", f"{year}-01-01") for year in range(10_000, 15_000)))
    assert len(rows) == TOLD + 1
    assert f"{5_000 - TOLD:,}" in told(rows)[-1].message


def batch(table: str, **columns: object) -> Batch:
    made = {name: columns.get(name) for name in MASS[table]}
    count = max(len(values) for values in columns.values())  # type: ignore[arg-type]
    empty = {"string": "", "float64": nan, "bool": False}
    arrays = [
        pa.array(
            values if values is not None else [empty.get(kind)] * count, build_arrow_schema(table).field(name).type
        )
        for (name, values), kind in zip(made.items(), MASS[table].values(), strict=True)
    ]
    return Batch(table, pa.RecordBatch.from_arrays(arrays, schema=build_arrow_schema(table)))


def test_columns_of_mass_rows_are_bounded() -> None:
    big = 1 << 62
    given_ = batch(
        "calls", document_id=["d"] * 4, row=[1, 2, 3, 4], start=[1_700_000_000, big, None, -big], lat=[51.9, 91.0, nan, -inf],
        lon=[4.5, 181.0, inf, nan], azimuth=[nan, inf, 20.0, 1e308], duration=[60, 1 << 50, None, -(1 << 62)],
        operator=["a", "b" * 5_000, "", "c"],
    )  # fmt: skip
    made, found = limit_batch(given_)
    rows = made.rows.to_pylist()
    assert [row["start"] is None for row in rows] == [False, True, True, True]
    assert [row["duration"] for row in rows] == [60, None, None, None]
    assert [row["lat"] == row["lat"] for row in rows] == [True, False, False, False]
    assert [row["lon"] == row["lon"] for row in rows] == [True, False, False, False]
    assert rows[1]["azimuth"] != rows[1]["azimuth"] and rows[3]["azimuth"] == 1e308
    assert [len(row["operator"]) for row in rows] == [1, LABEL, 0, 1]
    assert {one.column: (one.count, one.row) for one in found} == {
        "start": (2, 2), "lat": (2, 2), "lon": (2, 2), "azimuth": (1, 2), "duration": (2, 2), "operator": (1, 2),
    }  # fmt: skip
    issues = told(list(limit_rows([Document("d", "Table", "t"), given_])))
    assert {(issue.document_id, issue.place) for issue in issues} == {("d", "row 2")}


def test_times_of_mass_rows_as_written() -> None:
    made, found = limit_batch(
        batch("positions", document_id=["d"] * 3, row=[1, 2, 3], at=[FAR[0], "2024-03-01T09:00", "9999-12-31"])
    )
    assert made.rows.column("at").to_pylist() == ["", "2024-03-01T09:00", "9999-12-31"]
    assert [(one.column, one.kind, one.count) for one in found] == [("at", "time", 1)]


def test_sound_mass_rows_are_handed_on_as_they_are() -> None:
    given_ = batch(
        "cells", document_id=["d"], row=[1], cell=["234-10-1-2"], lat=[51.9], lon=[4.5], valid_to=["9999-12-31"]
    )
    assert limit_batch(given_) == (given_, [])


def test_coded_columns_stay_coded() -> None:
    given_ = batch("calls", document_id=["d"] * 2, row=[1, 2], operator=["b" * 5_000, "b" * 5_000])
    at = given_.rows.schema.names.index("operator")
    columns = list(given_.rows.columns)
    columns[at] = columns[at].dictionary_encode()
    made, found = limit_batch(Batch("calls", pa.RecordBatch.from_arrays(columns, names=given_.rows.schema.names)))
    assert made.rows.column("operator").type == columns[at].type
    assert made.rows.column("operator").to_pylist() == ["b" * (LABEL - 1) + "…"] * 2
    assert [one.count for one in found] == [2]


def rows_of(count: int) -> list[LedgerRow]:
    return [
        row
        for n in range(count)
        for row in (
            Passage(f"p{n}", "d", n, "Marta Oliveira met Bob"),
            claim("name", f"Marta {n}"),
            claim("date", "2024-03-01"),
        )
    ]


@pytest.mark.slow
def test_the_cost_is_in_proportion_to_the_rows() -> None:
    small, large = rows_of(3_000), rows_of(30_000)
    linear(lambda rows: list(limit_rows(rows)), small, large)


def test_the_calendar_is_pythons() -> None:
    assert datetime.max.year == 9999 and sys.maxsize > 1 << 62 and datetime.min.replace(tzinfo=UTC).year == 1
