"""Messages that were erased here and lie within files that were read as something else: found by reading the files as traffic."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from contextlib import suppress
from io import BytesIO

from workbench import ingest
from workbench.case.context.case_context import CaseContext
from workbench.case.files import reader_process
from workbench.case.files.traffic import traffic_formats
from workbench.errors import SourceError
from workbench.ingest.documents import police_message
from workbench.ledger import Arrival, Run
from workbench.ledger.erasure import entity_footprint, tombstones
from workbench.ledger.records import row_tables
from workbench.messages import to_json
from workbench.model.rows import LedgerRow


def register_erased_messages(context: CaseContext, sources: Collection[str]) -> None:
    """Keep the messages that were erased here and lie in these sources, each as a file within its file.

    It is for a moment: by their texts they are taken out of what else was read from the file (`erasure_replay.reapply_to_sources`).
    The desk has done it itself in files that it has read.
    """
    if (is_erased := tombstones.recognise_gone(context.ledger)) is None:
        return
    names = dict(entity_footprint.list_sources(context.ledger))
    for source in sources:
        methods = set(row_tables.list_source_runs(context.ledger, source)["method"])
        if (
            source in names
            and traffic_formats.METHOD not in methods
            and context.folder.get_source_path(source).exists()
        ):
            _keep_erased(context, source, names[source], is_erased)


def _keep_erased(context: CaseContext, source: str, name: str, is_erased: Callable[[str], bool]) -> None:
    """Keep the erased messages of a file as files within it, read as messages; a file that is no traffic has none."""
    with suppress(SourceError):
        for piece in traffic_formats.read_messages(reader_process.build_source_file(context, source, name)):
            form = to_json(piece.taken.message).encode() if piece.taken.message else b""
            if form and is_erased(key := hashlib.sha256(form).hexdigest()) and key != source:
                context.folder.store_source(BytesIO(form))
                context.ledger.add_source(key, Arrival(f"{name}/message.json", source), len(form), {})
                file = reader_process.build_source_file(context, key, "message.json")
                rows = [row for row in ingest.read(file, reader=police_message.METHOD) if isinstance(row, LedgerRow)]
                context.ledger.finish(Run("add", police_message.METHOD, police_message.VERSION, key), rows, {})
