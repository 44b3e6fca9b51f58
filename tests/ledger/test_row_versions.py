"""The last entry that tells of rows of some tables: by whichever connection they came, and only when they are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from workbench.ledger.ledger import Ledger
from workbench.ledger.log.audit_log import Object

NOTES = frozenset({"notes"})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db", officer="ada", purpose="test")) as made:
        made.add_note("note", "the first entry tells of what the ledger began with", [], {})
        yield made


def test_rows_of_other_tables_count_alone(ledger: Ledger) -> None:
    before = ledger.get_version_without(NOTES)
    ledger.add_note("note", "seen", [], {})
    assert ledger.get_version_without(NOTES) == before
    everything = ledger.get_version_without(frozenset())
    assert everything > before
    ledger.judge([("person-a", "person-b")], "same", "seen")
    assert ledger.get_version_without(NOTES) > everything


def test_rows_of_another_connection_count(ledger: Ledger) -> None:
    before = ledger.get_version_without(NOTES)
    with closing(Ledger(ledger.path, officer="bob", purpose="test")) as other:
        other.add_note("note", "seen", [], {})
        assert ledger.get_version_without(NOTES) == before
        other.judge([("person-a", "person-b")], "same", "seen")
    assert ledger.get_version_without(NOTES) > before


def test_what_is_given_up_does_not_count(ledger: Ledger) -> None:
    before = ledger.get_version_without(NOTES)
    with suppress(KeyError), ledger.group_transactions():
        ledger.judge([("person-a", "person-b")], "same", "seen")
        assert ledger.get_version_without(NOTES) > before
        raise KeyError
    assert ledger.get_version_without(NOTES) == before
    ledger.add_note("note", "seen", [], {})
    assert ledger.get_version_without(NOTES) == before


def test_an_erasure_counts_for_everything(ledger: Ledger) -> None:
    before = ledger.get_version_without(NOTES)
    ledger.record("erasure", Object("entity"), {"because": "x"})
    assert ledger.get_version_without(NOTES) > before
