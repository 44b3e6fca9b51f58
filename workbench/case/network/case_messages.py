"""The messages of a case as one table: who wrote what to whom, when, on which device, in which conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context.case_context import CaseContext
from workbench.case.network import document_quotations
from workbench.ledger.records import row_tables
from workbench.model.table_schemas import MESSAGES

if TYPE_CHECKING:
    import pandas as pd

MAIL = "Email"
KINDS = ("Message", MAIL)


def list_messages(context: CaseContext) -> pd.DataFrame:
    """Messages and mails (MESSAGES) in order of time; those without a time last."""
    table = context.documents[context.documents["schema"].isin(KINDS)]
    found = document_quotations.quote_documents(context, table["document_id"], [""] * len(table))
    texts = _join_passages(context, table["document_id"])
    found["text"] = [texts.get(document, "") for document in found["document_id"]]
    traces = row_tables.list_traces(context.ledger, list(table["document_id"])).groupby("document_id")["conversation"]
    talks = traces.agg(lambda names: ", ".join(sorted({*names} - {""}))).to_dict()
    found["conversation"] = found["document_id"].map(talks).fillna("").astype(object)
    found["undated"] = found["at"] == ""
    return found.sort_values(["undated", "at", "document_id"], ignore_index=True)[list(MESSAGES)]


def _join_passages(context: CaseContext, documents: pd.Series[str]) -> dict[str, str]:
    """The whole text of each document: its passages in order; of a mail without the subject, which is its title."""
    rows = context.passages[context.passages["document_id"].isin(documents)].sort_values(["document_id", "number"])
    mails = context.documents[context.documents["schema"] == MAIL]
    rows = rows.assign(subject=rows["document_id"].map(mails.set_index("document_id")["title"]))
    first = ~rows.duplicated("document_id") & rows.duplicated("document_id", keep=False)
    body = rows[~(first & (rows["text"] == rows["subject"]))]
    joined = body.groupby("document_id", sort=False)["text"].agg("\n\n".join)
    return dict(zip(joined.index.astype(str), joined, strict=True))
