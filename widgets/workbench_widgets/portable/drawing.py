"""What is drawn: nodes with places and wrapped labels, and one line per pair, relation and strength.

The edges of both directions of one relation are one line with an arrow at each end that was reached, as link charts
have it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from workbench_widgets.layout.label_size import get_caption, list_latin_lines, wrap_text
from workbench_widgets.link_attributes import CONFIRMED, STRENGTHS, SUGGESTED, get_strength, is_yes
from workbench_widgets.portable import icons
from workbench_widgets.words import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

CAP = 2_000
SPREAD = 30.0

Edge = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours of an attribute: its name, the colour of each value ('' where nothing is said), and node -> value."""

    name: str
    values: dict[str, str]
    of: dict[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """An entity on the chart.

    `rows` are the lines of its label, `below` those under it that say how a name in another script reads in Latin letters;
    `how` is the variant of its icon, `tint` its colour where that is not its schema's.
    """

    id: str
    x: float
    y: float
    caption: str
    rows: tuple[str, ...]
    schema: str
    how: str
    mentions: int
    degree: int
    more: int
    accounts: tuple[str, ...]
    latin: str = ""
    below: tuple[str, ...] = ()
    tint: str = ""

    @property
    def label(self) -> tuple[str, ...]:
        """All lines of its label."""
        return self.rows + self.below

    @property
    def custodian(self) -> bool:
        """Whether the data of this entity were collected."""
        return "c" in self.how

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Order in which labels are placed: custodians, then those with most links."""
        return not self.custodian, -self.degree, self.id


@dataclass(slots=True)
class Line:
    """A link on the chart: all edges of one relation and strength between two entities, `there` and `back`."""

    source: str
    target: str
    relation: str
    strength: str = CONFIRMED
    directed: bool = True
    service: bool = True
    there: int = 0
    back: int = 0
    first: str = ""
    last: str = ""
    bend: float = 0.0
    edges: list[Edge] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Occurrences in both directions."""
        return self.there + self.back

    @property
    def width(self) -> float:
        """Thickness in pixels: it grows with the logarithm of the count."""
        return round(min(1.3 + 0.75 * math.log2(max(self.count, 1)), 7.0), 2)

    @property
    def is_suggested(self) -> bool:
        """Whether nobody has confirmed it."""
        return self.strength != CONFIRMED

    @property
    def key(self) -> str:
        """Name of what the legend filters by."""
        return self.relation + "?" * STRENGTHS.index(self.strength)


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes and lines in a fixed order, the colours of an attribute, and the relation that most lines have."""

    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    colours: Colours | None = None
    commonest: str = ""

    def label(self, line: Line) -> str:
        """What is written on a line: its relation, unless it is the commonest, and how often."""
        often = f"×{line.count:,}" if line.count > 1 else ""
        name = "" if line.relation == self.commonest else line.relation
        return f"{name} {often}".strip()


def build_picture(
    graph: nx.MultiDiGraph,
    positions: Mapping[str, tuple[float, float]],
    colours: Colours | None = None,
    *,
    language: str = "en",
) -> Picture:
    """The drawing of a graph at the given positions, in colours of an attribute or of the schemas; relations in the words of a language.

    Raises
    ------
    ValueError
        If the graph is too large for a portable chart, or a node has no position.
    """
    if len(graph) > CAP:
        message = (
            f"This graph has {len(graph):,} entities; a portable chart takes at most {CAP:,}, because a larger one is "
            "slow to open and nobody can read it. Cut it first, for instance to the neighbourhood of one entity."
        )
        raise ValueError(message)
    missing = sorted(str(node) for node in graph if node not in positions)
    if missing:
        raise ValueError(
            f"{len(missing)} entities have no position, the first is {missing[0]!r}. Lay the graph out first."
        )
    lines = _list_lines(graph, language)
    degree: dict[str, set[str]] = {str(node): set() for node in graph}
    for line in lines:
        degree[line.source].add(line.target)
        degree[line.target].add(line.source)
    items = [_build_item(graph, node, positions[node], len(degree[str(node)])) for node in sorted(graph, key=str)]
    drawn = tuple(_colour_item(item, colours) if colours else item for item in items)
    return Picture(drawn, tuple(lines), colours, _find_commonest_relation(lines))


def _find_commonest_relation(lines: Sequence[Line]) -> str:
    """The relation of most lines, if it is that of more than half of them."""
    best, count = max(Counter(line.relation for line in lines).items(), key=itemgetter(1), default=("", 0))
    return best if count * 2 > len(lines) else ""


def _colour_item(item: Item, colours: Colours) -> Item:
    """An item in the colour of its value; one without any, as a closed group, is neutral. Services are not grey then."""
    value, how = colours.of.get(item.id), item.how.replace("s", "")
    if value is None:
        return replace(item, how=how, tint=icons.SLATE)
    return replace(item, how=how if value else how + "m", tint=colours.values[value])


def _build_item(graph: nx.MultiDiGraph, node: str, place: tuple[float, float], degree: int) -> Item:
    data = graph.nodes[node]
    how = icons.encode_variant(
        custodian=is_yes(data.get("custodian")),
        service=is_yes(data.get("service")),
        suggested=data.get("layer") == SUGGESTED,
    )
    x, y = (round(float(value), 2) for value in place)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"entity {str(node)!r} has the position {place!r}, which is not a position on a chart.")
    name = get_caption(graph, node)
    accounts = tuple(str(account) for account in data.get("accounts") or ())
    mentions, more = int(data.get("mentions") or 0), int(data.get("more") or 0)
    return Item(
        str(node), x, y, name, tuple(wrap_text(name)), str(data.get("schema", "")), how, mentions, degree, more, accounts,
        str(data.get("latin") or ""), tuple(list_latin_lines(graph, node)),
    )  # fmt: skip


def _list_lines(graph: nx.MultiDiGraph, language: str) -> list[Line]:
    say = Translator(language)
    unnamed = say("linked to")
    lines: dict[tuple[str, str, str, str], Line] = {}
    for source, target, key, data in sorted(
        graph.edges(keys=True, data=True), key=lambda edge: tuple(map(str, edge[:3]))
    ):
        if source != target:
            low, high = sorted((str(source), str(target)))
            named, strength = say.term("relations", str(data.get("relation", unnamed))), get_strength(data)
            line = lines.setdefault((low, high, named, strength), Line(low, high, named, strength))
            _add_link(line, data, forward=str(source) == low)
            line.edges.append((source, target, key))
    ordered = [lines[key] for key in sorted(lines)]
    _bend_lines(ordered)
    return ordered


def _add_link(line: Line, data: Mapping[str, object], *, forward: bool) -> None:
    count = int(str(data.get("count", 1)))
    line.there += count if forward else 0
    line.back += 0 if forward else count
    line.directed = line.directed and is_yes(data.get("directed", True))
    line.service = line.service and bool(data.get("service"))
    times = sorted(
        time for time in (line.first, line.last, str(data.get("first", "")), str(data.get("last", ""))) if time
    )
    line.first, line.last = (times[0], times[-1]) if times else ("", "")


def _bend_lines(lines: list[Line]) -> None:
    """Bend lines of one pair apart."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.source, line.target), []).append(line)
    for group in groups.values():
        for number, line in enumerate(group):
            line.bend = (number - (len(group) - 1) / 2) * SPREAD
