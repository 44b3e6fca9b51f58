"""Further text of a record: words of it that stand in none of the lines which its reader gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workbench.ingest.reading.record_text import FaultCounts, Line
from workbench.model.catalogue import Sentence
from workbench.model.text.normalise import clean_text

MOST = 100_000
"""Characters of further text of a record, at most; what is more is told."""


class Surplus:
    """Gathers further text, as lines 'label: value', until a record takes it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.size = 0

    def add(self, found: Iterable[Line]) -> None:
        """Keep lines that say something, as long as there is room."""
        for label, value in found:
            text = value.strip()
            if text and self.size <= MOST:
                self.lines.append((label, text[: MOST - self.size + 1]))
            self.size += (len(label) + len(text)) * bool(text)

    def pop_unknown_lines(self, tally: FaultCounts, place: str, known: Collection[str] = ()) -> list[Line]:
        """The lines whose values are not known; it is told where there were more. Nothing is kept after."""
        lines = [(label, value) for label, value in self.lines if clean_text(value) not in known]
        if self.size > MOST:
            tally.add("left-out", Sentence("fault.further", most=f"{MOST:,}"), place)
        self.lines, self.size = [], 0
        return lines


def select_unknown_lines(
    found: Iterable[Line], tally: FaultCounts, place: str, known: Collection[str] = ()
) -> list[Line]:
    """Lines of one record whose values are not known, up to `MOST` characters; it is told where there are more."""
    gathered = Surplus()
    gathered.add((label, value) for label, value in found if value and clean_text(value) not in known)
    return gathered.pop_unknown_lines(tally, place)
