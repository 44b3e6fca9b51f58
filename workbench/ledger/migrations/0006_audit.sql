-- What belongs to the case itself: its id, and the secret from which names of officers become numbers of this case alone.
CREATE TABLE case_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO case_facts VALUES ('case_id', lower(hex(randomblob(16)))), ('secret', lower(hex(randomblob(32))));

-- The chain of hashes of earlier schemas is kept as it is.
ALTER TABLE audit RENAME TO audit_v1;

-- The audit log: an entry is the canonical JSON text, a leaf its hash in the Merkle tree of RFC 6962 (see ledger/audit.py).
-- `op` and `result` are read out of the entry, so that nothing stands beside it that could say otherwise.
CREATE TABLE audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, leaf BLOB NOT NULL,
    op TEXT GENERATED ALWAYS AS (json_extract(entry, '$.op')) VIRTUAL,
    result TEXT GENERATED ALWAYS AS (json_extract(entry, '$.result')) VIRTUAL);
-- Entries after which what is derived from the rows must be made again.
CREATE INDEX audit_changes ON audit (seq) WHERE result = 'ok' AND op NOT IN ('consultation', 'disclosure');
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit log is never changed');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit log is never deleted');
END;
-- What entries commit to by a salted hash; `field` is the place in the entry ('actor.name'). A row may be erased.
CREATE TABLE audit_texts (seq INTEGER NOT NULL, field TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (seq, field)) WITHOUT ROWID;

-- Signed heads of the log, in the form of C2SP's tlog-checkpoint: what is signed, and the lines of signatures under it.
CREATE TABLE checkpoints (seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, body TEXT NOT NULL, signatures TEXT NOT NULL);
-- Cards of those who signed, as they were then: the public keys by which signatures are checked.
CREATE TABLE signers (fingerprint TEXT NOT NULL, card TEXT NOT NULL, PRIMARY KEY (fingerprint, card)) WITHOUT ROWID;
