"""Rows are bound to the log: each entry commits to the rows that were added since the entry before it.

Whatever writes a row, triggers of this connection note its hash; at the end of the transaction it is written beside the row's table
and the number of the entry that tells of it, in the same transaction. The entry holds, for each table, how many rows and a salted
digest of their hashes. Rows that are erased or replaced lose their hash, and the next entry commits to what is left of those that
came with them, if all that is there of them is what the log commits to: what another program took out is missed for good.

What an entry has to tell of follows from the log and from what this connection changed. Nothing in `row_marks` and `row_salts` is
believed: `told` there is for versions of this program that went by it. docs/audit.md tells the form for a reader outside.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from weakref import ref

from workbench.ledger.log.change_tracker import Fresh

DERIVED = {
    "unindexed": "passages out of the index of words; follows from what is set aside, and is compared with it (`wordindex`)",
    "charts": "where things lie on a chart; moved at will, and no word of the case",
    "audit": "the log itself",
    "audit_v1": "the log of earlier schemas, held by its own chain of hashes",
    "audit_texts": "texts that entries of the log commit to",
    "checkpoints": "signed heads, recorded by entries of the log",
    "signers": "cards of those who signed: signatures are checked with them",
    "row_marks": "hashes of the rows that are bound",
    "row_salts": "salts of the digests",
}
"""Tables whose rows are not bound, and why; the index of words (`words`) is made from the passages."""
READ = frozenset({"documents", "traces", "passages", "statements", "evidence", "readings", "issues"})
"""Tables to which a reading adds before it is complete: no entry tells of such rows until then, nor after a crash before the next one.
Whatever else comes without an entry was put in by another program."""
BEING_READ = """(NOT EXISTS (SELECT 1 FROM traces AS t JOIN runs AS r ON r.id = t.run_id WHERE t.document_id = p.document_id)
    OR EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = p.document_id AND t.run_id NOT IN (SELECT id FROM runs)))"""
"""Passages of documents that a reading which is not complete has."""
UNFINISHED = {
    "traces": "SELECT count(*) FROM traces WHERE run_id NOT IN (SELECT id FROM runs)",
    "evidence": "SELECT count(*) FROM evidence WHERE run_id NOT IN (SELECT id FROM runs)",
    "issues": "SELECT count(*) FROM issues WHERE run_id NOT IN (SELECT id FROM runs)",
    "passages": f"SELECT count(*) FROM passages AS p WHERE {BEING_READ}",
    "readings": f"SELECT count(*) FROM readings AS d JOIN passages AS p ON p.id = d.passage_id WHERE {BEING_READ}",
    "statements": """SELECT count(DISTINCT e.statement_id) FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
        WHERE e.run_id NOT IN (SELECT id FROM runs)""",
}  # fmt: skip
"""How many rows of readings that are not complete a table has; a document says nothing before it has a trace."""
Told = list[object]
"""What an entry says of the rows of one table: number of the entry that told of them first, table, count, digest."""
Key = tuple[str, bytes]
"""Table, and hash of a row."""
Group = tuple[str, int]
"""A table, and the entry that told of some of its rows first."""
GONE = "Cannot write over a connection that was let go."
RETOLD = (
    "CREATE TEMP TABLE IF NOT EXISTS row_retold (kind TEXT, entry INTEGER, PRIMARY KEY (kind, entry)) WITHOUT ROWID"
)
"""What the next entry of this connection tells of anew; it lies in no file, and a step that is given up takes back what it noted."""
TELLING = "SELECT entry FROM main.audit WHERE seq >= ? AND instr(entry, '\"rows\":[[') ORDER BY seq"
"""Entries that tell of rows."""


def _as_bytes(value: object) -> list[str]:
    """What stands for bytes in the line of a row: a list, which is the value of no column."""
    return [repr(value)]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_bytes).encode


def list_bound_tables(sql: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Tables whose rows are bound, with their columns in order."""
    query = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        AND name NOT GLOB 'words*' ORDER BY name"""
    names = [str(name) for (name,) in sql.execute(query).fetchall()]
    return {name: _list_columns(sql, name) for name in names if name not in DERIVED}


def _list_columns(sql: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(str(row[1]) for row in sql.execute(f'PRAGMA main.table_info("{table}")').fetchall())


def compute_leaf(kind: str, *values: object) -> bytes:
    """Hash of a row: SHA-256 over its table and columns as one line of JSON, without the NULLs at its end."""
    row = (kind, *values)
    while row[-1] is None:
        row = row[:-1]
    return hashlib.sha256(_encode(row).encode("utf-8", "surrogatepass")).digest()


def compute_digest(salt: bytes, leaves: Iterable[bytes]) -> tuple[int, str]:
    """How many hashes there are, and SHA-256 over the salt and them; they come in order."""
    state, count = hashlib.sha256(salt), 0
    for count, one in enumerate(leaves, 1):  # noqa: B007 - counted on the way
        state.update(one)
    return count, state.hexdigest()


class Binding:
    """Notes what a connection changes in the bound tables, and tells the log of it.

    Parameters
    ----------
    sql : Connection
        Of a ledger of the newest schema.

    Attributes
    ----------
    owes : bool
        Rows were noted in the transaction that goes on, of which an entry has to tell in it.
    fresh : Fresh
        What came in by this connection since the gate has caught up with it.
    """

    def __init__(self, sql: sqlite3.Connection) -> None:
        self.sql = sql
        self.changes: dict[Key, int] = {}
        self.owes = False
        self.fresh = Fresh()
        self.tables: tuple[str, ...] = ()
        mine = ref(self)  # the connection would hold itself open otherwise
        sql.create_function("row_came", -1, lambda *row: _get_binding(mine)._note_added(*row), deterministic=False)  # noqa: SLF001
        sql.create_function("row_went", -1, lambda *row: _get_binding(mine)._note_removed(*row), deterministic=False)  # noqa: SLF001
        sql.execute("PRAGMA recursive_triggers = ON")  # so that a row that is replaced counts as gone

    def watch(self) -> None:
        """Note from now on what changes."""
        self.sql.execute(RETOLD)
        tables = list_bound_tables(self.sql)
        self.tables = tuple(tables)
        for table, columns in tables.items():
            came, went = (f"SELECT row_{name}('{table}', {_format_columns(columns, of)});" for name, of in WAYS)
            for when, steps in (("INSERT", came), ("DELETE", went), ("UPDATE", went + came)):
                self.sql.execute(
                    f'CREATE TEMP TRIGGER "{table}_{when}" AFTER {when} ON main."{table}" BEGIN {steps} END'
                )

    def start_tracking(self) -> None:
        """Note from now on what changes, and first, where rows are not bound yet, all that are there."""
        self.watch()
        if self.sql.execute("SELECT 1 FROM row_salts LIMIT 1").fetchone():
            self._set_apart()
            return
        for table in list_bound_tables(self.sql):
            for row in self.sql.execute(f'SELECT * FROM main."{table}"'):
                self._note_added(table, *row)
            self.write_marks()
        self.owes = False

    def write_marks(self) -> None:
        """Write down what was noted for the next entry, inside the caller's transaction."""
        came, went = self._take_changes()
        if went:
            self._forget(went)
        if came:
            self._write(came, _get_last_number(self.sql) + 1)
        self.owes |= bool(self._tell_again()) or any(kind not in READ for kind, _ in came)

    def commit_rows(self, entry: int) -> list[Told]:
        """What the entry of that number commits to: rows that came since the last one, and what is left where some went."""
        came, went = self._take_changes()
        self.owes = False
        self._forget(went)
        self._write(came, entry)
        groups = [*self._tell_again(), *((kind, entry) for kind in self.tables)]
        held = {group: salt for group in groups if (salt := _get_salt(self.sql, group)) is not None}
        told: list[Told] = [
            [seq, kind, *compute_digest(salt, list_row_hashes(self.sql, kind, seq))]
            for (kind, seq), salt in held.items()
        ]
        self.sql.executemany(
            "UPDATE row_salts SET told = ? WHERE kind = ? AND entry = ?", [(entry, *group) for group in held]
        )
        self.sql.execute("DELETE FROM temp.row_retold")
        return told

    def drop(self) -> None:
        """Forget what was noted in a transaction that was given up."""
        self.changes, self.fresh.whole = {}, True

    def get_data_version(self) -> int:
        """A number that is another one after another connection has written."""
        return int(self.sql.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def take_fresh(self) -> Iterator[Fresh]:
        """What came in since this was done last; if what is done with it fails, the next time everything counts as changed."""
        fresh, self.fresh = self.fresh, Fresh(whole=False)
        try:
            yield fresh
        except BaseException:
            self.fresh.whole = True
            raise

    def _note_added(self, kind: str, *values: object) -> None:
        key = kind, compute_leaf(kind, *values)
        self.changes[key] = self.changes.get(key, 0) + 1
        self.fresh.note_added(kind, values)

    def _note_removed(self, kind: str, *values: object) -> None:
        key = kind, compute_leaf(kind, *values)
        self.changes[key] = self.changes.get(key, 0) - 1
        self.fresh.note_removed(kind)

    def _take_changes(self) -> tuple[list[Key], list[Key]]:
        """What came and what went since this was asked last, each in order; a row that did both did neither."""
        changes, self.changes = self.changes, {}
        came = sorted(key for key, number in changes.items() if number > 0)
        return came, sorted(key for key, number in changes.items() if number < 0)

    def _write(self, came: Sequence[Key], entry: int) -> None:
        """Write down what came with an entry."""
        salts = [(kind, entry, secrets.token_bytes(16)) for kind in dict.fromkeys(kind for kind, _ in came)]
        self.sql.executemany("INSERT OR IGNORE INTO row_salts (kind, entry, salt) VALUES (?, ?, ?)", salts)
        self.sql.executemany(
            "INSERT OR IGNORE INTO row_marks VALUES (?, ?, ?)", [(kind, entry, one) for kind, one in came]
        )

    def _set_apart(self) -> None:
        """Put hashes that no entry tells of, and that no reading has left, under numbers that no entry ever has: none will tell of them."""
        size = _get_last_number(self.sql)
        for kind in self.tables if is_begun(self.sql) else ():
            beyond = size + 1 if kind in READ and not _is_strange(self.sql, kind, size) else size
            for table in ("row_marks", "row_salts"):
                change = f"UPDATE OR REPLACE {table} SET entry = -entry WHERE kind = ? AND entry > ?"
                self.sql.execute(change, (kind, beyond))

    def _tell_again(self) -> list[Group]:
        """What the next entry tells of anew, in order."""
        rows = self.sql.execute("SELECT kind, entry FROM temp.row_retold ORDER BY entry, kind").fetchall()
        return [(str(kind), int(entry)) for kind, entry in rows]

    def _forget(self, went: Sequence[Key]) -> None:
        """Take marks away; those that came with them get another salt, and are told of anew if they were what the log commits to."""
        gone = dict.fromkeys(went)
        held: dict[Group, list[bytes]] = {}
        for kind in dict.fromkeys(kind for kind, _ in went):
            for seq, one in self.sql.execute(f"SELECT entry, leaf FROM row_marks WHERE kind = ? AND {WELL}", (kind,)):
                if (kind, one) in gone:
                    held.setdefault((kind, seq), []).append(one)
        retold = [*_find_intact(self.sql, held.keys() - set(self._tell_again()))]
        self.sql.executemany("INSERT INTO temp.row_retold VALUES (?, ?)", retold)
        rows = [(*group, one) for group, leaves in held.items() for one in leaves]
        self.sql.executemany("DELETE FROM row_marks WHERE kind = ? AND entry = ? AND leaf = ?", rows)
        salts = [(secrets.token_bytes(16), *group) for group in held]
        self.sql.executemany("UPDATE row_salts SET salt = ?, told = 0 WHERE kind = ? AND entry = ?", salts)


def _get_binding(mine: ref[Binding]) -> Binding:
    """The binding of a connection, which lives as long."""
    found = mine()
    if found is None:
        raise sqlite3.ProgrammingError(GONE)
    return found


def _is_strange(sql: sqlite3.Connection, kind: str, size: int) -> bool:
    """Whether more rows of a table wait for the next entry than a reading can have left."""
    if kind not in UNFINISHED:
        return False
    query = "SELECT count(*) FROM row_marks WHERE kind = ? AND entry = ?"
    (untold,) = sql.execute(query, (kind, size + 1)).fetchone()
    return bool(untold) and untold > sql.execute(UNFINISHED[kind]).fetchone()[0]


def _get_last_number(sql: sqlite3.Connection) -> int:
    """Number of the last entry."""
    return int(sql.execute("SELECT coalesce(max(seq), 0) FROM main.audit").fetchone()[0])


def _get_salt(sql: sqlite3.Connection, group: Group) -> bytes | None:
    row = sql.execute("SELECT salt FROM row_salts WHERE kind = ? AND entry = ?", group).fetchone()
    return (row[0] if isinstance(row[0], bytes) else b"") if row else None


def is_begun(sql: sqlite3.Connection) -> bool:
    """Whether an entry of the log tells of rows."""
    return sql.execute(f"{TELLING} LIMIT 1", (1,)).fetchone() is not None


def _find_intact(sql: sqlite3.Connection, groups: Collection[Group]) -> Iterator[Group]:
    """Those groups of which everything is there, and nothing else, that the last entry to tell of them commits to."""
    last: dict[Group, Told] = {}
    for (line,) in sql.execute(TELLING, (min(seq for _, seq in groups),)) if groups else ():
        last |= {group: said for group, said in _parse_rows(line) if group in groups}
    for group, said in sorted(last.items()):
        if said == [*compute_digest(_get_salt(sql, group) or b"", list_row_hashes(sql, *group))]:
            yield group


def _parse_rows(line: str) -> Iterator[tuple[Group, Told]]:
    """What an entry tells of rows: table and entry, count and digest; nothing where it is none of ours."""
    try:
        found = json.loads(line)["rows"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    for one in found if isinstance(found, list) else ():
        match one:
            case [int(entry), str(kind), int(count), str(said)]:
                yield (kind, entry), [count, said]


def is_committed(sql: sqlite3.Connection, kind: str, *values: object) -> bool:
    """Whether an entry of the log commits to a row as it is."""
    query = "SELECT entry FROM row_marks WHERE kind = ? AND leaf = ?"
    groups = {(kind, int(entry)) for (entry,) in sql.execute(query, (kind, compute_leaf(kind, *values))).fetchall()}
    return any(True for _ in _find_intact(sql, groups))


WAYS = (("came", "new"), ("went", "old"))
WELL = "typeof(leaf) = 'blob' AND typeof(entry) = 'integer'"
"""Of marks that can be one of ours."""


def _format_columns(columns: Sequence[str], of: str) -> str:
    return ", ".join(f'{of}."{column}"' for column in columns)


def map_row_hashes(sql: sqlite3.Connection, kind: str, after: int) -> dict[bytes, int]:
    """Hashes of the rows of a table that came after an entry of the log, and the entry with which each came."""
    query = f"SELECT leaf, entry FROM row_marks WHERE kind = ? AND entry > ? AND {WELL}"
    return dict(sql.execute(query, (kind, after)).fetchall())


def list_row_hashes(sql: sqlite3.Connection, kind: str, entry: int) -> Iterable[bytes]:
    """Hashes of the rows of a table that came with an entry, in order."""
    query = f"SELECT leaf FROM row_marks WHERE kind = ? AND entry = ? AND {WELL} ORDER BY leaf"
    return (one for (one,) in sql.execute(query, (kind, entry)))
