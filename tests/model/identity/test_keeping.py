"""Keys under a passphrase: kept whole, opened by nobody else, recovered; two homes know nothing of each other."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.identity.conftest import PHRASE, Valdora
from workbench import identity
from workbench.errors import IdentityError
from workbench.identity import Officer, TrustList
from workbench.identity.core import key_files, passphrases
from workbench.identity.core import key_store as homes


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_kept_is_public_or_encrypted(valdora: Valdora) -> None:
    kept = files(valdora.home / "identities")
    assert sorted(Path(name).name for name in kept) == ["card.json", "keys.age", "recovery.age"]
    whole = b"".join(kept.values())
    secret = valdora.bureau._receiving
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert secret.encode() not in whole
    assert valdora.recovery.encode() not in whole
    assert PHRASE.encode() not in whole


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the permissions of the user's folder")
def test_only_the_owner_enters(valdora: Valdora) -> None:
    for path in valdora.home.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE(valdora.home.stat().st_mode) == 0o700


def test_an_identity_is_unlocked_once_a_session(valdora: Valdora) -> None:
    name = "ncb valdora"  # capitals make no other identity
    assert identity.unlock(name, home=valdora.home) is identity.unlock(name, home=valdora.home)
    identity.lock(name, home=valdora.home)
    assert not identity.is_unlocked(name, home=valdora.home)
    with pytest.raises(IdentityError, match="is locked"):
        identity.unlock(name, home=valdora.home)
    officer = identity.unlock(name, PHRASE, home=valdora.home)
    assert officer.card == valdora.bureau.card
    assert identity.signed_by(valdora.bureau.card, b"text", officer.sign(b"text"))
    assert officer.open(identity.seal(b"text", [valdora.bureau.card])) == b"text"


def test_a_wrong_passphrase_and_a_damaged_file_say_so_and_no_more(valdora: Valdora, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(valdora.home, home)
    with pytest.raises(IdentityError, match="passphrase does not open") as caught:
        identity.unlock("NCB Valdora", "another passphrase", home=home)
    assert "another passphrase" not in str(caught.value)
    assert caught.value.__cause__ is None
    keys = homes.place("NCB Valdora", home) / "keys.age"
    keys.write_bytes(keys.read_bytes()[:-1])
    with pytest.raises(IdentityError, match="the file is damaged"):
        identity.unlock("NCB Valdora", PHRASE, home=home)
    keys.unlink()
    with pytest.raises(IdentityError, match="Restore the file from a backup"):
        identity.unlock("NCB Valdora", PHRASE, home=home)


def test_near_names_are_offered(valdora: Valdora, home: Path) -> None:
    with pytest.raises(IdentityError, match="Did you mean 'NCB Valdora'"):
        identity.unlock("NCB Valdoro", home=valdora.home)
    with pytest.raises(IdentityError, match="workbench identity new NAME"):
        identity.unlock("NCB Valdora")
    with pytest.raises(IdentityError, match="already has an identity 'NCB VALDORA'"):
        identity.create_identity(
            "NCB VALDORA", bureau="NCB Valdora", country="QM", passphrase=PHRASE, home=valdora.home
        )


def test_bad_wishes_make_nothing(home: Path) -> None:
    with pytest.raises(IdentityError, match="shorter than 12"):
        identity.create_identity("Ada Lind", bureau="NCB Valdora", country="QM", passphrase="short")
    with pytest.raises(IdentityError, match="is not a country code"):
        identity.create_identity("Ada Lind", bureau="NCB Valdora", country="Valdora", passphrase=PHRASE)
    with pytest.raises(IdentityError, match="invented country"):
        identity.create_identity("Ada Lind", bureau="NCB Valdora", country="QM", exercise=False, passphrase=PHRASE)
    with pytest.raises(IdentityError, match="has no name or no bureau"):
        identity.create_identity(" ", bureau="NCB Valdora", country="QM", passphrase=PHRASE)
    assert not home.exists()


def test_the_recovery_key_sets_a_new_passphrase(valdora: Valdora, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(valdora.home, home)
    other = str(pyrage.x25519.Identity.generate())
    with pytest.raises(IdentityError, match="recovery key does not open") as caught:
        identity.recover("NCB Valdora", other, "a new passphrase", home=home)
    assert other not in str(caught.value)
    with pytest.raises(IdentityError, match="This is not a recovery key"):
        identity.recover("NCB Valdora", "AGE-SECRET-KEY-1NONSENSE", "a new passphrase", home=home)
    made = identity.recover("NCB Valdora", f" {valdora.recovery}\n", "a new passphrase", home=home)
    assert made.card == valdora.bureau.card
    identity.lock()
    assert identity.unlock("NCB Valdora", "a new passphrase", home=home).card == made.card


@pytest.mark.slow
def test_the_old_passphrase_sets_a_new_one(valdora: Valdora, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(valdora.home, home)
    with pytest.raises(IdentityError, match="does not open"):
        identity.change("NCB Valdora", "another passphrase", "a new passphrase", home=home)
    identity.change("NCB Valdora", PHRASE, "Schlu\u0308ssel und mehr", home=home)
    identity.lock()
    assert identity.unlock("NCB Valdora", "Schl\u00fcssel und mehr", home=home)  # composed by another keyboard
    identity.lock()
    with pytest.raises(IdentityError, match="does not open"):
        identity.unlock("NCB Valdora", PHRASE, home=home)
    identity.recover("NCB Valdora", valdora.recovery, "yet another one", home=home)


def test_any_program_for_age_opens_the_files(valdora: Valdora) -> None:
    folder = homes.place("NCB Valdora", valdora.home)
    recovery = pyrage.x25519.Identity.from_str(valdora.recovery)
    keys = pyrage.decrypt((folder / "recovery.age").read_bytes(), [recovery])
    assert key_files.PrivateKeys.from_bytes(keys).receiving == valdora.bureau._receiving


@pytest.mark.slow
@given(st.binary(max_size=300))
@settings(max_examples=3, deadline=None)
def test_what_is_under_a_passphrase_any_program_for_age_opens(work_of_passphrases: int, data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrases, "WORK", work_of_passphrases)
        sealed = passphrases.encrypt_data(data, PHRASE)
    assert pyrage.passphrase.decrypt(sealed, PHRASE) == data
    assert sealed.split(b"\n")[1].endswith(b" 18")


def test_a_passphrase_guards_one_piece_of_an_age_file_only() -> None:
    with pytest.raises(ValueError, match="one piece"):
        passphrases.encrypt_data(bytes(passphrases.LARGEST + 1), PHRASE)


def test_an_exchanged_card_is_found(valdora: Valdora, ada: Officer, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(valdora.home, home)
    (homes.place("NCB Valdora", home) / "card.json").write_text(ada.card.to_json(), "utf-8")
    with pytest.raises(IdentityError, match="does not match the private keys there"):
        identity.recover("NCB Valdora", valdora.recovery, "a new passphrase", home=home)


def test_two_homes_know_nothing_of_each_other(valdora: Valdora, home: Path) -> None:
    assert identity.names(valdora.home) == ["NCB Valdora"]
    assert identity.names() == []
    here = identity.create_temporary("NCB Valdora", bureau="NCB Valdora", country="QM")
    assert here.card.fingerprint != valdora.bureau.card.fingerprint
    with pytest.raises(IdentityError):
        here.open(identity.seal(b"text", [valdora.bureau.card]))
    assert TrustList().assess_card(here.card).state == "not trusted"


@given(st.text(min_size=1, max_size=80))
def test_any_name_is_a_folder_of_its_own_below_the_home(name: str) -> None:
    place = homes.place(name, Path("/home"))
    assert place.parent == Path("/home").resolve() / "identities"
    assert place.name.isascii()
    assert not set(place.name) & set('<>:"/\\|?*\x00 .')
    assert len(place.name) < 64


MAKE = """
import sys
from pathlib import Path
from workbench.errors import IdentityError
from workbench.identity.core import key_store as home
try:
    home.write_identity("Ada Lind", {"card.json": b"x" * 100, "keys.age": b"y"}, Path(sys.argv[1]))
    print("made")
except IdentityError as error:
    print("there")
"""


def test_of_many_that_make_one_name_at_once_one_makes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = sorted(process.communicate()[0].strip() for process in started)
    assert said == ["made", *["there"] * 5]
    assert [path.name for path in (tmp_path / "identities").iterdir()] == [homes.place("Ada Lind", tmp_path).name]


def test_the_home_is_the_users_own_unless_named(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert homes.folder() == home.resolve()
    assert homes.folder(tmp_path) == tmp_path.resolve()
    monkeypatch.delenv("WORKBENCH_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    if sys.platform.startswith("linux"):
        assert homes.folder() == tmp_path / "config" / "caseledger"
    assert os.fspath(homes.folder())
