"""Hits: where material names a thing, looked up by the thing. What a look-up costs does not grow with the case."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from workbench.ledger.access.shown_names import get_documents_view
from workbench.ledger.ledger import Ledger
from workbench.ledger.records import packages
from workbench.ledger.records.messages import IN, add_keys_to_titles

if TYPE_CHECKING:
    import pandas as pd

MOST = 500
"""Documents of one thing that are read: a number that is in more says nothing more by it."""


class Reference(NamedTuple):
    """A document that names a thing; `direction`, `bureau` and `our_ref` are '' where it is no message."""

    entity_id: str
    document_id: str
    title: str
    direction: str
    bureau: str
    our_ref: str
    at: str


RULED = "(SELECT verdict FROM ruling WHERE target_id = {0} AND verdict IN ('accepted', 'rejected'))"
REJECTED = (
    f"coalesce({RULED.format('e.id')}, {RULED.format('e.statement_id')}, {RULED.format('{entity}')}, '') = 'rejected'"
)
"""The latest ruling on the place, else on the statement, else on the thing, as `rulings.list_verdicts` has it."""
NAMED = f"""SELECT DISTINCT e.document_id FROM statements AS s CROSS JOIN evidence AS e ON e.statement_id = s.id
    WHERE s.entity_id = ? AND e.document_id NOT IN ('', ?) AND {{gate}}
    AND EXISTS (SELECT 1 FROM runs AS r WHERE r.id = e.run_id AND (e.kind != 'suggested' OR r.kind = 'frame'
        OR EXISTS (SELECT 1 FROM readings AS d WHERE d.passage_id = e.passage_id AND d.method = e.method AND d.version = e.version)))
    AND NOT EXISTS (SELECT 1 FROM ruling WHERE target_id IN (e.run_id, e.statement_id) AND verdict IN ('superseded', 'withdrawn'))
    AND NOT {REJECTED.format(entity="s.entity_id")}
    AND NOT EXISTS (SELECT 1 FROM taken AS t WHERE t.document_id = e.document_id AND t.passage_id IN ('', e.passage_id)
        AND NOT EXISTS (SELECT 1 FROM ruling WHERE target_id = t.set_aside_id AND verdict = 'reopened'))
    AND EXISTS (SELECT 1 FROM traces AS t JOIN runs AS r ON r.id = t.run_id WHERE t.document_id = e.document_id
        AND NOT EXISTS (SELECT 1 FROM ruling WHERE target_id = t.run_id AND verdict = 'withdrawn'))
    LIMIT {MOST}"""
"""As `live_evidence` has it, row by row instead of for the whole case."""
TOLD = """SELECT d.id, d.title, coalesce(m.direction, ''), coalesce(m.from_bureau, ''), coalesce(m.our_ref, ''), coalesce(m.at, d.at),
        coalesce(m.package, '')
    FROM json_each(?) AS asked CROSS JOIN {documents} AS d ON d.id = asked.value LEFT JOIN messages AS m ON m.document_id = d.id"""
EVERYONE = "1"
READER = "e.id NOT IN temp.gate_evidence AND EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = e.document_id)"


def find_documents(ledger: Ledger, entities: Collection[str], without: str = "") -> Iterator[Reference]:
    """Documents that name any of these things, each once a thing, as far as the reader may see what names it.

    Parameters
    ----------
    without : str
        A document that does not count.
    """
    sql = ledger.reader_connection
    query = NAMED.format(gate=READER if (seen := ledger.current_filter) and seen.has_withheld else EVERYONE)
    found = {
        entity: [key for (key,) in sql.execute(query, (entity, without)).fetchall()] for entity in sorted(set(entities))
    }
    wanted = json.dumps(sorted({key for keys in found.values() for key in keys}))
    rows = sql.execute(TOLD.format(documents=get_documents_view(ledger)), (wanted,)).fetchall()
    unvouched = packages.list_unvouched(ledger)
    told = {
        key: (title, direction, packages.add_key(bureau, unvouched.get(package, "") if direction == IN else ""), *rest)
        for key, title, direction, bureau, *rest, package in rows
    }
    titles = add_keys_to_titles(ledger, {key: title for key, (title, *_) in told.items()})
    told = {key: (titles[key], *rest) for key, (_, *rest) in told.items()}
    for entity, documents in found.items():
        yield from (Reference(entity, key, *told[key]) for key in sorted(documents) if key in told)


def list_outside_messages(ledger: Ledger) -> frozenset[str]:
    """Things that something other than a message names, as far as the reader may see it."""
    query = f"""SELECT DISTINCT e.entity_id FROM (SELECT id FROM documents AS d
            WHERE NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.document_id = d.id) UNION ALL SELECT '') AS a
        CROSS JOIN live_evidence AS e ON e.document_id = a.id
        WHERE NOT {REJECTED.format(entity="e.entity_id")}"""
    return frozenset(key for (key,) in ledger.reader_connection.execute(query).fetchall())


WITHDRAWN = """SELECT e.id, coalesce(s.name, '') FROM json_each(?) AS a CROSS JOIN main.evidence AS e ON e.id = a.value
    LEFT JOIN main.traces AS t ON t.document_id = e.document_id AND e.document_id != '' LEFT JOIN live_sources AS s ON s.sha256 = t.source
    WHERE NOT EXISTS (SELECT 1 FROM live_evidence AS o WHERE o.statement_id = e.statement_id)
    AND (EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = e.statement_id AND v.verdict = 'withdrawn')
        OR (s.sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.traces AS o CROSS JOIN live_runs AS r ON r.source = o.source
            WHERE o.document_id = e.document_id)))
    ORDER BY 1, 2"""
"""Evidence whose claim nothing states any more since its file, or the claim, was withdrawn, with the name of the file."""


def map_withdrawn_evidence(ledger: Ledger, evidence: Collection[str]) -> dict[str, str]:
    """Evidence of some that was withdrawn and that nothing else states -> name of its file, '' of an officer's own statement."""
    rows = ledger.reader_connection.execute(WITHDRAWN, (json.dumps(sorted(set(evidence))),)).fetchall()
    return {str(key): str(name) for key, name in rows}


def locate_evidence(ledger: Ledger, evidence: Collection[str]) -> pd.DataFrame:
    """Where some evidence stands that the reader may see: evidence_id, kind, document_id, passage_id, title ('' of no document)."""
    import pandas as pd

    query = f"""SELECT e.id AS evidence_id, e.kind, e.document_id, e.passage_id, coalesce(d.title, '') AS title
        FROM json_each(?) AS a CROSS JOIN live_evidence AS e ON e.id = a.value
        LEFT JOIN {get_documents_view(ledger)} AS d ON d.id = e.document_id"""
    cursor = ledger.reader_connection.execute(query, (json.dumps(sorted(set(evidence))),))
    made = pd.DataFrame(cursor.fetchall(), columns=pd.Index([str(column[0]) for column in cursor.description]))
    titles = add_keys_to_titles(ledger, dict(zip(made["document_id"], made["title"], strict=True)))
    return made.assign(title=made["document_id"].map(titles))
