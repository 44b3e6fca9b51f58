"""Erasing from the ledger: rows, what hangs on them, words in texts that stay, the index of words, and at the end the free space.

One transaction takes everything out and sets the tombstone, so that nothing is ever half erased. What is left then (files, free pages
of the ledger, its log of writing) is noted in the same transaction and done until it is done, also after an interruption.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.ledger.erasure import erased_remarks, id_removal, log_texts, remaining_ways, tombstones
from workbench.ledger.erasure.erasure_closure import (
    OF_GONE,
    ErasureIds,
    Gone,
    compute_closure,
    list_ids,
    list_unsupported_statements,
    note_ids,
    note_orphans,
)
from workbench.ledger.erasure.remaining_ways import Attached
from workbench.ledger.erasure.text_redaction import Blot, Words
from workbench.ledger.erasure.tombstones import ASKED, BLANK, PURGED, Plan, Stone
from workbench.ledger.exclusions.exclusion_rules import update_attachments, update_word_index
from workbench.ledger.foreign.row_ids import rename_id
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.records import products
from workbench.ledger.sessions.write_lock import PATIENCE
from workbench.ledger.storage.runs import RowFile, Run
from workbench.model.pseudonyms.name_matching import Phrases

LONG = 24
"""Characters from which on an erased text is struck where others quote it."""
MOMENT, BREATH = 0.5, 0.1
"""Seconds for which readers are waited for while nobody else writes, and for which others may write then."""
SAID = {
    "set_asides": (("taken", "set_aside_id"), ("decisions", "target_id"), ("set_asides", "id")),
    "disclosures": (("disclosed", "disclosure_id"), ("disclosures", "id")),
    "charts": (("drawings", "chart"), ("charts", "name")),
    "packages": (("packages", "sha256"),),
}
"""What officers make of material -> tables in which it stands, and by which column."""
NAMELESS = frozenset({"Message", "Email", "Call", "Payment", "Event", "Table", "PlainText", "Pages"})
"""Schemata whose values are no names or numbers of anybody."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a statement stands."""

    document: str
    passage: str = ""
    trace: str = ""
    start: int = -1
    stop: int = -1


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file in the place of one that holds what is erased.

    Attributes
    ----------
    old, new : str
        SHA-256 of both.
    size : int
        Bytes.
    moved : mapping
        Old place -> new place.
    homes : mapping
        Statement that loses its evidence -> where the file says it as well.
    name : str
        Under which the file stands from now on; '' as before.
    """

    old: str
    new: str
    size: int
    moved: Mapping[str, str] = field(default_factory=dict)
    homes: Mapping[str, Home] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an erasure does to a ledger.

    Attributes
    ----------
    gone : Gone
        As `erasure_closure.compute_closure` noted it in this transaction.
    words : Words
        What is struck in texts that stay.
    replaced : sequence of Replacement
    rows : sequence of (str, RowFile or None)
        Files of mass rows by name, and what takes their place.
    files : sequence of str
        Files of the case folder that are deleted afterwards.
    joined : sequence of str
        Entities that judgements have joined to those that are asked for.
    entries : frozenset of int, optional
        Entries of the log of which the officer may know what they say: the texts of no others are counted. None: of all.
    """

    gone: Gone
    words: Words
    replaced: Sequence[Replacement] = ()
    rows: Sequence[tuple[str, RowFile | None]] = ()
    files: Sequence[str] = ()
    joined: Sequence[str] = ()
    entries: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was erased: rows by kind, what was sent out, what is left to do; the words and texts that went; files that came with it."""

    counts: Mapping[str, int]
    sent: Sequence[str]
    plan: Plan
    words: Words
    texts: Sequence[str]
    attached: Attached


def purge_material(ledger: Ledger, sql: sqlite3.Connection, plan: Plan, change: Change) -> Done:
    """Take everything out inside the caller's transaction, set the tombstone, and write the log."""
    sql.execute("PRAGMA secure_delete = ON").fetchall()
    sql.execute("PRAGMA defer_foreign_keys = ON")
    sql.execute("INSERT INTO words (words, rank) VALUES ('secure-delete', 1)")
    key = tombstones.get_secret(sql)
    _move_evidence(sql, change)
    blot = Blot(sql, change.words)
    blot.strike_source_texts()
    note_orphans(sql)
    marks = [
        (kind, tombstones.compute_mark(key, tombstones.BASE.get(kind, kind), one))
        for kind, one in _list_marks(sql, change, blot)
    ]
    targets = [*plan.targets, *(("entity", one) for one in change.joined)]
    marks += [(f"{ASKED} {kind}", tombstones.compute_mark(key, kind, one)) for kind, one in targets]
    marks += _list_lineage_marks(sql, key, plan, change)
    sent = list_disclosure_ids(sql)
    erased = [text for (text,) in sql.execute("SELECT text FROM passages WHERE id IN temp.er_passage").fetchall()]
    blot.words = replace(change.words, said=_collect_phrases(sql, change, erased))
    log = id_removal.remove_erased_ids(sql, blot.rows)
    counts, attached = _delete_rows_with_ways(ledger, sql, plan)
    counts["remarks"] += erased_remarks.remove_remarks(sql, marks)
    blot.strike_officer_texts()
    marks += [(kind, tombstones.compute_mark(key, kind, one)) for kind, one in _list_changes(blot)]
    log += blot.log(erased)
    for one in change.replaced:
        _put_in_place(sql, one)
    _replace_row_files(sql, change.rows)
    update_attachments(sql)
    update_word_index(sql)
    found = {**counts, "texts with words struck": blot.places, "texts of the log": len(_select_known(change, log))}
    counts = +Counter(found if plan.counts is None else plan.counts)
    rows = counts.total()
    stone = Stone(plan.id, plan.kind, plan.officer, plan.reason, plan.at, rows, tuple(dict.fromkeys(marks)))
    if plan.of:
        stone = replace(stone, id=plan.of)
    tombstones.add_tombstone(sql, stone, counts, sent)
    _log_erasure(ledger, sql, plan, change, log)
    told = {"tombstone": stone.id, "rows": rows, **({"replayed": True} if plan.of else {})}
    ledger.log(
        sql, "erasure", Object(plan.kind, id=stone.id, count=len(plan.targets)), {**told, "because": plan.reason}
    )
    left = replace(plan, state=PURGED, files=change.files, passages=sorted({*change.gone.passages, *blot.passages}))
    tombstones.record_progress(sql, left)
    return Done(dict(counts), sent, left, blot.words, erased, attached)


def _select_known(change: Change, log: Iterable[log_texts.Place]) -> set[log_texts.Place]:
    """Of texts of the log those in entries of which the officer may know what they say."""
    return {place for place in log if change.entries is None or place[0] in change.entries}


def list_said(sql: sqlite3.Connection, table: str) -> frozenset[str]:
    """Keys of all rows of a table of SAID."""
    column = dict(SAID[table])[table]
    return frozenset(str(key) for (key,) in sql.execute(f"SELECT {column} FROM {table}").fetchall())


def leave_out(sql: sqlite3.Connection, unknown: str, said: Mapping[str, Collection[str]] | None = None) -> None:
    """Take ids (a JSON list) out of the ledger with all that hangs on them, and nothing else; the caller takes it back.

    `said`: what officers have made of it, whose words are texts of the ledger too, by the tables of SAID.
    """
    for table, keys in (said or {}).items():
        for name, column in SAID[table]:
            sql.execute(
                f"DELETE FROM {name} WHERE {column} IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
            )
    rests = "SELECT 1 FROM json_each(rests) WHERE value IN (SELECT value FROM json_each(?))"
    sql.execute(f"DELETE FROM drafts WHERE EXISTS ({rests})", (unknown,))
    sql.execute("PRAGMA defer_foreign_keys = ON")
    found = {
        kind: frozenset(key for (key,) in sql.execute(f"{query} IN (SELECT value FROM json_each(?))", (unknown,)))
        for kind, query in OF_KIND.items()
    }
    named = {f"{kind}s": found[kind] for kind in ("source", "document", "passage", "note")}
    compute_closure(sql, ErasureIds(**named, entities=found["entity"]))
    for kind in ("statement", "evidence"):
        note_ids(sql, kind, found[kind])
    note_orphans(sql)
    _delete_rows(sql)


def overwrite_free_space(ledger: Ledger) -> bool:
    """Overwrite the free space of the ledger and its log of writing; False while another connection reads it.

    Between one attempt and the next others may write.
    """
    sql, end = ledger.connection, time.monotonic() + PATIENCE
    with ledger.hold_write_lock():
        sql.execute("PRAGMA secure_delete = ON").fetchall()
        try:
            sql.execute("INSERT INTO words (words) VALUES ('optimize')")
            sql.execute("VACUUM")
        except sqlite3.OperationalError:
            return False
    while not (is_cut := _cut_log(ledger)) and time.monotonic() < end:
        time.sleep(BREATH)
    return is_cut


def _cut_log(ledger: Ledger) -> bool:
    """Cut the log of writing to nothing; False where somebody reads it for longer than a moment."""
    with ledger.hold_write_lock():
        sql = ledger.connection
        sql.execute(f"PRAGMA busy_timeout = {int(MOMENT * 1000)}").fetchall()
        try:
            return not sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False
        finally:
            sql.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}").fetchall()


def clear_plan(ledger: Ledger, plan: Plan) -> None:
    """Note that the files of an erasure are gone; what it was to do is forgotten, its names among it."""
    with ledger.open_transaction() as sql:
        sql.execute("PRAGMA secure_delete = ON").fetchall()
        tombstones.record_progress(sql, replace(plan, state=BLANK))


def remove_plan(ledger: Ledger, key: str) -> None:
    """Note that nothing of an erasure is left to do."""
    with ledger.open_transaction() as sql:
        sql.execute("DELETE FROM erasing WHERE id = ?", (key,))


def _move_evidence(sql: sqlite3.Connection, change: Change) -> None:
    """Let evidence stand where its file says the same again; where the file cannot be read again, where its thing is named."""
    homes = {key: home for one in change.replaced for key, home in one.homes.items()}
    kept = []
    for statement in list_unsupported_statements(sql):
        home = homes.get(statement) or _find_document(sql, statement)
        found = sql.execute("SELECT min(id) FROM evidence WHERE statement_id = ?", (statement,)).fetchone()
        if home and found and found[0]:
            row = (home.document, home.passage, home.trace, home.start, home.stop, found[0])
            kept.append(found[0])
            sets = "document_id = ?, passage_id = ?, trace_id = ?, start = ?, stop = ?"
            sql.execute(f"UPDATE evidence SET {sets} WHERE id = ?", row)
    sql.executemany("DELETE FROM temp.er_evidence WHERE id = ?", [(key,) for key in kept])


def _find_document(sql: sqlite3.Connection, statement: str) -> Home | None:
    """A document of the same file that still names the entity of a statement."""
    query = """SELECT o.document_id, o.trace_id FROM statements AS s JOIN evidence AS e ON e.statement_id = s.id
        JOIN statements AS n ON n.value = s.entity_id JOIN evidence AS o ON o.statement_id = n.id AND o.run_id = e.run_id
        WHERE s.id = ? AND o.id NOT IN temp.er_evidence AND o.document_id != '' ORDER BY o.id LIMIT 1"""
    row = sql.execute(query, (statement,)).fetchone()
    return Home(row[0], trace=row[1]) if row else None


def _list_marks(sql: sqlite3.Connection, change: Change, blot: Blot) -> Iterable[tuple[str, str]]:
    """By what it is known again: what went, files that were replaced, documents whose text was changed."""
    for kind in ("source", "document", "passage", "entity", "note", "statement", "evidence"):
        yield from ((kind, key) for key in list_ids(sql, kind))
    yield from (("source", one.old) for one in change.replaced)
    query = """SELECT DISTINCT document_id FROM passages WHERE id IN (SELECT value FROM json_each(?))
        AND document_id NOT IN temp.er_document"""
    yield from (("statement", key) for key in sorted(blot.statements))
    struck = sorted({*change.gone.passages, *blot.passages})
    changed = json.dumps(struck)
    yield from (("struck", key) for key in struck)
    yield from (("changed", key) for (key,) in sql.execute(query, (changed,)).fetchall())


def _list_changes(blot: Blot) -> Iterable[tuple[str, str]]:
    """By what rows and texts are known again that stay without some of their words."""
    yield from sorted({(f"{erased_remarks.ROW}{table}", key) for table, key in erased_remarks.list_row_keys(blot.rows)})
    yield from ((erased_remarks.TEXT, text) for text in sorted(blot.texts))


def _list_lineage_marks(sql: sqlite3.Connection, key: str, plan: Plan, change: Change) -> Iterable[tuple[str, str]]:
    """Which file takes the place of which; of a file that is asked for, those whose place it took: a backup brings back these."""
    for one in change.replaced:
        old, new = (tombstones.compute_mark(key, "source", name) for name in (one.old, one.new))
        yield f"{tombstones.COPY}{old}", new
    query = "SELECT sha256 FROM sources WHERE sha256 NOT IN temp.er_source"
    kept = {str(name) for (name,) in sql.execute(query).fetchall()}
    for target in (name for kind, name in plan.targets if kind == "source"):
        for before in sorted(tombstones.list_original_marks(sql, target, kept)):
            yield from ((kind, before) for kind in ("source", f"{ASKED} source"))


def list_disclosure_ids(sql: sqlite3.Connection) -> list[str]:
    """What had gone out of what is erased."""
    query = " UNION ".join(
        f"SELECT disclosure_id FROM disclosed WHERE target_id IN temp.er_{kind}"
        for kind in ("entity", "document", "source")
    )
    return [str(key) for (key,) in sql.execute(query).fetchall()]


def _collect_phrases(sql: sqlite3.Connection, change: Change, erased: Iterable[str]) -> Phrases:
    """What officers may have quoted: erased texts, names of erased files, names and numbers that nothing states any more."""
    names = sql.execute("SELECT name FROM sources WHERE sha256 IN temp.er_source").fetchall()
    nameless = ", ".join(f"'{schema}'" for schema in sorted(NAMELESS))
    query = f"""SELECT DISTINCT s.value FROM statements AS s WHERE s.id IN temp.er_statement AND length(s.value) > 4
        AND s.schema NOT IN ({nameless}) AND s.prop NOT IN ('basis', 'service', 'description', 'summary', 'gender', 'country')
        AND NOT EXISTS (SELECT 1 FROM statements AS o WHERE o.value = s.value AND o.id NOT IN temp.er_statement)"""
    values = sql.execute(query).fetchall()
    phrases = {text for (text,) in (*values, *names)} | {text for text in erased if len(text) >= LONG}
    found = Phrases(dict.fromkeys(phrases, "[erased]"))
    return found if not change.words.near else Phrases.merge_phrases(found, change.words.near)


def _log_erasure(
    ledger: Ledger, sql: sqlite3.Connection, plan: Plan, change: Change, places: Iterable[log_texts.Place]
) -> None:
    """Tell the log of texts of its own that are gone, of files that are gone, and of those that came in their place."""
    known = products.load_products(sql)
    log_texts.take_out(ledger, sql, places, plan.reason)
    products.record_erasure(ledger, sql, known, change.files, plan.reason)
    for key in sorted({*change.gone.sources, *(one.old for one in change.replaced)}):
        ledger.log(sql, "erasure", Object("source", id=key), {"because": plan.reason})
    for one in change.replaced:
        what = Object("source", id=one.new, outputs=[one.new])
        ledger.log(sql, "collection", what, {"in the place of": "an erased file", "because": plan.reason})


OF_KIND = {
    "source": "SELECT sha256 FROM sources WHERE sha256", "document": "SELECT id FROM documents WHERE id",
    "passage": "SELECT id FROM passages WHERE id", "note": "SELECT id FROM notes WHERE id",
    "entity": "SELECT DISTINCT entity_id FROM statements WHERE entity_id",
    "statement": "SELECT id FROM statements WHERE id", "evidence": "SELECT id FROM evidence WHERE id",
}  # fmt: skip
"""Kind -> where its ids are looked up."""
UNKNOWN = " OR ".join(
    f"(kind IN ('{kind}', '{kind} remark') AND CAST(key AS INTEGER) NOT IN (SELECT seq FROM {kind}s))"
    for kind in ("judgement", "decision")
)
"""Rows of other bureaux that are gone, among those that are known by their number."""
DELETE: tuple[tuple[str, str, str], ...] = (
    ("evidence", "evidence", "id IN temp.er_evidence"),
    ("statements", "statements", "id IN temp.er_statement"),
    ("messages", "messages", "document_id IN temp.er_document OR source IN temp.er_source"),
    ("readings", "", "passage_id IN temp.er_passage"),
    ("main.taken", "", "document_id IN temp.er_document OR passage_id IN temp.er_passage"),
    ("issues", "issues", "document_id IN temp.er_document OR source IN temp.er_source OR run_id IN temp.er_run"),
    ("passages", "passages", "id IN temp.er_passage"),
    ("traces", "places", "id IN temp.er_trace OR source IN temp.er_source"),
    ("documents", "documents", "id IN temp.er_document"),
    ("row_files", "", OF_GONE),
    # A way in which a file that stays has come goes with its message or mail: it must count nowhere any more.
    ("arrivals", "", "source IN temp.er_source OR outer_source IN temp.er_source OR document_id IN temp.er_document"),
    ("source_facts", "", "source IN temp.er_source"),
    ("sources", "files", "sha256 IN temp.er_source"),
    ("runs", "", "id IN temp.er_run"),
    ("notes", "notes", "id IN temp.er_note"),
    ("judgements", "judgements", "left_id IN temp.er_entity OR right_id IN temp.er_entity"),
    ("disclosed", "", "target_id IN temp.er_all"),
    ("terms", "marks and grades", "target_id IN temp.er_all"),
    ("decisions", "decisions", "target_id IN temp.er_all OR replacement IN temp.er_all"),
    (
        "remarks",
        "remarks",
        """EXISTS (SELECT 1 FROM (SELECT value FROM json_each(targets) UNION ALL SELECT value FROM json_each(body)
        UNION ALL SELECT value FROM json_each(coalesce(json_extract(body, '$.passages'), '[]'))) WHERE value IN temp.er_all)""",
    ),
    ("foreign_rows", "", f"key IN temp.er_all OR {UNKNOWN}"),
)
"""Table, what its rows are called in the answer ('' uncounted), which of them go."""


def _delete_rows(sql: sqlite3.Connection) -> Counter[str]:
    counts: Counter[str] = Counter(entities=len(list_ids(sql, "entity")))
    sql.execute("CREATE TEMP TABLE IF NOT EXISTS er_all (id TEXT PRIMARY KEY) WITHOUT ROWID")
    sql.execute("DELETE FROM temp.er_all")
    for kind in ("source", "run", "document", "trace", "passage", "entity", "statement", "evidence", "note"):
        note_ids(sql, "all", list_ids(sql, kind))
    gone = "id IN temp.er_passage AND n NOT IN (SELECT n FROM unindexed)"
    sql.execute(f"INSERT INTO words (words, rowid, text) SELECT 'delete', n, plain(text) FROM passages WHERE {gone}")
    sql.execute("DELETE FROM unindexed WHERE n IN (SELECT n FROM passages WHERE id IN temp.er_passage)")
    for table, called, condition in DELETE:
        number = sql.execute(f"DELETE FROM {table} WHERE {condition}").rowcount
        if called:
            counts[called] += max(0, number)
    return counts


def _delete_rows_with_ways(ledger: Ledger, sql: sqlite3.Connection, plan: Plan) -> tuple[Counter[str], Attached]:
    """Delete the rows; how many of each kind, and what came with them: what of it stays has no way that is erased any more."""
    attached = remaining_ways.find_attached(sql, [key for kind, key in plan.targets if kind == "source"])
    counts = _delete_rows(sql)
    names = remaining_ways.settle_kept_files(ledger, sql, attached, plan.reason)
    return counts, replace(attached, names=names)


OF_SOURCE = (
    ("source_facts", "source"), ("traces", "source"), ("issues", "source"), ("row_files", "source"), ("arrivals", "source"),
    ("arrivals", "outer_source"), ("messages", "source"), ("terms", "target_id"), ("disclosed", "target_id"), ("decisions", "target_id"),
    ("foreign_rows", "key"), ("foreign_rows", "id"),
)  # fmt: skip
OF_RUN = (
    ("traces", "run_id"), ("evidence", "run_id"), ("issues", "run_id"), ("row_files", "run_id"), ("arrivals", "run_id"),
    ("decisions", "target_id"), ("foreign_rows", "key"), ("foreign_rows", "id"),
)  # fmt: skip


def _put_in_place(sql: sqlite3.Connection, made: Replacement) -> None:
    """Let everything that stood in a file stand in the one that takes its place."""
    sql.execute(
        "INSERT OR IGNORE INTO sources SELECT ?, coalesce(nullif(?, ''), name), ?, received_at, officer FROM sources WHERE sha256 = ?",
        (made.new, made.name, made.size, made.old),
    )
    for table in ("traces", "issues"):
        moved = [(new, made.old, old) for old, new in made.moved.items()]
        _move_places(sql, table, moved)
    query = "SELECT id, kind, method, version, parameters FROM runs WHERE source = ?"
    for key, kind, method, version, parameters in sql.execute(query, (made.old,)).fetchall():
        run = Run(kind, method, version, made.new, parameters)
        sql.execute("UPDATE OR REPLACE runs SET id = ?, source = ? WHERE id = ?", (run.id, made.new, key))
        rename_id(sql, key, run.id, OF_RUN)
    rename_id(sql, made.old, made.new, OF_SOURCE)
    sql.execute("UPDATE set_asides SET rule = replace(rule, ?1, ?2) WHERE instr(rule, ?1)", (made.old, made.new))
    gone = "SELECT entity_id FROM statements WHERE prop = 'contentHash' AND value = ?"
    kept = f"entity_id IN ({gone}) AND prop IN ('contentHash', 'fileSize')"
    sql.execute(f"DELETE FROM evidence WHERE statement_id IN (SELECT id FROM statements WHERE {kept})", (made.old,))
    sql.execute(f"DELETE FROM statements WHERE {kept}", (made.old,))
    sql.execute("DELETE FROM sources WHERE sha256 = ?", (made.old,))


def _move_places(sql: sqlite3.Connection, table: str, moved: Sequence[tuple[str, str, str]]) -> None:
    """Give places their new numbers, all at once: one may be where another was."""
    mark = "moved: "
    sql.executemany(f"UPDATE {table} SET place = '{mark}' || ? WHERE source = ? AND place = ?", moved)
    sql.execute(
        f"UPDATE {table} SET place = substr(place, {len(mark) + 1}) WHERE substr(place, 1, {len(mark)}) = '{mark}'"
    )


def _replace_row_files(sql: sqlite3.Connection, rows: Iterable[tuple[str, RowFile | None]]) -> None:
    """Register files of mass rows in the place of others."""
    for old, new in rows:
        if new is None:
            sql.execute("DELETE FROM row_files WHERE path = ?", (old,))
        else:
            told = (new.path, new.sha256, new.size, new.rows, old)
            sql.execute("UPDATE row_files SET path = ?, sha256 = ?, size = ?, rows = ? WHERE path = ?", told)
