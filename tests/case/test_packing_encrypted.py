"""An encrypted case packs for another bureau: nothing plain of it is on a disk meanwhile, afterwards, or where packing was cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.case import planted
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.files import products
from workbench.case.packages.preview import open_package
from workbench.errors import PackageError
from workbench.identity import Officer, TrustList
from workbench.ledger.records import row_tables

PHRASE = "correct horse battery"
SECRET = "+447700900199"
CALLS = planted.CALLS + f"{SECRET},+447700900102,2024-03-03T10:00:00,20,Zanzibarkontor\n"
STEPS = 24
LARGE, LIMIT = 2_000_000, 3_000_000
"""Bytes of a file, and of the largest one that the disk takes in the end: the files, but not the archive of two of them."""
RUNNER = """
import os, resource, signal, sys
from pathlib import Path
from workbench.case.case import open_case
from workbench import identity
from workbench.identity import Card, TrustList
ada = identity.create_temporary("ada", bureau="NCB Valdora", country="QM")

def packs(folder, last, limit):
    case = open_case(folder, officer=ada, purpose="training", passphrase=sys.argv[1])
    count = 0
    def step(event, given):
        nonlocal count
        if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"):
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(step)
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        case.packages.pack(to=[Card.from_json(sys.argv[2])], reason="joint case", trust=TrustList(), clearance="EXERCISE",
            unknown_addressee="known")
    except Exception as error:
        return type(error).__name__
    return str(count)

for line in sys.stdin:
    folder, last, limit = line.rstrip("\\n").split("\\t")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, packs(folder, int(last), int(limit)).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), (os.read(reader, 40) or b"0").decode(), flush=True)
    os.close(reader)
"""


@dataclass(frozen=True)
class Place:
    """Where everything lies: the case, what the system's temporary folder is meanwhile, and who packs for whom."""

    folder: Path
    private: Path
    ada: Officer
    bo: Officer

    def case(self) -> Case:
        return open_case(self.folder / "ada", officer=self.ada, purpose="training", passphrase=PHRASE)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    private = tmp_path / "temporary"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("TMPDIR", str(private))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    ada = identity.create_temporary("ada", bureau="NCB Valdora", country="QM")
    bo = identity.create_temporary("bo", bureau="NCB Nordreich", country="QN")
    files = planted.write(tmp_path)
    (files / "calls.csv").write_text(CALLS, "utf-8")
    made = open_case(tmp_path / "ada", officer=ada, purpose="training", passphrase=PHRASE, encrypted=True)
    made.add(files, zone="Europe/London")
    made.review.note("Quellwasser leads to the Zanzibarkontor")
    made.handling.mark(SECRET, level="EXERCISE RESTRICTED", because="a source's telephone")
    made.close()
    return Place(tmp_path, private, ada, bo)


def private_folders() -> list[Path]:
    """What lies in memory for an encrypted case, and in the system's temporary folder."""
    return sorted(Path(products.MEMORY).glob(f"{products.PREFIX}*"))


@pytest.mark.slow
def test_an_encrypted_case_goes_to_another_and_lies_nowhere_plain(place: Place) -> None:
    case = place.case()
    before = place.private.stat().st_mtime_ns
    sent = case.packages.pack(
        to=[place.bo.card],
        reason="joint case",
        trust=TrustList(),
        clearance="EXERCISE",
        unknown_addressee="known",
        report=True,
    )
    if Path(products.MEMORY).is_dir():
        assert place.private.stat().st_mtime_ns == before, "something was made in the temporary folder"
    assert planted.found(place.folder / "ada") == {}
    assert sent.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert [path for path in private_folders() if str(os.getpid()) in path.name] == []
    theirs = open_case(
        place.folder / "bo", officer=place.bo, purpose="training", passphrase=f"{PHRASE} too", encrypted=True
    )
    with open_package(sent, officer=place.bo, trust=TrustList()) as package:
        assert package.state == "VALID, ISSUER NOT TRUSTED"
        package.add_to(theirs, unknown_sender=True)
    assert list(place.private.iterdir()) == []
    assert planted.found(place.folder / "bo") == {}
    assert set(theirs.documents()["document_id"]) == set(case.documents()["document_id"])
    assert "Quellwasser leads to the Zanzibarkontor" in set(theirs.review.notes()["text"])
    assert len(theirs.calls.contacts("+447700900177").records()) == 2
    assert (
        not theirs.evidence.list()["value"].eq(SECRET).any() and SECRET not in theirs.calls.summary().records().to_csv()
    )
    kept = {name for name, state in theirs.sources.list()[["name", "state"]].itertuples(index=False) if state == "read"}
    assert {"Quellwasser.md", "letter.docx", "more.zip"} <= kept
    content = row_tables.list_sources(theirs.context.ledger).set_index("name")["source"]
    with theirs.context.folder.open_source(content["Quellwasser.md"]) as file:
        assert file.read().decode() == planted.TEXT
    for one in (case, theirs):
        assert not {"bad", "fix"} & ({*one.log.verify()["state"]} | {*one.storage.check()["state"]})
        one.close()


@pytest.fixture
def runner(place: Place) -> Iterator[subprocess.Popen[str]]:
    """A process that packs in children of its own, which die at a step."""
    case = place.case()
    key = case.storage.recovery_key()
    case.close()
    command = [sys.executable, "-c", RUNNER, key, place.bo.card.to_json()]
    made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield made
    assert made.stdin and made.stdout
    made.stdin.close()
    made.wait()
    made.stdout.close()


def packed(runner: subprocess.Popen[str], folder: Path, last: int, limit: int = 0) -> tuple[int, str]:
    """Exit status, and how many steps there were or what failed."""
    assert runner.stdin and runner.stdout
    runner.stdin.write(f"{folder}\t{last}\t{limit}\n")
    runner.stdin.flush()
    status, told = runner.stdout.readline().split()
    return int(status), told


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path(products.MEMORY).is_dir(), reason="needs fork and a disk in memory")
def test_at_no_step_of_packing_lies_anything_plain_on_the_disk(place: Place, runner: subprocess.Popen[str]) -> None:
    packed(runner, place.folder / "ada", 0)  # Python compiles modules the first time, which takes steps of its own
    status, steps = packed(runner, place.folder / "ada", 0)
    assert status == 0 and int(steps) > STEPS
    left = 0
    for number in range(STEPS):
        step = 1 + round((int(steps) - 1) * number / STEPS)
        assert packed(runner, place.folder / "ada", step)[0] == -signal.SIGKILL
        assert planted.found(place.folder / "ada") == {}
        assert list(place.private.iterdir()) == []
        held = {word for path in private_folders() for words in planted.found(path).values() for word in words}
        left += bool(held)
        case = place.case()
        assert private_folders() == [], "what a killed process left in memory goes when the case is opened"
        known = {f"{name}.case.age" for name in case.packages.list()["package"]}
        assert {path.name for path in (place.folder / "ada" / "outbox").glob("[!.]*")} <= known
        assert "bad" not in set(case.log.verify()["state"])
        case.close()
    assert left, "no step had anything plain in memory: the kills missed the work"


@pytest.mark.faults
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_packing_that_fails_leaves_nothing(place: Place, runner: subprocess.Popen[str]) -> None:
    case = place.case()
    for number in range(2):
        (place.folder / f"{number}.bin").write_bytes(b"Quellwasser" + os.urandom(LARGE))
        case.add(place.folder / f"{number}.bin")
    case.close()
    assert packed(runner, place.folder / "ada", 0, LIMIT) == (0, PackageError.__name__)
    assert planted.found(place.folder / "ada") == {}
    assert list(place.private.iterdir()) == [] == private_folders()
    case = place.case()
    assert case.packages.list().empty and not list((place.folder / "ada" / "outbox").iterdir())
    assert (
        case.packages.pack(
            to=[place.bo.card], reason="again", trust=TrustList(), clearance="EXERCISE", unknown_addressee="known"
        )
        .stat()
        .st_size
        > 2 * LARGE
    )
    case.close()
