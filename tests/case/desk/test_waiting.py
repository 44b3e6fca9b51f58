"""What waits for an answer, by when, and what ends the waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.case.case import Case
from workbench.case.desk.messages import filing
from workbench.messages import Message

ASKS = Message(
    type="request", our_ref="F-1", thread_id="T-1", from_bureau="FR-NCB", to=("SE-NCB",), subject="FRAUD / REQUEST", confidentiality="FOUO",
    date_time="2026-03-02T09:30:00+01:00", urgency="normal", crime_area=("fraud",), language="en",
)  # fmt: skip


def test_requests_wait_on_either_side_until_they_are_answered(case: Case) -> None:
    filing.file_message(case.context, ASKS, direction="incoming")
    filing.file_message(
        case.context, replace(ASKS, our_ref="S-9", thread_id="T-2", from_bureau="SE-NCB", to=("XB-NCB",), reply_by="2099-01-01"),
        direction="outgoing",
    )  # fmt: skip
    found = case.desk.waiting()
    assert found[["our_ref", "waits", "by", "overdue"]].to_numpy().tolist() == [
        ["F-1", "for this bureau", "Directive (EU) 2023/977", True], ["S-9", "for the other bureau", "the sender's deadline", False],
    ]  # fmt: skip
    arabic = case.desk.waiting(language="ar")
    assert (
        arabic["waits"].tolist() == ["من هذا المكتب", "من المكتب الآخر"]
        and arabic["due"].tolist() == found["due"].tolist()
    )
    reply = Message(type="reply", our_ref="S-10", your_ref="F-1", thread_id="T-1", from_bureau="SE-NCB", to=("FR-NCB",))
    filing.file_message(case.context, replace(reply, type="acknowledgement", our_ref="S-11"), direction="outgoing")
    assert len(case.desk.waiting()) == 2, "an acknowledgement is no answer"
    filing.file_message(case.context, reply, direction="outgoing")
    assert case.desk.waiting()["our_ref"].tolist() == ["S-9"]
    cancelled = Message(
        type="cancellation", our_ref="S-12", other_refs=("S-9",), thread_id="T-2", from_bureau="SE-NCB", to=("XB-NCB",)
    )
    filing.file_message(case.context, cancelled, direction="outgoing")
    assert case.desk.waiting().empty


@pytest.mark.parametrize("kind", ["reminder", "cancellation", "correction"])
def test_what_follows_our_own_message_goes_where_it_went(case: Case, kind: str) -> None:
    sent = replace(ASKS, from_bureau="SE-NCB", to=("XB-NCB", "XC-NCB"))
    filing.file_message(case.context, sent, direction="outgoing")
    known = Message(
        type="acknowledgement", our_ref="B-4", your_ref="F-1", thread_id="T-1", from_bureau="XB-NCB", to=("SE-NCB",)
    )
    filing.file_message(case.context, known, direction="incoming")
    made = case.desk.draft(kind, reply_to="F-1").message
    assert isinstance(made, Message)
    assert (made.to, made.your_ref, made.other_refs, made.thread_id) == (("XB-NCB", "XC-NCB"), "B-4", ("F-1",), "T-1")
    assert "F-1" in made.summary_of_facts and made.crime_area == ("fraud",)


def test_what_a_message_says_of_its_answer_is_read_once(case: Case) -> None:
    for number in range(3):
        filing.file_message(
            case.context, replace(ASKS, our_ref=f"F-{number}", thread_id=f"T-{number}"), direction="incoming"
        )
    found = case.desk.waiting()
    assert len(found) == 3
    sources = case.context.folder.path / "sources"
    sources.rename(sources.with_name("away"))
    try:
        assert case.desk.waiting().equals(found)
    finally:
        sources.with_name("away").rename(sources)
