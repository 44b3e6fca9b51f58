"""Ledgers of every earlier schema open, keep what they have, and go on with a log that holds the head of the old one."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.ledger import schemas
from tests.ledger.loglike import ROOT, independent
from workbench.errors import CaseError
from workbench.ledger import Ledger
from workbench.ledger.log import legacy_hash_chain
from workbench.ledger.log.finding import BAD, OPEN
from workbench.ledger.records import consultations, passage_search, row_tables
from workbench.ledger.storage.schema_migration import read_scripts
from workbench.ledger.verification.verify import open_ledger, verify_case

OLD = range(1, len(read_scripts()))
CHAINED = range(1, 6)
"""Schemas whose log was a chain of hashes."""


@pytest.mark.slow
@pytest.mark.parametrize("schema", OLD)
def test_a_ledger_of_an_earlier_schema_opens_with_all_it_has(tmp_path: Path, schema: int) -> None:
    ledger = Ledger(schemas.make(tmp_path / "ledger.db", schema), officer="ada", purpose="training")
    assert ledger.connection.execute("PRAGMA user_version").fetchone() == (len(read_scripts()),)
    assert ledger.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert list(row_tables.list_sources(ledger)["name"]) == ["chat.txt"]
    assert list(passage_search.find_passages(ledger, "quay", 5)["passage_id"]) == ["p1"]
    assert list(row_tables.list_evidence(ledger)["value"]) == ["Marta"]
    ledger.close()


@pytest.mark.parametrize("schema", CHAINED)
def test_the_old_log_is_kept_as_it_was_and_its_head_is_in_the_new_one(tmp_path: Path, schema: int) -> None:
    path = schemas.make(tmp_path / "ledger.db", schema)
    before = verify_case(open_ledger(path))
    assert [(one.check, one.state) for one in before] == [("earlier log", "ok")]
    Ledger(path, officer="ada", purpose="training").close()
    ledger = Ledger(path, officer="ada", purpose="training")
    assert legacy_hash_chain.find_first_fault(legacy_hash_chain.list_rows(ledger.connection)) is None
    assert legacy_hash_chain.get_head(ledger.connection)[0] == len(schemas.ENTRIES)
    log = consultations.list_entries(ledger)
    assert list(log["log"]) == ["chain"] * 4 + ["tree"]
    assert log.loc[4, ["operation", "kind", "object", "count"]].tolist() == [
        "alteration", "log", legacy_hash_chain.get_head(ledger.connection)[1], 4,
    ]  # fmt: skip
    assert {one.state for one in verify_case(open_ledger(path))} == {"ok", OPEN}
    assert (
        consultations.count_entries(ledger) == 5
        and len(consultations.list_entries(ledger, consultations.list_own_officer_ids(ledger))) == 4
    )
    ledger.close()


@pytest.mark.parametrize("change", [
    "UPDATE audit_v1 SET detail = '{}' WHERE seq = 3", "DELETE FROM audit_v1 WHERE seq = 2", "DELETE FROM audit_v1 WHERE seq = 4",
    "UPDATE audit_v1 SET seq = seq + 1", "DELETE FROM audit_v1",
])  # fmt: skip
def test_a_change_of_the_old_log_is_found(tmp_path: Path, change: str) -> None:
    path = schemas.make(tmp_path / "ledger.db", 5)
    Ledger(path, officer="ada", purpose="training").close()
    sql = sqlite3.connect(path, isolation_level=None)
    sql.execute(change.replace("seq + 1", "seq + 10"))
    assert {one.check for one in verify_case(sql) if one.state == BAD} == {"earlier log"}
    sql.close()


def test_a_chain_that_was_written_anew_as_a_whole_is_found_by_its_head_in_the_log(tmp_path: Path) -> None:
    path = schemas.make(tmp_path / "ledger.db", 5)
    Ledger(path, officer="ada", purpose="training").close()
    sql, previous = sqlite3.connect(path, isolation_level=None), legacy_hash_chain.GENESIS
    sql.execute("UPDATE audit_v1 SET officer = 'eve' WHERE seq = 1")
    for seq, *fields, _, _ in legacy_hash_chain.list_rows(sql):
        hash_ = legacy_hash_chain.compute_hash(previous, tuple(fields))  # type: ignore[arg-type]
        sql.execute("UPDATE audit_v1 SET previous = ?, hash = ? WHERE seq = ?", (previous, hash_, seq))
        previous = hash_
    assert legacy_hash_chain.find_first_fault(legacy_hash_chain.list_rows(sql)) is None
    assert [one.entry for one in verify_case(sql) if one.state == BAD] == [1]
    sql.close()


def test_the_program_in_the_documentation_reads_a_log_that_went_on(tmp_path: Path) -> None:
    path = schemas.make(tmp_path / "ledger.db", 4)
    Ledger(path, officer="ada", purpose="training").close()
    assert independent().verify(open_ledger(path)) == []


def test_the_documentation_checks_the_chain_as_it_says(tmp_path: Path) -> None:
    path = schemas.make(tmp_path / "ledger.db", 5)
    Ledger(path, officer="ada", purpose="training").close()
    told = (ROOT / "docs" / "audit.md").read_text("utf-8")
    program = next(block for block in re.findall(r"```python\n(.*?)```", told, re.DOTALL) if "audit_v1" in block)
    sql = sqlite3.connect(path)
    names: dict[str, object] = {"sql": sql}
    exec(program, names)  # noqa: S102 - ours, out of docs/audit.md
    assert names["previous"] == legacy_hash_chain.get_head(sql)[1]
    sql.execute("UPDATE audit_v1 SET purpose = 'x' WHERE seq = 2")
    with pytest.raises(AssertionError, match="entry 2 was changed"):
        exec(program, {"sql": sql})  # noqa: S102
    sql.close()


def test_a_ledger_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = schemas.make(tmp_path / "ledger.db", 6)
    sql = sqlite3.connect(path)
    sql.execute("PRAGMA user_version = 999")
    sql.close()
    with pytest.raises(CaseError, match="A newer version of the program wrote"):
        Ledger(path, officer="ada", purpose="training")
