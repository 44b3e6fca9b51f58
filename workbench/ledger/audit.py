"""The audit log: who did what, when and what for, each entry bound to the one before by its hash.

Six operations, as Directive (EU) 2016/680 article 25 names them: collection, alteration, consultation, disclosure,
combination, erasure. The chain shows an edit, a deletion or a reordering; its owner could still rewrite the whole chain.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

OPERATIONS = ("collection", "alteration", "consultation", "disclosure", "combination", "erasure")
GENESIS = "0" * 64
Entry = tuple[str, str, str, str, str, str, str]
"""at, operation, officer, purpose, object, detail (JSON), result"""


def append(sql: sqlite3.Connection, entry: Entry) -> None:
    """Add an entry inside the caller's transaction."""
    last = sql.execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    previous = last[0] if last else GENESIS
    columns = "at, operation, officer, purpose, object, detail, result, previous, hash"
    sql.execute(
        f"INSERT INTO audit ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*entry, previous, chain(previous, entry))
    )


def chain(previous: str, entry: Entry) -> str:
    """Hash of an entry: SHA-256 over the hash before it and the entry's fields, kept apart by their lengths."""
    state = hashlib.sha256(previous.encode())
    for field in entry:
        data = field.encode("utf-8", "surrogatepass")
        state.update(f"{len(data)}:".encode() + data)
    return state.hexdigest()


def first_bad(entries: Iterable[tuple[int, str, str, str, str, str, str, str, str, str]]) -> int | None:
    """Number of the first entry that does not fit the chain, None if all do.

    Parameters
    ----------
    entries : rows of the table `audit` in order: seq, the seven fields, previous, hash.
    """
    previous, expected = GENESIS, 1
    for seq, *fields, stated, found in entries:
        at, operation, officer, purpose, object_, detail, result = fields
        if (
            seq != expected
            or stated != previous
            or found != chain(previous, (at, operation, officer, purpose, object_, detail, result))
        ):
            return seq
        previous, expected = found, seq + 1
    return None
