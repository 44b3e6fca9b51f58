"""A table of statements into the ledger, in one transaction and one entry of the log: all of it or nothing."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.ledger.access import terms
from workbench.ledger.ledger import OFFICER_RUN, Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.sessions import gone_rows
from workbench.ledger.sessions.inserts import EVIDENCE, STATEMENT, build_place_columns
from workbench.ledger.storage.runs import Run, now
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim

KIND, METHOD = "frame", "table"


@dataclass(frozen=True, slots=True)
class Put:
    """A row that goes in.

    Attributes
    ----------
    claim : Claim
    because : str
        On what it rests.
    facets : mapping
        What is said of it beside the claim (`terms.FACETS`): its mark, grade, language, ...
    """

    claim: Claim
    because: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def import_statements(ledger: Ledger, rows: Sequence[Put], because: str, rejected: int) -> None:
    """Put rows in: what is decided as the word of the officer who works, the rest as what the table says.

    The run has a random name, so that it tells nothing of what is erased from it later.
    """
    run = Run(KIND, METHOD, "1", parameters=json.dumps({"table": secrets.token_hex(8)}))
    counts = {"rows": len(rows), "rejected": rejected}
    with ledger.open_transaction() as sql:
        gone_rows.check_passages(sql, [row.claim.passage_id for row in rows])
        told = (run.id, run.kind, "read", "", run.method, run.version, run.parameters, json.dumps(counts))
        sql.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*told, ledger.officer, now()))
        for row in rows:
            _add_row(ledger, sql, run, row)
        what = Object("run", id=run.id, count=len(rows))
        ledger.log(sql, "collection", what, {"method": METHOD, **counts, "because": because})


def _add_row(ledger: Ledger, sql: sqlite3.Connection, run: Run, row: Put) -> None:
    claim, moment = row.claim, now()
    where = (claim.document_id, claim.passage_id, claim.trace_id, str(claim.start), str(claim.end), claim.method)
    key = compute_digest("evidence", claim.statement_id, run.id, *where)
    by_hand = claim.kind == "decided"
    said = (ledger.officer if by_hand else "", row.because, moment)
    sql.execute(STATEMENT, (claim.statement_id, claim.entity_id, claim.schema, claim.prop, claim.value))
    sql.execute(
        EVIDENCE, (key, claim.statement_id, OFFICER_RUN if by_hand else run.id, *build_place_columns(claim), *said)
    )
    if by_hand:
        decided = ("statement", claim.statement_id, "stated", "", ledger.officer, row.because, moment)
        columns = "target_kind, target_id, verdict, replacement, officer, because, at"
        sql.execute(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", decided)
    for facet, values in row.facets.items():
        terms.add_facet(sql, ledger, ("evidence", key, facet), values, row.because)
