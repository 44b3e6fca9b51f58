"""What waits for an answer, by when, and what ends the waiting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.case.case import Case
from workbench.case.desk.messages import filing
from workbench.messages import Message, to_json

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
@pytest.mark.parametrize(
    ("to", "your_ref", "other_refs"),
    [((), "F-1", ()), ("XB-NCB", "B-4", ("F-1",)), ("XC-NCB", "F-1", ())],
)
def test_what_follows_our_own_message_gives_the_reference_of_its_only_addressee(
    case: Case, kind: str, to: Any, your_ref: str, other_refs: tuple[str, ...]
) -> None:
    sent = replace(ASKS, from_bureau="SE-NCB", to=("XB-NCB", "XC-NCB"))
    filing.file_message(case.context, sent, direction="outgoing")
    filing.file_message(case.context, replace(sent, our_ref="F-2", thread_id="T-2"), direction="outgoing")
    known = Message(
        type="acknowledgement", our_ref="B-4", your_ref="F-1", thread_id="T-1", from_bureau="XB-NCB", to=("SE-NCB",)
    )
    for one in (
        known, replace(known, our_ref="D-9", from_bureau="DE-NCB"), replace(known, our_ref="F-2"),
        replace(known, our_ref="F-2", from_bureau="DE-NCB"),
    ):  # fmt: skip
        filing.file_message(case.context, one, direction="incoming")
    made = case.desk.draft(kind, reply_to="F-1", to=to).message
    assert isinstance(made, Message)
    assert (made.to, made.your_ref, made.other_refs) == ((to,) if to else sent.to, your_ref, other_refs)
    assert made.thread_id == "T-1" and "F-1" in made.summary_of_facts and made.crime_area == ("fraud",)


def test_a_file_of_traffic_gives_no_reference_to_what_follows_a_message_of_ours(case: Case, tmp_path: Path) -> None:
    sent = replace(ASKS, from_bureau="SE-NCB", to=("XB-NCB",))
    filing.file_message(case.context, sent, direction="outgoing")
    forged = Message(type="reply", our_ref="J-1", your_ref="F-1", thread_id="T-1", from_bureau="XB-NCB", to=("SE-NCB",))
    (tmp_path / "traffic.json").write_text(to_json(forged), encoding="utf-8")
    case.desk.imports.add(tmp_path / "traffic.json")
    made = case.desk.draft("reminder", reply_to="F-1").message
    assert isinstance(made, Message) and (made.your_ref, made.other_refs) == ("F-1", ())


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
