"""A ledger that was written before Arabic was folded finds its words after it is opened, and nothing that is set aside."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from workbench.ledger import Ledger
from workbench.ledger.records import passage_search
from workbench.ledger.storage.runs import Run
from workbench.ledger.storage.schema_migration import split_statements
from workbench.model.rows import Document, Passage, Trace

BEFORE = 4
"""Number of the last schema that kept words as they are written."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("plain", 1, lambda text: text, deterministic=True)
    scripts = sorted(path.name for path in files("workbench.ledger").joinpath("migrations").iterdir())[:BEFORE]
    for name in scripts:
        for statement in split_statements(files("workbench.ledger").joinpath("migrations", name).read_text("utf-8")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {BEFORE}")
    for number, text in ((1, "وصلت الحاويةُ"), (2, "حاوية السر"), (3, "a container")):
        connection.execute("INSERT INTO passages VALUES (?, ?, 'd', ?, 0, ?)", (number, f"p{number}", number, text))
    connection.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', 2, 'حاوية السر')")
    connection.execute("INSERT INTO unindexed VALUES (2)")
    connection.close()
    return path


def found(ledger: Ledger, word: str) -> list[int]:
    return [
        row[0] for row in ledger.connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY 1", (word,))
    ]


def test_an_old_ledger_is_indexed_anew(old: Path) -> None:
    ledger = Ledger(old, officer="ada", purpose="test")
    assert found(ledger, "حاويه") == [1]
    assert found(ledger, "container") == [3]
    ledger.close()


def test_a_new_ledger_indexes_as_it_receives(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    document = Document("d", "PlainText", "t", "", "")
    rows = [document, Trace("t", "d", "s"), Passage("p", "d", 0, "رقم الهاتف ٠٦٤٤", 0)]
    ledger.connection.execute("INSERT INTO sources VALUES ('s', 'n', 1, '', '')")
    ledger.finish(Run("add", "text", "1", "s"), rows, {})
    assert list(passage_search.find_passages(ledger, "0644 هاتف", 5)["passage_id"]) == ["p"]
    ledger.close()
