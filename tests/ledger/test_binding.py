"""Rows are bound to the log: what is changed in any table by another program is found, named, and told from what was erased."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.ledger import schemas
from tests.ledger.loglike import ROOT
from workbench.ledger import Arrival, Ledger, Object, Run
from workbench.ledger.log.finding import BAD, OPEN, LogFinding
from workbench.ledger.log.row_commitments import DERIVED, compute_leaf, is_committed, list_bound_tables
from workbench.ledger.storage.schema_migration import read_scripts
from workbench.ledger.storage.sqlite_cipher import connect_ledger
from workbench.ledger.storage.stored_values import CELLS
from workbench.ledger.verification import health_check
from workbench.ledger.verification.verify import open_ledger, verify_case
from workbench.model.rows import Document, Passage, Trace

BOUND = frozenset(
    """arrivals backups case_facts decisions disclosed disclosures documents drafts drawings erasing evidence foreign_rows issues
    judgements messages notes packages passages readings receipts remarks row_files runs screening_hits screenings set_asides
    source_facts sources statements taken terms tombstone_marks tombstone_sent tombstones traces""".split()
)
"""Tables whose rows the log tells of. A new table belongs here, or with a reason into `binding.DERIVED`."""
PROGRAM = ROOT / "docs" / "verify_rows.py"


def program() -> ModuleType:
    spec = spec_from_file_location("rows", PROGRAM)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def value(table: str, column: tuple[object, ...], number: int) -> object:
    if kind := CELLS.get(table, {}).get(str(column[1])):
        return json.dumps([number] if kind is list else {"number": number})
    if column[1] == "sha256":  # names a file
        return f"{number:064x}"
    match str(column[2]):
        case "INTEGER":
            return 100 + number
        case "REAL":
            return number / 7
        case _:
            return f"{column[1]} {number} – ‘قاله’"


def fill(sql: sqlite3.Connection, number: int) -> None:
    """One row in each bound table."""
    sql.execute("PRAGMA defer_foreign_keys = ON")
    for table in list_bound_tables(sql):
        columns = sql.execute(f"PRAGMA table_info({table})").fetchall()
        row = [value(table, column, number) for column in columns]
        sql.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with two rows and more in each table; entry 1 tells of the first ones, entry 2 of the second."""
    path = tmp_path_factory.mktemp("bound") / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.connection.execute("PRAGMA foreign_keys = OFF")
    for number in (1, 2):
        with ledger.open_transaction() as sql:
            fill(sql, number)
            ledger.log(sql, "collection", Object("run", id=f"run {number}"), {})
    ledger.close()
    return path


def copy(path: Path) -> sqlite3.Connection:
    source, made = sqlite3.connect(path), sqlite3.connect(":memory:", isolation_level=None)
    source.backup(made)
    source.close()
    made.create_function("plain", 1, str)
    return made


@pytest.fixture
def sql(made: Path) -> Iterator[sqlite3.Connection]:
    found = copy(made)
    yield found
    found.close()


def bad(sql: sqlite3.Connection) -> list[LogFinding]:
    """What is wrong, but for the index of words, which a changed passage does not fit either."""
    return [one for one in verify_case(sql) if one.state == BAD and one.check != "index of words"]


def test_every_table_is_bound_or_said_to_be_derived(made: Path) -> None:
    sql = open_ledger(made)
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'words*'"
    assert {name for (name,) in sql.execute(listed)} == BOUND | DERIVED.keys()
    assert list_bound_tables(sql).keys() == BOUND and all(DERIVED.values())
    assert {*program().LOG, *program().MARKS, *program().DERIVED} == DERIVED.keys()
    sql.close()


def test_rows_that_nobody_touched_are_right(sql: sqlite3.Connection) -> None:
    assert bad(sql) == [] and program().verify(sql) == []
    told = next(one.said for one in verify_case(sql) if one.check == "ledger rows")
    assert told == f"{2 * len(BOUND) + 3} rows in {len(BOUND)} tables match the log."


def rows_of(sql: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return [
        row
        for row in sql.execute(f"SELECT * FROM {table}").fetchall()
        if row[0] not in ("case_id", "secret", "officer")
    ]


def key(sql: sqlite3.Connection, table: str) -> list[str]:
    columns = sql.execute(f"PRAGMA table_info({table})").fetchall()
    return [column[1] for column in columns if column[5]] or [column[1] for column in columns]


def one(sql: sqlite3.Connection, table: str, number: int) -> tuple[str, list[object]]:
    """A condition for the row of that number, and its values."""
    columns = {column[1]: column for column in sql.execute(f"PRAGMA table_info({table})").fetchall()}
    return " AND ".join(f"{name} = ?" for name in key(sql, table)), [
        value(table, columns[name], number) for name in key(sql, table)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(BOUND))
def test_a_change_of_any_column_is_found_and_named(made: Path, table: str) -> None:
    for column in copy(made).execute(f"PRAGMA table_info({table})").fetchall():
        sql = copy(made)
        where, values = one(sql, table, 2)
        sql.execute(f"UPDATE {table} SET {column[1]} = ? WHERE {where}", (value(table, column, 9), *values))
        found = bad(sql)
        assert [(each.check, each.entry) for each in found] == [("ledger rows", 2)], column
        assert f"1 of 1 rows of {table} is changed: " in found[0].said and "collection: run" in found[0].said
        assert len(program().verify(sql)) == 2
        sql.close()


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(BOUND))
def test_a_deleted_row_and_one_that_was_put_in_are_found(made: Path, table: str) -> None:
    sql = copy(made)
    where, values = one(sql, table, 1)
    sql.execute(f"DELETE FROM {table} WHERE {where}", values)
    assert [(each.entry, f"rows of {table} is missing" in each.said) for each in bad(sql)] == [(1, True)]
    assert program().verify(sql) != []
    sql.close()
    sql = copy(made)
    columns = sql.execute(f"PRAGMA table_info({table})").fetchall()
    sql.execute(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", [value(table, each, 7) for each in columns]
    )
    assert f"1 row of {table} is not recorded in any log entry: " in bad(sql)[0].said
    assert program().verify(sql) == [f"{table}: no entry tells of 1 rows as they are now"]
    sql.close()


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(BOUND))
def test_swapped_rows_and_rows_changed_with_their_hashes_are_found(made: Path, table: str) -> None:
    sql = copy(made)
    told = sql.execute(f"PRAGMA table_info({table})").fetchall()
    columns = [column[1] for column in told]
    first, second = rows_of(sql, table)
    others = [name for name in columns if name not in (*key(sql, table), "id")]
    if others:
        for number, row in ((1, second), (2, first)):
            where, values = one(sql, table, number)
            new = [row[columns.index(name)] for name in others]
            sql.execute(
                f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in others)} WHERE {where}", (*new, *values)
            )
        assert {each.entry for each in bad(sql)} == {1, 2} and len(program().verify(sql)) >= 2
    sql.close()
    sql = copy(made)
    where, values = one(sql, table, 2)
    changed = [*second[:-1], value(table, (0, columns[-1], told[-1][2]), 8)]
    sql.execute(f"UPDATE {table} SET {columns[-1]} = ? WHERE {where}", (changed[-1], *values))
    (row,) = [row for row in rows_of(sql, table) if row not in (first, second)]
    sql.execute(
        "UPDATE row_marks SET leaf = ? WHERE kind = ? AND leaf = ?",
        (compute_leaf(table, *row), table, compute_leaf(table, *second)),
    )
    assert [
        (each.entry, "Differences found: changed content. The hashes were changed too" in each.said)
        for each in bad(sql)
    ] == [(2, True)]
    assert program().verify(sql) != []
    sql.close()


@pytest.mark.parametrize("change", [
    "DELETE FROM row_marks", "DELETE FROM row_salts", "DROP TABLE row_marks", "DROP TABLE notes",
    "UPDATE row_marks SET entry = 1 WHERE kind = 'notes'", "UPDATE row_salts SET salt = x'00' WHERE kind = 'notes'",
    "INSERT INTO row_marks SELECT 'notes', 3, leaf FROM row_marks WHERE kind = 'terms'", "UPDATE notes SET text = x'ff00'",
    "CREATE TABLE more AS SELECT * FROM notes", "UPDATE notes SET text = CAST(x'ff' AS TEXT)",
])  # fmt: skip
def test_what_is_done_to_the_hashes_or_to_tables_is_found(sql: sqlite3.Connection, change: str) -> None:
    sql.execute(change)
    assert bad(sql)
    try:
        assert program().verify(sql) or change.startswith("INSERT")  # a hash too many without a row
    except sqlite3.OperationalError:  # the program ends with 1 then
        assert "DROP TABLE" in change or "CAST" in change


def test_hashes_that_are_gone_are_not_made_again_unseen(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(made.read_bytes())
    sql = sqlite3.connect(path, isolation_level=None)
    sql.execute("UPDATE notes SET text = 'another'")
    for table in ("row_marks", "row_salts"):
        sql.execute(f"DELETE FROM {table}")
    sql.close()
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.record("consultation", Object("case"))
    ledger.close()
    assert {one.entry for one in verify_case(open_ledger(path)) if one.state == BAD} == {1, 2}


def test_a_view_that_shows_other_rows_is_found(sql: sqlite3.Connection) -> None:
    sql.execute("DROP VIEW live_notes")
    assert [one.check for one in bad(sql)] == ["ledger"]
    sql.execute("CREATE VIEW live_notes AS SELECT * FROM notes WHERE 0")
    assert "Another program changed the view live_notes" in bad(sql)[0].said


def test_the_program_for_rows_is_short_and_runs_by_itself(made: Path, tmp_path: Path) -> None:
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) < 100 and "workbench" not in text
    path = tmp_path / "ledger.db"
    path.write_bytes(made.read_bytes())
    for change, code, said in (
        ("SELECT 1", 0, "nothing is wrong"),
        ("UPDATE notes SET text = 'x'", 1, "entry 2 tells of"),
    ):
        sql = sqlite3.connect(path, isolation_level=None)
        sql.execute(change)
        sql.close()
        done = subprocess.run([sys.executable, str(PROGRAM), str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == code and said in done.stdout + done.stderr


RUN = Run("add", "text", "1", source="")
TRACE = Trace("t1", "d1", "s", "1")


def document(number: int) -> Document:
    return Document(f"d{number}", "PlainText", f"{number}.txt", "", "")


def test_work_that_goes_on_is_told_of_by_the_next_entry(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.record("consultation", Object("case"))
    ledger.add_rows(RUN, [document(1), document(2)])
    found = [one for one in verify_case(ledger.connection) if one.check == "ledger rows"]
    assert [one.state for one in found] == [
        "ok",
        OPEN,
    ] and "the work is in progress or was interrupted: 2" in found[1].said
    assert program().verify(ledger.connection) == []
    ledger.add_rows(RUN, [document(2), document(3)])
    ledger.finish(RUN, [document(4)], {})
    told = [one.said for one in verify_case(ledger.connection) if one.check == "ledger rows"]
    assert told == ["8 rows in 35 tables match the log."]  # four documents, two runs, two facts
    sql = copy(path)
    sql.execute("UPDATE documents SET title = 'x' WHERE id = 'd1'")
    assert [one.entry for one in bad(sql)] == [2]
    ledger.close()


def put_in(path: Path, table: str, *row: object) -> None:
    """Add a row with another program, and its hash as if the next entry were to tell of it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.create_function("plain", 1, str)
        sql.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        entry = sql.execute("SELECT max(seq) + 1 FROM audit").fetchone()[0]
        sql.execute("INSERT INTO row_marks VALUES (?, ?, ?)", (table, entry, compute_leaf(table, *row)))
        sql.execute("INSERT OR IGNORE INTO row_salts VALUES (?, ?, x'00', 0)", (table, entry))


def worked_in(path: Path) -> None:
    """Open a ledger and write in it, as on another day."""
    ledger = Ledger(path, officer="bo", purpose="test")
    ledger.record("consultation", Object("case"))
    ledger.add_note("note", "kept", [], {})
    ledger.close()


@pytest.mark.parametrize("table", ["terms", "decisions", "erasing", "evidence", "passages", "readings", "statements"])
def test_no_entry_ever_tells_of_rows_that_another_program_put_in(tmp_path: Path, table: str) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.finish(RUN, [document(1), TRACE], {})
    ledger.close()
    columns = open_ledger(path).execute(f"PRAGMA table_info({table})").fetchall()
    known = {"run_id": RUN.id, "document_id": "d1"}
    put_in(path, table, *(known.get(column[1], value(table, column, 900)) for column in columns))
    for _ in range(3):
        worked_in(path)
    assert [table in one.said for one in bad(open_ledger(path))] == [True]
    assert len(program().verify(open_ledger(path))) == 1 and health_check.inspect_ledger(open_ledger(path)).put_in == 1


@pytest.mark.slow
@pytest.mark.parametrize("told", [0, 1, 10**6])
@pytest.mark.parametrize("kind", ["notes", "terms", "nokind"])
def test_salts_put_in_under_entries_to_come_are_found_and_accuse_nobody(tmp_path: Path, kind: str, told: int) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.finish(RUN, [document(1), TRACE], {})
    ledger.close()
    sql = sqlite3.connect(path, isolation_level=None)
    for entry in (-5, *range(2, 9)):
        sql.execute("INSERT INTO row_salts VALUES (?, ?, zeroblob(16), ?)", (kind, entry, told))
        sql.execute("INSERT INTO row_marks VALUES (?, ?, zeroblob(32))", (kind, entry))
    assert bad(sql) and program().verify(sql)
    sql.execute("DELETE FROM row_marks WHERE leaf = zeroblob(32)")
    assert [one.check for one in bad(sql)] == ["ledger rows"] and program().verify(sql)
    sql.close()
    for _ in range(2):
        worked_in(path)
    found = bad(open_ledger(path))
    assert found and all("entry 3" not in one.said.lower() and not one.entry for one in found), found
    assert program().verify(open_ledger(path))


@pytest.mark.parametrize("flag", ["told", "0", "told - 1", "1000000"])
@pytest.mark.parametrize("number", [1, 3], ids=["some", "all"])
def test_rows_that_another_program_took_out_are_missed_whatever_is_written_and_erased_later(
    tmp_path: Path, flag: str, number: int
) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    with ledger.open_transaction() as sql:
        for note in "abcd":
            sql.execute("INSERT INTO notes VALUES (?, 'note', 'text', '[]', '{}', 'ada', '')", (note,))
        ledger.log(sql, "alteration", Object("note", count=4), {})
    ledger.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        for row in sql.execute("SELECT * FROM notes ORDER BY id LIMIT ?", (number,)).fetchall():
            sql.execute("DELETE FROM notes WHERE id = ?", (row[0],))
            sql.execute("DELETE FROM row_marks WHERE kind = 'notes' AND leaf = ?", (compute_leaf("notes", *row),))
        sql.execute(f"UPDATE row_salts SET told = {flag} WHERE kind = 'notes'")
    worked_in(path)
    ledger = Ledger(path, officer="bo", purpose="test")
    with ledger.open_transaction() as sql:
        sql.execute("DELETE FROM notes WHERE id = 'd'")
        ledger.log(sql, "erasure", Object("note"), {})
    ledger.close()
    assert [one.entry for one in bad(open_ledger(path))] == [1] and program().verify(open_ledger(path))


def test_what_a_step_tells_of_and_takes_back_is_told_by_the_next_entry(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    for note in "ab":
        ledger.add_note("note", note, [], {})
    with ledger.group_transactions():
        with ledger.open_transaction() as sql:
            sql.execute("DELETE FROM notes WHERE text = 'a'")
        with suppress(ZeroDivisionError), ledger.open_transaction() as sql:
            ledger.log(sql, "alteration", Object("note"), {})
            raise ZeroDivisionError
    assert bad(ledger.connection) == []
    ledger.close()


def test_no_older_state_of_a_row_passes_for_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.add_note("note", "first", [], {})
    row = ledger.connection.execute("SELECT * FROM notes").fetchone()
    kept = [ledger.connection.execute(f"SELECT * FROM {table} WHERE kind = 'notes'").fetchone() for table in MARKED]
    assert is_committed(ledger.connection, "notes", *row)
    with ledger.open_transaction() as sql:
        sql.execute("DELETE FROM notes")
        ledger.log(sql, "erasure", Object("note"), {})
    for table, old in zip(MARKED, kept, strict=True):
        question = ", ".join("?" * len(old))
        ledger.connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({question})", old)
    assert not is_committed(ledger.connection, "notes", *row)
    ledger._connections.close()


MARKED = ("row_marks", "row_salts")


def test_statistics_that_another_program_left_are_told_of(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db", officer="ada", purpose="test").close()
    sql = copy(tmp_path / "ledger.db")
    sql.execute("ANALYZE")
    assert any("sqlite_stat1" in one.said for one in bad(sql))


def test_an_interrupted_reading_is_told_of_by_the_next_entry(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.record("consultation", Object("case"))
    ledger.add_rows(RUN, [document(1), TRACE, Passage("p1", "d1", 0, "text")])
    ledger._connections.close()
    worked_in(path)
    assert bad(open_ledger(path)) == [] and program().verify(open_ledger(path)) == []


def test_what_comes_without_an_entry_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.add_source("a" * 64, Arrival("a.txt"), 1, {})
    ledger.add_source("a" * 64, Arrival("b.txt"), 1, {})
    assert ledger.connection.execute("SELECT count(*) FROM row_salts WHERE told = 0").fetchone() == (0,)
    ledger.close()


def test_what_is_given_up_leaves_no_hash(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    with pytest.raises(sqlite3.IntegrityError), ledger.open_transaction() as sql:
        fill(sql, 1)  # foreign keys that are none
    ledger.add_note("note", "kept", [], {})
    assert ledger.connection.execute("SELECT count(*) FROM row_marks").fetchone() == (4,)
    assert bad(ledger.connection) == []
    ledger.close()


def test_what_is_replaced_or_erased_is_told_of_and_leaves_no_hash(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    keys = [ledger.add_note("note", f"note {number}", [], {}) for number in range(3)]
    before = ledger.connection.execute("SELECT leaf FROM row_marks WHERE kind = 'notes'").fetchall()
    with ledger.open_transaction() as sql:
        sql.execute("DELETE FROM notes WHERE id = ?", (keys[0],))
        sql.execute("UPDATE notes SET text = 'struck' WHERE id = ?", (keys[1],))
        ledger.log(sql, "erasure", Object("note", count=2), {})
    after = ledger.connection.execute("SELECT leaf FROM row_marks WHERE kind = 'notes'").fetchall()
    assert len(set(before) & set(after)) == 1 and len(after) == 2
    found = [one for one in verify_case(ledger.connection) if one.check == "ledger rows"]
    assert [one.state for one in found] == [
        "ok"
    ] and "Rows that were erased or replaced later, according to the log: 2" in found[0].said
    assert program().verify(ledger.connection) == []
    silent = copy(tmp_path / "ledger.db")
    silent.execute("DELETE FROM notes WHERE id = ?", (keys[2],))
    silent.execute("DELETE FROM row_marks WHERE kind = 'notes' AND entry = 3")
    assert [(one.entry, "Differences found: 1 missing" in one.said) for one in bad(silent)] == [(3, True)]
    ledger.close()


def test_a_row_that_is_written_over_counts_as_gone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    passages = [Passage(key, "d1", at, "text") for at, key in enumerate(("p1", "p2"))]
    ledger.add_rows(RUN, [document(1), *passages])
    for version in "12":
        ledger.add_reading(Run("extract", "names", version), passages, [])
    ledger.add_reading(Run("extract", "names", "2"), passages[:1], [])
    assert ledger.connection.execute("SELECT count(*) FROM row_marks WHERE kind = 'readings'").fetchone() == (2,)
    assert bad(ledger.connection) == []
    ledger.close()


@pytest.mark.slow
@pytest.mark.parametrize("schema", range(6, len(read_scripts()) + 1))
def test_rows_from_before_are_bound_once_and_the_log_says_so(tmp_path: Path, schema: int) -> None:
    path = schemas.make(tmp_path / "ledger.db", schema)
    for _ in range(2):
        ledger = Ledger(path, officer="ada", purpose="training")
        ledger.record("consultation", Object("case"))
        ledger.close()
    assert bad(open_ledger(path)) == [] and program().verify(open_ledger(path)) == []
    sql = copy(path)
    sql.execute("UPDATE statements SET value = 'Bruno'")
    assert [(one.entry, "1 of 1 rows of statements is changed: s1" in one.said) for one in bad(sql)] == [(1, True)]
    sql.close()


def test_a_log_that_goes_on_says_that_its_rows_are_bound_as_they_are(tmp_path: Path) -> None:
    path = schemas.make(tmp_path / "ledger.db", 12)
    sql = sqlite3.connect(path, isolation_level=None)
    sql.execute("INSERT INTO audit (seq, entry, leaf) VALUES (1, '{}', x'00')")
    sql.close()
    ledger = Ledger(path, officer="ada", purpose="training")
    ledger.close()
    ledger = Ledger(path, officer="ada", purpose="training")
    query = "SELECT text FROM audit_texts WHERE field = 'justification'"
    assert ledger.connection.execute(query).fetchall() == [
        ("rows of an earlier schema are bound to the log as they are",)
    ]
    ledger.close()


def test_an_encrypted_ledger_is_bound_as_well(tmp_path: Path) -> None:
    path, secret = tmp_path / "ledger.db", "ab" * 32
    ledger = Ledger(path, officer="ada", purpose="test", key=secret)
    ledger.connection.execute("PRAGMA foreign_keys = OFF")
    with ledger.open_transaction() as sql:
        fill(sql, 1)
        ledger.log(sql, "collection", Object("run", id="run 1"), {})
    ledger.close()
    assert bad(open_ledger(path, secret)) == [] and program().verify(open_ledger(path, secret)) == []
    sql = connect_ledger(path, secret, wait=1)
    sql.execute("UPDATE evidence SET confidence = 0.9")
    sql.close()
    assert [
        (one.entry, "1 of 1 rows of evidence is changed" in one.said) for one in bad(open_ledger(path, secret))
    ] == [(1, True)]
