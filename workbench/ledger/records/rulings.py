"""What officers have ruled on suggestions stays with these when their passage is read anew, by names that another file brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from workbench.ledger.ledger import Ledger

PLACE = ("statement_id", "passage_id", "start", "end", "method")
"""By what a suggestion is the same one, whichever version of its method has read it."""
RULED = """SELECT e.statement_id, e.passage_id, e.start, e.stop, e.method, v.verdict
    FROM ruling AS v JOIN evidence AS e ON e.id = v.target_id
    WHERE v.verdict IN ('accepted', 'rejected') AND e.kind = 'suggested' ORDER BY v.at"""


def list_verdicts(ledger: Ledger, rows: pd.DataFrame) -> list[str]:
    """Verdict on each row of EVIDENCE: the latest on the place, else on the statement, else on the entity; '' where there is none."""
    query = "SELECT target_id, verdict FROM ruling WHERE verdict IN ('accepted', 'rejected')"
    said: dict[str, str] = dict(ledger.reader_connection.execute(query).fetchall())
    if not said:
        return [""] * len(rows)
    before: dict[tuple[object, ...], str] = {
        tuple(place): verdict for *place, verdict in ledger.reader_connection.execute(RULED).fetchall()
    }
    names = zip(rows["evidence_id"], rows["statement_id"], rows["entity_id"], rows["kind"], strict=True)
    places = rows[list(PLACE)].itertuples(index=False, name=None)
    found = []
    for (evidence, statement, entity, kind), place in zip(names, places, strict=True):
        own = said.get(evidence) or (before.get(place, "") if kind == "suggested" else "")
        found.append(own or said.get(statement) or said.get(entity, ""))
    return found
