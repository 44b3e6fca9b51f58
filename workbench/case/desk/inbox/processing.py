"""Messages are read and sorted as they arrive, at a cost that is theirs alone: identifiers, names, vectors, signals, category.

`case.extract()` finds them read. What it does beside, over the whole case, is left to it: names that sources give, read anew everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, pairwise

from workbench import extract, search
from workbench.case.context import search_languages
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.desk.inbox import triage
from workbench.case.sources import extraction
from workbench.errors import ModelError
from workbench.extract.languages import detect_languages
from workbench.ingest.documents.police_message import extract_words
from workbench.ledger import Run
from workbench.ledger.records import messages, row_tables
from workbench.model.rows import Passage

BATCH = 100
"""Messages that are read at once."""
MOMENT = 0.0005
"""Seconds after which a thread hands the interpreter on."""


def read_messages(context: CaseContext, documents: Sequence[str]) -> None:
    """Read and sort messages that were filed. After an interruption `case.extract()` and the inbox do what is left."""
    batches = (documents[at : at + BATCH] for at in range(0, len(documents), BATCH))
    with (
        suppress(ModelError),
        build_progress_bar(context.say, "messages", "messages", range(len(documents))) as progress,
    ):
        for batch in read_batches(context, batches):
            progress.update(len(batch))


def read_batches(context: CaseContext, batches: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Read and sort batches of messages, and yield each that is done.

    While one is read, the vectors of the next are computed by the processor's other cores.
    """
    with context.ledger.hold_filter(), _shorten_switch_interval():
        for (batch, passages), _ in pairwise(chain(_start_batches(context, batches), [((), [])])):
            _read_passages(context, passages)
            with suppress(ModelError):  # without the model, words alone are searched
                _index_passages(context, passages)
            filed = messages.list_messages(context.ledger, batch)
            triage.read_entries(context, filed)
            triage.list_categories(context, filed)
            yield batch


def _start_batches(
    context: CaseContext, batches: Iterable[Sequence[str]]
) -> Iterator[tuple[Sequence[str], list[Passage]]]:
    """Batches with the passages of their messages; the vectors of both are begun."""
    for batch in batches:
        if triage.get_encoder():
            meant = triage.list_encoded_texts(context, messages.list_messages(context.ledger, batch))
            search.get_engine(search.MULTILINGUAL).start_encoding(meant)
        passages = extraction.to_passages(row_tables.list_document_passages(context.ledger, batch))
        with suppress(ModelError):
            search_languages.load_engine(context).start_encoding(_list_texts(passages).values())
        yield batch, passages


@contextmanager
def _shorten_switch_interval() -> Iterator[None]:
    """Let threads that compute vectors have the interpreter for the moment that they need it, instead of after some milliseconds."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(MOMENT)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _list_texts(passages: Sequence[Passage]) -> dict[str, str]:
    """Passage -> what is searched of it by meaning."""
    return {passage.id: said for passage in passages if (said := extract_words(passage.text))}


def _read_passages(context: CaseContext, passages: Sequence[Passage]) -> None:
    spoken = detect_languages(passages)
    for method in extract.build_methods(spoken).values():
        claims = list(method.read(passages))
        doubts = list(extract.find_issues(passages, spoken=spoken)) if method.name == "identifiers" else []
        run = Run("extract", method.name, method.version)
        context.ledger.add_reading(
            run, passages, [*claims, *doubts]
        )  # what has changed meanwhile is left to `case.extract()`


def _index_passages(context: CaseContext, passages: Sequence[Passage]) -> None:
    """Give passages their vectors, beside those that `case.extract()` makes."""
    engine, texts = search_languages.load_engine(context), _list_texts(passages)
    folder, vault = context.folder.derived / "vectors", context.folder.vault
    index = context.cache_file_reader(
        "desk: vectors", engine.version, lambda: search.VectorIndex(folder, engine.version, vault)
    )
    new = index.list_missing(list(texts))
    if new:
        index.add(new, engine.encode([texts[key] for key in new]))
        search_languages.remove_changed_vectors(context, {one.id: one.text for one in passages})
