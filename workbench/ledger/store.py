"""The ledger: one SQLite file in which rows are only added. This room holds the project's only SQL.

What was acknowledged survives a kill: WAL with synchronous=FULL, and each batch is one transaction. Several notebooks may
work on one case: readers never wait, writers wait for each other.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.aside import Rule, index, says, screen, take
from workbench.ledger.audit import append as append_audit
from workbench.model.ident import digest
from workbench.model.names import searchable
from workbench.model.rows import Claim, Document, Issue, LedgerRow, Passage, Trace

WAIT = 30.0
"""Seconds that a writer waits for another writer."""
OFFICER_RUN = "officer"
"""The run of everything that officers say by hand."""


def now() -> str:
    """The present in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str) -> str:
    """Text as it is indexed: `names.searchable`, with spaces in place of emoji and other pictures."""
    if text.isascii():
        return text
    text = searchable(text)
    return "".join(" " if ord(c) > 0xFF and unicodedata.category(c) in ("So", "Sk", "Cn", "Co") else c for c in text)


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work done completely: a source read by a reader, or passages read by an extraction method.

    `parameters` are part of the identity: the same source read with another mapping is another run.
    """

    kind: str
    method: str
    version: str
    source: str = ""
    parameters: str = "{}"

    @property
    def id(self) -> str:
        """Name of the run: the same work has the same name, so that it is not done twice."""
        return digest("run", self.kind, self.source, self.method, self.version, self.parameters)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a source came: under which name, and within which other source, read by which run; '' if by itself."""

    name: str
    outer: str = ""
    document_id: str = ""
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class RowFile:
    """A Parquet file of mass rows: its name in `rows/`, its table (`model.tables.MASS`), hash, size [bytes] and rows."""

    path: str
    kind: str
    sha256: str
    size: int
    rows: int


class Ledger:
    """An open ledger.

    Parameters
    ----------
    path : Path
        The file; made if missing, brought to the newest schema if older.
    officer : str
        Who works; written to every row that this person adds.
    purpose : str
        What for; written to the audit log.
    """

    def __init__(self, path: Path, *, officer: str, purpose: str) -> None:
        self.path, self.officer, self.purpose = path, officer, purpose
        self.connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        self.connection.create_function("plain", 1, plain, deterministic=True)
        self.connection.create_function("says", 2, says, deterministic=True)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
                self.connection.execute(f"PRAGMA {pragma}")
            self._migrate()
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise CaseError(f"{path} is not a ledger of this workbench ({error}). Restore it from a backup.") from error

    def close(self) -> None:
        """Close the file. The ledger can be opened again at any time."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is written together or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def _migrate(self) -> None:
        scripts = sorted(
            path.name
            for path in files("workbench.ledger").joinpath("migrations").iterdir()
            if path.name.endswith(".sql")
        )
        with self.transaction() as sql:
            done = int(sql.execute("PRAGMA user_version").fetchone()[0])
            if done > len(scripts):
                raise CaseError(
                    f"{self.path} was written by a newer workbench (schema {done}, known {len(scripts)}). Update first."
                )
            for number, name in enumerate(scripts[done:], done + 1):
                for statement in _statements(files("workbench.ledger").joinpath("migrations", name).read_text("utf-8")):
                    sql.execute(statement)
                sql.execute(f"PRAGMA user_version = {number}")
            sql.execute(
                "INSERT OR IGNORE INTO runs VALUES (?, 'officer', 'done', '', 'officer', '1', '{}', '{}', '', '')",
                (OFFICER_RUN,),
            )

    def version(self) -> int:
        """Number of the last change of rows (not of mere reading): what is derived from the rows is good until it changes."""
        query = "SELECT coalesce(max(seq), 0) FROM audit WHERE operation NOT IN ('consultation', 'disclosure')"
        return int(self.connection.execute(query).fetchone()[0])

    # Sources and runs ---------------------------------------------------------------------------------------------------

    def add_source(self, sha256: str, arrival: Arrival, size: int, facts: Mapping[str, str]) -> bool:
        """Register a received file; True if it was new. Facts (exhibit, zone, ...) are added where they changed."""
        with self.transaction() as sql:
            row = (sha256, arrival.name, size, now(), self.officer)
            new = sql.execute("INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?)", row).rowcount > 0
            came = (sha256, arrival.outer, arrival.name, arrival.document_id, arrival.run_id, now())
            sql.execute("INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, ?, ?, ?)", came)
            self._add_facts(sql, sha256, facts)
            if new:
                detail = {"name": arrival.name, "size": size, **({"within": arrival.outer} if arrival.outer else {})}
                self.log(sql, "collection", sha256, {**detail, **facts})
        return new

    def describe_source(self, sha256: str, facts: Mapping[str, str], because: str) -> None:
        """Add facts about a source that is already there; the latest value of a fact counts."""
        with self.transaction() as sql:
            self._add_facts(sql, sha256, facts)
            self.log(sql, "alteration", sha256, {**facts, "because": because})

    def _add_facts(self, sql: sqlite3.Connection, sha256: str, facts: Mapping[str, str]) -> None:
        known = dict(
            sql.execute("SELECT name, value FROM source_facts WHERE source = ? ORDER BY seq", (sha256,)).fetchall()
        )
        rows = [(sha256, name, value, self.officer, now()) for name, value in facts.items() if known.get(name) != value]
        sql.executemany("INSERT INTO source_facts (source, name, value, officer, at) VALUES (?, ?, ?, ?, ?)", rows)

    def has_run(self, run: Run) -> bool:
        """Whether the work is complete (also if it was withdrawn since)."""
        return self.connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.id,)).fetchone() is not None

    def add_rows(self, run: Run, rows: Sequence[LedgerRow]) -> None:
        """Add a batch of a run that goes on. The rows count only when the run is finished."""
        with self.transaction() as sql:
            self._insert(sql, run, rows)

    def finish(
        self,
        run: Run,
        rows: Sequence[LedgerRow],
        counts: Mapping[str, int | str],
        state: str = "read",
        *,
        files: Sequence[RowFile] = (),
    ) -> None:
        """Add the last batch and register the run and its files of mass rows, together."""
        with self.transaction() as sql:
            self._insert(sql, run, rows)
            if self._register(sql, run, counts, state):
                made = [(run.id, file.path, file.kind, run.source, file.sha256, file.size, file.rows) for file in files]
                sql.executemany("INSERT INTO row_files VALUES (?, ?, ?, ?, ?, ?, ?)", made)
            screen(sql, run.id, run.source)
            self.log(
                sql, "collection", run.source or run.id, {"run": run.id, "method": run.method, "state": state, **counts}
            )

    def add_reading(self, run: Run, passages: Sequence[str], rows: Sequence[Claim | Issue]) -> None:
        """Add what one method read in some passages, and that it has read them; all or nothing."""
        with self.transaction() as sql:
            self._register(sql, run, {}, "read")
            self._insert(sql, run, rows)
            sql.executemany(
                "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", [(p, run.method, run.version) for p in passages]
            )
            self.log(sql, "collection", run.id, {"method": run.method, "passages": len(passages), "rows": len(rows)})

    def _register(self, sql: sqlite3.Connection, run: Run, counts: Mapping[str, int | str], state: str) -> bool:
        """Register a run; False if another process has done the same work meanwhile."""
        row = (
            run.id,
            run.kind,
            state,
            run.source,
            run.method,
            run.version,
            run.parameters,
            _json(counts),
            self.officer,
            now(),
        )
        return sql.execute("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount > 0

    def _insert(self, sql: sqlite3.Connection, run: Run, rows: Iterable[LedgerRow]) -> None:
        batches: dict[str, list[tuple[object, ...]]] = {}
        for row in rows:
            for statement, values in _inserts(row, run):
                batches.setdefault(statement, []).append(values)
        for statement in sorted(batches, key=ORDER.index):
            sql.executemany(statement, batches[statement])

    # What officers say --------------------------------------------------------------------------------------------------

    def state(self, claims: Sequence[Claim], *, because: str, replaces: str = "") -> None:
        """Add an officer's claims; with `replaces`, the statement of that id no longer counts."""
        with self.transaction() as sql:
            for claim in claims:
                sql.execute(STATEMENT, (claim.statement_id, claim.entity_id, claim.schema, claim.prop, claim.value))
                key = digest("decided", claim.statement_id, self.officer, now(), because)
                sql.execute(
                    EVIDENCE, (key, claim.statement_id, OFFICER_RUN, *_place(claim), self.officer, because, now())
                )
                self._decide(sql, "statement", claim.statement_id, "stated", because)
            if replaces:
                self._decide(
                    sql, "statement", replaces, "superseded", because, claims[0].statement_id if claims else ""
                )
            self.log(
                sql,
                "alteration",
                claims[0].entity_id if claims else replaces,
                {"claims": len(claims), "because": because},
            )

    def decide(self, target_kind: str, targets: Sequence[str], verdict: str, because: str) -> None:
        """Add a decision on each target: accepted, rejected, withdrawn, restored, open. The latest one counts."""
        with self.transaction() as sql:
            for target in targets:
                self._decide(sql, target_kind, target, verdict, because)
            self.log(
                sql,
                "alteration",
                targets[0] if targets else "",
                {"verdict": verdict, "targets": len(targets), "because": because},
            )

    def _decide(
        self, sql: sqlite3.Connection, kind: str, target: str, verdict: str, because: str, replacement: str = ""
    ) -> None:
        row = (kind, target, verdict, replacement, self.officer, because, now())
        columns = "target_kind, target_id, verdict, replacement, officer, because, at"
        sql.execute(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def set_aside(self, rule: Rule, ground: str, because: str) -> str:
        """Set material aside, what is there and what will come; returns the id of the rule."""
        with self.transaction() as sql:
            row = (rule.id, rule.to_json(), ground, self.officer, because, now())
            sql.execute("INSERT OR IGNORE INTO set_asides VALUES (?, ?, ?, ?, ?, ?)", row)
            self._decide(sql, "set-aside", rule.id, "set aside", because)
            take(sql, rule.id, rule)
            self.log(sql, "alteration", rule.id, {"set aside": rule.words, "ground": ground, "because": because})
        return rule.id

    def reopen(self, key: str, role: str, because: str) -> None:
        """Let what a rule took count again, except where another rule holds it."""
        with self.transaction() as sql:
            self._decide(sql, "set-aside", key, "reopened", f"{role}: {because}")
            index(sql)
            self.log(sql, "alteration", key, {"reopened by": role, "because": because})

    def judge(self, pairs: Sequence[tuple[str, str]], judgement: str, because: str) -> None:
        """Add a judgement on each pair of entities; the latest one on a pair counts."""
        with self.transaction() as sql:
            rows = [(*sorted(pair), judgement, self.officer, because, now()) for pair in pairs]
            columns = "left_id, right_id, judgement, officer, because, at"
            sql.executemany(f"INSERT INTO judgements ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)
            self.log(
                sql,
                "combination",
                " ".join(rows[0][:2]) if rows else "",
                {"judgement": judgement, "pairs": len(rows), "because": because},
            )

    def add_note(self, kind: str, text: str, passages: Sequence[str], detail: Mapping[str, object]) -> str:
        """Add a note, question, hypothesis or conclusion; returns its id."""
        key = "note-" + digest("note", kind, text, *passages, _json(detail), self.officer)
        with self.transaction() as sql:
            row = (key, kind, text, _json(list(passages)), _json(detail), self.officer, now())
            sql.execute("INSERT OR IGNORE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self.log(sql, "alteration", key, {"kind": kind})
        return key

    def save_positions(self, name: str, positions: Mapping[str, Sequence[float]]) -> None:
        """Keep the positions of a chart under its name."""
        with self.transaction() as sql:
            row = (name, _json({key: list(xy) for key, xy in positions.items()}), self.officer, now())
            sql.execute("INSERT OR REPLACE INTO charts VALUES (?, ?, ?, ?)", row)

    def record(self, operation: str, object_: str, detail: Mapping[str, object]) -> None:
        """Write one entry of the audit log for something that adds no row: a consultation, a disclosure."""
        with self.transaction() as sql:
            self.log(sql, operation, object_, detail)

    def log(self, sql: sqlite3.Connection, operation: str, object_: str, detail: Mapping[str, object]) -> None:
        """Append to the audit log inside the transaction of what it tells of."""
        append_audit(sql, (now(), operation, self.officer, self.purpose, object_, _json(detail), "ok"))


STATEMENT = "INSERT OR IGNORE INTO statements VALUES (?, ?, ?, ?, ?)"
EVIDENCE = "INSERT OR IGNORE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DOCUMENT = "INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)"
TRACE = "INSERT OR IGNORE INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
PASSAGE = "INSERT OR IGNORE INTO passages (id, document_id, number, page, text) VALUES (?, ?, ?, ?, ?)"
ISSUE = "INSERT OR IGNORE INTO issues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
ORDER = [DOCUMENT, TRACE, PASSAGE, STATEMENT, EVIDENCE, ISSUE]


def _inserts(row: LedgerRow, run: Run) -> list[tuple[str, tuple[object, ...]]]:
    match row:
        case Document():
            return [(DOCUMENT, (row.id, row.schema, row.title, row.at, row.service))]
        case Trace():
            place = (row.source, row.trace, row.place, row.device, row.custodian, row.conversation)
            return [(TRACE, (row.id, run.id, row.document_id, *place))]
        case Passage():
            return [(PASSAGE, (row.id, row.document_id, row.number, row.page, row.text))]
        case Claim():
            where = (row.document_id, row.passage_id, row.trace_id, str(row.start), str(row.end), row.method)
            key = digest("evidence", row.statement_id, run.id, *where)
            statement = (row.statement_id, row.entity_id, row.schema, row.prop, row.value)
            return [(STATEMENT, statement), (EVIDENCE, (key, row.statement_id, run.id, *_place(row), "", "", ""))]
        case Issue():
            return [
                (
                    ISSUE,
                    (
                        row.id,
                        run.id,
                        run.source,
                        row.code,
                        row.severity,
                        row.message,
                        row.fix,
                        row.document_id,
                        row.place,
                    ),
                )
            ]


def _place(claim: Claim) -> tuple[object, ...]:
    where = (claim.document_id, claim.passage_id, claim.trace_id, claim.start, claim.end)
    return (*where, claim.method, claim.version, claim.confidence, claim.kind, claim.original_value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one (`executescript` would commit the transaction)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
