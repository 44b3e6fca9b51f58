"""A case folder that came from somebody else: what it holds beyond a case is refused before anything of it works."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from workbench.case.case import open_case
from workbench.cli import main
from workbench.errors import CaseError
from workbench.ledger import Folder, Settings
from workbench.ledger.erasure import machine_tombstones
from workbench.ledger.verification.verify import open_ledger as glance
from workbench.ledger.verification.verify import verify_case

SPIES = {
    "trigger spy": "CREATE TRIGGER spy AFTER INSERT ON audit BEGIN DELETE FROM decisions; END",
    "trigger once": "CREATE TRIGGER once BEFORE INSERT ON notes BEGIN SELECT RAISE(IGNORE); END",
    "view live_notes": "DROP VIEW live_notes; CREATE VIEW live_notes AS SELECT * FROM notes WHERE text NOT LIKE '%guilty%'",
    "view runs_too": "CREATE VIEW runs_too AS SELECT * FROM runs",
    "trigger passages_to_words": "DROP TRIGGER passages_to_words",
}
WRONG = {
    "years = 1000000000000000000000": ("retention", "years"),
    'years = "five"': ("retention", "years"), "years = -1": ("retention", "years"),
    "years = inf": ("retention", "years"), "levels = 5": ("marking", "levels"), "levels = [[1]]": ("marking", "levels"),
    "mark = 2024-01-01": ("marking", "mark"), f'mark = "{"x" * 30_000}"': ("marking", "mark"), 'keys = "false"': ("access", "keys"),
    "auditors = {a = 1}": ("access", "auditors"), "bureau = [1]": ("report", "bureau"), "zone = 3": ("time", "zone"),
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The folder of a case with one file and one note, closed."""
    (tmp_path / "a.txt").write_text("Call +44 7700 900123.")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as made:
        made.add(tmp_path / "a.txt")
        made.review.note("He is guilty.")
    return tmp_path / "case"


def opened(folder: Path) -> None:
    open_case(folder, officer="bo", purpose="test").close()


@pytest.mark.parametrize("named", SPIES)
def test_a_ledger_with_a_program_in_it_is_refused(case: Path, named: str) -> None:
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        sql.executescript(SPIES[named])
        before = sql.execute("SELECT count(*) FROM audit").fetchone()
    with pytest.raises(CaseError, match=f"contains items that no version of the program writes: {named}"):
        opened(case)
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        assert sql.execute("SELECT count(*) FROM audit").fetchone() == before


def test_a_ledger_without_one_opens(case: Path) -> None:
    opened(case)


@pytest.mark.parametrize("line", WRONG)
def test_values_of_the_wrong_kind_are_told(case: Path, line: str) -> None:
    table, name = WRONG[line]
    (case / "case.toml").write_text(f'title = "x"\n[{table}]\n{line}\n')
    with pytest.raises(CaseError, match=rf"case\.toml contains a value that is not valid: .*{name}"):
        opened(case)


@pytest.mark.parametrize("text", ["marking = 3", "access = [1]", "title = {}", "report = 'x'"])
def test_parts_of_the_wrong_kind_are_told(case: Path, text: str) -> None:
    (case / "case.toml").write_text(f"{text}\n")
    with pytest.raises(CaseError, match="contains a value that is not valid:"):
        opened(case)


@pytest.mark.parametrize("value", ["../../etc/passwd", "/etc/passwd", "\\u001b[2J", "${HOME}", "http://evil.example/x"])
def test_texts_are_only_texts(case: Path, value: str) -> None:
    lines = [
        f'title = "{value}"',
        f'reference = "{value}"',
        "[report]",
        f'bureau = "{value}"',
        "[search]",
        f'mode = "{value}"',
    ]
    (case / "case.toml").write_text("\n".join(lines))
    with suppress(CaseError):
        opened(case)
    assert sorted(path.name for path in case.parent.iterdir()) == ["a.txt", "case"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
@pytest.mark.parametrize("name", ["sources", "reports", "derived", "rows", "case.toml", "ledger.db", "outbox"])
def test_a_link_in_place_of_a_part_is_refused(case: Path, tmp_path: Path, name: str) -> None:
    away = tmp_path / "away"
    if (case / name).exists():
        (case / name).rename(away)
    else:
        away.mkdir()
    (case / name).symlink_to(away)
    with pytest.raises(CaseError, match=rf"These items in .* are links: {name}"):
        opened(case)


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_case_that_is_a_link_as_a_whole_opens(case: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(case)
    opened(tmp_path / "link")


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes with names on Windows")
@pytest.mark.parametrize("kind", ["link", "pipe", "device"])
def test_a_source_that_is_no_file_is_not_read(case: Path, tmp_path: Path, kind: str) -> None:
    (source,) = (case / "sources").iterdir()
    (tmp_path / "secret").write_text("secret")
    source.unlink()
    if kind == "pipe":
        os.mkfifo(source)
    else:
        source.symlink_to(tmp_path / "secret" if kind == "link" else "/dev/zero")
    folder = Folder(case)
    with pytest.raises(CaseError, match="Replace it with the real file"):
        folder.open_source(source.name).close()
    with closing(open_case(case, officer="bo", purpose="test")) as made:
        assert "bad" in set(made.log.verify()["state"])


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    said = Settings(
        title="a\u202eb",
        reference="R 1",
        levels=("A", "B"),
        years=7,
        keys=False,
        auditors=("cy",),
        zone="UTC",
    )
    folder = Folder(tmp_path / "case")
    folder.create(said)
    assert folder.load_settings() == said


@pytest.mark.parametrize(
    "told",
    [
        "UPDATE sources SET sha256 = '../../mine.txt'", "UPDATE sources SET sha256 = '..'", "UPDATE sources SET sha256 = upper(sha256)",
        "INSERT INTO row_files VALUES ('r', '../../mine.txt', 'calls', 's', 'h', 1, 1)",
        "INSERT INTO row_files VALUES ('r', '.', 'calls', 's', 'h', 1, 1)",
        "UPDATE case_facts SET value = '../trust' WHERE name = 'case_id'",
    ],
)  # fmt: skip
def test_names_that_lead_out_of_the_folder_are_refused(case: Path, tmp_path: Path, told: str) -> None:
    """Erasing in such a folder would delete a file of the reader's, or write over one of their home."""
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        sql.execute(told)
        sql.commit()
    with pytest.raises(CaseError, match="contains paths that no version of the program writes"):
        opened(case)


@pytest.mark.parametrize("name", ["../../mine.txt", "..", "/etc/passwd", "", "a" * 63, "A" * 64, f"{'a' * 64}/.."])
def test_a_source_is_named_by_a_hash_only(case: Path, name: str) -> None:
    for read in (Folder(case).get_source_path, Folder(case).open_source):
        with pytest.raises(CaseError, match="is not the SHA-256 of a source and could be a path"):
            read(name)


@pytest.mark.parametrize("name", ["../trust", "/tmp/x", "..", "a/b", "\0"])
def test_what_is_remembered_of_a_case_lies_in_its_own_folder(name: str) -> None:
    assert machine_tombstones.build_path(name).parent == machine_tombstones.build_path("a" * 32).parent
    assert ".." not in machine_tombstones.build_path(name).parts


def test_an_erasure_that_somebody_else_began_deletes_nothing_of_ours(case: Path, tmp_path: Path) -> None:
    """An interrupted erasure is finished when a case is opened, but only one of which the log tells."""
    (tmp_path / "mine.txt").write_text("mine")
    plan = {
        "kind": "source",
        "targets": [],
        "files": ["../mine.txt"],
        "passages": [],
        "officer": "eve",
        "reason": "x",
        "at": "",
        "of": "",
    }
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        sql.execute("INSERT INTO erasing VALUES ('e', 'purged', ?)", (json.dumps(plan),))
        sql.commit()
    opened(case)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert [one.state for one in verify_case(glance(case / "ledger.db")) if "erasing" in one.said] == ["bad"]


@pytest.mark.parametrize(
    "name",
    [".changing", ".changed", ".coming", ".replaced", "reports/x", "inbox/x", "outbox/x", "derived/vectors", "rules/x"],
)
def test_no_link_anywhere_in_a_folder_is_followed(case: Path, tmp_path: Path, name: str) -> None:
    """What opening would finish, wipe, copy into a backup or write beside the case lies nowhere else."""
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "letter.txt").write_text("ours")
    (case / name).parent.mkdir(exist_ok=True)
    (case / name).symlink_to(ours)
    with pytest.raises(CaseError, match=name.rpartition("/")[2]):
        opened(case)
    assert (ours / "letter.txt").read_text() == "ours" and [path.name for path in ours.iterdir()] == ["letter.txt"]


def test_an_empty_ledger_is_not_begun_anew(case: Path) -> None:
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (case / name).unlink(missing_ok=True)
    (case / "ledger.db").write_bytes(b"")
    with pytest.raises(CaseError, match="ledger"):
        opened(case)
    assert (case / "ledger.db").read_bytes() == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("name", ["case.toml", "ledger.db"])
def test_a_pipe_in_place_of_a_file_is_refused(case: Path, name: str) -> None:
    (case / name).unlink()
    os.mkfifo(case / name)
    with pytest.raises(CaseError, match="is not a file but a link, a pipe or a device"):
        opened(case)


@pytest.mark.parametrize("text", ["[1", '{"x": 1}', "[]"])
def test_a_marker_of_a_restored_case_that_is_none_is_told(case: Path, text: str) -> None:
    (case / "restored.json").write_text(text)
    with pytest.raises(CaseError, match=r"restored\.json"):
        opened(case)


@pytest.mark.parametrize("is_alone", [False, True])
@pytest.mark.parametrize("size", [1, 16, 99, 100, 511])
def test_a_ledger_that_was_cut_off_is_no_new_one(
    case: Path, size: int, is_alone: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    os.truncate(case / "ledger.db", size)
    for name in ("sources", "derived") if is_alone else ():
        shutil.rmtree(case / name)
    with pytest.raises(CaseError, match=f"has only {size} bytes and is not complete"):
        opened(case)
    assert main(["doctor", str(case)]) == 1 and "is not complete" in capsys.readouterr().out
    assert main(["verify", str(case)]) == 1
    assert (case / "ledger.db").stat().st_size == size


@pytest.mark.parametrize("name", ["sources", "rows", "derived", "reports", "outbox"])
def test_a_ledger_is_new_only_where_nothing_of_a_case_lies(tmp_path: Path, name: str) -> None:
    (tmp_path / "case" / name).mkdir(parents=True)
    (tmp_path / "case" / "case.toml").write_text("")
    (tmp_path / "case" / "ledger.db").touch()
    opened(tmp_path / "case")
    for path in (tmp_path / "case").glob("ledger.db*"):
        path.unlink()
    (tmp_path / "case" / "ledger.db").touch()
    (tmp_path / "case" / name / "x").touch()
    with pytest.raises(CaseError, match=r"contains the files of a case, but `ledger\.db` is missing"):
        opened(tmp_path / "case")


@pytest.mark.parametrize("name", ["x.txt", "sub"])
def test_what_lies_among_the_sources_is_called_what_it_is(case: Path, name: str) -> None:
    (case / "sources" / name).mkdir() if name == "sub" else (case / "sources" / name).touch()
    with closing(open_case(case, officer="bo", purpose="test")) as made:
        said = str(made.log.verify().query("check == 'sources'")["said"].tolist())
    assert (
        f"`sources/{name}` was not imported into the case. A person or another program put it there" in said
        and "was changed" not in said
    )


JOURNALED = "contains items that no version of the program writes: "
MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
"""Begins a rollback journal of SQLite."""


def lay_journal(ledger: Path) -> bytes:
    """Lay a journal beside a ledger that alters a text when SQLite rolls it in; gives the bytes of the ledger."""
    with closing(sqlite3.connect(ledger)) as sql:
        sql.execute("PRAGMA journal_mode = DELETE")
    good = ledger.read_bytes()
    with closing(sqlite3.connect(ledger)) as sql:
        sql.execute("UPDATE notes SET text = 'He is innocent.'")
        sql.commit()
    bad = ledger.read_bytes()
    ledger.write_bytes(good)
    size = int.from_bytes(good[16:18], "big")
    pages = [at for at in range(0, len(good), size) if good[at : at + size] != bad[at : at + size]]
    head = b"".join(number.to_bytes(4, "big") for number in (len(pages), 7, len(good) // size, 512, size))
    journal = (MAGIC + head).ljust(512, b"\0")
    for at in pages:
        page = bad[at : at + size]
        summed = (7 + sum(page[place] for place in range(size - 200, 0, -200))) & 0xFFFFFFFF
        journal += (at // size + 1).to_bytes(4, "big") + page + summed.to_bytes(4, "big")
    ledger.with_name("ledger.db-journal").write_bytes(journal)
    return good


def test_the_journal_that_is_laid_beside_a_ledger_would_alter_it(case: Path) -> None:
    lay_journal(case / "ledger.db")
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        assert sql.execute("SELECT text FROM notes").fetchall() == [("He is innocent.",)]


def test_a_journal_beside_the_ledger_is_named_and_never_rolled_in(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = lay_journal(case / "ledger.db")
    for command in ("verify", "doctor"):
        assert main([command, str(case)]) == 1
        assert f"{JOURNALED}ledger.db-journal" in capsys.readouterr().out
    with pytest.raises(CaseError, match=f"{JOURNALED}ledger.db-journal"):
        opened(case)
    assert (case / "ledger.db").read_bytes() == good and (case / "ledger.db-journal").is_file()
    (case / "ledger.db-journal").unlink()
    opened(case)
    assert main(["verify", str(case)]) == 0


def test_a_journal_beside_the_lock_is_not_rolled_in(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may name any file as its master, which SQLite deletes."""
    (case / ".lock-journal").write_bytes(MAGIC)
    with pytest.raises(CaseError, match=rf"{JOURNALED}\.lock-journal"):
        opened(case)
    assert main(["verify", str(case)]) == 1 and f"{JOURNALED}.lock-journal" in capsys.readouterr().out
    assert (case / ".lock-journal").is_file()


def test_a_journal_beside_an_encrypted_ledger_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, phrase = tmp_path / "case", "correct horse battery"
    open_case(folder, officer="ada", purpose="test", passphrase=phrase, encrypted=True).close()
    (folder / "ledger.db-journal").write_bytes(MAGIC)
    with pytest.raises(CaseError, match=f"{JOURNALED}ledger.db-journal"):
        open_case(folder, officer="ada", purpose="test", passphrase=phrase)
    assert main(["verify", str(folder)]) != 0 and f"{JOURNALED}ledger.db-journal" in "".join(capsys.readouterr())


def test_a_journal_that_comes_while_a_case_is_open_is_named(case: Path, tmp_path: Path) -> None:
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        (case / "ledger.db-journal").write_bytes(MAGIC)
        checked = made.log.verify()
        assert any(
            f"{JOURNALED}ledger.db-journal" in str(said) for said in checked.loc[checked["state"] == "bad", "said"]
        )
        with pytest.raises(CaseError, match=f"{JOURNALED}ledger.db-journal"):
            made.storage.backup(tmp_path / "backup.zip")


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """Collects the names of what is made in a folder meanwhile."""
    names: list[str] = []
    libc = ctypes.CDLL(None, use_errno=True)
    line = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(line, os.fsencode(folder), 0x100 | 0x80) >= 0
    try:
        yield names
        data = os.read(line, 1 << 20)
        while data:
            long = int.from_bytes(data[12:16], sys.byteorder)
            names.append(data[16 : 16 + long].rstrip(b"\0").decode())
            data = data[16 + long :]
    finally:
        os.close(line)


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells of new files in another way")
@pytest.mark.parametrize("phrase", ["", "correct horse battery"])
def test_no_step_of_ours_writes_a_journal(tmp_path: Path, phrase: str) -> None:
    """So a kill leaves none: the case opens afterwards."""
    folder = tmp_path / "case"
    folder.mkdir()
    with watched(folder) as names:
        made = open_case(folder, officer="ada", purpose="test", passphrase=phrase, encrypted=bool(phrase))
        made.review.note("He was there.")
        if phrase:
            made.storage.decrypt()
        else:
            made.storage.encrypt("correct horse battery")
            made.storage.decrypt()
        made.storage.backup(tmp_path / "backup.zip")
        made.close()
    assert "ledger.db-wal" in names
    assert not [name for name in names if name.endswith("-journal")]
    assert (folder / "ledger.db").read_bytes()[18:20] == b"\2\2"
    with ZipFile(tmp_path / "backup.zip") as packed:
        assert packed.read("ledger.db")[18:20] == b"\2\2"


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells of new files in another way")
def test_a_ledger_that_does_not_write_ahead_yet_is_opened_without_a_journal(case: Path) -> None:
    """As an earlier version has left it in a backup."""
    with closing(sqlite3.connect(case / "ledger.db")) as sql:
        sql.execute("PRAGMA journal_mode = DELETE")
    assert (case / "ledger.db").read_bytes()[18:20] == b"\1\1"
    with watched(case) as names:
        opened(case)
    assert not [name for name in names if name.endswith("-journal")]
    assert (case / "ledger.db").read_bytes()[18:20] == b"\2\2"
