"""A place in a source, as the evidence of a chart shows it."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int, str, str]
"""Where something is marked in a text: start, end, node, and received, suggested or decided."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a source says at one place, where that is, how it was graded, how it may be used.

    Attributes
    ----------
    id : str
        By which an officer decides on it.
    open : bool
        Whether it waits for that.
    """

    id: str
    text: str
    says: str
    kind: str = "received"
    verdict: str = ""
    open: bool = False
    at: str = ""
    sender: str = ""
    source: str = ""
    place: str = ""
    grade: str = ""
    mark: str = ""
    traces: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    document_id: str = ""
    passage_id: str = ""
