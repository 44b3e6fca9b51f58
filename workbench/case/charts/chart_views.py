"""The chart of a graph, or of a name under which one is kept, as the verbs of a case open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import consultation_log
from workbench.case.charts import chart_builder
from workbench.case.context.case_context import CaseContext
from workbench.case.network import entity_graph

if TYPE_CHECKING:
    import networkx as nx

    from workbench.views.linked_views import CaseChart


def open_chart(context: CaseContext, net: nx.MultiDiGraph | CaseChart | str | None, name: str, title: str) -> CaseChart:
    """The chart that is given, or a new one of a graph; without one, of the best connected persons. Logged."""
    from workbench.views.linked_views import CaseChart

    if isinstance(net, CaseChart):
        return net
    if isinstance(net, str):
        net, name, title = chart_builder.load_chart(context, net), name or net, title or net
    drawn = entity_graph.build_overview(context, 50, entity_graph.Scope(suggested=False)) if net is None else net
    return consultation_log.log_answer(
        context, "chart", chart_builder.build_chart(context, drawn, name, title), name, title
    )
