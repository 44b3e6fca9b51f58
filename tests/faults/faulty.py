"""A file system of SQLite's engine in which the n-th write or sync fails. Run as a program it works on a case meanwhile."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import apsw

from workbench.case.case import Case, open_case
from workbench.errors import WorkbenchError
from workbench.ledger.verification import health_check

FAULTS = {"full": apsw.FullError, "io": apsw.IOError}


class Disk:
    """What the disk does: counts writes and syncs, and fails at one, or from one on."""

    def __init__(self, fault: str, at: int, *, lasting: bool) -> None:
        self.fault, self.at, self.lasting, self.count = fault, at, lasting, 0

    def touch(self) -> None:
        """Count one write or sync."""
        self.count += 1
        if self.count == self.at or (self.lasting and self.count > self.at):
            raise FAULTS[self.fault](f"injected at {self.count}")


class Files(apsw.VFS):
    """The engine's own file system with ciphers, over a disk that fails."""

    def __init__(self, disk: Disk) -> None:
        self.disk, self.below = disk, next(name for name in apsw.vfs_names() if name.startswith("multipleciphers"))
        super().__init__("faulty", self.below, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802 - the engine's name
        """Open a file."""
        return File(self, name, flags)


class File(apsw.VFSFile):
    """A file on it."""

    def __init__(self, files: Files, name: Any, flags: list[int]) -> None:
        self.disk = files.disk
        super().__init__(files.below, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Write, or fail."""
        self.disk.touch()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Sync, or fail."""
        self.disk.touch()
        super().xSync(flags)


Lines = list[tuple[str, str, str, str]]
"""done or fault, verb, name, what was said"""


def work(case: Case, files: Path) -> Lines:
    """Receive, judge and note: what was acknowledged and what failed. A fault costs its step and no other."""
    steps = (
        [("add", path.name) for path in sorted(files.iterdir())]
        + [("judge", "")]
        + [("note", str(n)) for n in range(6)]
    )
    lines: Lines = []
    for verb, name in steps:
        try:
            if verb == "add":
                case.add(files / name)
            elif verb == "judge":
                case.context.ledger.judge([("person-a", "person-b")], "same", "test")
            else:
                case.review.note(f"note {name}")
        except (sqlite3.Error, WorkbenchError, OSError) as error:
            lines.append(("fault", verb, name, f"{type(error).__name__}: {error}"))
        else:
            lines.append(("done", verb, name, ""))
    return lines


def kept(case: Case, lines: Lines) -> None:
    """Everything that was acknowledged is there, and all that is there is whole."""
    done = [(verb, name) for state, verb, name, _ in lines if state == "done"]
    sources = case.sources.list().set_index("name")["state"].to_dict()
    assert {sources.get(name) for verb, name in done if verb == "add"} <= {"read", "quarantined"}
    assert {f"note {name}" for verb, name in done if verb == "note"} <= set(case.review.notes()["text"])
    sql, folder = case.context.ledger.connection, case.context.folder
    judged = sql.execute("SELECT count(*) FROM judgements").fetchone()[0]
    assert judged >= sum(verb == "judge" for verb, _ in done)
    assert not health_check.inspect_ledger(sql).faults and not health_check.inspect_ledger(sql).orphans
    for found in (health_check.inspect_sources(sql, folder), health_check.inspect_row_files(sql, folder)):
        assert not found.missing and not found.damaged


def tried(place: Path, files: Path, key: str, disk: Disk) -> Lines:
    """Open a case over a disk, work, and close it as far as the disk lets."""
    try:
        case = open_case(place, officer="ada", purpose="test", passphrase=key)
    except (sqlite3.Error, WorkbenchError, OSError) as error:
        return [("fault", "open", "", f"{type(error).__name__}: {error}")]
    lines = work(case, files)
    try:
        case.close()
    except (sqlite3.Error, WorkbenchError) as error:
        lines.append(("fault", "close", "", str(error)))
    return lines


def main(empty: Path, files: Path, key: str, points: int, *, lasting: bool) -> None:
    """At each of so many points of the work let the disk fail, mend it, and look at what is there."""
    disk = Disk("full", 10**9, lasting=lasting)
    made = Files(disk)
    tried(copy(empty, empty.with_name("whole")), files, key, disk)
    touched, faults, messages = disk.count, 0, set()
    for number in range(points):
        place = copy(empty, empty.with_name("case"))
        disk.count, disk.at, disk.fault = (
            0,
            1 + round((touched - 1) * number / (points - 1)),
            ("full", "io")[number % 2],
        )
        lines = tried(place, files, key, disk)
        failed = [line for line in lines if line[0] == "fault"]
        faults += bool(failed)
        messages |= {said.split(" at ")[0] for *_, said in failed}
        assert lasting or len(failed) <= 1, failed  # what follows a fault is done over the same connection
        disk.at = 10**9
        again = tried(place, files, key, disk)
        assert all(state == "done" for state, *_ in again), again
        case = open_case(place, officer="ada", purpose="test", passphrase=key)
        kept(case, [*lines, *again])
        assert len(case.sources.list()) == len(list(files.iterdir()))
        assert len(case.review.notes()) == 6
        case.close()
    print(json.dumps({"touched": touched, "faults": faults, "messages": sorted(messages)}))
    del made


def copy(folder: Path, to: Path) -> Path:
    """A copy of a folder in place of what was there."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), lasting=sys.argv[5] == "lasting")
