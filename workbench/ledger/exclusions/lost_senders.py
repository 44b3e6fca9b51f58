"""Participants of chats that are known from their own messages alone: where all of these are hidden or erased, nothing names them.

An export of a chat has no list of its members: whoever wrote in it is a recipient of what the others wrote. So a recipient, the account
and the name of such a person rest on the messages that the person sent. They are found by the rows, so it holds for what an earlier
version read as well.
"""

from __future__ import annotations

import sqlite3

METHODS = ("whatsapp", "signal", "telegram", "telegram-page")
"""Readers that know the members of a chat from its senders. Reports of phones and tables name the recipients of each message."""
_METHODS = ", ".join(f"'{name}'" for name in METHODS)
_SENT = "senderAccount"
_TO = "recipientAccount"
TABLES = (
    """CREATE TEMP TABLE IF NOT EXISTS lost_senders
        (account TEXT, source TEXT, conversation TEXT, PRIMARY KEY (account, source, conversation)) WITHOUT ROWID""",
    "CREATE TEMP TABLE IF NOT EXISTS resting (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "DELETE FROM temp.lost_senders",
    "DELETE FROM temp.resting",
)
_TOPIC = "substr(t.conversation, instr(t.conversation, ' conversation about ') + length(' conversation about '))"
_LISTED = f"""(instr(t.conversation, ' conversation about ') AND (e.original_value = {_TOPIC}
        OR instr(e.original_value, '(' || {_TOPIC} || ')')))
    OR (e.method = 'telegram' AND t.custodian != '' AND instr(lower(e.original_value), lower(t.custodian)))"""
"""SQL: whether the file names a participant beside the messages: a chat is called by its other side, an export by its owner."""
LOST = f"""INSERT OR IGNORE INTO temp.lost_senders SELECT DISTINCT s.value, t.source, t.conversation
    FROM {{asked}} AS a CROSS JOIN evidence AS e ON e.document_id = a.id CROSS JOIN statements AS s ON s.id = e.statement_id
    CROSS JOIN traces AS t ON t.id = e.trace_id
    WHERE +e.id IN {{gone}} AND s.prop = '{_SENT}' AND e.method IN ({_METHODS}) AND NOT ({_LISTED})
        AND NOT EXISTS (SELECT 1 FROM statements AS o
        CROSS JOIN evidence AS f ON f.statement_id = o.id CROSS JOIN traces AS u ON u.id = f.trace_id
        WHERE o.value = s.value AND o.prop = '{_SENT}' AND f.id NOT IN {{gone}} AND u.source = t.source
            AND u.conversation = t.conversation)"""
"""Senders none of whose messages in a chat of a file is left."""
_PLACED = f"""CROSS JOIN evidence AS e ON e.statement_id = s.id AND e.method IN ({_METHODS})
    CROSS JOIN traces AS t ON t.id = e.trace_id AND t.source = l.source"""
_NAMED = f"""EXISTS (SELECT 1 FROM statements AS o CROSS JOIN evidence AS f ON f.statement_id = o.id
    CROSS JOIN traces AS u ON u.id = f.trace_id
    WHERE o.value = {{account}} AND o.prop IN ('{_SENT}', '{_TO}') AND u.source = l.source AND f.id NOT IN {{gone}})"""
"""SQL: whether a file still names an account as sender or recipient of a message."""
_HOLDING = """CROSS JOIN statements AS h ON h.value = l.account AND h.prop IN ('held', 'holder')"""
_ENDS = (
    "CROSS JOIN statements AS k ON k.entity_id = h.entity_id AND k.prop IN ('held', 'holder') AND k.value != l.account"
)
RESTING = (
    f"""INSERT OR IGNORE INTO temp.resting SELECT e.id FROM temp.lost_senders AS l CROSS JOIN statements AS s ON s.value = l.account
        AND s.prop = '{_TO}' {_PLACED} WHERE t.conversation = l.conversation""",
    f"DELETE FROM temp.lost_senders AS l WHERE {_NAMED.format(account='l.account', gone='{gone}')}",
    f"""INSERT OR IGNORE INTO temp.resting SELECT e.id FROM temp.lost_senders AS l {_HOLDING} {_ENDS}
        CROSS JOIN statements AS s ON s.entity_id = k.value {_PLACED}
        WHERE NOT EXISTS (SELECT 1 FROM statements AS m CROSS JOIN statements AS n ON n.entity_id = m.entity_id
            AND n.prop IN ('held', 'holder') AND n.value != k.value
            WHERE m.value = k.value AND m.prop IN ('held', 'holder') AND {_NAMED.format(account="n.value", gone="{gone}")})""",
    f"""INSERT OR IGNORE INTO temp.resting SELECT e.id FROM temp.lost_senders AS l {_HOLDING}
        CROSS JOIN statements AS s ON s.entity_id = h.entity_id {_PLACED}""",
    f"""INSERT OR IGNORE INTO temp.resting SELECT e.id FROM temp.lost_senders AS l
        CROSS JOIN statements AS s ON s.entity_id = l.account {_PLACED}""",
)
"""Evidence that rests on such messages: that others wrote to them; where the file names them no more, their account, name and number."""
EXCLUDED = "(SELECT DISTINCT h.document_id AS id FROM hidden_documents AS h)"
"""Documents that are excluded, as who reads may know."""
UNSAID = (
    "CREATE TEMP TABLE IF NOT EXISTS unsaid (id TEXT PRIMARY KEY) WITHOUT ROWID",
    "DELETE FROM temp.unsaid",
    f"INSERT OR IGNORE INTO temp.unsaid SELECT e.id FROM {EXCLUDED} AS a CROSS JOIN evidence AS e ON e.document_id = a.id",
)


def has_excluded_senders(sql: sqlite3.Connection, among: str | None = None) -> bool:
    """Whether messages of chats are excluded; of these documents (a JSON list), if they are given."""
    asked = (
        "hidden_documents AS h"
        if among is None
        else "json_each(?) AS j CROSS JOIN hidden_documents AS h ON h.document_id = j.value"
    )
    query = f"""SELECT 1 FROM {asked} CROSS JOIN evidence AS e ON e.document_id = h.document_id
        WHERE e.method IN ({_METHODS}) LIMIT 1"""
    return sql.execute(query, () if among is None else (among,)).fetchone() is not None


def withhold_excluded_senders(sql: sqlite3.Connection) -> None:
    """Withhold what rests on messages that are excluded, or on these and such as are withheld anyway."""
    for step in UNSAID:
        sql.execute(step)
    sql.execute("INSERT OR IGNORE INTO temp.unsaid SELECT id FROM gate_evidence")
    if note_resting_evidence(sql, "temp.unsaid", EXCLUDED):
        sql.execute("INSERT OR IGNORE INTO gate_evidence SELECT id FROM temp.resting")


def note_resting_evidence(sql: sqlite3.Connection, gone: str, asked: str) -> bool:
    """Add to a table of evidence that is gone what rests on it, as far as chats go (also in `temp.resting`); whether there is any.

    Parameters
    ----------
    gone : str
        A table of ids of evidence.
    asked : str
        A table of ids of documents, in which the messages lie.
    """
    for step in TABLES:
        sql.execute(step)
    if sql.execute(LOST.format(asked=asked, gone=gone)).rowcount < 1:
        return False
    for step in RESTING:
        sql.execute(step.format(gone=gone))
        sql.execute(f"INSERT OR IGNORE INTO {gone} SELECT id FROM temp.resting")
    return True
