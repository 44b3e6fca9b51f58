"""The audit log: entries verified per second, entries appended inside one transaction and durably, proofs.

A durable append is a transaction of its own, brought to the disk before it is acknowledged; it depends on the disk, so the
rate at which the same file system syncs a plain file is measured beside it. `python -m benchmarks.audit [--entries N]` prints
the figures and keeps them in benchmarks/results/audit.json.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.keeping import keep
from workbench import identity
from workbench.ledger import Ledger, Object, Run
from workbench.ledger.log import checkpoints, merkle
from workbench.ledger.log.finding import BAD
from workbench.ledger.verification.verify import open_ledger, verify_case
from workbench.model.ids import compute_digest
from workbench.model.rows import Document, Passage

ENTRIES = 100_000
DURABLE = 500
PROOFS = 200
OFFICER = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
PASSAGES = 100_000
BATCH = 2_000
WORDS = (
    "The grey container was moved from the north quay to the shed of the harbour company before the night shift came in"
)
ROUNDS = 5
"""Times that a log is verified; the fastest counts, which other work on the machine has disturbed least."""


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of a piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def append(ledger: Ledger, count: int) -> None:
    """Entries like those of searches, in one transaction."""
    with ledger.open_transaction() as sql:
        for number in range(count):
            what = Object("search", count=7, query=f"container {number} at the quay")
            ledger.log(sql, "consultation", what, {"since": "2026-01-05", "sender": "+31 97 014 0001"})


def durable(ledger: Ledger, count: int) -> None:
    """The same, each in a transaction of its own."""
    for number in range(count):
        ledger.record("consultation", Object("search", count=7, query=f"container {number} at the quay"))


def synced(folder: Path, count: int) -> None:
    """What the disk does: write a little and sync, as often."""
    with (folder / "plain").open("wb") as file:
        for _ in range(count):
            file.write(b"x" * 1500)
            file.flush()
            os.fsync(file.fileno())


def inside(sql: sqlite3.Connection, notes: list[tuple[str, str]]) -> float:
    """Seconds that the command's function needs."""
    start = time.perf_counter()
    findings = verify_case(sql, given=notes)
    taken = time.perf_counter() - start
    if BAD in {one.state for one in findings}:
        raise SystemExit("the log does not verify")
    return taken


def outside(path: Path, notes: list[tuple[str, str]]) -> float:
    """Seconds that the program in the documentation needs."""
    spec = importlib.util.spec_from_file_location("independent", Path(__file__).parents[1] / "docs" / "verify.py")
    if spec is None or spec.loader is None:
        raise SystemExit("docs/verify.py is not there")
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    sql = open_ledger(path)
    start = time.perf_counter()
    wrong = program.verify(sql, notes)
    taken = time.perf_counter() - start
    sql.close()
    if wrong:
        raise SystemExit(wrong[0])
    return taken


def measure(folder: Path, count: int) -> dict[str, float]:
    """All figures, over a log of that many entries."""
    path = folder / "ledger.db"
    ledger = Ledger(path, officer=OFFICER, purpose="benchmark")
    found = {"entries": float(count), "append_in_a_transaction_per_s": count / seconds(lambda: append(ledger, count))}
    found["append_durable_per_s"] = DURABLE / seconds(lambda: durable(ledger, DURABLE))
    found["fsync_of_a_plain_file_per_s"] = DURABLE / seconds(lambda: synced(folder, DURABLE))
    found["checkpoint_s"] = seconds(ledger.sign_checkpoint)
    notes = [("given", text) for text in checkpoints.list_checkpoints(ledger.connection)]
    ledger.close()
    sql = open_ledger(path)
    whole = sql.execute("SELECT count(*) FROM audit").fetchone()[0]
    used = time.process_time()
    found["verify_per_s"] = whole / min(inside(sql, notes) for _ in range(ROUNDS))
    found["verify_per_cpu_s"] = whole * ROUNDS / (time.process_time() - used)
    found["verify_independent_per_s"] = whole / min(outside(path, notes) for _ in range(ROUNDS))
    found |= proofs(sql)
    sql.close()
    found["bytes_per_entry"] = path.stat().st_size / whole
    return found


def proofs(sql: sqlite3.Connection) -> dict[str, float]:
    """Milliseconds to make and to check a proof of inclusion, and how many hashes it has."""
    leaves = [bytes(leaf) for (leaf,) in sql.execute("SELECT leaf FROM audit ORDER BY seq")]
    top, step = merkle.compute_root(leaves), max(len(leaves) // 5, 1)
    made = [(index, merkle.build_inclusion_proof(leaves, index)) for index in range(0, len(leaves), step)]
    start = time.perf_counter()
    for _ in range(PROOFS):
        for index, proof in made:
            if not merkle.is_included(proof, leaves[index], index, len(leaves), top):
                raise SystemExit("a proof does not hold")
    checked = (time.perf_counter() - start) / PROOFS / len(made)
    return {
        "inclusion_proof_made_ms": 1000 * seconds(lambda: merkle.build_inclusion_proof(leaves, len(leaves) // 3)),
        "inclusion_proof_checked_ms": 1000 * checked,
        "inclusion_proof_hashes": float(len(made[0][1])),
    }


def rows(folder: Path, count: int) -> dict[str, float]:
    """CPU microseconds to write a passage of some twenty words in batches as a reader does, with its hash for the log and without.

    Without: the triggers that note what comes are dropped; the rows and the index of words are the same.
    """
    taken = {}
    for name in ("bound", "unbound"):
        ledger = Ledger(folder / f"{name}.db", officer=OFFICER, purpose="benchmark")
        if name == "unbound":
            query = "SELECT name FROM sqlite_temp_master WHERE type = 'trigger'"
            for (trigger,) in ledger.connection.execute(query).fetchall():
                ledger.connection.execute(f'DROP TRIGGER temp."{trigger}"')
        run = Run("read", "benchmark", "1", source="s")
        passages = [Passage(compute_digest("p", str(n)), "d", n, f"{n} {WORDS} {n % 997}") for n in range(count)]
        used = time.process_time()
        for start in range(0, count, BATCH):
            ledger.add_rows(run, passages[start : start + BATCH])
        ledger.finish(run, [Document("d", "PlainText", "text")], {})
        taken[name] = (time.process_time() - used) / count * 1e6
        ledger.close()
    sizes = [(folder / f"{name}.db").stat().st_size for name in ("bound", "unbound")]
    return {
        "passage_bound_us": taken["bound"],
        "passage_unbound_us": taken["unbound"],
        "passage_bound_ratio": taken["bound"] / taken["unbound"],
        "file_bound_ratio": sizes[0] / sizes[1],
    }


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), count) | rows(Path(folder), PASSAGES)
    for name, value in found.items():
        print(f"{name:32}{value:14,.2f}")
    keep("audit", found)


if __name__ == "__main__":
    main()
