"""Material that is set aside: which rows a rule takes, within the transaction that would let them count.

Grounds are the law's: what passes between lawyer and client, what lies outside the scope or the period of the authority.
What is set aside is counted and in no index; a named role reopens it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import NamedTuple

from workbench.ledger.exclusions import struck_words
from workbench.ledger.storage.stored_values import require_json
from workbench.model.ids import compute_digest
from workbench.model.pseudonyms.name_matching import ERASED
from workbench.model.schema import NAMES
from workbench.model.text.normalise import normalise_name, sort_name_words

SENDERS = ("senderAccount", "sender", "emitters", "caller", "payer", "payerAccount")
RECEIVERS = ("recipientAccount", "recipients", "receiver", "beneficiary", "beneficiaryAccount")
DATES = ("startDate", "date")
NAMING = (*NAMES, "username")
"""Properties by which a party is called as the officer called it."""
LISTED = "(SELECT value FROM json_each(?))"
LISTS = ("sender", "party", "values", "unseen", "sender_names", "party_names", "sources")
ADDED = ("sender_names", "party_names", "sources")
"""Fields that a rule has only where they say something: the ids of others are made without them."""
TAKEN = f"SELECT document_id FROM main.taken WHERE set_aside_id = ? AND passage_id = '' AND document_id IN {LISTED}"
LIVE = "run_id IN (SELECT id FROM main.live_runs)"
ATTACHED = """WITH RECURSIVE within(id) AS (
    SELECT a.source FROM main.hidden_documents AS h CROSS JOIN arrivals AS a ON a.document_id = h.document_id AND a.document_id != ''
        WHERE a.source != a.outer_source
    UNION SELECT a.source FROM arrivals AS a WHERE a.document_id = '' AND a.outer_source NOT IN ('', a.source)
        AND EXISTS (SELECT 1 FROM traces AS t WHERE t.source = a.outer_source
            AND t.document_id IN (SELECT document_id FROM main.hidden_documents))
    UNION SELECT a.source FROM within CROSS JOIN arrivals AS a ON a.outer_source = within.id AND a.source != a.outer_source)
    SELECT id FROM within ORDER BY 1"""
"""Files that are within what is excluded, and in these."""
NEAR = """WITH RECURSIVE near(id) AS (SELECT value FROM json_each(?)
    UNION SELECT a.source FROM near CROSS JOIN arrivals AS a ON a.outer_source = near.id
    UNION SELECT a.source FROM near CROSS JOIN traces AS t ON t.source = near.id CROSS JOIN arrivals AS a
        ON a.document_id = t.document_id AND a.document_id != ''
    UNION SELECT o.source FROM near CROSS JOIN traces AS t ON t.source = near.id CROSS JOIN main.taken AS k ON k.document_id = t.document_id
        CROSS JOIN traces AS o ON o.document_id = k.document_id)
    SELECT id FROM near WHERE EXISTS (SELECT 1 FROM arrivals AS a WHERE a.source = near.id AND a.outer_source NOT IN ('', a.source))
        ORDER BY 1"""
"""Files within others, among some sources, those within them or attached to their documents, and those that have excluded documents in
common with them."""
WAYS = f"""SELECT DISTINCT source, outer_source, document_id FROM arrivals WHERE source IN {LISTED} AND source != outer_source
    AND (run_id = '' OR {LIVE}) ORDER BY 1, 2, 3"""
DOCUMENTS = f"SELECT DISTINCT source, document_id FROM traces WHERE source IN {LISTED} AND {LIVE} ORDER BY 1, 2"
STRUCK = """SELECT d.id FROM json_each(:asked) AS a CROSS JOIN documents AS d ON d.id = a.value WHERE instr(d.title, :marker)
    OR EXISTS (SELECT 1 FROM passages AS p WHERE p.document_id = d.id AND instr(p.text, :marker))
    OR EXISTS (SELECT 1 FROM traces AS t JOIN sources AS s ON s.sha256 = t.source WHERE t.document_id = d.id AND instr(s.name, :marker))
    OR (d.schema IN ('Message', 'Email', 'Call', 'Payment') AND NOT EXISTS (SELECT 1 FROM evidence AS e
        JOIN statements AS s ON s.id = e.statement_id WHERE e.document_id = d.id AND s.prop IN (SELECT value FROM json_each(:props))))"""
"""Documents in which an erasure struck something, or of which it took the parties: a rule that it struck as well took them by itself."""
PLACES = f"SELECT DISTINCT document_id, source FROM traces WHERE document_id IN {LISTED} AND {LIVE} ORDER BY 1, 2"
NAMED_FOLDER = """(s.name = json_extract(m.rule, '$.folder') OR substr(s.name, 1, length(json_extract(m.rule, '$.folder')) + 1)
        = json_extract(m.rule, '$.folder') || '/' OR s.sha256 IN (SELECT value FROM json_each(m.rule, '$.sources')))"""
"""That a source (s) is in the folder of a rule (m)."""
ENDS = ("a", "b", "payer_account", "beneficiary_account", "imei", "imsi")
"""Columns of mass tables that name a party, or what it uses."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is set aside. All that is given must hold. Of what an erasure struck in it a keyed hash stays (`struck_words`).

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
    sources : tuple of str
        Sources that were in the folder when its name, and theirs, was struck.
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
    sources: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """All by which it knows what it takes, but times."""
        lists = (self.sender, self.party, self.values, self.sender_names, self.party_names)
        return tuple(filter(None, (*(part for some in lists for part in some), self.term, self.folder)))

    @property
    def is_struck(self) -> bool:
        """Whether an erasure struck a part of it."""
        is_gone = struck_words.GONE in (*self.sender, *self.party)
        return is_gone or any(struck_words.is_mark(part) or struck_words.is_lost(part) for part in self.parts)

    @property
    def has_lost_parts(self) -> bool:
        """Whether nothing is left of a part by which it could know it."""
        ids = () if (*self.sender_names, *self.party_names) else (*self.sender, *self.party)
        named = (*self.values, *self.sender_names, *self.party_names, self.term)
        folder = () if self.sources else (self.folder,)
        return struck_words.GONE in ids or any(map(struck_words.is_lost, (*named, *folder)))

    @property
    def is_whole_document(self) -> bool:
        """Whether it takes documents as a whole; otherwise the rows of a table are taken one by one."""
        return not (self.sender or self.party or self.term or self.since or self.until)

    def to_json(self) -> str:
        """Text of the rule, as it is kept."""
        kept = {name: value for name, value in asdict(self).items() if value or name not in ADDED}
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
    secret : str
        Of the case, where hashes of struck words are among the rules.
    """

    rules: tuple[Rule, ...] = ()
    documents: tuple[str, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secret: str = ""

    @property
    def marks(self) -> frozenset[str]:
        """Hashes of numbers and accounts that an erasure struck in rules."""
        return frozenset(value for rule in self.rules for value in rule.values if struck_words.is_mark(value))

    def restore_values(self, values: Iterable[str]) -> Hidden:
        """The same with these numbers and accounts in the rules that have their hashes."""
        found = struck_words.find_marked(self.secret, struck_words.VALUE, self.marks, values)
        rules = [replace(rule, values=tuple(found.get(one, one) for one in rule.values)) for rule in self.rules]
        return replace(self, rules=tuple(rules))


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


def apply_rules(sql: sqlite3.Connection, runs: Mapping[str, str]) -> None:
    """Apply every standing rule to what runs have brought, before anybody can see it. `runs`: id -> source."""
    rules = sql.execute("SELECT id, rule FROM main.live_set_asides ORDER BY id").fetchall()
    for key, text in rules:
        _record_exclusions(sql, key, _add_parties(sql, Rule.from_json(text), list(runs)), list(runs))
    if rules:
        update_attachments(sql, set(runs.values()))
        update_word_index(sql)


def apply_rule(sql: sqlite3.Connection, key: str, rule: Rule) -> None:
    """Note what a rule takes of all live runs, and take its words out of the index."""
    _record_exclusions(sql, key, rule, None)
    update_attachments(sql)
    update_word_index(sql)


def list_rule_matches(sql: sqlite3.Connection, rule: Rule, runs: Sequence[str]) -> list[tuple[str, str]]:
    """Documents and passages ('' for a whole document) of some runs that a rule takes by itself."""
    query, parameters = _build_selection(sql, _add_parties(sql, rule, runs), runs)
    return [(str(document), str(part)) for document, part in sql.execute(query, parameters).fetchall()]


def _add_parties(sql: sqlite3.Connection, rule: Rule, runs: Sequence[str]) -> Rule:
    """The rule with who is called in these runs as it says, and whose id it knows by its hash.

    A name without a number has an id of its own in each file.
    """
    sender = _find_called(sql, rule.sender_names, SENDERS, runs)
    party = _find_called(sql, rule.party_names, (*SENDERS, *RECEIVERS), runs)
    sender += _find_marked_ids(sql, rule.sender, SENDERS, runs)
    party += _find_marked_ids(sql, rule.party, (*SENDERS, *RECEIVERS), runs)
    return replace(rule, sender=(*rule.sender, *sender), party=(*rule.party, *party))


def _build_parties(props: Sequence[str]) -> str:
    """WITH of the parties of some runs, and of what they hold."""
    said = ", ".join(f"'{prop}'" for prop in props)
    return f"""WITH party AS (SELECT DISTINCT s.value AS id FROM traces AS t JOIN evidence AS e ON e.document_id = t.document_id
            JOIN statements AS s ON s.id = e.statement_id
            WHERE t.run_id IN (SELECT value FROM json_each(?)) AND s.prop IN ({said})),
        thing AS (SELECT id FROM party UNION {_build_other_end("party", "holder", "held")})"""


def _find_marked_ids(
    sql: sqlite3.Connection, marks: Sequence[str], props: Sequence[str], runs: Sequence[str]
) -> tuple[str, ...]:
    """Ids of the parties of some runs, and of what they hold, of which a rule has the hash."""
    if not any(map(struck_words.is_mark, marks)):
        return ()
    rows = sql.execute(f"{_build_parties(props)} SELECT id FROM thing ORDER BY 1", (json.dumps(list(runs)),)).fetchall()
    found = struck_words.find_marked(
        struck_words.get_secret(sql), struck_words.ENTITY, marks, (str(key) for (key,) in rows)
    )
    return tuple(found.values())


def _find_called(
    sql: sqlite3.Connection, names: Sequence[str], props: Sequence[str], runs: Sequence[str]
) -> tuple[str, ...]:
    """Ids of the parties of some runs, and of who holds them, that have one of the names."""
    is_called = build_name_test(sql, names)
    if not names:
        return ()
    naming = ", ".join(f"'{prop}'" for prop in NAMING)
    query = f"""{_build_parties(props)},
        called AS (SELECT id FROM thing UNION {_build_other_end("thing", "held", "holder")})
        SELECT DISTINCT n.entity_id, n.value FROM called CROSS JOIN statements AS n ON n.entity_id = called.id
        WHERE n.prop IN ({naming}) AND EXISTS (SELECT 1 FROM evidence AS e WHERE e.statement_id = n.id
            AND e.kind != 'suggested' AND e.run_id IN (SELECT id FROM main.live_runs)) ORDER BY 1"""
    rows = sql.execute(query, (json.dumps(list(runs)),)).fetchall()
    found = dict.fromkeys(key for key, value in rows if is_called(value))
    used = (
        f"WITH named AS (SELECT value AS id FROM json_each(?)) {_build_other_end('named', 'holder', 'held')} ORDER BY 1"
    )
    return tuple(found | dict.fromkeys(key for (key,) in sql.execute(used, (json.dumps(list(found)),)).fetchall()))


def build_name_test(sql: sqlite3.Connection, names: Sequence[str]) -> Callable[[str], bool]:
    """Whether a name is one of those of a rule, in any order of its words; also of those that were erased."""
    wanted = {sort_name_words(name) for name in names if not struck_words.is_lost(name)} - {""}
    marks = {name for name in names if name.startswith(struck_words.NAME)}
    secret = struck_words.get_secret(sql) if marks else ""

    def is_called(name: str) -> bool:
        if ERASED in name:
            return False
        form = sort_name_words(name)
        forms = {form, " ".join(sorted(normalise_name(name).split()))} - {""}  # the second in marks of earlier releases
        return form in wanted or (
            bool(marks) and any(struck_words.compute_mark(secret, struck_words.NAME, one) in marks for one in forms)
        )

    return is_called


def map_folder_sources(sql: sqlite3.Connection) -> dict[str, list[str]]:
    """Sources in the folder that each rule names: id of the rule -> hashes."""
    query = f"""SELECT m.id, s.sha256 FROM set_asides AS m JOIN sources AS s ON {NAMED_FOLDER}
        WHERE json_extract(m.rule, '$.folder') != '' ORDER BY 1, 2"""
    found: dict[str, list[str]] = {}
    for key, source in sql.execute(query).fetchall():
        found.setdefault(str(key), []).append(str(source))
    return found


def _build_other_end(among: str, end: str, other: str) -> str:
    """SELECT of what attributions join with the ids of a table: who holds them (from held), or what they hold."""
    return f"""SELECT there.value FROM {among} CROSS JOIN statements AS here ON here.value = {among}.id AND here.prop = '{end}'
            AND here.schema = 'Attribution' CROSS JOIN statements AS there ON there.entity_id = here.entity_id
            AND there.prop = '{other}'"""


def _record_exclusions(sql: sqlite3.Connection, key: str, rule: Rule, runs: Sequence[str] | None) -> None:
    query, parameters = _build_selection(sql, rule, runs)
    sql.execute(f"INSERT OR IGNORE INTO main.taken SELECT ?, found.* FROM ({query}) AS found", (key, *parameters))


class Way(NamedTuple):
    """How a file came: within which source ('' by itself), and with which document of it."""

    outer: str
    document: str


@dataclass(frozen=True, slots=True)
class Attachments:
    """Files that may go with what is excluded, with all on which it depends.

    Attributes
    ----------
    ways : mapping
        Of each of these files how it came.
    documents : mapping
        From a source to its live documents: of these files and of those in which they came.
    places : mapping
        From a document to all sources in which it is.
    taken : mapping
        From a standing rule to the documents that it takes by itself: not because they are attached.
    """

    ways: Mapping[str, Sequence[Way]]
    documents: Mapping[str, Collection[str]]
    places: Mapping[str, Collection[str]]
    taken: Mapping[str, Collection[str]]

    def find_attached(self, key: str, unseen: Collection[str]) -> set[str]:
        """Documents that go with what is excluded, by the rule `key`: each way in which they came that is not unseen is excluded."""
        gone, whole, some = set().union(*self.taken.values()), set[str](), set[str]()
        by_rule = set(self.taken[key])
        known = {
            source: [way for way in ways if way.outer not in unseen and way.document not in unseen]
            for source, ways in self.ways.items()
            if source not in unseen
        }
        size = -1
        while size != len(whole) + len(some) + len(gone):
            size = len(whole) + len(some) + len(gone)
            for source, ways in known.items():
                if ways and all(self._goes(way, gone, whole) for way in ways):
                    whole.add(source)
                if source in whole and any(self._goes_partly(way, by_rule, some) for way in ways):
                    some.add(source)
            inner = [document for source in whole for document in self.documents.get(source, ())]
            gone |= {one for one in inner if whole.issuperset(set(self.places[one]).difference(unseen))}
            by_rule |= {one for one in gone if not some.isdisjoint(self.places.get(one, ()))}
        found = {document for source in some for document in self.documents.get(source, ())}
        return (found & gone).difference(unseen)

    def _goes(self, way: Way, gone: Collection[str], whole: Collection[str]) -> bool:
        """Whether what came in this way goes with what is excluded."""
        inner = self.documents.get(way.outer, ())
        return bool(way.outer) and (
            way.document in gone or way.outer in whole or (not way.document and bool(inner) and set(inner) <= set(gone))
        )

    def _goes_partly(self, way: Way, by_rule: Collection[str], some: Collection[str]) -> bool:
        """Whether the rule has a part in that."""
        inner = self.documents.get(way.outer, ()) if not way.document else ()
        return way.document in by_rule or way.outer in some or not set(inner).isdisjoint(by_rule)


def update_attachments(sql: sqlite3.Connection, changed: Collection[str] | None = None) -> bool:
    """Bring in line what goes with what is excluded because it is attached to it; whether anything changed.

    An attached file, and what is attached to that, goes with it only where the file came in no other way, and a document of it only where
    no other file has it: the order in which rules and files come does not matter. What a rule takes by itself stays taken.

    changed : sources of which a run, or a way in which they came, is new or gone; everything if None is given
    """
    rows = sql.execute("SELECT id, rule FROM main.live_set_asides ORDER BY id").fetchall()
    rules = {str(key): Rule.from_json(text) for key, text in rows}
    files = _list_near(sql, changed) if rules else []
    if not files:
        return False
    found = _load_attachments(sql, rules, files)
    inner = {document for source in found.ways for document in found.documents.get(source, ())}
    before = sql.total_changes
    for key, rule in rules.items():
        wanted = found.find_attached(key, rule.unseen)
        now = {one for (one,) in sql.execute(TAKEN, (key, json.dumps(sorted(inner)))).fetchall()}
        gone = now - wanted - set(found.taken[key])
        sql.executemany(
            "DELETE FROM main.taken WHERE set_aside_id = ? AND document_id = ? AND passage_id = ''",
            [(key, one) for one in sorted(gone)],
        )
        sql.executemany(
            "INSERT OR IGNORE INTO main.taken VALUES (?, ?, '')", [(key, one) for one in sorted(wanted - now)]
        )
    return sql.total_changes != before


def _list_near(sql: sqlite3.Connection, changed: Collection[str] | None) -> list[str]:
    """Files within others that may go with what is excluded: all, or those that depend on changed sources."""
    if changed is None:
        return [str(key) for (key,) in sql.execute(ATTACHED).fetchall()]
    return [str(key) for (key,) in sql.execute(NEAR, (json.dumps(sorted(changed)),)).fetchall()]


def _load_attachments(sql: sqlite3.Connection, rules: Mapping[str, Rule], files: Sequence[str]) -> Attachments:
    ways: dict[str, list[Way]] = {}
    for source, outer, document in sql.execute(WAYS, (json.dumps(files),)).fetchall():
        ways.setdefault(source, []).append(Way(outer, document))
    outers = {way.outer for some in ways.values() for way in some} - {""}
    documents: dict[str, set[str]] = {}
    for source, document in sql.execute(DOCUMENTS, (json.dumps(sorted(outers | set(ways))),)).fetchall():
        documents.setdefault(source, set()).add(document)
    inner = {document for source in ways for document in documents.get(source, ())}
    places: dict[str, set[str]] = {}
    for document, source in sql.execute(PLACES, (json.dumps(sorted(inner)),)).fetchall():
        places.setdefault(document, set()).add(source)
    around = {document for outer in outers for document in documents.get(outer, ())}
    asked = json.dumps(sorted(inner | around | {way.document for some in ways.values() for way in some}))
    among = (json.dumps(sorted(ways)),)
    runs = [run for (run,) in sql.execute(f"SELECT id FROM main.live_runs WHERE source IN {LISTED}", among).fetchall()]
    taken: dict[str, set[str]] = {}
    for key, rule in rules.items():
        now = {document for (document,) in sql.execute(TAKEN, (key, asked)).fetchall()}
        taken[key] = now - inner
        if doubtful := now & inner:
            matches = list_rule_matches(sql, replace(rule, unseen=()), runs)
            taken[key] |= {document for document, part in matches if not part} & doubtful
            if rule.is_struck:
                rows = sql.execute(
                    STRUCK, {"asked": json.dumps(sorted(doubtful)), "marker": ERASED, "props": json.dumps(SENDERS)}
                ).fetchall()
                taken[key] |= {str(one) for (one,) in rows}
    return Attachments(ways, documents, places, taken)


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


def build_bulk_condition(hidden: Hidden, columns: Mapping[str, str], terms: Mapping[str, str]) -> str:
    """Condition in DuckDB's SQL that keeps the rows of a mass table that no rule takes; '' if none can take any.

    Documents and rows that are set aside by their id are left out by the caller. `columns`, `terms`: as in `build_taken_condition`.
    """
    found = [condition for rule in hidden.rules if (condition := build_taken_condition(hidden, rule, columns, terms))]
    return f"NOT ({' OR '.join(found)})" if found else ""


def build_taken_condition(hidden: Hidden, rule: Rule, columns: Mapping[str, str], terms: Mapping[str, str]) -> str:
    """Condition in DuckDB's SQL, never null, that a rule takes a row of a mass table by what it holds; '' if it cannot take any.

    Parameters
    ----------
    hidden : Hidden
        With the sources of the folder of the rule.
    columns : mapping
        Columns of the table with their types.
    terms : mapping
        From the words of a rule to the condition that a row has them; words that no row has may be missing.
    """
    if rule.is_whole_document:
        return ""
    parts = [terms.get(rule.term, "")] if rule.term else []
    if rule.unseen:
        parts.append(f"source NOT IN {_format_sql_list(rule.unseen)}")
    values = [value for value in rule.values if not struck_words.is_lost(value)]
    for ids, ends in ((rule.sender, ("a", "payer_account")), (rule.party, ENDS)):
        if ids and not (values and set(ends) & set(columns)):
            return ""
        if ids:
            parts.append(
                "(" + " OR ".join(f"{end} IN {_format_sql_list(values)}" for end in ends if end in columns) + ")"
            )
    if rule.folder:
        parts.append(f"source IN {_format_sql_list(hidden.folders.get(rule.folder, ()))}")
    return f"coalesce({' AND '.join((*parts, *_build_period_conditions(rule, columns)))}, false)" if all(parts) else ""


def _build_period_conditions(rule: Rule, columns: Mapping[str, str]) -> list[str]:
    """Conditions that a row of a mass table is dated within the bounds of a rule."""
    when = next((column for column in ("start", "date", "at") if column in columns), "''")
    when = f"strftime({when}, '%Y-%m-%dT%H:%M:%S')" if columns.get(when, "").startswith("timestamp") else when
    return [
        f"{when} != '' AND substr({when}, 1, {len(bound)}) {sign} {quote_sql(bound)}"
        for bound, sign in ((rule.since, ">="), (rule.until, "<="))
        if bound
    ]


def _format_sql_list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quote_sql, texts))}]"


def quote_sql(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _build_selection(sql: sqlite3.Connection, rule: Rule, runs: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """SELECT of document and passage ('' for a whole document) that the rule takes of some runs; of all if None is given."""
    conditions: list[str] = []
    values: list[str] = [] if runs is None else [json.dumps(runs)]
    among = "" if runs is None else "AND run_id IN (SELECT value FROM json_each(?))"
    for ids, props in ((rule.sender, SENDERS), (rule.party, (*SENDERS, *RECEIVERS))):
        if ids:
            conditions.append(_build_party_condition(props))
            values += [json.dumps(ids)] * 2
    secret = struck_words.get_secret(sql) if rule.is_struck else ""
    if rule.term.startswith(struck_words.TERM):
        conditions.append("(says_marked(p.text, ?, ?) OR says_marked(d.title, ?, ?))")
        values += [rule.term, secret] * 2
    elif rule.term:
        conditions.append("(says(p.text, ?) OR says(d.title, ?))")
        values += [rule.term, rule.term]
    if rule.folder:
        named, given = _build_folder_condition(rule, secret)
        conditions.append(f"""EXISTS (SELECT 1 FROM traces AS t JOIN sources AS s ON s.sha256 = t.source
            WHERE t.document_id = d.id AND {named})""")
        values += given
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


def _build_folder_condition(rule: Rule, secret: str) -> tuple[str, list[str]]:
    """Condition that a source (s) is in the folder of a rule, and its values; no folder is called as what was erased is."""
    kept = json.dumps(rule.sources)
    if struck_words.is_lost(rule.folder):
        return f"s.sha256 IN {LISTED}", [kept]
    if rule.folder.startswith(struck_words.FOLDER):
        return f"(lies_in_marked(s.name, ?, ?) OR s.sha256 IN {LISTED})", [rule.folder, secret, kept]
    return "(s.name = ? OR substr(s.name, 1, length(?) + 1) = ? || '/')", [rule.folder] * 3


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
