"""The ledger: one SQLite file in which rows are only added. This room holds the project's only SQL.

What was acknowledged survives a kill: WAL with synchronous=FULL, and each batch is one transaction. Several notebooks may
work on one case, and several threads in each: readers never wait, writers wait for each other (`access`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import CaseError
from workbench.ledger.exclusions.exclusion_rules import (
    Rule,
    apply_rule,
    apply_rules,
    get_rule_id,
    update_attachments,
    update_word_index,
)
from workbench.ledger.foreign import foreign_rows
from workbench.ledger.log import audit_log, checkpoints
from workbench.ledger.log.audit_log import Object
from workbench.ledger.sessions import gone_rows
from workbench.ledger.sessions.inserts import EVIDENCE, ORDER, READING, STATEMENT, build_inserts, build_place_columns
from workbench.ledger.sessions.transactions import Access
from workbench.ledger.storage.runs import Arrival, RowFile, Run, now
from workbench.ledger.storage.schema_migration import migrate_ledger
from workbench.ledger.storage.sqlite_cipher import build_open_error
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.rows import Claim, Issue, LedgerRow, Passage

if TYPE_CHECKING:
    from workbench.identity import Card, Officer

OFFICER_RUN = "officer"
"""The run of everything that officers say by hand."""
OWN_FACT = "own "
"""How the name of a fact begins that is about an officer's own copy of a hidden file (`own_copies`)."""


class Ledger(Access):
    """An open ledger.

    Parameters
    ----------
    path : Path
        The file; made if missing, brought to the newest schema if older.
    officer : str or Officer
        Who works; the name is written to every row that this person adds. An Officer also signs checkpoints of the log.
    purpose : str
        What for; written to the audit log.
    key : str
        Raw key of an encrypted ledger, 64 hexadecimal digits; '' for one that is not encrypted.

    Attributes
    ----------
    session : audit.Session
        What entries of the log say of this session: reason, legal basis and mark are set there.
    """

    def __init__(self, path: Path, *, officer: str | Officer, purpose: str, key: str = "") -> None:
        super().__init__(path, officer=officer, purpose=purpose, key=key)
        try:
            self._session = self._migrate(officer)
        except sqlite3.DatabaseError as error:
            self._connections.close()
            raise build_open_error(path, error) from error
        except BaseException:
            self._connections.close()
            raise

    def close(self) -> None:
        """Close the file. The ledger can be opened again at any time. An officer with a key signs the head of the log."""
        try:
            if self.identity:
                self.sign_checkpoint()
        finally:
            self.identity = None
            self._connections.close()

    def _migrate(self, officer: str | Officer) -> audit_log.Session:
        """Bring the file to the newest schema; the session of the officer in it."""
        with self.open_transaction() as sql:
            migrate_ledger(sql, self.path)
            sql.execute(
                "INSERT OR IGNORE INTO runs VALUES (?, 'officer', 'done', '', 'officer', '1', '{}', '{}', '', '')",
                (OFFICER_RUN,),
            )
            self.binding.start_tracking()
            session = audit_log.start_session(sql, officer, self.purpose)
            session.rows = self._commit_rows
            audit_log.continue_log(sql, session, now())
        return session

    # Sources and runs ---------------------------------------------------------------------------------------------------

    def add_source(self, sha256: str, arrival: Arrival, size: int, facts: Mapping[str, str]) -> bool:
        """Register a received file; True if it was new. Facts (exhibit, zone, ...) are added where they changed."""
        with self.open_transaction() as sql:
            row = (sha256, arrival.name, size, now(), self.officer)
            new = sql.execute("INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?)", row).rowcount > 0
            theirs = not new and foreign_rows.take_source(sql, sha256, row)
            if new := new or theirs:
                foreign_rows.take_ownership(sql, sha256)
            foreign_rows.free_run(sql, arrival.run_id)
            came = (sha256, arrival.outer, arrival.name, arrival.document_id, arrival.run_id, now())
            came_anew = sql.execute("INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, ?, ?, ?)", came).rowcount > 0
            if came_anew and not new and update_attachments(sql, [sha256]):
                update_word_index(sql)
            told = self._add_facts(sql, sha256, facts)
            if told and not new:
                self.log(sql, "alteration", Object("source", id=sha256), {"name": arrival.name, **told})
            if new:
                detail = {"name": arrival.name, "size": size, **({"within": arrival.outer} if arrival.outer else {})}
                self.log(sql, "collection", Object("source", id=sha256, inputs=[sha256]), {**detail, **facts})
        self._look_again(theirs)
        return new

    def add_arrival(self, sha256: str, arrival: Arrival) -> None:
        """Note another way in which a source has come that stays what it is: ours, or of the bureau that has brought it."""
        with self.open_transaction() as sql:
            came = (sha256, arrival.outer, arrival.name, arrival.document_id, arrival.run_id, now())
            if sql.execute("INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, ?, ?, ?)", came).rowcount > 0:
                detail = {"name": arrival.name, "within": arrival.outer}
                self.log(sql, "collection", Object("source", id=sha256), detail)
                if update_attachments(sql, [sha256]):
                    update_word_index(sql)

    def describe_source(
        self, sha256: str, facts: Mapping[str, str], because: str, *, is_own_copy: bool = False
    ) -> None:
        """Add facts about a source that is already there; the latest value of a fact counts.

        `is_own_copy`: they are about the officer's own copy of a hidden file, and nobody else's.
        """
        with self.open_transaction() as sql:
            self._add_facts(sql, sha256, facts, OWN_FACT if is_own_copy else "")
            self.log(sql, "alteration", Object("source", id=sha256), {**facts, "because": because})

    def _add_facts(
        self, sql: sqlite3.Connection, sha256: str, facts: Mapping[str, str], prefix: str = ""
    ) -> dict[str, str]:
        """Add the facts that are new or other than before, as far as the officer may know; gives these."""
        query = "SELECT name, value FROM source_facts WHERE source = ?1 AND ?2 IN ('', officer) ORDER BY seq"
        by = self.officer if (gate := self.current_filter) and sha256 in gate.own else ""
        said = sql.execute(query, (sha256, by)).fetchall()
        known = {str(name).removeprefix(OWN_FACT if by else ""): value for name, value in said}
        told = {name: value for name, value in facts.items() if known.get(name) != value}
        rows = [(sha256, f"{prefix}{name}", value, self.officer, now()) for name, value in told.items()]
        sql.executemany("INSERT INTO source_facts (source, name, value, officer, at) VALUES (?, ?, ?, ?, ?)", rows)
        return told

    def has_run(self, run: Run) -> bool:
        """Whether this case has done the work (also if it was withdrawn since); what another bureau says of itself does not count."""
        done = self.connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.id,)).fetchone() is not None
        return done and not foreign_rows.is_foreign_run(self.connection, run.id)

    def add_rows(self, run: Run, rows: Sequence[LedgerRow]) -> None:
        """Add a batch of a run that goes on. The rows count only when the run is finished. Raises as `finish`."""
        with self.open_transaction() as sql:
            gone_rows.check_source(sql, run)
            freed = self._insert(sql, run, rows)
        self._look_again(freed)

    def finish(
        self,
        run: Run,
        rows: Sequence[LedgerRow],
        counts: Mapping[str, int | str],
        state: str = "read",
        *,
        files: Sequence[RowFile] = (),
        beside: Callable[[sqlite3.Connection], None] | None = None,
    ) -> None:
        """Add the last batch and register the run and its files of mass rows, and what `beside` writes, together.

        Raises
        ------
        ChangedError
            If the file that was read was erased meanwhile, or written anew by an erasure.
        """
        with self.open_transaction() as sql:
            gone_rows.check_source(sql, run)
            freed = self._insert(sql, run, rows)
            if self._register(sql, run, counts, state):
                made = [(run.id, file.path, file.kind, run.source, file.sha256, file.size, file.rows) for file in files]
                sql.executemany("INSERT INTO row_files VALUES (?, ?, ?, ?, ?, ?, ?)", made)
            if beside:
                beside(sql)
            if run.source and state == "read":
                foreign_rows.drop_readings(sql, run.source)
            apply_rules(sql, {run.id: run.source})
            made_of = [run.source] if run.source else []
            what = Object("run", id=run.id, inputs=made_of, outputs=[file.sha256 for file in files])
            self.log(sql, "collection", what, {"method": run.method, "state": state, **counts})
        self._look_again(freed)

    def add_reading(self, run: Run, passages: Sequence[Passage], rows: Sequence[Claim | Issue]) -> bool:
        """Add what one method read in some passages, and that it has read them; all or nothing.

        False, and nothing is added, where one of them says something else by now, or is gone: an erasure or another reading of the file
        came meanwhile. The passages that are left are to be read again.
        """
        with self.open_transaction() as sql:
            if gone_rows.list_changed(sql, {one.id: one.text for one in passages}):
                return False
            self._register(sql, run, {}, "read")
            self._insert(sql, run, rows)
            sql.executemany(READING, [(passage.id, run.method, run.version) for passage in passages])
            what = Object("run", id=run.id, count=len(passages))
            self.log(sql, "collection", what, {"method": run.method, "passages": len(passages), "rows": len(rows)})
        return True

    def _register(self, sql: sqlite3.Connection, run: Run, counts: Mapping[str, int | str], state: str) -> bool:
        """Register a run; False if another process has done the same work meanwhile."""
        foreign_rows.free_run(sql, run.id)
        what = (run.id, run.kind, state, run.source, run.method, run.version, run.parameters)
        row = (*what, _encode_json(counts), self.officer, now())
        return sql.execute("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount > 0

    def _look_again(self, freed: bool) -> None:  # noqa: FBT001 - what a step before it gave
        """Show what a sender hid and what is ours now, also where what the reader sees is looked at once."""
        if freed and self.gate:
            self.gate(self)

    def _insert(self, sql: sqlite3.Connection, run: Run, rows: Sequence[LedgerRow]) -> bool:
        """Add rows of a run; whether a mark of others gave way to them."""
        batches: dict[str, list[tuple[object, ...]]] = {}
        freed = foreign_rows.make_room(sql, run, rows)
        run_id = run.id
        for row in rows:
            for statement, values in build_inserts(row, run, run_id):
                batches.setdefault(statement, []).append(values)
        for statement in sorted(batches, key=ORDER.index):
            sql.executemany(statement, batches[statement])
        return freed

    # What officers say --------------------------------------------------------------------------------------------------

    def add_claims(
        self, claims: Sequence[Claim], *, because: str, replaces: str = "", is_bound: bool = False
    ) -> list[str]:
        """Add an officer's claims; gives the ids of the evidence. With `replaces`, the statement of that id no longer counts.

        `is_bound`: that they were stated is hidden and erased with this evidence, and not only with the last for the statement.
        """
        keys = []
        with self.open_transaction() as sql:
            gone_rows.check_passages(sql, [claim.passage_id for claim in claims])
            for claim in claims:
                sql.execute(STATEMENT, (claim.statement_id, claim.entity_id, claim.schema, claim.prop, claim.value))
                key = compute_digest("decided", claim.statement_id, self.officer, now(), because)
                sql.execute(
                    EVIDENCE,
                    (key, claim.statement_id, OFFICER_RUN, *build_place_columns(claim), self.officer, because, now()),
                )
                self._decide(sql, "statement", claim.statement_id, "stated", because, key if is_bound else "")
                keys.append(key)
            if replaces:
                self._decide(
                    sql, "statement", replaces, "superseded", because, claims[0].statement_id if claims else ""
                )
            what = Object("entity", claims[0].entity_id if claims else replaces)
            self.log(sql, "alteration", what, {"claims": len(claims), "because": because})
        return keys

    def decide(
        self,
        target_kind: str,
        targets: Sequence[str],
        verdict: str,
        because: str,
        *,
        rests_on: Mapping[str, str] | None = None,
    ) -> None:
        """Add a decision on each target: accepted, rejected, withdrawn, restored, open, … The latest one counts.

        `rests_on`: row of the ledger with which the decision is hidden and erased, for a target that is no row itself.
        """
        with self.open_transaction() as sql:
            for target in targets:
                self._decide(sql, target_kind, target, verdict, because, (rests_on or {}).get(target, ""))
            self._log_decisions(sql, target_kind, targets, verdict, because)

    def withdraw_runs(self, sql: sqlite3.Connection, runs: Sequence[str], because: str) -> None:
        """Let runs count no more, inside the caller's transaction."""
        for run in runs:
            self._decide(sql, "run", run, "withdrawn", because)
        self._log_decisions(sql, "run", runs, "withdrawn", because)

    def _log_decisions(
        self, sql: sqlite3.Connection, target_kind: str, targets: Sequence[str], verdict: str, because: str
    ) -> None:
        if target_kind == "run":
            self._update_attachments_of(sql, targets)
        what = Object(target_kind, targets[0] if targets else "", count=len(targets))
        self.log(sql, "alteration", what, {"verdict": verdict, "targets": len(targets), "because": because})

    def _update_attachments_of(self, sql: sqlite3.Connection, runs: Sequence[str]) -> None:
        """Exclude, or show again, what depends on runs that count no more or again."""
        found = sql.execute(
            "SELECT DISTINCT source FROM runs WHERE id IN (SELECT value FROM json_each(?))", (_encode_json(list(runs)),)
        )
        if update_attachments(sql, [source for (source,) in found.fetchall()]):
            update_word_index(sql)

    def _decide(
        self, sql: sqlite3.Connection, kind: str, target: str, verdict: str, because: str, replacement: str = ""
    ) -> None:
        row = (kind, target, verdict, replacement, self.officer, because, now())
        columns = "target_kind, target_id, verdict, replacement, officer, because, at"
        sql.execute(f"INSERT INTO decisions ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def exclude_material(self, rule: Rule, ground: str, because: str, known: Container[str] | None = None) -> str:
        """Set material aside, what is there and what will come; returns the id of the rule.

        `known`: ids of the rules of which the officer may know, all if not given. The same rule of another that is not among them
        is as if it were not there.
        """
        with self.open_transaction() as sql:
            key = get_rule_id(sql, rule, self.officer, known)
            foreign_rows.take_ownership(sql, key)
            row = (key, rule.to_json(), ground, self.officer, because, now())
            sql.execute("INSERT OR IGNORE INTO set_asides VALUES (?, ?, ?, ?, ?, ?)", row)
            self._decide(sql, "set-aside", key, "set aside", because)
            apply_rule(sql, key, rule)
            what = Object("set-aside", key)
            self.log(sql, "alteration", what, {"set aside": rule.words, "ground": ground, "because": because})
        return key

    def reopen(self, key: str, role: str, because: str) -> None:
        """Let what a rule took count again, except where another rule holds it."""
        with self.open_transaction() as sql:
            self._decide(sql, "set-aside", key, "reopened", f"{role}: {because}")
            update_attachments(sql)
            update_word_index(sql)
            self.log(sql, "alteration", Object("set-aside", key), {"reopened by": role, "because": because})

    def judge(self, pairs: Sequence[tuple[str, str]], judgement: str, because: str) -> None:
        """Add a judgement on each pair of entities; the latest one on a pair counts."""
        with self.open_transaction() as sql:
            rows = [(*sorted(pair), judgement, self.officer, because, now()) for pair in pairs]
            columns = "left_id, right_id, judgement, officer, because, at"
            sql.executemany(f"INSERT INTO judgements ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)
            what = Object("pair", " ".join(rows[0][:2]) if rows else "", count=len(rows))
            self.log(sql, "combination", what, {"judgement": judgement, "pairs": len(rows), "because": because})

    def add_note(self, kind: str, text: str, passages: Sequence[str], detail: Mapping[str, object]) -> str:
        """Add a note, question, hypothesis or conclusion; returns its id."""
        key = "note-" + compute_digest("note", kind, text, *passages, _encode_json(detail), self.officer)
        with self.open_transaction() as sql:
            gone_rows.check_passages(sql, passages)
            row = (key, kind, text, _encode_json(list(passages)), _encode_json(detail), self.officer, now())
            foreign_rows.take_ownership(sql, key)
            sql.execute("INSERT OR IGNORE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self.log(sql, "alteration", Object("note", key), {"kind": kind})
        return key

    def save_positions(self, name: str, positions: Mapping[str, Sequence[float]], pinned: Container[str] = ()) -> None:
        """Keep the positions of a chart under its name, and which of them are pinned."""
        with self.open_transaction() as sql:
            places = {key: [*xy, 1] if key in pinned else list(xy) for key, xy in positions.items()}
            row = (name, _encode_json(places), self.officer, now())
            sql.execute("INSERT OR REPLACE INTO charts VALUES (?, ?, ?, ?)", row)

    # The audit log ------------------------------------------------------------------------------------------------------

    def record(
        self,
        operation: str,
        what: Object,
        detail: Mapping[str, object] | None = None,
        *,
        to: Sequence[str] = (),
        durable: bool = True,
    ) -> None:
        """Write one entry of the audit log for something that adds no row: a consultation, a disclosure (`transaction`).

        Raises
        ------
        CaseError
            Without a reason; the refusal is logged.
        """
        if operation in audit_log.REASONED and not ((detail or {}).get("because") or self.session.reason.strip()):
            raise self.refuse(operation, what, Sentence(f"refused.log.{operation}"))
        with self.open_transaction(durable=durable) as sql:
            self.log(sql, operation, what, detail or {}, to=to)

    def refuse(self, operation: str, what: Object, why: str) -> CaseError:
        """Log that something was refused, and give the error to raise; `why` is what the officer is told."""
        with self.open_transaction() as sql:
            audit_log.append_entry(
                sql, self.session, audit_log.Act(operation, what, {"refused": why}, result="refused"), now()
            )
        return CaseError(why)

    def sign_checkpoint(self) -> str:
        """Sign the head of the log: the text of a checkpoint, to be kept where this case's owner cannot change it.

        Raises
        ------
        CaseError
            If the officer has no key.
        """
        if self.identity is None:
            raise CaseError(
                Sentence(
                    "A checkpoint must be signed, but no key is unlocked. Open the case with "
                    "`officer=identity.unlock('name', passphrase)`. If you do not have a key yet, create one first: "
                    "`workbench identity new`."
                )
            )
        with self.open_transaction() as sql:
            return checkpoints.create_checkpoint(sql, self.session, self.identity, now())

    def add_countersignature(self, note: str, card: Card) -> None:
        """Keep what another party signed under a checkpoint of this ledger: the note as it came back, and the party's card."""
        with self.open_transaction() as sql:
            checkpoints.add_countersignatures(sql, self.session, note, card, now())


def _encode_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
