"""A second officer is of the bureau that sends, and vouched for: at their signature, when it goes out, and where it arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.conftest import clear, of_bureau
from tests.case.desk.test_hostile import MESSAGE, form
from tests.case.desk.test_showing import told
from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.desk.drafts.approval import SIGNED
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError
from workbench.exchange import package
from workbench.exchange.package_header import Cover
from workbench.identity import Officer, TrustList
from workbench.identity.core.canonical_json import encode_b64

Officers = Mapping[str, tuple[Officer, Officer]]


def expired(chief: Officer) -> Officer:
    """An officer of a bureau whose card has run out."""
    officer = of_bureau("Nobody", chief)
    card = replace(officer.card, valid_from="2020-01-01T00:00:00Z", valid_until="2020-12-31T23:59:59Z")
    return officer.replace_card(card.add_signature(chief.sign(card.signed_bytes)))


def alone(chief: Officer) -> Officer:
    """Who says to be of a bureau, and nobody else does."""
    return identity.create_temporary("Nobody", bureau=chief.card.bureau, country=chief.card.country)


STRANGERS: dict[str, tuple[Callable[[Officers], Officer], str]] = {
    "of the addressee's bureau": (lambda known: known["bo"][1], "must be from the bureau that sends the message"),
    "of a bureau that nobody knows": (
        lambda _: identity.create_temporary("Nobody", bureau="Anything", country="QP"),
        "must be from the bureau that sends the message",
    ),
    "who says so alone": (lambda known: alone(known["ada"][0]), "Only the holder signed the card of"),
    "whose card has run out": (lambda known: expired(known["ada"][0]), "was valid until 2020"),
}  # fmt: skip


def restricted(ada: Side) -> Draft:
    """A draft of Ada's that waits for a second signature alone."""
    draft = ada.case().desk.draft(
        "information", to="QN-NCB", clearance="EXERCISE RESTRICTED", confidentiality="RESTRICTED", from_bureau="QM-NCB",
        purpose="person_info", legal_basis="Police act, section 3", crime_area=["fraud"], subject="FRAUD / INFORMATION",
        summary_of_facts="On 14 February 2026 at about 10:00 in Lyon a white van was seen near the harbour.",
    )  # fmt: skip
    draft.waive(draft.check().query("severity == 'warning'"), because="seen")
    return draft


@pytest.mark.slow
@pytest.mark.parametrize("who", STRANGERS)
def test_no_stranger_signs_as_the_second_officer(ada: Side, officers: Officers, who: str) -> None:
    stranger, why = STRANGERS[who]
    draft = restricted(ada)
    with pytest.raises(CaseError, match=why):
        ada.case().desk.drafts.approve(draft, officer=stranger(officers), trust=ada.trust)
    assert not draft.message.signature


@pytest.mark.slow
def test_a_signature_counts_only_while_its_officer_is_vouched_for(ada: Side, bo: Side, second: Officer) -> None:
    clear(ada)
    case, draft = ada.case(), restricted(ada)
    case.desk.drafts.approve(draft.id, officer=second, trust=ada.trust)
    with pytest.raises(CaseError, match=r"The second signature by EXERCISE – eve.* does not count"):
        case.desk.drafts.send(
            draft.id, [bo.card], trust=ada.trust.remove_bureau("NCB Valdora"), clearance="EXERCISE RESTRICTED"
        )
    found = told(case.desk.show(to_cards=[bo.card], trust=TrustList(), language="fr"), "draft", draft.id)
    assert not found["ready"] and "La seconde signature de EXERCISE – eve" in " ".join(found["waits"])
    assert case.desk.drafts.send(draft.id, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED").is_file()


@pytest.mark.slow
def test_who_approved_does_not_send(ada: Side, bo: Side, second: Officer) -> None:
    draft = restricted(ada)
    ada.case().access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    case = Side(second, ada.trust, ada.folder).case()
    case.desk.drafts.approve(draft.id, trust=ada.trust)
    with pytest.raises(
        CaseError, match=r"eve.* signed it as second officer, so another officer of the bureau must send it"
    ):
        case.desk.drafts.send(draft.id, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED")


@pytest.mark.slow
@pytest.mark.parametrize("who", STRANGERS)
def test_an_approval_by_a_stranger_is_quarantined(
    ada: Side, bo: Side, officers: Officers, tmp_path: Path, who: str
) -> None:
    stranger, why = STRANGERS[who]
    made = arrived(ada, bo, stranger({"ada": officers["bo"], "bo": officers["ada"]}), tmp_path)
    came = ada.case().desk.receive(made, trust=ada.trust).iloc[0]
    assert came["state"] == "quarantined" and "does not count" in came["why"] and why in came["why"]
    assert ada.case().desk.messages().empty


@pytest.mark.slow
def test_who_takes_in_unknown_senders_is_told_that_nobody_vouches(ada: Side, bo: Side, tmp_path: Path) -> None:
    nobody = identity.create_temporary("Nobody", bureau="NCB Nordreich", country="QN")
    came = ada.case().desk.receive(arrived(ada, bo, nobody, tmp_path), trust=TrustList(), unknown_sender=True).iloc[0]
    assert came["state"] == "read" and came["approver"].endswith("(not confirmed by any bureau)")


@pytest.mark.parametrize(
    ("name", "author"), [("bo", ""), ("BO", ""), ("Bó", "anna"), ("eve", "Eve"), ("Lind, Eve", "eve lind")]
)
def test_nobody_is_their_own_second_officer_by_a_second_card(
    ada: Side, bo: Side, officers: Officers, tmp_path: Path, name: str, author: str
) -> None:
    again = of_bureau(name, officers["bo"][0])
    came = ada.case().desk.receive(arrived(ada, bo, again, tmp_path, author), trust=ada.trust).iloc[0]
    assert came["state"] == "quarantined" and "The second signature is not valid" in came["why"]


def test_another_officer_of_the_bureau_is_the_second_officer(
    ada: Side, bo: Side, officers: Officers, tmp_path: Path
) -> None:
    made = arrived(ada, bo, of_bureau("eve", officers["bo"][0]), tmp_path, "bo")
    came = ada.case().desk.receive(made, trust=ada.trust).iloc[0]
    assert came["state"] == "read" and "eve" in came["approver"]


@pytest.mark.slow
def test_who_approved_does_not_send_with_another_card(ada: Side, bo: Side, officers: Officers, second: Officer) -> None:
    draft = restricted(ada)
    ada.case().access.grant("eve", "EXERCISE RESTRICTED", because="vetted")
    case = Side(second, ada.trust, ada.folder).case()
    case.desk.drafts.approve(draft.id, officer=of_bureau("Eve", officers["ada"][0]), trust=ada.trust)
    with pytest.raises(CaseError, match="signed it as second officer, so another officer of the bureau must send it"):
        case.desk.drafts.send(draft.id, [bo.card], trust=ada.trust, clearance="EXERCISE RESTRICTED")


def arrived(ada: Side, bo: Side, approver: Officer, folder: Path, author: str = "") -> Path:
    """A message of Bo's that somebody approved, as it lies before Ada."""
    message = replace(MESSAGE, approver=approver.card.name, author=author)
    message = replace(message, signature=encode_b64(approver.sign(SIGNED + form(replace(message, date_time="")))))
    files = {"message.json": form(message), "approval.json": approver.card.to_json().encode()}
    return package.write_package(files, Cover("x", purpose="p", reason="r"), bo.officer, [ada.card], folder).path
