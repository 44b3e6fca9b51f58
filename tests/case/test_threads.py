"""A click while a cell runs: several threads work in one case, and it is as if one had worked after the other."""

from __future__ import annotations

import gc
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import pytest

from tests.case import work
from workbench.case.case import Case, open_case
from workbench.errors import CaseError
from workbench.ledger.erasure import purge
from workbench.ledger.ledger import Ledger
from workbench.ledger.sessions import write_lock

PHRASE = "correct horse battery"


def opened(folder: Path, phrase: str = "") -> Case:
    return open_case(folder, officer="ada", purpose="test", passphrase=phrase, encrypted=bool(phrase))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = opened(tmp_path / "case")
    made.add(work.write(tmp_path / "first", 3))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("phrase", ["", PHRASE], ids=["plain", "encrypted"])
def test_threads_leave_what_one_after_the_other_leaves(tmp_path: Path, phrase: str) -> None:
    first, more = work.write(tmp_path / "first", 3), work.write(tmp_path / "more", 8, 13)
    case, other = opened(tmp_path / "case", phrase), opened(tmp_path / "other", phrase)
    second = open_case(tmp_path / "case", officer="ada", purpose="test")  # in the same process
    steps = {"note": work.note, "judge": work.judge, "mark": work.mark, "note again": work.note}
    counts = {"note": range(12), "judge": range(12), "mark": range(6), "note again": range(20, 26)}
    for one in (case, other):
        one.add(first)
    reading = {"search": (work.search, range(4)), "graph": (work.graph, range(2)), "look": (work.look, range(2))}
    works = {name: work.repeated(second if name == "mark" else case, steps[name], counts[name]) for name in steps}
    works |= {name: work.repeated(case, *what) for name, what in reading.items()}
    works |= {"add": lambda: case.add(more), "extract": work.repeated(case, work.extract, range(1))}
    work.together(works)
    for name, step in steps.items():
        work.repeated(other, step, counts[name])()
    other.add(more)
    for one in (case, other):
        one.extract()
    there, expected = work.rows(case), work.rows(other)
    runs = {row for row in expected.pop("runs") if row[1] != "extract"}
    assert runs <= set(there.pop("runs"))
    assert there == expected
    assert sorted(case.documents()["document_id"]) == sorted(other.documents()["document_id"])
    assert set(case.search("harbour")["passage_id"]) and len(case.review.notes()) == 18
    assert work.sound(case)
    for one in (case, other, second):
        one.close()


def test_a_connection_is_of_one_thread_and_goes_with_it(case: Case) -> None:
    ledger, others = case.context.ledger, []

    def ask() -> None:
        sql = ledger.connection
        others.append(ref(sql))
        assert sql is ledger.connection
        assert sql.execute("PRAGMA synchronous").fetchone() == (2,)
        assert sql.execute("PRAGMA foreign_keys").fetchone() == (1,)
        case.review.note(f"from thread {len(others)}")

    for number in range(1, 6):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        assert len(others) == number and others[-1]() is None
        assert _open_files(ledger.path) <= 2  # SQLite keeps one at hand: to close it would drop the locks of the other
    assert len(case.review.notes()) == 5
    case.close()


def _open_files(path: Path) -> int:
    """How many of this process's open files are the ledger, where the system tells."""
    place = Path("/proc/self/fd")
    links = [one.readlink() for one in place.iterdir() if one.is_symlink()] if place.is_dir() else []
    return sum(one == path.resolve() for one in links)


@pytest.mark.slow
def test_closing_closes_for_every_thread(case: Case, tmp_path: Path) -> None:
    asked, closed = threading.Event(), threading.Event()
    said: list[str] = []

    def click() -> None:
        case.review.note("before")
        asked.set()
        closed.wait(20)
        try:
            case.review.note("after")
        except CaseError as error:
            said.append(str(error))

    thread = threading.Thread(target=click)
    thread.start()
    asked.wait(20)
    case.close()
    gc.collect()
    assert _open_files(tmp_path / "case" / "ledger.db") == 0
    closed.set()
    thread.join()
    assert len(said) == 1 and "closed" in said[0]


def test_a_reader_never_waits_and_sees_one_state(case: Case) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with case.context.ledger.open_transaction() as sql:
            sql.execute("INSERT INTO case_facts VALUES ('a fact', 'of a test')")
            begun.set()
            go_on.wait(30)

    writer = threading.Thread(target=write)
    query = "SELECT count(*) FROM case_facts WHERE name = 'a fact'"
    ledger = case.context.ledger
    with ledger.act("look"):
        assert ledger.connection.execute(query).fetchone() == (0,)
        writer.start()
        assert begun.wait(30)
        start = time.monotonic()
        assert len(case.context.documents) == 4
        assert time.monotonic() - start < 10
        assert ledger.connection.execute(query).fetchone() == (0,)
        go_on.set()
        writer.join()
        assert ledger.connection.execute(query).fetchone() == (0,)
    assert ledger.connection.execute(query).fetchone() == (1,)
    case.close()


def test_who_writes_sees_its_own_rows(case: Case) -> None:
    ledger = case.context.ledger
    with ledger.act("look"), ledger.group_transactions():
        ledger.add_note("note", "within", [], {})
        assert list(case.context.cache_by_version("notes of a test", lambda: _texts(case))) == ["within"]
        seen: list[list[str]] = []
        other = threading.Thread(
            target=lambda: seen.append(list(case.context.cache_by_version("notes of a test", lambda: _texts(case))))
        )
        other.start()
        other.join()
        assert seen == [[]]
    assert list(case.context.cache_by_version("notes of a test", lambda: _texts(case))) == ["within"]
    case.close()


def _texts(case: Case) -> list[str]:
    return [text for (text,) in case.context.ledger.reader_connection.execute("SELECT text FROM live_notes").fetchall()]


def test_what_was_taken_back_was_told_to_nobody(case: Case) -> None:
    ledger = case.context.ledger

    def stop() -> None:
        ledger.add_note("note", "taken back", [], {})
        assert case.context.cache_by_version("notes of a test", lambda: _texts(case)) == ["taken back"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ledger.group_transactions():
        stop()
    ledger.add_note("note", "stays", [], {})
    assert case.context.cache_by_version("notes of a test", lambda: _texts(case)) == ["stays"]
    case.close()


def test_a_table_is_computed_once_for_all_who_ask(case: Case) -> None:
    counted: list[int] = []

    def compute() -> object:
        counted.append(1)
        time.sleep(0.2)
        return object()

    found: list[object] = []
    ask: Callable[[], None] = lambda: found.append(case.context.cache_by_version("of a test", compute))  # noqa: E731 - run by threads
    work.together({f"thread {number}": ask for number in range(4)})
    assert len(counted) == 1 and len(set(map(id, found))) == 1
    case.close()


def test_an_act_keeps_the_reason_with_which_it_began(case: Case) -> None:
    ledger, begun, changed = case.context.ledger, threading.Event(), threading.Event()

    def click() -> None:
        begun.wait(20)
        case.reason = "a click"
        case.review.note("clicked")
        changed.set()

    other = threading.Thread(target=click)
    other.start()
    case.reason = "a cell"
    with ledger.act("add"):
        begun.set()
        assert changed.wait(20)
        case.review.note("of the cell")
    other.join()
    case.review.note("of the next cell")
    query = """SELECT t.text FROM audit AS a JOIN audit_texts AS t ON t.seq = a.seq AND t.field = 'justification'
        WHERE json_extract(a.entry, '$.object.kind') = 'note' ORDER BY a.seq"""
    assert ledger.connection.execute(query).fetchall() == [("a click",), ("a cell",), ("a click",)]
    assert work.sound(case)
    case.close()


def test_whoever_waits_too_long_hears_for_what(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_lock.WriterLock.hold, "__defaults__", (0.3,), raising=False)
    ledger, begun, go_on = case.context.ledger, threading.Event(), threading.Event()

    def write() -> None:
        with ledger.act("add"), ledger.open_transaction():
            begun.set()
            go_on.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(20)
    with ledger._lock._mutex:
        assert not ledger._lock._queue
    with (
        pytest.raises(
            CaseError, match=r"Another code cell or button in this notebook .* since \d\d:\d\d:\d\d UTC: `add`"
        ),
        ledger._lock.hold("note", 0.3),
    ):
        pass
    go_on.set()
    writer.join()
    case.review.note("now it goes")
    case.close()


def test_another_process_that_writes_is_told_apart(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    other = sqlite3.connect(case.context.ledger.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    case.context.ledger.connection.execute("PRAGMA busy_timeout = 200")
    with pytest.raises(CaseError, match="Another notebook or program has been writing to the case for"):
        case.review.note("not now")
    other.execute("ROLLBACK")
    other.close()
    case.review.note("now")
    assert work.sound(case)
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize("phrase", ["", PHRASE], ids=["plain", "encrypted"])
def test_an_erasure_does_not_wait_for_those_who_wait_for_it(
    tmp_path: Path, phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, begun = opened(tmp_path / "case", phrase), threading.Event()
    case.add(work.write(tmp_path / "first", 3))
    run, slept = purge.overwrite_free_space, threading.Event()

    def slowly(ledger: Ledger) -> bool:
        with ledger.hold_write_lock():
            begun.set()
            slept.wait(0.5)
            start = time.monotonic()
            assert run(ledger) and time.monotonic() - start < 5
        return True

    def click() -> None:
        begun.wait(30)
        with case.context.ledger.act("click"):
            case.sources.list()
            case.review.note("clicked")

    monkeypatch.setattr(purge, "overwrite_free_space", slowly)
    thread = threading.Thread(target=click)
    thread.start()
    case.privacy.erase(case.documents().iloc[:1], because="request", sure=True)
    thread.join()
    assert list(case.review.notes()["text"]) == ["clicked"]
    case.close()


def test_who_writes_is_let_in_while_an_erasure_waits_for_a_reader(case: Case) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def read() -> None:
        with case.context.ledger.act("read"):
            case.context.ledger.connection.execute("SELECT count(*) FROM notes").fetchone()
            begun.set()
            go_on.wait(30)

    reader, eraser = (
        threading.Thread(target=one) for one in (read, lambda: purge.overwrite_free_space(case.context.ledger))
    )
    case.review.note("before")
    reader.start()
    assert begun.wait(30)
    eraser.start()
    for number in range(3):
        start = time.monotonic()
        case.review.note(f"meanwhile {number}")
        assert time.monotonic() - start < 5
    assert eraser.is_alive()
    go_on.set()
    for thread in (reader, eraser):
        thread.join()
    case.close()


def test_writers_come_in_the_order_in_which_they_asked() -> None:
    one, order = write_lock.WriterLock(), []

    def write(number: int) -> None:
        with one.hold("write"):
            order.append(number)

    threads = []
    with one.hold("first"):
        for number in range(5):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            end = time.monotonic() + 10
            while len(one._queue) <= number and time.monotonic() < end:
                time.sleep(0.001)
        with one.hold("again"):  # a thread may enter again
            pass
        assert order == []
    for thread in threads:
        thread.join()
    assert order == list(range(5)) and one.holder is None
