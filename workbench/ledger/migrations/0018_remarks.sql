-- Remarks: rows of a package that point at something which its sender did not bring. They are kept as they came and counted, and nothing
-- but `ledger/remarks.py` reads them: so no verb can answer otherwise because of one. `kind`: the table for which the row was written;
-- `targets`: JSON list of the ids that it points at; `marks`: JSON object of the facets under which it was sent; `body`: the row.
CREATE TABLE remarks (id TEXT PRIMARY KEY, bureau TEXT NOT NULL, package TEXT NOT NULL, kind TEXT NOT NULL, targets TEXT NOT NULL,
    marks TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW live_remarks AS SELECT * FROM remarks;

-- A decision of another bureau never counts on a run or a note of this case, in whichever version of the workbench it came in.
DROP VIEW ruling;
CREATE VIEW ruling AS SELECT target_id, verdict, replacement, officer, because, at FROM decisions AS d
    WHERE seq = (SELECT o.seq FROM decisions AS o LEFT JOIN foreign_rows AS f ON f.kind = 'decision' AND f.key = CAST(o.seq AS TEXT)
        WHERE o.target_id = d.target_id
        AND NOT EXISTS (SELECT 1 FROM foreign_rows AS r WHERE r.kind = 'decision remark' AND r.key = CAST(o.seq AS TEXT))
        AND (f.key IS NULL OR NOT EXISTS (SELECT 1 FROM runs AS w WHERE w.id = o.target_id AND NOT EXISTS
                (SELECT 1 FROM foreign_rows AS x WHERE x.kind = 'run' AND x.key = w.id)
            UNION ALL SELECT 1 FROM notes AS w WHERE w.id = o.target_id AND NOT EXISTS
                (SELECT 1 FROM foreign_rows AS x WHERE x.kind = 'note' AND x.key = w.id)))
        ORDER BY f.key IS NOT NULL, CASE WHEN f.key IS NULL THEN '' ELSE o.at END DESC, o.seq DESC LIMIT 1);
