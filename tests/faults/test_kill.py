"""kill -9 at random moments of add and extract: reopen, resume, the same ledger as an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.case import material

KILLS = 20
WORK = """
import sys
from workbench.case.case import open_case
case = open_case(sys.argv[1], officer="ada", purpose="test")
case.add(sys.argv[2])
case.extract()
case.close()
"""
TABLES = {
    "documents": "*", "traces": "*", "passages": "id, document_id, number, page, text", "statements": "*", "evidence": "*", "issues": "*",
    "readings": "*", "sources": "sha256, name, size", "runs": "id, kind, state, source, method, version, parameters",
}  # fmt: skip


def start(case: Path, files: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(case), str(files)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def ledger(case: Path) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the ledger but for times and the order in which passages were numbered."""
    connection = sqlite3.connect(case / "ledger.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = {
        table: sorted(connection.execute(f"SELECT {what} FROM {table}").fetchall(), key=repr)
        for table, what in TABLES.items()
    }
    connection.close()
    return rows


def enlarge(files: Path, copies: int) -> None:
    """Make the material large enough for a kill to fall into the middle of the work."""
    head, *lines = material.CHAT.strip().split("\n")
    body = [line.replace("2024", str(2000 + number)) for number in range(copies) for line in lines]
    (files / "large.txt").write_text("\n".join([head, *body]), "utf-8")


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    files = material.write(tmp_path)
    enlarge(files, 40)
    begun = time.monotonic()
    assert start(tmp_path / "whole", files).wait() == 0
    length = time.monotonic() - begun
    expected = ledger(tmp_path / "whole")
    dice = random.Random(7)
    killed, cases = 0, [tmp_path / "killed-0"]
    for turn in range(3 * KILLS):
        process = start(cases[-1], files)
        time.sleep(dice.uniform(0.2, 0.9) * length)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        elif process.returncode == 0:  # resumed so often that it is done: the next one begins anew
            cases.append(tmp_path / f"killed-{turn + 1}")
        process.wait()
        if killed == KILLS:
            break
    assert start(cases[-1], files).wait() == 0
    assert killed == KILLS
    assert all(ledger(case) == expected for case in cases)
