"""Where a chart asks for what is not on it: the rest of a graph, or a case."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from workbench_widgets.visible_text import escape_hidden

if TYPE_CHECKING:
    import networkx as nx


class Source(Protocol):
    """Answers what is around nodes, and what is known of one. All ids are texts, as on the chart."""

    def counts(self, ids: Collection[str], shown: Collection[str]) -> dict[str, int]:
        """How many neighbours of each node are not among those shown."""

    def find_neighbours(self, ids: Collection[str], shown: Collection[str], hops: int, limit: int) -> nx.Graph:
        """The neighbours that are not shown, at most `limit`, with all links among them and those shown."""

    def search(self, words: str, limit: int) -> list[tuple[str, str]]:
        """Id and label of nodes that fit, best first."""

    def build_subgraph(self, ids: Collection[str], shown: Collection[str]) -> nx.Graph:
        """These nodes, with all links among them and those shown."""

    def details(self, name: str) -> dict[str, str]:
        """What is known of a node, in words, by heading."""


@runtime_checkable
class Whole(Source, Protocol):
    """A source that can give all that it has at once."""

    def size(self) -> int:
        """How many nodes that are."""

    def full_graph(self) -> nx.Graph:
        """All nodes with all links."""


class GraphSource:
    """A networkx graph as a source.

    Parameters
    ----------
    graph : Graph, DiGraph, MultiGraph or MultiDiGraph
    """

    def __init__(self, graph: nx.Graph) -> None:
        self._graph = graph
        self._nodes = {str(node): node for node in graph}

    def counts(self, ids: Collection[str], shown: Collection[str]) -> dict[str, int]:
        """How many neighbours of each node are not among those shown."""
        seen = set(shown)
        return {
            name: sum(other not in seen for other in self._list_neighbours(name)) for name in ids if name in self._nodes
        }

    def find_neighbours(self, ids: Collection[str], shown: Collection[str], hops: int = 1, limit: int = 50) -> nx.Graph:
        """The neighbours that are not shown: nearest first, then those with most links to the chart, then by id."""
        seen, found, edge = set(shown), list[str](), [name for name in ids if name in self._nodes]
        for _ in range(max(1, hops)):
            ranks: dict[str, int] = {}
            for name in edge:
                for other in self._list_neighbours(name):
                    if other not in seen:
                        ranks[other] = ranks.get(other, 0) + 1
            edge = sorted(ranks, key=lambda name: (-ranks[name], -self._graph.degree(self._nodes[name]), name))
            found += edge
            seen.update(edge)
        return self.build_subgraph(found[: max(0, limit)], shown)

    def build_subgraph(self, ids: Collection[str], shown: Collection[str]) -> nx.Graph:
        """These nodes, with all links among them and those shown."""
        wanted = [self._nodes[name] for name in dict.fromkeys([*ids, *shown]) if name in self._nodes]
        part = self._graph.subgraph(wanted)
        new = {self._nodes[name] for name in ids if name in self._nodes}
        keyed = {"keys": True} if self._graph.is_multigraph() else {}
        edges = [edge for edge in part.edges(data=True, **keyed) if edge[0] in new or edge[1] in new]
        made = self._graph.__class__()
        made.add_nodes_from((node, self._graph.nodes[node]) for node in sorted(new, key=str))
        made.add_nodes_from((node, self._graph.nodes[node]) for edge in edges for node in edge[:2])
        made.add_edges_from(sorted(edges, key=lambda edge: tuple(map(str, edge[:-1]))))
        return made

    def search(self, words: str, limit: int = 20) -> list[tuple[str, str]]:
        """Nodes whose label, Latin name or id has all the words, those that begin with the first one first."""
        parts, hits = words.casefold().split(), []
        for name, node in self._nodes.items():
            data = self._graph.nodes[node]
            label = str(data.get("caption") or data.get("label") or data.get("name") or name)
            text = f"{label} {data.get('latin') or ''} {name}".casefold()
            if parts and all(part in text for part in parts):
                hits.append((not text.startswith(parts[0]), label.casefold(), name, label))
        return [(name, escape_hidden(label)) for *_, name, label in sorted(hits)[:limit]]

    def details(self, name: str) -> dict[str, str]:
        """The node's attributes, as texts."""
        node = self._nodes.get(name)
        if node is None:
            return {}
        return {
            escape_hidden(str(key)): escape_hidden(str(value))
            for key, value in self._graph.nodes[node].items()
            if value not in (None, "", [], ())
        }

    def size(self) -> int:
        """How many nodes the graph has."""
        return len(self._nodes)

    def full_graph(self) -> nx.Graph:
        """The graph."""
        return self._graph

    def node(self, name: str) -> Hashable:
        """The node of the graph that has this text as its id; KeyError where there is none."""
        found: Hashable = self._nodes[name]
        return found

    def _list_neighbours(self, name: str) -> list[str]:
        node = self._nodes[name]
        after = list(self._graph.neighbors(node))
        before = list(self._graph.predecessors(node)) if self._graph.is_directed() else []
        return [other for other in dict.fromkeys(map(str, [*after, *before])) if other != name]
