"""case.charts: what is drawn of a case and kept in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import consultation_log
from workbench.case.charts import chart_builder, chart_views
from workbench.case.context.protocols import PanelCase
from workbench.case.guide.namespace import Namespace
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from workbench.views.linked_views import CaseChart, CaseWorkspace


@wrap_verbs
class Charts(Namespace):
    """Saved charts, and the case on the screen: workspace and panel. `case.chart()` draws one."""

    PATH = "charts"
    GROUPS = (
        ("See", "list"),
        ("Open", "workspace panel"),
    )

    def __init__(self, case: PanelCase) -> None:
        super().__init__(case)
        self._panel_case = case

    def list(self) -> pd.DataFrame:
        """List the saved charts, the latest first: name, officer, at (UTC), entities (number), mark.

        `case.chart(name)` opens one again.
        """
        return consultation_log.log_answer(self._book, "charts", chart_builder.list_charts(self._book))

    def workspace(
        self, net: nx.MultiDiGraph | CaseChart | str | None = None, *, name: str = "", title: str = ""
    ) -> CaseWorkspace:
        """Show chart, matrix, evidence, entities, timeline and map in one layout.

        What you select in one is selected in all.

        Parameters are those of `case.chart`. The chart itself is `.chart`; `.save('workspace.html')` writes all of it as one page that
        needs no kernel and no network.
        """
        from workbench.views.linked_views import CaseWorkspace

        return CaseWorkspace(chart_views.open_chart(self._book, net, name, title))

    def panel(self) -> object:
        """Show the case as a panel with buttons: overview, search, review, add files."""
        from workbench.case import case_panel

        return consultation_log.log_answer(self._book, "panel", case_panel.build_panel(self._panel_case))
