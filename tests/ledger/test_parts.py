"""A ledger has the parts that its migrations make and an index of the words of its passages: whatever else is done to it is found."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.ledger import schemas
from tests.ledger.loglike import ROOT, independent, make
from workbench.case.case import open_case
from workbench.case.storage import health_check
from workbench.ledger.log.finding import BAD, LogFinding
from workbench.ledger.storage.schema_migration import read_scripts
from workbench.ledger.verification import word_index
from workbench.ledger.verification.verify import open_ledger, verify_case
from workbench.model.catalogue import Translator, load_catalogue

TEXTS = ("The boat leaves at nine.", "Marta pays the crane.", "Nobody knows the quay.")
OUT = "INSERT INTO words (words, rowid, text) SELECT 'delete', n, plain(text) FROM passages WHERE n = 2"
PARTS = {
    "CREATE TRIGGER spy AFTER INSERT ON notes BEGIN DELETE FROM decisions; END": "trigger spy",
    "DROP TRIGGER passages_to_words": "trigger passages_to_words",
    "CREATE TABLE beside (id TEXT)": "table beside",
    "CREATE TABLE \"words_more\" (id TEXT)": "table words_more",
    "CREATE VIEW runs_too AS SELECT * FROM runs": "view runs_too",
    "DROP VIEW live_notes": "view live_notes",
    "CREATE UNIQUE INDEX one_note ON notes (officer)": "index one_note",
    "DROP INDEX evidence_by_passage": "index evidence_by_passage",
    "DROP INDEX evidence_by_passage; CREATE INDEX evidence_by_passage ON evidence (passage_id) WHERE kind = 'received'":
        "index evidence_by_passage",
    "ALTER TABLE notes ADD COLUMN more TEXT": "table notes",
    "CREATE VIRTUAL TABLE other USING fts5 (text)": "table other",
    "CREATE TABLE z (a INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE z; INSERT INTO sqlite_sequence VALUES ('boo', 4)":
        "table sqlite_sequence",
    "PRAGMA user_version = 99": "format version 99", "PRAGMA user_version = 16": "view", "PRAGMA user_version = -1": "format version -1",
}  # fmt: skip
"""What is done to a ledger, and what the finding names."""
WORDS = {
    OUT: "The words of 1 passage are missing from the word index",
    f"{OUT}; INSERT INTO unindexed VALUES (2)": "1 passage is not in the word index, but no rule excludes it",
    "INSERT INTO unindexed VALUES (2)": "1 passage is not in the word index, but no rule excludes it",
    "INSERT INTO unindexed VALUES (77)": "1 passage is not in the word index, but no rule excludes it",
    "INSERT INTO words (rowid, text) VALUES (77, 'planted words')": "contains words that should not be in it. They are from 1 passage",
    "INSERT INTO words (rowid, text) VALUES (4611686018427387904, 'planted')":
        "contains words that should not be in it. They are from 1 passage",
    f"{OUT}; INSERT INTO words (rowid, text) VALUES (2, 'quite other words')":
        "In the word index, the words of 1 passage do not match its text",
    f"{OUT}; INSERT INTO words (rowid, text) VALUES (2, 'crane the pays marta')": "In the word index, the words of 1 passage",
    "INSERT INTO words (words) VALUES ('delete-all')": "The words of 3 passages are missing from the word index",
    "DELETE FROM unindexed": "1 passage is excluded, but its words are still in the word index",
    "UPDATE words_data SET block = x'00' WHERE id > 10": "The word index cannot be read:",
    "UPDATE words_docsize SET sz = x'8f7f' WHERE id = 2": "In the word index, the length of 1 passage does not match its text",
    "UPDATE words_docsize SET sz = CAST(sz AS TEXT)": "In the word index, the lengths of 3 passages do not match their texts",
    "UPDATE words_data SET block = x'8f7f8f7f' WHERE id = 1": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "DELETE FROM words_data WHERE id = 1": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words_data VALUES (77, 'spy')": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words_data VALUES ((1 << 37) + 900, x'00')": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words_data VALUES ((900 << 37) + 1, x'00')": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words (words, rank) VALUES ('rank', 'bm25(9.0)')": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words_config VALUES ('spy', 'text')": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "INSERT INTO words_idx VALUES (77, x'30', 2)": "In the word index, 1 internal entry (sum, setting or page) is wrong",
    "UPDATE words_idx SET term = x'307a'": "In the word index,",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a case with three passages that are found, and one that is set aside."""
    place = tmp_path_factory.mktemp("parts")
    (place / "in").mkdir()
    for number, text in enumerate((*TEXTS, "What counsel wrote."), 1):
        (place / "in" / f"{number}.txt").write_text(text, "utf-8")
    with closing(open_case(place / "case", officer="ada", purpose="test")) as case:
        case.add(place / "in")
        case.sources.exclude(term="counsel", because="privileged")
        case.review.note("He knows.")
    return place / "case"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def change(folder: Path, script: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
        sql.create_function("plain", 1, str)
        sql.executescript(script)


def bad(folder: Path) -> list[LogFinding]:
    with closing(open_ledger(folder / "ledger.db")) as sql:
        return [one for one in verify_case(sql) if one.state == BAD]


def to_mend(folder: Path) -> dict[str, str]:
    say = Translator()
    found = health_check.list_findings(health_check.unlock_folder(folder), say)
    return {
        one.part: f"{say.translate_value(one.found)} – {say.translate_value(one.advice)}"
        for one in found
        if one.state == "fix"
    }


def test_a_ledger_that_nobody_touched_is_right(folder: Path) -> None:
    assert bad(folder) == [] and to_mend(folder) == {}


@pytest.mark.slow
@pytest.mark.parametrize("done", PARTS, ids=PARTS.values())
def test_a_part_that_is_not_the_program_s_is_found_by_verify_and_by_the_doctor(folder: Path, done: str) -> None:
    change(folder, done)
    found = bad(folder)
    assert any(PARTS[done] in str(one.said) for one in found), found
    assert all(one.check == "ledger" for one in found if PARTS[done] in str(one.said))
    said = to_mend(folder)["schema"]
    assert "user_version" in done or PARTS[done] in said
    assert "backup" in said or "Update the program first" in said


def cut(folder: Path, index: str, condition: str) -> None:
    """Let an index hold fewer rows than its table; the text by which it was made is the right one again."""
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
        (text,) = sql.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
    for made in (f"{text} WHERE {condition}", text):
        with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
            version = sql.execute("PRAGMA schema_version").fetchone()[0]
            sql.execute("PRAGMA writable_schema = 1")
            sql.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (made, index))
            sql.execute(f"PRAGMA schema_version = {version + 1}")
        if made != text:
            change(folder, f"REINDEX {index}")


SHADOWS = {
    "words_data": ("block BLOB", "block BLOB CHECK(id < 1 << 60)"), "words_config": ("v)", "v CHECK(0))"),
    "words_idx": ("pgno,", "pgno DEFAULT 7,"), "words_docsize": ("sz BLOB", "sz BLOB, more"), "words": ("porter ", ""),
    "notes": ("detail TEXT", "detail TEXT CHECK(1)"),
}  # fmt: skip
"""Table -> a piece of its text, and what another program makes of it."""


@pytest.mark.parametrize("table", SHADOWS)
def test_a_table_whose_text_was_changed_is_found_also_one_of_the_index_of_words(folder: Path, table: str) -> None:
    before, after = SHADOWS[table]
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
        (text,) = sql.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert before in text
        sql.execute("PRAGMA writable_schema = 1")
        sql.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (text.replace(before, after), table))
    assert any(f"table {table} " in str(one.said) for one in bad(folder)), bad(folder)
    assert f"table {table}" in to_mend(folder)["schema"]


@pytest.mark.parametrize("index", ["traces_by_document", "passages_by_document"])
def test_an_index_out_of_which_rows_were_taken_is_named(folder: Path, index: str) -> None:
    cut(folder, index, "0")
    found = [one for one in bad(folder) if one.check == "ledger rows"]
    assert len(found) == 1
    assert f"The index {index} of the table {index.partition('_')[0]} does not match the rows" in str(found[0].said)
    assert index in to_mend(folder)["ledger"]


def test_the_programs_in_the_documentation_read_tables_without_indexes() -> None:
    for name in ("verify.py", "verify_rows.py"):
        text = (ROOT / "docs" / name).read_text("utf-8")
        read = [part for part in text.split("FROM ")[1:] if not part.startswith("sqlite_master")]
        assert read and all("NOT INDEXED" in part[:30] for part in read), name


@pytest.mark.slow
@pytest.mark.parametrize("done", WORDS, ids=range(len(WORDS)))
def test_words_taken_out_of_the_index_or_put_in_are_found_by_verify_and_by_the_doctor(folder: Path, done: str) -> None:
    change(folder, done)
    found = [one for one in bad(folder) if one.check == "index of words"]
    assert any(WORDS[done] in str(one.said) for one in found), found
    parts = to_mend(folder)
    assert "backup" in parts.get("index of words", "") + parts.get("ledger", "")


def test_a_log_whose_signers_are_gone_is_not_taken_for_right(tmp_path: Path) -> None:
    made = make(tmp_path / "ledger.db", 20)
    with closing(sqlite3.connect(made.path, isolation_level=None)) as sql:
        sql.execute("DELETE FROM signers WHERE fingerprint = ?", (made.officer.card.fingerprint,))
    for trust in (None, made.trust):
        found = [one for one in verify_case(open_ledger(made.path), trust=trust) if one.state == BAD]
        assert found and all(
            "is no longer in the case. Restore the case from a backup" in str(one.said) for one in found
        )
    assert independent().verify(open_ledger(made.path), made.notes) != []


@pytest.mark.slow
@pytest.mark.parametrize("schema", range(1, len(read_scripts()) + 1))
def test_a_ledger_of_an_earlier_schema_has_its_own_parts(tmp_path: Path, schema: int) -> None:
    path = schemas.make(tmp_path / "ledger.db", schema)
    with closing(open_ledger(path)) as sql:
        assert [
            str(one.said) for one in verify_case(sql) if one.state == BAD and one.check in ("ledger", "index of words")
        ] == []


def test_what_an_index_is_compared_with_is_made_as_the_scripts_make_it() -> None:
    assert word_index.INDEX in read_scripts()[0][1]
    assert "delete-all" in read_scripts()[word_index.FIRST - 1][1]


def test_comparing_the_index_in_parts_gives_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "PART", 1)
    change(folder, OUT)
    with closing(open_ledger(folder / "ledger.db")) as sql:
        assert word_index.compare_index(sql).differences == {"missing": 1}


def test_each_finding_says_what_to_do() -> None:
    found = {key: text for key, text in load_catalogue("en").items() if key.startswith("verified.words.")}
    assert all("backup" in text for key, text in found.items() if not key.endswith("whole"))
    assert "words" in (ROOT / "docs" / "audit.md").read_text("utf-8")
