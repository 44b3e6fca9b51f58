-- Backups that were made of the case. They hold what is erased later, so each is listed for good. `entry`: the last entry of
-- the audit log that is in it.
CREATE TABLE backups (sha256 TEXT PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL, files INTEGER NOT NULL,
    entry INTEGER NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
