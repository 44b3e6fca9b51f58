"""Tables: what their columns mean, which claims come of their rows, and what an officer says of both."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.claimed import of, values
from tests.ingest.tables.sheets import CALLS, PERSONS, Make, codes, entities
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.tables.columns.cell_values import (
    ROLES,
    find_date_order,
    find_decimal_mark,
    parse_date,
    parse_number,
    parse_time,
)
from workbench.ingest.tables.columns.column_mapping import Mapping, OfficerChoice
from workbench.ingest.tables.columns.table_kinds import load_kinds, normalise_header
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
from workbench.ingest.tables.sheets.delimited import find_delimiter
from workbench.ingest.tables.sheets.sheet import Form
from workbench.model import identifiers, schema
from workbench.model.rows import Claim, Passage, Trace


def test_call_records(made: Make) -> None:
    file = made("cdr.csv", CALLS)
    assert detect(file).reason == "The file name ends in .csv, which is used for tables."
    rows = list(read(file, {"region": "GB"}))
    a, b = (
        identifiers.build_telephone_key("+447700900123").entity_id,
        identifiers.build_telephone_key("+447700900456").entity_id,
    )
    calls = list(entities(rows, "Call").values())
    assert [(call["caller"], call["receiver"]) for call in calls] == [({a}, {b}), ({b}, {a}), (set(), {a}), ({b}, {a})]
    assert calls[0]["startDate"] == {"2022-07-13T10:11:12"}
    assert calls[1]["duration"] == {"63"}
    assert set(entities(rows, "Handset")) == {identifiers.build_handset_key("490154203237518").entity_id}
    assert set(entities(rows, "Sim")) == {identifiers.build_sim_key("234101234567890").entity_id}
    assert values(rows, "Attribution", "basis") == {"in the same record"}
    assert "07700900123" in {c.original_value.strip("'") for c in of(Claim, rows)}


def test_call_records_say_what_is_wrong(made: Make) -> None:
    found = codes(read(made("cdr.csv", CALLS), {"region": "GB"}))
    assert set(found) == {"C-01", "C-06", "C-13", "C-15", "bad-date", "bad-row", "unmapped-column"}
    assert "'4.47E+11'" in found["C-15"].message
    assert "rows 7" in found["C-06"].message
    assert "'Tariff'" in found["unmapped-column"].message
    assert "(rows 8)" in found["bad-row"].message


def test_without_a_region_national_numbers_stay_digits(made: Make) -> None:
    rows = list(read(made("cdr.csv", CALLS)))
    assert values(rows, "TelephoneNumber", "number") == {"07700900123", "07700900456"}


def test_rows_are_passages_with_places(made: Make) -> None:
    rows = list(read(made("cdr.csv", CALLS)))
    passages, traces = of(Passage, rows), of(Trace, rows)
    assert passages[0].text.startswith("Operator Example\nTarget: 07700900123")
    assert passages[1].text.startswith("A Party Number: '07700900123'; B Party No: 07700900456; Call Type")
    assert [t.place for t in traces] == ["above the header", *(f"row {n}" for n in range(4, 9))]
    texts = {p.id: p.text for p in passages}
    marked = [(c, texts[c.passage_id][c.start : c.end]) for c in of(Claim, rows) if c.start >= 0]
    assert len(marked) > 20
    assert all(text == (c.original_value or c.value) for c, text in marked)


def test_persons_in_french(made: Make) -> None:
    rows = list(read(made("abonnes.csv", PERSONS), {"region": "FR"}))
    persons = list(entities(rows, "Person").values())
    assert [p["name"] for p in persons] == [{"Marie Dupont"}, {"Luc Durand"}]
    assert persons[0]["birthDate"] == {"1980-01-31"}
    assert persons[1]["birthDate"] == {"1990-02-01"}  # the other row shows the order of the column
    assert values(rows, "TelephoneNumber", "number") == {"+33639981234", "+33639981235"}
    assert values(rows, "UserAccount", "email") == {"marie@x.fr"}
    assert values(rows, "Passport", "number") == {"12AB34567"}
    assert values(rows, "Attribution", "basis") == {"register"}


def test_every_claim_is_in_the_vocabulary() -> None:
    for kind in load_kinds():
        for entity in kind.entities.values():
            name = str(entity["schema"])
            for prop in [*entity.get("props", {}), *entity.get("links", {}), *(["basis"] if "basis" in entity else [])]:
                schema.check_schema(name, prop)


def test_aliases_name_known_fields_and_roles() -> None:
    for kind in load_kinds():
        fields = {field for field, _ in kind.columns.values()}
        assert {role for _, role in kind.columns.values()} <= set(ROLES)
        assert all(need <= fields for need in kind.needs)
        for entity in kind.entities.values():
            used = " ".join([str(entity.get("key", "")), *map(str, entity.get("props", {}).values())])
            assert set(used.replace("|", " ").split()) <= fields
        assert all(alias == normalise_header(alias) for alias in kind.columns)


def test_a_mapping_is_shown_changed_and_saved(made: Make) -> None:
    file = made("cdr.csv", CALLS)
    mapping = guess_file_mapping(file, "GB")
    table = mapping.build_table()
    assert list(table.columns) == ["sheet", "column", "example", "entity", "schema", "prop", "role", "form", "why"]
    assert table.set_index("column").loc["Tariff", "prop"] == ""
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert guess_file_mapping(file, "GB").to_json() == mapping.to_json()
    changed = mapping.assign("Tariff", "call", "recordId").assign("First CGI", "", "")
    rows = list(read(file, {"mapping": changed.to_json()}))
    assert values(rows, "Call", "recordId") == {"x"}
    assert not values(rows, "Call", "summary")
    assert "'First CGI'" in codes(rows)["unmapped-column"].message
    note = mapping.assign("Tariff", "Event", "name")
    assert len(entities(read(file, {"mapping": note.to_json()}), "Event")) == 4


def test_a_wrong_mapping_is_refused(made: Make) -> None:
    file = made("cdr.csv", CALLS)
    for text in ("{", "[]", '{"sheets": [{"sheet": ""}]}', '{"sheets": [1]}'):
        with pytest.raises(SourceError, match="The column mapping cannot be read"):
            list(read(file, {"mapping": text}))
    with pytest.raises(SourceError, match="The column 'Nil' was not found"):
        guess_file_mapping(file).assign("Nil", "call", "summary")
    with pytest.raises(SourceError, match="'magic' is not a role for a column"):
        guess_file_mapping(file).assign("Tariff", "call", "summary", role="magic")


def test_the_order_of_dates_can_be_said(made: Make) -> None:
    file = made("v.csv", "Plate,Keeper,Keeper DOB\nab-12-cd,Ada,01/02/1980\n")
    said = guess_file_mapping(file).assign("Keeper DOB", "owner", "birthDate", form="mdy")
    assert values(read(file, {"mapping": said.to_json()}), "Person", "birthDate") == {"1980-01-02"}


def test_a_table_of_no_known_kind_is_still_read(made: Make) -> None:
    rows = list(read(made("x.csv", "Colour,Taste\nred,sweet\nblue,sour\n")))
    assert [p.text for p in of(Passage, rows)] == ["Colour: red; Taste: sweet", "Colour: blue; Taste: sour"]
    assert not of(Claim, rows)
    assert set(codes(rows)) == {"unmapped-column"}


@pytest.mark.slow
def test_many_short_rows_without_claims_share_passages(made: Make) -> None:
    rows = list(read(made("x.csv", "Colour,Taste\n" + "red,sweet\n" * 3000 + f"{'long' * 9},x\nblue,sour\n")))
    passages, traces = of(Passage, rows), of(Trace, rows)
    assert [t.place for t in traces[998:1001]] == ["row 1000", "row 1001", "rows 1002-1031"]
    assert [t.place for t in traces[-2:]] == ["row 3002", "rows 3003-3003"]
    assert len(traces) == len(passages) < 1_100
    assert sum(p.text.count("Colour: ") for p in passages) == 3002
    assert [p.number for p in passages] == sorted({p.number for p in passages})
    persons = list(read(made("y.csv", "Name,Phone\n" + "".join(f"Eve {n},+3164489{n:04}\n" for n in range(1200)))))
    assert len(of(Passage, persons)) == 1200


@pytest.mark.slow
@pytest.mark.parametrize("limit", [131_072, 2**31 - 1])
def test_a_line_that_is_too_long_is_told_as_such(made: Make, limit: int) -> None:
    """Also where another library has lifted the limit of Python's reader, as followthemoney does."""
    before = csv.field_size_limit(limit)
    try:
        rows = list(read(made("people.csv", "Name,Phone\n" + "Z" * 200_000 + ",+33612349999\nZoe Holm,+33612345678\n")))
    finally:
        csv.field_size_limit(before)
    assert "too long because a cell has more than 131,072 characters: 1 (lines 2)" in codes(rows)["bad-row"].message
    assert "Zoe Holm" in str(of(Passage, rows))


def test_a_quote_that_does_not_close_costs_one_row(made: Make) -> None:
    for more in (3, 300):
        data = 'Name,Phone\n"Ada,+31644891202\n' + "".join(f"Eve {n},+3164489{n:04}\n" for n in range(more))
        rows = list(read(made("x.csv", data)))
        assert len(entities(rows, "Person")) == more + 1
        assert "opening quotation mark that is never closed: 1 (lines 2)" in codes(rows)["bad-row"].message
    several = 'Name,Remarks\nAda,"one\ntwo"\nEve,x\n'
    assert next(p.text for p in of(Passage, read(made("y.csv", several)))) == "Name: Ada; Remarks: one\ntwo"


@pytest.mark.parametrize(
    ("text", "form", "iso"),
    [
        ("2022-07-04", "", "2022-07-04"),
        ("2022-07-04T10:11:12Z", "", "2022-07-04T10:11:12+00:00"),
        ("20220704101112", "", "2022-07-04T10:11:12"),
        ("04/07/2022", "", ""),
        ("04/07/2022", "dmy", "2022-07-04"),
        ("04/07/2022", "mdy", "2022-04-07"),
        ("13/07/2022 10:11", "", "2022-07-13T10:11:00"),
        ("07/13/2022", "", "2022-07-13"),
        ("4.7.2022", "", "2022-07-04"),
        ("07/07/2022", "", "2022-07-07"),
        ("30-APR-2022", "", "2022-04-30"),
        ("1 août 2022", "", "2022-08-01"),
        ("5 ene 2022 3:05 PM", "", "2022-01-05T15:05:00"),
        ("04/07/22", "dmy", "2022-07-04"),
        ("31/02/2022", "dmy", ""),
        ("soon", "", ""),
    ],
)
def test_dates(text: str, form: str, iso: str) -> None:
    assert parse_date(text, form) == iso


def test_a_birth_year_of_two_digits_stays_as_written() -> None:
    assert parse_date("04/07/45", "dmy", birth=True) == ""


def test_columns_show_their_form() -> None:
    assert find_date_order(["01/02/2022", "13/02/2022"]) == "dmy"
    assert find_date_order(["01/02/2022", "02/13/2022"]) == "mdy"
    assert find_date_order(["13/02/2022", "02/13/2022", "01/02/2022"]) == find_date_order(["01/02/2022"]) == ""
    assert find_decimal_mark(["1.234,56", "7"]) == ","
    assert find_decimal_mark(["1.234"]) == ""
    assert (parse_number("1.234"), parse_number("1.234", ","), parse_number("1.234.567")) == ("", "1234", "1234567")
    assert parse_number("1,234.5") == "1234.5"
    assert (parse_number("0,125"), parse_number("1 234,567"), parse_number("1.234-")) == ("0.125", "1234.567", "")


def test_a_number_tells_its_form_before_its_column_does() -> None:
    assert (parse_number("12.50", ","), parse_number("1,234.56", ","), parse_number("3,5", ".")) == (
        "12.50",
        "1234.56",
        "3.5",
    )
    assert (parse_number("1.23.4"), parse_number("12,34,5", "."), parse_number("1.234,567.8", ".")) == ("", "", "")
    assert (parse_number("1.234", ","), parse_number("1,234", ","), parse_number("1,234-", ".")) == (
        "1234",
        "1.234",
        "-1234",
    )
    assert find_decimal_mark(["1.234-", "(1,234)", "1,234 EUR"]) == ""
    assert find_decimal_mark(["1.234,56-", "1.234", "-5,00"]) == ","
    assert find_decimal_mark(["1.234,56-", "1,234", "-5,00"]) == ""
    assert find_decimal_mark(["12,5", "1,234"]) == ","
    assert parse_time("3:05:07 pm") == "15:05:07"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiter(mark: str) -> None:
    assert find_delimiter([f'"a, b; c"{mark}x{mark}y', f"1{mark}2{mark}3", "", f"4{mark}5{mark}6"]) == mark


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).map(str.strip)


@pytest.mark.slow
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_cells_survive(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("Name", "Remarks"), *cells])
    data = out.getvalue().encode()
    rows = list(read(SourceFile(tmp_path_factory.getbasetemp(), "0" * 64, "t.csv", data)))
    texts = [p.text for p in of(Passage, rows)]
    wanted = ["; ".join(f"{n}: {c}" for n, c in zip(("Name", "Remarks"), row, strict=True) if c) for row in cells]
    assert texts == [text for text, row in zip(wanted, cells, strict=True) if any(row) and row != ("Name", "Remarks")]


def test_what_an_officer_says_holds(made: Make) -> None:
    table = made("list.csv", "x\nNom;Plaque;Note;Secret\nAda;AB-12-CD;1,5;hush\nBen;EF-34-GH;2,5;hush\n")
    assert guess_file_mapping(table).sheets[0].header == 2
    said = {
        "": OfficerChoice(
            kind="vehicles",
            fields={"Nom": "owner", "Plaque": ""},
            left_out=frozenset({"Secret"}),
            forms={"number": ","},
        )
    }
    changed = guess_file_mapping(table, said=said)
    columns = {column.name: column for column in changed.sheets[0].columns}
    assert [columns[name].field for name in ("Nom", "Plaque", "Note", "Secret")] == ["owner", "", "", ""]
    assert columns["Nom"].why == "stated by the officer" and columns["Secret"].role == "left out"
    assert Mapping.from_json(changed.to_json()) == changed
    rows = list(read(table, {"mapping": changed.to_json()}))
    assert not any("hush" in row.text for row in rows if isinstance(row, Passage))
    assert not any("hush" in (row.value, row.original_value) for row in rows if isinstance(row, Claim))
    assert "minimised" in codes(rows)


def test_header_separator_and_letters_can_be_said(made: Make) -> None:
    table = made("list.txt", "Ada|Zoë\nplate|owner\nAB-12-CD|Björn\n".encode("cp1252"))
    form = Form("|", "cp1252")
    mapping = guess_file_mapping(table, form=form, said={"": OfficerChoice(header=2)})
    rows = list(read(table, {"mapping": mapping.to_json()}, "table"))
    assert "plate: AB-12-CD; owner: Björn" in {row.text for row in rows if isinstance(row, Passage)}
    assert (
        guess_file_mapping(table, form=form, said={"": OfficerChoice(header=0)}).sheets[0].columns[0].name == "column 1"
    )
    assert guess_file_mapping(table, form=form, said={"": OfficerChoice(kind="")}).sheets[0].entities == ()
    with pytest.raises(SourceError, match="The encoding 'klingon' is not known"):
        guess_file_mapping(table, form=Form(encoding="klingon"))


def test_raised_figures_are_no_date(made: Make) -> None:
    """'²' counts as a digit and not as a number; a damaged cell must not stop the file."""
    rows = list(
        read(made("p.csv", "Name;Date of birth\nAda Winter;1/²²²/1980\nIvo Summer;13/02/1990\n"), reader="table")
    )
    assert values(rows, "Person", "birthDate") == {"1/²²²/1980", "1990-02-13"}
    assert "bad-date" in codes(rows)
