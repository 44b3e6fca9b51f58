"""The key of a pseudonymised copy: who can read it is decided by who can open it, and by nobody else."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

import workbench as wb
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.privacy.pseudonyms import key_file
from workbench.errors import CaseError
from workbench.identity import Officer
from workbench.identity.core import age_encryption, passphrases

pytestmark = pytest.mark.slow

PASSPHRASE = "correct horse battery staple"
MAIL = "dora@finch.example"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A case with one address in it."""
    made = open_case(tmp_path / "case", officer="zed", purpose="test")
    (tmp_path / "memo.md").write_text(f"Write to {MAIL}.\n", "utf-8")
    made.add(tmp_path / "memo.md")
    yield made
    made.close()


def ada() -> Officer:
    return identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")


def mallory() -> Officer:
    return identity.create_temporary("Mallory", bureau="NCB Nowhere", country="QN")


def changed(key: Path, **parts: object) -> None:
    """Write other things into the open part of a key."""
    key.write_text(json.dumps(json.loads(key.read_text("utf-8")) | parts), "utf-8")


def test_who_cannot_open_a_key_cannot_let_somebody_else_read_it(case: Case, tmp_path: Path) -> None:
    key, number = tmp_path / "k", 0
    case.subjects.pseudonymise(tmp_path / "c0", because="course", key=key, passphrase=PASSPHRASE)
    kept = key.read_bytes()
    known = json.loads(kept)["recipient"]
    own = pyrage.x25519.Identity.generate()
    forged = {"secret": "00" * 32, "salt": "00", "cases": [], "given": {}, "cards": [], "recipient": known}
    sealed = pyrage.encrypt(zlib.compress(json.dumps(forged).encode()), [pyrage.x25519.Recipient.from_str(known)])
    ways: tuple[dict[str, object], ...] = (
        {"recipient": str(own.to_public())},
        {"cards": [mallory().card.to_json()]},
        {"sealed": base64.b64encode(sealed).decode()},
        {"sealed": base64.b64encode(sealed).decode(), "version": 1},
    )
    for number, way in enumerate(ways, 1):
        key.write_bytes(kept)
        changed(key, **way)
        before = key.read_bytes()
        with pytest.raises(CaseError, match="Somebody changed k"):
            case.subjects.pseudonymise(tmp_path / f"c{number}", because="course", key=key, passphrase=PASSPHRASE)
        with pytest.raises(CaseError, match="Somebody changed k"):
            wb.reidentify(key, "x", passphrase=PASSPHRASE)
        assert key.read_bytes() == before and not (tmp_path / f"c{number}").exists()


def test_a_card_that_is_named_with_a_key_that_exists_is_added(case: Case, tmp_path: Path) -> None:
    key, officer = tmp_path / "k", ada()
    case.subjects.pseudonymise(tmp_path / "c1", because="course", key=key, passphrase=PASSPHRASE)
    with pytest.raises(CaseError, match="cannot be opened"):
        wb.reidentify(key, MAIL, officer=officer, passphrase="wrong horse battery staple")
    case.subjects.pseudonymise(tmp_path / "c2", because="course", key=key, passphrase=PASSPHRASE, to=[officer.card])
    case.subjects.pseudonymise(tmp_path / "c3", because="course", key=key, passphrase=PASSPHRASE)
    token = key_file.open_key(key, officer=officer).key.given["email"][MAIL]
    assert wb.reidentify(key, token, officer=officer)["original"].tolist() == [MAIL]


def test_a_key_for_cards_is_taken_up_where_a_known_officer_has_signed_it(tmp_path: Path) -> None:
    key, one, other = tmp_path / "k", ada(), identity.create_temporary("Ben Lund", bureau="NCB Valdora", country="QM")
    case = open_case(tmp_path / "case", officer=one, purpose="test")
    case.subjects.pseudonymise(tmp_path / "c1", because="course", key=key, to=[one.card, other.card])
    case.subjects.pseudonymise(tmp_path / "c2", because="course", key=key)
    assert not key_file.open_key(key, officer=other).proven
    with pytest.raises(CaseError, match="It is not certain who wrote k"):
        key_file.prepare_key(key, "", (), other)
    assert key_file.prepare_key(key, "", (one.card,), other).proven
    forged = key_file.KeyFile(key, key_file.Key(b"0" * 32, b"0"), cards=(one.card, mallory().card))
    forged.write(mallory())
    with pytest.raises(CaseError, match="It is not certain who wrote k"):
        case.subjects.pseudonymise(tmp_path / "c3", because="course", key=key)
    case.close()


def test_a_key_of_the_first_version_is_read_and_becomes_one_of_this(case: Case, tmp_path: Path) -> None:
    key, own, card = tmp_path / "k", pyrage.x25519.Identity.generate(), mallory().card
    said = {"secret": "0f" * 32, "salt": "00", "cases": [], "given": {"email": {MAIL: "pol@tra.example"}}}
    to = [own.to_public(), *age_encryption.list_recipients([card])]
    whole = {
        "format": key_file.FORMAT, "version": 1, "recipient": "age1changed", "cards": [card.to_json()],
        "wrapped": base64.b64encode(passphrases.encrypt_data(str(own).encode(), PASSPHRASE)).decode(),
        "sealed": base64.b64encode(pyrage.encrypt(zlib.compress(json.dumps(said).encode()), to)).decode(),
    }  # fmt: skip
    key.write_text(json.dumps(whole), "utf-8")
    assert wb.reidentify(key, "pol@tra.example", passphrase=PASSPHRASE)["original"].tolist() == [MAIL]
    with pytest.raises(CaseError, match="Mallory"):
        case.subjects.pseudonymise(tmp_path / "c1", because="course", key=key, passphrase=PASSPHRASE)
    changed(key, cards=[])
    made = case.subjects.pseudonymise(tmp_path / "c1", because="course", key=key, passphrase=PASSPHRASE)
    new = json.loads(key.read_text("utf-8"))
    assert (new["version"], new["recipient"], new["cards"]) == (2, str(own.to_public()), [])
    copy = open_case(made.folder, officer="zed", purpose="training")
    assert copy.context.passages["text"].iloc[0] == "Write to pol@tra.example."
    copy.close()
