"""The model that charts and their linked views share: a table, a state that commands change, and a log that can be replayed."""

from __future__ import annotations

from workbench_widgets.model.actions.officer_commands import Done, Hand
from workbench_widgets.model.actions.session import ARRANGEMENTS, Session
from workbench_widgets.model.casemodel import CaseModel
from workbench_widgets.model.source import GraphSource, Source
from workbench_widgets.model.state import State, is_same_state

__all__ = ["ARRANGEMENTS", "CaseModel", "Done", "GraphSource", "Hand", "Session", "Source", "State", "is_same_state"]
