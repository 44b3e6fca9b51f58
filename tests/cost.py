"""What work costs, told so that a slow or busy machine fails no test.

A run is only ever made longer by what else the machine does. So work is tried again before it counts as too dear: what is
square in its size, or has no end, is so each time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
TRIES = 5
LEAST = 0.02
"""Seconds of CPU below which a figure says more about the clock than about the work."""
SLACK = 2.0


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def linear(work: Callable[[T], object], small: T, large: T, *, times: int = 10, least: float = LEAST) -> None:
    """Hold that work on something `times` as large takes about `times` as long; what is square in its size takes `times` squared.

    Raises
    ------
    AssertionError
        If none of several tries stays below twice what is in proportion.
    """
    tries = []
    for _ in range(TRIES):
        tries.append((seconds(lambda: work(small)), seconds(lambda: work(large))))
        if tries[-1][1] <= SLACK * times * max(tries[-1][0], least):
            return
    raise AssertionError(f"{times} times the size took (small, large, in seconds): {tries}")


def within(bound: float, work: Callable[[], object]) -> None:
    """Hold that work, which may be done again, ends within so many CPU seconds at least once in several tries."""
    measured(bound, lambda: seconds(work))


def measured(bound: float, measure: Callable[[], float]) -> None:
    """Hold that the seconds of a measure, such as those of another process, are within a bound at least once in several tries."""
    tries: list[float] = []
    while not tries or (tries[-1] > bound and len(tries) < TRIES):
        tries.append(measure())
    assert tries[-1] <= bound, f"more than {bound} seconds each time: {tries}"


def steps(sql: sqlite3.Connection, work: Callable[[], object]) -> int:
    """How many hundreds of steps SQLite takes for work on a connection: the same on every machine, however busy."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    sql.set_progress_handler(count, 100)
    try:
        work()
    finally:
        sql.set_progress_handler(None, 0)
    return taken


@contextmanager
def peak_growth(most: int) -> Iterator[None]:
    """Fail where the memory of this process grows by more bytes than `most` meanwhile, at its highest.

    The kernel's own mark is set back first, so that what other tests once needed does not count. Linux alone has it.
    """
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not reset.exists():
        yield
        return
    reset.write_text("5")
    before = _bytes_of(status, "VmRSS")
    yield
    grown = _bytes_of(status, "VmHWM") - before
    assert grown < most, f"{grown / 2**20:,.0f} MiB more at the highest"


def _bytes_of(status: Path, field: str) -> int:
    return int(status.read_text().split(f"{field}:")[1].split()[0]) * 1024
