-- That something was erased, by whom, when and why: never what. `reason` is a text that may itself be erased.
CREATE TABLE tombstones (id TEXT PRIMARY KEY, kind TEXT NOT NULL, officer TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    rows INTEGER NOT NULL, counts TEXT NOT NULL) WITHOUT ROWID;
-- What was erased under a hash with the key of this case, so that it is known again when it comes back; nothing reads it the
-- other way round.
CREATE TABLE tombstone_marks (kind TEXT NOT NULL, mark TEXT NOT NULL, tombstone_id TEXT NOT NULL REFERENCES tombstones,
    PRIMARY KEY (kind, mark, tombstone_id)) WITHOUT ROWID;
-- What had gone out of what was erased, which nobody can call back.
CREATE TABLE tombstone_sent (tombstone_id TEXT NOT NULL REFERENCES tombstones, disclosure_id TEXT NOT NULL,
    PRIMARY KEY (tombstone_id, disclosure_id)) WITHOUT ROWID;
-- Erasures that are not finished: asked for (nothing has changed yet), purged (files are left to be deleted), blank (the free space
-- of the ledger is left to be overwritten). Finished ones have no row.
CREATE TABLE erasing (id TEXT PRIMARY KEY, state TEXT NOT NULL, plan TEXT NOT NULL) WITHOUT ROWID;
