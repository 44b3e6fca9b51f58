"""case.network: the entities of a case as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import consultation_log, marks
from workbench.case.guide.namespace import Namespace
from workbench.case.network import entity_graph
from workbench.case.verbs.error_translation import wrap_verbs

if TYPE_CHECKING:
    import pandas as pd


@wrap_verbs
class Network(Namespace):
    """Positions and paths in the network. `case.graph()` is the network itself."""

    PATH = "network"
    GROUPS = (("Ask", "ranking paths"),)

    def ranking(self, **options: object) -> pd.DataFrame:
        """Rank entities by their position in the data: degree, contacts, betweenness, community (RANKING).

        People whose phones were examined are marked. `.attrs['method']` says whether betweenness is exact. In a large case it is
        estimated: `betweenness_error` has its standard error, and entities whose estimates overlap share a rank.

        `.attrs['warning']` says why custodians look central. It does not measure importance, guilt or role. Of calls in large
        tables the pairs of numbers count that `graph` has; `.attrs['left_out']` says what it lacks.
        """
        from workbench.graph import build_ranking

        scope = entity_graph.Scope(suggested=bool(options.get("suggested", False)), services=True)
        net = entity_graph.load_full_graph(self._book, scope)
        found = marks.add_mark_column(self._book, build_ranking(net, **options))  # type: ignore[arg-type]
        found.attrs["left_out"] = net.graph.get("left_out", "")
        return consultation_log.log_answer(self._book, "ranking", found)

    def paths(self, a: str, b: str, *, k: int = 3) -> pd.DataFrame:
        """List the k shortest paths between two entities, one row per step.

        Of calls in large tables the strongest pairs of numbers are looked at, all contacts of both ends, and the pairs between
        these contacts: longer paths may be missed.
        """
        from workbench.graph import find_paths

        found = marks.add_mark_column(self._book, find_paths(*entity_graph.build_path_graph(self._book, a, b), k))
        return consultation_log.log_answer(self._book, "paths", found, a, b)
