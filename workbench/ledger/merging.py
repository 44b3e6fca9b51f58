"""Rows of another bureau into this ledger, in one transaction: what is known already is not doubled, what is ours is not touched.

The rows are data of a stranger who signed them. One gate, which every row of every table passes, holds one rule: a package adds rows of
its sender, about what its sender brought; a row that points at anything else is a remark (`ledger.remarks`), kept as it came and without
effect until an officer adopts it. What names a thing is said once, in `parcel.TABLES`; whose a thing is, by `ledger.ownership`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.errors import PackageError
from workbench.ledger import remarks
from workbench.ledger.aside import index, screen
from workbench.ledger.audit import Object
from workbench.ledger.ownership import Ownership
from workbench.ledger.packages import Package, note
from workbench.ledger.parcel import MASKED, NUMBERED, TABLES, Row, named, qualified
from workbench.ledger.remarks import Remark
from workbench.ledger.store import OFFICER_RUN, Ledger
from workbench.ledger.vetting import checked
from workbench.ledger.work import Run, now
from workbench.model.catalogue import Sentence
from workbench.model.ident import digest
from workbench.model.issues import SEVERITIES, issue
from workbench.model.rows import Issue

METHOD, VERSION = "package", "1"
UNKNOWN = "unknown-word"
ORDERED = ("grade", "nature", "purpose")
"""Facets of which this case's own word stays."""
EVENTS = ("Message", "Email", "Call", "Payment")
"""What happened between parties, as the sender's document has it: it may name one of ours as a party. Any other claim that points at a
thing of ours says something of that thing."""
CITED = ("supporting", "opposing")
"""Lists of passages in the detail of a note."""
ID = 80
"""Characters of the longest id."""
EFFECTIVE = ("source_facts", "judgements", "decisions", "terms")
"""Tables whose rows change what others say: they count on what the sender alone has brought."""
HELD = frozenset({"level", "tlp", "handling", "conditions", "barred", "channel", "purpose", "special"})
"""Facets that a remark bears: to whom it may be shown. How long it is kept, and what it is worth, is for this case to say."""
VOLATILE = frozenset({"officer", "at", "received_at", "state", "parameters", "counts", "because"})
"""Columns in which two copies of one row may differ: who had it when, and what is cut to a reader."""


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
        Rows of a table of `parcel.TABLES`, each as it was written; it may be asked twice for a table.
    origin : Origin
        Where they come from.
    made : Package
        The package, as it is remembered.

    Returns
    -------
    dict
        Table -> rows that are new; 'remarks' -> rows that point at what the sender did not bring.

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
        work = _Work(sql, origin, ledger.officer, _marks(origin, (checked("terms", row) for row in read("terms"))))
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


Marks = dict[str, dict[str, set[str]]]


def _marks(origin: Origin, terms: Iterable[Row]) -> Marks:
    """What the package says of how its material is to be handled: id -> facet -> values; '' for what it says of nothing else."""
    found: Marks = {"": {facet: set(values) for facet, values in origin.terms.items()}}
    for row in terms:
        held = found.setdefault(str(row["target_id"]), {})
        held.setdefault(str(row["facet"]), set()).update(map(str, json.loads(str(row["value"]))))
    return found


class _Work:
    """One package on its way into the ledger, inside the caller's transaction: the gate."""

    def __init__(self, sql: sqlite3.Connection, origin: Origin, officer: str, marks: Marks) -> None:
        self.sql, self.origin, self.officer, self.marks = sql, origin, officer, marks
        self.whose = Ownership(sql, origin.bureau)
        self.added: Counter[str] = Counter()
        self.runs: list[tuple[str, str]] = []
        self.new: list[tuple[str, str]] = []
        self.sources: list[Row] = []
        sql.execute("DROP TABLE IF EXISTS temp.claims")
        sql.execute("CREATE TEMP TABLE claims (id TEXT PRIMARY KEY, entity_id, schema, prop, value) WITHOUT ROWID")
        sql.execute("DROP TABLE IF EXISTS temp.read_here")
        sql.execute("CREATE TEMP TABLE read_here (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def take(self, table: str, rows: Iterable[Row]) -> None:
        """Take in the rows of a table."""
        if table == "statements":  # they stand for nothing without their evidence, and come with it
            self.sql.executemany(
                "INSERT OR IGNORE INTO temp.claims VALUES (?, ?, ?, ?, ?)",
                (tuple(row.values()) for row in _ordered(table, rows)),
            )
            return
        admit, add = getattr(self, f"_admit_{table}", self._admit), getattr(self, f"_add_{table}", self._insert)
        known = self._names(table) if table in NUMBERED else set()
        for row in sorted(rows, key=lambda row: str(row["at"])) if table in NUMBERED else rows:
            if str(row.get("id", "")) in known if table in NUMBERED else self._is_known(table, row):
                continue
            if table in SINGLE and self.whose.is_ours("any", str(row[TABLES[table].unique[0]])):
                self._remark(table, row, [("any", str(row[TABLES[table].unique[0]]))])
            elif admit(table, row):
                add(table, row)
            known.add(str(row.get("id", "")))

    # The gate -----------------------------------------------------------------------------------------------------------

    def _admit(self, table: str, row: Row) -> bool:
        """Whether a row is about what its sender brought. One that is not becomes a remark; one of a file that we have read is let go."""
        named = list(self._named(table, row))
        if any(kind == "run" and self._is_read_here(key) for kind, key in named):
            return False
        stranger = self.whose.is_sender_alone if table in EFFECTIVE else self._is_sender
        if all(stranger(kind, key) for kind, key in named):
            return True
        self._remark(table, row, named)
        return False

    def _admit_runs(self, table: str, row: Row) -> bool:
        """The reading of a file that we have read ourselves is let go, with its rows: ours stays as it is."""
        if not self.whose.is_ours("source", str(row["source"])) and not self.whose.is_ours("run", str(row["id"])):
            return row["source"] == "" or self._admit(table, row)
        self._let_go(str(row["id"]))
        return False

    def _admit_evidence(self, table: str, row: Row) -> bool:
        """A claim is about its place and about the thing of which it says something; of an event, its parties are only named."""
        claim = self._claim(row)
        named = [pair for pair in self._named(table, row) if pair[0] != "statement" and pair != ("run", OFFICER_RUN)]
        about = [("any", str(claim["entity_id"]))]
        if len(str(claim["value"])) <= ID and (claim["schema"] not in EVENTS or row["kind"] == "decided"):
            about.append(("entity", str(claim["value"])))
        late = any(kind == "run" and self._is_read_here(key) for kind, key in named)
        ours = [pair for pair in about if self.whose.is_ours(*pair)]
        if late and (row["kind"] == "suggested" or self.whose.is_ours("statement", str(row["statement_id"]))):
            return False  # what a program of ours has read or will read there is as good
        if not late and not ours and all(self._is_sender(kind, key) for kind, key in named) and self._is_in_place(row):
            return True
        self._remark(table, row, [*ours, *named])
        return False

    def _admit_readings(self, table: str, row: Row) -> bool:
        """What this case can read itself it reads itself, with its own version of a method."""
        own = """SELECT 1 FROM runs WHERE method = ? AND version = ? AND id NOT IN (SELECT key FROM foreign_rows WHERE kind = 'run')"""
        if self.sql.execute(own, (row["method"], row["version"])).fetchone():
            return False
        return self._is_sender("passage", str(row["passage_id"]))

    def _admit_documents(self, table: str, row: Row) -> bool:
        return True

    def _admit_sources(self, table: str, row: Row) -> bool:
        return True

    def _named(self, table: str, row: Row) -> Iterable[tuple[str, str]]:
        """Kind and id of each thing that a row names."""
        for column, kind in TABLES[table].names.items():
            if kind == "passages":
                said = json.loads(str(row[column]))
                cited = [said.get(name, []) for name in CITED] if isinstance(said, dict) else [said]
                yield from (("passage", str(key)) for keys in cited for key in keys)
            elif row[column] != "":
                yield kind, str(row[column])

    def _is_sender(self, kind: str, key: str) -> bool:
        return self.whose.owner(kind, key) == "sender"

    def _let_go(self, run: str) -> None:
        """Note a run of the package that this case has done itself, or done on the same file."""
        self.sql.execute("INSERT OR IGNORE INTO temp.read_here VALUES (?)", (run,))

    def _is_read_here(self, run: str) -> bool:
        return self.sql.execute("SELECT 1 FROM temp.read_here WHERE id = ?", (run,)).fetchone() is not None

    def _is_in_place(self, row: Row) -> bool:
        """Whether the passage and the trace that a claim cites are of the document that it cites."""
        places = (("passages", row["passage_id"]), ("traces", row["trace_id"]))
        return all(
            key == ""
            or self.sql.execute(
                f"SELECT 1 FROM {table} WHERE id = ? AND document_id = ?", (key, row["document_id"])
            ).fetchone()
            for table, key in places
        )

    def _claim(self, row: Row) -> Row:
        """The statement for which a piece of evidence stands."""
        query = """SELECT entity_id, schema, prop, value FROM temp.claims WHERE id = :id
            UNION ALL SELECT entity_id, schema, prop, value FROM statements WHERE id = :id LIMIT 1"""
        found = self.sql.execute(query, {"id": row["statement_id"]}).fetchone()
        if found is None:
            raise PackageError(Sentence("refused.row.unfit", error=f"statement {row['statement_id']}"))
        return dict(zip(("entity_id", "schema", "prop", "value"), found, strict=True))

    def _is_known(self, table: str, row: Row) -> bool:
        """Whether the ledger has a row. One of ours that is not as the package has it is not changed: that it differs is a remark."""
        spec = TABLES[table]
        where = " AND ".join(f"{name} = ?" for name in spec.unique)
        columns = [name for name in spec.columns if name not in VOLATILE and not (table in NUMBERED and name == "id")]
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where} LIMIT 1"
        held = self.sql.execute(query, tuple(row[name] for name in spec.unique)).fetchone()
        if held is None:
            return False
        differing = {name for name, value in zip(columns, held, strict=True) if value != row[name]}
        kind, key = KIND.get(table, ""), str(row[spec.unique[0]])
        if not kind or not self.whose.is_ours(kind, key):
            if kind:
                self.whose.bring(kind, key)
            if table == "documents":
                self.sql.execute(
                    "UPDATE documents SET title = ? WHERE id = ? AND title = ?", (row["title"], key, MASKED)
                )
            return True
        if table == "runs":
            self._let_go(key)
        if differing and table in COMPARED and row.get("title") != MASKED:
            self._remark(table, row, [(kind, key)])
        return True

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

    def _remark(self, table: str, row: Row, named: Iterable[tuple[str, str]]) -> None:
        """Keep a row as what its sender says of things that it did not bring."""
        told, origin = self._attributed(row), self.origin
        if table == "evidence":
            told = {**told, **self._claim(row)}
        others = [
            key for kind, key in named if kind not in ("run", "statement") and self.whose.owner(kind, key) != "sender"
        ]
        targets = tuple(dict.fromkeys(others or [key for _, key in named]))
        key = remarks.name(origin.bureau, table, told)
        made = Remark(key, origin.bureau, origin.package, table, targets, self._marked(told), told, now())
        self.added["remarks"] += remarks.add(self.sql, made)

    def _marked(self, row: Row) -> dict[str, list[str]]:
        """The marks under which a row was sent: the sender's default, and what the package says of the things in it."""
        found: dict[str, set[str]] = {}
        for key in ("", *map(str, row.values())):
            for facet, values in self.marks.get(key, {}).items():
                if facet in HELD:
                    found.setdefault(facet, set()).update(values)
        return {facet: sorted(values) for facet, values in sorted(found.items())}

    # What passes --------------------------------------------------------------------------------------------------------

    def _add_sources(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.sources.append(row)
        self.new.append(("source", str(row["sha256"])))

    def _add_documents(self, table: str, row: Row) -> None:
        """Its places come after it."""
        self._insert(table, row)
        self.whose.bring("document", str(row["id"]))

    def _add_runs(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.runs.append((str(row["id"]), str(row["source"])))

    def _add_issues(self, table: str, row: Row) -> None:
        """A code that this workbench does not know (of a newer one, perhaps) becomes one that it can print."""
        known = row["code"] in SEVERITIES
        self._insert(table, row if known else {**row, "code": UNKNOWN, "message": f"{row['code']}: {row['message']}"})

    def _add_evidence(self, table: str, row: Row) -> None:
        query = (
            "INSERT OR IGNORE INTO statements SELECT id, entity_id, schema, prop, value FROM temp.claims WHERE id = ?"
        )
        self.added["statements"] += max(0, self.sql.execute(query, (row["statement_id"],)).rowcount)
        self._insert(table, row)
        if row["document_id"] == "":
            self.new.append(("evidence", str(row["id"])))

    def _add_notes(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.new.append(("note", str(row["id"])))

    def _add_terms(self, table: str, row: Row) -> None:
        """Marks only rise: what is said here already is joined with what came."""
        target = (row["target_kind"], row["target_id"], row["facet"])
        query = "SELECT value FROM main.live_terms WHERE target_kind = ? AND target_id = ? AND facet = ?"
        held = self.sql.execute(query, target).fetchone()
        before = json.loads(held[0]) if held else []
        if before and row["facet"] in ORDERED:
            return
        joined = sorted({*before, *map(str, json.loads(str(row["value"])))})
        if joined != before:
            self._insert(table, {**row, "value": json.dumps(joined, ensure_ascii=False)})

    def _insert(self, table: str, row: Row) -> None:
        """Add a row; whose it is is remembered where its run does not say so."""
        spec, told = TABLES[table], self._attributed(row)
        values = {name: value for name, value in told.items() if not (table in NUMBERED and name == "id")}
        cursor = self.sql.execute(_sql(table, values), tuple(values.values()))
        if cursor.rowcount <= 0:
            return
        if spec.kind and (table != "evidence" or row["run_id"] == OFFICER_RUN):
            key = str(row[spec.key]) if spec.key in row else str(cursor.lastrowid)
            known = (spec.kind, key, str(row.get("id", key)), self.origin.bureau, self.origin.package)
            self.sql.execute("INSERT OR IGNORE INTO foreign_rows VALUES (?, ?, ?, ?, ?)", known)
        self.added[table] += 1

    def _attributed(self, row: Row) -> Row:
        """The row with who said it as this case shows it: with the bureau, and through whom where it is not the sender's."""
        officer = str(row.get("officer", ""))
        if not officer or officer.endswith(f"({self.origin.bureau})"):
            return row
        return {**row, "officer": f"{officer}, through {self.origin.bureau}"}

    # How ----------------------------------------------------------------------------------------------------------------

    def finish(self, run: Run) -> None:
        """Say of what is new what holds for everything of that bureau, and tell what does not count here."""
        columns = ("target_kind", "target_id", "facet", "value", "officer", "because", "at")
        because = f"default mark of {self.origin.bureau}"
        for kind, key in self.new:
            for facet, values in self.origin.terms.items():
                told = (kind, key, facet, json.dumps(sorted(values), ensure_ascii=False))
                row: Row = dict(zip(columns, (*told, self.officer, because, now()), strict=True))
                self._add_terms("terms", {"id": digest("term", self.origin.package, *told), **row})
        self._tell(run)

    def _tell(self, run: Run) -> None:
        """An issue row on each original that the sender kept; of remarks tells whoever looks, for they are not for everybody."""
        for source, why in self.origin.kept_back.items():
            text = Sentence("row.derived.kept_back", bureau=self.origin.bureau, why=why)
            self.issue(run, issue("original-kept", text, fix=Sentence("fix.ask.sender"), place=source), source)

    def issue(self, run: Run, found: Issue, source: str = "") -> None:
        """Add an issue row of this taking in."""
        row = (found.id, run.id, source, found.code, found.severity, found.message, found.fix, "", found.place)
        self.sql.execute("INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


KIND = {
    "sources": "source", "runs": "run", "documents": "document", "traces": "trace", "messages": "document", "passages": "passage",
    "evidence": "evidence", "notes": "note", "terms": "term", "source_facts": "source",
}  # fmt: skip
"""Table -> kind of the thing that a row of it is, or belongs to."""
SINGLE = ("sources", "documents", "notes", "terms", "messages")
"""Tables of things to which other rows point by their id alone: what has the id of any thing of ours is none of these."""
COMPARED = ("documents", "passages", "evidence", "notes")
"""Tables in which a row that is not as ours is worth a remark."""


def _ordered(table: str, rows: Iterable[Row]) -> Iterable[Row]:
    """The rows with their columns in the order of their table."""
    return ({name: row[name] for name in TABLES[table].columns} for row in rows)


def _sql(table: str, row: Mapping[str, object]) -> str:
    return f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
