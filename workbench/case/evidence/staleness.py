"""What was asked before something was set aside, erased, rejected or closed to the reader, and comes back afterwards.

A graph says on itself what counted when it was made (`marks.get_exclusion_digest`). One that says anything else,
or nothing, is drawn as the
case has it now: what does not count, or is not for the reader, is left out, and names, counts and times are those of the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from workbench.case.access import marks
from workbench.case.evidence import provenance
from workbench.case.network import entity_graph
from workbench.ledger import Object
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.case.context.case_context import CaseContext

OURS = ("mentions", "layer")
"""Attributes by which a node is known that the case gave."""
RESTS_ON = ("statement_ids", "document_ids")
SAID = ("count", "first", "last", *RESTS_ON)
"""What a link says that more or less material would change."""


def describe_staleness(what: str) -> Sentence:
    """That a graph or table is older than what counts now."""
    return Sentence(
        "{what} is out of date. After it was created, an item was rejected, withdrawn, excluded, erased "
        "or hidden from you. Run the query again.",
        what=Sentence(f"refused.leaving.what.{what}"),
    )


def is_fresh(context: CaseContext, said: object) -> bool:
    """Whether what was made when `said` counted holds nothing that does not count now."""
    now = marks.get_exclusion_digest(context)
    return now in ("", said)


def refresh_graph(context: CaseContext, net: nx.Graph) -> tuple[nx.Graph, bool]:
    """The graph without what does not count now, and whether something was left out or is said otherwise.

    Raises
    ------
    CaseError
        If it is of another kind than `case.graph` gives, or its entities were renamed, so that the case cannot put it right.
    """
    told = [name for name in map(str, net.graph) if name.startswith(marks.COUNTED)]
    now = marks.get_exclusion_digest(context)
    if (not now or told == [marks.COUNTED + now]) and not has_secret(context, net):
        return net, False
    lost = provenance.find_unknown_ids(context, [str(node) for node in net if provenance.ID.fullmatch(str(node))])
    renamed = any(
        set(OURS) <= data.keys() and not provenance.ID.fullmatch(str(node)) for node, data in net.nodes(data=True)
    )
    links = any(_has_basis(data) for *_, data in net.edges(data=True))
    if renamed or (links and not (net.is_multigraph() and net.is_directed())):
        raise context.ledger.refuse("consultation", Object("graph"), describe_staleness("graph"))
    made = net.copy()
    made.remove_nodes_from([node for node in net if str(node) in lost])
    return (made, bool(lost)) if not links and not lost else _update_graph(context, net, made)


def has_secret(context: CaseContext, net: nx.Graph) -> bool:
    """Whether a graph has on it what is secret to the reader now: it may be one of an earlier session."""
    secret = context.ledger.list_secret_ids()
    if not secret:
        return False
    named = (key for *_, data in net.edges(data=True) for name in RESTS_ON for key in data.get(name, ()))
    return not secret.isdisjoint(map(str, net)) or not secret.isdisjoint(named)


def _update_graph(context: CaseContext, net: nx.Graph, made: nx.Graph) -> tuple[nx.Graph, bool]:
    """Nodes and links as the case has them now."""
    nodes = set(map(str, made))
    scopes = [
        entity_graph.Scope(accounts, services=services) for services in (False, True) for accounts in ("held", "apart")
    ]
    known = [entity_graph.build_link_graph(context, nodes, scope) for scope in scopes]
    for edge in list(made.edges(keys=True)) if made.is_multigraph() else ():
        data = made.edges[edge]
        if not _has_basis(data):
            continue
        found = [one.edges[edge] for one in known if one.has_edge(*edge)]
        if not found:
            made.remove_edge(*edge)
        elif not any(_is_same(data, one) for one in found):
            data.update(found[0])
    for node, data in made.nodes(data=True):
        found = [one.nodes[node] for one in known if node in one]
        if found and set(OURS) <= data.keys():
            data.update(next((one for one in found if one.get("accounts") == data.get("accounts")), found[0]))
    alone = [node for node in nx.isolates(made) if node in net and net.degree(node)]
    made.remove_nodes_from(alone)
    same = set(net) == set(made) and all(_is_same(data, net.edges[edge]) for *edge, data in _list_edges(made))
    return made, not same or net.number_of_edges() != made.number_of_edges()


def _list_edges(net: nx.Graph) -> Any:  # noqa: ANN401 - networkx gives tuples of what it holds
    return net.edges(keys=True, data=True) if net.is_multigraph() else net.edges(data=True)


def _has_basis(data: Mapping[str, object]) -> bool:
    return any(name in data for name in RESTS_ON)


def _is_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(one.get(name) == other.get(name) for name in SAID)
