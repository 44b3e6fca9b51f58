"""Back from a link to its evidence: the passages and rows behind it, and the places and claims on which it hangs."""

from __future__ import annotations

import pandas as pd

from workbench import graph as rooms
from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.network import call_links, document_quotations, entity_graph, row_evidence

WHY = (
    "at", "relation", "layer", "sender", "recipients", "text", "marked", "source_name", "exhibit", "traces", "device", "place",
    "document_id", "passage_id", "statement_id", "sha256",
)  # fmt: skip
"""Columns of `case.why`: the passages behind a link in order of time."""


def explain_link(context: CaseContext, a: str, b: str) -> pd.DataFrame:
    """The passages behind a link between two entities (columns WHY), in order of time, one row per passage and relation.

    Of calls and payments that are rows only the first `call_links.ROWS` in time; `.attrs['left_out']` says how many there are.
    """
    left, right = (entity_graph.find_node_id(context, name) for name in (a, b))
    rows = rooms.list_link_occurrences(entity_graph.list_links(context), left, right)
    if rows.empty:
        holders = [entity_graph.find_holder(context, one) for one in (left, right)]
        rows = rooms.list_link_occurrences(entity_graph.list_links(context), *holders)
    if rows.empty:
        rows = rooms.list_link_occurrences(entity_graph.list_links(context, "apart"), left, right)
    rows = rows.drop_duplicates(["document_id", "passage_id", "relation"])
    quoted = document_quotations.quote_documents(context, rows["document_id"], rows["passage_id"])
    spans = document_quotations.list_entity_spans(context, {left, right})
    table = rows.reset_index(drop=True).drop(columns=["at", "document_id", "passage_id"]).join(quoted)
    dated = rows["at"].reset_index(drop=True)  # of a row of a table, which as a document has no time
    table["at"] = dated.where(dated != "", table["at"])
    table["marked"] = pd.Series([spans.get(passage, []) for passage in table["passage_id"]], dtype=object)
    return _add_rows(context, table[list(WHY)], left, right)


def _add_rows(context: CaseContext, table: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    """The passages, and with them the rows of large tables."""
    found, count = row_evidence.list_records_between(context, left, right)
    if found.empty and table.empty:
        found, count = row_evidence.list_records_between(
            context, entity_graph.find_holder(context, left), entity_graph.find_holder(context, right)
        )
    rows = found.assign(layer="received", passage_id="", statement_id="")
    for name in ("marked", "traces"):
        rows[name] = pd.Series([[] for _ in rows.index], index=rows.index, dtype=object)
    both = pd.concat([table, rows[list(WHY)]], ignore_index=True) if len(rows) else table
    both = both.sort_values(["at", "document_id", "relation"], kind="stable", ignore_index=True)
    left_out = call_links.describe_omitted("link", count, len(found))
    both.attrs.update(
        left_out=left_out if count > len(found) else "", rows=call_engine.get_state(context) if len(found) else ""
    )
    return both


Edge = tuple[str, str, str]
"""Source, target and key ('relation|layer') of a link in a graph."""


def list_link_places(context: CaseContext) -> dict[Edge, list[tuple[str, str]]]:
    """For each link: document and passage of its occurrences, in order of time; '' where the document has one passage."""
    return context.cache_by_material("places", lambda: _build_link_places(context))


def _build_link_places(context: CaseContext) -> dict[Edge, list[tuple[str, str]]]:
    found: dict[Edge, list[tuple[str, str]]] = {}
    columns = ["source", "target", "relation", "layer", "document_id", "passage_id"]
    for name in ("held", "apart"):
        rows = (
            entity_graph.list_links(context, name)
            .sort_values(["at", "document_id", "passage_id"])[columns]
            .drop_duplicates()
        )
        for source, target, relation, layer, document, passage in rows.itertuples(index=False):
            where = found.setdefault((source, target, f"{relation}|{layer}"), [])
            if document and (document, passage) not in where[-1:]:
                where.append((document, passage))
    return found


def list_link_claims(context: CaseContext) -> dict[Edge, tuple[set[str], set[str]]]:
    """For each link between persons: evidence ids of the claims on which it hangs, and the accounts that it came through."""
    return context.cache_by_material("claims", lambda: _build_link_claims(context))


def _build_link_claims(context: CaseContext) -> dict[Edge, tuple[set[str], set[str]]]:
    found: dict[Edge, tuple[set[str], set[str]]] = {}
    columns = ["source", "target", "relation", "layer", "evidence_id", "source_via", "target_via"]
    for source, target, relation, layer, evidence, *via in entity_graph.list_links(context)[columns].itertuples(
        index=False
    ):
        ids, through = found.setdefault((source, target, f"{relation}|{layer}"), (set(), set()))
        ids.add(evidence)
        through.update(key for key in via if key)
    return found
