"""Commands on an encrypted case ask for its passphrase, or read it from the standard input; it is never a word of a command."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from workbench.app.environment_check import print_environment
from workbench.case.case import open_case
from workbench.model.catalogue import Translator

pytestmark = pytest.mark.slow

PHRASE = "four words – and ‘more’"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encrypted")
    made = open_case(folder / "case", officer="ada", purpose="test", encrypted=True, passphrase=PHRASE)
    made.review.note("kept")
    made.storage.backup(folder / "case.backup")
    made.close()
    return folder


def command(case: Path, name: str, to: Path) -> list[str]:
    words = {
        "verify": ["verify", str(case / "case")],
        "doctor": ["doctor", str(case / "case")],
        "backup": ["backup", str(case / "case"), str(to / "new.backup")],
        "restore": ["restore", str(case / "case.backup"), str(to / "again")],
    }[name]
    return [sys.executable, "-m", "workbench.cli", *words]


SAID = {
    "verify": "No problems were found.",
    "doctor": "There are no problems to fix.",
    "backup": "SHA-256",
    "restore": "The passphrase opens the case.",
}


@pytest.mark.parametrize("name", SAID)
def test_the_passphrase_is_read_from_the_standard_input(case: Path, tmp_path: Path, name: str) -> None:
    made = [*command(case, name, tmp_path), "--passphrase-stdin"]
    done = subprocess.run(made, input=f"{PHRASE}\nmore\n".encode(), capture_output=True, check=False)
    assert done.returncode == 0 and SAID[name] in done.stdout.decode(), done
    assert PHRASE not in (done.stdout + done.stderr).decode()


@pytest.mark.slow
@pytest.mark.parametrize("given", [b"another passphrase\n", b"", b"\n", b"\xff\xfe\n"])
@pytest.mark.parametrize("name", ["verify", "restore"])
def test_a_wrong_one_or_none_is_told(case: Path, tmp_path: Path, name: str, given: bytes) -> None:
    made = [*command(case, name, tmp_path), "--passphrase-stdin"]
    done = subprocess.run(made, input=given, capture_output=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith(b"workbench: ") and b"Traceback" not in done.stderr


def test_where_nobody_can_be_asked_the_command_says_what_to_do(case: Path, tmp_path: Path) -> None:
    done = subprocess.run(command(case, "verify", tmp_path), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 1 and b"--passphrase-stdin" in done.stderr
    done = subprocess.run(
        command(case, "restore", tmp_path), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 0 and b"was not tested" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal that a program can play")
def test_in_a_terminal_it_is_asked_for_unseen(case: Path, tmp_path: Path) -> None:
    import pty

    child, terminal = pty.fork()
    if child == 0:
        words = command(case, "verify", tmp_path)
        os.execv(words[0], words)  # noqa: S606 - in the child, which has the terminal
    shown = b""
    while b"Passphrase of case: " not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, f"{PHRASE}\n".encode())
    try:
        while part := os.read(terminal, 1024):
            shown += part
    except OSError:  # the other end is closed
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert b"No problems were found." in shown and PHRASE.encode() not in shown
    os.close(terminal)


def test_no_command_takes_a_passphrase_as_a_word(case: Path, tmp_path: Path) -> None:
    for name in SAID:
        done = subprocess.run(
            [*command(case, name, tmp_path), "--passphrase", PHRASE], capture_output=True, check=False
        )
        assert done.returncode == 2


def test_the_doctor_tells_the_versions_behind_keys(capsys: pytest.CaptureFixture[str]) -> None:
    print_environment(Translator("en"))
    told = capsys.readouterr().out
    for name in ("cryptography", "pyrage", "apsw-sqlite3mc", "sd-jwt"):
        assert f"{name} {version(name)}" in told


def test_a_recovery_key_is_offered_once_and_opens_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = open_case(tmp_path / "case", officer="ada", purpose="test", encrypted=True, passphrase=PHRASE)
    assert (
        capsys.readouterr().out.count(
            "`case.storage.recovery_key()` shows the key once. Write the key on paper. Lock the paper away"
        )
        == 1
    )
    made.close()
    open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=PHRASE).close()
    plain = open_case(tmp_path / "plain", officer="ada", purpose="test")
    assert "recovery" not in capsys.readouterr().out
    plain.storage.encrypt(PHRASE)
    assert capsys.readouterr().out.count("Create a recovery key now") == 1
    key = plain.storage.recovery_key()
    plain.storage.lock()
    open_case(tmp_path / "plain", officer="ada", purpose="test", passphrase=key).close()


def test_the_command_that_encrypts_prints_a_recovery_key_that_opens_the_case(tmp_path: Path) -> None:
    open_case(tmp_path / "case", officer="ada", purpose="test").close()
    words = [sys.executable, "-m", "workbench.cli", "encrypt", str(tmp_path / "case"), "--passphrase-stdin"]
    done = subprocess.run(words, input=f"{PHRASE}\n".encode(), capture_output=True, check=True)
    (key,) = [line for line in done.stdout.decode().splitlines() if line.startswith("AGE-SECRET-KEY-1")]
    assert "far from this computer and the case" in done.stdout.decode()
    made = open_case(tmp_path / "case", officer="ada", purpose="test", passphrase=key)
    assert "recovery key" in made.storage.key_holders()["by"].tolist()
    made.close()
