"""How a file would be read, before it is; nothing is kept until it is added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.ingest.calls.tables import HEADERS, text
from tests.ingest.calls.test_reading import TOWERS
from tests.ingest.tables.writers import ods
from workbench.case.case import Case, open_case
from workbench.case.sources.import_plan import plan_of
from workbench.errors import CaseError, SourceError
from workbench.ingest import profile_folder

TABLE = (
    "Request 114;;;;\n\nNr;Zeta;Omega;Moment;Clef secrète\n"
    "1;06 39 98 00 01;06 39 98 00 02;03/04/2024 10:00;Odette\n"
    "2;06 39 98 00 01;06 39 98 00 03;05/04/2024 11:30;Odile\n"
    "3;06 39 98 00 01;not a number;99/99/2024 11:30;Oscar\n"
)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setenv(profile_folder.FOLDER, str(tmp_path / "profiles"))
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(TABLE, "utf-8")
    return path


def test_a_plan_shows_and_keeps_nothing(case: Case, file: Path) -> None:
    plan = case.sources.plan(file)
    assert (plan.reader, plan.is_table) == ("table", True) and plan.why
    assert plan.preview(4).iloc[0, 1] == "Request 114"
    trial = plan.trial()
    assert trial.whole and dict(zip(trial.counts["what"], trial.counts["number"], strict=True))["documents"] == 1
    assert case.sources.list().empty and case.documents().empty


def test_what_is_said_is_what_is_read(case: Case, file: Path) -> None:
    plan = (
        case.sources.plan(file)
        .say(header=3, dates="dmy", region="FR", zone="Europe/Paris")
        .mean({"Zeta": "a", "Omega": "b", "Moment": "start"}, kind="calls")
        .leave_out("Clef secrète")
    )
    assert list(plan.fields()["field"]) == ["record", "a", "b", "start", "left out"]
    trial = plan.trial()
    assert "Call" in set(trial.things["kind"]) or "call" in " ".join(trial.things["kind"]).casefold()
    assert trial.rejected["message"].str.contains("cannot be read").any()
    assert plan.add(exhibit="AB/1")["state"].item() == "read"
    calls = case.evidence.list()[lambda rows: rows["schema"] == "Call"]
    assert "2024-04-03T10:00" in set(calls.loc[calls["prop"] == "startDate", "value"].str.slice(0, 16))
    assert "+33639980001" in set(case.entities("TelephoneNumber")["caption"])
    assert not case.context.passages["text"].str.contains("Od").any()
    assert case.sources.list().iloc[0][["exhibit", "zone"]].tolist() == ["AB/1", "Europe/Paris"]


def test_a_profile_is_learned_and_the_file_can_be_read_again(case: Case, file: Path, tmp_path: Path) -> None:
    first = case.sources.plan(file)
    first.add()
    better = first.say(header=3).mean({"Zeta": "a", "Omega": "b", "Moment": "start"}, kind="calls")
    assert better.add()["state"].item() == "read"
    assert (case.evidence.list()["schema"] == "Call").any()
    better.save("Operator Zeta")
    other = tmp_path / "next.csv"
    other.write_text(TABLE.replace("98 00 01", "98 00 07"), "utf-8")
    assert list(case.sources.plan(other).fields()["field"])[1:4] == ["a", "b", "start"]


def test_files_from_the_browser_and_other_readers(case: Case) -> None:
    plan = plan_of(case.context, "note.txt", b"The crane is out of order.\n")
    assert plan.reader == "text" and plan.preview()["text"].tolist() == ["The crane is out of order."]
    assert plan.add()["state"].item() == "read"
    with pytest.raises(CaseError, match="no columns"):
        plan.columns  # noqa: B018
    nobody = plan_of(case.context, "x.bin", bytes(range(256)) * 4)
    assert nobody.reader == "" and nobody.why and nobody.trial().counts.empty
    with pytest.raises(CaseError, match="The program cannot read the file"):
        nobody.add()


def test_what_cannot_be_said_is_refused(case: Case, file: Path, tmp_path: Path) -> None:
    plan = case.sources.plan(file).say(header=3)
    with pytest.raises(CaseError, match="no column 'Alpha'"):
        plan.mean({"Alpha": "a"}, kind="calls")
    with pytest.raises(CaseError, match="'colour of hair' is not a field of calls"):
        plan.mean({"Zeta": "colour of hair"}, kind="calls")
    with pytest.raises(CaseError, match="time zone"):
        plan.say(zone="Nowhere/Atlantis")
    for said in ({"dates": "DMY"}, {"decimal": "comma"}, {"unit": "hours"}, {"region": "France"}):
        with pytest.raises(CaseError, match=r"is not known\. Use one of|is not a country code"):
            plan.say(**said)
    with pytest.raises(CaseError, match=r"Kinds of tables: .*calls"):
        plan.mean({"Zeta": "a"}, kind="call")
    with pytest.raises(CaseError, match=r"'pdf' cannot read 'export\.csv'"):
        plan.read_as("pdf")
    with pytest.raises(CaseError, match=r"is not a file\. Enter the path of one file"):
        case.sources.plan(tmp_path)
    with pytest.raises(SourceError, match="encoding"):
        plan.say(encoding="klingon").fields()


CELLS = {"date": "13/07/2022", "time": "11:00:00"}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Calls of two numbers and a list of cells in one table, as an operator delivers them."""
    second = text({"a": "+447700900101"}, headers={name: HEADERS[name] for name in ("b", "a", "date", "time", "dur")})
    path = tmp_path / "delivery.csv"
    path.write_text(f"Request 1\n{text({}, CELLS)}\n\nSecond request\n{second}Total 1\n\n{TOWERS}", "utf-8")
    return path


def test_each_table_of_a_sheet_is_shown_by_itself(case: Case, three: Path) -> None:
    plan = case.sources.plan(three)
    assert plan.sheets == ["", "table 2", "table 3"]
    tables = plan.tables
    assert list(tables["kind"]) == ["calls", "calls", "cells"] and list(tables["number"]) == [1, 2, 3]
    for name, begin, header in zip(tables["name"], tables["begin"], tables["header"], strict=True):
        rows = plan.preview(40, sheet=name)
        assert rows["row"].iloc[0] >= begin and rows["row"].is_monotonic_increasing
        heading = rows[rows["row"] == header].iloc[0].tolist()
        assert heading[1 : 1 + len(plan.fields(name))] == list(plan.fields(name)["column"])
    first, second, third = (plan.preview(40, sheet=name) for name in plan.sheets)
    assert (first.iloc[0, 1], second.iloc[0, 1]) == ("Request 1", "Second request")
    assert first["row"].max() < second["row"].min() and second["row"].max() < third["row"].min()
    assert "Target No" in second.to_numpy() and "Site Name" in third.to_numpy()


def test_each_table_of_a_sheet_is_mapped_by_itself(case: Case, three: Path) -> None:
    plan = case.sources.plan(three).leave_out("Dur(s)", sheet="table 2").leave_out("Site Name", sheet="table 3")
    assert "left out" not in set(plan.fields("")["field"])
    assert plan.fields("table 2").set_index("column").at["Dur(s)", "field"] == "left out"
    header = plan.header("table 2")
    later = plan.say(header=header + 1, sheet="table 2")
    assert (later.header(""), later.header("table 2")) == (plan.header(""), header + 1)
    plan.add()
    text_ = "\n".join(case.context.passages["text"])
    assert "Harbour" not in text_ and "Dur(s): 60" in text_
    assert text_.count("Dur(s)") == 2  # of the first table only


def test_tables_stay_apart_whatever_the_first_is_said_to_be(case: Case, three: Path) -> None:
    plan = case.sources.plan(three).mean({}, kind="", sheet="")
    assert plan.sheets == ["", "table 2", "table 3"] and plan.kind("") == ""
    plan = case.sources.plan(three).mean({}, kind="", sheet="table 2")
    assert plan.sheets == ["", "table 2", "table 3"] and plan.kind("table 3") == "cells"


def test_a_file_that_changed_since_it_was_planned_is_refused(case: Case, file: Path) -> None:
    plan = case.sources.plan(file).say(header=3).leave_out("Clef secrète")
    file.write_text(TABLE.replace("Moment;Clef secrète", "Clef secrète;Moment"), "utf-8")
    with pytest.raises(CaseError, match="it changed after the plan was made"):
        plan.add()
    assert case.sources.list().empty and case.documents().empty
    file.write_text(TABLE, "utf-8")
    assert plan.add()["state"].item() == "read"


Cells = list[list[object]]
SECRET = "xx01street"
PERSONS: Cells = [
    ["name", "phone", "Domicile"],
    ["Ada One", "+33639980013", SECRET],
    ["Ada Two", "+33639980014", "xx02street"],
]
MOVES: Cells = [
    ["Nr", "Zeta", "Omega", "Moment"],
    [1, "0639980001", "0639980002", "03/04/2025 10:00"],
    [2, "0639980001", "0639980003", "05/04/2025 11:30"],
]


def save_book(path: Path, **sheets: Cells) -> Path:
    if path.suffix == ".ods":
        path.write_bytes(ods(sheets))
        return path
    book = Workbook()
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for cells in rows:
            page.append(cells)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_a_column_is_left_out_of_a_workbook_without_the_name_of_its_sheet(
    case: Case, tmp_path: Path, suffix: str
) -> None:
    case.sources.plan(save_book(tmp_path / f"one.{suffix}", S=PERSONS)).leave_out("Domicile").add()
    texts = "\n".join(case.context.passages["text"])
    assert "Ada One" in texts and "street" not in texts


def test_a_column_of_several_sheets_is_left_out_of_each(case: Case, tmp_path: Path) -> None:
    other: Cells = [["name", "DOMICILE"], ["Ada Three", "xx03street"]]
    plan = case.sources.plan(save_book(tmp_path / "two.xlsx", S=PERSONS, H=other, N=[["note", "by"], ["fine", "Bo"]]))
    plan.leave_out("Domicile").add()
    texts = "\n".join(case.context.passages["text"])
    assert "Ada Three" in texts and "fine" in texts and "street" not in texts
    named = plan.leave_out("Domicile", sheet="S")
    assert "left out" in set(named.fields("S")["field"]) and "left out" not in set(named.fields("H")["field"])
    assert "left out" in set(plan.leave_out("by").fields("N")["field"])


def test_fields_of_a_workbook_are_said_without_the_name_of_its_sheet(case: Case, tmp_path: Path) -> None:
    fields = {"Zeta": "a", "Omega": "b", "Moment": "start"}
    notes: Cells = [["note", "by"], ["fine", "Bo"]]
    for name, sheets in (("one", {"S": MOVES}), ("two", {"N": notes, "S": MOVES})):
        plan = case.sources.plan(save_book(tmp_path / f"{name}.xlsx", **sheets))
        plan = plan.say(dates="dmy", region="FR", zone="Europe/Paris").mean(fields, kind="calls")
        assert list(plan.fields("S")["field"])[1:] == ["a", "b", "start"] and plan.kind("S") == "calls"
        assert plan.assign("Zeta", "Person", "name").columns["prop"].eq("name").any()
    plan.add()
    assert (case.evidence.list()["schema"] == "Call").any()


def test_what_could_be_said_of_several_sheets_is_refused_with_their_names(case: Case, tmp_path: Path) -> None:
    plan = case.sources.plan(save_book(tmp_path / "two.xlsx", S=MOVES, H=MOVES))
    refused = pytest.raises(CaseError, match=r"several sheets: 'S', 'H'\. Enter the name")
    with refused:
        plan.mean({"Zeta": "a"}, kind="calls")
    with refused:
        plan.assign("Zeta", "Person", "name")
    with refused:
        plan.save("Operator")
    with pytest.raises(CaseError, match="no column 'Alpha'"):
        plan.leave_out("Alpha")
    with pytest.raises(CaseError, match="no column 'Alpha'"):
        plan.mean({"Alpha": "a"})
    with pytest.raises(CaseError, match="no sheet 'X'"):
        plan.say(header=1, sheet="X")


def test_a_choice_that_no_table_takes_up_is_refused(case: Case, file: Path, tmp_path: Path) -> None:
    plan = case.sources.plan(file).say(header=3).leave_out("Clef secrète")
    for changed in (plan.say(header=4), plan.say(delimiter="|")):
        with pytest.raises(CaseError, match="no column 'Clef secrète'"):
            changed.add()
    with pytest.raises(CaseError, match="no row 99"):
        plan.say(header=99)
    with pytest.raises(CaseError, match="'call' is not known"):
        plan.mean({}, kind="call")
    assert "text" in set(plan.choices["reader"])
    with pytest.raises(CaseError, match="not read as a table"):
        plan.read_as("text").add()
    assert not case.context.passages["text"].str.contains("Od").any()
    note = tmp_path / "note.txt"
    note.write_text("The crane is out of order.\n", "utf-8")
    with pytest.raises(CaseError, match="not read as a table"):
        case.sources.plan(note).say(dates="dmy")


def test_a_header_is_said_of_the_sheets_that_have_the_row(case: Case, three: Path, tmp_path: Path) -> None:
    plan = case.sources.plan(three)
    said = plan.say(header=plan.header(""))
    assert [said.header(name) for name in said.sheets] == [plan.header(name) for name in plan.sheets]
    titled: Cells = [["a title"], [], ["x", ""], *PERSONS]
    book = case.sources.plan(save_book(tmp_path / "two.xlsx", S=titled, H=PERSONS))
    assert (book.say(header=4).header("S"), book.say(header=4).header("H")) == (4, 1)
