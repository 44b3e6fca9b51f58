"""A place in a source that says something of a node or a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Marked", "Passage"]


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked in a passage: characters from start to end, the id of the node, and received, suggested or decided."""

    start: int
    end: int
    id: str
    kind: str = "received"


@dataclass(frozen=True, slots=True)
class Passage:
    """What a source says at one place, where that is, how it was graded, how it may be used.

    Attributes
    ----------
    id : str
        By which an officer decides on it.
    says : str
        What is claimed here, in words.
    kind : str
        received, suggested, decided or remark: what another office says, without effect here.
    grade, mark : str
        As the source was graded, on its scale; how it may be used.
    verdict : str
        What an officer decided: accepted or rejected.
    open : bool
        Whether an officer can accept or reject it.
    document_id : str
        Document in which it stands, for who asks; it is not shown.
    """

    id: str
    text: str
    marks: Sequence[Marked] = ()
    kind: str = "received"
    says: str = ""
    source: str = ""
    place: str = ""
    at: str = ""
    sender: str = ""
    grade: str = ""
    mark: str = ""
    traces: Sequence[str] = ()
    verdict: str = ""
    open: bool = False
    document_id: str = ""
