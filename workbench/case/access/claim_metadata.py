"""What is said of claims beside the claim: grade, nature, purpose, review, language, how to handle it, status, when it was seen.

The nearest place that says it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.case.access import marks
from workbench.case.context.case_context import CaseContext
from workbench.ledger.access import terms
from workbench.ledger.access.terms import Target
from workbench.ledger.records import row_tables
from workbench.model.handling_marks import Mark, to_facets
from workbench.model.table_schemas import HANDLED, SEEN, STATEMENTS, STATUS, WEIGHED, is_among

if TYPE_CHECKING:
    import pandas as pd

OF_CLAIMS = ("grade", "nature")
"""Of these: those that are said of sources and claims, never of a person or thing."""
PARTED = dict.fromkeys(HANDLED, ", ") | {"conditions": "; "}
"""What parts several values in a column of HANDLED."""
STRENGTH = {"decided": 0, "received": 1, "suggested": 2}
PLACES = ("evidence_id", "statement_id", "passage_id", "document_id", "entity_id", "run_id")


def add_claim_metadata(context: CaseContext, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of EVIDENCE with the columns WEIGHED, HANDLED, STATUS and SEEN.

    Facets are inherited: from the source to its documents, from these to passages, statements and evidence. A grade is on the scale
    on which it came. Nobody's word is the best grade: where none is given there is none.
    """
    said = {t: f for t, f in terms.list_current_terms(context.ledger).items() if any(name in f for name in WEIGHED)}
    sources = _list_sources(context) if any(kind == "source" for kind, _ in said) else {}
    made = rows.copy()
    found = (
        [find_nearest_terms(said, _list_places(ids, sources)) for ids in rows[list(PLACES)].itertuples(index=False)]
        if said
        else []
    )
    for name in WEIGHED:
        made[name] = [one.get(name, "") for one in found] if said else ""
    for name, values in _build_handling_columns(context, rows).items():
        made[name] = values
    statements = rows["statement_id"].tolist()
    times = row_tables.list_statement_times(context.ledger, set(statements))
    for at, name in enumerate(SEEN):
        made[name] = [times.get(key, ("", ""))[at] for key in statements]
    return made


def _build_handling_columns(context: CaseContext, rows: pd.DataFrame) -> dict[str, list[str]]:
    """Columns of how to handle each claim, and the status of its person as far as claims of the same mark or a lower one state it."""
    said = context.evidence[(context.evidence["prop"] == STATUS) & (context.evidence["kind"] != "suggested")]
    said = said[
        (said["verdict"] != "rejected") & is_among(said["canonical_id"], rows["canonical_id"].unique().tolist())
    ]
    known = marks.get_document_marks(context, {*rows["document_id"].unique(), *said["document_id"].unique()})
    found = [known.mark_of("evidence", key) for key in rows["evidence_id"].tolist()]
    texts = {mark: to_facets(mark, known.scheme) for mark in set(found)}
    made = {name: [PARTED[name].join(texts[mark].get(name, ())) for mark in found] for name in HANDLED}
    stated: dict[str, dict[str, Mark]] = {}
    for key, value, evidence in said[["canonical_id", "value", "evidence_id"]].itertuples(index=False):
        stated.setdefault(key, {})[value] = known.mark_of("evidence", evidence)
    made[STATUS] = [
        ", ".join(sorted(value for value, of in stated.get(key, {}).items() if mark | of == mark))
        for key, mark in zip(rows["canonical_id"].tolist(), found, strict=True)
    ]
    return made


def list_statements(context: CaseContext, rows: pd.DataFrame) -> pd.DataFrame:
    """Statements (STATEMENTS) of rows of EVIDENCE, each once, with what its strongest place says."""
    found = rows.sort_values("kind", key=lambda kinds: kinds.map(STRENGTH), kind="stable")
    once = found.drop_duplicates("statement_id").sort_index().reset_index(drop=True)
    return add_claim_metadata(context, once)[list(STATEMENTS)]


def find_nearest_terms(said: Mapping[Target, Mapping[str, Sequence[str]]], places: Sequence[Target]) -> dict[str, str]:
    """What is said of the first of these places that says it, by facet."""
    found: dict[str, str] = {}
    for place in places:
        for name, values in said.get(place, {}).items():
            if name in WEIGHED and not (place[0] == "entity" and name in OF_CLAIMS):
                found.setdefault(name, ", ".join(values))
    return found


def _list_places(ids: tuple[str, ...], sources: Mapping[str, Sequence[str]]) -> list[Target]:
    """Where something may be said of a row of evidence, the nearest first; `ids` of PLACES."""
    near = [(name.removesuffix("_id"), key) for name, key in zip(PLACES[:-1], ids, strict=False)]
    lies = [*sources.get(ids[-1], ()), *sources.get(ids[3], ())]
    return [*near, *(("source", source) for source in lies), ("case", "")]


def _list_sources(context: CaseContext) -> dict[str, list[str]]:
    """Run -> the source that it read; document -> the sources in which it lies."""
    runs = row_tables.list_runs(context.ledger)
    found = {run: [source] for run, source in zip(runs["run_id"], runs["source"], strict=True) if source}
    for document, source in context.traces[["document_id", "source"]].drop_duplicates().itertuples(index=False):
        found.setdefault(document, []).append(source)
    return found
