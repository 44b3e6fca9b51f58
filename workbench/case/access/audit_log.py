"""Who sees what of the audit log: officers their own entries, an auditor all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.access import clearances
from workbench.case.context.case_context import CaseContext
from workbench.ledger import Object
from workbench.ledger.records import consultations

if TYPE_CHECKING:
    import pandas as pd

AUDITOR = "auditor"
USE = (
    "Logs are used to verify the lawfulness of processing, for self-monitoring, for ensuring the integrity and security of "
    "the data, and for criminal proceedings; for nothing else (Directive (EU) 2016/680, article 25(2))."
)


def list_audit_entries(context: CaseContext) -> pd.DataFrame:
    """The officer's own entries, or all for an auditor, whose reading is logged. Of what is secret to the officer no own entry tells."""
    ledger = context.ledger
    whole = consultations.count_entries(ledger)
    if is_auditor(context):
        ledger.record("consultation", Object("log", count=whole))
        shown = consultations.list_entries(ledger)
    else:
        gate = ledger.current_filter
        secret = gate.list_secret_ids(ledger) if gate else frozenset[str]()
        shown = consultations.list_entries(ledger, consultations.list_own_officer_ids(ledger), secret)
    shown.attrs["others"] = 0 if is_auditor(context) else whole - len(shown)
    shown.attrs["use"] = USE
    return shown


def list_known_entries(context: CaseContext) -> frozenset[int] | None:
    """Numbers of the entries of which the officer may know what they say; None for an auditor, who may know it of all."""
    if is_auditor(context):
        return None
    ledger = context.ledger
    return consultations.list_numbers(ledger, consultations.list_own_officer_ids(ledger), ledger.list_secret_ids())


def is_auditor(context: CaseContext) -> bool:
    """Whether the officer at work reads as auditor: named in case.toml, granted, or by a card that a trusted bureau signed."""
    card = clearances.find_vouched_card(context)
    named = context.ledger.officer in context.settings.auditors
    return (
        named
        or AUDITOR in clearances.list_granted(context).get("role", ())
        or (card is not None and card.role == AUDITOR)
    )
