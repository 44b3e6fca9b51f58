"""What is derived from the rows of a case, kept for all threads that work in it until it changes.

Where two threads ask for the same, one computes it and the other waits for it. Nothing is shared of what may yet be taken back
(it was read within a transaction), nor of a state of the rows that is older than what is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.ledger.storage.table_cache import LedgerState

T = TypeVar("T")
State = tuple[int, bool]
"""The version of the rows, and whether they have been written."""


class Cache:
    """Values by name, each with what it rests on; one thread computes a value, others that ask for it wait."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[object, object]] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._mutex = threading.Lock()

    def get(self, name: str, rests_on: object, compute: Callable[[], T], *, waits: bool = True) -> T:
        """What `compute` gives, kept until what it rests on is another.

        Parameters
        ----------
        waits : bool
            Wait for another thread that is computing it. Who writes to the ledger does not wait: others may wait for him.
        """
        found = self._found.get(name)
        if found is None or found[0] != rests_on:
            with self._lock_name(name, waits=waits):
                kept = self._found
                found = kept.get(name)
                if found is None or found[0] != rests_on:
                    found = kept[name] = (rests_on, compute())
        return cast(T, found[1])

    def list_values(self) -> list[object]:
        """Everything that is kept."""
        return [value for _, value in list(self._found.values())]

    def clear(self) -> None:
        """Let go of everything; what is being computed just now is not kept."""
        self._found = {}

    @contextmanager
    def _lock_name(self, name: str, *, waits: bool) -> Iterator[None]:
        with self._mutex:
            lock = self._locks.setdefault(name, threading.RLock())
        is_mine = lock.acquire(blocking=waits)
        try:
            yield
        finally:
            if is_mine:
                lock.release()


class VersionedCache:
    """Values that rest on the same rows: one cache for all threads, and for a state that the others do not read one of its thread."""

    def __init__(self) -> None:
        self._newest = -1
        self._shared = Cache()
        self._own = threading.local()
        self._mutex = threading.Lock()

    def cache_at(self, version: int, *, is_final: bool) -> tuple[Cache, bool]:
        """Where values of a version of the rows are kept, and whether it is one that nobody has asked for yet.

        Parameters
        ----------
        is_final : bool
            Whether the rows have been written, and are not within a transaction that may be given up.
        """
        with self._mutex:
            if not is_final or version < self._newest:
                return self._get_thread_cache((version, is_final)), False
            is_new = version > self._newest
            if is_new:
                self._newest, self._shared = version, Cache()
            self._own.__dict__.clear()
            return self._shared, is_new

    def _get_thread_cache(self, state: State) -> Cache:
        """A cache of this thread, for a state of the rows that the others do not read."""
        if getattr(self._own, "state", None) != state:
            self._own.state, self._own.cache = state, Cache()
        cache: Cache = self._own.cache
        return cache

    def let_go(self) -> list[object]:
        """Let go of the values that are shared; what they were."""
        with self._mutex:
            gone, self._shared = self._shared, Cache()
        return gone.list_values()


class Tables:
    """The tables of one case for one reader.

    Attributes
    ----------
    rows, material, sources : VersionedCache
        What rests on all rows of the ledger; on the material; on the material but for judgements.
    kept, files : Cache
        What most rows do not change; what is read from derived files.
    followed : dict
        Tables that follow the rows that come: name -> the state of the ledger for which each was made, and the table.
    saved : dict
        Name -> rows of the table as it was last saved or loaded (`table_cache`).
    """

    def __init__(self) -> None:
        self.rows, self.material, self.sources = VersionedCache(), VersionedCache(), VersionedCache()
        self.kept, self.files = Cache(), Cache()
        self.followed: dict[str, tuple[LedgerState, DataFrame]] = {}
        self.saved: dict[str, int] = {}

    def forget(self) -> None:
        """Let go of everything."""
        self.rows, self.material, self.sources = VersionedCache(), VersionedCache(), VersionedCache()
        self.kept.clear()
        self.files.clear()
        self.followed.clear()

    def let_go(self) -> list[object]:
        """Let go of the derived tables; what they were."""
        self.followed.clear()
        return [*self.rows.let_go(), *self.material.let_go(), *self.sources.let_go()]
