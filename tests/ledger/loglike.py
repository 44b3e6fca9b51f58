"""A ledger with a log such as cases have, its checkpoints in other hands, and a copy of it to do anything to."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from workbench import identity
from workbench.identity import Officer
from workbench.ledger import Arrival, Ledger, Object
from workbench.ledger.log import checkpoints
from workbench.ledger.log.finding import BAD, LogFinding
from workbench.ledger.verification.cosignatures import Trust
from workbench.ledger.verification.verify import Note, verify_case

ANEW = re.compile(r"The (table|index|trigger) audit(_changes|_is_not_\w+)? (is missing|was changed)\b")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Made:
    """A ledger and what others have of it."""

    path: Path
    officer: Officer
    other: Officer
    notes: tuple[Note, ...]
    size: int
    """Entries that the last checkpoint in other hands covers."""

    @property
    def trust(self) -> Trust:
        return Trust(cards=(self.officer.card, self.other.card))


def make(path: Path, entries: int = 60) -> Made:
    """A log of that many entries and more, with checkpoints after each fifteen, one counter-signed, all given away."""
    officer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
    other = identity.create_temporary("Bo Ek", bureau="NCB Sarnia", country="QN")
    ledger, notes = Ledger(path, officer=officer, purpose="investigation 7"), []
    for number in range(entries):
        work(ledger, number)
        if number % 15 == 14:
            note = ledger.sign_checkpoint()
            notes.append((f"given-{number}.txt", note))
    line = checkpoints.build_countersignature(notes[0][1], other, int(time.time()))
    ledger.add_countersignature(f"{notes[0][1]}{line}\n", other.card)
    last = ledger.sign_checkpoint()
    ledger.close()
    return Made(path, officer, other, (*notes, ("last.txt", last)), checkpoints.parse_checkpoint(last).size)


def work(ledger: Ledger, number: int) -> None:
    """One act of an officer."""
    match number % 5:
        case 0:
            ledger.record("consultation", Object("search", count=number, query=f"container {number}"))
        case 1:
            ledger.add_source(f"{number:064x}", Arrival(f"phone {number}.txt"), 10, {"exhibit": "K1"})
        case 2:
            ledger.add_note("note", f"He said ‘{number}’ – ما قاله", [], {})
        case 3:
            ledger.judge([(f"person-{number}", "person-1")], "same", "same passport")
        case _:
            ledger.record(
                "disclosure", Object("report", "r.html", outputs=["ab" * 32]), to=["The prosecutor", "NCB Sarnia"]
            )


def copy(path: Path) -> sqlite3.Connection:
    """The ledger in memory, with nothing that keeps entries from being changed."""
    source, made = sqlite3.connect(path), sqlite3.connect(":memory:", isolation_level=None)
    source.backup(made)
    source.close()
    made.execute("CREATE TABLE free (seq INTEGER PRIMARY KEY, entry TEXT, leaf BLOB)")
    made.execute("INSERT INTO free SELECT seq, entry, leaf FROM audit")
    made.execute("DROP TABLE audit")
    made.execute("ALTER TABLE free RENAME TO audit")
    return made


def bad(sql: sqlite3.Connection, made: Made, notes: tuple[Note, ...] | None = None) -> list[LogFinding]:
    """What the command finds wrong, but for the log's table, which `copy` has made anew."""
    found = verify_case(sql, given=made.notes if notes is None else notes, trust=made.trust)
    return [one for one in found if one.state == BAD and not ANEW.match(str(one.said))]


def independent() -> ModuleType:
    """The program in the documentation, as a module."""
    spec = spec_from_file_location("independent", ROOT / "docs" / "verify.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
