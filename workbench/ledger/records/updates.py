"""What has come into a case since a moment, as its reader may see it: each function answers for one kind, oldest first.

A suggestion or an issue has no time of its own: it came when its method first read, or when its document came, whichever is later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.ledger.log.row_commitments import compute_leaf
from workbench.ledger.records import consultations
from workbench.model.schema import FLAG

if TYPE_CHECKING:
    from workbench.ledger.ledger import Ledger

Row = tuple[str, ...]
SHOWN = 200
"""Letters of a passage that stand for it."""
IS_NEW = "CASE WHEN :entry THEN r.id IN (SELECT value FROM json_each(:runs)) ELSE r.at >= :moment END"
"""Whether a run came since then."""
CAME = f"""(SELECT t.document_id, min(r.at) AS at, r.officer, min({IS_NEW}) AS is_new
    FROM live_traces AS t JOIN live_runs AS r ON r.id = t.run_id GROUP BY t.document_id)"""
KEYS = {
    "sources": ("sha256",), "runs": ("id",), "notes": ("id",), "decisions": ("seq",),
    "judgements": ("left_id", "right_id", "officer", "at"),
}  # fmt: skip
"""By which columns rows are known that came since then."""

KNOWN = {
    "sources": "SELECT id FROM gate_names WHERE options IS NULL AND at >= ?",
    "runs": "SELECT r.id FROM gate_names AS n CROSS JOIN runs AS r ON r.source = n.id WHERE n.options IS NULL AND n.at >= ?",
}
"""What is as new as what came, to a reader from whom the first way of a file is hidden: sources, and the runs that read them."""


@dataclass(frozen=True, slots=True)
class Since:
    """Since when something is new.

    Attributes
    ----------
    moment : str
        In UTC, for people; '' for the beginning.
    entry : int
        Number of the entry of the log after which it came, whatever the clock said then; 0 where the moment counts.
    """

    moment: str
    entry: int = 0


def list_openings(ledger: Ledger) -> dict[str, int]:
    """When the officer who works opened the case before this session, in UTC, latest first -> number of the entry of the log."""
    query = """SELECT json_extract(entry, '$.ts_utc'), seq FROM audit
        WHERE op = 'consultation' AND result = 'ok' AND json_extract(entry, '$.object.kind') = 'case'
        AND json_extract(entry, '$.actor.officer') IN (SELECT value FROM json_each(?))
        AND seq < (SELECT min(seq) FROM audit WHERE json_extract(entry, '$.actor.session') = ?) ORDER BY seq DESC"""
    who = json.dumps(sorted(consultations.list_own_officer_ids(ledger)))
    return dict(ledger.connection.execute(query, (who, ledger.session.id)).fetchall())


def list_new_keys(ledger: Ledger, table: str, since: Since) -> set[tuple[object, ...]]:
    """Rows of a table of which a later entry of the log was the first to tell, by their columns of KEYS; none by a moment."""
    if not since.entry:
        return set()
    query = "SELECT leaf FROM row_marks WHERE kind = ? AND entry > ?"
    marks = {bytes(mark) for (mark,) in ledger.connection.execute(query, (table, since.entry)).fetchall()}
    cursor = ledger.connection.execute(f"SELECT * FROM main.{table}")
    places = [[str(column[0]) for column in cursor.description].index(name) for name in KEYS[table]]
    return {tuple(row[place] for place in places) for row in cursor.fetchall() if compute_leaf(table, *row) in marks}


def _query_parameters(ledger: Ledger, since: Since, table: str = "runs") -> dict[str, object]:
    """Parameters of a query for what is new."""
    came = {str(key) for (key,) in list_new_keys(ledger, table, since)}
    if since.entry and (gate := ledger.current_filter) and gate.has_withheld:
        came.update(str(key) for (key,) in ledger.reader_connection.execute(KNOWN[table], (since.moment,)).fetchall())
    return {"moment": since.moment, "entry": since.entry, table: json.dumps(sorted(came))}


def list_new_sources(ledger: Ledger, since: Since) -> list[Row]:
    """Received files: at, who, what (name), source."""
    query = """SELECT received_at AS at, officer AS who, name AS what, sha256 AS source FROM live_sources
        WHERE CASE WHEN :entry THEN sha256 IN (SELECT value FROM json_each(:sources)) ELSE received_at >= :moment END
        ORDER BY received_at, name"""
    return ledger.reader_connection.execute(query, _query_parameters(ledger, since, "sources")).fetchall()


def list_new_passages(ledger: Ledger, since: Since) -> list[Row]:
    """Passages of documents that were not there before: at, who, what (how it begins), document_id, passage_id."""
    query = f"""SELECT d.at, d.officer AS who, substr(p.text, 1, {SHOWN}) AS what, p.document_id, p.id AS passage_id
        FROM live_passages AS p JOIN {CAME} AS d ON d.document_id = p.document_id WHERE d.is_new ORDER BY d.at, p.n"""
    return ledger.reader_connection.execute(query, _query_parameters(ledger, since)).fetchall()


def list_new_suggestions(ledger: Ledger, since: Since) -> list[Row]:
    """Entities that a machine read nowhere before: at, who (its method, of several the first by name), entity_id."""
    query = f"""SELECT min(max(r.at, coalesce(d.at, ''))) AS at, min(e.method) AS who, e.entity_id FROM live_evidence AS e
        JOIN live_runs AS r ON r.id = e.run_id LEFT JOIN {CAME} AS d ON d.document_id = e.document_id
        WHERE e.kind = 'suggested' AND e.schema != :flag GROUP BY e.entity_id
        HAVING min(max({IS_NEW}, coalesce(d.is_new, 0))) ORDER BY 1, e.entity_id"""
    return ledger.reader_connection.execute(query, {**_query_parameters(ledger, since), "flag": FLAG}).fetchall()


def list_new_issues(ledger: Ledger, since: Since) -> dict[str, str]:
    """Issues that the readers told of: id -> when they came."""
    query = f"""SELECT i.id, max(r.at, coalesce(d.at, '')) AS came FROM live_issues AS i JOIN live_runs AS r ON r.id = i.run_id
        LEFT JOIN {CAME} AS d ON d.document_id = i.document_id
        WHERE max({IS_NEW}, coalesce(d.is_new, 0))"""
    return dict(ledger.reader_connection.execute(query, _query_parameters(ledger, since)).fetchall())
