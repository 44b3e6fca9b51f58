"""Passages on executors: each batch is read by the method of the room `extract`, with what the case knows of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.cluster.job_results import JobResults, build_head, end_with
from workbench.cluster.stage_run import Task, open_job_results
from workbench.extract import build_known_names_method
from workbench.extract.extraction_method import Method
from workbench.extract.names import self_naming
from workbench.extract.passage_reading import build_all_methods, read_passages
from workbench.ingest import row_transfer
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Issue, Passage
from workbench.worker import JobError, Message

if TYPE_CHECKING:
    from workbench.cluster.cluster import Cluster

WORK = "passages"
OVERHEAD = 200
"""Bytes of a passage beside its text, about."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case knows beside the texts.

    Attributes
    ----------
    spoken : mapping
        Passage id -> language.
    known : collection of str
        Names that the sources give.
    senders : mapping
        Document id -> account that sent it.
    """

    spoken: Mapping[str, str]
    known: Collection[str]
    senders: Mapping[str, str]


class Batch(NamedTuple):
    """Passages that a method reads at once."""

    method: str
    version: str
    passages: Sequence[Passage]


class UnreadBatch(NamedTuple):
    """A batch that is loaded when its task is written: its passages, the characters of their texts, and what loads it."""

    passages: int
    size: int
    load: Callable[[], Batch]


class PassageResults:
    """What executors found in passages."""

    def __init__(self, results: JobResults) -> None:
        self._results = results
        self.count = 0
        """Batches whose rows came from executors."""

    def find(self, batch: Batch) -> list[Claim | Issue] | None:
        """What a batch gave; None where no executor has read just this, or its method failed there: it is read here."""
        messages = self._results.find(_build_head(batch))
        if messages is None:
            return None
        try:
            rows = [row for message in messages for row in row_transfer.decode_rows(message)]
        except JobError:
            return None
        self.count += 1
        return [row for row in rows if isinstance(row, Claim | Issue)]


@contextmanager
def open_passage_results(
    cluster: Cluster, batches: Iterator[UnreadBatch], known: CaseFacts
) -> Iterator[PassageResults]:
    """Read batches on a cluster; within it what they gave. Raises CaseError where Spark cannot do it."""
    tasks = (_build_task(batch, known) for batch in batches)
    with open_job_results(cluster, WORK, tasks, sorted(known.known)) as results:
        yield PassageResults(results)


def _build_task(unread: UnreadBatch, known: CaseFacts) -> Task:
    return Task(unread.size + OVERHEAD * unread.passages, partial(_load_task, unread, known))


def _load_task(unread: UnreadBatch, known: CaseFacts) -> tuple[str, bytes]:
    """The batch, and the facts of the case about its passages."""
    batch = unread.load()
    spoken = {one.id: known.spoken[one.id] for one in batch.passages if one.id in known.spoken}
    senders = {
        one.document_id: known.senders[one.document_id] for one in batch.passages if one.document_id in known.senders
    }
    told = {
        "head": _build_head(batch),
        "method": batch.method,
        "version": batch.version,
        "spoken": spoken,
        "senders": senders,
    }
    return json.dumps(told), json.dumps([astuple(passage) for passage in batch.passages]).encode()


def _build_head(batch: Batch) -> str:
    texts = (f"{one.id} {one.document_id} {one.number} {one.page} {one.text}" for one in batch.passages)
    return build_head("read", batch.method, batch.version, compute_digest(*texts))


def do_work(settings: str, arguments: str, content: bytes) -> Iterator[tuple[str, Message]]:
    """On an executor: claims and doubts of a batch of passages."""
    told = json.loads(arguments)
    head, error = str(told["head"]), None
    try:
        method = _load_method(told, settings)
        passages = [Passage(*row) for row in json.loads(content)]
        rows = read_passages(_set_version(method, told["version"]), passages, told["spoken"])
        for message in row_transfer.encode_rows(rows):
            yield head, message
            head = ""
    except Exception as failed:  # noqa: BLE001 - this computer reads the batch itself, and tells of the defect
        error = JobError(type(failed).__name__, "")
    yield head, end_with(error)


def _load_method(told: Mapping[str, object], settings: str) -> Method:
    """The method that is named; the automaton of known names is made once."""
    of_names = _load_known_names_method(settings)
    if told["method"] == of_names.name:
        return of_names
    return build_all_methods(told["spoken"], (), told["senders"])[str(told["method"])]  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _load_known_names_method(settings: str) -> Method:
    return build_known_names_method(json.loads(settings))


def _set_version(method: Method, version: str) -> Method:
    """The method under the version that it has in the case.

    The version of `self-naming` is a digest of all senders of the case, and a worker is given those of its passages alone.
    The version of any other method names its models and libraries.

    Raises
    ------
    LookupError
        If this worker has other models or libraries than the computer of the case.
    """
    if method.version == version:
        return method
    if method.name != self_naming.NAME:
        raise LookupError(method.version)
    return Method(
        method.name, version, lambda passages: (replace(one, version=version) for one in method.extract(passages))
    )
