"""Every decision of an officer in one table: verdicts, judgements on pairs, marks and grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from workbench.ledger.access import terms
from workbench.ledger.records import row_tables

if TYPE_CHECKING:
    from workbench.ledger.ledger import Ledger

COLUMNS = ("seq", "target_kind", "target_id", "verdict", "replacement", "officer", "because", "at")


def list_officer_decisions(ledger: Ledger) -> pd.DataFrame:
    """All decisions of officers (COLUMNS), in order of time; `seq` counts them.

    Of a judgement `target_id` and `replacement` are the pair, and the verdict is 'open' after a split. Of a mark or a grade the
    verdict is what is said (`terms.FACETS`), and `replacement` its value.
    """
    judged = row_tables.list_all_judgements(ledger).rename(
        columns={"left_id": "target_id", "right_id": "replacement", "judgement": "verdict"}
    )
    said = terms.list_terms(ledger)
    said = said[said["target_kind"].isin(terms.MATERIAL)].rename(columns={"facet": "verdict"})
    tables = [
        row_tables.list_decisions(ledger),
        judged.assign(target_kind="pair"),
        said.assign(replacement=[", ".join(map(str, values)) for values in said["value"]]),
    ]
    wanted = [name for name in COLUMNS if name != "seq"]
    found = pd.concat([table[wanted] for table in tables if len(table)] or [tables[0][wanted]], ignore_index=True)
    found = found.sort_values("at", kind="stable", ignore_index=True)
    return found.assign(seq=range(1, len(found) + 1))[list(COLUMNS)]
