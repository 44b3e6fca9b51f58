"""Codes of issue rows: how bad each is. What is wrong in the data, and its name, stand in the catalogue (`meaning`, `issue`)."""

from __future__ import annotations

from workbench.model.catalogue import term
from workbench.model.rows import Issue, Severity

SEVERITIES: dict[str, Severity] = {
    "unreadable": "error",
    "unknown-format": "error",
    "other-form": "warning",
    "empty": "warning",
    "no-text": "warning",
    "no-message": "error",
    "unmapped-field": "info",
    "truncated": "warning",
    "bad-row": "warning",
    "bad-encoding": "warning",
    "bad-date": "warning",
    "count-mismatch": "warning",
    "sender-conflict": "warning",
    "zone-unknown": "info",
    "name-only": "info",
    "search-language": "warning",
    "other-calendar": "info",
    "bad-identifier": "info",
    "minimised": "info",
    "unmapped-column": "info",
    "duplicate-row": "info",
    "contradiction": "warning",
    "disagreement": "warning",
    "remarks": "info",
    "original-kept": "info",
    "damaged-number": "warning",
    "attachment": "info",
    "media": "info",
    "unknown-model": "info",
    "ambiguous-date": "warning",
    "direction-unknown": "warning",
    "balance": "warning",
    "flagged": "warning",
    "conflict": "warning",
    "encrypted": "warning",
    "too-large": "warning",
    "odd-name": "warning",
    "left-out": "info",
    "macro": "warning",
    "outside": "warning",
    "hidden": "info",
    "ocr": "info",
    "unknown-word": "info",
    "bad-position": "warning",
    # Quality of call records; what each says in full is in workbench.ingest.calls.rules.
    "C-01": "error",
    "C-02": "warning",
    "C-03": "warning",
    "C-04": "warning",
    "C-05": "warning",
    "C-06": "warning",
    "C-07": "info",
    "C-08": "warning",
    "C-09": "warning",
    "C-10": "warning",
    "C-11": "warning",
    "C-12": "info",
    "C-13": "error",
    "C-14": "warning",
    "C-15": "warning",
}


def meaning(code: str) -> str:
    """What an issue of a code means; the code itself where it is none of ours."""
    return term("meaning", code)


def issue(code: str, message: str, *, fix: str = "", document_id: str = "", place: str = "") -> Issue:
    """An issue row with the severity of its code."""
    return Issue(code, message, fix=fix, severity=SEVERITIES[code], document_id=document_id, place=place)
