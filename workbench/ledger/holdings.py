"""Whether the files of a case are those that its ledger tells of: sources by their hash, files of mass rows as registered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.ledger.finding import BAD, OK, Finding
from workbench.ledger.folder import Folder
from workbench.ledger.walking import Walk

Hash = Callable[[Path], str]
"""Gives the SHA-256 of what a file of the case holds."""


def sources(sql: sqlite3.Connection, folder: Folder, found: Walk, hash_of: Hash) -> Iterator[Finding]:
    """Received files: each has the hash that is its name, is registered, and the log tells how it came."""
    registered = dict(sql.execute("SELECT sha256, name FROM sources ORDER BY name").fetchall())
    there = {path for path in folder.sources.glob("*") if not path.name.startswith(".")}
    files = {path.name: path for path in sorted(there)}
    if folder.vault.key:  # names on the disk say nothing
        known = {folder.vault.place(folder.sources / key): folder.sources / key for key in registered}
        files = {path.name: path for place, path in known.items() if place in there}
    bad = [
        *(
            f"The file sources/{name} is not what its name says: it was changed."
            for name in _changed(folder, files, hash_of)
        ),
        *(
            f"The source {registered[key]!r} ({key}) is gone."
            for key in _gone(registered, files, found.erased | found.fileless)
        ),
        *(f"No entry of the log tells of the source {key}." for key in sorted(set(registered) - found.collected)),
        *(f"The log tells of a source {key} that is registered no more." for key in _dropped(registered, found)),
    ]
    yield from (Finding("sources", BAD, said) for said in bad)
    if not bad:
        loose = len(there) - len(set(files) & set(registered))
        more = f" {loose} more lie there that no import finished." if loose else ""
        yield Finding("sources", OK, f"{len(registered)} sources have the content that their names say.{more}")


def _changed(folder: Folder, files: dict[str, Path], hash_of: Hash) -> list[str]:
    return [name for name, path in files.items() if not _is(folder, path, name, hash_of)]


def _gone(registered: dict[str, str], files: dict[str, Path], excused: set[str]) -> list[str]:
    return [key for key in registered if key not in files and key not in excused]


def _dropped(registered: dict[str, str], found: Walk) -> list[str]:
    return sorted(found.collected - set(registered) - found.erased)


def rows(sql: sqlite3.Connection, folder: Folder, hash_of: Hash) -> Iterator[Finding]:
    """Files of mass rows: each is as it was registered."""
    if sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'row_files'").fetchone() is None:
        return
    files = dict(sql.execute("SELECT path, sha256 FROM row_files ORDER BY path").fetchall())
    bad = [name for name, sha256 in files.items() if not _is(folder, folder.rows / name, sha256, hash_of)]
    yield from (Finding("rows", BAD, f"The file rows/{name} is gone or is not what was registered.") for name in bad)
    if not bad:
        yield Finding("rows", OK, f"{len(files)} files of mass rows are as they were registered.")


def _is(folder: Folder, path: Path, sha256: str, hash_of: Hash) -> bool:
    return folder.vault.place(path).is_file() and hash_of(path) == sha256
