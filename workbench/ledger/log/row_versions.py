"""Of each table the last entry of the log that tells of its rows: what was derived from other tables is still good after it.

Entries say of which tables rows came or went (`row_commitments`), whichever program wrote them. An erasure counts as a change of
every table.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator

LAST = "SELECT coalesce(max(seq), 0) FROM main.audit"
ADDED = """SELECT seq, op, entry FROM main.audit WHERE seq > ? AND (op = 'erasure' OR instr(entry, '"rows":[[')) ORDER BY seq"""


class RowVersions:
    """What the log has told of tables since it was first asked; all connections of an open ledger share it."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._known = 0
        self._told: dict[str, list[int]] = {}
        self._mutex = threading.Lock()

    def find_version(self, sql: sqlite3.Connection, others: Collection[str], *, is_final: bool) -> int:
        """Number of the last entry, as the connection sees the log, that tells of rows of tables but for some others.

        Parameters
        ----------
        others : collection of str
            Tables whose rows do not count.
        is_final : bool
            Whether what the connection sees has been written. Within a transaction it may be given up, and is not kept.
        """
        last = int(sql.execute(LAST).fetchone()[0])
        with self._mutex:
            if self._first is None:
                if not is_final:
                    return last
                self._first = self._known = last
            if last <= self._known:
                return self._find_known(others, last)
            added = list(_list_changes(sql, self._known))
            if is_final:
                self._known = last
                for seq, table in added:
                    self._told.setdefault(table, []).append(seq)
            newest = max((seq for seq, table in added if table not in others), default=0)
            return newest or self._find_known(others, last)

    def _find_known(self, others: Collection[str], last: int) -> int:
        """The version among what is known, where the log ends at an entry."""
        told = [entries for table, entries in self._told.items() if table not in others]
        before = [entries[place - 1] for entries in told if (place := bisect_right(entries, last))]
        return max(before, default=min(last, self._first or 0))


def count_added_rows(
    sql: sqlite3.Connection, after: int, tables: Collection[str], others: Collection[str]
) -> Counter[str] | None:
    """How many rows came into each of some tables after an entry of the log; None where these rows are not all that changed.

    Parameters
    ----------
    after : int
        Number of an entry.
    tables : collection of str
        Tables to which rows were added.
    others : collection of str
        Tables whose rows do not count.
    """
    found: Counter[str] = Counter()
    for seq, operation, entry in sql.execute(ADDED, (after,)):
        if operation == "erasure":
            return None
        for first, table, count, *_ in json.loads(entry).get("rows", ()):
            if table in others:
                continue
            if table not in tables or first != seq:  # rows that came with an earlier entry, and of which some went
                return None
            found[table] += count
    return found


def _list_changes(sql: sqlite3.Connection, after: int) -> Iterator[tuple[int, str]]:
    """Entries after one, and the tables of whose rows each tells; '' stands for every table."""
    for seq, operation, entry in sql.execute(ADDED, (after,)):
        if operation == "erasure":
            yield seq, ""
        for row in json.loads(entry).get("rows", ()):
            yield seq, str(row[1])
