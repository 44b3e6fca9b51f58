"""kill -9 at random moments of an erasure: afterwards it has not begun, or it is finished when the case is opened; never half."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.case import erasable
from tests.case.erasable import NUMBERS, SECRET, WORDS
from tests.case.everywhere import Needles, anywhere
from tests.faults.nursery import Nursery, say
from workbench.case.case import open_case

KILLS = 25
TABLES = ("documents", "passages", "evidence", "statements", "traces", "sources", "runs", "row_files")


def work(folder: str, *targets: str) -> None:
    """What is killed."""
    case = open_case(folder, officer="ada", purpose="test")
    say("begun")
    case.erase(list(targets), because="request 7", sure=True)
    say("done")
    case.close()


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
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_erasure_is_whole_when_the_case_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    case = open_case(tmp_path / "base", officer="ada", purpose="test")
    case.add(erasable.write(tmp_path))
    things, documents = case.entities(), case.documents()
    called = things["caption"].str.contains("quill|brandywine|900321|7788", case=False)
    targets = list(things.loc[called & ~things["schema"].isin(["Message", "Email", "Call"]), "canonical_id"])
    targets += list(documents.loc[documents["title"].str.contains("Tell Ben|My IBAN"), "document_id"])
    case.close()
    with Nursery("tests.faults.test_kill_erase:work") as nursery:
        killed_erasures(tmp_path, nursery, targets)


def killed_erasures(place: Path, nursery: Nursery, targets: list[str]) -> None:
    """Erase at all, then kill it again and again."""
    everything = Needles([*WORDS, SECRET], NUMBERS)
    for name in ("warm", "whole"):
        shutil.copytree(place / "base", place / name)
        status, length, _ = nursery.run(place / name, *targets, cue="begun")
        assert status == 0
    expected, before = rows(place / "whole"), rows(place / "base")
    dice, states = random.Random(11), {True: 0, False: 0}
    while states[True] + states[False] < KILLS or states[True] < KILLS // 3:
        folder = place / "killed"
        shutil.copytree(place / "base", folder)
        status, _, _ = nursery.run(folder, *targets, after=dice.uniform(0.0, 1.05) * length, cue="begun")
        assert status in (0, -signal.SIGKILL)
        was = begun(folder)
        states[was] += 1
        open_case(folder, officer="bob", purpose="test").close()
        assert rows(folder) == (expected if was else before)
        assert anywhere(folder, everything) == [] or not was
        sound(folder)
        shutil.rmtree(folder)
