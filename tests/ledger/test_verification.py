"""Whatever is done to the audit log is found: by the command, by the program in the documentation, and where it was done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.ledger import tampering
from tests.ledger.loglike import ROOT, Made, bad, copy, independent, make
from tests.ledger.tampering import NAMED, UNKNOWN, WAYS, Way
from workbench.ledger import Ledger
from workbench.ledger.log.finding import BAD, OPEN
from workbench.ledger.verification.verify import open_ledger, verify_case
from workbench.model.catalogue import Sentence


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("log") / "ledger.db")


@pytest.fixture(scope="module")
def program() -> object:
    return independent()


def test_a_log_that_nobody_touched_is_right(made: Made, program: object) -> None:
    found = verify_case(open_ledger(made.path), given=made.notes, trust=made.trust)
    assert {one.state for one in found} == {"ok"}
    assert program.verify(open_ledger(made.path), made.notes) == []  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_is_found_by_both(made: Made, program: object, way: Way) -> None:
    for seed in range(3):
        sql = copy(made.path)
        before = tampering.digest(sql)
        first = way(sql, Random(seed), made)
        assert tampering.digest(sql) != before
        found = bad(sql, made)
        assert found and all(isinstance(one.said, Sentence) for one in found)
        if way in NAMED and first != UNKNOWN:
            assert min(one.entry for one in found if one.check in ("entries", "texts") and one.entry) == first
        assert program.verify(sql, made.notes) != []  # type: ignore[attr-defined]
        sql.close()


@pytest.mark.slow
def test_every_field_of_an_entry_is_protected(made: Made, program: object) -> None:
    sql, dice = copy(made.path), Random(1)
    whole = tampering.entry(sql, 5)
    for place in tampering.places(whole):
        tampering.write(sql, 5, tampering.changed(whole, place, dice))
        assert [one.entry for one in bad(sql, made, ())][:1] == [5], place
        assert program.verify(sql, ()) != [], place  # type: ignore[attr-defined]
    tampering.write(sql, 5, whole)
    assert bad(sql, made) == []


def test_an_owner_who_rewrites_all_is_found_by_what_others_hold_and_by_nothing_else(
    made: Made, program: object
) -> None:
    sql = copy(made.path)
    first = tampering.rewrite_after_edit(sql, Random(3), made)
    assert first == UNKNOWN
    tampering.reseal(sql, made.officer)
    assert not [one for one in bad(sql, made, ()) if one.check == "entries"]
    assert "An entry was changed after" in bad(sql, made)[-1].said + " ".join(one.said for one in bad(sql, made))
    assert program.verify(sql, made.notes) != []  # type: ignore[attr-defined]


def test_what_a_checkpoint_shows_lies_behind_the_last_that_fits(made: Made) -> None:
    sql = copy(made.path)
    seq = 40
    value = tampering.entry(sql, seq)
    tampering.write(sql, seq, {**value, "confidentiality": "none"})
    tampering.relink(sql, seq)
    found = [one for one in bad(sql, made) if one.check == "checkpoints"]
    assert min(one.entry for one in found) in range(31, 41)
    assert any("between 32 and 47" in one.said for one in found)


def test_without_a_checkpoint_it_is_said_that_it_is_not_all(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db", officer="ada", purpose="test").close()
    found = verify_case(open_ledger(tmp_path / "ledger.db"))
    assert [(one.check, one.state) for one in found][-1] == ("checkpoints", OPEN)
    assert BAD not in {one.state for one in found}


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 4096])
def test_what_is_no_ledger_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "ledger.db").write_bytes(data)
    found = verify_case(open_ledger(tmp_path / "ledger.db"))
    assert [one.state for one in found if one.state != "ok"][:1] == [BAD]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE audit_texts SET text = CAST(text AS BLOB) WHERE seq = 2", "texts"),
        ("UPDATE audit_texts SET salt = CAST(x'61' AS TEXT) WHERE seq = 2", "texts"),
        ("UPDATE audit_texts SET field = CAST(field AS BLOB) WHERE seq = 2", "texts"),
        ("INSERT INTO audit_texts VALUES (0, 'actor.name', zeroblob(16), 'x')", "texts"),
        ("INSERT INTO audit_texts VALUES (-3, 'actor.name', zeroblob(16), 'x')", "texts"),
        ("INSERT INTO audit_texts VALUES ('x', 'actor.name', zeroblob(16), 'x')", "texts"),
        ("UPDATE audit SET entry = CAST(entry AS BLOB) WHERE seq = 2", "entries"),
        ("UPDATE signers SET card = CAST(card AS BLOB)", "ledger rows"),
        ("UPDATE checkpoints SET body = CAST(body AS BLOB)", "ledger rows"),
        ("UPDATE row_marks SET leaf = CAST(hex(leaf) AS TEXT)", "ledger rows"),
        ("UPDATE row_marks SET entry = 'x'", "ledger rows"),
        ("UPDATE row_salts SET salt = 5", "ledger rows"),
        ("INSERT INTO charts VALUES (x'61', '{}', 'ada', '')", "ledger rows"),
        ("UPDATE sources SET name = CAST(name AS BLOB)", "ledger rows"),
    ],
)
def test_values_of_another_type_than_their_columns_are_told(made: Made, program: Any, change: str, check: str) -> None:
    sql = copy(made.path)
    before = {one for one in verify_case(sql) if one.state == BAD}
    sql.execute("DROP TRIGGER IF EXISTS audit_is_not_changed")
    sql.execute("DROP INDEX IF EXISTS audit_changes")
    sql.execute(change)
    assert check in {one.check for one in {*verify_case(sql)} - before if one.state == BAD}
    assert check == "ledger rows" or program.verify(sql)
    sql.close()


def test_a_table_that_was_put_in_the_place_of_the_log_is_told(made: Made) -> None:
    sql = copy(made.path)
    sql.execute("CREATE TABLE other AS SELECT CAST(seq AS TEXT) AS seq, entry, leaf FROM audit")
    sql.execute("DROP TABLE audit")
    sql.execute("ALTER TABLE other RENAME TO audit")
    assert bad(sql, made)
    sql.execute("DROP TABLE audit")
    assert [one.check for one in bad(sql, made)] == ["ledger"]


PROGRAM = ROOT / "docs" / "verify.py"
BARE = f"""
import runpy, sys
sys.modules["cryptography"] = None
sys.argv = ["verify.py", *sys.argv[1:]]
runpy.run_path({str(PROGRAM)!r}, run_name="__main__")
"""


def run(*given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *map(str, given)], capture_output=True, text=True, check=False)


def test_the_program_in_the_documentation_is_short_and_uses_nothing_of_ours() -> None:
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) < 100
    assert "workbench" not in text


@pytest.mark.parametrize("way", [None, *WAYS[::6]], ids=lambda way: getattr(way, "__name__", "nothing"))
def test_the_program_in_the_documentation_runs_by_itself(made: Made, tmp_path: Path, way: Way | None) -> None:
    sql = copy(made.path)
    if way:
        way(sql, Random(1), made)
    target = sqlite3.connect(tmp_path / "ledger.db")
    sql.backup(target)
    target.close()
    (tmp_path / "last.txt").write_text(made.notes[-1][1], "utf-8")
    done = run(PROGRAM, tmp_path / "ledger.db", tmp_path / "last.txt")
    assert done.returncode == bool(way), done
    assert (done.stdout == "nothing is wrong\n") == (way is None)
    assert done.stderr == ""


JUNK = ("{}", "", "no JSON", "[]", '{"key": 7}', '{"key": "x"}', "\x00", b"\xff\xfe", 7, '{"key": "' + "A" * 41 + '"}')
"""What somebody may have put into the column of cards."""


@pytest.mark.parametrize("fingerprint", ["SHA256:x", "", "x", "SHA256:" + "A" * 43, "SHA256:" + "é" * 43, b"\xff"])
@pytest.mark.parametrize("card", JUNK, ids=range(len(JUNK)))
def test_a_row_among_the_signers_that_is_no_card_is_told_and_stops_nothing(
    made: Made, fingerprint: object, card: object
) -> None:
    sql = copy(made.path)
    sql.execute("INSERT INTO signers VALUES (?, ?)", (fingerprint, card))
    found = independent().verify(sql, made.notes)
    assert len(found) == 1 and "of signers holds no card" in found[0], found
    assert bad(sql, made), "so does the program"
    sql.execute("UPDATE audit SET leaf = x'00' WHERE seq = 3")
    assert len(independent().verify(sql, made.notes)) > 1, "the log is checked all the same"


def test_without_the_package_for_signatures_it_checks_hashes_and_says_so(made: Made, tmp_path: Path) -> None:
    (tmp_path / "last.txt").write_text(made.notes[-1][1], "utf-8")
    done = run("-c", BARE, made.path, tmp_path / "last.txt")
    assert done.returncode == 0 and "not checked, for want of `cryptography`" in done.stdout
    assert done.stdout.endswith("nothing is wrong\n")
