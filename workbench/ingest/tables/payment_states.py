"""Payments that their table marks as not carried out: they are claimed as it lists them, and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.ingest.calls.values import event_words
from workbench.ingest.calls.values.lexicon import UNDONE, normalise_words, read_entries
from workbench.ingest.reading.text_lines import format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Issue

if TYPE_CHECKING:
    from workbench.ingest.tables.columns.column_mapping import SheetMap

LONGEST = 40
"""Characters of a state; what is longer is a text about something."""

MOST = 3
"""Words of a state, at most."""


@dataclass(slots=True)
class States:
    """Rows of payments by the column that says they were not carried out. `columns`: those that nothing is made of."""

    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def note_row(self, number: int, cells: Sequence[str]) -> None:
        """Note a row."""
        for name, at in self.columns.items():
            if at < len(cells) and is_undone(cells[at]):
                self.rows.setdefault(name, []).append(number)
                self.examples.setdefault(name, cells[at])

    def list_issues(self, document: str, place: str) -> Iterator[Issue]:
        """One issue for each column."""
        for name, found in self.rows.items():
            said = {
                "count": len(found),
                "column": repr(name),
                "listed": format_numbers(found),
                "example": repr(self.examples[name]),
            }
            message, fix = Sentence("row.table.undone", **said), Sentence("fix.compare.rows")
            yield build_issue("bad-row", message, fix=fix, document_id=document, place=f"{place}column {name}")


def create_states(mapped: SheetMap) -> States:
    """States of the payments of a sheet; of other tables nothing is noted."""
    if not any(entity.schema == "Payment" for entity in mapped.entities):
        return States()
    unmapped = frozenset(mapped.unmapped_columns)
    return States({one.name: at for at, one in enumerate(mapped.columns) if one.name in unmapped})


@lru_cache(maxsize=1 << 12)
def is_undone(text: str) -> bool:
    """Whether a text is a state by which a payment was not carried out.

    >>> [is_undone(one) for one in ("Rechazada", "RETURNED - no funds", "مرفوضة", "executed", "return of a deposit to Ada")]
    [True, True, True, False, False]
    """
    if not text or len(text) > LONGEST:
        return False
    there = tuple(map(normalise_words, event_words.split_words(text)))
    return 0 < len(there) <= MOST and any(there[:size] in _load_words() for size in (1, 2))


@lru_cache(maxsize=1)
def _load_words() -> frozenset[tuple[str, ...]]:
    return frozenset(one.words for one in read_entries((UNDONE,)))
