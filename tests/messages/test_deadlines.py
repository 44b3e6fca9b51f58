"""By when a message is to be answered: the sender's term, and between authorities of the Union the directive's."""

from __future__ import annotations

import pytest

from workbench.messages import Message
from workbench.messages.model.deadlines import ASKED, DIRECTIVE, find_due

AT = "2026-03-02T09:30:00+01:00"


def asked(**fields: object) -> Message:
    said = {"type": "request", "from_bureau": "FR-NCB", "to": ("SE-NCB",), "date_time": AT, "urgency": "normal"}
    return Message(**{**said, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "accessible", "until"),
    [
        ({}, False, "2026-03-09T08:30:00+00:00"),
        ({"urgency": "urgent"}, False, "2026-03-05T08:30:00+00:00"),
        ({"urgency": "immediate"}, True, "2026-03-02T16:30:00+00:00"),
    ],
)
def test_terms_of_the_directive(fields: dict[str, object], accessible: bool, until: str) -> None:
    found = find_due(asked(**fields), accessible=accessible)
    assert found is not None and (found.at.isoformat(), found.by) == (until, DIRECTIVE)


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ("XB-NCB",)}, {"from_bureau": "XA-NCB"}, {"to": ("SE-NCB", "NO-NCB")}, {"to": ("IPSG",)}, {"to": ("FR-PARIS",)},
        {"type": "reply"}, {"date_time": "yesterday"}, {"date_time": "2026-03-02T09:30:00"},
        {"date_time": "2026-03-02T09:30:00+14:30"}, {"date_time": "2026-03-02T09:30:00+05:75"},
    ],
)  # fmt: skip
def test_elsewhere_the_directive_sets_no_term(fields: dict[str, object]) -> None:
    assert find_due(asked(**fields)) is None


def test_bureaux_are_of_the_countries_that_are_told_of_them() -> None:
    city = {"IP PARIS": "FR", "IP BERLIN": "DE"}
    message = asked(from_bureau="IP PARIS", to=("IP BERLIN",))
    found = find_due(message, nation=lambda bureau: city[bureau])
    assert found is not None and found.by == DIRECTIVE and find_due(message) is None


def test_the_earlier_term_counts_and_a_day_lasts_until_its_end() -> None:
    early, late = find_due(asked(reply_by="2026-03-04")), find_due(asked(reply_by="2026-03-30"))
    assert early is not None and (early.at.isoformat(), early.by) == ("2026-03-04T23:59:59+00:00", ASKED)
    assert late is not None and late.by == DIRECTIVE
    other = find_due(asked(to=("XB-NCB",), reply_by="2026-03-04T12:00:00+02:00"))
    assert other is not None and other.at.isoformat() == "2026-03-04T10:00:00+00:00"
