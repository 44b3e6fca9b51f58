-- What counts is asked row by row, so that a question about a few rows costs the same in a case of any size. The views say what they said.
CREATE INDEX taken_by_passage ON taken (passage_id);
CREATE INDEX documents_of_tables ON documents (id) WHERE schema = 'Table';
CREATE INDEX traces_by_source ON traces (source);
CREATE INDEX arrivals_by_document ON arrivals (document_id) WHERE document_id != '';
CREATE INDEX statements_by_value ON statements (value);
CREATE INDEX terms_by_value ON terms (target_kind, facet, value);
DROP INDEX terms_by_target; -- with the kind as well, so that what is said of one thing is not looked for by its kind and facet
CREATE INDEX terms_by_target ON terms (target_id, target_kind, facet);
CREATE INDEX messages_by_source ON messages (source);
DROP VIEW live_runs;
CREATE VIEW live_runs AS SELECT * FROM runs
    WHERE NOT EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = runs.id AND v.verdict = 'withdrawn');
DROP VIEW live_set_asides;
CREATE VIEW live_set_asides AS SELECT * FROM set_asides
    WHERE NOT EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = set_asides.id AND v.verdict = 'reopened');
DROP VIEW live_notes;
CREATE VIEW live_notes AS SELECT * FROM notes
    WHERE NOT EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = notes.id AND v.verdict = 'withdrawn');
DROP VIEW live_row_files;
CREATE VIEW live_row_files AS SELECT * FROM row_files WHERE EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = row_files.run_id);
DROP VIEW live_arrivals;
CREATE VIEW live_arrivals AS SELECT * FROM arrivals
    WHERE run_id = '' OR EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = arrivals.run_id);
DROP VIEW hidden_documents;
CREATE VIEW hidden_documents AS SELECT document_id FROM taken
    WHERE passage_id = '' AND EXISTS (SELECT 1 FROM live_set_asides AS s WHERE s.id = taken.set_aside_id);
DROP VIEW hidden_passages;
CREATE VIEW hidden_passages AS SELECT document_id, passage_id FROM taken
    WHERE passage_id != '' AND EXISTS (SELECT 1 FROM live_set_asides AS s WHERE s.id = taken.set_aside_id);
DROP VIEW live_traces;
CREATE VIEW live_traces AS SELECT * FROM traces WHERE EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = traces.run_id)
    AND NOT EXISTS (SELECT 1 FROM hidden_documents AS h WHERE h.document_id = traces.document_id);
DROP VIEW live_documents;
CREATE VIEW live_documents AS SELECT * FROM documents WHERE EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = documents.id);
DROP VIEW live_messages;
CREATE VIEW live_messages AS SELECT * FROM messages
    WHERE EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = messages.document_id);
DROP VIEW live_passages;
CREATE VIEW live_passages AS SELECT * FROM passages
    WHERE EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = passages.document_id)
    AND NOT EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.passage_id = passages.id);
DROP VIEW live_evidence;
CREATE VIEW live_evidence AS SELECT e.*, s.entity_id, s.schema, s.prop, s.value FROM evidence AS e
    JOIN statements AS s ON s.id = e.statement_id
    WHERE EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = e.run_id)
    AND (e.document_id = '' OR EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = e.document_id))
    AND NOT EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.passage_id = e.passage_id)
    AND (e.kind != 'suggested' OR EXISTS (SELECT 1 FROM readings AS d WHERE d.passage_id = e.passage_id
        AND d.method = e.method AND d.version = e.version)
        OR EXISTS (SELECT 1 FROM runs AS r WHERE r.id = e.run_id AND r.kind = 'frame'))
    AND NOT EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = e.statement_id AND v.verdict IN ('superseded', 'withdrawn'));
DROP VIEW live_issues;
CREATE VIEW live_issues AS SELECT id, run_id, source, code, severity, CASE WHEN EXISTS
        (SELECT 1 FROM hidden_passages AS h WHERE h.document_id = issues.document_id) THEN 'Withheld: a part of this document is set aside.'
        ELSE message END AS message, fix, document_id, place FROM issues
    WHERE EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = issues.run_id)
    AND (document_id = '' OR EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = issues.document_id));
