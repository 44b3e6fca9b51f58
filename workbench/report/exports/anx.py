"""A graph as a chart of i2 Analyst's Notebook in its exchange form (ANX): XML in UTF-16, read again by the workbench.

Own writing, after what the program's schema and its exports show; anxwritter 1.25 does more and would bring three packages with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import chain
from math import ceil, isfinite, sqrt
from typing import TYPE_CHECKING

from workbench.model.cells import spell
from workbench.model.schema import label as label_of
from workbench.report.exports.cells import plain_value

if TYPE_CHECKING:
    import networkx as nx

    from workbench.report.exports.about import About

NOTE = "On the chart what an officer or a source states is solid; what a program suggests is dashed."
CONFIRMED, SUGGESTED = "Confirmed", "Suggested"
STRENGTHS = {CONFIRMED: "DotStyleSolid", SUGGESTED: "DotStyleDashed"}
TYPES = {
    "Address": "Location", "BankAccount": "Account", "Company": "Business", "CryptoWallet": "Wallet", "LegalEntity": "Legal Entity",
    "Organization": "Organization", "PublicBody": "Public Body", "Sim": "SIM Card", "TelephoneNumber": "Telephone",
    "UserAccount": "User Account",
}  # fmt: skip
"""Names that charts give to a schema; the others have its own label."""
UNIQUE = frozenset({"BankAccount", "CryptoWallet", "Sim", "TelephoneNumber", "UserAccount", "Vehicle"})
"""Schemata whose caption is what identifies the thing, on other charts too."""
ENTITY_FACTS = ("mark", "layer", "custodian", "service", "mentions")
LINK_FACTS = ("mark", "layer", "count", "first", "last", "kinds")
CLASSES = {name: f"C{number}" for number, name in enumerate(dict.fromkeys((*ENTITY_FACTS, *LINK_FACTS)), 1)}
"""Classes of attributes, with the ids under which the items refer to them."""
STEP, SPACE = 160, 20
"""Between the icons of a chart that gives no positions, and between links that run side by side."""

Attributes = Iterable[tuple[str, object]]


def anx(graph: nx.Graph, about: About) -> bytes:
    """The chart: an icon per node, a link per edge; confirmed links are solid, suggested ones dashed.

    Parameters
    ----------
    graph : Graph
        Nodes with `caption`, `schema` and, where the chart is to keep its picture, `x` and `y` in pixels; edges with
        `relation`, `layer` and `directed`. What else `workbench.graph.build` gives is an attribute of its item.
    about : About
        Title and marking stand in the summary of the chart, the marking in its legend as well.

    Notes
    -----
    The identity of an item is the id of its entity, so that two persons of one name stay two when charts are joined; that of a
    number, account or vehicle is itself.

    References
    ----------
    i2 Analyst's Notebook Exchange XML, version 9.
    """
    ids = {node: str(number) for number, node in enumerate(graph, 1)}
    relations = sorted({_relation(data) for *_, data in graph.edges(data=True)})
    types = {name: f"T{number}" for number, name in enumerate(relations, 1)}
    parts = chain(
        ['<?xml version="1.0" encoding="utf-16"?>\n<Chart><ApplicationVersion Major="9" Minor="0" Point="0" Build="0"/>'],
        _classes(types), _summary(about), ["<ChartItemCollection>"], _entities(graph, ids), _links(graph, ids, types),
        ["</ChartItemCollection>"], _legend(about), ["</Chart>\n"],
    )  # fmt: skip
    return "\n".join(parts).encode("utf-16")


def _classes(types: Mapping[str, str]) -> Iterator[str]:
    """Strengths, classes of attributes and types of links to which the items refer."""
    strengths = (
        _empty("Strength", Id=f"S{number}", Name=name, DotStyle=style)
        for number, (name, style) in enumerate(STRENGTHS.items(), 1)
    )
    classes = (
        _empty(
            "AttributeClass", Id=key, Name=name, Type="AttText", IsUser="true", UserCanAdd="true", UserCanRemove="true"
        )
        for name, key in CLASSES.items()
    )
    links = (_empty("LinkType", Id=key, Name=name) for name, key in types.items())
    yield f"<StrengthCollection>{''.join(strengths)}</StrengthCollection>"
    yield f"<AttributeClassCollection>{''.join(classes)}</AttributeClassCollection>"
    yield f"<LinkTypeCollection>{''.join(links)}</LinkTypeCollection>"


def _summary(about: About) -> Iterator[str]:
    said = {
        "SummaryFieldTitle": about.title, "SummaryFieldSubject": about.reference, "SummaryFieldCategory": about.mark,
        "SummaryFieldComments": NOTE,
    }  # fmt: skip
    fields = "".join(_empty("Field", Type=kind, Field=text) for kind, text in said.items() if text)
    yield f"<Summary><FieldCollection>{fields}</FieldCollection></Summary>"


def _legend(about: About) -> Iterator[str]:
    yield '<LegendDefinition Shown="true" Arrange="LegendArrangementWide">'
    if about.mark:
        yield f"<LegendItem{_attributes({'Type': 'LegendItemTypeText', 'Label': about.mark})}><Font/></LegendItem>"
    for name, style in STRENGTHS.items():
        yield _empty("LegendItem", Type="LegendItemTypeLine", Label=name, DashStyle=style)
    yield "</LegendDefinition>"


def _entities(graph: nx.Graph, ids: Mapping[object, str]) -> Iterator[str]:
    captions = Counter(str(data.get("caption", node)) for node, data in graph.nodes(data=True))
    across = ceil(sqrt(len(graph)))
    for number, (node, data) in enumerate(graph.nodes(data=True)):
        caption, schema = str(data.get("caption", node)), str(data.get("schema", ""))
        own = schema in UNIQUE and captions[caption] == 1
        x = _place(data.get("x"), number % across * STEP)
        y = _place(data.get("y"), number // across * STEP)
        icon = f"<Icon>{_empty('IconStyle', Type=TYPES.get(schema, label_of(schema)) or 'Thing')}</Icon>"
        entity = _attributes({
            "EntityId": ids[node], "Identity": caption if own else str(node), "LabelIsIdentity": "true" if own else "false",
        })  # fmt: skip
        end = f'<End X="{x}" Y="{y}" Z="0"><Entity{entity}>{icon}</Entity></End>'
        yield _item(caption, end, ((name, data.get(name)) for name in ENTITY_FACTS))


def _links(graph: nx.Graph, ids: Mapping[object, str], types: Mapping[str, str]) -> Iterator[str]:
    """Links; those of one pair run the same way, with the arrow at one end or the other, and lie side by side."""
    pairs = Counter(frozenset(ends) for ends in graph.edges())
    drawn: Counter[frozenset[object]] = Counter()
    for source, target, data in graph.edges(data=True):
        pair, relation = frozenset((source, target)), _relation(data)
        aside = (2 * drawn[pair] - pairs[pair] + 1) * SPACE // 2
        drawn[pair] += 1
        turned = int(ids[source]) > int(ids[target])
        arrow = (
            ("ArrowOnTail" if turned else "ArrowOnHead") if data.get("directed", graph.is_directed()) else "ArrowNone"
        )
        strength = SUGGESTED if data.get("layer") == "suggested" else CONFIRMED
        one, two = (target, source) if turned else (source, target)
        ends = {"End1Id": ids[one], "End2Id": ids[two], **({"Offset": str(aside)} if aside else {})}
        style = _empty(
            "LinkStyle", Strength=strength, ArrowStyle=arrow, Type=relation, LinkTypeReference=types[relation]
        )
        facts = ((name, data.get(name)) for name in LINK_FACTS)
        yield _item(relation, f"<Link{_attributes(ends)}>{style}</Link>", facts)


def _item(label: str, inside: str, facts: Attributes) -> str:
    """An item of the chart with its attributes; those that say nothing are left out."""
    said = "".join(
        _empty("Attribute", AttributeClass=name, AttributeClassReference=CLASSES[name], Value=text)
        for name, value in facts
        if (text := _text(value))
    )
    held = f"<AttributeCollection>{said}</AttributeCollection>" if said else ""
    return f"<ChartItem{_attributes({'Label': label})}>{inside}{held}</ChartItem>"


def _place(value: object, otherwise: int) -> int:
    return round(value) if isinstance(value, int | float) and isfinite(value) else otherwise


def _relation(data: Mapping[str, object]) -> str:
    return str(data.get("relation") or "linked to")


def _text(value: object) -> str:
    """Text of an attribute; a list is joined, what is not so says nothing."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    made = plain_value(value)
    return "" if made is None or made is False else "yes" if made is True else str(made)


def _empty(element: str, **attributes: str) -> str:
    return f"<{element}{_attributes(attributes)}/>"


def _attributes(attributes: Mapping[str, str]) -> str:
    """Attributes as XML writes them; line ends and tabs stay what they are."""
    return "".join(f' {name}="{_value(value)}"' for name, value in attributes.items())


def _value(text: str) -> str:
    return escape(spell(text)).replace("\n", "&#10;").replace("\t", "&#9;")
