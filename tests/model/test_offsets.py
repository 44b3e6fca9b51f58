"""Which offsets from UTC a zone can have, and that no time is reckoned with another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.ingest.calls.values.column_times import find_zone, is_zone
from workbench.ingest.tables.columns.cell_values import parse_date, parse_time
from workbench.messages.model import value_formats
from workbench.model.time_zones import format_offset, parse_iso_time, parse_mail_date, parse_offset

IMPOSSIBLE = ["+99:99", "-24:00", "+14:30", "+05:75", "-12:30", "+23:59", "+14:00:01"]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Z", 0),
        ("-00:00", 0),
        ("+2", 120),
        ("+0200", 120),
        ("-03:30", -210),
        ("+530", 330),
        ("-12:00", -720),
        ("+14:00", 840),
    ],
)
def test_an_offset_of_a_zone(text: str, minutes: int) -> None:
    assert parse_offset(text) == timedelta(minutes=minutes)
    assert parse_offset(format_offset(timedelta(minutes=minutes))) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", [*IMPOSSIBLE, "", "+", "02:00", "+02:00 ", "+2:0", "UTC", "+05:30:75"])
def test_no_offset_of_a_zone(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as those of datetime
        parse_offset(text)


@pytest.mark.parametrize("offset", IMPOSSIBLE)
def test_no_time_has_an_offset_of_no_zone(offset: str) -> None:
    for text in (f"2022-07-13T12:00:00{offset}", f"20220713T120000{offset}", f"2022-W28-3T12:00:00.25{offset}"):
        with pytest.raises(ValueError):  # noqa: PT011 - as those of datetime
            parse_iso_time(text)
    with pytest.raises(ValueError):  # noqa: PT011 - as those of the library
        parse_mail_date(f"Wed, 13 Jul 2022 12:00:00 {offset.replace(':', '')}")
    assert parse_time(f"12:00:00{offset}") == parse_time(f"12:00 PM{offset}") == ""
    assert parse_date(f"2022-07-13 12:00:00{offset}") == parse_date(f"13.07.2022 12:00{offset}") == ""
    assert value_formats.parse_moment(f"2022-07-13T12:00:00{offset}") is None


@pytest.mark.parametrize(
    "text", ["2022-07-13", "20220713", "2022-07-13T12:00", "2022-07-13T12:00:00Z", "2022-07-13T12:00:00-00:00"]
)
def test_other_times_are_read_as_the_library_reads_them(text: str) -> None:
    assert parse_iso_time(text) == datetime.fromisoformat(text)


def test_a_zone_that_a_mail_does_not_know_stays_unknown() -> None:
    assert parse_mail_date("Wed, 13 Jul 2022 12:00:00 -0000") == datetime(2022, 7, 13, 12)
    assert parse_mail_date("Wed, 13 Jul 2022 12:00:00 +0000") == datetime(2022, 7, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Start (UTC+5:30)", "+05:30"), ("Start GMT-3", "-03:00"), ("Start (UTC)", "UTC"), ("Start (UTC+14)", "+14:00"),
        ("Start (UTC+99)", ""), ("Start (UTC+14:30)", ""), ("Start (GMT-13)", ""), ("Start (UTC+05:75)", ""),
    ],
)  # fmt: skip
def test_a_header_states_a_zone_that_there_is(header: str, zone: str) -> None:
    assert find_zone(header) == zone


def test_a_zone_of_the_reading_is_one_that_there_is() -> None:
    assert is_zone("+14:00") and is_zone("-12:00") and is_zone("UTC+2") and is_zone("Europe/Paris")
    assert not any(map(is_zone, ("+14:30", "-13:00", "+05:75", "+99")))
