"""What an erasure takes or changes, row by row: noted by triggers of the connection that erases, while it does it.

So whatever takes or changes a row counts, by whichever way. Places that only move within a file that is written anew are no change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

ENTITY = "SELECT {0} FROM statements WHERE id = OLD.statement_id"
WATCHED = {
    "sources": ("name", ("OLD.sha256",)),
    "source_facts": ("value", ("OLD.source",)),
    "documents": ("title, at, service", ("OLD.id",)),
    "traces": ("device, custodian, conversation", ("OLD.document_id", "OLD.source")),
    "messages": ("subject, message_id, our_ref, your_ref, other_refs, from_bureau, to_bureaux", ("OLD.document_id",)),
    "passages": ("text", ("OLD.id", "OLD.document_id")),
    "statements": ("value", ("OLD.id", "OLD.entity_id", "OLD.value")),
    "evidence": (
        "original_value, because, document_id, passage_id",
        ("OLD.id", "OLD.statement_id", "OLD.document_id", "OLD.passage_id",
         f"({ENTITY.format('entity_id')})", f"({ENTITY.format('value')})"),
    ),
    "notes": ("text, passages, detail", ("OLD.id",)),
    "judgements": ("because", ("OLD.left_id", "OLD.right_id")),
    "decisions": ("because", ("OLD.target_id", "OLD.replacement")),
    "terms": ("because, value", ("OLD.target_id",)),
    "row_files": ("", ("OLD.source",)),
}  # fmt: skip
"""Table -> columns whose change counts, and what a row of it is about."""
NAMED = """SELECT value FROM statements WHERE id = OLD.statement_id UNION SELECT OLD.original_value
    UNION SELECT n.value FROM statements AS s CROSS JOIN statements AS n ON n.entity_id = s.value WHERE s.id = OLD.statement_id"""
"""What evidence says in words: its value, as it was written too, and what is stated of the entity that it points to."""
LYING = (
    "SELECT document_id, source FROM traces",
    "SELECT source, outer_source FROM arrivals WHERE outer_source NOT IN ('', source)",
    "SELECT source, document_id FROM arrivals WHERE document_id != ''",
)
"""What lies in what: documents in files, files in files and in documents."""
OUTWARD = """WITH RECURSIVE out(id) AS (SELECT id FROM temp.ef_affected
        UNION SELECT l.outer_id FROM out CROSS JOIN temp.ef_lying AS l ON l.id = out.id)
    SELECT id FROM out WHERE id != ''"""


TEXTS = {
    "passages": "SELECT OLD.id, OLD.document_id, OLD.text",
    "documents": "SELECT '', OLD.id, OLD.title",
    "messages": "SELECT '', OLD.document_id, OLD.subject",
    "evidence": f"SELECT OLD.passage_id, OLD.document_id, value FROM ({NAMED})",
}
"""Table -> the texts that a row of it says: of evidence the value, or the names of the one to whom it points (sender, recipient)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that goes or is changed, as it was, and the passage ('' none) and document in which it stands."""

    passage: str
    document: str
    text: str


def start_tracking(sql: sqlite3.Connection) -> None:
    """Note from now on what is taken or changed, until the caller's transaction is taken back or `stop`."""
    sql.execute("CREATE TEMP TABLE ef_affected (id TEXT PRIMARY KEY) WITHOUT ROWID")
    sql.execute(
        "CREATE TEMP TABLE ef_texts (id TEXT, document_id TEXT, text TEXT, PRIMARY KEY (id, document_id, text)) WITHOUT ROWID"
    )
    sql.execute("CREATE TEMP TABLE ef_lying (id TEXT, outer_id TEXT, PRIMARY KEY (id, outer_id)) WITHOUT ROWID")
    for query in LYING:
        sql.execute(f"INSERT OR IGNORE INTO temp.ef_lying {query}")
    for table, (columns, about) in WATCHED.items():
        steps = "".join(f"INSERT OR IGNORE INTO ef_affected SELECT {one} WHERE {one} IS NOT NULL; " for one in about)
        if table in TEXTS:
            steps += f"INSERT OR IGNORE INTO ef_texts {TEXTS[table]}; "
        for act in ("DELETE", f"UPDATE OF {columns}") if columns else ("DELETE",):
            name = f"ef_{table}_{act.partition(' ')[0].lower()}"
            sql.execute(f"CREATE TEMP TRIGGER {name} BEFORE {act} ON main.{table} BEGIN {steps}END")


def note_changes(sql: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Note that something is changed of which no row tells: what a file shows that is kept as text only."""
    sql.executemany("INSERT OR IGNORE INTO temp.ef_affected VALUES (?)", [(key,) for key in keys])


def find_affected(sql: sqlite3.Connection) -> frozenset[str]:
    """Ids of all that was taken or changed, and of all that it lies in."""
    return frozenset(str(key) for (key,) in sql.execute(OUTWARD).fetchall())


def list_texts(sql: sqlite3.Connection) -> list[Text]:
    """Texts that were taken or changed, as they were."""
    query = "SELECT id, document_id, text FROM temp.ef_texts WHERE text != '' ORDER BY id, document_id, text"
    return [Text(*row) for row in sql.execute(query).fetchall()]


def stop_tracking(sql: sqlite3.Connection) -> None:
    """Note nothing more."""
    query = (
        "SELECT type, name FROM temp.sqlite_master WHERE name LIKE 'ef!_%' ESCAPE '!' AND type IN ('trigger', 'table')"
    )
    for kind, name in sorted(sql.execute(query).fetchall(), reverse=True):
        sql.execute(f"DROP {kind} temp.{name}")
