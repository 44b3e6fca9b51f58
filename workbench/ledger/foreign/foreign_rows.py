"""What came from others and becomes ours: the own reading takes the place of theirs, and what they said of it becomes a remark.

Ids follow from content, so a package can hold a row under an id that a file of ours will have. Such a row never keeps ours out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.row_ids import rename_id
from workbench.ledger.storage.runs import Run, now
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Document, LedgerRow, Passage

Told = dict[str, str | int | float]
"""A row as others have told it."""
ANY = "SELECT 1 FROM foreign_rows LIMIT 1"
SOURCES = "SELECT key FROM foreign_rows WHERE kind = 'source'"
THEIRS = "SELECT key FROM foreign_rows WHERE kind = 'run'"
OF_RUN = (
    ("traces", "run_id"), ("evidence", "run_id"), ("issues", "run_id"), ("row_files", "run_id"), ("arrivals", "run_id"),
    ("runs", "id"), ("foreign_rows", "key"),
)  # fmt: skip
"""Tables with rows of a run, and the column that names it."""
NAMED = {
    "source_facts": ("fact", "seq", ("source",)), "judgements": ("judgement", "seq", ("left_id", "right_id")),
    "decisions": ("decision", "seq", ("target_id", "replacement")), "terms": ("term", "id", ("target_id",)),
    "notes": ("note", "id", ("id",)),
}  # fmt: skip
"""Table of what others say -> kind and column by which its foreign rows are known, and columns that name what it is said of."""
FOREIGN_EVIDENCE = f"(run_id IN ({THEIRS}) OR id IN (SELECT key FROM foreign_rows WHERE kind = 'evidence'))"
ELSEWHERE = "NOT EXISTS (SELECT 1 FROM runs AS w WHERE w.id = r.run_id AND w.source = :source AND w.source != '')"
EVIDENCE = f"""SELECT r.*, s.entity_id, s.schema, s.prop, s.value
    FROM (SELECT * FROM evidence WHERE id IN ({{found}}) AND {FOREIGN_EVIDENCE}) AS r JOIN statements AS s ON s.id = r.statement_id
    WHERE {ELSEWHERE}"""
FOUND = (
    "SELECT e.id FROM temp.turned AS t CROSS JOIN evidence AS e ON e.document_id = t.id",
    "SELECT e.id FROM temp.turned AS t CROSS JOIN statements AS s ON s.entity_id = t.id CROSS JOIN evidence AS e ON e.statement_id = s.id",
    """SELECT e.id FROM temp.turned AS t CROSS JOIN statements AS s ON s.value = t.id CROSS JOIN evidence AS e ON e.statement_id = s.id
        WHERE s.schema NOT IN ('Message', 'Email', 'Call', 'Payment') OR e.kind = 'decided'""",
)
"""Evidence that cites what has become ours, or says something of it."""

ALONE = """SELECT DISTINCT r.document_id AS id FROM traces AS r WHERE r.run_id = :run AND NOT EXISTS
    (SELECT 1 FROM traces AS o WHERE o.document_id = r.document_id AND o.run_id != r.run_id)"""
"""Documents that lie nowhere but in one reading."""
SHOWN_DOCUMENT = """SELECT * FROM documents AS d WHERE id = :document
    AND NOT EXISTS (SELECT 1 FROM taken AS t WHERE t.document_id = d.id)"""
SHOWN_PASSAGES = """SELECT id, document_id, number, page, text FROM passages AS p WHERE document_id = :document AND NOT EXISTS
    (SELECT 1 FROM taken AS t WHERE t.document_id = p.document_id) ORDER BY number, id"""
"""A document and its passages, where nothing of it is set aside."""


def is_foreign_run(sql: sqlite3.Connection, run_id: str) -> bool:
    """Whether a run came in a package."""
    return sql.execute("SELECT 1 FROM foreign_rows WHERE kind = 'run' AND key = ?", (run_id,)).fetchone() is not None


def make_room(sql: sqlite3.Connection, run: Run, rows: Sequence[LedgerRow]) -> bool:
    """Make room for rows of an own run, in the transaction that brings them; whether a mark of others gave way.

    Parameters
    ----------
    sql : Connection
        Inside the transaction.
    run : Run
        The run that reads; what it has added already stays.
    rows : sequence of LedgerRow
        What it brings.
    """
    if sql.execute(ANY).fetchone() is None:
        return False
    free_run(sql, run.id)
    documents = [row.id for row in rows if isinstance(row, Document)]
    own = set(documents) | {
        str(key) for key in _read_here(sql, [row.document_id for row in rows if isinstance(row, Claim)])
    }
    ids = {run.id, *own, *(row.id for row in rows if isinstance(row, Passage) and row.document_id in own)}
    for row in rows:
        if isinstance(row, Claim) and (run.source or row.document_id in own):
            where = (row.document_id, row.passage_id, row.trace_id, str(row.start), str(row.end), row.method)
            ids |= {row.entity_id, row.statement_id, compute_digest("evidence", row.statement_id, run.id, *where)}
    _replace_texts(sql, run, documents, ids)
    return displace_rows(sql, ids, run.source)


def free_run(sql: sqlite3.Connection, run_id: str) -> None:
    """Give a run of another bureau another name, where an own run is to have the one that it has."""
    if is_foreign_run(sql, run_id):
        rename_id(sql, run_id, compute_digest("displaced run", run_id), OF_RUN)


def drop_readings(sql: sqlite3.Connection, source: str) -> None:
    """Let go of what others have read in a source, now that an own reading of it is complete.

    Documents that lie nowhere then are kept as remarks, for no view shows them any more.
    """
    for (run_id,) in sql.execute(f"SELECT id FROM runs WHERE source = ? AND id IN ({THEIRS})", (source,)).fetchall():
        _displace_documents(sql, str(run_id), source)
        for table, column in OF_RUN:
            sql.execute(f"DELETE FROM {table} WHERE {column} = ?", (run_id,))
    sql.execute(f"DELETE FROM arrivals WHERE outer_source = ? AND source IN ({SOURCES})", (source,))


def take_ownership(sql: sqlite3.Connection, key: str) -> None:
    """Make what others said of a thing remarks, where the thing comes to be ours: a source, a note, what is set aside."""
    if sql.execute(ANY).fetchone() is not None:
        displace_rows(sql, {key})


UNSENT = """SELECT 1 FROM foreign_rows AS f JOIN issues AS i ON i.source = f.key AND i.code = 'original-kept'
    JOIN runs AS r ON r.id = i.run_id AND r.kind = 'package' AND json_extract(r.parameters, '$.package') = f.package
    WHERE f.kind = 'source' AND f.key = ?"""
"""Whether the package to which a source is put down came without its file (`row_merge` says so of each)."""
TURNED_TERMS = """CREATE TEMP TABLE IF NOT EXISTS turned_terms AS
    SELECT json_extract(body, '$.target_id') AS target_id, json_extract(body, '$.facet') AS facet,
        json_extract(body, '$.value') AS value, bureau FROM remarks AS r WHERE kind = 'terms'
    AND NOT EXISTS (SELECT 1 FROM main.ruling AS d WHERE d.target_id = r.id AND d.verdict = 'dismissed')"""
"""Marks that others set on things that are ours by now; of those from before this session, each counts for its bureau's remarks alone."""


def take_source(sql: sqlite3.Connection, sha256: str, row: tuple[object, ...]) -> bool:
    """The same for a source that has only come in a package; False if it was ours. `row`: as the case has received it."""
    theirs = "SELECT bureau, package FROM foreign_rows WHERE kind = 'source' AND key = ?"
    if (sender := sql.execute(theirs, (sha256,)).fetchone()) is None:
        return False
    sql.execute("DELETE FROM foreign_rows WHERE kind = 'source' AND key = ?", (sha256,))
    _displace_arrivals(sql, sha256, str(row[1]), sender)
    change = "UPDATE sources SET name = ?, size = ?, received_at = ?, officer = ? WHERE sha256 = ?"
    sql.execute(change, (*row[1:], sha256))
    return True


def hand_over(sql: sqlite3.Connection, sha256: str, bureau: str, package: str, names: Collection[str]) -> bool:
    """Make a source the sender's whose file the sender is the first to bring; whether another bureau had named it alone.

    What that bureau said of the source becomes a remark. `names`: all by which the sender is known.
    """
    held = sql.execute(
        "SELECT bureau, package FROM foreign_rows WHERE kind = 'source' AND key = ?", (sha256,)
    ).fetchone()
    if held is None:
        return False
    change = "UPDATE foreign_rows SET bureau = ?, package = ? WHERE kind = 'source' AND key = ?"
    sql.execute(change, (bureau, package, sha256))
    if held[0] in names:
        return False
    drop_readings(sql, sha256)
    displace_rows(sql, {sha256})
    sql.execute("DELETE FROM temp.ours_by_now WHERE id = ?", (sha256,))  # it is the sender's, and may be ours one day
    _displace_arrivals(sql, sha256, "", held)
    return True


def is_sent(sql: sqlite3.Connection, sha256: str) -> bool:
    """Whether the bureau whose a source is has sent its file, and not only named it."""
    return sql.execute(UNSENT, (sha256,)).fetchone() is None


def _displace_arrivals(sql: sqlite3.Connection, sha256: str, name: str, sender: tuple[str, str]) -> None:
    """How a file came to others is a remark, but for what we say of it as well; it would keep out how it came to us."""
    for row in _read_rows(sql, "SELECT * FROM arrivals WHERE source = :source", source=sha256):
        if (row["outer_source"], row["name"]) != ("", name):
            _add_remark(sql, "arrivals", row, sender, (sha256,))
    sql.execute("DELETE FROM arrivals WHERE source = ?", (sha256,))


def displace_rows(sql: sqlite3.Connection, ids: Iterable[str], source: str = "") -> bool:
    """Turn what others said of things into remarks, now that the things are ours; whether a mark was among it.

    What they have read in the same source is left alone: `drop_readings` lets go of it as a whole.
    """
    sql.execute("CREATE TEMP TABLE IF NOT EXISTS ours_by_now (id TEXT PRIMARY KEY) WITHOUT ROWID")
    sql.execute("CREATE TEMP TABLE IF NOT EXISTS turned (id TEXT PRIMARY KEY) WITHOUT ROWID")
    sql.execute("DELETE FROM temp.turned")
    listed = json.dumps(sorted(ids))
    new = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM temp.ours_by_now)"
    sql.execute(f"INSERT OR IGNORE INTO temp.turned {new}", (listed,))
    sql.execute("INSERT OR IGNORE INTO temp.ours_by_now SELECT id FROM temp.turned")
    _displace_evidence(sql, source)
    _displace_places(sql, source)
    had_mark = False
    for table, (kind, key, columns) in NAMED.items():
        asked = " OR ".join(f"r.{column} IN (SELECT id FROM temp.turned)" for column in columns)
        quoted = "EXISTS (SELECT 1 FROM json_tree(r.passages) AS j WHERE j.value IN (SELECT id FROM temp.turned))"
        query = f"""SELECT r.*, f.bureau, f.package, f.id FROM foreign_rows AS f CROSS JOIN {table} AS r ON CAST(r.{key} AS TEXT) = f.key
            WHERE f.kind = '{kind}' AND ({asked or quoted})"""
        for row in _read_rows(sql, query):
            bureau, package, found = str(row.pop("bureau")), str(row.pop("package")), row[key]
            row.pop("seq", None)
            _add_row_remark(sql, table, row, (bureau, package))
            sql.execute(f"DELETE FROM {table} WHERE {key} = ?", (found,))
            sql.execute("DELETE FROM foreign_rows WHERE kind = ? AND key = ?", (kind, str(found)))
            if table == "terms":
                mark = (row["target_id"], row["facet"], row["value"])
                sql.execute("INSERT INTO temp.turned_terms VALUES (?, ?, ?, '')", mark)
                had_mark = True
    return had_mark


def _displace_evidence(sql: sqlite3.Connection, source: str) -> None:
    """A row under the id of one of ours is the same claim at the same place, and simply gives way."""
    sql.execute(f"DELETE FROM evidence WHERE id IN (SELECT id FROM temp.turned) AND {FOREIGN_EVIDENCE}")
    for found in FOUND:
        for row in _read_rows(sql, EVIDENCE.format(found=found), source=source):
            _add_row_remark(sql, "evidence", row, _get_sender(sql, str(row["run_id"]), str(row["id"])))
            sql.execute("DELETE FROM evidence WHERE id = ?", (row["id"],))
            sql.execute("DELETE FROM foreign_rows WHERE kind = 'evidence' AND key = ?", (row["id"],))


def _displace_places(sql: sqlite3.Connection, source: str) -> None:
    """Places of our documents in files of others, and their copies of our messages."""
    query = f"""SELECT r.* FROM temp.turned AS t CROSS JOIN traces AS r ON r.document_id = t.id WHERE r.run_id IN ({THEIRS})
        AND {ELSEWHERE}"""
    for row in _read_rows(sql, query, source=source):
        _add_row_remark(sql, "traces", row, _get_sender(sql, str(row["run_id"]), ""))
        sql.execute("DELETE FROM traces WHERE id = ? AND run_id = ?", (row["id"], row["run_id"]))
    query = """SELECT r.*, f.bureau AS bureau, f.package AS brought FROM temp.turned AS t CROSS JOIN messages AS r ON r.document_id = t.id
        JOIN foreign_rows AS f ON f.kind = 'message' AND f.key = r.document_id"""
    for row in _read_rows(sql, query):
        sender = str(row.pop("bureau")), str(row.pop("brought"))
        _add_row_remark(sql, "messages", row, sender)
        sql.execute("DELETE FROM messages WHERE document_id = ?", (row["document_id"],))
        sql.execute("DELETE FROM foreign_rows WHERE kind = 'message' AND key = ?", (row["document_id"],))
    sql.execute(f"DELETE FROM issues WHERE document_id IN (SELECT id FROM temp.turned) AND run_id IN ({THEIRS})")


def _replace_texts(sql: sqlite3.Connection, run: Run, documents: Sequence[str], ids: Iterable[str]) -> None:
    """Take away text of documents that so far only a package told of, and text of theirs that has a name of ours."""
    theirs = f"""SELECT d.id FROM documents AS d WHERE d.id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM traces AS t
        WHERE t.document_id = d.id AND (t.run_id = ? OR t.run_id NOT IN ({THEIRS})))"""
    gone = [key for (key,) in sql.execute(theirs, (json.dumps(list(documents)), run.id)).fetchall()]
    other = f"""SELECT p.id FROM passages AS p WHERE p.id IN (SELECT value FROM json_each(?)) AND p.document_id NOT IN
        (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = p.document_id
            AND t.run_id NOT IN ({THEIRS}))"""
    taken = [key for (key,) in sql.execute(other, (json.dumps(sorted(ids)), json.dumps(list(documents)))).fetchall()]
    for column, key in [*(("document_id", key) for key in gone), *(("id", key) for key in taken)]:
        _delete_passages(sql, column, key)
    sql.executemany("DELETE FROM documents WHERE id = ?", [(key,) for key in gone])


def _delete_passages(sql: sqlite3.Connection, column: str, key: str) -> None:
    """Delete passages that have a key in a column, and their words."""
    of = f"SELECT n FROM passages WHERE {column} = ?"
    sql.execute(
        f"""INSERT INTO words (words, rowid, text) SELECT 'delete', n, plain(text) FROM passages
            WHERE {column} = ? AND n NOT IN (SELECT n FROM unindexed)""",
        (key,),
    )
    sql.execute(f"DELETE FROM unindexed WHERE n IN ({of})", (key,))
    sql.execute(f"DELETE FROM readings WHERE passage_id IN (SELECT id FROM passages WHERE {column} = ?)", (key,))
    sql.execute(f"DELETE FROM passages WHERE {column} = ?", (key,))


def _displace_documents(sql: sqlite3.Connection, run_id: str, source: str) -> None:
    """Turn documents that lie nowhere but in a reading of others into remarks on its source, with their text; but for what is set aside."""
    sender = _get_sender(sql, run_id, "")
    for row in _read_rows(sql, ALONE, run=run_id):
        key = str(row["id"])
        for table, query in (("documents", SHOWN_DOCUMENT), ("passages", SHOWN_PASSAGES)):
            for told in _read_rows(sql, query, document=key):
                _add_remark(sql, table, told, sender, (source,))
        _delete_passages(sql, "document_id", key)
        sql.execute("DELETE FROM documents WHERE id = ?", (key,))


def _read_here(sql: sqlite3.Connection, documents: Iterable[str]) -> list[str]:
    """Which of these documents lie in a source of our own."""
    query = f"""SELECT value FROM json_each(?) AS d WHERE EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = d.value
        AND t.run_id NOT IN ({THEIRS}))"""
    return [str(key) for (key,) in sql.execute(query, (json.dumps(sorted(set(documents))),)).fetchall()]


def _get_sender(sql: sqlite3.Connection, run_id: str, evidence: str) -> tuple[str, str]:
    """Bureau and package of a foreign row."""
    query = """SELECT bureau, package FROM foreign_rows WHERE (kind = 'run' AND key = ?) OR (kind = 'evidence' AND key = ?)
        ORDER BY kind LIMIT 1"""
    bureau, package = sql.execute(query, (run_id, evidence)).fetchone()
    return str(bureau), str(package)


def _add_row_remark(sql: sqlite3.Connection, table: str, row: Told, sender: tuple[str, str]) -> None:
    query = "SELECT DISTINCT value FROM json_tree(?) WHERE value IN (SELECT id FROM temp.turned) ORDER BY key"
    listed = [json.loads(str(value)) if name in ("passages", "detail") else value for name, value in row.items()]
    _add_remark(
        sql, table, row, sender, tuple(str(key) for (key,) in sql.execute(query, (json.dumps(listed),)).fetchall())
    )


def _add_remark(
    sql: sqlite3.Connection, table: str, row: Told, sender: tuple[str, str], targets: tuple[str, ...]
) -> None:
    """Keep a row as a remark on some things, under the marks of what it names."""
    bureau, package = sender
    marks = {
        facet: sorted(values)
        for facet, values in _list_marks(sql, row, bureau).items()
        if remarks.has_facet(table, facet, "any")
    }
    remarks.add_remark(
        sql,
        remarks.Remark(
            remarks.compute_remark_id(bureau, table, row), bureau, package, table, targets, marks, row, now()
        ),
    )


def _list_marks(sql: sqlite3.Connection, row: Told, bureau: str) -> dict[str, set[str]]:
    """The marks of all that a row stands on, also of what is ours by now."""
    found: dict[str, set[str]] = {}
    query = """WITH marked AS (SELECT value AS id FROM json_each(?))
        SELECT facet, value FROM main.live_terms WHERE target_id IN (SELECT id FROM marked)
        UNION ALL SELECT facet, value FROM temp.turned_terms WHERE target_id IN (SELECT id FROM marked) AND bureau IN ('', ?)"""
    sql.execute(TURNED_TERMS)
    bases = json.dumps(remarks.list_bases(sql, row))
    for facet, value in sql.execute(query, (bases, bureau)).fetchall():
        found.setdefault(str(facet), set()).update(json.loads(value))
    return found


def _read_rows(sql: sqlite3.Connection, query: str, **named: str) -> list[Told]:
    cursor = sql.execute(query, {name: value for name, value in named.items() if f":{name}" in query})
    columns = [str(column[0]) for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
