-- Screenings of the case against a file of notices that an officer holds, and their hits. The file itself is not kept. `body`: what the
-- notice says of its subject; `rests`: the documents behind what was compared, who may not see one of them does not see the hit. After
-- the day `expires` hits are shown to nobody, and purged; `purged` says when.
CREATE TABLE screenings (id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, retrieved TEXT NOT NULL, expires TEXT NOT NULL,
    notices INTEGER NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL, purged TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE screening_hits (screening TEXT NOT NULL REFERENCES screenings, entity TEXT NOT NULL, notice TEXT NOT NULL,
    body TEXT NOT NULL, rests TEXT NOT NULL, PRIMARY KEY (screening, entity, notice)) WITHOUT ROWID;
