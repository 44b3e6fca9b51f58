"""A timeline: a lane for each entity, events in it, and the time that all views show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets as t

from workbench_widgets.linked_views import LinkedView, check_frame
from workbench_widgets.model import CaseModel
from workbench_widgets.timeline.event_columns import build_columns
from workbench_widgets.timeline.timeline_picture import draw_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    import pandas as pd

__all__ = ["Timeline", "build_columns"]


class Timeline(LinkedView, bundle="timeline"):
    """When things happened, in a lane for each entity that is chosen, or for those with most events.

    A brush over the bottom, or Shift and drag, chooses the time that every view of the model shows. Where a lane is dense, counts
    are drawn. A date without a time takes its whole day, a month its month: it may have been at any time of it.

    Parameters
    ----------
    what : Graph or CaseModel
    events : DataFrame, optional
        As `timeline.columns` has them. Without it the dated links of the chart are the events.
    zone : str
        IANA time zone of the axis; the reader can choose UTC, the browser's own and `zones`.
    zones : sequence of str
        Further zones to choose from.
    """

    events = t.Dict().tag(sync=True)
    zones = t.List(t.Unicode()).tag(sync=True)

    def __init__(
        self,
        what: nx.Graph | CaseModel,
        events: pd.DataFrame | None = None,
        *,
        zone: str = "UTC",
        zones: Sequence[str] = (),
        language: str | None = None,
    ) -> None:
        packed = build_columns(check_frame(events, "events")) if events is not None and len(events) else {}
        super().__init__(what, zone=zone, language=language, zones=list(zones), events=packed)

    def take(self, events: pd.DataFrame) -> None:
        """Show other events."""
        self.events = build_columns(events) if len(check_frame(events, "events")) else {}

    def to_svg(self) -> str:
        """The timeline as a picture: the busiest lanes, times in UTC; '' where nothing is dated."""
        return draw_timeline(self.model, self.events)
