"""The connection to an encrypted ledger answers as `sqlite3` does, and no page of it can be changed unseen."""

from __future__ import annotations

import random
import secrets
import sqlite3
from pathlib import Path

import pytest

from workbench.errors import CaseError
from workbench.ledger import Ledger
from workbench.ledger.storage.sqlite_cipher import connect_ledger, format_vacuum_target

KEY = secrets.token_hex(32)
PAGE = 4096


@pytest.fixture(params=["", KEY], ids=["plain", "encrypted"])
def sql(request: pytest.FixtureRequest, tmp_path: Path) -> sqlite3.Connection:
    made = connect_ledger(tmp_path / "x & y?.db", request.param, wait=0.1)
    made.execute("CREATE TABLE t (a TEXT PRIMARY KEY, b)")
    return made


def test_rows_and_columns_are_the_same(sql: sqlite3.Connection) -> None:
    assert sql.execute("INSERT OR IGNORE INTO t VALUES ('x', 1)").rowcount == 1
    assert sql.execute("INSERT OR IGNORE INTO t VALUES ('x', 1)").rowcount == 0
    sql.executemany("INSERT INTO t VALUES (?, ?)", [("y", None), ("z", 2.5), ("ü\0", b"\0")])
    found = sql.execute('SELECT a, b AS "end" FROM t ORDER BY a')
    assert [column[0] for column in found.description] == ["a", "end"]
    assert found.fetchone() == ("x", 1)
    assert list(found) == [("y", None), ("z", 2.5), ("ü\0", b"\0")]
    assert sql.execute("SELECT a FROM t WHERE 0").fetchone() is None
    assert [column[0] for column in sql.execute("SELECT a FROM t WHERE 0").description] == ["a"]
    assert sql.execute("PRAGMA user_version = 7").fetchall() == []
    assert sql.execute("PRAGMA user_version").fetchone() == (7,)


def test_parameters_are_the_same(sql: sqlite3.Connection) -> None:
    assert sql.execute("SELECT ?, ?", ("x", 1)).fetchone() == ("x", 1)
    assert sql.execute("SELECT :all, :name, :all + 1", {"name": "x", "all": True}).fetchone() == (1, "x", 2)


def test_errors_are_the_same(sql: sqlite3.Connection) -> None:
    sql.execute("INSERT INTO t VALUES ('x', 1)")
    for query, kind in (
        ("SELECT nothing FROM t", sqlite3.OperationalError), ("INSERT INTO t VALUES ('x', 1)", sqlite3.IntegrityError),
        ("SELECT ? FROM t", sqlite3.ProgrammingError),
    ):  # fmt: skip
        with pytest.raises(kind):
            sql.execute(query)
    sql.close()
    with pytest.raises(sqlite3.ProgrammingError):
        sql.execute("SELECT 1")


def test_functions_and_transactions_are_the_same(sql: sqlite3.Connection) -> None:
    sql.create_function("twice", 1, lambda text: text * 2, deterministic=True)
    assert sql.execute("SELECT twice('ab')").fetchone() == ("abab",)
    assert not sql.in_transaction
    sql.execute("BEGIN IMMEDIATE")
    sql.execute("INSERT INTO t VALUES ('x', 1)")
    assert sql.in_transaction
    sql.execute("ROLLBACK")
    assert sql.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_locked_file_is_an_operational_error(sql: sqlite3.Connection, tmp_path: Path) -> None:
    key = "" if isinstance(sql, sqlite3.Connection) else KEY
    other = connect_ledger(tmp_path / "x & y?.db", key, wait=0.05)
    sql.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_a_reader_writes_nothing(sql: sqlite3.Connection, tmp_path: Path) -> None:
    key = "" if isinstance(sql, sqlite3.Connection) else KEY
    other = connect_ledger(tmp_path / "x & y?.db", key, wait=0.05, readonly=True)
    with pytest.raises(sqlite3.OperationalError):
        other.execute("INSERT INTO t VALUES ('x', 1)")
    with pytest.raises(sqlite3.OperationalError):
        connect_ledger(tmp_path / "none.db", key, wait=0.05, readonly=True).execute("SELECT 1 FROM t")
    assert not (tmp_path / "none.db").exists()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    made = connect_ledger(tmp_path / "ledger.db", KEY, wait=1)
    made.execute("PRAGMA journal_mode = WAL").fetchall()
    made.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    made.execute("CREATE VIRTUAL TABLE words USING fts5 (b)")
    made.execute("BEGIN")
    for table in ("t (a, b)", "words (rowid, b)"):
        made.executemany(
            f"INSERT INTO {table} VALUES (?, ?)", [(n, f"Quellwasser {n} " + "x" * 60) for n in range(3000)]
        )
    made.execute("COMMIT")
    made.execute("VACUUM")
    made.close()
    return tmp_path / "ledger.db"


QUERIES = ("SELECT * FROM t", "SELECT rowid, b FROM words", "SELECT rowid FROM words WHERE words MATCH 'quellwasser'")


def everything(path: Path, key: str = KEY) -> list[object]:
    sql = connect_ledger(path, key, wait=1)
    try:
        return [sql.execute(query).fetchall() for query in ("PRAGMA integrity_check", *QUERIES)]
    finally:
        sql.close()


def refused(path: Path, right: list[object]) -> bool:
    """Whether a change is found by the check; what is read in spite of it is right."""
    answers: list[object] = []
    for query in ("PRAGMA integrity_check", *QUERIES):
        sql = connect_ledger(path, KEY, wait=1)
        try:
            answers.append(sql.execute(query).fetchall())
        except sqlite3.DatabaseError:
            answers.append(None)
        finally:
            sql.close()
    assert all(given is None or given == known for given, known in zip(answers[1:], right[1:], strict=True))
    return answers[0] != [("ok",)]


@pytest.mark.slow
def test_no_changed_byte_of_a_page_is_read(ledger: Path, tmp_path: Path) -> None:
    whole, right, dice, copy = ledger.read_bytes(), everything(ledger), random.Random(3), tmp_path / "copy.db"
    for page in range(0, len(whole), PAGE):
        changed = bytearray(whole)
        changed[page + dice.randrange(PAGE)] ^= 1 << dice.randrange(8)
        copy.write_bytes(changed)
        assert refused(copy, right), f"a change in page {page // PAGE} was not found"


@pytest.mark.slow
def test_pages_do_not_change_places(ledger: Path, tmp_path: Path) -> None:
    whole, right, copy, dice = ledger.read_bytes(), everything(ledger), tmp_path / "copy.db", random.Random(4)
    pages = [whole[start : start + PAGE] for start in range(0, len(whole), PAGE)]
    for _ in range(60):
        one, other = dice.sample(range(1, len(pages)), 2)
        moved = [*pages]
        moved[one] = pages[other]
        copy.write_bytes(b"".join(moved))
        assert refused(copy, right), f"page {other} was read as page {one}"


def test_a_changed_log_never_gives_other_rows(tmp_path: Path) -> None:
    """A cut or damaged log is taken as far as it is whole, as without encryption; what it gives is never made up."""
    path, dice = tmp_path / "ledger.db", random.Random(6)
    made = connect_ledger(path, KEY, wait=1)
    made.execute("PRAGMA journal_mode = WAL").fetchall()
    made.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
    for number in range(20):
        made.execute("INSERT INTO t VALUES (?, ?)", (number, f"Quellwasser {number}"))
    files = {name: (tmp_path / name).read_bytes() for name in ("ledger.db", "ledger.db-wal")}
    assert b"Quellwasser" not in files["ledger.db-wal"]
    made.close()
    right = [(number, f"Quellwasser {number}") for number in range(20)]
    for trial in range(80):
        place = tmp_path / f"copy{trial}"
        place.mkdir()
        log = bytearray(files["ledger.db-wal"])
        log[dice.randrange(len(log))] ^= 1 << dice.randrange(8)
        (place / "ledger.db").write_bytes(files["ledger.db"])
        (place / "ledger.db-wal").write_bytes(log)
        sql = connect_ledger(place / "ledger.db", KEY, wait=1)
        try:
            found = sql.execute("SELECT * FROM t").fetchall()
        except sqlite3.DatabaseError:
            continue
        finally:
            sql.close()
        assert found == right[: len(found)]


def test_another_key_or_none_opens_nothing(ledger: Path) -> None:
    for key in (secrets.token_hex(32), ""):
        with pytest.raises(CaseError, match="is not the database of a case"):
            Ledger(ledger, officer="ada", purpose="test", key=key)


def test_a_file_of_the_cipher_is_not_one_of_sqlite(ledger: Path) -> None:
    head = ledger.read_bytes()[:100]
    assert not head.startswith(b"SQLite format 3")


def test_a_copy_is_encrypted_or_not_as_it_is_told(ledger: Path, tmp_path: Path) -> None:
    sql = connect_ledger(ledger, KEY, wait=1)
    other = secrets.token_hex(32)
    for name, key in (("same", KEY), ("other", other), ("plain", "")):
        sql.execute("VACUUM INTO ?", (format_vacuum_target(tmp_path / f"{name} & ?.db", key),))
        assert everything(tmp_path / f"{name} & ?.db", key) == everything(ledger)
        assert (b"Quellwasser" in (tmp_path / f"{name} & ?.db").read_bytes()) == (name == "plain")
    sql.close()
