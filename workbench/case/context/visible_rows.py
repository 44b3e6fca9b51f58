"""Claims of large tables of calls where some of their rows are set aside: only what the rows that are left still show.

A small table claims row by row, and what is set aside takes its claims along. A large one claims each number, handset and card
once for all its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.case.context import call_engine
from workbench.ingest.calls.call_entities import BASIS
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.records import row_tables
from workbench.model import identifiers
from workbench.model.ids import build_entity_id

if TYPE_CHECKING:
    import pandas as pd

    from workbench.case.context.base_context import BaseContext
    from workbench.ledger.duckdb import Analytics

COUNTED = frozenset({"summary", "startDate", "endDate"})
"""Properties of an attribution that say how many records there are and when; of a part of them they are not known."""
NUMBERS = "SELECT DISTINCT document_id, unnest([target, a, b]) AS value FROM calls"
USED = """
    SELECT document_id, target, imei, '' AS imsi, count(*) AS records FROM calls WHERE imei <> '' GROUP BY 1, 2, 3
    UNION ALL SELECT document_id, target, '', imsi, count(*) FROM calls WHERE imsi <> '' GROUP BY 1, 2, 4"""
Key = tuple[str, str]
"""Document and entity."""


def filter_evidence(context: BaseContext, evidence: pd.DataFrame) -> pd.DataFrame:
    """Evidence without claims of large tables for which no row that may be seen speaks."""
    whole = [document for document, claimed in call_engine.list_call_tables(context).items() if not claimed]
    if not whole or all(rule.is_whole_document for rule in hidden_bulk_rows.load_hidden(context.ledger).rules):
        return evidence
    engine = call_engine.get_engine(context)
    shown = context.cache_by_input("what calls show", engine, lambda: _count_visible_claims(engine))
    mine = evidence["document_id"].isin(whole) & (evidence["passage_id"] == "") & (evidence["kind"] == "received")
    rows = evidence[mine]
    made = _count_attributions(rows)
    found = list(zip(rows["document_id"], rows["entity_id"], strict=True))
    part = [
        key in made and prop in COUNTED and made[key] != shown.get(key)
        for key, prop in zip(found, rows["prop"], strict=True)
    ]
    gone = [key not in shown or partly for key, partly in zip(found, part, strict=True)]
    return evidence.drop(rows.index[gone]).reset_index(drop=True)


def list_unshown(context: BaseContext, shown: pd.DataFrame) -> set[str]:
    """Ids of the evidence that `filter_evidence` takes out: claims of large tables for which no row speaks that may be seen.

    shown : what it leaves (`stated_evidence`)
    """
    if not any(not claimed for claimed in call_engine.list_call_tables(context).values()):
        return set()
    every = row_tables.list_evidence(context.ledger)["evidence_id"]
    return set(every.tolist()).difference(shown["evidence_id"].tolist())


def _count_visible_claims(engine: Analytics) -> dict[Key, int]:
    """Numbers, handsets, cards and the attributions between them that rows of a document show; records of the latter."""
    numbers = engine.query_frame(NUMBERS).itertuples(index=False)
    found = {(document, build_entity_id("TelephoneNumber", value)): 0 for document, value in numbers if value}
    for document, target, imei, imsi, records in engine.query_frame(USED).itertuples(index=False):
        held = identifiers.build_handset_key(imei).entity_id if imei else identifiers.build_sim_key(imsi).entity_id
        found[document, held] = 0
        if target:
            found[
                document, identifiers.build_attribution_id(build_entity_id("TelephoneNumber", target), held, BASIS)
            ] = int(records)
    return found


def _count_attributions(rows: pd.DataFrame) -> dict[Key, int]:
    """Of how many records each attribution was made, as its summary says."""
    told = rows[rows["prop"] == "summary"]
    pairs = zip(told["document_id"], told["entity_id"], strict=True)
    return {key: int(text.split()[0]) for key, text in zip(pairs, told["value"], strict=True)}
