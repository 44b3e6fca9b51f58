"""Links as a networkx graph: one node per canonical entity, one edge per pair, relation and layer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import networkx as nx
import numpy as np

from workbench.graph.contact_arrays import SUGGESTED, list_contacts
from workbench.graph.link_occurrences import STRENGTH
from workbench.model.schema import POLE
from workbench.model.table_schemas import is_among, iterate_rows
from workbench.model.text.transliteration import transliterate_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

VIAS = ("source_via", "target_via")
EDGE = ("source", "target", "relation", "layer")
"""What makes one edge of several occurrences."""
PUT_TOGETHER = ("count", "at", "until", "directed", "service", "document_id", "statement_id")
"""Columns of occurrences that are put together for an edge."""


def build_graph(
    links: pd.DataFrame, entities: pd.DataFrame, documents: pd.DataFrame | None = None, *, isolated: bool = False
) -> nx.MultiDiGraph:
    """Make the graph of the links; the order of the rows changes nothing.

    Parameters
    ----------
    links : DataFrame
        Rows of LINKS, as they are or as `attribute` gives them. A row that stands for several occurrences may have the time
        of the last of them in a column `until`.
    entities : DataFrame
        Rows of ENTITIES; several entities of one canonical id make one node.
    documents : DataFrame, optional
        Rows of DOCUMENTS, for the edges' `kinds`.
    isolated : bool
        Also make nodes of entities that have no link.

    Returns
    -------
    MultiDiGraph
        Nodes are canonical ids with `caption`, `latin` (as in ENTITIES), `schema`, `pole` (person, object, location, event), `custodian`,
        `service`, `layer`, `mentions` and `accounts` (list: what was projected onto it). Edges have the key
        'relation|layer' and `relation`, `layer`, `count`, `first`, `last` (times as written, '' if none), `kinds`
        (list: schemata of the documents), `statement_ids`, `document_ids` (lists), `directed`, `service` (every
        occurrence comes from a service) and `strength`: 'confirmed' where received or decided, 'tentative' where
        suggested.
        `graph.graph['loops']` is the number of occurrences left out because both ends are one entity.

    Notes
    -----
    A link says that the data supplied records something between two entities, not that they know each other. What was
    not seized or exported is not there.
    """
    loops = links["source"] == links["target"]
    graph = nx.MultiDiGraph(loops=int(links.loc[loops, "count"].sum()))
    rows = links[~loops]
    _add_nodes(graph, rows, entities, isolated=isolated)
    schema = (
        {}
        if documents is None
        else dict(zip(documents["document_id"].tolist(), documents["schema"].tolist(), strict=True))
    )
    for (source, target, relation, layer), found in _build_edges(rows, schema):
        graph.add_edge(source, target, key=f"{relation}|{layer}", relation=relation, layer=layer, **found)
    return graph


def flatten_graph(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Copy a graph with its lists as texts joined by spaces, for GraphML and other formats without lists."""
    copy = nx.MultiDiGraph(**{name: _join_list(value) for name, value in graph.graph.items()})
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **{name: _join_list(value) for name, value in data.items()})
    for source, target, key, data in graph.edges(keys=True, data=True):
        copy.add_edge(source, target, key=key, **{name: _join_list(value) for name, value in data.items()})
    return copy


def build_contact_graph(graph: nx.MultiDiGraph, *, services: bool = False, suggested: bool = True) -> nx.Graph:
    """Project a graph onto a simple undirected one: an edge where two entities have any link.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build` gives it, or any with the edge attributes `layer` and `count` (received and 1 where missing).
    services : bool
        Keep the nodes of services and the links that come from services only.
    suggested : bool
        Keep links that are only suggested.

    Returns
    -------
    Graph
        Nodes with their attributes, in sorted order; edges with `weight`, the number of occurrences, and `confirmed`.
    """
    contacts = list_contacts(graph, services=services, suggested=suggested)
    simple = nx.Graph()
    simple.add_nodes_from((node, graph.nodes[node]) for node in contacts.nodes)
    columns = (contacts.first, contacts.second, contacts.weight, contacts.confirmed)
    simple.add_edges_from(
        (contacts.nodes[first], contacts.nodes[second], {"weight": weight, "confirmed": confirmed})
        for first, second, weight, confirmed in zip(*(column.tolist() for column in columns), strict=True)
    )
    return simple


def _add_nodes(graph: nx.MultiDiGraph, links: pd.DataFrame, entities: pd.DataFrame, *, isolated: bool) -> None:
    ends = {*links["source"].unique(), *links["target"].unique()}
    through = _list_projected_accounts(links)
    wanted = entities if isolated else entities[is_among(entities["canonical_id"], ends)]
    known = _build_node_attributes(wanted)
    for node in sorted(ends | set(known)):
        graph.add_node(node, **known.get(node) or _build_unknown_node(node), accounts=sorted(through.get(node, ())))


def _build_node_attributes(entities: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Attributes of each canonical id: those of its best known entity, with the flags and mentions of all."""
    strongest = entities.assign(
        strength=entities["layer"].map(STRENGTH), own=entities["entity_id"] == entities["canonical_id"]
    )
    order = ["strength", "own", "mentions", "caption", "entity_id"]
    found: dict[str, dict[str, object]] = {}
    for row in iterate_rows(strongest.sort_values(order, ascending=[False, False, False, True, True])):
        node = found.setdefault(row.canonical_id, {
            "caption": "", "latin": "", "schema": row.schema, "pole": POLE.get(row.schema, "object"), "custodian": False, "service": False,
            "layer": row.layer, "mentions": 0,
        })  # fmt: skip
        node["caption"] = node["caption"] or row.caption
        node["custodian"] = bool(node["custodian"] or row.custodian)
        node["service"] = bool(node["service"] or row.service)
        node["mentions"] = cast(int, node["mentions"]) + int(row.mentions)
    named = ((key, node, str(node["caption"] or key)) for key, node in found.items())
    return {key: {**node, "caption": name, "latin": transliterate_name(name)} for key, node, name in named}


def _build_unknown_node(node: str) -> dict[str, object]:
    return {"caption": node, "latin": "", "schema": "", "pole": "object", "custodian": False, "service": False,
            "layer": "received", "mentions": 0}  # fmt: skip


def _list_projected_accounts(links: pd.DataFrame) -> dict[str, set[str]]:
    """Which accounts were projected onto which node."""
    through: dict[str, set[str]] = {}
    for via in VIAS:
        if via in links:
            rows = links.loc[links[via] != "", [via.removesuffix("_via"), via]].drop_duplicates()
            for node, account in rows.itertuples(index=False):
                through.setdefault(node, set()).add(account)
    return through


def _build_edges(
    rows: pd.DataFrame, schema: dict[str, str]
) -> Iterator[tuple[tuple[str, str, str, str], dict[str, object]]]:
    """Attributes of each edge by source, target, relation and layer, in order."""
    number = rows.groupby(list(EDGE), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    spans = list(pairwise([*starts.tolist(), len(rows)]))
    sorted_rows = rows.iloc[order]
    keys = list(zip(*(sorted_rows[name].iloc[starts].tolist() for name in EDGE), strict=True))
    columns = {name: sorted_rows[name].tolist() for name in PUT_TOGETHER if name in rows}
    for place in sorted(range(len(keys)), key=keys.__getitem__):
        part = {name: values[slice(*spans[place])] for name, values in columns.items()}
        yield keys[place], _put_together(part, schema, suggested=keys[place][3] == SUGGESTED)


def _put_together(part: dict[str, list[Any]], schema: dict[str, str], *, suggested: bool) -> dict[str, object]:
    """What the occurrences of one link come to."""
    documents = sorted({*part["document_id"]} - {""})
    return {
        "count": int(sum(part["count"])),
        "first": min(filter(None, part["at"]), default=""),
        "last": max(*part["at"], *part.get("until", ()), ""),
        "kinds": sorted({schema[one] for one in documents if one in schema}),
        "statement_ids": sorted({*part["statement_id"]} - {""}),
        "document_ids": documents,
        "directed": any(part["directed"]),
        "service": all(part["service"]),
        "strength": "tentative" if suggested else "confirmed",
    }


def _join_list(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
