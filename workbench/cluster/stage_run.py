"""One stage: tasks are written, executors do them with a function of a room, and their results are complete or ignored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.cluster.job_results import UNFINISHED, JobResults
from workbench.cluster.stage_format import (
    MAX_PAYLOAD,
    PART_BYTES,
    RESULT_COLUMNS,
    TASK_COLUMNS,
    build_ddl,
    build_schema,
)
from workbench.worker import Message
from workbench.worker.payload_cipher import PayloadCipher, create_key

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.cluster.cluster import Cluster

Work = Callable[[str, str, bytes], Iterator[tuple[str, Message]]]
"""From settings of the stage, arguments of a task (both JSON) and its content to messages, the first of a job with its head."""
WORKS = {
    "files": "workbench.cluster.file_reading",
    "passages": "workbench.cluster.passage_stage",
    "vectors": "workbench.cluster.text_encoding",
}
"""Modules whose `do_work` executors run."""
SHARES = 4
"""Partitions for each core, so that a slow one keeps nobody waiting."""
BATCH, ROWS = 2 << 20, 256
"""Bytes and rows that an executor hands to Spark at once."""


class Task(NamedTuple):
    """One piece of work: its size in bytes, about, and what gives its arguments (JSON) and its content when they are written."""

    size: int
    load: Callable[[], tuple[str, bytes]]


class StageSettings(NamedTuple):
    """What each executor is told: which work, with which settings (JSON), the key, and the digest of the program it must have."""

    work: str
    settings: str
    key: bytes
    program: str


@contextmanager
def open_job_results(
    cluster: Cluster, work: str, tasks: Iterable[Task], settings: object = None
) -> Iterator[JobResults]:
    """Do the tasks on a cluster, and give their results; they are removed when the block ends.

    Raises
    ------
    CaseError
        If Spark cannot do it.
    """
    told = StageSettings(work, json.dumps(settings), create_key(), compute_program_digest())
    cipher = PayloadCipher(told.key)
    with cluster.scratch.open_stage(work) as folder:
        if _write_tasks(folder / "tasks", list(tasks), cluster.parallelism, cipher):
            cluster.map_parts(
                folder / "tasks",
                folder / "answers",
                build_ddl(TASK_COLUMNS),
                build_ddl(RESULT_COLUMNS),
                partial(do_tasks, (told.work, told.settings, told.key, told.program)),
            )
        yield JobResults(folder / "answers", cipher)


def _write_tasks(folder: Path, tasks: list[Task], cores: int, cipher: PayloadCipher) -> int:
    """Write the tasks in parts of about one size, the largest first; how many parts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    schema = build_schema(TASK_COLUMNS)
    count = min(len(tasks), max(SHARES * cores, sum(task.size for task in tasks) // PART_BYTES + 1))
    for part, numbers in enumerate(_share_tasks(tasks, count)):
        with pq.ParquetWriter(folder / f"part-{part:05}.parquet", schema, compression="none") as writer:
            for number in numbers:
                arguments, content = tasks[number].load()
                head = arguments.encode()
                encrypted = cipher.encrypt(len(head).to_bytes(8, "big") + head + content)
                writer.write_table(pa.table({"number": [number], "work": [encrypted]}, schema))
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


def do_tasks(told: tuple[str, str, bytes, str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What an executor does with the tasks of a partition (`mapInArrow`); `told`: the fields of StageSettings.

    Raises
    ------
    RuntimeError
        If the program of the executor is not that of the driver.
    """
    work, settings, key, program = told
    if compute_program_digest() != program:
        raise RuntimeError("caseledger on this worker is another version than on the driver")
    cipher, do_work = PayloadCipher(key), import_module(WORKS[work]).do_work
    held = _Batch()
    for batch in batches:
        for number, encrypted in zip(batch.column(0), batch.column(1), strict=True):
            plain = cipher.decrypt(encrypted.as_py())
            cut = 8 + int.from_bytes(plain[:8], "big")
            for step, (head, message) in enumerate(do_work(settings, plain[8:cut].decode(), plain[cut:])):
                sent = message if len(message.payload) <= MAX_PAYLOAD else Message(UNFINISHED)
                held.add(number.as_py(), step, cipher.encrypt(head.encode()) if head else b"", sent, cipher)
                if held.is_full:
                    yield held.build()
    yield held.build()


class _Batch:
    """Rows of results on their way to Spark."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, bytes, bytes, int, bytes]] = []
        self.size = 0

    @property
    def is_full(self) -> bool:
        return self.size >= BATCH or len(self.rows) >= ROWS

    def add(self, number: int, step: int, head: bytes, message: Message, cipher: PayloadCipher) -> None:
        payload = cipher.encrypt(message.payload)
        self.rows.append((number, step, head, message.tag, message.number, payload))
        self.size += len(payload)

    def build(self) -> pa.RecordBatch:
        """The rows as Arrow; nothing is held afterwards."""
        import pyarrow as pa

        schema = build_schema(RESULT_COLUMNS)
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
