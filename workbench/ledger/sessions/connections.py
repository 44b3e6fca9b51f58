"""The connections of an open ledger: each thread has one of its own, made when it first asks and closed when the thread ends.

A connection of SQLite has one transaction, one set of temporary triggers and views, and one notion of what was read. Where two
threads share it, the one's COMMIT ends the other's work, and its rows and its log are mixed with the other's.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from sys import getrefcount
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.exclusions.struck_words import has_marked_term, has_term, is_in_marked_folder
from workbench.ledger.log.row_commitments import Binding
from workbench.ledger.sessions.inserts import build_name_query, build_phrase, to_index_text
from workbench.ledger.storage.source_names import (
    find_attachment_name,
    find_longest_word,
    get_base_name,
    get_folder,
    is_file_named,
    is_sidecar,
    is_title_of_file,
    is_title_of_text,
    list_hashes,
    list_words,
    replace_file_name,
)
from workbench.ledger.storage.sqlite_cipher import connect_ledger
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from workbench.ledger.log.audit_log import Session
    from workbench.ledger.sessions.access_protocol import RowFilter

PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY")
CLOSED = "Cannot operate on a closed ledger."


@dataclass(eq=False)
class ThreadConnection:
    """What belongs to one thread of an open ledger.

    Attributes
    ----------
    sql : Connection
    binding : Binding
        What this thread has changed.
    gate, made_of : Pane or None
        The gate of this connection, and that of the ledger of which it was made.
    is_steady, is_together, is_writing : bool
        Within `Ledger.steady`, `Ledger.together`, a transaction that writes.
    depth : int
        How deep the thread is within `Ledger.act`.
    verb : str
        What the person does, for those who wait.
    began : int
        The last entry of the log that was there when the act began.
    session : Session or None
        The session as it was when the act began.
    has_snapshot : bool
        A transaction is open that only reads.
    idle : int
        How many references there are to the connection where nobody reads with it.
    """

    sql: sqlite3.Connection
    binding: Binding = field(init=False)
    gate: RowFilter | None = None
    made_of: RowFilter | None = None
    is_steady: bool = False
    is_together: bool = False
    is_writing: bool = False
    depth: int = 0
    verb: str = ""
    began: int = 0
    session: Session | None = None
    has_snapshot: bool = False
    idle: int = 0

    def __post_init__(self) -> None:
        """Make functions known to the connection."""
        self.binding = Binding(self.sql)
        self.sql.create_function("plain", 1, to_index_text, deterministic=True)
        self.sql.create_function("phrase", 1, build_phrase, deterministic=True)
        self.sql.create_function("says", 2, has_term, deterministic=True)
        self.sql.create_function("says_marked", 3, has_marked_term, deterministic=True)
        self.sql.create_function("lies_in_marked", 3, is_in_marked_folder, deterministic=True)
        self.sql.create_function("renamed", 3, replace_file_name, deterministic=True)
        self.sql.create_function("titled_by_text", 2, is_title_of_text, deterministic=True)
        self.sql.create_function("titled_by_file", 2, is_title_of_file, deterministic=True)
        self.sql.create_function("base_name", 1, get_base_name, deterministic=True)
        self.sql.create_function("is_sidecar", 2, is_sidecar, deterministic=True)
        self.sql.create_function("longest_word", 1, find_longest_word, deterministic=True)
        self.sql.create_function("words_in", 1, list_words, deterministic=True)
        self.sql.create_function("name_query", 1, build_name_query, deterministic=True)
        self.sql.create_function("folder_of", 1, get_folder, deterministic=True)
        self.sql.create_function("names_file", 2, is_file_named, deterministic=True)
        self.sql.create_function("hashes_in", 1, list_hashes, deterministic=True)
        self.sql.create_function("attachment_name", 1, find_attachment_name, deterministic=True)
        for pragma in PRAGMAS:
            self.sql.execute(f"PRAGMA {pragma}")
        self.idle = getrefcount(self.sql)

    def __del__(self) -> None:
        """Close it. Where another thread reads with it just now, it is closed when that thread lets go of it."""
        if getrefcount(self.sql) <= self.idle:
            self.sql.close()

    def begin_snapshot(self) -> None:
        """Read one state of the rows from the next question on, where an act goes on and nothing is written."""
        if self.depth and not self.is_writing and not self.sql.in_transaction:
            self.sql.execute("BEGIN")
            self.has_snapshot = True

    def end_snapshot(self) -> None:
        """Read what is there now, from the next question on."""
        if self.has_snapshot:
            self.has_snapshot = False
            with suppress(sqlite3.ProgrammingError):  # the ledger was closed within the act
                if self.sql.in_transaction:
                    self.sql.execute("COMMIT")


class Connections:
    """The connections of one open ledger.

    Parameters
    ----------
    path : Path
        The file; made if missing.
    key : str
        Raw key of an encrypted ledger; '' for one that is not encrypted.
    wait : float
        Seconds that a lock of another process is waited for.
    """

    def __init__(self, path: Path, key: str, *, wait: float) -> None:
        self._path, self._file = path.resolve(), (0, 0)
        self._open: Callable[[], sqlite3.Connection] | None = lambda: connect_ledger(self._path, key, wait=wait)
        self._mutex = threading.Lock()
        self._local = threading.local()

    def open_first(self) -> ThreadConnection:
        """The connection of the thread that opens the ledger, which has yet to bring it to the newest schema."""
        made = self._create(self._get_opener())
        self._file = _get_file_id(self._path)
        return made

    def keep_place(self) -> None:
        """Look whether the file that is open still lies at its path: what is written to another, or to none, is lost.

        Raises
        ------
        CaseError
            If it was removed, moved or replaced.
        """
        if _get_file_id(self._path) != self._file:
            raise CaseError(
                Sentence(
                    "The case folder {folder} was removed, moved or replaced after you opened the case. Nothing was "
                    "written. Close the case, find the folder, and open the case again.",
                    folder=self._path.parent,
                )
            )

    def get_connection(self) -> ThreadConnection:
        """The connection of this thread.

        Raises
        ------
        sqlite3.ProgrammingError
            If the ledger was closed.
        """
        found: ThreadConnection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._create(self._get_opener())
            self.keep_place()
            found.binding.watch()
        return found

    def open_another(self) -> sqlite3.Connection:
        """A connection beside that of this thread, which reads what is there now; who asks for it closes it."""
        return self._get_opener()()

    def close(self) -> None:
        """Close the connections of all threads; that of a thread that is reading just now is closed when it has its answer."""
        with self._mutex:
            found: ThreadConnection | None = getattr(self._local, "connection", None)
            self._open, self._local = None, threading.local()
        if found is not None:
            found.sql.close()

    def _get_opener(self) -> Callable[[], sqlite3.Connection]:
        if self._open is None:
            raise sqlite3.ProgrammingError(CLOSED)
        return self._open

    def _create(self, opener: Callable[[], sqlite3.Connection]) -> ThreadConnection:
        sql = opener()
        try:
            made = ThreadConnection(sql)
        except BaseException:
            sql.close()
            raise
        with self._mutex:
            if self._open is None:
                sql.close()
                raise sqlite3.ProgrammingError(CLOSED)
            self._local.connection = made
        return made


def _get_file_id(path: Path) -> tuple[int, int]:
    """Device and number of a file; zeros where the system does not number its files, -1 where there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return -1, -1
    return (found.st_dev, found.st_ino) if found.st_ino else (0, 0)
