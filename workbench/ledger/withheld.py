"""What is withheld with all that hangs on it, in tables of the connection: reckoned from what is withheld, at a cost of that alone.

Where rows were only added, the documents that they touch are looked at again, and what is withheld since; all else stands.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from workbench.ledger import grounds
from workbench.ledger.terms import LATER

KEPT = (
    "sources",
    "files",
    "closed",
    "documents",
    "passages",
    "entities",
    "statements",
    "evidence",
    "notes",
    "ids",
    "copies",
)
"""Tables of what is withheld; `closed` has sources and files, those of `evidence` and `ids` have what hangs on it as well, and `ids`
has ids of every kind; `copies` has files of which the reader brought a copy, which come in no other file for that reader."""
KINDS = {
    "source": ("sources", "closed"), "file": ("files", "closed"), "document": ("documents",), "passage": ("passages",),
    "entity": ("entities",), "statement": ("statements",), "evidence": ("evidence",), "note": ("notes",),
}  # fmt: skip
NOWHERE = ""
"""What lies in no document: what officers say."""
SHOWN = "t.source NOT IN gate_closed AND t.document_id NOT IN gate_documents"
FOUND = "INSERT OR IGNORE INTO gate_new "
REACHED = (
    # Evidence of a statement or an entity that is withheld, and evidence that points to such an entity.
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN main.live_evidence AS e ON e.statement_id = n.id
        WHERE n.kind = 'statement'""",
    f"{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN main.live_evidence AS e ON e.entity_id = n.id WHERE n.kind = 'entity'",
    f"{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN main.live_evidence AS e ON e.value = n.id WHERE n.kind = 'entity'",
    f"""{FOUND}SELECT 'evidence', e.id FROM gate_area AS a CROSS JOIN main.live_evidence AS e ON e.document_id = a.id
        WHERE e.statement_id IN gate_statements OR e.entity_id IN gate_entities OR e.value IN gate_entities""",
    # The text would say it: its passage, or the whole document where no passage is named.
    f"""{FOUND}SELECT 'passage', e.passage_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id
        WHERE n.kind = 'evidence' AND e.passage_id != ''""",
    f"""{FOUND}SELECT 'document', e.document_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id
        WHERE n.kind = 'evidence' AND e.passage_id = '' AND e.document_id != ''""",
    f"{FOUND}SELECT 'evidence', e.id FROM gate_new AS n CROSS JOIN main.live_evidence AS e ON e.passage_id = n.id WHERE n.kind = 'passage'",
)
"""How what is withheld spreads to what says it."""
INNER = """INSERT OR IGNORE INTO gate_near WITH RECURSIVE inside(id) AS (
        SELECT a.source FROM gate_new AS n CROSS JOIN arrivals AS a ON a.outer_source = n.id WHERE n.kind IN ('source', 'file')
        UNION SELECT a.source FROM gate_new AS n CROSS JOIN arrivals AS a ON a.document_id = n.id
            WHERE n.kind = 'document' AND a.document_id != ''
        UNION SELECT a.source FROM inside CROSS JOIN arrivals AS a ON a.outer_source = inside.id)
    SELECT id FROM inside"""
APART = """EXISTS (SELECT 1 FROM traces AS t JOIN messages AS m ON m.document_id = t.document_id WHERE t.source = a.source)
    OR EXISTS (SELECT 1 FROM messages AS m WHERE m.document_id = a.document_id AND m.source NOT IN gate_sources)"""
"""What is no part of a file that is withheld as a file: the messages in it, and what is attached to one that is not withheld."""
ENCLOSED = f"""{FOUND}SELECT 'source', c.id FROM gate_near AS c WHERE c.id NOT IN gate_sources AND c.id NOT IN gate_copies
    AND EXISTS (SELECT 1 FROM main.live_arrivals AS a WHERE a.source = c.id)
    AND NOT EXISTS (SELECT 1 FROM main.live_arrivals AS a WHERE a.source = c.id
        AND a.outer_source NOT IN gate_sources AND a.document_id NOT IN gate_documents
        AND (a.outer_source NOT IN gate_files OR {APART}))"""
"""Files within a withheld file or document go with it, unless they came in another way too."""
AREA = (
    "SELECT t.document_id FROM gate_new AS n CROSS JOIN traces AS t ON t.source = n.id WHERE n.kind IN ('source', 'file')",
    "SELECT id FROM gate_new WHERE kind = 'document'",
    "SELECT p.document_id FROM gate_new AS n CROSS JOIN passages AS p ON p.id = n.id WHERE n.kind = 'passage'",
    "SELECT e.document_id FROM gate_new AS n CROSS JOIN evidence AS e ON e.id = n.id WHERE n.kind = 'evidence'",
)
"""Documents of what is withheld."""
WITHIN = "FROM gate_area AS a CROSS JOIN main.live_evidence AS e ON e.document_id = a.id"
"""Evidence of the documents that are looked at; `+e.id` keeps SQLite from looking up each of them with each id."""
HANGING = (
    f"""INSERT OR IGNORE INTO gate_evidence SELECT e.id {WITHIN} WHERE e.passage_id IN gate_passages
        OR (a.id != '' AND NOT EXISTS (SELECT 1 FROM main.live_traces AS t WHERE t.document_id = a.id AND {SHOWN}))
        OR (e.trace_id != '' AND NOT EXISTS (SELECT 1 FROM main.live_traces AS t WHERE t.id = e.trace_id AND {SHOWN}))
        OR EXISTS (SELECT 1 FROM runs AS r WHERE r.id = e.run_id AND r.source IN gate_closed)""",
    # A statement or an entity may have come elsewhere too.
    f"""DELETE FROM gate_ids WHERE id IN (SELECT e.statement_id {WITHIN} UNION SELECT e.entity_id {WITHIN})
        AND id NOT IN gate_statements AND id NOT IN gate_entities""",
    f"INSERT OR IGNORE INTO gate_ids SELECT e.id {WITHIN} WHERE +e.id IN gate_evidence",
    *(
        f"""INSERT OR IGNORE INTO gate_ids SELECT DISTINCT e.{name} {WITHIN} WHERE +e.id IN gate_evidence AND NOT EXISTS
            (SELECT 1 FROM main.live_evidence AS o WHERE o.{name} = e.{name} AND o.id NOT IN gate_evidence)"""
        for name in ("statement_id", "entity_id")
    ),
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
    f"INSERT OR IGNORE INTO gate_ids SELECT id FROM notes WHERE EXISTS (SELECT 1 FROM {grounds.SQL} WHERE value IN gate_ids)",
)
"""What follows for evidence, and for ids of every kind."""


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
        self._do("CREATE TEMP TABLE IF NOT EXISTS gate_new (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID")

    def all(self, targets: Iterable[tuple[str, str]], copies: Iterable[str] = ()) -> None:
        """Withhold these targets (kind and id) and nothing else, but no file of which the reader brought a copy."""
        for table in KEPT:
            self._do(f"DELETE FROM gate_{table}")
        self._put("copies", copies)
        self.more(targets, [NOWHERE])

    def more(self, targets: Iterable[tuple[str, str]], documents: Iterable[str], sources: Iterable[str] = ()) -> None:
        """Withhold these targets too, and look again at documents and sources to which something was added."""
        for table in ("new", "near", "area"):
            self._do(f"DELETE FROM gate_{table}")
        kept = [(kind, key) for kind, key in targets if kind in KINDS and key]
        self.sql.executemany(self._text("INSERT OR IGNORE INTO gate_new VALUES (?, ?)"), kept)
        self._put("area", documents)
        self._put("near", sources)
        self._settle()
        for step in REACHED:
            self._do(step)
        self._settle()
        self._do(INNER)
        while self._do(ENCLOSED) > 0:
            self._settle()
        for query in AREA:
            self._do(f"INSERT OR IGNORE INTO gate_area {query}")
        for step in HANGING:
            self._do(step)

    def ids(self) -> frozenset[str]:
        """Ids of all that is withheld, of every kind."""
        return frozenset(key for (key,) in self.sql.execute(self._text("SELECT id FROM gate_ids")).fetchall())

    def area(self) -> set[str]:
        """Documents that were looked at when something was withheld last."""
        return {key for (key,) in self.sql.execute(self._text("SELECT id FROM gate_area")).fetchall()}

    def has(self, table: str, keys: Iterable[str]) -> bool:
        """Whether any of these ids is in one of the tables of KEPT."""
        query = f"SELECT 1 FROM json_each(?) WHERE value IN gate_{table} LIMIT 1"
        return self.sql.execute(self._text(query), (json.dumps(sorted(keys)),)).fetchone() is not None

    def _settle(self) -> None:
        """Put what was found new into the tables of its kind."""
        for kind, tables in KINDS.items():
            for table in tables:
                self._do(f"INSERT OR IGNORE INTO gate_{table} SELECT id FROM gate_new WHERE kind = '{kind}'")

    def _put(self, table: str, keys: Iterable[str]) -> None:
        rows = [(key,) for key in keys]
        self.sql.executemany(self._text(f"INSERT OR IGNORE INTO gate_{table} VALUES (?)"), rows)

    def _do(self, step: str) -> int:
        return int(self.sql.execute(self._text(step)).rowcount)

    def _text(self, step: str) -> str:
        return step.replace("gate_", f"{self.name}_")


VIEWS = {
    "live_sources": "m.sha256 NOT IN gate_closed",
    "live_runs": "m.source NOT IN gate_closed",
    "live_arrivals": "m.source NOT IN gate_closed AND m.outer_source NOT IN gate_closed",
    "live_row_files": "m.source NOT IN gate_closed",
    "live_traces": "m.source NOT IN gate_closed AND m.document_id NOT IN gate_documents",
    "live_documents": "EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = m.id)",
    "live_passages": "EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = m.document_id) AND m.id NOT IN gate_passages",
    "live_messages": "EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = m.document_id)",
    "prose_passages": "EXISTS (SELECT 1 FROM temp.live_passages AS p WHERE p.id = m.id)",
    "small_passages": "EXISTS (SELECT 1 FROM temp.live_passages AS p WHERE p.id = m.id)",
    "live_evidence": "m.id NOT IN gate_evidence",
    "live_judgements": "m.left_id NOT IN gate_ids AND m.right_id NOT IN gate_ids",
    "live_decisions": "m.target_id NOT IN gate_ids AND m.replacement NOT IN gate_ids",
    "live_terms": "m.target_id NOT IN gate_ids",
    "live_notes": "m.id NOT IN gate_ids",
    "live_remarks": """NOT EXISTS (SELECT 1 FROM (SELECT value FROM json_each(m.targets) UNION ALL SELECT value FROM json_each(m.body)) AS j
        WHERE j.value IN gate_ids OR j.value IN gate_documents OR j.value IN gate_passages OR j.value IN gate_closed)""",
}
"""View of the door -> what it must satisfy to pass."""
ISSUES = """CREATE TEMP VIEW live_issues AS SELECT id, run_id, source, code, severity, CASE WHEN EXISTS
        (SELECT 1 FROM passages AS p WHERE p.document_id = m.document_id AND p.id IN gate_passages)
        THEN 'Withheld: a part of this document is not for you.' ELSE message END AS message, fix, document_id, place
    FROM main.live_issues AS m WHERE source NOT IN gate_closed
    AND (document_id = '' OR EXISTS (SELECT 1 FROM temp.live_traces AS t WHERE t.document_id = m.document_id))"""


OWN_ISSUES = (
    ISSUES.replace("ELSE message END", "ELSE coalesce(renamed(m.message, o.first, o.name), m.message) END")
    .replace(
        "document_id, place\n    FROM main.live_issues AS m WHERE source",
        """m.document_id, coalesce(renamed(m.place, o.first, o.name), m.place) AS place
    FROM main.live_issues AS m LEFT JOIN gate_own AS o ON o.id = m.source WHERE m.source""",
    )
    .replace("SELECT id,", "SELECT m.id,")
)
"""Issues of own copies name them as the reader does."""
OWN = "EXISTS (SELECT 1 FROM gate_own AS o WHERE o.id = m.{0})"
OF_OWN = (
    """SELECT o.name FROM traces AS t CROSS JOIN gate_own AS o ON o.id = t.source WHERE t.document_id = m.id LIMIT 1"""
)
COPIED = {
    "live_documents": f"""SELECT m.id, m.schema, coalesce(renamed(m.title, ({OF_OWN.replace("o.name", "o.first")}), ({OF_OWN})),
        m.title) AS title, m.at, m.service FROM main.live_documents AS m""",
    "live_sources": """SELECT m.sha256, coalesce(o.name, m.name) AS name, m.size, coalesce(o.at, m.received_at) AS received_at,
        coalesce(o.officer, m.officer) AS officer FROM main.live_sources AS m LEFT JOIN gate_own AS o ON o.id = m.sha256""",
    "live_arrivals": """SELECT m.source, m.outer_source, coalesce(o.name, m.name) AS name, m.document_id, m.run_id, m.at
        FROM main.live_arrivals AS m LEFT JOIN gate_own AS o ON o.id = m.source""",
    "live_runs": """SELECT m.id, m.kind, m.state, m.source, m.method, m.version,
        CASE WHEN m.kind = 'add' THEN coalesce(o.options, m.parameters) ELSE m.parameters END AS parameters,
        coalesce(renamed(m.counts, o.first, o.name), m.counts) AS counts,
        coalesce(o.officer, m.officer) AS officer, coalesce(o.at, m.at) AS at
        FROM main.live_runs AS m LEFT JOIN gate_own AS o ON o.id = m.source""",
}
"""View of the door -> what it shows to a reader with own copies."""
APART_FROM_OTHERS = {
    "live_arrivals": f"(NOT {OWN.format('source')} OR {OWN.format('outer_source')})",
    "live_terms": f"m.target_kind != 'arrival' AND {LATER}",
}
"""What a view leaves out for such a reader: how the file came to others, and what they said of it before."""


def shut(sql: sqlite3.Connection) -> None:
    """Take the reader's views away."""
    for view in (*reversed(VIEWS), "live_issues"):
        sql.execute(f"DROP VIEW IF EXISTS temp.{view}")


def put(sql: sqlite3.Connection, *, own: bool = False) -> None:
    """Put the reader's views before those of the door; `own`: there are own copies of the reader."""
    for view, condition in VIEWS.items():
        shown = COPIED.get(view, "") if own else ""
        also = f" AND {APART_FROM_OTHERS[view]}" if own and view in APART_FROM_OTHERS else ""
        shown = shown or f"SELECT m.* FROM main.{view} AS m"
        sql.execute(f"CREATE TEMP VIEW {view} AS {shown} WHERE {condition}{also}")
    sql.execute(OWN_ISSUES if own else ISSUES)
