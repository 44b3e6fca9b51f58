"""Files on executors: a reader process there looks at each and reads it, with the files within it, under the same budgets as here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, cast

from workbench.cluster.job_results import build_head, end_with
from workbench.cluster.stage_format import MAX_PAYLOAD
from workbench.cluster.stage_run import Task
from workbench.ingest import budgets, row_transfer
from workbench.ingest.budgets import FileBudget
from workbench.ingest.inner_files import DEEP, inherit_options, name_inner_file
from workbench.ingest.reading.source import SourceFile
from workbench.model.rows import Enclosure
from workbench.worker import JobError, Message, Pool, Stopped


class File(NamedTuple):
    """A file that is to be read: what gives its bytes, its digest and name, its size, and the options of its reading."""

    load: Callable[[], bytes]
    sha256: str
    name: str
    size: int
    options: Mapping[str, str]


def build_job_head(job: str, file: SourceFile, arguments: Mapping[str, object]) -> str:
    """The head of a job about a file, as the case asks for it."""
    return build_head(job, file.sha256, file.name, dict(arguments))


def build_tasks(files: Iterable[File]) -> Iterator[Task]:
    """A task for each file."""
    for file in files:
        arguments = json.dumps({"name": file.name, "options": dict(file.options)})
        yield Task(file.size, partial(_load_task, arguments, file.load))


def _load_task(arguments: str, load: Callable[[], bytes]) -> tuple[str, bytes]:
    return arguments, load()


def do_work(settings: str, arguments: str, content: bytes) -> Iterator[tuple[str, Message]]:
    """On an executor: what the reader process says of a file and of the files within it, job by job."""
    told, pool = json.loads(arguments), _get_pool(settings)
    reading = _Reading(pool, FileBudget(len(content), told["options"]))
    yield from reading.read(str(told["name"]), content, told["options"], 0)


class _Reading:
    """The reading of what was handed over: a file and the files within it, each once, under one budget."""

    def __init__(self, pool: Pool, whole: FileBudget) -> None:
        self.pool, self.whole, self.met = pool, whole, set[str]()

    def read(self, name: str, content: bytes, options: Mapping[str, str], depth: int) -> Iterator[tuple[str, Message]]:
        """Messages of a file, then of those within it."""
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 in self.met or depth > DEEP or self.whole.exceeded_limit:
            return
        self.met.add(sha256)
        file = SourceFile(Path(sha256), sha256, name, data=content)
        looked = _Run(self, "detect", file, {})
        yield from looked.list_messages()
        if looked.value is None:
            return
        run = _Run(self, "read", file, {"options": dict(options), "reader": looked.value[0]})
        yield from run.list_messages()
        if run.is_whole:
            self.whole.read += 1
            for inner in run.inner:
                yield from self.read(name_inner_file(name, inner.name), inner.data, inherit_options(options), depth + 1)


class _Run:
    """A job of the reader process about a file."""

    def __init__(self, reading: _Reading, job: str, file: SourceFile, arguments: Mapping[str, object]) -> None:
        self.pool, self.whole = reading.pool, reading.whole
        self.job, self.file, self.arguments = job, file, arguments
        self.value: list[str] | None = None
        self.inner: list[Enclosure] = []
        self.inner_size = 0
        self.is_refused = self.is_whole = False

    def list_messages(self) -> Iterator[tuple[str, Message]]:
        """The messages, the first with its head, the last saying how the job ended."""
        head, error = build_job_head(self.job, self.file, self.arguments), None
        try:
            with closing(self._ask()) as messages:
                for message in messages:
                    yield head, message
                    head = ""
                    self._count(message)
        except (Stopped, JobError) as stopped:
            error = stopped
        self.is_whole = error is None and not self.is_refused
        yield head, end_with(error)

    def _ask(self) -> Generator[Message, None, None]:
        size = len(self.file.data or b"")
        given = {"path": self.file.sha256, "sha256": self.file.sha256, "name": self.file.name, "own": False}
        allowed = self.whole.cut(
            budgets.compute_budget(size, cast("Mapping[str, str]", self.arguments.get("options", {})))
        )
        self._yield = budgets.Yield(size, self.whole)
        return self.pool.run(self.job, {**given, **self.arguments}, budget=allowed, content=self.file.open)

    def _count(self, message: Message) -> None:
        """Hold it against the budget, as the case does that takes it. Raises Stopped."""
        if message.tag == row_transfer.REFUSAL:
            self.is_refused = True
        elif message.tag == row_transfer.VALUE:
            self.value = cast("list[str]", row_transfer.decode_value(message))
        else:
            for row in row_transfer.decode_rows(message):
                self._yield.count(row)
                if isinstance(row, Enclosure) and self.inner_size + len(row.data) <= MAX_PAYLOAD:
                    self.inner.append(row)
                    self.inner_size += len(row.data)


@cache
def _get_pool(settings: str) -> Pool:
    """The reader processes of an executor: what they run, as the case says."""
    return Pool(*json.loads(settings))
