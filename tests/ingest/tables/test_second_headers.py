"""Two tables in one file or sheet: the rows below a second header are read by it, or by none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.ingest.claimed import entities, of, values
from tests.ingest.tables.writers import build_rows, ods_of
from workbench.ingest import SourceFile, read
from workbench.ingest.calls import table_reading
from workbench.ingest.tables.columns.column_mapping import Mapping, OfficerChoice
from workbench.ingest.tables.guess import sheet_parts
from workbench.ingest.tables.guess.header_row import is_other_header, is_same_header
from workbench.model.rows import Batch, Document, Issue, Passage, Row

PAID = ["Payer;Beneficiary;Amount;Date", "Rosa;Dana;100.00;2022-07-13", "Rosa;Dana;110.00;2022-07-14"]
TURNED = ["Beneficiary;Payer;Amount;Date", "Dana;Rosa;120.00;2022-07-15"]
NAMED = [
    "Name;Phone;Date of birth;City",
    "Rosa Blum;+31612345678;1980-05-06;Den Haag",
    "Jan Smit;+31612345679;1980-05-07;Delft",
]
BORN = ["Date of birth;Name;City;Phone", "1990-05-06;Dana Lee;Delft;+31687654321"]


def file(lines: Iterable[str]) -> SourceFile:
    return SourceFile(Path("/nowhere"), "0" * 64, "x.csv", "".join(f"{line}\n" for line in lines).encode())


def list_payments(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    names = {key: said["name"][0] for key, said in entities(rows, "LegalEntity").items()}
    return [
        (said["amount"][0], names[said["payer"][0]], names[said["beneficiary"][0]])
        for said in entities(rows, "Payment").values()
    ]


@pytest.mark.parametrize("between", [[], [""], ["", "Second export", ""]])
def test_payments_below_a_second_header_go_the_way_that_it_says(between: list[str]) -> None:
    rows = list(read(file([*PAID, *between, *TURNED])))
    assert list_payments(rows) == [("100.00", "Rosa", "Dana"), ("110.00", "Rosa", "Dana"), ("120.00", "Rosa", "Dana")]
    assert [one.title for one in of(Document, rows)] == ["x.csv", "x.csv, sheet table 2"]
    assert not {issue.code for issue in of(Issue, rows)} & {"bad-row", "bad-date"}


@pytest.mark.parametrize(
    "second",
    [
        BORN,
        ["Phone;Name", "+31687654321;Dana Lee"],
        ["PHONE;NAME;Remark;Date of birth", "+31687654321;Dana Lee;x;1990-05-06"],
    ],
)
def test_persons_below_a_second_header_are_read_by_it(second: list[str]) -> None:
    rows = list(read(file([*NAMED, *second])))
    assert values(rows, "Person", "name") == {"Rosa Blum", "Jan Smit", "Dana Lee"}
    assert values(rows, "TelephoneNumber", "number") == {"+31612345678", "+31612345679", "+31687654321"}


def test_a_table_of_another_kind_below() -> None:
    rows = list(read(file([*NAMED, *PAID])))
    assert values(rows, "Person", "name") == {"Rosa Blum", "Jan Smit"}
    assert [amount for amount, _, _ in list_payments(rows)] == ["100.00", "110.00"]


@pytest.mark.parametrize("again", [NAMED[0], "NAME;Phone;Date of birth;City", "Name;Phone;Date of Birth;City;"])
def test_a_header_that_is_repeated_is_no_row(again: str) -> None:
    rows = list(read(file([*NAMED, again, "Dana Lee;+31687654321;1990-05-06;Delft"])))
    assert values(rows, "Person", "name") == {"Rosa Blum", "Jan Smit", "Dana Lee"}
    assert len(of(Document, rows)) == 1


def test_rows_that_no_mapping_parts_are_text_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_parts, "WITHIN", 1)
    rows = list(read(file([*PAID, *TURNED])))
    assert [amount for amount, _, _ in list_payments(rows)] == ["100.00", "110.00"]
    (told,) = (issue for issue in of(Issue, rows) if issue.code == "bad-row")
    assert told.message.startswith("Row 4 looks like the header of another table") and told.place == "row 4"
    assert of(Passage, rows)[-1].text == "Beneficiary: Dana; Payer: Rosa; Amount: 120.00; Date: 2022-07-15"


def test_a_mapping_that_knows_one_table_reads_one() -> None:
    mapping = sheet_parts.guess_file_mapping(file(PAID))
    rows = list(read(file([*PAID, *TURNED]), {"mapping": mapping.to_json()}))
    assert [amount for amount, _, _ in list_payments(rows)] == ["100.00", "110.00"]
    assert "bad-row" in {issue.code for issue in of(Issue, rows)}


def test_what_is_left_out_of_a_table_is_left_out_of_the_next() -> None:
    made: Mapping = sheet_parts.guess_file_mapping(
        file([*NAMED, *BORN]), said={"": OfficerChoice(left_out=frozenset({"Name"}))}
    )
    rows = list(read(file([*NAMED, *BORN]), {"mapping": made.to_json()}))
    assert not any("Dana" in passage.text for passage in of(Passage, rows))


@pytest.mark.parametrize(
    ("cells", "is_header"),
    [
        (["Name", "Rosa"], False), (["Rosa", "Name", "Phone", "City"], False), (["City", "Phone", "Name", "Born"], True),
        (["Phone", "Name"], True), (["Name", "Phone", "Date of birth", "City"], False), (["Name", "", "", ""], False),
    ],
)  # fmt: skip
def test_what_is_a_second_header(cells: list[str], is_header: bool) -> None:
    assert is_other_header(cells, NAMED[0].split(";")) == is_header
    assert is_same_header(["name", "PHONE", "Date of birth", "city"], NAMED[0].split(";"))


CALLED = [
    "A number;B number;Start;Duration;Direction",
    *(f"3161234567{n};3168765432{n};2022-08-0{n} 12:00:00;60;OUT" for n in range(1, 9)),
]
SWAPPED = ["B number;A number;Start;Duration;Direction", "31699999999;31612345678;2022-09-01 12:00:00;60;OUT"]
SHORTER = ["B number;A number;Start", "31699999999;31612345678;2022-09-01 12:00:00"]
OTHER = ["IMEI;IMSI;Start time;Cell ID", "350000000000006;204040000000001;2022-09-01 12:00:00;204-04-1-2"]


@pytest.mark.parametrize("name", ["x.csv", "x.json"])
@pytest.mark.parametrize("second", [SWAPPED, SHORTER, OTHER])
def test_calls_below_a_late_header_are_text_and_told(
    name: str, second: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_parts, "WITHIN", 1)
    monkeypatch.setattr(table_reading, "LARGE", 5)
    table, alone = ([*CALLED, *more] for more in (second, []))
    made = [file(lines) for lines in (table, alone)]
    if name == "x.json":
        width = CALLED[0].split(";")
        cells = [dict(zip(width, line.split(";"), strict=False)) for line in table[1:]]
        made[0] = SourceFile(Path("/nowhere"), "0" * 64, name, "\n".join(map(json.dumps, cells)).encode())
    rows, before = (list(read(one)) for one in made)
    calls, known = (
        [call for batch in of(Batch, found) if batch.table == "calls" for call in batch.rows.to_pylist()]
        for found in (rows, before)
    )
    assert [(call["a"], call["b"]) for call in calls] == [(call["a"], call["b"]) for call in known]
    (told,) = (issue for issue in of(Issue, rows) if issue.code == "bad-row" and "another table" in issue.message)
    row = len(CALLED) + (name == "x.csv")
    assert told.message.startswith(f"Row {row} looks like the header of another table") and told.place == f"row {row}"
    assert of(Passage, rows)[-1].text.splitlines() == [line.replace(";", "; ") for line in second]


def test_a_header_of_calls_that_is_repeated_late_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_parts, "WITHIN", 1)
    monkeypatch.setattr(table_reading, "LARGE", 5)
    rows = list(read(file([*CALLED, CALLED[0].upper(), *CALLED[1:]])))
    assert sum(batch.rows.num_rows for batch in of(Batch, rows) if batch.table == "calls") == 2 * len(CALLED[1:])


FIRST = [["First name", "Last name", "Phone"], ["Rosa", "Blum", "+31611111111"], ["Jan", "Real", "+31622222222"]]
TURNED_ROUND = [["Last name", "First name", "Phone"], ["Haddad", "Omar", "+31633333333"]]
LATER = [["Phone", "First name", "Last name"], ["+31644444444", "Eve", "Lee"], ["+31655555555", "Ann", "Dee"]]


@pytest.mark.parametrize(
    "names", [("persons", "persons"), ("persons", "persons table 2"), ("persons table 2", "persons")]
)
def test_each_sheet_is_read_by_its_own_header_whatever_it_is_called(names: tuple[str, str]) -> None:
    tables = "".join(
        f'<table:table table:name="{name}">{build_rows(rows)}</table:table>'
        for name, rows in zip(names, ([*FIRST, *TURNED_ROUND], LATER), strict=True)
    )
    rows = list(read(SourceFile(Path("/nowhere"), "0" * 64, "x.ods", ods_of(tables))))
    found = entities(rows, "Person").values()
    assert {(one["firstName"][0], one["lastName"][0]) for one in found} == {
        ("Rosa", "Blum"), ("Jan", "Real"), ("Omar", "Haddad"), ("Eve", "Lee"), ("Ann", "Dee")
    }  # fmt: skip
    assert values(rows, "TelephoneNumber", "number") == {
        f"+316{5 * str(digit)}{3 * str(digit)}" for digit in range(1, 6)
    }
