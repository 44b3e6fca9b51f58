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
from workbench.model.ids import compute_digest

Facets = Mapping[str, Sequence[str]]
JOINED = ("handling", "conditions", "barred", "channel")
"""Facets of which a row holds all that was said before, whoever said it, beside what its sayer adds."""
SAID = """SELECT t.id, t.facet, t.value, t.officer, t.because, t.at, f.bureau, f.package,
        (SELECT o.value FROM terms AS o LEFT JOIN foreign_rows AS w ON w.kind = 'term' AND w.key = o.id
            WHERE o.target_id = t.target_id AND o.target_kind = t.target_kind AND o.facet = t.facet AND o.seq < t.seq
                AND coalesce(w.bureau, '') != f.bureau ORDER BY o.seq DESC LIMIT 1)
    FROM terms AS t JOIN foreign_rows AS f ON f.kind = 'term' AND f.key = t.id
    WHERE t.target_kind = 'source' AND t.target_id = ? ORDER BY t.seq"""
"""What other bureaux say of a file, each with what somebody else had said before it."""
COLUMNS = ("id", "facet", "value", "officer", "because", "at", "bureau", "package")
BY_OTHERS = """WITH RECURSIVE up(id, message, top) AS (SELECT ?, '', 0
        UNION SELECT a.outer_source, m.document_id, a.outer_source = '' FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
            LEFT JOIN messages AS m ON m.document_id = a.document_id AND m.direction = 'incoming'
        WHERE up.message IS NULL OR up.message = '')
    SELECT count(*) FILTER (WHERE message != ''), count(*) FILTER (WHERE top AND coalesce(message, '') = '') FROM up"""
"""Of a source: how many ways in which it came end at messages from others, and how many do not."""
WITHIN = """WITH RECURSIVE up(id) AS (SELECT ? UNION SELECT a.outer_source FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id)
    SELECT id FROM up WHERE id != ''"""
WAYS = """WITH RECURSIVE up(id, package, file, bureau) AS (SELECT ?, '', '', NULL
        UNION SELECT a.outer_source, coalesce(m.package, ''), CASE WHEN m.package = '' THEN a.outer_source ELSE '' END,
            CASE WHEN m.document_id IS NULL AND a.outer_source = '' THEN coalesce(f.bureau, '') END
        FROM up CROSS JOIN main.arrivals AS a ON a.source = up.id
            LEFT JOIN messages AS m ON m.document_id = a.document_id AND m.direction = 'incoming'
            LEFT JOIN foreign_rows AS f ON f.kind = 'source' AND f.key = a.source
        WHERE up.package = '' AND up.file = '' AND up.bureau IS NULL)
    SELECT DISTINCT package, file, bureau FROM up WHERE package != '' OR file != '' OR bureau IS NOT NULL"""
"""Where the ways end in which a source came: at a sealed message, a file of traffic, or by itself, of a bureau or ('') of ours."""


SEALED = "SELECT 1 FROM messages WHERE source = ? AND direction = 'incoming' AND package != ''"
"""Of a source: whether it is a message that came sealed."""


def list_said(ledger: Ledger, source: str, but: Collection[str] = ()) -> list[dict[str, str]]:
    """What other bureaux say of a file that they have sent (COLUMNS), whoever reads; `but`: nothing of what these say."""
    rows = ledger.connection.execute(SAID, (source,)).fetchall()
    found = [
        dict(zip(COLUMNS, row[:-1], strict=True)) | {"value": _subtract_earlier(row[1], row[2], row[-1])}
        for row in rows
    ]
    return [row for row in found if row["bureau"] not in but]


def _subtract_earlier(facet: str, value: str, before: str | None) -> str:
    """What a row adds to what somebody else has said before it (both JSON): that alone is the word of its sayer."""
    if facet not in JOINED or before is None:
        return value
    return json.dumps(sorted({*json.loads(value)} - {*json.loads(before)}), ensure_ascii=False)


def list_outer(ledger: Ledger, source: str) -> list[str]:
    """A source, and all in which it lies, however deep."""
    return [str(key) for (key,) in ledger.connection.execute(WITHIN, (source,)).fetchall()]


def list_ways(ledger: Ledger, source: str) -> list[tuple[str, str]]:
    """Ways in which a source came: the package, '' where none; and else the bureau, '' for us, or the hash of a file of traffic."""
    rows = ledger.connection.execute(WAYS, (source,)).fetchall()
    return [(str(package), str(file or bureau or "")) for package, file, bureau in rows]


def is_ours(ledger: Ledger, source: str) -> bool:
    """Whether a source came by itself, or within what did, and was brought by no other bureau."""
    return ("", "") in list_ways(ledger, source)


def is_brought_by_messages_alone(ledger: Ledger, source: str) -> bool:
    """Whether a source came within messages from others, and in no other way."""
    brought, otherwise = ledger.connection.execute(BY_OTHERS, (source,)).fetchone()
    return bool(brought) and not otherwise


def record_facets(
    ledger: Ledger, source: str, facets: tuple[Facets, Facets], officer: str, sender: tuple[str, str], because: str
) -> None:
    """Say facets of a file as the word of an officer of another bureau (`sender`: bureau and package).

    `facets`: what is said, and with it what holds already: the latest row of a facet says all of it.
    """
    added, joined = facets
    with ledger.open_transaction() as sql:
        for facet in added:
            values = joined[facet]
            if terms.add_facet(sql, ledger, ("source", source, facet), values, because, officer=officer):
                (key,) = sql.execute("SELECT id FROM terms WHERE seq = last_insert_rowid()").fetchone()
                sql.execute("INSERT OR IGNORE INTO foreign_rows VALUES ('term', ?, ?, ?, ?)", (key, key, *sender))
        said = {name: list(values) for name, values in added.items()}
        told = {"facets": said, "because": because, "by": officer}
        ledger.log(sql, "alteration", Object("source", source, count=1), told)


def turn_into_remarks(ledger: Ledger, source: str, but: Collection[str] = (), *, is_sealed: bool = False) -> None:
    """Make remarks of what other bureaux say of a file, now that somebody else has brought it too; `but`: these alone have not.

    What who has sealed a message says of it gives way to who seals it too (`is_sealed`), to no copy of its file.
    """
    if not is_sealed and ledger.connection.execute(SEALED, (source,)).fetchone():
        return
    if not (found := list_said(ledger, source, but)):
        return
    latest = {(row["bureau"], row["facet"]): row for row in found}
    with ledger.open_transaction() as sql:
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
    with ledger.open_transaction() as sql:
        change = "UPDATE sources SET name = ?, received_at = ?, officer = ? WHERE sha256 = ?"
        sql.execute(change, (name, now(), ledger.officer, source))
        ledger.log(sql, "collection", Object("source", id=source, inputs=[source]), {"name": name, "size": size})


def add_mark_remark(ledger: Ledger, source: str, said: Facets, by: Mapping[str, str]) -> None:
    """Keep a mark as what a sender (`by`: bureau, package, officer, because, at) says of a thing that it did not bring alone."""
    with ledger.open_transaction() as sql:
        _add_remarks(sql, source, said, by)
        what = Object("remark", id=source, count=len(said))
        ledger.log(sql, "collection", what, {"package": by["package"]} if by["package"] else {})


def _add_remarks(sql: sqlite3.Connection, source: str, said: Facets, by: Mapping[str, str]) -> None:
    marks = {name: list(values) for name, values in said.items() if remarks.has_facet("terms", name, source)}
    for facet, values in said.items():
        text = json.dumps(sorted(values), ensure_ascii=False)
        body: dict[str, str | int | float] = {
            "id": compute_digest("term", by["bureau"], source, facet, text), "target_kind": "source", "target_id": source,
            "facet": facet, "value": text, "officer": by["officer"], "because": by["because"],
        }  # fmt: skip
        key = remarks.compute_remark_id(by["bureau"], "terms", body)
        body["at"] = by["at"]  # when it was said first: the same words later are the same remark
        remarks.add_remark(sql, Remark(key, by["bureau"], by["package"], "terms", (source,), marks, body, now()))
