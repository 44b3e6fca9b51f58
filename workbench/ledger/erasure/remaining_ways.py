"""Files that stay though a way in which they came is erased: under which name, and whether anything that counts holds them still."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workbench.ledger.ledger import Ledger
from workbench.ledger.storage.source_names import is_title_of_file, replace_file_name

LOST = """SELECT DISTINCT source, source IN temp.er_source FROM arrivals WHERE source != outer_source
    AND (outer_source IN temp.er_source OR document_id IN temp.er_document) ORDER BY source"""
HELD = "SELECT DISTINCT source FROM main.live_arrivals WHERE source IN (SELECT value FROM json_each(?))"
COUNTING = "SELECT id FROM main.live_runs WHERE source = ? ORDER BY id"
INSIDE = "SELECT DISTINCT source FROM arrivals WHERE outer_source = ? AND source != outer_source"
CALLED = """SELECT a.name FROM arrivals AS a WHERE a.source = ? ORDER BY NOT EXISTS (SELECT 1 FROM main.live_arrivals AS l
    WHERE l.source = a.source AND l.name = a.name), a.outer_source != '', a.at, a.name"""
TITLES = """SELECT id, title FROM documents WHERE id IN (SELECT document_id FROM traces WHERE source = :source)
    AND id NOT IN (SELECT document_id FROM traces WHERE source != :source)"""


@dataclass(frozen=True, slots=True)
class Attached:
    """Files that came with what is erased.

    Attributes
    ----------
    gone : tuple of str
        SHA-256 of those that go with it.
    kept : tuple of str
        SHA-256 of those that stay, because they came in another way too.
    counting : frozenset of str
        Those of `kept` that something held that counts, before the erasure.
    names : tuple of str
        Names of `kept`, as they are called from now on.
    """

    gone: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    counting: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


def find_attached(sql: sqlite3.Connection, named: Collection[str]) -> Attached:
    """What came with what an erasure has noted, before it deletes anything; `named`: sources that it was asked for."""
    rows = sql.execute(LOST).fetchall()
    kept = tuple(str(key) for key, is_gone in rows if not is_gone)
    gone = tuple(str(key) for key, is_gone in rows if is_gone and key not in named)
    return Attached(gone, kept, frozenset(_list_held(sql, kept)))


def settle_kept_files(ledger: Ledger, sql: sqlite3.Connection, found: Attached, because: str) -> tuple[str, ...]:
    """Call what stays by a name under which it came in a way that is left, and withdraw what only withdrawn files hold; the names."""
    names = [_rename_source(sql, key) for key in found.kept]
    waiting = sorted(found.counting.difference(_list_held(sql, found.kept)))
    while waiting:
        key = waiting.pop()
        inner = [str(one) for (one,) in sql.execute(INSIDE, (key,)).fetchall()]
        before = _list_held(sql, inner)
        if runs := [str(run) for (run,) in sql.execute(COUNTING, (key,)).fetchall()]:
            ledger.withdraw_runs(sql, runs, because)
        waiting += sorted(before - _list_held(sql, inner))
    return tuple(sorted(names))


def _list_held(sql: sqlite3.Connection, sources: Sequence[str]) -> set[str]:
    """Those of some files that came in a way that counts."""
    return {str(key) for (key,) in sql.execute(HELD, (json.dumps(list(sources)),)).fetchall()}


def _rename_source(sql: sqlite3.Connection, source: str) -> str:
    """The name of a file, and of the documents that are called by it, where it only came under it in a way that is erased."""
    (first,) = sql.execute("SELECT name FROM sources WHERE sha256 = ?", (source,)).fetchone()
    names = [str(name) for (name,) in sql.execute(CALLED, (source,)).fetchall()]
    if not names or first in names:
        return str(first)
    sql.execute("UPDATE sources SET name = ? WHERE sha256 = ?", (names[0], source))
    titles = sql.execute(TITLES, {"source": source}).fetchall()
    made = [(replace_file_name(title, first, names[0]), key) for key, title in titles if is_title_of_file(title, first)]
    sql.executemany("UPDATE documents SET title = ? WHERE id = ?", made)
    return names[0]
