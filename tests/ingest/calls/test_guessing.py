"""What columns of call tables are taken for: words of headers, and what columns show beside each other."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from pathlib import Path

import pytest

from tests.ingest.calls.headers import DOUBTFUL, INVENTED, table
from workbench.ingest import SourceFile, detect
from workbench.ingest.calls.evidence import add_up, earlier, is_rounded, same
from workbench.ingest.calls.headers import has_unit, parts, said_by
from workbench.ingest.calls.recognise import Recognised, recognise

STARTS = ["2025-03-01 08:00:00", "2025-03-01 09:10:00", "2025-03-02 10:00:05", "2025-03-03 11:00:00"]
ENDS = ["2025-03-01 08:01:10", "2025-03-01 09:10:07", "2025-03-02 10:05:05", "2025-03-03 11:00:33"]
LENGTHS = ["70", "7", "300", "33"]


def taken(columns: dict[str, list[str]]) -> Recognised:
    return recognise(list(columns), list(columns.values()), {}, {})


@pytest.mark.parametrize("columns", [*INVENTED.values(), *DOUBTFUL.values()], ids=[*INVENTED, *DOUBTFUL])
def test_headers_without_a_profile(columns: dict[str, tuple[str, str]]) -> None:
    header, *rows = csv.reader(io.StringIO(table(columns)))
    found = recognise(header, list(map(list, zip(*rows, strict=True))), {}, {}).fields
    assert {name: found.get(name, "") for name in columns} == {name: field for name, (field, _) in columns.items()}


@pytest.mark.parametrize(
    "header", ["callingPartyNumber", "CALLING_PARTY_NUMBER", "callingpartynumber", "Calling party number"]
)
def test_one_header_in_four_spellings(header: str) -> None:
    assert parts(header) == {"calling", "party", "number"}
    assert max(said_by(header), key=said_by(header).__getitem__) == "a"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Start ECGI", "first_cell"), ("CGI fin", "last_cell"), ("lastLocationInformation", "last_cell"),
        ("Uhrzeit Ende", "end_time"), ("Datum Beginn", "date"), ("رمز الخلية", "first_cell"), ("ORA FINE", "end_time"),
    ],
)  # fmt: skip
def test_start_and_end_beside_cells_and_times(header: str, field: str) -> None:
    said = said_by(header)
    assert max(said, key=said.__getitem__) == field


@pytest.mark.parametrize("header", ["Invoice No", "CPF do assinante", "N° facture", "MSC number", "Called IMEI"])
def test_what_a_header_rules_out(header: str) -> None:
    assert not said_by(header).keys() & {"a", "b", "target", "imei"} - {"b"}


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


def test_columns_beside_each_other() -> None:
    assert add_up(STARTS, ENDS, LENGTHS)
    assert not add_up(STARTS, ENDS, ["1", "2", "3", "4"])
    assert earlier(STARTS, ENDS) is True
    assert earlier(ENDS, STARTS) is False
    assert (
        earlier(STARTS, [text.replace(" 0", " 1").replace(" 10", " 20").replace(" 11", " 21") for text in STARTS])
        is None
    )
    assert is_rounded(["60", "120", "300"]) is True
    assert is_rounded(LENGTHS) is False
    assert is_rounded(["60", "60", "0"]) is None
    assert same(["+44 7700 900100", ""], ["07700900100", ""])
    assert not same(["", ""], ["", ""])
    assert has_unit("Dauer [s]")
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
