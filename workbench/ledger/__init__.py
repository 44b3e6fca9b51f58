"""The case folder and its ledger: the only SQL, the door to rows, the audit log. Floor 2: imports model and errors."""

from workbench.ledger.exclusions.exclusion_rules import Rule
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.case_folder import Folder, Settings, is_case
from workbench.ledger.storage.runs import Arrival, Run, now
from workbench.model.machine.atomic_write import write_atomic

__all__ = ["Arrival", "Folder", "Ledger", "Object", "Rule", "Run", "Settings", "is_case", "now", "write_atomic"]
