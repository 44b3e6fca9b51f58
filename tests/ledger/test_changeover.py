"""A changeover that was interrupted is followed only where all that it puts in the place of the case is there, for this case."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from workbench.case.case import open_case
from workbench.case.storage.health_check import list_findings
from workbench.case.verbs import unlock
from workbench.cli import main
from workbench.errors import CaseError
from workbench.ledger import Folder
from workbench.ledger.storage import case_key, conversion_plan, encryption_conversion
from workbench.ledger.storage.conversion_plan import Plan
from workbench.ledger.storage.file_vault import PLAIN, SealedVault, Vault
from workbench.model.catalogue import Translator

PHRASE = "correct horse battery"
MARKERS = (".changing", ".changed", ".coming", ".replaced", ".going")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The folder of a case with one file and one note, closed."""
    (tmp_path / "a.txt").write_text("Call +44 7700 900123.")
    with closing(open_case(tmp_path / "case", officer="ada", purpose="test")) as made:
        made.add(tmp_path / "a.txt")
        made.review.note("He was there.")
    return tmp_path / "case"


def held(folder: Path, passphrase: str = "") -> tuple[list[str], int]:
    with closing(open_case(folder, officer="ada", purpose="test", passphrase=passphrase)) as made:
        return list(made.review.notes()["text"]), len(made.documents())


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if path.name != ".lock"
    }


def filled(folder: Path) -> None:
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "x").write_text("the only copy")


def planned(folder: Path) -> None:
    filled(folder)
    Plan("0" * 64, {"ledger.db": "0" * 64}).write(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKERS)
@pytest.mark.parametrize("make", [filled, planned])
def test_a_folder_that_no_changeover_has_left_is_left_alone(
    case: Path, name: str, make: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    make(case / name)
    before = state(case)
    with pytest.raises(CaseError, match=rf"contains \{name}: "):
        held(case)
    assert state(case) == before
    [left] = [one for one in list_findings(Folder(case), Translator()) if one.part == "left over"]
    assert left.state == "fix" and name in str(left.found)
    assert main(["verify", str(case)]) == 1 and f"contains {name}: " in capsys.readouterr().out
    shutil.rmtree(case / name)
    assert held(case) == (["He was there."], 1)


@pytest.mark.slow
@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("name", [".changed", ".replaced", ".going"])
def test_an_empty_folder_replaces_nothing(case: Path, name: str, is_sealed: bool) -> None:
    if is_sealed:
        with closing(open_case(case, officer="ada", purpose="test")) as made:
            made.storage.encrypt(PHRASE)
    (case / name).mkdir()
    before = state(case)
    with pytest.raises(CaseError, match=rf"contains \{name}: "):
        held(case)
    assert state(case) == before
    (case / name).rmdir()
    assert held(case, PHRASE if is_sealed else "") == (["He was there."], 1)


@pytest.mark.parametrize("name", [".changing", ".coming"])
def test_an_empty_folder_that_may_be_left_holds_nothing_up(case: Path, name: str) -> None:
    (case / name).mkdir()
    assert held(case) == (["He was there."], 1)
    assert not (case / name).exists()


def test_a_ledger_that_lies_in_what_was_replaced_stays(case: Path) -> None:
    (case / ".replaced").mkdir()
    (case / "ledger.db").rename(case / ".replaced" / "ledger.db")
    with pytest.raises(CaseError, match=r"contains \.replaced: it does not look like the result of"):
        held(case)
    assert (case / ".replaced" / "ledger.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.slow
def test_what_is_ready_is_followed(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted_at_ready(case, monkeypatch)
    assert held(case, PHRASE) == (["He was there."], 1)
    assert not encryption_conversion.list_leftovers(case)


def interrupted_at_ready(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case folder as a kill leaves it just before the two change places."""
    beside = case.with_name("beside")
    put = encryption_conversion._put_in_place

    def keep(folder: Path) -> None:
        shutil.copytree(folder, beside)
        put(folder)

    monkeypatch.setattr(encryption_conversion, "_put_in_place", keep)
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
    monkeypatch.setattr(encryption_conversion, "_put_in_place", put)
    unlock.forget_key(case)
    shutil.rmtree(case)
    beside.rename(case)


def lose(case: Path) -> None:
    next(path for path in (case / ".changed" / "sources").iterdir()).unlink()


def change(case: Path) -> None:
    path = next(path for path in (case / ".changed" / "sources").iterdir())
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])


def unplan(case: Path) -> None:
    (case / ".changed" / conversion_plan.FILE).unlink()


def outdate(case: Path) -> None:
    (case / "ledger.db").write_bytes((case / "ledger.db").read_bytes() + b"\0")


def double(case: Path) -> None:
    (case / ".replaced").mkdir()
    shutil.copy(case / "ledger.db", case / ".replaced" / "ledger.db")


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [lose, change, unplan, outdate, double])
def test_what_is_not_whole_is_not_followed(
    case: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    interrupted_at_ready(case, monkeypatch)
    spoil(case)
    before = state(case)
    with pytest.raises(CaseError, match=r"contains \.changed(, \.replaced)?: "):
        held(case)
    assert state(case) == before


@pytest.mark.skipif(not hasattr(os, "link"), reason="the system has no hard links")
def test_a_file_with_another_name_is_never_written_to(tmp_path: Path) -> None:
    ours, folder = tmp_path / "ours.txt", tmp_path / "folder"
    ours.write_text("ours")
    (folder / "in").mkdir(parents=True)
    os.link(ours, folder / "in" / "x")
    (folder / "in" / "y").symlink_to(ours)
    encryption_conversion.wipe_folder(folder)
    assert ours.read_text() == "ours" and not folder.exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "link"), reason="the system has no hard links")
def test_a_snapshot_by_links_stays_and_is_told(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(case, case.with_name("snapshot"), copy_function=os.link)
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
    assert "Files that also had another name" in capsys.readouterr().out
    [source] = case.with_name("snapshot").joinpath("sources").iterdir()
    assert source.read_bytes() == b"Call +44 7700 900123."


@pytest.mark.slow
def test_what_the_case_does_not_know_is_not_lost(case: Path) -> None:
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
        (case / "reports" / "own.txt").write_text("mine")
        made.storage.decrypt()
    assert (case / "reports" / "own.txt").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("copied", [False, True])
def test_what_comes_while_the_folders_change_places_stays(
    case: Path, monkeypatch: pytest.MonkeyPatch, copied: bool
) -> None:
    """A package that somebody puts into the inbox meanwhile, or before the case is opened again, has no other copy."""
    (case / "inbox").mkdir(exist_ok=True)
    (case / "inbox" / "earlier.txt").write_text("earlier")
    interrupted_at_ready(case, monkeypatch)
    for path in [*case.rglob("*")] if copied else ():
        os.utime(path)
    for name in ("inbox", "reports", "sources", "outbox/deep"):
        (case / name).mkdir(parents=True, exist_ok=True)
        (case / name / "arrived.txt").write_text(f"only copy {name}")
    (case / "inbox" / "earlier.txt").write_text("earlier, and more")
    assert held(case, PHRASE) == (["He was there."], 1)
    for name in ("inbox", "reports", "sources", "outbox/deep"):
        assert (case / name / "arrived.txt").read_text() == f"only copy {name}"
    assert (case / "inbox" / "earlier.txt").read_text() == "earlier, and more"
    assert (case / "inbox" / "earlier.txt.age").is_file() and not encryption_conversion.list_leftovers(case)
    assert not [path for path in (case / "sources").iterdir() if b"7700 900123" in path.read_bytes()]


@pytest.mark.slow
def test_an_interrupt_while_the_folders_change_places_is_raised(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = encryption_conversion._put_in_place

    def interrupt(_: Path) -> None:
        monkeypatch.setattr(encryption_conversion, "_put_in_place", put)
        raise KeyboardInterrupt

    made = open_case(case, officer="ada", purpose="test")
    monkeypatch.setattr(encryption_conversion, "_put_in_place", interrupt)
    with pytest.raises(KeyboardInterrupt):
        made.storage.encrypt(PHRASE)
    assert list(made.review.notes()["text"]) == ["He was there."] and made.context.folder.vault.key
    made.close()


STRAYS = ("sources/loose.txt", "sources/sub/x.txt", "rows/sub/x.txt")


@pytest.mark.slow
def test_what_is_no_part_of_the_case_stays_as_it_is_and_is_told(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = case / "sources" / ("ab" * 32)
    for path in (*(case / name for name in STRAYS), whole, case / "reports" / ".own"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"mine {path.name}")
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
        assert all((case / name).read_text() == f"mine {(case / name).name}" for name in STRAYS)
        assert not whole.exists() and not (case / "reports" / ".own").exists()
        said = capsys.readouterr().out
        made.storage.decrypt()
    again = capsys.readouterr().out
    assert all(name in said and name in again for name in STRAYS)
    assert all((case / name).read_text() == f"mine {(case / name).name}" for name in STRAYS)
    assert (case / "reports" / ".own").read_text() == "mine .own"
    assert not list(case.rglob("*.age"))


@pytest.mark.slow
def test_the_key_does_not_go_while_a_file_is_under_it(case: Path) -> None:
    """Earlier versions encrypted what was no part of the case, and left it so when the case was decrypted."""
    table = f"calls-{sha256(b'mine').hexdigest()[:24]}.parquet"
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
        vault = made.context.folder.vault
        for name in (*STRAYS, f"rows/{table}", f"sources/{sha256(b'mine').hexdigest()}"):
            (case / name).parent.mkdir(exist_ok=True)
            vault.write(case / name, b"mine")
        (case / "reports" / "theirs.age").write_bytes(b"age-encryption.org/v1\nunder another key")
        made.storage.decrypt()
    assert (
        (case / "sources" / "sub" / "x.txt").read_bytes() == (case / "rows" / "sub" / "x.txt").read_bytes() == b"mine"
    )
    assert (case / "rows" / table).read_bytes() == b"mine"
    held_twice = [path for path in (case / "sources").iterdir() if path.is_file() and path.read_bytes() == b"mine"]
    assert len(held_twice) == 2
    assert [path.name for path in case.rglob("*.age")] == ["theirs.age"]


@pytest.mark.slow
def test_a_damaged_file_under_the_key_keeps_it(case: Path) -> None:
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        made.storage.encrypt(PHRASE)
        place = made.context.folder.vault.write(case / "sources" / "loose.txt", b"mine")
        place.write_bytes(place.read_bytes()[:-1] + b"x")
        with pytest.raises(CaseError, match=r"changed|damaged"):
            made.storage.decrypt()
    assert (case / "case.key.age").is_file()


def test_what_lies_plain_in_an_encrypted_case_is_told_and_goes_unless_it_may_be_the_only_copy(case: Path) -> None:
    with closing(open_case(case, officer="ada", purpose="test")) as made:
        [name] = [path.name for path in (case / "sources").iterdir()]
        made.storage.encrypt(PHRASE)
        wiped, unknown, only = (case / "sources" / key for key in (name, "ab" * 32, sha256(b"only").hexdigest()))
        for path, content in ((wiped, bytes(21)), (unknown, bytes(9)), (only, b"only")):
            path.write_bytes(content)
        said = " ".join(made.log.verify()["said"])
        assert all(f"sources/{path.name} is not encrypted" in said for path in (wiped, unknown, only))
        [left] = [one for one in made.storage.check(tidy=True).itertuples() if one.part == "left over"]
        assert only.name[:12] in str(left.found) and not wiped.exists() and not unknown.exists() and only.exists()


STEPS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"}
left_steps: list[int] = []
"""How many changes of the disk are still let through, where they are counted."""


class PowerCutError(BaseException):
    """Everything stops here; nothing that comes after changes the disk any more."""


def step(event: str, _: object = None) -> None:
    if left_steps and event in STEPS:
        left_steps[0] -= 1
        if left_steps[0] < 0:
            raise PowerCutError


sys.addaudithook(step)


@contextmanager
def cut_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within it, a number of changes of names, and of contents that are brought to the disk, is let through and no more."""
    fsync = os.fsync

    def counted(descriptor: int) -> None:
        step("os.rename")
        fsync(descriptor)

    with monkeypatch.context() as patch, suppress(PowerCutError):
        patch.setattr(os, "fsync", counted)
        left_steps[:] = [steps]
        try:
            yield
        finally:
            left_steps.clear()


@pytest.mark.parametrize("is_sealed", [False, True])
@pytest.mark.slow
def test_a_changeover_that_breaks_off_at_any_step_leaves_what_an_undisturbed_one_leaves(
    case: Path, monkeypatch: pytest.MonkeyPatch, is_sealed: bool
) -> None:
    (case / "inbox").mkdir()
    (case / "inbox" / "theirs.txt").write_text("theirs")
    sealed: Vault = SealedVault(case_key.create_key())
    ways: list[tuple[Vault, Vault, Callable[[Path], None]]]
    ways = [(PLAIN, sealed, lock_up), (sealed, PLAIN, lambda _: None)]
    if is_sealed:
        encryption_conversion.make_over(case, *ways[0])
    place, before = case.with_name("broken"), listing(case)
    shutil.copytree(case, place)
    encryption_conversion.make_over(place, *ways[is_sealed])
    after = listing(place)
    for steps in count():
        shutil.rmtree(place)
        shutil.copytree(case, place)
        with cut_after(steps, monkeypatch):
            encryption_conversion.make_over(place, *ways[is_sealed])
            break
        is_ready = {".changed", ".coming"} & {path.name for path in place.iterdir()}
        for more in (3, 9):
            with cut_after(more, monkeypatch):
                encryption_conversion.resolve_interrupted(place)
        encryption_conversion.resolve_interrupted(place)
        assert listing(place) == (after if is_ready else before), steps
    assert steps > 20


def lock_up(place: Path) -> None:
    (place / case_key.FILE).write_bytes(b"key")


def listing(folder: Path) -> list[str]:
    """Names of all that lies in a case, with their sizes where nothing is sealed."""
    found = [path for path in folder.rglob("*") if path.name != ".lock"]
    sizes = {path: path.stat().st_size for path in found if path.is_file() and path.suffix != ".age"}
    return sorted(f"{path.relative_to(folder)} {sizes.get(path, '')}" for path in found)
