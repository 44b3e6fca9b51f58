"""What is said of anything in the case, each value once: at a cost of the values, not of the things that have them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from workbench.ledger.access.terms import LATER, MATERIAL
from workbench.ledger.ledger import Ledger

NEXT = "SELECT min(value) FROM terms WHERE target_kind = ? AND facet = ? AND value > ?"
HOLDS = "SELECT 1 FROM main.live_terms AS t WHERE t.target_kind = ? AND t.facet = ? AND t.value = ?"
OWN = LATER.replace("m.", "t.")
SEEN = {
    "source": "live_sources AS x WHERE x.sha256 =", "file": "live_sources AS x WHERE x.sha256 =",
    "document": "live_documents AS x WHERE x.id =",
    "passage": "live_passages AS x WHERE x.id =", "evidence": "live_evidence AS x WHERE x.id =",
    "statement": "live_evidence AS x WHERE x.statement_id =", "note": "live_notes AS x WHERE x.id =",
}  # fmt: skip
"""Kind of target -> where its reader sees it."""
NAMED = """SELECT 1 FROM json_each(?) AS a CROSS JOIN live_evidence AS e ON e.entity_id = a.value
    UNION ALL SELECT 1 FROM json_each(?) AS a CROSS JOIN live_evidence AS e ON e.value = a.value LIMIT 1"""


def list_facet_values(ledger: Ledger, facets: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """What is said of material of which the reader may know, or could see in this session: kind of target, facet, values."""
    gate = ledger.current_filter
    lost = {target.partition(" ")[2] for target in gate.list_lost(ledger)} if gate else set[str]()
    secret, own = json.dumps(sorted(gate.list_secret_ids(ledger) - lost)) if gate else "[]", bool(gate and gate.own)
    query = f"{HOLDS} AND t.target_id NOT IN (SELECT value FROM json_each(?)) {f'AND {OWN}' if own else ''} LIMIT 1"
    for kind, facet, value in _list_terms(ledger, facets):
        if ledger.connection.execute(query, (kind, facet, value, secret)).fetchone():
            yield kind, facet, json.loads(value)


def list_visible_values(
    ledger: Ledger, facets: Sequence[str], canonical: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """What is said of material that the reader may see: facet, values. `canonical`: entity id -> canonical id."""
    sql = ledger.reader_connection
    for kind, facet, value in _list_terms(ledger, facets):
        if kind == "entity":
            named = _encode_entities(ledger, facet, value, canonical)
            there = named and sql.execute(NAMED, (named, named)).fetchone()
        else:
            place = SEEN.get(kind, "")
            own = f"AND {OWN}" if (gate := ledger.current_filter) and gate.own else ""
            query = f"{HOLDS} AND EXISTS (SELECT 1 FROM {place} t.target_id) {own} LIMIT 1"
            there = place and sql.execute(query, (kind, facet, value)).fetchone()
        if there:
            yield facet, json.loads(value)


def _encode_entities(ledger: Ledger, facet: str, value: str, canonical: Mapping[str, str]) -> str:
    """Entities of which this is said, and those that are the same, as a JSON list."""
    query = HOLDS.replace("SELECT 1", "SELECT target_id")
    said = {key for (key,) in ledger.connection.execute(query, ("entity", facet, value)).fetchall()}
    return json.dumps(sorted(said | {key for key, other in canonical.items() if other in said}))


def _list_terms(ledger: Ledger, facets: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Kind, facet and value of terms, each once; '[]', which takes back, is none."""
    for kind in MATERIAL:
        for facet in facets:
            value = ""
            while value := ledger.connection.execute(NEXT, (kind, facet, value)).fetchone()[0] or "":
                if value != "[]":
                    yield kind, facet, value


def find_documents(ledger: Ledger, ids: Collection[str]) -> set[str] | None:
    """Documents among some ids of places, and those in which passages among them lie; None where a statement is among them."""
    asked = json.dumps(sorted(ids))
    among = "IN (SELECT value FROM json_each(?))"
    if ledger.connection.execute(f"SELECT 1 FROM statements WHERE id {among} LIMIT 1", (asked,)).fetchone():
        return None
    query = f"SELECT id FROM documents WHERE id {among} UNION SELECT document_id FROM passages WHERE id {among}"
    return {key for (key,) in ledger.connection.execute(query, (asked, asked)).fetchall()}
