"""A backup is whole or there is none; what comes out of it is what went in; nothing that was not backed up comes out."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

import workbench as wb
from tests.case import planted
from tests.cost import within
from workbench.case.case import Case, open_case
from workbench.cli import main
from workbench.errors import CaseError
from workbench.ledger.maintenance.backup import MANIFEST

PHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted.write(tmp_path_factory.mktemp("material"))


@pytest.fixture
def case(tmp_path: Path, material: Path) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    made.add(material, zone="Europe/London")
    made.review.note("Quellwasser leads to the Zanzibarkontor")
    made.report("found.html")
    yield made
    made.close()


def rows(case: Case) -> list[object]:
    """All rows of the ledger but those of the log, and what the engine answers."""
    sql = case.context.ledger.connection
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    names = [
        name
        for (name,) in sql.execute(tables).fetchall()
        if not name.startswith(("audit", "backups", "row_marks", "row_salts", "sqlite"))
    ]
    return [
        *(sql.execute(f'SELECT * FROM "{name}"').fetchall() for name in names),
        case.calls.summary().table.to_dict(),
    ]


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("ledger.db", ".")))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.slow
def test_a_round_trip_gives_the_same_files_and_answers(case: Case, tmp_path: Path) -> None:
    made = case.storage.backup(tmp_path / "x.backup")
    [row] = case.storage.backups().itertuples()
    assert row.sha256 == hashlib.sha256(made.read_bytes()).hexdigest()
    assert (row.path, row.size, row.officer) == (str(made), made.stat().st_size, "ada")
    folder = wb.restore(made, tmp_path / "again", sha256=row.sha256)
    assert files(folder) == {**files(tmp_path / "case"), "restored.json": files(folder)["restored.json"]}
    other = open_case(folder, officer="ada", purpose="test")
    assert rows(other) == rows(case)
    assert set(other.storage.check()["state"]) <= {"well"}
    assert not (folder / "restored.json").exists()
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((tmp_path / "case").stat().st_mode)
    other.close()


@pytest.mark.slow
def test_that_it_was_restored_is_in_the_log(case: Case, tmp_path: Path) -> None:
    made = case.storage.backup(tmp_path / "x.backup")
    other = open_case(wb.restore(made, tmp_path / "again"), officer="ada", purpose="test")
    entries = "".join(text for (text,) in other.context.ledger.connection.execute("SELECT entry FROM audit").fetchall())
    assert hashlib.sha256(made.read_bytes()).hexdigest() in entries
    other.close()


@pytest.mark.slow
def test_a_backup_of_an_encrypted_case_is_encrypted(case: Case, tmp_path: Path) -> None:
    case.storage.encrypt(PHRASE)
    made = case.storage.backup(tmp_path)
    assert made.parent == tmp_path and made.name.startswith("case-")
    (tmp_path / "only").mkdir()
    made.rename(tmp_path / "only" / "x.backup")
    assert planted.found(tmp_path / "only") == {}
    folder = wb.restore(tmp_path / "only" / "x.backup", tmp_path / "again")
    other = open_case(folder, officer="ada", purpose="test", passphrase=PHRASE)
    assert rows(other) == rows(case)
    other.close()


@pytest.mark.slow
@pytest.mark.parametrize("encrypted", [False, True])
def test_it_is_consistent_while_others_write(case: Case, tmp_path: Path, encrypted: bool) -> None:
    if encrypted:
        case.storage.encrypt(PHRASE)
    work = (
        "import sys\nfrom workbench.case.case import open_case\n"
        "case = open_case(sys.argv[1], officer='bob', purpose='test', passphrase=sys.argv[2])\nprint('open', flush=True)\n"
        "number = 0\nwhile True:\n    number += 1\n    case.review.note(f'note {number}')\n"
    )
    command = [sys.executable, "-c", work, str(tmp_path / "case"), PHRASE if encrypted else ""]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert writer.stdout
        writer.stdout.readline()
        made = [case.storage.backup(tmp_path / f"{number}.backup") for number in range(3)]
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    for number, archive in enumerate(made):
        folder = wb.restore(archive, tmp_path / f"again{number}")
        other = open_case(folder, officer="ada", purpose="test", passphrase=PHRASE if encrypted else "")
        notes = [text for text in other.review.notes()["text"] if text.startswith("note ")]
        assert sorted(notes, key=lambda text: int(text[5:])) == [f"note {count + 1}" for count in range(len(notes))]
        assert other.context.ledger.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        other.close()


@pytest.mark.slow
def test_it_never_replaces_or_lies_within(case: Case, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(CaseError, match="exists"):
        case.storage.backup(tmp_path / "there")
    with pytest.raises(CaseError, match="is inside the case folder"):
        case.storage.backup(tmp_path / "case" / "x.backup")
    assert (tmp_path / "there").read_text() == "mine"
    assert case.storage.backups().empty


@pytest.mark.slow
def test_what_is_damaged_in_the_case_is_said(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = next(iter((tmp_path / "case" / "sources").iterdir()))
    path.chmod(0o600)
    path.write_bytes(b"other")
    case.storage.backup(tmp_path / "x.backup")
    assert f"sources/{path.name}" in capsys.readouterr().out


@pytest.mark.slow
def test_a_folder_that_holds_something_is_refused(case: Case, tmp_path: Path) -> None:
    made = case.storage.backup(tmp_path / "x.backup")
    for folder in (tmp_path / "case", tmp_path, made):
        with pytest.raises(CaseError, match="is not an empty folder"):
            wb.restore(made, folder)
    (tmp_path / "empty").mkdir()
    assert wb.restore(made, tmp_path / "empty") == tmp_path / "empty"


@pytest.mark.slow
def test_another_backup_than_the_one_meant_is_refused(case: Case, tmp_path: Path) -> None:
    made = case.storage.backup(tmp_path / "x.backup")
    with pytest.raises(CaseError, match="is not the expected backup"):
        wb.restore(made, tmp_path / "again", sha256="0" * 64)
    assert not (tmp_path / "again").exists()


@pytest.mark.slow
def test_any_changed_byte_is_found_and_nothing_is_left(case: Case, tmp_path: Path) -> None:
    whole, dice, place = case.storage.backup(tmp_path / "x.backup").read_bytes(), random.Random(8), tmp_path / "place"
    place.mkdir()
    refused = 0
    for number in range(120):
        changed = bytearray(whole)
        changed[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        (tmp_path / "changed").write_bytes(changed)
        try:
            wb.restore(tmp_path / "changed", place / str(number))
        except CaseError:
            refused += 1
            assert not list(place.iterdir()), "something was left"
        else:  # a byte of the archive that says nothing: a time, a right; the files are what they were
            assert files(place / str(number)) == {**files(tmp_path / "case"), **_marker(place / str(number))}
            subprocess.run(["rm", "-rf", str(place / str(number))], check=True)
    assert refused > 100


def _marker(folder: Path) -> dict[str, str]:
    return {"restored.json": files(folder)["restored.json"]}


def archive(
    path: Path, members: dict[str, bytes], *, change: Callable[[ZipFile], None] | None = None, **facts: object
) -> Path:
    """An archive that is made like a backup, with these members in place of a case's."""
    listed = {name: [len(data), hashlib.sha256(data).hexdigest()] for name, data in members.items()}
    manifest = {
        "backup": 1,
        "made": "2026-01-01T00:00:00Z",
        "schema": 1,
        "entry": 1,
        "encrypted": False,
        "files": listed,
    }
    with ZipFile(path, "w") as made:
        for name, data in members.items():
            made.writestr(ZipInfo(name), data)
        if change:
            change(made)
        made.writestr(MANIFEST, json.dumps({**manifest, **facts}))
    return path


BASE = {"ledger.db": b"x", "case.toml": b"title = 'x'"}
NAMES = (
    "../evil", "sources/../../evil", "/etc/evil", "C:/evil", "sources\\..\\evil", "sources/a:b", "sources/con", "reports/NUL.txt",
    "evil.txt", ".lock", "sources/.hidden", "derived/../case.toml", "sources/", "reports/x\n", "reports/ x/../../y", "inbox/..",
    "reports/x.", "reports/x ", "ledger.db-wal", "ledger.db-journal", "Case.toml", "sources/" + "a" * 300, "reports/a\x00b",
    "sources/a\u202eb", "sources/note.txt", f"sources/{'a' * 63}", "rows/calls.parquet", "rows/a/b", "keys/x.txt", "rules/x.exe",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_refused(tmp_path: Path, name: str) -> None:
    made = archive(tmp_path / "x", {**BASE, name: b"evil"})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CaseError, match=r"is not a backup of a case[.:]"):
        wb.restore(made, tmp_path / "in" / "new")
    assert sorted(path for path in tmp_path.rglob("*") if path != tmp_path / "in") == before


def _link(made: ZipFile) -> None:
    info = ZipInfo("sources/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    made.writestr(info, "/etc/passwd")


def _twice(made: ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr(ZipInfo("ledger.db"), b"y")


def _clash(made: ZipFile) -> None:
    made.writestr(ZipInfo("sources/ab"), b"1")
    made.writestr(ZipInfo("sources/AB"), b"2")


def _bomb(made: ZipFile) -> None:
    made.writestr(ZipInfo("sources/bomb"), bytes(50 << 20), compress_type=zipfile.ZIP_DEFLATED)


def _unlisted(made: ZipFile) -> None:
    made.writestr(ZipInfo("sources/ab"), b"1")


@pytest.mark.parametrize("change", [_link, _twice, _clash, _bomb, _unlisted])
def test_hostile_members_are_refused(tmp_path: Path, change: Callable[[ZipFile], None]) -> None:
    made = archive(tmp_path / "x", BASE, change=change)

    def refused() -> None:
        with pytest.raises(CaseError, match=r"is not a backup of a case[.:]"):
            wb.restore(made, tmp_path / "new")

    within(2, refused)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "facts",
    [{"backup": 2}, {"files": {}}, {"files": []}, {"files": {"ledger.db": "x"}}, {"entry": None}, {"backup": "x"}],
)
def test_hostile_manifests_are_refused(tmp_path: Path, facts: dict[str, object]) -> None:
    with pytest.raises(CaseError):
        wb.restore(archive(tmp_path / "x", BASE, **facts), tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"not an archive", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(CaseError):
        wb.restore(tmp_path / "x", tmp_path / "new")
    with pytest.raises(CaseError, match="is not a file"):
        wb.restore(tmp_path / "none", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_ledger_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="The case database in the backup is damaged"):
        wb.restore(archive(tmp_path / "x", BASE), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_from_a_terminal(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(tmp_path / "case"), str(tmp_path / "x.backup")]) == 0
    sha256 = capsys.readouterr().out.split()[-1]
    assert main(["restore", str(tmp_path / "x.backup"), str(tmp_path / "again"), "--sha256", sha256]) == 0
    assert main(["doctor", str(tmp_path / "again")]) == 0
    assert "There are no problems to fix" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "x.backup"), str(tmp_path / "again")]) == 1
    assert main(["backup", str(tmp_path / "none"), str(tmp_path / "y.backup")]) == 1
    assert not (tmp_path / "none").exists()


def test_a_case_with_rules_of_its_own_is_backed_up(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    (tmp_path / "case" / "rules").mkdir(exist_ok=True)
    (tmp_path / "case" / "rules" / "ours.yaml").write_text("name: ours\n", "utf-8")
    made = case.storage.backup(tmp_path / "x.backup")
    case.close()
    wb.restore(made, tmp_path / "again")
    assert (tmp_path / "again" / "rules" / "ours.yaml").read_text("utf-8") == "name: ours\n"
