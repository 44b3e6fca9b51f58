"""What no view of mass rows shows to a reader: what is set aside, and what is not for the reader."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

from workbench.ledger.exclusions import struck_words
from workbench.ledger.exclusions.exclusion_rules import NAMED_FOLDER, Hidden, Rule
from workbench.ledger.ledger import Ledger

KNOWN = "SELECT id FROM live_set_asides"
"""Rules of which the reader may know; one of parties takes their rows from everybody, known or not."""

AWAY = "(SELECT value FROM json_each(:secret))"
FOLDER = "json_extract(m.rule, '$.folder')"
NAMED = f"""{NAMED_FOLDER} AND s.sha256 NOT IN {AWAY}
    AND s.sha256 NOT IN (SELECT value FROM json_each(:own))"""
TOLD = f"""SELECT m.id FROM set_asides AS m WHERE m.id NOT IN {AWAY} AND (m.officer = :officer OR :whole
    OR EXISTS (SELECT 1 FROM taken AS t WHERE t.set_aside_id = m.id AND t.document_id NOT IN {AWAY} AND t.passage_id NOT IN {AWAY})
    OR EXISTS (SELECT 1 FROM sources AS s WHERE {FOLDER} != '' AND {NAMED})
    OR EXISTS (SELECT 1 FROM (SELECT value FROM json_each(m.rule, '$.sender') UNION ALL SELECT value FROM json_each(m.rule, '$.party')) AS p
        CROSS JOIN statements AS s ON s.entity_id = p.value CROSS JOIN evidence AS e ON e.statement_id = s.id WHERE e.id NOT IN {AWAY}
        AND NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = e.document_id AND t.source IN (SELECT value FROM json_each(:own))))
    )"""
"""Rules that take or name something of which the reader may know, and those of the reader."""
BULK_ONLY = f"""SELECT m.id FROM set_asides AS m WHERE m.id NOT IN {AWAY} AND {FOLDER} = ''
    AND EXISTS (SELECT 1 FROM live_row_files)"""
"""Rules that may take mass rows that the reader may see."""


def list_visible_rule_ids(ledger: Ledger) -> frozenset[str]:
    """Ids of rules of which the reader is told.

    Those by which others set aside what is hidden, or nothing at all, are told to a controller alone, from whom nothing is hidden. A
    rule that takes nothing but mass rows is told where it takes one that the reader may see (`Ledger.select_rules_with_rows`).
    """
    secret, gate = ledger.encode_secret_ids(), ledger.current_filter
    asked = {
        "secret": secret or "[]",
        "own": json.dumps(sorted(gate.own)) if gate else "[]",
        "officer": ledger.officer,
        "whole": not secret and (gate is None or gate.controls),
    }
    sql = ledger.reader_connection
    told = frozenset(str(key) for (key,) in sql.execute(TOLD, asked).fetchall())
    others = frozenset(str(key) for (key,) in sql.execute(BULK_ONLY, asked).fetchall()) - told
    return told | ledger.select_rules_with_rows(others) if others and ledger.select_rules_with_rows else told


def load_hidden(ledger: Ledger) -> Hidden:
    """What no view of mass rows shows: what is set aside, and what is not for the reader."""
    sql = ledger.reader_connection
    among = f"main.live_set_asides WHERE id IN ({KNOWN}) OR json_extract(rule, '$.folder') = ''"
    rules = [rule for _, rule in _list_rules(ledger, among)]
    documents = sql.execute("""SELECT document_id FROM hidden_documents UNION SELECT id FROM documents
        WHERE id NOT IN (SELECT document_id FROM live_traces) ORDER BY 1""").fetchall()
    values = ledger.gate.list_values(ledger) if ledger.gate else ()
    withheld = (Rule(party=("",), values=values),) if values else ()
    secret = get_secret(ledger, rules)
    folders: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        if rule.folder:
            found = {*folders.get(rule.folder, ()), *_list_folder_hashes(ledger, rule, secret)}
            folders[rule.folder] = tuple(sorted(found))
    return Hidden((*rules, *withheld), tuple(key for (key,) in documents), _list_hidden_rows(ledger), folders, secret)


def get_secret(ledger: Ledger, rules: Iterable[Rule]) -> str:
    """The secret of the case where a hash of struck words is in one of some rules, else ''."""
    return struck_words.get_secret(ledger.connection) if any(rule.is_struck for rule in rules) else ""


def list_standing_rules(ledger: Ledger) -> dict[str, Rule]:
    """Standing rules of which the reader is told, by their ids, as they apply for the reader."""
    known = list_visible_rule_ids(ledger)
    return {key: rule for key, rule in _list_rules(ledger, "main.live_set_asides") if key in known}


def load_rules(ledger: Ledger, ids: Collection[str]) -> dict[str, Rule]:
    """Some rules by their ids, standing or reopened, as they apply or would apply for the reader."""
    return {key: rule for key, rule in _list_rules(ledger, "main.set_asides") if key in ids}


def _list_rules(ledger: Ledger, among: str) -> list[tuple[str, Rule]]:
    """Ids and rules, as they apply for the reader: an own copy is not hidden from the reader, whoever made the rule."""
    rows = ledger.reader_connection.execute(f"SELECT id, rule FROM {among} ORDER BY id").fetchall()
    own = gate.own if (gate := ledger.current_filter) else frozenset[str]()
    rules = ((str(key), Rule.from_json(text)) for key, text in rows)
    return [(key, replace(rule, unseen=tuple(one for one in rule.unseen if one not in own))) for key, rule in rules]


def get_hidden_state(ledger: Ledger) -> tuple[object, ...]:
    """What `hidden` has as far as the reader may know of it, and what became secret while the reader worked: it names a state."""
    found = load_hidden(ledger)
    secret, values = (
        (ledger.gate.list_secret_ids(ledger), ledger.gate.list_values(ledger, known=True))
        if ledger.gate
        else (frozenset[str](), ())
    )
    told = list_visible_rule_ids(ledger)
    known = [rule for key, rule in _list_rules(ledger, "live_set_asides") if key in told]
    rules = tuple(_remove_secret_ids(rule, secret) for rule in found.rules if rule in known)
    documents = tuple(key for key in found.documents if key not in secret)
    rows_ = tuple(row for row in found.rows if row[0] not in secret)
    return (
        rules,
        values,
        documents,
        rows_,
        _list_folder_sources(found, ledger),
        ledger.gate.list_lost(ledger) if ledger.gate else (),
    )


def _remove_secret_ids(rule: Rule, secret: frozenset[str]) -> Rule:
    """A rule without ids of which the reader may not know."""
    return replace(rule, unseen=(), sources=tuple(key for key in rule.sources if key not in secret))


def _list_folder_sources(found: Hidden, ledger: Ledger) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Sources of the folders that rules name, as far as the reader may know of them."""
    live = {key for (key,) in ledger.reader_connection.execute("SELECT sha256 FROM live_sources")}
    return tuple((name, tuple(key for key in keys if key in live)) for name, keys in sorted(found.folders.items()))


def _list_hidden_rows(ledger: Ledger) -> tuple[tuple[str, int], ...]:
    """Document and number of the rows of small tables that are set aside, or not for the reader."""
    query = """SELECT DISTINCT e.document_id, t.place FROM evidence AS e JOIN traces AS t ON t.id = e.trace_id AND t.run_id = e.run_id
        WHERE e.method = 'table' AND (e.passage_id IN (SELECT passage_id FROM hidden_passages)
            OR e.passage_id IN (SELECT value FROM json_each(?))) ORDER BY 1, 2"""
    kept = json.dumps(ledger.gate.list_passages(ledger) if ledger.gate else [])
    places = (
        (document, place.rpartition("row ")[2]) for document, place in ledger.reader_connection.execute(query, (kept,))
    )
    return tuple((document, int(row)) for document, row in places if row.isdecimal())


def _list_folder_hashes(ledger: Ledger, rule: Rule, secret: str) -> tuple[str, ...]:
    """Hashes of the sources of the folder of a rule, or of the one of that name.

    Where an earlier release struck the folder and kept nothing, these are all that are called so now: nothing that was excluded comes back.
    """
    if rule.folder.startswith(struck_words.FOLDER):
        query = "SELECT sha256 FROM sources WHERE lies_in_marked(name, ?, ?)"
        given = [rule.folder, secret]
    else:
        query = "SELECT sha256 FROM sources WHERE name = ? OR substr(name, 1, length(?) + 1) = ? || '/'"
        given = [rule.folder] * 3
    if rule.sources and struck_words.is_lost(rule.folder):
        return rule.sources
    return (*rule.sources, *(str(key) for (key,) in ledger.reader_connection.execute(query, given)))
