"""A chart as others can draw it: a graph in which closed groups are one node, and the places of its nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import networkx as nx

from workbench_widgets.model.actions.commands import format_group_name
from workbench_widgets.portable.annotations import Annotations, Ring, Text
from workbench_widgets.portable.drawing import Colours

if TYPE_CHECKING:
    from workbench_widgets.model import Session

Folded = tuple[nx.MultiDiGraph, dict[str, tuple[float, float]]]


def fold_groups(session: Session) -> Folded:
    """What is seen on a chart, closed groups as one node of the schema 'Group' at the middle of their members.

    Returns
    -------
    (MultiDiGraph, dict)
        The graph, and node -> (x, y) in pixels. Links inside a closed group are left out; those from its members come from it.
    """
    graph, places = session.graph(seen=True), session.places()
    into: dict[str, str] = {}
    made = nx.MultiDiGraph()
    at: dict[str, tuple[float, float]] = {}
    for group in session.state.groups:
        members = [name for name in cast("list[str]", group["members"]) if name in graph]
        if group["open"] or not members:
            continue
        name = str(group["id"])
        into |= dict.fromkeys(members, name)
        made.add_node(name, caption=_group_name(group, session), schema="Group", layer="received")
        at[name] = _compute_middle(places, members)
    for name, data in graph.nodes(data=True):
        if name not in into:
            made.add_node(name, **data)
            at[name] = places[name]
    for source, target, key, data in graph.edges(keys=True, data=True):
        ends = into.get(source, source), into.get(target, target)
        if ends[0] != ends[1]:
            made.add_edge(*ends, key=key, **data)
    return made, at


def collect_additions(session: Session) -> Annotations:
    """Texts on the chart, groups that are open, and the colours of its style."""
    texts = tuple(
        Text(str(note["text"]), float(str(note["x"])), float(str(note["y"])))
        for note in session.state.notes
        if str(note["text"]).strip()
    )
    rings = (
        Ring(_group_name(group, session), tuple(cast("list[str]", group["members"])))
        for group in session.state.groups
        if group["open"]
    )
    return Annotations(texts, tuple(rings), _build_colours(session))


def _group_name(group: Mapping[str, object], session: Session) -> str:
    """What a group is called: as someone named it, otherwise by how many are in it."""
    label, members = str(group["label"]), cast("list[str]", group["members"])
    return (
        session.say.count("{n} entity", "{n} entities", len(members)) if label == format_group_name(members) else label
    )


def _build_colours(session: Session) -> Colours | None:
    style = session.table.styles.get(session.state.style)
    if style is None:
        return None
    shown = [style.class_label(name, session.language) for name in style.classes]
    of = {name: shown[at] for name, at in zip(session.table.ids, style.of, strict=True)}
    return Colours(style.name, dict(zip(shown, style.colours, strict=True)), of)


def _compute_middle(places: Mapping[str, tuple[float, float]], members: list[str]) -> tuple[float, float]:
    return (
        sum(places[name][0] for name in members) / len(members),
        sum(places[name][1] for name in members) / len(members),
    )
