"""To whom a package may be sealed, in every state of a card; and packages of one second have names of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case import material
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.packages.preview import open_package
from workbench.errors import CaseError, PackageError
from workbench.identity import Bureau, Card, Officer, TrustList
from workbench.identity.core import canonical_json
from workbench.ledger.records import packages

FAR, PAST = "2099-12-31T23:59:59Z", "2001-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def chief() -> Officer:
    return identity.create_temporary("NCB Sarnia", bureau="NCB Sarnia", country="QN", role="bureau")


@pytest.fixture(scope="module")
def bo(chief: Officer) -> Officer:
    made = identity.create_temporary("bo", bureau="NCB Sarnia", country="QN")
    return made.replace_card(identity.issue(made.card, chief, until=FAR))


@pytest.fixture(scope="module")
def ada() -> Officer:
    return identity.create_temporary("ada", bureau="NCB Valdora", country="QM")


@pytest.fixture
def trust(chief: Officer) -> TrustList:
    return TrustList((Bureau.from_card(chief.card),))


@pytest.fixture
def case(tmp_path: Path, ada: Officer) -> Iterator[Case]:
    made = open_case(tmp_path / "case", officer=ada, purpose="training")
    made.add(material.write(tmp_path))
    yield made
    made.close()


def signed(officer: Officer, **changes: str) -> Card:
    """A card that its holder signed, with other times on it."""
    card = replace(officer.card, issuer=officer.card.fingerprint, signature="", **changes)
    return replace(card, signature=canonical_json.encode_b64(officer.sign(card.signed_bytes)))


def entries(case: Case, result: str) -> list[str]:
    log = case.log.entries()
    return log.loc[(log["kind"] == "package") & (log["result"] == result), "detail"].tolist()


def test_a_card_for_which_a_trusted_bureau_vouches_needs_no_more(case: Case, bo: Officer, trust: TrustList) -> None:
    assert case.packages.pack(to=[bo.card], reason="joint case", trust=trust).is_file()
    assert "unknown" not in entries(case, "ok")[-1]


@pytest.mark.parametrize(("changes", "said"), [
    ({"valid_until": PAST, "valid_from": ""}, "was valid until 2001"),
    ({"valid_from": "2098-01-01T00:00:00Z"}, "is valid only from 2098"),
])  # fmt: skip
def test_a_card_outside_its_time_is_refused_whatever_is_said(
    case: Case, bo: Officer, trust: TrustList, changes: dict[str, str], said: str
) -> None:
    card = signed(bo, **changes)
    for consent in ("", "he is known to me"):
        with pytest.raises(CaseError, match=r"Nothing was encrypted for .* The card is not valid now") as told:
            case.packages.pack(to=[card], reason="joint case", trust=trust, unknown_addressee=consent)
        assert said in str(told.value)
    assert len(entries(case, "refused")) == 2 and case.packages.list().empty
    assert not list((case.context.folder.path / "outbox").glob("*.age"))


def test_an_issued_card_that_ran_out_is_refused(case: Case, bo: Officer, chief: Officer, trust: TrustList) -> None:
    card = replace(bo.card, valid_from="", valid_until=PAST, signature="")
    card = replace(card, signature=canonical_json.encode_b64(chief.sign(card.signed_bytes)))
    with pytest.raises(CaseError, match="is not valid now"):
        case.packages.pack(to=[bo.card, card], reason="joint case", trust=trust)


def test_a_card_that_was_changed_is_refused(case: Case, bo: Officer, trust: TrustList) -> None:
    card = replace(bo.card, name="eve")
    with pytest.raises(CaseError, match="was changed or contradicts itself"):
        case.packages.pack(to=[card], reason="joint case", trust=trust, unknown_addressee="he is known to me")


def test_an_unknown_card_needs_a_reason_and_the_log_keeps_it(case: Case, bo: Officer, trust: TrustList) -> None:
    for known in (
        TrustList(()),
        trust.remove_bureau("NCB Sarnia"),
    ):  # never known, or no longer: what stands for a revocation offline
        with pytest.raises(CaseError, match="unknown_addressee='card handed over"):
            case.packages.pack(to=[bo.card], reason="joint case", trust=known, unknown_addressee=" ")
    path = case.packages.pack(
        to=[bo.card], reason="joint case", trust=TrustList(()), unknown_addressee="card handed over on 3 May"
    )
    told = json.loads(entries(case, "ok")[-1])
    assert told["sealed to them"] == "card handed over on 3 May"
    assert bo.card.fingerprint in told["unknown addressees"][0]
    with open_package(path, officer=bo, trust=TrustList(())) as package:
        assert package.state == "VALID, ISSUER NOT TRUSTED"


def test_the_own_card_is_known(case: Case, ada: Officer, bo: Officer, trust: TrustList) -> None:
    assert case.packages.pack(to=[bo.card, ada.card], reason="joint case", trust=trust).is_file()


@pytest.mark.slow
def test_packages_of_one_second_do_not_meet(case: Case, bo: Officer, trust: TrustList, tmp_path: Path) -> None:
    made = [case.packages.pack(to=[bo.card], reason="joint case", trust=trust) for _ in range(4)]
    assert len({path.name for path in made}) == 4 and all(path.is_file() for path in made)
    theirs = open_case(tmp_path / "theirs", officer=bo, purpose="training")
    for path in made:
        case.packages.send(path, tmp_path / "theirs" / "inbox")
    assert len(theirs.packages.inbox()) == 4
    known = case.packages.list().set_index("package")["sha256"]
    for path in made:
        with open_package(tmp_path / "theirs" / "inbox" / path.name, officer=bo, trust=TrustList(())) as package:
            receipt = theirs.packages.acknowledge(package)
        found = case.packages.check_receipt(receipt, trust=trust)
        assert found.arrived and found.receipt is not None
        assert found.receipt.package_sha256 == known[found.receipt.package]
    assert case.packages.list()["receipts"].tolist() == [1, 1, 1, 1]
    theirs.close()


def test_another_file_of_the_name_stays(case: Case, bo: Officer, trust: TrustList, tmp_path: Path) -> None:
    path = case.packages.pack(to=[bo.card], reason="joint case", trust=trust)
    box = tmp_path / "box"
    box.mkdir()
    (box / path.name).write_bytes(b"another")
    with pytest.raises(PackageError, match="already contains a different file"):
        case.packages.send(path, box)
    assert (box / path.name).read_bytes() == b"another"
    row = packages.find_sent(case.context.ledger, path.name.removesuffix(".case.age"))
    assert row is not None
    with pytest.raises(PackageError, match="Another program has just created"):
        packages.record_sent_package(case.context.ledger, replace(row, sha256="0" * 64))
