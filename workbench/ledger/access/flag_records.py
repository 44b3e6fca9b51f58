"""Flags in the ledger: passages with words of a special category or a child, and what officers decided on them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from workbench.ledger.ledger import Ledger
from workbench.model.schema import FLAG
from workbench.model.values.age import ADULT, MINOR, PERHAPS, UNKNOWN, assess_age_by_birth, assess_stated_age

if TYPE_CHECKING:
    import pandas as pd

DISMISSED, CONFIRMED = "dismissed", "confirmed"
"""Verdicts on a flag; any other leaves it a suggestion."""
BY_BIRTH, BY_AGE = "birth", "age"
COLUMNS = """e.statement_id AS flag_id, e.prop, e.value, e.original_value, e.passage_id, e.document_id, e.start, e.stop AS "end",
    e.method, e.version, e.confidence, d.at, d.schema AS of, coalesce(v.verdict, '') AS verdict, coalesce(v.officer, '') AS officer,
    coalesce(v.because, '') AS because"""
JOINED = f"""AS e LEFT JOIN documents AS d ON d.id = e.document_id LEFT JOIN ruling AS v ON v.target_id = e.statement_id
    WHERE e.schema = '{FLAG}' AND e.kind = 'suggested'"""
WHOLE = JOINED.replace("JOIN ruling", "JOIN main.ruling")
"""By all decisions, whoever reads."""
PLAUSIBLE = (MINOR, PERHAPS)


def list_flags(ledger: Ledger) -> pd.DataFrame:
    """Live flags that the reader may see, in order of documents and places, one row a place.

    Columns: flag_id, prop, value, original_value, passage_id, document_id, start, end, method, version, confidence, at (of the
    document, as written), of (schema of the document), verdict, officer, because.
    """
    import pandas as pd

    cursor = ledger.reader_connection.execute(
        f"SELECT {COLUMNS} FROM live_evidence {JOINED} ORDER BY d.at, e.document_id, e.passage_id, e.start, e.prop"
    )
    return pd.DataFrame(cursor.fetchall(), columns=pd.Index([str(column[0]) for column in cursor.description]))


def compute_standings(prop: str, value: str, at: str, today: str) -> tuple[str, str]:
    """As at the date of the source, and today: 'minor', 'perhaps', 'of age', '' unknown."""
    if prop == BY_BIRTH:
        return assess_age_by_birth(value, at), assess_age_by_birth(value, today)
    if prop == BY_AGE and value.isdecimal() and len(value) < 3 and int(value) < ADULT:
        return MINOR, assess_stated_age(int(value), at, today)
    return PERHAPS, UNKNOWN


def is_relevant(prop: str, standing: tuple[str, str]) -> bool:
    """Whether a flag says anything: a birth does where it is, or may be, of a minor, then or now."""
    return prop != BY_BIRTH or bool(set(standing) & set(PLAUSIBLE))


def list_flagged_passages(sql: sqlite3.Connection, today: str) -> set[str]:
    """Passages with a flag that nobody has dismissed, whoever may see them."""
    rows = sql.execute(
        f"SELECT e.passage_id, e.prop, e.value, d.at FROM main.live_evidence {WHOLE} AND coalesce(v.verdict, '') != ?",
        (DISMISSED,),
    ).fetchall()
    return {key for key, prop, value, at in rows if is_relevant(prop, compute_standings(prop, value, at or "", today))}
