"""Messages in a package of a case: the receiving case has them as copies, never as its own, and may still send or receive them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case.packages.conftest import Side, packed
from workbench.case.case import Case
from workbench.case.desk.messages import filing, validation
from workbench.errors import PackageError
from workbench.ledger.transfer.row_validation import check_row
from workbench.messages import Message

ASKED = Message(
    type="request", our_ref="N-7", from_bureau="QN-NCB", to=("QM-NCB",), subject="FRAUD / REQUEST / EKMAN", language="en",
    message_id="M-1", summary_of_facts="Who holds the line +447700900124?", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
ANSWER = Message(
    type="reply", our_ref="V-9", your_ref="N-7", from_bureau="QM-NCB", to=("QN-NCB",), subject="FRAUD / REPLY / EKMAN",
    message_id="M-2", summary_of_facts="Bo Ekman holds it.", date_time="2026-03-03T09:30:00+01:00",
)  # fmt: skip


@pytest.fixture
def valdora(ada: Side) -> Iterator[Case]:
    case = ada.case()
    filing.file_message(case.context, ASKED, direction="incoming")
    filing.file_message(case.context, ANSWER, direction="outgoing")
    yield case
    case.close()


@pytest.fixture
def nordreich(bo: Side) -> Iterator[Case]:
    case = bo.case()
    yield case
    case.close()


def take(path: Path, side: Side, case: Case) -> None:
    with side.open(path) as package:
        package.add_to(case)


@pytest.mark.slow
def test_messages_come_along_as_copies(valdora: Case, nordreich: Case, ada: Side, bo: Side) -> None:
    take(packed(valdora, ada, bo), bo, nordreich)
    told = nordreich.desk.messages().set_index("our_ref")
    assert set(told["direction"]) == {"copy"} and told["state"].to_dict() == {"N-7": "received", "V-9": "sent"}
    assert told["thread_id"].nunique() == 1 and nordreich.desk.message("V-9") == ANSWER
    assert repr(nordreich.desk).startswith("0 messages came in, 0 went out, 2 copies of others, 0 drafts\n")
    assert (
        nordreich.desk.inbox().empty
        and nordreich.desk.waiting().empty
        and validation.list_sent_messages(nordreich.context) == []
    )
    assert {line["folder"] for line in nordreich.desk.show().rows} == {"copies"}
    before = valdora.desk.messages()
    take(nordreich.packages.pack(to=[ada.card], reason="back", trust=bo.trust), ada, valdora)
    assert valdora.desk.messages()["direction"].tolist() == before["direction"].tolist(), "its own stay its own"


@pytest.mark.slow
def test_a_copy_that_comes_or_goes_itself_is_one_no_more(valdora: Case, nordreich: Case, ada: Side, bo: Side) -> None:
    take(packed(valdora, ada, bo), bo, nordreich)
    filing.file_message(nordreich.context, ANSWER, direction="incoming", package="package-1")
    filing.file_message(nordreich.context, ASKED, direction="outgoing", package="package-2")
    told = nordreich.desk.messages().set_index("our_ref")[["direction", "state"]]
    assert told.loc["V-9"].tolist() == ["incoming", "received"] and told.loc["N-7"].tolist() == ["outgoing", "sent"]


@pytest.mark.slow
def test_a_message_of_which_a_part_is_withheld_stays(valdora: Case, nordreich: Case, ada: Side, bo: Side) -> None:
    passages = valdora.context.passages
    hidden = passages.loc[passages["text"].str.contains("Bo Ekman"), "passage_id"].iloc[0]
    valdora.handling.mark(hidden, barred=["QN"], because="of the source")
    take(packed(valdora, ada, bo), bo, nordreich)
    assert nordreich.desk.messages()["our_ref"].tolist() == ["N-7"]


def row(**values: str) -> dict[str, str | int | float]:
    names = "document_id source form kind message_id thread_id our_ref your_ref from_bureau at urgency reply_by subject state"
    blank = dict.fromkeys([*names.split(), "package", "officer", "filed_at"], "x")
    blank["filed_at"] = "2026-01-01T00:00:00Z"
    return {**blank, "direction": "incoming", "form": "message", "other_refs": "[]", "to_bureaux": "[]", **values}


@pytest.mark.parametrize(
    "values",
    [{"direction": "copy"}, {"form": "telex"}, {"to_bureaux": "QN"}, {"other_refs": '{"a": 1}'}, {"other_refs": "[5]"}],
)
def test_a_row_that_is_no_message_is_refused(values: dict[str, str]) -> None:
    assert check_row("messages", row()) == row()
    with pytest.raises(PackageError, match="It is not a message, notice or letter that was received or"):
        check_row("messages", row(**values))
