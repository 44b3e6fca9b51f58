"""The command `workbench identity`: in processes of their own, with two homes; passphrases come by the terminal or a pipe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from workbench import identity
from workbench.identity import Bureau, Officer, TrustList
from workbench.identity.core import key_store as homes

PHRASE = "four words of mine"


def run(home: Path, *words: object, given: str = "", status: int = 0) -> str:
    """What `workbench identity …` prints in a process of its own; lines of `given` are piped in."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "identity", *map(str, words)],
        input=given, capture_output=True, text=True, env={**os.environ, "WORKBENCH_HOME": str(home)}, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def bureau() -> Officer:
    return identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM", role="bureau")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an identity whose keys nobody has: for what needs none."""
    ada = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM", role="analyst")
    homes.write_identity("Ada Lind", {"card.json": ada.card.to_json().encode()}, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.slow
def test_a_bureau_vouches_for_an_officer_of_another_home(tmp_path: Path) -> None:
    valdora, ada = tmp_path / "valdora", tmp_path / "ada"
    said = run(
        valdora, "new", "NCB Valdora", "--bureau", "NCB Valdora", "--country", "QM", "--role", "bureau", given=PHRASE
    )
    assert "It is shown only once" in said
    assert re.search(r"AGE-SECRET-KEY-1\w{58}", said)
    said = run(ada, "new", "Ada Lind", "--bureau", "NCB Valdora", "--country", "QM", given=PHRASE)
    recovery = re.search(r"AGE-SECRET-KEY-1\w{58}", said)
    assert recovery
    run(ada, "card", "ada lind", "--out", tmp_path / "ada.json")
    said = run(valdora, "card", "NCB Valdora", "--out", tmp_path / "valdora.json")
    fingerprint = said.split()[-1]
    grant = ("--clearance", "EXERCISE RESTRICTED", "--training", "foundations", "--until", "2090-12-31")
    run(valdora, "issue", tmp_path / "ada.json", "--as", "NCB Valdora", *grant, given=PHRASE)
    issued = tmp_path / "ada.issued.json"
    assert json.loads(issued.read_text("utf-8"))["valid_until"] == "2090-12-31T23:59:59Z"
    assert "If the bureau is not on your trust list, add it" in run(ada, "take", issued, status=1)
    add = ("trust", "add", tmp_path / "valdora.json", "--grants", "EXERCISE RESTRICTED")
    said = run(ada, *add, status=1)
    assert "was not added to the trust list. The fingerprint is missing" in said
    assert "number 1 and was signed by EXERCISE – Ada Lind" in run(
        ada, *add, "--fingerprint", fingerprint, given=PHRASE
    )
    said = run(ada, "take", issued)
    assert "VALID" in said
    assert "grants the clearance EXERCISE RESTRICTED" in said
    assert "Note: revocation was not checked" in run(ada, "show", "Ada Lind")
    assert "may grant: EXERCISE, EXERCISE RESTRICTED" in run(ada, "trust")
    run(ada, "recover", "Ada Lind", given=f"{recovery[0]}\na new passphrase\n")
    assert "does not open" in run(ada, "trust", "remove", "NCB Valdora", given=PHRASE, status=1)
    assert "is no longer trusted" in run(ada, "trust", "remove", "NCB Valdora", given="a new passphrase")
    assert "NOT TRUSTED" in run(ada, "show", issued, status=1)


@pytest.mark.slow
def test_what_needs_no_key_asks_for_none(home: Path, bureau: Officer, tmp_path: Path) -> None:
    assert (said := run(home)).splitlines()[0].endswith(": 1")
    assert "EXERCISE – Ada Lind, NCB Valdora (QM)  SHA256:" in said
    assert "NOT TRUSTED" in run(home, "show", "Ada Lind")
    target = tmp_path / "own.json"
    assert "nothing secret" in run(home, "card", "Ada Lind", "--out", target)
    run(home, "card", "Ada Lind", "--out", target)  # the same again
    (tmp_path / "valdora.json").write_text(bureau.card.to_json(), "utf-8")
    assert "exists" in run(home, "card", "Ada Lind", "--out", tmp_path / "valdora.json", status=1)
    assert "Trusted bureaux: 0" in run(home, "trust", "list")


def test_what_a_stranger_wrote_is_shown_as_its_number(home: Path, bureau: Officer, tmp_path: Path) -> None:
    card = Bureau("\x1b[31mNCB\u202e Valdora", "QM", bureau.card.key).card
    (tmp_path / "card.json").write_text(card.to_json(), "utf-8")
    said = run(home, "show", tmp_path / "card.json", status=1)
    assert "\\u{1b}[31mNCB\\u{202e} Valdora" in said
    assert not {"\x1b", "\u202e"} & set(said)


@pytest.mark.slow
def test_mistakes_are_answered_with_what_to_do(home: Path, tmp_path: Path) -> None:
    assert "Did you mean 'Ada Lind'" in run(home, "card", "Ada Lynd", status=1)
    assert "cannot be read" in run(home, "take", tmp_path / "none.json", status=1)
    new = ("new", "Bo Ek", "--bureau", "NCB Valdora", "--country")
    assert "shorter than 12" in run(home, *new, "QM", given="short\n", status=1)
    assert "is not a country code" in run(home, *new, "Valdora", given=PHRASE, status=1)
    assert "already" in run(home, "new", "ADA LIND", "--bureau", "B", "--country", "QM", given=PHRASE, status=1)
    (tmp_path / "bad.p12").write_bytes(b"nothing")
    assert "it is not a PKCS#12 file, or the passphrase is wrong" in run(home, "bring", tmp_path / "bad.p12", status=1)
    assert run(home, "new", "Bo Ek", status=2)


@pytest.mark.parametrize("forged", ["another key under the name", "another name for the key", "other terms"])
def test_a_file_changes_nothing_of_a_key_that_is_trusted(tmp_path: Path, bureau: Officer, forged: str) -> None:
    home, trusted = tmp_path / "home", Bureau.from_card(bureau.card, valid_until="2090-12-31T23:59:59Z")
    ada, _ = identity.create_identity("Ada Lind", bureau="NCB Valdora", country="QM", passphrase=PHRASE, home=home)
    identity.save_trust_list(identity.load_trust_list(home).add_bureau(trusted), ada, home)
    name = {"another key under the name": "NCB  VALDORA", "another name for the key": "NCB Nordreich"}.get(
        forged, "NCB Valdora"
    )
    other = identity.create_temporary(name, bureau=name, country="QM", role="bureau")
    renamed = replace(bureau.card, name=name, bureau=name)
    card = other.card if forged.startswith("another key") else renamed.add_signature(bureau.sign(renamed.signed_bytes))
    (tmp_path / "bureau.json").write_text(card.to_json(), "utf-8")
    words = ("trust", "add", tmp_path / "bureau.json", "--fingerprint", card.fingerprint, "--grants", "EXERCISE")
    assert "already" in run(home, *words, given=PHRASE, status=1)
    assert identity.load_trust_list(home).bureaux == (trusted,)


def test_a_changed_list_of_the_user_is_refused(home: Path, bureau: Officer) -> None:
    listed = TrustList().add_bureau(Bureau.from_card(bureau.card)).sign_list(bureau)
    (home / "trust.json").write_text(listed.to_json(), "utf-8")
    assert "You do not accept lists from this signer" in run(home, "trust", status=1)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_on_a_terminal_a_passphrase_is_typed_twice_and_not_seen(tmp_path: Path) -> None:
    import pty

    words = ["identity", "new", "Ada Lind", "--bureau", "NCB Valdora", "--country", "QM"]
    terminal, inside = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", *words],
        stdin=inside, stdout=inside, stderr=inside, start_new_session=True, env={**os.environ, "WORKBENCH_HOME": str(tmp_path)},
    )  # fmt: skip
    os.close(inside)
    said = b""
    for typed in (b"four words of mine\n", b"four words of yours\n"):
        while not (more := _read(terminal)).endswith(b": ") and more:
            said += more
        said += more
        os.write(terminal, typed)
    while more := _read(terminal):
        said += more
    os.close(terminal)
    assert child.wait(200) == 1
    assert b"The two passphrases are different" in said
    assert b"four words of" not in said
    assert not list(tmp_path.iterdir())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:  # the other end is closed
        return b""
