"""Material that is set aside: which rows a rule takes, within the transaction that would let them count.

Grounds are the law's: what passes between lawyer and client, what lies outside the scope or the period of the authority.
What is set aside is counted and in no index; a named role reopens it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count

from workbench.ledger.storage.stored_values import require_json
from workbench.model.ids import compute_digest
from workbench.model.schema import NAMES
from workbench.model.text.normalise import normalise_name

SENDERS = ("senderAccount", "sender", "emitters", "caller", "payer", "payerAccount")
RECEIVERS = ("recipientAccount", "recipients", "receiver", "beneficiary", "beneficiaryAccount")
DATES = ("startDate", "date")
NAMING = (*NAMES, "username")
"""Properties by which a party is called as the officer called it."""
LISTED = "(SELECT value FROM json_each(?))"
LISTS = ("sender", "party", "values", "unseen", "sender_names", "party_names")
ENDS = ("a", "b", "payer_account", "beneficiary_account")
"""Columns of mass tables that name a party."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is set aside. All that is given must hold.

    Attributes
    ----------
    sender, party : tuple of str
        Entity ids, one of which sent it; one of which sent or received it.
    sender_names, party_names : tuple of str
        Names of the same, as the officer gave them: an entity of a later file has another id and the same name.
    values : tuple of str
        The same parties as calls and transfers name them: telephone numbers ('+…'), account numbers.
    term : str
        Words that stand in the text, compared without case and accents.
    folder : str
        Name of a source or of a folder of sources.
    since, until : str
        First and last day or moment, as times are written in the sources; '' open.
    words : str
        The rule as the officer gave it, for people to read.
    unseen : tuple of str
        Documents, passages and sources of which the officer could not know: the rule takes none of them. It is told to nobody.
    """

    sender: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    term: str = ""
    folder: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    unseen: tuple[str, ...] = ()
    sender_names: tuple[str, ...] = ()
    party_names: tuple[str, ...] = ()

    @property
    def is_whole_document(self) -> bool:
        """Whether it takes documents as a whole; otherwise the rows of a table are taken one by one."""
        return not (self.sender or self.party or self.term or self.since or self.until)

    def to_json(self) -> str:
        """Text of the rule, as it is kept."""
        kept = {name: value for name, value in asdict(self).items() if value or not name.endswith("_names")}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Rule:
        """The rule out of its text."""
        data = require_json(text, dict)
        return Rule(**data | {name: tuple(data.get(name, ())) for name in LISTS})

    def covers(self, other: Rule) -> bool:
        """Whether it takes all that another rule takes, which was given in the same words."""
        return replace(self, unseen=()) == replace(other, unseen=()) and set(self.unseen) <= set(other.unseen)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What no view of mass rows shows.

    Attributes
    ----------
    rules : tuple of Rule
        Standing rules.
    documents : tuple of str
        Documents that are set aside as a whole.
    rows : tuple of (document id, row)
        Rows of small tables whose passage is set aside.
    folders : mapping
        From a folder that a rule names to the hashes of its sources.
    """

    rules: tuple[Rule, ...] = ()
    documents: tuple[str, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def get_rule_id(sql: sqlite3.Connection, rule: Rule, officer: str, known: Container[str] | None) -> str:
    """The id of the same rule among those that are `known` (all, if None), else a new one, made of the rule and of whose it is."""
    text = replace(rule, unseen=()).to_json()  # an id must not tell that there is anything unseen
    rows = sql.execute(
        "SELECT id, rule FROM set_asides WHERE json_extract(rule, '$.words') = ? ORDER BY at, id", (rule.words,)
    )
    same = [str(key) for key, held in rows.fetchall() if Rule.from_json(held).covers(rule)]
    if found := [key for key in same if known is None or key in known]:
        return found[0]
    taken = {key for (key,) in sql.execute("SELECT id FROM set_asides").fetchall()}
    made = ("aside-" + compute_digest("set-aside", text, officer, str(number))[:16] for number in count())
    return next(key for key in made if key not in taken)


def has_term(text: str | None, term: str) -> bool:
    """Whether words begin so in a text, case and accents aside."""
    wanted = normalise_name(term)
    return bool(wanted) and text is not None and f" {wanted}" in f" {normalise_name(text)}"


def apply_rules(sql: sqlite3.Connection, runs: Mapping[str, str]) -> None:
    """Apply every standing rule to what runs have brought, before anybody can see it. `runs`: id -> source."""
    rules = sql.execute("SELECT id, rule FROM main.live_set_asides ORDER BY id").fetchall()
    for key, text in rules:
        _record_exclusions(sql, key, _add_parties_by_name(sql, Rule.from_json(text), list(runs)), list(runs))
        for source in dict.fromkeys(runs.values()):
            _exclude_attachments(sql, key, source, Rule.from_json(text).unseen)
    if rules:
        update_word_index(sql)


def apply_rule(sql: sqlite3.Connection, key: str, rule: Rule) -> None:
    """Note what a rule takes of all live runs, and take its words out of the index."""
    _record_exclusions(sql, key, rule, None)
    for (source,) in sql.execute("SELECT DISTINCT source FROM arrivals WHERE document_id != ''").fetchall():
        _exclude_attachments(sql, key, source, rule.unseen)
    update_word_index(sql)


def apply_own_rules(sql: sqlite3.Connection, officer: str, source: str) -> None:
    """Let the rules of an officer take a file that others had, hidden from the officer, and that the officer has brought now."""
    rules = sql.execute(
        "SELECT id, rule FROM main.live_set_asides WHERE officer = ? ORDER BY id", (officer,)
    ).fetchall()
    for key, text in rules:
        rule = Rule.from_json(text)
        if rule.unseen:
            runs = [run for (run,) in sql.execute("SELECT id FROM main.live_runs WHERE source = ?", (source,))]
            whole = _add_parties_by_name(sql, replace(rule, unseen=()), runs)
            query, parameters = _build_selection(whole, None)
            brought = "SELECT document_id FROM traces WHERE source = ?"
            sql.execute(
                f"INSERT OR IGNORE INTO taken SELECT ?, found.* FROM ({query}) AS found WHERE found.id IN ({brought})",
                (key, *parameters, source),
            )
            update_word_index(sql)


def _add_parties_by_name(sql: sqlite3.Connection, rule: Rule, runs: Sequence[str]) -> Rule:
    """The rule with who is called in these runs as it says: a name without a number has an id of its own in each file."""
    sender = _find_called(sql, rule.sender_names, SENDERS, runs)
    party = _find_called(sql, rule.party_names, (*SENDERS, *RECEIVERS), runs)
    return replace(rule, sender=(*rule.sender, *sender), party=(*rule.party, *party))


def _find_called(
    sql: sqlite3.Connection, names: Sequence[str], props: Sequence[str], runs: Sequence[str]
) -> tuple[str, ...]:
    """Ids of the parties of some runs, and of who holds them, that have one of the names."""
    wanted = {normalise_name(name) for name in names} - {""}
    if not wanted:
        return ()
    said, naming = (", ".join(f"'{prop}'" for prop in some) for some in (props, NAMING))
    query = f"""WITH party AS (SELECT DISTINCT s.value AS id FROM traces AS t JOIN evidence AS e ON e.document_id = t.document_id
            JOIN statements AS s ON s.id = e.statement_id
            WHERE t.run_id IN (SELECT value FROM json_each(?)) AND s.prop IN ({said})),
        thing AS (SELECT id FROM party UNION {_build_other_end("party", "holder", "held")}),
        called AS (SELECT id FROM thing UNION {_build_other_end("thing", "held", "holder")})
        SELECT DISTINCT n.entity_id, n.value FROM called CROSS JOIN statements AS n ON n.entity_id = called.id
        WHERE n.prop IN ({naming}) AND EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = n.id
            AND e.kind != 'suggested' AND e.run_id IN (SELECT id FROM main.live_runs)) ORDER BY 1"""
    rows = sql.execute(query, (json.dumps(list(runs)),)).fetchall()
    found = dict.fromkeys(key for key, value in rows if normalise_name(value) in wanted)
    used = (
        f"WITH named AS (SELECT value AS id FROM json_each(?)) {_build_other_end('named', 'holder', 'held')} ORDER BY 1"
    )
    return tuple(found | dict.fromkeys(key for (key,) in sql.execute(used, (json.dumps(list(found)),)).fetchall()))


def _build_other_end(among: str, end: str, other: str) -> str:
    """SELECT of what attributions join with the ids of a table: who holds them (from held), or what they hold."""
    return f"""SELECT there.value FROM {among} CROSS JOIN statements AS here ON here.value = {among}.id AND here.prop = '{end}'
            AND here.schema = 'Attribution' CROSS JOIN statements AS there ON there.entity_id = here.entity_id
            AND there.prop = '{other}'"""


def _record_exclusions(sql: sqlite3.Connection, key: str, rule: Rule, runs: Sequence[str] | None) -> None:
    query, parameters = _build_selection(rule, runs)
    sql.execute(f"INSERT OR IGNORE INTO taken SELECT ?, found.* FROM ({query}) AS found", (key, *parameters))


def _exclude_attachments(sql: sqlite3.Connection, key: str, source: str, unseen: Sequence[str]) -> None:
    """What is attached to a document that is set aside goes with it, and what is attached to that, but for what is unseen."""
    held = """SELECT 1 FROM arrivals AS a JOIN taken AS t ON t.document_id = a.document_id
        WHERE a.source = ? AND t.set_aside_id = ? AND t.passage_id = ''"""
    if sql.execute(held, (source, key)).fetchone() is None:
        return
    found = f"""SELECT DISTINCT ?, document_id, '' FROM traces WHERE source = ? AND run_id IN (SELECT id FROM main.live_runs)
        AND document_id NOT IN {LISTED} AND source NOT IN {LISTED}"""
    sql.execute(f"INSERT OR IGNORE INTO taken {found}", (key, source, *[json.dumps(unseen)] * 2))
    inner = "SELECT DISTINCT source FROM arrivals WHERE outer_source = ? AND source != ?"
    for (child,) in sql.execute(inner, (source, source)).fetchall():
        _exclude_attachments(sql, key, child, unseen)


def update_word_index(sql: sqlite3.Connection) -> None:
    """Bring the index of words in line: no word of what is set aside, every word of what is not."""
    hidden = """SELECT n FROM passages WHERE document_id IN (SELECT document_id FROM main.hidden_documents)
        OR id IN (SELECT passage_id FROM main.hidden_passages)"""
    gone = f"n IN ({hidden}) AND n NOT IN (SELECT n FROM unindexed)"
    back = f"n IN (SELECT n FROM unindexed) AND n NOT IN ({hidden})"
    sql.execute(f"INSERT INTO words (words, rowid, text) SELECT 'delete', n, plain(text) FROM passages WHERE {gone}")
    sql.execute(f"INSERT INTO words (rowid, text) SELECT n, plain(text) FROM passages WHERE {back}")
    sql.execute(f"DELETE FROM unindexed WHERE n NOT IN ({hidden})")
    sql.execute(f"INSERT OR IGNORE INTO unindexed {hidden}")


def build_bulk_condition(hidden: Hidden, columns: Mapping[str, str]) -> str:
    """Condition in DuckDB's SQL that keeps the rows of a mass table that no rule takes; '' if none can take any.

    Documents and rows that are set aside by their id are left out by the caller. `columns`: with their types.
    """
    partly = [rule for rule in hidden.rules if not rule.is_whole_document]
    found = [
        condition
        for rule in partly
        if (condition := _build_mass_condition(rule, columns, hidden.folders.get(rule.folder, ())))
    ]
    return f"NOT coalesce({' OR '.join(found)}, false)" if found else ""


def _build_mass_condition(rule: Rule, columns: Mapping[str, str], sources: Sequence[str]) -> str:
    """Condition under which a rule takes a row; '' if it cannot: mass rows hold no text in which a term could stand."""
    if rule.term:
        return ""
    parts: list[str] = []
    if rule.unseen:
        parts.append(f"source NOT IN {_format_sql_list(rule.unseen)}")
    values = _format_sql_list(rule.values)
    for ids, ends in ((rule.sender, ("a", "payer_account")), (rule.party, ENDS)):
        if ids and not (rule.values and set(ends) & set(columns)):
            return ""
        if ids:
            parts.append("(" + " OR ".join(f"{end} IN {values}" for end in ends if end in columns) + ")")
    if rule.folder:
        parts.append(f"source IN {_format_sql_list(sources)}")
    when = next((column for column in ("start", "date", "at") if column in columns), "''")
    when = f"strftime({when}, '%Y-%m-%dT%H:%M:%S')" if columns.get(when, "").startswith("timestamp") else when
    for bound, sign in ((rule.since, ">="), (rule.until, "<=")):
        if bound:
            parts.append(f"{when} != '' AND substr({when}, 1, {len(bound)}) {sign} {quote_sql(bound)}")
    return f"({' AND '.join(parts)})"


def _format_sql_list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quote_sql, texts))}]"


def quote_sql(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _build_selection(rule: Rule, runs: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """SELECT of document and passage ('' for a whole document) that the rule takes of some runs; of all if None is given."""
    conditions: list[str] = []
    values: list[str] = [] if runs is None else [json.dumps(runs)]
    among = "" if runs is None else "AND run_id IN (SELECT value FROM json_each(?))"
    for ids, props in ((rule.sender, SENDERS), (rule.party, (*SENDERS, *RECEIVERS))):
        if ids:
            conditions.append(_build_party_condition(props))
            values += [json.dumps(ids)] * 2
    if rule.term:
        conditions.append("(says(p.text, ?) OR says(d.title, ?))")
        values += [rule.term, rule.term]
    if rule.folder:
        conditions.append("""EXISTS (SELECT 1 FROM traces AS t JOIN sources AS s ON s.sha256 = t.source
            WHERE t.document_id = d.id AND (s.name = ? OR substr(s.name, 1, length(?) + 1) = ? || '/'))""")
        values += [rule.folder] * 3
    for bound, sign in ((rule.since, ">="), (rule.until, "<=")):
        if bound:
            conditions.append(_build_date_condition(sign))
            values += [bound] * 4
    if rule.unseen:
        conditions.append(f"d.id NOT IN {LISTED} AND coalesce(p.id, '') NOT IN {LISTED}")
        values += [json.dumps(rule.unseen)] * 2
    part = "''" if rule.is_whole_document else "CASE WHEN d.schema = 'Table' THEN coalesce(p.id, '') ELSE '' END"
    return (
        f"""SELECT DISTINCT d.id, {part} FROM documents AS d LEFT JOIN passages AS p ON p.document_id = d.id
        WHERE d.id IN (SELECT document_id FROM traces WHERE run_id IN (SELECT id FROM main.live_runs) {among})
        AND {" AND ".join(conditions)}""",
        tuple(values),
    )


def _build_party_condition(props: Sequence[str]) -> str:
    """One of the parties is among the ids, or holds one of them (the account that a telephone number is recorded with)."""
    names = ", ".join(f"'{prop}'" for prop in props)
    return f"""EXISTS (SELECT 1 FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id
        WHERE e.document_id = d.id AND (d.schema != 'Table' OR e.passage_id = p.id) AND s.prop IN ({names})
        AND (s.value IN (SELECT value FROM json_each(?)) OR s.value IN (SELECT who.value FROM statements AS what
            JOIN statements AS who ON who.entity_id = what.entity_id AND who.prop = 'holder'
            WHERE what.schema = 'Attribution' AND what.prop = 'held' AND what.value IN (SELECT value FROM json_each(?)))))"""


def _build_date_condition(sign: str) -> str:
    """The document, or for a row of a table what it states, is dated before or after a bound."""
    names = ", ".join(f"'{prop}'" for prop in DATES)
    return f"""((d.schema != 'Table' AND d.at != '' AND substr(d.at, 1, length(?)) {sign} ?) OR (d.schema = 'Table' AND EXISTS
        (SELECT 1 FROM evidence AS e JOIN statements AS s ON s.id = e.statement_id WHERE e.document_id = d.id
        AND e.passage_id = p.id AND s.prop IN ({names}) AND substr(s.value, 1, length(?)) {sign} ?)))"""
