-- What went out, to whom, and of whom it told: for correction notices, and since it cannot be called back. `target_id`: entity,
-- document or source that was in it.
CREATE TABLE disclosures (id TEXT PRIMARY KEY, kind TEXT NOT NULL, recipient TEXT NOT NULL, name TEXT NOT NULL,
    sha256 TEXT NOT NULL, mark TEXT NOT NULL, officer TEXT NOT NULL, because TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE disclosed (disclosure_id TEXT NOT NULL REFERENCES disclosures, target_id TEXT NOT NULL,
    PRIMARY KEY (disclosure_id, target_id)) WITHOUT ROWID;
CREATE INDEX disclosed_by_target ON disclosed (target_id);
