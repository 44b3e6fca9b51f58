"""A case folder made over: the same rows and files, encrypted or no longer so. A crash at any moment leaves the old or the new.

Everything is copied beside, compared with what it was copied from, brought to the disk, and put in place by renaming. The
rename of `.changing` to `.changed` is the moment from which the new content counts; what an interruption leaves to be done is
done when the case is next opened, if the plan that lies with it (`changeplan`) says so and every file of the plan is there. Any
other folder of these names is left as it is, and the case is not opened over it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from itertools import zip_longest
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.storage import case_key, conversion_plan
from workbench.ledger.storage.case_folder import HASH, LOCK, PART, Folder
from workbench.ledger.storage.conversion_plan import Plan, compute_digest, describe_file, is_as_described
from workbench.ledger.storage.file_vault import PLAIN, SUFFIX, LyingVault, SealedVault, Vault, sync_folder
from workbench.ledger.storage.safe_deletion import delete_below, delete_file, is_rows, is_temporary, walk_files
from workbench.ledger.storage.sqlite_cipher import (
    begin_write_ahead,
    connect_ledger,
    find_journal,
    format_vacuum_target,
    is_busy,
    open_idle_ledger,
    open_read_only,
    refuse_journal,
)
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import MASS
from workbench.visible import escape_unprintable

LEDGER = "ledger.db"
NAMED = ("derived", "inbox", "outbox", "reports")
"""Folders whose files have names of their own; those of `sources` and `rows` are named by the ledger."""
MEMBERS = (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "sources", "rows", *NAMED, case_key.FILE, case_key.FOLDER)
"""What is made over; `case.toml` and whatever else lies in the folder stay as they are."""
MAKING, READY, COMING, OLD, GOING = ".changing", ".changed", ".coming", ".replaced", ".going"
ARRIVED = "arrived"
"""Ends the name of a file that came while its folder was made over, where there is one of its name."""
PLAINLY = b"SQLite format 3\0"
"""Begins a ledger that is not encrypted."""
SHOWN = 3
"""Names in a message."""
WAIT = 30.0
Watch = Callable[[Sequence[Path]], Iterable[Path]]


@contextmanager
def hold_entrance(folder: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the entrance of a case: nobody else opens it or makes it over meanwhile. It opens again if this process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    refuse_journal(folder / LOCK)
    try:
        lock = sqlite3.connect(folder / LOCK, timeout=wait, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise _build_entrance_error(folder, error) from error
    try:
        lock.execute("PRAGMA journal_mode = MEMORY")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise _build_entrance_error(folder, error) from error
    try:
        yield
    finally:
        lock.close()


def _build_entrance_error(folder: Path, error: sqlite3.OperationalError) -> CaseError:
    """Why a case cannot be entered: somebody is in it, or its folder cannot be written to."""
    if is_busy(error):
        return CaseError(
            Sentence(
                "Another notebook or program is opening, encrypting or decrypting {folder} "
                "({error}). Wait, then open the case again.",
                folder=folder,
                error=error,
            )
        )
    return CaseError(
        Sentence(
            "{folder} cannot be opened ({error}). Check that you are allowed to write there and that "
            "the disk has space. The path of the folder has {count} characters. If the path is too "
            "long, use a shorter path.",
            folder=folder,
            count=len(str(folder.resolve())),
            error=error,
        )
    )


def list_leftovers(folder: Path) -> list[str]:
    """Names of what an interrupted making over has left."""
    return [name for name in (MAKING, READY, COMING, OLD, GOING) if os.path.lexists(folder / name)]


def find_objection(folder: Path, *, is_open: bool = False) -> Sentence | None:
    """Why what lies in a case cannot be opened, finished or undone; None where it can, or there is nothing. Nothing is changed.

    `is_open`: this process has the case open, so nothing can be left of before, and the ledger is not looked at: closing a file
    takes away the locks that a process holds on it.
    """
    there = list_leftovers(folder)
    if said := find_journal(folder / LEDGER) or find_journal(folder / LOCK):
        return said
    if not there:
        return None
    if is_open or any(not (folder / name).is_dir() or (folder / name).is_symlink() for name in there):
        return _describe_unfinished(folder, there, "strange")
    if there == [MAKING]:
        return _find_undo_objection(folder)
    if there in ([READY], [READY, OLD], [COMING], [COMING, OLD], [COMING, GOING]):
        return _find_replacement_objection(folder, there)
    return _describe_unfinished(folder, there, "strange")


def _find_undo_objection(folder: Path) -> Sentence | None:
    """Why copies that were being made cannot be thrown away: the case that they are copies of has to be there."""
    making, plan = folder / MAKING, conversion_plan.read_plan(folder / MAKING)
    if plan is None:
        begun = all(
            path.name == conversion_plan.FILE or path.name.startswith(conversion_plan.BEGUN)
            for path in making.iterdir()
        )
        return None if begun else _describe_unfinished(folder, [MAKING], "strange")
    return None if compute_digest(folder / LEDGER) == plan.of else _describe_unfinished(folder, [MAKING], "other")


def _find_replacement_objection(folder: Path, there: Sequence[str]) -> Sentence | None:
    """Why what is ready cannot take the place of the case: it has to be whole, and for this case, and nothing may lie in the way."""
    new = folder / there[0]
    if there == [COMING] and not any(new.iterdir()):
        return None
    plan = conversion_plan.read_plan(new)
    if (
        plan is None
        or LEDGER not in plan.files
        or {path.name for path in new.iterdir()} - {*MEMBERS, conversion_plan.FILE}
    ):
        return _describe_unfinished(folder, there, "strange")
    old = folder / OLD if there[0] == READY else new
    twice = [name for name in MEMBERS if os.path.lexists(folder / name) and os.path.lexists(old / name)]
    if twice:
        return _describe_unfinished(folder, there, "twice", twice)
    lacking = plan.list_missing_files(new) if there[0] == READY else plan.list_missing_files(new, folder)
    if lacking:
        return _describe_unfinished(folder, there, "lacking", lacking)
    ledger = new / LEDGER if os.path.lexists(new / LEDGER) else folder / LEDGER
    if not _is_ledger(ledger, sealed=case_key.FILE in plan.files):
        return _describe_unfinished(folder, there, "lacking", [LEDGER])
    come = there[0] == COMING and ledger.parent == folder
    is_ours = come or plan.of in (compute_digest(folder / LEDGER), compute_digest(folder / OLD / LEDGER))
    return None if is_ours else _describe_unfinished(folder, there, "other")


def _is_ledger(ledger: Path, *, sealed: bool) -> bool:
    """Whether a ledger is one, as far as can be told without its key."""
    with ledger.open("rb") as file:
        begins = file.read(len(PLAINLY)) == PLAINLY
    if sealed or not begins:
        return sealed and not begins
    sql = open_read_only(ledger)
    try:
        sql.execute("SELECT count(*) FROM sources").fetchall()
    except sqlite3.DatabaseError:
        return False
    finally:
        sql.close()
    return True


def _describe_unfinished(folder: Path, there: Sequence[str], why: str, names: Sequence[str] = ()) -> Sentence:
    shown = ", ".join(escape_unprintable(name) for name in names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    reason = Sentence(f"refused.kept.unfinished.{why}", **({"names": shown} if shown else {}))
    return Sentence("refused.kept.unfinished.at", folder=folder, there=", ".join(there), why=reason)


def resolve_interrupted(folder: Path) -> None:
    """Finish or undo what was interrupted; the caller holds the entrance.

    Raises
    ------
    CaseError
        If what lies there is not what an interruption leaves, or not all of it. Nothing is changed then.
    """
    if said := find_objection(folder):
        raise CaseError(said)
    _throw_away(folder / MAKING)
    if (folder / READY).is_dir() or (folder / COMING).is_dir():
        _put_in_place(folder)


def _put_in_place(folder: Path) -> None:
    """Let what is ready take the place of the case, and delete what was there once all of it has."""
    if (folder / READY).is_dir():
        (folder / OLD).mkdir(exist_ok=True)
        for name in MEMBERS:
            if (folder / name).exists():
                (folder / name).replace(folder / OLD / name)
        sync_folder(folder)
        (folder / READY).rename(folder / COMING)
    for path in sorted((folder / COMING).iterdir()):
        if path.name != conversion_plan.FILE:
            path.replace(folder / path.name)
    if (folder / OLD).is_dir():
        _keep_arrivals(folder)
        _sync_folders(folder)
        (folder / OLD).rename(folder / GOING)  # from now on no file in it is told from those that are half wiped
        sync_folder(folder)
    wipe_folder(folder / GOING)
    _throw_away(folder / COMING)


def _keep_arrivals(folder: Path) -> None:
    """Put what came into the folders of the case after they were copied where it was: there is no other copy of it."""
    plan = conversion_plan.read_plan(folder / COMING)
    for path in _list_case_files(folder / OLD) if plan else ():
        name = path.relative_to(folder / OLD)
        if plan and not is_as_described(path, plan.goes.get(name.as_posix(), "")):
            place = folder / name
            while os.path.lexists(place):
                place = place.with_name(f"{place.name}.{ARRIVED}")
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _throw_away(folder: Path) -> None:
    """Wipe a folder, its plan last: without it nobody would know what the rest is."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            wipe_folder(path)
        elif path.name != conversion_plan.FILE:
            delete_file(path)
    if folder.is_dir():
        (folder / conversion_plan.FILE).unlink(missing_ok=True)
        folder.rmdir()


@dataclass(frozen=True, slots=True)
class _Transfer:
    """A file that is copied: by which name and vault it is read and written."""

    path: Path
    old: Vault
    made: Path
    new: Vault

    @property
    def lies(self) -> Path:
        """Where it lies on the disk."""
        return self.old.place(self.path)

    @property
    def stays(self) -> bool:
        """Whether its bytes stay as they are."""
        return self.old.key is None and self.new.key is None


def make_over(folder: Path, old: Vault, new: Vault, seal: Callable[[Path], None], watch: Watch = iter) -> list[str]:
    """Make a case over from one vault to another; nobody may have it open, and the caller holds the entrance.

    Gives the names of files in it that are no part of the case and stayed as they were.

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
    resolve_interrupted(folder)
    Folder(folder).keep_within()
    _may_move(folder)
    making = folder / MAKING
    making.mkdir()
    try:
        with ExitStack() as held:
            file = held.enter_context((folder / LEDGER).open("rb"))  # closed last: it takes the locks of SQLite with it
            sql, engine = _open_exclusive(folder / LEDGER, old.ledger_key, held)
            plan = Plan(file_digest(file, "sha256").hexdigest())
            plan.write(making)
            files = _plan_transfers(folder, old, new, list_files(sql, folder, old))
            goes = {path.relative_to(folder).as_posix(): describe_file(path) for path in files}
            _check_space(folder, [folder / LEDGER, *files])
            _copy_ledger(sql, engine, making / LEDGER, new.ledger_key)
            for path in watch(list(files)):
                _copy_file(files[path], making / files[path].made.relative_to(folder))
            seal(making)
        made = [path for path in sorted(making.rglob("*")) if path.is_file() and path != making / conversion_plan.FILE]
        Plan(plan.of, {path.relative_to(making).as_posix(): compute_digest(path) for path in made}, goes).write(making)
        _sync_folders(making)
        making.rename(folder / READY)
        sync_folder(folder)
    finally:
        _throw_away(making)
    _put_in_place(folder)
    return sorted(path.relative_to(folder).as_posix() for path, one in files.items() if one.stays)


def _may_move(folder: Path) -> None:
    """Refuse to begin where a folder of the case could not be moved or emptied in the end."""
    for name in MEMBERS:
        for path in (folder / name, *(folder / name).rglob("*")):
            if path.is_dir() and not os.access(path, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _plan_transfers(folder: Path, old: Vault, new: Vault, paths: Iterable[Path]) -> dict[Path, _Transfer]:
    """Every file in the folders of a case, by where it lies, and how it is copied: nobody may have another copy of it.

    What is under the key that goes is decrypted, whatever it is; what is no part of the case stays as it is.
    """
    ours = [path for path in paths if not isinstance(old, SealedVault) or not _is_of_others(path, old, folder)]
    files = {one.lies: one for one in (_Transfer(path, old, path, new) for path in ours)}
    taken = {one.made for one in files.values()}
    others = [path for path in _list_case_files(folder) if path not in files]
    for path in sorted(others, key=lambda path: isinstance(old, SealedVault) and old.is_sealed(path)):
        if isinstance(old, SealedVault) and old.is_sealed(path):
            one = _Transfer(path, LyingVault(old.key), _find_free_path(_name_within(path, folder, old), taken), new)
        else:
            one = _Transfer(path, PLAIN, path, new if _is_named(path, folder) and not old.key else PLAIN)
        taken.add(one.made)
        files[path] = one
    return files


def _is_of_others(path: Path, vault: SealedVault, folder: Path) -> bool:
    """Whether a file in a folder with free names has the suffix of the encrypted ones, but is under another key or none."""
    return path.relative_to(folder).parts[0] in NAMED and not vault.is_sealed(vault.place(path))


def _is_named(path: Path, folder: Path) -> bool:
    """Whether a file is one of the case by its place and name: sources by hash, mass rows by table, and any in the other folders."""
    if path.parent == folder / "sources":
        return HASH.fullmatch(path.name) is not None
    if path.parent == folder / "rows":
        return is_rows(path.name, sealed=False)
    return path.relative_to(folder).parts[0] in NAMED


def find_unsealed(folder: Folder) -> list[Path]:
    """Files of an encrypted case that lie there under names which tell what is in them: whatever left them, the case has them encrypted."""
    found = (path for place in (folder.sources, folder.rows) for path in walk_files(place) if folder.vault.key)
    return [path for path in found if _is_named(path, folder.path)]


def _name_within(path: Path, folder: Path, vault: SealedVault) -> Path:
    """The name that an encrypted file has in a case that is not encrypted, as far as its content tells it."""
    if path.parent in (folder / "sources", folder / "rows"):
        found = LyingVault(vault.key).hash(path)
        for name in (found, *(f"{table}-{found[:24]}.parquet" for table in MASS)):
            if vault.place(path.with_name(name or "-")) == path:
                return path.with_name(name)
    return path.with_name(path.name.removesuffix(SUFFIX))


def _find_free_path(path: Path, taken: Container[Path]) -> Path:
    """The path, or one beside it that nothing has."""
    while path in taken:
        path = path.with_name(f"{path.name}.{ARRIVED}")
    return path


def _list_case_files(folder: Path) -> Iterator[Path]:
    """Files in the folders of a case, but for what is only being written."""
    for top in ("sources", "rows", *NAMED):
        yield from (path for path in walk_files(folder / top) if not is_temporary(path.name))


def list_files(sql: sqlite3.Connection, folder: Path, vault: Vault) -> list[Path]:
    """Every file of a case that counts, by the name that it has in a case that is not encrypted."""
    place = Folder(folder)
    known = [place.sources / str(name) for (name,) in sql.execute("SELECT sha256 FROM sources ORDER BY 1").fetchall()]
    known += [
        place.rows / str(name) for (name,) in sql.execute("SELECT DISTINCT path FROM row_files ORDER BY 1").fetchall()
    ]
    named: list[Path] = []
    for top in NAMED:
        folders = [folder / top, *(path for path in sorted((folder / top).rglob("*")) if path.is_dir())]
        named += [one / name for one in folders for name in vault.list_names(one)]
    return [path for path in (*known, *named) if vault.place(path).is_file()]


def wipe_folder(folder: Path) -> None:
    """Overwrite every file below a folder once and delete it. A disk that writes elsewhere keeps what it had."""
    delete_below(folder)
    if folder.is_dir():
        folder.rmdir()


def list_hard_linked(folder: Path) -> list[str]:
    """Files of a case that have another name as well, as snapshots by hard links give them: path in the case."""
    found = (path for name in MEMBERS for path in (folder / name, *(folder / name).rglob("*")))
    return sorted(path.relative_to(folder).as_posix() for path in found if path.is_file() and path.lstat().st_nlink > 1)


def _open_exclusive(ledger: Path, key: str, held: ExitStack) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """The only connection to a ledger, and one of the engine with ciphers, both kept in `held`.

    The log is in the file then, and what lies of it beside is empty. The file goes on to write ahead: no journal is ever beside it.
    """
    sql = connect_ledger(ledger, key, wait=1.0, exclusive=True)
    held.callback(sql.close)
    try:
        sql.execute("BEGIN EXCLUSIVE")
        sql.execute("COMMIT")
        if sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]:
            raise CaseError(
                Sentence(
                    "Another notebook or program has the case open. Close it there (`case.close()`), then try again."
                )
            )
    except sqlite3.OperationalError as error:
        held_by = "held" if is_busy(error) else "not_copied"
        raise CaseError(Sentence(f"refused.kept.{held_by}", error=error)) from error
    if key:
        return sql, sql
    engine = open_idle_ledger(ledger)
    held.callback(engine.close)
    return sql, engine


def _copy_ledger(old: sqlite3.Connection, engine: sqlite3.Connection, copy: Path, key: str) -> None:
    """Copy the rows into a ledger under another key, and compare the two row by row."""
    try:
        engine.execute("VACUUM INTO ?", (format_vacuum_target(copy, key),))
    except sqlite3.OperationalError as error:
        raise CaseError(Sentence("refused.kept.not_copied", error=error)) from error
    made = connect_ledger(copy, key, wait=1.0)
    try:
        begin_write_ahead(made)
        _compare_ledgers(old, made)
    finally:
        made.close()
    with copy.open("r+b") as file:
        os.fsync(file.fileno())


def _compare_ledgers(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
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
                raise CaseError(
                    Sentence(
                        "The copy of the case database is different from the original ({query}). The case "
                        "was not changed. Run `workbench doctor` on the case.",
                        query=query,
                    )
                )
    if new.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise CaseError(Sentence("The copy of the case database is damaged. The case was not changed. Check the disk."))


def _copy_file(one: _Transfer, copy: Path) -> None:
    """Copy one file from vault to vault, and read the copy again."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    read, size, new = sha256(), 0, one.new
    with one.old.open(one.path) as source, new.place(copy).open("xb") as file:
        with new.open_writer(file.write) as write:
            while part := source.read(PART):
                read.update(part)
                size += len(part)
                write(part)
        file.flush()
        os.fsync(file.fileno())
    new.place(copy).chmod(one.lies.stat().st_mode & 0o777)
    if not new.has_content(copy, read.hexdigest(), size):
        raise CaseError(
            Sentence(
                "The copy of {name} is different from the original. The case was not changed. Check the disk.",
                name=one.path.name,
            )
        )


def _check_space(folder: Path, paths: Iterable[Path]) -> None:
    """Refuse to begin what the disk has no room for."""
    wanted, free = sum(path.stat().st_size for path in paths), shutil.disk_usage(folder).free
    if free < wanted * 1.1:
        raise CaseError(
            Sentence(
                "The disk of {folder} has {free} MiB free. A copy of the case needs {needed} MiB. "
                "Free some disk space.",
                folder=folder,
                free=free >> 20,
                needed=wanted >> 20,
            )
        )


def _sync_folders(folder: Path) -> None:
    """Bring the names in a folder and below it to the disk."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            sync_folder(path)
