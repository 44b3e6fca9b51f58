"""What rules that exclude take, for the issue rows that tell of it: which files, by which party, and what stays. Never what is said in it.

All of it is of rules, files and documents of which the reader may know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from workbench.ledger.access import hidden_bulk_rows
from workbench.ledger.exclusions.exclusion_rules import NAMING, RECEIVERS, SENDERS, Rule, build_name_test
from workbench.ledger.ledger import Ledger
from workbench.model import identifiers

AWAY = "(SELECT value FROM json_each(:secret))"
RULES = "(SELECT value FROM json_each(:rules))"
LIVE = "run_id IN (SELECT id FROM main.live_runs)"
STANDING = "SELECT id, rule FROM main.live_set_asides ORDER BY at, id"
FILES_TAKEN = f"""SELECT DISTINCT k.set_aside_id, s.name, s.sha256 FROM taken AS k
    CROSS JOIN main.traces AS t ON t.document_id = k.document_id CROSS JOIN live_sources AS s ON s.sha256 = t.source
    WHERE k.set_aside_id IN {RULES} AND t.{LIVE} AND k.document_id NOT IN {AWAY} AND k.passage_id NOT IN {AWAY}
        AND t.id NOT IN {AWAY} ORDER BY 1, 2, 3"""
COUNTED = f"""SELECT set_aside_id, count(*) FROM taken WHERE set_aside_id IN {RULES} AND document_id NOT IN {AWAY}
    AND passage_id NOT IN {AWAY} GROUP BY 1"""
KEPT = f"""SELECT DISTINCT o.source, o.name FROM taken AS k CROSS JOIN main.arrivals AS a ON a.document_id = k.document_id
    CROSS JOIN live_arrivals AS o ON o.source = a.source
    WHERE k.set_aside_id IN {RULES} AND k.passage_id = '' AND a.document_id != '' AND (a.run_id = '' OR a.{LIVE})
        AND k.document_id NOT IN {AWAY} AND a.source NOT IN {AWAY} AND a.source != a.outer_source
        AND EXISTS (SELECT 1 FROM live_traces AS t WHERE t.source = a.source) ORDER BY 1, 2"""
NAMING_TEXTS = f"""SELECT DISTINCT t.source, d.id, p.text FROM taken AS k CROSS JOIN main.documents AS d ON d.id = k.document_id
    CROSS JOIN main.traces AS t ON t.document_id = d.id CROSS JOIN main.passages AS p ON p.document_id = d.id
    WHERE k.set_aside_id IN {RULES} AND k.passage_id = '' AND d.schema = 'Message' AND t.{LIVE}
        AND k.document_id NOT IN {AWAY} AND t.id NOT IN {AWAY} AND p.id NOT IN {AWAY} ORDER BY 1, 2, 3"""
CHAT_PLACES = """SELECT DISTINCT outer_source, name, source FROM live_arrivals WHERE source IN (SELECT value FROM json_each(?))
    ORDER BY 1, 2, 3"""
BESIDE_CHATS = """SELECT DISTINCT a.source, a.outer_source, a.name FROM live_arrivals AS a
    WHERE a.outer_source IN (SELECT value FROM json_each(?)) AND a.source != a.outer_source
        AND EXISTS (SELECT 1 FROM live_traces AS t WHERE t.source = a.source) ORDER BY 3, 1, 2"""
AROUND_CHATS = """WITH RECURSIVE up(chat, source) AS (SELECT value, value FROM json_each(?)
    UNION SELECT up.chat, a.outer_source FROM up CROSS JOIN live_arrivals AS a ON a.source = up.source WHERE a.outer_source != '')
    SELECT DISTINCT a.name, up.chat FROM up CROSS JOIN live_arrivals AS a ON a.source = up.source WHERE a.outer_source = '' ORDER BY 1, 2"""
"""Names under which what holds a chat was received by itself, however deep the chat lies in it."""
ATTACHED = f"""SELECT DISTINCT a.document_id, a.name FROM taken AS k
    CROSS JOIN main.live_arrivals AS a ON a.document_id = k.document_id
    WHERE k.set_aside_id IN {RULES} AND k.passage_id = '' AND k.document_id NOT IN {AWAY} AND a.source NOT IN {AWAY} ORDER BY 1, 2"""
ALL_FILES = (
    "SELECT DISTINCT source, outer_source, name FROM live_arrivals WHERE source != outer_source ORDER BY 3, 1, 2"
)
COUNTS = """SELECT EXISTS (SELECT 1 FROM live_traces WHERE source = ?), NOT EXISTS (SELECT 1 FROM main.traces AS t
    CROSS JOIN main.documents AS d ON d.id = t.document_id WHERE t.source = ? AND d.schema = 'Email')"""
PARTIES_TAKEN = f"""SELECT DISTINCT k.set_aside_id, k.document_id, k.passage_id, s.sha256, s.name, st.prop, st.value, e.original_value
    FROM taken AS k CROSS JOIN main.evidence AS e ON e.document_id = k.document_id
    CROSS JOIN main.statements AS st ON st.id = e.statement_id CROSS JOIN main.traces AS t ON t.id = e.trace_id AND t.run_id = e.run_id
    CROSS JOIN live_sources AS s ON s.sha256 = t.source
    WHERE k.set_aside_id IN {RULES} AND k.passage_id IN ('', e.passage_id) AND st.prop IN (SELECT value FROM json_each(:props))
        AND e.{LIVE} AND e.id NOT IN {AWAY} AND k.document_id NOT IN {AWAY} AND t.id NOT IN {AWAY} ORDER BY 1, 2, 3, 4, 6, 7, 8"""
HELD = f"""SELECT DISTINCT here.value, there.value, r.source FROM statements AS here
    CROSS JOIN statements AS there ON there.entity_id = here.entity_id AND there.prop = 'holder'
    CROSS JOIN main.evidence AS e ON e.statement_id = there.id CROSS JOIN main.live_runs AS r ON r.id = e.run_id
    WHERE here.schema = 'Attribution' AND here.prop = 'held' AND here.value IN (SELECT value FROM json_each(:keys))
        AND e.id NOT IN {AWAY} AND e.kind != 'suggested' ORDER BY 1, 2, 3"""
HOLDS = """SELECT DISTINCT here.value, there.value FROM statements AS here
    CROSS JOIN statements AS there ON there.entity_id = here.entity_id AND there.prop = 'held'
    WHERE here.schema = 'Attribution' AND here.prop = 'holder' AND here.value IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"""
CALLED = f"""SELECT DISTINCT n.entity_id, n.prop, n.value, r.source FROM statements AS n
    CROSS JOIN main.evidence AS e ON e.statement_id = n.id
    CROSS JOIN main.live_runs AS r ON r.id = e.run_id
    WHERE n.entity_id IN (SELECT value FROM json_each(:keys)) AND n.prop IN (SELECT value FROM json_each(:props))
        AND e.id NOT IN {AWAY} AND e.kind != 'suggested' ORDER BY 1, 2, 3, 4"""
ALL_TAKEN = f"""SELECT count(*) > 0 AND sum(t.document_id NOT IN (SELECT document_id FROM taken
    WHERE passage_id = '' AND set_aside_id IN {RULES})) = 0 FROM main.traces AS t WHERE t.source = :source AND t.{LIVE}"""
INSIDE = """WITH RECURSIVE within(id) AS (SELECT source FROM main.arrivals WHERE document_id IN (SELECT value FROM json_each(?))
    UNION SELECT a.source FROM within CROSS JOIN main.arrivals AS a ON a.outer_source = within.id)
    SELECT DISTINCT t.document_id FROM within CROSS JOIN main.traces AS t ON t.source = within.id ORDER BY 1"""
"""Documents of what is attached to some documents, and of what is in that."""
GONE = """SELECT DISTINCT t.source FROM main.traces AS t CROSS JOIN hidden_documents AS h ON h.document_id = t.document_id
    WHERE NOT EXISTS (SELECT 1 FROM main.live_traces AS l WHERE l.source = t.source)"""
"""Files of which all is excluded."""
WAYS = """SELECT source, outer_source, document_id IN (SELECT document_id FROM hidden_documents) FROM main.live_arrivals
    WHERE source != outer_source"""
GROUNDS = f"""SELECT s.ground, k.document_id, k.passage_id, t.source FROM main.live_set_asides AS s
    CROSS JOIN taken AS k ON k.set_aside_id = s.id
    LEFT JOIN main.traces AS t ON t.document_id = k.document_id
    WHERE s.id IN {RULES} AND k.document_id NOT IN {AWAY} AND k.passage_id NOT IN {AWAY}"""
"""What standing rules take, by the ground of each: documents, rows, and the files in which they are."""
NAMES_GONE = f"SELECT name FROM live_sources WHERE sha256 IN ({GONE}) ORDER BY name, sha256"
COUNTING_NAMES = f"""WITH gone(id) AS ({GONE}),
    ways(source, name, at, counts) AS (SELECT a.source, a.name, a.at, a.outer_source NOT IN (SELECT id FROM gone)
        AND (a.outer_source = '' OR a.outer_source IN (SELECT sha256 FROM live_sources))
        AND (a.document_id = '' OR a.document_id IN (SELECT document_id FROM live_traces)) FROM main.live_arrivals AS a)
    SELECT s.name, w.name FROM live_sources AS s CROSS JOIN ways AS w ON w.source = s.sha256
    WHERE w.counts AND EXISTS (SELECT 1 FROM ways AS o WHERE o.source = s.sha256 AND o.name = s.name AND NOT o.counts)
        AND NOT EXISTS (SELECT 1 FROM ways AS o WHERE o.source = s.sha256 AND o.name = s.name AND o.counts)
    ORDER BY w.at DESC, w.name DESC"""
GIVEN = re.compile(r"""(?:^|, )(?:sender|number) ('[^']*'|"[^"]*")""")
"""A sender or party in the words of a rule, as the officer gave it."""
AROUND = "<>()[]{}\"'.,:;!?\u200e\u200f\u202a\u202c"
"""What may stand around a name in a text."""
IDENTIFYING = ("number", "username", "email", "accountNumber", "iban")


class Party(NamedTuple):
    """Who sent or received something excluded, as one file says it."""

    document: tuple[str, str]
    source: str
    file: str
    prop: str
    key: str
    written: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What one rule takes.

    Attributes
    ----------
    count : int
        Documents and rows of tables.
    files : tuple of str
        Names of the files in which they are.
    parties : tuple of Party
        Who sent or received it; nobody where the rule names no party.
    """

    key: str
    rule: Rule
    count: int = 0
    files: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names by which it knows parties."""
        return (*self.rule.sender_names, *self.rule.party_names)


def list_taken(ledger: Ledger) -> list[Taken]:
    """What each standing rule takes, the oldest rule first."""
    standing = _load_standing_rules(ledger)
    if not standing:
        return []
    secret = ledger.encode_secret_ids()
    found = _query_taken(ledger, standing, secret or "[]")
    if not secret:
        return found
    return [_leave_out_unknown(ledger, taken, secret) for taken in found]


def _leave_out_unknown(ledger: Ledger, taken: Taken, secret: str) -> Taken:
    """What a rule takes, without that for which the reason is hidden: that a number is somebody's is told by no row."""
    documents = _group_parties(taken)
    unknown = {passage or document for document, passage in _find_unfounded(_Names(ledger, taken, secret), documents)}
    if not unknown:
        return taken
    attached = ledger.reader_connection.execute(INSIDE, (json.dumps(sorted(unknown)),)).fetchall()
    with_parties = {document for document, _ in documents}
    away = {*json.loads(secret), *unknown, *(key for (key,) in attached if key not in with_parties)}
    (left,) = _query_taken(ledger, {taken.key: taken.rule}, json.dumps(sorted(away)))
    return left


def list_unfounded_parties(ledger: Ledger, taken: Taken) -> list[Party]:
    """Parties of what a rule takes though no file that counts gives any of them to whom it names: one did, and was withdrawn or erased."""
    documents = _group_parties(taken)
    found = _find_unfounded(_Names(ledger, taken, ledger.encode_secret_ids() or "[]"), documents)
    return [party for key in found for party in documents[key]]


def _find_unfounded(names: _Names, documents: Mapping[tuple[str, str], Sequence[Party]]) -> list[tuple[str, str]]:
    """Documents and rows of which no file that counts, and of which the reader may know, gives them to whom a rule names."""
    if not names.is_asked:
        return []
    return [
        key
        for key, parties in documents.items()
        if not any(names.is_meant(one) or names.find_sources(one.key) for one in parties)
    ]


def _group_parties(taken: Taken) -> dict[tuple[str, str], list[Party]]:
    documents: dict[tuple[str, str], list[Party]] = {}
    for party in taken.parties:
        documents.setdefault(party.document, []).append(party)
    return documents


def _query_taken(ledger: Ledger, standing: Mapping[str, Rule], secret: str) -> list[Taken]:
    given = {"rules": json.dumps(list(standing)), "secret": secret}
    sql = ledger.reader_connection
    files: dict[str, list[str]] = {}
    for key, name, _ in sql.execute(FILES_TAKEN, given).fetchall():
        files.setdefault(key, []).append(name)
    counts = dict(sql.execute(COUNTED, given).fetchall())
    parties: dict[str, list[Party]] = {}
    asked = given | {"props": json.dumps((*SENDERS, *RECEIVERS))}
    for key, document, passage, source, name, prop, who, written in sql.execute(PARTIES_TAKEN, asked).fetchall():
        if standing[key].party or (standing[key].sender and prop in SENDERS):
            parties.setdefault(key, []).append(Party((document, passage), source, name, prop, who, written or ""))
    return [
        Taken(key, rule, counts.get(key, 0), tuple(files.get(key, ())), tuple(parties.get(key, ())))
        for key, rule in standing.items()
    ]


def list_kept_attachments(ledger: Ledger) -> dict[str, list[str]]:
    """Files that are attached to something excluded and stay, because they came in another way too: hash -> names."""
    given = {"rules": json.dumps(list(_load_standing_rules(ledger))), "secret": ledger.encode_secret_ids() or "[]"}
    found: dict[str, list[str]] = {}
    for source, name in ledger.reader_connection.execute(KEPT, given).fetchall():
        found.setdefault(str(source), []).append(str(name))
    return found


def list_counting_names(ledger: Ledger) -> dict[str, str]:
    """Names of files that came first with something excluded or hidden, and stay -> the name under which they came in a way that counts."""
    return {str(first): str(name) for first, name in ledger.reader_connection.execute(COUNTING_NAMES).fetchall()}


def list_excluded_files(ledger: Ledger) -> frozenset[str]:
    """Files of which all is excluded, and those that came in no way that is not: hashes. Nobody else is told of them."""
    sql = ledger.reader_connection
    gone = {str(source) for (source,) in sql.execute(GONE).fetchall()}
    ways: dict[str, list[tuple[str, bool]]] = {}
    for source, outer, hidden in sql.execute(WAYS).fetchall() if gone else ():
        ways.setdefault(str(source), []).append((str(outer), bool(hidden)))
    size = -1
    while size != len(gone):
        size = len(gone)
        gone |= {source for source, some in ways.items() if all(hidden or outer in gone for outer, hidden in some)}
    return frozenset(gone)


@dataclass(slots=True)
class GroundCount:
    """What rules of one ground exclude: documents, rows of tables, and files of which all is excluded."""

    documents: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def count_by_ground(ledger: Ledger) -> dict[str, GroundCount]:
    """What is excluded on each ground, in no words of any rule."""
    given = {"rules": json.dumps(list(_load_standing_rules(ledger))), "secret": ledger.encode_secret_ids() or "[]"}
    gone, found = list_excluded_files(ledger), dict[str, GroundCount]()
    for ground, document, passage, source in ledger.reader_connection.execute(GROUNDS, given).fetchall():
        made = found.setdefault(str(ground), GroundCount())
        (made.rows if passage else made.documents).add(str(passage or document))
        made.files.update({str(source)} & gone)
    return dict(sorted(found.items()))


def map_excluded_names(ledger: Ledger) -> dict[str, str]:
    """Names under which nothing may go to others -> what stands for them: a name that counts, else a number for a file that is excluded."""
    gone = dict.fromkeys(str(name) for (name,) in ledger.reader_connection.execute(NAMES_GONE).fetchall())
    return {name: f"excluded file {number}" for number, name in enumerate(gone, 1)} | list_counting_names(ledger)


def list_named_files(ledger: Ledger) -> dict[str, list[str]]:
    """Files that an excluded message of a chat names, and that are not excluded: hash -> names.

    Files that came with the chat; and files in the folder around it, also in other archives there, for a message that no file of that
    name is attached to. What is attached to a mail is no such file.
    """
    rules = json.dumps(sorted(hidden_bulk_rows.list_visible_rule_ids(ledger)))
    given = {"rules": rules, "secret": ledger.encode_secret_ids() or "[]"}
    sql = ledger.reader_connection
    naming = _Naming()
    for chat, document, text in sql.execute(NAMING_TEXTS, given).fetchall():
        naming.add_text(chat, document, text)
    if not naming.words:
        return {}
    chats = json.dumps(sorted(naming.words))
    areas: dict[str, list[tuple[str, str]]] = {}
    for outer, name, chat in sql.execute(CHAT_PLACES, (chats,)).fetchall():
        areas.setdefault(outer, []).append((_get_folder(name), chat))
        areas.setdefault(chat, []).append(("", chat))
    found: dict[str, list[str]] = {}
    for source, outer, name in sql.execute(BESIDE_CHATS, (json.dumps(sorted(areas)),)).fetchall():
        if naming.list_messages({chat for folder, chat in areas[outer] if name.startswith(folder)} - {source}, name):
            found.setdefault(source, []).append(name)
    attached = {(document, _get_base(name)) for document, name in sql.execute(ATTACHED, given).fetchall()}
    around = [(_get_folder(name), chat) for name, chat in sql.execute(AROUND_CHATS, (chats,)).fetchall()]
    for source, outer, name in sql.execute(ALL_FILES).fetchall():
        if name in found.get(source, ()) or not naming.has_word(name):
            continue
        messages = naming.list_messages(
            {chat for folder, chat in around if name.startswith(folder)} - {source, outer}, name
        )
        is_open = any((document, _get_base(name)) not in attached for document in messages)
        if is_open and all(sql.execute(COUNTS, (source, outer)).fetchone()):
            found.setdefault(source, []).append(name)
    return found


class _Naming:
    """Texts of excluded messages: of each chat and each word, the messages and texts that have it."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, set[tuple[str, str]]]] = {}

    def add_text(self, chat: str, document: str, text: str) -> None:
        """Take a text of a message, as it is written and as an address in a page says it."""
        words = self.words.setdefault(chat, {})
        for folded in {_fold(text), _fold(unquote(text))}:
            for word in folded.split():
                words.setdefault(word.strip(AROUND), set()).add((document, folded))

    def has_word(self, name: str) -> bool:
        """Whether a text of any chat has the last word of a file's name."""
        last = _get_last_word(name)
        return bool(last) and any(last in words for words in self.words.values())

    def list_messages(self, chats: set[str], name: str) -> set[str]:
        """Messages of some chats whose texts have the base name of a file."""
        base, last = _get_base(name), _get_last_word(name)
        texts = (pair for chat in chats if last for pair in self.words[chat].get(last, ()))
        return {document for document, text in texts if base in text}


def _fold(text: str) -> str:
    return normalize("NFC", text).casefold()


def _get_base(name: str) -> str:
    return _fold(name).rpartition("/")[2]


def _get_last_word(name: str) -> str:
    """Last word of the base name of a file, without what can stand around a name."""
    return base.split()[-1].strip(AROUND) if (base := _get_base(name)).strip() else ""


def _get_folder(name: str) -> str:
    """Folder of a file with '/' behind it, '' at the top."""
    return f"{folder}/" if (folder := name.rpartition("/")[0]) else ""


def is_excluded(ledger: Ledger, sha256: str) -> bool:
    """Whether rules take all that was read from a file."""
    standing = _load_standing_rules(ledger)
    given = {"rules": json.dumps(list(standing)), "source": sha256}
    return bool(standing) and bool(ledger.reader_connection.execute(ALL_TAKEN, given).fetchone()[0])


def _load_standing_rules(ledger: Ledger) -> dict[str, Rule]:
    """Rules that stand and of which the reader may know, the oldest first. What a reopened rule took is noted still, and counts."""
    rows = ledger.reader_connection.execute(STANDING).fetchall()
    known = hidden_bulk_rows.list_visible_rule_ids(ledger) if rows else frozenset()
    return {str(key): Rule.from_json(text) for key, text in rows if key in known}


def list_foreign_names(ledger: Ledger, taken: Taken) -> list[tuple[str, str]]:
    """Numbers and accounts that a rule takes only because another file gives them to whom it names: the number, and the name of that file.

    For mass rows, which name nobody, these are all of the rule's numbers that a file gives so.
    """
    rule, known = taken.rule, _Names(ledger, taken, ledger.encode_secret_ids() or "[]")
    if not known.is_asked:
        return []
    found: set[tuple[str, str]] = set()
    for parties in _group_parties(taken).values():
        own = {party.source for party in parties}
        if any(known.is_meant(party) or known.find_sources(party.key) & own for party in parties):
            continue
        found |= {
            (known.get_label(one.key, one.written), source) for one in parties for source in known.find_sources(one.key)
        }
    if ledger.reader_connection.execute("SELECT 1 FROM live_row_files").fetchone():
        for key in {*rule.sender, *rule.party} - known.given:
            label = known.get_label(key, "")
            if label in rule.values and label.lstrip("+").isdigit():
                found |= {(label, source) for source in known.find_sources(key)}
    return sorted({(label, known.files[source]) for label, source in found if source in known.files})


class _Names:
    """Which files give some parties to whom a rule names: by a name, or by a number or an address.

    Attributes
    ----------
    given : frozenset of str
        Entities that are the number or the address itself.
    """

    def __init__(self, ledger: Ledger, taken: Taken, secret: str) -> None:
        sql, rule = ledger.reader_connection, taken.rule
        self.given = frozenset(_list_given_ids(rule)) & {*rule.sender, *rule.party}
        self.is_asked = bool(taken.names or self.given)
        self._is_called = build_name_test(ledger.connection, taken.names)
        keys = sorted({*rule.sender, *rule.party, *(party.key for party in taken.parties)})
        self._held: dict[str, list[str]] = {}
        for key, thing in sql.execute(HOLDS, (json.dumps(keys),)).fetchall():
            self._held.setdefault(key, []).append(thing)
        things = sorted({*keys, *(thing for some in self._held.values() for thing in some)})
        held = sql.execute(HELD, {"keys": json.dumps(things), "secret": secret}).fetchall()
        asked = {"keys": json.dumps(sorted({*things, *(holder for _, holder, _ in held)})), "secret": secret}
        called = sql.execute(CALLED, asked | {"props": json.dumps((*NAMING, *IDENTIFYING))}).fetchall()
        named = {(key, source) for key, prop, value, source in called if prop in NAMING and self._is_called(value)}
        named |= {(holder, source) for key, holder, source in held if key in self.given}
        holders = {key for key, _ in named}
        self._sources: dict[str, set[str]] = {}
        for key, source in named:
            self._sources.setdefault(key, set()).add(source)
        for key, holder, source in held:
            if holder in holders:
                self._sources.setdefault(key, set()).add(source)
        self._labels: Mapping[str, str] = {key: value for key, prop, value, _ in called if prop in IDENTIFYING}
        self.files = list_source_names(ledger)

    def is_meant(self, party: Party) -> bool:
        """Whether a party has a name of the rule, or is the number or the address that it names."""
        return self._is_called(party.written) or not self.given.isdisjoint((party.key, *self._held.get(party.key, ())))

    def find_sources(self, key: str) -> set[str]:
        """Files that give a party, what it holds (the number of an account), or who holds either, to whom the rule names."""
        return set().union(*(self._sources.get(one, ()) for one in (key, *self._held.get(key, ()))))

    def get_label(self, key: str, written: str) -> str:
        """Number or address of a party, else what the file calls it."""
        return self._labels.get(key) or written or key


def _list_given_ids(rule: Rule) -> set[str]:
    """Ids of what the words of a rule name, as if it were a number or an address."""
    words = [text[1:-1] for text in GIVEN.findall(rule.words)]
    keys = (build(text) for text in words for build in (identifiers.build_telephone_key, identifiers.build_account_key))
    return {key.entity_id for key in keys}


def list_source_names(ledger: Ledger, sources: Collection[str] | None = None) -> dict[str, str]:
    """Names of sources that the reader may see, by their SHA-256: of these, or of all."""
    query = "SELECT sha256, name FROM live_sources WHERE :all OR sha256 IN (SELECT value FROM json_each(:sources)) ORDER BY sha256"
    given = {"all": sources is None, "sources": json.dumps(sorted(sources or ()))}
    return {str(key): str(name) for key, name in ledger.reader_connection.execute(query, given).fetchall()}
