"""What is seen on a chart with every attribute that its source has, for other programs; and a chart from what they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import networkx as nx

if TYPE_CHECKING:
    from workbench_widgets.exchange import GraphmlChart
    from workbench_widgets.model import CaseModel, Session


def build_graph(session: Session) -> nx.MultiDiGraph:
    """What is seen as a graph: the attributes of the chart, beside them those that the source has; keys as in the source."""
    seen, table = session.graph(seen=True), session.table
    told = session.source.build_subgraph(list(seen), ())
    nodes = {str(node): data for node, data in told.nodes(data=True)}
    keyed = told.is_multigraph()
    made = nx.MultiDiGraph()
    for name, data in seen.nodes(data=True):
        made.add_node(name)
        made.nodes[name].update({**nodes.get(name, {}), **data})
    for source, target, name, data in seen.edges(keys=True, data=True):
        start, end, key = table.keys[int(str(name)[5:])]
        edge = (start, end, key) if keyed else (start, end)
        known = told.edges[edge] if told.has_edge(*edge) else {}
        new = made.add_edge(source, target, key=key if keyed and not made.has_edge(source, target, key) else name)
        times = {when: known[when] for when in ("first", "last") if known.get(when)}  # a day stays a day
        made.edges[source, target, new].update({**known, **data, **times})
    return made


def build_chart_properties(model: CaseModel) -> dict[str, object]:
    """What is said of a chart beside its graph: heading, marking, date, texts, groups, what is pinned."""
    state = model.session.state
    ids = model.session.table.ids
    pinned = [ids[row] for row, on in enumerate(state.pinned) if on]
    return {
        "title": model.title, "mark": model.mark, "as_at": model.as_at, "groups": list(state.groups), "notes": list(state.notes),
        "pinned": pinned,
    }  # fmt: skip


def restore_annotations(model: CaseModel, given: GraphmlChart) -> None:
    """Put groups, texts and pins of a chart that was opened on a new one; what is no such thing is passed over."""
    for group in _select_mappings(given.said.get("groups")):
        members = group.get("members")
        if isinstance(members, list):
            model.do("group", ids=list(map(str, members)), label=str(group.get("label") or ""))
            if group.get("open") and model.session.state.groups:
                model.open_group(str(model.session.state.groups[-1]["id"]))
    for note in _select_mappings(given.said.get("notes")):
        x, y = note.get("x"), note.get("y")
        if isinstance(x, int | float) and isinstance(y, int | float):
            model.do("note", text=str(note.get("text") or ""), x=x, y=y)
    pinned = given.said.get("pinned")
    if isinstance(pinned, list) and pinned:
        model.do("pin", ids=list(map(str, pinned)))
    model.select()


def _select_mappings(value: object) -> Sequence[Mapping[str, object]]:
    return (
        [cast("Mapping[str, object]", one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    )
