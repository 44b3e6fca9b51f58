"""How an erasure spreads: from what was named to every row that holds it or hangs on it.

The rows are noted in temporary tables (in memory) of the connection that erases, where `erasure` finds them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from workbench.ledger.access import file_mentions, note_sources
from workbench.ledger.exclusions import lost_senders
from workbench.model.schema import HAPPENINGS, list_party_properties

TABLES = ("source", "run", "document", "trace", "passage", "entity", "statement", "evidence", "note", "touched")
"""Of each kind a table `temp.er_<kind>` of ids. 'touched': statements that lose a piece of evidence."""
ROW = re.compile(r"(?:.* )?rows? (\d+)(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class ErasureIds:
    """What is to go, by kind: SHA-256 of sources, ids of documents, passages, entities, notes."""

    sources: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes, with all that hangs on it.

    Attributes
    ----------
    sources : frozenset of str
        Files that go whole.
    documents, passages, entities, notes : frozenset of str
    places : mapping
        Source that stays -> places in it that go whole.
    parts : mapping
        Source that stays -> place -> texts of passages that go there.
    rows : mapping
        Document of a table -> numbers of its rows that go.
    row_files : mapping
        File of mass rows that goes whole, whatever document its rows name -> how many rows it has.
    """

    sources: frozenset[str]
    documents: frozenset[str]
    passages: frozenset[str]
    entities: frozenset[str]
    notes: frozenset[str]
    places: dict[str, set[str]] = field(default_factory=dict)
    parts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    rows: dict[str, set[int]] = field(default_factory=dict)
    row_files: dict[str, int] = field(default_factory=dict)


def compute_closure(sql: sqlite3.Connection, named: ErasureIds) -> Gone:
    """Note all that goes, inside a transaction."""
    for kind in TABLES:
        sql.execute(f"CREATE TEMP TABLE IF NOT EXISTS er_{kind} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        sql.execute(f"DELETE FROM temp.er_{kind}")
    for kind in ("source", "document", "passage", "entity", "note"):
        note_ids(sql, kind, getattr(named, "entities" if kind == "entity" else f"{kind}s"))
    _note_received(sql)
    rows = _note_rows(sql, named.passages)
    for step in STANDING:
        sql.execute(step)
    note_ids(sql, "entity", list_dependants(sql, list_ids(sql, "entity")))
    for step in SAID:
        sql.execute(step)
    lost_senders.note_resting_evidence(sql, "temp.er_evidence", "temp.er_document")
    for step in HANGING:
        sql.execute(step)
    found = {kind: frozenset(list_ids(sql, kind)) for kind in ("source", "document", "passage", "entity", "note")}
    files = dict(sql.execute(ROW_FILES).fetchall())
    gone = Gone(
        found["source"], found["document"], found["passage"], found["entity"], found["note"], rows=rows, row_files=files
    )
    _note_places(sql, gone)
    return gone


def list_dependants(sql: sqlite3.Connection, entities: Collection[str]) -> frozenset[str]:
    """What is nothing without these entities: links to them, papers, measures and remarks about them, and what hangs on that.

    What names others in the same place (a sanction against two) stays for these, and so does what happens between several (a payment)
    as long as it names anybody else; an event that an officer has noted stays as well.
    """
    found: frozenset[str] = frozenset()
    known = frozenset(entities)
    while known and (more := _list_dependants_once(sql, known | found)) - found:
        found |= more
    return found - known


def _list_dependants_once(sql: sqlite3.Connection, known: frozenset[str]) -> frozenset[str]:
    schemata, keys = json.dumps(sorted(list_party_properties())), json.dumps(sorted(known))
    query = """SELECT DISTINCT entity_id, schema, prop, value FROM statements AS s WHERE schema IN (SELECT value FROM json_each(?))
        AND entity_id IN (SELECT entity_id FROM statements WHERE value IN (SELECT value FROM json_each(?)))
        AND (schema NOT IN ('Event', 'Trip') OR NOT EXISTS (SELECT 1 FROM evidence AS e JOIN statements AS o ON o.id = e.statement_id
            WHERE o.entity_id = s.entity_id AND e.kind = 'decided'))"""
    roles: dict[str, dict[str, bool]] = {}
    happens: set[str] = set()
    for entity, schema, prop, value in sql.execute(query, (schemata, keys)).fetchall():
        if prop in list_party_properties()[schema]:
            mine = roles.setdefault(entity, {})
            mine[prop] = mine.get(prop, True) and value in known
            happens.update((entity,) if schema in HAPPENINGS else ())
    return frozenset(key for key, mine in roles.items() if (all if key in happens else any)(mine.values()))


def note_ids(sql: sqlite3.Connection, kind: str, keys: Iterable[str]) -> None:
    """Note ids of a kind."""
    sql.executemany(f"INSERT OR IGNORE INTO temp.er_{kind} VALUES (?)", [(key,) for key in keys])


def list_ids(sql: sqlite3.Connection, kind: str) -> list[str]:
    """Ids of a kind that were noted."""
    return [str(key) for (key,) in sql.execute(f"SELECT id FROM temp.er_{kind} ORDER BY id").fetchall()]


INNER = """INSERT OR IGNORE INTO temp.er_source SELECT DISTINCT source FROM arrivals AS a
    WHERE (outer_source IN temp.er_source OR document_id IN temp.er_document) AND NOT EXISTS (SELECT 1 FROM arrivals AS b
        WHERE b.source = a.source AND b.outer_source NOT IN temp.er_source AND b.document_id NOT IN temp.er_document)"""
RECEIVED = (
    "INSERT OR IGNORE INTO temp.er_run SELECT id FROM runs WHERE source IN temp.er_source",
    # A file that took the place of an erased one has its places under their old names: these stay if only the old file comes and goes.
    """INSERT OR IGNORE INTO temp.er_trace SELECT id FROM traces AS t WHERE document_id IN temp.er_document
        OR (source IN temp.er_source AND NOT EXISTS (SELECT 1 FROM traces AS o WHERE o.id = t.id AND o.source NOT IN temp.er_source))""",
    # A document goes with its last place, a file with its last document.
    """INSERT OR IGNORE INTO temp.er_document SELECT document_id FROM traces WHERE id IN temp.er_trace
        EXCEPT SELECT document_id FROM traces WHERE id NOT IN temp.er_trace""",
    """INSERT OR IGNORE INTO temp.er_source SELECT source FROM traces WHERE id IN temp.er_trace
        EXCEPT SELECT source FROM traces WHERE id NOT IN temp.er_trace""",
)
"""From files to what was read from them, until nothing more is found."""
OF_GONE = "source IN temp.er_source OR run_id IN temp.er_run"
"""Rows of tables that belong to files that go, or to their readings."""
ROW_FILES = f"SELECT path, max(rows) FROM row_files GROUP BY path HAVING min({OF_GONE}) ORDER BY path"
STANDING = (
    "INSERT OR IGNORE INTO temp.er_passage SELECT id FROM passages WHERE document_id IN temp.er_document",
    # What stands there instead of the bytes of a file that goes: the attachment of a letter.
    """INSERT OR IGNORE INTO temp.er_entity SELECT entity_id FROM statements
        WHERE prop = 'contentHash' AND value IN temp.er_source""",
    # The same in a message: the entry in its list of attachments.
    *(
        f"INSERT OR IGNORE INTO temp.er_{kind} {query}"
        for kind, query in zip(("passage", "trace"), file_mentions.build_entry_queries("temp.er_source"), strict=True)
    ),
)
"""From documents and files to what stands in their place."""
SAID = (
    """INSERT OR IGNORE INTO temp.er_statement SELECT id FROM statements
        WHERE entity_id IN temp.er_entity OR value IN temp.er_entity""",
    """INSERT OR IGNORE INTO temp.er_evidence SELECT id FROM evidence WHERE statement_id IN temp.er_statement
        OR run_id IN temp.er_run OR document_id IN temp.er_document OR passage_id IN temp.er_passage
        OR (trace_id != '' AND trace_id IN temp.er_trace)""",
)
HANGING = (
    "INSERT OR IGNORE INTO temp.er_touched SELECT statement_id FROM evidence WHERE id IN temp.er_evidence",
    # A note goes with the last of the passages that it stands on.
    f"""INSERT OR IGNORE INTO temp.er_note SELECT id FROM notes WHERE EXISTS {note_sources.SQL} AND NOT EXISTS
        (SELECT 1 FROM {note_sources.SQL} WHERE value NOT IN temp.er_passage)""",
)
"""From what was received to what was said of it."""


BEREFT = """SELECT id FROM temp.er_touched WHERE id NOT IN temp.er_statement
    AND id NOT IN (SELECT statement_id FROM evidence WHERE id NOT IN temp.er_evidence)"""
"""Statements of what stays that lose their last evidence."""


def list_unsupported_statements(sql: sqlite3.Connection) -> frozenset[str]:
    """Statements of what stays that lose their last evidence: a source says them again elsewhere, or they go."""
    return frozenset(str(key) for (key,) in sql.execute(BEREFT).fetchall())


def note_orphans(sql: sqlite3.Connection) -> None:
    """Note the statements that no evidence is left for, and the entities that nothing is stated of any more."""
    for step in (
        """INSERT OR IGNORE INTO temp.er_statement SELECT id FROM temp.er_touched WHERE id NOT IN
            (SELECT statement_id FROM evidence WHERE id NOT IN temp.er_evidence)""",
        """INSERT OR IGNORE INTO temp.er_entity SELECT entity_id FROM statements WHERE id IN temp.er_statement
            EXCEPT SELECT entity_id FROM statements WHERE id NOT IN temp.er_statement""",
        "INSERT OR IGNORE INTO temp.er_statement SELECT id FROM statements WHERE value IN temp.er_entity",
        """INSERT OR IGNORE INTO temp.er_evidence SELECT id FROM evidence WHERE statement_id IN temp.er_statement""",
    ):
        sql.execute(step)


def _note_received(sql: sqlite3.Connection) -> None:
    count = -1
    while count != (count := _count_ids(sql)):
        sql.execute(INNER)
        for step in RECEIVED:
            sql.execute(step)


def _count_ids(sql: sqlite3.Connection) -> int:
    tables = ("source", "document", "trace")
    return sum(int(sql.execute(f"SELECT count(*) FROM temp.er_{kind}").fetchone()[0]) for kind in tables)


def _note_rows(sql: sqlite3.Connection, passages: Iterable[str]) -> dict[str, set[int]]:
    """Rows of tables that are named by their passages: their places go, and their records in files of mass rows."""
    query = """SELECT p.document_id, p.id FROM passages AS p JOIN documents AS d ON d.id = p.document_id
        WHERE d.schema = 'Table' AND p.number > 0 AND p.id IN (SELECT value FROM json_each(?))"""
    wanted: dict[str, set[str]] = {}
    for document, passage in sql.execute(query, (json.dumps(list(passages)),)).fetchall():
        wanted.setdefault(document, set()).add(passage)
    found: dict[str, set[int]] = {}
    for document, chosen in wanted.items():
        for passage, number, keys in list_rows(sql, document):
            if passage in chosen:
                note_ids(sql, "trace", keys)
                found.setdefault(document, set()).add(number)
    return found


def list_rows(sql: sqlite3.Connection, document: str) -> list[tuple[str, int, list[str]]]:
    """Rows of a table in order: passage, number, traces of each."""
    pairs = zip(_list_passages(sql, document), _list_row_traces(sql, document), strict=False)
    return [(passage, number, keys) for (passage,), (number, keys) in pairs]


def _list_passages(sql: sqlite3.Connection, document: str) -> list[tuple[str]]:
    return sql.execute(
        "SELECT id FROM passages WHERE document_id = ? AND number > 0 ORDER BY number", (document,)
    ).fetchall()


def _list_row_traces(sql: sqlite3.Connection, document: str) -> list[tuple[int, list[str]]]:
    """Numbers of the rows of a table in order, and the traces of each."""
    traces: dict[int, list[str]] = {}
    for key, place in sql.execute("SELECT id, place FROM traces WHERE document_id = ?", (document,)).fetchall():
        if match := ROW.fullmatch(place):
            traces.setdefault(int(match[1]), []).append(key)
    return sorted(traces.items())


def _note_places(sql: sqlite3.Connection, gone: Gone) -> None:
    """Note where in files that stay something goes."""
    query = """SELECT source, place FROM traces WHERE id IN temp.er_trace AND source NOT IN temp.er_source"""
    for source, place in sql.execute(query).fetchall():
        gone.places.setdefault(source, set()).add(place)
    query = """SELECT DISTINCT t.source, t.place, p.text FROM passages AS p JOIN traces AS t ON t.document_id = p.document_id
        JOIN documents AS d ON d.id = p.document_id
        WHERE p.id IN temp.er_passage AND t.id NOT IN temp.er_trace AND t.source NOT IN temp.er_source
        AND NOT (d.schema = 'Table' AND p.number > 0)"""
    for source, place, text in sql.execute(query).fetchall():
        gone.parts.setdefault(source, {}).setdefault(place, []).append(text)
