"""The case folder and its ledger: the only SQL, the door to rows, the audit log. Floor 2: imports model and errors."""

from workbench.ledger.aside import Rule
from workbench.ledger.folder import Folder, Settings, write_atomic
from workbench.ledger.store import Arrival, Ledger, Run, now

__all__ = ["Arrival", "Folder", "Ledger", "Rule", "Run", "Settings", "now", "write_atomic"]
