"""What tests of ledgers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.bureaux import Make
from workbench.ledger import Ledger


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Ledger] = []

    def ledger(officer: str) -> Ledger:
        made.append(Ledger(tmp_path / f"{officer}-{len(made)}.db", officer=officer, purpose="test"))
        return made[-1]

    yield ledger
    for one in made:
        one.close()
