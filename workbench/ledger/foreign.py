"""What came from others and is now read here: the own reading takes the place of theirs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence


def reclaim(sql: sqlite3.Connection, run_id: str, documents: Sequence[str]) -> None:
    """Make room for an own reading of documents that so far only a package told of.

    Two copies of a document have one id. What another bureau says that it holds must not stand before what a source of this case
    holds; so its text is taken away in the transaction that brings the own one.

    Parameters
    ----------
    run_id : str
        The run that reads; what it has added already stays.
    documents : sequence of str
        Ids of documents that it brings.
    """
    if not documents or sql.execute("SELECT 1 FROM foreign_rows WHERE kind = 'run' LIMIT 1").fetchone() is None:
        return
    theirs = """SELECT d.id FROM documents AS d WHERE d.id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM traces AS t
        WHERE t.document_id = d.id AND (t.run_id = ? OR t.run_id NOT IN (SELECT key FROM foreign_rows WHERE kind = 'run')))"""
    for (key,) in sql.execute(theirs, (json.dumps(list(documents)), run_id)).fetchall():
        sql.execute(
            """INSERT INTO words (words, rowid, text) SELECT 'delete', n, plain(text) FROM passages
                WHERE document_id = ? AND n NOT IN (SELECT n FROM unindexed)""",
            (key,),
        )
        sql.execute("DELETE FROM unindexed WHERE n IN (SELECT n FROM passages WHERE document_id = ?)", (key,))
        sql.execute("DELETE FROM passages WHERE document_id = ?", (key,))
        sql.execute("DELETE FROM documents WHERE id = ?", (key,))
