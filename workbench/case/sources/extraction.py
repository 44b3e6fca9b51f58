"""Passages into suggestions: each extraction method reads each passage once; an interruption loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from workbench import extract as rooms
from workbench.case.access import clearances
from workbench.case.context import search_languages
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.sources import unread_passages
from workbench.extract.passage_reading import build_all_methods, read_passages
from workbench.ledger import Run
from workbench.ledger.records import row_tables
from workbench.model.rows import Claim, Issue, Passage
from workbench.model.table_schemas import iterate_rows

if TYPE_CHECKING:
    from workbench.case.sources.unread_passages import PassageRange
    from workbench.cluster.cluster import Cluster
    from workbench.cluster.passage_stage import Batch, CaseFacts, UnreadBatch

Read = Callable[[Sequence[Passage]], list[Claim | Issue]]
"""What is found in a batch of passages."""

BATCH = 512
"""Passages in one transaction."""
TRIES = 20
"""How often a method begins a batch again that others have changed; what is left then the next extraction reads."""
BATCHES = {"special-words": 16 * BATCH}
"""Those of a method that finds little: each transaction costs the gate a look at all that is withheld."""
PROSE = frozenset({"spacy-ner", "name-rules", "self-naming"})
"""Methods that know sentences; the others read the rows of small tables as well. Large tables are read by their mapping."""
RESULT = ("method", "version", "passages", "suggestions")


def extract_claims(context: CaseContext, on: Cluster | None = None) -> pd.DataFrame:
    """Read every live passage with every method that has not read it, then bring the search index up to date.

    Suggestions are for everybody, so names and senders are taken from what every officer of the case may see.

    on : where passages are read and encoded; in this process if not given
    """
    from workbench.case.network import search

    spoken = search_languages.list_passage_languages(context)
    with clearances.view_as_all_officers(context) as seen:
        known, senders = list_known_names(seen), list_senders(seen)
    methods = build_all_methods(spoken, known, senders).values()
    if on is None:
        rows = [_run_method(context, method, partial(_read_batch, method, spoken)) for method in methods]
    else:
        from workbench.cluster import passage_stage

        rows = _run_on_cluster(context, on, methods, passage_stage.CaseFacts(spoken, known, senders))
    search.index_passages(context, on)
    return pd.DataFrame(rows, columns=pd.Index(RESULT))


def _run_on_cluster(
    context: CaseContext, cluster: Cluster, methods: Collection[rooms.Method], known: CaseFacts
) -> list[tuple[str, str, int, int]]:
    """The same on a cluster; a batch that others have changed meanwhile is read here."""
    from workbench.cluster import passage_stage

    batches = (batch for method in methods for batch in _list_unread_batches(context, method))
    with passage_stage.open_passage_results(cluster, batches, known) as results:

        def read(method: rooms.Method, batch: Sequence[Passage]) -> list[Claim | Issue]:
            found = results.find(passage_stage.Batch(method.name, method.version, batch))
            return _read_batch(method, known.spoken, batch) if found is None else found

        rows = [_run_method(context, method, partial(read, method)) for method in methods]
        cluster.count_done("passages", results.count)
    return rows


def _list_unread_batches(context: CaseContext, method: rooms.Method) -> Iterator[UnreadBatch]:
    """The passages that a method has to read, as `_run_method` takes them one after another; their texts are loaded when asked for."""
    from workbench.cluster.passage_stage import UnreadBatch

    among, most = _choose_passages(method)
    for places in unread_passages.list_unread_ranges(context.ledger, method.name, method.version, most, among):
        yield UnreadBatch(places.passages, places.size, partial(_load_batch, context, method, places, among))


def _load_batch(context: CaseContext, method: rooms.Method, places: PassageRange, among: str) -> Batch:
    """The passages of a range, with their texts."""
    from workbench.cluster.passage_stage import Batch

    found = unread_passages.list_unread_passages(context.ledger, method.name, method.version, places, among)
    return Batch(method.name, method.version, to_passages(found))


def _choose_passages(method: rooms.Method) -> tuple[str, int]:
    """Among which passages a method reads, and how many at once."""
    return "prose" if method.name in PROSE else "small", BATCHES.get(method.name, BATCH)


def _read_batch(method: rooms.Method, spoken: Mapping[str, str], batch: Sequence[Passage]) -> list[Claim | Issue]:
    return read_passages(method, batch, spoken)


def _run_method(context: CaseContext, method: rooms.Method, read_batch: Read) -> tuple[str, str, int, int]:
    run = Run("extract", method.name, method.version)
    passages = suggestions = 0
    among, most = _choose_passages(method)
    total = row_tables.count_unread_passages(context.ledger, method.name, method.version, among)
    with build_progress_bar(context.say, "extracting", "passages", range(total), method=method.name) as progress:
        is_left, tries = True, TRIES
        while is_left and len(
            found := row_tables.list_unread_passages(context.ledger, method.name, method.version, most, among)
        ):
            batch = to_passages(found)
            read = read_batch(batch)
            if not context.ledger.add_reading(run, batch, read):
                context.forget()  # an erasure or another reading came meanwhile: what is there now is read
                tries -= 1
                is_left = tries > 0
                continue
            passages, suggestions = passages + len(batch), suggestions + sum(isinstance(row, Claim) for row in read)
            progress.update(len(batch))
            is_left = len(batch) == most
    return method.name, method.version, passages, suggestions


def to_passages(frame: pd.DataFrame) -> list[Passage]:
    """Rows of a PASSAGES table."""
    return [
        Passage(row.passage_id, row.document_id, int(row.number), row.text, int(row.page))
        for row in iterate_rows(frame)
    ]


def list_known_names(context: CaseContext) -> list[str]:
    """Names that sources and officers give, in order: contacts, custodians, registers. What a text says is read with them."""
    evidence = context.evidence
    named = evidence["prop"].isin(["name", "alias"]) & evidence["schema"].isin(["Person", "Organization", "Company"])
    return sorted(set(evidence.loc[named & (evidence["kind"] != "suggested"), "value"]))


def list_senders(context: CaseContext) -> dict[str, str]:
    """Document id -> account that sent it, of messages with one sender that is no service: who may say the own name there."""
    rows = context.evidence[
        context.evidence["prop"].isin(["senderAccount", "emitters"]) & (context.evidence["kind"] != "suggested")
    ]
    service = set(context.documents.loc[context.documents["service"] != "", "document_id"])
    accounts = set(context.evidence.loc[context.evidence["schema"] == "UserAccount", "entity_id"])
    rows = rows[rows["value"].isin(accounts) & ~rows["document_id"].isin(service)]
    sent = rows.groupby("document_id")["value"].agg(lambda values: sorted(set(values)))
    return {str(document): found[0] for document, found in sent.items() if len(found) == 1}
