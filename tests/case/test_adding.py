"""Files into the case."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.altered import alter
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger import Folder
from workbench.model.ids import compute_sha256

CONTENT = ("documents", "traces", "passages", "statements", "evidence", "issues", "runs", "sources")


def contents(case: Case) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the ledger without times."""
    return {
        name: sorted(case.context.ledger.connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for name in CONTENT
    }


def test_a_second_add_adds_no_row(case: Case, files: Path) -> None:
    before = contents(case)
    table = case.add(files)
    assert contents(case) == before
    assert set(table["state"]) == {"known", "quarantined"}


def test_what_no_reader_takes_is_kept_and_stops_nothing(case: Case, files: Path) -> None:
    row = case.sources.list().set_index("name").loc["broken.bin"]
    assert row["state"] == "quarantined" and row["reason"]
    kept = case.context.folder.get_source_path(str(row["source"]))
    assert kept.read_bytes() == (files / "broken.bin").read_bytes()
    assert "unknown-format" in set(case.sources.issues()["code"])
    assert (case.documents()["schema"] == "Message").sum() == 5


def test_sources_lie_by_hash_and_read_only(case: Case) -> None:
    for sha256 in case.sources.list()["source"]:
        path = case.context.folder.get_source_path(sha256)
        assert compute_sha256(path) == sha256
        assert path.stat().st_mode & 0o222 == 0


def test_copies_on_two_phones_are_one_message_with_two_traces(case: Case) -> None:
    documents = case.documents().set_index("title")
    assert sorted(documents.loc[documents["schema"] == "Message", "traces"]) == [1, 1, 1, 2, 2]


@pytest.mark.slow
def test_withdrawing_takes_everything_derived_and_restoring_brings_it_back(case: Case) -> None:
    before = len(case.documents()), len(case.context.canonical_entities), len(case.graph())
    case.sources.withdraw("chats.txt", because="wrong exhibit")
    assert (case.documents()["schema"] == "Message").sum() == 0
    assert not len(case.graph())
    assert case.sources.list().set_index("name").loc["chats.txt", "state"] == "withdrawn"
    case.sources.restore("chats.txt", because="right after all")
    assert (len(case.documents()), len(case.context.canonical_entities), len(case.graph())) == before


def test_adding_a_withdrawn_source_again_does_not_bring_it_back_silently(case: Case, files: Path) -> None:
    case.sources.withdraw("chats.txt", because="wrong exhibit")
    table = case.add(files / "chats.txt")
    assert table["state"].item() == "withdrawn"
    assert (case.documents()["schema"] == "Message").sum() == 0


def test_times_stay_as_written_until_the_zone_of_the_source_is_given(case: Case) -> None:
    assert set(case.documents().loc[lambda d: d["schema"] == "Message", "at_utc"]) == {""}
    case.sources.describe("chats.txt", zone="Europe/Amsterdam", because="examiner's report")
    first = case.documents().loc[lambda d: d["at"] == "2024-03-01T09:00:00"].iloc[0]
    assert first["at_utc"] == "2024-03-01T08:00:00Z"


@pytest.mark.slow
@pytest.mark.parametrize(
    "zone", ["Nowhere/Atlantis", "../etc/passwd", "localtime", "posixrules", "Factory", "right/Europe/Paris"]
)
def test_an_unknown_zone_is_refused_by_name(case: Case, zone: str) -> None:
    with pytest.raises(CaseError, match="time zone"):
        case.sources.describe("chats.txt", zone=zone)


def test_two_notebooks_work_on_one_case(case: Case, files: Path) -> None:
    other = open_case(case.context.folder.path, officer="bo", purpose="test")
    (files / "more.md").write_text("A second report about Cleo Dunn.", "utf-8")
    other.add(files / "more.md")
    assert "more.md" in set(case.sources.list()["name"])
    assert len(case.documents()) == len(other.documents())
    other.close()


def test_a_folder_that_is_no_case_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(CaseError, match=r"no `case\.toml`"):
        open_case(tmp_path, officer="ada", purpose="test")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(("officer", "purpose", "word"), [("", "training", "officer"), ("ada", "", "purpose")])
def test_a_case_is_opened_by_somebody_for_something(tmp_path: Path, officer: str, purpose: str, word: str) -> None:
    with pytest.raises(CaseError, match=word):
        open_case(tmp_path / "case", officer=officer, purpose=purpose)


def test_a_broken_case_toml_is_named(case: Case) -> None:
    (case.context.folder.path / "case.toml").write_text("title = \n", "utf-8")
    with pytest.raises(CaseError, match=r"case\.toml"):
        Folder(case.context.folder.path).load_settings()


def test_a_file_that_is_no_ledger_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    open_case(folder, officer="ada", purpose="test").close()
    (folder / "ledger.db").write_bytes(b"not a database at all" * 100)
    for extra in ("ledger.db-wal", "ledger.db-shm"):
        (folder / extra).unlink(missing_ok=True)
    with pytest.raises(CaseError, match="is not the database of a case"):
        open_case(folder, officer="ada", purpose="test")
    assert (folder / "ledger.db").read_bytes().startswith(b"not a database")


def test_links_out_of_the_folder_are_not_followed(case: Case, files: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not part of the material", "utf-8")
    (files / "link.txt").symlink_to(secret)
    told = case.add(files).set_index("name").loc["link.txt"]
    assert told["state"] == "passed over" and "link" in told["why"] and not told["source"]


def test_what_is_passed_over_in_a_folder_is_told(case: Case, files: Path) -> None:
    (files / ".signal").mkdir()
    (files / ".signal" / "chat.txt").write_text("Hidden by its folder.", "utf-8")
    os.mkfifo(files / "pipe")
    open_case(files / "cases" / "other", officer="ada", purpose="test").close()
    told = case.add(files).set_index("name")
    passed = told[told["state"] == "passed over"]
    assert set(passed.index) == {".signal", "pipe", "cases/other"} and (passed["why"] != "").all()


def test_a_case_is_no_material(case: Case) -> None:
    before = contents(case)
    with pytest.raises(CaseError, match="is a case folder, not material"):
        case.add(case.context.folder.path)
    assert contents(case) == before


def test_a_case_whose_ledger_is_gone_is_not_begun_anew(tmp_path: Path, files: Path) -> None:
    folder = tmp_path / "gone"
    case = open_case(folder, officer="ada", purpose="test")
    case.add(files)
    case.close()
    for path in folder.glob("ledger.db*"):
        path.unlink()
    with pytest.raises(CaseError, match=r"contains the files of a case, but `ledger\.db` is missing"):
        open_case(folder, officer="ada", purpose="test")
    assert not (folder / "ledger.db").exists()


def test_an_empty_case_toml_stands_for_the_defaults_and_a_lost_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    open_case(folder, officer="ada", purpose="test").close()
    (folder / "case.toml").write_text("", "utf-8")
    open_case(folder, officer="ada", purpose="test").close()
    (folder / "case.toml").unlink()
    with pytest.raises(CaseError, match=r"no `case\.toml`\. Put this file back"):
        open_case(folder, officer="ada", purpose="test")


def test_a_mapping_is_shown_edited_and_read_again(case: Case, files: Path) -> None:
    (files / "cars.csv").write_text("plate;keeper;remark\nAB12 CDE;Cleo Dunn;grey\nXY99 ZZZ;Ada Brook;blue\n", "utf-8")
    case.add(files / "cars.csv")
    table = case.sources.mapping("cars.csv")
    assert {"plate", "keeper", "remark"} == set(table["column"])
    at = table.index[table["column"] == "remark"][0]
    table.loc[at, ["entity", "schema", "prop", "role"]] = ["Vehicle", "Vehicle", "notes", "text"]
    case.sources.remap("cars.csv", table, because="the remark is of the car")
    assert {"grey", "blue"} <= set(case.evidence.list().loc[lambda e: e["prop"] == "notes", "value"])
    assert list(case.sources.mapping("cars.csv").loc[lambda t: t["column"] == "remark", "prop"]) == ["notes"]


def test_only_tables_have_a_mapping(case: Case) -> None:
    with pytest.raises(CaseError, match="no columns"):
        case.sources.mapping("chats.txt")


@pytest.mark.slow
def test_a_defect_of_a_reader_costs_its_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, ingest__READERS__text="object:misread")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.txt").write_text("fail")
    (folder / "b.txt").write_text("The crane is out of order.")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    table = case.add(folder).set_index("name")
    assert table["state"].to_dict() == {"a.txt": "quarantined", "b.txt": "read"}
    assert "ZeroDivisionError: nobody thought of this" in table.loc["a.txt", "why"]
    assert list(case.documents()["title"]) == ["b.txt"]
    case.close()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"region": 7}, "Options must be names with text values, as in `{'region': 'GB'}`, not "),
        ([1], "Options must be names with text values, as in `{'region': 'GB'}`, not "),
        ({"region": "ZZZ"}, "is not a country code"),
        ({"nonsense": "1"}, "'nonsense' is not an option for reading a file"),
        ({"dates": "qqq"}, "one of these: dmy, mdy"),
    ],
)
def test_options_that_mean_nothing_are_refused_in_words(tmp_path: Path, options: Any, why: str) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="training")
    path = tmp_path / "a.csv"
    path.write_text("name\nAnna Berg\n", encoding="utf-8")
    with pytest.raises(CaseError, match=why):
        case.add(path, options=options)
    with pytest.raises(CaseError, match=why):
        case.sources.plan(path, options=options)
    assert case.sources.list().empty
    (row,) = case.add(path, options={"mapping": "{"}).itertuples()
    assert row.state == "quarantined" and "The column mapping cannot be read" in row.why and "Error" not in row.why
    case.close()


@pytest.mark.parametrize("verb", ["mark", "grade", "hold", "permit", "erase"])
def test_a_name_that_two_sources_have_is_told_as_such(tmp_path: Path, verb: str) -> None:
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "memo.txt").write_text(f"Memo of {place}.", "utf-8")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="training")) as case:
        for place in ("a", "b"):
            case.add(tmp_path / place / "memo.txt")
        with pytest.raises(CaseError) as told:
            case.sources.describe("memo.txt", exhibit="A1")
        said: dict[str, Callable[[], object]] = {
            "mark": lambda: case.handling.mark("memo.txt", handling=["H1"], because="x"),
            "grade": lambda: case.evidence.grade("memo.txt", "B2", because="x"),
            "hold": lambda: case.privacy.hold("memo.txt", because="x"),
            "permit": lambda: case.handling.permit("memo.txt", "H1", by="NCB Valdora", because="x"),
            "erase": lambda: case.privacy.erase("memo.txt", because="x"),
        }
        with pytest.raises(CaseError, match=re.escape(str(told.value))):
            said[verb]()


@pytest.mark.slow
def test_what_is_told_of_a_known_file_anew_is_shown_beside_what_was_told(case: Case, files: Path) -> None:
    (files / "more.md").write_text("A second report about Cleo Dunn.", "utf-8")
    case.add(files / "more.md", exhibit="EX-1", examiner="Ada")
    assert case.add(files / "more.md", exhibit="EX-1")["why"].tolist() == [""]
    again = case.add(files / "more.md", exhibit="EX-2", tool="X")
    assert again["why"].tolist() == [
        "The file is already in the case. These details have changed: exhibit: 'EX-1' → 'EX-2'."
    ]
    row = case.sources.list().set_index("name").loc["more.md"]
    assert (row["exhibit"], row["before"]) == ("EX-2", "exhibit: EX-1")
    told = [json.dumps(one, default=str) for one in case.log.entries().to_dict("records")]
    assert any("EX-1" in one for one in told) and any("EX-2" in one for one in told)
    page = case.report(files.parent / "report.html")
    assert "EX-2 (previously: EX-1)" in Path(page).read_text("utf-8")


def test_what_is_told_of_a_file_fits_a_line(case: Case, files: Path) -> None:
    (files / "more.md").write_text("A second report about Cleo Dunn.", "utf-8")
    for name in ("exhibit", "authority", "examiner", "tool"):
        with pytest.raises(CaseError, match=f"`{name}`: the text has 2,000 characters. The maximum is 1,000"):
            case.add(files / "more.md", **{name: "E" * 2000})
    with pytest.raises(CaseError, match="`exhibit`: the text has 2,000 characters"):
        case.sources.describe("chats.txt", exhibit="E" * 2000)
    with pytest.raises(CaseError, match="`because`: the text has 20,000 characters"):
        case.sources.describe("chats.txt", exhibit="EX-7", because="E" * 20_000)
    assert "more.md" not in set(case.sources.list()["name"]) and "EX-7" not in set(case.sources.list()["exhibit"])
