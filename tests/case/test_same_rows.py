"""What is read of the shipped cases: the same ids, bytes and rows as before files were read in a process of their own.

Versions of readers are left out, and what follows from them: ids of runs and of evidence.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from pathlib import Path

import pytest

from workbench.case.case import open_case

TABLES = {
    "documents": "*", "traces": "id, document_id, source, trace, place, device, custodian, conversation",
    "passages": "id, document_id, number, page, text", "statements": "*",
    "evidence": """statement_id, document_id, passage_id, trace_id, start, stop, method, confidence, kind, original_value, officer, because,
        at""",
    "sources": "sha256, name, size", "row_files": "path, kind, source, sha256, size, rows",
}  # fmt: skip
HARBOUR = {
    "documents": (478, "ced86e4596bca73f"), "traces": (2951, "55d17988e694d1d8"), "passages": (2785, "cd01122a3916b3cc"),
    "statements": (17426, "989b4b91625669be"), "evidence": (30857, "fd353d252c3a86c7"), "sources": (38, "73286886b8d2f5ef"),
    "row_files": (3, "3cead0db00256530"),
}  # fmt: skip
CRYSTAL = {
    "documents": (918, "818713bddcb0eca2"), "traces": (2898, "352386da94cbad49"), "passages": (919, "432d8d5d4d3798b1"),
    "statements": (4627, "4977585ef4bac9b4"), "evidence": (12473, "5010cb99ed39b47b"), "sources": (2, "1ebc82119ec47024"),
    "row_files": (0, "4f53cda18c2baa0c"),
}  # fmt: skip
"""Rows of each table, and the first 16 digits of the SHA-256 of all of them, as release 0701b40 wrote them."""


def digests(place: Path, files: Path) -> dict[str, tuple[int, str]]:
    """Number and digest of the rows of each table of a case to which files are added."""
    with closing(open_case(place, officer="ada", purpose="test")) as case:
        case.add(files)
        sql = case.context.ledger.connection
        found = {
            name: sorted(sql.execute(f"SELECT {what} FROM {name}").fetchall(), key=repr)
            for name, what in TABLES.items()
        }
    return {
        name: (len(rows), hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]) for name, rows in found.items()
    }


@pytest.mark.slow
def test_the_shipped_case_is_read_as_before(tmp_path: Path) -> None:
    assert digests(tmp_path / "case", Path(__file__).parents[2] / "datasets/harbour/files") == HARBOUR


@pytest.mark.quality
def test_crystal_clear_is_read_as_before(tmp_path: Path, data_dir: Path) -> None:
    assert digests(tmp_path / "case", data_dir / "cases/crystal-clear/sources") == CRYSTAL
