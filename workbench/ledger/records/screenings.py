"""Hits of a case in files of notices that officers hold: kept until a day, then purged. The files themselves are not kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.records import chart_annotations
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import parse_json
from workbench.model.time_zones import normalise_day


@dataclass(frozen=True, slots=True)
class Screening:
    """One comparison with a file.

    Attributes
    ----------
    id : str
    name, sha256 : str
        Of the file.
    retrieved, expires : str
        Day on which its holder had it from its source, and the last day on which it may be used (ISO 8601).
    notices : int
        How many it holds.
    officer, at, purged : str
        Who screened and when; when its hits were purged, '' if they are there.
    """

    id: str
    name: str
    sha256: str
    retrieved: str
    expires: str
    notices: int
    officer: str = ""
    at: str = ""
    purged: str = ""


@dataclass(frozen=True, slots=True)
class ScreeningHit:
    """An entity of the case and a notice, what the notice says (JSON), and ids of the documents and evidence behind what was compared."""

    screening: str
    entity: str
    notice: str
    body: Mapping[str, object]
    rests: tuple[str, ...]


def add_screening(ledger: Ledger, made: Screening, hits: Sequence[ScreeningHit]) -> None:
    """Note a screening with its hits. Logged as a combination.

    Of hits of the same file that the officer found before, those of which nothing is withheld from the officer go: the new ones take their
    place. Hits that another officer found stay as they are.
    """
    with ledger.open_transaction() as sql:
        query = """SELECT h.screening, h.entity, h.notice, h.rests FROM screening_hits AS h JOIN screenings AS s ON s.id = h.screening
            WHERE s.sha256 = ? AND s.officer = ?"""
        before = sql.execute(query, (made.sha256, ledger.officer)).fetchall()
        seen = [
            key
            for *key, rests in before
            if not chart_annotations.select_withheld(ledger, parse_json(rests, list) or ())
        ]
        sql.executemany("DELETE FROM screening_hits WHERE screening = ? AND entity = ? AND notice = ?", seen)
        row = (made.id, made.name, made.sha256, made.retrieved, made.expires, made.notices, ledger.officer, now(), "")
        sql.execute("INSERT OR REPLACE INTO screenings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        rows = [
            (one.screening, one.entity, one.notice, _encode_json(one.body), _encode_json(one.rests))
            for one in hits
            if _is_there(sql, one.rests)
        ]
        sql.executemany("INSERT OR REPLACE INTO screening_hits VALUES (?, ?, ?, ?, ?)", rows)
        what = Object("screening", made.name, id=made.id, count=len(hits), inputs=[made.sha256])
        told = {"notices": made.notices, "retrieved": made.retrieved, "expires": made.expires}
        ledger.log(sql, "combination", what, told)


def _is_there(sql: sqlite3.Connection, rests: Sequence[str]) -> bool:
    """Whether all documents and evidence on which a hit rests are still there: an erasure may have come while hits were looked for."""
    asked = json.dumps([*rests])
    query = """SELECT count(*) FROM json_each(?) WHERE value NOT IN (SELECT id FROM main.documents)
        AND value NOT IN (SELECT id FROM main.evidence)"""
    return not sql.execute(query, (asked,)).fetchone()[0]


def list_screenings(ledger: Ledger) -> list[Screening]:
    """All screenings, oldest first."""
    query = "SELECT id, name, sha256, retrieved, expires, notices, officer, at, purged FROM screenings ORDER BY at, id"
    return [Screening(*row) for row in ledger.reader_connection.execute(query).fetchall()]


def list_hits(ledger: Ledger, day: str) -> list[ScreeningHit]:
    """Hits that have not expired on a day. They are not cut to a reader."""
    query = """SELECT h.screening, h.entity, h.notice, h.body, h.rests FROM screening_hits AS h
        JOIN screenings AS s ON s.id = h.screening ORDER BY s.at, s.officer = ?, h.entity, h.notice"""
    rows, gone = (
        ledger.reader_connection.execute(query, (ledger.officer,)).fetchall(),
        _find_past(list_screenings(ledger), day),
    )
    read = [(*key, parse_json(body, dict), parse_json(rests, list)) for *key, body, rests in rows]
    return [
        ScreeningHit(made, entity, notice, body, tuple(rests))
        for made, entity, notice, body, rests in read
        if made not in gone and body is not None and rests is not None
    ]


def _find_past(made: Sequence[Screening], day: str) -> set[str]:
    """Ids of the screenings whose copies expired before a day, whatever form of ISO 8601 theirs is kept in."""
    return {one.id for one in made if normalise_day(one.expires) < day}


def delete_expired_hits(ledger: Ledger, day: str) -> int:
    """Take out the hits that have expired before a day; how many. Logged as an erasure where there were some."""
    expired = _find_past([one for one in list_screenings(ledger) if not one.purged], day)
    if not expired:
        return 0
    with ledger.open_transaction() as sql:
        sql.execute("PRAGMA secure_delete = ON").fetchall()
        chosen = "(SELECT value FROM json_each(?))"
        keys = _encode_json(sorted(expired))
        gone = sql.execute(f"DELETE FROM screening_hits WHERE screening IN {chosen}", (keys,)).rowcount
        sql.execute(f"UPDATE screenings SET purged = ? WHERE id IN {chosen}", (now(), keys))
        ledger.log(sql, "erasure", Object("screening", count=gone), {"expired before": day})
    return gone


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
