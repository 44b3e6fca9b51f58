"""A chart as GraphML, by networkx's own writer, and back: every id, attribute, place, group and text comes back as it was.

Texts, numbers and truths are attributes as other programs read them. What GraphML has no type for (lists, mappings, nothing, an empty
text) is JSON in an attribute whose name ends in `__json`.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from workbench_widgets.exchange.xml_text import ENTITIES, escape_text, unescape_text

if TYPE_CHECKING:
    from workbench_widgets.portable.annotations import Places

JSON = "__json"
KEY, ODD = "key", "json:"
LARGEST = 2**63
OWN = ("node_default", "edge_default", "id")
"""Attributes of a graph of which networkx makes something else."""


class GraphmlChart(NamedTuple):
    """What a GraphML file held: the graph, node -> (x, y), and what was said of the chart."""

    graph: nx.MultiDiGraph | nx.MultiGraph
    places: dict[str, tuple[float, float]]
    said: dict[str, object]


def to_graphml(graph: nx.Graph, places: Places | None = None, said: Mapping[str, object] | None = None) -> bytes:
    """The graph as GraphML in UTF-8.

    Parameters
    ----------
    graph : Graph
        Attributes that JSON knows come back as they are, those of other kinds as their text.
    places : mapping, optional
        Node -> (x, y) in pixels: attributes `x` and `y`, in place of those that the node has.
    said : mapping, optional
        Attributes of the graph: title, mark, as_at, and what else is to come back.

    Raises
    ------
    ValueError
        If two nodes have the same text as their id.
    """
    names = {node: escape_text(str(node)) for node in graph}
    if len(set(names.values())) < len(names):
        raise ValueError("two nodes have the same text as their id, such as 1 and '1'. Rename one of them.")
    whole = nx.MultiDiGraph() if graph.is_directed() else nx.MultiGraph()
    whole.graph.update(_encode_attributes({**graph.graph, **(said or {})}, OWN))
    for node, data in graph.nodes(data=True):
        whole.add_node(names[node])
        at = _encode_place((places or {}).get(str(node)))
        whole.nodes[names[node]].update(_encode_attributes({**data, **at}))
    keyed = graph.edges(keys=True, data=True) if graph.is_multigraph() else _list_edges(graph)
    for number, (source, target, key, data) in enumerate(keyed):
        name = f"e{number}"
        whole.add_edge(names[source], names[target], key=name)
        own = {} if key is None else {KEY: _encode_key(key)}
        whole[names[source]][names[target]][name].update({**_encode_attributes(data, (KEY,)), **own})
    out = io.BytesIO()
    nx.write_graphml_xml(whole, out)
    return out.getvalue()


def read_graphml(data: bytes) -> GraphmlChart:
    """The chart that a GraphML file holds; files of other programs are read too.

    Raises
    ------
    ValueError
        If the file is no GraphML, or declares a document type or entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        fromstring(data, forbid_dtd=True)
        found = next(nx.readwrite.graphml.GraphMLReader(force_multigraph=True, edge_key_type=str)(string=data), None)
    except DefusedXmlException as problem:
        raise ValueError(ENTITIES) from problem
    except (ParseError, nx.NetworkXError, ValueError, KeyError, TypeError) as problem:
        raise ValueError(f"This file cannot be read as GraphML ({problem}).") from problem
    if found is None:
        raise ValueError(
            "This file does not contain a graph. Give a GraphML file, for example one that `to_graphml` wrote."
        )
    made = nx.MultiDiGraph() if found.is_directed() else nx.MultiGraph()
    places: dict[str, tuple[float, float]] = {}
    for node, said in found.nodes(data=True):
        name, told = unescape_text(node), dict(_decode_attributes(said))
        x, y = told.get("x"), told.get("y")
        if _is_number(x) and _is_number(y):
            places[name] = float(str(x)), float(str(y))
            told = {key: value for key, value in told.items() if key not in ("x", "y")}
        made.add_node(name)
        made.nodes[name].update(told)
    for source, target, number, said in found.edges(keys=True, data=True):
        ends = unescape_text(source), unescape_text(target)
        key = made.add_edge(*ends, key=_decode_key(said.get(KEY, number)))
        made.edges[(*ends, key)].update(
            _decode_attributes({name: value for name, value in said.items() if name != KEY})
        )
    whole = {name: value for name, value in found.graph.items() if name not in OWN}
    made.graph.update(_decode_attributes(whole))
    return GraphmlChart(made, places, dict(made.graph))


def _list_edges(graph: nx.Graph) -> Iterator[tuple[object, object, None, Mapping[str, object]]]:
    return ((source, target, None, data) for source, target, data in graph.edges(data=True))


def _encode_key(key: object) -> str | int:
    """Key of an edge; one that is neither a number nor a text that says something is JSON."""
    plain = _to_python(key)
    if isinstance(plain, int) and not isinstance(plain, bool) and _is_representable(plain):
        return plain
    if isinstance(plain, str) and plain and not plain.startswith(ODD):
        return escape_text(plain)
    return ODD + escape_text(json.dumps(plain, ensure_ascii=False, default=str))


def _decode_key(key: object) -> object:
    """Key of an edge as it was before `_encode_key`."""
    if not isinstance(key, str):
        return key
    text = unescape_text(key)
    try:
        return json.loads(text.removeprefix(ODD)) if text.startswith(ODD) else text
    except ValueError:
        return text


def _encode_place(place: tuple[float, float] | None) -> dict[str, object]:
    return {} if place is None else {"x": float(place[0]), "y": float(place[1])}


def _encode_attributes(data: Mapping[str, object], never: tuple[str, ...] = ()) -> dict[str, str | int | float | bool]:
    """Attributes as GraphML has types for them."""
    made: dict[str, str | int | float | bool] = {}
    for name, value in data.items():
        label = escape_text(str(name))
        plain = _to_python(value)
        if isinstance(plain, str) and plain and label not in never and not label.endswith(JSON):
            made[label] = escape_text(plain)
        elif (
            isinstance(plain, bool | int | float)
            and label not in never
            and not label.endswith(JSON)
            and _is_representable(plain)
        ):
            made[label] = plain
        else:
            made[label + JSON] = escape_text(json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str))
    return made


def _to_python(value: object) -> object:
    """A value as Python has it: numbers of numpy are numbers."""
    whole = getattr(value, "tolist", None)
    made = whole() if callable(whole) else value
    known = made is None or isinstance(made, str | bool | int | float | list | tuple | dict)
    return made if known else sorted(made, key=str) if isinstance(made, set | frozenset) else str(made)


def _is_representable(value: float) -> bool:
    return math.isfinite(value) and (isinstance(value, float) or abs(value) < LARGEST)


def _decode_attributes(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Attributes as they were before `_written`."""
    for name, value in data.items():
        label, text = unescape_text(name), unescape_text(value) if isinstance(value, str) else value
        if not label.endswith(JSON):
            yield label, text
            continue
        try:
            yield label.removesuffix(JSON), json.loads(str(text))
        except ValueError:
            yield label, text


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
