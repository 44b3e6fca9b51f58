"""The message desk in a case: where messages, their rules, the ledger and the reading of texts meet."""

from workbench.case.desk.desk import Desk
from workbench.case.desk.messages.mentions import find_mentions, is_known_place

__all__ = ["Desk", "find_mentions", "is_known_place"]
