"""Who sent messages that a rule about a sender took, as each file says it: to count where files disagree."""

from __future__ import annotations

import json

from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.ledger import Ledger

AWAY = "(SELECT value FROM json_each(:secret))"
QUERY = f"""SELECT DISTINCT t.document_id, s.name, st.value, e.original_value
    FROM (SELECT DISTINCT k.document_id FROM main.taken AS k JOIN main.live_set_asides AS m ON m.id = k.set_aside_id
        WHERE k.passage_id = '' AND json_array_length(m.rule, '$.sender') > 0 AND m.id IN (SELECT value FROM json_each(:rules))) AS one
    CROSS JOIN main.evidence AS e ON e.document_id = one.document_id
    CROSS JOIN main.statements AS st ON st.id = e.statement_id AND st.prop = 'senderAccount'
    CROSS JOIN main.traces AS t ON t.id = e.trace_id AND t.run_id = e.run_id
    CROSS JOIN main.sources AS s ON s.sha256 = t.source
    WHERE e.run_id IN (SELECT id FROM main.live_runs) AND e.id NOT IN {AWAY} AND t.document_id NOT IN {AWAY}
        AND s.sha256 NOT IN {AWAY} AND t.id NOT IN {AWAY} ORDER BY 1, 2, 3, 4"""


def list_senders(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """Document, name of the file, account and name as written, of what rules of which the reader may know took by its sender."""
    if ledger.reader_connection.execute("SELECT 1 FROM main.live_set_asides").fetchone() is None:
        return []
    rules = json.dumps(sorted(hidden_bulk_rows.list_visible_rule_ids(ledger)))
    given = {"rules": rules, "secret": ledger.encode_secret_ids() or "[]"}
    rows = ledger.reader_connection.execute(QUERY, given).fetchall()
    return [(str(document), str(name), str(account), str(written)) for document, name, account, written in rows]
