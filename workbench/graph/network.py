"""Links as a networkx graph: one node per canonical entity, one edge per pair, relation and layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from workbench.graph.occurrence import STRENGTH
from workbench.model.schema import POLE

if TYPE_CHECKING:
    import pandas as pd

SUGGESTED = "suggested"
VIAS = ("source_via", "target_via")


def build(
    links: pd.DataFrame, entities: pd.DataFrame, documents: pd.DataFrame | None = None, *, isolated: bool = False
) -> nx.MultiDiGraph:
    """Make the graph of the links; the order of the rows changes nothing.

    Parameters
    ----------
    links : DataFrame
        Rows of LINKS, as they are or as `attribute` gives them.
    entities : DataFrame
        Rows of ENTITIES; several entities of one canonical id make one node.
    documents : DataFrame, optional
        Rows of DOCUMENTS, for the edges' `kinds`.
    isolated : bool
        Also make nodes of entities that have no link.

    Returns
    -------
    MultiDiGraph
        Nodes are canonical ids with `caption`, `schema`, `pole` (person, object, location, event), `custodian`,
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
    schema = {} if documents is None else dict(zip(documents["document_id"], documents["schema"], strict=True))
    for (source, target, relation, layer), group in rows.groupby(["source", "target", "relation", "layer"]):
        graph.add_edge(
            source, target, key=f"{relation}|{layer}", relation=relation, layer=layer, **_edge(group, schema)
        )
    return graph


def flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Copy a graph with its lists as texts joined by spaces, for GraphML and other formats without lists."""
    copy = nx.MultiDiGraph(**{name: _flat(value) for name, value in graph.graph.items()})
    for node, data in graph.nodes(data=True):
        copy.add_node(node, **{name: _flat(value) for name, value in data.items()})
    for source, target, key, data in graph.edges(keys=True, data=True):
        copy.add_edge(source, target, key=key, **{name: _flat(value) for name, value in data.items()})
    return copy


def contacts(graph: nx.MultiDiGraph, *, services: bool = False, suggested: bool = True) -> nx.Graph:
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
    simple = nx.Graph()
    simple.add_nodes_from((n, graph.nodes[n]) for n in sorted(graph) if services or not graph.nodes[n].get("service"))
    for source, target, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        confirmed = data.get("layer") != SUGGESTED
        wanted = (services or not data.get("service")) and (suggested or confirmed)
        if wanted and source != target and source in simple and target in simple:
            _strengthen(simple, source, target, data.get("count", 1), confirmed=confirmed)
    return simple


def _strengthen(simple: nx.Graph, source: str, target: str, count: int, *, confirmed: bool) -> None:
    known = simple.get_edge_data(source, target, {"weight": 0, "confirmed": False})
    simple.add_edge(source, target, weight=known["weight"] + count, confirmed=known["confirmed"] or confirmed)


def _add_nodes(graph: nx.MultiDiGraph, links: pd.DataFrame, entities: pd.DataFrame, *, isolated: bool) -> None:
    ends = set(links["source"]) | set(links["target"])
    through = _accounts(links)
    strongest = entities.assign(
        strength=entities["layer"].map(STRENGTH), own=entities["entity_id"] == entities["canonical_id"]
    )
    order = ["strength", "own", "mentions", "caption", "entity_id"]
    known = strongest.sort_values(order, ascending=[False, False, False, True, True]).groupby("canonical_id")
    groups = {str(name): group for name, group in known if isolated or name in ends}
    for node in sorted(ends | set(groups)):
        graph.add_node(node, **_node(node, groups.get(node)), accounts=sorted(through.get(node, ())))


def _node(node: str, rows: pd.DataFrame | None) -> dict[str, object]:
    if rows is None:
        return {"caption": node, "schema": "", "pole": "object", "custodian": False, "service": False,
                "layer": "received", "mentions": 0}  # fmt: skip
    first = rows.iloc[0]
    captions = [caption for caption in rows["caption"] if caption]
    return {
        "caption": captions[0] if captions else node,
        "schema": first["schema"],
        "pole": POLE.get(first["schema"], "object"),
        "custodian": bool(rows["custodian"].any()),
        "service": bool(rows["service"].any()),
        "layer": first["layer"],
        "mentions": int(rows["mentions"].sum()),
    }


def _accounts(links: pd.DataFrame) -> dict[str, set[str]]:
    """Which accounts were projected onto which node."""
    through: dict[str, set[str]] = {}
    for via in VIAS:
        if via in links:
            rows = links.loc[links[via] != "", [via.removesuffix("_via"), via]].drop_duplicates()
            for node, account in rows.itertuples(index=False):
                through.setdefault(node, set()).add(account)
    return through


def _edge(rows: pd.DataFrame, schema: dict[str, str]) -> dict[str, object]:
    times = sorted(at for at in rows["at"] if at)
    documents = sorted(set(rows["document_id"]) - {""})
    return {
        "count": int(rows["count"].sum()),
        "first": times[0] if times else "",
        "last": times[-1] if times else "",
        "kinds": sorted({schema[i] for i in documents if i in schema}),
        "statement_ids": sorted(set(rows["statement_id"]) - {""}),
        "document_ids": documents,
        "directed": bool(rows["directed"].any()),
        "service": bool(rows["service"].all()),
        "strength": "tentative" if rows["layer"].iloc[0] == SUGGESTED else "confirmed",
    }


def _flat(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
