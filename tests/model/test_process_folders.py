"""Temporary folders that name their process: those of processes that have ended are removed, all others stay."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.model.machine import process_folders

PREFIX = "private-"


def make_folder(parent: Path, name: str, age: float = 0.0) -> Path:
    made = parent / f"{PREFIX}{name}"
    made.mkdir()
    os.utime(made, (time.time() - age,) * 2)
    return made


def find_ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_folders_of_processes_that_have_ended_are_removed(tmp_path: Path) -> None:
    ended = [make_folder(tmp_path, f"{find_ended_process()}-a"), make_folder(tmp_path, f"{10**30}-a")]
    kept = [make_folder(tmp_path, f"{os.getpid()}-a", age=1e9), tmp_path / "other"]
    kept[1].mkdir()
    assert sorted(process_folders.remove_abandoned_folders(tmp_path, PREFIX)) == sorted(ended)
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_where_no_process_can_be_asked_for_the_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, and where the name has no number."""
    old, new = make_folder(tmp_path, "nobody-a", age=2 * process_folders.DAY), make_folder(tmp_path, "nobody-b")
    assert process_folders.remove_abandoned_folders(tmp_path, PREFIX) == [old]
    monkeypatch.setattr(process_folders.os, "name", "nt")
    numbered = make_folder(tmp_path, f"{os.getpid()}-a", age=2 * process_folders.DAY)
    assert not process_folders.has_live_process(numbered, PREFIX)
    assert process_folders.has_live_process(numbered, PREFIX, 3 * process_folders.DAY)
    assert new.exists()
