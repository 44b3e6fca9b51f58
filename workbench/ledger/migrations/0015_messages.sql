-- Messages of bureaux that came in and went out: what their threads, references and terms are looked up by. The text of a message is
-- the document; its form is the source. `state`: in which it is with us ('received', 'sent', 'acknowledged', 'answered', ...).
CREATE TABLE messages (document_id TEXT PRIMARY KEY, source TEXT NOT NULL, direction TEXT NOT NULL, form TEXT NOT NULL,
    kind TEXT NOT NULL, message_id TEXT NOT NULL, thread_id TEXT NOT NULL, our_ref TEXT NOT NULL, your_ref TEXT NOT NULL,
    other_refs TEXT NOT NULL, from_bureau TEXT NOT NULL, to_bureaux TEXT NOT NULL, at TEXT NOT NULL, urgency TEXT NOT NULL,
    reply_by TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL, package TEXT NOT NULL, officer TEXT NOT NULL,
    filed_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX messages_by_thread ON messages (thread_id);
CREATE INDEX messages_by_ref ON messages (our_ref);
CREATE INDEX messages_by_message ON messages (message_id);
CREATE VIEW live_messages AS SELECT * FROM messages WHERE document_id IN (SELECT document_id FROM live_traces);
-- Messages that are being written. `rests`: the passages, documents and statements from which their fields were filled; who may not see
-- one of them does not read the draft. `told`: rules that somebody let stand, and why; who approved; what a field was filled from.
CREATE TABLE drafts (id TEXT PRIMARY KEY, message TEXT NOT NULL, told TEXT NOT NULL, rests TEXT NOT NULL, state TEXT NOT NULL,
    officer TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
