"""The notes of a case, and those of them that go into products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.catalogue import Translator


def list_sourced_notes(context: CaseContext) -> pd.DataFrame:
    """The notes that a product may have: of none of them a source was withdrawn. Columns as `row_tables.list_notes`."""
    rows = row_tables.list_notes(context.ledger)
    return rows[~rows["source_withdrawn"]].reset_index(drop=True)


def list_unsourced_notes(context: CaseContext) -> frozenset[str]:
    """Ids of the notes of which a source was withdrawn: they are in no product."""
    rows = row_tables.list_notes(context.ledger)
    return frozenset(rows.loc[rows["source_withdrawn"], "note_id"])


def describe_unsourced_notes(say: Translator, count: int) -> str:
    """A sentence on notes that a product does not have for that reason."""
    return say("Notes left out because a source was withdrawn: {count}.", count=say.figure(count))


def find_note(context: CaseContext, key: str) -> bool:
    """Whether an id is that of a note."""
    return bool((row_tables.list_notes(context.ledger)["note_id"] == key).any())
