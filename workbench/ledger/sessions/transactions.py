"""An open ledger as its threads work with it: each over its own connection, one of them writing at a time.

Whoever reads never waits. Whoever writes waits for the one that is writing, in this process or in another, and no longer than a
moment, for work that takes long writes in batches.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.log import audit_log
from workbench.ledger.log.audit_log import Object
from workbench.ledger.log.row_commitments import Binding, Told
from workbench.ledger.log.row_versions import RowVersions, count_added_rows
from workbench.ledger.sessions import gone_rows
from workbench.ledger.sessions.connections import Connections, ThreadConnection
from workbench.ledger.sessions.write_lock import BUSY, PATIENCE, build_busy_error, lock_of
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.sqlite_cipher import begin_write_ahead, build_open_error
from workbench.model.catalogue import Sentence
from workbench.model.values.limits import PASSAGE

if TYPE_CHECKING:
    from workbench.identity import Officer
    from workbench.ledger.sessions.access_protocol import RowFilter

WHOLE, STEP = ("", "COMMIT", "ROLLBACK"), ("SAVEPOINT step", "RELEASE step", "ROLLBACK TO step")
"""How a transaction begins, ends and is given up, by itself (`_begin` has begun it) and within another."""
LEAVING = ("close", "storage.lock")
"""Verbs that end the work on a case, wherever its folder is now."""


class Access:
    """What a ledger is opened with, and its transactions; `ledger.Ledger` has its rows. Parameters are those of `Ledger`."""

    _session: audit_log.Session

    def __init__(self, path: Path, *, officer: str | Officer, purpose: str, key: str = "") -> None:
        self.path, self.purpose = path, purpose
        self.identity = None if isinstance(officer, str) else officer
        self.officer = officer if isinstance(officer, str) else officer.card.name
        self._gate: RowFilter | None = None
        self.before_act: Callable[[], None] | None = None
        self.select_rules_with_rows: Callable[[frozenset[str]], frozenset[str]] | None = None
        """Those of some exclusions, by id, that take a mass row which the reader may see; set by who can read such rows."""
        self._versions = RowVersions()
        self._connections = Connections(path, key, wait=PATIENCE)
        try:
            begin_write_ahead(self._connections.open_first().sql)
        except sqlite3.DatabaseError as error:
            self._connections.close()
            raise build_open_error(path, error) from error
        self._lock = lock_of(path)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread, over which all rows can be read."""
        return self._connections.get_connection().sql

    @property
    def binding(self) -> Binding:
        """What this thread has changed."""
        return self._connections.get_connection().binding

    @property
    def gate(self) -> RowFilter | None:
        """What stands between the rows and their reader, on the connection of this thread."""
        own = self._connections.get_connection()
        if own.made_of is not self._gate:
            own.gate = gate = self._gate.clone() if self._gate else None
            own.made_of = self._gate
            if gate:
                gate(self)
        return own.gate

    @gate.setter
    def gate(self, gate: RowFilter | None) -> None:
        own = self._connections.get_connection()
        self._gate = own.made_of = own.gate = gate

    @property
    def session(self) -> audit_log.Session:
        """What entries of the log say of this session; within an act, as it was when the act began."""
        return self._connections.get_connection().session or self._session

    @session.setter
    def session(self, session: audit_log.Session) -> None:
        self._session, self._connections.get_connection().session = replace(session, rows=self._commit_rows), None

    def amend(self, **facts: str) -> None:
        """Set the reason, the legal basis or the mark of the session: for what begins from now on, and the act of this thread."""
        for session in {id(one): one for one in (self._session, self.session)}.values():
            for name, value in facts.items():
                setattr(session, name, value)

    @property
    def is_writing(self) -> bool:
        """Whether this thread is within a transaction: what it reads may yet be taken back."""
        return self._connections.get_connection().is_writing

    @contextmanager
    def act(self, verb: str = "") -> Iterator[None]:
        """What a person asks for at once: it reads one state of the rows, and its entries in the log have one reason.

        Other threads may write meanwhile. Whatever it writes itself it sees from then on, and with it what the others have written.
        A closed ledger is left as it is.

        Raises
        ------
        CaseError
            If its file was removed, moved or replaced since it was opened.
        """
        try:
            own = self._connections.get_connection()
        except sqlite3.ProgrammingError:
            yield
            return
        if not own.depth:
            if verb not in LEAVING:
                self._connections.keep_place()
            if self.before_act:
                self.before_act()
            own.session, own.verb = replace(self._session), verb
        own.depth += 1
        try:
            own.begin_snapshot()
            if own.depth == 1:
                own.began = audit_log.get_last_entry_number(own.sql)
            yield
        finally:
            own.depth -= 1
            if not own.depth:
                own.end_snapshot()
                own.session, own.verb = None, ""

    def check_unchanged(self, sql: sqlite3.Connection) -> None:
        """Within a transaction, raise where something was erased or excluded since the act of this thread began.

        Raises
        ------
        ChangedError
            With what to do.
        """
        own = self._connections.get_connection()
        if own.depth:
            gone_rows.check_unchanged(sql, own.began)

    def end_snapshot(self) -> None:
        """Within an act, read what is there now from the next question on."""
        self._connections.get_connection().end_snapshot()

    def renew_snapshot(self) -> None:
        """Within an act, read what is there now, and that one state from the next question on."""
        own = self._connections.get_connection()
        own.end_snapshot()
        own.begin_snapshot()

    @contextmanager
    def hold_write_lock(self) -> Iterator[None]:
        """Be the one that writes among the threads of this process. Raises as `write_lock.WriterLock.hold`."""
        own = self._connections.get_connection()
        own.end_snapshot()  # who writes may be waiting for those that read
        with self._lock.hold(own.verb):
            yield
            own.begin_snapshot()

    def get_version(self) -> int:
        """Number of the last change of rows (not of mere reading): what is derived from the rows is good until it changes."""
        query = """SELECT coalesce(max(seq), 0) FROM audit
            WHERE result = 'ok' AND op NOT IN ('consultation', 'disclosure')"""
        return int(self.connection.execute(query).fetchone()[0])

    def get_version_without(self, tables: Collection[str]) -> int:
        """Number of the last change of rows of other tables than these: what rests on none of these is good until it changes."""
        return self._versions.find_version(self.connection, tables, is_final=not self.is_writing)

    def count_added_rows(self, after: int, tables: Collection[str], others: Collection[str]) -> Counter[str] | None:
        """How many rows came into each of some tables after a version; None where more than that changed, but for other tables."""
        return count_added_rows(self.connection, after, tables, others)

    def get_leaf(self, entry: int) -> str:
        """What the log commits to with an entry, hexadecimal; '' where there is none of that number."""
        found = self.connection.execute("SELECT hex(leaf) FROM main.audit WHERE seq = ?", (entry,)).fetchone()
        return str(found[0]) if found else ""

    def has_lost_rows(self, after: int) -> bool:
        """Whether something was erased or excluded after an entry of the log, as it is on the disk now."""
        with closing(self._connections.open_another()) as sql:
            return gone_rows.has_changed(sql, after)

    @property
    def reader_connection(self) -> sqlite3.Connection:
        """The connection as its reader may see the rows; all that answers a question asks here."""
        own = self._connections.get_connection()
        if self._gate and not own.is_steady and (gate := self.gate):
            gate(self)
        return own.sql

    @property
    def current_filter(self) -> RowFilter | None:
        """The gate as it stands with the rows that are there now; within a transaction with those before it."""
        gate, own = self.gate, self._connections.get_connection()
        if gate and not own.is_steady and (gate.is_new or not own.is_writing):
            gate(self)
        return gate

    def encode_secret_ids(self) -> str:
        """Ids of which the reader may not even know that they are there, as a JSON list for a query; '' where there are none."""
        gate = self.gate
        ids = gate.list_secret_ids(self) if gate else ()
        return json.dumps(sorted(ids), ensure_ascii=False) if ids else ""

    def list_secret_ids(self) -> frozenset[str]:
        """Ids of all of which the officer may not even know that it is there."""
        gate = self.gate
        return gate.list_secret_ids(self) if gate else frozenset()

    @contextmanager
    def hold_filter(self) -> Iterator[None]:
        """What the reader sees is looked at once: for work that adds much and answers after it."""
        own = self._connections.get_connection()
        before, own.is_steady = bool(self.reader_connection) and own.is_steady, True
        try:
            yield
        finally:
            own.is_steady = before

    @contextmanager
    def open_transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Everything inside is written together or not at all; if it need not be durable, on the disk with the next that is.

        Raises
        ------
        CaseError
            If another thread or another process has been writing all the time that is waited for.
        """
        own = self._connections.get_connection()
        if own.is_together:
            with self._run_transaction(own, STEP):
                yield own.sql
            return
        own.end_snapshot()  # who writes may be waiting for those that read
        with self._lock.hold(own.verb) as holder:
            with self._set_durability(own.sql, durable=durable):
                holder.is_waiting = True
                _begin_write(own.sql)
                holder.is_waiting, own.is_writing = False, True
                try:
                    with self._run_transaction(own, WHOLE):
                        yield own.sql
                finally:
                    own.is_writing = False
            own.begin_snapshot()

    @contextmanager
    def _set_durability(self, sql: sqlite3.Connection, *, durable: bool) -> Iterator[None]:
        if durable:
            yield
            return
        sql.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            sql.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _run_transaction(self, own: ThreadConnection, steps: tuple[str, str, str]) -> Iterator[None]:
        begin, end, undo = steps
        if begin:
            own.sql.execute(begin)
        try:
            yield
            own.binding.write_marks()
            if own.binding.owes and steps is WHOLE:
                self.log(own.sql, "alteration", Object("rows"), {"because": "rows came or were replaced"})
            if steps is WHOLE:
                self._connections.keep_place()
            own.sql.execute(end)
        except BaseException:
            own.binding.drop()
            if own.sql.in_transaction:  # a full disk has ended it already
                own.sql.execute(undo)
            raise

    @contextmanager
    def group_transactions(self) -> Iterator[None]:
        """Transactions inside are steps of one. A step that fails leaves the others; while it goes on other writers wait."""
        own = self._connections.get_connection()
        with self.open_transaction():
            own.is_together = True
            try:
                yield
            finally:
                own.is_together = False

    def _commit_rows(self, entry: int) -> list[Told]:
        """What an entry commits to, of the rows that the thread which writes it has changed."""
        return self.binding.commit_rows(entry)

    def log(
        self,
        sql: sqlite3.Connection,
        operation: str,
        what: Object,
        detail: Mapping[str, object],
        *,
        to: Sequence[str] = (),
    ) -> None:
        """Append to the audit log inside the transaction of what it tells of; `because` in the detail is its reason.

        Raises
        ------
        CaseError
            If a reason is longer than a passage: nothing of the transaction counts.
        """
        reason = detail.get("because")
        if isinstance(reason, str) and len(reason) > PASSAGE:
            raise CaseError(
                Sentence(
                    "`{prop}`: the text has {count} characters. The maximum is {most}. Shorten it, or put the text "
                    "into a note.",
                    prop="because",
                    count=len(reason),
                    most=PASSAGE,
                )
            )
        audit_log.append_entry(sql, self.session, audit_log.Act(operation, what, detail, to), now())


def _begin_write(sql: sqlite3.Connection) -> None:
    """Begin to write."""
    try:
        sql.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == BUSY:
            raise build_busy_error() from error
        raise
