"""Makes a small ledger of any earlier schema, by the scripts as they were run then, with a log of the kind of that time."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from workbench.ledger.exclusions.struck_words import has_term
from workbench.ledger.log import legacy_hash_chain
from workbench.ledger.sessions.inserts import to_index_text
from workbench.ledger.storage.schema_migration import read_scripts, split_statements

SOURCE = "5e" * 32
ENTRIES = (
    ("2026-01-05T09:00:00Z", "consultation", "ada", "training", "case", '{"folder": "harbour"}', "ok"),
    ("2026-01-05T09:01:00Z", "collection", "ada", "training", SOURCE, '{"name": "chat.txt", "size": 4}', "ok"),
    ("2026-01-05T09:02:00Z", "alteration", "ben", "training", "person-1", '{"because": "his brother says so"}', "ok"),
    ("2026-01-05T09:03:00Z", "consultation", "ada", "training", "search", '{"text": "Kölner Straße ‘9’"}', "ok"),
)  # fmt: skip


def make(path: Path, schema: int) -> Path:
    """Write a ledger of that schema with a document, a statement, a decision and a log of four entries."""
    sql = sqlite3.connect(path, isolation_level=None)
    sql.create_function("plain", 1, to_index_text, deterministic=True)
    sql.create_function("says", 2, has_term, deterministic=True)
    sql.execute("PRAGMA journal_mode = WAL")
    for _, script in read_scripts()[:schema]:
        for statement in split_statements(script):
            sql.execute(statement)
    sql.execute(f"PRAGMA user_version = {schema}")
    fill(sql, schema)
    sql.close()
    return path


def fill(sql: sqlite3.Connection, schema: int) -> None:
    sql.execute("INSERT INTO sources VALUES (?, 'chat.txt', 4, '2026-01-05T09:01:00Z', 'ada')", (SOURCE,))
    run = ("r1", "add", "read", SOURCE, "text", "1", "{}", json.dumps({"documents": 1}), "ada", "2026-01-05T09:01:00Z")
    sql.execute(f"INSERT INTO runs VALUES ({', '.join('?' * len(run))})", run)
    sql.execute("INSERT INTO documents VALUES ('d1', 'PlainText', 'chat.txt', '', '')")
    sql.execute("INSERT INTO traces VALUES ('t1', 'r1', 'd1', ?, '', 'line 1', '', '', '')", (SOURCE,))
    sql.execute(
        "INSERT INTO passages (id, document_id, number, page, text) VALUES ('p1', 'd1', 0, 0, 'the quay at nine')"
    )
    sql.execute("INSERT INTO statements VALUES ('s1', 'person-1', 'Person', 'name', 'Marta')")
    evidence = ("e1", "s1", "r1", "d1", "p1", "t1", 0, 4, "text", "1", 1.0, "received", "Marta", "", "", "")
    sql.execute(f"INSERT INTO evidence VALUES ({', '.join('?' * len(evidence))})", evidence)
    if schema >= 3:
        sql.execute("INSERT INTO arrivals VALUES (?, '', 'chat.txt', '', '', '')", (SOURCE,))
    if schema < 6:
        chained(sql)


def chained(sql: sqlite3.Connection) -> None:
    """The log as it was before schema 6."""
    previous = legacy_hash_chain.GENESIS
    for seq, entry in enumerate(ENTRIES, 1):
        hash_ = legacy_hash_chain.compute_hash(previous, entry)
        sql.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (seq, *entry, previous, hash_))
        previous = hash_
