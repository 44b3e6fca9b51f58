"""What of a ledger goes to another bureau: the rows that the reader of the connection may see, as they are, table by table.

A narrowed connection (`ledger.access.access_filter`) is cut to whom the parcel is for; nothing is asked here that is not
asked through it. An original file is more than its rows: it goes along only where nothing of it is withheld, in whatever way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import TracebackType

from workbench.ledger.access import excluded_files, note_sources
from workbench.ledger.access.own_copies import LATER
from workbench.ledger.access.terms import LATEST
from workbench.ledger.ledger import OFFICER_RUN, Ledger
from workbench.ledger.records import messages
from workbench.ledger.records.package_tables import NUMBERED, TABLES, Row
from workbench.ledger.storage.source_names import is_title_of_file, replace_file_name
from workbench.model.handling_marks import has_valid_values
from workbench.model.ids import compute_digest

FORMAT = 1


KNOWN = f"""(SELECT seq, source, CASE WHEN source IN (SELECT id FROM gate_own) AND name GLOB 'own *' THEN substr(name, 5) ELSE name END
            AS name, value, officer, at FROM main.source_facts AS m
        WHERE NOT EXISTS (SELECT 1 FROM gate_own AS o WHERE o.id = m.source AND (m.officer != o.officer
            OR NOT {LATER.format("source_facts", "m.seq", "o")}))
    UNION ALL SELECT 0, o.id, f.key, f.value, o.officer, o.at FROM gate_own AS o, json_each(o.facts) AS f)"""
"""What was told of sources, where the reader has own copies of hidden ones (`owncopies`): of these what the reader told."""


def compute_row_id(kind: str, row: Mapping[str, object]) -> str:
    """Id of a judgement or decision, by what it says and who said it in which bureau."""
    return compute_digest(kind, *(str(row[name]) for name in row if name != "id"))


def qualify_officer(officer: str, bureau: str) -> str:
    """Name of an officer as other bureaux see it: 'ada (NCB Valdora)'; '' stays ''."""
    return f"{officer} ({bureau})" if officer else ""


class Parcel:
    """Rows for another bureau, all of one moment. Use it in a `with`.

    Parameters
    ----------
    ledger : Ledger
        Cut to whom the parcel is for.
    bureau : str
        Whose officers these are.
    sources : sequence of str, optional
        SHA-256 of the sources to send, with the files within them; all that may be seen if not given.
    without : collection of str
        Ids of evidence that does not go: claims of large tables for which no row that goes speaks.
    """

    def __init__(
        self, ledger: Ledger, bureau: str, sources: Sequence[str] | None = None, without: Collection[str] = ()
    ) -> None:
        self.ledger, self.bureau, self.chosen, self._without = ledger, bureau, sources, without
        self.sql, self.own = ledger.reader_connection, bool((gate := ledger.current_filter) and gate.own)
        self._kept_back: dict[str, str] = {}

    def __enter__(self) -> Parcel:
        """Fix the moment and choose the rows."""
        self.ledger.end_snapshot()
        self.sql.execute("BEGIN")
        _select_rows(self.sql, self.chosen, self._without)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let the moment go; after an error with whatever rows are still being read."""
        if kind is not None:
            self.sql.execute("ROLLBACK")
            return
        _drop_tables(self.sql)
        self.sql.execute("COMMIT")

    def list_rows(self, table: str) -> Iterator[Row]:
        """Rows of a table of TABLES in a fixed order; officers with their bureau."""
        spec = TABLES[table]
        found = [name for name in spec.columns if not (name == "id" and table in NUMBERED)]
        key = f", CAST({spec.key} AS TEXT)" if spec.kind else ""
        query = spec.query.replace("source_facts", KNOWN, 1) if self.own and table == "source_facts" else spec.query
        cursor = self.sql.execute(f"SELECT {', '.join(found)}{key} FROM {query}")
        foreign, remarks = self._list_foreign_ids(spec.kind), self._list_foreign_ids(f"{spec.kind} remark")
        hidden = self.list_partial_sources() if table in ("runs", "messages") else {}
        keyed = messages.list_keyed_bureaux(self.ledger) if table == "messages" else {}
        names = excluded_files.list_counting_names(self.ledger) if table in NAMED_BY_FILE else {}
        for values in cursor:
            if spec.kind and values[-1] in remarks:
                continue
            row: Row = dict(zip(found, values, strict=False))
            if table == "terms" and not _is_formed(row):
                continue
            if table == "messages" and row["source"] in hidden:  # its reference and subject could tell of it
                continue
            if table == "messages":  # who takes it in cannot know that nobody vouched for its sender
                row["from_bureau"] = keyed.get(str(row["document_id"]), row["from_bureau"])
            known = foreign.get(values[-1]) if spec.kind else None
            if "officer" in row and known is None:
                row["officer"] = qualify_officer(str(row["officer"]), self.bureau)
            if names:
                row[NAMED_BY_FILE[table]] = _replace_excluded_name(str(row[NAMED_BY_FILE[table]]), names)
            if table in NUMBERED:
                row = {"id": known or compute_row_id(spec.kind, row), **row}
            yield _remove_counts(row, hidden) if table == "runs" else row

    def _list_foreign_ids(self, kind: str) -> dict[str, str]:
        """Key -> id of rows of a kind that came from others: their officer's name has its bureau already."""
        return dict(self.sql.execute("SELECT key, id FROM foreign_rows WHERE kind = ?", (kind,)).fetchall())

    def list_partial_sources(self) -> dict[str, str]:
        """Sources of which the reader may not have everything, and why: their original files stay here."""
        found = dict(self._kept_back)
        for why, query in PARTIAL.items():
            found.update((source, why) for (source,) in self.sql.execute(query).fetchall() if source not in found)
        return _add_outer_sources(self.sql, found)

    def keep_back(self, sources: Sequence[str]) -> None:
        """Say that rows of these sources are withheld which do not lie in the ledger."""
        self._kept_back.update(dict.fromkeys(sources, "a part of it is withheld"))

    def list_originals(self) -> list[str]:
        """Sources whose files go along."""
        sources = [key for (key,) in self.sql.execute("SELECT id FROM parcel_sources ORDER BY id").fetchall()]
        hidden = self.list_partial_sources()
        return [key for key in sources if key not in hidden]

    def count_excluded(self) -> int:
        """Documents that are set aside in this case and go to nobody."""
        return int(self.sql.execute("SELECT count(DISTINCT document_id) FROM hidden_documents").fetchone()[0])


PARTIAL = {
    "a part of it is withheld": """SELECT DISTINCT t.source FROM main.traces AS t WHERE t.run_id IN (SELECT id FROM main.live_runs)
        AND t.document_id NOT IN (SELECT document_id FROM live_traces)
        UNION SELECT DISTINCT t.source FROM main.traces AS t JOIN main.passages AS p ON p.document_id = t.document_id
        WHERE t.run_id IN (SELECT id FROM main.live_runs) AND p.id NOT IN (SELECT id FROM live_passages)""",
    "columns of it were left out": """SELECT DISTINCT source FROM main.issues
        WHERE code = 'minimised' AND run_id IN (SELECT id FROM main.live_runs)""",
    "it was withdrawn": """SELECT DISTINCT source FROM main.runs AS r WHERE source != ''
        AND NOT EXISTS (SELECT 1 FROM main.live_runs AS l WHERE l.source = r.source)""",
    "it is withheld": "SELECT sha256 FROM main.sources WHERE sha256 NOT IN (SELECT sha256 FROM live_sources)",
}
"""Why an original stays, and which do."""


def _add_outer_sources(sql: sqlite3.Connection, found: dict[str, str]) -> dict[str, str]:
    """A file that holds one of these within it stays as well."""
    pairs = sql.execute(
        "SELECT DISTINCT source, outer_source FROM main.arrivals WHERE outer_source NOT IN ('', source)"
    ).fetchall()
    outer: dict[str, list[str]] = {}
    for inner, holder in pairs:
        outer.setdefault(inner, []).append(holder)
    waiting = list(found)
    while waiting:
        for holder in outer.get(waiting.pop(), ()):
            if holder not in found:
                found[holder] = "a file within it is withheld"
                waiting.append(holder)
    return found


NAMED_BY_FILE = {"sources": "name", "documents": "title"}
"""Table -> its column that may have the name of a file."""


def _replace_excluded_name(text: str, names: Mapping[str, str]) -> str:
    """A name or title without the name under which a file came with something excluded: by one under which it also came."""
    for first, name in names.items():
        if is_title_of_file(text, first):
            return replace_file_name(text, first, name) or text
    return text


def _is_formed(row: Row) -> bool:
    """Whether a word that hides nothing has its form: a ledger may hold one from before its form was looked at, and nobody takes it in."""
    return row["facet"] not in LATEST or has_valid_values(str(row["facet"]), json.loads(str(row["value"])))


def _remove_counts(row: Row, hidden: Mapping[str, str]) -> Row:
    """A run without counts and mapping where a part of its source is withheld: they could tell of it."""
    return {**row, "counts": "{}", "parameters": "{}"} if row["source"] in hidden else row


CHOSEN = ("parcel_excluded", "parcel_sources", "parcel_documents", "parcel_evidence", "parcel_runs", "parcel_ids")
INNER = """INSERT OR IGNORE INTO parcel_sources SELECT DISTINCT source FROM live_arrivals
    WHERE outer_source IN (SELECT id FROM parcel_sources) AND source IN (SELECT sha256 FROM live_sources)
    AND source NOT IN (SELECT id FROM parcel_excluded)"""
EXCLUDED = """INSERT OR IGNORE INTO parcel_excluded SELECT s.sha256 FROM live_sources AS s
    WHERE (NOT EXISTS (SELECT 1 FROM live_traces AS t WHERE t.source = s.sha256) AND EXISTS (SELECT 1 FROM main.traces AS t
            WHERE t.source = s.sha256 AND t.document_id IN (SELECT document_id FROM hidden_documents)))
        OR (EXISTS (SELECT 1 FROM live_arrivals AS a WHERE a.source = s.sha256)
            AND NOT EXISTS (SELECT 1 FROM live_arrivals AS a WHERE a.source = s.sha256
                AND a.outer_source NOT IN (SELECT id FROM parcel_excluded)
                AND a.document_id NOT IN (SELECT document_id FROM hidden_documents)))"""
"""Files of which all is excluded, and those that came in no way that is not: no row names them, as none names a hidden file."""
STEPS = (
    """INSERT OR IGNORE INTO parcel_documents SELECT DISTINCT document_id FROM live_traces
        WHERE source IN (SELECT id FROM parcel_sources)""",
    # What is said in these documents; what was read from these sources; what officers say of the entities in them.
    """INSERT OR IGNORE INTO parcel_evidence SELECT e.id FROM live_evidence AS e LEFT JOIN live_runs AS r ON r.id = e.run_id
        WHERE CASE WHEN e.document_id = '' THEN r.source != '' AND r.source IN (SELECT id FROM parcel_sources)
            ELSE e.document_id IN (SELECT id FROM parcel_documents)
            AND (r.source = '' OR r.source IN (SELECT id FROM parcel_sources)) END
        AND e.id NOT IN (SELECT value FROM json_each(:without))""",
    f"""INSERT OR IGNORE INTO parcel_evidence SELECT id FROM live_evidence WHERE document_id = ''
        AND (run_id = '{OFFICER_RUN}' OR run_id IN (SELECT id FROM live_runs WHERE kind = 'frame'))
        AND (:all OR entity_id IN (SELECT entity_id FROM live_evidence WHERE id IN (SELECT id FROM parcel_evidence)))""",
    """INSERT OR IGNORE INTO parcel_runs SELECT id FROM live_runs WHERE kind NOT IN ('officer', 'package') AND (
        source IN (SELECT id FROM parcel_sources)
        OR id IN (SELECT run_id FROM evidence WHERE id IN (SELECT id FROM parcel_evidence))
        OR (source = '' AND (method, version) IN (SELECT method, version FROM readings WHERE passage_id IN (SELECT id FROM
            live_passages WHERE document_id IN (SELECT id FROM parcel_documents)))))""",
    "INSERT OR IGNORE INTO parcel_ids SELECT id FROM parcel_evidence",
    """INSERT OR IGNORE INTO parcel_ids SELECT statement_id FROM evidence WHERE id IN (SELECT id FROM parcel_evidence)""",
    """INSERT OR IGNORE INTO parcel_ids SELECT entity_id FROM live_evidence WHERE id IN (SELECT id FROM parcel_evidence)""",
    "INSERT OR IGNORE INTO parcel_ids SELECT id FROM parcel_documents",
    "INSERT OR IGNORE INTO parcel_ids SELECT id FROM parcel_sources",
    "INSERT OR IGNORE INTO parcel_ids SELECT id FROM live_passages WHERE document_id IN (SELECT id FROM parcel_documents)",
    # Notes whose passages all go; a note without passages goes with the whole case only.
    f"""INSERT OR IGNORE INTO parcel_ids SELECT id FROM live_notes AS notes WHERE CASE WHEN EXISTS {note_sources.SQL}
        THEN NOT EXISTS (SELECT 1 FROM {note_sources.SQL} WHERE value NOT IN (SELECT id FROM parcel_ids)) ELSE :all END""",
)  # fmt: skip


def _select_rows(sql: sqlite3.Connection, sources: Sequence[str] | None, without: Collection[str]) -> None:
    """Note which rows go."""
    _drop_tables(sql)
    for table in CHOSEN:
        sql.execute(f"CREATE TEMP TABLE {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
    while sql.execute(EXCLUDED).rowcount > 0:
        pass
    may_go = "SELECT sha256 FROM live_sources WHERE sha256 NOT IN (SELECT id FROM parcel_excluded)"
    if sources is None:
        sql.execute(f"INSERT INTO parcel_sources {may_go}")
    else:
        sql.executemany(f"INSERT OR IGNORE INTO parcel_sources {may_go} AND sha256 = ?", [(key,) for key in sources])
    while sql.execute(INNER).rowcount > 0:
        pass
    given = {"all": sources is None, "without": json.dumps(sorted(without))}
    for step in STEPS:
        sql.execute(step, {name: value for name, value in given.items() if f":{name}" in step})


def _drop_tables(sql: sqlite3.Connection) -> None:
    for table in CHOSEN:
        sql.execute(f"DROP TABLE IF EXISTS temp.{table}")
