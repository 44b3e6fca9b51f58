"""Taking ids of what is erased out of what stays: notes, charts, rules, and texts of the log."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping

from workbench.ledger.erasure import log_texts
from workbench.ledger.erasure.erasure_closure import list_ids
from workbench.ledger.exclusions.struck_words import keep_struck_ids
from workbench.ledger.storage.stored_values import parse_json

ID = re.compile(r"(?:[a-z]+-)?[0-9a-f]{24}(?:[0-9a-f]{40})?")
"""Form of the ids of rows, of entities and of sources."""


def remove_erased_ids(sql: sqlite3.Connection, changed: list[tuple[str, Mapping[str, str]]]) -> list[log_texts.Place]:
    """Take ids of what goes out of notes, charts and rules; the texts of the log that name it by its id.

    Notes that change are added to what is `changed`: table and columns.
    """
    gone = {
        key
        for kind in ("entity", "passage", "document", "source", "statement", "evidence")
        for key in list_ids(sql, kind)
    }
    for key, passages, detail in sql.execute("SELECT id, passages, detail FROM notes").fetchall():
        made = [_remove_ids(json.loads(text), gone) for text in (passages, detail)]
        row = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in made]
        if row != [passages, detail]:
            changed.append(("notes", {"id": key}))
            sql.execute("UPDATE notes SET passages = ?, detail = ? WHERE id = ?", (*row, key))
    for name, positions in sql.execute("SELECT name, positions FROM charts").fetchall():
        made_of = {key: xy for key, xy in (parse_json(positions, dict) or {}).items() if key not in gone}
        sql.execute("UPDATE charts SET positions = ? WHERE name = ?", (json.dumps(made_of, sort_keys=True), name))
    _remove_drawn_ids(sql, gone)
    sql.executemany("DELETE FROM screening_hits WHERE entity = ?", [(key,) for key in gone])
    for key, rests in sql.execute("SELECT id, rests FROM drafts").fetchall():
        if (left := _remove_ids(json.loads(rests), gone)) != json.loads(rests):
            sql.execute("UPDATE drafts SET rests = ? WHERE id = ?", (json.dumps(left), key))
    for key, rule in sql.execute("SELECT id, rule FROM set_asides").fetchall():
        if any(one in rule for one in gone):
            told = keep_struck_ids(sql, json.loads(rule), gone)
            text = json.dumps(told, ensure_ascii=False, sort_keys=True)
            sql.execute("UPDATE set_asides SET rule = ? WHERE id = ?", (text, key))
    return _find_logged(sql, gone)


def _remove_drawn_ids(sql: sqlite3.Connection, gone: set[str]) -> None:
    """Take ids of what goes out of groups and text boxes of charts; a group of fewer than two is none."""
    for chart, key, *held in sql.execute("SELECT chart, key, body, rests FROM drawings").fetchall():
        body, rests = (_remove_ids(json.loads(text), gone) for text in held)
        row = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (body, rests)]
        if row != held:
            sql.execute("UPDATE drawings SET body = ?, rests = ? WHERE chart = ? AND key = ?", (*row, chart, key))
    sql.execute("DELETE FROM drawings WHERE kind = 'group' AND json_array_length(body, '$.members') < 2")


def _find_logged(sql: sqlite3.Connection, gone: set[str]) -> list[log_texts.Place]:
    rows = sql.execute(
        "SELECT seq, field, text FROM audit_texts WHERE field IN ('object.name', 'tool.params')"
    ).fetchall()
    return [(seq, place) for seq, place, text in rows if not gone.isdisjoint(ID.findall(text))]


def _remove_ids(value: object, gone: set[str]) -> object:
    if isinstance(value, list):
        return [_remove_ids(one, gone) for one in value if not (isinstance(one, str) and one in gone)]
    if isinstance(value, dict):
        return {key: _remove_ids(one, gone) for key, one in value.items() if key not in gone}
    return value
