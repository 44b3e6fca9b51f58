"""The message desk in a case: where messages, their rules, the ledger and the reading of texts meet."""

from workbench.case.desk.mentions import known_place, mentions

__all__ = ["known_place", "mentions"]
