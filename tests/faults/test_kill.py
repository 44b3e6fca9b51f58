"""kill -9 at random moments of add and extract: reopen, resume, the same ledger as an undisturbed run."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.case import material
from tests.faults.nursery import Nursery
from tests.scale import times

KILLS = times(20, 5)
TABLES = {
    "documents": "*", "traces": "*", "passages": "id, document_id, number, page, text", "statements": "*", "evidence": "*", "issues": "*",
    "readings": "*", "sources": "sha256, name, size", "runs": "id, kind, state, source, method, version, parameters",
}  # fmt: skip


def work(folder: str, files: str) -> None:
    """What is killed."""
    from workbench.case.case import open_case

    case = open_case(folder, officer="ada", purpose="test")
    case.add(files)
    case.extract()
    case.close()


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
@pytest.mark.validation
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    files = material.write(tmp_path)
    enlarge(files, 40)
    dice = random.Random(7)
    killed, cases = 0, [tmp_path / "killed-0"]
    with Nursery("tests.faults.test_kill:work") as nursery:
        for folder in ("whole", "warm"):
            status, length, _ = nursery.run(tmp_path / folder, files)
            assert status == 0
        while killed < KILLS:
            status, _, _ = nursery.run(cases[-1], files, after=dice.uniform(0.1, 0.9) * length)
            assert status in (0, -signal.SIGKILL)
            if status == 0:  # resumed so often that it is done, or quicker than before: the next one begins anew
                length *= 0.9
                cases.append(tmp_path / f"killed-{len(cases)}")
            killed += status != 0
        assert nursery.run(cases[-1], files)[0] == 0
    expected = ledger(tmp_path / "whole")
    assert all(ledger(case) == expected for case in cases)
