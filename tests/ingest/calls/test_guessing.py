"""What columns of call tables are taken for: words of headers, and what columns show beside each other."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cost import within
from tests.ingest.calls.headers import DOUBTFUL, INVENTED, table
from workbench.ingest import SourceFile, detect
from workbench.ingest.calls.guess.column_guess import guess_columns
from workbench.ingest.calls.guess.header_words import find_named_fields, has_unit, list_header_words
from workbench.ingest.calls.guess.table_recognition import RecognisedTable, recognise_table

STARTS = ["2025-03-01 08:00:00", "2025-03-01 09:10:00", "2025-03-02 10:00:05", "2025-03-03 11:00:00"]
ENDS = ["2025-03-01 08:01:10", "2025-03-01 09:10:07", "2025-03-02 10:05:05", "2025-03-03 11:00:33"]
LENGTHS = ["70", "7", "300", "33"]


def taken(columns: dict[str, list[str]]) -> RecognisedTable:
    return recognise_table(list(columns), list(columns.values()), {}, {})


@pytest.mark.slow
@pytest.mark.parametrize("columns", [*INVENTED.values(), *DOUBTFUL.values()], ids=[*INVENTED, *DOUBTFUL])
def test_headers_without_a_profile(columns: dict[str, tuple[str, str]]) -> None:
    header, *rows = csv.reader(io.StringIO(table(columns)))
    found = recognise_table(header, list(map(list, zip(*rows, strict=True))), {}, {}).fields
    assert {name: found.get(name, "") for name in columns} == {name: field for name, (field, _) in columns.items()}


@pytest.mark.parametrize(
    "header", ["callingPartyNumber", "CALLING_PARTY_NUMBER", "callingpartynumber", "Calling party number"]
)
def test_one_header_in_four_spellings(header: str) -> None:
    assert list_header_words(header) == {"calling", "party", "number"}
    assert max(find_named_fields(header), key=find_named_fields(header).__getitem__) == "a"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Start ECGI", "first_cell"), ("CGI fin", "last_cell"), ("lastLocationInformation", "last_cell"),
        ("End LAC", "last_lac"), ("LAC fin", "last_lac"), ("END_CI", "last_ci"), ("última LAC", "last_lac"), ("LAC نهاية", "last_lac"),
        ("laatste TAC", "last_lac"), ("Start LAC", "lac"), ("End LAC-CI", "last_cell"), ("Celda final", "last_cell"),
        ("Uhrzeit Ende", "end_time"), ("Datum Beginn", "date"), ("رمز الخلية", "first_cell"), ("ORA FINE", "end_time"),
    ],
)  # fmt: skip
def test_start_and_end_beside_cells_and_times(header: str, field: str) -> None:
    said = find_named_fields(header)
    assert max(said, key=said.__getitem__) == field


@pytest.mark.parametrize("header", ["Invoice No", "CPF do assinante", "N° facture", "MSC number", "Called IMEI"])
def test_what_a_header_rules_out(header: str) -> None:
    assert not find_named_fields(header).keys() & {"a", "b", "target", "imei"} - {"b"}


def test_measured_before_billed_seconds() -> None:
    parties = {"A number": ["447700900100"] * 4, "B number": [f"44770090020{n}" for n in range(4)], "Start": STARTS}
    both = taken(parties | {"Billed duration": ["120", "60", "300", "60"], "Duration (s)": LENGTHS})
    assert both.fields["Duration (s)"] == "duration"
    assert "Billed duration" not in both.fields
    alone = taken(parties | {"Billed duration": ["120", "60", "300", "60"]})
    assert "Billed duration" not in alone.fields


def test_a_later_time_that_is_not_the_end() -> None:
    columns = {"A number": ["447700900100"] * 4, "B number": [f"44770090020{n}" for n in range(4)]}
    stored = ["2025-03-01 11:00:00", "2025-03-01 12:10:00", "2025-03-02 13:07:05", "2025-03-03 14:00:01"]
    found = taken(columns | {"M1": STARTS, "M2": stored, "Duration": LENGTHS})
    assert "end" not in found.fields.values()
    found = taken(columns | {"M1": STARTS, "M2": ENDS, "Duration": LENGTHS})
    assert (found.fields["M1"], found.fields["M2"]) == ("start", "end")


def test_the_duration_that_lies_between_start_and_end() -> None:
    columns = {"A number": ["447700900100"] * 4, "B number": [f"44770090020{n}" for n in range(4)]}
    found = taken(columns | {"Start": STARTS, "End": ENDS, "V1": ["9", "12", "3", "8"], "V2": LENGTHS})
    assert found.fields["V2"] == "duration"
    assert "V1" not in found.fields


def test_units_in_brackets() -> None:
    assert has_unit("Dauer [s]")
    assert has_unit("Duration (mm:ss)")
    assert not has_unit("Montant (€)")


def detected(folder: Path, text: str) -> str:
    path = folder / "usage.txt"
    path.write_text(text, "utf-8")
    return detect(SourceFile(path, sha256(text.encode()).hexdigest(), path.name)).reader


def test_commas_in_a_text_file(tmp_path: Path) -> None:
    rows = "".join(f"{n},03/13/2025,11:38:{n:02},(316)555-0142\n" for n in range(10, 20))
    assert detected(tmp_path, "VOICE USAGE\nAccount:,1\n\nItem,Date,Time,Number\n" + rows) == "table"
    assert detected(tmp_path, "He came, he saw, he went, and left.\n" * 10) == "text"
    assert detected(tmp_path, "Dear Sir,\nyours,\nfaithfully\n" * 5) == "text"


def test_a_table_of_thousands_of_columns_is_not_weighed_column_by_column() -> None:
    """Every pair of columns used to be a reading: two thousand like ones took 48 seconds of CPU."""
    wide = [f"column {number}" for number in range(4_000)], [["x"] * 100] * 4_000
    assert not guess_columns(*wide, {}, {}).fields
    within(5, lambda: guess_columns(*wide, {}, {}))


def test_a_known_header_counts_wherever_it_stands() -> None:
    names = [*(f"column {number}" for number in range(200)), "IMEI"]
    cells = [*([["x"] * 20] * 200), [f"{35_000_000_000_000 + number}" for number in range(20)]]
    assert guess_columns(names, cells, {"IMEI": "imei"}, {}).fields == {"IMEI": "imei"}
