"""The message desk in a case: where messages, their rules, the ledger and the reading of texts meet."""

from workbench.case.desk.desk import Desk
from workbench.case.desk.messages.mentions import known_place, mentions

__all__ = ["Desk", "known_place", "mentions"]
