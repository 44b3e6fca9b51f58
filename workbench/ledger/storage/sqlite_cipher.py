"""Connections to a ledger: the standard library's `sqlite3`, and for encrypted cases SQLite3 Multiple Ciphers spoken to alike.

The cipher is ChaCha20-Poly1305, named so that another default of the library changes nothing: each page of the file and of
its write-ahead log has a nonce and a tag of its own, so a changed page is refused when it is read. What is not found by the
cipher is a whole page put back as it was before, and a log that was cut off; the audit log finds those.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import apsw

    Value = str | int | float | bytes | None
    Row = tuple[Value, ...]
    Parameters = Sequence[object] | Mapping[str, object]

CIPHER = "chacha20"
"""ChaCha20-Poly1305 per page; of the library's ciphers aes128cbc, aes256cbc and rc4 have no tag and are not for this."""
CACHE = 65_536
"""KiB of pages that a connection keeps decrypted. With SQLite's 2 MiB reading a case took 1.6 times the CPU of a plain one, for
each page was decrypted again and again; with this it takes the same."""
KEY = re.compile(r"[0-9a-f]{64}")
JOURNAL = "-journal"
"""Ends the name of a rollback journal of SQLite, after that of its database."""
EXCLUSIVE = "PRAGMA locking_mode = EXCLUSIVE"
KINDS: dict[str, type[sqlite3.Error]] = {
    "ConstraintError": sqlite3.IntegrityError, "MismatchError": sqlite3.IntegrityError, "TooBigError": sqlite3.DataError,
    "CorruptError": sqlite3.DatabaseError, "NotADBError": sqlite3.DatabaseError, "InternalError": sqlite3.InternalError,
    "NotFoundError": sqlite3.InternalError, "MisuseError": sqlite3.ProgrammingError, "RangeError": sqlite3.ProgrammingError,
    "BindingsError": sqlite3.ProgrammingError, "ConnectionClosedError": sqlite3.ProgrammingError,
    "CursorClosedError": sqlite3.ProgrammingError,
}  # fmt: skip
"""Errors of the engine that are not `sqlite3.OperationalError`."""


def load_engine() -> ModuleType:
    """The package `apsw`, in its build with ciphers.

    Raises
    ------
    CaseError
        If it is not installed, or as the build without ciphers.
    """
    try:
        import apsw
    except ImportError as error:
        raise CaseError(
            Sentence(
                "The case is encrypted and cannot be opened. The software package that opens encrypted "
                "cases is not installed. Run `pip install caseledger[encrypted]`."
            )
        ) from error
    if not hasattr(apsw, "mc_version"):
        raise CaseError(
            Sentence(
                "The case cannot be opened. The program uses the software package `apsw`, which cannot encrypt. "
                "Run `pip uninstall apsw`, then `pip install --force-reinstall caseledger[encrypted]`."
            )
        )
    return apsw


def find_journal(path: Path) -> Sentence | None:
    """Why a database of a case is not opened over what lies beside it; None where nothing does. Nothing is changed.

    A ledger writes ahead (WAL), and no file of a case is ever changed over a rollback journal. SQLite rolls one that lies there into the
    file when it first reads it, and deletes the file that the journal names as its master.
    """
    place = path.resolve()
    journal = place.with_name(f"{place.name}{JOURNAL}")
    if not os.path.lexists(journal):
        return None
    return Sentence(
        "{path} contains items that no version of the program writes: {names}. They could change rows "
        "without you seeing it, so nothing was opened. Ask the person who gave you the folder about "
        "these items, or restore your own backup.",
        path=path.parent,
        names=journal.name,
    )


def refuse_journal(path: Path) -> None:
    """Refuse to open a database of a case beside which a rollback journal lies.

    Raises
    ------
    CaseError
        With the name of the journal.
    """
    if said := find_journal(path):
        raise CaseError(said)


def begin_write_ahead(sql: sqlite3.Connection) -> None:
    """Let a ledger write ahead (WAL) from now on. No journal is written for that: no crash leaves one.

    A new ledger does not do so yet, nor does a copy that `VACUUM INTO` has made.
    """
    if sql.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        for mode in ("MEMORY", "WAL"):
            sql.execute(f"PRAGMA journal_mode = {mode}").fetchall()


def connect_ledger(
    path: Path, key: str = "", *, wait: float, readonly: bool = False, exclusive: bool = False
) -> sqlite3.Connection:
    """Open a ledger's file; autocommit. One thread uses a connection, which `connections.Connections` sees to; any may close it.

    Parameters
    ----------
    key : str
        64 hexadecimal digits: the raw key of an encrypted ledger; '' for one that is not encrypted.
    wait : float
        Seconds that a lock of another connection is waited for.
    readonly : bool
        Refuse to write, and to make the file where it is missing.
    exclusive : bool
        Let nobody else have it open from the first question on.

    Raises
    ------
    CaseError
        If it is encrypted and the package for it is missing, or a rollback journal lies beside it.
    """
    refuse_journal(path)
    if key:
        return cast(sqlite3.Connection, Connection(path, key, wait=wait, readonly=readonly, exclusive=exclusive))
    where = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
    options = {"timeout": wait, "isolation_level": None, "check_same_thread": False, "factory": PlainConnection}
    made: sqlite3.Connection = sqlite3.connect(where, uri=True, **options)  # type: ignore[call-overload] # as sqlite3 has them
    if exclusive:
        made.execute(EXCLUSIVE).fetchall()
    return made


class PlainConnection(sqlite3.Connection):
    """A connection that is closed when nobody holds it any more, in whichever thread that happens.

    The driver's own check of threads would refuse the close, and it is no use to close while another thread waits for rows: the
    driver does not survive it. An interrupt that comes within a function of ours, which SQLite calls, is raised as what it is.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as the driver has them
        super().__init__(*given, **named)
        self.interrupts: list[BaseException] = []

    def create_function(self, name: str, count: int, function: Callable[..., object], *, deterministic: bool) -> None:  # type: ignore[override]
        """Make a function of ours known to SQL."""
        super().create_function(name, count, _record_errors(function, self.interrupts), deterministic=deterministic)  # type: ignore[arg-type]

    def execute(self, sql: str, parameters: Parameters = ()) -> PlainCursor:  # type: ignore[override]
        """Run one statement."""
        return self.cursor(PlainCursor).execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> PlainCursor:  # type: ignore[override]
        """Run one statement for each row of parameters."""
        return self.cursor(PlainCursor).executemany(sql, rows)

    def __del__(self) -> None:
        """Close the file."""
        with suppress(sqlite3.ProgrammingError):  # it was never opened
            self.close()


RAISED = "user-defined function raised"


class PlainCursor(sqlite3.Cursor):
    """A cursor that raises an interrupt within a function of ours, where the driver would tell of an error in the function."""

    connection: PlainConnection

    def execute(self, sql: str, parameters: Parameters = ()) -> PlainCursor:  # type: ignore[override]
        """Run one statement."""
        with _OwnInterrupt(self):
            super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> PlainCursor:  # type: ignore[override]
        """Run one statement for each row of parameters."""
        with _OwnInterrupt(self):
            super().executemany(sql, rows)
        return self

    def fetchone(self) -> Any:  # noqa: ANN401 - as the driver has it
        """Next row, None after the last."""
        with _OwnInterrupt(self):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with _OwnInterrupt(self):
            return super().fetchall()

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """Rows one by one."""
        with _OwnInterrupt(self):
            yield from iter(super().__next__, None)


def _record_errors(function: Callable[..., object], interrupts: list[BaseException]) -> Callable[..., object]:
    """The function; what it raises is noted."""

    def call_recorded(*given: object) -> object:
        try:
            return function(*given)
        except BaseException as raised:
            interrupts.append(raised)
            raise

    return call_recorded


class _OwnInterrupt:
    """Within it, what a function of ours was interrupted by is raised in place of the driver's error.

    Where the driver says that a function raised, and none of them did, the interrupt came just as one was called.
    A cursor that failed is closed: the error keeps it, and with it the file would stay open after its connection is closed.
    """

    __slots__ = ("cursor",)

    def __init__(self, cursor: PlainCursor) -> None:
        self.cursor = cursor

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Raise it."""
        if not isinstance(error, sqlite3.Error):
            return
        with suppress(sqlite3.ProgrammingError):  # the connection is closed
            self.cursor.close()
        noted = self.cursor.connection.interrupts[:]
        self.cursor.connection.interrupts.clear()
        if not noted and RAISED in str(error):
            raise KeyboardInterrupt from error
        for interrupt in noted:
            if not isinstance(interrupt, Exception):
                raise interrupt from error


class Connection:
    """What the ledger uses of `sqlite3.Connection`, over the engine with ciphers.

    Parameters
    ----------
    path : Path or str
        The file, or a name of it as SQLite's URIs write it.
    key : str
        Raw key, or '' to open a file that is not encrypted.
    """

    def __init__(
        self, path: Path | str, key: str, *, wait: float, readonly: bool = False, exclusive: bool = False
    ) -> None:
        self._engine, self._lock = load_engine(), RLock()
        with self._guard_call():
            self._inner: apsw.Connection = self._engine.Connection(
                str(path), flags=self._build_flags(readonly=readonly)
            )
            self._inner.set_busy_timeout(int(wait * 1000))
            if key:
                unlock_connection(self._inner, key)
                if exclusive:  # before anything is read: a log that was opened for several stays so
                    self._inner.execute(EXCLUSIVE).fetchall()
                with suppress(
                    self._engine.Error
                ):  # of a file that is damaged or of another key, the first question says so
                    self._inner.execute(f"PRAGMA cache_size = -{CACHE}").fetchall()

    def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
        """Run one statement."""
        with self._guard_call():
            return Cursor(self, self._inner.cursor(), sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters."""
        with self._guard_call():
            self._inner.cursor().executemany(sql, rows)

    def create_function(self, name: str, count: int, function: Callable[..., object], *, deterministic: bool) -> None:
        """Make a function of ours known to SQL."""
        with self._guard_call():
            self._inner.create_scalar_function(name, function, count, deterministic=deterministic)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        with self._guard_call():
            return bool(self._inner.in_transaction)

    @property
    def changes(self) -> int:
        """Rows that the last statement inserted, changed or deleted."""
        return int(self._inner.changes())

    def close(self) -> None:
        """Close the file."""
        with self._guard_call():
            self._inner.close(True)  # noqa: FBT003 - the engine's own parameter, by place only

    def _build_flags(self, *, readonly: bool) -> int:
        found: int = self._engine.SQLITE_OPEN_URI
        if readonly:
            return found | int(self._engine.SQLITE_OPEN_READONLY)
        return found | int(self._engine.SQLITE_OPEN_READWRITE) | int(self._engine.SQLITE_OPEN_CREATE)

    @contextmanager
    def _guard_call(self) -> Iterator[None]:
        """One thread at a time; errors of the engine as those of `sqlite3`."""
        try:
            with self._lock:
                yield
        except self._engine.Error as error:
            raise _convert_error(error) from error


class Cursor:
    """What the ledger uses of `sqlite3.Cursor`: the rows of one statement."""

    def __init__(self, connection: Connection, inner: apsw.Cursor, sql: str, parameters: Parameters) -> None:
        self._connection, self._inner = connection, inner
        columns: list[tuple[str, ...]] = []
        changing: list[bool] = []

        def note(cursor: apsw.Cursor, _: str, __: object) -> bool:
            columns[:] = [(str(name), *[""] * 6) for name, _ in cursor.get_description()]
            changing[:] = [not cursor.is_readonly]
            return True

        inner.exec_trace = note
        inner.execute(sql, dict(parameters) if isinstance(parameters, Mapping) else tuple(parameters))
        inner.exec_trace = None
        self.description = tuple(columns)
        self.rowcount = connection.changes if changing == [True] else -1

    def fetchone(self) -> Row | None:
        """Next row, None after the last."""
        with self._connection._guard_call():  # noqa: SLF001 - the two are one
            return cast("Row | None", self._inner.fetchone())

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        with self._connection._guard_call():  # noqa: SLF001
            return cast("list[Row]", self._inner.fetchall())

    def __iter__(self) -> Iterator[Row]:
        """Rows one by one."""
        while (row := self.fetchone()) is not None:
            yield row


def unlock_connection(connection: apsw.Connection, key: str) -> None:
    """Give a connection of the engine its key."""
    if not KEY.fullmatch(key):
        raise ValueError("A raw key has 64 hexadecimal digits.")
    for pragma in (f"cipher = '{CIPHER}'", f"key = 'raw:{key}'"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def open_read_only(path: Path, key: str = "") -> sqlite3.Connection:
    """A ledger opened so that nothing is written, not even the notes that SQLite keeps beside it.

    While somebody else works in the case, there is a file `ledger.db-wal`, and SQLite's way of reading beside a writer is used.
    A text that is no UTF-8 is shown by its bytes: who looks at a ledger has to come to its end. What is read is what every other opening
    reads: where a rollback journal lies beside it, none of them opens it.

    Raises
    ------
    CaseError
        If one does.
    """
    refuse_journal(path)
    beside = path.with_name(f"{path.name}-wal")
    quiet = not beside.exists() or beside.stat().st_size == 0
    where = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if quiet else ''}"
    if key:
        return cast(sqlite3.Connection, Connection(where, key, wait=5.0, readonly=True))
    found = sqlite3.connect(where, uri=True, isolation_level=None)
    found.text_factory = partial(str, encoding="utf-8", errors="backslashreplace")
    return found


def is_undecodable(error: sqlite3.Error) -> bool:
    """Whether a text in a ledger is none."""
    return "Could not decode to UTF-8" in str(error)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else has locked what was asked for."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def build_open_error(path: Path, error: sqlite3.DatabaseError) -> CaseError:
    """Why a ledger cannot be opened, and what to do."""
    if is_undecodable(error):
        return CaseError(
            Sentence(
                "A value in the case database cannot be read ({error}). Another program may have changed it. To "
                "see what was changed, run `workbench verify` on the case. Then restore the case from a backup.",
                error=f"{error!s:.200}",
            )
        )
    if isinstance(error, sqlite3.OperationalError):
        return CaseError(
            Sentence(
                "{path} cannot be opened now ({error}). Check the free space on the disk and your access rights, "
                "then try again.",
                path=path,
                error=error,
            )
        )
    return CaseError(
        Sentence(
            "{path} is damaged, or is not the database of a case ({error}). Restore it from a backup.",
            path=path,
            error=error,
        )
    )


def open_idle_ledger(path: Path) -> sqlite3.Connection:
    """The engine with ciphers on a ledger that is not encrypted and that another connection of this process keeps still.

    It takes no lock: the two libraries would take each other's away. Closing it takes the other's, so keep it open as long.
    """
    return cast(sqlite3.Connection, Connection(f"{path.resolve().as_uri()}?immutable=1", "", wait=0, readonly=True))


def format_vacuum_target(path: Path, key: str) -> str:
    """Name of a file for VACUUM INTO over the engine: encrypted under the key, or not encrypted where the key is ''."""
    return f"{path.resolve().as_uri()}?cipher={CIPHER}&key={f'raw:{key}' if key else ''}"


def _convert_error(error: apsw.Error) -> sqlite3.Error:
    """An error of the engine as `sqlite3` would have raised it."""
    name = type(error).__name__
    found = KINDS.get(name, sqlite3.OperationalError)(str(error) or name)
    found.sqlite_errorcode = getattr(error, "extendedresult", getattr(error, "result", 1))
    found.sqlite_errorname = name
    return found
