-- Rows are bound to the log (ledger/binding.py). Each row has a mark: a hash of its table and columns, and the number of the entry
-- that told of it first. The entry commits to the marks of each table by a salted digest; when rows are erased or replaced, a later
-- entry commits to what is left under a new salt, and the old one is gone.
CREATE TABLE row_marks (kind TEXT NOT NULL, entry INTEGER NOT NULL, leaf BLOB NOT NULL,
    PRIMARY KEY (kind, entry, leaf)) WITHOUT ROWID;
-- `told`: the last entry that committed to them, 0 for what the next entry commits to.
CREATE TABLE row_salts (kind TEXT NOT NULL, entry INTEGER NOT NULL, salt BLOB NOT NULL, told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, entry)) WITHOUT ROWID;
CREATE INDEX row_salts_untold ON row_salts (told) WHERE told = 0;
