"""Texts that the audit log commits to: found by what they hold, and erased so that the log stays verifiable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.ledger.log import audit_log
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.runs import now

if TYPE_CHECKING:
    from workbench.ledger.ledger import Ledger

Place = tuple[int, str]
"""Number of an entry, and the place of the text in it: (12, 'object.query')."""


def find_places(ledger: Ledger, words: str) -> list[Place]:
    """Where texts hold these words, case aside (of ASCII letters); in order."""
    query = "SELECT seq, field FROM audit_texts WHERE instr(lower(text), lower(?)) > 0 ORDER BY seq, field"
    return [(int(seq), str(field)) for seq, field in ledger.connection.execute(query, (words,)).fetchall()]


def erase_texts(ledger: Ledger, places: Iterable[Place], because: str) -> int:
    """Erase texts with their salts and log the erasure, together; number of texts that are gone.

    What is left in the log is a hash of which nobody can find the text any more, even by trying every text.
    """
    ledger.connection.execute("PRAGMA secure_delete = ON")
    with ledger.open_transaction() as sql:
        return take_out(ledger, sql, places, because)


def take_out(ledger: Ledger, sql: sqlite3.Connection, places: Iterable[Place], because: str) -> int:
    """Erase texts as `erase` does, inside the caller's transaction."""
    hashes = []
    for place in dict.fromkeys(places):
        row = sql.execute("SELECT salt, text FROM audit_texts WHERE seq = ? AND field = ?", place).fetchone()
        if row:
            hashes.append(audit_log.compute_commitment(bytes(row[0]), str(row[1])))
            sql.execute("DELETE FROM audit_texts WHERE seq = ? AND field = ?", place)
    if hashes:
        what = Object("log text", count=len(hashes), inputs=hashes)
        audit_log.append_entry(sql, ledger.session, audit_log.Act("erasure", what, {"because": because}), now())
    return len(hashes)
