"""A reading of a file that counts again: the passages get its texts, as another reading may have given them others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from sqlite3 import Connection

from workbench.case.access import mark_transfer
from workbench.case.context.case_context import CaseContext
from workbench.case.files import reader_process as reader
from workbench.case.privacy import file_erasure
from workbench.case.sources import file_receipt
from workbench.case.sources.row_spool import Spool
from workbench.errors import CaseError, SourceError
from workbench.ingest import SourceFile
from workbench.ledger import Object, Run
from workbench.ledger.records import readings
from workbench.ledger.sessions import gone_rows
from workbench.model.catalogue import Sentence
from workbench.model.rows import Passage, Row, Trace
from workbench.model.values.bounds import limit_rows


def bring_back(context: CaseContext, file: tuple[str, str], run: Run, because: str, *, is_last: bool) -> None:
    """Let a reading of a file, given by hash and name, count again with its own texts and under what was said of the file since.

    The file is read once more for its texts. One that an erasure has written anew may not be read so any more: then the reading that
    counted last (`is_last`) keeps its texts, which the passages still have, and no other can count again.

    Raises
    ------
    CaseError
        Where the texts of the reading cannot be had any more; nothing is changed.
    ChangedError
        If the file was erased, or read in another way, meanwhile.
    SourceError
        If the file cannot be read.
    """
    before = gone_rows.list_readings(context.ledger.connection, run.source)
    source = reader.build_source_file(context, *file)
    changed: list[str] = []
    with Spool(context.folder.rows, is_sealed=context.folder.vault.key is not None) as spool:
        is_read = _read_again(context, source, run, spool, is_last=is_last)
        with context.ledger.group_transactions():
            with context.ledger.open_transaction() as sql:
                gone_rows.check_source(sql, run)
                gone_rows.check_readings(sql, run, before)
                if is_read:
                    changed = _replace_texts(context, sql, source, run, spool, is_last=is_last)
            mark_transfer.copy_marks(context, run.source, run.id)
            context.ledger.decide("run", [run.id], "restored", because)
    file_receipt.forget_texts(context, changed)


def _read_again(context: CaseContext, source: SourceFile, run: Run, spool: Spool, *, is_last: bool) -> bool:
    """Whether the file was read once more, into a spool; not where it has been read in one way alone, or only its text was kept."""
    if not readings.has_other_reading(context.ledger.connection, run.source, run.id):
        return False
    if file_erasure.is_saved_as_text(source.read_head()):
        if not is_last:
            raise _build_refusal(source)
        return False
    try:
        for row in limit_rows(reader.read_rows(source, json.loads(run.parameters), run.method)):
            if isinstance(row, Trace | Passage):
                spool.add(row)
    except SourceError:
        if not is_last:
            raise
        return False
    return True


def _replace_texts(
    context: CaseContext, sql: Connection, source: SourceFile, run: Run, spool: Spool, *, is_last: bool
) -> list[str]:
    """Give the passages the texts of the reading; ids of those that changed."""

    def read() -> Iterator[Row]:
        return spool.read_rows()

    is_whole = run.version == reader.detect_reader(source).version
    names = readings.find_passages(sql, run, read)
    if names is None and is_whole:
        if not is_last:
            raise _build_refusal(source)
        return []
    passages = file_receipt.select_passages(spool.read_rows())
    changed = readings.replace_texts(sql, run, passages, is_whole=is_whole, names=names or {})
    if changed:
        what = Object("run", id=run.id, inputs=[run.source], count=len(changed))
        context.ledger.log(sql, "alteration", what, {"texts": len(changed)})
    return changed


def _build_refusal(source: SourceFile) -> CaseError:
    return CaseError(
        Sentence(
            "The earlier reading of '{name}' was not restored. An erasure has changed the file, and the file can no longer be "
            "read in that way. Use other options, or restore the latest reading (`case.sources.restore`).",
            name=source.name,
        )
    )
