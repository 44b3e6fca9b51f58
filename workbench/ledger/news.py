"""What has come into a case since a moment, as its reader may see it: each function answers for one kind, oldest first.

A suggestion or an issue has no time of its own: it came when its method first read, or when its document came, whichever is later.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.ledger import entries
from workbench.model.schema import FLAG

if TYPE_CHECKING:
    from workbench.ledger.store import Ledger

Row = tuple[str, ...]
SHOWN = 200
"""Letters of a passage that stand for it."""
CAME = """(SELECT t.document_id, min(r.at) AS at, r.officer FROM live_traces AS t JOIN live_runs AS r ON r.id = t.run_id
    GROUP BY t.document_id)"""


def openings(ledger: Ledger) -> list[str]:
    """When the officer who works opened the case before this session, in UTC, latest first."""
    query = """SELECT json_extract(entry, '$.ts_utc') FROM audit
        WHERE op = 'consultation' AND result = 'ok' AND json_extract(entry, '$.object.kind') = 'case'
        AND json_extract(entry, '$.actor.officer') IN (SELECT value FROM json_each(?))
        AND seq < (SELECT min(seq) FROM audit WHERE json_extract(entry, '$.actor.session') = ?) ORDER BY seq DESC"""
    who = json.dumps(sorted(entries.own(ledger)))
    return [at for (at,) in ledger.connection.execute(query, (who, ledger.session.id)).fetchall()]


def sources(ledger: Ledger, since: str) -> list[Row]:
    """Received files: at, who, what (name), source."""
    query = """SELECT received_at AS at, officer AS who, name AS what, sha256 AS source FROM live_sources
        WHERE received_at >= ? ORDER BY received_at, name"""
    return ledger.reading.execute(query, (since,)).fetchall()


def passages(ledger: Ledger, since: str) -> list[Row]:
    """Passages of documents that were not there before: at, who, what (how it begins), document_id, passage_id."""
    query = f"""SELECT d.at, d.officer AS who, substr(p.text, 1, {SHOWN}) AS what, p.document_id, p.id AS passage_id
        FROM live_passages AS p JOIN {CAME} AS d ON d.document_id = p.document_id WHERE d.at >= ? ORDER BY d.at, p.n"""
    return ledger.reading.execute(query, (since,)).fetchall()


def suggestions(ledger: Ledger, since: str) -> list[Row]:
    """Entities that a machine read nowhere before: at, who (its method, of several the first by name), entity_id."""
    query = f"""SELECT min(max(r.at, coalesce(d.at, ''))) AS at, min(e.method) AS who, e.entity_id FROM live_evidence AS e
        JOIN live_runs AS r ON r.id = e.run_id LEFT JOIN {CAME} AS d ON d.document_id = e.document_id
        WHERE e.kind = 'suggested' AND e.schema != ? GROUP BY e.entity_id
        HAVING min(max(r.at, coalesce(d.at, ''))) >= ? ORDER BY 1, e.entity_id"""
    return ledger.reading.execute(query, (FLAG, since)).fetchall()


def issues(ledger: Ledger, since: str) -> dict[str, str]:
    """Issues that the readers told of: id -> when they came."""
    query = f"""SELECT i.id, max(r.at, coalesce(d.at, '')) AS came FROM live_issues AS i JOIN live_runs AS r ON r.id = i.run_id
        LEFT JOIN {CAME} AS d ON d.document_id = i.document_id WHERE came >= ?"""
    return dict(ledger.reading.execute(query, (since,)).fetchall())
