"""A disk that is full, or fails, at any write or sync: the case opens afterwards, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.case import material
from tests.faults import faulty
from workbench.case.case import open_case
from workbench.ledger.verification import health_check

POINTS = 60
LIMITS = 20
LIMITED = """
import json, resource, signal, sys
from pathlib import Path
from tests.faults.faulty import work
from workbench.case.case import open_case

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
case = open_case(sys.argv[1], officer="ada", purpose="test")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
print(json.dumps(work(case, Path(sys.argv[2]))))
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Material in several files, one of which takes more than one transaction."""
    place = material.write(tmp_path)
    head, *lines = material.CHAT.strip().split("\n")
    body = [line.replace("2024", str(1900 + number)) for number in range(150) for line in lines]
    (place / "large.txt").write_text("\n".join([head, *body]), "utf-8")
    header = "Calling Number,Called Number,Start Time,Duration\n"
    (place / "calls.csv").write_text(header + "+447700900101,+447700900102,2024-03-01T09:00:00,60\n" * 50)
    return place


def said(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lasting", ["once", "lasting"])
def test_the_ledger_survives_a_failing_disk(tmp_path: Path, files: Path, lasting: str) -> None:
    made = open_case(
        tmp_path / "empty", officer="ada", purpose="test", passphrase="correct horse battery", encrypted=True
    )
    key = made.storage.recovery_key()
    made.close()
    found = json.loads(said("-m", faulty.__name__, str(tmp_path / "empty"), str(files), key, str(POINTS), lasting))
    assert found["touched"] > 2 * POINTS and found["faults"] >= POINTS * 0.8, found
    assert any("CaseError" not in text for text in found["messages"])


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.skipif(sys.platform == "win32", reason="the limit of a file's size is POSIX's")
def test_files_and_ledger_survive_a_full_disk(tmp_path: Path, files: Path) -> None:
    whole = tmp_path / "whole"
    lines = json.loads(said("-c", LIMITED, str(whole), str(files), str(1 << 40)))
    assert all(state == "done" for state, *_ in lines)
    largest = max(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    faults = 0
    for number in range(LIMITS):
        folder = tmp_path / f"case{number}"
        lines = json.loads(said("-c", LIMITED, str(folder), str(files), str(round(largest * number / LIMITS))))
        faults += any(state == "fault" for state, *_ in lines)
        case = open_case(folder, officer="ada", purpose="test")
        faulty.kept(case, lines)
        assert not [path.name for path in health_check.find_leftovers(case.context.folder)]
        assert set(case.add(files)["state"]) <= {"read", "known", "quarantined"}
        faulty.kept(case, lines)
        case.close()
    assert faults >= LIMITS // 2
