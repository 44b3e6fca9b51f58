"""What exclusions take of the copies that an officer brought of hidden files (docs/decisions/0019): for that officer alone.

For everybody else the file is as it was. So nothing of it is kept among the rows of the case: it is reckoned for the reader, in a table of
the connection, from the rules of which the reader may know.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import replace

from workbench.ledger.exclusions.exclusion_rules import (
    DOCUMENTS,
    LISTED,
    PLACES,
    WAYS,
    Attachments,
    Rule,
    Way,
    list_rule_matches,
)

TABLE = """CREATE TEMP TABLE IF NOT EXISTS gate_taken
    (set_aside_id TEXT, document_id TEXT, passage_id TEXT, PRIMARY KEY (set_aside_id, document_id, passage_id)) WITHOUT ROWID"""
VIEW = "CREATE TEMP VIEW taken AS SELECT * FROM main.taken UNION SELECT * FROM gate_taken"
"""What rules take, to a reader with own copies."""
BEFORE = """SELECT r.id FROM main.ruling AS d CROSS JOIN gate_own AS o ON o.at <= d.at CROSS JOIN main.live_runs AS r ON r.source = o.id
    WHERE d.target_id = ? AND d.verdict = 'reopened'"""
"""Readings of own copies that came before a rule was reopened: what it had taken by then is counted with it, as of any other file."""


def clear_taken(sql: sqlite3.Connection) -> None:
    """Forget what rules took of own copies."""
    sql.execute(TABLE)
    sql.execute("DELETE FROM gate_taken")


def load_taken(
    sql: sqlite3.Connection,
    known: Collection[str],
    own: Collection[str],
    alone: Collection[str],
    secret: Collection[str],
) -> None:
    """Note what rules take of own copies: what fits them, and what is attached to it and came in no other way.

    Parameters
    ----------
    known : collection of str
        Ids of the rules of which the reader may know.
    own, alone : collection of str
        Own copies; those among them that the reader brought by themselves, and not in another file.
    secret : collection of str
        Ids of which the reader may not know.
    """
    among = (json.dumps(sorted(own)),)
    runs = [run for (run,) in sql.execute(f"SELECT id FROM main.live_runs WHERE source IN {LISTED}", among).fetchall()]
    rules = _load_rules(sql, "SELECT id, rule FROM main.live_set_asides", known)
    found = {key: list_rule_matches(sql, rule, runs) for key, rule in rules.items()}
    rows = {(key, *match) for key, matches in found.items() for match in matches}
    for key, rule in _load_rules(sql, "SELECT id, rule FROM main.set_asides", set(known) - rules.keys()).items():
        before = [run for (run,) in sql.execute(BEFORE, (key,)).fetchall()]
        rows |= {(key, *match) for match in list_rule_matches(sql, rule, before)}
    attachments = _load_attachments(sql, own, alone)
    inner = {document for source in attachments.ways for document in attachments.documents.get(source, ())}
    kept = sql.execute(f"SELECT set_aside_id, document_id FROM main.taken WHERE passage_id = '' AND set_aside_id IN {LISTED}",
                       (json.dumps(sorted(rules)),)).fetchall()  # fmt: skip
    taken = {key: {document for document, part in matches if not part} for key, matches in found.items()}
    for key, document in kept:
        if document not in inner:
            taken[key].add(document)
    attachments = replace(attachments, taken=taken)
    rows |= {(key, document, "") for key in rules for document in attachments.find_attached(key, secret)}
    sql.executemany("INSERT OR IGNORE INTO gate_taken VALUES (?, ?, ?)", sorted(rows))


def _load_rules(sql: sqlite3.Connection, query: str, among: Collection[str]) -> dict[str, Rule]:
    """Rules by id, in order, without what their officers could not know."""
    asked = (json.dumps(sorted(among)),)
    return {
        str(key): replace(Rule.from_json(text), unseen=())
        for key, text in sql.execute(f"{query} WHERE id IN {LISTED} ORDER BY id", asked).fetchall()
    }


def _load_attachments(sql: sqlite3.Connection, own: Collection[str], alone: Collection[str]) -> Attachments:
    """Own copies that came in others, and on what it depends whether they go with what is excluded."""
    ways: dict[str, list[Way]] = {}
    for source, outer, document in sql.execute(WAYS, (json.dumps(sorted(own)),)).fetchall():
        if outer in own:
            ways.setdefault(source, []).append(Way(outer, document))
    for source in alone:
        ways.setdefault(source, []).append(Way("", ""))
    documents: dict[str, set[str]] = {}
    for source, document in sql.execute(DOCUMENTS, (json.dumps(sorted(own)),)).fetchall():
        documents.setdefault(source, set()).add(document)
    asked = json.dumps(sorted({document for some in documents.values() for document in some}))
    places: dict[str, set[str]] = {}
    for document, source in sql.execute(PLACES, (asked,)).fetchall():
        places.setdefault(document, set()).add(source)
    return Attachments(ways, documents, places, {})
