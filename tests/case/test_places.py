"""A case whose folder goes away, a home that is none, a disk that refuses: said in words, and nothing is told as kept that is not."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.case.storage.backup import restore
from workbench.case.storage.health_check import list_findings
from workbench.case.verbs.error_translation import describe_error
from workbench.errors import CaseError
from workbench.ledger import Folder
from workbench.ledger.storage.sqlite_cipher import connect_ledger
from workbench.model.catalogue import Translator
from workbench.model.machine import model_registry

PHRASE = "correct horse battery"


def opened(folder: Path) -> Case:
    return open_case(folder, officer="ada", purpose="test")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = opened(tmp_path / "case")
    made.review.note("first")
    return made


def remove(folder: Path) -> None:
    shutil.rmtree(folder)


def move(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def replace(folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("copy"))
    shutil.rmtree(folder)
    folder.with_name("copy").rename(folder)


@pytest.mark.skipif(os.name == "nt", reason="an open file stays where it is on Windows")
@pytest.mark.parametrize("go", [remove, move, replace])
def test_nothing_is_written_to_a_case_that_is_not_there(case: Case, tmp_path: Path, go: Callable[[Path], None]) -> None:
    go(tmp_path / "case")
    for ask in (lambda: case.review.note("lost"), case.documents, case.review.notes, case.storage.check):
        with pytest.raises(CaseError, match="removed, moved or replaced"):
            ask()
    with pytest.raises(CaseError, match="removed, moved or replaced"), case.context.ledger.open_transaction():
        pass
    case.close()


@pytest.mark.skipif(os.name == "nt", reason="an open file stays where it is on Windows")
def test_another_thread_opens_no_other_ledger(case: Case, tmp_path: Path) -> None:
    replace(tmp_path / "case")
    said: list[str] = []

    def ask() -> None:
        try:
            case.context.ledger.connection.execute("SELECT 1")
        except CaseError as error:
            said.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert "removed, moved or replaced" in said[0]
    case.close()


def test_a_case_named_from_where_one_was_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = opened(Path("case"))
    monkeypatch.chdir("/")
    made.review.note("still here")
    made.close()


@pytest.mark.parametrize("home", ["file", "nothing"])
def test_a_home_that_is_no_folder_has_no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(model_registry.OWN_VARIABLE, str(tmp_path / home / "models"))
    assert model_registry.load_added() == {}


def altered(path: Path, **facts: object) -> Path:
    """A backup whose manifest says otherwise."""
    made = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, json.dumps(json.loads(data) | facts) if info.filename == "manifest.json" else data)
    return made


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_a_backup_that_contradicts_itself_is_refused(case: Case, tmp_path: Path, is_encrypted: bool) -> None:
    if is_encrypted:
        case.storage.encrypt(PHRASE)
    path = case.storage.backup(tmp_path / "backup.zip")
    case.close()
    with pytest.raises(CaseError, match="manifest"):
        restore(altered(path, encrypted=not is_encrypted), tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    restore(path, tmp_path / "restored")


def test_a_backup_can_be_made_before_1980(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 100.0)
    case.storage.backup(tmp_path / "backup.zip")
    case.close()


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_case_is_restored_to_where_a_link_leads(case: Case, tmp_path: Path) -> None:
    path = case.storage.backup(tmp_path / "backup.zip")
    case.close()
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    assert restore(path, tmp_path / "link") == tmp_path / "link"
    assert (tmp_path / "disk" / "ledger.db").is_file() and (tmp_path / "link").is_symlink()


def test_a_damaged_ledger_has_no_schema_that_opening_would_raise(case: Case, tmp_path: Path) -> None:
    case.close()
    path = tmp_path / "case" / "ledger.db"
    path.write_bytes(path.read_bytes()[:200] + bytes(8192) + path.read_bytes()[8392:])
    found = {one.part: one for one in list_findings(Folder(tmp_path / "case"), Translator())}
    assert found["ledger"].state == "fix"
    assert "schema" not in found or "Opening" not in str(found["schema"].advice)


@pytest.mark.skipif(os.name == "nt", reason="paths are bounded otherwise on Windows")
def test_a_path_that_is_too_long_is_what_is_told(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["x" * 200] * 18)
    with pytest.raises(
        CaseError, match=r"The path of the folder has [\d,]+ characters\. If the path is too long, use a shorter path"
    ):
        opened(folder)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (sqlite3.SQLITE_FULL, "Free some space"),
        (sqlite3.SQLITE_READONLY, "The file or folder is read-only"),
        (sqlite3.SQLITE_IOERR_WRITE, "the disk"),
        (sqlite3.SQLITE_CANTOPEN, "the disk"),
    ],
)
def test_the_disk_is_not_told_as_another_program(code: int, word: str) -> None:
    error = sqlite3.OperationalError("said")
    error.sqlite_errorcode = code
    assert word in str(describe_error(error)) and "another program" not in str(describe_error(error))


LIMITED = """
import resource, signal, sys
import workbench as wb
case = wb.open_case(sys.argv[1], officer="ada", purpose="test")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
try:
    case.storage.encrypt("correct horse battery")
except wb.CaseError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(len(case.review.notes()))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs limits of POSIX")
def test_a_full_disk_is_not_told_as_another_notebook(case: Case, tmp_path: Path) -> None:
    case.review.note("x" * 400_000)
    case.close()
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "case")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Another notebook" not in done.stdout and "Check the disk" in done.stdout and done.stdout.endswith("2\n")


@pytest.mark.slow
@pytest.mark.parametrize("key", ["", "0" * 64])
@pytest.mark.parametrize("how", ["fetchall", "fetchone", "iter", "insert", "many"])
def test_an_interrupt_in_a_function_of_ours_is_one(tmp_path: Path, key: str, how: str) -> None:
    def interrupt(value: int) -> int:
        if value == 70:
            raise KeyboardInterrupt
        return value

    ask: dict[str, Callable[[sqlite3.Connection], object]] = {
        "fetchall": lambda sql: sql.execute("SELECT f(a) FROM t").fetchall(),
        "fetchone": lambda sql: sql.execute("SELECT sum(f(a)) FROM t").fetchone(),
        "iter": lambda sql: list(sql.execute("SELECT f(a) FROM t")),
        "insert": lambda sql: sql.execute("INSERT INTO t SELECT f(a) FROM t"),
        "many": lambda sql: sql.executemany("INSERT INTO t VALUES (f(?))", [(number,) for number in range(100)]),
    }
    with closing(connect_ledger(tmp_path / "x.db", key, wait=1.0)) as sql:
        sql.create_function("f", 1, interrupt, deterministic=False)
        sql.execute("CREATE TABLE t (a)")
        sql.executemany("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
        with pytest.raises(KeyboardInterrupt):
            ask[how](sql)
        assert sql.execute("SELECT count(*) FROM t WHERE a = 3").fetchone()
