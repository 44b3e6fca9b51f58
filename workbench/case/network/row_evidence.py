"""The rows behind links out of large tables: as rows of `case.why`, on cards of a chart, quoted in a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd

from workbench import graph as rooms
from workbench.case.context.case_context import CaseContext
from workbench.case.network import call_links, payment_links
from workbench.ledger.records import row_tables
from workbench.model.ids import compute_digest
from workbench.model.table_schemas import iterate_rows
from workbench.patterns import call_network

if TYPE_CHECKING:
    import networkx as nx

COLUMNS = call_links.RECORDS


def list_records(context: CaseContext, pairs: Iterable[call_links.Pair], limit: int) -> pd.DataFrame:
    """The first records in time of each pair of caller and called (COLUMNS), in order of time; `limit` of each at most."""
    wanted = sorted(set(pairs))
    if not wanted or not call_links.list_unclaimed_tables(context):
        return pd.DataFrame(columns=pd.Index(COLUMNS))
    found = call_network.list_records(
        call_links.count_pairs(context), wanted, documents=call_links.list_unclaimed_tables(context), each=limit
    )
    where, names = _list_places(context, set(found["document_id"])), _list_captions(context, {*found["a"], *found["b"]})
    made = [
        (
            row.a, row.b, row.records, _format_time(row.start), row.zone, names[row.a], [names[row.b]], _format_record(row._asdict()),
            *(where[row.document_id][name] for name in ("source_name", "exhibit", "device")),
            f"{where[row.document_id]['place']}row {row.row}", row.document_id, row.source,
            compute_digest("Row", row.document_id, str(row.row)),
        )
        for row in iterate_rows(found)
    ]  # fmt: skip
    return pd.DataFrame(made, columns=pd.Index(COLUMNS))


def list_records_between(context: CaseContext, left: str, right: str) -> tuple[pd.DataFrame, int]:
    """Calls and payments between two entities (COLUMNS), the first in time, mass.ROWS at most, and how many there are."""
    one, other = (
        call_links.list_numbers(context, [node], "apart") or call_links.list_numbers(context, [node], "held")
        for node in (left, right)
    )
    pairs = {*product(one, other), *product(other, one)}
    found = list_records(context, pairs, call_links.ROWS)
    count = int(found.drop_duplicates(["a", "b"])["records"].sum())
    entries, more = payment_links.list_entries_between(context, left, right)
    both = [part.assign(relation=name) for part, name in ((found, "called"), (entries, "paid")) if len(part)]
    if not both:
        return found.assign(relation=""), 0
    return pd.concat(both).sort_values("at", kind="stable", ignore_index=True).head(call_links.ROWS), count + more


def list_edge_records(
    context: CaseContext, net: nx.MultiDiGraph, edges: Iterable[tuple[str, str, str]], limit: int
) -> Mapping[tuple[str, str, str], pd.DataFrame]:
    """Calls or payments behind links of a graph, the first in time, `limit` of each at most."""
    edges = list(edges)
    pairs = {edge: found for edge in edges if (found := net.edges[edge].get("numbers"))}
    table = list_records(context, (pair for found in pairs.values() for pair in found), limit)
    places: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(zip(table["a"], table["b"], strict=True)):
        places.setdefault(pair, []).append(place)
    return {
        edge: table.iloc[sorted(place for pair in found for place in places.get(pair, ()))[:limit]]
        for edge, found in pairs.items()
    } | payment_links.list_edge_entries(context, net, edges, limit)


def _list_places(context: CaseContext, documents: set[str]) -> dict[str, dict[str, str]]:
    """For each table: name and exhibit of its file, and what stands before 'row 7'."""
    found: dict[str, dict[str, str]] = {}
    for row in iterate_rows(row_tables.list_traces(context.ledger, sorted(documents))):
        sheet = f"sheet {row.conversation} " if row.conversation else ""
        found[row.document_id] = {
            "source_name": row.source_name, "exhibit": row.exhibit, "device": row.device, "place": sheet,
        }  # fmt: skip
    return found


def _list_captions(context: CaseContext, numbers: set[str]) -> dict[str, str]:
    """Who stands for each number: the person recorded as using it, else the number."""
    held = rooms.find_holders(rooms.list_attributions(context.evidence, context.canonical))
    found = {}
    for number in numbers:
        key = context.canonical.get(call_links.build_number_id(number), call_links.build_number_id(number))
        found[number] = context.get_caption(held[key]) if key in held else number
    return found


def _format_time(start: datetime) -> str:
    return start.isoformat() if start == start else ""  # noqa: PLR0124 - no time is not itself


def _format_record(record: Mapping[str, Any]) -> str:
    """A record as it is read, field by field."""
    seconds = record["duration"]
    fields = {
        "caller": record["a"], "called": record["b"], "start": _format_time(record["start"]), "kind": record["event"],
        "duration": "" if pd.isna(seconds) else f"{seconds:.0f} s", "first cell": record["first_cell"], "IMEI": record["imei"],
    }  # fmt: skip
    return "; ".join(f"{name}: {value}" for name, value in fields.items() if value)
