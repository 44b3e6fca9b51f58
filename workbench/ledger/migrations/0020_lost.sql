-- What is excluded or withdrawn takes with it what is said of it: remarks of other bureaux, and notes that rest on what is excluded. All of
-- it comes back with the thing.
-- Sources of which a document or a row is excluded.
CREATE VIEW touched_sources AS SELECT sha256 AS id FROM sources WHERE EXISTS (SELECT 1 FROM traces AS t WHERE t.source = sources.sha256
    AND (EXISTS (SELECT 1 FROM hidden_documents AS h WHERE h.document_id = t.document_id)
        OR EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.document_id = t.document_id)));
-- Sources that are withdrawn, of which all is excluded, or that came with nothing but what is excluded.
CREATE VIEW lost_sources AS SELECT sha256 AS id FROM sources WHERE
    (EXISTS (SELECT 1 FROM runs AS r WHERE r.source = sources.sha256)
        AND NOT EXISTS (SELECT 1 FROM live_runs AS r WHERE r.source = sources.sha256))
    OR (EXISTS (SELECT 1 FROM traces AS t WHERE t.source = sources.sha256 AND EXISTS (SELECT 1 FROM live_runs AS r WHERE r.id = t.run_id))
        AND NOT EXISTS (SELECT 1 FROM live_traces AS t WHERE t.source = sources.sha256))
    OR (EXISTS (SELECT 1 FROM live_arrivals AS a WHERE a.source = sources.sha256)
        AND NOT EXISTS (SELECT 1 FROM live_arrivals AS a WHERE a.source = sources.sha256
            AND NOT EXISTS (SELECT 1 FROM hidden_documents AS h WHERE h.document_id = a.document_id)
            AND (a.outer_source = '' OR EXISTS (SELECT 1 FROM live_traces AS t WHERE t.source = a.outer_source)
                OR NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.source = a.outer_source))));
-- Documents that lie nowhere any more. One that only a former reading of a source has is none of them, unless a part of that is excluded.
CREATE VIEW lost_documents AS SELECT id FROM documents WHERE EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = documents.id)
    AND NOT EXISTS (SELECT 1 FROM live_traces AS t WHERE t.document_id = documents.id)
    AND (EXISTS (SELECT 1 FROM hidden_documents AS h WHERE h.document_id = documents.id)
        OR NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = documents.id
            AND NOT EXISTS (SELECT 1 FROM lost_sources AS l WHERE l.id = t.source)
            AND NOT EXISTS (SELECT 1 FROM touched_sources AS l WHERE l.id = t.source)));
CREATE VIEW lost_passages AS SELECT id FROM passages WHERE EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.passage_id = passages.id)
    OR EXISTS (SELECT 1 FROM lost_documents AS l WHERE l.id = passages.document_id);
-- Those of them that are not withdrawn alone: nobody may use them, also who has the text in the head.
CREATE VIEW excluded_passages AS SELECT id FROM passages WHERE EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.passage_id = passages.id)
    OR EXISTS (SELECT 1 FROM hidden_documents AS h WHERE h.document_id = passages.document_id)
    OR (EXISTS (SELECT 1 FROM lost_documents AS l WHERE l.id = passages.document_id) AND EXISTS (SELECT 1 FROM traces AS t
        WHERE t.document_id = passages.document_id AND EXISTS (SELECT 1 FROM live_runs AS r WHERE r.source = t.source)));
CREATE VIEW lost_evidence AS SELECT id FROM evidence WHERE EXISTS (SELECT 1 FROM lost_documents AS l WHERE l.id = evidence.document_id)
    OR EXISTS (SELECT 1 FROM hidden_passages AS h WHERE h.passage_id = evidence.passage_id)
    OR EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = evidence.statement_id AND v.verdict = 'withdrawn')
    OR EXISTS (SELECT 1 FROM runs AS r CROSS JOIN lost_sources AS l ON l.id = r.source WHERE r.id = evidence.run_id);
-- Statements of which no claim counts, and the entities of such. What an officer corrected was said.
CREATE VIEW lost_statements AS SELECT id, entity_id FROM statements WHERE EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = statements.id)
    AND NOT EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = statements.id
        AND NOT EXISTS (SELECT 1 FROM lost_evidence AS l WHERE l.id = e.id));
DROP VIEW live_notes;
CREATE VIEW live_notes AS SELECT * FROM notes
    WHERE NOT EXISTS (SELECT 1 FROM ruling AS v WHERE v.target_id = notes.id AND v.verdict = 'withdrawn')
    AND NOT EXISTS (SELECT 1 FROM (SELECT value FROM json_each(iif(json_valid(notes.passages), notes.passages, '[]'))
            UNION ALL SELECT value FROM json_each(iif(json_valid(notes.detail), notes.detail, '{}'), '$.supporting')
            UNION ALL SELECT value FROM json_each(iif(json_valid(notes.detail), notes.detail, '{}'), '$.opposing')) AS cited
        WHERE EXISTS (SELECT 1 FROM excluded_passages AS x WHERE x.id = cited.value));
-- What a remark names: what it points at, and the values of its row; of a note also the passages on which it rests.
DROP VIEW live_remarks;
CREATE VIEW live_remarks AS SELECT * FROM remarks WHERE NOT EXISTS (SELECT 1 FROM (SELECT value FROM json_each(remarks.targets)
        UNION ALL SELECT value FROM json_each(remarks.body)
        UNION ALL SELECT value FROM json_each(iif(remarks.kind = 'notes', json_extract(remarks.body, '$.passages'), '[]'))
        UNION ALL SELECT value FROM json_each(iif(remarks.kind = 'notes', json_extract(remarks.body, '$.detail'), '{}'), '$.supporting')
        UNION ALL SELECT value FROM json_each(iif(remarks.kind = 'notes', json_extract(remarks.body, '$.detail'), '{}'), '$.opposing')
    ) AS named WHERE EXISTS (SELECT 1 FROM lost_passages AS l WHERE l.id = named.value)
        OR EXISTS (SELECT 1 FROM lost_documents AS l WHERE l.id = named.value)
        OR EXISTS (SELECT 1 FROM lost_sources AS l WHERE l.id = named.value)
        OR EXISTS (SELECT 1 FROM lost_evidence AS l WHERE l.id = named.value)
        OR EXISTS (SELECT 1 FROM runs AS r CROSS JOIN lost_sources AS l ON l.id = r.source WHERE r.id = named.value)
        OR EXISTS (SELECT 1 FROM notes AS n WHERE n.id = named.value AND NOT EXISTS (SELECT 1 FROM live_notes AS l WHERE l.id = n.id))
        -- What is said on the ground of no place leans on what it is said of.
        OR (coalesce(json_extract(remarks.body, '$.document_id'), '') = ''
            AND (EXISTS (SELECT 1 FROM lost_statements AS l WHERE l.id = named.value)
                OR (EXISTS (SELECT 1 FROM lost_statements AS l WHERE l.entity_id = named.value)
                    AND NOT EXISTS (SELECT 1 FROM statements AS s CROSS JOIN evidence AS e ON e.statement_id = s.id
                        WHERE s.entity_id = named.value AND NOT EXISTS (SELECT 1 FROM lost_evidence AS l WHERE l.id = e.id)))))
        -- What only another reading has: of which part of the source it is, nobody knows.
        OR (remarks.kind NOT IN ('runs', 'terms', 'source_facts', 'decisions', 'judgements')
            AND NOT EXISTS (SELECT 1 FROM documents AS d WHERE d.id = coalesce(json_extract(remarks.body, '$.document_id'),
                json_extract(remarks.body, '$.id')))
            AND EXISTS (SELECT 1 FROM touched_sources AS l WHERE l.id = named.value)));
