"""One stage: tasks are written, executors do them with a function of a room, and their answers are complete or not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.spark.answers import ANSWERS, LEFT, TASKS, Answers
from workbench.spark.sealed_payloads import Seal, create_key
from workbench.worker import Message

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.spark.cluster import Cluster

Work = Callable[[str, str, bytes], Iterator[tuple[str, Message]]]
"""From settings of the stage, arguments of a task (both JSON) and its content to messages, the first of a job with its head."""
WORKS = {
    "files": "workbench.spark.file_reading",
    "passages": "workbench.spark.passage_reading",
    "vectors": "workbench.spark.text_encoding",
}
"""Modules whose `do_work` executors run."""
GROUP = 16 << 20
"""Bytes of the tasks of one partition, about."""
SHARES = 4
"""Partitions for each core, so that a slow one keeps nobody waiting."""
BATCH, ROWS = 2 << 20, 256
"""Bytes and rows that an executor hands to Spark at once."""
LARGEST = 256 << 20
"""Bytes of one message that travels; a job with a larger one is left to the laptop."""


class Task(NamedTuple):
    """One piece of work: its size in bytes, about, and what gives its arguments (JSON) and its content when they are written."""

    size: int
    load: Callable[[], tuple[str, bytes]]


class Order(NamedTuple):
    """What each executor is told: which work, with which settings, the key, and which program it must have."""

    work: str
    settings: str
    key: bytes
    program: str


@contextmanager
def open_answers(cluster: Cluster, work: str, tasks: Iterable[Task], settings: object = None) -> Iterator[Answers]:
    """Do the tasks on a cluster; within it their answers, afterwards nothing of them.

    Raises
    ------
    CaseError
        If Spark cannot do it.
    """
    order = Order(work, json.dumps(settings), create_key(), compute_program_digest())
    seal = Seal(order.key)
    with cluster.scratch.open_stage(work) as folder:
        if _write_tasks(folder / "tasks", list(tasks), cluster.parallelism, seal):
            cluster.map_parts(
                folder / "tasks",
                folder / "answers",
                TASKS,
                ANSWERS,
                partial(do_tasks, (order.work, order.settings, order.key, order.program)),
            )
        yield Answers(folder / "answers", seal)


def _write_tasks(folder: Path, tasks: list[Task], cores: int, seal: Seal) -> int:
    """Write the tasks in parts of like size, the largest first; how many parts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    schema = pa.schema([("number", pa.int64()), ("work", pa.binary())])
    count = min(len(tasks), max(SHARES * cores, sum(task.size for task in tasks) // GROUP + 1))
    for part, numbers in enumerate(_share_tasks(tasks, count)):
        with pq.ParquetWriter(folder / f"part-{part:05}.parquet", schema, compression="none") as writer:
            for number in numbers:
                arguments, content = tasks[number].load()
                head = arguments.encode()
                sealed = seal.close(len(head).to_bytes(8, "big") + head + content)
                writer.write_table(pa.table({"number": [number], "work": [sealed]}, schema))
    return count


def _share_tasks(tasks: list[Task], count: int) -> list[list[int]]:
    """Numbers of the tasks of each part: each goes to the part that has the least so far."""
    import heapq

    parts: list[list[int]] = [[] for _ in range(count)]
    free = [(0, part) for part in range(count)]
    for number in sorted(range(len(tasks)), key=lambda one: (-tasks[one].size, one)):
        size, part = heapq.heappop(free)
        parts[part].append(number)
        heapq.heappush(free, (size + tasks[number].size + 1, part))
    return parts


def do_tasks(order: tuple[str, str, bytes, str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What an executor does with the tasks of a partition (`mapInArrow`).

    Raises
    ------
    RuntimeError
        If the program of the executor is not that of the driver.
    """
    work, settings, key, program = order
    if compute_program_digest() != program:
        raise RuntimeError("caseledger on this worker is another version than on the driver")
    seal, do_work = Seal(key), import_module(WORKS[work]).do_work
    held = _Batch()
    for batch in batches:
        for number, sealed in zip(batch.column(0), batch.column(1), strict=True):
            plain = seal.open(sealed.as_py())
            cut = 8 + int.from_bytes(plain[:8], "big")
            for step, (head, message) in enumerate(do_work(settings, plain[8:cut].decode(), plain[cut:])):
                told = message if len(message.payload) <= LARGEST else Message(LEFT)
                held.add(number.as_py(), step, seal.close(head.encode()) if head else b"", told, seal)
                if held.is_full:
                    yield held.build()
    yield held.build()


class _Batch:
    """Rows of answers on their way to Spark."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, bytes, bytes, int, bytes]] = []
        self.size = 0

    @property
    def is_full(self) -> bool:
        return self.size >= BATCH or len(self.rows) >= ROWS

    def add(self, number: int, step: int, head: bytes, message: Message, seal: Seal) -> None:
        payload = seal.close(message.payload)
        self.rows.append((number, step, head, message.tag, message.number, payload))
        self.size += len(payload)

    def build(self) -> pa.RecordBatch:
        """The rows as Arrow; nothing is held afterwards."""
        import pyarrow as pa

        kinds = {
            "number": pa.int64(),
            "step": pa.int64(),
            "head": pa.binary(),
            "tag": pa.binary(),
            "amount": pa.int64(),
        }
        schema = pa.schema([*kinds.items(), ("payload", pa.binary())])
        columns: list[Any] = list(zip(*self.rows, strict=True)) or [[] for _ in schema]
        self.rows, self.size = [], 0
        return pa.record_batch(
            [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema
        )


@cache
def compute_program_digest() -> str:
    """Digest of the sources of the package: rows are equal only where the program is."""
    top, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(top.rglob("*.py")):
        digest.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
