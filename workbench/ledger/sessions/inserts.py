"""How rows are stored: the SQL of each kind of row, and its values."""

from __future__ import annotations

import sqlite3
import unicodedata
from itertools import pairwise

from workbench.ledger.storage.runs import Run
from workbench.ledger.storage.source_names import get_known_name
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Document, Issue, LedgerRow, Passage, Trace
from workbench.model.text.normalise import normalise_search_text

STATEMENT = "INSERT OR IGNORE INTO statements VALUES (?, ?, ?, ?, ?)"
EVIDENCE = "INSERT OR IGNORE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DOCUMENT = "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)"
TRACE = "INSERT OR IGNORE INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
PASSAGE = "INSERT OR IGNORE INTO passages (id, document_id, number, page, text) VALUES (?, ?, ?, ?, ?)"
ISSUE = "INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
READING = "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)"
ORDER = [DOCUMENT, TRACE, PASSAGE, STATEMENT, EVIDENCE, READING, ISSUE]
"""In which batches are written: what is referred to comes first."""


def build_inserts(row: LedgerRow, run: Run, run_id: str) -> list[tuple[str, tuple[object, ...]]]:
    """Statements that store a row of a run, with their values. `run_id` is the run's id, worked out once for all its rows."""
    match row:
        case Document():
            return [(DOCUMENT, (row.id, row.schema, row.title, row.at, row.service))]
        case Trace():
            at = (row.source, row.trace, row.place, row.device, row.custodian, row.conversation)
            return [(TRACE, (row.id, run_id, row.document_id, *at))]
        case Passage():
            return [(PASSAGE, (row.id, row.document_id, row.number, row.page, row.text))]
        case Claim():
            where = (row.document_id, row.passage_id, row.trace_id, str(row.start), str(row.end), row.method)
            statement = row.statement_id
            key = compute_digest("evidence", statement, run_id, *where)
            made = [
                (STATEMENT, (statement, row.entity_id, row.schema, row.prop, row.value)),
                (EVIDENCE, (key, statement, run_id, *build_place_columns(row), "", "", "")),
            ]
            read = run.kind == "add" and row.kind == "suggested"
            return [*made, *([(READING, (row.passage_id, row.method, row.version))] if read else [])]
        case Issue():
            return [
                (
                    ISSUE,
                    (
                        row.id,
                        run_id,
                        run.source,
                        row.code,
                        row.severity,
                        row.message,
                        row.fix,
                        row.document_id,
                        row.place,
                    ),
                )
            ]


def build_place_columns(claim: Claim) -> tuple[object, ...]:
    """Columns of `evidence` that say where and by what a claim is made."""
    where = (claim.document_id, claim.passage_id, claim.trace_id, claim.start, claim.end)
    return (*where, claim.method, claim.version, claim.confidence, claim.kind, claim.original_value)


def replace_passage_text(sql: sqlite3.Connection, n: int, old: str, new: str) -> None:
    """Change the text of a passage, in the index of words as well."""
    is_indexed = sql.execute("SELECT 1 FROM unindexed WHERE n = ?", (n,)).fetchone() is None
    if is_indexed:
        sql.execute("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, plain(?))", (n, old))
    sql.execute("UPDATE passages SET text = ? WHERE n = ?", (new, n))
    if is_indexed:
        sql.execute("INSERT INTO words (rowid, text) VALUES (?, plain(?))", (n, new))


def to_index_text(text: str) -> str:
    """Text as it is indexed: `normalise.normalise_search_text`, with spaces in place of emoji and other pictures."""
    if text.isascii():
        return text
    text = normalise_search_text(text)
    return "".join(" " if ord(c) > 0xFF and unicodedata.category(c) in ("So", "Sk", "Cn", "Co") else c for c in text)


def build_name_query(name: str) -> str:
    """A query of the index that finds texts which name a file, as `is_file_named` knows it; texts that do not are among them.

    A link has `%20` before the words behind the first, which are words of their own in the index. A name with letters of other scripts
    may be written with signs that part its words: two words of it one after the other are enough.

    >>> build_name_query("My memo.txt")
    '"My memo.txt" OR "My 20memo.txt"'
    """
    words = get_known_name(name).split()
    forms = [" ".join(words), " 20".join(words)]
    if not name.isascii() and len(words) > 2:
        forms += map(" ".join, pairwise(words))
    return " OR ".join(dict.fromkeys(map(build_phrase, forms)))


def build_phrase(text: str) -> str:
    """A query of the index that finds the words of a text in their order."""
    return '"' + to_index_text(text).replace('"', " ").replace("\0", " ") + '"'
