-- Packages sent and received. Rows are only added, but for the receipts that come back.
CREATE TABLE packages (package TEXT NOT NULL, direction TEXT NOT NULL, sha256 TEXT NOT NULL, header_sha256 TEXT NOT NULL,
    sender TEXT NOT NULL, addressees TEXT NOT NULL, mark TEXT NOT NULL, title TEXT NOT NULL, checkpoint TEXT NOT NULL,
    state TEXT NOT NULL, officer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (package, direction, sha256)) WITHOUT ROWID;
CREATE TABLE receipts (package TEXT NOT NULL, receiver TEXT NOT NULL, state TEXT NOT NULL, arrived INTEGER NOT NULL,
    receipt TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (package, receipt)) WITHOUT ROWID;

-- Rows that came in a package of another bureau: whose they are, and by which name both sides know a row that has no id of its
-- own (`key`: seq of a judgement or decision; id of a run, source, note, term, or piece of evidence). Kinds 'judgement remark' and
-- 'decision remark': they are about what this case has of its own, and do not count before an officer here says the same.
CREATE TABLE foreign_rows (kind TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, bureau TEXT NOT NULL, package TEXT NOT NULL,
    PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE INDEX foreign_rows_by_id ON foreign_rows (kind, id);

-- What officers of this case have decided goes before what others have, whenever that came; among others the latest counts.
DROP VIEW ruling;
CREATE VIEW ruling AS SELECT target_id, verdict, replacement, officer, because, at FROM decisions AS d
    WHERE seq = (SELECT o.seq FROM decisions AS o LEFT JOIN foreign_rows AS f ON f.kind = 'decision' AND f.key = CAST(o.seq AS TEXT)
        WHERE o.target_id = d.target_id
        AND NOT EXISTS (SELECT 1 FROM foreign_rows AS r WHERE r.kind = 'decision remark' AND r.key = CAST(o.seq AS TEXT))
        ORDER BY f.key IS NOT NULL, CASE WHEN f.key IS NULL THEN '' ELSE o.at END DESC, o.seq DESC LIMIT 1);
CREATE INDEX judgements_by_pair ON judgements (left_id, right_id);
DROP VIEW live_judgements;
CREATE VIEW live_judgements AS SELECT * FROM judgements AS j
    WHERE seq = (SELECT o.seq FROM judgements AS o LEFT JOIN foreign_rows AS f ON f.kind = 'judgement' AND f.key = CAST(o.seq AS TEXT)
        WHERE o.left_id = j.left_id AND o.right_id = j.right_id
        AND NOT EXISTS (SELECT 1 FROM foreign_rows AS r WHERE r.kind = 'judgement remark' AND r.key = CAST(o.seq AS TEXT))
        ORDER BY f.key IS NOT NULL, CASE WHEN f.key IS NULL THEN '' ELSE o.at END DESC, o.seq DESC LIMIT 1);
