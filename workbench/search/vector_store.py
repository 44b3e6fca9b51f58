"""A store of vectors by passage id. Derived: it may be deleted at any time and is made again from the passages.

Each addition is one small file, written whole and then put in its place; files are joined when there are many. A file that
cannot be read, or that another model made, is left out, and its passages are missing again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import pandas as pd

from workbench.errors import CaseError
from workbench.ledger.storage.file_vault import PLAIN, Vault
from workbench.ledger.storage.safe_deletion import delete_file
from workbench.model.ids import compute_digest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

P = ParamSpec("P")
T = TypeVar("T")
SUFFIX = ".vectors.safetensors"
"""How names of files with the vectors of a model end."""
CLOCK = r"^(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?)(?!\d)"
"""A time as the clock showed it, without its zone and parts of a second."""
LIFT = 0.5
"""How far a passage is lifted towards its best neighbour. Measured on 34 made-up questions to the chats of a training case:
nDCG@10 0.55 without, 0.59 with a half, 0.46 with the whole way (neighbours then push the telling message itself down)."""
MARGIN = 32
"""Rows beyond those asked for that are compared again in 32 bits."""
SEGMENTS = 24
"""From so many files on they are joined into one."""


def _lock_method(method: Callable[Concatenate[VectorIndex, P], T]) -> Callable[Concatenate[VectorIndex, P], T]:
    """The method, in one thread at a time: what another thread takes in is never half there."""

    @wraps(method)
    def call_locked(self: VectorIndex, /, *given: P.args, **named: P.kwargs) -> T:
        with self._alone:
            return method(self, *given, **named)

    return call_locked


class VectorIndex:
    """Vectors of passages in a folder, searched exactly, in one thread at a time.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    version : str
        Of the engine (`Engine.version`): vectors of other versions are passed over.
    vault : Vault
        By which the case's files are read and written.
    suffix : str
        How the names of its files end; other numbers by passage may lie in the same folder.
    """

    def __init__(self, folder: Path, version: str, vault: Vault = PLAIN, *, suffix: str = SUFFIX) -> None:
        self.folder, self.suffix = folder, suffix
        self.version = version
        self.vault = vault
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._read: set[str] = set()
        self._vectors: npt.NDArray[np.float16] | None = None
        self._alone = RLock()

    @_lock_method
    def __len__(self) -> int:
        """Return the number of passages that have a vector."""
        self._refresh()
        return len(self._ids)

    @_lock_method
    def list_files(self) -> frozenset[str]:
        """Names of the files of vectors that are there now."""
        self._refresh()
        return frozenset(self._read)

    @_lock_method
    def list_missing(self, ids: Sequence[str]) -> list[str]:
        """Ids that have no vector yet, in their order."""
        self._refresh()
        return [key for key in dict.fromkeys(ids) if key not in self._rows]

    @_lock_method
    def add(self, ids: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        """Store vectors (one row per id); ids that have one already keep it."""
        new = set(self.list_missing(ids))
        chosen = [number for number, key in enumerate(ids) if key in new]
        if chosen:
            self._write([ids[number] for number in chosen], vectors[chosen])
            self._refresh()
            self._join()

    @_lock_method
    def remove_others(self, ids: Collection[str]) -> None:
        """Forget every vector but those of these passages, on disk as well."""
        import numpy as np

        self._refresh()
        wanted = set(ids)
        kept = [number for number, key in enumerate(self._ids) if key in wanted]
        if self._vectors is None or len(kept) == len(self._ids):
            return
        old = set(self._read)
        new = {self._write([self._ids[row] for row in kept], self._vectors[np.array(kept)])} if kept else set()
        for name in old - new:
            self._drop(name)
        self._refresh()

    @_lock_method
    def get_all(self) -> tuple[list[str], npt.NDArray[np.float16]]:
        """Ids and their vectors, one row each."""
        import numpy as np

        self._refresh()
        return list(self._ids), np.zeros((0, 0), np.float16) if self._vectors is None else self._vectors

    @_lock_method
    def get_vector(self, passage_id: str) -> npt.NDArray[np.float32] | None:
        """Vector of a passage, None if there is none."""
        import numpy as np

        self._refresh()
        row = self._rows.get(passage_id)
        return None if row is None or self._vectors is None else self._vectors[row].astype(np.float32)

    @_lock_method
    def search(
        self,
        vector: npt.NDArray[np.float32],
        n: int,
        *,
        among: Collection[str] | None = None,
        beside: Mapping[str, Sequence[str]] | None = None,
        lenders: Collection[str] | None = None,
    ) -> pd.DataFrame:
        """The `n` passages whose vectors are nearest, best first: passage_id, score.

        Parameters
        ----------
        vector : array of 384
            Unit length.
        among : collection of str, optional
            Only these passages.
        beside : mapping, optional
            Passage -> those said just before and after it (`beside`; if one names the other, the other names the one). A
            passage is then lifted half way to the nearest of them: what tells of a short message is often the message that
            it answers. Neighbours outside `among` lift too, if they are among the nearest of `lenders`.
        lenders : collection of str, optional
            Passages of which the nearest lift others; all, if None.

        Returns
        -------
        DataFrame
            `score`: cosine in [-1, 1], lifted where `beside` is given. It orders; there is no value from which two texts
            mean the same. Equal scores are in the order of the ids.
        """
        self._refresh()
        if self._vectors is None or n < 1:
            return build_ranking({}, n)
        rows = None if among is None else _sort_rows(self._rows[key] for key in among if key in self._rows)
        near = {self._ids[row] for row in _find_nearest(self._vectors, vector, n, rows)}
        if not beside:
            return build_ranking(self._compute_cosines(near, vector), n)
        if among is not None and lenders is not among:
            lending = None if lenders is None else _sort_rows(self._rows[key] for key in lenders if key in self._rows)
            near |= {self._ids[row] for row in _find_nearest(self._vectors, vector, n, lending)}
        around = near | {key for one in near for key in beside.get(one, ())}
        scores = self._compute_cosines({*around, *(key for one in around for key in beside.get(one, ()))}, vector)
        chosen = around & scores.keys() if among is None else around & scores.keys() & set(among)
        return build_ranking({key: lift_score(scores[key], beside.get(key, ()), scores) for key in chosen}, n)

    def _compute_cosines(self, ids: Collection[str], vector: npt.NDArray[np.float32]) -> dict[str, float]:
        """Exact products of the vector with those of the ids that are known."""
        known = sorted(key for key in ids if key in self._rows)
        if self._vectors is None or not known:
            return {}
        import numpy as np

        rows = self._vectors[np.array([self._rows[key] for key in known])].astype(np.float32)
        return dict(zip(known, (rows * vector).sum(axis=1).tolist(), strict=True))

    def put(self, ids: Sequence[str], vectors: npt.NDArray[np.float16]) -> None:
        """Write vectors (one row per id) as a file of their own, whatever is there."""
        self._write(ids, vectors)

    def _write(self, ids: Sequence[str], vectors: npt.NDArray[np.float32] | npt.NDArray[np.float16]) -> str:
        import numpy as np
        from safetensors.numpy import save

        names = np.frombuffer("\n".join(ids).encode(), dtype=np.uint8)
        name = f"{compute_digest(self.version, *ids)}{self.suffix}"
        raw = save({"vectors": vectors.astype(np.float16), "ids": names}, metadata={"version": self.version})
        self.vault.write(self.folder / name, raw)
        return name

    def _drop(self, name: str) -> None:
        """Delete a file."""
        with suppress(OSError):
            delete_file(self.vault.place(self.folder / name))

    def _refresh(self) -> None:
        """Take in files that this or another process has added; begin again if files have gone."""
        names = self.vault.list_names(self.folder, self.suffix)
        if not self._read <= set(names):
            self._ids, self._rows, self._read, self._vectors = [], {}, set(), None
        for name in names:
            if name not in self._read:
                self._read.add(name)
                self._load_file(self.folder / name)

    def _load_file(self, path: Path) -> None:
        import numpy as np

        found = _load_vectors(path, self.version, self.vault)
        if found is None:
            return
        ids, vectors = found
        fresh = [number for number, key in enumerate(ids) if key not in self._rows]
        for number in fresh:
            self._rows[ids[number]] = len(self._ids)
            self._ids.append(ids[number])
        chosen = vectors[fresh]
        self._vectors = chosen if self._vectors is None else np.concatenate([self._vectors, chosen])

    def _join(self) -> None:
        """Put all files into one when there are many; ids that two of them hold are then held once."""
        if len(self._read) < SEGMENTS or self._vectors is None:
            return
        old = set(self._read)
        name = self._write(self._ids, self._vectors)
        self._read = {name}
        for other in old - {name}:
            self._drop(other)


def lift_score(score: float, neighbours: Iterable[str], scores: Mapping[str, float]) -> float:
    """Score of a passage, lifted by LIFT of the way to the best of its neighbours if that is better."""
    best = max((scores[key] for key in neighbours if key in scores), default=score)
    return score + LIFT * max(0.0, best - score)


def order_turns(turns: pd.DataFrame) -> pd.DataFrame:
    """Turns with a time that can be read, in order of it and of the id.

    Parameters
    ----------
    turns : DataFrame
        passage_id, at (ISO 8601 as written), and what else is known.

    Returns
    -------
    DataFrame
        Without `at`; `time`: seconds as that clock showed them, from 1970.
    """
    at = pd.to_datetime(turns["at"].str.extract(CLOCK, expand=False), errors="coerce", format="ISO8601")
    known = turns.drop(columns="at").assign(time=at)[at.notna()].drop_duplicates("passage_id")
    known["time"] = known["time"].astype("datetime64[s]").astype("int64")
    return known.sort_values(["time", "passage_id"], ignore_index=True)


def find_neighbours(turns: pd.DataFrame, *, within: float = 6 * 3600) -> dict[str, tuple[str, ...]]:
    """Passages said just before and after each passage in its conversation.

    Parameters
    ----------
    turns : DataFrame
        passage_id, time (seconds), conversation (whatever names the exchange, best its participants; '' none), in order of time
        (`order_turns`).
    within : float
        Seconds that may lie between two turns that belong together.

    Returns
    -------
    dict
        Passages that have a neighbour only.
    """
    names = turns["conversation"].tolist()
    passages, times = turns["passage_id"].tolist(), turns["time"].tolist()
    last: dict[str, int] = {}
    found: dict[str, tuple[str, ...]] = {}
    for row, name in enumerate(names):
        before = last.get(name, -1) if name else -1
        last[name] = row
        if before >= 0 and times[row] - times[before] <= within:
            one, other = passages[before], passages[row]
            found[one] = (*found.get(one, ()), other)
            found[other] = (*found.get(other, ()), one)
    return found


def _load_vectors(path: Path, version: str, vault: Vault) -> tuple[list[str], npt.NDArray[np.float16]] | None:
    """Ids and vectors of a file, None if it is torn or of another version."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        raw = vault.read(path)
        if _read_version(raw) != version:
            return None
        held = load(raw)
        vectors, ids = held["vectors"], held["ids"].tobytes().decode().split("\n")
    except (SafetensorError, OSError, CaseError, KeyError, ValueError):
        return None
    return (ids, vectors) if len(ids) == len(vectors) and vectors.ndim == 2 else None


def _read_version(raw: bytes) -> str:
    """Version that the head of a safetensors file names: eight bytes with the head's length, then JSON."""
    length = int.from_bytes(raw[:8], "little")
    return str(json.loads(raw[8 : 8 + length]).get("__metadata__", {}).get("version", ""))


def _sort_rows(rows: Iterable[int]) -> npt.NDArray[np.int64]:
    """Row numbers in order."""
    import numpy as np

    return np.array(sorted(rows), dtype=np.int64)


def _find_nearest(
    vectors: npt.NDArray[np.float16], vector: npt.NDArray[np.float32], n: int, rows: npt.NDArray[np.int64] | None
) -> list[int]:
    """Numbers of the nearest rows, `n` and a few more: every row is compared, in 16 bits; the caller orders them in 32."""
    import numpy as np
    from usearch.compiled import MetricKind
    from usearch.index import search

    chosen = vectors if rows is None else vectors[rows]
    if not len(chosen):
        return []
    size = min(n + MARGIN, len(chosen))
    found = search(np.ascontiguousarray(chosen), vector.astype(np.float16), size, MetricKind.IP, exact=True)
    keys = np.asarray(found.keys, dtype=np.int64)
    return [int(key) for key in (keys if rows is None else rows[keys])]


def build_ranking(scores: Mapping[str, float], n: int) -> pd.DataFrame:
    """The best `n`, equal scores in the order of the ids."""
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:n]
    return pd.DataFrame(
        {
            "passage_id": pd.Series([key for key, _ in best], dtype=str),
            "score": pd.Series([score for _, score in best], dtype=float),
        }
    )


def erase_vectors(folder: Path, ids: Collection[str], vault: Vault = PLAIN) -> int:
    """Take passages out of every file of vectors in a folder, whatever made it; how many vectors went.

    A file that cannot be read goes whole: what is in it is made again from the passages. Folders are nothing of the index.
    """
    gone, count = set(ids), 0
    known = {vault.place(folder / name): folder / name for name in vault.list_names(folder)}
    for lies in sorted(folder.iterdir()) if folder.is_dir() else ():
        if lies.is_dir():
            continue
        held = _read_vectors(known[lies], vault) if lies in known else None
        left = [number for number, key in enumerate(held[0]) if key not in gone] if held else []
        if held and len(left) == len(held[0]):
            continue
        if held and left:
            suffix = "." + known[lies].name.partition(".")[2]
            VectorIndex(folder, held[2], vault, suffix=suffix).put([held[0][number] for number in left], held[1][left])
        count += len(held[0]) - len(left) if held else 0
        delete_file(lies)
    return count


def _read_vectors(path: Path, vault: Vault) -> tuple[list[str], npt.NDArray[np.float16], str] | None:
    """Ids, vectors and version of a file; None if it is no whole file of vectors."""
    try:
        version = _read_version(vault.read(path))
    except (OSError, CaseError, ValueError):
        return None
    found = _load_vectors(path, version, vault)
    return (*found, version) if found else None
