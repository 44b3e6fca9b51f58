"""Checkpoints have the form of C2SP's tlog-checkpoint, are of their log only, and take the signatures of others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.ledger import tampering
from tests.ledger.loglike import independent
from tests.model.identity import test_certificates as certified
from workbench import identity
from workbench.errors import CaseError
from workbench.identity import Officer
from workbench.ledger import Ledger, Object
from workbench.ledger.log import checkpoints, merkle
from workbench.ledger.log.finding import BAD, OPEN
from workbench.ledger.verification.cosignatures import Trust
from workbench.ledger.verification.verify import verify_case

MOMENT = 1_790_000_000


@pytest.fixture
def officer() -> Officer:
    return identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")


@pytest.fixture
def other() -> Officer:
    return identity.create_temporary("Bo Ek", bureau="NCB Sarnia", country="QN")


@pytest.fixture
def ledger(tmp_path: Path, officer: Officer) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db", officer=officer, purpose="test")
    for number in range(5):
        made.record("consultation", Object("search", query=f"q{number}"))
    yield made
    made.close()


def test_a_checkpoint_has_the_form_of_the_standard_and_its_signature_is_over_it(
    ledger: Ledger, officer: Officer
) -> None:
    body, _, line = ledger.sign_checkpoint().partition("\n\n")
    origin, size, root, time, exercise = body.split("\n")
    assert exercise == "EXERCISE"
    assert origin == f"caseledger/{ledger.session.case_id}" and size == "5" and time.startswith("time 20")
    leaves = [row[0] for row in ledger.connection.execute("SELECT leaf FROM audit WHERE seq <= 5 ORDER BY seq")]
    assert base64.b64decode(root) == merkle.compute_root(leaves)
    dash, name, data = line.strip().split(" ")
    key, raw = base64.b64decode(officer.card.key), base64.b64decode(data)
    assert dash == "—" and name.startswith("officer/")
    assert raw[:4] == hashlib.sha256(f"{name}\n".encode() + b"\x01" + key).digest()[:4]
    Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], f"{body}\n".encode())


def test_a_countersignature_has_the_form_of_the_standard(ledger: Ledger, other: Officer) -> None:
    note = ledger.sign_checkpoint()
    _, name, data = checkpoints.build_countersignature(note, other, MOMENT).split(" ")
    key, raw = base64.b64decode(other.card.key), base64.b64decode(data)
    assert raw[:4] == hashlib.sha256(f"{name}\n".encode() + b"\x04" + key).digest()[:4]
    assert int.from_bytes(raw[4:12], "big") == MOMENT and len(raw) == 76
    body = note.partition("\n\n")[0]
    Ed25519PublicKey.from_public_bytes(key).verify(raw[12:], f"cosignature/v1\ntime {MOMENT}\n{body}\n".encode())


def test_each_checkpoint_is_recorded_and_made_once(ledger: Ledger) -> None:
    note = ledger.sign_checkpoint()
    assert ledger.sign_checkpoint() == note and checkpoints.list_checkpoints(ledger.connection) == [note]
    row = tampering.entry(ledger.connection, 6)
    assert row["object"]["id"] == hashlib.sha256(note.encode()).hexdigest() and row["object"]["count"] == 5
    ledger.record("consultation", Object("case"))
    assert checkpoints.parse_checkpoint(ledger.sign_checkpoint()).size == 7


def test_closing_signs_what_was_not_signed(tmp_path: Path, ledger: Ledger) -> None:
    ledger.close()
    again = Ledger(tmp_path / "ledger.db", officer="ben", purpose="test")
    assert [checkpoints.parse_checkpoint(note).size for note in checkpoints.list_checkpoints(again.connection)] == [5]
    with pytest.raises(CaseError, match="no key is unlocked"):
        again.sign_checkpoint()
    again.close()


def test_an_older_checkpoint_is_shown_to_be_the_beginning_of_the_log(ledger: Ledger) -> None:
    first = checkpoints.parse_checkpoint(ledger.sign_checkpoint())
    for number in range(9):
        ledger.record("consultation", Object("search", query=f"later {number}"))
    second = checkpoints.parse_checkpoint(ledger.sign_checkpoint())
    leaves = [row[0] for row in ledger.connection.execute("SELECT leaf FROM audit ORDER BY seq")][: second.size]
    proof = merkle.build_consistency_proof(leaves, first.size)
    assert merkle.is_continued(proof, (first.size, first.root), (second.size, second.root))
    assert merkle.is_included(merkle.build_inclusion_proof(leaves, 2), leaves[2], 2, second.size, second.root)


def test_the_receiver_signs_and_it_is_kept_and_checked(ledger: Ledger, officer: Officer, other: Officer) -> None:
    note = ledger.sign_checkpoint()
    back = f"{note}{checkpoints.build_countersignature(note, other, MOMENT)}\n"
    ledger.add_countersignature(back, other.card)
    assert checkpoints.list_checkpoints(ledger.connection) == [back]
    trust = Trust(cards=(officer.card, other.card))
    assert {one.state for one in verify_case(ledger.connection, trust=trust)} == {"ok"}
    assert {one.state for one in verify_case(ledger.connection)} == {"ok", OPEN}
    assert independent().verify(ledger.connection, [("back", back)]) == []
    with pytest.raises(CaseError, match="The checkpoint has no new valid signature of"):
        ledger.add_countersignature(back, other.card)


def test_a_countersignature_of_another_or_of_something_else_is_not_kept(
    ledger: Ledger, other: Officer, tmp_path: Path
) -> None:
    note = ledger.sign_checkpoint()
    line = checkpoints.build_countersignature(note, other, MOMENT)
    third = identity.create_temporary("Cy", bureau="NCB Third", country="QO")
    with pytest.raises(CaseError, match="The checkpoint has no new valid signature of"):
        ledger.add_countersignature(f"{note}{line}\n", third.card)
    wrong = checkpoints.build_countersignature(note.replace("\n5\n", "\n4\n"), other, MOMENT)
    with pytest.raises(CaseError, match="The checkpoint has no new valid signature of"):
        ledger.add_countersignature(f"{note}{wrong}\n", other.card)
    elsewhere = Ledger(tmp_path / "other.db", officer=third, purpose="test")
    with pytest.raises(CaseError, match="The checkpoint with 0 entries is not from this case"):
        ledger.add_countersignature(elsewhere.sign_checkpoint(), third.card)
    elsewhere.close()
    assert checkpoints.list_checkpoints(ledger.connection) == [note]


@pytest.mark.parametrize("text", [
    "", "x", "caseledger/a\n1\n", "caseledger/a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\ntime 2026-01-01T00:00:00Z\n\n",
    "caseledger/a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— a AAAA\n",
    "caseledger/a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\ntime 2026-01-01T00:00:00Z\n\n— a AAAA\n",
    "caseledger/a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\ntime 2026-01-01T00:00:00Z\n\nnonsense\n", "x" * 100_000,
])  # fmt: skip
def test_what_is_no_checkpoint_is_refused(ledger: Ledger, text: str) -> None:
    with pytest.raises(CaseError, match="checkpoint"):
        checkpoints.parse_checkpoint(text)
    found = verify_case(ledger.connection, given=[("given.txt", text)])
    assert [one.said[:9] for one in found if one.state == BAD] == ["given.txt"]


def test_a_checkpoint_of_another_case_is_told(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "b.db", officer=identity.create_temporary("B", bureau="B", country="QM"), purpose="test")
    other.record("consultation", Object("case"))
    found = verify_case(ledger.connection, given=[("b.txt", other.sign_checkpoint())])
    assert any("belongs to another case" in one.said for one in found if one.state == BAD)
    other.close()


def test_a_head_that_nobody_signed_who_keeps_the_log_is_not_checked(ledger: Ledger, other: Officer) -> None:
    """A stranger's plain signature under an invented head makes no honest log one that was cut; one of ours does."""
    body = checkpoints.parse_checkpoint(ledger.sign_checkpoint()).body.replace("\n5\n", "\n9999\n")
    assert ledger.identity is not None
    for who, state in ((other, OPEN), (ledger.identity, BAD)):
        text = checkpoints.build_note(body, f"{checkpoints.build_signature(body, who)}\n")
        found = [one for one in verify_case(ledger.connection, given=[("given", text)]) if one.check == "checkpoints"]
        assert found[0].state == state, found
        assert any(one.state == BAD for one in found) == (state == BAD)


def test_a_counter_signature_of_ours_makes_no_strangers_head_our_word(ledger: Ledger, other: Officer) -> None:
    body = checkpoints.parse_checkpoint(ledger.sign_checkpoint()).body.replace("\n5\n", "\n9999\n")
    assert ledger.identity is not None
    note = checkpoints.build_note(body, f"{checkpoints.build_signature(body, other)}\n")
    text = f"{note}{checkpoints.build_countersignature(note, ledger.identity, MOMENT)}\n"
    assert len(checkpoints.parse_checkpoint(text).signatures) == 2
    assert not [one for one in verify_case(ledger.connection, given=[("given", text)]) if one.state == BAD]


def test_an_officer_whose_entries_stand_in_the_log_keeps_it(ledger: Ledger, tmp_path: Path, other: Officer) -> None:
    """Also where the checkpoint that the officer made was cut off with the end of the log."""
    body = checkpoints.parse_checkpoint(ledger.sign_checkpoint()).body.replace("\n5\n", "\n9999\n")
    second = Ledger(tmp_path / "ledger.db", officer=other, purpose="test")
    second.record("consultation", Object("case"))
    second.close()
    text = checkpoints.build_note(body, f"{checkpoints.build_signature(body, other)}\n")
    found = verify_case(ledger.connection, given=[("given", text)])
    assert any("the end of the log was removed" in one.said for one in found if one.state == BAD)


def test_an_unsigned_or_unknown_checkpoint_is_not_taken_for_signed(ledger: Ledger, other: Officer) -> None:
    note = ledger.sign_checkpoint()
    body = note.partition("\n\n")[0]
    unknown = f"{body}\n\n{checkpoints.build_signature(f'{body}' + chr(10), other)}\n"
    found = verify_case(ledger.connection, given=[("unknown", unknown), ("bare", f"{body}\n\n")])
    said = {one.said: one.state for one in found if one.check == "signatures"}
    assert said["bare is not signed."] == BAD
    assert next(state for text, state in said.items() if text.startswith("unknown: the case has no card")) == OPEN


def test_a_key_that_is_newer_than_what_it_signs_is_told(ledger: Ledger) -> None:
    """Seals that are made again with a newer key: the old time is before the key's card, a new one breaks the order."""
    ledger.sign_checkpoint()
    sql = ledger.connection
    body = sql.execute("SELECT body FROM checkpoints").fetchone()[0]
    early = "\n".join(["time 2020-01-01T00:00:00Z" if line.startswith("time") else line for line in body.split("\n")])
    newer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
    line = checkpoints.build_signature(early, newer)
    found = verify_case(sql, given=[("again", f"{early}\n{line}\n")], trust=Trust(cards=(newer.card,)))
    assert any("Somebody may have signed an older state again" in one.said for one in found if one.state == BAD)
    ledger.record("consultation", Object("case"))
    ledger.sign_checkpoint()
    sql.execute("UPDATE checkpoints SET seq = -seq")
    assert any("comes after" in one.said for one in verify_case(sql) if one.state == BAD)


@pytest.mark.parametrize("kind", ["p256", "rsa2048", "ed25519"])
def test_an_officer_with_a_certificate_signs_and_countersigns(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = certified.officer(certified.make("Ada Lind", key=certified.KEYS[kind]()), tmp_path=tmp_path)
    ledger = Ledger(tmp_path / "ledger.db", officer=officer, purpose="test")
    ledger.record("consultation", Object("case"))
    note = ledger.sign_checkpoint()
    back = f"{note}{checkpoints.build_countersignature(note, officer, MOMENT)}\n"
    ledger.add_countersignature(back, officer.card)
    assert tampering.entry(ledger.connection, 1)["actor"]["auth_method"] == "x509"
    assert {one.state for one in verify_case(ledger.connection, trust=Trust(cards=(officer.card,)))} == {"ok"}
    changed = note.replace("\n1\n", "\n2\n")
    assert any(
        "is not valid. The signed content was changed" in one.said
        for one in verify_case(ledger.connection, given=[("changed", changed)])
    )
    assert independent().verify(ledger.connection) == []
    assert "not checked, for want of" in capsys.readouterr().out
    ledger.close()
