"""What a chart asks of its case: neighbours, search, facts. Everything passes the gate and is logged as a consultation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import networkx as nx
import pandas as pd

from workbench import graph as rooms
from workbench.case.access import consultation_log, marks
from workbench.case.context import entity_hints
from workbench.case.context.case_context import CaseContext
from workbench.case.context.entity_index import find_named
from workbench.case.evidence import citations, provenance, remarks
from workbench.case.evidence.link_strength import add_strengths
from workbench.case.network import entity_graph
from workbench.case.network.entity_graph import Scope
from workbench.case.network.link_evidence import Edge
from workbench.case.verbs.error_translation import describe_error, wrap_acts
from workbench.errors import CaseError, WorkbenchError
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import PLAIN, Mark
from workbench.model.schema import RELATIONS
from workbench.views import Passage

LARGEST = 500
"""Nodes that one question brings at most."""
RESTS = frozenset({"statement_ids", "document_ids"})
"""Attributes by which a link is known that the case gave."""
SCOPES = tuple(Scope(accounts, services=services) for services in (False, True) for accounts in ("held", "apart"))
FARTHEST = 4
"""Hops of one question at most."""


class ChartError(CaseError, ValueError):
    """What a chart may not have or do: it is said in the widget, and a notebook hears of it as of any refusal of the case."""


@contextmanager
def convert_errors() -> Iterator[None]:
    """Errors of the case, the system and libraries as `ChartError`, in words."""
    try:
        yield
    except ChartError:
        raise
    except WorkbenchError as error:
        raise ChartError(*error.args[:1]) from error
    except Exception as error:
        if said := describe_error(error):
            raise ChartError(said) from error
        raise


@wrap_acts
@dataclass
class ChartSource:
    """Who answers a chart out of the case (`workbench_widgets.model.Source`).

    Attributes
    ----------
    net : MultiDiGraph
        All that has come onto the chart, with what the case says of it.
    scope : Scope
        What its links are made of.
    changed : callable
        Is told the mark of the chart when more has come.
    linked : callable
        The nodes and links that are meant by ids on the chart.
    counted : str
        What counted in the case when the chart was last made or renewed.
    known, apart : set
        Links that have been on the chart; those of them that the scope does not have.
    drawn : callable
        The mark of the words that were written on the chart.
    """

    context: CaseContext
    net: nx.MultiDiGraph
    scope: Scope
    changed: Callable[[str], None] = lambda mark: None
    linked: Callable[[Iterable[str]], tuple[list[str], list[Edge]]] = lambda ids: (list(ids), [])
    counted: str = ""
    known: set[Edge] = field(default_factory=set)
    apart: set[Edge] = field(default_factory=set)
    drawn: Callable[[], Mark] = lambda: PLAIN

    def __post_init__(self) -> None:
        """Which links are made of what else than the scope has: they are looked for elsewhere when the chart is renewed."""
        self.counted = marks.get_exclusion_digest(self.context)
        self.known = set(self.net.edges(keys=True))
        own = entity_graph.build_link_graph(self.context, set(self.net), self.scope)
        rests = {edge for edge in self.known if RESTS & self.net.edges[edge].keys()}
        self.apart = {edge for edge in rests if not own.has_edge(*edge)}

    def counts(self, ids: Collection[str], shown: Collection[str]) -> dict[str, int]:
        """How many neighbours of each node are not among those shown."""
        with convert_errors():
            known, seen = self._select_visible(ids), set(shown)
            net = entity_graph.build_link_graph(self.context, set(known), self.scope)
            found = {name: len(_list_neighbours(net, name) - seen) for name in known}
            consultation_log.log_answer(
                self.context, "neighbours", net.subgraph(known), *map(self.context.get_caption, known)
            )
            return {name: found.get(name, 0) for name in ids}

    def find_neighbours(self, ids: Collection[str], shown: Collection[str], hops: int, limit: int) -> nx.MultiDiGraph:
        """The neighbours that are not shown, at most `limit`: nearest first, then those with most links to what is near."""
        with convert_errors():
            if not 1 <= hops <= FARTHEST:
                raise ChartError(
                    Sentence(
                        "A chart cannot show {hops} steps between entities. Use 1 to {most}.", hops=hops, most=FARTHEST
                    )
                )
            known = self._select_visible(ids)
            near = self._find_nearest(known, set(shown), hops)[: max(0, min(limit, LARGEST))]
            return self._load_part(near, shown, "expand", known)

    def build_subgraph(self, ids: Collection[str], shown: Collection[str]) -> nx.MultiDiGraph:
        """These nodes, with all links among them and those shown."""
        with convert_errors():
            known = self._select_visible(ids)
            return self._load_part(known, shown, "graph", known)

    def search(self, words: str, limit: int) -> list[tuple[str, str]]:
        """Id and name of entities that have all the words in their name, most often evidenced first."""
        with convert_errors():
            parts = words.casefold().split()
            things = self.context.list_entities()
            things = things[~things["schema"].isin({*RELATIONS, "Mention"})]
            text = (things["caption"] + " " + things["latin"]).str.casefold()
            fits = pd.Series(data=bool(parts), index=things.index)
            for part in parts:
                fits &= text.str.contains(part, regex=False)
            ids = set(find_named(self.context, words)["canonical_id"]) if parts else set()
            found = things[fits | things["canonical_id"].isin(ids)].head(max(0, limit))
            consultation_log.log_answer(self.context, "entities", marks.add_mark_column(self.context, found), words)
            return list(zip(found["canonical_id"], found["caption"], strict=True))

    def details(self, name: str) -> dict[str, str]:
        """What is known of a node: names, dates, numbers, what it is recorded as using."""
        with convert_errors():
            if not self._select_visible([name]):
                return {}
            facts = consultation_log.log_answer(
                self.context, "facts", entity_hints.list_facts(self.context, name), self.context.get_caption(name)
            )
            return {str(heading): str(text) for heading, text in facts}

    def list_passages(self, ids: Iterable[str], limit: int) -> tuple[list[Passage], int]:
        """What sources say of nodes and links, and how many more places there are."""
        with convert_errors():
            nodes, links = self.linked(ids)
            found, more = citations.list_passages(self.context, self.net, (self._select_visible(nodes), links), limit)
            found = [*remarks.list_warning_passages(self.context, nodes), *found]
            about = [self.context.get_caption(node) for node in nodes] + [self._format_edge(edge) for edge in links]
            told = pd.DataFrame({"document_id": [one.document_id for one in found]})
            consultation_log.log_answer(self.context, "passages", told, *about)
            return found, more

    def build_link_graph(self, nodes: Collection[str]) -> nx.MultiDiGraph:
        """Links between some nodes as the case has them now, and the nodes without any."""
        wanted = {node for node in nodes if node not in provenance.find_unknown_ids(self.context, nodes)}
        net = entity_graph.build_link_graph(self.context, wanted, self.scope).subgraph(wanted).copy()
        lone = self.context.entities[self.context.entities["canonical_id"].isin(wanted - set(net))]
        alone = rooms.build_graph(entity_graph.list_links(self.context).head(0), lone, isolated=True)
        net.add_nodes_from(alone.nodes(data=True))
        return net

    def add_part(self, part: nx.MultiDiGraph) -> nx.MultiDiGraph:
        """Remember what comes onto the chart; it comes back with marks and strengths."""
        made = add_strengths(self.context, nx.compose(self.net, part))
        self.net, self.known = made, self.known | set(made.edges(keys=True))
        self.mark()
        return made

    def mark(self) -> None:
        """Reckon the mark of the chart: of what is on it, and of the words that were written on it."""
        self.net.graph["mark"] = marks.get_marks(self.context).label(
            marks.get_graph_mark(self.context, self.net) | self.drawn()
        )
        self.changed(str(self.net.graph["mark"]))

    def rebuild_graph(
        self, nodes: Collection[str], before: Collection[Edge] | None = None
    ) -> tuple[nx.MultiDiGraph, frozenset[Edge]]:
        """All that has come onto the chart and these nodes, as the case has it now; with `before`, links that are new since, too.

        What a person put onto the chart beside the case stays. The links that are new come second.
        """
        wanted = set(nodes) | set(self.net)
        now = self.build_link_graph({node for node in wanted if provenance.ID.fullmatch(node)})
        new = {edge for edge in now.edges(keys=True) if before is not None and edge not in before}
        made = nx.MultiDiGraph(**self.net.graph)
        made.add_nodes_from(now.nodes(data=True))
        made.add_nodes_from(
            (node, data) for node, data in self.net.nodes(data=True) if not provenance.ID.fullmatch(node)
        )
        made.add_edges_from(
            (*edge, now.edges[edge]) for edge in now.edges(keys=True) if edge in new or edge in self.known
        )
        made.add_edges_from(
            (*edge, data) for *edge, data in self.net.edges(keys=True, data=True)
            if not RESTS & data.keys() and edge[0] in made and edge[1] in made
        )  # fmt: skip
        self._add_other_scopes(made)
        self.net, self.counted = nx.MultiDiGraph(), marks.get_exclusion_digest(self.context)
        return self.add_part(made), frozenset(new)

    def _add_other_scopes(self, made: nx.MultiDiGraph) -> None:
        """Links of another scope than the chart's that are still there."""
        left = {edge for edge in self.apart if edge[0] in made and edge[1] in made and not made.has_edge(*edge)}
        for scope in SCOPES if left else ():
            net = entity_graph.build_link_graph(self.context, set(made), scope)
            found = {edge for edge in left if net.has_edge(*edge)}
            made.add_edges_from((*edge, net.edges[edge]) for edge in found)
            left -= found

    def _load_part(
        self, ids: Collection[str], shown: Collection[str], kind: str, asked: Collection[str]
    ) -> nx.MultiDiGraph:
        """Nodes with their links among them and to those shown; logged before they are given."""
        new = set(ids)
        net = self.build_link_graph(new | {name for name in shown if provenance.ID.fullmatch(name)})
        part = net.edge_subgraph([edge for edge in net.edges(keys=True) if new & set(edge[:2])]).copy()
        part.add_nodes_from((node, net.nodes[node]) for node in ids if node in net)
        consultation_log.log_answer(self.context, kind, part, *map(self.context.get_caption, asked))
        made, given = self.add_part(part), nx.MultiDiGraph()
        given.add_nodes_from((node, made.nodes[node]) for node in part)
        given.add_edges_from((*edge, made.edges[edge]) for edge in part.edges(keys=True))
        return given

    def _find_nearest(self, ids: Collection[str], seen: set[str], hops: int) -> list[str]:
        """What is around and not seen, hop by hop."""
        found: list[str] = []
        edge, known = set(ids), seen | set(ids)
        for _ in range(hops):
            net = entity_graph.build_link_graph(self.context, edge, self.scope)
            ranks: dict[str, int] = {}
            for name in edge:
                for other in _list_neighbours(net, name) - known:
                    ranks[other] = ranks.get(other, 0) + sum(_list_link_counts(net, name, other))
            new = sorted(ranks, key=lambda one: (-ranks[one], one))
            found += new
            edge = set(new)
            known |= edge
        return found

    def _select_visible(self, ids: Iterable[str]) -> list[str]:
        """Of ids those that the reader may see now."""
        wanted = list(dict.fromkeys(map(str, ids)))
        gone = provenance.find_unknown_ids(self.context, wanted)
        return [one for one in wanted if one not in gone]

    def _format_edge(self, edge: Edge) -> str:
        return f"{self.context.get_caption(edge[0])} – {self.context.get_caption(edge[1])}"


def _list_neighbours(net: nx.MultiDiGraph, name: str) -> set[str]:
    return (set(net.successors(name)) | set(net.predecessors(name))) - {name} if name in net else set()


def _list_link_counts(net: nx.MultiDiGraph, one: str, other: str) -> Iterator[int]:
    for ends in ((one, other), (other, one)):
        yield from (int(data.get("count", 1)) for data in (net.get_edge_data(*ends) or {}).values())
