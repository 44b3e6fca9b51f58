"""What went out of the case: to whom, when, under which mark, and of which entities and documents it told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import TYPE_CHECKING

from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.runs import now
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest

if TYPE_CHECKING:
    import pandas as pd

TOLD_OF = """(WITH asked AS MATERIALIZED (SELECT value FROM json_each(?))
    SELECT disclosure_id FROM disclosed WHERE target_id IN asked UNION ALL SELECT value FROM asked)"""
"""Disclosures that told of any of these ids, or are among them."""
COLUMNS = ("disclosure_id", "kind", "recipient", "name", "sha256", "mark", "officer", "because", "at", "told")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One thing that goes out.

    Attributes
    ----------
    kind : str
        'report', 'export', 'package', 'backup', 'copy'.
    recipient : str
        To whom; '' the officer's own use.
    name, sha256 : str
        Name of the file, and the hash of its bytes.
    mark : str
        As it is printed on it.
    because : str
        Reason; the session's if not given.
    what, count : str, int
        What it is, and how many things of it, for the log.
    also : tuple of str
        Hashes of the same in other forms (the PDF of a page).
    cut : mapping
        To whom it was cut and how much was left out, for the log.
    """

    kind: str
    recipient: str
    name: str
    sha256: str
    mark: str
    because: str = ""
    what: str = ""
    count: int = 1
    also: tuple[str, ...] = ()
    cut: Mapping[str, object] = field(default_factory=dict)


def record_disclosure(ledger: Ledger, made: Disclosure, targets: Iterable[str]) -> str:
    """Record what goes out, and of what it tells (ids of entities, documents, sources), with its entry in the audit log.

    Raises
    ------
    CaseError
        Without a reason; the refusal is logged.
    """
    because = made.because or ledger.session.reason
    what = Object(made.kind, made.name, count=made.count, outputs=[made.sha256, *made.also], mark=made.mark)
    if not because.strip():
        raise ledger.refuse(
            "disclosure",
            what,
            Sentence(
                "You need a reason to disclose data. Give the reason, for example: `reason='request 114/26 of …'`."
            ),
        )
    with ledger.open_transaction() as sql:
        key = _save_disclosure(sql, ledger, made, because, targets)
        told = {"what": made.what, "sha256": made.sha256, "because": because, **made.cut}
        ledger.log(sql, "disclosure", what, told, to=[made.recipient] if made.recipient else [])
    return key


def record_logged_disclosure(ledger: Ledger, made: Disclosure, targets: Iterable[str]) -> None:
    """Record of what something told that has its entry in the audit log already: a package, for each of its addressees."""
    with ledger.open_transaction() as sql:
        _save_disclosure(sql, ledger, made, made.because or ledger.session.reason, targets)


def _save_disclosure(sql: Connection, ledger: Ledger, made: Disclosure, because: str, targets: Iterable[str]) -> str:
    key = "disclosure-" + compute_digest(
        "disclosure", made.kind, made.recipient, made.name, made.sha256, ledger.officer, now()
    )
    row = (key, made.kind, made.recipient, made.name, made.sha256, made.mark, ledger.officer, because, now())
    sql.execute("INSERT OR IGNORE INTO disclosures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    sql.executemany("INSERT OR IGNORE INTO disclosed VALUES (?, ?)", [(key, target) for target in set(targets)])
    return key


def list_disclosures(ledger: Ledger, targets: Sequence[str] | None = None) -> pd.DataFrame:
    """What went out, oldest first (COLUMNS; `told`: number of things it told of); with `targets` what told of any of them.

    Nothing that told of what the reader may not even know to be there, or whose mark is above the reader.
    """
    import pandas as pd

    chosen = "TRUE" if targets is None else f"d.id IN {TOLD_OF}"
    query = f"""SELECT d.id, d.kind, d.recipient, d.name, d.sha256, d.mark, d.officer, d.because, d.at,
            (SELECT count(*) FROM disclosed AS t WHERE t.disclosure_id = d.id) FROM disclosures AS d
        WHERE d.id NOT IN {TOLD_OF} AND {chosen} ORDER BY d.at, d.id"""
    asked = (ledger.encode_secret_ids() or "[]", *(() if targets is None else (json.dumps(list(targets)),)))
    rows = pd.DataFrame(ledger.reader_connection.execute(query, asked).fetchall(), columns=pd.Index(COLUMNS))
    closed = {mark: _is_closed(ledger, mark) for mark in set(rows["mark"])}
    return rows[~rows["mark"].map(closed).astype(bool)].reset_index(drop=True)


def is_known(ledger: Ledger, sha256: str) -> bool:
    """Whether something with this SHA-256 went out, and told of nothing that was erased since."""
    query = "SELECT 1 FROM disclosures WHERE sha256 = ? AND id NOT IN (SELECT disclosure_id FROM tombstone_sent)"
    return ledger.connection.execute(query, (sha256,)).fetchone() is not None


def list_restrictions(ledger: Ledger) -> dict[str, bool]:
    """SHA-256 of what went out -> whether it told of what the reader may not even know to be there, or is marked above the reader."""
    query = f"SELECT d.sha256, d.mark, d.id IN {TOLD_OF} FROM disclosures AS d"
    rows = ledger.reader_connection.execute(query, (ledger.encode_secret_ids() or "[]",)).fetchall()
    closed = {mark: _is_closed(ledger, mark) for _, mark, _ in rows}
    found: dict[str, bool] = {}
    for sha256, mark, told in rows:
        found[sha256] = found.get(sha256, False) or bool(told) or closed[mark]
    return found


def _is_closed(ledger: Ledger, mark: str) -> bool:
    return ledger.gate is not None and ledger.gate.is_closed(mark)


def list_hashes(ledger: Ledger, keys: Sequence[str]) -> list[str]:
    """SHA-256 of what went out."""
    query = "SELECT DISTINCT sha256 FROM disclosures WHERE id IN (SELECT value FROM json_each(?))"
    return [str(key) for (key,) in ledger.connection.execute(query, (json.dumps(list(keys)),)).fetchall()]
