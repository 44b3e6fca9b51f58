"""Whole tables: profiles of operators, lists of cells, several ways to the same rows, large tables as columns."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from tests.ingest.calls.tables import HEADERS, batch, codes, table, text
from tests.ingest.claimed import of, values
from workbench.ingest import SourceFile, read
from workbench.ingest.calls import operators, table_reading, text_table_stream
from workbench.ingest.tables.columns.column_mapping import Mapping
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
from workbench.model import identifiers
from workbench.model.rows import Claim, Document, Passage, Trace
from workbench.model.table_schemas import MASS

PROFILES = {one.name: one for one in operators.load_shipped_profiles()}


def many(count: int) -> str:
    """A table of some size with everything in it that rows can have."""
    dice = random.Random(4)
    rows = []
    for number in range(count):
        day, second = divmod(number * 97, 86_400)
        rows.append({
            "date": f"{13 + day:02}/07/2022", "time": f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}",
            "b": dice.choice(["07700900200", "+447700900201", "84500", "VODAFONE", "", "9.17E+11"]), "dur": dice.choice(["5", "1:05", "?"]),
            "way": dice.choice(["IN", "OUT"]), "kind": dice.choice(["Voice", "SMS"]), "imei": dice.choice(["490154203237518", "1"]),
            "point": dice.choice(["51.50/4.50", "0.0/0.0", ""]),
        })  # fmt: skip
    return text(*rows, above="Operator Example\nTarget +447700900100, times in Europe/Paris\n")


@pytest.mark.slow
def test_a_large_table_has_the_same_rows_without_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    content = many(400).replace("\n", "\n\n", 40) + "Total 400\n" + ",".join(HEADERS.values()) + "\n"
    small = table(content, zone="")
    monkeypatch.setattr(table_reading, "LARGE", 100)
    monkeypatch.setattr(table_reading, "TEXT", 100)
    monkeypatch.setattr(text_table_stream, "PIECE", 4_096)
    large = table(content, zone="")
    assert batch(large) == batch(small)
    assert len(batch(large)) == 400
    assert batch(large, "call_marks") == batch(small, "call_marks")
    rules = [code for code in codes(small) if code.startswith("C-")]
    assert len(rules) > 5
    assert {code: codes(large)[code].message for code in rules} == {code: codes(small)[code].message for code in rules}
    assert [passage.text for passage in of(Passage, large)] == [
        "Operator Example\nTarget +447700900100 times in Europe/Paris"
    ]
    assert [trace.place for trace in of(Trace, large)] == ["above the header", "rows"]
    assert not values(large, "Call", "startDate")


@pytest.mark.parametrize(
    ("date", "time", "told"),
    [
        ("31/02/2022", "10:00:00", set()), ("2022-13-01", "10:00:00", set()), ("n/a", "10:00:00", set()),
        ("14/07/2022", "25:00:00", {"2022-07-14"}), ("14/07/2022", "", {"2022-07-14"}), ("", "10:00:00", set()),
        ("14/07/2022", "10:00:00", {"2022-07-14T10:00:00"}), ("1657792800", "", {"2022-07-14T10:00:00+00:00"}),
        ("14/07/2022", "10:00+0200", {"2022-07-14T10:00:00+02:00"}),
    ],
)  # fmt: skip
def test_an_impossible_date_is_no_value_of_a_call(date: str, time: str, told: set[str]) -> None:
    rows = table(text({"date": "13/07/2022"}, {"date": date, "time": time, "b": "+447700900300"}))
    called = identifiers.build_telephone_key("+447700900300").entity_id
    call = next(claim.entity_id for claim in of(Claim, rows) if claim.value == called)
    claims = [claim for claim in of(Claim, rows) if claim.entity_id == call and claim.prop == "startDate"]
    assert {claim.value for claim in claims} == told
    assert all(claim.original_value == f"{date} {time}".strip() for claim in claims)
    written = f"{date} {time}".strip()
    assert any(date in passage.text and time in passage.text for passage in of(Passage, rows))
    if "T" not in str(told):
        assert batch(rows)[1]["start"] is None and batch(rows)[1]["start_raw"] == written
        assert written in codes(rows)["bad-date"].message


PARTS = {name: HEADERS[name] for name in ("a", "b", "date", "time", "dur")}
PLACES = {"LAC": "0100", "Cell": "0020", "End LAC": "101", "End Cell": "30", "MCC": "234", "MNC": "10"}
PLACES |= {"CI": "0020", "End CI": "30"}


@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        (["MCC", "MNC", "LAC", "Cell", "End LAC", "End Cell"], ("234-10-100-20", "234-10-101-30")),
        (["LAC", "Cell", "End LAC", "End Cell"], ("100-20", "101-30")),
        (["Cell", "End Cell"], ("0020", "30")),
        (["MCC", "MNC", "CI", "End CI"], ("234-10-20", "234-10-30")),
        (["MCC", "MNC", "LAC", "Cell", "End Cell"], ("234-10-100-20", "30")),
        (["LAC", "Cell"], ("100-20", "")),
    ],
)
def test_the_last_cell_in_two_columns(
    monkeypatch: pytest.MonkeyPatch, headers: list[str], cells: tuple[str, str]
) -> None:
    row = {**{name: PLACES[name] for name in headers}}
    rows = [row | {"b": f"+4477009002{n:02}", "time": f"10:{n:02}:00"} for n in range(30)]
    rows[7] |= {"End Cell": "234-10-7-7", "End CI": "234-10-7-7"}
    content = text(*rows, headers=PARTS | {name: name for name in headers})
    found = batch(small := table(content))
    assert (found[0]["first_cell"], found[0]["last_cell"]) == cells
    assert found[7]["last_cell"] == ("234-10-7-7" if cells[1] else "")
    assert not {"unmapped-column"} & codes(small).keys()
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    assert batch(table(content)) == found


def test_a_large_table_names_its_things_with_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    rows = table(text(*[{"time": f"10:{n:02}:00"} for n in range(30)]))
    assert values(rows, "TelephoneNumber", "number") == {"+447700900100", "+447700900200"}
    assert values(rows, "Handset", "imei") == {"49015420323751"}
    assert values(rows, "Attribution", "summary") == {"30 record(s)"}
    assert values(rows, "Attribution", "startDate") == {"2022-07-13"}
    assert values(rows, "Attribution", "holder") == {identifiers.build_telephone_key("+447700900100").entity_id}
    traces = {trace.id for trace in of(Trace, rows)}
    assert all(claim.trace_id in traces and claim.document_id for claim in of(Claim, rows))


def test_what_is_left_of_many_numbers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    monkeypatch.setattr("workbench.ingest.calls.call_entities.PROMOTED", 1)
    rows = table(text(*[{"time": f"10:{n:02}:00", "b": f"+4477009002{n:02}"} for n in range(30)]))
    assert len(batch(rows)) == 30


def test_lines_that_upset_a_large_table_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    monkeypatch.setattr(text_table_stream, "PIECE", 2_048)
    monkeypatch.setattr(text_table_stream, "LONGEST", 1_000)
    monkeypatch.setattr(text_table_stream, "USUAL", 50)
    lines = text(*[{"time": f"10:{n:02}:00"} for n in range(60)]).splitlines()
    lines[20] = '"' + lines[20]
    lines[30] = "x" * 1_500
    lines[40] = "+447700900100,+447700900200"
    lines[50] = "alone"
    data = "\n".join(lines).encode().replace(b"234-10-1-2", b"caf\xe9", 1)
    rows = list(read(SourceFile(Path(), "0" * 64, "cdr.csv", data), {"zone": "UTC"}))
    assert len(batch(rows)) == 57
    told = " ".join(row.message for row in rows if hasattr(row, "message"))
    for words in (
        "quotation mark that is not closed",
        "longer than",
        "fewer or more cells",
        "only one cell",
        "Windows-1252",
    ):
        assert words in told
    assert {row["row"] for row in batch(rows)} == set(range(2, 62)) - {21, 31, 51}


@pytest.mark.slow
def test_the_order_of_dates_is_that_of_the_whole_column(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [{"date": f"0{1 + n % 6}/07/2022", "time": f"10:{n % 60:02}:00"} for n in range(2_200)]
    late = [*days, {"date": "13/07/2022"}]
    plain = {name: f"{header} of it" for name, header in HEADERS.items()}
    assert {row["start"].month for row in batch(table(text(*late, headers=plain)))} == {7}
    open_ = table(text(*days, headers=plain))
    assert {row["start"] for row in batch(open_)} == {None}
    assert "saved as written" in codes(open_)["bad-date"].message
    monkeypatch.setattr(table_reading, "LARGE", 100)
    monkeypatch.setattr(table_reading, "TEXT", 100)
    monkeypatch.setattr("workbench.ingest.tables.guess.sheet_guess.FURTHER", 0)
    assert {row["start"].month for row in batch(table(text(*late, headers=plain)))} == {7}
    assert {row["start"] for row in batch(table(text(*days, headers=plain)))} == {None}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_large_tables_in_other_encodings(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    content = text(*[{"time": f"10:{n:02}:00", "cell": "Café"} for n in range(30)])
    rows = list(read(SourceFile(Path(), "0" * 64, "cdr.csv", content.encode(encoding)), {"zone": "UTC"}))
    assert [row["first_cell"] for row in batch(rows)] == ["Café"] * 30


def test_a_large_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ingest.tables.sheets import workbook

    monkeypatch.setattr(table_reading, "LARGE", 10)
    monkeypatch.setattr(table_reading, "TEXT", 10)
    cells = [list(HEADERS.values())] + [
        line.split(",") for line in text(*[{"time": f"10:{n:02}:00"} for n in range(30)]).splitlines()[1:]
    ]
    rows = list(read(SourceFile(Path(), "0" * 64, "cdr.xlsx", workbook({"Calls": cells})), {"zone": "UTC"}))
    assert [row["row"] for row in batch(rows)] == list(range(2, 32))
    assert [document.title for document in of(Document, rows)] == ["cdr.xlsx, sheet Calls"]


def test_the_same_bytes_give_the_same_rows() -> None:
    one, other = table(many(50)), table(many(50))
    assert [row for row in one if not hasattr(row, "rows")] == [row for row in other if not hasattr(row, "rows")]
    assert batch(one) == batch(other)


def test_columns_are_those_of_the_table() -> None:
    assert list(batch(table(text({})))[0]) == list(MASS["calls"])


def test_several_tables_of_one_sheet() -> None:
    two = text({"a": "+447700900101"}, headers={name: HEADERS[name] for name in ("b", "a", "date", "time", "dur")})
    content = f"{text({}, {'time': '11:00:00'})}\n\nSecond request\n{two}Total 1\n\n{TOWERS}"
    rows = table(content)
    assert [document.title for document in of(Document, rows)] == [
        "cdr.csv",
        "cdr.csv, sheet table 2",
        "cdr.csv, sheet table 3",
    ]
    assert [(row["row"], row["target"]) for row in batch(rows)] == [
        (2, "+447700900100"), (3, "+447700900100"), (8, "+447700900101"),
    ]  # fmt: skip
    assert len(batch(rows, "cells")) == 4
    file = SourceFile(Path(), "0" * 64, "cdr.csv", content.encode())
    mapping = guess_file_mapping(file, "GB")
    again = list(read(file, {"mapping": Mapping.from_json(mapping.to_json()).to_json(), "zone": "Europe/London"}))
    assert batch(again) == [
        {**row, "document_id": other["document_id"]} for row, other in zip(batch(rows), batch(again), strict=True)
    ]


def test_a_header_that_stands_again_is_passed_over() -> None:
    one = text({})
    rows = table(one + one.replace("10:00:00", "12:00:00"))
    assert [row["row"] for row in batch(rows)] == [2, 4]
    assert len(of(Document, rows)) == 1


# Profiles of operators -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_found_by_its_headers(name: str) -> None:
    headers = list(PROFILES[name].headers)
    assert operators.find_operator(headers) is PROFILES[name]
    assert operators.find_operator([*headers[:-1], "Something else"]) is PROFILES[name]


@pytest.mark.parametrize("name", [name for name, one in PROFILES.items() if one.kind == "calls"])
def test_profiles_name_known_fields(name: str) -> None:
    from workbench.ingest.calls.call_plan import FIELDS

    assert set(PROFILES[name].headers.values()) - {""} <= FIELDS
    assert {"b"} <= set(PROFILES[name].headers.values())


def test_the_headers_of_operators_are_read() -> None:
    content = (
        "Junk\n'Target No',Call Type,TOC,B Party No,Date,Time,Dur(s),First CGI,First CGI Lat/Long,IMEI,IMSI,Call Fow No\n"
        "'07700900100',SMT,PRE,AX-BANK,30/04/2022,10:11:12,0,404-96-290-128686112,21.2930/72.8890,'490154203237518','404960000000001',-\n"
        "'07700900100',IN,PRE,'07700900200',30/04/2022,10:12:12,63,404-96-290-128686112,21.2930/72.8890,,,07700900300\n"
    )
    rows = batch(table(content, zone="Asia/Kolkata"))
    assert [(row["event"], row["direction"], row["b_kind"]) for row in rows] == [
        ("sms", "in", "sender name"),
        ("voice", "in", "number"),
    ]
    assert [(row["a"], row["b"]) for row in rows] == [("ax-bank", "+447700900100"), ("+447700900200", "+447700900100")]
    assert (rows[1]["forwarded_to"], rows[0]["lat"], rows[0]["first_cell"]) == (
        "+447700900300",
        21.293,
        "404-96-290-128686112",
    )
    assert rows[0]["start_utc"].isoformat() == "2022-04-30T04:41:12"


def test_months_first_and_calling_number() -> None:
    content = (
        "CALLING_NBR,CALLED_NBR,DIALED_DIGITS,M_R #,START_DATE,END_DATE,DURATION (SEC),NEID,REPOLL #,1ST CELL,LAST CELL\n"
        "447700900100,447700900200,447700900200,Outbound,07/13/2022 10:00:00,07/13/2022 10:01:00,60,12,1,7,8\n"
        "447700900200,447700900100,,Inbound,07/04/2022 10:00:00,07/04/2022 10:01:00,60,12,1,7,8\n"
    )
    rows = batch(table(content))
    assert [row["a"] for row in rows] == ["+447700900100", "+447700900200"]
    assert [row["target"] for row in rows] == ["+447700900100", "+447700900100"]
    assert [row["start"].month for row in rows] == [7, 7]


def test_a_profile_of_the_analysts_own_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASELEDGER_PROFILES", str(tmp_path))
    (tmp_path / "mine.yml").write_text(
        "name: Ours\nkind: calls\noperator: Example Mobile\nzone: Europe/Amsterdam\nduration: min\n"
        "headers: {Zeta: target, Eta: b, Theta: start, Iota: duration, Kappa: connection}\nvalues: {K1: sms out}\n"
    )
    (tmp_path / "broken.yml").write_text("name: [")
    (tmp_path / "bomb.yml").write_text("a: &a [x, x]\nb: [*a, *a]\nname: x\nkind: calls\nheaders: {A: a}\n")
    (tmp_path / "large.yml").write_text("#" * 100_000)
    content = "Zeta,Eta,Theta,Iota,Kappa\n+447700900100,+447700900200,2022-07-13 10:00:00,2,K1\n"
    [row] = batch(table(content, zone=""))
    assert (row["operator"], row["zone"], row["zone_basis"]) == ("Example Mobile", "Europe/Amsterdam", "profile")
    assert (row["event"], row["direction"], row["duration"]) == ("sms", "out", 120)
    mapped = guess_file_mapping(SourceFile(Path(), "0" * 64, "x.csv", content.encode()))
    assert Mapping.from_json(mapped.to_json()) == mapped
    assert mapped.sheets[0].told["profile"] == "Ours"
    assert "as in the profile 'Ours'" in {column.why for column in mapped.sheets[0].columns}


def test_a_profile_of_somebody_else_reads_no_other_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five common headers, or the name of a shipped profile, do not change how tables are read that others were made for."""
    monkeypatch.setenv("CASELEDGER_PROFILES", str(tmp_path))
    before = {name: operators.find_operator(list(one.headers)) for name, one in PROFILES.items()}
    for number, (name, one) in enumerate(PROFILES.items()):
        same = {"name": name.upper(), "kind": "calls", "headers": dict.fromkeys(one.headers, "")}
        few = {"name": f"few {number}", "kind": "calls", "headers": dict.fromkeys(list(one.headers)[:5], "")}
        (tmp_path / f"{number}.yml").write_text(json.dumps(same), "utf-8")
        (tmp_path / f"few-{number}.yml").write_text(json.dumps(few), "utf-8")
    long = {name: found for name, found in before.items() if len(PROFILES[name].headers) > 6}
    assert {name: operators.find_operator(list(PROFILES[name].headers)) for name in long} == long


def test_a_column_can_be_given_another_meaning() -> None:
    content = text({"b": "+447700900200"})
    file = SourceFile(Path(), "0" * 64, "cdr.csv", content.encode())
    made = guess_file_mapping(file).assign("TOC", "call", "recordId")
    rows = list(read(file, {"mapping": made.to_json(), "zone": "UTC"}))
    assert batch(rows)[0]["record"] == "Voice"
    assert values(rows, "Call", "recordId") == {"Voice"}


# Lists of cells --------------------------------------------------------------------------------------------------------

TOWERS = (
    "Cell Global ID,Site Name,Latitude,Longitude,Azimuth,Beam Width,Range (m),Valid From,Valid To\n"
    "234-10-1-1,Harbour,51.5,4.25,120,65,1500,2022-01-01,2022-12-31\n"
    "234-10-1-2,Harbour,0,0,240,65,1500,2022-01-01,\n"
    "234-10-1-3,Harbour,104.25,51.5,0,65,1500,2022-01-01,\n"
    ",Nameless,51.5,4.25,0,65,1500,2022-01-01,\n"
)


def test_a_list_of_cells() -> None:
    rows = table(TOWERS, "towers.csv")
    first, second, third, _ = batch(rows, "cells")
    assert (first["cell"], first["lat"], first["lon"], first["azimuth"], first["beam"], first["range"]) == (
        "234-10-1-1", 51.5, 4.25, 120.0, 65.0, 1500.0,
    )  # fmt: skip
    assert (first["valid_from"], first["valid_to"], first["name"]) == ("2022-01-01", "2022-12-31", "Harbour")
    assert second["lat"] != second["lat"]
    assert third["lat"] != third["lat"]
    told = " ".join(row.message for row in rows if hasattr(row, "message"))
    assert "0.0, 0.0" in told
    assert "Mobile cells whose latitude and longitude seem to be" in told
    assert "Mobile cells without a cell ID in the list:" in told
    assert list(first) == list(MASS["cells"])


def test_a_large_list_of_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    small = batch(table(TOWERS, "towers.csv"), "cells")
    monkeypatch.setattr(table_reading, "LARGE", 2)
    monkeypatch.setattr(table_reading, "TEXT", 2)
    large = table(TOWERS, "towers.csv")
    assert repr(batch(large, "cells")) == repr(small)
    assert not of(Passage, large)


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 300])
def test_cut_and_compressed_tables_never_raise(monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    monkeypatch.setattr(table_reading, "LARGE", 3)
    monkeypatch.setattr(table_reading, "TEXT", 3)
    data = many(20).encode()
    for broken in (data[:cut], data[: len(data) - cut], gzip.compress(data)[cut:]):
        rows = list(read(SourceFile(Path(), "0" * 64, "cdr.csv", broken), {}, "table"))
        assert of(Document, rows)
