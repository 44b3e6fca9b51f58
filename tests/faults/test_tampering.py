"""More than a thousand random tamperings of an audit log: each is found by the command and by the independent program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.ledger import tampering
from tests.ledger.loglike import ROOT, bad, copy, independent, make
from tests.ledger.tampering import NAMED, WAYS

TAMPERINGS = 1_200
PROCESSES = 40


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_every_tampering_is_found_by_both(tmp_path: Path) -> None:
    made, program, dice = make(tmp_path / "ledger.db", 100), independent(), Random(20260105)
    missed, misnamed, done = [], [], Counter[str]()
    for number in range(TAMPERINGS):
        way = WAYS[number % len(WAYS)]
        sql = copy(made.path)
        first = way(sql, dice, made)
        found = bad(sql, made)
        named = [one.entry for one in found if one.check in ("entries", "texts") and one.entry]
        if not found:
            missed.append((number, way.__name__, "command"))
        if program.verify(sql, made.notes) == []:
            missed.append((number, way.__name__, "program"))
        if way in NAMED and min(named, default=0) != first:
            misnamed.append((number, way.__name__, first, named))
        done[way.__name__] += 1
        sql.close()
    assert missed == [] and misnamed == []
    assert done.total() == TAMPERINGS and min(done.values()) >= 50


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_a_sample_is_found_by_the_program_as_a_process(tmp_path: Path) -> None:
    made, dice = make(tmp_path / "ledger.db"), Random(7)
    note = tmp_path / "last.txt"
    note.write_text(made.notes[-1][1], "utf-8")
    for number in range(PROCESSES):
        sql, path = copy(made.path), tmp_path / f"{number}.db"
        WAYS[number % len(WAYS)](sql, dice, made)
        target = sqlite3.connect(path)
        sql.backup(target)
        target.close()
        sql.close()
        program = [sys.executable, str(ROOT / "docs" / "verify.py"), str(path), str(note)]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        assert done.returncode == 1, (WAYS[number % len(WAYS)].__name__, done.stdout, done.stderr)


@pytest.mark.faults
def test_two_changes_at_once_do_not_hide_each_other(tmp_path: Path) -> None:
    made, dice = make(tmp_path / "ledger.db"), Random(11)
    for _ in range(200):
        sql = copy(made.path)
        for way in dice.sample((tampering.edit_field, tampering.edit_text, tampering.swap, tampering.edit_and_hash), 2):
            way(sql, dice, made)
        assert bad(sql, made)
        sql.close()
