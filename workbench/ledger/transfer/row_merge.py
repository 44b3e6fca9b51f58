"""Rows of another bureau into this ledger, in one transaction: what is known already is not doubled, what is ours is not touched.

The rows are data of a stranger who signed them. Each is checked against the columns of its table (`ledger.transfer.row_validation`)
and passes one gate (`ledger.transfer.admission`): a package adds rows of its sender, about what its sender brought.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from workbench.errors import PackageError
from workbench.ledger.access import terms
from workbench.ledger.access.terms import LATEST
from workbench.ledger.erasure.erased_remarks import Barring
from workbench.ledger.exclusions.exclusion_rules import apply_rules, update_word_index
from workbench.ledger.foreign import foreign_rows, remarks
from workbench.ledger.ledger import OFFICER_RUN, Ledger
from workbench.ledger.log.audit_log import Object
from workbench.ledger.records import packages
from workbench.ledger.records.package_tables import NUMBERED, TABLES, Row
from workbench.ledger.records.packages import PackageRecord
from workbench.ledger.sessions.access_protocol import RowFilter
from workbench.ledger.storage.runs import Run, now
from workbench.ledger.transfer.admission import CLOSING, Admission, Cited, Origin, build_marks
from workbench.ledger.transfer.row_validation import check_row
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import SEVERITIES, build_issue
from workbench.model.rows import Issue

__all__ = ["Origin", "merge_package", "run_of"]
METHOD, VERSION = "package", "1"
UNKNOWN = "unknown-word"
WITHDRAWN, REJECTED = "the source is withdrawn", "the same was rejected"
"""Why what comes anew does not count."""
ORDERED = ("purpose", *LATEST)
"""Facets of which this case's own word stays."""


def run_of(origin: Origin) -> Run:
    """The run that stands for taking in a package."""
    told = json.dumps({"package": origin.package, "bureau": origin.bureau}, ensure_ascii=False, sort_keys=True)
    return Run("package", METHOD, VERSION, parameters=told)


def merge_package(
    ledger: Ledger,
    read: Callable[[str], Iterable[Row]],
    origin: Origin,
    made: PackageRecord,
    *,
    cited: Cited = MappingProxyType({}),
) -> dict[str, int]:
    """Take in the rows of a package; how many of each table are new. A package that was taken in already adds nothing.

    Parameters
    ----------
    ledger : Ledger
        Of this case.
    read : callable
        Rows of a table of `package_tables.TABLES`, each as it was written; it may be asked twice for a table.
    origin : Origin
        Where they come from.
    made : Package
        The package, as it is remembered.
    cited : mapping, optional
        Path of a file of mass rows -> kind and id of each thing that they name.

    Returns
    -------
    dict
        Table -> rows that are new; 'remarks' -> rows that point at what the sender did not bring.

    Raises
    ------
    PackageError
        If a row is not of its table, or what comes is to be hidden from the officer by level or country. Then nothing is taken in.
    """
    try:
        return _merge_rows(ledger, read, origin, made, cited)
    except sqlite3.IntegrityError as error:
        raise PackageError(
            Sentence(
                "A row in the package is missing or contradicts another row ({error}). Nothing was imported. "
                "Tell the sender.",
                error=error,
            )
        ) from error


def _merge_rows(
    ledger: Ledger, read: Callable[[str], Iterable[Row]], origin: Origin, made: PackageRecord, cited: Cited
) -> dict[str, int]:
    run = run_of(origin)
    with ledger.open_transaction() as sql:
        if ledger.has_run(run):
            return {}
        known = Barring(sql)
        marks = {name: known.clean_texts(values) for name, values in origin.terms.items()}
        origin = replace(origin, bureau=known.clean_text(origin.bureau), terms=marks)
        made = known.clean_package(made)

        names = {origin.bureau, *origin.earlier}

        def rows(table: str) -> Iterable[Row]:
            came = (check_row(table, row) for row in read(table))
            return map(known.clean_term, came) if table == "terms" else came

        handed = [key for key in origin.late if foreign_rows.hand_over(sql, key, origin.bureau, origin.package, names)]
        gate = Admission(sql, origin, build_marks(origin, rows("terms")), cited, known)
        for row in rows("sources"):
            gate.retell(row)
        sent = {str(row["sha256"]) for row in rows("sources")} - origin.unsent
        gate.ids.compare_documents(rows("documents"), rows("traces"), rows("passages"), sent)
        work = _Work(sql, origin, ledger.officer, gate, ledger.gate)
        for table in TABLES:
            work.add_rows(table, rows(table))
        work.finish(run)
        work.bear(ledger)
        apply_rules(sql, dict(work.read()))
        for row in work.sources:
            _log_collection(ledger, sql, row, origin)
        update_word_index(sql)
        work.added["remarks"] = work.gate.remarks
        counts = {name: number for name, number in sorted(work.added.items()) if number}
        told = (run.id, run.kind, "read", "", run.method, run.version, run_of(origin).parameters, json.dumps(counts))
        sql.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*told, ledger.officer, now()))
        packages.add_package(sql, made, ledger.officer)
        total, inputs = sum(counts.values()), [made.sha256] if made.sha256 else []
        what = Object("package", origin.bureau, origin.package, count=total, inputs=inputs, mark=origin.mark)
        ledger.log(sql, "collection", what, counts)
    if handed and ledger.gate:
        ledger.gate(ledger)
    return counts


def _log_collection(ledger: Ledger, sql: sqlite3.Connection, row: Row, origin: Origin) -> None:
    """Log that a source came, as for one that was added; without a hash of what went in where the sender kept its file."""
    key = str(row["sha256"])
    what = Object("source", id=key, inputs=() if key in origin.kept_back else (key,))
    ledger.log(sql, "collection", what, {"name": row["name"], "size": row["size"], "package": origin.package})


class _Work:
    """What passes the gate on its way into the ledger, inside the caller's transaction."""

    def __init__(
        self, sql: sqlite3.Connection, origin: Origin, officer: str, gate: Admission, reader: RowFilter | None
    ) -> None:
        self.sql, self.origin, self.officer, self.gate, self.reader = sql, origin, officer, gate, reader
        self.added: Counter[str] = Counter()
        self.runs: list[tuple[str, str]] = []
        self.new: list[tuple[str, str]] = []
        self.sources: list[Row] = []
        self.grown: set[str] = set()

    def add_rows(self, table: str, rows: Iterable[Row]) -> None:
        """Take in the rows of a table."""
        if table == "statements":
            self.gate.hold_statements(rows)
            return
        self.gate.whose.reset_answers()
        add = getattr(self, f"_add_{table}", self._insert)
        for came in sorted(rows, key=lambda row: str(row["at"])) if table in NUMBERED else rows:
            row = self.gate.assign_id(table, came)
            self.gate.note(table, row)
            if self.gate.is_known(table, row) or self.gate.barring.is_barred(table, row):
                continue
            if self.gate.admit_row(table, row):
                add(table, row)
            if table in NUMBERED:
                self.gate.add_word(table, row)
        if table == "traces":
            self.gate.drop_unplaced()

    # What passes --------------------------------------------------------------------------------------------------------

    def _add_sources(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.sources.append(row)
        self.new.append(("source", str(row["sha256"])))

    def _add_documents(self, table: str, row: Row) -> None:
        """Its places come after it, and it with the first of them."""
        self.gate.hold(row)

    def _add_traces(self, table: str, row: Row) -> None:
        if document := self.gate.release(str(row["document_id"])):
            self._insert("documents", document)
        self._insert(table, row)

    def _add_runs(self, table: str, row: Row) -> None:
        """A new reading of a source that this case has withdrawn stays withdrawn until the source is restored."""
        if self.gate.is_withdrawn(str(row["source"])):
            self._decide("run", str(row["id"]), "withdrawn", WITHDRAWN)
        self._insert(table, row)
        self.runs.append((str(row["id"]), str(row["source"])))

    def _add_passages(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.grown.add(str(row["document_id"]))

    def _decide(self, kind: str, target: str, verdict: str, because: str) -> None:
        """Say of what came what this case has said of the same before."""
        columns = "target_kind, target_id, verdict, replacement, officer, because, at"
        said = (kind, target, verdict, "", self.officer, because, now())
        self.sql.execute(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", said)

    def _add_issues(self, table: str, row: Row) -> None:
        """A code that this workbench does not know (of a newer one, perhaps) becomes one that it can print."""
        known = row["code"] in SEVERITIES
        self._insert(table, row if known else {**row, "code": UNKNOWN, "message": f"{row['code']}: {row['message']}"})

    def _add_evidence(self, table: str, row: Row) -> None:
        query = (
            "INSERT OR IGNORE INTO statements SELECT id, entity_id, schema, prop, value FROM temp.claims WHERE id = ?"
        )
        self.added["statements"] += max(0, self.sql.execute(query, (row["statement_id"],)).rowcount)
        if self.gate.is_rejected(row):
            self._decide("evidence", str(row["id"]), "rejected", REJECTED)
        self._insert(table, row)
        if row["document_id"] == "":
            self.new.append(("evidence", str(row["id"])))

    def _add_notes(self, table: str, row: Row) -> None:
        self._insert(table, row)
        self.new.append(("note", str(row["id"])))

    def _add_terms(self, table: str, row: Row) -> None:
        """Marks only rise: what is said here already is joined with what came. Of what hides nothing the sender's latest word counts."""
        query = """SELECT t.value, t.at, f.bureau FROM main.live_terms AS t LEFT JOIN foreign_rows AS f
            ON f.kind = 'term' AND f.key = t.id WHERE target_kind = ? AND target_id = ? AND facet = ?"""
        held = self.sql.execute(query, (row["target_kind"], row["target_id"], row["facet"])).fetchone()
        if held is None or (held[2] in self.gate.whose.names and row["facet"] in LATEST):
            if held is None or (str(row["at"]) >= held[1] and held[0] != row["value"]):
                self._insert_term(row, json.loads(str(row["value"])))
        elif row["facet"] in ORDERED:
            if held[0] != row["value"]:
                self.gate.add_remark(table, row)
        elif set(json.loads(held[0])) != (joined := {*json.loads(held[0]), *json.loads(str(row["value"]))}):
            self._insert_term(row, joined)

    def _insert_term(self, row: Row, values: Iterable[str]) -> None:
        said = sorted(set(values))
        self._show(str(row["facet"]), said)
        self._insert("terms", {**row, "value": json.dumps(said, ensure_ascii=False)})

    def _show(self, facet: str, values: Sequence[str]) -> None:
        """Refuse a mark that would hide from the officer what the package brings: an honest sender packs what the addressee may see."""
        if facet not in CLOSING or self.reader is None:
            return
        if level := self.reader.find_level_above_clearance({facet: values}):
            raise PackageError(
                Sentence(
                    "The package was not imported. It contains material above your clearance ({level}). An "
                    "officer with a high enough clearance must import the package.",
                    level=level,
                )
            )
        if self.reader.describe_refusal({facet: values}):
            raise PackageError(
                Sentence(
                    "The package was not imported. It contains material that your country is not allowed to "
                    "see. An officer of a country that is allowed to see the material must import the "
                    "package."
                )
            )

    def _insert(self, table: str, row: Row) -> None:
        """Add a row; whose it is is remembered where its run does not say so."""
        spec, told = TABLES[table], self.gate.attribute_officer(row)
        values = {name: value for name, value in told.items() if not (table in NUMBERED and name == "id")}
        cursor = self.sql.execute(_build_insert(table, values), tuple(values.values()))
        if cursor.rowcount <= 0:
            self.gate.add_remark(table, row)
            return
        if spec.kind and (table != "evidence" or row["run_id"] == OFFICER_RUN):
            key = (
                str(row[spec.key])
                if spec.key in row
                else str(self.sql.execute("SELECT last_insert_rowid()").fetchone()[0])
            )
            known = (spec.kind, key, str(row.get("id", key)), self.origin.bureau, self.origin.package)
            self.sql.execute("INSERT OR IGNORE INTO foreign_rows VALUES (?, ?, ?, ?, ?)", known)
        self.added[table] += 1

    def read(self) -> list[tuple[str, str]]:
        """Runs that are new, and those of documents to which text came: run and source."""
        query = """SELECT DISTINCT t.run_id, r.source FROM json_each(?) AS j CROSS JOIN traces AS t ON t.document_id = j.value
            JOIN runs AS r ON r.id = t.run_id"""
        grown = self.sql.execute(query, (json.dumps(sorted(self.grown)),)).fetchall()
        return list(dict.fromkeys((*self.runs, *((str(run), str(source)) for run, source in grown))))

    # How ----------------------------------------------------------------------------------------------------------------

    def finish(self, run: Run) -> None:
        """Say of what is new what holds for everything of that bureau, and tell what does not count here."""
        columns = ("target_kind", "target_id", "facet", "value", "officer", "because", "at")
        because = f"default mark of {self.origin.bureau}"
        for kind, key in self.new:
            for facet, values in self.origin.terms.items():
                told = (kind, key, facet, json.dumps(sorted(values), ensure_ascii=False))
                row: Row = dict(zip(columns, (*told, self.officer, because, now()), strict=True))
                made = compute_digest("term", self.origin.package, *told)
                self._add_terms("terms", self.gate.assign_id("terms", {"id": made, **row}))
        self.gate.raise_marks()
        for facet, closed in self.gate.closing.items():
            self._show(facet, sorted(closed))
        self._report_kept_back(run)

    def bear(self, ledger: Ledger) -> None:
        """Let what officers have adopted of remarks bear the marks that rose on these."""
        because = f"mark of {self.origin.bureau}"
        for key, marks in self.gate.risen.items():
            for target in remarks.list_adopted(self.sql, key):
                held = terms.list_current_terms(ledger, [target[1]], whole=True).get(target, {})
                for facet, values in remarks.merge_facets(held, marks).items():
                    self._show(facet, values)
                    terms.add_facet(self.sql, ledger, (*target, facet), values, because)

    def _report_kept_back(self, run: Run) -> None:
        """An issue row on each original that the sender kept; of remarks tells whoever looks, for they are not for everybody."""
        for source, why in self.origin.kept_back.items():
            text = Sentence("row.derived.kept_back", bureau=self.origin.bureau, why=why)
            self.add_issue(
                run, build_issue("original-kept", text, fix=Sentence("fix.ask.sender"), place=source), source
            )

    def add_issue(self, run: Run, found: Issue, source: str = "") -> None:
        """Add an issue row of this taking in."""
        row = (found.id, run.id, source, found.code, found.severity, found.message, found.fix, "", found.place)
        self.sql.execute("INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _build_insert(table: str, row: Mapping[str, object]) -> str:
    return f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
