"""A case folder made over: the same rows and files, encrypted or no longer so. A crash at any moment leaves the old or the new.

Everything is copied beside, compared with what it was copied from, brought to the disk, and put in place by renaming. The
rename of `.changing` to `.changed` is the moment from which the new content counts; what an interruption leaves to be done is
done when the case is next opened.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger import casekey
from workbench.ledger.cipher import connect, still, target
from workbench.ledger.folder import LOCK, PART, Folder
from workbench.ledger.vault import Vault, sync
from workbench.model.catalogue import Sentence

LEDGER = "ledger.db"
NAMED = ("derived", "inbox", "outbox", "reports")
"""Folders whose files have names of their own; those of `sources` and `rows` are named by the ledger."""
MEMBERS = (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "sources", "rows", *NAMED, casekey.FILE, casekey.FOLDER)
"""What is made over; `case.toml` and whatever else lies in the folder stay as they are."""
MAKING, READY, COMING, OLD = ".changing", ".changed", ".coming", ".replaced"
WAIT = 30.0
Watch = Callable[[Sequence[Path]], Iterable[Path]]


@contextmanager
def entrance(folder: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the entrance of a case: nobody else opens it or makes it over meanwhile. It opens again if this process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(folder / LOCK, timeout=wait, isolation_level=None)
    try:
        lock.execute("PRAGMA journal_mode = MEMORY")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise CaseError(Sentence("refused.open.busy", folder=folder, error=error)) from error
    try:
        yield
    finally:
        lock.close()


def left_over(folder: Path) -> list[str]:
    """Names of what an interrupted making over has left."""
    return [name for name in (MAKING, READY, COMING, OLD) if (folder / name).exists()]


def settle(folder: Path) -> None:
    """Finish or undo what was interrupted; the caller holds the entrance."""
    wipe(folder / MAKING)
    if (folder / READY).is_dir():
        (folder / OLD).mkdir(exist_ok=True)
        for name in MEMBERS:
            if (folder / name).exists():
                (folder / name).replace(folder / OLD / name)
        sync(folder)
        (folder / READY).rename(folder / COMING)
    if (folder / COMING).is_dir():
        for path in sorted((folder / COMING).iterdir()):
            path.replace(folder / path.name)
        sync(folder)
        (folder / COMING).rmdir()
    wipe(folder / OLD)


def make_over(folder: Path, old: Vault, new: Vault, seal: Callable[[Path], None], watch: Watch = iter) -> None:
    """Make a case over from one vault to another; nobody may have it open, and the caller holds the entrance.

    Parameters
    ----------
    seal : callable
        Writes what belongs to the key of the new vault into the folder it is given.
    watch : callable
        Passes the files through one by one, for a progress bar.

    Raises
    ------
    CaseError
        If it is open elsewhere, the disk is too small, or a copy is not what it was copied from. The case is as it was then.
    """
    settle(folder)
    making = folder / MAKING
    making.mkdir()
    try:
        with ExitStack() as held:
            sql, engine = _alone(folder / LEDGER, old.ledger_key, held)
            paths = contents(sql, folder, old)
            _room(folder, [folder / LEDGER, *(old.place(path) for path in paths)])
            _copy_ledger(sql, engine, making / LEDGER, new.ledger_key)
            for path in watch(paths):
                _copy(path, old, making / path.relative_to(folder), new)
            seal(making)
            _sync_folders(making)
            making.rename(folder / READY)
            sync(folder)
    finally:
        wipe(making)
    settle(folder)


def contents(sql: sqlite3.Connection, folder: Path, vault: Vault) -> list[Path]:
    """Every file of a case that counts, by the name that it has in a case that is not encrypted."""
    place = Folder(folder)
    known = [place.sources / str(name) for (name,) in sql.execute("SELECT sha256 FROM sources ORDER BY 1").fetchall()]
    known += [
        place.rows / str(name) for (name,) in sql.execute("SELECT DISTINCT path FROM row_files ORDER BY 1").fetchall()
    ]
    named: list[Path] = []
    for top in NAMED:
        folders = [folder / top, *(path for path in sorted((folder / top).rglob("*")) if path.is_dir())]
        named += [one / name for one in folders for name in vault.names(one)]
    return [path for path in (*known, *named) if vault.place(path).is_file()]


def wipe(folder: Path) -> None:
    """Overwrite every file below a folder once and delete it. A disk that writes elsewhere keeps what it had."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            path.rmdir()
        else:
            blank(path)
    if folder.is_dir():
        folder.rmdir()


def blank(path: Path) -> None:
    """Overwrite a file once with zeros and delete it."""
    path.chmod(0o600)
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(PART, left)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _alone(ledger: Path, key: str, held: ExitStack) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """The only connection to a ledger, and one of the engine with ciphers, both kept in `held`.

    The log is in the file then, and none lies beside it.
    """
    sql = connect(ledger, key, wait=1.0)
    held.callback(sql.close)
    try:
        sql.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        if sql.execute("PRAGMA journal_mode = DELETE").fetchall() != [("delete",)]:
            raise CaseError(Sentence("refused.kept.elsewhere"))
        sql.execute("BEGIN EXCLUSIVE")
        sql.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise CaseError(Sentence("refused.kept.held", error=error)) from error
    if key:
        return sql, sql
    engine = still(ledger)
    held.callback(engine.close)
    return sql, engine


def _copy_ledger(old: sqlite3.Connection, engine: sqlite3.Connection, copy: Path, key: str) -> None:
    """Copy the rows into a ledger under another key, and compare the two row by row."""
    try:
        engine.execute("VACUUM INTO ?", (target(copy, key),))
    except sqlite3.OperationalError as error:
        raise CaseError(Sentence("refused.kept.not_copied", error=error)) from error
    made = connect(copy, key, wait=1.0)
    try:
        _compare(old, made)
    finally:
        made.close()
    with copy.open("r+b") as file:
        os.fsync(file.fileno())


def _compare(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Find any difference between two ledgers.

    Raises
    ------
    CaseError
        If there is one.
    """
    listed = "SELECT name, sql FROM sqlite_master ORDER BY type, name"
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    queries = [
        listed,
        "PRAGMA user_version",
        *(f'SELECT * FROM "{name}"' for (name,) in old.execute(tables).fetchall()),
    ]
    for query in queries:
        for one, other in zip_longest(old.execute(query), new.execute(query)):
            if one != other:
                raise CaseError(Sentence("refused.kept.ledger_differs", query=query))
    if new.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise CaseError(Sentence("refused.kept.copy_damaged"))


def _copy(path: Path, old: Vault, copy: Path, new: Vault) -> None:
    """Copy one file from vault to vault, and read the copy again."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    read = sha256()
    with old.open(path) as source, new.place(copy).open("xb") as file:
        with new.into(file.write) as write:
            while part := source.read(PART):
                read.update(part)
                write(part)
        file.flush()
        os.fsync(file.fileno())
    new.place(copy).chmod(old.place(path).stat().st_mode & 0o777)
    if not new.holds(copy, read.hexdigest()):
        raise CaseError(Sentence("refused.kept.file_differs", name=path.name))


def _room(folder: Path, paths: Iterable[Path]) -> None:
    """Refuse to begin what the disk has no room for."""
    wanted, free = sum(path.stat().st_size for path in paths), shutil.disk_usage(folder).free
    if free < wanted * 1.1:
        raise CaseError(Sentence("refused.kept.no_room", folder=folder, free=free >> 20, needed=wanted >> 20))


def _sync_folders(folder: Path) -> None:
    """Bring the names in a folder and below it to the disk."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            sync(path)
