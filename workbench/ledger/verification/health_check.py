"""What can be seen of a case folder without changing it: whether the ledger is whole, and every file is what it says."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.erasure.tombstones import list_returns
from workbench.ledger.storage import stored_values
from workbench.ledger.storage.case_folder import Folder
from workbench.ledger.storage.encryption_conversion import find_unsealed, list_leftovers
from workbench.ledger.storage.file_vault import PLAIN, UNREAD
from workbench.ledger.storage.safe_deletion import is_temporary
from workbench.ledger.storage.schema_migration import find_differences, read_scripts
from workbench.ledger.storage.sqlite_cipher import build_open_error, open_read_only
from workbench.ledger.verification import word_index
from workbench.model.catalogue import Sentence

Watch = Callable[[Sequence[str]], Iterable[str]]
Named = tuple[str, int]
"""SHA-256 and size of a file."""
FOLDERS = ("sources", "rows", "derived", "inbox", "outbox", "reports", "keys")


@dataclass(frozen=True, slots=True)
class Ledger:
    """State of a ledger.

    Attributes
    ----------
    faults : tuple of str
        What SQLite finds wrong in it, and columns with values of another type than theirs.
    orphans : int
        Rows that point to rows that are not there.
    schema, newest : int
        Its schema, and the newest that this workbench knows.
    passages, indexed : int
        Passages that belong into the index of words, and that are in it.
    differing : tuple of str
        Tables, indexes, views and triggers that are not those of its schema, by kind and name: 'trigger spy'.
    words : mapping
        How the index of words is another than the passages make, as `word_index.Comparison.differences` has it.
    put_in : int
        Rows that another program put in as if the next entry of the log were to tell of them (`binding`).
    """

    faults: tuple[str, ...]
    orphans: int
    schema: int
    newest: int
    passages: int
    indexed: int
    differing: tuple[str, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)
    put_in: int = 0


@dataclass(frozen=True, slots=True)
class Files:
    """State of the files that the ledger names.

    Attributes
    ----------
    count : int
        How many it names.
    missing, damaged : tuple of str
        Names of those that are not there, and whose content is another.
    unknown : tuple of Path
        Files that it does not name.
    """

    count: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    unknown: tuple[Path, ...]


def open_ledger(folder: Folder) -> sqlite3.Connection:
    """The ledger, open for reading only.

    Raises
    ------
    CaseError
        If there is none, or it cannot be opened.
    """
    if not folder.ledger.is_file():
        raise CaseError(Sentence("{path} is missing. Restore the case from a backup.", path=folder.ledger))
    folder.keep_begun()
    sql = open_read_only(folder.ledger, folder.vault.ledger_key)
    try:
        sql.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.DatabaseError as error:
        sql.close()
        raise build_open_error(folder.ledger, error) from error
    return sql


def inspect_ledger(sql: sqlite3.Connection) -> Ledger:
    """State of the ledger."""
    try:
        said = tuple(str(row[0]) for row in sql.execute("PRAGMA integrity_check(20)").fetchall())
        faults = (*(line for line in said if line != "ok"), *stored_values.find_faults(sql))
        schema = _get_number(sql, "PRAGMA user_version")
        orphans = len(sql.execute("PRAGMA foreign_key_check").fetchall())
        passages = _get_number(sql, "SELECT count(*) FROM passages")
        hidden = _get_number(sql, "SELECT count(*) FROM unindexed") if _has_table(sql, "unindexed") else 0
        return Ledger(
            faults,
            orphans,
            schema,
            len(read_scripts()),
            passages - hidden,
            _get_number(sql, "SELECT count(*) FROM words_docsize"),
            tuple(f"{kind} {name}" for kind, name in find_differences(sql, min(schema, len(read_scripts())))),
            word_index.compare_index(sql).differences if word_index.is_comparable(sql) else {},
            _get_number(sql, "SELECT count(*) FROM row_marks WHERE entry < 0") if _has_table(sql, "row_marks") else 0,
        )
    except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as error:
        return Ledger((str(error),), 0, 0, len(read_scripts()), 0, 0)


CAME = """SELECT json_extract(entry, '$.object.id'), '', 0 FROM audit WHERE json_valid(entry) AND json_extract(entry, '$.op') = 'collection'
    AND json_extract(entry, '$.object.kind') = 'source' AND json_array_length(entry, '$.input_hashes') > 0"""
"""Sources of which the log tells that their file came."""


def inspect_sources(sql: sqlite3.Connection, folder: Folder, watch: Watch = iter) -> Files:
    """State of the received files; one that its sender has kept is missed by nobody."""
    names = _load_file_names(sql, "SELECT sha256, sha256, size FROM sources ORDER BY sha256")
    kept = _load_file_names(sql, "SELECT source, source, 0 FROM issues WHERE code = 'original-kept'")
    came = _load_file_names(sql, CAME) if kept else {}
    for key in kept:
        if key in names and key not in came and not folder.vault.place(folder.sources / key).exists():
            del names[key]
    return _inspect_files(folder, folder.sources, names, watch)


def list_unread(sql: sqlite3.Connection) -> list[str]:
    """Names of received files that no reading has come to the end of."""
    if not _has_table(sql, "runs"):
        return []
    query = """SELECT name FROM sources WHERE sha256 NOT IN (SELECT source FROM runs)
        AND sha256 NOT IN (SELECT source FROM issues WHERE code = 'original-kept') ORDER BY name"""
    return [str(name) for (name,) in sql.execute(query).fetchall()]


def inspect_row_files(sql: sqlite3.Connection, folder: Folder, watch: Watch = iter) -> Files:
    """State of the files of mass rows."""
    if not _has_table(sql, "row_files"):  # a ledger of the first schema
        return Files(0, (), (), ())
    names = _load_file_names(sql, "SELECT DISTINCT path, sha256, size FROM row_files ORDER BY path")
    return _inspect_files(folder, folder.rows, names, watch)


def list_current_terms(sql: sqlite3.Connection, kind: str, key: str) -> dict[str, list[str]]:
    """What is said of a target of terms and holds now: facet -> values; nothing in a ledger that has no terms yet."""
    if not _has_table(sql, "live_terms"):
        return {}
    query = "SELECT facet, value FROM live_terms WHERE target_kind = ? AND target_id = ?"
    return {facet: json.loads(value) for facet, value in sql.execute(query, (kind, key)).fetchall()}


def list_erasure_returns(sql: sqlite3.Connection) -> list[str]:
    """What is to be told of what was erased and has come back (`tombstones.list_returns`)."""
    try:
        return list_returns(sql) if _has_table(sql, "erasing") else []
    except sqlite3.DatabaseError:
        return []


def find_leftovers(folder: Folder) -> list[Path]:
    """Files and folders that interrupted work has left."""
    found = [folder.path / name for name in list_leftovers(folder.path)]
    for top in (folder.path, *(folder.path / name for name in FOLDERS)):
        found += [path for path in _list_paths(top) if is_temporary(path.name)]
    return found + find_unsealed(folder)


def find_plain_copies(sql: sqlite3.Connection, folder: Folder) -> list[Path]:
    """Files that lie plain in an encrypted case and are no only copy: it has them encrypted, or they are not what they are called."""
    kinds = (
        (folder.sources, "SELECT sha256, sha256, size FROM sources"),
        (folder.rows, "SELECT path, sha256, size FROM row_files"),
    )
    named = {place / name: told for place, query in kinds for name, told in _load_file_names(sql, query).items()}
    return [
        path
        for path in find_unsealed(folder)
        if (folder.vault.has_content(path, *named[path]) if path in named else _is_misnamed(path))
    ]


def _is_misnamed(path: Path) -> bool:
    """Whether a plain file is not what it is called; one that is too large to compare may be it."""
    found = PLAIN.hash(path)
    return found != UNREAD and found[:24] not in path.name


def compute_size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    return (
        path.stat().st_size if path.is_file() else sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    )


def _inspect_files(folder: Folder, place: Path, names: dict[str, Named], watch: Watch) -> Files:
    missing: list[str] = []
    damaged: list[str] = []
    for name in watch(list(names)):
        state = _get_file_state(folder, place / name, *names[name])
        if state:
            (missing if state == "missing" else damaged).append(name)
    known = {*(folder.vault.place(place / name) for name in names), *find_unsealed(folder)}
    unknown = (path for path in _list_paths(place) if path not in known and not path.name.startswith("."))
    return Files(len(names), tuple(missing), tuple(damaged), tuple(unknown))


def _get_file_state(folder: Folder, path: Path, sha256: str, size: int) -> str:
    """'' for a file that is what it should be, else 'missing' or 'damaged'."""
    if folder.vault.has_content(path, sha256, size):
        return ""
    return "damaged" if os.path.lexists(folder.vault.place(path)) else "missing"


def _load_file_names(sql: sqlite3.Connection, query: str) -> dict[str, Named]:
    """Names of files, their hashes and sizes, as the ledger has them."""
    try:
        return {str(name): (str(sha256), size) for name, sha256, size in sql.execute(query).fetchall()}
    except sqlite3.DatabaseError as error:
        raise CaseError(
            Sentence(
                "The case database cannot be read, so the program does not know which files the case should "
                "contain ({error}). Restore the case from a backup.",
                error=error,
            )
        ) from error


def _list_paths(place: Path) -> Iterator[Path]:
    yield from sorted(place.iterdir()) if place.is_dir() else ()


def _get_number(sql: sqlite3.Connection, query: str) -> int:
    return int(sql.execute(query).fetchone()[0])


def _has_table(sql: sqlite3.Connection, table: str) -> bool:
    return bool(sql.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall())
