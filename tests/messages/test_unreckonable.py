"""Dates at the ends of the calendar, which other systems write for "none", and defects at one message: each message is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workbench.messages import Message, check
from workbench.messages.model.deadlines import find_due
from workbench.messages.model.message import Person
from workbench.messages.triage import priority
from workbench.messages.triage.priority import REST, compute_priority, explain_priority, list_signals
from workbench.messages.wording import text_names
from workbench.model.catalogue import LANGUAGES

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ASKS = Message(
    type="request", our_ref="F-1", from_bureau="FR-NCB", to=("DE-NCB",), subject="FRAUD / REQUEST", language="en",
    summary_of_facts="On 14 February 2026 in Lyon a van was found.", date_time="2026-03-02T09:30:00+01:00",
)  # fmt: skip
ENDS = (
    "0001-01-01", "0001-01-02", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00", "00010101", "9999-12-31", "9999-W52-5",
    "9998-12-31", "9999-12-31T23:59:59-12:00", "1900-01-01", "1970-01-01T00:00:00Z",
)  # fmt: skip


def at(value: str) -> list[Message]:
    custody = f"He is in custody until {value}. The detention ends on {value}."
    born = [Person(family_name="DOE", status=status, date_of_birth=value) for status in sorted(priority.AT_RISK)]
    return [
        replace(ASKS, reply_by=value), replace(ASKS, date_time=value), replace(ASKS, summary_of_facts=custody),
        replace(ASKS, urgency="urgent", urgency_reason="The detention ends soon", reply_by=value),
        replace(ASKS, urgency_reason=custody, summary_of_facts="It was on " + value), *(replace(ASKS, persons=(one,)) for one in born),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ENDS)
def test_no_date_stops_the_judgement_of_a_message(value: str) -> None:
    for one in at(value):
        signals = list_signals(one)
        assert "defect" not in {signal.line.reason for signal in signals}
        assert compute_priority(signals, NOW).band == REST
        assert not [fault for fault in check(one) if "failed on this message" in fault.message]


@pytest.mark.parametrize("value", ["0001-01-01", "00010101", "9999-12-31", "9999-W52-5", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_the_calendar_are_no_term(value: str) -> None:
    assert find_due(replace(ASKS, type="reply", reply_by=value)) is None
    term = find_due(replace(ASKS, reply_by=value))
    assert term is not None and term.at.isoformat() == "2026-03-09T08:30:00+00:00", "the directive's counts"


def test_a_defect_is_a_line_of_the_priority_and_the_other_lines_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by {quote}")

    monkeypatch.setattr(priority, "find_due", fail)
    found = compute_priority(list_signals(ASKS), NOW)
    assert [line.reason for line in found.lines] == ["defect", "age", "age"] and found.band == REST
    for language in LANGUAGES:
        told = explain_priority(found, language)
        assert told["words"][0] == "ZeroDivisionError: by {quote}" and told["reason"].all()


def test_a_defect_in_a_rule_is_a_fault_of_that_rule_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by {quote}")

    told = replace(ASKS, summary_of_facts=f"{ASKS.summary_of_facts} The XQZ was there.")
    before = [fault.rule.id for fault in check(told)]
    monkeypatch.setattr(text_names, "is_near_name", fail)
    failed = [fault for fault in check(told) if "ZeroDivisionError" in fault.message]
    assert len(failed) == 1 and not failed[0].mendable and failed[0].fix
    assert {fault.rule.id for fault in check(told)} == {*before, failed[0].rule.id}
    life = replace(told, urgency="immediate", urgency_reason="a threat to life")
    assert all(fault.overridden for fault in check(life) if "ZeroDivisionError" in fault.message)
