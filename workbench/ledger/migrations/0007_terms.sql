-- What is said about material instead of in it: level, handling, countries with no access, grade, purpose, review, ...; and of
-- officers: clearance, role, what was revealed to them. Only added: the latest row of a target's facet counts; '[]' takes it
-- back. 'value' is a JSON list of texts.
CREATE TABLE terms (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, target_kind TEXT NOT NULL, target_id TEXT NOT NULL,
    facet TEXT NOT NULL, value TEXT NOT NULL, officer TEXT NOT NULL, because TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX terms_by_target ON terms (target_id, facet);
CREATE VIEW live_terms AS SELECT * FROM terms AS t WHERE value != '[]' AND seq =
    (SELECT max(seq) FROM terms WHERE target_id = t.target_id AND target_kind = t.target_kind AND facet = t.facet);
-- The door has one pane more for each reader (ledger/gate.py), which needs these in the form of views.
CREATE VIEW live_sources AS SELECT * FROM sources;
CREATE VIEW live_judgements AS SELECT * FROM judgements AS j WHERE seq =
    (SELECT max(seq) FROM judgements WHERE left_id = j.left_id AND right_id = j.right_id);
CREATE VIEW live_decisions AS SELECT * FROM decisions;
