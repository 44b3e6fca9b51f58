"""Rows of calls, payments and positions of one person: by the numbers and accounts that the person held, while the person held them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench.case.access import marks
from workbench.case.context import call_engine
from workbench.ledger import parquet_rows
from workbench.ledger.records import row_tables
from workbench.model.table_schemas import iterate_rows
from workbench.patterns import payment_network as entries

if TYPE_CHECKING:
    from workbench.case.context.case_context import CaseContext
    from workbench.case.privacy.data_subject import Whose

CALLS = """SELECT document_id, row, source, event, direction, a, b, start, start_raw, duration, first_cell, cell_name, imei, imsi
    FROM counted WHERE a IN (SELECT unnest(CAST($numbers AS VARCHAR[]))) OR b IN (SELECT unnest(CAST($numbers AS VARCHAR[])))
    ORDER BY start, document_id, row"""
NAMED = """SELECT DISTINCT payer, payer_account, beneficiary, beneficiary_account, source FROM transfers
    WHERE payer <> '' OR beneficiary <> ''"""
PAYMENTS = """SELECT * FROM transfers WHERE payer_account IN (SELECT unnest(CAST($accounts AS VARCHAR[])))
    OR beneficiary_account IN (SELECT unnest(CAST($accounts AS VARCHAR[]))) OR payer IN (SELECT unnest(CAST($names AS VARCHAR[])))
    OR beneficiary IN (SELECT unnest(CAST($names AS VARCHAR[]))) ORDER BY date, document_id, row"""
POSITIONS = """SELECT * FROM positions
    WHERE holder IN (SELECT unnest(CAST($ids AS VARCHAR[]))) ORDER BY "at", document_id, row"""
DOCUMENTS = "SELECT DISTINCT document_id FROM calls UNION SELECT DISTINCT document_id FROM transfers"
KINDS = frozenset({"calls", "transfers", "positions"})
Row = dict[str, object]


def list_record_documents(context: CaseContext) -> frozenset[str]:
    """Tables and statements whose rows are told by `calls` and `payments`."""
    return frozenset(_query_rows(context, DOCUMENTS, {})["document_id"])


def list_calls(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Calls, texts and connections by numbers of the person."""
    if who.numbers:
        for row, told in _locate_rows(context, _query_rows(context, CALLS, {"numbers": sorted(who.numbers)}), "calls"):
            at = row.start_raw or ("" if pd.isna(row.start) else row.start.isoformat())
            if any(who.has_value_at(end, at) for end in (row.a, row.b)):
                spoke = f"{row.a or 'nobody named'} → {row.b or 'nobody named'}"
                yield {
                    **told,
                    "schema": "Call",
                    "property": row.event or "call",
                    "value": spoke,
                    "text": _describe_call(row.duration, (row.first_cell, row.cell_name, row.imei, row.imsi)),
                    "at": at,
                }


def _describe_call(duration: float | None, told: Iterable[str | None]) -> str:
    """Length, cell and device of a record."""
    said = zip(("seconds", "cell", "place", "handset", "SIM card"), (_format_seconds(duration), *told), strict=True)
    return "; ".join(f"{name}: {value}" for name, value in said if value)


def _format_seconds(duration: float | None) -> str:
    return "" if duration is None or pd.isna(duration) else str(int(duration))


def list_payments(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Entries of bank statements from or to accounts of the person, or that name the person as a party."""
    named = {
        (getattr(row, side), getattr(row, f"{side}_account"), row.source)
        for row in iterate_rows(_query_rows(context, NAMED, {}))
        for side in ("payer", "beneficiary")
        if getattr(row, side)
        and entries.compute_party_id(getattr(row, side), getattr(row, f"{side}_account"), row.source) in who.members
    }
    given = {"accounts": sorted(who.accounts), "names": sorted({name for name, _, _ in named})}
    for row, told in _locate_rows(
        context, _query_rows(context, PAYMENTS, given) if any(given.values()) else pd.DataFrame(), "payments"
    ):
        sides = [(row.payer, row.payer_account), (row.beneficiary, row.beneficiary_account)]
        if any(who.has_value_at(account, row.date) or (name, account, row.source) in named for name, account in sides):
            parties = " → ".join(" ".join(filter(None, side)) or "not named" for side in sides)
            words = "; ".join(filter(None, (f"{row.amount} {row.currency}", row.purpose, row.reference)))
            yield {**told, "schema": "Payment", "property": "entry", "value": parties, "text": words, "at": row.date}


def list_positions(context: CaseContext, who: Whose) -> Iterator[Row]:
    """Positions of the person or of a device, while the person held it."""
    for row, told in _locate_rows(context, _query_rows(context, POSITIONS, {"ids": sorted(who.ids)}), "positions"):
        if who.is_held_at(row.holder, row.at):
            circle = "" if pd.isna(row.radius) else f", within {row.radius:g} m"
            yield {
                **told, "schema": "Position", "property": row.method or "position", "value": f"{row.lat:.5f}, {row.lon:.5f}{circle}",
                "at": row.at,
            }  # fmt: skip


def _query_rows(context: CaseContext, query: str, given: Mapping[str, object]) -> pd.DataFrame:
    """Rows of the engine; none, with the columns that are looked at, where the case has no mass rows."""
    if KINDS.isdisjoint(parquet_rows.list_live_files(context.ledger)["kind"]):
        return pd.DataFrame({"document_id": [], "source": [], "payer": [], "beneficiary": []})
    return call_engine.get_engine(context).query_frame(query, given)


def _locate_rows(context: CaseContext, found: pd.DataFrame, section: str) -> Iterator[tuple[Any, Row]]:
    """Each row with where it stands and its mark."""
    names = row_tables.list_sources(context.ledger).set_index("source")["name"].to_dict()
    known = marks.get_marks(context)
    for row in iterate_rows(found):
        yield row, {
            "section": section, "said_by": "received", "source": names.get(row.source, ""), "place": f"row {row.row}",
            "mark": known.label(known.mark_of("documents", row.document_id)), "ref": f"{section} {row.document_id} {row.row}",
        }  # fmt: skip
