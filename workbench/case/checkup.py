"""Is a case well? One line a part, what was found, and what to do. Nothing is changed."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.case import authority, unlocking
from workbench.case.book import Book
from workbench.case.progress import bar
from workbench.errors import CaseError
from workbench.ledger import Folder, casekey, health
from workbench.ledger.rows import DAY, sweep

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

MATERIAL = frozenset({"sources", "rows", "index of words", "index of meaning"})
"""Parts of which the numbers tell how much there is in the case."""
WELL, LOOK, MEND = "well", "look", "mend"
SHOWN = 3
AGAIN = "Add the file again, or restore the case from a backup."


class Finding(NamedTuple):
    """What was found of one part: a row of what the doctor answers."""

    part: str
    state: str
    found: str
    advice: str = ""


def table(folder: Folder) -> pd.DataFrame:
    """What was found of a case that is open here (columns: `Finding`)."""
    import pandas as pd

    return pd.DataFrame([_uncounted(one) for one in findings(folder, mine=True)], columns=pd.Index(Finding._fields))


def _uncounted(one: Finding) -> Finding:
    """Without numbers and names of material: they would tell an officer of what is not for that officer."""
    if one.part not in MATERIAL:
        return one
    advice = f"{one.advice} In a terminal, workbench doctor names what." if one.state != WELL else one.advice
    return one._replace(found="whole" if one.state == WELL else "not as it should be", advice=advice.strip())


def doctor(path: Path) -> int:
    """Print what was found in a case folder, also one that does not open; 0 if nothing is to mend, 1 otherwise."""
    bad = 0
    for one in findings(unlocked(path)):
        bad += one.state == MEND
        sys.stdout.write(f"{one.state:<4} {one.part}: {one.found}{f' – {one.advice}' if one.advice else ''}\n")
    sys.stdout.write("The case is well.\n" if not bad else f"{bad} to mend.\n")
    return int(bool(bad))


def unlocked(path: Path) -> Folder:
    """A case folder with its key where it is encrypted; nothing of it is changed.

    Raises
    ------
    CaseError
        If it is no case, or the passphrase does not open it.
    """
    if not (path / "case.toml").is_file():
        raise CaseError(f"{path} is no case: it has no case.toml. Name a case folder.")
    return unlocking.looked_into(path)


def tidy(book: Book, older: float = DAY) -> list[str]:
    """Delete what interrupted work has left and nobody has written to for `older` seconds; gives the names."""
    gone = sweep(book.ledger, book.folder.rows, older, vault=book.folder.vault)
    for path in health.left_overs(book.folder):
        if path.name.startswith(health.HIDDEN) and time.time() - path.stat().st_mtime >= older:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone


def findings(folder: Folder, *, mine: bool = False) -> Iterator[Finding]:
    """What was found, part by part; one that cannot be looked at does not stop the others. `mine`: it is open here."""
    yield _settings(folder)
    yield _encryption(folder)
    try:
        sql = health.opened(folder)
    except CaseError as error:
        yield Finding("ledger", MEND, "does not open", str(error))
    else:
        try:
            yield from _ledger(sql)
            yield _controller(sql, folder)
            yield from _named(sql, folder)
        finally:
            sql.close()
    yield _log(folder, mine=mine)
    yield _left(folder)
    yield _index(folder)
    yield _space(folder)


def _settings(folder: Folder) -> Finding:
    try:
        title, strange = folder.settings().title, folder.strange()
        if strange:
            return Finding("case.toml", LOOK, f"says nothing: {', '.join(map(repr, strange))}", "Look how it is spelt.")
        return Finding("case.toml", WELL, f"case {title!r}")
    except CaseError as error:
        return Finding("case.toml", MEND, "cannot be read", str(error))


def _encryption(folder: Folder) -> Finding:
    if folder.vault.key is None:
        return Finding("encryption", WELL, "not encrypted", "case.encrypt() encrypts it, if the disk is not.")
    others = len(list((folder.path / casekey.FOLDER).glob("*.key.age")))
    advice = "" if others else "Make a recovery key: case.recovery_key()."
    return Finding(
        "encryption", WELL if others else LOOK, f"encrypted; passphrase and {others} other ways to open it", advice
    )


def _ledger(sql: sqlite3.Connection) -> Iterator[Finding]:
    found = health.ledger(sql)
    bad = [*found.faults, *([f"{found.orphans} rows point to rows that are missing"] if found.orphans else [])]
    yield Finding(
        "ledger",
        MEND if bad else WELL,
        "; ".join(bad[:SHOWN]) or "whole",
        "Restore the case from a backup." if bad else "",
    )
    state, advice = WELL, ""
    if found.schema < found.newest:
        state, advice = LOOK, "Opening the case brings it to the newest schema. Make a backup before."
    elif found.schema > found.newest:
        state, advice = MEND, "It was written by a newer workbench. Update first."
    yield Finding("schema", state, f"{found.schema} of {found.newest}", advice)
    whole = found.passages == found.indexed
    yield Finding(
        "index of words", WELL if whole else MEND, f"{found.indexed:,} of {found.passages:,} passages",
        "" if whole else "Restore the case from a backup.",
    )  # fmt: skip


def _controller(sql: sqlite3.Connection, folder: Folder) -> Finding:
    """Who grants, and how that is known; bureaux that case.toml names do not count."""
    with suppress(CaseError):
        found = authority.recorded(health.said(sql, *authority.CONTROLLER), folder.settings().controller)
        if found.name and not found.key:
            advice = (
                "Open the case with the controller's key once: it is recorded, and nobody else is the controller then."
            )
            return Finding("controller", WELL, f"{found.name}: {authority.BY_NAME}", advice)
        return Finding(
            "controller", WELL if found.name else LOOK, str(found), "" if found.name else "Name one in case.toml."
        )
    return Finding("controller", LOOK, "not known", "Mend case.toml.")


def _named(sql: sqlite3.Connection, folder: Folder) -> Iterator[Finding]:
    """The files that the ledger names."""
    for part, look in (("sources", health.sources), ("rows", health.rows)):
        try:
            found = look(sql, folder, partial(bar, f"Comparing {part}", "files"))
        except CaseError as error:
            yield Finding(part, MEND, "cannot be compared", str(error))
            continue
        for what, names in (("missing", found.missing), ("damaged", found.damaged)):
            if names:
                yield Finding(part, MEND, f"{len(names):,} {what}: {_some(names)}", AGAIN)
        if not found.missing and not found.damaged:
            yield Finding(part, WELL, f"{found.count:,} files, each with its hash")
        if found.unknown:
            what = f"{len(found.unknown):,} files that the ledger does not know: {_some([path.name for path in found.unknown])}"
            yield Finding(part, LOOK, what, "They do not count. Where an import was interrupted, run it again.")


def _log(folder: Folder, *, mine: bool) -> Finding:
    log = folder.ledger.with_name(f"{folder.ledger.name}-wal")
    if not log.is_file() or not log.stat().st_size:
        return Finding("open log", WELL, "none")
    if mine:
        return Finding("open log", WELL, f"{log.stat().st_size >> 10:,} KiB, for the case is open here")
    advice = "A notebook has the case open, or one was killed: the next opening settles it. Copy no file meanwhile; use backup."
    return Finding("open log", LOOK, f"{log.stat().st_size >> 10:,} KiB", advice)


def _left(folder: Folder) -> Finding:
    found = health.left_overs(folder)
    if not found:
        return Finding("left over", WELL, "nothing")
    used = sum(map(health.size, found))
    advice = "It does not count. When nobody works on the case: case.doctor(tidy=True)."
    return Finding(
        "left over",
        LOOK,
        f"{len(found)} of interrupted work, {used >> 10:,} KiB: {_some([p.name for p in found])}",
        advice,
    )


def _index(folder: Folder) -> Finding:
    files = folder.vault.names(folder.derived / "vectors")
    what = f"{len(files)} files, {health.size(folder.derived) >> 10:,} KiB" if files else "not made yet"
    return Finding("index of meaning", WELL, what, "" if files else "The first search makes it.")


def _space(folder: Folder) -> Finding:
    free, used = shutil.disk_usage(folder.path).free, health.size(folder.path)
    what = f"{free >> 20:,} MiB free, the case takes {used >> 20:,} MiB"
    short = free < 2 * used
    return Finding(
        "space", LOOK if short else WELL, what, "Encrypting and restoring need room for a copy." if short else ""
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= 20 else f"{name[:12]}…" for name in names[:SHOWN])
    return shown + (", …" if len(names) > SHOWN else "")
