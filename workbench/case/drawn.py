"""The verbs of a case that draw: the link chart and the views that are linked to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from workbench.case.access import consultation_log
from workbench.case.network import entity_graph
from workbench.case.said import Said
from workbench.case.verbs.error_translation import verbs

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.views.linked import CaseChart, CaseWorkspace, View


@verbs
class Drawn(Said):
    """Verbs of `Case`."""

    @property
    def language(self) -> str:
        """Language of pages, controls and reports: 'en', 'fr', 'es' or 'ar'. `open_case(…, language='fr')` sets it."""
        return self.book.settings.language

    @overload
    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: Literal["chart"] = "chart",
    ) -> CaseChart: ...  # fmt: skip

    @overload
    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: str,
    ) -> View: ...  # fmt: skip

    def chart(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = "", kind: str = "chart",
    ) -> View:  # fmt: skip
        """The link chart of a graph, or another view of it. It is worked on in the notebook; `.save(path)` writes one offline file.

        Solid lines are confirmed (a source states it, or an officer decided it), dashed ones unconfirmed (a machine read it in a
        text), dotted ones tentative (the two stand in one text, no more, or the machine was not sure).

        Parameters
        ----------
        net : MultiDiGraph, CaseChart or str, optional
            As `case.graph` gives it; a chart, to open another view of it that shows the same selection, time and filters; the name of
            a chart that is kept (`charts`), to open it again. Without it the best connected persons and what lies around them.
        name : str
            Under which positions are kept in the case: the chart looks the same when it is opened again, and what has come
            since finds a place beside it. Nothing moves unless you move it.
        title : str
            Stands on the chart and on what is made of it.
        kind : {'chart', 'timeline', 'map', 'table', 'matrix', 'evidence'}
            The view.

        Returns
        -------
        CaseChart or View
            `.selected` lists the ids that are chosen, `.model` has every command as a method. What is asked on it (expand, search,
            passages) and said on it (add, link, merge, split, rename, correct, accept, reject) is logged like any verb.
        """
        from workbench.views.linked import view

        return view(kind, self._chart(net, name, title))

    def workspace(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = ""
    ) -> CaseWorkspace:
        """Chart, matrix, evidence, entities, timeline and map in one layout; what is chosen in one is chosen in all.

        Parameters are those of `chart`. The chart itself is `.chart`; `.save('workspace.html')` writes all of it as one page that
        needs no kernel and no network.
        """
        from workbench.views.linked import CaseWorkspace

        return CaseWorkspace(self._chart(net, name, title))

    def charts(self) -> pd.DataFrame:
        """Charts that are kept in the case, the latest first: name, officer, at (UTC), entities (how many), mark.

        `case.chart(name)` opens one again.
        """
        from workbench.case.charts import chart_builder

        return consultation_log.told(self.book, "charts", chart_builder.kept(self.book))

    def _chart(self, net: nx.MultiDiGraph | CaseChart | str | None, name: str, title: str) -> CaseChart:
        """The chart that is given, or a new one of a graph; logged."""
        from workbench.case.charts import chart_builder
        from workbench.views.linked import CaseChart

        if isinstance(net, CaseChart):
            return net
        if isinstance(net, str):
            net, name, title = chart_builder.again(self.book, net), name or net, title or net
        drawn = entity_graph.overview(self.book, 50, entity_graph.Scope(suggested=False)) if net is None else net
        return consultation_log.told(
            self.book, "chart", chart_builder.chart(self.book, drawn, name, title), name, title
        )
