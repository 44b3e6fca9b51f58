"""Marks that other bureaux say of files by messages: each is the word of its bureau, and hides what that bureau alone has brought.

A mark is noted among the rows of others (`foreign_rows`, kind 'term'). Where somebody else brings the file too, it gives way and becomes
a remark.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence

from workbench.ledger.access import terms
from workbench.ledger.foreign import remarks
from workbench.ledger.foreign.remarks import Remark
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.runs import now
from workbench.model.ids import digest

Facets = Mapping[str, Sequence[str]]
SAID = """SELECT t.id, t.facet, t.value, t.officer, t.because, t.at, f.bureau, f.package FROM terms AS t
    JOIN foreign_rows AS f ON f.kind = 'term' AND f.key = t.id WHERE t.target_kind = 'source' AND t.target_id = ? ORDER BY t.seq"""
COLUMNS = ("id", "facet", "value", "officer", "because", "at", "bureau", "package")
BY_OTHERS = """WITH RECURSIVE up(id, message, top) AS (SELECT ?, '', 0
        UNION SELECT a.outer_source, m.document_id, a.outer_source = '' FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
            LEFT JOIN messages AS m ON m.document_id = a.document_id AND m.direction = 'incoming'
        WHERE up.message IS NULL OR up.message = '')
    SELECT count(*) FILTER (WHERE message != ''), count(*) FILTER (WHERE top AND coalesce(message, '') = '') FROM up"""
"""Of a source: how many ways in which it came end at messages from others, and how many do not."""
WITHIN = """WITH RECURSIVE up(id) AS (SELECT ? UNION SELECT a.outer_source FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id)
    SELECT id FROM up WHERE id != ''"""


def list_said(ledger: Ledger, source: str, but: Collection[str] = ()) -> list[dict[str, str]]:
    """What other bureaux say of a file that they have sent (COLUMNS), whoever reads; `but`: nothing of what these say."""
    rows = ledger.connection.execute(SAID, (source,)).fetchall()
    found = [dict(zip(COLUMNS, map(str, row), strict=True)) for row in rows]
    return [row for row in found if row["bureau"] not in but]


def list_outer(ledger: Ledger, source: str) -> list[str]:
    """A source, and all in which it lies, however deep."""
    return [str(key) for (key,) in ledger.connection.execute(WITHIN, (source,)).fetchall()]


def is_brought_by_messages_alone(ledger: Ledger, source: str) -> bool:
    """Whether a source came within messages from others, and in no other way."""
    brought, otherwise = ledger.connection.execute(BY_OTHERS, (source,)).fetchone()
    return bool(brought) and not otherwise


def say(ledger: Ledger, source: str, facets: Facets, officer: str, sender: tuple[str, str], because: str) -> None:
    """Say facets of a file as the word of an officer of another bureau (`sender`: bureau and package)."""
    with ledger.transaction() as sql:
        for facet, values in facets.items():
            if terms.add_facet(sql, ledger, ("source", source, facet), values, because, officer=officer):
                (key,) = sql.execute("SELECT id FROM terms WHERE seq = last_insert_rowid()").fetchone()
                sql.execute("INSERT OR IGNORE INTO foreign_rows VALUES ('term', ?, ?, ?, ?)", (key, key, *sender))
        said = {name: list(values) for name, values in facets.items()}
        told = {"facets": said, "because": because, "by": officer}
        ledger.log(sql, "alteration", Object("source", source, count=1), told)


def turn_into_remarks(ledger: Ledger, source: str, but: Collection[str] = ()) -> None:
    """Make remarks of what other bureaux say of a file, now that somebody else has brought it too; `but`: these alone have not."""
    if not (found := list_said(ledger, source, but)):
        return
    latest = {(row["bureau"], row["facet"]): row for row in found}
    with ledger.transaction() as sql:
        keys = [(row["id"],) for row in found]
        sql.executemany("DELETE FROM terms WHERE id = ?", keys)
        sql.executemany("DELETE FROM foreign_rows WHERE kind = 'term' AND key = ?", keys)
        for row in latest.values():
            _add_remarks(sql, source, {row["facet"]: json.loads(row["value"])}, row)
        ledger.log(sql, "collection", Object("remark", id=source, count=len(latest)), {})
    if ledger.gate:
        ledger.gate(ledger)


def take_over(ledger: Ledger, source: str, name: str, size: int) -> None:
    """Let a file that was hidden within messages of others bear the name under which an officer brings it: theirs would tell of them."""
    with ledger.transaction() as sql:
        change = "UPDATE sources SET name = ?, received_at = ?, officer = ? WHERE sha256 = ?"
        sql.execute(change, (name, now(), ledger.officer, source))
        ledger.log(sql, "collection", Object("source", id=source, inputs=[source]), {"name": name, "size": size})


def remark(ledger: Ledger, source: str, said: Facets, by: Mapping[str, str]) -> None:
    """Keep a mark as what a sender (`by`: bureau, package, officer, because, at) says of a thing that it did not bring alone."""
    with ledger.transaction() as sql:
        _add_remarks(sql, source, said, by)
        what = Object("remark", id=source, count=len(said))
        ledger.log(sql, "collection", what, {"package": by["package"]} if by["package"] else {})


def _add_remarks(sql: sqlite3.Connection, source: str, said: Facets, by: Mapping[str, str]) -> None:
    marks = {name: list(values) for name, values in said.items() if remarks.borne("terms", name, source)}
    for facet, values in said.items():
        text = json.dumps(sorted(values), ensure_ascii=False)
        body: dict[str, str | int | float] = {
            "id": digest("term", by["package"], source, facet, text), "target_kind": "source", "target_id": source,
            "facet": facet, "value": text, "officer": by["officer"], "because": by["because"], "at": by["at"],
        }  # fmt: skip
        key = remarks.name(by["bureau"], "terms", body)
        remarks.add(sql, Remark(key, by["bureau"], by["package"], "terms", (source,), marks, body, now()))
