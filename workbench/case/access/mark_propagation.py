"""How far marks reach: from sources down to documents, passages and evidence, and up again to entities and whole documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from workbench.case.access import controller
from workbench.case.context.case_context import CaseContext
from workbench.ledger import parquet_rows as rows
from workbench.ledger.access import note_sources, terms
from workbench.ledger.records import row_tables
from workbench.model.handling_marks import PLAIN, Mark, build_mark, merge_marks
from workbench.model.table_schemas import is_among, iterate_rows
from workbench.resolve import add_canonical_ids

MARKING = ("level", "tlp", "handling", "conditions", "barred", "channel")
"""Facets of which a mark is made."""
KINDS = ("evidence", "passages", "documents", "statements", "entities", "sources", "notes", "traces", "whole")
"""What has marks; `whole`: what all passages of a document say."""


@dataclass
class Reach:
    """What marks reach.

    Attributes
    ----------
    own : mapping
        Kind -> id -> mark said of that very thing or following from where it lies; what is missing has the default.
    known : mapping
        Kind -> ids that the reader may see.
    mass : Mark
        Of all mass rows that the reader may see.
    """

    own: dict[str, dict[str, Mark]] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mass: Mark = PLAIN


@dataclass(frozen=True)
class Material:
    """Tables in which marks spread: EVIDENCE, PASSAGES, TRACES and the notes of a case, or of some of its documents."""

    evidence: pd.DataFrame
    passages: pd.DataFrame
    traces: pd.DataFrame
    notes: pd.DataFrame


def spread_marks(context: CaseContext, documents: Sequence[str] | None) -> Reach:
    """What is said of material, spread over it."""
    if documents is None:
        of, ids = (
            Material(context.evidence, context.passages, context.traces, row_tables.list_notes(context.ledger)),
            None,
        )
        seen = list_visible_ids(context)
    else:
        of = _read_material(context, documents)
        seen = _list_ids(of, documents=frozenset(of.traces["document_id"]), sources=frozenset(of.traces["source"]))
        ids = {key for keys in seen.values() for key in keys} | set(of.evidence["value"])
    scheme = controller.get_scheme(context)
    said = {
        target: build_mark(chosen, scheme)
        for target, facets in terms.list_current_terms(context.ledger, ids).items()
        if target[0] in terms.MATERIAL
        and target[0] != "case"
        and (chosen := {name: values for name, values in facets.items() if name in MARKING})
    }
    return _apply_marks(context, Reach(known=seen), said, of)


def _read_material(context: CaseContext, documents: Sequence[str]) -> Material:
    from workbench.case.context import visible_rows as seen

    evidence = seen.filter_evidence(context, row_tables.list_evidence(context.ledger, documents))
    evidence = add_canonical_ids(evidence, context.canonical)
    passages, traces = (
        row_tables.list_passages(context.ledger, documents),
        row_tables.list_traces(context.ledger, documents),
    )
    return Material(evidence, passages, traces, pd.DataFrame())


def _apply_marks(context: CaseContext, made: Reach, said: Mapping[tuple[str, str], Mark], of: Material) -> Reach:
    """Marks from sources down to documents, passages and evidence, and up again to entities and whole documents."""
    own: dict[str, dict[str, Mark]] = {kind: {} for kind in KINDS}
    made.own = own
    for (kind, key), mark in said.items():
        name = {"entity": "entities", "evidence": "evidence", "file": "sources"}.get(kind, f"{kind}s")
        add_mark(own[name], key, mark)
    made.mass = merge_marks(
        own["sources"].get(source, PLAIN) for source in rows.list_live_files(context.ledger)["source"]
    )
    traces = of.traces[of.traces["source"].isin(own["sources"])]
    for document, source in traces[["document_id", "source"]].drop_duplicates().itertuples(index=False):
        add_mark(own["documents"], document, own["sources"][source])
    entities, own["entities"] = own["entities"], {}
    for row in iterate_rows(_select_marked(of.evidence, own, entities)):
        mark = merge_marks([
            own["evidence"].get(row.evidence_id, PLAIN), own["statements"].get(row.statement_id, PLAIN),
            own["passages"].get(row.passage_id, PLAIN), own["documents"].get(row.document_id, PLAIN),
            entities.get(row.entity_id, PLAIN), entities.get(row.canonical_id, PLAIN), entities.get(row.value, PLAIN),
        ])  # fmt: skip
        add_mark(own["evidence"], row.evidence_id, mark)
    _spread_upwards(context, made, of)
    for trace, document in _list_pairs(of.traces, "trace_id", "document_id"):
        if document in own["documents"]:
            add_mark(own["traces"], trace, own["documents"][document])
    for note in iterate_rows(of.notes):
        add_mark(
            own["notes"],
            note.note_id,
            merge_marks(
                own["passages"].get(key, PLAIN) for key in note_sources.list_cited_passages(note.passages, note.detail)
            ),
        )
    return made


def _select_marked(
    rows: pd.DataFrame, own: Mapping[str, Mapping[str, Mark]], entities: Mapping[str, Mark]
) -> pd.DataFrame:
    """Evidence that some mark reaches."""
    marked = {
        "evidence_id": own["evidence"], "statement_id": own["statements"], "passage_id": own["passages"],
        "document_id": own["documents"], "entity_id": entities, "canonical_id": entities, "value": entities,
    }  # fmt: skip
    reached = pd.Series(data=False, index=rows.index)
    for column, ids in marked.items():
        if ids:
            reached |= is_among(rows[column], ids)
    return rows[reached]


def _spread_upwards(context: CaseContext, made: Reach, of: Material) -> None:
    """From evidence to its passage, statement and entities; from passages to the document as a whole."""
    own, things = made.own, made.known["entities"]
    rows = of.evidence[is_among(of.evidence["evidence_id"], own["evidence"])]
    for row in iterate_rows(rows):
        mark = own["evidence"][row.evidence_id]
        if row.start >= 0 or row.passage_id:
            add_mark(own["passages"], row.passage_id, mark)
        elif row.document_id:
            add_mark(own["documents"], row.document_id, mark)
        add_mark(own["statements"], row.statement_id, mark)
        for key in {row.entity_id, row.canonical_id, row.value, context.canonical.get(row.value, "")} & things:
            add_mark(own["entities"], key, mark)
    for passage, document in _list_pairs(of.passages, "passage_id", "document_id"):
        if passage in own["passages"] and document not in own["whole"]:
            add_mark(own["whole"], document, own["documents"].get(document, PLAIN))
        if passage in own["passages"]:
            add_mark(own["whole"], document, own["passages"][passage])
        if document in own["documents"]:
            add_mark(own["passages"], passage, own["documents"][document])
    for document, mark in own["whole"].items():
        add_mark(own["documents"], document, mark)


def _list_pairs(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[str, ...]]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def list_visible_ids(context: CaseContext) -> dict[str, frozenset[str]]:
    """Kind -> ids that the reader may see."""
    return context.cache_by_version("known ids", lambda: _find_visible_ids(context))


def _find_visible_ids(context: CaseContext) -> dict[str, frozenset[str]]:
    found = context.cache_by_material("ids of material", lambda: _find_material_ids(context))
    notes = row_tables.list_notes(context.ledger)
    return found | {"notes": _collect(notes, "note_id") if len(notes) else frozenset()}


def _find_material_ids(context: CaseContext) -> dict[str, frozenset[str]]:
    of = Material(context.evidence, context.passages, context.traces, pd.DataFrame())
    sources = _collect(row_tables.list_sources(context.ledger), "source")
    return _list_ids(of, documents=_collect(context.documents, "document_id"), sources=sources)


def _list_ids(of: Material, **beside: frozenset[str]) -> dict[str, frozenset[str]]:
    rows = of.evidence
    return {
        "evidence": _collect(rows, "evidence_id"), "statements": _collect(rows, "statement_id"),
        "passages": _collect(of.passages, "passage_id"), "traces": _collect(of.traces, "trace_id"),
        "entities": _collect(rows, "entity_id") | _collect(rows, "canonical_id"), "notes": frozenset(), **beside,
    }  # fmt: skip


def _collect(frame: pd.DataFrame, column: str) -> frozenset[str]:
    return frozenset(frame[column].tolist())


def add_mark(into: dict[str, Mark], key: str, mark: Mark) -> None:
    """Add a mark to that of one thing."""
    into[key] = into.get(key, PLAIN) | mark
