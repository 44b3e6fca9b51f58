"""What officers draw on a chart beside its data, by the chart's name: groups, text boxes, and by what its entities are coloured."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.ledger.access import own_copies
from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.storage.runs import now
from workbench.ledger.storage.stored_values import parse_json

GROUP, TEXT, STYLE = "group", "text", "style"
AWAY = """SELECT value FROM json_each(?) WHERE value IN (SELECT document_id FROM main.hidden_documents)
    OR value IN (SELECT passage_id FROM main.hidden_passages)
    OR value IN (SELECT id FROM main.passages WHERE document_id IN (SELECT document_id FROM main.hidden_documents))"""
CLOSED = " OR value IN temp.gate_ids OR value IN temp.gate_evidence"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A group or text box, or the style of the chart.

    Attributes
    ----------
    key : str
        By which the case knows it; a random one, STYLE of the style.
    kind : str
        GROUP: members (ids), label ('' where it says how many there are), open. TEXT: text, x, y. STYLE: by, an attribute.
    body : mapping
    rests : tuple of str
        Ids of the passages, documents and statements behind what was on the chart when its words were written.
    chart, officer, at : str
        On which chart, who drew it last, when.
    """

    key: str
    kind: str
    body: Mapping[str, object]
    rests: tuple[str, ...] = ()
    chart: str = ""
    officer: str = ""
    at: str = ""

    @property
    def words(self) -> str:
        """The text of a box, or the name that somebody gave a group."""
        return str(self.body.get("text") or self.body.get("label") or "")


def list_drawings(ledger: Ledger, *charts: str) -> list[Drawing]:
    """What is drawn on some charts (all, if none is named), what was changed last at the end. It is not cut to a reader."""
    query = """SELECT key, kind, body, rests, chart, officer, at FROM drawings
        WHERE ? OR chart IN (SELECT value FROM json_each(?)) ORDER BY rowid"""
    rows = ledger.reader_connection.execute(query, (not charts, _encode_json(charts))).fetchall()
    read = (
        (key, kind, parse_json(body, dict), parse_json(rests, list), told) for key, kind, body, rests, *told in rows
    )
    return [
        Drawing(key, kind, body, tuple(rests), *told)
        for key, kind, body, rests, told in read
        if body is not None and rests is not None
    ]


def save_annotations(
    ledger: Ledger, chart: str, drawn: Sequence[Drawing], gone: Collection[str], called: str = ""
) -> None:
    """Keep what was drawn or drawn otherwise, and take off what is gone, by its key; logged as an alteration.

    `chart` is the name under which the chart is kept (`charts.get_stored_name`), `called` the one by which the reader knows it.
    """
    with ledger.open_transaction() as sql:
        rows = [
            (chart, one.key, one.kind, _encode_json(one.body), _encode_json(one.rests), ledger.officer, now())
            for one in drawn
        ]
        sql.executemany("INSERT OR REPLACE INTO drawings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        sql.executemany("DELETE FROM drawings WHERE chart = ? AND key = ?", [(chart, key) for key in gone])
        what = Object("chart", called or chart, count=len(drawn) + len(gone))
        ledger.log(sql, "alteration", what, {"drawn": len(drawn), "taken off": len(gone)})


def is_readable(ledger: Ledger, one: Drawing) -> bool:
    """Whether the reader may read the words of what is drawn."""
    return not select_withheld(ledger, one.rests) and not own_copies.is_before(ledger, one.rests, one.officer, one.at)


def select_withheld(ledger: Ledger, ids: Collection[str]) -> frozenset[str]:
    """Those of some ids that the reader may not see now, or that are set aside."""
    sql = ledger.reader_connection
    query = AWAY + CLOSED * bool((gate := ledger.current_filter) and gate.has_withheld)
    return frozenset(key for (key,) in sql.execute(query, (_encode_json(sorted(ids)),)).fetchall())


def select_hidden(ledger: Ledger, ids: Collection[str]) -> frozenset[str]:
    """Those of some ids that the reader may not see now, and that are not set aside."""
    away = ledger.reader_connection.execute(AWAY, (_encode_json(sorted(ids)),)).fetchall()
    return select_withheld(ledger, ids) - {key for (key,) in away}


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
