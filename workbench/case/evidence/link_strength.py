"""How surely each link of a chart is drawn: solid confirmed, dashed unconfirmed, dotted tentative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.evidence import provenance

if TYPE_CHECKING:
    import networkx as nx

    from workbench.case.context.case_context import CaseContext

TOGETHER = frozenset({"named with", "names"})
"""Relations that say no more than that words stand together."""
SURE = 0.5
"""Confidence from which a suggestion is unconfirmed and not merely tentative."""


def add_strengths(context: CaseContext, net: nx.Graph) -> nx.Graph:
    """A copy of a graph with marks reckoned anew, and on each link its `strength`.

    'confirmed': a source states it, or an officer decided it. 'unconfirmed': a machine read it out of a text. 'tentative': the two
    stand in one text, no more; or the machine itself is not sure (confidence under 0.5). A link that is none of the case's keeps
    what it has.
    """
    made = provenance.restamp_graph(context, net)
    confident = context.cache_by_material("confidence", lambda: _list_confidences(context))
    for *_, data in made.edges(data=True):
        if "layer" in data and "statement_ids" in data:
            data["strength"] = compute_strength(
                str(data["layer"]),
                str(data.get("relation", "")),
                [confident.get(one, 0.0) for one in data["statement_ids"]],
            )
    return made


def compute_strength(layer: str, relation: str, confidence: list[float]) -> str:
    """Strength of a link by its layer, its relation and how confident the method was of each claim behind it.

    >>> compute_strength("received", "called", []), compute_strength("suggested", "uses", [0.8])
    ('confirmed', 'unconfirmed')
    >>> compute_strength("suggested", "named with", [0.9])
    'tentative'
    """
    if layer != "suggested":
        return "confirmed"
    return "tentative" if relation in TOGETHER or max(confidence, default=0.0) < SURE else "unconfirmed"


def compute_event_strengths(
    context: CaseContext, frame_layers: list[str], relations: list[str], statements: list[tuple[str, ...]]
) -> list[str]:
    """Strength of each of some events, by layer, relation and statements."""
    confident = context.cache_by_material("confidence", lambda: _list_confidences(context))
    return [
        compute_strength(layer, relation, [confident.get(one, 0.0) for one in ids])
        for layer, relation, ids in zip(frame_layers, relations, statements, strict=True)
    ]


def _list_confidences(context: CaseContext) -> dict[str, float]:
    """Statement id -> the highest confidence with which it is claimed."""
    found = context.evidence.groupby("statement_id")["confidence"].max()
    return {str(key): float(value) for key, value in found.items()}
