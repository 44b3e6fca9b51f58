"""Terms: what is said about material and officers, facet by facet. Only added; the latest row of a facet counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.sessions.access_protocol import ConnectedLedger
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import require_json
from workbench.model.ids import compute_digest
from workbench.model.time_zones import add_years, normalise_day

if TYPE_CHECKING:
    import pandas as pd

MATERIAL = ("case", "source", "file", "document", "passage", "evidence", "statement", "entity", "note")
"""Kinds of targets that carry a mark, from the widest. `file`: a source as the file that it is, without the messages in it, which bear
marks of their own."""
FACETS = (
    "level", "tlp", "handling", "conditions", "barred", "channel", "grade", "nature", "purpose", "review", "hold", "special",
    "restricted", "permission", "language",
)  # fmt: skip
"""What can be said of material. `grade`: code and scale; `nature`: fact or assessment; `purpose`: for which alone it may be
used; `review`: ISO date; `hold`: legal hold; `special`: 'minors' or a special category; `restricted`: processing restricted
(Directive (EU) 2016/680 article 16); `permission`: what its provider has allowed ('H1', 'H2'); `language`: of a value, ISO 639."""
LATEST = ("grade", "nature", "review", "language")
"""Facets of which the latest word of who brought the material counts: they hide nothing."""
LONGEST = 5
"""Years for which a review may be put off at once, whoever says so."""
OFFICER = ("clearance", "role", "country", "revealed")
"""What can be said of an officer; of a bureau 'vouches' and 'clearance' (up to which it may grant), of the controller 'name' and
'key' (fingerprint)."""
LATER = "NOT EXISTS (SELECT 1 FROM temp.gate_older AS o WHERE o.id = m.target_id AND m.seq <= o.seq)"
"""Terms that are not older than the reader's own copy of what they are said of."""
Target = tuple[str, str]
"""Kind and id."""


def add_facets(
    ledger: Ledger,
    targets: Iterable[Target],
    facets: Mapping[str, Sequence[str]],
    because: str,
    operation: str = "alteration",
) -> int:
    """Say facets of targets, in one transaction; number of rows added. A facet that holds already is not said again."""
    wanted = [(*target, facet, list(values)) for target in targets for facet, values in facets.items()]
    with ledger.open_transaction() as sql:
        added = 0
        for kind, key, facet, values in wanted:
            added += add_facet(sql, ledger, (kind, key, facet), values, because)
        kind, key = wanted[0][:2] if wanted else ("nothing", "")
        what = Object(kind, key, count=len({item[:2] for item in wanted}))
        said = {name: list(values) for name, values in facets.items()}
        ledger.log(sql, operation, what, {"facets": said, "because": because})
    return added


def add_facet(
    sql: sqlite3.Connection,
    ledger: Ledger,
    what: tuple[str, str, str],
    values: Sequence[str],
    because: str,
    *,
    officer: str = "",
) -> bool:
    """Say one facet (kind, id, facet) inside the caller's transaction; whether it did not hold already, as far as the officer may know.

    `officer`: who says it, where it is not who works.
    """
    text = json.dumps(sorted(set(values)), ensure_ascii=False)
    query = "SELECT value FROM main.live_terms AS m WHERE target_kind = ? AND target_id = ? AND facet = ?"
    if what[0] in MATERIAL and (gate := ledger.current_filter) and gate.own:
        query = f"{query} AND {LATER}"
    held = sql.execute(query, what).fetchone()
    if (held[0] if held else "[]") == text:
        return False
    row = (*what, text, officer or ledger.officer, because, now())
    columns = "id, target_kind, target_id, facet, value, officer, because, at"
    made = compute_digest("term", *row, str(_count_terms(sql, *what)))
    sql.execute(f"INSERT INTO terms ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (made, *row))
    return True


def _count_terms(sql: sqlite3.Connection, kind: str, key: str, facet: str) -> int:
    query = "SELECT count(*) FROM terms WHERE target_kind = ? AND target_id = ? AND facet = ?"
    return int(sql.execute(query, (kind, key, facet)).fetchone()[0])


def list_current_terms(
    ledger: ConnectedLedger, ids: Iterable[str] | None = None, *, whole: bool = False
) -> dict[Target, dict[str, list[str]]]:
    """Everything that holds now, of these ids if they are given: target -> facet -> values. It is not cut to a reader.

    What was said of a hidden file before the reader brought a copy of it is not said of the copy (`owncopies`): it is left out,
    but not of the `whole`. Days of review are in the form in which they compare, and none that a partner or an older program has
    written puts a review off for longer than LONGEST years.
    """
    found: dict[Target, dict[str, list[str]]] = {}
    query = """SELECT target_kind, target_id, facet, value, at FROM main.live_terms AS m
        WHERE ? IS NULL OR target_id IN (SELECT value FROM json_each(?)) ORDER BY seq"""
    if ids is not None:
        query = query.replace("? IS NULL OR ", "")
    if not whole and (gate := ledger.current_filter) and gate.own:
        query = query.replace("main.live_terms AS m", f"(SELECT * FROM main.live_terms AS m WHERE {LATER})")
    asked = (None, None) if ids is None else (json.dumps(sorted(ids)),)
    for kind, key, facet, value, at in ledger.connection.execute(query, asked).fetchall():
        values = require_json(value, list)
        found.setdefault((kind, key), {})[facet] = review_days(values, at) if facet == "review" else values
    return found


def review_days(values: Iterable[str], at: str) -> list[str]:
    """Days of review, said at a moment, as they count; what is no day does not."""
    today = datetime.now(UTC).date().isoformat()
    said = min(normalise_day(at[:10]) or today, today)
    last = add_years(date.fromisoformat(said), LONGEST).isoformat()
    return sorted({min(day, last) for value in values if (day := normalise_day(value))})


def list_legal_holds(ledger: Ledger) -> dict[Target, tuple[str, str]]:
    """Legal holds that stand, whoever reads: target -> reason, and when it was set."""
    query = "SELECT target_kind, target_id, value, at FROM main.live_terms WHERE facet = 'hold' AND value != '[]' ORDER BY seq"
    rows = ledger.connection.execute(query).fetchall()
    return {(str(kind), str(key)): (require_json(value, list)[0], str(at)) for kind, key, value, at in rows}


def get_latest_number(ledger: Ledger, kinds: Sequence[str]) -> int:
    """Number of the last thing said of targets of these kinds; 0 where nothing was."""
    query = "SELECT max(seq) FROM main.terms WHERE target_kind IN (SELECT value FROM json_each(?))"
    return int(ledger.connection.execute(query, (json.dumps(kinds),)).fetchone()[0] or 0)


def is_secret(ledger: Ledger) -> bool:
    """Whether anything is marked in a way that keeps it from some officers, who may not even know of it; whoever reads."""
    query = (
        "SELECT 1 FROM main.live_terms WHERE target_kind != 'case' AND facet IN ('level', 'barred', 'purpose') LIMIT 1"
    )
    return ledger.connection.execute(query).fetchone() is not None


def list_terms(ledger: Ledger) -> pd.DataFrame:
    """Terms that hold, oldest first: target_kind, target_id, facet, value (list), officer, because, at."""
    import pandas as pd

    query = "SELECT target_kind, target_id, facet, value, officer, because, at FROM live_terms ORDER BY seq"
    cursor = ledger.reader_connection.execute(query)
    made = pd.DataFrame(cursor.fetchall(), columns=pd.Index([column[0] for column in cursor.description]))
    made["value"] = [require_json(text, list) for text in made["value"]]
    return made
