"""A column that is left out of a file that the case has already is readable nowhere any more, until the file is read with it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest

from tests.matrices import first_quick
from workbench.case.case import Case, open_case

SECRET, LATER = "zebrafriend", "quaggafoe"
ROWS = [
    {"Name": "Dora Finch", "Phone": "+447700900111", "Remark": f"{SECRET} of Bill Munro", "Place": "Dock"},
    {"Name": "Ed Bowes", "Phone": "+447700900112", "Remark": LATER, "Place": "Quay"},
    {"Name": "", "Phone": "", "Remark": f"{SECRET} alone", "Place": ""},
]


def to_xlsx(rows: list[dict[str, str]]) -> bytes:
    made = BytesIO()
    pd.DataFrame(rows).to_excel(made, index=False)
    return made.getvalue()


FORMS: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "left.csv": lambda rows: pd.DataFrame(rows).to_csv(index=False).encode(),
    "left.json": lambda rows: json.dumps(rows).encode(),
    "left.xlsx": to_xlsx,
}


def remap(case: Case, file: Path) -> None:
    table = case.sources.mapping(str(file))
    table.loc[table["column"] == "Remark", ["entity", "prop", "role"]] = ["", "", "left out"]
    case.sources.remap(str(file), table, because="not needed")


def plan(case: Case, file: Path) -> None:
    made = case.sources.plan(file)
    made.leave_out("Remark", sheet=made.sheets[0]).add()


WAYS = {"remap": remap, "plan": plan}


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    yield made
    made.close()


def added(case: Case, tmp_path: Path, name: str) -> Path:
    file = tmp_path / name
    file.write_bytes(FORMS[name](ROWS))
    case.add(file)
    return file


def told(case: Case) -> str:
    """Everything that says something of a passage, an index or a reading."""
    tables = [case.context.passages, case.search(SECRET, limit=50), case.search(LATER, limit=50), case.evidence.list()]
    tables += [case.sources.list(), case.sources.issues(), case.review.flags()]
    sql = case.context.ledger.connection
    runs = sql.execute("SELECT parameters, counts FROM runs").fetchall()
    texts = sql.execute("SELECT text FROM passages").fetchall()
    places = sql.execute("SELECT count(*) FROM words WHERE words MATCH ?", (f"{SECRET} OR {LATER}",)).fetchone()
    return "\n".join([*(table.to_csv() for table in tables), str(runs), str(texts), f"{places[0]} indexed"])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "way"), first_quick(3, FORMS, WAYS))
def test_a_column_left_out_later_is_readable_nowhere(case: Case, tmp_path: Path, name: str, way: str) -> None:
    file = added(case, tmp_path, name)
    case.extract()
    before = list(case.context.passages["passage_id"])
    assert SECRET in told(case) and "Bill Munro" in told(case)
    WAYS[way](case, Path(file.name) if way == "remap" else file)
    for again in (False, True):
        said = told(case)
        assert not any(word in said for word in (SECRET, LATER, "Bill Munro")) and "\n0 indexed" in said, again
        assert "Dora Finch" in said
        case.extract()
    assert list(case.context.passages["passage_id"]) == before
    report = case.report(tmp_path / "r.html", question="Dora", about=["Dora Finch"], to="police")
    export = case.export(tmp_path / "e.csv", case.search("Dora"), to="police")
    assert not any(SECRET in made.read_text() for made in (report, export))
    assert "bad" not in set(case.log.verify()["state"]) and set(case.storage.check()["state"]) == {"well"}


@pytest.mark.slow
@pytest.mark.parametrize("back", ["restore", "remap"])
def test_a_reading_that_counts_again_has_its_own_texts(case: Case, tmp_path: Path, back: str) -> None:
    file = added(case, tmp_path, "left.csv")
    whole = list(case.context.passages["text"])
    plan(case, file)
    less = list(case.context.passages["text"])
    case.sources.remap("left.csv", because="needed after all")
    assert list(case.context.passages["text"]) == whole and len(case.search(SECRET))
    plan(case, file)
    assert list(case.context.passages["text"]) == less
    case.sources.withdraw("left.csv", because="x")
    assert case.context.passages.empty
    if back == "restore":
        case.sources.restore("left.csv", because="y")
        assert list(case.context.passages["text"]) == less and "left out" in case.sources.list()["parameters"].item()
    else:
        case.sources.remap("left.csv", because="y")
        assert list(case.context.passages["text"]) == whole
    assert "bad" not in set(case.log.verify()["state"])


@pytest.mark.slow
@pytest.mark.parametrize("clock", ["2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z", ""])
def test_restore_brings_back_the_reading_that_counted_last(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    added(case, tmp_path, "left.csv")
    with ZipFile(tmp_path / "left.zip", "w") as made:
        made.writestr("inner.csv", FORMS["left.csv"](ROWS[:1]))
    case.add(tmp_path / "left.zip")
    names = {"left.csv": "left.csv", "left.zip/inner.csv": "left.zip"}
    if clock:
        monkeypatch.setattr("workbench.ledger.ledger.now", lambda: clock)
    for name in names:
        remap(case, Path(name))
        case.sources.remap(name, because="by mistake")
        remap(case, Path(name))
    less = list(case.context.passages["text"])
    assert SECRET not in str(less)
    for name in names.values():
        case.sources.withdraw(name, because="x")
        if clock:
            monkeypatch.setattr("workbench.ledger.ledger.now", lambda: "2019-01-01T00:00:00Z")
        case.sources.restore(name, because="y")
        assert list(case.context.passages["text"]) == less and set(case.sources.list()["state"]) == {"read"}


def test_a_reading_that_says_the_same_changes_nothing(case: Case, tmp_path: Path) -> None:
    added(case, tmp_path, "left.csv")
    case.extract()
    sql = case.context.ledger.connection
    query = (
        "SELECT * FROM passages UNION ALL SELECT passage_id, method, version, '', '', '' FROM readings ORDER BY 1, 2"
    )
    before = sql.execute(query).fetchall()
    case.sources.remap("left.csv", because="again", region="GB")
    assert set(before) <= set(sql.execute(query).fetchall())
