"""Payments that are rows only: of a statement of more entries than are claimed one by one, the links of the others.

The reader of statements claims the first 5,000 payments of a file; all are rows of `transfers`. Of a statement of which a part is
set aside by its words only the claimed ones count: which of the others the words take, their rows do not tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from typing import TYPE_CHECKING

import pandas as pd

from workbench.case.context import call_engine
from workbench.case.context.case_context import CaseContext
from workbench.case.network import call_links
from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.records import row_tables
from workbench.model import identifiers
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.table_schemas import iterate_rows
from workbench.model.text.normalise import normalise_name
from workbench.patterns import payment_network

if TYPE_CHECKING:
    import networkx as nx


def find_unclaimed(context: CaseContext) -> dict[str, int]:
    """Statements with entries that are in no claim, and the number of the last entry of each that is claimed."""
    return context.cache_by_material("entries that are rows only", lambda: _find_unclaimed(context))


def _find_unclaimed(context: CaseContext) -> dict[str, int]:
    tables = row_tables.list_claimed_documents(context.ledger, "transfers", "Payment")
    if not tables:
        return {}
    rows = call_engine.get_engine(context).query_frame(
        "SELECT document_id, max(row) AS last FROM transfers GROUP BY 1 ORDER BY 1"
    )
    partly = set(row_tables.list_partly_hidden(context.ledger))
    found: dict[str, int] = {}
    for row in iterate_rows(rows[rows["document_id"].isin(set(tables) - partly)]):
        last = _find_last_claimed_entry(
            row.document_id, row_tables.list_document_entities(context.ledger, row.document_id, "Payment")
        )
        if last < row.last:
            found[row.document_id] = last
    return found


def _find_last_claimed_entry(document: str, payments_: set[str]) -> int:
    """Number of the last entry of a statement whose payment is claimed; the first ones are, but for unreadable amounts."""
    left, last = set(payments_), 0
    for number in count(1):
        if not left:
            break
        key = build_entity_id("Payment", document, str(number))
        if key in left:
            left.discard(key)
            last = number
        elif number > 10 * (len(payments_) + 100):
            break
    return last


def list_case_links(context: CaseContext) -> call_links.Part:
    """Links of the whole case: at most `call_links.PAIRS` pairs, those of parties that are entities of the case first."""
    rows = _list_all_links(context)
    known = rows["source"].isin(context.canonical_entities.index).astype(int) + rows["target"].isin(
        context.canonical_entities.index
    ).astype(int)
    return _select_first_pairs(rows, known)


def list_entity_links(context: CaseContext, nodes: Collection[str]) -> call_links.Part:
    """Links of some entities: at most `call_links.PAIRS` pairs, those between two of them first."""
    rows = _list_all_links(context)
    inside = rows["source"].isin(set(nodes)).astype(int) + rows["target"].isin(set(nodes)).astype(int)
    return _select_first_pairs(rows[inside > 0], inside[inside > 0])


def _select_first_pairs(rows: pd.DataFrame, first: pd.Series[int]) -> call_links.Part:
    weight = rows.groupby(["source", "target"])["count"].transform("sum")
    ordered = rows.assign(first_=first, weight=weight).sort_values(
        ["first_", "weight", "source", "target", "document_id"], ascending=[False, False, True, True, True]
    )
    pairs = ordered[["source", "target"]].drop_duplicates()
    kept = ordered.merge(pairs.head(call_links.PAIRS), on=["source", "target"]).drop(columns=["first_", "weight"])
    return call_links.Part(kept, len(pairs), min(len(pairs), call_links.PAIRS), "payments")


def _list_all_links(context: CaseContext) -> pd.DataFrame:
    """All links (LINKS, MORE), between canonical entities; those that the case does not know get a name."""

    def build_links() -> pd.DataFrame:
        wanted = find_unclaimed(context)
        if not wanted:
            return pd.DataFrame(columns=pd.Index((*call_links.COLUMNS, *payment_network.SIDES)))
        engine = call_engine.get_engine(context)
        rows = context.cache_by_input(
            "entries counted", (engine, wanted), lambda: payment_network.list_links(engine, wanted)
        )
        aside = {
            key for rule in hidden_bulk_rows.load_hidden(context.ledger).rules for key in (*rule.sender, *rule.party)
        }
        rows = rows[~rows["source"].isin(aside) & ~rows["target"].isin(aside)]
        ids = set(context.entities["entity_id"])
        for end, name in (("source", "payer"), ("target", "beneficiary")):
            new = rows[~rows[end].isin(ids)]
            names = new[name].mask(new[name] == "", new[f"{name}_account"])
            context.unlisted.update(zip(new[end], names, strict=True))
        rows = rows.assign(a="", b="", a_service=False, b_service=False, source_via="", target_via="")
        return rows.assign(
            **{end: [context.canonical.get(key, key) for key in rows[end]] for end in ("source", "target")}
        )

    return context.cache_by_material("mass payments", build_links)


def select_party_ids(context: CaseContext, ids: Collection[str]) -> set[str]:
    """Of entity ids those of payers and beneficiaries of entries that are rows only."""
    rows = _list_all_links(context)
    return set(ids) & {*rows["source"], *rows["target"]}


def find_party_ids(context: CaseContext, name: str) -> list[str]:
    """Entity ids of payers and beneficiaries that only rows know, by their name, account or id."""
    rows = _list_all_links(context)
    account, plain = identifiers.build_bank_account_key(name).value, normalise_name(name)
    found: set[str] = set()
    for end, side in (("source", "payer"), ("target", "beneficiary")):
        for key, called, number in rows[[end, side, f"{side}_account"]].itertuples(index=False):
            if key == name or (called and normalise_name(called) == plain) or (not called and number == account):
                found.add(key)
    return sorted(found)


def list_entries(context: CaseContext, rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Entries behind links (rows of `Part.rows`), as `row_evidence.COLUMNS`: the first in time of each pair of sides."""
    sides = list(dict.fromkeys(rows[list(payment_network.SIDES)].itertuples(index=False, name=None)))
    found = payment_network.list_entries(call_engine.get_engine(context), find_unclaimed(context), sides, each=limit)
    traces = row_tables.list_traces(context.ledger, sorted(set(found["document_id"]))).drop_duplicates("document_id")
    where = {row.document_id: row for row in iterate_rows(traces)}
    made = [
        (
            row.payer_account, row.beneficiary_account, row.records, row.date, "", row.payer or row.payer_account,
            [row.beneficiary or row.beneficiary_account], _format_entry(row), where[row.document_id].source_name,
            where[row.document_id].exhibit, "", f"entry {row.row}", row.document_id, row.source,
            compute_digest("Row", row.document_id, str(row.row)),
        )
        for row in iterate_rows(found)
    ]  # fmt: skip
    return pd.DataFrame(made, columns=pd.Index(call_links.RECORDS))


def list_entries_between(context: CaseContext, left: str, right: str) -> tuple[pd.DataFrame, int]:
    """Entries between two entities, the first in time, mass.ROWS at most, and how many there are."""
    rows = _list_all_links(context)
    mine = rows[
        (rows["source"].eq(left) & rows["target"].eq(right)) | (rows["source"].eq(right) & rows["target"].eq(left))
    ]
    if mine.empty:
        return pd.DataFrame(columns=pd.Index(call_links.RECORDS)), 0
    return list_entries(context, mine, call_links.ROWS).head(call_links.ROWS), int(mine["count"].sum())


def list_edge_entries(
    context: CaseContext, net: nx.MultiDiGraph, edges: Iterable[tuple[str, str, str]], limit: int
) -> dict[tuple[str, str, str], pd.DataFrame]:
    """Entries behind links of a graph, the first in time, `limit` of each at most."""
    found = {}
    for edge in edges:
        if net.edges[edge].get("entries"):
            rows = _list_all_links(context)
            mine = rows[rows["source"].eq(edge[0]) & rows["target"].eq(edge[1])]
            found[edge] = list_entries(context, mine, limit).head(limit)
    return found


def _format_entry(row: object) -> str:
    """An entry as it is read, field by field."""
    given = row._asdict()  # type: ignore[attr-defined]
    fields = {
        "Date": given["date"], "Amount": f"{given['amount']:.2f} {given['currency']}".strip(), "Payer": given["payer"],
        "Payer account": given["payer_account"], "Beneficiary": given["beneficiary"],
        "Beneficiary account": given["beneficiary_account"], "Purpose": given["purpose"], "Reference": given["reference"],
    }  # fmt: skip
    return "; ".join(f"{name}: {value}" for name, value in fields.items() if value)
