"""Whether a ledger and its audit log are what was written, told in sentences for people who have to rely on it.

It reads and writes nothing. An owner who rewrites the whole log is found by a checkpoint that another party holds, and by
nothing else: without one, all that can be said is that the log fits in itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.errors import CaseError
from workbench.ledger.log import checkpoints, legacy_hash_chain
from workbench.ledger.log.finding import BAD, OK, LogFinding
from workbench.ledger.log.log_walk import Walk, parse_entry, walk_log
from workbench.ledger.records import products
from workbench.ledger.storage import file_inventory, schema_migration, stored_values
from workbench.ledger.storage.case_folder import Folder
from workbench.ledger.storage.sqlite_cipher import open_read_only
from workbench.ledger.verification import row_check, row_indexes, word_index
from workbench.ledger.verification.cosignatures import NamedCheckpoint, Trust, list_findings
from workbench.model.catalogue import Sentence, get_term
from workbench.visible import escape_unprintable

WORDS = "index of words"
Note = tuple[str, str]
"""Where a checkpoint is from, and its text."""


def open_ledger(path: Path, key: str = "") -> sqlite3.Connection:
    """A ledger opened so that nothing is written, not even the notes that SQLite keeps beside it; `key` of an encrypted one.

    Raises
    ------
    CaseError
        If there is none.
    """
    if not path.is_file():
        raise CaseError(
            Sentence("{path} does not exist. Enter the path of a case folder that contains `ledger.db`.", path=path)
        )
    return open_read_only(path, key)


def verify_case(
    sql: sqlite3.Connection,
    folder: Folder | None = None,
    given: Sequence[Note] = (),
    trust: Trust | None = None,
    *,
    hash_of: file_inventory.Hash | None = None,
    watch: row_check.Watch | None = row_check.pass_rows,
) -> list[LogFinding]:
    """Check a ledger of any schema, and the files of its case.

    Parameters
    ----------
    sql : Connection
        The ledger; it may be read-only.
    folder : Folder, optional
        The case; without it the files are left out.
    given : sequence of (str, str)
        Checkpoints that others hold: name of the file, text.
    trust : Trust, optional
        Whom to ask about those who signed.
    hash_of : callable
        Gives the SHA-256 of what a file of the case holds (`file_vault.Vault.hash`); by default the vault of the folder does.
    watch : callable, optional
        Passes the rows of each table through, for a progress bar; None leaves the rows out.
    """
    try:
        sql.execute("BEGIN")
        try:
            found, walked = _check_log(sql, given, trust or Trust(), watch)
            if folder:
                found += file_inventory.list_source_findings(sql, folder, walked, hash_of or folder.vault.hash)
                found += file_inventory.list_row_findings(sql, folder, hash_of or folder.vault.hash)
                found += products.list_findings(sql, folder, hash_of or folder.vault.hash)
        finally:
            sql.execute("ROLLBACK")
    except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as error:
        return [LogFinding("ledger", BAD, Sentence("verified.ledger.unreadable", error=error))]
    return found


def _check_schema(sql: sqlite3.Connection) -> Iterator[LogFinding]:
    """Tables, indexes, views and triggers have to be those that the program makes for the schema that the ledger says it has."""
    version, known = int(sql.execute("PRAGMA user_version").fetchone()[0]), len(schema_migration.read_scripts())
    if not 0 < version <= known:
        yield LogFinding("ledger", BAD, Sentence("verified.ledger.version", told=str(version), known=str(known)))
    for (kind, name), how in schema_migration.find_differences(sql, version if 0 < version <= known else known).items():
        values = {"kind": get_term("verified.kind", kind), "name": escape_unprintable(f"{name:.60}")}
        said = Sentence("verified.ledger.view", name=values["name"]) if kind == "view" else None
        yield LogFinding("ledger", BAD, said or Sentence(f"verified.ledger.{how}", **values))


def _check_word_index(sql: sqlite3.Connection, watch: row_check.Watch) -> Iterator[LogFinding]:
    """The index of words has to be the one that the passages make, without what is set aside."""
    if not word_index.is_comparable(sql):
        return
    try:
        wrong = word_index.compare_index(sql, watch).differences
    except sqlite3.DatabaseError as error:
        yield LogFinding(WORDS, BAD, Sentence("verified.words.unreadable", error=error))
        return
    for name, number in wrong.items():
        yield LogFinding(WORDS, BAD, Sentence(f"verified.words.{name}", n=number), about=None)
    if not wrong:
        yield LogFinding(WORDS, OK, Sentence("verified.words.whole"))


def _check_rows(sql: sqlite3.Connection, walked: Walk, watch: row_check.Watch) -> Iterator[LogFinding]:
    """Rows, the types of their values, their indexes, and the index of words."""
    yield from (*row_check.list_findings(sql, walked, watch), *stored_values.list_findings(sql))
    yield from (*row_indexes.list_findings(sql, watch), *_check_word_index(sql, watch))


def _check_log(
    sql: sqlite3.Connection, given: Sequence[Note], trust: Trust, watch: row_check.Watch | None
) -> tuple[list[LogFinding], Walk]:
    """The log, and what a walk through it gave; sources of the chain of an earlier schema are added to it."""
    old = "entry" not in {row[1] for row in sql.execute("PRAGMA main.table_info(audit)").fetchall()}
    before = legacy_hash_chain.list_rows(sql, "audit" if old else "audit_v1")
    collected = {str(row[5]) for row in before if row[2] == "collection" and len(str(row[5])) == 64}
    if old:
        return [*_check_legacy(before, given), *_check_schema(sql)], Walk(collected=collected)
    seen, unreadable = _read_checkpoints(sql, given)
    walked = walk_log(sql, {one.checkpoint.size for one in seen})
    walked.collected |= collected
    told = [
        *_check_legacy_chain(sql, before),
        _build_entries_finding(walked),
        _build_texts_finding(walked),
        *_check_schema(sql),
    ]
    told += _check_rows(sql, walked, watch) if watch else ()
    return [*told, *unreadable, *list_findings(sql, seen, walked, trust)], walked


def _check_legacy(rows: Sequence[legacy_hash_chain.Row], given: Sequence[Note]) -> list[LogFinding]:
    """A ledger of an earlier schema has a chain of hashes and nothing else."""
    refused = [
        LogFinding(
            "checkpoints",
            BAD,
            Sentence(
                "{name} was not checked. The log of this case has an older format without checkpoints.", name=name
            ),
        )
        for name, _ in given
    ]
    return [_check_chain(rows, "alone"), *refused]


def _check_legacy_chain(sql: sqlite3.Connection, rows: Sequence[legacy_hash_chain.Row]) -> Iterator[LogFinding]:
    """The chain of an earlier schema, and whether the first entry of the log holds its head."""
    held = _get_legacy_head(sql)
    if not rows and held == (0, legacy_hash_chain.GENESIS):
        return
    is_held = (len(rows), rows[-1][-1] if rows else legacy_hash_chain.GENESIS) == held
    if not is_held:
        said = Sentence("verified.earlier.another", count=len(rows), told=held[0])
        yield LogFinding("earlier log", BAD, said, 1)
    chain = _check_chain(rows, "held")
    if is_held or chain.state == BAD:
        yield chain


def _get_legacy_head(sql: sqlite3.Connection) -> tuple[object, object]:
    """Number of entries and head of the chain, as the first entry of the log tells."""
    row = sql.execute("SELECT CAST(entry AS BLOB) FROM audit ORDER BY seq LIMIT 1").fetchone()
    entry = parse_entry(bytes(row[0] or b"")) if row else None
    told = entry.get("object") if entry else None
    if isinstance(told, dict) and told.get("kind") == "log" and entry and entry.get("op") == "alteration":
        return told.get("count"), told.get("id")
    return 0, legacy_hash_chain.GENESIS


def _check_chain(rows: Sequence[legacy_hash_chain.Row], how: str) -> LogFinding:
    bad = legacy_hash_chain.find_first_fault(rows)
    if bad is None:
        return LogFinding("earlier log", OK, Sentence(f"verified.earlier.{how}", count=len(rows)))
    return LogFinding("earlier log", BAD, Sentence("verified.earlier.changed", entry=str(bad)), bad)


def _build_entries_finding(found: Walk) -> LogFinding:
    if found.bad[0]:
        return LogFinding("entries", BAD, found.bad[1], found.bad[0])
    return LogFinding("entries", OK, Sentence("verified.entries.whole", count=found.size))


def _build_texts_finding(found: Walk) -> LogFinding:
    if found.bad_text[1]:
        return LogFinding("texts", BAD, found.bad_text[1], found.bad_text[0])
    gone = {hash_: place for hash_, place in found.missing.items() if hash_ not in found.erased_texts}
    if gone:
        seq, place = min(gone.values())
        return LogFinding("texts", BAD, Sentence("verified.texts.gone", place=place, entry=str(seq)), seq)
    erased = Sentence("verified.texts.erased", count=len(found.missing))
    return LogFinding("texts", OK, erased if found.missing else Sentence("verified.texts.whole"))


def _read_checkpoints(sql: sqlite3.Connection, given: Sequence[Note]) -> tuple[list[NamedCheckpoint], list[LogFinding]]:
    """Checkpoints of the ledger and of others, and what is no checkpoint."""
    kept = [
        (Sentence("verified.checkpoints.kept", number=str(number)), text, True)
        for number, text in enumerate(checkpoints.list_checkpoints(sql), 1)
    ]
    seen: list[NamedCheckpoint] = []
    bad: list[LogFinding] = []
    for name, text, own in [*kept, *((name, text, False) for name, text in given)]:
        try:
            seen.append(NamedCheckpoint(checkpoints.parse_checkpoint(text), name, kept=own))
        except CaseError as error:
            bad.append(LogFinding("checkpoints", BAD, Sentence("{name}: {error}", name=name, error=error)))
    return seen, bad
