"""What a product rests on, beyond the entities and documents of which it tells: the places that say what it prints of them.

A mark shows what a product may be used for; that material is kept for another purpose is no part of a mark. So each product tells the
log the ids of all that it rests on, and whoever may not know of one of them may not know of the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from workbench.case.access import mark_propagation, marks
from workbench.case.context import graph_ids
from workbench.case.evidence import provenance

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.case.context.case_context import CaseContext

EVERY = ("evidence", "statements", "passages", "documents", "entities", "notes")
"""Kinds of what a product may carry the id of."""


def of_graph(context: CaseContext, net: nx.Graph) -> set[str]:
    """What a graph rests on: what stands behind it, and ids in what else it carries."""
    return graph_basis(context, net) | _ids_in_attributes(context, net)


def graph_basis(context: CaseContext, net: nx.Graph) -> set[str]:
    """The places of the entities and links of a graph, and the tables of calls and payments among them."""
    links = [data for *_, data in net.edges(data=True)]
    said = {key for data in links for key in data.get("statement_ids", ())}
    tables = {key for data in links if marks.ROWS & data.keys() for key in data.get("document_ids", ())}
    return tables | _places(context, graph_ids.named_in(net), said)


def of_table(context: CaseContext, frame: pd.DataFrame) -> set[str]:
    """What a table rests on: the rows of the case that it names, and the places of its entities where it says more of them than a row."""
    found = provenance.trace_ids(frame)
    rows = set(found.ids & _visible_ids(context))
    return rows if found.key in provenance.OWN else rows | _places(context, set(found.ids), ())


def of_entities(context: CaseContext, ids: Iterable[str]) -> set[str]:
    """The places of all that is said of entities, by any of their ids."""
    return _places(context, set(ids), ())


def _places(context: CaseContext, ids: set[str], statements: Iterable[str]) -> set[str]:
    """Passages in which entities and statements stand; of what stands in none its document, else the statement."""
    rows = context.evidence
    of = rows["canonical_id"].isin(ids) | rows["entity_id"].isin(ids) | rows["statement_id"].isin(set(statements))
    rows = rows[of]
    document = rows["document_id"].where(rows["document_id"] != "", rows["statement_id"])
    return set(rows["passage_id"].where(rows["passage_id"] != "", document))


def _ids_in_attributes(context: CaseContext, net: nx.Graph) -> set[str]:
    """Ids of rows of the case in the attributes of nodes and links; documents of a link whose statements are named are told by these."""
    found = {one for _, data in net.nodes(data=True) for one in provenance.ID.findall(repr(data))}
    for *_, data in net.edges(data=True):
        found.update(provenance.ID.findall(repr(_without_documents(data))))
    return found & _visible_ids(context)


def _without_documents(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if name != "document_ids" or not data.get("statement_ids")}


def _visible_ids(context: CaseContext) -> frozenset[str]:
    known = mark_propagation.visible_ids(context)
    return frozenset[str]().union(*(known[kind] for kind in EVERY))
