"""Sheets of ODS, XLS, Parquet and JSON records: what stands in the file is what the table reader is given."""

from __future__ import annotations

import io
import json
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.cost import within
from tests.ingest.tables.writers import Formed, cell, compound, ods, ods_of, xls, xls_formats
from workbench.errors import SourceError
from workbench.ingest import SourceFile, detect, read
from workbench.ingest.tables.sheets.sheet import Sheet
from workbench.ingest.tables.sheets.sheet_readers import read_sheets
from workbench.model.rows import Claim, Issue, Passage, Trace

HEAD = ["Name", "Telephone", "Date of birth"]
ROWS = [["Ada Winter", "+31644891202", "1980-02-01"], ["Ivo Summer", "+31644891203", "1990-03-04"]]


def file(data: str | bytes, name: str) -> SourceFile:
    content = data.encode() if isinstance(data, str) else data
    return SourceFile(Path("/nowhere"), "0" * 64, name, content)


def only(data: str | bytes, name: str) -> Sheet:
    (sheet,) = read_sheets(file(data, name))
    return sheet


def rows(data: str | bytes, name: str) -> list[tuple[int, list[str]]]:
    sheet = only(data, name)
    found = list(sheet.rows())
    assert found == list(sheet.rows())
    assert not sheet.issues
    return found


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def as_parquet(lines: list[list[str]]) -> bytes:
    columns = {name: [line[index] for line in lines] for index, name in enumerate(HEAD)}
    return parquet(pa.table(columns))


FILES = {
    "p.ods": ods({"Persons": [HEAD, *ROWS]}),
    "p.xls": xls({"Persons": {(r, c): text for r, line in enumerate([HEAD, *ROWS]) for c, text in enumerate(line)}}),
    "p.parquet": as_parquet(ROWS),
    "p.jsonl": "\n".join(json.dumps(dict(zip(HEAD, line, strict=True))) for line in ROWS),
    "p.ndjson": "\r\n".join(json.dumps(dict(zip(HEAD, line, strict=True))) for line in ROWS[:1]),
    "p.json": json.dumps([dict(zip(HEAD, line, strict=True)) for line in ROWS], indent=1),
    "p.tsv": "\n".join("\t".join(line) for line in [HEAD, *ROWS]),
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_persons_from_every_form(name: str) -> None:
    source = file(FILES[name], name)
    assert detect(source).reader == "table"
    found = list(read(source))
    people = [row.value for row in found if isinstance(row, Claim) and (row.schema, row.prop) == ("Person", "name")]
    assert people == [line[0] for line in ROWS][: len(people)] and people
    births = [row.value for row in found if isinstance(row, Claim) and row.prop == "birthDate"]
    assert births == [line[2] for line in ROWS][: len(births)] and births
    texts = [row.text for row in found if isinstance(row, Passage)]
    assert texts[0] == "Name: Ada Winter; Telephone: +31644891202; Date of birth: 1980-02-01"
    assert not [row for row in found if isinstance(row, Issue)]


def test_records_count_from_one() -> None:
    for name in ("p.parquet", "p.jsonl", "p.json"):
        places = [row.place for row in read(file(FILES[name], name)) if isinstance(row, Trace)]
        assert places == ["row 1", "row 2"]


def test_names_of_columns_need_no_guess() -> None:
    text = '{"k1": "a", "k2": "+31644891202"}\n{"k1": "Name", "k2": "Telephone"}'
    texts = [row.text for row in read(file(text, "x.jsonl")) if isinstance(row, Passage)]
    assert texts == ["k1: a; k2: +31644891202", "k1: Name; k2: Telephone"]


# ODS ------------------------------------------------------------------------------------------------------------------


def test_ods_values_are_those_stored() -> None:
    cells = (
        '<table:table-cell office:value-type="date" office:date-value="2022-01-02T03:04:05"><text:p>2 Jan</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2022-01-02"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT30H04M00S"><text:p>30</text:p></table:table-cell>'
        '<table:table-cell office:value-type="time" office:time-value="PT03H04M05S"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="447700900123456789"><text:p>4,4E17</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>13%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string" table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>secret</text:p></office:annotation>'
        '<text:p>a<text:s text:c="2"/>b<text:span>c</text:span></text:p></table:table-cell>'
    )
    table = f'<table:table table:name="A"><table:table-row>{cells}</table:table-row></table:table>'
    assert rows(ods_of(table), "a.ods") == [
        (1, ["2022-01-02T03:04:05", "2022-01-02", "30:04:00", "03:04:05", "TRUE", "447700900123456789", "0.125", "#DIV/0!",
             "a bc"]),
    ]  # fmt: skip


def test_ods_sheets_groups_and_gaps() -> None:
    row = f"<table:table-row>{cell('x')}</table:table-row>"
    empty = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    twice = f'<table:table-row table:number-rows-repeated="2">{cell("y", 2)}</table:table-row>'
    first = (
        f'<table:table table:name="A"><table:table-row-group>{row}{empty}</table:table-row-group>{twice}</table:table>'
    )
    found = list(read_sheets(file(ods_of(first + first.replace('"A"', '"B"')), "a.ods")))
    assert [sheet.name for sheet in found] == ["A", "B"]
    assert [list(sheet.rows()) for sheet in found] == [[(1, ["x"]), (5, ["y", "y"]), (6, ["y", "y"])]] * 2


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_ods_texts_come_back(lines: list[list[str]]) -> None:
    assert [cells for _, cells in rows(ods({"S": lines}), "a.ods")] == [[*map(_clean, line)] for line in lines]


def _clean(text: str) -> str:
    from workbench.model.text.normalise import clean_text

    return clean_text(text)


def test_ods_bombs_are_cut_short() -> None:
    wide = f"<table:table-row table:number-rows-repeated='1000000'>{cell('x', 100_000_000)}</table:table-row>"
    gap = '<table:table-row table:number-rows-repeated="99999999"><table:table-cell/></table:table-row>'
    sheet = only(ods_of(f'<table:table table:name="A">{wide}{gap}</table:table>'), "a.ods")
    found = list(sheet.rows())
    assert (len(found), len(found[0][1])) == (100, 2000)  # cells bound a wide row, rows a narrow one
    narrow = f"<table:table-row table:number-rows-repeated='1000000'>{cell('x', 3)}</table:table-row>"
    assert len(list(only(ods_of(f'<table:table table:name="A">{narrow}</table:table>'), "a.ods").rows())) == 1000
    assert [issue.code for issue in sheet.issues] == ["too-large", "too-large"]
    bombs = [ods_of(f'<table:table table:name="A">{rows}</table:table>') for rows in (wide + gap, narrow)]
    within(2, lambda: [sum(1 for _ in only(bomb, "a.ods").rows()) for bomb in bombs])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ods_of("", manifest='<manifest:encryption-data xmlns:manifest="x"/>'), "is protected by a password"),
        (ods_of("", head='<!DOCTYPE x [<!ENTITY a "b">]>'), "declares an XML document type"),
        (ods_of("<"), "cannot be read as a spreadsheet"),
        (ods({"A": [["x"]]})[:-40], "looks like a ZIP file, but the file is damaged or incomplete"),
        (ods_of(f'<table:table table:name="A">{" " * 30_000_000}</table:table>'), "too much for a spreadsheet"),
    ],
    ids=range(5),
)
def test_ods_that_cannot_be_read(data: bytes, message: str) -> None:
    assert detect(file(data, "a.ods")).reader == "table"
    with pytest.raises(SourceError, match=message):
        list(read(file(data, "a.ods")))


# XLS ------------------------------------------------------------------------------------------------------------------


def test_xls_sheets_gaps_and_errors() -> None:
    data = xls({"Öne": {(2, 1): "Ñame", (3, 1): 447700900123, (3, 2): None}, "Two": {(0, 0): 1.5}})
    one, two = read_sheets(file(data, "a.xls"))
    assert (one.name, list(one.rows())) == ("Öne", [(1, []), (2, []), (3, ["", "Ñame"]), (4, ["", "447700900123"])])
    assert one.issues[0].message.startswith("Cells of sheet 'Öne' with a spreadsheet error (`#N/A`, `#DIV/0!`): 1.")
    assert list(two.rows()) == [(1, ["1.5"])]


def test_numbers_in_xls_are_read_as_they_are_seen() -> None:
    """Also in records of several cells, with gaps between rows, and where amounts are left alone."""
    formats = xls_formats("00000000000", '"+"00 00000000', "#,##0.00", "[$-F800]weird")
    cells = {
        (1, 0): Formed(1, (1058012345,)), (1, 1): "x", (3, 1): Formed(2, (4722119900,)), (3, 2): Formed(3, (1234.5,)),
        (4, 0): Formed(1, (77, 78, 79)), (5, 0): Formed(0, (5,)), (6, 0): Formed(99, (6,)),
    }  # fmt: skip
    [sheet] = read_sheets(file(xls({"A": cells}, formats), "a.xls"))
    assert dict(sheet.rows()) == {
        1: [], 2: ["01058012345", "x"], 3: [], 4: ["", "+47 22119900", "1234.5"],
        5: ["00000000077", "00000000078", "00000000079"], 6: ["5"], 7: ["6"],
    }  # fmt: skip
    assert sheet.issues == []


def test_a_format_of_xls_that_is_not_understood_is_told() -> None:
    [sheet] = read_sheets(file(xls({"A": {(2, 1): Formed(1, (5.5,))}}, xls_formats("00000")), "a.xls"))
    assert list(sheet.rows())[2] == (3, ["", "5.5"])
    assert [found.place for found in sheet.issues] == ["sheet A row 3"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (xls({str(n): {(0, 0): "a", (65_000, 250): "z"} for n in range(3)}), "has 48,945,753 cells"),
        (xls({"A": {(0, 0): "a"}}, struct.pack("<HH6x", 0x2F, 6)), "is protected by a password"),
        (xls({"A": {(0, 0): "a"}})[:1500], "cannot be read as a workbook"),
        (compound("Workbook", b"\x09\x08\xff\xff" + b"\xff" * 90), "cannot be read as a workbook"),
    ],
    ids=range(4),
)
def test_xls_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(read(file(data, "a.xls"), reader="table"))


# Parquet --------------------------------------------------------------------------------------------------------------


def test_parquet_values_are_those_stored() -> None:
    table = pa.table({
        "int": [2**62, None], "float": [1.5, float("nan")], "whole": [447700900123.0, 0.0], "flag": [True, False],
        "day": [date(2022, 1, 2), None], "at": [datetime(2022, 1, 2, 3, 4, 5, 6, tzinfo=UTC), None],
        "nested": [{"k": [1, 2], "d": date(2022, 1, 2)}, None], "list": [["a", "b"], []], "bytes": [b"\xff\x00", b"ab"],
        "money": [Decimal("1234567890.10"), None], "text": pa.array(["x", "x"]).dictionary_encode(),
        "ns": pa.array([1, None], pa.timestamp("ns")), "far": pa.array([2**62, 0], pa.timestamp("us")),
    })  # fmt: skip
    (_, names), (_, one), (_, two) = rows(parquet(table), "a.parquet")
    assert names == table.column_names
    assert one == ["4611686018427387904", "1.5", "447700900123", "TRUE", "2022-01-02", "2022-01-02T03:04:05.000006+00:00",
                   '{"k": [1, 2], "d": "2022-01-02"}', '["a", "b"]', "ff00", "1234567890.10", "x",
                   "1970-01-01T00:00:00.000000001", "4611686018427387904"]  # fmt: skip
    assert two == ["", "", "0", "FALSE", "", "", "", "[]", "ab", "", "x", "", "1970-01-01T00:00:00"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.integers(-(2**63), 2**63 - 1), st.none() | TEXTS), max_size=8))
def test_parquet_comes_back(lines: list[tuple[str, int, str | None]]) -> None:
    schema = pa.schema({"a": pa.string(), "b": pa.int64(), "c": pa.string()})
    table = pa.Table.from_pylist([dict(zip("abc", line, strict=True)) for line in lines], schema)
    assert [cells for _, cells in rows(parquet(table), "x")][1:] == [
        [_clean(a), str(b), _clean(c or "")] for a, b, c in lines
    ]


def test_parquet_that_repeats_a_long_text_stays_small() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int8()), ["x" * 2_000_000])
    data = parquet(pa.table({"a": column}))
    assert len(data) < 500_000
    sheet = only(data, "x.parquet")
    before = pa.total_allocated_bytes()
    assert max(len(cells[0]) for _, cells in sheet.rows()) == 1_000_001
    assert pa.total_allocated_bytes() - before < 100_000_000
    assert [issue.code for issue in sheet.issues] == ["too-large"]


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"a": pa.DictionaryArray.from_arrays(np.zeros(2_500_000, np.int8), ["x"])}),
        pa.table({"a": pa.nulls(2_500_000, pa.string())}),
        pa.table({f"c{n}": pa.nulls(500_000, pa.int8()) for n in range(50)}),
    ],
    ids=["texts", "nulls", "columns"],
)
def test_parquet_of_more_values_than_its_bytes_hold_is_refused(table: pa.Table) -> None:
    data = parquet(table, compression="zstd")
    assert len(data) < 100_000
    with pytest.raises(SourceError, match=r"bytes\. That is more than is normal for a file of this size"):
        next(read(file(data, "a.parquet")))


def test_parquet_of_a_million_calls_is_read() -> None:
    names = ("Caller", "Receiver", "Time", "Seconds", "Cell", "Way", "Network", "Case")
    dense = np.arange(1_000_000) % 7
    columns = {name: pa.DictionaryArray.from_arrays(dense, [f"{name} {n}" for n in range(7)]) for name in names}
    data = parquet(pa.table(columns), compression="zstd")
    assert len(data) < 100_000
    assert len(list(islice(only(data, "x.parquet").rows(), 3))) == 3


@pytest.mark.parametrize(
    "data", [b"PARE" + b"x" * 20, b"PAR1", FILES["p.parquet"][:-1], b"PAR1" + b"\x00" * 40 + b"PAR1"]
)
def test_parquet_that_cannot_be_read(data: bytes) -> None:
    assert detect(file(data, "a.parquet")).reader == "table"
    with pytest.raises(SourceError, match=r"a\.parquet"):
        list(read(file(data, "a.parquet")))


def test_damaged_pages_are_told() -> None:
    data = bytearray(
        parquet(pa.table({"a": [f"text {n}" for n in range(5_000)]}), use_dictionary=False, compression="zstd")
    )
    data[200:400] = bytes(200)
    sheet = only(bytes(data), "x.parquet")
    list(sheet.rows())
    assert [issue.code for issue in sheet.issues] == ["truncated"]


# JSON records ---------------------------------------------------------------------------------------------------------


def test_members_of_all_records_are_columns() -> None:
    text = (
        '{"a": 1.50, "b": {"c": "x", "d": {}}}\n\n{"b": {"c": [1, {"k": null}]}, "e": true, "a.b": 447700900123456789}'
    )
    assert rows(text, "x.jsonl") == [
        (0, ["a", "b.c", "b.d", "e", "a.b"]),
        (1, ["1.50", "x", "{}", "", ""]),
        (3, ["", '[1, {"k": null}]', "", "true", "447700900123456789"]),
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(TEXTS.map(_clean).filter(bool), TEXTS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_flat_records_come_back(records: list[dict[str, str]]) -> None:
    (_, names), *lines = rows(json.dumps(records, indent=1), "x.json")
    back = [{name: text for name, text in zip(names, cells, strict=True) if text} for _, cells in lines]
    assert back == [{_clean(k): _clean(v) for k, v in record.items()} for record in records]


def test_what_is_no_record_is_told() -> None:
    sheet = only('[{"a": 1}, 2, {}, ' + json.dumps({str(n): n for n in range(2_100)}) + ", ", "x.json")
    assert len(list(sheet.rows())) == 3
    cut, *told = sheet.issues
    assert (cut.code, cut.message[:9]) == ("truncated", "The file ")
    assert [(issue.code, issue.message) for issue in told] == [
        ("bad-row", "Items without named fields: 2 (items 2, 3). They were left out."),
        (
            "bad-row",
            "Items with fields that are not in the first 2,000 columns: 1 (items 4). These fields were not read.",
        ),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("data", ["{", "[1, 2]", '{"a": ' * 3_000, "[]"])
def test_json_without_a_record(data: str) -> None:
    source = file(data, "x.jsonl")
    if detect(source).reader == "table":
        with pytest.raises(SourceError, match="contains no rows to import"):
            list(read(source))


def test_running_text_in_brackets_is_no_table() -> None:
    assert detect(file("[see the annex]\nThe witness said:\n", "note.txt")).reader == "text"
    assert detect(file('{"title": "a setting"}', "settings.json")).reader == "text"


# XLSX -----------------------------------------------------------------------------------------------------------------


def test_a_row_number_beyond_the_format_is_no_endless_sheet() -> None:
    import zipfile

    from tests.ingest.tables.sheets import workbook

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"A": [["x"], ["y"]]}))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, data.replace(b'r="2"', b'r="900000000"').replace(b"A2", b"A900000000"))
    sheet = only(out.getvalue(), "x.xlsx")
    assert sum(1 for _, cells in sheet.rows() if cells) == 1
    assert [issue.code for issue in sheet.issues] == ["truncated"]
    within(8, lambda: sum(1 for _ in sheet.rows()))


def test_metadata_of_parquet_is_text_but_what_programs_write() -> None:
    held = pa.table({"Name": ["Ada Winter"], "City": ["Delft"]}, metadata={"owner": "Rosa keeps this", "pandas": "{}"})
    marked = held.schema.field("City").with_metadata({"remark": "meet at the pier"})
    held = held.cast(pa.schema([held.schema.field("Name"), marked], metadata=held.schema.metadata))
    texts = [row.text for row in read(file(parquet(held), "x.parquet")) if isinstance(row, Passage)]
    assert texts == [
        "Name: Ada Winter; City: Delft",
        "Metadata owner: Rosa keeps this",
        "Metadata of column City, remark: meet at the pier",
    ]


def build_zip(*members: tuple[str, bytes], packed: int = ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", packed) as zipped:
        for name, data in members:
            zipped.writestr(name, data)
    return made.getvalue()


def build_workbook() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("evidence.zip", build_zip(("x.xlsx", build_workbook()), ("readme.txt", b"hello")), "archive"),
        ("evidence.zip", build_zip(("readme.txt", b"hello"), ("sub/x.xlsx", build_workbook())), "archive"),
        (
            "folder.zip",
            build_zip(("xl/list.txt", b"text of a folder"), ("r.txt", b"open"), packed=ZIP_DEFLATED),
            "archive",
        ),
        ("folder.zip", build_zip(("docs/xl/workbook.xml", b"<a/>"), ("r.txt", b"open")), "archive"),
        ("people.bin", build_workbook(), "table"),
        ("people.bin", build_workbook()[:-300], "table"),
        ("people.xlsx", build_zip(("r.txt", b"open")), "table"),
    ],
)
def test_an_archive_around_a_workbook_is_an_archive(name: str, data: bytes, reader: str) -> None:
    assert detect(SourceFile(Path(name), "ab" * 32, name, data)).reader == reader
