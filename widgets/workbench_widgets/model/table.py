"""What a chart can show: the nodes and links it has heard of, as columns. Rows are added and never change place.

Node columns: `ids`, `labels`, `latin` (row -> the name in Latin letters, where it differs), `kinds` (index into `schemas`),
`flags` (1 suggested, 2 service, 4 custodian, 8 drawn by hand), `more` (neighbours that were not in the table when the row
came), `styles` (attributes as colours, see style.py). Link columns: `ends` (two node rows), `relation` (index into
`relations`), `strength` (0 confirmed, 1 unconfirmed, 2 tentative), `counts`, `directed`, `first` and `last`
(milliseconds since 1970 UTC, NaN where undated), `keys` (source, target and key in the graph; they stay in Python).
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from workbench_widgets.link_attributes import STRENGTHS, get_strength, is_yes
from workbench_widgets.model.style import Facts, Style, build_styles, list_facts
from workbench_widgets.visible_text import escape_hidden, replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import networkx as nx
    from numpy.typing import NDArray

RESERVED = re.compile(r"(?:link|group|note):\d+")
SUGGESTED, SERVICE, CUSTODIAN, BY_HAND = 1, 2, 4, 8
Key = tuple["Hashable", "Hashable", "Hashable"]


@dataclass(slots=True)
class Table:
    """Nodes and links as columns; see the module."""

    ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    latin: dict[int, str] = field(default_factory=dict)
    kinds: array[int] = field(default_factory=lambda: array("H"))
    flags: array[int] = field(default_factory=lambda: array("B"))
    more: array[int] = field(default_factory=lambda: array("I"))
    schemas: list[str] = field(default_factory=list)
    ends: array[int] = field(default_factory=lambda: array("I"))
    relation: array[int] = field(default_factory=lambda: array("H"))
    strength: array[int] = field(default_factory=lambda: array("B"))
    counts: array[int] = field(default_factory=lambda: array("I"))
    directed: array[int] = field(default_factory=lambda: array("B"))
    first: array[float] = field(default_factory=lambda: array("d"))
    last: array[float] = field(default_factory=lambda: array("d"))
    relations: list[str] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    links: dict[Key, int] = field(default_factory=dict)
    edition: int = 0
    facts: Facts = field(default_factory=dict)
    _styles: tuple[tuple[int, int], dict[str, Style]] = ((0, 0), {})  # of how many nodes, of which edition

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def pairs(self) -> NDArray[np.uint32]:
        """Node rows of each link: one row per link, source and target."""
        return np.frombuffer(self.ends, np.uint32).reshape(-1, 2) if self.ends else np.empty((0, 2), np.uint32)

    @property
    def styles(self) -> dict[str, Style]:
        """Name -> attribute as colours, of those that can be shown; see style.py."""
        if self._styles[0] != (len(self), self.edition):
            self._styles = (len(self), self.edition), build_styles(self.facts, len(self))
        return self._styles[1]

    def add_graph(self, graph: nx.Graph, *, anew: bool = False) -> tuple[list[int], list[int]]:
        """Add what is new of a networkx graph; returns the rows of all its nodes and links.

        Parameters
        ----------
        graph : Graph, DiGraph, MultiGraph or MultiDiGraph
            Node attributes caption (or label, or name), latin, schema, layer, service, custodian, hand, more, and those of
            which a style makes colours (see `style.offered`); link attributes relation, layer, strength, count, directed,
            first, last. All are optional.
        anew : bool
            Also write anew what is known already.

        Raises
        ------
        ValueError
            Where two nodes have the same text as their id, an id holds half a character, or a node is called like a link, group or
            note of the chart.
        """
        names = {node: str(node) for node in graph}
        if len(set(names.values())) < len(names):
            raise ValueError("two nodes have the same text as their id, such as 1 and '1'. Rename one of them.")
        if broken := next((name for name in names.values() if replace_surrogates(name) != name), None):
            raise ValueError(
                f"The id {broken!r} of a node contains half a character, as in damaged exports. Give the node another id and keep "
                "this one as its caption."
            )
        nodes = [self._add_node(names[node], data) for node, data in graph.nodes(data=True)]
        directed = graph.is_directed()
        if graph.is_multigraph():
            edges = graph.edges(keys=True, data=True)
        else:
            edges = ((source, target, 0, data) for source, target, data in graph.edges(data=True))
        links = [
            self._link((source, target, key), (names[source], names[target]), data, directed=directed)
            for source, target, key, data in edges
            if source != target
        ]
        if anew:
            self._rewrite(graph, nodes, links)
        return nodes, links

    def _rewrite(self, graph: nx.Graph, nodes: list[int], links: list[int]) -> None:
        """What a graph says now of rows that are known, in their columns; nothing of those that it does not have."""
        other = Table()
        mine = other.add_graph(graph)
        self.edition += 1
        place = dict(zip(mine[0], nodes, strict=True))
        self.facts = {name: {place[new]: value for new, value in held.items()} for name, held in other.facts.items()}
        for row in set(range(len(self))) - set(nodes):
            self.labels[row], self.flags[row] = "", 0
            self.latin.pop(row, None)
        for row in set(range(len(self.keys))) - set(links):
            self.counts[row], self.first[row], self.last[row] = 1, math.nan, math.nan
        for row, new in zip(nodes, mine[0], strict=True):
            self.labels[row], self.flags[row] = other.labels[new], other.flags[new]
            self.kinds[row] = _get_index(self.schemas, other.schemas[other.kinds[new]])
            self.latin.pop(row, None)
            if new in other.latin:
                self.latin[row] = other.latin[new]
        for row, new in zip(links, mine[1], strict=True):
            self.relation[row] = _get_index(self.relations, other.relations[other.relation[new]])
            for name in ("strength", "counts", "directed", "first", "last"):
                getattr(self, name)[row] = getattr(other, name)[new]

    def _add_node(self, name: str, data: Mapping[str, object]) -> int:
        row = self.rows.get(name)
        if row is not None:
            return row
        if RESERVED.fullmatch(name):
            raise ValueError(
                f"A node has the name {name!r}. Links, groups and notes of a chart have names of this form. Rename the node."
            )
        row = self.rows[name] = len(self.ids)
        label = escape_hidden(str(data.get("caption") or data.get("label") or data.get("name") or name))
        self.ids.append(name)
        self.labels.append(label)
        if data.get("latin") and data["latin"] != label:
            self.latin[row] = escape_hidden(str(data["latin"]))
        self.kinds.append(_get_index(self.schemas, escape_hidden(str(data.get("schema") or ""))))
        flags = SUGGESTED if data.get("layer") == "suggested" else 0
        flags |= SERVICE if is_yes(data.get("service")) else 0
        flags |= CUSTODIAN if is_yes(data.get("custodian")) else 0
        self.flags.append(flags | (BY_HAND if is_yes(data.get("hand")) else 0))
        self.more.append(_parse_count(data.get("more"), 0))
        for attribute, value in list_facts(data).items():
            self.facts.setdefault(attribute, {})[row] = value
        return row

    def _link(self, key: Key, names: tuple[str, str], data: Mapping[str, object], *, directed: bool) -> int:
        row = self.links.get(key)
        if row is not None:
            return row
        row = self.links[key] = len(self.keys)
        self.keys.append(key)
        self.ends.extend((self.rows[names[0]], self.rows[names[1]]))
        self.relation.append(
            _get_index(self.relations, escape_hidden(str(data.get("relation") or data.get("label") or "")))
        )
        self.strength.append(STRENGTHS.index(get_strength(data)))
        self.counts.append(max(1, _parse_count(data.get("count"), 1)))
        self.directed.append(is_yes(data.get("directed", directed)))
        start = parse_moment(data.get("first"))
        end = start if data.get("last") == data.get("first") else parse_moment(data.get("last"))
        self.first.append(end if math.isnan(start) else start)
        self.last.append(start if math.isnan(end) else end)
        return row

    def columns(self) -> dict[str, object]:
        """The columns as they travel to the browser; arrays as bytes, little-endian."""
        names = "kinds flags more ends relation strength counts directed first last".split()
        arrays = {name: np.frombuffer(column, f"<{column.typecode}").tobytes() if column else b"" for name, column in
                  ((name, getattr(self, name)) for name in names)}  # fmt: skip
        texts = {"ids": self.ids, "labels": self.labels, "schemas": self.schemas, "relations": self.relations}
        return {**{name: list(column) for name, column in texts.items()},
                "latin": {str(row): text for row, text in self.latin.items()},
                "styles": [asdict(style) for style in self.styles.values()], **arrays}  # fmt: skip


def _get_index(names: list[str], name: str) -> int:
    """The place of a name in a short list; added where it is new. From 65,535 names on all are one."""
    try:
        return names.index(name)
    except ValueError:
        if len(names) < 65_535:
            names.append(name)
        return len(names) - 1


def _parse_count(value: object, default: int) -> int:
    """A count as a whole number of 32 bits; the default where it is none."""
    if value is None:
        return default
    if type(value) is int:
        return min(max(value, 0), 2**32 - 1)
    try:
        return min(max(int(float(str(value))), 0), 2**32 - 1)
    except (ValueError, OverflowError):
        return default


def parse_moment(value: object) -> float:
    """A time as milliseconds since 1970 in UTC; NaN where there is none. A time without a zone counts as UTC."""
    if value is None or value == "":
        return math.nan
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return math.nan
    if math.isnan(moment.year):  # pandas' NaT
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000
