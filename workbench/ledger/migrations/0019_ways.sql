-- One file may come with several documents of one file: several messages of a chat attach it, several mails of a mailbox. Each is a way of
-- its own, also where the name is the same.
CREATE TABLE arrivals_before AS SELECT * FROM arrivals;
DROP TABLE arrivals;
CREATE TABLE arrivals (source TEXT NOT NULL REFERENCES sources, outer_source TEXT NOT NULL, name TEXT NOT NULL,
    document_id TEXT NOT NULL, run_id TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (source, outer_source, name, run_id, document_id)) WITHOUT ROWID;
INSERT INTO arrivals SELECT * FROM arrivals_before;
DROP TABLE arrivals_before;
CREATE INDEX arrivals_by_outer ON arrivals (outer_source);
CREATE INDEX arrivals_by_document ON arrivals (document_id) WHERE document_id != '';
