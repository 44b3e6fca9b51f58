-- Received -----------------------------------------------------------------------------------------------------------
CREATE TABLE sources (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, received_at TEXT NOT NULL,
    officer TEXT NOT NULL) WITHOUT ROWID;
-- What the officer told of a source (exhibit, authority, examiner, tool, zone). Only added; the latest row of a name counts.
CREATE TABLE source_facts (seq INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES sources, name TEXT NOT NULL,
    value TEXT NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX source_facts_by_source ON source_facts (source, name);

-- A run is registered when it is complete. Rows whose run is not registered do not count: that is what makes an
-- interrupted import harmless.
CREATE TABLE runs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, source TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL, version TEXT NOT NULL, parameters TEXT NOT NULL, counts TEXT NOT NULL, officer TEXT NOT NULL,
    at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX runs_by_source ON runs (source);

CREATE TABLE documents (id TEXT PRIMARY KEY, schema TEXT NOT NULL, title TEXT NOT NULL, at TEXT NOT NULL,
    service TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE traces (id TEXT NOT NULL, run_id TEXT NOT NULL, document_id TEXT NOT NULL, source TEXT NOT NULL,
    trace TEXT NOT NULL, place TEXT NOT NULL, device TEXT NOT NULL, custodian TEXT NOT NULL, conversation TEXT NOT NULL,
    PRIMARY KEY (id, run_id)) WITHOUT ROWID;
CREATE INDEX traces_by_document ON traces (document_id);
CREATE INDEX traces_by_run ON traces (run_id);
CREATE TABLE passages (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL, number INTEGER NOT NULL,
    page INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document_id);
-- SQLite's tokenizer takes emoji that are newer than itself for letters ('easy' would not be found in 'easy🤩'), so what is
-- indexed has spaces in their place (function `plain`, see store.py).
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TRIGGER passages_to_words AFTER INSERT ON passages BEGIN
    INSERT INTO words (rowid, text) VALUES (new.n, plain(new.text));
END;

-- Said ---------------------------------------------------------------------------------------------------------------
CREATE TABLE statements (id TEXT PRIMARY KEY, entity_id TEXT NOT NULL, schema TEXT NOT NULL, prop TEXT NOT NULL,
    value TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX statements_by_entity ON statements (entity_id);
CREATE TABLE evidence (id TEXT PRIMARY KEY, statement_id TEXT NOT NULL REFERENCES statements, run_id TEXT NOT NULL,
    document_id TEXT NOT NULL, passage_id TEXT NOT NULL, trace_id TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    method TEXT NOT NULL, version TEXT NOT NULL, confidence REAL NOT NULL, kind TEXT NOT NULL, original_value TEXT NOT NULL,
    officer TEXT NOT NULL DEFAULT '', because TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX evidence_by_statement ON evidence (statement_id);
CREATE INDEX evidence_by_document ON evidence (document_id);
CREATE INDEX evidence_by_passage ON evidence (passage_id);
-- Which version of a method has last read a passage: where extraction goes on after an interruption, and which of its
-- suggestions count.
CREATE TABLE readings (passage_id TEXT NOT NULL, method TEXT NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (passage_id, method)) WITHOUT ROWID;

CREATE TABLE judgements (seq INTEGER PRIMARY KEY, left_id TEXT NOT NULL, right_id TEXT NOT NULL, judgement TEXT NOT NULL,
    officer TEXT NOT NULL, because TEXT NOT NULL, at TEXT NOT NULL);
-- What an officer decided about one row: the latest decision on a target counts.
CREATE TABLE decisions (seq INTEGER PRIMARY KEY, target_kind TEXT NOT NULL, target_id TEXT NOT NULL, verdict TEXT NOT NULL,
    replacement TEXT NOT NULL, officer TEXT NOT NULL, because TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX decisions_by_target ON decisions (target_id);
CREATE TABLE notes (id TEXT PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, passages TEXT NOT NULL,
    detail TEXT NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE issues (id TEXT NOT NULL, run_id TEXT NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL,
    message TEXT NOT NULL, fix TEXT NOT NULL, document_id TEXT NOT NULL, place TEXT NOT NULL,
    PRIMARY KEY (id, run_id)) WITHOUT ROWID;

CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, operation TEXT NOT NULL, officer TEXT NOT NULL,
    purpose TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, result TEXT NOT NULL, previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE);
-- Saved positions of a chart, by chart name: the one thing here that is overwritten.
CREATE TABLE charts (name TEXT PRIMARY KEY, positions TEXT NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;

-- What counts now ------------------------------------------------------------------------------------------------------
CREATE VIEW ruling AS SELECT target_id, verdict, replacement, officer, because, at FROM decisions AS d
    WHERE seq = (SELECT max(seq) FROM decisions WHERE target_id = d.target_id);
CREATE VIEW live_runs AS SELECT * FROM runs
    WHERE id NOT IN (SELECT target_id FROM ruling WHERE verdict = 'withdrawn');
CREATE VIEW live_traces AS SELECT * FROM traces WHERE run_id IN (SELECT id FROM live_runs);
CREATE VIEW live_documents AS SELECT * FROM documents WHERE id IN (SELECT document_id FROM live_traces);
CREATE VIEW live_passages AS SELECT * FROM passages WHERE document_id IN (SELECT document_id FROM live_traces);
-- Text that people wrote: not the rows of tables, which are read by their mapping. 'small_passages' has the rows of small
-- tables (registers, lists) as well: their free-text columns are worth reading, those of 100,000 call records are not.
CREATE VIEW prose_passages AS SELECT * FROM live_passages
    WHERE document_id NOT IN (SELECT id FROM documents WHERE schema = 'Table');
CREATE VIEW small_passages AS SELECT * FROM live_passages WHERE document_id NOT IN (SELECT d.id FROM documents AS d
    WHERE d.schema = 'Table' AND (SELECT count(*) FROM passages AS p WHERE p.document_id = d.id) > 500);
CREATE VIEW live_evidence AS SELECT e.*, s.entity_id, s.schema, s.prop, s.value FROM evidence AS e
    JOIN statements AS s ON s.id = e.statement_id
    WHERE e.run_id IN (SELECT id FROM live_runs)
    AND (e.document_id = '' OR e.document_id IN (SELECT document_id FROM live_traces))
    AND (e.kind != 'suggested' OR EXISTS (SELECT 1 FROM readings AS r WHERE r.passage_id = e.passage_id
        AND r.method = e.method AND r.version = e.version))
    AND e.statement_id NOT IN (SELECT target_id FROM ruling WHERE verdict IN ('superseded', 'withdrawn'));
CREATE VIEW live_notes AS SELECT * FROM notes
    WHERE id NOT IN (SELECT target_id FROM ruling WHERE verdict = 'withdrawn');
CREATE VIEW live_issues AS SELECT * FROM issues WHERE run_id IN (SELECT id FROM live_runs)
    AND (document_id = '' OR document_id IN (SELECT document_id FROM live_traces));
