"""Rows of another bureau into this ledger, in one transaction: what is known already is not doubled, what is ours is not touched.

The rows are data of a stranger who signed them. So each is checked against the columns of its table; none may speak for a reading
that this case has made itself, or add text to a document that it has read itself; and what is said by hand keeps who said it, with
the bureau, and through whom it came.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.errors import PackageError
from workbench.ledger.aside import index, screen
from workbench.ledger.audit import Object
from workbench.ledger.packages import Package, note
from workbench.ledger.parcel import MASKED, NUMBERED, TABLES, Row, named, qualified
from workbench.ledger.store import OFFICER_RUN, Ledger, now
from workbench.ledger.vetting import checked
from workbench.ledger.work import Run
from workbench.model.catalogue import Sentence
from workbench.model.ident import digest
from workbench.model.issues import SEVERITIES, issue
from workbench.model.rows import Issue

METHOD, VERSION = "package", "1"
UNKNOWN = "unknown-word"
ORDERED = ("grade", "nature", "purpose")
"""Facets of which this case's own word stays."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from.

    Attributes
    ----------
    package : str
        Name of the package.
    bureau : str
        Who sent it.
    own : str
        The bureau of this case.
    terms : mapping
        Facets of the sender's default mark: what its unmarked material carries here.
    kept_back : mapping
        Sources whose original files the sender kept, and why.
    """

    package: str
    bureau: str
    own: str
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kept_back: Mapping[str, str] = field(default_factory=dict)


def run_of(origin: Origin) -> Run:
    """The run that stands for taking in a package."""
    told = json.dumps({"package": origin.package, "bureau": origin.bureau}, ensure_ascii=False, sort_keys=True)
    return Run("package", METHOD, VERSION, parameters=told)


def merge(ledger: Ledger, read: Callable[[str], Iterable[Row]], origin: Origin, made: Package) -> dict[str, int]:
    """Take in the rows of a package; how many of each table are new. A package that was taken in already adds nothing.

    Parameters
    ----------
    ledger : Ledger
        Of this case.
    read : callable
        Rows of a table of `parcel.TABLES`, each as it was written.
    origin : Origin
        Where they come from.
    made : Package
        The package, as it is remembered.

    Raises
    ------
    PackageError
        If a row is not of its table. Then nothing is taken in.
    """
    try:
        return _merged(ledger, read, origin, made)
    except sqlite3.IntegrityError as error:
        raise PackageError(Sentence("refused.row.unfit", error=error)) from error


def _merged(ledger: Ledger, read: Callable[[str], Iterable[Row]], origin: Origin, made: Package) -> dict[str, int]:
    run = run_of(origin)
    with ledger.transaction() as sql:
        if ledger.has_run(run):
            return {}
        work = _Work(sql, origin, ledger.officer)
        for table in TABLES:
            work.take(table, (checked(table, row) for row in read(table)))
        work.finish(run)
        for key, source in work.runs:
            screen(sql, key, source)
        for row in work.sources:
            _collected(ledger, sql, row, origin)
        index(sql)
        counts = {name: number for name, number in sorted(work.added.items()) if number}
        told = (run.id, run.kind, "read", "", run.method, run.version, run.parameters, json.dumps(counts))
        sql.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*told, ledger.officer, now()))
        note(sql, made, ledger.officer)
        total, inputs = sum(counts.values()), [made.sha256] if made.sha256 else []
        what = Object("package", origin.bureau, origin.package, count=total, inputs=inputs, mark=made.mark)
        ledger.log(sql, "collection", what, counts)
    return counts


def _collected(ledger: Ledger, sql: sqlite3.Connection, row: Row, origin: Origin) -> None:
    """Log that a source came, as for one that was added; without a hash of what went in where the sender kept its file."""
    key = str(row["sha256"])
    what = Object("source", id=key, inputs=() if key in origin.kept_back else (key,))
    ledger.log(sql, "collection", what, {"name": row["name"], "size": row["size"], "package": origin.package})


OWN = (
    "CREATE TEMP TABLE own_runs AS SELECT id, source FROM main.runs WHERE id NOT IN (SELECT key FROM foreign_rows WHERE kind = 'run')",
    "CREATE UNIQUE INDEX temp.own_runs_by_id ON own_runs (id)",
    "CREATE TEMP TABLE own_sources AS SELECT DISTINCT source AS id FROM own_runs WHERE source != ''",
    "CREATE UNIQUE INDEX temp.own_sources_by_id ON own_sources (id)",
    f"""CREATE TEMP TABLE own_documents AS SELECT DISTINCT document_id AS id FROM main.traces
        WHERE run_id IN (SELECT id FROM own_runs WHERE id != '{OFFICER_RUN}')""",
    "CREATE UNIQUE INDEX temp.own_documents_by_id ON own_documents (id)",
    "CREATE TEMP TABLE own_ids (id TEXT PRIMARY KEY) WITHOUT ROWID",
    f"""INSERT OR IGNORE INTO own_ids SELECT id FROM evidence WHERE CASE WHEN run_id = '{OFFICER_RUN}' THEN
        id NOT IN (SELECT key FROM foreign_rows WHERE kind = 'evidence') ELSE run_id IN (SELECT id FROM own_runs) END""",
    "INSERT OR IGNORE INTO own_ids SELECT statement_id FROM evidence WHERE id IN (SELECT id FROM own_ids)",
    "INSERT OR IGNORE INTO own_ids SELECT entity_id FROM statements WHERE id IN (SELECT id FROM own_ids)",
)
"""What this case has of its own: runs, sources that it has read, their documents, and what is stated there or by its officers."""
OWN_TABLES = ("own_runs", "own_sources", "own_documents", "own_ids")


REMARKS = "SELECT count(*) FROM foreign_rows WHERE kind LIKE '% remark' AND package = ?"


class _Work:
    """One package on its way into the ledger, inside the caller's transaction."""

    def __init__(self, sql: sqlite3.Connection, origin: Origin, officer: str) -> None:
        self.sql, self.origin, self.officer = sql, origin, officer
        self.added: Counter[str] = Counter()
        self.runs: list[tuple[str, str]] = []
        self.taken: set[str] = {OFFICER_RUN}
        self.new: list[tuple[str, str]] = []
        self.sources: list[Row] = []
        for name in OWN_TABLES:
            sql.execute(f"DROP TABLE IF EXISTS temp.{name}")
        for step in OWN:
            sql.execute(step)

    def _own(self, table: str, key: object) -> bool:
        return self.sql.execute(f"SELECT 1 FROM temp.{table} WHERE id = ?", (key,)).fetchone() is not None

    def take(self, table: str, rows: Iterable[Row]) -> None:
        """Take in the rows of a table."""
        step = getattr(self, f"_{table}", None)
        if table in NUMBERED:
            self._numbered(table, rows)
        elif step is not None:
            step(rows)

    # Received -----------------------------------------------------------------------------------------------------------

    def _sources(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._insert("sources", row):
                self.sources.append(row)
                self.new.append(("source", str(row["sha256"])))

    def _source_facts(self, rows: Iterable[Row]) -> None:
        known = set(self.sql.execute("SELECT source, name FROM source_facts").fetchall())
        self._insert_all("source_facts", (row for row in rows if (row["source"], row["name"]) not in known))

    def _runs(self, rows: Iterable[Row]) -> None:
        for row in rows:
            key, source = str(row["id"]), str(row["source"])
            if self._own("own_runs", key) or self._own("own_sources", source):
                continue
            self._insert("runs", row)
            self.taken.add(key)
            self.runs.append((key, source))

    def _arrivals(self, rows: Iterable[Row]) -> None:
        new = {key for kind, key in self.new if kind == "source"}
        kept = (row for row in rows if row["run_id"] in self.taken or (row["run_id"] == "" and row["source"] in new))
        self._insert_all("arrivals", kept)

    def _documents(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if not self._insert("documents", row):
                told = "UPDATE documents SET title = ? WHERE id = ? AND title = ?"
                self.sql.execute(told, (row["title"], row["id"], MASKED))

    def _traces(self, rows: Iterable[Row]) -> None:
        self._insert_all("traces", (row for row in rows if row["run_id"] in self.taken))

    def _messages(self, rows: Iterable[Row]) -> None:
        """Copies of messages whose documents came along; what this case has received or sent itself stays its own."""
        query = "SELECT run_id FROM traces WHERE document_id = ? AND source = ?"
        for row in rows:
            lies = self.sql.execute(query, (row["document_id"], row["source"])).fetchall()
            if any(run in self.taken for (run,) in lies) and not self._own("own_documents", row["document_id"]):
                self._insert("messages", row)

    def _passages(self, rows: Iterable[Row]) -> None:
        self._insert_all("passages", (row for row in rows if not self._own("own_documents", row["document_id"])))

    def _issues(self, rows: Iterable[Row]) -> None:
        """A code that this workbench does not know (of a newer one, perhaps) becomes one that it can print."""
        for row in rows:
            known = row["code"] in SEVERITIES
            told = row if known else {**row, "code": UNKNOWN, "message": f"{row['code']}: {row['message']}"}
            if row["run_id"] in self.taken:
                self._insert("issues", told)

    def _row_files(self, rows: Iterable[Row]) -> None:
        known = set(self.sql.execute("SELECT run_id, kind FROM row_files").fetchall())
        kept = (row for row in rows if row["run_id"] in self.taken and (row["run_id"], row["kind"]) not in known)
        self._insert_all("row_files", kept)

    # Said ---------------------------------------------------------------------------------------------------------------

    def _statements(self, rows: Iterable[Row]) -> None:
        self._insert_all("statements", rows)

    def _evidence(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row["run_id"] in self.taken and self._insert("evidence", row) and row["document_id"] == "":
                self.new.append(("evidence", str(row["id"])))

    def _readings(self, rows: Iterable[Row]) -> None:
        """What this case can read itself it reads itself: with its own version of a method, and in its own documents."""
        methods = set(
            self.sql.execute("SELECT method, version FROM runs WHERE id IN (SELECT id FROM own_runs)").fetchall()
        )
        document = "SELECT document_id FROM passages WHERE id = ?"
        for row in rows:
            held = self.sql.execute(document, (row["passage_id"],)).fetchone()
            if held and (row["method"], row["version"]) not in methods and not self._own("own_documents", held[0]):
                self._insert("readings", row)

    def _notes(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self._insert("notes", row):
                self.new.append(("note", str(row["id"])))

    def _numbered(self, table: str, rows: Iterable[Row]) -> None:
        """Judgements and decisions: by the names that both sides give them, after those of this case."""
        spec = TABLES[table]
        known = self._names(table)
        for row in sorted(rows, key=lambda row: str(row["at"])):
            key = str(row["id"])
            if key in known:
                continue
            values = {name: value for name, value in self._attributed(row).items() if name != "id"}
            seq = self.sql.execute(_sql(table, values), tuple(values.values())).lastrowid
            self._remember(f"{spec.kind} remark" if self._is_remark(row) else spec.kind, str(seq), key)
            self.added[table] += 1
            known.add(key)

    def _is_remark(self, row: Row) -> bool:
        """Whether it is about what this case has of its own: then it does not count before an officer here says the same."""
        return any(self._own("own_ids", row[name]) for name in ("left_id", "right_id", "target_id") if name in row)

    def _names(self, table: str) -> set[str]:
        """Names of the judgements or decisions that are here: of others as they came, of this case as others know them."""
        spec = TABLES[table]
        columns = [name for name in spec.columns if name != "id"]
        query = "SELECT key, id FROM foreign_rows WHERE kind IN (?, ?)"
        foreign = dict(self.sql.execute(query, (spec.kind, f"{spec.kind} remark")).fetchall())
        found = set(foreign.values())
        for seq, *values in self.sql.execute(f"SELECT CAST(seq AS TEXT), {', '.join(columns)} FROM {table}"):
            if seq not in foreign:
                row = dict(zip(columns, values, strict=True))
                found.add(named(spec.kind, {**row, "officer": qualified(row["officer"], self.origin.own)}))
        return found

    def _terms(self, rows: Iterable[Row]) -> None:
        """Marks only rise: what is said here already is joined with what came. Files that this case has itself keep their own."""
        for row in rows:
            own = {"source": "own_sources", "file": "own_sources", "document": "own_documents"}.get(
                str(row["target_kind"]), ""
            )
            known = self.sql.execute("SELECT 1 FROM terms WHERE id = ?", (row["id"],)).fetchone()
            if known is None and not (own and self._own(own, row["target_id"])):
                self._say(row)

    def _say(self, row: Row) -> None:
        target = (row["target_kind"], row["target_id"], row["facet"])
        query = "SELECT value FROM main.live_terms WHERE target_kind = ? AND target_id = ? AND facet = ?"
        held = self.sql.execute(query, target).fetchone()
        before = json.loads(held[0]) if held else []
        if before and row["facet"] in ORDERED:
            return
        joined = sorted({*before, *map(str, json.loads(str(row["value"])))})
        if joined != before:
            self._insert("terms", {**row, "value": json.dumps(joined, ensure_ascii=False)})

    # How ----------------------------------------------------------------------------------------------------------------

    def finish(self, run: Run) -> None:
        """Say of what is new what holds for everything of that bureau, and tell what does not count here."""
        columns = ("target_kind", "target_id", "facet", "value", "officer", "because", "at")
        because = f"default mark of {self.origin.bureau}"
        for kind, key in self.new:
            for facet, values in self.origin.terms.items():
                told = (kind, key, facet, json.dumps(sorted(values), ensure_ascii=False))
                row: Row = dict(zip(columns, (*told, self.officer, because, now()), strict=True))
                self._say({"id": digest("term", self.origin.package, *told), **row})
        self._tell(run)

    def _tell(self, run: Run) -> None:
        """An issue row on what does not count here. Judgements against each other are told of by `resolve.disagreements`."""
        (remarks,) = self.sql.execute(REMARKS, (self.origin.package,)).fetchone()
        if remarks:
            text = Sentence("row.derived.remarks", bureau=self.origin.bureau, count=remarks)
            fix = Sentence("fix.settle.remarks")
            self.issue(run, issue("remarks", text, fix=fix, place=self.origin.package))
        for source, why in self.origin.kept_back.items():
            text = Sentence("row.derived.kept_back", bureau=self.origin.bureau, why=why)
            self.issue(run, issue("original-kept", text, fix=Sentence("fix.ask.sender"), place=source), source)

    def issue(self, run: Run, found: Issue, source: str = "") -> None:
        """Add an issue row of this taking in."""
        row = (found.id, run.id, source, found.code, found.severity, found.message, found.fix, "", found.place)
        self.sql.execute("INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _insert_all(self, table: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self._insert(table, row)

    def _insert(self, table: str, row: Row) -> bool:
        """Add a row unless it is there; whose it is is remembered where somebody said it."""
        told = self._attributed(row)
        if self.sql.execute(_sql(table, told), tuple(told.values())).rowcount <= 0:
            return False
        spec = TABLES[table]
        if (spec.kind and told.get("officer", "")) or table == "runs":
            self._remember(spec.kind, str(row[spec.key]), str(row[spec.key]))
        self.added[table] += 1
        return True

    def _attributed(self, row: Row) -> Row:
        """The row with who said it as this case shows it: with the bureau, and through whom where it is not the sender's."""
        officer = str(row.get("officer", ""))
        if not officer or officer.endswith(f"({self.origin.bureau})"):
            return row
        return {**row, "officer": f"{officer}, through {self.origin.bureau}"}

    def _remember(self, kind: str, key: str, name: str) -> None:
        row = (kind, key, name, self.origin.bureau, self.origin.package)
        self.sql.execute("INSERT OR IGNORE INTO foreign_rows VALUES (?, ?, ?, ?, ?)", row)


def _sql(table: str, row: Mapping[str, object]) -> str:
    return f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
