"""Issue rows of what comes in after an erasure: on a file, under the run that has read it."""

from __future__ import annotations

from workbench.ledger.ledger import Ledger
from workbench.ledger.records.readings import build_order
from workbench.model.rows import Issue

RUN = f"""SELECT r.id FROM runs AS r LEFT JOIN ruling AS v ON v.target_id = r.id WHERE r.source = ?
    ORDER BY {build_order()} LIMIT 1"""


def add_issue(ledger: Ledger, source: str, found: Issue) -> None:
    """Add an issue row to those of the reading of a source that counts, or counted last."""
    with ledger.open_transaction() as sql:
        if run := sql.execute(RUN, (source,)).fetchone():
            row = (found.id, run[0], source, found.code, found.severity, found.message, found.fix, "", found.place)
            sql.execute("INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def has_issue(ledger: Ledger, source: str, code: str) -> bool:
    """Whether a source has an issue row of a code."""
    query = "SELECT 1 FROM issues WHERE source = ? AND code = ? LIMIT 1"
    return ledger.connection.execute(query, (source, code)).fetchone() is not None
