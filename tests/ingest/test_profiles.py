"""What an officer made of a table's columns is kept for the next table with these headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import SourceError
from workbench.ingest import SourceFile, profile_folder, read
from workbench.ingest.tables.columns import table_profiles
from workbench.ingest.tables.columns.column_mapping import OfficerChoice
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping
from workbench.model.rows import Batch

Make = Callable[[str, str | bytes], SourceFile]
TABLE = "Rec;Zeta;Omega;Moment;Secret\n1;+447700900101;+447700900102;03/04/2024 10:00;x\n"
SAID = OfficerChoice(
    kind="calls", fields={"Zeta": "a", "Omega": "b", "Moment": "start"}, forms={"date": "dmy"}, left_out=frozenset({"Secret"})
)  # fmt: skip


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(profile_folder.FOLDER, str(tmp_path / "profiles"))
    return tmp_path / "profiles"


def test_a_profile_reads_the_next_table_with_these_headers(made: Make) -> None:
    first = guess_file_mapping(made("one.csv", TABLE), said={"": SAID})
    path = table_profiles.save_profile("Operator Zeta", first.sheets[0])
    assert path.is_file() and "447700" not in path.read_text()
    again = guess_file_mapping(made("two.csv", TABLE.replace("Zeta", "ZETA").replace("+447700900102", "+447700900103")))
    columns = {column.name: column for column in again.sheets[0].columns}
    assert [columns[name].field for name in ("ZETA", "Omega", "Moment", "Secret")] == ["a", "b", "start", ""]
    assert columns["ZETA"].why == "as in the profile 'Operator Zeta'"
    assert columns["Secret"].role == "left out" and columns["Moment"].form == "dmy"


def test_single_headers_are_learned_and_an_officer_overrules(made: Make) -> None:
    table_profiles.save_profile("Operator Zeta", guess_file_mapping(made("one.csv", TABLE), said={"": SAID}).sheets[0])
    other = made("other.csv", "Calling Number,Omega,Start Time\n+447700900101,+447700900102,2024-04-03 10:00\n")
    columns = {column.name: column for column in guess_file_mapping(other).sheets[0].columns}
    assert (columns["Omega"].field, columns["Omega"].why) == ("b", "taken from the profile 'Operator Zeta'")
    said = {"": OfficerChoice(fields={"Omega": ""})}
    assert guess_file_mapping(other, said=said).sheets[0].columns[1].field == ""


def test_profiles_that_disagree_read_nothing(made: Make, own: Path) -> None:
    """A file that somebody put beside ours, with the same headers, does not silently take its place."""
    path = table_profiles.save_profile(
        "Operator Zeta", guess_file_mapping(made("one.csv", TABLE), said={"": SAID}).sheets[0]
    )
    (own / "0.json").write_text(path.read_text("utf-8"), "utf-8")
    columns = {column.name: column.field for column in guess_file_mapping(made("two.csv", TABLE)).sheets[0].columns}
    assert (columns["Zeta"], columns["Omega"]) == ("a", "b")
    swapped = path.read_text("utf-8").replace('"zeta": "a"', '"zeta": "b"').replace('"omega": "b"', '"omega": "a"')
    (own / "0.json").write_text(swapped, "utf-8")
    assert (
        swapped != path.read_text("utf-8")
        and table_profiles.find_profile(["Rec", "Zeta", "Omega", "Moment", "Secret"]) is None
    )


def test_what_is_no_profile_is_passed_over(made: Make, own: Path) -> None:
    own.mkdir()
    (own / "a.json").write_text("{")
    (own / "b.json").write_text('{"fields": []}')
    (own / "c.json").write_text("[" * 100_000)
    assert list(table_profiles.load_profiles()) == []
    with pytest.raises(SourceError, match="name of a profile"):
        table_profiles.save_profile("../..", guess_file_mapping(made("one.csv", TABLE)).sheets[0])


CALLS = ["Date;Time;Calling number;Called number;Duration;Type;IMEI"]
CALLS += [
    f"0{n}/04/2026;10:0{n}:00;+4477009003{n}{n};+4477009005{n}{n};6{n};voice out;49015420323751{n}" for n in range(1, 6)
]
PERSONS = ["Name;Phone;Date of birth;Passport", "Rosa Blum;+31612345678;1980-05-06;NX1234567"]
TABLES = [
    (CALLS, "Calling number", ["+4477009003"]), (CALLS, "Called number", ["+4477009005"]), (CALLS, "IMEI", ["49015420"]),
    (CALLS, "Type", ["voice"]), (CALLS, "Duration", ["'61'"]), (PERSONS, "Phone", ["612345678"]), (PERSONS, "Passport", ["NX1234567"]),
]  # fmt: skip


def list_said(file: SourceFile, said: dict[str, OfficerChoice] | None = None) -> str:
    """All that is said of a file but its issues: how its columns are read, claims, passages, rows of tables."""
    mapping = guess_file_mapping(file, said=said)
    rows = list(read(file, {"mapping": mapping.to_json()}))
    return str([mapping, *(row.rows.to_pylist() if isinstance(row, Batch) else row for row in rows)])


@pytest.mark.parametrize(("lines", "column", "hidden"), TABLES)
def test_what_a_profile_leaves_out_is_left_out_of_the_next_table(
    made: Make, lines: list[str], column: str, hidden: list[str]
) -> None:
    text = "\n".join(lines)
    said = {"": OfficerChoice(left_out=frozenset({column}))}
    first = guess_file_mapping(made("one.csv", text), said=said)
    assert not [one for one in hidden if one in list_said(made("one.csv", text), said)]
    table_profiles.save_profile("Operator X", first.sheets[0])
    again = list_said(made("two.csv", text))
    assert "left out" in again and not [one for one in hidden if one in again]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"table 2": OfficerChoice(forms={"date": "dmy"})},
        {"": OfficerChoice(kind="companies")},
        {"": OfficerChoice(forms={"date": "dmy"})},
    ],
)
def test_what_a_profile_leaves_out_is_left_out_of_the_tables_below(made: Make, said: dict[str, OfficerChoice]) -> None:
    below = ["Date of birth;Phone;Name;City", "1990-05-06;+31687654321;Dana Lee;Delft"]
    alone = guess_file_mapping(
        made("one.csv", "\n".join(PERSONS)), said={"": OfficerChoice(left_out=frozenset({"Phone"}))}
    )
    table_profiles.save_profile("Persons", alone.sheets[0])
    again = list_said(made("two.csv", "\n".join([*PERSONS, *below])), said)
    assert "Dana Lee" in again and "612345678" not in again and "687654321" not in again


def test_what_a_profile_reads_as_text_is_no_field(made: Make) -> None:
    """Also where the cells of the next table show what they are."""
    text = "\n".join(CALLS)
    said = {"": OfficerChoice(fields={"IMEI": "", "Called number": ""})}
    table_profiles.save_profile("Operator X", guess_file_mapping(made("one.csv", text), said=said).sheets[0])
    columns = {one.name: one.field for one in guess_file_mapping(made("two.csv", text)).sheets[0].columns}
    assert (columns["IMEI"], columns["Called number"], columns["Calling number"]) == ("", "", "a")
    (kindless,) = guess_file_mapping(made("one.csv", text), said={"": OfficerChoice(kind="")}).sheets
    table_profiles.save_profile("Operator X", kindless)
    assert guess_file_mapping(made("two.csv", text)).sheets[0].kind == ""


def test_a_column_that_is_left_out_is_not_learned(made: Make) -> None:
    first, second = (
        made(f"{header}.csv", f"Name;Zeta;{header}\nRosa Blum;+31612345678;{cell}\n")
        for header, cell in (("Date of birth", "1980-05-06"), ("City", "Delft"))
    )
    said = {"": OfficerChoice(kind="persons", fields={"Zeta": "phone"})}
    table_profiles.save_profile("Zeta", guess_file_mapping(first, said=said).sheets[0])
    assert "612345678" in list_said(second, {"": OfficerChoice(kind="persons")})
    left = OfficerChoice(kind="persons", left_out=frozenset({"Zeta"}))
    assert "612345678" not in list_said(second, {"": left})
