"""The message desk in a case: where messages, their rules, the ledger and the reading of texts meet."""

from workbench.case.desk.common.mentions import known_place, mentions
from workbench.case.desk.desk import Desk

__all__ = ["Desk", "known_place", "mentions"]
