"""One writer of a ledger at a time among the threads of this process, in the order in which they asked.

Between processes SQLite's own lock does the same; within one it would be asked by polling, which is not fair, and says nothing
of who holds it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence

PATIENCE = 30.0
"""Seconds that a writer waits for another writer."""
BUSY = 5
"""SQLITE_BUSY: a connection of another process has been writing for as long as it is waited for."""


@dataclass(slots=True)
class Holder:
    """Who writes.

    Attributes
    ----------
    thread : int
    verb : str
        What the thread does, as a person calls it; '' where nobody has said it.
    since : str
        Time of day in UTC at which it began.
    depth : int
        How often the thread has entered.
    is_waiting : bool
        It waits itself, for another process.
    """

    thread: int
    verb: str
    since: str
    depth: int = 1
    is_waiting: bool = False


class WriterLock:
    """The lock of one file, shared by all ledgers of this process that are open on it. A thread may enter again."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._queue: deque[tuple[Holder, threading.Lock]] = deque()
        self.holder: Holder | None = None

    @contextmanager
    def hold(self, verb: str, patience: float = PATIENCE) -> Iterator[Holder]:
        """Be the only writer; `verb` is what the others are told that this thread does.

        Raises
        ------
        CaseError
            If another thread has been writing for so many seconds; it says which verb that is, and what to do.
        """
        mine = self._enter(Holder(threading.get_ident(), verb, datetime.now(UTC).strftime("%H:%M:%S")), patience)
        try:
            yield mine
        finally:
            self._leave(mine)

    def _enter(self, asked: Holder, patience: float) -> Holder:
        with self._mutex:
            if self.holder is None:
                self.holder = asked
                return asked
            if self.holder.thread == asked.thread:
                self.holder.depth += 1
                return self.holder
            turn = threading.Lock()
            turn.acquire()
            self._queue.append((asked, turn))
        try:
            has_come = turn.acquire(timeout=patience)
        except BaseException:  # an interrupt from the keyboard, while it waits or just as its turn has come
            if not self._withdraw(asked):
                self._leave(asked)
            raise
        if not has_come and self._withdraw(asked):
            raise self._build_busy_error(patience)
        return asked

    def _withdraw(self, asked: Holder) -> bool:
        """Stop waiting; False if the turn has come meanwhile."""
        with self._mutex:
            for place in self._queue:
                if place[0] is asked:
                    self._queue.remove(place)
                    return True
        return False

    def _leave(self, mine: Holder) -> None:
        """Let the thread that has waited longest write."""
        with self._mutex:
            mine.depth -= 1
            if mine.depth:
                return
            self.holder = None
            if self._queue:
                following, turn = self._queue.popleft()
                following.since = datetime.now(UTC).strftime("%H:%M:%S")
                self.holder = following
                turn.release()

    def _build_busy_error(self, patience: float) -> CaseError:
        holder = self.holder
        if holder is None or holder.is_waiting:
            return build_busy_error(patience)
        said = {"seconds": round(patience), "since": holder.since}
        if holder.verb:
            return CaseError(Sentence("refused.busy.verb", verb=holder.verb, **said))
        return CaseError(Sentence("refused.busy.here", **said))


def build_busy_error(patience: float = PATIENCE) -> CaseError:
    """The refusal where another process has been writing for so many seconds."""
    return CaseError(Sentence("refused.busy.elsewhere", seconds=round(patience)))


_locks: WeakValueDictionary[tuple[int, int], WriterLock] = WeakValueDictionary()
_mutex = threading.Lock()


def lock_of(path: Path) -> WriterLock:
    """The lock of a file, by whatever name it is opened; the file is there."""
    found = path.stat()
    key = found.st_dev, found.st_ino
    with _mutex:
        lock = _locks.get(key)
        if lock is None:
            lock = _locks[key] = WriterLock()
        return lock
