"""Files that were erased here and lie within files that somebody else has read: they are found by looking into these files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from workbench import ingest
from workbench.case.context.case_context import CaseContext
from workbench.case.files import reader_process
from workbench.case.files.traffic import traffic_formats
from workbench.errors import SourceError
from workbench.ingest import archives, chats, mail, office, phones, tables
from workbench.ingest.archives import unclaimed_bytes
from workbench.ingest.budgets import FileBudget
from workbench.ingest.inner_files import DEEP
from workbench.ledger import Arrival
from workbench.ledger.erasure import entity_footprint, tombstones
from workbench.ledger.records import row_tables
from workbench.model.rows import Enclosure

CONTAINERS = frozenset(
    {"pdf", *(name for one in (archives, chats, mail, office, phones, tables) for name in one.READERS)}
)
"""Readers that may find files in a file."""
PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
"""How a table begins that may hold files: a workbook."""


class Inner(NamedTuple):
    """A file within a file: its bytes, and where it lies."""

    sha256: str
    data: bytes
    arrival: Arrival


def register_erased_files(context: CaseContext, sources: Collection[str]) -> None:
    """Register what was erased here and lies in these sources where our reader has not found it, with the files in which it lies.

    That is in files that only others or the desk have read, and in archives that do not list it. It is kept for a
    moment, as what our own reader finds: it is taken out with the erasure that is done again (`stay_erased`).
    """
    if (is_erased := tombstones.build_recogniser(context.ledger, "source")) is None:
        return
    names = dict(entity_footprint.list_sources(context.ledger))
    for source in {*sources, *entity_footprint.list_sources_within(context.ledger, sources)} & names.keys():
        if not context.folder.get_source_path(source).exists():
            continue
        file = reader_process.build_source_file(context, source, names[source])
        if source in sources and not _is_read_here(context, source):
            whole = FileBudget(reader_process.get_size(file), {})
            _register_files(context, list(_find_erased_files(file, whole, is_erased, 1)))
        _register_files(context, list(_find_unlisted_files(file, is_erased)))


def _is_read_here(context: CaseContext, source: str) -> bool:
    """Whether our own readers have looked into a file: not another bureau, and not the desk alone, which looks for messages only."""
    methods = set(row_tables.list_source_runs(context.ledger, source)["method"])
    return not row_tables.is_foreign(context.ledger, source) and methods != {traffic_formats.METHOD}


def _register_files(context: CaseContext, found: list[Inner]) -> None:
    for one in found:
        context.folder.store_source(BytesIO(one.data))
        if row_tables.is_foreign(context.ledger, one.sha256):
            context.ledger.add_arrival(one.sha256, one.arrival)
        else:
            context.ledger.add_source(one.sha256, one.arrival, len(one.data), {})


def _find_erased_files(
    outer: ingest.SourceFile, whole: FileBudget, is_erased: Callable[[str], bool], depth: int
) -> Iterator[Inner]:
    """What was erased and lies in a file, however deep, each after the files in which it lies."""
    for inner in _list_inner_files(outer, whole) if depth <= DEEP else ():
        key = sha256(inner.data).hexdigest()
        file = ingest.SourceFile(outer.path, key, f"{outer.name}/{inner.name}", inner.data)
        deeper = [] if key == outer.sha256 else list(_find_erased_files(file, whole, is_erased, depth + 1))
        if deeper or is_erased(key):
            yield Inner(key, inner.data, Arrival(file.name, outer.sha256))
            yield from deeper


def _find_unlisted_files(outer: ingest.SourceFile, is_erased: Callable[[str], bool]) -> Iterator[Inner]:
    """What was erased and lies in an archive whose table of contents does not list it."""
    for data in unclaimed_bytes.list_unlisted(outer):
        if is_erased(key := sha256(data).hexdigest()):
            yield Inner(key, data, Arrival(f"{outer.name}/unlisted", outer.sha256))


def _list_inner_files(file: ingest.SourceFile, whole: FileBudget) -> Iterator[Enclosure]:
    """Files that lie in a file itself; none where it is not read or holds no files."""
    try:
        found = reader_process.detect_reader(file, whole)
        if found.reader not in CONTAINERS or (
            found.reader in tables.READERS and not file.read_head().startswith(PACKED)
        ):
            return
        for row in reader_process.read_rows(file, {}, found.reader, whole):
            if isinstance(row, Enclosure):
                yield row
    except SourceError:
        return
