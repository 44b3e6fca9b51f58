"""Several numbers or addresses in a field for one: each is claimed where that is certain, else none, and a row says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ingest.claimed import attributions, of, values
from tests.ingest.phones.writer import Model, workbook, xml
from workbench.ingest import SourceFile, read
from workbench.ingest.calls.values.phone_numbers import parse_party
from workbench.model import identifier_splitting, identifiers
from workbench.model.rows import Claim, Issue, Passage, Row

TWO = {"600111222", "600111223"}


def _rows(name: str, data: str | bytes, **options: str) -> list[Row]:
    return list(
        read(SourceFile(Path("/nowhere"), "0" * 64, name, data.encode() if isinstance(data, str) else data), options)
    )


def _cell(text: str) -> list[Row]:
    return _rows("t.csv", f'Name;Phone;Birth date\nJosé Pérez;"{text}";1980-02-01\n' + "Ada;;1981-02-03\n" * 4)


def _card(text: str) -> list[Row]:
    written = text.replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")
    return _rows("o.vcf", f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:José Pérez\r\nTEL;TYPE=CELL:{written}\r\nEND:VCARD\r\n")


def _report(text: str) -> list[Row]:
    entry = Model("PhoneNumber", {"Category": "Mobile", "Value": text})
    return _rows("report.xml", xml([Model("Contact", {"Name": "José Pérez"}, {"Entries": [entry]})], facts={}, case=[]))


def _workbook(text: str) -> list[Row]:
    return _rows(
        "x.xlsx", workbook({"Contacts": [["#", "Name", "Entries"], [1, "José Pérez", f"Phone-Mobile: {text}"]]})
    )


READERS = [_cell, _card, _report, _workbook]


@pytest.mark.parametrize(
    "mark", [" / ", "/", ", ", ",", "; ", " - ", "-", " ", " | ", " & ", " y ", " oder ", " and ", " et ", " و", "\n"]
)
@pytest.mark.parametrize("reader", READERS)
def test_two_numbers_of_one_field_are_two(reader: object, mark: str) -> None:
    if reader is _workbook and mark == "\n":
        pytest.skip("a line of such a cell is an entry of its own")
    rows = reader(f"600111222{mark}600111223")
    assert values(rows, "TelephoneNumber", "number") == TWO
    holder = next(c.entity_id for c in of(Claim, rows) if c.prop == "name" and c.value == "José Pérez")
    held = {held for who, held, _ in attributions(rows) if who == holder}
    assert held == {identifiers.build_telephone_key(number).entity_id for number in TWO}
    assert not [one for one in of(Issue, rows) if one.code == "bad-row"]


@pytest.mark.parametrize(
    "text", ["600 111 222 600 111 223", "600111222600111223", "600111222, 12", "1234567 / 68", "600111222 (Ana 2)"]
)
@pytest.mark.parametrize("reader", READERS)
def test_what_may_be_several_numbers_is_told_and_not_claimed(reader: object, text: str) -> None:
    rows = reader(text)
    assert values(rows, "TelephoneNumber", "number") == set()
    assert values(rows, "Person", "phone") == set()
    assert [one.code for one in of(Issue, rows) if text in one.message] == ["bad-row"]
    assert any(text in passage.text for passage in of(Passage, rows))


@pytest.mark.parametrize("reader", READERS)
def test_an_extension_is_no_part_of_the_number(reader: object) -> None:
    for text, number in (("91 123 45 67 ext. 12", "911234567"), ("+34 91 123 45 67 x12", "+34911234567")):
        rows = reader(text)
        assert values(rows, "TelephoneNumber", "number") == {number}
        assert any(text in passage.text for passage in of(Passage, rows))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (text, (text,))
        for text in (
            "0711 / 123456", "0711/123456", "+49 34292 / 1234567", "02/123.45.67", "06/12/34/56/78", "600,111,222", "600/111/222",
            "(089) 1234567 - 22", "+44 (0)20 7946 0000", "+44 (o)20 7946 0000", "casa: 600111222", "112", "Lebara",
            "600111222,12", "+49 (0)170 12345678", "*135*12345678#", "+1-212-555-1234", "0034 600 111 222", "Juan, 600111222",
        )
    ]
    + [
        ("0475/123456 / 0475/123457", ("0475/123456", "0475/123457")),
        ("+34 600 111 222 +34 600 111 223", ("+34 600 111 222", "+34 600 111 223")),
        ("600111222 (casa), 600111223 (móvil)", ("600111222 (casa)", "600111223 (móvil)")),
        ("91 123 45 67 ext. 12 / 600111222", ("91 123 45 67 ext. 12", "600111222")),
        ("1-800-FLOWERS", ()),
        ("5123456 / 5123457", ("5123456", "5123457")),
        ("600111222 / 600111223 / 600111222", ("600111222", "600111223")),
        ("٦٠٠١١١٢٢٢ / ٦٠٠١١١٢٢٣", ("٦٠٠١١١٢٢٢", "٦٠٠١١١٢٢٣")),
    ],
)  # fmt: skip
def test_a_field_is_parted_only_where_the_whole_cannot_be_one_number(text: str, parts: tuple[str, ...]) -> None:
    assert identifier_splitting.split_telephones(text) == parts


def test_no_key_joins_the_digits_of_two_numbers() -> None:
    for text in ("600111222 / 600111223", "+34600111222 / 600111223", "+34 600 111 222 600 111 223 x"):
        assert not identifiers.is_telephone(text)
        assert not identifiers.build_telephone_key(text).value.isdigit()
        assert identifiers.build_account_key(text).value == text.casefold()
        assert "C-02" in parse_party(text, None).rules
        assert identifiers.build_telephone_key(
            identifiers.build_telephone_key(text).value
        ) == identifiers.build_telephone_key(text)


def test_the_other_faults_of_a_row_with_two_numbers_are_told_once() -> None:
    rows = _rows("t.csv", "Name;Phone;Birth date\nAna;600111222 / 600111223;soon\n")
    assert next(one.message for one in of(Issue, rows) if one.code == "bad-date").startswith(
        "Cells of column 'Birth date' with a date or time that cannot be read with certainty: 1 ("
    )


def test_each_part_is_marked_where_it_stands() -> None:
    rows = _rows("t.csv", "Name;Phone;Email\nAna;600111222 / 600111223;a@x.example / B@x.example\n")
    texts = {p.id: p.text for p in of(Passage, rows)}
    marked = {texts[c.passage_id][c.start : c.end] for c in of(Claim, rows) if c.start >= 0}
    assert marked == {"Ana", "600111222", "600111223", "a@x.example", "B@x.example"}
    assert all(
        texts[c.passage_id][c.start : c.end] == (c.original_value or c.value) for c in of(Claim, rows) if c.start >= 0
    )
    assert values(rows, "UserAccount", "email") == {"a@x.example", "b@x.example"}
    assert len(values(rows, "Attribution", "held")) == 4


def test_two_addresses_of_a_card_and_of_a_contact_are_two() -> None:
    both = {"a@x.example", "b@x.example"}
    card = _rows("o.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEMAIL:a@x.example / b@x.example\nEND:VCARD\n")
    assert values(card, "UserAccount", "email") == values(card, "Person", "email") == both
    entry = Model("EMailAddress", {"Category": "Home", "Value": "a@x.example; b@x.example"})
    contact = _rows("report.xml", xml([Model("Contact", {"Name": "Ana"}, {"Entries": [entry]})], facts={}, case=[]))
    assert values(contact, "UserAccount", "email") == both


def test_two_handsets_of_a_cell_are_two() -> None:
    rows = _rows(
        "t.csv",
        "Name;Phone;IMEI;IMSI\nAna;600111222;490154203237518 / 356938035643809;214011234567890, 214011234567891\n",
    )
    assert values(rows, "Handset", "imei") == {"490154203237518", "356938035643809"}
    assert values(rows, "Sim", "imsi") == {"214011234567890", "214011234567891"}


@pytest.mark.parametrize(
    "table",
    [
        "Plate;Make;Owner\nAB-12-CD / EF-34-GH;BMW;Ana\n",
        "Date;From IBAN;To IBAN;Amount\n2024-01-13;ES9121000418450200051332 / DE89370400440532013000;FR1420041010050500013M02606;5,00\n",
    ],
)
def test_of_two_things_that_one_row_describes_none_is_claimed(table: str) -> None:
    rows = _rows("t.csv", table)
    assert not any("AB12CD" in c.value or "ES91" in c.value for c in of(Claim, rows))
    assert any(
        "can have only one value in each row. Rows with several values" in one.message for one in of(Issue, rows)
    )


def test_a_list_of_numbers_in_a_record_is_read_as_a_cell_with_several() -> None:
    rows = _rows(
        "t.json", json.dumps([{"name": "Ana", "phone": ["600111222", "600111223"]}, {"name": "Eva", "phone": ["91 1"]}])
    )
    assert values(rows, "TelephoneNumber", "number") >= TWO


def test_two_numbers_of_the_telephone_itself_are_two() -> None:
    facts = {"Device Info": [("IMEI", "490154203237518 / 356938035643809"), ("MSISDN", "600111222, 600111223")]}
    rows = _rows("report.xml", xml([], facts=facts, case=[]))
    assert values(rows, "TelephoneNumber", "number") == TWO
    assert values(rows, "Handset", "imei") == {"490154203237518", "356938035643809"}
    doubtful = _rows("report.xml", xml([], facts={"Device Info": [("MSISDN", "600 111 222 600 111 223")]}, case=[]))
    assert values(doubtful, "TelephoneNumber", "number") == set()
    assert "bad-row" in {one.code for one in of(Issue, doubtful)}
