-- How a source came: by itself (outer = ''), or within another source that a run has read.
CREATE TABLE arrivals (source TEXT NOT NULL REFERENCES sources, outer_source TEXT NOT NULL, name TEXT NOT NULL,
    document_id TEXT NOT NULL, run_id TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (source, outer_source, name, run_id)) WITHOUT ROWID;
CREATE INDEX arrivals_by_outer ON arrivals (outer_source);
INSERT INTO arrivals SELECT sha256, '', name, '', '', received_at FROM sources;
CREATE VIEW live_arrivals AS SELECT * FROM arrivals WHERE run_id = '' OR run_id IN (SELECT id FROM live_runs);
