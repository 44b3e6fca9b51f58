"""A cluster in this process: it does the tasks of a stage one after another, so that what executors do is tested without Spark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.cluster.scratch_folder import ScratchFolder


class InProcessCluster:
    """A cluster of one core in this process; what `stage_run` asks of a cluster, and no more.

    Parameters
    ----------
    scratch : Path
        Folder in which the stages lie.

    Attributes
    ----------
    watch : callable
        Called when a stage begins, once its tasks are written.
    """

    parallelism = 1

    def __init__(self, scratch: Path) -> None:
        self.scratch = ScratchFolder(scratch)
        self.done: dict[str, int] = {}
        self.watch: Callable[[], None] = lambda: None

    def map_parts(self, source: Path, target: Path, columns: str, answers: str, work: Callable[..., Any]) -> None:
        """Do the tasks of each part, and write the answers as Spark does."""
        del columns, answers
        self.watch()
        target.mkdir()
        for part in sorted(source.glob("part-*.parquet")):
            made = pa.Table.from_batches(work(pq.ParquetFile(part).iter_batches(64)))
            pq.write_table(made, target / part.name)
        (target / "_SUCCESS").touch()

    def count_done(self, kind: str, count: int) -> None:
        """Note how many jobs were taken from executors."""
        self.done[kind] = self.done.get(kind, 0) + count
