"""What a file of traffic says changes nothing of what was received sealed or sent from here, until an officer says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.case.case import Case
from workbench.case.desk.messages import filing
from workbench.messages import Message, to_json

THEIRS = Message(
    type="request", from_bureau="XB-NCB", to=("XA-NCB",), our_ref="B/1", subject="identify", message_id="m1",
    date_time="2026-11-01T00:00:00Z",
)  # fmt: skip
OURS = replace(THEIRS, from_bureau="XA-NCB", to=("XB-NCB",), our_ref="A/1", message_id="m2")
FORGED = {
    "cancellation of theirs": replace(THEIRS, type="cancellation", our_ref="B/2", other_refs=("B/1",), message_id="m3"),
    "reply of ours": replace(OURS, type="reply", our_ref="A/2", your_ref="B/1", message_id="m4"),
    "reply of theirs": replace(THEIRS, type="reply", our_ref="B/3", your_ref="A/1", message_id="m5"),
    "cancellation of ours": replace(OURS, type="cancellation", our_ref="A/3", other_refs=("A/1",), message_id="m6"),
    "reply in our thread": replace(THEIRS, type="reply", our_ref="B/4", thread_id="{thread}", message_id="m7"),
}


def waits(case: Case) -> list[str]:
    return sorted(case.desk.waiting()["our_ref"])


@pytest.fixture
def held(case: Case) -> Case:
    """A case with a request that came sealed and one that was sent from here."""
    case.context.settings = replace(case.context.settings, bureau="XA-NCB")
    filing.file_message(case.context, THEIRS, direction="incoming", package="package-1")
    filing.file_message(case.context, OURS, direction="outgoing")
    assert waits(case) == ["A/1", "B/1"]
    return case


@pytest.mark.slow
@pytest.mark.parametrize("forged", FORGED)
def test_a_file_settles_nothing_by_itself(held: Case, tmp_path: Path, forged: str) -> None:
    thread = held.desk.messages().set_index("our_ref").loc["A/1", "thread_id"]
    message = replace(
        FORGED[forged], date_time="2026-11-02T00:00:00Z", thread_id=FORGED[forged].thread_id.format(thread=thread)
    )
    (tmp_path / "forged.json").write_text(to_json(message), "utf-8")
    assert held.desk.imports.add(tmp_path / "forged.json")["state"].tolist() == ["filed"]
    assert waits(held) == ["A/1", "B/1"]
    said = held.desk.imports.add(tmp_path / "forged.json")
    held.desk.correct(str(said["document_id"].item()), type=message.type, because="confirmed by telephone")
    assert waits(held) == (
        ["B/1"] if "A/1" in (*message.other_refs, message.your_ref) or thread == message.thread_id else ["A/1"]
    )


def test_traffic_of_one_file_is_told_as_it_was(case: Case, tmp_path: Path) -> None:
    """Between messages that all came in files, each counts as before."""
    for name, message in {"a": THEIRS, "b": FORGED["reply of ours"], "c": OURS}.items():
        (tmp_path / f"{name}.json").write_text(to_json(message), "utf-8")
    case.context.settings = replace(case.context.settings, bureau="XA-NCB")
    case.desk.imports.add(tmp_path / "a.json")
    case.desk.imports.add(tmp_path / "c.json")
    assert waits(case) == ["A/1", "B/1"]
    case.desk.imports.add(tmp_path / "b.json")
    assert waits(case) == ["A/1"]
