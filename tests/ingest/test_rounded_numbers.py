"""Numbers as programs write them that know decimals only: '31612345678.0' is the number, '3.16123E+10' has lost its digits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.claimed import of, values
from tests.ingest.phones.writer import Model, party, xml
from workbench.ingest import SourceFile, detect, read
from workbench.model.rows import Batch, Claim, Issue, Passage, Row

HEAD = "A number;B number;Start;Duration;Direction\n"


def write_card(number: str) -> tuple[str, str]:
    return "a.vcf", f"BEGIN:VCARD\nVERSION:3.0\nFN:Rosa Blum\nTEL:{number}\nEND:VCARD\n"


def write_contact(number: str) -> tuple[str, str]:
    stored = Model("PhoneNumber", {"Category": "Mobile", "Value": number})
    return "report.xml", xml([Model("Contact", {"Name": "Rosa Blum"}, {"Entries": [stored]}, id="p1")])


def write_call(number: str) -> tuple[str, str]:
    fields = {"Direction": "Outgoing", "TimeStamp": "2022-07-13T12:00:00.000+00:00", "Duration": "00:01:02"}
    return "report.xml", xml([Model("Call", fields, {"Parties": [party(number, "", "To")]}, id="c1")])


def write_register(number: str) -> tuple[str, str]:
    return (
        "register.csv",
        f"Name;Phone;Date of birth\nRosa Blum;{number};1980-05-06\nDana Lee;+31687654321;1980-05-07\n",
    )


def write_records(number: str) -> tuple[str, str]:
    found = [{"Name": "Rosa Blum", "Phone": "@", "Date of birth": "1980-05-06"}]
    return "register.json", json.dumps(found).replace('"@"', number)


def write_calls(number: str) -> tuple[str, str]:
    lines = (f"31687654329;3168765432{at};2022-07-13 12:0{at}:00;60;OUT\n" for at in range(6))
    return "calls.csv", f"{HEAD}31687654329;{number};2022-07-13 12:09:00;60;OUT\n{''.join(lines)}"


WAYS = [write_card, write_contact, write_call, write_register, write_records, write_calls]


def read_file(name: str, text: str) -> list[Row]:
    file = SourceFile(Path("/nowhere"), "0" * 64, name, text.encode())
    return list(read(file, {}, detect(file).reader))


@pytest.mark.parametrize("written", ["31612345678.0", "31612345678.00"])
@pytest.mark.parametrize("write", WAYS)
def test_empty_decimals_are_no_digits(write: Callable[[str], tuple[str, str]], written: str) -> None:
    rows = read_file(*write(written))
    assert "+31612345678" in values(rows, "TelephoneNumber", "number")
    assert not any("316123456780" in claim.value for claim in of(Claim, rows))
    called = [row for batch in of(Batch, rows) if batch.table == "calls" for row in batch.rows.to_pylist()]
    assert {"+31612345678"} <= {number for row in called for number in (row["a"], row["b"])} or not called
    assert any(written in passage.text for passage in of(Passage, rows))
    assert "damaged-number" not in {issue.code for issue in of(Issue, rows)}


@pytest.mark.parametrize(
    "written",
    [
        "3.16123E+10",
        "3.16123e10",
        "31612345678901234567.0",
        "3.16123 E+10",
        "31.6123E+9",
        "3.16123E+10 (mobile)",
        "31612345678.5",
    ],
)
@pytest.mark.parametrize("write", WAYS)
def test_digits_that_are_lost_are_no_number(write: Callable[[str], tuple[str, str]], written: str) -> None:
    if write is write_records and not written.replace(".", "").replace("E+", "").isalnum():
        pytest.skip("no value of JSON")
    rows = read_file(*write(written))
    numbers = values(rows, "TelephoneNumber", "number")
    assert not any(number.lstrip("+").startswith("3161") for number in numbers)
    assert {issue.code for issue in of(Issue, rows)} & {"damaged-number", "C-15"}
    assert any(written in passage.text for passage in of(Passage, rows))


@pytest.mark.parametrize("plate", ["5E123", "1E1", "4E12"])
def test_what_no_program_writes_for_a_number_is_not_rounded(plate: str) -> None:
    rows = read_file("cars.csv", f"Plate;Owner;VIN\n{plate};Rosa;WVWZZZ1JZXW000001\n12-AB-34;Eve;WVWZZZ1JZXW000003\n")
    assert values(rows, "Vehicle", "registrationNumber") == {plate, "12AB34"}
    assert "damaged-number" not in {issue.code for issue in of(Issue, rows)}
