"""Two readers and a writer on one case, each a process of its own: no error of locks, and every acknowledged row is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.case import planted
from workbench.case.case import open_case

SECONDS = 60
PHRASE = "correct horse battery"
WRITER = """
import sys, time
from workbench.case.case import open_case
case = open_case(sys.argv[1], officer="ada", purpose="test", passphrase=sys.argv[3])
end, number = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    number += 1
    case.review.note(f"note {number}")
    case.context.ledger.judge([("person-a", f"person-{number}")], "same", "test")
    if number % 50 == 0:
        case.close()
        case = open_case(sys.argv[1], officer="ada", purpose="test", passphrase="")
case.close()
print(number)
"""
READER = """
import sys, time
from workbench.case.case import open_case
case = open_case(sys.argv[1], officer="bob", purpose="test", passphrase=sys.argv[3])
end, number, most = time.monotonic() + float(sys.argv[2]), 0, 0
while time.monotonic() < end:
    number += 1
    found = len(case.review.notes())
    assert found >= most, "a note went away"
    most = found
    assert len(case.documents()) and len(case.evidence.list())
    if number % 20 == 0:
        case.close()
        case = open_case(sys.argv[1], officer="bob", purpose="test", passphrase="")
case.close()
print(number)
"""


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("phrase", ["", PHRASE], ids=["plain", "encrypted"])
def test_two_readers_and_a_writer(tmp_path: Path, phrase: str) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=phrase, encrypted=bool(phrase))
    case.add(planted.write(tmp_path), zone="Europe/London")
    case.close()
    given = [str(tmp_path / "case"), str(SECONDS), phrase]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for script in (WRITER, READER, READER)
    ]
    said = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], [error[-2000:] for _, error in said]
    written, *read = (int(output) for output, _ in said)
    assert written > 20 and min(read) > 5
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=phrase)
    assert sorted(case.review.notes()["text"]) == sorted(f"note {number + 1}" for number in range(written))
    assert case.context.ledger.connection.execute("SELECT count(*) FROM judgements").fetchone() == (written,)
    assert set(case.storage.check()["state"]) <= {"well", "look"}
    case.close()
