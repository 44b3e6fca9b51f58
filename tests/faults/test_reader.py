"""The reader process: whatever a file does to it costs that file and no other, and nothing half read is kept."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.altered import alter, alter_desk
from workbench.case.case import Case, open_case
from workbench.case.files import reader_process
from workbench.ingest import budgets
from workbench.worker.process_pool import Child

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
ROOM = 4 << 20
"""Bytes that a case takes beside what its files hold."""


@pytest.fixture(params=["plain", "encrypted"])
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A case whose text reader does what the file says."""
    alter(monkeypatch, ingest__READERS__text="object:misread")
    sealed = {"encrypted": True, "passphrase": "correct horse battery"} if request.param == "encrypted" else {}
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test", **sealed)) as made:
        yield made


def added(case: Case, folder: Path, order: str) -> str:
    """Add a file with an order between two good ones: why it was quarantined; the good ones were read, and nothing of it was."""
    folder.mkdir()
    for name, text in {"a.txt": "good", "m.txt": order, "z.txt": "good as well"}.items():
        (folder / name).write_text(f"{text}\n")
    table = case.add(folder).set_index("name")
    assert table["state"].to_dict() == {"a.txt": "read", "m.txt": "quarantined", "z.txt": "read"}, table.to_dict()
    assert sorted(case.documents()["title"]) == ["a.txt", "z.txt"]
    assert case.add(folder)["state"].tolist() == ["known", "quarantined", "known"]
    assert rows(case) == 0
    assert size(folder.parent / "case") < ROOM
    return str(table.loc["m.txt", "why"])


def rows(case: Case) -> int:
    """Passages in the ledger, counted or not."""
    return int(case.context.ledger.connection.execute("SELECT count(*) FROM passages").fetchone()[0])


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@POSIX
@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("fail", "ZeroDivisionError: nobody thought of this"),
        ("kill", "exit status -9"),
        ("end", "exit status 3"),
        ("crash", "exit status -11"),
        ("remember", "needs more than 500 MB"),
        ("rows 100000", "produced more than 2,0"),
        ("texts 100", "grew to more than 1 MB"),
        ("files 50", "contains more than 30 files"),
    ],
)
def test_what_a_file_does_costs_that_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, told: str
) -> None:
    for name, value in {"MEMORY": 500_000_000, "ROWS": 2_000, "OUTPUT": 1_000_000, "FILES": 30}.items():
        monkeypatch.setattr(budgets, name, value)
    assert told in added(case, tmp_path / "files", order)


@POSIX
def test_work_without_end_is_stopped_by_the_system(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "SECONDS", 2.0)
    monkeypatch.setattr(budgets, "PATIENCE", 100.0)
    assert "needed more than 2 seconds of processor time" in added(case, tmp_path / "files", "work")


@POSIX
@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("fail", "ZeroDivisionError"),
        ("kill", "exit status -9"),
        ("work", "seconds of processor time"),
    ],
)
def test_what_a_file_of_messages_does_costs_that_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, told: str
) -> None:
    alter_desk(monkeypatch, messages__traffic__message_objects__read_messages="object:misfiled")
    for name, value in {"SECONDS": 8.0, "PATIENCE": 100.0}.items():
        monkeypatch.setattr(budgets, name, value)
    (tmp_path / "m.json").write_text(f'{{"order": "{order}"}}')
    (tmp_path / "n.txt").write_text("FROM: NCB Lisbon\nOUR REF: A-7\nSUBJECT: crane\nTEXT: The crane fell.\n")
    table = case.desk.imports.add(tmp_path)
    bad = table[table["file"] == "m.json"]
    assert set(bad["state"]) == {"quarantined"}
    assert bad["why"].str.contains(told, regex=False).any(), bad["why"].tolist()[-1]
    assert table.loc[table["file"] == "n.txt", "state"].tolist() == ["filed"]


def test_a_wait_without_end_is_ended(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "PATIENCE", 0.1)
    assert "got no new data from" in added(case, tmp_path / "files", "sleep")


@pytest.mark.parametrize("order", ["print", "ask"])
def test_what_a_library_prints_or_asks_is_no_row(case: Case, tmp_path: Path, order: str) -> None:
    (tmp_path / "m.txt").write_text(f"{order}\n")
    assert list(case.add(tmp_path / "m.txt")["state"]) == ["read"]
    assert len(case.documents()) == 1
    query = "SELECT count(*), sum(length(text)) FROM passages"  # one text of 100,000 letters, parted; what was printed is none of it
    assert case.context.ledger.connection.execute(query).fetchone() == (10, 100_000)


def test_more_rows_than_are_held_in_memory_come_whole_and_in_order(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("rows 50001\n")
    assert list(case.add(tmp_path / "m.txt")["state"]) == ["read"]
    found = case.context.ledger.connection.execute("SELECT number, text FROM passages ORDER BY rowid").fetchall()
    assert found == [(number, f"word {number}") for number in range(50_001)]


def test_one_process_reads_everything(case: Case, tmp_path: Path) -> None:
    """Two cases, and plans of files, are served by one process that is used again and again."""
    (tmp_path / "m.txt").write_text("rows 5\n")
    case.add(tmp_path / "m.txt")
    (child,) = reader_process.get_pool(reader_process.MODULE).free
    with closing(open_case(tmp_path / "other", officer="ada", purpose="test")) as other:
        other.add(tmp_path / "m.txt")
        plan = other.sources.plan(tmp_path / "m.txt")
        assert len(plan.preview(2)) == 2
        assert plan.trial().whole
    assert [one.process.pid for one in reader_process.get_pool(reader_process.MODULE).free] == [child.process.pid]


def test_a_process_that_is_killed_before_it_is_there_costs_no_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.txt").write_text("rows 5\n")
    pool = reader_process.get_pool(reader_process.MODULE)
    pool.close()
    made, begin = [], Child.__init__

    def doomed(self: Child, *command: str) -> None:
        begin(self, *command)
        made.append(self)
        if len(made) == 1:
            self.process.kill()

    monkeypatch.setattr(Child, "__init__", doomed)
    assert list(case.add(tmp_path / "m.txt")["state"]) == ["read"]
    assert len(made) == 2


def test_threads_do_not_wait_for_each_other_without_end(case: Case, tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text("rows 2000\n")
    found: dict[int, int] = {}

    def look(number: int) -> None:
        plan = case.sources.plan(tmp_path / f"{number}.txt")
        found[number] = sum(plan.trial().counts["number"])

    threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert found == dict.fromkeys(range(8), 2002)
    assert len(reader_process.get_pool(reader_process.MODULE).free) == 1


WORK = """
import sys
from tests.altered import alter, alter_desk
from workbench.case.files import reader_process as reader
from workbench.case.case import open_case

class Patch:
    def setattr(self, target, name, value):
        setattr(target, name, value)

alter(Patch(), ingest__READERS__text="object:misread")
case = open_case(sys.argv[1], officer="ada", purpose="test")
case.add(sys.argv[2])
"""


@POSIX
def test_a_parent_that_is_killed_leaves_no_child_and_nothing_half_read(tmp_path: Path) -> None:
    files, said = tmp_path / "files", tmp_path / "said"
    files.mkdir()
    (files / "a.txt").write_text("rows 30\n")
    (files / "m.txt").write_text(f"say {said}\n")
    parent = subprocess.Popen([sys.executable, "-c", WORK, str(tmp_path / "case"), str(files)])
    while not (said.exists() and said.read_text()):
        assert parent.poll() is None
        time.sleep(0.05)
    child = int(said.read_text())
    parent.kill()
    parent.wait()
    wait_until_gone(child)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        assert list(case.documents()["title"]) == ["a.txt"]
        assert rows(case) == 30
        assert [path.name for path in (tmp_path / "case" / "rows").iterdir()] == []
    assert size(tmp_path / "case") < ROOM


@POSIX
def test_a_child_that_is_killed_from_outside_costs_its_file(case: Case, tmp_path: Path) -> None:
    said = tmp_path / "said"

    def kill() -> None:
        while not (said.exists() and said.read_text()):
            time.sleep(0.02)
        os.kill(int(said.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    (tmp_path / "m.txt").write_text(f"say {said}\n")
    assert list(case.add(tmp_path / "m.txt")["state"]) == ["quarantined"]
    killer.join()
    (tmp_path / "z.txt").write_text("good\n")
    assert list(case.add(tmp_path / "z.txt")["state"]) == ["read"]


@POSIX
def test_an_interrupt_ends_the_work_and_leaves_a_good_case(case: Case, tmp_path: Path) -> None:
    said = tmp_path / "said"

    def interrupt() -> None:
        while not (said.exists() and said.read_text()):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    killer = threading.Thread(target=interrupt)
    killer.start()
    (tmp_path / "m.txt").write_text(f"say {said}\n")
    with pytest.raises(KeyboardInterrupt):
        case.add(tmp_path / "m.txt")
    killer.join()
    signal.signal(signal.SIGINT, before)
    wait_until_gone(int(said.read_text()))
    (tmp_path / "z.txt").write_text("good\n")
    assert list(case.add(tmp_path / "z.txt")["state"]) == ["read"]
    assert list(case.documents()["title"]) == ["z.txt"]


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process that is nobody's child here, or a child that waits to be asked after."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        with suppress(OSError, IndexError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        time.sleep(0.05)
    raise AssertionError("it still runs")


@POSIX
def test_the_child_opens_no_ledger_and_finds_no_module_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of case files may hold a yaml.py: a process that is started there does not run it."""
    (tmp_path / "yaml.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')")
    (tmp_path / "m.txt").write_text("The crane is out of order.")
    monkeypatch.chdir(tmp_path)
    alter(monkeypatch, ingest__calls__table_reading__LARGE=123_457)
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as case:
        assert list(case.add("m.txt")["state"]) == ["read"]
    assert not (tmp_path / "run").exists()


@POSIX
def test_a_copy_of_the_parent_has_a_process_of_its_own(case: Case, tmp_path: Path) -> None:
    """As tests and Jupyter's own tools fork: neither takes what the other asked for."""
    (tmp_path / "m.txt").write_text("rows 5\n")
    case.add(tmp_path / "m.txt")
    pid = os.fork()
    if not pid:
        status = 1
        with suppress(BaseException):
            status = 0 if len(reader_process.detect_reader(source(tmp_path / "m.txt")).reader) else 1
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert reader_process.detect_reader(source(tmp_path / "m.txt")).reader == "text"


def source(path: Path) -> reader_process.SourceFile:
    return reader_process.SourceFile(path, "0" * 64, path.name)


def test_the_ledger_is_whole_afterwards(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("kill\n")
    case.add(tmp_path / "m.txt")
    assert not isinstance(case.context.ledger.connection, sqlite3.Connection) or case.context.ledger.connection.execute(
        "PRAGMA integrity_check"
    ).fetchone() == ("ok",)
    assert set(case.log.verify()["result"]) <= {"ok", "not bound"} if "result" in case.log.verify() else True


def test_a_notebook_reads_files_too(tmp_path: Path) -> None:
    """A kernel has neither a main program nor a standard input of its own."""
    import nbformat
    from nbclient import NotebookClient

    (tmp_path / "m.txt").write_text("The crane is out of order.")
    code = (
        "import workbench as wb\n"
        f"case = wb.open_case({str(tmp_path / 'case')!r}, officer='ada', purpose='test')\n"
        f"print(list(case.add({str(tmp_path / 'm.txt')!r})['state']))\n"
        "case.close()"
    )
    context = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(context, timeout=300, kernel_name="python3").execute()
    assert "['read']" in context.cells[0].outputs[-1]["text"]
