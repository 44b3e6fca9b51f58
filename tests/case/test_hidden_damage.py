"""What is told of damage to an officer from whom what is damaged is hidden: that a row or a file is damaged, and no more."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.case.planted import hidden_files, open_files
from workbench.case.case import Case, open_case

pytestmark = pytest.mark.slow

RESTRICTED = "EXERCISE RESTRICTED"
HIDDEN = ("memo.txt", "people.csv", "hidden-calls.csv", "broken.bin", "more.zip")
OF = "(SELECT sha256 FROM sources WHERE name = '{0}')"
RUN = f"(SELECT id FROM runs WHERE source = {OF})"
WITHIN = f"(SELECT document_id FROM traces WHERE source = {OF.format('memo.txt')})"
EDITS = {
    "evidence": f"UPDATE evidence SET officer = 'x' WHERE run_id = {RUN.format('people.csv')}",
    "trace": f"UPDATE traces SET place = 'x' WHERE source = {OF.format('memo.txt')}",
    "passage": f"UPDATE passages SET text = 'x' WHERE document_id IN {WITHIN}",
    "passage gone": f"DELETE FROM passages WHERE document_id IN {WITHIN}",
    "source": "UPDATE sources SET name = 'other.txt' WHERE name = 'memo.txt'",
    "run": f"UPDATE runs SET version = 'x' WHERE source = {OF.format('memo.txt')}",
    "issue": f"UPDATE issues SET message = 'x' WHERE source = {OF.format('broken.bin')}",
    "mark": f"UPDATE terms SET because = 'x' WHERE target_id = {OF.format('memo.txt')}",
    "mass rows": f"UPDATE row_files SET size = 1 WHERE source = {OF.format('hidden-calls.csv')}",
    "type": f"UPDATE evidence SET start = 'x' WHERE run_id = {RUN.format('people.csv')}",
    "report": "UPDATE disclosures SET because = 'x' WHERE name = 'secret-page.html'",
    "rule": "UPDATE set_asides SET because = 'x'",
    "note": "UPDATE notes SET text = 'x'",
    "chart": "UPDATE drawings SET at = 'x'",
    "hash": "DELETE FROM row_marks WHERE kind = 'passages'",
    "put in": f"INSERT INTO readings SELECT id, 'x', 'x' FROM passages WHERE document_id IN {WITHIN}",
}
"""What another program does to rows of what is hidden."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What everybody may see, and what is hidden from Bob, with a report, a note, a rule and words on a chart."""
    place = tmp_path_factory.mktemp("damage")
    made = open_case(place / "case", officer="ada", purpose="test")
    made.add(open_files(place))
    made.add(hidden_files(place))
    made.extract()
    made.access.grant("eve", RESTRICTED, because="vetted")
    for name in HIDDEN:
        made.handling.mark(name, level=RESTRICTED, because="of a partner")
    made.close()
    eve = open_case(place / "case", officer="eve", purpose="test")
    eve.report("secret-page.html")
    eve.review.note("Quillfeather sails.", passages=[passage_of(eve, "memo.txt")])
    eve.chart(name="quillfeather").model.note("Quillfeather", 1.0, 1.0)
    eve.sources.exclude(folder="more.zip", ground="out of scope", because="Quillfeather")
    eve.close()
    return place / "case"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, which the case of the test opens."""
    shutil.copytree(made, tmp_path / "case")
    return tmp_path / "case"


def passage_of(case: Case, title: str) -> str:
    """The first passage of a document."""
    document = case.documents().set_index("title").loc[title, "document_id"]
    return str(case.context.passages.set_index("document_id").loc[[document], "passage_id"].iloc[0])


def secrets(folder: Path) -> set[str]:
    """Names and ids of what is hidden, and of files in which it lies."""
    sql = sqlite3.connect(folder / "ledger.db")
    listed = ", ".join(f"'{name}'" for name in HIDDEN)
    keys = {
        key for (key,) in sql.execute(f"SELECT sha256 FROM sources WHERE name IN ({listed}) OR name LIKE '%inner.txt'")
    }
    chosen = ", ".join(f"'{key}'" for key in keys)
    documents = f"SELECT document_id FROM traces WHERE source IN ({chosen})"
    queries = (
        documents, f"SELECT path FROM row_files WHERE source IN ({chosen})", f"SELECT id FROM passages WHERE document_id IN ({documents})",
        f"SELECT id FROM evidence WHERE document_id IN ({documents})", f"SELECT id FROM issues WHERE source IN ({chosen})",
        "SELECT id FROM notes", "SELECT id FROM set_asides", "SELECT key FROM drawings", f"SELECT id FROM runs WHERE source IN ({chosen})",
    )  # fmt: skip
    keys |= {str(key) for query in queries for (key,) in sql.execute(query)}
    sql.close()
    return {*keys, *HIDDEN, "inner.txt", "secret-page", "uillfeather"} - {""}


def told(case: Case) -> str:
    """All that is said of what is not well."""
    found, checked = case.log.verify(), case.storage.check()
    return found[found["state"] != "ok"].to_csv() + checked[checked["state"] != "well"].drop(columns="advice").to_csv()


@pytest.mark.parametrize("edit", EDITS)
def test_a_damaged_row_of_what_is_hidden_is_told_without_name_count_or_id(
    folder: Path, opened: Callable[..., Case], edit: str
) -> None:
    hidden = secrets(folder)
    sql = sqlite3.connect(folder / "ledger.db")
    number = sql.execute(EDITS[edit]).rowcount
    sql.commit()
    sql.close()
    assert number > 0
    bob = opened("bob")
    found = bob.log.verify()
    bad = found[(found["state"] == "bad") & found["check"].isin(["ledger rows", "index of words"])]
    assert len(bad) and set(bad["entry"]) == {0}
    assert not any(sign.isdigit() for said in bad["said"] for sign in said), bad["said"].tolist()
    assert [name for name in hidden if name in told(bob)] == []
    assert "workbench verify" in bad["said"].iloc[0]
    eve = opened("eve").log.verify()
    assert "workbench verify" not in eve.loc[eve["check"] == "ledger rows", "said"].to_csv()


def test_a_damaged_file_of_what_is_hidden_is_told_without_name_count_or_id(
    folder: Path, opened: Callable[..., Case]
) -> None:
    hidden = secrets(folder)
    sql = sqlite3.connect(folder / "ledger.db")
    keys = [key for (key,) in sql.execute("SELECT sha256 FROM sources WHERE name IN ('memo.txt', 'people.csv')")]
    sql.close()
    for path in (*(folder / "sources" / key for key in keys), *(folder / "rows").iterdir()):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    bob = opened("bob")
    found = bob.log.verify()
    bad = found[found["state"] == "bad"]
    assert bad["check"].tolist() == ["sources", "rows"], "how many are damaged is not told"
    assert [name for name in hidden if name in told(bob)] == []
    eve = opened("eve").log.verify()
    assert all(key in eve.to_csv() for key in keys)


@pytest.mark.parametrize("name", ["register.csv", "b.eml"])
def test_damage_of_what_an_officer_sees_is_named(folder: Path, opened: Callable[..., Case], name: str) -> None:
    sql = sqlite3.connect(folder / "ledger.db")
    sql.execute(f"UPDATE traces SET place = 'x' WHERE source = {OF.format(name)}")
    sql.commit()
    sql.close()
    found = opened("bob").log.verify()
    assert name in found.loc[found["check"] == "ledger rows", "said"].to_csv()


def test_the_doctor_counts_no_damaged_rows_of_what_is_hidden(folder: Path, opened: Callable[..., Case]) -> None:
    sql = sqlite3.connect(folder / "ledger.db")
    sql.execute(EDITS["type"])
    sql.commit()
    sql.close()
    found = opened("bob").storage.check().set_index("part").loc["ledger"]
    assert found["state"] == "fix" and not any(sign.isdigit() for sign in f"{found['found']} {found['advice']}")
    assert "evidence" in opened("eve").storage.check().set_index("part").loc["ledger", "found"]
