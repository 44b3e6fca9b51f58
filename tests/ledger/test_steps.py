"""Transactions that are steps of one: a step that fails leaves the others, and what is given up as a whole leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.ledger import Arrival, Ledger
from workbench.ledger.verification.verify import verify_case


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")
    yield made
    made.close()


def sources(ledger: Ledger) -> list[str]:
    return [key for (key,) in ledger.connection.execute("SELECT sha256 FROM sources ORDER BY sha256")]


def bad(ledger: Ledger) -> set[str]:
    return {one.state for one in verify_case(ledger.connection)} - {"ok", "not checked"}


def failing(ledger: Ledger) -> None:
    with ledger.open_transaction() as sql:
        sql.execute("INSERT INTO sources VALUES ('half', 'half', 1, '', 'ada')")
        raise OSError("full")


def given_up(ledger: Ledger) -> None:
    with ledger.group_transactions():
        ledger.add_source("a", Arrival("a"), 1, {})
        failing(ledger)


def test_a_step_that_fails_leaves_the_others(ledger: Ledger) -> None:
    with ledger.group_transactions():
        ledger.add_source("a", Arrival("a"), 1, {})
        with pytest.raises(OSError, match="full"):
            failing(ledger)
        ledger.add_source("b", Arrival("b"), 1, {})
    assert sources(ledger) == ["a", "b"] and not bad(ledger)


def test_what_is_given_up_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(OSError, match="full"):
        given_up(ledger)
    assert sources(ledger) == [] and not bad(ledger)
    ledger.add_source("b", Arrival("b"), 1, {})
    assert sources(ledger) == ["b"] and not bad(ledger)
