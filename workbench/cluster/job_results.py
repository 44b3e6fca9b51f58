"""Results of jobs that executors did: messages of the reader process, each encrypted, with its place in the order.

A result is a job (`head`: what it is about, by which method and version, as JSON) and its messages, the last of which says how the
job ended. Rows may lie in any order: they are sorted by their numbers. Incomplete jobs are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.cluster.scratch_folder import list_parts
from workbench.worker import JobError, Message, Stopped
from workbench.worker.payload_cipher import PayloadCipher

DONE, STOPPED, FAILED, UNFINISHED = b".", b"!", b"?", b"-"
"""How a job ended: whole; over a limit; with a defect. UNFINISHED: a message was too large to travel, or the time of a busy worker
was up; this computer does the job then."""
ENDS = frozenset({DONE, STOPPED, FAILED})


class Place(NamedTuple):
    """Where a message lies: part, group of rows, row."""

    part: int
    group: int
    row: int


class Job(NamedTuple):
    """The messages of a job, and how it ended."""

    places: list[Place]
    ended: bytes


def build_head(job: str, *about: object) -> str:
    """What a job is about, as it stands in its head: equal where job, texts and options are equal."""
    return json.dumps([job, *about], sort_keys=True)


def end_with(error: Exception | None) -> Message:
    """The last message of a job. That a worker took too long says nothing of the file: this computer does the job then."""
    if isinstance(error, Stopped) and error.limit == "wait":
        return Message(UNFINISHED)
    if isinstance(error, Stopped):
        return Message(STOPPED, json.dumps([error.limit, error.figure]).encode())
    if isinstance(error, JobError):
        return Message(FAILED, json.dumps([error.kind, str(error)]).encode())
    return Message(DONE)


class JobResults:
    """Results of the jobs of a stage, read piece by piece from its parts.

    Parameters
    ----------
    folder : Path
        Where the parts lie; without `_SUCCESS` it counts as empty.
    cipher : PayloadCipher
        With the key of the stage.

    Attributes
    ----------
    jobs : dict
        Head -> the places of the job's messages, and how it ended.
    used_jobs : int
        Jobs that were asked for and found.
    """

    def __init__(self, folder: Path, cipher: PayloadCipher) -> None:
        self._cipher, self._parts = cipher, list_parts(folder)
        self._held: tuple[tuple[int, int], list[tuple[bytes, bytes, int]]] = ((-1, -1), [])
        self.jobs = dict(self._find_jobs())
        self.used_jobs = 0

    def find(self, head: str) -> Generator[Message, None, None] | None:
        """Messages of a job, in their order; None where no executor did it.

        Raises
        ------
        Stopped
            While it is read, where the job went over a limit.
        JobError
            Where it failed.
        """
        job = self.jobs.get(head)
        if job is None or job.ended == UNFINISHED:
            return None
        self.used_jobs += 1
        return self._replay(job)

    def _replay(self, job: Job) -> Generator[Message, None, None]:
        for place in job.places:
            tag, encrypted, amount = self._read_row(place)
            payload = self._cipher.decrypt(encrypted)
            if tag == STOPPED:
                raise Stopped(*json.loads(payload))
            if tag == FAILED:
                raise JobError(*json.loads(payload))
            if tag != DONE:
                yield Message(tag, payload, amount)

    def _read_row(self, place: Place) -> tuple[bytes, bytes, int]:
        import pyarrow.parquet as pq

        if self._held[0] != place[:2]:
            table = pq.ParquetFile(self._parts[place.part]).read_row_group(place.group, ["tag", "payload", "amount"])
            columns = [table.column(name).to_pylist() for name in ("tag", "payload", "amount")]
            self._held = (place.part, place.group), list(zip(*columns, strict=True))
        return self._held[1][place.row]

    def _find_jobs(self) -> Iterator[tuple[str, Job]]:
        """Jobs by their heads; the payloads stay where they are."""
        head, places, expected, is_unfinished = "", list[Place](), (-1, 0), False
        for number, step, encrypted, tag, place in sorted(self._list_rows()):
            task, following = expected
            if (number != task and step != 0) or (number == task and step != following):
                raise ValueError("a part of the results is missing")
            expected = number, step + 1
            if encrypted:
                head, places, is_unfinished = self._cipher.decrypt(encrypted).decode(), [], False
            places.append(place)
            is_unfinished |= tag == UNFINISHED
            if tag in ENDS:
                yield head, Job(places, UNFINISHED if is_unfinished else tag)

    def _list_rows(self) -> Iterator[tuple[int, int, bytes, bytes, Place]]:
        import pyarrow.parquet as pq

        for part, path in enumerate(self._parts):
            file = pq.ParquetFile(path)
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, ["number", "step", "head", "tag"])
                columns = [table.column(name).to_pylist() for name in ("number", "step", "head", "tag")]
                for row, (number, step, head, tag) in enumerate(zip(*columns, strict=True)):
                    yield number, step, head, tag, Place(part, group, row)
