"""A change of who can open an encrypted case that fails, or is killed at any step: the log decides which key files count."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scale import times
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.verbs import unlock
from workbench.errors import CaseError, WorkbenchError
from workbench.identity import Officer
from workbench.identity.core import passphrases
from workbench.ledger.maintenance import key_change

OLD, NEW = "correct horse battery", "another horse battery"
PROVED = {"passphrase": "bob's own phrase"}
WORK = """
import os, signal, sys
from workbench.case.case import open_case
from workbench.identity import Card
from workbench.identity.core import passphrases as phrases

phrases.WORK = 10
folder, verb, last, card = sys.argv[1:]
case = open_case(folder, officer="ada", purpose="test", passphrase="correct horse battery")
count = 0

def counted(call):
    def made(*given, **named):
        global count
        count += 1
        if count == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)
    return made

for name in ("rename", "replace", "unlink", "fsync", "chmod"):
    setattr(os, name, counted(getattr(os, name)))
if verb == "recovery_key":
    print(case.storage.recovery_key())
elif verb == "change_passphrase":
    case.storage.change_passphrase("another horse battery")
elif verb == "share_key":
    case.storage.share_key(Card.from_json(card))
else:
    case.storage.withdraw_key("recovery key")
os._exit(0)
"""


@dataclass(frozen=True)
class Kept:
    """An encrypted case with a recovery key, and an officer to whom it may be given."""

    folder: Path
    recovery: str
    bob: Officer

    def opens(self, word: str) -> bool:
        """Whether a passphrase, a recovery key or bob's own key (`word` '') opens a copy of it."""
        unlock.forget_key(self.folder)
        identity.lock()
        try:
            who = {"officer": "ada", "passphrase": word} if word else {"officer": "Bob Marsh", **PROVED}
            open_case(self.folder, purpose="test", **who).storage.lock()  # type: ignore[arg-type]
        except CaseError:
            return False
        return True

    def state(self) -> tuple[bool, ...]:
        """What opens it: the passphrase of before, another one, the recovery key of before, bob."""
        return tuple(self.opens(word) for word in (OLD, NEW, self.recovery, ""))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(passphrases, "WORK", 10)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    bob, _ = identity.create_identity("Bob Marsh", bureau="NCB Test", country="QM", **PROVED)
    case = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=OLD, encrypted=True)
    key = case.storage.recovery_key()
    case.storage.lock()
    return Kept(tmp_path / "case", key, bob)


VERBS: dict[str, Callable[[Case, Kept], object]] = {
    "recovery_key": lambda case, kept: case.storage.recovery_key(),
    "change_passphrase": lambda case, kept: case.storage.change_passphrase(NEW),
    "share_key": lambda case, kept: case.storage.share_key(kept.bob.card),
    "withdraw_key": lambda case, kept: case.storage.withdraw_key("recovery key"),
}
BEFORE = (True, False, True, False)
AFTER = {
    "recovery_key": (True, False, False, False), "change_passphrase": (False, True, True, False),
    "share_key": (True, False, True, True), "withdraw_key": (True, False, False, False),
}  # fmt: skip


def changes(case: Case) -> int:
    """How many changes the log tells of."""
    query = "SELECT count(*) FROM audit WHERE op = 'alteration' AND json_extract(entry, '$.object.kind') = 'case key'"
    return int(case.context.ledger.connection.execute(query).fetchone()[0])


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_changes_who_can_open_the_case_and_tells_the_log(kept: Kept, verb: str) -> None:
    with closing(open_case(kept.folder, officer="ada", purpose="test", passphrase=OLD)) as case:
        before = changes(case)
        made = VERBS[verb](case, kept)
        assert changes(case) == before + 1
        assert not (kept.folder / "keys" / key_change.FILE).exists()
        assert (case.log.verify()["state"] != "bad").all()
    assert kept.state() == AFTER[verb]
    assert made is None or kept.opens(str(made))


@pytest.mark.parametrize("verb", VERBS)
def test_where_the_log_cannot_be_written_nothing_is_changed(kept: Kept, verb: str) -> None:
    case = open_case(kept.folder, officer="ada", purpose="test", passphrase=OLD)
    holders, before = case.storage.key_holders().to_dict(), changes(case)
    case.context.ledger.connection._inner.set_commit_hook(lambda: True)  # type: ignore[attr-defined]
    with pytest.raises(WorkbenchError):
        VERBS[verb](case, kept)
    case.context.ledger.connection._inner.set_commit_hook(None)  # type: ignore[attr-defined]
    assert case.storage.key_holders().to_dict() == holders and changes(case) == before
    case.storage.lock()
    assert kept.state() == BEFORE


@pytest.mark.faults
@pytest.mark.validation
@pytest.mark.timeout(3600)
@pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal")
@pytest.mark.parametrize("verb", VERBS)
def test_a_kill_at_any_step_leaves_what_the_log_tells(
    kept: Kept, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start = kept.folder.with_name("start")
    shutil.copytree(kept.folder, start)
    found, told = set(), set()
    for last in range(1, 500, times(1, 5)):
        shutil.rmtree(kept.folder)
        shutil.copytree(start, kept.folder)
        words = [sys.executable, "-c", WORK, str(kept.folder), verb, str(last), kept.bob.card.to_json()]
        done = subprocess.run(words, capture_output=True, check=False, env=os.environ)
        if done.returncode == 0:
            break
        copy = kept.folder.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(kept.folder, copy)
        unlock.forget_key(kept.folder)
        word = next(one for one in (OLD, NEW) if kept.opens(one))
        told |= {line[:40] for line in capsys.readouterr().out.splitlines() if "interrupted" in line}
        with closing(open_case(kept.folder, officer="ada", purpose="test", passphrase=word)) as case:
            counts = changes(case) == 2
        assert kept.state() == (AFTER[verb] if counts else BEFORE), last
        assert not (kept.folder / "keys" / key_change.FILE).exists()
        shutil.rmtree(kept.folder)
        shutil.copytree(copy, kept.folder)
        assert kept.opens(NEW) == (AFTER[verb] if counts else BEFORE)[1]  # also where the new one is tried first
        found.add(counts)
    assert done.returncode == 0, done.stderr
    assert found == {True, False} and len(told) >= 1
