-- Groups and text boxes of a chart, by its name. `rests`: the passages, documents and statements behind what was on the chart when the
-- words were written; who may not see one of them does not read the words.
CREATE TABLE drawings (chart TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, rests TEXT NOT NULL,
    officer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (chart, key));
