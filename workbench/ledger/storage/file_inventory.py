"""Whether the files of a case are those that its ledger tells of: sources by their hash, files of mass rows as registered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from workbench.ledger.log.finding import BAD, OK, OPEN, LogFinding
from workbench.ledger.log.log_walk import Walk
from workbench.ledger.storage.case_folder import HASH, Folder
from workbench.ledger.storage.encryption_conversion import find_unsealed
from workbench.model.catalogue import Sentence
from workbench.visible import escape_unprintable

Hash = Callable[[Path, Collection[int]], str]
"""Gives the SHA-256 of what a file of the case holds, without reading one of another size (`file_vault.Vault.hash`)."""
SHOWN = 3
"""Files that are named in a sentence."""


def list_source_findings(sql: sqlite3.Connection, folder: Folder, found: Walk, hash_of: Hash) -> Iterator[LogFinding]:
    """Received files: each has the hash that is its name, is registered, and the log tells how it came."""
    sizes = dict(sql.execute("SELECT sha256, size FROM sources").fetchall())
    registered = dict(sql.execute("SELECT sha256, name FROM sources ORDER BY name").fetchall())
    there = {path for path in folder.sources.glob("*") if not path.name.startswith(".")}
    files = {path.name: path for path in sorted(there)}
    if folder.vault.key:  # names on the disk say nothing
        known = {folder.vault.place(folder.sources / key): folder.sources / key for key in registered}
        files = {path.name: path for place, path in known.items() if place in there}
    unknown = {name: path for name, path in files.items() if name not in registered}
    strange = [name for name, path in unknown.items() if not HASH.fullmatch(name) or not path.is_file()]
    changed = [
        key for key in files if key in sizes and not _is_as_recorded(folder, files[key], (key, sizes[key]), hash_of)
    ]
    plain = [path for path in find_unsealed(folder) if path.parent == folder.sources]
    bad = [
        *(
            (
                path.name,
                Sentence(
                    "{name} is not encrypted. The file comes from an interrupted encryption, or somebody put "
                    "it there. The case does not read the file. To delete it, use "
                    "`case.storage.check(tidy=True)`. This command does not delete the file if it could be "
                    "the only copy.",
                    name=f"sources/{path.name}",
                ),
            )
            for path in plain
        ),
        *(
            (
                name,
                Sentence(
                    "`sources/{name}` was not imported into the case. A person or another program put it there. The "
                    "case does not read it. Move it out of the folder.",
                    name=escape_unprintable(name),
                ),
            )
            for name in strange
        ),
        *(
            (
                name,
                Sentence(
                    "The file of the source `{name}` was changed or damaged: its content does not match this "
                    "SHA-256. Restore the case from a backup.",
                    name=name,
                ),
            )
            for name in changed
        ),
        *(
            (
                key,
                Sentence(
                    "The source '{name}' ({key}) is missing. Restore the case from a backup.",
                    name=escape_unprintable(registered[key]),
                    key=key,
                ),
            )
            for key in _list_missing(registered, files, found.erased | found.fileless)
        ),
        *(
            (key, Sentence("No log entry records the source {key}. Restore the case from a backup.", key=key))
            for key in sorted(set(registered) - found.collected)
        ),
        *(
            (
                key,
                Sentence(
                    "The log records a source {key} that is no longer registered in the case. Restore the case from "
                    "a backup.",
                    key=key,
                ),
            )
            for key in _list_unregistered(registered, found)
        ),
    ]
    yield from (LogFinding("sources", BAD, said, about=frozenset({key})) for key, said in bad)
    if not bad:
        yield LogFinding(
            "sources", OK, Sentence("Sources whose content matches their SHA-256: {count}", count=len(registered))
        )
    told = {*(folder.vault.place(folder.sources / key) for key in registered), *plain}
    if loose := sorted({path.name for path in there - told}.difference(strange)):
        named = ", ".join(loose[:SHOWN]) + ", …" * (len(loose) > SHOWN)
        said = Sentence(
            "Files in `sources/` that were not imported: {loose} ({names}). The case does not read these "
            "files. The program did not check them.",
            loose=len(loose),
            names=named,
        )
        yield LogFinding("sources", OPEN, said, about=frozenset(loose))


def _list_missing(registered: dict[str, str], files: dict[str, Path], excused: set[str]) -> list[str]:
    return [key for key in registered if key not in files and key not in excused]


def _list_unregistered(registered: dict[str, str], found: Walk) -> list[str]:
    return sorted(found.collected - set(registered) - found.erased)


def list_row_findings(sql: sqlite3.Connection, folder: Folder, hash_of: Hash) -> Iterator[LogFinding]:
    """Files of mass rows: each is as it was registered."""
    if sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'row_files'").fetchone() is None:
        return
    query = "SELECT path, sha256, size FROM row_files ORDER BY path"
    sources = _list_row_sources(sql)
    files = {path: told for path, *told in sql.execute(query).fetchall()}
    bad = [
        name
        for name, (sha256, size) in files.items()
        if not _is_as_recorded(folder, folder.rows / name, (sha256, size), hash_of)
    ]
    plain = [path for path in find_unsealed(folder) if path.parent == folder.rows]
    told = [
        *(
            (
                path.name,
                Sentence(
                    "{name} is not encrypted. The file comes from an interrupted encryption, or somebody put "
                    "it there. The case does not read the file. To delete it, use "
                    "`case.storage.check(tidy=True)`. This command does not delete the file if it could be "
                    "the only copy.",
                    name=f"rows/{path.name}",
                ),
            )
            for path in plain
        ),
        *(
            (
                name,
                Sentence(
                    "The file `rows/{name}` is missing or was changed after it was registered. Restore the case from "
                    "a backup.",
                    name=name,
                ),
            )
            for name in bad
        ),
    ]
    yield from (LogFinding("rows", BAD, said, about=sources.get(name)) for name, said in told)
    if not bad and not plain:
        yield LogFinding(
            "rows",
            OK,
            Sentence("Files of mass rows that have not changed since they were registered: {count}", count=len(files)),
        )


def _list_row_sources(sql: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Name of a file of mass rows -> the sources whose rows it has."""
    found: dict[str, frozenset[str]] = {}
    for path, source in sql.execute("SELECT path, source FROM row_files").fetchall():
        found[str(path)] = found.get(str(path), frozenset()) | {str(source)}
    return found


def _is_as_recorded(folder: Folder, path: Path, told: tuple[str, int], hash_of: Hash) -> bool:
    """Whether a file has the SHA-256 and the size that the ledger tells of it."""
    sha256, size = told
    return folder.vault.place(path).is_file() and hash_of(path, (size,)) == sha256
