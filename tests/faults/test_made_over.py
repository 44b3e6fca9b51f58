"""kill -9 at every step of encrypting and decrypting: the case opens as it was or as it becomes, with every row and file."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case import planted
from workbench.case.case import Case, open_case
from workbench.case.verbs import unlock
from workbench.ledger.storage import case_key

PHRASE = "correct horse battery"
STEPS = 50
RUNNER = """
import os, signal, sys
from workbench.case.case import open_case
from workbench.identity.core import passphrases as phrases

phrases.WORK = 10  # a passphrase that is tried fifty times may be cheap to try
CHANGES = ("rename", "replace", "unlink", "fsync", "mkdir", "rmdir", "chmod")

def make_over(folder, last, what, key):
    case = open_case(folder, officer="ada", purpose="test", passphrase=key if what == "decrypt" else "")
    count = 0

    def is_of_case(given, named):
        # What processes that died have left elsewhere is deleted too, in a number that depends on the tests beside this one.
        if isinstance(given[0], int):
            return True
        place = os.readlink(f"/proc/self/fd/{named['dir_fd']}") if named.get("dir_fd") is not None else given[0]
        return os.fspath(place).startswith(folder)

    def counted(call):
        def made(*given, **named):
            nonlocal count
            count += is_of_case(given, named)
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)
        return made

    for name in CHANGES:
        setattr(os, name, counted(getattr(os, name)))
    case.storage.encrypt("correct horse battery") if what == "encrypt" else case.storage.decrypt()
    return count

for line in sys.stdin:
    folder, last, what, key = line.rstrip("\\n").split("\\t")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        sys.stdout = open(os.devnull, "w")
        os.write(writer, str(make_over(folder, int(last), what, key)).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), (os.read(reader, 20) or b"0").decode(), flush=True)
    os.close(reader)
"""


class Runner:
    """A process that makes cases over in children of its own, which die at a change of the file system."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, folder: Path, last: int, what: str, key: str = "") -> tuple[int, int]:
        """Exit status, and how many changes there were."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{folder}\t{last}\t{what}\t{key}\n")
        self.process.stdin.flush()
        status, count = self.process.stdout.readline().split()
        assert int(status) in (0, -signal.SIGKILL)
        return int(status), int(count)

    def close(self) -> None:
        """End it."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def becomes_sealed(folder: Path) -> bool:
    """Whether a case is encrypted once it is settled: what is ready to come counts, then what is there."""
    for name in (".changed", ".coming"):
        if (folder / name).is_dir():
            ledger = folder / name / "ledger.db" if (folder / name / "ledger.db").exists() else folder / "ledger.db"
            return not ledger.read_bytes().startswith(b"SQLite format 3")
    return case_key.is_encrypted(folder)


def content(case: Case) -> list[object]:
    names = [
        name for (name,) in case.context.ledger.connection.execute("SELECT sha256 FROM sources ORDER BY 1").fetchall()
    ]
    held = [case.context.folder.vault.has_content(case.context.folder.sources / name, name) for name in names]
    report = case.context.folder.vault.read(case.context.folder.reports / "found.html")
    return [
        names,
        held,
        case.documents().to_dict(),
        list(case.review.notes()["text"]),
        case.calls.summary().table.to_dict(),
        report,
    ]


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs fork, and the folder of open files")
def test_a_case_is_never_between(tmp_path: Path, runner: Runner) -> None:
    case = open_case(tmp_path / "plain", officer="ada", purpose="test")
    case.add(planted.write(tmp_path), zone="Europe/London")
    case.review.note("Quellwasser leads to the Zanzibarkontor")
    case.report("found.html")
    before = content(case)
    case.close()
    sealed = copy(tmp_path / "plain", tmp_path / "sealed")
    assert runner(sealed, 10**6, "encrypt")[0] == 0
    opened = open_case(sealed, officer="ada", purpose="test", passphrase=PHRASE)
    key = opened.storage.recovery_key()
    opened.close()
    for what, start in (("encrypt", tmp_path / "plain"), ("decrypt", sealed)):
        status, changes = runner(copy(start, tmp_path / "whole"), 10**6, what, key)
        assert status == 0 and changes > STEPS
        ends, killed = set(), []
        for last in sorted({max(1, round(changes * number / STEPS)) for number in range(1, STEPS)}):
            folder = copy(start, tmp_path / "killed")
            killed.append(runner(folder, last, what, key)[0] == -signal.SIGKILL)
            ends.add(settled(folder, PHRASE if what == "encrypt" else key, before))
        # Runs may differ by a change (a file of SQLite's that is there or not): the last step may come after the end.
        assert sum(killed) >= len(killed) - 1
        assert ends == {True, False}, f"{what} was never killed before or after the moment that counts"


def settled(folder: Path, key: str, before: list[object]) -> bool:
    """Open what was killed and look whether all is there; whether it is encrypted."""
    unlock.forget_key(folder)
    sealed = becomes_sealed(folder)
    case = open_case(folder, officer="ada", purpose="test", passphrase=key if sealed else "")
    assert content(case) == before
    case.close()
    assert {path.name for path in folder.iterdir() if path.name.startswith(".")} == {".lock"}
    assert not sealed or planted.found(folder) == {}
    return sealed


def copy(folder: Path, to: Path) -> Path:
    subprocess.run(["rm", "-rf", str(to)], check=True)
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    return to
