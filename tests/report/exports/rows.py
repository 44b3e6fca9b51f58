"""Claims of a reader as the table of evidence that a case would make of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from workbench.ingest import SourceFile
from workbench.model.rows import Claim, Row
from workbench.model.table_schemas import EVIDENCE


def file(data: bytes, name: str, digit: str = "0") -> SourceFile:
    return SourceFile(Path("/nowhere"), digit * 64, name, data)


def claims(rows: Iterable[Row]) -> list[Claim]:
    return [row for row in rows if isinstance(row, Claim)]


def evidence(rows: Iterable[Row], verdict: str = "") -> pd.DataFrame:
    """Rows of EVIDENCE, every entity by itself."""
    made = [
        {**asdict(claim), "statement_id": claim.statement_id, "canonical_id": claim.entity_id, "evidence_id": str(number),
         "officer": "", "because": "", "run_id": "", "verdict": verdict}
        for number, claim in enumerate(claims(rows))
    ]  # fmt: skip
    return pd.DataFrame(made, columns=pd.Index(EVIDENCE))
