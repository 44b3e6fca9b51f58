"""Which message answers which: the reference with its bureau, each addressee for itself, and what reminds, cancels or is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workbench.case.case import Case
from workbench.case.desk.messages import filing
from workbench.errors import CaseError
from workbench.messages import LetterOfRequest, Message, Notice

ASKS = Message(
    type="request", our_ref="17/26", from_bureau="XA-NCB", to=("QM-NCB",), date_time="2026-11-20T10:00:00+01:00", language="en",
    subject="FRAUD / REQUEST", summary_of_facts="Please identify the holder.",
)  # fmt: skip
SENT = replace(ASKS, our_ref="V-1", from_bureau="QM-NCB", to=("QN-NCB", "QO-NCB", "QP-NCB"))


def came(case: Case, message: Message, **fields: object) -> str:
    return filing.file_message(case.context, replace(message, **fields), direction="incoming")  # type: ignore[arg-type]


def went(case: Case, message: Message | Notice | LetterOfRequest, **fields: object) -> str:
    return filing.file_message(case.context, replace(message, **fields), direction="outgoing")  # type: ignore[arg-type]


def reply(ref: str, sender: str, to: str, day: int = 21, **fields: object) -> Message:
    made = Message(type="reply", our_ref=f"{sender}-{ref}", your_ref=ref, from_bureau=sender, to=(to,))
    return replace(made, date_time=f"2026-11-{day}T10:00:00+01:00", **fields)  # type: ignore[arg-type]


def owes(case: Case) -> list[tuple[str, str]]:
    found = case.desk.waiting()
    return sorted(zip(found["our_ref"], found["owes"], strict=True))


@pytest.mark.slow
def test_an_answer_to_one_bureau_answers_no_other_one_that_uses_the_same_reference(case: Case) -> None:
    first = came(case, ASKS)
    second = came(case, ASKS, from_bureau="XB-NCB", urgency="immediate", summary_of_facts="A hostage will be killed.")
    with pytest.raises(CaseError, match="'17/26' matches 2 messages of this case, from different bureaux"):
        case.desk.message("17/26")
    went(case, reply("17/26", "QM-NCB", "XA-NCB"))
    assert case.desk.inbox()["document_id"].tolist() == case.desk.waiting()["document_id"].tolist() == [second]
    assert case.desk.message(first).from_bureau == "XA-NCB"


def test_a_bureau_is_the_same_under_its_other_names(case: Case) -> None:
    came(case, ASKS, from_bureau="IP PARIS")
    went(case, reply("17/26", "QM-NCB", "FR-NCB"))
    assert case.desk.inbox().empty and case.desk.waiting().empty


def test_each_addressee_owes_its_own_answer(case: Case) -> None:
    went(case, SENT, cc=("QR-NCB",))
    came(case, reply("V-1", "QN-NCB", "QM-NCB"))
    assert owes(case) == [("V-1", "QO-NCB"), ("V-1", "QP-NCB")], "and a copy for information owes nothing"
    assert case.desk.show().rows[-1]["folder"] == "waiting"
    came(case, reply("V-1", "QO-NCB", "QM-NCB"))
    came(case, reply("V-1", "QP-NCB", "QM-NCB"))
    assert case.desk.waiting().empty


def test_who_answers_for_one_addressee_may_be_called_otherwise(case: Case) -> None:
    went(case, SENT, to=("NCB France",))
    came(case, reply("V-1", "QN-NCB", "QM-NCB"))
    assert owes(case) == [("V-1", "NCB France")], "a stranger does not"
    came(case, reply("V-1", "FR-LYON", "QM-NCB"))
    assert case.desk.waiting().empty


def test_a_thread_tells_where_no_reference_does_and_one_message_alone_can_be_meant(case: Case) -> None:
    came(case, ASKS, thread_id="T-1")
    went(case, reply("", "QM-NCB", "XA-NCB", thread_id="T-1"))
    assert case.desk.inbox().empty
    came(case, ASKS, thread_id="T-2", our_ref="18/26")
    came(case, ASKS, thread_id="T-2", our_ref="19/26")
    went(case, reply("", "QM-NCB", "XA-NCB", thread_id="T-2"))
    assert sorted(case.desk.inbox()["our_ref"]) == ["18/26", "19/26"]


def test_an_answer_that_is_taken_back_is_none_and_a_reminder_asks_again(case: Case) -> None:
    went(case, SENT, to=("QN-NCB",))
    came(case, reply("V-1", "QN-NCB", "QM-NCB"))
    came(
        case,
        Message(type="cancellation", our_ref="N-2", other_refs=("QN-NCB-V-1",), from_bureau="QN-NCB", to=("QM-NCB",)),
    )
    assert owes(case) == [("V-1", "QN-NCB")]
    came(case, reply("V-1", "QN-NCB", "QM-NCB", our_ref="N-3"))
    assert case.desk.waiting().empty
    went(
        case, replace(SENT, type="reminder", our_ref="V-2", other_refs=("V-1",), date_time="2026-11-25T10:00:00+01:00")
    )
    assert owes(case) == [("V-1", "QN-NCB")], "the reminder itself waits with what it reminds of"
    came(case, reply("V-2", "QN-NCB", "QM-NCB", day=26))
    assert case.desk.waiting().empty


def test_a_reminder_leaves_the_inbox_with_what_it_reminds_of_and_waits_where_that_is_not_here(case: Case) -> None:
    remind = replace(
        ASKS, type="reminder", our_ref="18/26", other_refs=("17/26",), date_time="2026-11-21T10:00:00+01:00"
    )
    came(case, remind)
    assert case.desk.waiting()["kind"].tolist() == ["reminder"]
    came(case, ASKS)
    assert case.desk.waiting()["kind"].tolist() == ["request"] and len(case.desk.inbox()) == 2
    went(case, reply("17/26", "QM-NCB", "XA-NCB", day=22))
    assert case.desk.inbox().empty and case.desk.waiting().empty


def test_only_its_own_bureau_cancels_a_message(case: Case) -> None:
    came(case, ASKS)
    cancels = Message(type="cancellation", our_ref="B-1", other_refs=("17/26",), from_bureau="XB-NCB", to=("QM-NCB",))
    cancels = replace(cancels, to=("QM-NCB", "XA-NCB"), date_time="2026-12-01T10:00:00+01:00")
    came(case, cancels)
    assert len(case.desk.waiting()) == 1
    came(case, cancels, our_ref="A-1", from_bureau="XA-NCB")
    assert case.desk.waiting().empty and "17/26" not in set(case.desk.inbox()["our_ref"])
    came(case, ASKS, date_time="2026-12-02T10:00:00+01:00")
    assert len(case.desk.waiting()) == 1, "what is written later under that reference is not cancelled"


def test_an_officer_is_done_with_a_message_until_somebody_reminds_of_it(case: Case) -> None:
    came(case, ASKS)
    came(case, ASKS, type="information", our_ref="18/26")
    with pytest.raises(CaseError, match=r"Nothing was changed\. Enter the reason"):
        case.desk.mark_done("18/26", because=" ")
    for ref in ("17/26", "18/26"):
        case.desk.mark_done(ref, because="nothing is asked of us")
    assert case.desk.inbox().empty and case.desk.waiting().empty
    assert set(case.desk.inbox(answered=True)["state"]) == {"done"}
    reminder = came(case, ASKS, type="reminder", our_ref="19/26", other_refs=("17/26",))
    assert sorted(case.desk.inbox()["our_ref"]) == ["17/26", "19/26"] and owes(case) == [("17/26", "")]
    case.desk.mark_done("17/26", because="settled by telephone")
    assert case.desk.inbox().empty, "with the request the reminder of it"
    case.desk.reopen("17/26", because="the wrong one")
    assert case.desk.inbox()["state"].tolist() == ["received"]
    assert case.desk.message(reminder).our_ref == "19/26"


def test_reminders_that_name_each_other_hang_nothing(case: Case) -> None:
    for own, other in (("1", "2"), ("2", "1")):
        came(case, ASKS, type="reminder", our_ref=own, other_refs=(other,))
    assert len(case.desk.inbox()) == 2


@pytest.mark.parametrize(("color", "waits"), [("blue", True), ("red", True), ("green", False), ("purple", False)])
def test_notices_wait_where_they_ask_for_something(case: Case, color: str, waits: bool) -> None:
    went(case, Notice(color=color, diffusion=True, our_ref="V-5", from_bureau="QM-NCB", to=("QN-NCB",)))
    assert owes(case) == ([("V-5", "QN-NCB")] if waits else [])


def test_a_letter_waits_for_its_authority(case: Case) -> None:
    went(
        case,
        LetterOfRequest(our_ref="V-6", from_bureau="QM-NCB", to=("QN-MOJ",), central_authority="Ministry of Justice"),
    )
    assert owes(case) == [("V-6", "Ministry of Justice")]


def test_what_has_no_type_waits_by_what_is_suggested_or_decided(case: Case) -> None:
    text = "We request you to identify the holder of the number. Please reply as soon as possible with the name of the subscriber."
    came(case, ASKS, type="", summary_of_facts=text)
    found = case.desk.waiting()
    assert (found["kind"].tolist(), found["suggested"].tolist()) == (["request"], [True])
    case.desk.correct("17/26", type="information", because="it tells only")
    assert case.desk.waiting().empty
    case.desk.correct("17/26", type="request", because="it asks after all")
    assert case.desk.waiting()["suggested"].tolist() == [False]
    went(case, replace(reply("17/26", "QM-NCB", "XA-NCB"), type=""))
    assert len(case.desk.waiting()) == 1, "a machine's word answers nothing"
    case.desk.correct("QM-NCB-17/26", type="reply", because="our answer")
    assert case.desk.waiting().empty


def test_messages_without_any_reference_are_each_a_thread_of_its_own(case: Case) -> None:
    for subject in ("FRAUD", "MURDER", "DRUGS"):
        came(case, ASKS, our_ref="", from_bureau="IP PARIS", subject=subject)
    assert case.desk.messages()["thread_id"].nunique() == 3


@pytest.mark.parametrize("far", ["2099-12-01T09:30:00+01:00", "9998-01-01T00:00:00Z"])
def test_a_reply_dated_in_the_future_does_not_outlive_a_reminder(case: Case, far: str) -> None:
    went(case, SENT, to=("QN-NCB",), date_time="2026-03-02T09:30:00+01:00")
    answer = came(case, replace(reply("V-1", "QN-NCB", "QM-NCB"), date_time=far))
    assert case.desk.waiting().empty
    issues = case.sources.issues()
    assert issues["code"].tolist() == ["bad-date"] and far in issues["message"].iloc[0]
    assert far in set(case.desk.rules.check(answer).query("rule == 'REC-20'")["quote"])
    went(
        case,
        SENT,
        type="reminder",
        our_ref="V-2",
        other_refs=("V-1",),
        to=("QN-NCB",),
        date_time="2026-04-02T09:30:00+01:00",
    )
    assert owes(case) == [("V-1", "QN-NCB")]


def test_a_request_dated_in_the_future_is_cancelled_and_reminded_of(case: Case) -> None:
    came(case, ASKS, date_time="2099-12-01T09:30:00+01:00")
    came(case, ASKS, type="cancellation", our_ref="18/26", other_refs=("17/26",), date_time="2026-03-02T09:30:00+01:00")
    assert case.desk.waiting().empty


def test_a_date_some_hours_ahead_is_no_issue(case: Case) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=20)).isoformat(timespec="seconds")
    went(case, SENT, to=("QN-NCB",), date_time="2026-03-02T09:30:00+01:00")
    came(case, replace(reply("V-1", "QN-NCB", "QM-NCB"), date_time=soon))
    assert case.desk.waiting().empty and case.sources.issues().empty
