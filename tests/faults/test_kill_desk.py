"""kill -9 at each step of sending, receiving and acknowledging a message: whoever goes on finds one message on both sides, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scale import times

LEAST = times(12, 6)
"""Steps there are, at least: commits of both ledgers, and files that get their name."""


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_a_message_goes_out_and_comes_in_once_wherever_the_process_dies(tmp_path: Path) -> None:
    work = [sys.executable, "-m", "tests.faults.desk_work", str(tmp_path)]
    done = subprocess.run(work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["ended"] for one in found] == [-9] * (len(found) - 1) + [0] and len(found) > LEAST
    for one in found:
        assert one["again"] == 0, (one["step"], done.stderr[-2000:])
        ada, bo = one["ada"], one["bo"]
        assert ada["messages"] == [["outgoing", "acknowledged"]] and bo["messages"] == [["incoming", "received"]], one
        assert ada["drafts"] == 0 and ada["boxed"] == 1, one
        assert set(ada["verify"]) | set(bo["verify"]) <= {"ok", "not checked"}, one
        assert bo["sources"] == ["read", "read"] and all("H1 · TLP:AMBER" in mark for mark in bo["marks"]), one
