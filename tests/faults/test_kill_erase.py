"""kill -9 at random moments of an erasure: afterwards it has not begun, or it is finished when the case is opened; never half."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.case import erasable
from tests.case.erasable import NUMBERS, SECRET, WORDS
from tests.case.everywhere import Needles, anywhere
from tests.scale import times
from workbench.case.case import open_case

KILLS = times(25, 6)
PACE = 1.15
WORK = """
import json, sys
from workbench.case.case import open_case
case = open_case(sys.argv[1], officer="ada", purpose="test")
print("begun", flush=True)
case.privacy.erase(json.loads(sys.argv[2]), because="request 7", sure=True)
print("done", flush=True)
case.close()
"""
TABLES = ("documents", "passages", "evidence", "statements", "traces", "sources", "runs", "row_files")


def start(folder: Path, targets: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WORK, str(folder), json.dumps(targets)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    return process


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(folder / "ledger.db")
    found = {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
    connection.close()
    return found


def begun(folder: Path) -> bool:
    """Whether the erasure had been noted when it was killed."""
    connection = sqlite3.connect(folder / "ledger.db")
    found = connection.execute("SELECT (SELECT count(*) FROM erasing) + (SELECT count(*) FROM tombstones)").fetchone()
    connection.close()
    return bool(found[0])


def sound(folder: Path) -> None:
    connection = sqlite3.connect(folder / "ledger.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT count(*) FROM erasing").fetchone() == (0,)
    named = {key for (key,) in connection.execute("SELECT sha256 FROM sources")}
    assert named == {path.name for path in (folder / "sources").iterdir() if not path.name.startswith(".")}
    connection.close()


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(1800)
def test_a_killed_erasure_is_whole_when_the_case_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each copy has a home of its own: a home remembers what was erased.
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    case = open_case(tmp_path / "base", officer="ada", purpose="test")
    case.add(erasable.write(tmp_path))
    things, documents = case.entities(), case.documents()
    called = things["caption"].str.contains("quill|brandywine|900321|7788", case=False)
    targets = list(things.loc[called & ~things["schema"].isin(["Message", "Email", "Call"]), "canonical_id"])
    targets += list(documents.loc[documents["title"].str.contains("Tell Ben|My IBAN"), "document_id"])
    case.close()
    everything = Needles([*WORDS, SECRET], NUMBERS)
    shutil.copytree(tmp_path / "base", tmp_path / "whole")
    moment = time.monotonic()
    with start(tmp_path / "whole", targets) as process:
        assert process.wait() == 0
    alone = length = time.monotonic() - moment
    expected, before = rows(tmp_path / "whole"), rows(tmp_path / "base")
    dice, states = random.Random(11), {True: 0, False: 0}
    for number in range(4 * KILLS):
        if number >= KILLS and states[True] >= KILLS // 3:
            break
        folder = tmp_path / f"killed-{number}"
        monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / f"home-{number}"))
        shutil.copytree(tmp_path / "base", folder)
        with start(folder, targets) as process:
            time.sleep(dice.uniform(0.0, 1.05) * length)
            os.kill(process.pid, signal.SIGKILL)
        was = begun(folder)
        states[was] += 1
        length = max(alone, length / PACE) if was else length * PACE  # the machine may have become slower
        open_case(folder, officer="bob", purpose="test").close()
        assert rows(folder) == (expected if was else before)
        assert anywhere(folder, everything) == [] or not was
        sound(folder)
        shutil.rmtree(folder)
    assert states[True] >= KILLS // 3
