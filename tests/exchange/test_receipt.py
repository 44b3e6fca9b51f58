from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import World
from tests.exchange.made import COVER, LATER, PAYLOAD
from workbench.errors import PackageError
from workbench.exchange import channel, receipt
from workbench.exchange.package import PackedFile, write_package
from workbench.exchange.package_inspection import inspect_package
from workbench.exchange.receipt import Receipt, SentPackage, build_receipt, check_receipt
from workbench.identity import TrustList
from workbench.identity.core import canonical_json
from workbench.ledger import Ledger, Object
from workbench.ledger.log import checkpoints


@pytest.fixture
def ledger(world: World, tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.db", officer=world.ada, purpose="training")
    made.record("disclosure", Object("package", id="p"), {"because": "joint case"})
    return made


@pytest.fixture
def sent(world: World, ledger: Ledger, tmp_path: Path) -> PackedFile:
    return write_package(
        PAYLOAD, replace(COVER, checkpoint=ledger.sign_checkpoint()), world.ada, world.to, tmp_path / "outbox"
    )


def answered(sent: PackedFile, world: World) -> Receipt:
    with inspect_package(sent.path, world.bo, world.trust, LATER) as found:
        return build_receipt(found, world.bo, at="2090-01-02T00:00:00Z", note="Thank you.")


def test_a_package_is_acknowledged(world: World, sent: PackedFile, ledger: Ledger) -> None:
    made = answered(sent, world)
    assert receipt.parse_receipt(made.to_json()) == made
    found = check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived, found.receipt) == ("VALID", True, made)
    assert found.said[0].endswith(
        "states that the package arrived on 2090-01-02T00:00:00Z and that its state was: VALID."
    )
    assert "Note from the receiver: EXERCISE – Thank you." in found.said
    ledger.add_countersignature(made.countersigned, made.receiver)
    kept = checkpoints.parse_checkpoint(checkpoints.list_checkpoints(ledger.connection)[-1])
    assert len(kept.signatures) == 2 and checkpoints.is_signed_by(world.bo.card, kept.body, kept.signatures[1])


def test_without_a_checkpoint(world: World, tmp_path: Path) -> None:
    for text in ("", "{}", "caseledger/x\n1\n"):
        made = write_package(PAYLOAD, replace(COVER, checkpoint=text), world.ada, world.to, tmp_path / str(len(text)))
        answer = answered(made, world)
        assert answer.countersigned == ""
        assert check_receipt(answer.to_json(), SentPackage.from_packed(made), world.trust, LATER).arrived == (not text)


def test_what_did_not_arrive_is_said(world: World, sent: PackedFile) -> None:
    sent.path.write_bytes(sent.path.read_bytes()[:-5])
    made = answered(sent, world)
    assert (made.package, made.header_sha256, made.checkpoint, made.state) == ("", "", "", "DAMAGED OR NOT FOR YOU")
    found = check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived) == ("VALID", False)
    assert found.said[1].startswith("The file that arrived is not the file that was sent")
    assert found.said[2] == "The receiver could not read any part of the package."
    assert "The receipt is for another package." not in found.said


def test_a_stranger_does_not_acknowledge(world: World, sent: PackedFile) -> None:
    with inspect_package(sent.path, world.bo, world.trust, LATER) as opened:
        made = build_receipt(opened, world.eve)
    found = check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived) == ("VALID, ISSUER NOT TRUSTED", False)
    assert "The signer is not one of the addressees." in found.said
    assert (
        check_receipt(made.to_json(), SentPackage.from_packed(sent), TrustList(), LATER).state
        == "VALID, ISSUER NOT TRUSTED"
    )


def test_a_receipt_for_another_package(world: World, sent: PackedFile, tmp_path: Path) -> None:
    other = write_package({}, COVER, world.ada, world.to, tmp_path)
    found = check_receipt(answered(other, world).to_json(), SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived) == ("VALID", False)
    assert {"The receipt is for another package.", "The checkpoint that arrived is not the one that was sent."} <= set(
        found.said
    )


def test_an_expired_card(world: World, sent: PackedFile) -> None:
    made = answered(sent, world)
    found = check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, "2100-01-01T00:00:00Z")
    assert (found.state, found.arrived) == ("EXPIRED", True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_change_of_a_receipt_is_found(world: World, sent: PackedFile, data: st.DataObject) -> None:
    made = answered(sent, world).to_json()
    at = data.draw(st.integers(0, len(made) - 1))
    changed = made[:at] + data.draw(st.characters(codec="utf-8").filter(lambda c: c != made[at])) + made[at + 1 :]
    found = check_receipt(changed, SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived) == ("TAMPERED", False)


@pytest.mark.parametrize("text", ["", "{}", "[]", "\0", '{"type":"caseledger/receipt/1"}', "x" * 300_000])
def test_what_is_no_receipt(world: World, sent: PackedFile, text: str) -> None:
    assert check_receipt(text, SentPackage.from_packed(sent), world.trust).state == "TAMPERED"


# The channel ------------------------------------------------------------------------------------------------------------


def test_a_package_travels_and_is_answered(world: World, sent: PackedFile, tmp_path: Path) -> None:
    inbox = tmp_path / "bo/inbox"
    arrived = channel.deliver_package(sent.path, inbox)
    assert channel.deliver_package(sent.path, inbox) == arrived
    [waiting] = channel.list_packages(inbox)
    assert (waiting.path, waiting.size, waiting.receipts) == (arrived, sent.path.stat().st_size, ())
    with inspect_package(waiting.path, world.bo, world.trust) as found:
        beside = channel.put_receipt(build_receipt(found, world.bo), waiting.path)
    assert [one.receipts for one in channel.list_packages(inbox)] == [(beside,)]
    back = channel.deliver_package(beside, tmp_path / "outbox")
    [mine] = channel.list_packages(tmp_path / "outbox")
    assert mine.receipts == (back,)
    assert check_receipt(channel.read_receipt(back), SentPackage.from_packed(sent), world.trust).arrived


def test_nothing_is_written_over(sent: PackedFile, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    arrived = channel.deliver_package(sent.path, inbox)
    arrived.write_bytes(b"other")
    with pytest.raises(PackageError, match="already contains a different file"):
        channel.deliver_package(sent.path, inbox)
    assert [path.name for path in inbox.iterdir()] == [arrived.name]


def test_what_is_no_package_is_passed_over(sent: PackedFile, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    assert channel.list_packages(inbox) == ()
    channel.deliver_package(sent.path, inbox)
    (inbox / "note.txt").write_bytes(b"x")
    (inbox / ".arriving-x.case.age").mkdir()
    (inbox / "link.case.age").symlink_to("/etc/passwd")
    (inbox / "a\u202eb.case.age").write_bytes(b"x")
    assert [one.name for one in channel.list_packages(inbox)] == [sent.path.name]
    for path in (inbox / "note.txt", inbox / "link.case.age", inbox / "none.case.age"):
        with pytest.raises(PackageError, match="is neither a package"):
            channel.deliver_package(path, tmp_path / "more")
    with pytest.raises(PackageError, match="is not a receipt, or cannot be read"):
        channel.read_receipt(inbox / "none")
    os.mkfifo(inbox / "x.receipt.json")
    with pytest.raises(PackageError, match="pipe or a device"):
        channel.read_receipt(inbox / "x.receipt.json")


def test_a_file_larger_than_any_package_is_told_by_its_size(world: World, tmp_path: Path) -> None:
    with (path := tmp_path / "x.case.age").open("wb") as file:
        file.truncate(40 << 30)
    with pytest.raises(PackageError, match="42,949,672,960 bytes"):
        inspect_package(path, world.bo, world.trust)


def test_many_deliver_at_once(sent: PackedFile, tmp_path: Path) -> None:
    inbox, seen = tmp_path / "inbox", []
    workers = [
        threading.Thread(target=lambda: seen.append(channel.deliver_package(sent.path, inbox))) for _ in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(seen) == {inbox / sent.path.name} and len(seen) == 8
    assert [path.read_bytes() for path in inbox.iterdir()] == [sent.path.read_bytes()]


# States -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["EXPIRED", "TAMPERED", "DAMAGED OR NOT FOR YOU", "UNSIGNED", "QUARANTINED"])
def test_what_could_not_be_used_has_not_arrived(world: World, sent: PackedFile, state: str) -> None:
    made = signed(replace(answered(sent, world), state=state), world)
    found = check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, LATER)
    assert (found.state, found.arrived) == ("VALID", False) and len(found.said) > 1
    assert not [one for one in found.said if "{" in one]


@pytest.mark.parametrize("state", ["VALID", "VALID, ISSUER NOT TRUSTED"])
def test_what_could_be_read_has_arrived(world: World, sent: PackedFile, state: str) -> None:
    made = signed(replace(answered(sent, world), state=state), world)
    assert check_receipt(made.to_json(), SentPackage.from_packed(sent), world.trust, LATER).arrived


def test_who_signs_under_a_head_that_nobody_sent_acknowledges_nothing(world: World, tmp_path: Path) -> None:
    bare = write_package(PAYLOAD, replace(COVER, checkpoint=""), world.ada, world.to, tmp_path / "bare")
    made = signed(replace(answered(bare, world), countersigned="x" * 50), world)
    assert not check_receipt(made.to_json(), SentPackage.from_packed(bare), world.trust, LATER).arrived


def signed(made: Receipt, world: World) -> Receipt:
    """A receipt as its receiver would sign it."""
    made = replace(made, signature="")
    return replace(made, signature=canonical_json.encode_b64(world.bo.sign(made.signed_bytes)))
