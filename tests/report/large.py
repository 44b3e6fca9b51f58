# ruff: noqa: E501
"""A large report: 500 passages, 1,000 links."""

from __future__ import annotations

from typing import TypeVar

from tests.report.sample import report, sha
from workbench.report import Event, Link, Quotation, Report

T = TypeVar("T")


def large() -> Report:
    quotes = tuple(
        Quotation(
            f"x{n}", f"Message number {n} of the exercise. " * (1 + n % 5), ((8, 16),), at="2026-02-01T10:00:00", sender=f"Person {n % 40}",
            source="chat.txt", sha256=sha("chat.txt"), place=f"line {n}", traces=(f"TR-{n:06}",), document_id=sha(str(n))[:24],
        )
        for n in range(500)
    )  # fmt: skip
    links = tuple(
        Link(f"Person {n % 40}", "contacted", f"Person {(n * 7) % 97}", n, "2026-01-01", "2026-02-01", "suggested" if n % 3 else "received", passages=(f"x{n % 500}",))
        for n in range(1000)
    )  # fmt: skip
    events = tuple(Event("2026-02-01", f"Event {n}", passages=(f"x{n % 500}",)) for n in range(300))
    return report(findings=(), persons=(), decisions=(), passages=quotes, links=links, timeline=events)
