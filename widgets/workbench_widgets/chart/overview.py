"""A graph that is too large to be drawn whole: its communities as one node each, and a source that opens them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import networkx as nx
import numpy as np

from workbench_widgets import words
from workbench_widgets.layout.communities import find_communities
from workbench_widgets.layout.graph_arrays import read_graph
from workbench_widgets.model.source import GraphSource

LARGE = 50_000
"""Nodes from which a chart begins with communities."""
MEMBER, BETWEEN = "member", "between"
MOST = 300
"""Communities that are drawn; the smaller ones are one node."""


class Overview:
    """A graph by its communities: a source of a chart, in which expanding a community brings its members.

    Parameters
    ----------
    graph : Graph
    seed : int
        Of the search for communities; the same seed gives the same ones.
    language : str
        In which the communities are called.

    Attributes
    ----------
    graph : MultiDiGraph
        The communities as nodes of the schema 'Group', with how many members they have, and how many links run between two.

    Notes
    -----
    Communities follow from the links in the data supplied only. They are no groups of persons who know that they belong together.
    """

    def __init__(self, graph: nx.Graph, *, seed: int = 1, language: str = "en") -> None:
        self.say = words.Translator(language)
        self._source, self._graph = GraphSource(graph), graph
        names, network = read_graph(graph)
        home = np.minimum(find_communities(network, seed=seed), MOST - 1)
        self._home = dict(zip(map(str, names), home.tolist(), strict=True))
        self._ids = _create_ids(int(home.max(initial=-1)) + 1, self._home)
        self._members = self._rank_members()
        self.graph = self._build_graph()

    @property
    def statement(self) -> str:
        """How many communities there are, and what to do next, in a sentence."""
        return self.say(
            "The chart shows {entities} entities as {communities} communities (groups of entities with many links among "
            "them). Expand a community, search for an entity, or show all entities.",
            entities=len(self._home),
            communities=len(self._members),
        )

    @property
    def printed_statement(self) -> str:
        """What is said on a picture of it."""
        return self.say(
            "{entities} entities are too many for one sheet of paper. The sheet shows them as {communities} communities, "
            "formed from the links supplied.",
            entities=len(self._home),
            communities=len(self._members),
        )

    def counts(self, ids: Collection[str], shown: Collection[str]) -> dict[str, int]:
        """How many members, or neighbours, of each node are not among those shown."""
        seen = set(shown)
        found = {name: sum(one not in seen for one in self._members[name]) for name in ids if name in self._members}
        return {**found, **self._source.counts([name for name in ids if name not in found], shown)}

    def find_neighbours(self, ids: Collection[str], shown: Collection[str], hops: int = 1, limit: int = 50) -> nx.Graph:
        """Members of communities, those with most links first; neighbours of other nodes."""
        seen = set(shown)
        inside = [one for name in ids for one in self._members.get(name, ()) if one not in seen][: max(0, limit)]
        rest = [name for name in ids if name not in self._members]
        near = self._source.find_neighbours(rest, shown, hops, limit - len(inside)) if rest else nx.MultiDiGraph()
        return self.build_subgraph([*inside, *map(str, near)], shown)

    def search(self, words: str, limit: int = 20) -> list[tuple[str, str]]:
        """Id and label of nodes that fit, best first."""
        return self._source.search(words, limit)

    def build_subgraph(self, ids: Collection[str], shown: Collection[str]) -> nx.Graph:
        """These nodes, with all links among them and those shown, and to the communities that are shown."""
        seen = {*shown, *ids}
        made = nx.MultiDiGraph()
        _add_graph(made, self._source.build_subgraph([name for name in ids if name not in self._members], shown))
        held = [name for name in ids if name in self._members]
        made.add_nodes_from((name, self.graph.nodes[name]) for name in held)
        edges = self.graph.edges(held, keys=True, data=True)
        made.add_edges_from((one, other, key, data) for one, other, key, data in edges if {one, other} <= seen)
        for name in list(made):
            home = self._ids[self._home[name]] if name in self._home else ""
            if home and (home in seen):
                made.add_node(home, **self.graph.nodes[home])
                made.add_edge(
                    name,
                    home,
                    key=MEMBER,
                    relation=self.say("in this community"),
                    directed=False,
                    layer="received",
                )
        return made

    def size(self) -> int:
        """How many nodes the graph has, whatever community they are in."""
        return self._source.size()

    def full_graph(self) -> nx.Graph:
        """The graph without communities."""
        return self._graph

    def details(self, name: str) -> dict[str, str]:
        """What is known of a node; of a community its size and the members with most links."""
        if name not in self._members:
            return self._source.details(name)
        members = self._members[name]
        first = ", ".join(self._label(one) for one in members[:10])
        return {self.say.word("entities", "noun"): f"{len(members):,}", self.say("entities with the most links"): first}

    def _rank_members(self) -> dict[str, list[str]]:
        """Members of each community, those with most links first."""
        found: dict[str, list[tuple[int, str]]] = {name: [] for name in self._ids}
        for node, degree in self._graph.degree():
            found[self._ids[self._home[str(node)]]].append((-degree, str(node)))
        return {name: [one for _, one in sorted(members)] for name, members in found.items()}

    def _build_graph(self) -> nx.MultiDiGraph:
        made = nx.MultiDiGraph()
        for number, (name, members) in enumerate(self._members.items()):
            small = number == MOST - 1 and len(self._ids) == MOST
            around = self.say("Community around {label}", label=self._label(members[0]))
            first = self.say("Smaller communities") if small else around
            caption = f"{first} ({len(members):,})" if len(members) > 1 else self._label(members[0])
            made.add_node(name, caption=caption, schema="Group", more=len(members), layer="received")
        between: Counter[tuple[int, int]] = Counter()
        for one, other in self._graph.edges():
            low, high = sorted((self._home[str(one)], self._home[str(other)]))
            if low != high:
                between[low, high] += 1
        for (low, high), count in sorted(between.items()):
            said = self.say("links between communities")
            made.add_edge(
                self._ids[low], self._ids[high], key=BETWEEN, relation=said, count=count, directed=False, layer="received"
            )  # fmt: skip
        return made

    def _label(self, name: str) -> str:
        data = self._graph.nodes[self._source.node(name)]
        return str(data.get("caption") or data.get("label") or data.get("name") or name)


def _create_ids(count: int, taken: Collection[str]) -> list[str]:
    """Ids of the communities, none of which is the id of a node."""
    head = "community"
    while any(f"{head} {number}" in taken for number in range(1, count + 1)):
        head += "'"
    return [f"{head} {number}" for number in range(1, count + 1)]


def _add_graph(made: nx.MultiDiGraph, part: nx.Graph) -> None:
    """Add a graph of any kind, its ids as text."""
    directed = part.is_directed()
    for node, data in part.nodes(data=True):
        made.add_node(str(node), **data)
    keyed = (
        part.edges(keys=True, data=True)
        if part.is_multigraph()
        else ((a, b, 0, data) for a, b, data in part.edges(data=True))
    )
    for one, other, key, data in keyed:
        made.add_edge(str(one), str(other), key=key, **{"directed": directed, **data})
