"""Events for a timeline."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.rows import documents, evidence, relation, thing
from workbench.graph import list_dated_events, list_links
from workbench.model.rows import Claim
from workbench.model.table_schemas import HAPPENINGS
from workbench.model.time_zones import parse_moment

if TYPE_CHECKING:
    import pandas as pd


def ms(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


@pytest.mark.parametrize(
    ("written", "zone", "meant", "grain"),
    [
        ("2024", "Europe/Paris", "2024-01-01T00:00Z", 5),
        ("2024-03", "", "2024-03-01T00:00Z", 4),
        ("2024-03-31", "America/New_York", "2024-03-31T00:00Z", 3),
        ("2024-03-31T10:15", "Europe/Paris", "2024-03-31T08:15Z", 1),
        ("2024-03-31T10:15:09", "", "2024-03-31T10:15:09Z", 0),
        ("2024-03-31T10:15:09+05:30", "Europe/Paris", "2024-03-31T04:45:09Z", 0),
        ("2024-03-31 10:15:09Z", "", "2024-03-31T10:15:09Z", 0),
    ],
)
def test_a_time_is_as_exact_as_it_is_written(written: str, zone: str, meant: str, grain: int) -> None:
    assert parse_moment(written, zone) == (ms(meant), grain)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2024-13", "2024-02-30", "24", "2024-01-01T25:00", "99999", "٢٠٢٤-٩٩"]
)
def test_what_is_no_time_is_none(written: str) -> None:
    assert math.isnan(parse_moment(written, "")[0])


def test_an_unknown_zone_is_no_time() -> None:
    assert math.isnan(parse_moment("2024-01-01T10:00", "Nowhere/Such")[0])


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_every_time_is_read_as_it_was_written(at: datetime) -> None:
    read, grain = parse_moment(at.isoformat(), "")
    assert read == at.replace(tzinfo=UTC).timestamp() * 1000
    assert grain == 0 or at.second == 0


def found(*claims: Claim, dated: dict[str, str] | None = None, nodes: str = "abcde") -> pd.DataFrame:
    rows = evidence([*claims])
    papers = documents(*((name, "Message", at, "") for name, at in (dated or {}).items()))
    return list_dated_events(list_links(rows, papers), rows, set(nodes))


def test_a_message_to_three_is_one_event_of_four() -> None:
    sent = [claim for one in "bcd" for claim in relation("Message", "m1", "a", one, "d1")]
    frame = found(*thing("Person", *"abcd"), *sent, dated={"d1": "2024-05-01T08:00:00Z"})
    assert list(frame.columns) == list(HAPPENINGS)
    assert frame["members"].to_list() == [("a", "b", "c", "d")]
    assert frame["start"].to_list() == [ms("2024-05-01T08:00:00Z")]
    assert frame["layer"].to_list() == ["received"]
    assert frame["end"].isna().all()


def test_only_what_is_between_the_chosen_counts_and_order_is_of_time() -> None:
    said = [
        *relation("Message", "m1", "a", "b", "d1"),
        *relation("Message", "m2", "b", "a", "d2"),
        *relation("Message", "m3", "a", "e", "d3"),
    ]
    days = {"d1": "2024-05-02", "d2": "2023", "d3": "2024-05-01"}
    frame = found(*thing("Person", *"abe"), *said, dated=days, nodes="ab")
    assert frame["at"].to_list() == ["2023", "2024-05-02"]
    assert frame["grain"].to_list() == [5, 3]


def test_what_is_dated_itself_is_an_event_with_its_end() -> None:
    said = [
        *thing("Event", "e"),
        Claim("e", "Event", "startDate", "2024-06-01", document_id="d1"),
        Claim("e", "Event", "startDate", "2024-06-07", document_id="d2", kind="suggested"),
        Claim("e", "Event", "endDate", "2024-06-03", document_id="d1"),
    ]
    frame = found(*said, dated={"d1": "", "d2": ""})
    assert frame[["at", "until", "relation", "members", "layer"]].to_numpy().tolist() == [
        ["2024-06-01", "2024-06-03", "Event", ("e",), "received"]
    ]
    assert frame["end"].to_list() == [ms("2024-06-03T00:00Z")]


def test_undated_and_empty_give_a_table_without_rows() -> None:
    frame = found(*thing("Person", *"ab"), *relation("Message", "m1", "a", "b", "d1"), dated={"d1": ""})
    assert list(frame.columns) == list(HAPPENINGS)
    assert frame.empty
