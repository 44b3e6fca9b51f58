-- What is set aside (lawyer and client, out of scope, out of period): rules of officers, and what each has taken. A rule also
-- takes what is received later. A decision of the kind 'set-aside' reopens it; nothing is deleted.
CREATE TABLE set_asides (id TEXT PRIMARY KEY, rule TEXT NOT NULL, ground TEXT NOT NULL, officer TEXT NOT NULL,
    because TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
-- passage_id = '': the whole document.
CREATE TABLE taken (set_aside_id TEXT NOT NULL REFERENCES set_asides, document_id TEXT NOT NULL, passage_id TEXT NOT NULL,
    PRIMARY KEY (set_aside_id, document_id, passage_id)) WITHOUT ROWID;
CREATE INDEX taken_by_document ON taken (document_id, passage_id);
CREATE VIEW live_set_asides AS SELECT * FROM set_asides
    WHERE id NOT IN (SELECT target_id FROM ruling WHERE verdict = 'reopened');
CREATE VIEW hidden_documents AS SELECT DISTINCT document_id FROM taken
    WHERE passage_id = '' AND set_aside_id IN (SELECT id FROM live_set_asides);
CREATE VIEW hidden_passages AS SELECT DISTINCT document_id, passage_id FROM taken
    WHERE passage_id != '' AND set_aside_id IN (SELECT id FROM live_set_asides);
-- Passages whose words were taken out of the index.
CREATE TABLE unindexed (n INTEGER PRIMARY KEY);

-- The door to rows, with that in mind.
DROP VIEW live_traces;
CREATE VIEW live_traces AS SELECT * FROM traces WHERE run_id IN (SELECT id FROM live_runs)
    AND document_id NOT IN (SELECT document_id FROM hidden_documents);
DROP VIEW live_passages;
CREATE VIEW live_passages AS SELECT * FROM passages WHERE document_id IN (SELECT document_id FROM live_traces)
    AND id NOT IN (SELECT passage_id FROM hidden_passages);
DROP VIEW live_evidence;
CREATE VIEW live_evidence AS SELECT e.*, s.entity_id, s.schema, s.prop, s.value FROM evidence AS e
    JOIN statements AS s ON s.id = e.statement_id
    WHERE e.run_id IN (SELECT id FROM live_runs)
    AND (e.document_id = '' OR e.document_id IN (SELECT document_id FROM live_traces))
    AND e.passage_id NOT IN (SELECT passage_id FROM hidden_passages)
    AND (e.kind != 'suggested' OR EXISTS (SELECT 1 FROM readings AS r WHERE r.passage_id = e.passage_id
        AND r.method = e.method AND r.version = e.version))
    AND e.statement_id NOT IN (SELECT target_id FROM ruling WHERE verdict IN ('superseded', 'withdrawn'));
-- A message about a document of which a part is set aside could quote that part.
DROP VIEW live_issues;
CREATE VIEW live_issues AS SELECT id, run_id, source, code, severity, CASE WHEN document_id IN
        (SELECT document_id FROM hidden_passages) THEN 'Withheld: a part of this document is set aside.' ELSE message END
        AS message, fix, document_id, place FROM issues
    WHERE run_id IN (SELECT id FROM live_runs)
    AND (document_id = '' OR document_id IN (SELECT document_id FROM live_traces));
