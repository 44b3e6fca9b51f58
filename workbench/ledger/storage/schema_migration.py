"""Bringing a ledger to the newest schema: scripts in `migrations/`, in order, all or none."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

PARTS = "SELECT type, name, tbl_name, sql FROM main.sqlite_master"
"""Tables, indexes, views and triggers of a ledger."""
PROGRAMS = ("trigger", "view")
"""What of a ledger runs by itself, or stands in for a table."""
OWN = re.compile(r"sqlite_autoindex_.*")
"""Names of what SQLite makes by itself for a table, whose text says it."""
ABSENT, STRANGE, ALTERED = "absent", "strange", "altered"
"""How a part differs from those of the schema: missing, not of it, made otherwise."""
Part = tuple[str, str]
"""Kind ('table', 'index', 'view', 'trigger') and name."""
SHOWN = 5
"""Names that a message lists."""

LONGEST = 80
"""Signs that are shown of a name."""
PATHS = (
    "SELECT sha256 FROM sources WHERE length(sha256) != 64 OR sha256 GLOB '*[^0-9a-f]*' LIMIT 3",
    "SELECT path FROM row_files WHERE path GLOB '*[/\\]*' OR path GLOB '.*' LIMIT 3",
    "SELECT value FROM case_facts WHERE name = 'case_id' AND (length(value) != 32 OR value GLOB '*[^0-9a-f]*')",
)
"""What names files, where it is no name that the workbench gives: in a folder of somebody else's it may lead out of it."""


def read_scripts() -> list[tuple[str, str]]:
    """Name and text of each script, in order; the number of a schema is its place, from 1."""
    folder = files("workbench.ledger").joinpath("migrations")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sql"))
    return [(name, folder.joinpath(name).read_text("utf-8")) for name in names]


def migrate_ledger(sql: sqlite3.Connection, path: Path) -> None:
    """Run what a ledger has not seen yet, inside the caller's transaction.

    Raises
    ------
    CaseError
        Where a newer workbench has written it.
    """
    known = read_scripts()
    done = int(sql.execute("PRAGMA user_version").fetchone()[0])
    if done > len(known):
        raise CaseError(
            Sentence(
                "A newer version of the program wrote {path}. The format version of the case database is "
                "{found}. This version of the program supports versions up to {known}. Update the program first.",
                path=path,
                found=done,
                known=len(known),
            )
        )
    if strange := list_foreign_parts(sql, done):
        raise CaseError(
            Sentence(
                "{path} contains items that no version of the program writes: {names}. They could change rows "
                "without you seeing it, so nothing was opened. Ask the person who gave you the folder about "
                "these items, or restore your own backup.",
                path=path,
                names=", ".join(strange[:SHOWN]),
            )
        )
    for number, (_, script) in enumerate(known[done:], done + 1):
        for statement in split_statements(script):
            sql.execute(statement)
        sql.execute(f"PRAGMA user_version = {number}")
    if paths := [str(name) for query in PATHS for (name,) in sql.execute(query)]:
        raise CaseError(
            Sentence(
                "{path} contains paths that no version of the program writes: {names}. The paths could "
                "lead to your own files, so nothing was opened. Ask the person who gave you the folder "
                "about these paths, or restore your own backup.",
                path=path,
                names=", ".join(name[:LONGEST] for name in paths),
            )
        )


def list_foreign_parts(sql: sqlite3.Connection, done: int) -> list[str]:
    """Triggers and views of a ledger that are not those of its schema, and those of them that it lacks: 'trigger spy'."""
    return [f"{kind} {name}" for kind, name in find_differences(sql, done) if kind in PROGRAMS]


def find_differences(sql: sqlite3.Connection, done: int) -> dict[Part, str]:
    """Parts of a ledger that are not as the scripts up to a schema make them, in order: how they differ (ABSENT, STRANGE, ALTERED)."""
    own, there = _build_parts(done), _list_parts(sql)
    found = {part: STRANGE if part not in own else ABSENT for part in own.keys() ^ there.keys()}
    found |= {part: ALTERED for part in own.keys() & there.keys() if own[part] != there[part]}
    return dict(sorted(found.items()))


@lru_cache(maxsize=4)
def _build_parts(done: int) -> dict[Part, str]:
    """Parts that the scripts make up to a schema."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.create_function("plain", 1, str)  # some scripts ask for it, here of no row
        for _, script in read_scripts()[:done]:
            for statement in split_statements(script):
                made.execute(statement)
        return _list_parts(made)


def _list_parts(sql: sqlite3.Connection) -> dict[Part, str]:
    """Kind and name of each part -> the table that it is for, and its text."""
    found = {}
    for kind, name, table, text in sql.execute(PARTS).fetchall():
        if not OWN.fullmatch(str(name)):
            found[str(kind), str(name)] = f"{table} {_normalise_part(str(kind), str(name), str(text))}"
    return found


def _normalise_part(kind: str, name: str, text: str) -> str:
    """The text of a part; of a table without the signs that versions of SQLite put around names in their own way."""
    return text.replace('"', "").replace(f"'{name}'", name) if kind == "table" else text


def split_statements(script: str) -> Iterator[str]:
    """The statements of a script one by one (`executescript` would commit the transaction)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
