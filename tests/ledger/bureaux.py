"""Ledgers of several bureaux, and what one takes in of another."""

from __future__ import annotations

from collections.abc import Callable

from workbench.ledger import Arrival, Ledger, Run
from workbench.ledger.records.package_tables import TABLES, Row
from workbench.ledger.records.packages import RECEIVED, PackageRecord
from workbench.ledger.transfer.row_export import Parcel
from workbench.ledger.transfer.row_merge import Origin, merge_package
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Document, Issue, Passage, Trace

Rows = dict[str, list[Row]]
A, B, C = "NCB Valdora", "NCB Nordreich", "NCB Osterland"
Make = Callable[[str], Ledger]


def read(ledger: Ledger, name: str, text: str = "The crane.", *, parameters: str = "{}") -> str:
    """Read a source of one document with one passage and one claim."""
    source = compute_digest(name) * 3
    source = source[:64]
    ledger.add_source(source, Arrival(name), 10, {"exhibit": name})
    document = compute_digest("Document", name.partition("/")[0])
    passage = compute_digest("Passage", document, "0")
    run = Run("add", "text", "1", source, parameters)
    trace = Trace(compute_digest(source, document), document, source)
    person = Claim(
        compute_digest("entity", name), "Person", "name", name, document_id=document, passage_id=passage, trace_id=trace.id, method="text"
    )  # fmt: skip
    rows = [Document(document, "PlainText", name), trace, Passage(passage, document, 0, text), person]
    ledger.finish(run, [*rows, Issue("empty", f"{name} is short", document_id=document)], {"documents": 1})
    return source


def person(name: str) -> str:
    return compute_digest("entity", name)


def parcel(ledger: Ledger, bureau: str, sources: list[str] | None = None) -> Rows:
    with Parcel(ledger, bureau, sources) as made:
        return {table: list(made.list_rows(table)) for table in TABLES}


def take(ledger: Ledger, rows: Rows, sender: str, own: str, package: str = "") -> dict[str, int]:
    name = package or f"package-{compute_digest(repr(rows))}"
    made = PackageRecord(name, RECEIVED, compute_digest(name), "", "{}", "[]", "", "")
    return merge_package(ledger, lambda table: rows.get(table, []), Origin(name, sender, own), made)


def content(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """Everything that counts in a ledger, without who and when it was taken in."""
    skip = {"at", "received_at", "officer"}
    return {
        table: sorted(
            tuple(
                value
                for name, value in row.items()
                if name not in skip and not (table in ("judgements", "decisions") and name == "id")
            )
            for row in rows
        )
        for table, rows in parcel(ledger, A).items()
        if table != "terms"
    }  # type: ignore[return-value]
