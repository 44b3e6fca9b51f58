"""Remarks: what another bureau says of something that it did not bring. Kept and counted, without effect until an officer adopts it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.ledger.storage.stored_values import require_json
from workbench.model.ids import compute_digest
from workbench.model.pseudonyms.name_matching import ERASED

if TYPE_CHECKING:
    from workbench.ledger.sessions.access_protocol import ConnectedLedger

TARGET = "remark"
"""Kind under which officers decide on remarks (`Ledger.decide`)."""
HELD = frozenset({"level", "tlp", "handling", "conditions", "barred", "channel", "purpose", "special", "restricted"})
"""Facets that a remark bears, and what is adopted of it: to whom it may be shown. How long it is kept, what it is worth and what a provider
has allowed is for this case to say."""
APART = frozenset({"purpose", "special", "restricted"})
"""Those of them that a mark on something bears for no other reason than that it stands on it: what is said of a thing of ours has no effect
before it is adopted, so it hides neither the warning that it is nor what else its sender says of how to take the thing."""
FORMER = ("row.derived.remarks", "fix.settle.remarks")
"""What issue rows of earlier releases say of remarks: they are read in each language still."""
ADOPTED, DISMISSED = "adopted", "dismissed"
WORDS = {"evidence": "evidence", "notes": "note", "source_facts": "source"}
"""Table for which a row was written -> kind of what an officer makes, or speaks of, who adopts it."""
BASES = """WITH RECURSIVE base(id) AS (SELECT value FROM json_tree(?) WHERE type = 'text'
    UNION SELECT e.passage_id FROM base AS b CROSS JOIN evidence AS e ON e.id = b.id
    UNION SELECT e.document_id FROM base AS b CROSS JOIN evidence AS e ON e.id = b.id
    UNION SELECT e.run_id FROM base AS b CROSS JOIN evidence AS e ON e.id = b.id
    UNION SELECT p.document_id FROM base AS b CROSS JOIN passages AS p ON p.id = b.id
    UNION SELECT t.document_id FROM base AS b CROSS JOIN traces AS t ON t.id = b.id
    UNION SELECT t.source FROM base AS b CROSS JOIN traces AS t ON t.document_id = b.id
    UNION SELECT r.source FROM base AS b CROSS JOIN traces AS t ON t.document_id = b.id JOIN runs AS r ON r.id = t.run_id
    UNION SELECT r.source FROM base AS b CROSS JOIN runs AS r ON r.id = b.id
    UNION SELECT a.outer_source FROM base AS b CROSS JOIN arrivals AS a ON a.source = b.id)
    SELECT DISTINCT id FROM base WHERE id != ''"""
"""What rows name, and in what that lies: evidence in its passage, a passage in its document, that in its files, these in others."""
MATERIAL = ("source", "document", "passage", "evidence", "statement", "entity", "note", "file")
"""Kinds of things that bear marks."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A row of a package that points at something which its sender did not bring.

    Attributes
    ----------
    id : str
        By its content and its package.
    bureau, package : str
        Who sent it, and in which package.
    kind : str
        Table for which the row was written (`package_tables.TABLES`).
    targets : tuple of str
        Ids of what it points at.
    marks : mapping
        Facet -> values under which it was sent.
    body : mapping
        The row; of evidence with the statement for which it stands.
    at : str
        When it came, UTC.
    state : {'', 'adopted', 'dismissed'}
        What an officer of this case has decided on it.
    by : str
        Who has decided so.
    """

    id: str
    bureau: str
    package: str
    kind: str
    targets: tuple[str, ...]
    marks: Mapping[str, Sequence[str]]
    body: Mapping[str, str | int | float]
    at: str
    state: str = ""
    by: str = ""


def add_remark(sql: sqlite3.Connection, made: Remark) -> bool:
    """Keep a remark inside the caller's transaction; False if the bureau has made it before."""
    row = (
        made.id,
        made.bureau,
        made.package,
        made.kind,
        _encode_json(made.targets),
        _encode_json(made.marks),
        _encode_json(made.body),
        made.at,
    )
    return sql.execute("INSERT OR IGNORE INTO remarks VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount > 0


def raise_marks(sql: sqlite3.Connection, key: str, marks: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Let a remark bear these marks too, inside the caller's transaction; what it bears then, empty where it bore them before."""
    row = sql.execute("SELECT marks FROM remarks WHERE id = ?", (key,)).fetchone()
    held = json.loads(row[0]) if row else {}
    made = {**held, **merge_facets(held, {name: values for name, values in marks.items() if values})}
    if row is None or made == held:
        return {}
    sql.execute("UPDATE remarks SET marks = ? WHERE id = ?", (_encode_json(made), key))
    return made


def merge_facets(held: Mapping[str, Sequence[str]], facets: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Facets joined with what is said already, so that none falls: of purposes, each of which opens, those stay that both allow."""
    made = {name: _remove_blanks({*held.get(name, ()), *values}) for name, values in facets.items()}
    if held.get("purpose") and "purpose" in facets:
        both = sorted({*held["purpose"]} & {*facets["purpose"]})
        made["purpose"] = both or list(held["purpose"])
    return made


def _remove_blanks(values: set[str]) -> list[str]:
    """Values in order; one of which nothing is left but that it was erased says no more than one of which something is."""
    blanks = {ERASED} if any(ERASED in one and one != ERASED for one in values) else set()
    return sorted(values - blanks)


def list_bases(sql: sqlite3.Connection, row: Mapping[str, object]) -> list[str]:
    """Ids of all that a row stands on: what it names, also in a list of passages, and in what that lies. Its marks are the row's."""
    named = [json.loads(str(value)) if name in ("passages", "detail") else str(value) for name, value in row.items()]
    return [str(key) for (key,) in sql.execute(BASES, (_encode_json(named),)).fetchall()]


def list_adopted(sql: sqlite3.Connection, key: str) -> list[tuple[str, str]]:
    """Kind and id of what officers have adopted of a remark, or of what their word is said of: that bears its marks."""
    query = """SELECT DISTINCT r.kind, r.body, d.replacement FROM remarks AS r JOIN decisions AS d ON d.target_id = r.id
        WHERE r.id = ? AND d.target_kind = ? AND d.verdict = ? ORDER BY d.seq"""
    found = []
    for kind, text, word in sql.execute(query, (key, TARGET, ADOPTED)).fetchall():
        body = json.loads(text)
        if kind == "judgements":
            found += [("entity", str(body["left_id"])), ("entity", str(body["right_id"]))]
        elif kind in WORDS:
            found.append((WORDS[kind], str(word)))
        elif body["target_kind"] in ("run", *MATERIAL):
            found.append(("source" if body["target_kind"] == "run" else str(body["target_kind"]), str(word)))
    return list(dict.fromkeys(found))


def has_facet(kind: str, facet: str, key: str) -> bool:
    """Whether a remark of a kind bears a facet that its sender says of what it names; '' for `key`: of all of its material."""
    return facet in HELD and not (kind == "terms" and key and facet in APART)


def compute_remark_id(bureau: str, kind: str, body: Mapping[str, object]) -> str:
    """Id of a remark: the same words of one bureau on the same thing are one remark, in however many packages they come."""
    return f"remark-{compute_digest('remark', bureau, kind, _encode_json(body))}"


def list_remarks(ledger: ConnectedLedger, about: Iterable[str] | None = None) -> list[Remark]:
    """Remarks that the reader may see, in the order in which they came; about these ids, if they are given.

    A remark bears the marks under which it was sent, and goes with what it points at: who may not see the one sees neither.
    """
    query = """SELECT r.id, r.bureau, r.package, r.kind, r.targets, r.marks, r.body, r.at, coalesce(v.verdict, ''),
            coalesce(v.officer, '')
        FROM live_remarks AS r LEFT JOIN ruling AS v ON v.target_id = r.id WHERE ? IS NULL OR EXISTS
            (SELECT 1 FROM json_each(r.targets) AS t WHERE t.value IN (SELECT value FROM json_each(?)))
        ORDER BY r.at, r.bureau, r.id"""
    asked = None if about is None else json.dumps(sorted(set(about)))
    found = [_parse_row(row) for row in ledger.reader_connection.execute(query, (asked, asked)).fetchall()]
    return [one for one in found if not (ledger.gate and ledger.gate.describe_refusal(one.marks))]


def list_marks(ledger: ConnectedLedger) -> list[tuple[Mapping[str, Sequence[str]], tuple[str, ...]]]:
    """Under which marks each remark stands, also where they hide it, on whatever the reader may see.

    With each the reasons that the reader is told anyway: its sender's mark on the same thing is a remark that is shown.
    """
    shown = [one for one in list_remarks(ledger) if one.kind == "terms" and one.body.get("facet") in APART]
    told = {(one.bureau, str(one.body["facet"]), target) for one in shown for target in one.targets}
    rows = ledger.reader_connection.execute("SELECT bureau, targets, marks FROM live_remarks").fetchall()
    return [
        (require_json(text, dict),
        tuple(name for name in sorted(APART) if any((bureau, name, one) in told for one in require_json(targets, list))))
        for bureau, targets, text in rows
    ]  # fmt: skip


def _parse_row(row: Sequence[str]) -> Remark:
    key, bureau, package, kind, targets, marks, body, at, state, by = row
    state = state if state in (ADOPTED, DISMISSED) else ""
    return Remark(
        key,
        bureau,
        package,
        kind,
        tuple(require_json(targets, list)),
        require_json(marks, dict),
        require_json(body, dict),
        at,
        state,
        by,
    )


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
