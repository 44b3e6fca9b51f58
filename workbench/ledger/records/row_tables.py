"""Reading the ledger: every function answers with one table whose columns `workbench.model.table_schemas` fixes.

This is the door to rows. What was withdrawn, superseded or never completed does not pass it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from workbench.ledger.access import hidden_bulk_rows, note_sources
from workbench.ledger.access.own_copies import LATER
from workbench.ledger.access.shown_names import get_documents_view
from workbench.ledger.foreign import foreign_rows, remarks
from workbench.ledger.ledger import Ledger
from workbench.ledger.records import rulings
from workbench.ledger.records.extreme_values import limit_times, limit_values
from workbench.ledger.records.messages import RESTATED, add_key_to_title, list_keyed_bureaux
from workbench.ledger.records.readings import build_order
from workbench.ledger.storage.source_names import replace_file_name
from workbench.ledger.storage.stored_values import parse_json
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import describe_code
from workbench.model.schema import FLAG

FACTS = ("exhibit", "authority", "examiner", "tool", "zone", "verified")
"""What an officer can tell of a source; `verified` is the day on which it was last compared with who gave it."""

LATEST = (
    "(SELECT value FROM source_facts AS f WHERE f.source = {source} AND f.name = '{name}' ORDER BY seq DESC LIMIT 1)"
)
OWN = """CASE WHEN {source} IN (SELECT id FROM gate_own) THEN coalesce((SELECT f.value FROM gate_own AS o CROSS JOIN source_facts AS f
        ON f.source = o.id AND f.officer = o.officer AND {later} WHERE o.id = {source} AND f.name IN ('{name}', 'own {name}')
        ORDER BY f.seq DESC LIMIT 1), (SELECT json_extract(o.facts, '$.{name}') FROM gate_own AS o WHERE o.id = {source}))
    ELSE {latest} END"""
"""A fact of the reader's own copy of a hidden file: what the reader told of it (`owncopies`)."""


ASKED = "(SELECT value FROM json_each(?))"
"""Ids that are given as a JSON list."""


def _build_fact_expression(ledger: Ledger, name: str, source: str) -> str:
    """Expression for the latest value of a fact of a source, as the reader may know it."""
    latest = LATEST.format(source=source, name=name)
    gate = ledger.current_filter
    return (
        OWN.format(source=source, name=name, latest=latest, later=LATER.format("source_facts", "f.seq", "o"))
        if gate and gate.own
        else latest
    )


def _read_table(ledger: Ledger, query: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
    cursor = ledger.reader_connection.execute(query, tuple(parameters))
    columns = [str(column[0]) for column in cursor.description]
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index(columns))


def list_source_hashes(ledger: Ledger) -> frozenset[str]:
    """SHA-256 of all sources that are registered, whether or not they count; it is not cut to a reader."""
    return frozenset(str(key) for (key,) in ledger.connection.execute("SELECT sha256 FROM main.sources").fetchall())


def list_earlier_facts(ledger: Ledger, source: str = "") -> dict[str, list[tuple[str, str]]]:
    """Of each source what was told of it before something else was: names and values, in the order in which they were told."""
    query = """SELECT source, name, value FROM source_facts WHERE ? IN ('', source) AND name <> 'verified' AND name NOT GLOB 'own *'
        ORDER BY seq"""
    told: dict[str, dict[tuple[str, str], None]] = {}
    latest: dict[tuple[str, str], str] = {}
    for key, name, value in ledger.reader_connection.execute(query, (source,)):
        told.setdefault(key, {})[name, value] = None
        latest[key, name] = value
    return {
        key: [(name, value) for name, value in facts if value and latest[key, name] != value]
        for key, facts in told.items()
    }


def list_sources(ledger: Ledger, source: str = "") -> pd.DataFrame:
    """Received files, by name; with `source`, only that one.

    Columns: source (SHA-256), name, size [bytes], received_at, officer, the facts of FACTS, within (names of the sources in
    which it came, '' if by itself), state, reader, reader_version, run_id, parameters (JSON), documents (number in the live
    run), reason (why it was quarantined), before (facts that were told before and are others now: 'exhibit: EX-1').

    `state`: read, quarantined, withdrawn, or interrupted (no run was completed).
    """
    facts = ", ".join(f"{_build_fact_expression(ledger, name, 's.sha256')} AS {name}" for name in FACTS)
    query = f"""
        SELECT s.sha256 AS source, s.name, s.size, s.received_at, s.officer, {facts}, coalesce((SELECT
                group_concat(DISTINCT o.name) FROM live_arrivals AS a JOIN live_sources AS o ON o.sha256 = a.outer_source
                WHERE a.source = s.sha256), '') AS within,
            CASE WHEN r.id IS NULL THEN 'interrupted' WHEN v.verdict = 'withdrawn' THEN 'withdrawn' ELSE r.state END AS state,
            coalesce(r.method, '') AS reader, coalesce(r.version, '') AS reader_version, coalesce(r.id, '') AS run_id,
            coalesce(r.counts, '{{}}') AS counts, coalesce(r.parameters, '{{}}') AS parameters
        FROM live_sources AS s
        LEFT JOIN runs AS r ON r.id = (SELECT r2.id FROM runs AS r2 LEFT JOIN ruling AS v2 ON v2.target_id = r2.id
            WHERE r2.source = s.sha256 ORDER BY {build_order("r2", "v2")} LIMIT 1)
        LEFT JOIN ruling AS v ON v.target_id = r.id
        WHERE ? IN ('', s.sha256) ORDER BY s.name, s.sha256"""
    frame = _read_table(ledger, query, (source,))
    counts = [parse_json(text, dict) or {} for text in frame.pop("counts")]
    gone = _count_withheld(ledger)
    frame["documents"] = [
        get_count(count, "documents") - gone.get(run, 0) for count, run in zip(counts, frame["run_id"], strict=True)
    ]
    renamed = (gate := ledger.current_filter) and gate.has_withheld
    shown = ledger.reader_connection.execute("SELECT id, first, options FROM gate_names").fetchall() if renamed else ()
    firsts = {key: first for key, first, _ in shown}
    asked = {key: options for key, _, options in shown if options is not None}
    before = list_earlier_facts(ledger, source)
    frame["before"] = [
        "; ".join(f"{name}: {value}" for name, value in before.get(key, ()) if key not in asked)
        for key in frame["source"]
    ]
    read = zip(frame["source"], frame["parameters"], strict=True)
    frame["parameters"] = [asked.get(key, options) for key, options in read]
    told = zip((str(count.get("reason", "")) for count in counts), frame["source"], frame["name"], strict=True)
    frame["reason"] = [replace_file_name(why, firsts.get(key), name) or why for why, key, name in told]
    return frame.fillna("")


def get_count(counts: Mapping[str, object], kind: str) -> int:
    """A number among the counts of a run; 0 where there is none, as a run of somebody else may have it."""
    number = counts.get(kind, 0)
    return number if isinstance(number, int) else 0


def _count_withheld(ledger: Ledger) -> dict[str, int]:
    """How many of its documents the reader may not see, by run."""
    if not ((gate := ledger.current_filter) and gate.has_withheld):
        return {}
    query = "SELECT run_id, count(DISTINCT document_id) FROM traces WHERE document_id IN gate_ids GROUP BY run_id"
    return dict(ledger.reader_connection.execute(query).fetchall())


def get_options(ledger: Ledger, source: str) -> dict[str, str]:
    """The options with which the reading of a source that counts was made. An own copy (`owncopies`) shows those that came with it."""
    query = f"""SELECT r.parameters FROM runs AS r LEFT JOIN ruling AS v ON v.target_id = r.id WHERE r.source = ?
        ORDER BY {build_order()} LIMIT 1"""
    row = ledger.reader_connection.execute(query, (source,)).fetchone()
    return parse_json(row[0], dict) or {} if row else {}


def get_source_state(ledger: Ledger, source: str, *, own: bool = False) -> tuple[str, str, int]:
    """State of one source ('interrupted' if no run of it is complete), who read it, and how many documents it gave.

    With `own`, what another bureau has read in it does not count: whoever receives a file reads it.
    """
    query = f"""SELECT r.state, r.method, r.counts, coalesce(v.verdict, '') FROM runs AS r
        LEFT JOIN ruling AS v ON v.target_id = r.id WHERE r.source = ?
        AND (NOT ? OR NOT EXISTS (SELECT 1 FROM foreign_rows AS f WHERE f.kind = 'run' AND f.key = r.id))
        ORDER BY {build_order()} LIMIT 1"""
    row = ledger.reader_connection.execute(query, (source, own)).fetchone()
    if row is None:
        return "interrupted", "", 0
    state, method, counts, verdict = row
    return (
        "withdrawn" if verdict == "withdrawn" else state,
        method,
        get_count(parse_json(counts, dict) or {}, "documents"),
    )


def get_refusal(ledger: Ledger, source: str) -> str:
    """Why a source is quarantined, '' if it is not."""
    query = "SELECT counts FROM runs WHERE source = ? AND state = 'quarantined' ORDER BY at DESC, id LIMIT 1"
    row = ledger.reader_connection.execute(query, (source,)).fetchone()
    return str((parse_json(row[0], dict) or {}).get("reason", "")) if row else ""


FIRST_READING = """SELECT state, method, counts FROM runs AS r WHERE source = ?
    AND NOT EXISTS (SELECT 1 FROM foreign_rows AS f WHERE f.kind = 'run' AND f.key = r.id) ORDER BY at, id LIMIT 1"""


def get_reading(ledger: Ledger, source: str) -> tuple[str, str, dict[str, int]]:
    """State, reader and numbers of rows (documents, traces, claims, issues) of our first complete reading of a source; '' without one."""
    row = ledger.connection.execute(FIRST_READING, (source,)).fetchone()
    counts = parse_json(row[2], dict) or {} if row else {}
    kinds = ("documents", "traces", "claims", "issues")
    return *(row[:2] if row else ("", "")), {kind: get_count(counts, kind) for kind in kinds}


def get_size(ledger: Ledger, source: str) -> int:
    """Bytes of a file of the case, whoever reads."""
    return int(ledger.connection.execute("SELECT size FROM main.sources WHERE sha256 = ?", (source,)).fetchone()[0])


def is_foreign(ledger: Ledger, source: str) -> bool:
    """Whether a source has come in packages alone."""
    query = "SELECT 1 FROM foreign_rows WHERE kind = 'source' AND key = ?"
    return ledger.connection.execute(query, (source,)).fetchone() is not None


def find_bringer(ledger: Ledger, source: str) -> str:
    """The bureau in whose packages alone the file of a source came; '' where it is ours or not here, or was only named."""
    query = "SELECT bureau FROM main.foreign_rows WHERE kind = 'source' AND key = ?"
    found = ledger.connection.execute(query, (source,)).fetchone()
    return str(found[0]) if found and foreign_rows.is_sent(ledger.connection, source) else ""


def is_named_alone(ledger: Ledger, source: str) -> bool:
    """Whether another bureau has named the file of a source, and nobody has brought it."""
    return not foreign_rows.is_sent(ledger.connection, source)


def get_reading_counts(ledger: Ledger, source: str) -> dict[str, int]:
    """All numbers that our first complete reading of a source has given."""
    row = ledger.connection.execute(FIRST_READING, (source,)).fetchone()
    return {kind: number for kind, number in json.loads(row[2]).items() if isinstance(number, int)} if row else {}


def list_inner_sources(ledger: Ledger, outer: str, *, is_brought: bool = False) -> list[tuple[str, str, bool]]:
    """Sources that came within another one, in order of name: hash, name, whether anything live holds it.

    is_brought : whether the reader brings the other one now, and holds all that is in it, whoever hid it
    """
    query = """SELECT DISTINCT a.name, a.source,
            EXISTS (SELECT 1 FROM {of}live_arrivals AS l WHERE l.source = a.source)
        FROM {of}arrivals AS a WHERE a.outer_source = ? AND a.source != a.outer_source ORDER BY a.name, a.source"""
    sql, gate = ledger.reader_connection, ledger.current_filter
    found = sql.execute(query.format(of="main." if is_brought else ""), (outer,)).fetchall()
    ways = f"SELECT source, name, shown FROM gate_ways WHERE outer_source = ?{' AND source NOT IN gate_copies' * is_brought}"
    renamed = sql.execute(ways, (outer,)).fetchall() if gate and gate.has_withheld else ()
    shown = {(source, name): called for source, name, called in renamed}
    listed = {(shown.get((source, name), name), source, bool(live)) for name, source, live in found}
    return [(source, name, live) for name, source, live in sorted(listed)]


def list_kept_inside(ledger: Ledger, outer: str) -> list[tuple[str, str]]:
    """Hash and name of the sources that came within another one, whoever reads."""
    query = "SELECT DISTINCT source, name FROM main.arrivals WHERE outer_source = ? AND source != outer_source ORDER BY 2, 1"
    return [(str(source), str(name)) for source, name in ledger.connection.execute(query, (outer,)).fetchall()]


def is_read_elsewhere(ledger: Ledger, source: str) -> bool:
    """Whether another bureau has read a source."""
    query = """SELECT 1 FROM main.runs AS r JOIN foreign_rows AS f ON f.kind = 'run' AND f.key = r.id WHERE r.source = ? LIMIT 1"""
    return ledger.connection.execute(query, (source,)).fetchone() is not None


def list_source_runs(ledger: Ledger, source: str) -> pd.DataFrame:
    """Runs that read a source: run_id, state, method, version, parameters (JSON), at, verdict.

    The one that counts, or counted last, is last (`readings.build_order`).
    """
    query = f"""SELECT r.id AS run_id, r.state, r.method, r.version, r.parameters, r.at, coalesce(v.verdict, '') AS verdict
        FROM runs AS r LEFT JOIN ruling AS v ON v.target_id = r.id WHERE r.source = ? ORDER BY {build_order()}"""
    return _read_table(ledger, query, (source,)).iloc[::-1].reset_index(drop=True)


def get_run_source(ledger: Ledger, run_id: str) -> str:
    """The source that a run read, '' where it read none or is not known."""
    found = ledger.reader_connection.execute("SELECT source FROM runs WHERE id = ?", (run_id,)).fetchone()
    return str(found[0]) if found else ""


def list_runs(ledger: Ledger) -> pd.DataFrame:
    """All live runs: run_id, kind, state, source, method, version, parameters (JSON), officer, at."""
    return _read_table(
        ledger,
        "SELECT id AS run_id, kind, state, source, method, version, parameters, officer, at FROM live_runs ORDER BY at, id",
    )


def list_run_ids(ledger: Ledger, sources: Collection[str]) -> frozenset[str]:
    """Ids of all runs that read some sources, also of those that do not count."""
    query = "SELECT id FROM runs WHERE source IN (SELECT value FROM json_each(?))"
    rows = ledger.reader_connection.execute(query, (json.dumps(sorted(sources)),)).fetchall()
    return frozenset(str(run) for (run,) in rows)


def list_documents(ledger: Ledger, document_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Live documents with DOCUMENTS's columns, in order of time and id; all or the given ones.

    `zone` is the zone of their source, '' if not given or if their sources differ in it.
    """
    zone = _build_fact_expression(ledger, "zone", "t.source")
    query = f"""SELECT d.id AS document_id, d.schema, d.title, d.at, d.service, count(*) AS traces,
            CASE WHEN count(DISTINCT coalesce({zone}, '')) = 1 THEN max(coalesce({zone}, '')) ELSE '' END AS zone
        FROM {get_documents_view(ledger)} AS d JOIN live_traces AS t ON t.document_id = d.id
        {"" if document_ids is None else f"WHERE d.id IN {ASKED}"} GROUP BY d.id ORDER BY d.at, d.id"""
    parameters = () if document_ids is None else (json.dumps(list(document_ids)),)
    made = limit_times(_read_table(ledger, query, parameters))
    keyed = list_keyed_bureaux(ledger)
    for at in made.index[made["document_id"].isin(list(keyed))] if keyed else ():
        made.loc[at, "title"] = add_key_to_title(str(made.loc[at, "title"]), keyed[str(made.loc[at, "document_id"])])
    return made


def list_traces(ledger: Ledger, document_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Where documents lie (TRACES), of all documents or the given ones."""
    exhibit = _build_fact_expression(ledger, "exhibit", "t.source")
    query = f"""SELECT t.id AS trace_id, t.document_id, t.source, s.name AS source_name, coalesce({exhibit}, '') AS exhibit,
            t.trace, t.place, t.device, t.custodian, t.conversation
        FROM live_traces AS t JOIN live_sources AS s ON s.sha256 = t.source"""
    return _select_rows(ledger, query, "t.document_id", document_ids, "ORDER BY t.document_id, t.source, t.trace, t.id")


def list_passages(ledger: Ledger, document_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Live passages (PASSAGES), of all documents or the given ones."""
    query = "SELECT p.id AS passage_id, p.document_id, p.number, p.page, p.text FROM live_passages AS p"
    return _select_rows(ledger, query, "p.document_id", document_ids, "ORDER BY p.n")


def select_live_passages(ledger: Ledger, ids: Sequence[str]) -> set[str]:
    """Of ids those of passages that count and that the reader may see."""
    query = "SELECT p.id FROM live_passages AS p WHERE p.id IN (SELECT value FROM json_each(?))"
    return {key for (key,) in ledger.reader_connection.execute(query, (json.dumps(ids),)).fetchall()}


READ = {"prose": "prose_passages", "small": "small_passages", "all": "live_passages"}
"""Which passages are read: text that people wrote; that and the rows of small tables (up to 500); all."""


def list_unread_passages(ledger: Ledger, method: str, version: str, limit: int, among: str = "all") -> pd.DataFrame:
    """The next passages (PASSAGES; `among` as in READ) that this version of the method has not read, at most `limit`."""
    query = f"""SELECT p.id AS passage_id, p.document_id, p.number, p.page, p.text FROM {READ[among]} AS p
        WHERE NOT EXISTS (SELECT 1 FROM readings AS r WHERE r.passage_id = p.id AND r.method = ? AND r.version = ?)
        ORDER BY p.n LIMIT ?"""
    return _read_table(ledger, query, (method, version, limit))


def count_unread_passages(ledger: Ledger, method: str, version: str, among: str = "all") -> int:
    """How many passages this version of the method has not read."""
    query = f"""SELECT count(*) FROM {READ[among]} AS p WHERE NOT EXISTS
        (SELECT 1 FROM readings AS r WHERE r.passage_id = p.id AND r.method = ? AND r.version = ?)"""
    return int(ledger.reader_connection.execute(query, (method, version)).fetchone()[0])


def list_document_passages(ledger: Ledger, documents: Collection[str]) -> pd.DataFrame:
    """Live passages (PASSAGES) of some documents, of text that is read."""
    query = """SELECT id AS passage_id, document_id, number, page, text FROM small_passages
        WHERE document_id IN (SELECT value FROM json_each(?)) ORDER BY n"""
    return _read_table(ledger, query, (json.dumps(sorted(documents)),))


def list_passage_texts(ledger: Ledger) -> dict[str, str]:
    """Passage id -> text of what is searched by meaning: all text but the rows of large tables."""
    return dict(ledger.reader_connection.execute("SELECT id, text FROM small_passages ORDER BY n").fetchall())


def list_message_passages(ledger: Ledger) -> frozenset[str]:
    """Ids of passages of messages of the desk, whoever reads."""
    query = "SELECT id FROM passages WHERE document_id IN (SELECT document_id FROM messages)"
    return frozenset(key for (key,) in ledger.connection.execute(query).fetchall())


def list_evidence(ledger: Ledger, document_ids: Sequence[str] | None = None) -> pd.DataFrame:
    """Live evidence with EVIDENCE's columns but `canonical_id`, which is not the ledger's to say; of all documents or the given ones.

    `verdict` is the officer's latest on the place, else on the statement, else on the entity. Flags on passages are no claims about
    anything: `flag_records.list_flags` has them. Nor are the lists and texts of messages that went out, which state again what was known.
    """
    query = f"""SELECT e.id AS evidence_id, e.statement_id, e.entity_id, e.schema, e.prop, e.value, e.original_value,
            e.document_id, e.passage_id, e.trace_id, e.start, e.stop AS "end", e.method, e.version, e.confidence, e.kind,
            e.officer, e.because, e.run_id
        FROM live_evidence AS e WHERE NOT (e.schema = '{FLAG}' AND e.kind = 'suggested') AND NOT {RESTATED}
        AND {"TRUE" if document_ids is None else "e.document_id IN (SELECT value FROM json_each(?))"}
        ORDER BY e.entity_id, e.prop, e.value, e.id"""
    frame = limit_values(_read_table(ledger, query, () if document_ids is None else (json.dumps(list(document_ids)),)))
    frame["verdict"] = rulings.list_verdicts(ledger, frame)
    return frame


def list_stated_values(ledger: Ledger, props: Collection[str]) -> pd.DataFrame:
    """What is said of anything, whoever reads, also where it is hidden or set aside: entity_id, prop, value; of some properties."""
    query = f"""SELECT DISTINCT s.entity_id, s.prop, s.value FROM main.evidence AS e JOIN main.statements AS s ON s.id = e.statement_id
        WHERE s.prop IN {ASKED} AND EXISTS (SELECT 1 FROM main.live_runs AS r WHERE r.id = e.run_id)
        AND (e.kind != 'suggested' OR EXISTS (SELECT 1 FROM main.readings AS d WHERE d.passage_id = e.passage_id
            AND d.method = e.method AND d.version = e.version)) ORDER BY 1, 2, 3"""
    cursor = ledger.connection.execute(query, (json.dumps(sorted(props)),))
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index(["entity_id", "prop", "value"]), dtype="str")


def list_statement_times(ledger: Ledger, statements: Collection[str]) -> dict[str, tuple[str, str]]:
    """Statement id -> when it first and when it last came into the case, in UTC; of some statements."""
    query = f"""SELECT e.statement_id, min(coalesce(nullif(e.at, ''), r.at)), max(coalesce(nullif(e.at, ''), r.at))
        FROM live_evidence AS e JOIN runs AS r ON r.id = e.run_id WHERE NOT {RESTATED}
        AND e.statement_id IN (SELECT value FROM json_each(?)) GROUP BY e.statement_id"""
    rows = ledger.reader_connection.execute(query, (json.dumps(sorted(statements)),))
    return {key: (first, last) for key, first, last in rows}


def list_judgements(ledger: Ledger) -> pd.DataFrame:
    """The latest judgement on each pair: left_id, right_id, judgement (same, not same, unsure, open), officer, because, at."""
    return _read_table(
        ledger, "SELECT left_id, right_id, judgement, officer, because, at FROM live_judgements ORDER BY seq"
    )


def list_all_judgements(ledger: Ledger) -> pd.DataFrame:
    """Every judgement, also of before, on pairs that the reader may see; of a reader with own copies the latest of each pair.

    Columns: left_id, right_id, judgement, officer, because, at. A remark of another bureau is none.
    """
    if (gate := ledger.current_filter) and gate.own:
        return list_judgements(ledger)
    query = """SELECT j.left_id, j.right_id, j.judgement, j.officer, j.because, j.at FROM judgements AS j
        JOIN live_judgements AS l ON l.left_id = j.left_id AND l.right_id = j.right_id
        WHERE NOT EXISTS (SELECT 1 FROM foreign_rows AS r WHERE r.kind = 'judgement remark' AND r.key = CAST(j.seq AS TEXT))
        ORDER BY j.seq"""
    return _read_table(ledger, query)


def list_opinions(ledger: Ledger) -> pd.DataFrame:
    """The latest judgement of each officer on each pair: left_id, right_id, judgement, officer, because, at."""
    query = """SELECT j.left_id, j.right_id, j.judgement, j.officer, j.because, j.at FROM judgements AS j
        JOIN live_judgements AS l ON l.left_id = j.left_id AND l.right_id = j.right_id WHERE j.seq = (SELECT max(seq)
            FROM judgements WHERE left_id = j.left_id AND right_id = j.right_id AND officer = j.officer) ORDER BY j.seq"""
    return _read_table(ledger, query)


def list_claimed_documents(ledger: Ledger, table: str, schema: str) -> dict[str, bool]:
    """Documents of the runs with rows in a mass table, and whether rows of each are also claimed as entities of a schema.

    What is set aside does not change it: a claim that nobody may see is one.
    """
    query = """SELECT d.document_id, EXISTS (SELECT 1 FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
            WHERE e.document_id = d.document_id AND e.run_id = d.run_id AND s.schema = ?) AS claimed
        FROM (SELECT DISTINCT t.document_id, t.run_id FROM live_row_files AS f JOIN traces AS t ON t.run_id = f.run_id
            WHERE f.kind = ?) AS d ORDER BY 1, 2"""
    return {document: bool(found) for document, found in ledger.reader_connection.execute(query, (schema, table))}


def list_document_entities(ledger: Ledger, document: str, schema: str) -> set[str]:
    """Ids of the entities of a schema that live runs claim of a document, also where the claim is set aside."""
    query = """SELECT DISTINCT s.entity_id FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
        WHERE e.document_id = ? AND s.schema = ? AND e.run_id IN (SELECT id FROM live_runs)"""
    return {key for (key,) in ledger.reader_connection.execute(query, (document, schema))}


def list_partly_hidden(ledger: Ledger) -> list[str]:
    """Documents of which a standing rule takes a part by words that stand in it, or of which a part is not for the reader."""
    query = """SELECT DISTINCT document_id FROM passages WHERE id IN (
            SELECT t.passage_id FROM taken AS t JOIN live_set_asides AS s ON s.id = t.set_aside_id
            WHERE json_extract(s.rule, '$.term') != '') OR id IN (SELECT value FROM json_each(?)) ORDER BY 1"""
    kept = json.dumps(ledger.gate.list_passages(ledger) if ledger.gate else [])
    return [key for (key,) in ledger.reader_connection.execute(query, (kept,))]


def list_secret_places(ledger: Ledger) -> tuple[str, ...]:
    """Sources, documents and passages of which the officer who works may not know."""
    query = f"""SELECT sha256 FROM main.sources WHERE sha256 IN {ASKED} UNION SELECT id FROM main.documents WHERE id IN {ASKED}
        UNION SELECT id FROM main.passages WHERE id IN {ASKED} ORDER BY 1"""
    secret = ledger.encode_secret_ids() or "[]"
    return tuple(str(key) for (key,) in ledger.connection.execute(query, [secret] * 3))


def set_asides(ledger: Ledger) -> pd.DataFrame:
    """What officers set aside, oldest first.

    Columns: set_aside_id, rule (JSON), ground, officer, because, at, documents, rows (of tables), state ('set aside' or
    'reopened'), reopened_by (role and reason).
    """
    secret = ledger.encode_secret_ids() or "[]"
    counted = f"SELECT count(*) FROM taken AS t WHERE t.document_id NOT IN {ASKED} AND"
    query = f"""SELECT s.id AS set_aside_id, s.rule, s.ground, s.officer, s.because, s.at,
            ({counted} t.set_aside_id = s.id AND t.passage_id = '') AS documents,
            ({counted} t.set_aside_id = s.id AND t.passage_id != '') AS rows,
            coalesce(r.verdict, 'set aside') AS state, CASE WHEN r.verdict = 'reopened' THEN r.because ELSE '' END AS reopened_by
        FROM set_asides AS s LEFT JOIN ruling AS r ON r.target_id = s.id
        WHERE s.id IN {ASKED} ORDER BY s.at, s.id"""
    return _read_table(
        ledger, query, (secret, secret, json.dumps(sorted(hidden_bulk_rows.list_visible_rule_ids(ledger))))
    )


def get_exclusion_digest(ledger: Ledger) -> str:
    """Name of what does not count now, or is not for the reader; it changes with it, and is '' where there is nothing of the kind.

    What the reader may not know of does not move it, but for what was taken from sight in this session.
    """
    secret, rules = (
        ledger.encode_secret_ids() or "[]",
        json.dumps(sorted(hidden_bulk_rows.list_visible_rule_ids(ledger))),
    )
    query = f"""SELECT (SELECT count(*) FROM live_decisions WHERE verdict IN
            ('rejected', 'withdrawn', 'superseded', 'restored', 'reopened') AND (target_kind != 'set-aside' OR target_id IN {ASKED})),
        (SELECT count(*) FROM set_asides WHERE id IN {ASKED}),
        (SELECT count(*) FROM taken WHERE document_id NOT IN {ASKED} AND passage_id NOT IN {ASKED} AND set_aside_id IN {ASKED}),
        (SELECT count(*) FROM tombstones)"""
    counts = ledger.reader_connection.execute(query, (rules, rules, secret, secret, rules)).fetchone()
    kept = _list_known_withheld(ledger)
    return compute_digest("counting", *map(str, counts), *kept) if kept or any(counts) else ""


def _list_known_withheld(ledger: Ledger) -> tuple[str, ...]:
    """What is withheld as far as the reader may know of it, and what became secret while the reader worked."""
    if not ledger.gate:
        return ()
    secret = ledger.gate.list_secret_ids(ledger)
    return (
        *(one for one in ledger.gate.list_targets(ledger) if one.partition(" ")[2] not in secret),
        *ledger.gate.list_lost(ledger),
    )


def list_decisions(ledger: Ledger) -> pd.DataFrame:
    """All decisions in order: seq, target_kind, target_id, verdict, replacement, officer, because, at.

    One on a remark or a rule goes with it: who may not see the one sees neither.
    """
    found = _read_table(ledger, "SELECT * FROM live_decisions ORDER BY seq")
    on_rule = found["target_kind"] == "set-aside"
    found = found[~on_rule | found["target_id"].isin(hidden_bulk_rows.list_visible_rule_ids(ledger))].reset_index(
        drop=True
    )
    on_remark = found["target_kind"] == remarks.TARGET
    if not on_remark.any():
        return found
    seen = {one.id for one in remarks.list_remarks(ledger)}
    return found[~on_remark | found["target_id"].isin(seen)].reset_index(drop=True)


def list_corrections(ledger: Ledger) -> pd.DataFrame:
    """Statements that were superseded or withdrawn: entity_id, prop, value, right ('' withdrawn), officer, because, at."""
    query = """SELECT w.entity_id, w.prop, w.value, coalesce(r.value, '') AS right, d.officer, d.because, d.at
        FROM live_decisions AS d JOIN statements AS w ON w.id = d.target_id LEFT JOIN statements AS r ON r.id = d.replacement
        WHERE d.verdict IN ('superseded', 'withdrawn', 'rejected') ORDER BY d.seq"""
    return _read_table(ledger, query)


def list_notes(ledger: Ledger) -> pd.DataFrame:
    """Live notes, questions, hypotheses, conclusions, summaries.

    Columns: note_id, kind, text, passages (list of passage ids), detail (dict), officer, at, source_withdrawn (whether it rests on a
    passage whose source was withdrawn: such a note is in no product).
    """
    query = f"""SELECT id AS note_id, kind, text, passages, detail, officer, at, {note_sources.WITHDRAWN} AS source_withdrawn
        FROM live_notes AS notes ORDER BY at, id"""
    frame = _read_table(ledger, query).astype({"source_withdrawn": bool})
    frame["passages"] = [parse_json(text, list) or [] for text in frame["passages"]]
    frame["detail"] = pd.Series([parse_json(text, dict) or {} for text in frame["detail"]], frame.index, dtype=object)
    return frame


def list_issues(ledger: Ledger) -> pd.DataFrame:
    """Issue rows of live runs (ISSUES), errors first.

    Of a source of which the reader may not know everything, they say what is wrong and not how often.
    """
    query = """SELECT i.id AS issue_id, i.code, i.severity, i.message, i.fix, i.document_id, i.place, i.source,
            coalesce(s.name, '') AS source_name
        FROM live_issues AS i LEFT JOIN live_sources AS s ON s.sha256 = i.source
        WHERE i.document_id NOT IN (SELECT document_id FROM passages WHERE id IN (SELECT value FROM json_each(?)))
        ORDER BY CASE i.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, i.code, i.source, i.place, i.id"""
    frame, secret = _read_table(ledger, query, (ledger.encode_secret_ids() or "[]",)), ledger.encode_secret_ids()
    if secret:
        partly = """SELECT DISTINCT t.source FROM main.traces AS t LEFT JOIN main.passages AS p ON p.document_id = t.document_id
            WHERE t.document_id IN (SELECT value FROM json_each(?)) OR p.id IN (SELECT value FROM json_each(?))"""
        sources = {source for (source,) in ledger.reader_connection.execute(partly, (secret, secret)).fetchall()}
        whole = frame["source"].isin(sources) & (frame["document_id"] == "")
        frame.loc[whole, "message"] = [str(describe_code(code)) for code in frame.loc[whole, "code"]]
    return frame


def _select_rows(ledger: Ledger, query: str, column: str, ids: Sequence[str] | None, order: str) -> pd.DataFrame:
    if ids is None:
        return _read_table(ledger, f"{query} {order}")
    wanted = json.dumps(list(ids))
    return _read_table(ledger, f"{query} WHERE {column} IN (SELECT value FROM json_each(?)) {order}", (wanted,))
