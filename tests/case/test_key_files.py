"""Key files of an encrypted case: the log says which count; others open nothing, and `doctor` and `verify` name them."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import workbench as wb
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.storage.health_check import FIX
from workbench.case.verbs import unlock
from workbench.errors import CaseError
from workbench.identity import Officer
from workbench.identity.core import passphrases
from workbench.ledger.maintenance import key_change
from workbench.ledger.storage import case_key

OLD, NEW, OWN = "correct horse battery", "another horse battery", "bob's own phrase"
LIST, RECOVERY = "keys/holders.json.age", case_key.share_of(case_key.RECOVERY)


@dataclass(frozen=True)
class Kept:
    """A case whose passphrase was changed and from one of whose two officers the key was taken, and its folder of before."""

    folder: Path
    before: Path
    recovery: str
    bob: Officer
    cleo: Officer

    @contextmanager
    def opened(self, word: str = NEW, officer: str | Officer = "ada") -> Iterator[Case]:
        """The case, opened anew; locked afterwards."""
        unlock.forget_key(self.folder)
        case = open_case(self.folder, officer=officer, purpose="test", passphrase=word)
        try:
            yield case
        finally:
            case.storage.lock()

    def told(self, word: str = NEW) -> tuple[set[str], set[str]]:
        """Names of files in what the doctor and what a check say of key files."""
        with self.opened(word) as case:
            found, checked = case.storage.check(), case.log.verify()
        wrong = found[(found["part"] == "key files") & (found["state"] == FIX)]["found"]
        bad = checked[(checked["check"] == "key files") & (checked["state"] == "bad")]["said"]
        return {str(text).split()[0] for text in wrong}, {str(text).split()[0] for text in bad}

    def put_back(self, name: str) -> None:
        """Put a file of before into its place."""
        shutil.copy(self.before / name, self.folder / name)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(passphrases, "WORK", 10)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    bob, cleo = (
        identity.create_identity(name, bureau="NCB", country="QM", passphrase=OWN)[0] for name in ("Bob", "Cleo")
    )
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=OLD, encrypted=True)
    assert case.log.verify().set_index("check")["state"]["key files"] == "ok"
    case.storage.share_key(bob.card)
    case.storage.share_key(cleo.card)
    recovery = case.storage.recovery_key()
    shutil.copytree(tmp_path / "case", tmp_path / "before", ignore=shutil.ignore_patterns("ledger.db*"))
    case.storage.withdraw_key("Bob")
    case.storage.change_passphrase(NEW)
    case.storage.lock()
    return Kept(tmp_path / "case", tmp_path / "before", recovery, bob, cleo)


def test_files_as_they_were_written_are_well(kept: Kept) -> None:
    assert kept.told() == (set(), set())
    with kept.opened(kept.recovery) as case:
        assert case.storage.key_holders()["holder"].tolist() == ["everyone who knows it", "Cleo", "whoever holds it"]
        assert "key files" not in set(case.storage.check()["part"])


def test_a_key_that_was_withdrawn_opens_nothing_when_its_file_is_put_back(kept: Kept) -> None:
    name = case_key.share_of(kept.bob.card.fingerprint)
    kept.put_back(name)
    with pytest.raises(CaseError, match="not the key file recorded in the log"), kept.opened(OWN, kept.bob):
        pass
    with pytest.raises(CaseError, match="not the key file recorded in the log"), kept.opened("", kept.bob):
        pass
    assert kept.told() == ({name}, {name})
    with kept.opened() as case:
        case.storage.recovery_key()  # a change takes in no file that the log has not
    assert kept.told() == ({name}, {name})
    with kept.opened() as case:
        case.storage.share_key(kept.bob.card)
    assert kept.told() == (set(), set())


def test_a_passphrase_that_was_changed_opens_nothing_when_its_file_is_put_back(kept: Kept) -> None:
    kept.put_back(case_key.FILE)
    with pytest.raises(CaseError, match="not the key file recorded in the log"), kept.opened(OLD):
        pass
    assert not unlock.is_unlocked(kept.folder)
    assert kept.told(kept.recovery) == ({case_key.FILE}, {case_key.FILE})
    with kept.opened(kept.recovery) as case:
        case.storage.change_passphrase(NEW)
    assert kept.told() == (set(), set())


def test_a_change_of_before_that_is_laid_there_again_is_dropped(kept: Kept) -> None:
    old = {case_key.FILE: base64.b64encode((kept.folder / case_key.FILE).read_bytes()).decode()}
    with kept.opened() as case:
        case.storage.change_passphrase("a third horse battery")
    (kept.folder / "keys" / key_change.FILE).write_text(json.dumps(old, sort_keys=True))
    with kept.opened("a third horse battery") as case:
        assert case.log.verify()["state"].ne("bad").all()


def _garble(name: str) -> Callable[[Kept], set[str]]:
    def work(kept: Kept) -> set[str]:
        (kept.folder / name).write_bytes(os.urandom(300))
        return {name}

    return work


def _delete(name: str) -> Callable[[Kept], set[str]]:
    def work(kept: Kept) -> set[str]:
        (kept.folder / name).unlink()
        return {name}

    return work


def _swap(kept: Kept) -> set[str]:
    names = case_key.share_of(kept.cleo.card.fingerprint), RECOVERY
    one, other = ((kept.folder / name).read_bytes() for name in names)
    (kept.folder / names[0]).write_bytes(other)
    (kept.folder / names[1]).write_bytes(one)
    return set(names)


def _add(kept: Kept) -> set[str]:
    (kept.folder / "keys" / "0123.key.age").write_bytes(b"another")
    return {"keys/0123.key.age"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "work", [_garble(RECOVERY), _delete(RECOVERY), _garble(LIST), _delete(LIST), _garble(case_key.FILE), _swap, _add]
)
def test_each_file_that_is_not_the_one_of_the_log_is_named(kept: Kept, work: Callable[[Kept], set[str]]) -> None:
    names = work(kept)
    word = kept.recovery if case_key.FILE in names else NEW
    assert kept.told(word) == (names, names)
    with kept.opened(word) as case:  # what the advice says mends it
        case.storage.change_passphrase(NEW)
        case.storage.recovery_key()
        case.storage.share_key(kept.cleo.card)
    assert kept.told()[0] == (names if work is _add else set())


@pytest.mark.parametrize("work", [_garble(LIST), _delete(LIST)])
def test_holders_are_known_by_the_log_where_their_list_is_not_the_one_of_the_case(
    kept: Kept, work: Callable[[Kept], set[str]]
) -> None:
    work(kept)
    mark = kept.cleo.card.fingerprint
    with kept.opened() as case:
        assert case.storage.key_holders()["fingerprint"].tolist() == ["", mark, ""]
        case.storage.withdraw_key(mark)
        assert case.storage.key_holders()["by"].tolist() == ["passphrase", "recovery key"]
    assert kept.told() == (set(), set())


def test_a_case_of_an_earlier_release_is_bound_by_the_next_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrases, "WORK", 10)
    with monkeypatch.context() as earlier:
        earlier.setattr(key_change, "DETAIL", "said nowhere")
        case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=OLD, encrypted=True)
        case.storage.recovery_key()
        case.storage.lock()
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=OLD)
    assert case.storage.check().set_index("part")["state"]["key files"] == "look"
    assert "key files" not in set(case.log.verify()["check"])
    case.storage.change_passphrase(NEW)
    assert "key files" not in set(case.storage.check()["part"])
    assert case.log.verify().set_index("check")["state"]["key files"] == "ok"
    case.storage.lock()


@pytest.mark.slow
def test_a_case_that_is_encrypted_decrypted_and_restored_stays_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrases, "WORK", 10)
    case = open_case(tmp_path / "case", officer="ada", purpose="test")
    for phrase in (OLD, NEW):
        case.storage.encrypt(phrase)
        assert case.log.verify().set_index("check")["state"]["key files"] == "ok"
        case.storage.recovery_key()
        archive = tmp_path / f"{phrase}.backup"
        case.storage.backup(archive)
        again = open_case(wb.restore(archive, tmp_path / phrase), officer="ada", purpose="test", passphrase=phrase)
        assert again.log.verify()["state"].ne("bad").all() and "key files" in set(again.log.verify()["check"])
        again.storage.lock()
        case.storage.decrypt()
        assert "key files" not in {*case.log.verify()["check"], *case.storage.check()["part"]}
    case.close()
