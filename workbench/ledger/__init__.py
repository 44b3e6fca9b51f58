"""The case folder and its ledger: the only SQL, the door to rows, the audit log. Floor 2: imports model and errors."""

from workbench.ledger.aside import Rule
from workbench.ledger.audit import Object
from workbench.ledger.folder import Folder, Settings, is_case
from workbench.ledger.store import Ledger
from workbench.ledger.work import Arrival, Run, now
from workbench.model.files import write_atomic

__all__ = ["Arrival", "Folder", "Ledger", "Object", "Rule", "Run", "Settings", "is_case", "now", "write_atomic"]
