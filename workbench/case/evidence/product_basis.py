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


def list_graph_basis(context: CaseContext, net: nx.Graph) -> set[str]:
    """What a graph rests on: what stands behind it, and ids in what else it carries."""
    return list_graph_places(context, net) | _list_attribute_ids(context, net)


def list_graph_places(context: CaseContext, net: nx.Graph) -> set[str]:
    """The places of the entities and links of a graph, and the tables of calls and payments among them."""
    links = [data for *_, data in net.edges(data=True)]
    said = {key for data in links for key in data.get("statement_ids", ())}
    tables = {key for data in links if marks.ROWS & data.keys() for key in data.get("document_ids", ())}
    return tables | _list_places(context, graph_ids.list_named_ids(net), said)


def list_table_basis(context: CaseContext, frame: pd.DataFrame) -> set[str]:
    """What a table rests on: the rows of the case that it names, and the places of its entities where it says more of them than a row."""
    found = provenance.find_ids(frame)
    rows = set(found.ids & _list_visible_ids(context))
    return rows if found.key in provenance.OWN else rows | _list_places(context, set(found.ids), ())


def list_entity_places(context: CaseContext, ids: Iterable[str]) -> set[str]:
    """The places of all that is said of entities, by any of their ids."""
    return _list_places(context, set(ids), ())


def _list_places(context: CaseContext, ids: set[str], statements: Iterable[str]) -> set[str]:
    """Passages in which entities and statements stand; of what stands in none its document, else the statement."""
    rows = context.evidence
    of = rows["canonical_id"].isin(ids) | rows["entity_id"].isin(ids) | rows["statement_id"].isin(set(statements))
    rows = rows[of]
    document = rows["document_id"].where(rows["document_id"] != "", rows["statement_id"])
    return set(rows["passage_id"].where(rows["passage_id"] != "", document))


def _list_attribute_ids(context: CaseContext, net: nx.Graph) -> set[str]:
    """Ids of rows of the case in the attributes of nodes and links; documents of a link whose statements are named are told by these."""
    found = {one for _, data in net.nodes(data=True) for one in provenance.ID.findall(repr(data))}
    for *_, data in net.edges(data=True):
        found.update(provenance.ID.findall(repr(_remove_documents(data))))
    return found & _list_visible_ids(context)


def _remove_documents(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if name != "document_ids" or not data.get("statement_ids")}


def _list_visible_ids(context: CaseContext) -> frozenset[str]:
    known = mark_propagation.list_visible_ids(context)
    return frozenset[str]().union(*(known[kind] for kind in EVERY))
