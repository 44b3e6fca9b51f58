"""The messages of a case as one table: who wrote what to whom, when, on which device, in which conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context.tables import Book
from workbench.case.network import entity_graph
from workbench.ledger.records import row_tables
from workbench.model.table_schemas import MESSAGES

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("Message", "Email")


def list_messages(book: Book) -> pd.DataFrame:
    """Messages and mails (MESSAGES) in order of time; those without a time last."""
    table = book.documents[book.documents["schema"].isin(KINDS)]
    found = entity_graph.quote(book, table["document_id"], [""] * len(table))
    traces = row_tables.traces(book.ledger, list(table["document_id"])).groupby("document_id")["conversation"]
    talks = traces.agg(lambda names: ", ".join(sorted({*names} - {""}))).to_dict()
    found["conversation"] = found["document_id"].map(talks).fillna("").astype(object)
    found["undated"] = found["at"] == ""
    return found.sort_values(["undated", "at", "document_id"], ignore_index=True)[list(MESSAGES)]
