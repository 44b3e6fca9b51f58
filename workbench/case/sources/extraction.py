"""Passages into suggestions: each extraction method reads each passage once; an interruption loses nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workbench import extract as rooms
from workbench.case.access import clearances
from workbench.case.context import search_languages
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.ledger import Run
from workbench.ledger.records import row_tables
from workbench.model.rows import Claim, Passage
from workbench.model.table_schemas import iterate_rows

BATCH = 512
"""Passages in one transaction."""
TRIES = 20
"""How often a method begins a batch again that others have changed; what is left then the next extraction reads."""
BATCHES = {"special-words": 16 * BATCH}
"""Those of a method that finds little: each transaction costs the gate a look at all that is withheld."""
PROSE = frozenset({"spacy-ner", "name-rules", "self-naming"})
"""Methods that know sentences; the others read the rows of small tables as well. Large tables are read by their mapping."""
RESULT = ("method", "version", "passages", "suggestions")


def extract_claims(context: CaseContext) -> pd.DataFrame:
    """Read every live passage with every method that has not read it, then bring the search index up to date.

    Suggestions are for everybody, so names and senders are taken from what every officer of the case may see.
    """
    from workbench.case.network import search

    spoken = search_languages.list_passage_languages(context)
    with clearances.view_as_all_officers(context) as seen:
        of_case = [
            rooms.build_known_names_method(list_known_names(seen)),
            rooms.build_self_naming_method(list_senders(seen)),
        ]
    methods = [*rooms.build_methods(spoken).values(), *of_case]
    rows = [_run_method(context, method, spoken) for method in methods]
    search.index_passages(context)
    return pd.DataFrame(rows, columns=pd.Index(RESULT))


def _run_method(context: CaseContext, method: rooms.Method, spoken: Mapping[str, str]) -> tuple[str, str, int, int]:
    run = Run("extract", method.name, method.version)
    passages = suggestions = 0
    among = "prose" if method.name in PROSE else "small"
    total = row_tables.count_unread_passages(context.ledger, method.name, method.version, among)
    with build_progress_bar(context.say, "extracting", "passages", range(total), method=method.name) as progress:
        most, is_left, tries = BATCHES.get(method.name, BATCH), True, TRIES
        while is_left and len(
            found := row_tables.list_unread_passages(context.ledger, method.name, method.version, most, among)
        ):
            batch = to_passages(found)
            read = list(method.read(batch))
            doubts = list(rooms.find_issues(batch, spoken=spoken)) if method.name == "identifiers" else []
            if not context.ledger.add_reading(run, batch, [*read, *doubts]):
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
