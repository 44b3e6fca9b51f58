"""Texts on executors: each gets the vector that the engine of the room `search` gives it, in the version of the case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from workbench.cluster.job_results import build_head, end_with
from workbench.cluster.stage_run import Task, open_job_results
from workbench.worker import JobError, Message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from workbench.cluster.cluster import Cluster
    from workbench.search import Engine

WORK = "vectors"
ROWS = b"n"
"""Tag of the message with the vectors: 32-bit numbers, row by row; its number says how many rows."""


def encode_batches(
    cluster: Cluster, engine: Engine, batches: Sequence[Sequence[str]]
) -> Iterator[npt.NDArray[np.float32]]:
    """Vectors of batches of texts, in their order; a batch that no executor could encode is encoded here.

    Raises
    ------
    CaseError
        If Spark cannot do it.
    """
    import numpy as np

    count = 0
    settings = {"mode": engine.recipe.mode, "version": engine.version}
    tasks = [Task(sum(map(len, batch)), partial(_load_task, at, batch)) for at, batch in enumerate(batches)]
    with open_job_results(cluster, WORK, tasks, settings) as results:
        for at, batch in enumerate(batches):
            try:
                (made,) = results.find(_build_head(at)) or (None,)
            except JobError:
                made = None
            count += made is not None
            yield np.frombuffer(made.payload, "<f4").reshape(made.number, -1) if made else engine.encode(batch)
        cluster.count_done(WORK, count)


def _load_task(number: int, texts: Sequence[str]) -> tuple[str, bytes]:
    return json.dumps(number), json.dumps(list(texts)).encode()


def do_work(settings: str, arguments: str, content: bytes) -> Iterator[tuple[str, Message]]:
    """On an executor: the vectors of a batch of texts."""
    head, error, made = _build_head(json.loads(arguments)), None, b""
    texts = json.loads(content)
    try:
        made = _load_engine(settings).encode(texts).astype("<f4").tobytes()
    except Exception as failed:  # noqa: BLE001 - this computer encodes the batch itself
        error = JobError(type(failed).__name__, "")
    else:
        yield head, Message(ROWS, made, len(texts))
        head = ""
    yield head, end_with(error)


def _build_head(number: int) -> str:
    return build_head("encode", number)


@lru_cache(maxsize=1)
def _load_engine(settings: str) -> Engine:
    """The engine, on one core: Spark starts as many of them as there are.

    Raises
    ------
    LookupError
        If it makes other vectors than that of the case.
    """
    from workbench.search import Engine

    told = json.loads(settings)
    engine = Engine(told["mode"], threads=1)
    if engine.version != told["version"]:
        raise LookupError(engine.version)
    return engine
