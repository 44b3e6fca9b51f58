"""Positions and groups in the data supplied: degree, contacts, betweenness, communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import networkx as nx
import pandas as pd
import rustworkx as rx

from workbench.graph.graph_builder import build_contact_graph
from workbench.model.catalogue import translate
from workbench.model.table_schemas import RANKING

if TYPE_CHECKING:
    from collections.abc import Collection

CONTACTS = frozenset({"contacted", "called", "paid"})
"""Relations in which something passes between two entities."""

EXACT = 5_000
SAMPLE = 200
DIGITS = 12


def build_ranking(
    graph: nx.MultiDiGraph,
    *,
    by: Literal["betweenness", "degree", "contacts"] = "betweenness",
    services: bool = False,
    suggested: bool = False,
    relations: Collection[str] | None = CONTACTS,
    seed: int = 1,
) -> pd.DataFrame:
    """Entities by their position in the contacts of the data supplied.

    Parameters
    ----------
    graph : MultiDiGraph
        As `build` gives it.
    by : {'betweenness', 'degree', 'contacts'}
        What the rank goes by; ties are broken by the other two, and share a rank only where all three are equal.
    services : bool
        Rank services (banks' short codes, bots, system messages) too. They talk to everybody and would lead every list.
    suggested : bool
        Count links that are only suggested, too.
    relations : collection of str, optional
        Relations that count as contact; None counts all.
    seed : int
        Of communities, and of the sample above 5,000 entities.

    Returns
    -------
    DataFrame
        Columns RANKING and `rank_among_others`: the rank among those who are not custodians, missing for custodians.
        `degree`: number of different others; `contacts`: number of occurrences; `betweenness`: share in [0, 1] of the
        shortest paths between two others that run through the entity; `community`: 1 is the largest, see `communities`.
        `.attrs['warning']` says how the table misleads, `.attrs['method']` how betweenness was computed.

    Notes
    -----
    Betweenness counts hops and knows nothing of what was said. It is exact up to 5,000 entities (Brandes' algorithm in
    rustworkx) and above that estimated from the paths of 200 entities (seeded), where small differences mean nothing.
    One new device in the case can turn the order round. Entities without such a contact are not ranked: nothing was
    collected on them, which does not mean that they stand apart. Nothing here is evidence of a role.

    References
    ----------
    Brandes, A faster algorithm for betweenness centrality, J. Math. Sociol. 25 (2001); Brandes and Pich, Centrality
    estimation in large networks, Int. J. Bifurcation Chaos 17 (2007); Morselli, Assessing vulnerable and strategic
    positions in a criminal network, J. Contemp. Crim. Justice 26 (2010).
    """
    simple = build_contact_graph(_select_relations(graph, relations), services=services, suggested=suggested)
    simple.remove_nodes_from([node for node in list(simple) if not simple.degree(node)])
    between, method = _compute_betweenness(simple, seed)
    groups = _compute_communities(simple, seed)
    rows = [_build_row(simple, node, between[node], groups[node]) for node in simple]
    frame = _add_ranks(pd.DataFrame(rows, columns=[*RANKING[1:]]), by)
    frame.attrs.update(
        warning=translate(
            "The ranks show positions in the supplied data. They do not show importance. If a person's "
            "device or records were collected, all contacts recorded there are in the data. For other "
            "persons, only their contacts with such a person are in the data. The collection therefore makes "
            "the persons whose phones were examined look central. These persons are marked, and the other "
            "persons are ranked separately. Check what was not collected before you draw conclusions from a "
            "rank."
        ),
        method=method,
    )
    return frame


def find_communities(
    graph: nx.MultiDiGraph, *, services: bool = False, suggested: bool = False, seed: int = 1
) -> dict[str, int]:
    """Divide the entities into groups with more links among themselves than with others.

    Returns
    -------
    dict
        Canonical id -> number of its community; 1 is the largest, among equals the one with the smallest id. An entity
        without a link is a community of its own.

    Notes
    -----
    Louvain's method (seeded) weighted by occurrences. A community is a cut through the data supplied, not a gang:
    another seed or one more device can cut elsewhere, and a group chat alone makes one.

    References
    ----------
    Blondel, Guillaume, Lambiotte and Lefebvre, Fast unfolding of communities in large networks, J. Stat. Mech. (2008).
    """
    return _compute_communities(build_contact_graph(graph, services=services, suggested=suggested), seed)


def _select_relations(graph: nx.MultiDiGraph, relations: Collection[str] | None) -> nx.MultiDiGraph:
    if relations is None:
        return graph
    wanted = [
        (source, target, key)
        for source, target, key, name in graph.edges(keys=True, data="relation")
        if name in relations
    ]
    return graph.edge_subgraph(wanted)


def _compute_communities(simple: nx.Graph, seed: int) -> dict[str, int]:
    parts = nx.community.louvain_communities(simple, weight="weight", seed=seed) if simple else []
    ordered = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part[0]))
    return {node: number for number, part in enumerate(ordered, start=1) for node in part}


def _compute_betweenness(simple: nx.Graph, seed: int) -> tuple[dict[str, float], str]:
    """Betweenness of each node, rounded so that the order of additions does not show, and how it was computed."""
    nodes = list(simple)
    if len(nodes) > EXACT:
        found = nx.betweenness_centrality(simple, k=SAMPLE, seed=seed)
        return found, f"estimated from {SAMPLE} of {len(nodes)} entities, seed {seed}"
    index = {node: number for number, node in enumerate(nodes)}
    compact = rx.PyGraph(multigraph=False)
    compact.add_nodes_from(nodes)
    compact.add_edges_from_no_data([(index[a], index[b]) for a, b in simple.edges])
    found = rx.betweenness_centrality(compact, parallel_threshold=len(nodes) + 1)
    return {node: round(found[index[node]], DIGITS) for node in nodes}, "exact"


def _build_row(simple: nx.Graph, node: str, between: float, community: int) -> tuple[object, ...]:
    data = simple.nodes[node]
    known = data.get("caption", node), data.get("latin", ""), data.get("schema", ""), bool(data.get("custodian"))
    weight = int(simple.degree(node, weight="weight"))
    return node, *known, simple.degree(node), weight, between, community


def _add_ranks(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    figures = [by, *(name for name in ("betweenness", "degree", "contacts") if name != by)]
    frame = frame.sort_values([*figures, "canonical_id"], ascending=[False] * 3 + [True], ignore_index=True)
    frame.insert(0, "rank", _compute_ranks(frame, figures))
    others = frame[~frame["custodian"].astype(bool)]
    frame["rank_among_others"] = pd.Series(_compute_ranks(others, figures), index=others.index, dtype="Int64")
    return frame.astype({"rank_among_others": "Int64"})


def _compute_ranks(frame: pd.DataFrame, figures: list[str]) -> list[int]:
    """1, 2, 2, 4: rows with equal figures share the rank of the first."""
    ranks: list[int] = []
    before: tuple[object, ...] = ()
    for number, values in enumerate(frame[figures].itertuples(index=False, name=None), start=1):
        ranks.append(ranks[-1] if values == before else number)
        before = values
    return ranks
