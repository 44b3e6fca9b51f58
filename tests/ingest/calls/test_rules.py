"""Each of the fifteen rules of quality: a table that breaks it, and one that comes near and does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.ingest.calls.tables import batch, codes, table, text
from workbench.ingest.calls.quality_rules import RULES
from workbench.model.catalogue import encode_word, load_catalogue
from workbench.model.issue_codes import SEVERITIES

OTHER, THIRD = "+447700900300", "+447700900301"
BAD: dict[str, list[dict[str, str]]] = {
    "C-01": [{"date": "27/03/2022", "time": "01:30:00"}],
    "C-02": [{"b": "00999123456789012"}],
    "C-03": [{"way": "IN", "b": OTHER}, {"way": "OUT", "b": THIRD}],
    "C-04": [{"dur": "120"}, {"time": "10:00:20", "b": OTHER, "dur": "30"}],
    "C-05": [{}, {"a": "+447700900200", "b": "+447700900100", "way": "IN", "time": "10:00:03", "dur": "58"}],
    "C-06": [{}, {}],
    "C-07": [{"b": "VODAFONE", "kind": "SMS", "dur": "0"}],
    "C-08": [{"imei": "490154203237511"}],
    "C-09": [{}, {"imsi": "234109999999999", "time": "12:00:00"}],
    "C-10": [{}, {"time": "10:10:00", "point": "55.90/4.50"}],
    "C-11": [{"point": "0.0000/0.0000"}],
    "C-12": [{"date": f"{day:02}/07/2022", "time": f"{hour:02}:00:00"} for day in range(13, 17) for hour in range(8, 18)]
            + [{"date": "30/07/2022"}],
    "C-13": [{"dur": "about 5"}],
    "C-14": [{"kind": "SMS", "dur": "61"}],
    "C-15": [{"b": "4.47E+11"}],
}  # fmt: skip
GOOD: dict[str, list[dict[str, str]]] = {
    "C-01": [{"date": "27/03/2022", "time": "03:30:00"}],
    "C-02": [{"b": "112"}, {"b": "07700900200", "time": "12:00:00"}],
    "C-03": [{"way": "IN", "b": OTHER}, {"way": "OUT", "b": THIRD, "dur": "61"}],
    "C-04": [{"dur": "10"}, {"time": "10:00:20", "b": OTHER, "dur": "30"}],
    "C-05": [{}, {"a": "+447700900200", "b": "+447700900100", "way": "IN", "time": "10:00:30", "dur": "58"}],
    "C-06": [{}, {"dur": "61"}],
    "C-07": [{"b": "112"}],
    "C-08": [{"imei": "490154203237518"}, {"imei": "490154203237510", "time": "12:00:00"}],
    "C-09": [{}, {"time": "12:00:00"}],
    "C-10": [{}, {"time": "20:10:00", "point": "52.90/4.50"}],
    "C-11": [{"point": "0.0000/4.5000"}],
    "C-12": [{"date": f"{day:02}/07/2022", "time": f"{hour:02}:00:00"} for day in range(13, 17) for hour in range(8, 18)]
            + [{"date": "18/07/2022"}],
    "C-13": [{"dur": "63"}, {"dur": "", "time": "12:00:00"}],
    "C-14": [{"kind": "SMS", "dur": "0"}, {"kind": "SMS", "dur": "0", "time": "10:00:30"}],
    "C-15": [{"b": "447700900200"}],
}  # fmt: skip


def test_every_rule_has_words_a_code_and_tests() -> None:
    words = {key for key in load_catalogue("en") if key.startswith("row.record.")}
    told = {f"row.record.{encode_word(rule)}" for rule in RULES}
    assert set(RULES) == set(BAD) == set(GOOD) and words == told | {f"{key}_example" for key in told}
    assert set(RULES) <= set(SEVERITIES)


@pytest.mark.parametrize("rule", RULES)
def test_a_table_that_breaks_the_rule_says_so(rule: str) -> None:
    found = codes(table(text(*BAD[rule])))
    assert rule in found
    assert "row" in found[rule].message
    assert found[rule].place.startswith("row ")


@pytest.mark.parametrize("rule", RULES)
def test_a_table_that_keeps_the_rule_is_left_alone(rule: str) -> None:
    assert rule not in codes(table(text(*GOOD[rule])))


def test_an_unknown_zone_is_asked_for_and_never_guessed() -> None:
    rows = table(text({}), zone="")
    assert codes(rows)["C-01"].severity == "error"
    assert batch(rows)[0]["start_utc"] is None
    assert batch(rows)[0]["start"] == datetime(2022, 7, 13, 10)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("above", "header", "told", "zone", "basis", "hour"),
    [
        ("", "Time", "Europe/Paris", "Europe/Paris", "told", 8),
        ("", "Time (UTC)", "", "UTC", "header", 10),
        ("", "Time GMT+5:30", "", "+05:30", "header", 4),
        ("All times in Europe/Amsterdam\n", "Time", "", "Europe/Amsterdam", "header", 8),
        ("", "Time IST", "", "", "", None),
    ],
)
def test_the_zone_and_who_says_so(above: str, header: str, told: str, zone: str, basis: str, hour: int | None) -> None:
    content = text({}, above=above).replace(",Time,", f",{header},")
    [row] = batch(table(content, zone=told))
    assert (row["zone"], row["zone_basis"]) == (zone, basis)
    assert (row["start_utc"].hour if row["start_utc"] else None) == hour


def test_a_forwarded_call_is_not_one_that_the_target_made() -> None:
    rows = table(text(*BAD["C-03"]))
    [mark] = batch(rows, "call_marks")
    made = next(row for row in batch(rows) if row["direction"] == "out")
    assert (mark["row"], mark["rule"], mark["counts"]) == (made["row"], "C-03", False)


def test_repeats_and_second_legs_do_not_count() -> None:
    for rule in ("C-05", "C-06"):
        [mark] = batch(table(text(*BAD[rule])), "call_marks")
        assert (mark["row"], mark["group"], mark["rule"], mark["counts"]) == (3, 2, rule, False)


def test_parts_of_a_long_text_count_once() -> None:
    sms = {"kind": "SMS", "dur": "0"}
    rows = table(text(sms, {**sms, "time": "10:00:01"}, {**sms, "time": "10:00:02"}))
    assert [(mark["row"], mark["group"]) for mark in batch(rows, "call_marks")] == [(3, 2), (4, 2)]


def test_rows_carry_the_rules_that_they_break() -> None:
    [row] = batch(table(text({"b": "4.47E+11", "dur": "soon", "imei": "490154203237511"})))
    assert row["dq"] == "C-08 C-13 C-15"
    assert (row["b"], row["b_raw"], row["b_kind"], row["duration"], row["duration_raw"]) == (
        "",
        "4.47E+11",
        "unreadable",
        None,
        "soon",
    )


def test_durations_of_two_forms_are_told() -> None:
    found = codes(table(text({}, {"dur": "1:05", "time": "12:00:00"})))
    assert "as a number (1) and with a colon (1)" in found["C-13"].message


def test_a_zero_for_the_check_digit_is_no_fault() -> None:
    rows = table(text({"imei": "490154203237510"}))
    assert "C-08" not in codes(rows)
    assert "check digit" in codes(rows)["bad-identifier"].message
    assert batch(rows)[0]["imei"] == "49015420323751"


def test_issues_are_grouped_with_count_and_first_rows() -> None:
    at = datetime(2022, 7, 13, 10)
    many = [{"dur": "?", "time": f"{at + timedelta(minutes=5 * n):%H:%M:%S}"} for n in range(100)]
    message = codes(table(text(*many)))["C-13"].message
    assert message.startswith("Records with a duration that cannot be read as a whole number of seconds: 100 (")
    assert "…" in message
    assert "'?'" in message
