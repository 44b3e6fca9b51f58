"""What an officer made of a table's columns is kept for the next table with these headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import SourceError
from workbench.ingest import SourceFile, profile_folder
from workbench.ingest.tables.columns import table_profiles
from workbench.ingest.tables.columns.column_mapping import OfficerChoice
from workbench.ingest.tables.guess.sheet_parts import guess_file_mapping

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
