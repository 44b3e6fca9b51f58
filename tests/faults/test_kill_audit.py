"""kill -9 at random moments while entries are appended: the log verifies, and nothing that was acknowledged is missing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ledger.loglike import independent
from tests.scale import times
from workbench.ledger import Ledger, Object
from workbench.ledger.log.finding import BAD
from workbench.ledger.records import consultations
from workbench.ledger.verification.verify import open_ledger, verify_case

KILLS = times(40, 8)
WORK = """
import sys
from pathlib import Path
from workbench.ledger import Ledger, Object
from workbench import identity
officer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
ledger = Ledger(Path(sys.argv[1]), officer=officer, purpose="test")
number = 0
while True:
    number += 1
    ledger.record("consultation", Object("search", query=f"{sys.argv[2]} {number}"))
    if number % 7 == 0:
        ledger.checkpoint()
    print(number, flush=True)
"""
WRITE = """
import sys
from pathlib import Path
from workbench.ledger import Ledger, Object
ledger = Ledger(Path(sys.argv[1]), officer=sys.argv[2], purpose="test")
for number in range(int(sys.argv[3])):
    ledger.record("consultation", Object("search", query=f"{sys.argv[2]} {number}"))
ledger.close()
"""


def start(*given: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", *map(str, given)], stdout=subprocess.PIPE, text=True)


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(900)
def test_a_log_verifies_after_each_kill_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path, dice = tmp_path / "ledger.db", random.Random(5)
    acknowledged: dict[str, int] = {}
    for kill in range(KILLS):
        process = start(WORK, path, f"k{kill}")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        acknowledged[f"k{kill}"] = max([1, *(int(line) for line in process.stdout.read().split("\n")[:-1])])
        process.stdout.close()
        process.wait()
        begun = time.process_time()
        ledger = Ledger(path, officer="ben", purpose="test")
        assert time.process_time() - begun < 2
        assert [one.said for one in verify_case(ledger.connection) if one.state == BAD] == []
        assert independent().verify(ledger.connection) == []
        ledger.close()
    ledger = Ledger(path, officer="ben", purpose="test")
    log = consultations.list_entries(ledger)
    queries = log.loc[log["kind"] == "search", "query"]
    assert not queries.duplicated().any()
    for name, number in acknowledged.items():
        assert {f"{name} {one}" for one in range(1, number + 1)} <= set(queries)
    ledger.close()


@pytest.mark.faults
def test_processes_that_append_at_once_make_one_log(tmp_path: Path) -> None:
    path, each = tmp_path / "ledger.db", 60
    Ledger(path, officer="ada", purpose="test").close()
    processes = [start(WRITE, path, name, each) for name in ("ada", "ben", "cy")]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    found = verify_case(open_ledger(path))
    assert BAD not in {one.state for one in found}
    ledger = Ledger(path, officer="ada", purpose="test")
    ledger.record("consultation", Object("case"))
    assert len(consultations.list_entries(ledger)) == 3 * each + 1
    ledger.close()
