"""kill -9 at a hundred random moments of receiving, judging, erasing, packing and taking in, on the same two cases.

After each one the cases are opened: the log verifies, all that was acknowledged is there, and nothing is there by half.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.work import CALLS, KINDS, PAIRS, PASSAGES, marker
from tests.scale import times
from workbench.case.case import Case, open_case
from workbench.ledger.log.finding import BAD
from workbench.ledger.parquet_rows import list_damaged, list_live_files
from workbench.ledger.verification import health_check
from workbench.ledger.verification.verify import verify_case

KILLS, EACH, MOST = times(100, 16), times(10, 2), times(160, 60)
"""Kills; how many of them at least hit each kind of work; after how many it is given up."""
LIMIT = 2.0
"""Seconds of CPU in which a case is open again."""
ANEW = 10
"""Every so many kills a new process opens ada's case."""
OPEN = """
import sys, time
from workbench.case.case import open_case
begun = time.process_time()
open_case(sys.argv[1], officer="eve", purpose="training").close()
print(time.process_time() - begun)
"""


@dataclass
class Promised:
    """What was acknowledged: names of sources received and erased, of judgements, of packages made and taken in."""

    read: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    packed: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    def hear(self, lines: list[list[str]]) -> None:
        """Take in what a worker has said; a source whose erasure it has named may be gone or not."""
        for word, kind, *rest in lines:
            if word == "naming":
                self.doubtful.add(rest[0])
            if word == "done":
                told = {
                    "ingest": self.read,
                    "judge": self.judged,
                    "erase": self.erased,
                    "pack": self.packed,
                    "import": self.taken,
                }
                told[kind].update(rest[1:])
        self.doubtful -= self.erased
        self.read -= self.erased | self.doubtful


class Nursery:
    """The warm parent, and what its worker says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number, self.dice = folder, 0, random.Random(20260301)
        self.lengths: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.work", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def work(
        self, promised: Promised, waiting: set[str], target: str = "", rounds: int = 3
    ) -> tuple[list[list[str]], str]:
        """Let a worker work, and kill it somewhere in the target; what it has said, and in what it was interrupted."""
        assert self.process.stdin and self.process.stdout
        self.number += 1000
        order = {
            "number": self.number, "rounds": rounds, "sources": sorted(promised.read), "packages": sorted(waiting),
        }  # fmt: skip
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        said: list[list[str]] = []
        pid = 0
        for line in self.process.stdout:
            said.append(line.split())
            if said[-1][0] == "ready":
                pid = int(said[-1][1])
            elif said[-1][:2] == ["begin", target] and pid:
                time.sleep(self.dice.uniform(0, 1.1) * statistics.median(self.lengths[target][-9:]))
                os.kill(pid, signal.SIGKILL)
                target = ""
            elif said[-1][0] == "done":
                self.lengths[said[-1][1]].append(float(said[-1][2]))
            elif said[-1][0] == "ended":
                break
        assert said[-1] in (["ended", "0"], ["ended", str(-signal.SIGKILL)]), (self.folder / "errors.txt").read_text()
        last = said[-2]
        return [line for line in said if len(line) > 2], last[1] if last[0] == "begin" else ""

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def nursery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    made = Nursery(tmp_path)
    yield made
    made.close()


def opened(folder: Path) -> tuple[Case, float]:
    """The case, opened by somebody else, and the seconds of CPU that it took."""
    begun = time.process_time()
    case = open_case(folder, officer="eve", purpose="training")
    return case, time.process_time() - begun


def whole(case: Case) -> None:
    """The log verifies with all files, and the ledger is sound."""
    sql, folder = case.context.ledger.connection, case.context.folder
    assert [one.said for one in verify_case(sql, folder) if one.state == BAD] == []
    state = health_check.inspect_ledger(sql)
    assert not state.faults and not state.orphans and state.passages == state.indexed
    for found in (health_check.inspect_sources(sql, folder), health_check.inspect_row_files(sql, folder)):
        assert not found.missing and not found.damaged
    assert list_damaged(case.context.ledger, folder.rows) == []
    assert sql.execute("SELECT count(*) FROM erasing").fetchone() == (0,)
    each_source_is_whole(case)


def each_source_is_whole(case: Case) -> None:
    """What counts of a source is all of it: a note with its passages, a table with its rows."""
    sources = case.sources.list()
    assert not sources["name"].duplicated().any() and set(sources["state"]) <= {"read", "interrupted"}
    read = sources[sources["state"] == "read"].set_index("name")["source"]
    passages = case.context.passages.merge(case.context.traces, on="document_id").groupby("source").size()
    rows = list_live_files(case.context.ledger).groupby("source")["rows"].sum()
    for name, key in read.items():
        assert passages.get(key, 0) == PASSAGES if "note" in str(name) else rows[key] == CALLS, name
    assert set(passages.index) | set(rows.index) <= set(read)


def check_mine(case: Case, promised: Promised) -> set[str]:
    """What ada's case promised; which of its packages are made."""
    sql, folder = case.context.ledger.connection, case.context.folder.path
    names = set(case.sources.list().query("state == 'read'")["name"])
    assert promised.read <= names and not promised.erased & names
    assert len(case.privacy.erasures()) >= len(promised.erased)
    content = b"".join(path.read_bytes() for path in (*folder.glob("ledger.db*"), *(folder / "sources").iterdir()))
    for name in promised.erased | promised.doubtful - names:
        assert "note" not in name or marker(int(name.split("-")[0])).encode() not in content
    judged = dict(sql.execute("SELECT because, count(*) FROM judgements GROUP BY because").fetchall())
    assert promised.judged <= judged.keys() and set(judged.values()) <= {PAIRS}
    assert entries(sql, "combination") == len(judged)
    known = {f"{name}.case.age" for name in case.packages.list()["package"]}
    lying = {path.name for path in (folder / "outbox").glob("*.case.age") if not path.name.startswith(".")}
    assert promised.packed <= lying <= known and entries(sql, "disclosure") >= len(known)
    promised.read = names
    promised.erased |= promised.doubtful - names
    promised.doubtful.clear()
    return lying


def entries(sql: sqlite3.Connection, operation: str) -> int:
    """Entries of the log."""
    found = sql.execute("SELECT count(*) FROM audit WHERE op = ? AND result = 'ok'", (operation,)).fetchone()
    return int(found[0])


def check_theirs(case: Case, promised: Promised) -> set[str]:
    """What bo's case promised; which packages it has."""
    known = {f"{name}.case.age" for name in case.packages.list()["package"]}
    assert promised.taken <= known
    runs = case.context.ledger.connection.execute("SELECT count(*) FROM runs WHERE kind = 'package'").fetchone()
    assert runs == (len(known),)
    promised.taken = known
    return known


def anew(folder: Path) -> float:
    """Seconds of CPU in which a new process that has loaded the package opens a case."""
    return float(subprocess.run([sys.executable, "-c", OPEN, str(folder)], check=True, capture_output=True).stdout)


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(2400)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_nothing_acknowledged_is_lost_and_nothing_is_half(tmp_path: Path, nursery: Nursery) -> None:
    promised, waiting = Promised(), set[str]()
    hits, slowest, kills = Counter[str](), 0.0, 0
    promised.hear(nursery.work(promised, waiting, rounds=4)[0])
    while kills < KILLS or (min(hits[kind] for kind in KINDS) < EACH and kills < MOST):
        lines, interrupted = nursery.work(promised, waiting, KINDS[kills % len(KINDS)])
        promised.hear(lines)
        kills += 1
        hits[interrupted] += 1
        if kills % ANEW == 0:
            slowest = max(slowest, anew(tmp_path / "ada"))
        for name, check in (("ada", check_mine), ("bo", check_theirs)):
            case, seconds = opened(tmp_path / name)
            slowest = max(slowest, seconds)
            whole(case)
            found = check(case, promised)
            waiting = found if name == "ada" else waiting - found
            case.close()
    print(f"{kills} kills, in the middle of {dict(hits)}; {len(promised.read)} sources, {len(promised.erased)} erased,")
    print(f"{len(promised.judged)} judgements, {len(promised.packed)} packages, {len(promised.taken)} taken in;")
    print(f"open again in {slowest:.2f} s of CPU at most")
    assert min(hits[kind] for kind in KINDS) >= EACH
    assert slowest < LIMIT
