"""A message to several bureaux: it goes to each once its card is there, and to each it has a state of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.case import Case
from workbench.case.desk.drafts import sending
from workbench.case.desk.drafts.draft import Draft
from workbench.case.desk.messages import deliveries
from workbench.errors import CaseError
from workbench.exchange import channel
from workbench.exchange import receipt as receipts
from workbench.exchange.package_inspection import inspect_package
from workbench.identity import Bureau, Officer, TrustList

UNTIL = "2099-12-31T23:59:59Z"
FACTS = "On 3 May 2025 in Lyon a man is alleged to have sold forged bonds by e-mail. Please identify the holder of +447700900123."


@pytest.fixture(scope="module")
def third() -> tuple[Bureau, Officer]:
    """An officer of a third bureau, and the bureau."""
    chief = identity.create_temporary("NCB Oland", bureau="NCB Oland", country="QO", role="bureau")
    made = identity.create_temporary("Cy Dunn", bureau="NCB Oland", country="QO")
    return Bureau.from_card(chief.card), made.replace_card(identity.issue(made.card, chief, until=UNTIL))


def ready(case: Case, **more: object) -> Draft:
    draft = case.desk.draft(
        "request", **({"to": ["QN-NCB", "QO-NCB"]} | more), from_bureau="QM-NCB", legal_basis="Code of criminal procedure, section 40",
        crime_area=["fraud"], purpose="investigation", summary_of_facts=FACTS, requested_action=["identify"],
    )  # fmt: skip
    left = draft.check()
    return draft.waive(left.query("severity == 'warning'"), because="looked at")


@pytest.mark.slow
def test_a_message_goes_to_those_whose_cards_are_there_and_later_to_the_rest(
    ada: Side, bo: Side, third: tuple[Bureau, Officer], capsys: pytest.CaptureFixture[str]
) -> None:
    case, other = ada.case(), bo.case()
    trust = TrustList((*ada.trust.bureaux, third[0]))
    draft = ready(case)
    path = case.desk.drafts.send(draft, [bo.card], trust=trust)
    assert (
        "The message was not sent to QO-NCB, because a card is missing" in capsys.readouterr().out
        and draft.left == ("QO-NCB",)
    )
    assert case.desk.drafts.list()[["to", "open"]].to_numpy().tolist() == [["QO-NCB", 0]]
    assert case.desk.waiting()["owes"].tolist() == ["QN-NCB"], "who has not got it owes nothing"
    came = other.desk.receive(path, trust=bo.trust).iloc[0]
    assert case.packages.check_receipt(came["receipt"], trust=trust).arrived
    key = case.desk.messages()["document_id"].item()
    assert case.desk.messages()["state"].tolist() == ["partly sent"]
    assert case.desk.drafts.deliveries(key)[["addressee", "state"]].to_numpy().tolist() == [
        ["QN-NCB", "acknowledged"], ["QO-NCB", "not sent"],
    ]  # fmt: skip
    with pytest.raises(CaseError, match="You can no longer change the draft"):
        draft.change(subject="FRAUD / OTHER")
    with pytest.raises(CaseError, match="it was already sent to QN-NCB"):
        case.desk.drafts.send(draft, [bo.card], trust=trust)
    again = case.desk.drafts.open(draft.id)
    second = case.desk.drafts.send(again, [bo.card, third[1].card], trust=trust)
    assert second != path and case.desk.drafts.list().empty and again.state == "sent"
    assert case.desk.waiting()[["owes", "state"]].to_numpy().tolist() == [
        ["QN-NCB", "acknowledged"],
        ["QO-NCB", "sent"],
    ]
    assert len(case.desk.messages()) == 1
    case.close()
    other.close()


def state_of(case: Case, path: Path, officer: Officer, trust: TrustList, *, filed: bool) -> list[str]:
    """What is known of the message of a package once an officer has acknowledged it: of each addressee, and of the message."""
    with inspect_package(path, officer, trust) as opened:
        made = channel.put_receipt(receipts.build_receipt(opened, officer, is_filed=filed), path)
    case.packages.check_receipt(made, trust=trust)
    message = case.desk.messages().iloc[0]
    return [*case.desk.drafts.deliveries(message["document_id"])["state"], message["state"]]


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [False, True])
def test_of_those_who_got_one_package_each_acknowledges_for_itself(
    ada: Side, bo: Side, third: tuple[Bureau, Officer], monkeypatch: pytest.MonkeyPatch, earlier: bool
) -> None:
    """`earlier`: as rows of earlier versions have it, which name the keys of all for each."""
    trust, cy = TrustList((*ada.trust.bureaux, third[0])), third[1]
    if earlier:
        every = [bo.card.fingerprint, cy.card.fingerprint]
        monkeypatch.setattr(deliveries, "list_reached", lambda message, _: dict.fromkeys(message.to, every))
    with closing(ada.case()) as case:
        draft = ready(case)
        monkeypatch.setattr(sending, "_select_open_cards", lambda _book, _draft, cards: cards)
        path = case.desk.drafts.send(draft, [bo.card, cy.card], trust=trust)
        assert state_of(case, path, cy, trust, filed=False) == ["sent", "sent", "sent"], "quarantined"
        assert state_of(case, path, bo.officer, trust, filed=True) == ["acknowledged", "sent", "sent"]
        assert case.desk.waiting()["state"].tolist() == ["acknowledged", "sent"]
        assert state_of(case, path, cy, trust, filed=True) == ["acknowledged"] * 3


def test_what_went_out_otherwise_is_filed_waits_and_counts_for_duplicates(case: Case) -> None:
    draft = ready(case)
    with pytest.raises(CaseError, match="Enter how it was sent, for example by post or e-mail"):
        case.desk.drafts.record_sent(draft.id, how=" ")
    with pytest.raises(CaseError, match="QZ-NCB"):
        case.desk.drafts.record_sent(draft.id, how="by post", to=["QZ-NCB"])
    key = case.desk.drafts.record_sent(draft.id, how="by post", to=["QN-NCB"])
    assert case.desk.messages()["state"].tolist() == ["partly sent"]
    case.desk.drafts.record_sent(draft.id, how="by e-mail of 3 March")
    assert case.desk.drafts.deliveries(key)[["state", "how"]].to_numpy().tolist() == [
        ["sent", "by post"], ["sent", "by e-mail of 3 March"],
    ]  # fmt: skip
    assert case.desk.waiting()["owes"].tolist() == ["QN-NCB", "QO-NCB"] and case.desk.drafts.list().empty
    assert "TXT-13" in set(ready_again(case).check()["rule"])
    with pytest.raises(CaseError, match="You can no longer send the draft"):
        case.desk.drafts.record_sent(draft.id, how="by post")


def ready_again(case: Case) -> Draft:
    return case.desk.draft("request", to=["QN-NCB"], summary_of_facts=FACTS)


def test_a_letter_goes_to_its_authority_and_waits_for_it(case: Case) -> None:
    draft = case.desk.draft("letter of request", to="QN-MOJ")
    with pytest.raises(CaseError, match="The message cannot be sent yet: MSG-05"):
        case.desk.drafts.record_sent(draft.id, how="by courier")
