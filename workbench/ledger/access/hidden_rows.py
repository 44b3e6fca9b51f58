"""What is withheld with all that hangs on it, in tables of the connection: reckoned from what is withheld, at a cost of that alone.

Where rows were only added, the documents that they touch are looked at again, and what is withheld since; all else stands.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from workbench.ledger.access import file_mentions, note_sources
from workbench.ledger.access.own_copies import LATER as LATER_ROW
from workbench.ledger.access.own_copies import build_before_condition
from workbench.ledger.access.shown_names import MASKED, SHOWS, mask_title
from workbench.ledger.access.terms import LATER, Target
from workbench.ledger.exclusions import lost_senders, own_exclusions
from workbench.ledger.exclusions.exclusion_rules import NAMED_FOLDER
from workbench.model.schema import PACKAGE, RELATIONS

KEPT = (
    "sources",
    "files",
    "closed",
    "documents",
    "passages",
    "partial",
    "entities",
    "statements",
    "evidence",
    "notes",
    "ids",
    "copies",
    "speaker",
)
"""Tables of what is withheld; `closed` has sources and files, `partial` documents with a passage that is withheld; those of `evidence` and
`ids` have what hangs on it as well, and `ids` has ids of every kind; `copies` has files of which the reader brought a copy, which come in
no other file for that reader; `speaker` the name of a reader who knows what that officer has said."""
KINDS = {
    "source": ("sources", "closed"), "file": ("files", "closed"), "document": ("documents",), "passage": ("passages",),
    "entity": ("entities",), "statement": ("statements",), "evidence": ("evidence",), "note": ("notes",),
}  # fmt: skip
NOWHERE = ""
"""What lies in no document: what officers say."""
SHOWN = "t.source NOT IN gate_closed AND t.document_id NOT IN gate_documents"
FOUND = "INSERT OR IGNORE INTO gate_new "
SAID = "CROSS JOIN statements AS s ON s.id = e.statement_id"
OF_STATEMENT = "CROSS JOIN evidence AS e ON e.statement_id = s.id"
READ = """(e.kind != 'suggested' OR EXISTS (SELECT 1 FROM readings AS d WHERE d.passage_id = e.passage_id AND d.method = e.method
    AND d.version = e.version) OR EXISTS (SELECT 1 FROM runs AS r WHERE r.id = e.run_id AND r.kind = 'frame'))"""
"""Evidence that no newer version of its method has replaced. Whether it counts now is not asked anywhere here: what was withdrawn,
superseded or set aside stays as hidden as it was."""
REACHED = (
    # Evidence of a statement or an entity that is withheld, and evidence that points to such an entity.
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN evidence AS e ON e.statement_id = n.id
        WHERE n.kind = 'statement' AND {READ}""",
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN statements AS s ON s.entity_id = n.id {OF_STATEMENT}
        WHERE n.kind = 'entity' AND {READ}""",
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN statements AS s ON s.value = n.id {OF_STATEMENT}
        WHERE n.kind = 'entity' AND {READ}""",
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_area AS a CROSS JOIN evidence AS e ON e.document_id = a.id {SAID}
        WHERE (s.id IN gate_statements OR s.entity_id IN gate_entities OR s.value IN gate_entities) AND {READ}""",
    # The text would say it: its passage, or the whole document where no passage is named.
    f"""{FOUND}SELECT 'passage', e.passage_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id
        WHERE n.kind = 'evidence' AND e.passage_id != ''""",
    f"""{FOUND}SELECT 'document', e.document_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id
        WHERE n.kind = 'evidence' AND e.passage_id = '' AND e.document_id != ''""",
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN evidence AS e ON e.passage_id = n.id
        WHERE n.kind = 'passage' AND {READ}""",
)
"""How what is withheld spreads to what says it."""
INNER = """INSERT OR IGNORE INTO gate_near WITH RECURSIVE inside(id) AS (
        SELECT a.source FROM gate_new AS n CROSS JOIN arrivals AS a ON a.outer_source = n.id WHERE n.kind IN ('source', 'file')
        UNION SELECT a.source FROM gate_new AS n CROSS JOIN arrivals AS a ON a.document_id = n.id
            WHERE n.kind = 'document' AND a.document_id != ''
        UNION SELECT a.source FROM inside CROSS JOIN arrivals AS a ON a.outer_source = inside.id)
    SELECT id FROM inside"""
BESIDE = "a.outer_source != '' AND b.outer_source = a.outer_source AND is_sidecar(b.name, a.name)"
SIDECARS = (
    f"""{FOUND}SELECT 'source', b.source FROM gate_new AS n CROSS JOIN arrivals AS a ON a.source = n.id CROSS JOIN arrivals AS b
        ON {BESIDE} WHERE n.kind IN ('source', 'file') AND b.source NOT IN gate_sources AND b.source NOT IN gate_copies""",
    f"""{FOUND}SELECT 'source', b.source FROM gate_near AS c CROSS JOIN arrivals AS b ON b.source = c.id CROSS JOIN arrivals AS a
        ON {BESIDE} WHERE a.source IN gate_closed AND b.source NOT IN gate_sources AND b.source NOT IN gate_copies""",
)
"""A file that a program wrote beside one that is withheld, to tell of it, goes with it."""
APART = """EXISTS (SELECT 1 FROM traces AS t JOIN messages AS m ON m.document_id = t.document_id WHERE t.source = a.source)
    OR EXISTS (SELECT 1 FROM messages AS m WHERE m.document_id = a.document_id AND m.source NOT IN gate_sources)"""
"""What is no part of a file that is withheld as a file: the messages in it, and what is attached to one that is not withheld."""
ENCLOSED = tuple(
    f"""{FOUND}SELECT 'source', c.id FROM gate_near AS c WHERE c.id NOT IN gate_sources AND c.id NOT IN gate_copies
    AND EXISTS (SELECT 1 FROM {arrivals} AS a WHERE a.source = c.id)
    AND NOT EXISTS (SELECT 1 FROM {arrivals} AS a WHERE a.source = c.id
        AND a.outer_source NOT IN gate_sources AND a.document_id NOT IN gate_documents
        AND (a.outer_source NOT IN gate_files OR {APART}))"""
    for arrivals in ("main.live_arrivals", "arrivals")
)
"""Files within a withheld file or document go with it, unless they came in another way too."""
WHOLE = f"""{FOUND}SELECT 'document', p.document_id FROM gate_new AS n CROSS JOIN passages AS p ON p.id = n.id WHERE n.kind = 'passage'
    AND NOT EXISTS (SELECT 1 FROM passages AS o WHERE o.document_id = p.document_id AND o.id NOT IN gate_passages)"""
"""A document of which nothing may be read is withheld as a whole."""
PACKED = tuple(
    f"""{FOUND}SELECT 'document', d.id FROM gate_new AS n CROSS JOIN arrivals AS i ON i.source = n.id
        CROSS JOIN documents AS d ON d.id = i.document_id
        WHERE n.kind = 'source' AND d.schema = '{PACKAGE}' AND d.id NOT IN gate_documents
        AND NOT EXISTS (SELECT 1 FROM passages AS p WHERE p.document_id = d.id AND p.id NOT IN gate_passages)
        AND EXISTS (SELECT 1 FROM {arrivals} AS a WHERE a.document_id = d.id)
        AND NOT EXISTS (SELECT 1 FROM {arrivals} AS a WHERE a.document_id = d.id AND a.source NOT IN gate_sources)"""
    for arrivals in ("main.live_arrivals", "arrivals")
)
"""An archive has nothing of its own but the files in it (and a comment): where all of them are withheld, so is the archive."""
CLOSING = tuple(
    f"""{FOUND}SELECT 'source', t.source FROM gate_new AS n CROSS JOIN traces AS t ON t.document_id = n.id
        WHERE n.kind = 'document' AND t.source NOT IN gate_sources AND t.source NOT IN gate_copies
        AND EXISTS (SELECT 1 FROM {traces} AS o WHERE o.source = t.source)
        AND NOT EXISTS (SELECT 1 FROM {traces} AS o WHERE o.source = t.source AND o.document_id NOT IN gate_documents)"""
    for traces in ("main.live_traces", "traces")
)
"""A file of which no document may be read is withheld as a whole: no document of all that counts, or of all that ever did."""
PARTIAL = """INSERT OR IGNORE INTO gate_partial SELECT p.document_id FROM gate_new AS n CROSS JOIN passages AS p ON p.id = n.id
    WHERE n.kind = 'passage'"""
AREA = (
    "SELECT t.document_id FROM gate_new AS n CROSS JOIN traces AS t ON t.source = n.id WHERE n.kind IN ('source', 'file')",
    "SELECT id FROM gate_new WHERE kind = 'document'",
    "SELECT p.document_id FROM gate_new AS n CROSS JOIN passages AS p ON p.id = n.id WHERE n.kind = 'passage'",
    "SELECT e.document_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id WHERE n.kind = 'evidence'",
    """SELECT a.document_id FROM gate_new AS n CROSS JOIN arrivals AS a ON a.source = n.id
        WHERE n.kind IN ('source', 'file') AND a.document_id != ''""",
    file_mentions.build_area("gate_new"),
    file_mentions.build_beside_area("gate_around_new"),
)
"""Documents of what is withheld, those with which files came that are, and messages to which such files are attached."""
WITHIN = f"FROM gate_area AS a CROSS JOIN evidence AS e ON e.document_id = a.id {SAID}"
"""Evidence of the documents that are looked at; `+e.id` keeps SQLite from looking up each of them with each id."""
NAMES = (
    f"""INSERT OR IGNORE INTO gate_ids SELECT DISTINCT s.id {WITHIN} WHERE +e.id IN gate_evidence AND NOT EXISTS (SELECT 1
        FROM evidence AS o WHERE o.statement_id = s.id AND o.id NOT IN gate_evidence)""",
    f"""INSERT OR IGNORE INTO gate_ids SELECT DISTINCT s.entity_id {WITHIN} WHERE +e.id IN gate_evidence AND NOT EXISTS (SELECT 1
        FROM statements AS t CROSS JOIN evidence AS o ON o.statement_id = t.id
        WHERE t.entity_id = s.entity_id AND o.id NOT IN gate_evidence)""",
)
"""Statements and entities of which all evidence is withheld: they may have come elsewhere too."""
UNPLACED = "FROM evidence AS e CROSS JOIN statements AS s ON s.id = e.statement_id WHERE e.document_id = '' AND e.id NOT IN gate_evidence"
"""What officers say on the ground of no document."""
OF_THING = "FROM statements AS t CROSS JOIN evidence AS o ON o.statement_id = t.id"
CAME = """coalesce(nullif(o.at, ''), (SELECT r.at FROM runs AS r WHERE r.id = o.run_id)) || printf(' %012d', coalesce((SELECT min(d.seq)
    FROM decisions AS d WHERE d.target_id = o.statement_id AND d.verdict = 'stated'), 0))"""
"""When evidence came; what officers said within one second is in the order in which they said it."""
EDGES = ", ".join(f"'{name}'" for name in sorted(RELATIONS))
LEANING = (
    # On a thing that documents name, all of them withheld, the first of them before any officer spoke of it.
    f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {UNPLACED}
        AND NOT EXISTS (SELECT 1 {OF_THING} WHERE t.entity_id = s.entity_id AND o.document_id != '' AND o.id NOT IN gate_evidence)
        AND (SELECT min({CAME}) {OF_THING} WHERE t.entity_id = s.entity_id AND o.document_id != '')
            <= (SELECT min({CAME}) {OF_THING} WHERE t.entity_id = s.entity_id AND o.document_id = '')""",
    *NAMES,
    # A link to such a thing, with all that is said of the link.
    f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {UNPLACED} AND (s.value IN gate_ids
        OR (s.schema IN ({EDGES}) AND EXISTS (SELECT 1 FROM statements AS t WHERE t.entity_id = s.entity_id AND t.value IN gate_ids)))""",
    *NAMES,
)
"""What officers say on the ground of no document leans on what they say it of."""
FOLDER = "json_extract(m.rule, '$.folder')"
PARTIES = "(SELECT value FROM json_each(m.rule, '$.sender') UNION ALL SELECT value FROM json_each(m.rule, '$.party'))"
ASIDE = (
    "DELETE FROM gate_ids WHERE id IN (SELECT id FROM set_asides)",
    f"""INSERT OR IGNORE INTO gate_ids SELECT m.id FROM set_asides AS m WHERE {FOLDER} != '' AND m.officer NOT IN gate_speaker
        AND EXISTS (SELECT 1 FROM sources AS s WHERE {NAMED_FOLDER}) AND NOT EXISTS (SELECT 1 FROM sources AS s
            WHERE {NAMED_FOLDER} AND s.sha256 NOT IN gate_closed AND s.sha256 NOT IN gate_copies)""",
    f"""INSERT OR IGNORE INTO gate_ids SELECT m.id FROM set_asides AS m WHERE EXISTS (SELECT 1 FROM {PARTIES})
        AND m.officer NOT IN gate_speaker
        AND NOT EXISTS (SELECT 1 FROM {PARTIES} WHERE value NOT IN gate_ids)
        AND NOT EXISTS (SELECT 1 FROM taken AS t WHERE t.set_aside_id = m.id AND t.document_id NOT IN gate_ids
            AND t.passage_id NOT IN gate_ids)""",
)
"""Rules that name nothing but sources or parties that are withheld, and that the reader has not given."""
TITLED = f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {WITHIN} CROSS JOIN documents AS d ON d.id = a.id
    WHERE a.id IN gate_partial AND titled_by_text(d.title, s.value) AND NOT ({SHOWS.format(document="a.id", title="d.title")})
    AND EXISTS (SELECT 1 FROM passages AS h WHERE h.document_id = a.id AND h.id IN gate_passages AND titled_by_text(s.value, h.text))"""
"""What says the title of a document that is made of withheld text, wherever it is said to stand."""
NAMING = f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {WITHIN} WHERE EXISTS (SELECT 1 FROM statements AS h
    WHERE h.entity_id = s.entity_id AND h.prop = 'contentHash' AND h.value IN gate_closed)"""
"""What a letter says of a file in it that is withheld: its name, kind, size and hash."""
AROUND_TABLES = ("around", "around_new")
CLOSED = """SELECT id FROM gate_new WHERE kind IN ('source', 'file')
    UNION SELECT n.id FROM gate_near AS n WHERE n.id IN gate_closed"""
AROUND = (
    f"INSERT OR IGNORE INTO gate_around_new {file_mentions.build_surroundings(CLOSED)}",
    "INSERT OR IGNORE INTO gate_around SELECT * FROM gate_around_new",
)
"""What surrounds the files that are withheld; `around_new`: of those that are withheld now, or that came once more."""
SAYING = tuple(
    f"INSERT OR IGNORE INTO gate_passages {query}"
    for query in (
        *file_mentions.build_queries("gate_area", "gate_closed"),
        *file_mentions.build_beside_queries("gate_around_new", "gate_area", "gate_around"),
    )
)
"""Passages that name a file which is withheld. The document stays, and its title where that does not name the file."""
TITLING = tuple(
    f"INSERT OR IGNORE INTO gate_partial {query}"
    for query in (
        *file_mentions.build_title_queries("gate_area", "gate_closed"),
        *file_mentions.build_beside_titles("gate_around_new", "gate_area", "gate_around"),
    )
)
PLACED = (
    *SAYING,
    *TITLING,
    f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {WITHIN} WHERE e.passage_id IN gate_passages
        OR (a.id != '' AND NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.document_id = a.id AND {SHOWN}))
        OR (e.trace_id != '' AND NOT EXISTS (SELECT 1 FROM traces AS t WHERE t.id = e.trace_id AND {SHOWN}))
        OR EXISTS (SELECT 1 FROM runs AS r WHERE r.id = e.run_id AND r.source IN gate_closed)""",
)
"""What lies in something withheld, and passages that name it."""
RESTING = """INSERT OR IGNORE INTO gate_area SELECT e.document_id FROM temp.resting AS r CROSS JOIN evidence AS e ON e.id = r.id
    WHERE e.document_id != ''"""
HANGING = (
    TITLED,
    NAMING,
    f"""DELETE FROM gate_ids WHERE id IN (SELECT s.id {WITHIN} UNION SELECT s.entity_id {WITHIN})
        AND id NOT IN gate_statements AND id NOT IN gate_entities""",
    *NAMES,
    *LEANING,
    f"INSERT OR IGNORE INTO gate_ids SELECT e.id {WITHIN} WHERE +e.id IN gate_evidence",
    "INSERT OR IGNORE INTO gate_ids SELECT id FROM gate_new WHERE kind NOT IN ('document', 'passage')",
    """INSERT OR IGNORE INTO gate_ids SELECT r.id FROM gate_new AS n CROSS JOIN runs AS r ON r.source = n.id
        WHERE n.kind IN ('source', 'file')""",
    # Of all that holds a document, or of all of it that counts; what was withdrawn or set aside since may be told of in notes and counts.
    *(
        f"""INSERT OR IGNORE INTO gate_ids SELECT a.id FROM gate_area AS a
            WHERE EXISTS (SELECT 1 FROM {traces} AS t WHERE t.document_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM {traces} AS t WHERE t.document_id = a.id AND {SHOWN})"""
        for traces in ("main.live_traces", "traces")
    ),
    """INSERT OR IGNORE INTO gate_ids SELECT p.id FROM gate_area AS a CROSS JOIN passages AS p ON p.document_id = a.id
        WHERE p.id IN gate_passages OR a.id IN gate_ids""",
    "DELETE FROM gate_ids WHERE id IN (SELECT id FROM notes) AND id NOT IN gate_notes",
    f"INSERT OR IGNORE INTO gate_ids SELECT id FROM notes WHERE EXISTS (SELECT 1 FROM {note_sources.SQL} WHERE value IN gate_ids)",
    *ASIDE,
)
"""What follows for evidence, and for ids of every kind."""


class Files(NamedTuple):
    """Files of what is withheld.

    Attributes
    ----------
    closed : frozenset of (str, str)
        What is withheld with them (kind and id): files of which every document is, and, as the files that they are, those of messages
        of which one is.
    partial : frozenset of str
        Files, and documents with files in them, of which a document or a file within is withheld, however deep: what the reader
        sees of them stands, and the reader does nothing with them.
    documents : frozenset of str
        Documents that are withheld as a whole.
    """

    closed: frozenset[tuple[str, str]] = frozenset()
    partial: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()

    def merge_files(self, more: Files) -> Files:
        """These with others; one that is closed as a whole now is partial no longer."""
        closed = self.closed | more.closed
        partial = (self.partial | more.partial) - {key for _, key in closed}
        return Files(closed, partial, self.documents | more.documents)


NO_FILES = Files()
HOLDING = """WITH RECURSIVE part(id) AS (SELECT value FROM json_each(?) UNION SELECT id FROM gate_closed
        UNION SELECT t.source FROM gate_documents AS d CROSS JOIN traces AS t ON t.document_id = d.id
        UNION SELECT a.outer_source FROM part CROSS JOIN arrivals AS a ON a.source = part.id WHERE a.outer_source != '')
    SELECT id FROM part UNION SELECT a.document_id FROM part CROSS JOIN arrivals AS a ON a.source = part.id
        WHERE a.document_id != ''"""
"""What holds something that is withheld: files, the files around them, and the documents that these came with."""
PARTS = """SELECT DISTINCT t.source, o.document_id FROM json_each(?) AS a CROSS JOIN traces AS t ON t.document_id = a.value
    CROSS JOIN main.live_traces AS o ON o.source = t.source"""
OF_MESSAGES = """WITH asked AS MATERIALIZED (SELECT value AS id FROM json_each(?)),
        letters AS (SELECT m.source FROM asked AS h CROSS JOIN messages AS m ON m.document_id = h.id
            UNION SELECT m.source FROM asked AS h CROSS JOIN messages AS m ON m.source = h.id)
    SELECT DISTINCT a.outer_source FROM letters AS l CROSS JOIN arrivals AS a ON a.source = l.source WHERE a.outer_source != ''"""


def list_outer(sql: sqlite3.Connection, sources: Iterable[str]) -> set[str]:
    """Files in which files have come."""
    query = "SELECT DISTINCT a.outer_source FROM json_each(?) AS s CROSS JOIN arrivals AS a ON a.source = s.value"
    return {str(key) for (key,) in sql.execute(query, (json.dumps(sorted(sources)),)).fetchall()}


def list_sources(sql: sqlite3.Connection, documents: Iterable[str]) -> set[str]:
    """Files in which documents have come."""
    query = "SELECT DISTINCT t.source FROM json_each(?) AS a CROSS JOIN traces AS t ON t.document_id = a.value"
    return {str(key) for (key,) in sql.execute(query, (json.dumps(sorted(documents)),)).fetchall()}


def find_files(
    sql: sqlite3.Connection, asked: Iterable[Target], own: Collection[str], speaker: str = "", known: Files = NO_FILES
) -> Files:
    """Files of the documents that these targets withhold, whether they name a document or all that is in it.

    Those of which the reader brought a copy are left out; `known`: what is withheld beside these targets.
    """
    targets = [*asked]
    if not targets:
        return NO_FILES
    reached = Withheld(sql, "apart")
    reached.withhold_only(targets, own, speaker)
    whole = reached.list_documents()
    gone, parts = whole | known.documents, dict[str, bool]()
    for source, document in sql.execute(PARTS, (json.dumps(sorted(whole)),)).fetchall():
        if source not in own:
            parts[source] = parts.get(source, False) or document not in gone
    letters = json.dumps(sorted(whole.union(key for kind, key in targets if kind == "source")))
    outer = {str(source) for (source,) in sql.execute(OF_MESSAGES, (letters,)).fetchall()} - set(own)
    closed = {("source", source) for source, rest in parts.items() if not rest}
    gone_files = json.dumps(sorted({key for _, key in closed} | outer))
    partial = reached.list_holding(gone_files) - {key for _, key in closed} - outer - set(own) - whole
    return Files(frozenset(closed | {("file", source) for source in outer}), frozenset(partial), whole)


class Withheld:
    """What is withheld on a connection.

    Parameters
    ----------
    sql : Connection
    name : str
        Begins the names of its tables.
    """

    def __init__(self, sql: sqlite3.Connection, name: str = "gate") -> None:
        self.sql, self.name = sql, name
        for table in (*KEPT, "near", "area"):
            self._do(f"CREATE TEMP TABLE IF NOT EXISTS gate_{table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        for table in AROUND_TABLES:
            self._do(f"CREATE TEMP TABLE IF NOT EXISTS gate_{table} ({file_mentions.SURROUNDINGS}) WITHOUT ROWID")
        self._do("CREATE TEMP TABLE IF NOT EXISTS gate_new (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def withhold_only(self, targets: Iterable[tuple[str, str]], copies: Iterable[str] = (), speaker: str = "") -> None:
        """Withhold these targets (kind and id) and nothing else, but no file of which the reader brought a copy."""
        for table in (*KEPT, "around"):
            self._do(f"DELETE FROM gate_{table}")
        self._put("copies", copies)
        self._put("speaker", [speaker] if speaker else [])
        self.withhold_more(targets, [NOWHERE])

    def withhold_more(
        self, targets: Iterable[tuple[str, str]], documents: Iterable[str], sources: Iterable[str] = ()
    ) -> None:
        """Withhold these targets too, and look again at documents and sources to which something was added."""
        for table in ("new", "near", "area", "around_new"):
            self._do(f"DELETE FROM gate_{table}")
        kept = [(kind, key) for kind, key in targets if kind in KINDS and key]
        self.sql.executemany(self._rename_tables("INSERT OR IGNORE INTO gate_new VALUES (?, ?)"), kept)
        self._put("area", documents)
        self._put("near", sources)
        self._store_new_ids()
        for step in REACHED:
            self._do(step)
        self._store_new_ids()
        for step in (WHOLE, PARTIAL):
            self._do(step)
        self._store_new_ids()
        self._do(INNER)
        while sum(self._do(step) for step in (*CLOSING, *ENCLOSED, *PACKED, *SIDECARS)) > 0:
            self._store_new_ids()
            self._do(INNER)
        for step in AROUND:
            self._do(step)
        for query in AREA:
            self._do(f"INSERT OR IGNORE INTO gate_area {query}")
        for step in PLACED:
            self._do(step)
        if lost_senders.note_resting_evidence(self.sql, f"{self.name}_evidence", f"{self.name}_area"):
            self._do(RESTING)
        for step in HANGING:
            self._do(step)

    def list_ids(self) -> frozenset[str]:
        """Ids of all that is withheld, of every kind."""
        return self._list_keys("ids")

    def list_documents(self) -> frozenset[str]:
        """Documents that are withheld as a whole, by themselves or by all that is in them."""
        return self._list_keys("documents")

    def list_holding(self, also: str) -> frozenset[str]:
        """Files and documents that hold something of it, or one of these files (a JSON list)."""
        return frozenset(str(key) for (key,) in self.sql.execute(self._rename_tables(HOLDING), (also,)).fetchall())

    def _list_keys(self, table: str) -> frozenset[str]:
        return frozenset(
            key for (key,) in self.sql.execute(self._rename_tables(f"SELECT id FROM gate_{table}")).fetchall()
        )

    def list_checked_documents(self) -> set[str]:
        """Documents that were looked at when something was withheld last."""
        return set(self._list_keys("area"))

    def has_ids(self, table: str, keys: Iterable[str]) -> bool:
        """Whether any of these ids is in one of the tables of KEPT."""
        query = f"SELECT 1 FROM json_each(?) WHERE value IN gate_{table} LIMIT 1"
        return self.sql.execute(self._rename_tables(query), (json.dumps(sorted(keys)),)).fetchone() is not None

    def _store_new_ids(self) -> None:
        """Put what was found new into the tables of its kind."""
        for kind, tables in KINDS.items():
            for table in tables:
                self._do(f"INSERT OR IGNORE INTO gate_{table} SELECT id FROM gate_new WHERE kind = '{kind}'")

    def _put(self, table: str, keys: Iterable[str]) -> None:
        rows = [(key,) for key in keys]
        self.sql.executemany(self._rename_tables(f"INSERT OR IGNORE INTO gate_{table} VALUES (?)"), rows)

    def _do(self, step: str) -> int:
        return int(self.sql.execute(self._rename_tables(step)).rowcount)

    def _rename_tables(self, step: str) -> str:
        return step.replace("gate_", f"{self.name}_")


NAMED_IN_REMARK = """SELECT value FROM json_each(m.targets) UNION ALL SELECT value FROM json_each(m.body)
    UNION ALL SELECT value FROM json_each(iif(m.kind = 'notes', json_extract(m.body, '$.passages'), '[]'))
    UNION ALL SELECT value FROM json_each(iif(m.kind = 'notes', json_extract(m.body, '$.detail'), '{}'), '$.supporting')
    UNION ALL SELECT value FROM json_each(iif(m.kind = 'notes', json_extract(m.body, '$.detail'), '{}'), '$.opposing')"""
"""What a remark names: what it points at, and the values of its row; of a note also the passages on which it rests."""
ONLY_THERE = """m.kind NOT IN ('runs', 'terms', 'source_facts', 'decisions', 'judgements') AND NOT EXISTS (SELECT 1 FROM main.documents AS d
    WHERE d.id = coalesce(json_extract(m.body, '$.document_id'), json_extract(m.body, '$.id')))"""
"""A remark on what only another reading of a source has: nobody knows of which part of it that is."""
VIEWS = {
    "live_decisions": "m.target_id NOT IN gate_ids AND m.replacement NOT IN gate_ids",
    "ruling": "",
    "live_set_asides": "m.id NOT IN gate_ids",
    "hidden_documents": "",
    "hidden_passages": "",
    "live_sources": "m.sha256 NOT IN gate_closed",
    "live_runs": "m.source NOT IN gate_closed",
    "live_arrivals": """m.source NOT IN gate_closed AND m.outer_source NOT IN gate_closed
        AND m.document_id NOT IN gate_documents""",
    "live_row_files": "m.source NOT IN gate_closed",
    "live_traces": "m.source NOT IN gate_closed AND m.document_id NOT IN gate_documents",
    "live_documents": "",
    "live_passages": "m.id NOT IN gate_passages",
    "live_messages": "",
    "prose_passages": "",
    "small_passages": "",
    "live_evidence": "m.id NOT IN gate_evidence",
    "live_judgements": "m.left_id NOT IN gate_ids AND m.right_id NOT IN gate_ids",
    "live_terms": "m.target_id NOT IN gate_ids",
    "touched_sources": "",
    "lost_sources": "",
    "lost_documents": "",
    "lost_passages": "",
    "excluded_passages": "",
    "lost_evidence": "",
    "lost_statements": "",
    "live_notes": "m.id NOT IN gate_ids",
    "live_remarks": f"""NOT EXISTS (SELECT 1 FROM ({NAMED_IN_REMARK}) AS j
        WHERE j.value IN gate_ids OR j.value IN gate_documents OR j.value IN gate_passages OR j.value IN gate_closed
        OR ({ONLY_THERE} AND EXISTS (SELECT 1 FROM main.traces AS t WHERE t.source = j.value
            AND (t.document_id IN gate_documents OR t.document_id IN gate_partial))))""",
    "live_issues": """m.source NOT IN gate_closed
        AND (m.document_id = '' OR EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = m.document_id))""",
}
"""View of the door -> what it must satisfy to pass. Each is made anew over those before it: so no decision or rule that the reader may
not know of changes what the reader sees."""
TOLD = f"""CASE WHEN EXISTS (SELECT 1 FROM passages AS p WHERE p.document_id = m.document_id AND p.id IN gate_passages)
    THEN '{MASKED}' ELSE {{0}} END AS message"""
ISSUES = "SELECT m.id, m.run_id, m.source, m.code, m.severity, {0}, m.fix, m.document_id, {1} AS place FROM {{0}} AS m"
SUBJECT = mask_title("document_id", "subject", "m.subject")
RENAMED = "coalesce(renamed(m.{0}, n.first, n.name), m.{0})"
TITLE = "coalesce((SELECT n.title FROM gate_titles AS n WHERE n.id = m.id), m.title)"
SHOWING = {
    "live_documents": f"SELECT m.id, m.schema, {mask_title('id', 'title', TITLE)}, m.at, m.service FROM {{0}} AS m",
    "live_messages": f"""SELECT m.document_id, m.source, m.direction, m.form, m.kind, m.message_id, m.thread_id, m.our_ref, m.your_ref,
        m.other_refs, m.from_bureau, m.to_bureaux, m.at, m.urgency, m.reply_by, {SUBJECT}, m.state, m.package, m.officer, m.filed_at
        FROM {{0}} AS m""",
    "live_sources": """SELECT m.sha256, coalesce(n.name, m.name) AS name, m.size, coalesce(n.at, m.received_at) AS received_at,
        coalesce(n.officer, m.officer) AS officer FROM {0} AS m LEFT JOIN gate_names AS n ON n.id = m.sha256""",
    "live_arrivals": """SELECT m.source, m.outer_source, coalesce(n.shown, m.name) AS name, m.document_id, m.run_id, m.at FROM {0} AS m
        LEFT JOIN gate_ways AS n ON n.source = m.source AND n.outer_source = m.outer_source AND n.name = m.name""",
    "live_runs": """SELECT m.id, m.kind, m.state, m.source, m.method, m.version,
        CASE WHEN m.kind = 'add' THEN coalesce(n.options, m.parameters) ELSE m.parameters END AS parameters,
        coalesce(renamed(m.counts, n.first, n.name), m.counts) AS counts,
        coalesce(n.officer, m.officer) AS officer, coalesce(n.at, m.at) AS at
        FROM {0} AS m LEFT JOIN gate_names AS n ON n.id = m.source""",
    "live_issues": ISSUES.format(TOLD.format(RENAMED.format("message")), RENAMED.format("place"))
    + " LEFT JOIN gate_names AS n ON n.id = m.source",
}
"""View of the door -> what it shows; the rest show all columns."""
OWN = "EXISTS (SELECT 1 FROM gate_own AS o WHERE o.id = m.{0})"
"""SQL: whether the reader brought a copy of a file."""
APART_FROM_OTHERS = {
    "live_arrivals": f"(NOT {OWN.format('source')} OR {OWN.format('outer_source')})",
    "live_terms": f"m.target_kind != 'arrival' AND {LATER} AND NOT {build_before_condition('terms', '= m.target_id')}",
    "live_decisions": f"NOT {build_before_condition('decisions', 'IN (m.target_id, m.replacement)')}",
    "live_judgements": f"NOT {build_before_condition('judgements', 'IN (m.left_id, m.right_id)')}",
    "live_remarks": f"""NOT EXISTS (SELECT 1 FROM ({NAMED_IN_REMARK}) AS j
        JOIN gate_before AS b ON b.id = j.value WHERE NOT {LATER_ROW.format("remarks", "m.id", "b")})""",
}
"""What a view leaves out for such a reader: how the file came to others, and what they said of it before."""


def remove_views(sql: sqlite3.Connection) -> None:
    """Take the reader's views away."""
    for view in (*reversed(VIEWS), "taken"):
        sql.execute(f"DROP VIEW IF EXISTS temp.{view}")


def add_views(sql: sqlite3.Connection, *, own: bool = False) -> None:
    """Put the reader's views before those of the door; `own`: there are own copies of the reader."""
    if own:
        own_exclusions.clear_taken(sql)
        sql.execute(own_exclusions.VIEW)
    texts = dict(sql.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'view'").fetchall())
    for view, condition in VIEWS.items():
        shown = SHOWING.get(view, "SELECT m.* FROM {0} AS m")
        also = APART_FROM_OTHERS.get(view, "") if own else ""
        whole = " AND ".join(filter(None, (condition, also))) or "TRUE"
        sql.execute(f"CREATE TEMP VIEW {view} AS {shown.format(f'({_rewrite_query(texts[view])})')} WHERE {whole}")


def _rewrite_query(text: str) -> str:
    """The question of a view of the door, over decisions of which the reader may know."""
    return text.partition(" AS ")[2].rstrip("; \n").replace("FROM decisions AS o", "FROM live_decisions AS o")
