-- Files of mass rows in rows/, registered together with the run that made them. A file that is not here does not count.
CREATE TABLE row_files (run_id TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
    sha256 TEXT NOT NULL, size INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (run_id, path)) WITHOUT ROWID;
CREATE VIEW live_row_files AS SELECT * FROM row_files WHERE run_id IN (SELECT id FROM live_runs);
