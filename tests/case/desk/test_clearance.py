"""Whom a message is closed to by clearance: the officer who sends, the holder of a card, the officer who takes it in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.case.desk.conftest import UNTIL, clear
from tests.case.desk.test_approving import restricted
from tests.case.desk.test_showing import told
from tests.case.packages.conftest import Side
from workbench import identity
from workbench.case.case import Case
from workbench.case.desk.drafts.draft import Draft
from workbench.errors import CaseError
from workbench.identity import Bureau, Officer, TrustList
from workbench.ledger.records import consultations
from workbench.model.catalogue import LANGUAGES

RESTRICTED = "EXERCISE RESTRICTED"


def signed(ada: Side, second: Officer) -> tuple[Case, Draft]:
    """A case of Ada's with a draft that is RESTRICTED and signed."""
    case, draft = ada.case(), restricted(ada)
    return case, case.desk.drafts.approve(draft.id, officer=second, trust=ada.trust)


def outbox(case: Case) -> list[Path]:
    place = case.context.folder.path / "outbox"
    return [*place.iterdir()] if place.exists() else []


@pytest.mark.slow
def test_who_is_not_cleared_does_not_send_what_would_be_closed_to_them(ada: Side, bo: Side, second: Officer) -> None:
    case, draft = signed(ada, second)
    with pytest.raises(
        CaseError, match=r"you are cleared only up to EXERCISE\. After sending, you could no longer see the message"
    ) as refused:
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance=RESTRICTED)
    tellings = {refused.value.translate_to(language) for language in LANGUAGES}
    assert len(tellings) == len(LANGUAGES) and all(RESTRICTED in text for text in tellings)
    assert outbox(case) == [] and consultations.list_entries(case.context.ledger)["result"].iloc[-1] == "refused"
    assert not case.desk.drafts.list().empty and case.privacy.disclosures().empty
    case.close()


@pytest.mark.slow
def test_it_is_told_whose_card_a_message_is_above_and_what_counts(ada: Side, bo: Side, second: Officer) -> None:
    clear(ada)
    case, draft = signed(ada, second)
    with pytest.raises(CaseError, match=re.escape(f"{bo.card.label} is cleared only up to EXERCISE.")) as refused:
        case.desk.drafts.send(draft, [bo.card], trust=ada.trust)
    tellings = {refused.value.translate_to(language) for language in LANGUAGES}
    assert len(tellings) == len(LANGUAGES) and all("`clearance`" in text for text in tellings)
    found = told(case.desk.show(to_cards=[bo.card], trust=ada.trust), "draft", draft.id)
    assert not found["ready"] and any("is cleared only up to" in text for text in found["waits"])
    assert told(case.desk.show(to_cards=[bo.card], trust=ada.trust, clearance="RESTRICTED"), "draft", draft.id)["ready"]
    assert outbox(case) == []
    case.close()


@pytest.mark.slow
def test_a_card_says_a_clearance_that_its_bureau_may_grant(
    ada: Side, second: Officer, officers: Mapping[str, tuple[Officer, Officer]]
) -> None:
    clear(ada)
    case, draft = signed(ada, second)
    chief = officers["bo"][0]
    holder = identity.create_temporary("cy", bureau=chief.card.bureau, country=chief.card.country)
    card = identity.issue(holder.card, chief, until=UNTIL, clearance=RESTRICTED)
    with pytest.raises(
        CaseError, match=r"The clearance EXERCISE RESTRICTED is not accepted: .* is not allowed to grant it"
    ):
        case.desk.drafts.send(draft, [card], trust=ada.trust)
    grants = replace(Bureau.from_card(chief.card), grants=("EXERCISE", RESTRICTED))
    trust = TrustList((*(one for one in ada.trust.bureaux if one.country != grants.country), grants))
    assert case.desk.drafts.send(draft, [card], trust=trust).is_file()
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize("word", ["RESTRICTED", RESTRICTED])
def test_what_was_sealed_is_filed_and_goes_out_once(ada: Side, bo: Side, second: Officer, word: str) -> None:
    clear(ada)
    case, draft = signed(ada, second)
    case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance=word)
    assert draft.left == () and case.desk.drafts.list().empty
    assert case.desk.messages()["state"].tolist() == ["sent"]
    case.close()
    clear(ada, level="EXERCISE")
    later = ada.case()
    assert later.desk.messages().empty, "what is above the clearance is closed"
    with pytest.raises(CaseError):
        later.desk.drafts.send(draft.id, [bo.card], trust=ada.trust, clearance=word)
    assert len(outbox(later)) == 1
    later.close()


@pytest.mark.slow
def test_what_went_out_otherwise_has_gone_whoever_reads(ada: Side, second: Officer) -> None:
    case, draft = signed(ada, second)
    case.desk.drafts.record_sent(draft.id, how="by courier of 3 March", trust=ada.trust)
    assert case.desk.messages().empty and case.desk.drafts.list().empty
    case.close()


@pytest.mark.slow
def test_who_may_not_read_what_came_is_told_that_it_came(ada: Side, bo: Side, second: Officer) -> None:
    clear(ada)
    case, draft = signed(ada, second)
    path = case.desk.drafts.send(draft, [bo.card], trust=ada.trust, clearance=RESTRICTED)
    other = bo.case(language="fr")
    for _ in range(2):
        came = other.desk.receive(path, trust=bo.trust).iloc[0]
        assert came["state"] == "closed" and "il vous est masqué" in came["why"] and Path(came["receipt"]).is_file()
        assert (came["subject"], came["our_ref"], came["document_id"]) == ("", "", "")
    assert case.packages.check_receipt(came["receipt"], trust=ada.trust).arrived
    other.close()
    case.close()
