"""A ledger of every earlier schema opens, is brought to the newest, and keeps its rows; interrupted, it stays as it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.schema_migration import read_scripts, split_statements
from workbench.model.ids import compute_digest

KEPT = (
    "sources",
    "runs",
    "documents",
    "traces",
    "statements",
    "evidence",
    "judgements",
    "decisions",
    "notes",
    "issues",
    "charts",
)
NEWEST = len(read_scripts())
DIGEST = "cd" * 32


def old(path: Path, schema: int, passages: int = 3) -> dict[str, list[tuple[object, ...]]]:
    """Make a ledger as the first `schema` scripts make it, with rows in every table of then; gives the rows."""
    sql = sqlite3.connect(path, isolation_level=None)
    sql.create_function("plain", 1, lambda text: text, deterministic=True)
    sql.execute("PRAGMA journal_mode = WAL")
    sql.execute("BEGIN")
    for number, (_, script) in enumerate(read_scripts()[:schema], 1):
        if number == 1 or schema > 1:
            for statement in split_statements(script):
                sql.execute(statement)
        if number == 1:
            _fill(sql, passages)
    sql.execute(f"PRAGMA user_version = {schema}")
    sql.execute("COMMIT")
    found = {table: sql.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT}
    found["passages"] = sql.execute("SELECT n, id, document_id, number, page, text FROM passages").fetchall()
    found["words"] = sql.execute("SELECT rowid FROM words WHERE words MATCH 'container'").fetchall()
    sql.close()
    return found


def _fill(sql: sqlite3.Connection, passages: int) -> None:
    """Rows as the first schema has them."""
    at = "2025-01-02T03:04:05Z"
    sql.execute("INSERT INTO sources VALUES (?, 'a.txt', 7, ?, 'ada')", (DIGEST, at))
    sql.execute("INSERT INTO source_facts VALUES (1, ?, 'zone', 'Europe/London', 'ada', ?)", (DIGEST, at))
    sql.execute("INSERT INTO runs VALUES ('r', 'add', 'read', ?, 'text', '1', '{}', '{}', 'ada', ?)", (DIGEST, at))
    sql.execute("INSERT INTO documents VALUES ('d', 'PlainText', 'a.txt', '', '')")
    sql.execute("INSERT INTO traces VALUES ('t', 'r', 'd', ?, '', '', '', '', '')", (DIGEST,))
    sql.executemany(
        "INSERT INTO passages VALUES (?, ?, 'd', ?, 0, ?)",
        [(n, f"p{n}", n, f"the container {n} at the حاويةُ") for n in range(1, passages + 1)],
    )
    sql.execute("INSERT INTO statements VALUES ('s', 'person-1', 'Person', 'name', 'Marta')")
    sql.execute(
        "INSERT INTO evidence VALUES ('e', 's', 'r', 'd', 'p1', 't', 0, 5, 'text', '1', 1, 'received', '', '', '', '')"
    )
    sql.execute("INSERT INTO readings VALUES ('p1', 'names', '1')")
    sql.execute("INSERT INTO judgements VALUES (1, 'person-1', 'person-2', 'same', 'ada', 'passport', ?)", (at,))
    sql.execute("INSERT INTO decisions VALUES (1, 'statement', 's', 'accepted', '', 'ada', '', ?)", (at,))
    sql.execute("INSERT INTO notes VALUES ('note-1', 'note', 'look again', '[]', '{}', 'ada', ?)", (at,))
    sql.execute("INSERT INTO issues VALUES ('i', 'r', ?, 'bad-date', 'warning', 'm', 'f', 'd', '')", (DIGEST,))
    sql.execute("INSERT INTO charts VALUES ('main', '{\"person-1\": [1, 2]}', 'ada', ?)", (at,))
    sql.execute(
        "INSERT INTO audit VALUES (1, ?, 'collection', 'ada', 'test', ?, '{}', 'ok', ?, ?)",
        (at, DIGEST, "0" * 64, "1" * 64),
    )


@pytest.mark.slow
@pytest.mark.parametrize("schema", range(1, NEWEST + 1))
def test_every_earlier_schema_opens_and_keeps_its_rows(tmp_path: Path, schema: int) -> None:
    rows = old(tmp_path / "ledger.db", schema)
    assert rows["words"] == [(1,), (2,), (3,)]
    for _ in range(2):  # and again, when nothing is left to do
        ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
        sql = ledger.connection
        assert sql.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert sql.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in KEPT:
            kept = sql.execute(f"SELECT * FROM {table}").fetchall()
            assert [row for row in kept if row[0] != "officer"] == rows[table], table
        assert sql.execute("SELECT n, id, document_id, number, page, text FROM passages").fetchall() == rows["passages"]
        assert sql.execute("SELECT rowid FROM words WHERE words MATCH 'container'").fetchall() == rows["words"]
        assert sql.execute("SELECT value FROM live_evidence").fetchall() == [("Marta",)]
        ledger.record("consultation", Object("case"))
        ledger.close()


def test_the_first_schema_and_the_newest_have_the_same_tables_in_the_end(tmp_path: Path) -> None:
    old(tmp_path / "old.db", 1)
    schemas = []
    for name in ("old.db", "new.db"):
        ledger = Ledger(tmp_path / name, officer="ada", purpose="test")
        schemas.append(ledger.connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall())
        ledger.close()
    assert schemas[0] == schemas[1]


def test_an_encrypted_ledger_is_brought_up_as_well(tmp_path: Path) -> None:
    from workbench.ledger.storage.sqlite_cipher import connect_ledger, format_vacuum_target, open_idle_ledger

    rows, key = old(tmp_path / "plain.db", 3), compute_digest("key") * 3
    plain = connect_ledger(tmp_path / "plain.db", wait=1)
    plain.execute("PRAGMA journal_mode = DELETE")
    engine = open_idle_ledger(tmp_path / "plain.db")
    engine.execute("VACUUM INTO ?", (format_vacuum_target(tmp_path / "ledger.db", key[:64]),))
    plain.close()
    engine.close()
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test", key=key[:64])
    assert ledger.connection.execute("SELECT * FROM notes").fetchall() == rows["notes"]
    assert ledger.connection.execute("PRAGMA user_version").fetchone() == (NEWEST,)
    ledger.close()


WORK = """
import sys
from pathlib import Path
from workbench.ledger import Ledger
print("ready", flush=True)
Ledger(Path(sys.argv[1]), officer="ada", purpose="test").close()
print("done", flush=True)
"""


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_killed_migration_leaves_the_old_schema_or_the_new_one(tmp_path: Path) -> None:
    rows = old(tmp_path / "first.db", 1, passages=20_000)
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(_copy(tmp_path / "first.db", tmp_path / "trial.db"))], stdout=subprocess.PIPE
    )
    assert process.stdout and process.stdout.readline() == b"ready\n"
    begun = time.monotonic()
    process.wait()
    process.stdout.close()
    length, states = time.monotonic() - begun, []
    for number in range(20):
        path = _copy(tmp_path / "first.db", tmp_path / f"{number}.db")
        process = subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE)
        assert process.stdout and process.stdout.readline() == b"ready\n"
        time.sleep(length * (number + 0.5) / 20)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        sql = sqlite3.connect(path)
        states.append(sql.execute("PRAGMA user_version").fetchone()[0])
        assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        sql.close()
        ledger = Ledger(path, officer="ada", purpose="test")
        assert ledger.connection.execute("SELECT count(*) FROM passages").fetchone() == (20_000,)
        assert ledger.connection.execute("SELECT * FROM notes").fetchall() == rows["notes"]
        assert (
            len(ledger.connection.execute("SELECT rowid FROM words WHERE words MATCH 'container'").fetchall()) == 20_000
        )
        ledger.close()
    assert set(states) <= {1, NEWEST} and states.count(1) >= 5, states


def _copy(path: Path, to: Path) -> Path:
    to.write_bytes(path.read_bytes())
    return to
