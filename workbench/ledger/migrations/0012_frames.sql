-- A table of statements that an officer put in is a run of the kind 'frame'. What it suggests counts, though nothing here has read a
-- passage for it.
DROP VIEW live_evidence;
CREATE VIEW live_evidence AS SELECT e.*, s.entity_id, s.schema, s.prop, s.value FROM evidence AS e
    JOIN statements AS s ON s.id = e.statement_id
    WHERE e.run_id IN (SELECT id FROM live_runs)
    AND (e.document_id = '' OR e.document_id IN (SELECT document_id FROM live_traces))
    AND e.passage_id NOT IN (SELECT passage_id FROM hidden_passages)
    AND (e.kind != 'suggested' OR EXISTS (SELECT 1 FROM readings AS r WHERE r.passage_id = e.passage_id
        AND r.method = e.method AND r.version = e.version)
        OR e.run_id IN (SELECT id FROM runs WHERE kind = 'frame'))
    AND e.statement_id NOT IN (SELECT target_id FROM ruling WHERE verdict IN ('superseded', 'withdrawn'));
