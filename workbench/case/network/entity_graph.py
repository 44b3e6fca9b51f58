"""Statements to graphs: links between entities, and the parts of the graph that a question needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import pandas as pd

from workbench import graph as rooms
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_entity
from workbench.case.network import call_links, payment_links
from workbench.errors import CaseError
from workbench.model import identifiers
from workbench.model.catalogue import Sentence
from workbench.model.table_schemas import is_among

SEEDS = 12
"""Best connected entities around which an overview is drawn."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a graph is made of.

    Attributes
    ----------
    accounts : {'held', 'apart'}
        'held': accounts, numbers and handsets stand for the person recorded as using them; 'apart': each for itself.
    suggested : bool
        With what a machine read out of text, drawn dashed.
    services : bool
        With service senders.
    """

    accounts: str = "held"
    suggested: bool = True
    services: bool = False


def list_links(context: CaseContext, accounts: str = "held") -> pd.DataFrame:
    """Occurrences of links (LINKS, with source_via and target_via)."""
    return context.cache_by_material(f"links-{accounts}", lambda: _build_links(context, accounts))


def _build_links(context: CaseContext, accounts: str) -> pd.DataFrame:
    found = rooms.list_links(_select_linkable(context), context.documents, context.canonical)
    held = rooms.list_attributions(context.evidence, context.canonical)
    rows = rooms.attribute_links(found, held, accounts="apart" if accounts == "apart" else "held")
    known = set(
        context.entities["canonical_id"]
    )  # an officer's claim may point to what was withdrawn or is not for the reader
    return rows[is_among(rows["source"], known) & is_among(rows["target"], known)].reset_index(drop=True)


def _select_linkable(context: CaseContext) -> pd.DataFrame:
    """Evidence of what can stand on a chart.

    Dates and amounts that were read in text are no things, and the cells of a table row are linked by the table's mapping,
    not by standing side by side.
    """
    tables = set(context.documents.loc[context.documents["schema"] == "Table", "document_id"])
    rows = context.evidence[context.evidence["schema"] != "Mention"]
    return rows.assign(start=rows["start"].where(~rows["document_id"].isin(tables), -1))


def build_overview(context: CaseContext, limit: int, scope: Scope) -> nx.MultiDiGraph:
    """The best connected persons and what lies around them, at most `limit` entities.

    Without recorded contacts all entities, if these are not more, else those with the most links.
    """
    ranks = rank_entities(context)
    net = load_full_graph(context, scope)
    seeds = [key for key in ranks["canonical_id"].head(SEEDS) if key in net]
    if not seeds and len(net) > limit:
        seeds = sorted(net, key=lambda node: (-net.degree(node), node))[:limit]
    return (
        rooms.select_neighbourhood(net, seeds[:limit], 1, limit=limit, services=scope.services) if seeds else net.copy()
    )


def rank_entities(context: CaseContext) -> pd.DataFrame:
    """The entities of the case by their place in the whole graph, without suggestions (RANKING); do not change it."""
    return context.cache_by_material(
        "ranks", lambda: rooms.build_ranking(load_full_graph(context, Scope(suggested=False)))
    )


def build_graph(context: CaseContext, about: Sequence[str], hops: int, limit: int, scope: Scope) -> nx.MultiDiGraph:
    """The graph of the case or of the neighbourhood of some entities.

    What large tables of calls bring is cut (`mass`): of the whole case, or of the neighbourhood, which is asked for hop by hop.
    """
    if hops < 1:
        raise CaseError(Sentence("`hops`: {hops} is not valid. Enter 1 or more.", hops=hops))
    if not about:
        return load_full_graph(context, scope).copy()
    named = [find_node_id(context, name) for name in about]
    net = (
        _build_neighbourhood(context, named, hops, limit, scope)
        if _has_rows(context)
        else load_full_graph(context, scope)
    )
    seeds = [seed if seed in net else find_holder(context, seed) for seed in named]
    return rooms.select_neighbourhood(
        net, [seed for seed in seeds if seed in net], hops, limit=limit, services=scope.services
    )


def build_path_graph(context: CaseContext, a: str, b: str) -> tuple[nx.MultiDiGraph, str, str]:
    """The graph in which ways between two entities are looked for, and the two as they stand in it.

    Of large tables of calls it has the strongest pairs, all contacts of both ends, and the pairs between these contacts.
    """
    ends = [find_holder(context, find_node_id(context, name)) for name in (a, b)]
    scope = Scope()
    if not _has_rows(context):
        return load_full_graph(context, scope), ends[0], ends[1]
    near, whole = _list_bulk_links(context, ends, scope), _list_strongest_links(context, scope)
    beside = {node for part in near for end in ("source", "target") for node in part.rows[end]}
    further = _list_bulk_links(context, beside, scope)
    key = ["source", "target", "a", "b", "document_id"]
    parts = [
        replace(one, rows=pd.concat([one.rows, two.rows, three.rows]).drop_duplicates(key))
        for one, two, three in zip(whole, near, further, strict=True)
    ]
    return _build_net(context, scope, parts), ends[0], ends[1]


def find_node_id(context: CaseContext, name: str) -> str:
    """Canonical id of what a name means, as `CaseContext.find`; a number may be written with blanks, or only rows may know it.

    Raises
    ------
    CaseError
        As `CaseContext.find`, or if only rows know the name and it means several parties.
    """
    try:
        return find_entity(context, name)
    except CaseError:
        key = identifiers.build_telephone_key(name).entity_id
        if key in set(context.entities["entity_id"]):
            return find_entity(context, key)
        parties = payment_links.find_party_ids(context, name)
        if len(parties) > 1:
            accounts = {"name": name, "count": len(parties), "accounts": tuple(parties)}
            raise CaseError(
                Sentence(
                    "'{name}' is the name of {count} parties in the payments: {accounts}. Give the id of one of them.",
                    **accounts,
                )
            ) from None
        if found := next(iter(parties), "") or call_links.find_number_id(context, name):
            return found
        raise


def load_full_graph(context: CaseContext, scope: Scope) -> nx.MultiDiGraph:
    """The graph of the case, which all share: copy it before you change it (`build_graph` gives a copy)."""
    return context.cache_by_material(
        f"graph-{scope}", lambda: _build_net(context, scope, _list_strongest_links(context, scope))
    )


def build_link_graph(context: CaseContext, nodes: Collection[str], scope: Scope) -> nx.MultiDiGraph:
    """The links between some entities, and to others from them."""
    if not _has_rows(context):
        return load_full_graph(context, scope)
    return _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)


def select_row_entities(context: CaseContext, ids: Collection[str]) -> set[str]:
    """Of entity ids those that rows without claims of their own know."""
    return call_links.select_number_ids(context, ids) | payment_links.select_party_ids(context, ids)


def _has_rows(context: CaseContext) -> bool:
    """Whether there are calls or payments that are rows only."""
    return bool(call_links.list_unclaimed_tables(context) or payment_links.find_unclaimed(context))


def _list_strongest_links(context: CaseContext, scope: Scope) -> list[call_links.Part]:
    return [call_links.list_case_links(context, scope.accounts), payment_links.list_case_links(context)]


def _build_neighbourhood(
    context: CaseContext, named: Sequence[str], hops: int, limit: int, scope: Scope
) -> nx.MultiDiGraph:
    """The links of the entities within reach: claims, and what the engine counts of the numbers of each hop."""
    first = {*named, *(find_holder(context, key) for key in named if scope.accounts == "held")}
    nodes = set(first)
    for hop in range(1, hops + 1):
        net = _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)
        seeds = [node for node in sorted(first) if node in net]
        nodes |= set(rooms.select_neighbourhood(net, seeds, hop, limit=limit, services=scope.services))
    return _build_net(context, scope, _list_bulk_links(context, nodes, scope), nodes)


def _list_bulk_links(context: CaseContext, nodes: Collection[str], scope: Scope) -> list[call_links.Part]:
    numbers = call_links.list_numbers(context, nodes, scope.accounts)
    return [
        call_links.list_number_links(context, numbers, scope.accounts),
        payment_links.list_entity_links(context, nodes),
    ]


def _build_net(
    context: CaseContext, scope: Scope, parts: Sequence[call_links.Part], touching: Collection[str] = ()
) -> nx.MultiDiGraph:
    """Graph of the claims and of the links out of large tables; of those of some entities only, where they are given."""
    rows = list_links(context, scope.accounts)
    if any(len(part.rows) for part in parts):
        rows = rows.assign(until="", a="", b="", a_service=False, b_service=False)
        rows = pd.concat(
            [rows, *(part.rows[list(call_links.COLUMNS)] for part in parts if len(part.rows))], ignore_index=True
        )
    if touching:
        rows = rows[rows["source"].isin(set(touching)) | rows["target"].isin(set(touching))]
    if not scope.suggested:
        rows = rows[rows["layer"] != "suggested"]
    if not scope.services:
        rows = rows[~rows["service"].astype(bool)]
    net = rooms.build_graph(rows, call_links.list_entities(context, rows), context.documents)
    if _has_rows(context):
        call_links.annotate_graph(context, net, parts)
    if not scope.services:
        net.remove_nodes_from([node for node, service in list(net.nodes(data="service")) if service])
        net.remove_nodes_from(list(nx.isolates(net)))
    return net


def find_holder(context: CaseContext, entity: str) -> str:
    """The person onto whom an account, number or handset is drawn; the entity itself if it stands for itself."""
    last = context.cache_by_material(
        "holders", lambda: rooms.find_holders(rooms.list_attributions(context.evidence, context.canonical))
    )
    return last.get(entity, entity)
