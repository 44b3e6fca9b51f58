"""A graph as GraphML, GEXF and node-link JSON, by networkx's own writers; what these cannot carry is flattened first."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.model.catalogue import Sentence
from workbench.model.text.spreadsheet_escape import escape_unseen
from workbench.report.exports.cells import Value, to_cell_value, to_json

if TYPE_CHECKING:
    import networkx as nx

    from workbench.report.exports.export_header import About

LARGEST = 2**63
"""Whole numbers from here on are texts: both formats take 64 bits for a whole number."""
RESERVED = frozenset(
    {"start", "end", "id", "pid", "parents", "spells", "slices", "viz", "weight", "type", "label", "key"}
)
"""Attributes to which GEXF gives a meaning of its own; those of the graph are written with a trailing underscore."""
MODIFIED = re.compile(r' lastmodifieddate="[^"]*"')

Flat = dict[str, str | int | float | bool]
Edge = tuple[str, str, str, Flat]
"""Source, target, key ('' if none), attributes."""


def to_graphml(graph: nx.Graph, about: About) -> bytes:
    """The graph as GraphML: attributes as they are named, lists and mappings as JSON, the marking as attribute `mark`.

    Parallel edges keep their key as the attribute `key`. What XML cannot hold is spelt ('⟨U+0007⟩').

    Raises
    ------
    CaseError
        If two nodes are written alike (1 and '1').
    """
    import networkx as nx

    whole = _create_graph(graph)
    whole.graph.update({**next(iter(_align_types([graph.graph]))), "mark": escape_unseen(about.mark)})
    whole.add_nodes_from(_list_nodes(graph))
    for number, (source, target, key, data) in enumerate(_list_edges(graph)):
        whole.add_edge(source, target, key=f"e{number}")
        whole[source][target][f"e{number}"].update({**data, "key": key} if key else data)
    out = io.BytesIO()
    nx.write_graphml_xml(whole, out, infer_numeric_types=True)
    return out.getvalue()


def to_gexf(graph: nx.Graph, about: About) -> bytes:
    """The graph as GEXF 1.2 (Gephi): captions are labels, counts are weights; the marking is `mark` of every node.

    GEXF knows no attribute of a graph; the marking stands in its name as well. Raises as `graphml`.
    """
    import networkx as nx

    whole = _create_graph(graph)
    whole.graph["name"] = " – ".join(filter(None, (escape_unseen(about.mark), escape_unseen(about.title))))
    for node, data in _list_nodes(graph):
        whole.add_node(node)
        whole.nodes[node].update(
            {
                **_rename_reserved(data),
                "label": str(data.get("caption", node)),
                "mark": data.get("mark", escape_unseen(about.mark)),
            }
        )
    for number, (source, target, _, data) in enumerate(_list_edges(graph)):
        weight = data.get("count", data.get("weight"))
        own = {"weight": weight} if isinstance(weight, int | float) else {}
        whole.add_edge(source, target, key=number)
        whole[source][target][number].update(
            {**_rename_reserved(data), **own, "id": str(number), "label": str(data.get("relation", ""))}
        )
    made = "\n".join(nx.generate_gexf(whole))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{MODIFIED.sub("", made, count=1)}\n'.encode()


def to_node_link(graph: nx.Graph, about: About) -> bytes:
    """The graph as node-link JSON (read it with `nx.node_link_graph(data, edges="edges")`); the marking in `graph.mark`."""
    import networkx as nx

    data = nx.node_link_data(graph, edges="edges")
    data["graph"] = {**data["graph"], "mark": about.mark}
    return (json.dumps(to_json(data), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _create_graph(graph: nx.Graph) -> nx.MultiGraph:
    import networkx as nx

    return nx.MultiDiGraph() if graph.is_directed() else nx.MultiGraph()


def _list_nodes(graph: nx.Graph) -> Iterator[tuple[str, Flat]]:
    names = [escape_unseen(str(node)) for node in graph]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise CaseError(
            Sentence("Two nodes of the graph have the name '{name}'. Give the nodes different names.", name=twice)
        )
    yield from zip(names, _align_types([data for _, data in graph.nodes(data=True)]), strict=True)


def _list_edges(graph: nx.Graph) -> Iterator[Edge]:
    keys = [key for *_, key in graph.edges(keys=True)] if graph.is_multigraph() else [""] * graph.number_of_edges()
    ends = [
        (escape_unseen(str(source)), escape_unseen(str(target)), data)
        for source, target, data in graph.edges(data=True)
    ]
    flat = _align_types([data for *_, data in ends])
    for (source, target, _), key, data in zip(ends, keys, flat, strict=True):
        yield source, target, escape_unseen(key) if isinstance(key, str) else "", data


def _align_types(rows: list[Mapping[object, object]]) -> Iterator[Flat]:
    """Attributes with plain values, those of one name all of one kind; what is missing is left out."""
    made = [{escape_unseen(str(name)): _normalise_value(value) for name, value in row.items()} for row in rows]
    kinds: dict[str, set[type]] = {}
    for row in made:
        for name, value in row.items():
            if value is not None:
                kinds.setdefault(name, set()).add(type(value))
    mixed = {name for name, found in kinds.items() if len(found) > 1 and found != {int, float}}
    for row in made:
        yield {n: str(value) if n in mixed else value for n, value in row.items() if value is not None}


def _normalise_value(value: object) -> Value:
    """A value that both formats carry: text, number, truth."""
    made = to_cell_value(value)
    if isinstance(made, str):
        return escape_unseen(made)
    if isinstance(made, bool) or made is None:
        return made
    return made if abs(made) < LARGEST else str(made)


def _rename_reserved(data: Flat) -> Flat:
    return {f"{name}_" if name in RESERVED else name: value for name, value in data.items()}
