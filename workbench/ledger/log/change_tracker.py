"""What has come into the ledger since the gate looked last: so that it looks at that alone.

Only rows that are added to material are told one by one. Whatever else changes, or goes, makes it look at everything again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbench.model.schema import FLAG, SPECIAL

ASIDE = frozenset({
    "issues", "messages", "source_facts", "judgements", "row_files", "drafts", "drawings", "disclosures", "disclosed", "packages",
    "receipts", "backups", "screenings", "screening_hits", "tombstones", "tombstone_marks", "tombstone_sent", "case_facts",
    "remarks",
})  # fmt: skip
"""Tables that do not tell what is withheld from anybody."""
NOTED = {
    "sources": ("sources", 0), "arrivals": ("arrived", 0), "runs": ("runs", 3), "documents": ("documents", 0), "traces": ("traced", 2),
    "passages": ("touched", 2), "evidence": ("touched", 3), "readings": ("passages", 0),
}  # fmt: skip
"""Table -> what notes its rows, and the column that is noted; a row with nothing there touches no document that is known."""
MATERIAL = frozenset({"case", "source", "file", "document", "passage", "evidence", "statement", "entity", "note"})
"""Kinds of targets of which something is said that may withhold them (`terms.MATERIAL`)."""
OF_MESSAGES = "message"
"""Begins the kinds of decisions on messages: what became of one, and what it is about."""


@dataclass
class Fresh:
    """What came in since it was taken last.

    Attributes
    ----------
    whole : bool
        Something changed of which this does not tell.
    sources, documents : set of str
        Ids that were not there before.
    traced, touched : set of str
        Documents that have come somewhere; of which passages or evidence came.
    arrived : set of str
        Sources that have come somewhere.
    runs : set of str
        Sources of which a run is complete now.
    passages : set of str
        Passages that were read.
    targets : set of (str, str)
        Kind and id of what something is said of.
    special : set of str
        Statements of special categories.
    judged, noted : bool
        Somebody judged whether two entities are the same; wrote a note.
    """

    whole: bool = True
    sources: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    traced: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    passages: set[str] = field(default_factory=set)
    targets: set[tuple[str, str]] = field(default_factory=set)
    special: set[str] = field(default_factory=set)
    judged: bool = False
    noted: bool = False

    def note_added(self, table: str, row: Sequence[object]) -> None:
        """Note a row that was added."""
        self.judged = self.judged or table == "judgements"
        self.noted = self.noted or table == "notes"
        if self.whole or table in ASIDE or table == "notes":
            return
        if table in NOTED:
            name, column = NOTED[table]
            known: set[str] = getattr(self, name)
            cell = str(row[column])
            known.add(cell)
            self.whole = not cell
            return
        cells = [str(cell) for cell in row]
        if table == "terms" and cells[2] == "arrival":  # an own copy of what was hidden
            self.whole = True
        elif table == "terms":
            self.targets.add((cells[2], cells[3]))
        elif table == "statements":
            self.special |= {cells[0]} if cells[3] in SPECIAL and cells[2] != FLAG else set()
        else:
            self.whole = not (table == "decisions" and cells[1].startswith(OF_MESSAGES))

    def note_removed(self, table: str) -> None:
        """Note that a row went, or was changed."""
        self.whole = self.whole or table not in ASIDE

    def list_changed_documents(self, sql: sqlite3.Connection) -> set[str] | None:
        """Documents to which something came; None where what came changes more than these."""
        if self.whole or not (self.arrived <= self.sources and self.traced <= self.documents):
            return None
        if any(self._is_known(sql, *target) for target in self.targets if target[0] in MATERIAL):
            return None
        read = _list_ids(sql, "SELECT document_id FROM passages WHERE id", self.passages)
        return (
            self.documents
            | self.touched
            | read
            | _list_ids(sql, "SELECT document_id FROM traces WHERE source", self.runs)
        )

    def list_arrived_sources(self, sql: sqlite3.Connection) -> set[str]:
        """Sources that have come somewhere, or do so by a run that is complete now."""
        return self.arrived | _list_ids(sql, "SELECT source FROM arrivals WHERE outer_source", self.runs)

    def _is_known(self, sql: sqlite3.Connection, kind: str, key: str) -> bool:
        """Whether something is said of what was there before, or may reach what was."""
        if kind == "passage":
            return not _list_ids(sql, "SELECT document_id FROM passages WHERE id", [key]) <= self.documents
        return key not in {"source": self.sources, "file": self.sources, "document": self.documents}.get(kind, ())


def _list_ids(sql: sqlite3.Connection, query: str, among: Iterable[str]) -> set[str]:
    asked = json.dumps(sorted(among))
    return {key for (key,) in sql.execute(f"{query} IN (SELECT value FROM json_each(?))", (asked,)).fetchall()}
