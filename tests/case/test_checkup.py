"""The doctor of a case says what is wrong with it and what to do, also where it does not open; it changes nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.case import planted
from workbench.case.case import Case, open_case
from workbench.case.storage import health_check
from workbench.case.storage.backup import restore
from workbench.cli import main
from workbench.errors import CaseError
from workbench.ledger.ledger import Ledger
from workbench.ledger.maintenance import key_change
from workbench.ledger.records import products
from workbench.ledger.storage.file_vault import LARGEST, PLAIN, UNREAD
from workbench.model.catalogue import Translator


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(planted.write(tmp_path), zone="Europe/London")
    made.close()
    return tmp_path / "case"


def state(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in health_check.list_findings(health_check.unlock_folder(folder), Translator()):
        found.setdefault(one.part, set()).add(one.state)
        assert one.state == "well" or one.advice, f"{one} does not say what to do"
    return found


def content(folder: Path) -> dict[str, str]:
    files = (
        path for path in folder.rglob("*") if path.is_file() and "-shm" not in path.name and "-wal" not in path.name
    )
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def only(path: Path) -> Path:
    return next(one for one in sorted(path.iterdir()) if one.is_file())


def test_a_whole_case_is_well_and_stays_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(folder)
    assert set().union(*state(folder).values()) == {"well"}
    assert main(["doctor", str(folder)]) == 0
    assert "There are no problems to fix." in capsys.readouterr().out
    assert content(folder) == before


def test_a_missing_a_changed_and_an_unknown_source(folder: Path) -> None:
    path = only(folder / "sources")
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole + b"x")
    assert state(folder)["sources"] == {"fix"}
    path.unlink()
    (folder / "sources" / ("ab" * 32)).write_bytes(b"unknown")
    found = [
        one
        for one in health_check.list_findings(health_check.unlock_folder(folder), Translator())
        if one.part == "sources"
    ]
    assert [one.state for one in found] == ["fix", "look"]
    assert path.name[:12] in found[0].found and "abababababab" in found[1].found


def bytes_read() -> int:
    """What this process has read until now, by the system's own count."""
    told = dict(line.split(": ") for line in Path("/proc/self/io").read_text("ascii").splitlines())
    return int(told["rchar"])


def swell(path: Path, size: int = 1 << 30) -> None:
    """Put a file in its place that is huge and takes no room."""
    if path.exists():
        path.chmod(0o600)
    with path.open("wb") as file:
        file.truncate(size)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count what is read")
def test_files_of_another_size_and_strange_ones_are_told_without_reading(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_case(folder, officer="ada", purpose="test")) as case:
        case.export("all.csv", case.documents())
    source, rows = only(folder / "sources"), only(folder / "rows")
    swollen = [source, rows, folder / "reports" / "all.csv", folder / "sources" / ("ab" * 32)]
    for path in [*swollen, folder / "reports" / "other.csv"]:
        swell(path)
    before = bytes_read()
    assert main(["verify", str(folder)]) == 1
    told = capsys.readouterr().out
    assert all(path.name in told for path in [*swollen, folder / "reports" / "other.csv"]), told
    found = state(folder)
    assert found["sources"] == {"fix", "look"} and found["rows"] == {"fix"} and found["products"] == {"fix", "look"}
    with closing(open_case(folder, officer="ada", purpose="test")) as case:
        assert "bad" in set(case.log.verify()["state"])
        (folder / "reports" / "all.csv").unlink()
        (folder / "reports" / "other.csv").unlink()
        case.storage.backup(tmp_path / "x.backup")
    assert bytes_read() - before < 1 << 28 and (tmp_path / "x.backup").stat().st_size < 1 << 28
    assert source.name in capsys.readouterr().out
    restore(tmp_path / "x.backup", tmp_path / "again")
    with closing(open_case(tmp_path / "again", officer="ada", purpose="test")) as case:
        assert "is missing" in " ".join(case.log.verify().query("check == 'sources'")["said"])


def test_a_product_without_a_size_in_the_log_is_read_up_to_a_bound(folder: Path) -> None:
    with closing(open_case(folder, officer="ada", purpose="test")) as case:
        case.export("all.csv", case.documents())
        said = case.context.ledger.connection.execute(
            """SELECT text FROM audit_texts WHERE field = 'tool.params' AND text LIKE '%"size":%'
            AND seq IN (SELECT seq FROM audit WHERE entry LIKE '%"kind":"product"%')"""
        ).fetchall()
    assert len(said) == 2  # the table, and what is said about it
    sizes = products.Products(sums={"reports/a": "x"}, former={("reports/a", "")})
    assert sizes.list_sizes("reports/a") == set()
    swell(folder / "reports" / "all.csv", LARGEST + 1)
    assert PLAIN.hash(folder / "reports" / "all.csv") == UNREAD and PLAIN.hash(folder / "case.toml") != UNREAD
    assert products._get_state(sizes, "reports/a", UNREAD, there=True) == "large"


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count what is read")
def test_a_swollen_file_in_the_place_of_a_key_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    swell(tmp_path / "keys" / "ab.age")
    before = bytes_read()
    found = key_change.list_digests(tmp_path)
    assert list(found) == ["keys/ab.age"] and key_change.read_key_file(tmp_path, "keys/ab.age", None)
    assert bytes_read() - before < 1 << 25


TERM = """INSERT INTO terms (id, target_kind, target_id, facet, value, officer, because, at)
    VALUES ('x', 'case', '', 'c',"""
DAMAGE = {
    "UPDATE documents SET title = CAST(x'ff41' AS TEXT)": "documents",
    "UPDATE sources SET name = CAST(x'61006180' AS TEXT)": "sources",
    "UPDATE runs SET counts = '{\"a\": [[['": "runs", "UPDATE runs SET counts = '[1]'": "runs",
    f"{TERM} CAST(x'ff41' AS TEXT), 'ada', '', '2026')": "terms", f"{TERM} '[[[', 'ada', '', '2026')": "terms",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("change", DAMAGE)
def test_a_value_that_cannot_be_read_is_told_by_the_doctor_and_by_verify(
    folder: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as sql:
        sql.execute(change)
    for verb in ("doctor", "verify"):
        assert main([verb, str(folder)]) == 1
        told = capsys.readouterr().out
        assert f"of {DAMAGE[change]}" in told and "No problems were found" not in told
    if DAMAGE[change] == "terms":
        with pytest.raises(CaseError, match=r"workbench verify.*restore the case from a backup"):
            open_case(folder, officer="ada", purpose="test")


def test_missing_rows(folder: Path) -> None:
    only(folder / "rows").unlink()
    assert state(folder)["rows"] == {"fix"}


def test_a_damaged_and_a_missing_ledger(folder: Path) -> None:
    ledger = folder / "ledger.db"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[: len(whole) // 2])
    assert state(folder)["ledger"] == {"fix"}
    ledger.write_bytes(b"no ledger at all" * 100)
    assert state(folder)["ledger"] == {"fix"}
    ledger.unlink()
    assert state(folder)["ledger"] == {"fix"}
    assert not ledger.exists()


def test_a_line_of_settings_that_cannot_be_read(folder: Path) -> None:
    for text in ("title = ", f"a = {'[' * 20_000}{']' * 20_000}", "# " + "x" * (5 << 20)):
        (folder / "case.toml").write_text(text, "utf-8")
        assert state(folder)["case.toml"] == {"fix"}
        with pytest.raises(CaseError, match=r"case\.toml cannot be read"):
            open_case(folder, officer="ada", purpose="training")


def test_an_older_and_a_newer_schema(folder: Path) -> None:
    import sqlite3

    sql = sqlite3.connect(folder / "ledger.db")
    [now] = sql.execute("PRAGMA user_version").fetchone()
    for schema, expected in ((now - 1, "look"), (now + 1, "fix")):
        sql.execute(f"PRAGMA user_version = {schema}")
        sql.commit()
        assert expected in state(folder)["schema"]  # its parts are not those of that schema, which is told as well
    sql.close()


def test_left_overs_are_told_and_tidied_only_when_they_are_old(folder: Path) -> None:
    names = [
        folder / "sources" / ".incoming-ab_d3fgh", folder / "rows" / ".writing-abcdefgh.parquet", folder / ".writing-12345678",
        folder / "outbox" / f".writing-package-{'a' * 24}.case.age",
    ]  # fmt: skip
    (folder / "outbox").mkdir(exist_ok=True)
    for path in names:
        path.write_bytes(bytes(2048))
    (folder / "outbox" / ".packing-abcdefgh").mkdir()
    names.append(folder / "outbox" / ".packing-abcdefgh")
    assert state(folder)["left over"] == {"look"}
    case = open_case(folder, officer="ada", purpose="test")
    case.storage.check(tidy=True)
    assert all(path.exists() for path in names)
    for path in names:
        os.utime(path, (time.time() - 90_000,) * 2)
    found = case.storage.check(tidy=True)
    assert set(found["state"]) == {"well"} and not any(path.exists() for path in names)
    places = sorted(path.relative_to(folder).as_posix() for path in names)
    assert found.attrs["deleted"] == places and case.storage.check(tidy=True).attrs["deleted"] == []
    assert all(place in case.log.entries()["detail"].iloc[-1] for place in places)
    case.close()


OLD = 90_000
OWN = (
    "inbox/.incoming-order.eml", "reports/.packing-list.html", "reports/.sealing-wax/deep/x.txt", "rows/own.parquet", "rows/.writing-mine",
    "rows/calls-mine.parquet", "rows/own.age", "sources/.incoming-abc", "keys/.restoring-k", ".restoring-plan/notes.txt",
    "derived/.writing-x", "inbox/.incoming-ABCDEFGH",
)  # fmt: skip
"""What an officer may have put into a case; none of it is called as what is being written."""


@pytest.mark.slow
@pytest.mark.parametrize("encrypted", [False, True])
def test_tidying_deletes_nothing_that_is_not_called_as_what_is_being_written(folder: Path, *, encrypted: bool) -> None:
    case = open_case(folder, officer="ada", purpose="test")
    if encrypted:
        case.storage.encrypt("four words and a comma")
    kept = [folder / name for name in OWN]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
    product = case.report(".packing-slip.html"), case.report(folder / "reports" / ".sealing-12345678" / "found.html")
    fresh = folder / "reports" / ".packing-abcdefgh" / "sub" / "now.txt"
    fresh.parent.mkdir(parents=True)
    fresh.write_bytes(b"just written")
    (folder / "rows" / ".writing-abcdefgh").symlink_to(fresh.parent)
    for path in (*folder.rglob("*"), *folder.rglob(".*")):
        if path != fresh and not path.is_symlink():
            os.utime(path, (time.time() - OLD,) * 2)
    assert case.storage.check(tidy=True).attrs["deleted"] == []
    assert all(path.exists() for path in (*kept, *product, fresh))
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()


@pytest.mark.slow
def test_a_product_that_is_called_as_what_is_being_written_is_encrypted_with_the_case(folder: Path) -> None:
    case = open_case(folder, officer="ada", purpose="test")
    case.report(".packing-slip.html")
    case.storage.encrypt("four words and a comma")
    assert (folder / "reports" / ".packing-slip.html.age").is_file()
    assert set(case.log.verify()["state"]) <= {"ok", "not checked"}
    case.close()


def test_an_open_log(folder: Path) -> None:
    case: Case = open_case(folder, officer="ada", purpose="test")
    case.review.note("open")
    assert state(folder)["open log"] == {"look"}
    assert set(case.storage.check()["state"]) == {"well"}
    case.close()


def test_what_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"is not a case: it has no `case\.toml`"):
        health_check.unlock_folder(tmp_path)
    assert main(["doctor", str(tmp_path)]) == 1


def test_a_file_that_was_not_read_to_the_end_is_told_until_it_is_added_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Marta was there.")
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    monkeypatch.setattr(Ledger, "finish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        case.add(tmp_path / "a.txt")
    monkeypatch.undo()
    assert list(case.sources.list()["state"]) == ["interrupted"]
    [told] = [
        one
        for one in health_check.list_findings(case.context.folder, Translator())
        if one.part == "sources" and one.advice
    ]
    assert "a.txt" in str(told.found) and told.state == "look"
    assert "look" in set(case.storage.check()["state"])
    case.add(tmp_path / "a.txt")
    assert not [
        one
        for one in health_check.list_findings(case.context.folder, Translator())
        if one.part == "sources" and one.advice
    ]
    case.close()


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
