"""Names that cases hold: the log hashes them, so none of `names.txt` may go or mean something else. New ones are added to the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from workbench.ingest import READERS
from workbench.ledger import Ledger
from workbench.ledger.log.audit_log import OPERATIONS
from workbench.model.issue_codes import SEVERITIES

NAMES = Path(__file__).with_name("names.txt")


def persisted(folder: Path) -> Iterator[str]:
    """Names that rows of a case may hold, and where its rows lie."""
    with closing(Ledger(folder / "ledger.db", officer="ada", purpose="test")) as ledger:
        tables = [name for (name,) in ledger.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if not re.match(r"sqlite_|words", table):
                for row in ledger.connection.execute(f"PRAGMA table_info({table})"):
                    yield f"column {table}.{row[1]}"
    yield from (f"reader {name}" for name in READERS)
    yield from (f"operation {name}" for name in OPERATIONS)
    yield from (f"issue {code}" for code in SEVERITIES)


def test_no_persisted_name_is_lost(tmp_path: Path) -> None:
    frozen, now = set(NAMES.read_text("utf-8").split("\n")) - {""}, set(persisted(tmp_path))
    assert frozen - now == set(), "cases that lie on disks have rows with these"
    assert now - frozen == set(), "add them to names.txt: from now on they stay"
