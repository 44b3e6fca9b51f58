"""What of a file is not for its reader: whoever hands out a value or the bytes of an original asks this first."""

from __future__ import annotations

import json
from collections.abc import Iterable

from workbench.ledger.access.hidden_bulk_rows import load_hidden
from workbench.ledger.ledger import Ledger

INSIDE = """WITH RECURSIVE inside(id) AS (SELECT ? UNION SELECT a.source FROM inside CROSS JOIN main.arrivals AS a
        ON a.outer_source = inside.id WHERE a.source != a.outer_source),
    read AS MATERIALIZED (SELECT DISTINCT t.source, t.document_id FROM inside CROSS JOIN main.traces AS t ON t.source = inside.id
        WHERE t.run_id IN (SELECT id FROM main.live_runs)
        OR NOT EXISTS (SELECT 1 FROM main.live_runs AS l WHERE l.source = t.source))
    """
"""A file, what lies in it however deep, and the documents of their readings that count; of all, where none does any more."""
PARTS = (
    f"{INSIDE} SELECT id FROM inside WHERE id NOT IN (SELECT sha256 FROM live_sources)",
    f"""{INSIDE} SELECT r.document_id FROM read AS r WHERE NOT EXISTS (SELECT 1 FROM live_traces AS t
        WHERE t.document_id = r.document_id AND t.source = r.source)""",
    f"""{INSIDE} SELECT p.id FROM read AS r CROSS JOIN main.passages AS p ON p.document_id = r.document_id
        WHERE NOT EXISTS (SELECT 1 FROM live_passages AS l WHERE l.id = p.id)""",
)
CONTENTS = f"""{INSIDE} SELECT id FROM inside UNION SELECT document_id FROM read
    UNION SELECT p.id FROM read AS r CROSS JOIN main.passages AS p ON p.document_id = r.document_id"""
HIDES = """SELECT 1 FROM main.passages AS p WHERE p.document_id = ?
    AND NOT EXISTS (SELECT 1 FROM live_passages AS l WHERE l.id = p.id) LIMIT 1"""
CUT = """SELECT DISTINCT p.document_id FROM json_each(?) AS asked CROSS JOIN main.passages AS p ON p.document_id = asked.value
    WHERE NOT EXISTS (SELECT 1 FROM live_passages AS l WHERE l.id = p.id)"""
MASS = f"{INSIDE} SELECT f.source FROM inside CROSS JOIN live_row_files AS f ON f.source = inside.id LIMIT 1"


def list_hidden_parts(ledger: Ledger, source: str) -> frozenset[str]:
    """Ids of what of a file is hidden from the reader or excluded: files in it, documents, passages.

    A file with rows in mass is among them itself where any row in mass may be hidden: the rows have no ids.
    """
    found, hidden = list_hidden_places(ledger, source), load_hidden(ledger)
    if hidden.rules or hidden.rows:
        found |= _list_ids(ledger, MASS, source)
    return found


def list_hidden_places(ledger: Ledger, source: str) -> frozenset[str]:
    """The same but for rows in mass."""
    return frozenset[str]().union(*(_list_ids(ledger, query, source) for query in PARTS))


def list_contents(ledger: Ledger, source: str) -> frozenset[str]:
    """Ids of a file, the files in it, and their documents and passages, whoever reads."""
    return _list_ids(ledger, CONTENTS, source)


def _list_ids(ledger: Ledger, query: str, source: str) -> frozenset[str]:
    return frozenset(str(key) for (key,) in ledger.reader_connection.execute(query, (source,)).fetchall())


def list_shown_texts(ledger: Ledger, document: str) -> list[str] | None:
    """Texts of the passages of a document that the reader may see, in order; None where that is all of them."""
    sql = ledger.reader_connection
    if sql.execute(HIDES, (document,)).fetchone() is None:
        return None
    return list_live_texts(ledger, document)


def list_cut_documents(ledger: Ledger, documents: Iterable[str]) -> frozenset[str]:
    """Those of some documents of which a passage is hidden from the reader or excluded."""
    rows = ledger.reader_connection.execute(CUT, (json.dumps(sorted(documents)),)).fetchall()
    return frozenset(str(key) for (key,) in rows)


def list_live_texts(ledger: Ledger, document: str) -> list[str]:
    """Texts of the passages of a document that the reader may see, in order."""
    sql = ledger.reader_connection
    query = "SELECT text FROM live_passages WHERE document_id = ? ORDER BY number, n"
    return [str(text) for (text,) in sql.execute(query, (document,)).fetchall()]
