"""Values that a ledger holds and nobody can reckon with: kept by an earlier release, or come in a package.

They do not pass the door to rows (`frames`), as they would not come in today (`workbench.model.values.bounds`); `beyond` has them, to be
told of. The rows stay in the ledger as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.ledger.access.shown_names import get_documents_view
from workbench.ledger.ledger import Ledger
from workbench.model.rows import Claim, Document, LedgerRow
from workbench.model.table_schemas import MASS
from workbench.model.time_zones import LONGEST as LONGEST_TIME
from workbench.model.time_zones import is_far
from workbench.model.values.columns import FIRST, LAST, LONGEST
from workbench.model.values.limits import DATES, DEGREES, LABEL, LABELS, NUMBERS, cut_text, find_fault

if TYPE_CHECKING:
    import pandas as pd

FAR = " OR ".join([
    *(f"{{0}} GLOB '{shape}'" for shape in ("[+-]*", "000[01]*", "999[89]*", "[0-9][0-9][0-9][0-9][0-9]*")),
    f"length({{0}}) > {LONGEST_TIME}",
])  # fmt: skip
"""SQL: how a time looks that may lie beyond the years."""
SIDES = {"lat": DEGREES["latitude"], "lon": DEGREES["longitude"]}


def limit_times(documents: pd.DataFrame) -> pd.DataFrame:
    """Documents without a time that lies beyond the years."""
    far = [is_far(at) for at in documents["at"].tolist()]
    if not any(far):
        return documents
    documents.loc[far, "at"] = ""
    return documents.sort_values(["at", "document_id"], ignore_index=True)


def limit_values(evidence: pd.DataFrame) -> pd.DataFrame:
    """Evidence without times, numbers and positions beyond the limits, and with names of a length that can be shown."""
    judged = evidence.loc[evidence["prop"].isin(DATES | NUMBERS), ["prop", "value"]]
    faults = [
        bool(find_fault(prop, value))
        for prop, value in zip(judged["prop"].tolist(), judged["value"].tolist(), strict=True)
    ]
    if any(faults):
        evidence = evidence.drop(index=judged.index[faults]).reset_index(drop=True)
    long = (evidence["value"].str.len() > LABEL) & evidence["prop"].isin(LABELS)
    if long.any():
        evidence.loc[long, "value"] = [cut_text(value, LABEL) for value in evidence.loc[long, "value"]]
    return evidence


def list_extremes(ledger: Ledger) -> Iterator[LedgerRow]:
    """Live documents and claims with a value beyond the limits, as they are kept."""
    documents = f"""SELECT DISTINCT d.id, d.schema, d.title, d.at FROM {get_documents_view(ledger)} AS d
        JOIN live_traces AS t ON t.document_id = d.id
        WHERE {FAR.format("d.at")} ORDER BY d.id"""
    for row in ledger.reader_connection.execute(documents).fetchall():
        yield Document(*row)
    claims = f"""SELECT e.entity_id, e.schema, e.prop, e.value, e.document_id, e.kind FROM live_evidence AS e
        WHERE (e.prop IN (SELECT value FROM json_each(?)) AND ({FAR.format("e.value")}))
        OR e.prop IN (SELECT value FROM json_each(?)) OR (length(e.value) > ? AND e.prop IN (SELECT value FROM json_each(?)))
        ORDER BY e.document_id, e.id"""
    given = (json.dumps(sorted(DATES)), json.dumps(sorted(NUMBERS)), LABEL, json.dumps(sorted(LABELS)))
    for entity, schema, prop, value, document, kind in ledger.reader_connection.execute(claims, given):
        yield Claim(entity, schema, prop, value, document_id=document, kind=kind)


def build_limited_column(table: str, name: str) -> str:
    """SQL of a column of mass rows within its limits: NaN or null stands in place of what lies beyond."""
    kind, quoted = MASS[table].get(name, "string"), f'"{name}"'
    within = {
        "timestamp[s]": f"epoch({quoted}) BETWEEN {FIRST} AND {LAST}", "float64": f"abs({quoted}) <= {SIDES.get(name, 1e300)}",
    }.get(kind, f"{quoted} BETWEEN -{LONGEST} AND {LONGEST}" if name == "duration" else "")  # fmt: skip
    missing = "'nan'::DOUBLE" if kind == "float64" else "NULL"
    return f"CASE WHEN {within} THEN {quoted} ELSE {missing} END AS {quoted}" if within else quoted
