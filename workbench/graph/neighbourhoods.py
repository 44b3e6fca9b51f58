"""What lies around and between entities: neighbourhoods, paths, and the rows behind a link."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd

from workbench.errors import WorkbenchError
from workbench.graph.graph_builder import build_contact_graph
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS = (
    "path", "step", "source", "target", "source_caption", "target_caption", "relations", "layer", "count", "first",
    "last",
)  # fmt: skip
WHY = (
    "at",
    "relation",
    "layer",
    "source",
    "target",
    "document_id",
    "passage_id",
    "statement_id",
    "evidence_id",
    "count",
)
TENTATIVE = 1e-3


def find_paths(graph: nx.MultiDiGraph, a: str, b: str, k: int = 3, *, services: bool = False) -> pd.DataFrame:
    """Find the k shortest ways from one entity to another, by hops.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build` gives it; direction is ignored.
    a, b : str
        Canonical ids.
    k : int
        How many paths at most. Among paths of one length those with fewer merely suggested links come first.
    services : bool
        Go through services, too: everybody is two hops from everybody through a bank's short code.

    Returns
    -------
    DataFrame
        One row per step: path, step (both from 1), source, target, their captions, relations (all between the two,
        joined by ', '), layer (the strongest of them), count, first, last. Empty if no path is in the data supplied,
        which does not mean that there is none.

    Raises
    ------
    WorkbenchError
        If an id is not in the graph.
    """
    _check_nodes(graph, [a, b])
    simple = build_contact_graph(graph, services=services)
    simple.add_nodes_from([a, b])
    for _, _, data in simple.edges(data=True):
        data["length"] = 1 if data["confirmed"] else 1 + TENTATIVE
    try:
        found = list(islice(nx.shortest_simple_paths(simple, a, b, weight="length"), k))
    except nx.NetworkXNoPath:
        found = []
    rows = [
        (number, step, *_build_step(graph, source, target))
        for number, path in enumerate(found, start=1)
        for step, (source, target) in enumerate(pairwise(path), start=1)
    ]
    return pd.DataFrame(rows, columns=[*STEPS])


def select_neighbourhood(
    graph: nx.MultiDiGraph, seeds: str | Iterable[str], hops: int = 1, *, limit: int = 500, services: bool = False
) -> nx.MultiDiGraph:
    """Cut out the entities around one or more, at most `limit` of them.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build` gives it.
    seeds : str or iterable of str
        Canonical ids; they are always in the result.
    hops : int
        How far to go; direction is ignored.
    limit : int
        Most entities in the result. Nearer ones come first, among them those with a confirmed link, then with the most
        occurrences towards what is already there.
    services : bool
        Go through services, too. Without it they are shown next to a seed but lead no further.

    Returns
    -------
    MultiDiGraph
        A copy. Each node has `hop` (0 for a seed) and `more`: the number of its neighbours in the whole graph that are
        not shown. `graph.graph['cut']` is the number of entities within `hops` that the limit left out.

    Raises
    ------
    WorkbenchError
        If a seed is not in the graph.
    """
    first = [seeds] if isinstance(seeds, str) else list(seeds)
    _check_nodes(graph, first)
    simple = build_contact_graph(graph, services=True)
    hop = dict.fromkeys(sorted(first), 0)
    cut = 0
    for distance in range(1, hops + 1):
        best = _rank_neighbours(simple, graph, hop, services=services)
        room = max(limit - len(hop), 0)
        cut += len(best[room:])
        hop.update(dict.fromkeys(best[:room], distance))
    part = graph.subgraph(hop).copy()
    part.graph["cut"] = cut
    for node in part:
        part.nodes[node].update(hop=hop[node], more=sum(other not in hop for other in simple[node]))
    return part


def list_link_occurrences(links: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """List the occurrences behind a link between two entities, in time order.

    Parameters
    ----------
    links : DataFrame
        Rows of LINKS, as they are or as `attribute` gives them.
    a, b : str
        Canonical ids; both directions are given.

    Returns
    -------
    DataFrame
        at, relation, layer, source, target, document_id, passage_id, statement_id, evidence_id, count, and source_via,
        target_via where `links` has them. Times are compared as written; rows without a time come last.
    """
    between = (links["source"].eq(a) & links["target"].eq(b)) | (links["source"].eq(b) & links["target"].eq(a))
    columns = [*WHY, *(name for name in ("source_via", "target_via") if name in links)]
    rows = links.loc[between, columns].assign(untimed=lambda frame: frame["at"] == "")
    order = ["untimed", "at", "document_id", "relation", "source", "evidence_id"]
    return rows.sort_values(order, ignore_index=True).drop(columns="untimed")


def _check_nodes(graph: nx.MultiDiGraph, nodes: Iterable[str]) -> None:
    for node in nodes:
        if node not in graph:
            near = get_close_matches(node, list(graph), n=3)
            hint = {"near": tuple(near)} if near else {}
            key = f"refused.graph.{'near' if near else 'absent'}"
            raise WorkbenchError(Sentence(key, entity=node, count=len(graph), **hint))


def _build_step(graph: nx.MultiDiGraph, source: str, target: str) -> tuple[object, ...]:
    ways = ((source, target), (target, source))
    both = [data for way in ways if graph.has_edge(*way) for data in graph.get_edge_data(*way).values()]
    layers = {data.get("layer", "received") for data in both}
    layer = next(name for name in ("decided", "received", "suggested") if name in layers)
    times = sorted(time for data in both for time in (data.get("first", ""), data.get("last", "")) if time)
    captions = [graph.nodes[node].get("caption", node) for node in (source, target)]
    relations = ", ".join(sorted({data.get("relation", "") for data in both}))
    span = (times[0], times[-1]) if times else ("", "")
    return source, target, *captions, relations, layer, sum(data.get("count", 1) for data in both), *span


def _rank_neighbours(simple: nx.Graph, graph: nx.MultiDiGraph, known: dict[str, int], *, services: bool) -> list[str]:
    """Neighbours of what is known, the strongest tie first."""
    tie: dict[str, tuple[bool, int]] = {}
    for node, hop in known.items():
        if services or not hop or not graph.nodes[node].get("service"):
            for other, data in simple[node].items():
                if other not in known:
                    confirmed, weight = tie.get(other, (False, 0))
                    tie[other] = (confirmed or data["confirmed"], weight + data["weight"])
    return sorted(tie, key=lambda other: (not tie[other][0], -tie[other][1], other))
