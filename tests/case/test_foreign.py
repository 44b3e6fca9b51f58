"""No exception of a library reaches an analyst: whatever a verb meets, it says what did not work, where, and what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import workbench as wb
from tests.case import material
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.packages.preview import open_package
from workbench.case.verbs.error_translation import describe_error, translate_errors
from workbench.cli import main
from workbench.errors import CaseError, PackageError, WorkbenchError
from workbench.identity import Officer, TrustList

BROKEN = {
    "empty": b"", "text": b"hello", "zip": b"PK\x03\x04" + bytes(100), "json": b'{"a":', "deep": b"[" * 200_000,
    "utf16": b"\xff\xfe\x00", "sqlite": b"SQLite format 3\x00" + bytes(5000),
}  # fmt: skip
PHRASE = "four words of mine"
HALF = "half a sign \udc80"


@pytest.fixture(scope="module")
def officers() -> tuple[Officer, Officer]:
    return identity.create_temporary("ada", bureau="A", country="QM"), identity.create_temporary(
        "bo", bureau="B", country="QN"
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    for name, data in BROKEN.items():
        (folder / name).write_bytes(data)
    (folder / "folder").mkdir()
    return folder


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, officers: tuple[Officer, Officer]) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("case")
    made = open_case(folder / "case", officer=officers[0], purpose="training")
    made.add(material.write(folder))
    yield made
    made.close()


GIVEN: dict[str, Callable[[Case, Path, Officer], object]] = {
    "package": lambda _, path, bo: open_package(path, officer=bo, trust=TrustList(())),
    "backup": lambda _, path, __: wb.restore(path, path.parent / "restored"),
    "receipt": lambda case, path, _: case.packages.check_receipt(path),
    "checkpoint": lambda case, path, _: case.log.verify(checkpoints=[path]),
    "trust": lambda case, path, _: case.log.verify(trust=[path]),
    "card": lambda case, path, _: case.packages.pack(to=[path], reason="x"),
    "send": lambda case, path, _: case.packages.send(path, path.parent / "box"),
    "case": lambda _, path, __: open_case(path / "x", officer="ada", purpose="test"),
    "export": lambda case, path, _: case.export(path / "x.csv", case.documents(), to="team"),
    "report": lambda case, path, _: case.report(path / "x.html"),
    "backed up": lambda case, path, _: case.storage.backup(path / "x"),
    "forms": lambda case, path, _: case.privacy.forms(path),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("verb", GIVEN)
@pytest.mark.slow
def test_a_file_that_is_none_of_ours_is_told(
    case: Case, place: Path, officers: tuple[Officer, Officer], verb: str, name: str
) -> None:
    said = ""
    try:
        GIVEN[verb](case, place / name, officers[1])
    except WorkbenchError as error:
        said = str(error)
    assert "Errno" not in said
    assert len(said) > 20 or verb in ("package", "checkpoint")  # there a state or a finding says what it is


@pytest.mark.parametrize("words", [
    ["verify"], ["doctor"], ["restore", "+"],
    ["identity", "show"], ["identity", "take"], ["identity", "trust", "add"], ["backup", "+"], ["encrypt"],
], ids=" ".join)  # fmt: skip
def test_commands_say_it_in_a_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(place / "folder"))
    for name in BROKEN:
        given = [word for word in words if word != "+"] + [str(place / name)]
        assert main([*given, *([str(place / "new" / name)] if "+" in words else [])]) == 1
        found = capsys.readouterr()
        assert found.err.startswith("workbench: ") or "ledger" in found.out


@pytest.mark.slow
@pytest.mark.parametrize("part", ["ledger.db", "case.toml", "key.age"])
@pytest.mark.parametrize("data", [b"", b"\xff\x00junk" * 50], ids=["empty", "junk"])
def test_a_case_whose_files_are_broken_is_told(tmp_path: Path, part: str, data: bytes) -> None:
    folder = tmp_path / "case"
    open_case(folder, officer="ada", purpose="test", encrypted=True, passphrase=PHRASE).close()
    found = [path for path in folder.rglob("*") if path.is_file() and path.name.endswith(part)]
    for path in found or [folder / "ledger.db"]:
        path.chmod(0o600)
        path.write_bytes(data)
    command = f"""
from workbench.case.case import open_case
from workbench.errors import WorkbenchError
try:
    open_case({str(folder)!r}, officer="ada", purpose="test", passphrase={PHRASE!r}).close()
except WorkbenchError as error:
    print("told:", error)
"""
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_passphrase_that_is_none_and_a_text_that_is_none_are_told(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    open_case(folder, officer="ada", purpose="test", encrypted=True, passphrase=PHRASE).close()
    for work in (
        lambda: open_case(folder, officer="ada", purpose="test", passphrase=f"{PHRASE} \udc80"),
        lambda: identity.create_identity("Cy", bureau="B", country="QM", passphrase=f"{PHRASE} \udc80", home=tmp_path),
        lambda: identity.create_identity("Cy", bureau="B", country="QM", passphrase=PHRASE, home=folder / "ledger.db"),
        lambda: case.review.note(HALF), lambda: case.search(HALF), lambda: case.export("x\0.csv", case.documents(), to="team"),
        lambda: case.export("x" * 300 + ".csv", case.documents(), to="team"),
    ):  # fmt: skip
        with pytest.raises(WorkbenchError):
            work()
    assert case.review.notes().empty and case.log.verify()["state"].ne("bad").all()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_told(case: Case, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for work in (
        lambda: case.storage.backup(tmp_path / "x"),
        lambda: open_case(tmp_path / "c", officer="ada", purpose="test"),
    ):
        with pytest.raises(CaseError, match="name another place"):
            work()


def test_a_ledger_that_another_program_holds_is_told(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.context.ledger.connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(tmp_path / "case" / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CaseError, match=r"Another notebook or program has been writing .*, or close the case there"):
        case.review.note("x")
    other.close()
    case.review.note("x")
    case.close()


def test_questions_to_call_records_are_told_as_well(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    case.context.ledger.close()
    with pytest.raises(CaseError, match=r"^The case is closed\. Open it again"):
        case.calls.summary()


def test_what_is_no_error_of_a_library_stays_as_it_is() -> None:
    def own() -> None:
        raise PackageError("as it was")

    def ours() -> None:
        raise KeyError("x")

    def missing() -> None:
        raise ModuleNotFoundError("No module named 'pyrage'", name="pyrage")

    with pytest.raises(PackageError, match="as it was"):
        translate_errors(own)()
    with pytest.raises(KeyError):
        translate_errors(ours)()
    with pytest.raises(CaseError, match=r"The software library pyrage is missing\. Run `workbench doctor`"):
        translate_errors(missing)()
    assert describe_error(OSError(28, "No space left on device", "/x")).startswith(
        "/x: No space left on device. Free some space on the disk"
    )
