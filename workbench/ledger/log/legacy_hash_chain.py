"""The audit log as it was until schema 5: a chain of hashes. It is read and verified, and never added to.

The chain shows an edit, a deletion or a reordering; its owner could rewrite all of it. The first entry of the log that came
after it (`audit`) holds the chain's head.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

GENESIS = "0" * 64
Entry = tuple[str, str, str, str, str, str, str]
"""at, operation, officer, purpose, object, detail (JSON), result"""
Row = tuple[int, str, str, str, str, str, str, str, str, str]
"""seq, the seven fields, previous, hash"""


def compute_hash(previous: str, entry: Entry) -> str:
    """Hash of an entry: SHA-256 over the hash before it and the entry's fields, kept apart by their lengths."""
    state = hashlib.sha256(previous.encode())
    for field in entry:
        data = field.encode("utf-8", "surrogatepass")
        state.update(f"{len(data)}:".encode() + data)
    return state.hexdigest()


def find_first_fault(entries: Iterable[Row]) -> int | None:
    """Number of the first entry that does not fit the chain, None if all do."""
    previous, expected = GENESIS, 1
    for seq, *fields, stated, found in entries:
        at, operation, officer, purpose, object_, detail, result = map(str, fields)
        made = compute_hash(previous, (at, operation, officer, purpose, object_, detail, result))
        if seq != expected or stated != previous or found != made:
            return expected
        previous, expected = found, expected + 1
    return None


def list_rows(sql: sqlite3.Connection, table: str = "audit_v1") -> list[Row]:
    """The entries, in order; `table` is 'audit' in a ledger of a schema before 6."""
    return sql.execute(f"SELECT * FROM {table} ORDER BY seq").fetchall()


def get_head(sql: sqlite3.Connection) -> tuple[int, str]:
    """How many entries the chain has, and the hash of the last one."""
    row = sql.execute("SELECT seq, hash FROM audit_v1 ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)
