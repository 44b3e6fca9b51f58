"""A chart of i2 Analyst's Notebook in its exchange form (ANX) as a graph, with its places and texts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

import networkx as nx

from workbench_widgets.exchange.anx_writer import STYLES, TYPES
from workbench_widgets.exchange.graphml import GraphmlChart
from workbench_widgets.exchange.xml_text import ENTITIES
from workbench_widgets.link_attributes import CONFIRMED, UNCONFIRMED
from workbench_widgets.model.table import RESERVED
from workbench_widgets.portable.icons import ICONS, translate_schema

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

Said = dict[str, object]
NONE = frozenset({"", "-", "none", "default"})
AS_AT = re.compile(r"As at (\d{4}-\d\d-\d\d\S*?)\.(?:\s|$)")
TIMES = {"from": "first", "until": "last", "graded": "grade"}
"""Attributes under which our own charts keep what the form has no better place for."""
SCHEMATA = {translate_schema(schema).casefold(): schema for schema in reversed(ICONS)} | {
    name.casefold(): schema for schema, name in reversed(TYPES.items()) if schema
}
"""Type of an item -> schema; a type that is not here is a schema of its own."""
DRAWN = {f"dotstyle{style}": strength for strength, style in STYLES.items()}


def read_anx(data: bytes) -> GraphmlChart:
    """The chart that an ANX file holds.

    Returns
    -------
    Opened
        A MultiDiGraph whose nodes have caption, schema, and what else the file says (first, grade, description, cards, attributes), and
        whose links have relation (the type, where there is none the label), strength, directed, first, grade. Said are title, mark,
        as_at, notes, `left_out`: how many links end outside the chart, and `twins`: how many items share their id with one that is
        called differently; they stay apart, and links to this id are left out. An arrow at both ends counts as none.

    Raises
    ------
    ValueError
        If the file is no chart, or declares a document type or entities.
    """
    chart = _Chart(_parse_root(data))
    graph = nx.MultiDiGraph()
    places: dict[str, tuple[float, float]] = {}
    for name, (item, end, entity) in zip(chart.names, chart.entities(), strict=True):
        graph.add_node(name)
        graph.nodes[name].update(chart.node(item, entity))
        if place := _parse_place(end):
            places[name] = place
    for item, link in chart.links():
        ids = [_get_end(link, number) for number in (1, 2)]
        ends = [chart.ends.get(one) for one in ids]
        if None in ends:
            chart.left_out += not chart.ends.keys() >= {*ids}
            continue
        turned = _get_style_attribute(link, "ArrowStyle").startswith("ArrowOnTail")
        source, target = reversed(ends) if turned else ends
        key = graph.add_edge(source, target)
        graph.edges[source, target, key].update(chart.edge(item, link))
    return GraphmlChart(graph, places, chart.parse_properties())


def _parse_root(data: bytes) -> Element:
    """The chart as XML."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as problem:
        raise ValueError(ENTITIES) from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise ValueError(f"This file cannot be read as ANX ({problem}). Export the chart again, as XML.") from problem
    if _get_local_name(root) != "Chart":
        raise ValueError(
            f"This file is not a chart: it begins with <{_get_local_name(root)}>. Give an ANX file that Analyst's Notebook exported."
        )
    return root


class _Chart:
    """Items of a chart, with the words that they refer to by number or id."""

    def __init__(self, root: Element) -> None:
        self.root, self.left_out, self.twins = root, 0, 0
        self.items = [one for one in root.iter() if _get_local_name(one) == "ChartItem"]
        self.words = {one.get("Id", ""): one.get("Name", "") for one in root.iter() if one.get("Id")}
        self.grades = [
            [one.get("Text", "") for one in _find_elements(root, name, "String")] for name in ("GradeOne", "GradeTwo")
        ]
        strengths = _find_elements(root, "StrengthCollection", "Strength")
        self.strengths = {one.get("Name", ""): DRAWN.get(one.get("DotStyle", "").casefold()) for one in strengths}
        self.ends: dict[str, str | None] = {}
        self.names = self._list_names()

    def entities(self) -> Iterator[tuple[Element, Element, Element]]:
        """Item, end and entity of what is a node."""
        for item in self.items:
            for end in _list_children(item, "End"):
                for entity in _list_children(end, "Entity"):
                    if not _list_children(entity, "TextBlock"):
                        yield item, end, entity

    def links(self) -> Iterator[tuple[Element, Element]]:
        """Item and link of what is a link."""
        for item in self.items:
            for link in _list_children(item, "Link"):
                yield item, link

    def _list_names(self) -> list[str]:
        """Ids of the nodes, in the order of the entities: the identity, where no other has the same.

        Entities of one id that are called differently are different nodes. `ends`: id in the file -> node, None where several share it.
        """
        found = [(_get_key(item, entity), entity.get("Identity", ""), item) for item, _, entity in self.entities()]
        often = Counter(identity for _, identity, _ in found)
        called: dict[str, dict[tuple[str, str], str]] = {}
        by_item: dict[str, set[str]] = {}
        names: list[str] = []
        taken: set[str] = set()
        for key, identity, item in found:
            same_id, own = called.setdefault(key, {}), (item.get("Label", ""), identity)
            if own not in same_id:
                alone = identity and often[identity] == 1 and not RESERVED.fullmatch(identity)
                same_id[own] = _choose_name(identity if alone else f"item {key}", taken, len(same_id) + 1)
                taken.add(same_id[own])
            names.append(same_id[own])
            by_item.setdefault(item.get("Id", ""), set()).add(same_id[own])
        by_key = {key: {*same_id.values()} for key, same_id in called.items()}
        self.ends = {key: next(iter(some)) if len(some) == 1 else None for key, some in {**by_item, **by_key}.items()}
        self.twins = sum(len(some) for some in by_key.values() if len(some) > 1)
        return names

    def node(self, item: Element, entity: Element) -> Said:
        """What is said of an entity."""
        kind = next((word for style in entity.iter() if (word := self._get_type(style))), "")
        caption = item.get("Label") or entity.get("Identity") or kind
        return {**self._parse_item(item), "caption": caption, "schema": SCHEMATA.get(kind.casefold(), kind)}

    def edge(self, item: Element, link: Element) -> Said:
        """What is said of a link."""
        kind = next((word for style in link.iter() if (word := self._get_type(style))), "")
        label = item.get("Label", "")
        named = {"label": label} if kind and label not in ("", kind) else {}
        arrow = _get_style_attribute(link, "ArrowStyle")
        return {
            **self._parse_item(item), **named, "relation": kind or label or "linked to", "strength": self._get_strength(link),
            "directed": arrow.startswith(("ArrowOnHead", "ArrowOnTail")),
        }  # fmt: skip

    def _get_type(self, style: Element) -> str:
        by_id = next((style.get(name, "") for name in style.attrib if name.endswith("TypeReference")), "")
        return style.get("Type") or self.words.get(by_id, "")

    def _get_strength(self, link: Element) -> str:
        word = _get_style_attribute(link, "Strength") or self.words.get(
            _get_style_attribute(link, "StrengthReference"), ""
        )
        if word.casefold() in STYLES:
            return word.casefold()
        return self.strengths.get(word) or (UNCONFIRMED if word else CONFIRMED)

    def _parse_item(self, item: Element) -> Said:
        """Date, grades, description, source, cards and attributes of an item."""
        cards = [_format_card(card) for card in item.iter() if _get_local_name(card) == "Card"]
        told: Said = {
            "first": _format_moment(item), "grade": self._grade(item), "description": item.get("Description", ""),
            "source": item.get("SourceReference", ""), "cards": [card for card in cards if card],
        }  # fmt: skip
        for one in item.iter():
            if _get_local_name(one) == "Attribute":
                name = one.get("AttributeClass") or self.words.get(one.get("AttributeClassReference", ""), "")
                told[TIMES.get(name, name)] = one.get("Value", "")
        return {name: value for name, value in told.items() if name and value}

    def _grade(self, item: Element) -> str:
        """Grades of source and information, such as 'B2'."""
        found = []
        for name, words in zip(("GradeOneIndex", "GradeTwoIndex"), self.grades, strict=True):
            at = item.get(name, "")
            found.append(words[int(at)] if at.isascii() and at.isdecimal() and int(at) < len(words) else "")
        return "" if NONE & set(map(str.casefold, found)) else "".join(found)

    def parse_properties(self) -> dict[str, object]:
        """Title, mark, date and texts of the chart. Only our own charts say which of their words is a mark."""
        fields = {
            one.get("Type", ""): one.get("Field", "") for one in self.root.iter() if _get_local_name(one) == "Field"
        }
        legend = {one.get("Label") for one in self.root.iter() if _get_local_name(one) == "LegendItem"}
        mark, dated = fields.get("SummaryFieldCategory", ""), AS_AT.search(fields.get("SummaryFieldComments", ""))
        return {
            "title": fields.get("SummaryFieldTitle", ""), "mark": mark if mark in legend else "", "as_at": dated[1] if dated else "",
            "notes": [*self._list_notes()], "left_out": self.left_out, "twins": self.twins,
        }  # fmt: skip

    def _list_notes(self) -> Iterator[Said]:
        for item in self.items:
            for end in _list_children(item, "End"):
                if any(_list_children(entity, "TextBlock") for entity in _list_children(end, "Entity")):
                    x, y = _parse_place(end) or (0.0, 0.0)
                    yield {"text": item.get("Label", ""), "x": x, "y": y}


def _choose_name(wanted: str, taken: Container[str], number: int) -> str:
    """A name that nothing else has: the wanted one, or with a number."""
    name = wanted
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _get_key(item: Element, entity: Element) -> str:
    """By what links mean an entity."""
    return str(entity.get("EntityId") or item.get("Id", ""))


def _get_end(link: Element, number: int) -> str:
    return str(link.get(f"End{number}Id") or link.get(f"End{number}Reference", ""))


def _get_local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _list_children(element: Element, name: str) -> list[Element]:
    return [one for one in element if _get_local_name(one) == name]


def _find_elements(root: Element, outer: str, inner: str) -> list[Element]:
    return [
        one
        for around in root.iter()
        if _get_local_name(around) == outer
        for one in around.iter()
        if _get_local_name(one) == inner
    ]


def _get_style_attribute(link: Element, name: str) -> str:
    """An attribute of the style of a link."""
    return next((value for style in link.iter() if (value := style.get(name))), "")


def _parse_place(end: Element) -> tuple[float, float] | None:
    try:
        x, y = float(end.get("X", "")), float(end.get("Y", ""))
    except ValueError:
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _format_moment(item: Element) -> str:
    """Date of an item, with its time where one was set."""
    day, _, clock = item.get("DateTime", "").partition("T")
    if item.get("DateSet", "").casefold() not in ("true", "1"):
        return ""
    timed = item.get("TimeSet", "").casefold() in ("true", "1")
    return f"{day}T{clock.removesuffix('.000')}" if timed and clock else day


def _format_card(card: Element) -> str:
    """A card in one line."""
    parts = (
        _format_moment(card),
        card.get("Summary", ""),
        card.get("Text") or " ".join(card.itertext()),
        card.get("SourceReference", ""),
    )
    return "; ".join(" ".join(part.split()) for part in parts if part.strip())
