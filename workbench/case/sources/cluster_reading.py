"""What executors of Spark read for a case: files that the officer hands over and that are new, and no file that is withheld."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.case.files import reader_process
from workbench.case.sources.file_receipt import is_hidden
from workbench.errors import SourceError
from workbench.ingest.reading.source import SourceFile
from workbench.ledger.erasure import tombstones
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    from workbench.cluster.cluster import Cluster
    from workbench.cluster.file_reading import File
    from workbench.worker import Message


@contextmanager
def use_cluster_readings(
    context: CaseContext, cluster: Cluster | None, files: Iterable[folder_walk.Entry], options: Mapping[str, str]
) -> Iterator[None]:
    """Read files on a cluster; within the block the case takes their rows from there instead of from the reader process.

    This computer reads any file that no executor read, or that one read under another name or with other options than are asked for.
    """
    if cluster is None:
        yield
        return
    from workbench.cluster import file_reading
    from workbench.cluster.stage_run import open_job_results

    chosen = list(_choose_files(context, files, options))
    with open_job_results(cluster, "files", file_reading.build_tasks(chosen), reader_process.MODULE) as results:

        def find(job: str, file: SourceFile, arguments: Mapping[str, object]) -> Generator[Message, None, None] | None:
            return results.find(file_reading.build_job_head(job, file, arguments))

        with reader_process.use_job_results(find):
            yield
        cluster.count_done("files", results.used_jobs)


def _choose_files(
    context: CaseContext, files: Iterable[folder_walk.Entry], options: Mapping[str, str]
) -> Iterator[File]:
    """Files that travel: new to the case, not erased from it, not withheld from the officer, not too large."""
    from workbench.cluster.file_reading import File
    from workbench.cluster.stage_format import MAX_PAYLOAD

    for entry in files:
        with suppress(SourceError), folder_walk.open_outside(entry.path, entry.name, entry.top) as content:
            sha256, size = folder_walk.hash_content(content), content.tell()
            if size <= MAX_PAYLOAD and _is_new(context, sha256):
                yield File(partial(_load_content, entry, sha256), sha256, entry.name, size, options)


def _load_content(entry: folder_walk.Entry, sha256: str) -> bytes:
    """The bytes of a file; none where it is not any more what was looked at."""
    with suppress(SourceError), folder_walk.open_outside(entry.path, entry.name, entry.top) as content:
        data = content.read()
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
    return b""


def _is_new(context: CaseContext, sha256: str) -> bool:
    """Whether a file is read for the first time, by somebody who may know of it."""
    if tombstones.find_erased(context.ledger, sources=[sha256]) or is_hidden(context, sha256):
        return False
    return row_tables.get_source_state(context.ledger, sha256, own=True)[0] == "interrupted"
