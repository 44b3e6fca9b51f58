"""Years of other calendars and of clocks that were wrong: saved as written, told, and never a time of the case."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingest.banking.writer import Account, Line, camt, swift
from tests.ingest.claimed import of, values
from tests.ingest.phones.writer import Model, party, xml
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Batch, Claim, Document, Issue, Passage, Row
from workbench.model.values.plausible_years import BIRTHS, OTHERS, is_plausible

Written = tuple[str, str]


def read_file(name: str, text: str) -> list[Row]:
    file = SourceFile(Path("/nowhere"), "0" * 64, name, text.encode())
    return list(read(file, {}, detect(file).reader))


def write_chat(year: str) -> Written:
    lines = (f"{day}/7/{year}, 12:2{day % 9} - {name}: hello {day}" for day, name in ((14, "Rosa"), (15, "Dana")))
    return "WhatsApp Chat with Rosa.txt", "\n".join(lines)


def write_telegram(year: str) -> Written:
    one = {
        "id": 1,
        "type": "message",
        "date": f"{year}-07-14T10:00:00",
        "from": "Rosa",
        "from_id": "user7",
        "text": "hello",
    }
    return "result.json", json.dumps({"name": "Rosa", "type": "personal_chat", "id": 7, "messages": [one]})


def write_text_message(year: str) -> Written:
    fields = {"Source": "Phone", "Body": "hello", "TimeStamp": f"{year}-07-14T08:00:00.000+00:00", "Folder": "Inbox"}
    return "report.xml", xml([Model("SMS", fields, {"Parties": [party("+447700900123", "Rosa", "From")]}, id="s1")])


def write_call(year: str) -> Written:
    fields = {"Direction": "Outgoing", "TimeStamp": f"{year}-07-13T12:00:00.000+00:00", "Duration": "00:01:02"}
    return "report.xml", xml([Model("Call", fields, {"Parties": [party("+447700900123", "", "To")]}, id="c1")])


def write_calls(year: str) -> Written:
    lines = (f"31612345678;3168765432{at};2022-08-13 12:0{at}:00;60;OUT\n" for at in range(6))
    head = "A number;B number;Start;Duration;Direction\n"
    return "calls.csv", f"{head}31612345678;31687654329;{year}-07-13 12:00:00;60;OUT\n{''.join(lines)}"


def write_payments(year: str) -> Written:
    return "paid.csv", f"Payer;Beneficiary;Amount;Date\nRosa;Dana;100.00;{year}-07-13\nRosa;Dana;110.00;{year}-07-14\n"


def write_payments_by_day(year: str) -> Written:
    return "paid.csv", f"Payer;Beneficiary;Amount;Date\nRosa;Dana;100.00;13/07/{year}\nRosa;Dana;110.00;14/07/{year}\n"


def write_camt(year: str) -> Written:
    return "statement.xml", camt(Account([Line(Decimal(1), "Rosa", day=f"{year}-07-13")]))


def write_letter(year: str) -> Written:
    return (
        "a.eml",
        f"From: rosa@x.example\nTo: dana@x.example\nSubject: s\nDate: Thu, 14 Jul {year} 12:00:00 +0200\n\nhello\n",
    )


def write_map(year: str) -> Written:
    return "a.gpx", (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lat="51.9" lon="4.5"><time>{year}-07-01T10:00:00Z</time><name>Cafe</name></wpt></gpx>'
    )


WAYS = [
    write_chat, write_telegram, write_text_message, write_call, write_calls, write_payments, write_payments_by_day, write_camt,
    write_letter, write_map,
]  # fmt: skip


@pytest.mark.parametrize("write", WAYS)
def test_a_year_of_our_calendar_is_not_told(write: Callable[[str], Written]) -> None:
    rows = read_file(*write("2022"))
    assert "bad-date" not in {issue.code for issue in of(Issue, rows)}
    assert any("2022-07" in claim.value for claim in of(Claim, rows)) or write in (write_map,)


@pytest.mark.parametrize("year", ["2565", "1443", "2099"])
@pytest.mark.parametrize("write", WAYS)
def test_another_year_is_saved_as_written_and_told(write: Callable[[str], Written], year: str) -> None:
    if write is write_map and year == "2099":
        pytest.skip("the times of a map may be plans")
    rows = read_file(*write(year))
    assert "bad-date" in {issue.code for issue in of(Issue, rows)}
    assert any(year in passage.text for passage in of(Passage, rows)) or any(
        year in one.at for one in of(Document, rows)
    )
    if write is not write_map:
        assert not any(claim.value.startswith(f"{year}-07") for claim in of(Claim, rows))
    for batch in of(Batch, rows):
        times = [row["start"].year for row in batch.rows.to_pylist() if row.get("start")]
        assert set(times) <= {2022}


def write_swift(year: str) -> Written:
    return "x.sta", swift(Account([Line(Decimal(1), "Rosa", day=f"20{year}-07-13")]))


def write_calls_by_day(year: str) -> Written:
    name, text = write_calls("2022")
    return name, text.replace("2022-07-13", f"13/07/{year}")


@pytest.mark.parametrize(
    ("year", "told"), [("65", True), ("69", True), ("43", True), ("22", False), ("35", False), ("99", False)]
)
@pytest.mark.parametrize("write", [write_chat, write_swift, write_payments_by_day, write_calls_by_day, write_letter])
def test_two_figures_of_another_calendar(write: Callable[[str], Written], year: str, told: bool) -> None:
    if write in (write_chat, write_swift) and year == "99":
        pytest.skip("read as 2099")
    rows = read_file(*write(year))
    issues = [one for one in of(Issue, rows) if one.code == "bad-date" and "day of the week" not in one.message]
    assert bool(issues) == told
    assert not any(claim.value.startswith(("1969", "2065", "2069", "2043")) for claim in of(Claim, rows))
    for batch in of(Batch, rows):
        times = [row["start"].year for row in batch.rows.to_pylist() if row.get("start")]
        assert len(times) == batch.rows.num_rows - told or batch.table != "calls"


@pytest.mark.parametrize(
    ("born", "told"), [("1921-05-06", False), ("1985-05-06", False), ("2523-05-06", True), ("1360-05-06", True)]
)
def test_births_may_be_old_but_not_of_another_calendar(born: str, told: bool) -> None:
    card = read_file("a.vcf", f"BEGIN:VCARD\nVERSION:3.0\nFN:Rosa\nBDAY:{born}\nTEL:+31612345678\nEND:VCARD\n")
    table = read_file("r.csv", f"Name;Phone;Date of birth\nRosa;+31612345678;{born}\nDana;+31612345679;1980-01-02\n")
    for rows in (card, table):
        assert ("bad-date" in {issue.code for issue in of(Issue, rows)}) == told
    assert values(card, "Person", "birthDate") == (set() if told else {born})


def test_dates_of_registers_may_be_old_or_far() -> None:
    rows = read_file(
        "c.csv",
        "Company;Registration number;Incorporated;Dissolved\nBlue;123;1871-02-03;9999-12-31\nRed;124;1990-02-03;\n",
    )
    assert "bad-date" not in {issue.code for issue in of(Issue, rows)}
    assert values(rows, "Company", "incorporationDate") == {"1871-02-03", "1990-02-03"}


def test_what_is_plausible() -> None:
    assert (
        is_plausible("1970-01-01T00:00:00Z") and is_plausible("--0506", BIRTHS) and is_plausible("2120-01-01", OTHERS)
    )
    assert not is_plausible("0001-01-01") and not is_plausible("1443", OTHERS)


def write_entity(schema: str, prop: str, value: str) -> Written:
    return "f.ftm.json", json.dumps({"id": "a", "schema": schema, "properties": {"name": ["Rosa"], prop: [value]}})


@pytest.mark.parametrize(
    ("schema", "prop", "value", "told"),
    [
        ("Payment", "date", "2565-05-06", True), ("Message", "date", "1443-05-06T10:00:00", True), ("Payment", "date", "2022-05-06", False),
        ("Company", "incorporationDate", "1871-05-06", False), ("Company", "incorporationDate", "2565-05-06", True),
        ("Company", "dissolutionDate", "9999-12-31", False), ("Person", "birthDate", "1921", False), ("Person", "birthDate", "2523", True),
    ],
)  # fmt: skip
def test_years_of_records_of_a_register(schema: str, prop: str, value: str, told: bool) -> None:
    rows = read_file(*write_entity(schema, prop, value))
    assert ("bad-date" in {issue.code for issue in of(Issue, rows)}) == told
    assert values(rows, schema, prop) == {value}


@pytest.mark.parametrize(
    ("born", "claimed", "told"), [("2523/05/06", "2523/05/06", True), ("1980/05/06", "1980-05-06", False)]
)
def test_births_of_notices(born: str, claimed: str, told: bool) -> None:
    notice = {
        "forename": "ROSA",
        "name": "BLUM",
        "date_of_birth": born,
        "entity_id": "2022/1",
        "nationalities": ["TH"],
        "_links": {},
    }
    rows = read_file("notice.json", json.dumps(notice))
    assert ("bad-date" in {issue.code for issue in of(Issue, rows)}) == told
    assert values(rows, "Person", "birthDate") == {claimed}
