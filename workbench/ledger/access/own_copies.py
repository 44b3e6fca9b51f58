"""Copies of hidden files that an officer brought without knowing of them (docs/decisions/0019).

A file is kept once, by its hash. Who brings it while it is secret to that officer sees it as if it were new: under the name and with
the facts that were given with it. What others said of the file before stays theirs, and holds for everybody else.

It is noted as a term of the kind ARRIVAL on the file, whose facet is the officer. Packages neither hold such terms nor bring them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.ledger.access import hidden_bulk_rows, terms
from workbench.ledger.exclusions import own_exclusions
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.log.row_commitments import compute_leaf, map_row_hashes
from workbench.ledger.storage.runs import now

if TYPE_CHECKING:
    from workbench.ledger.storage.runs import Arrival

Until = tuple[int, str]
"""An entry of the log, and a time."""
ARRIVAL = "arrival"
"""Kind of the terms by which own copies are noted."""
NEW = "new"
"""Among what such a term says: the file was new to the case, and has come under it for what lies in it."""
ALONE = "alone"
"""Among the same: the officer brought it by itself, and not within another file."""
COPIES = "SELECT * FROM main.live_terms WHERE target_kind = 'arrival' AND facet = ?"
TABLES = (
    """CREATE TEMP TABLE IF NOT EXISTS gate_own
        (id TEXT PRIMARY KEY, name TEXT, facts TEXT, options TEXT, officer TEXT, at TEXT, seq INTEGER, entry INTEGER, last TEXT,
        first TEXT, alone INTEGER) WITHOUT ROWID""",
    "CREATE TEMP TABLE IF NOT EXISTS gate_older (id TEXT PRIMARY KEY, seq INTEGER) WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS gate_before (id TEXT PRIMARY KEY, entry INTEGER, last TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS gate_after (kind TEXT, key, entry INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID",
)
INSIDE = "FROM gate_own AS o CROSS JOIN traces AS t ON t.source = o.id"
"""Documents in own copies."""
OLDER = (
    "INSERT OR REPLACE INTO gate_older SELECT id, seq FROM gate_own",
    f"INSERT OR REPLACE INTO gate_older SELECT t.document_id, max(o.seq) {INSIDE} GROUP BY 1",
    f"""INSERT OR REPLACE INTO gate_older SELECT p.id, max(o.seq) {INSIDE} CROSS JOIN passages AS p ON p.document_id = t.document_id
        GROUP BY 1""",
    f"""INSERT OR REPLACE INTO gate_older SELECT e.id, max(o.seq) {INSIDE} CROSS JOIN evidence AS e ON e.document_id = t.document_id
        GROUP BY 1""",
    "INSERT OR REPLACE INTO gate_older SELECT r.id, o.seq FROM gate_own AS o CROSS JOIN runs AS r ON r.source = o.id",
)
"""Ids of own copies and of what lies in them, and the term up to which what was said is others'. Marks on entities and statements are
not among them: they are about more than a file."""


OTHERS = "officer != (SELECT o.officer FROM gate_own AS o LIMIT 1)"
LATER = "EXISTS (SELECT 1 FROM gate_after AS a WHERE a.kind = '{0}' AND a.key = {1} AND a.entry > {2}.entry)"
"""That a row came after the reader's copy, in the order of the log: clocks are not asked."""
KEYS = {
    "notes": "id", "set_asides": "id", "disclosures": "id", "remarks": "id", "evidence": "id", "decisions": "seq", "judgements": "seq",
    "terms": "seq", "source_facts": "seq",
}  # fmt: skip
"""Tables of what officers say -> the column by which a row is known."""


def build_before_condition(table: str, ids: str) -> str:
    """What others said of something (`m`, of the table) while it was hidden from the reader, who knows of it only by a later copy."""
    later = LATER.format(table, f"m.{KEYS[table]}", "b")
    return f"EXISTS (SELECT 1 FROM gate_before AS b WHERE b.id {ids} AND NOT {later} AND m.{OTHERS})"


def _build_later_condition(table: str, of: str) -> str:
    return LATER.format(table, f"m.{KEYS[table]}", of)


ROWS = {
    "notes": f"SELECT m.id FROM notes AS m WHERE {build_before_condition('notes', '= m.id')}",
    "set_asides": f"""SELECT m.id FROM set_asides AS m WHERE {build_before_condition("set_asides", "= m.id")} OR (m.{OTHERS}
        AND EXISTS (SELECT 1 FROM taken AS t WHERE t.set_aside_id = m.id)
        AND NOT EXISTS (SELECT 1 FROM taken AS t WHERE t.set_aside_id = m.id AND t.document_id NOT IN gate_ids
            AND NOT EXISTS (SELECT 1 FROM gate_before AS b WHERE b.id IN (t.document_id, t.passage_id)
                AND NOT {_build_later_condition("set_asides", "b")})))""",
    "disclosures": f"""SELECT m.id FROM disclosures AS m WHERE m.{OTHERS} AND EXISTS (SELECT 1 FROM disclosed AS t
        JOIN gate_before AS b ON b.id = t.target_id WHERE t.disclosure_id = m.id AND NOT {_build_later_condition("disclosures", "b")})""",
    "evidence": f"""SELECT m.id FROM gate_before AS h CROSS JOIN evidence AS m ON m.id = h.id
        WHERE m.at != '' AND NOT {_build_later_condition("evidence", "h")} AND m.{OTHERS}""",
}
"""Rows that have an id of their own, among what others said so."""


def get_reader_name(ledger: Ledger) -> str:
    """By what the officer who works is known: the fingerprint of the key, or the name."""
    return ledger.identity.card.fingerprint if ledger.identity else ledger.officer


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that an officer brings: its hash, how it came, and what was said of it."""

    sha256: str
    arrival: Arrival
    size: int
    facts: Mapping[str, str]
    options: Mapping[str, str]

    @property
    def as_brought(self) -> dict[str, object]:
        """What the term of the copy says."""
        options = json.dumps(dict(self.options), sort_keys=True)
        alone = {} if self.arrival.outer else {ALONE: True}
        return {"name": self.arrival.name, "facts": dict(self.facts), "options": options, **alone}


def record_copy(ledger: Ledger, copy: Copy, around: Sequence[Copy] = ()) -> None:
    """Note that the officer who works brought a copy; logged as a file that is new. A copy that is known keeps its name and gets facts.

    around : the new files in which it came, the outermost first. What lies in them hides them from everybody else as ever, and they are
        the officer's own too.
    """
    own = gate.own if (gate := ledger.current_filter) else frozenset[str]()
    new = [(one.sha256, {**one.as_brought, NEW: True}) for one in around if one.sha256 not in own]
    if copy.sha256 in own:
        if copy.facts:
            ledger.describe_source(copy.sha256, copy.facts, "", is_own_copy=is_own_copy(ledger, copy.sha256))
        logged = around[-1] if new else None
    else:
        new.append((copy.sha256, copy.as_brought))
        logged = copy
    if logged is None:
        return
    with ledger.open_transaction() as sql:
        for key, brought in new:
            said = json.dumps({**brought, "last": _find_latest_time(sql)}, ensure_ascii=False, sort_keys=True)
            terms.add_facet(sql, ledger, (ARRIVAL, key, get_reader_name(ledger)), [said], "")
        within = {"within": logged.arrival.outer} if logged.arrival.outer else {}
        detail = {"name": logged.arrival.name, "size": logged.size, **within, **logged.facts}
        ledger.log(sql, "collection", Object("source", id=logged.sha256, inputs=[logged.sha256]), detail)


def is_new_around(ledger: Ledger, sha256: str) -> bool:
    """Whether an own copy is a file that was new when the officer brought it, and is hidden by what lies in it alone."""
    said = ledger.connection.execute(f"{COPIES} AND target_id = ?", (get_reader_name(ledger), sha256)).fetchone()
    return bool(said and json.loads(json.loads(str(said[5]))[0]).get(NEW))


def is_own_copy(ledger: Ledger, sha256: str) -> bool:
    """Whether the officer knows a file by an own copy alone: what is said or done of that is for nobody else."""
    gate = ledger.current_filter
    return bool(gate and sha256 in gate.own) and not is_new_around(ledger, sha256)


def let_go(ledger: Ledger, sha256: str, because: str) -> None:
    """Take an own copy back, with those that the officer brought within it and in no other way: they are hidden from the officer again."""
    gone = _list_within(ledger.reader_connection, sha256)
    with ledger.open_transaction() as sql:
        for key in (sha256, *gone):
            terms.add_facet(sql, ledger, (ARRIVAL, key, get_reader_name(ledger)), [], because)
        ledger.log(sql, "alteration", Object("source", id=sha256), {"because": because})


def _list_within(sql: sqlite3.Connection, sha256: str) -> list[str]:
    """Own copies that came within one of them, however deep, and neither by themselves nor within others."""
    query = """SELECT DISTINCT a.source, a.outer_source FROM gate_own AS o CROSS JOIN arrivals AS a ON a.source = o.id
        WHERE NOT o.alone AND a.outer_source != a.source AND a.outer_source IN (SELECT id FROM gate_own)"""
    outers: dict[str, set[str]] = {}
    for source, outer in sql.execute(query).fetchall():
        outers.setdefault(str(source), set()).add(str(outer))
    gone, size = {sha256}, 0
    while size != len(gone):
        size = len(gone)
        gone |= {source for source, around in outers.items() if around <= gone}
    return sorted(gone - {sha256})


def renew_copy(sql: sqlite3.Connection, ledger: Ledger, sha256: str) -> None:
    """Note an own copy anew, inside a transaction: what its own reading says of it after it came does not hide it from the officer."""
    what = (ARRIVAL, sha256, get_reader_name(ledger))
    query = "SELECT value FROM main.live_terms WHERE target_kind = ? AND target_id = ? AND facet = ?"
    (said,) = json.loads(sql.execute(query, what).fetchone()[0])
    brought = json.dumps({**json.loads(said), "last": _find_latest_time(sql)}, ensure_ascii=False, sort_keys=True)
    terms.add_facet(sql, ledger, what, [], "")
    terms.add_facet(sql, ledger, what, [brought], "")


def _find_latest_time(sql: sqlite3.Connection) -> str:
    """The latest time that anything in the log or of a chart bears: whatever the clock says, a copy that comes now comes after it."""
    query = "SELECT max(json_extract(entry, '$.ts_utc')) FROM audit UNION ALL SELECT max(at) FROM charts"
    return max(now(), *(str(at) for (at,) in sql.execute(query).fetchall() if at))


def get_first_name(ledger: Ledger, sha256: str) -> str:
    """The name under which a file came first."""
    query = "SELECT name FROM main.sources WHERE sha256 = ?"
    return str(ledger.connection.execute(query, (sha256,)).fetchone()[0])


def load_copies(sql: sqlite3.Connection, who: str) -> frozenset[str]:
    """Put the own copies of an officer into the tables of the connection; their hashes."""
    found = sql.execute(COPIES, (who,)).fetchall() if who else []
    if not found and not sql.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'gate_own'").fetchone():
        return frozenset()
    for step in (
        *TABLES,
        "DELETE FROM gate_own",
        "DELETE FROM gate_older",
        "DELETE FROM gate_before",
        "DELETE FROM gate_after",
    ):
        sql.execute(step)
    came, latest = map_row_hashes(sql, "terms", 0), sql.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0]
    rows = [_build_copy_row(row, came.get(compute_leaf("terms", *row), latest)) for row in found]
    first = "(SELECT name FROM main.sources WHERE sha256 = ?1)"
    sql.executemany(f"INSERT INTO gate_own VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, {first}, ?10)", rows)
    for step in OLDER:
        sql.execute(step)
    return frozenset(str(row[0]) for row in rows)


def _build_copy_row(row: Sequence[object], entry: int) -> tuple[object, ...]:
    """A row of gate_own, out of one of terms and the entry of the log with which it came."""
    seq, _, _, key, _, value, officer, _, at = row
    said = json.loads(json.loads(str(value))[0])
    told = (said["name"], json.dumps(said["facts"]), said.get("options", "{}"))
    return key, *told, officer, at, seq, entry, max(str(at), said.get("last", "")), bool(said.get(ALONE))


def load_exclusions(ledger: Ledger, secret: Collection[str]) -> None:
    """Put what exclusions take of the reader's own copies into the tables of the connection, once all else there is in line."""
    sql = ledger.connection
    own_exclusions.clear_taken(sql)
    known = hidden_bulk_rows.list_visible_rule_ids(ledger)
    rows = sql.execute("SELECT id, alone FROM gate_own").fetchall()
    own_exclusions.load_taken(
        sql, known, {str(key) for key, _ in rows}, {str(key) for key, alone in rows if alone}, secret
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """When copies came: what was said up to then was said with the copies of before (`known`) in sight, and what lies in them (`ids`).

    `until`: the last entry of the log that was before, and the latest time of the log up to then.
    """

    until: Until
    known: frozenset[str]
    ids: frozenset[str]


def list_moments(sql: sqlite3.Connection) -> list[Moment]:
    """The moments at which copies of the reader came, in order."""
    found = []
    query = "SELECT min(seq), max(entry), last FROM gate_own GROUP BY at, last ORDER BY 1"
    for first, entry, last in sql.execute(query).fetchall():
        known = sql.execute("SELECT id FROM gate_own WHERE seq < ?", (first,)).fetchall()
        ids = sql.execute("SELECT id FROM gate_older WHERE seq < ?", (first,)).fetchall()
        found.append(Moment((entry, last), frozenset(key for (key,) in known), frozenset(key for (key,) in ids)))
    return found


def note_before(sql: sqlite3.Connection, hidden: Mapping[str, Until]) -> frozenset[str]:
    """Withhold what others said before the copies came, of what was `hidden` then (id -> until when); ids of their rows."""
    rows = [(key, *until) for key, until in hidden.items()]
    sql.executemany("INSERT OR REPLACE INTO gate_before VALUES (?, ?, ?)", rows)
    _note_after(sql)
    found: set[str] = set()
    for table, query in ROWS.items():
        keys = sql.execute(query).fetchall()
        for name in ("ids", *({table} & {"notes", "evidence"})):
            sql.executemany(f"INSERT OR IGNORE INTO gate_{name} VALUES (?)", keys)
        found.update(key for (key,) in keys)
    return frozenset(found)


def _note_after(sql: sqlite3.Connection) -> None:
    """Note what officers said after the first copy came, with the entry of the log that told of it first.

    A row in which an erasure struck words since is told of anew: it came when its time says, beside the times of the log.
    """
    copies = sql.execute("SELECT entry, last FROM gate_own ORDER BY entry").fetchall()
    first = copies[0][0] if copies else 0
    query = """SELECT seq FROM audit WHERE seq > ? AND instr(entry, '"op":"erasure"')"""
    struck = {seq for (seq,) in sql.execute(query, (first,)).fetchall()}
    for table, key in KEYS.items():
        came = map_row_hashes(sql, table, first)
        among = "WHERE at != '' AND id IN (SELECT id FROM gate_before)" if table == "evidence" else ""
        cursor = sql.execute(f"SELECT {key}, at, * FROM main.{table} {among}") if came else ()
        found = ((name, at, came.get(compute_leaf(table, *row), 0)) for name, at, *row in cursor)
        rows = [
            (table, name, max((one + 1 for one, last in copies if last < at), default=0) if entry in struck else entry)
            for name, at, entry in found
            if entry
        ]
        sql.executemany("INSERT INTO gate_after VALUES (?, ?, ?)", rows)


def is_before(ledger: Ledger, ids: Iterable[str], officer: str, at: str) -> bool:
    """Whether an officer other than the reader said something of these while one of them was hidden, and a copy came later."""
    if officer == ledger.officer or not (gate := ledger.current_filter) or not gate.own:
        return False
    query = "SELECT 1 FROM gate_before WHERE last >= ? AND id IN (SELECT value FROM json_each(?)) LIMIT 1"
    return ledger.connection.execute(query, (at, json.dumps(sorted(ids)))).fetchone() is not None
