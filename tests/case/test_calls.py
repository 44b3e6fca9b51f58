"""Questions to the call records of a case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.errors import CaseError

CALLS = (
    "Calling Number,Called Number,Start Time,Duration,IMEI\n"
    "+447700900101,+447700900102,2024-03-01T09:00:00,60,356938035643809\n"
    "+447700900101,+447700900102,2024-03-02T23:30:00,30,356938035643809\n"
    "+447700900103,+447700900102,2024-03-02T10:00:00,90,490154203237518\n"
    "+447700900101,+447700900104,2024-03-03T10:00:00,5,356938035643809\n"
)
PERSONS = "Surname,First name,Telephone\nBrook,Ada,+447700900101\nCarver,Ben,+447700900102\n"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    (tmp_path / "calls.csv").write_text(CALLS)
    (tmp_path / "persons.csv").write_text(PERSONS)
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(tmp_path / "calls.csv", zone="Europe/London")
    made.add(tmp_path / "persons.csv")
    yield made
    made.close()


def test_top_contacts_of_a_person_with_records_and_recorded_users(case: Case) -> None:
    answer = case.calls.contacts("Ada Brook")
    assert answer.table[["contact", "recorded user", "records"]].to_numpy().tolist() == [
        ["+447700900102", "Ben Carver", 2], ["+447700900104", "", 1],
    ]  # fmt: skip
    assert list(answer.records("+447700900102")["row"]) == [2, 3]
    assert answer.picture.startswith("<svg") and answer.method and "subscriber is not always the user" in answer.limits


def test_a_call_behind_a_link_has_its_time(case: Case) -> None:
    behind = case.why("Ada Brook", "Ben Carver")
    calls = behind[behind["relation"] == "called"]
    assert len(calls) and (calls["at"].str.len() >= 16).all() and calls["at"].is_monotonic_increasing


def test_an_answer_is_printed_as_text(case: Case) -> None:
    said = str(case.calls.contacts("Ada Brook"))
    assert "<svg" not in said and "+447700900102" in said and "subscriber is not always the user" in said
    assert "Answer(" not in said and said == repr(case.calls.contacts("Ada Brook"))


def test_the_other_answers(case: Case) -> None:
    calls = case.calls
    assert "4 records" in repr(calls)
    assert calls.summary().table["records"].sum() == 4
    shared = calls.common_contacts("Ada Brook", "+44 7700 900103").table
    assert list(shared["contact"]) == ["+447700900102"] and list(shared["recorded user"]) == ["Ben Carver"]
    assert len(calls.days("Ada Brook").table) == 3
    assert calls.hours("Ada Brook").table["total"].sum() == 3
    assert set(calls.devices().table["imei"]) == {"35693803564380", "49015420323751"}
    assert len(calls.contacts("Ada Brook", since="2024-03-03").table) == 1


def test_what_is_set_aside_or_withdrawn_is_in_no_answer(case: Case) -> None:
    key = case.sources.exclude(number="+447700900104", because="counsel")["set_aside_id"].item()
    assert list(case.calls.contacts("Ada Brook").table["contact"]) == ["+447700900102"]
    case.sources.reopen(key, role="independent counsel", because="order")
    assert len(case.calls.contacts("Ada Brook").table) == 2
    case.sources.withdraw("calls.csv", because="wrong exhibit")
    assert case.calls.summary().table.empty


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"since": "2024-03-02", "until": "2024-03-02"}, ["2024-03-01T09:00:00", "2024-03-03T10:00:00"]),
        ({"since": "2024-03-02T23:00"}, ["2024-03-01T09:00:00", "2024-03-02T10:00:00"]),
        ({"term": "+447700900103"}, ["2024-03-01T09:00:00", "2024-03-02T23:30:00", "2024-03-03T10:00:00"]),
        ({"folder": "calls.csv", "until": "2024-03-02"}, ["2024-03-03T10:00:00"]),
        ({"folder": "persons.csv", "until": "2024-03-02"},
         ["2024-03-01T09:00:00", "2024-03-02T10:00:00", "2024-03-02T23:30:00", "2024-03-03T10:00:00"]),
    ],
)  # fmt: skip
def test_a_period_a_word_and_a_part_of_a_folder_can_be_set_aside(
    case: Case, given: dict[str, str], left: list[str]
) -> None:
    case.sources.exclude(**given, ground="out of period", because="order")
    times = case.calls.summary().records()["start"]
    assert [time.isoformat() for time in times] == left


def test_who_has_no_number_is_said(case: Case) -> None:
    with pytest.raises(CaseError, match="Nothing in this case has the name 'Nobody'"):
        case.calls.contacts("Nobody")
    with pytest.raises(CaseError, match="Enter two or more phone numbers to find their common contacts"):
        case.calls.common_contacts("Ada Brook")


def test_a_call_that_stands_in_two_files_is_counted_once(case: Case, tmp_path: Path) -> None:
    (tmp_path / "again.csv").write_text(CALLS.replace("Duration,IMEI", "Duration,Handset IMEI"))
    case.add(tmp_path / "again.csv", zone="Europe/London")
    assert "8 records" in repr(case.calls)
    assert case.calls.contacts("Ada Brook").table["records"].tolist() == [2, 1]
    assert (
        case.sources.issues().loc[lambda rows: rows["code"] == "C-06", "message"].str.contains("in another file").any()
    )


HEAD = "Target No,B Party No,Call Type,Date,Time,Dur(s),First CGI\n"
FILES = {
    "ada.csv": HEAD + "07700900100,07700900200,OUT,13/07/2022,10:00:00,60,234-10-1-1\n"
    "07700900100,07700900200,OUT,13/07/2022,10:10:00,60,234-10-1-2\n"
    "07700900100,07700900300,OUT,14/07/2022,10:10:00,60,234-10-1-9\n",
    "ben.csv": HEAD + "07700900200,07700900100,IN,13/07/2022,10:00:03,58,234-10-1-2\n",
    "again.csv": HEAD + "07700900100,07700900300,OUT,14/07/2022,10:10:00,60,234-10-1-9\n",
    "towers.csv": "Cell Global ID,Site Name,Latitude,Longitude\n234-10-1-1,Harbour,51.5,4.5\n234-10-1-2,Mill,55.5,4.5\n",
}


@pytest.mark.slow
def test_what_files_show_together_is_among_the_doubts(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
        case.add(tmp_path / name, zone="Europe/London", options={"region": "GB"})
    rows = case.sources.issues().set_index("code")
    assert {"C-05", "C-06", "C-10", "C-11"} <= set(rows.index)
    assert {tuple(rows.loc["C-06", ["source_name", "place"]]), tuple(rows.loc["C-05", ["source_name", "place"]])} <= {
        ("ada.csv", "row 4"), ("again.csv", "row 2"), ("ada.csv", "row 2"), ("ben.csv", "row 2"),
    }  # fmt: skip
    assert rows.loc["C-05", "message"].endswith(("of ada.csv).", "of ben.csv)."))
    assert rows.loc["C-10", "source_name"] == "ada.csv" and "445 km" in rows.loc["C-10", "message"]
    assert (rows.loc[["C-11"], "source_name"] != "").all()
    assert list(rows["severity"]) == sorted(rows["severity"], key=["error", "warning", "info"].index)
    case.sources.exclude(number="+447700900300", because="counsel")
    assert "C-06" not in set(case.sources.issues()["code"])
    case.close()


COUNSEL = "+447700900103"
"""A number that comes to be hidden after it was shown."""


def hide(case: Case, how: str) -> None:
    """Hide it in one of the ways in which that happens."""
    if how == "excluded":
        case.sources.exclude(number=COUNSEL, because="her solicitor")
    elif how == "erased":
        case.privacy.erase(COUNSEL, because="request 7", sure=True)
    elif how == "withdrawn":
        case.sources.withdraw("calls.csv", because="wrong exhibit")
    else:
        case.handling.mark("calls.csv", level="EXERCISE RESTRICTED", because="partner")


@pytest.fixture
def pair(case: Case, tmp_path: Path) -> Iterator[tuple[Case, Case]]:
    """Two officers in one case, with another file of calls that stays."""
    (tmp_path / "stays.csv").write_text(
        CALLS.splitlines()[0] + "\n+447700900105,+447700900102,2024-03-05T09:00:00,60,\n"
    )
    case.add(tmp_path / "stays.csv", zone="Europe/London")
    case.access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    other = open_case(tmp_path / "case", officer="bob", purpose="test")
    yield case, other
    other.close()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["excluded", "erased", "withdrawn", "marked"])
def test_the_records_behind_an_older_answer_are_those_of_now(pair: tuple[Case, Case], how: str) -> None:
    ada, bob = pair
    answer = bob.calls.contacts("+447700900102")
    assert COUNSEL in set(answer.records()["a"])
    hide(ada, how)
    before = len(bob.log.entries())
    assert COUNSEL not in set(answer.records()["a"]) and "+447700900105" in set(answer.records()["a"])
    assert len(bob.log.entries()) == before + 1


@pytest.mark.slow
@pytest.mark.parametrize("how", ["excluded", "erased", "withdrawn", "marked"])
def test_an_older_table_of_calls_is_not_exported(pair: tuple[Case, Case], tmp_path: Path, how: str) -> None:
    ada, bob = pair
    calls, one = bob.calls, "+447700900102"
    tables = [
        calls.contacts(one).table, calls.days(one).table, calls.summary().table, calls.hours(one).table, calls.devices().table,
        calls.common_contacts("+447700900101", COUNSEL).table, calls.contacts(one).records(), bob.sources.mapping("calls.csv"),
        bob.log.entries(),
    ]  # fmt: skip
    for table in tables:
        assert bob.export(tmp_path / "before.csv", table).is_file()
    hide(ada, how)
    for table in tables:
        with pytest.raises(CaseError, match="out of date"):
            bob.export(tmp_path / "after.csv", table)
        with pytest.raises(CaseError, match="out of date"):
            bob.export(tmp_path / "after.csv", table.head(1))
    assert bob.export(tmp_path / "after.csv", calls.contacts(one).table).is_file()


def test_the_records_behind_an_answer_of_a_closed_case_are_not_shown(tmp_path: Path, pair: tuple[Case, Case]) -> None:
    answer = pair[1].calls.contacts("+447700900102")
    pair[1].close()
    with pytest.raises(CaseError, match="The case is closed"):
        answer.records()


@pytest.mark.slow
def test_a_person_who_was_shown_beside_a_number_and_is_erased_does_not_leave(
    pair: tuple[Case, Case], tmp_path: Path
) -> None:
    ada, bob = pair
    table = bob.calls.contacts("+447700900101").table
    assert "Ben Carver" in set(table["recorded user"])
    ada.privacy.erase("Ben Carver", because="request 8", sure=True)
    with pytest.raises(CaseError, match="out of date"):
        bob.export(tmp_path / "after.csv", table)
