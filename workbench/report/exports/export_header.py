"""What an export says of itself: of which case, how marked, by whom, for whom, and what it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.model.catalogue import Translator


@dataclass(frozen=True, slots=True)
class About:
    """Written into a workbook as its first sheet, and beside every export as `<name>.about.json`.

    Attributes
    ----------
    title, reference, mark : str
        Of the case: its title, its number, its marking.
    officer, purpose, at : str
        Who exported it, what for, and when (UTC).
    to, reason : str
        Who is to have it, and why.
    what : str
        What it is: 'hits', 'graph', 'statements', …
    rows : int
        Rows, entities, places or nodes that it holds.
    notes : tuple of str
        What a reader must know: what was left out, how texts are written, what a figure does not mean.
    say : Voice
        The language of labels in a workbook; names in JSON are English.
    """

    title: str = ""
    mark: str = ""
    reference: str = ""
    officer: str = ""
    purpose: str = ""
    at: str = ""
    to: str = ""
    reason: str = ""
    what: str = ""
    rows: int = 0
    notes: tuple[str, ...] = ()
    say: Translator = field(default_factory=Translator)

    def list_lines(self) -> Iterator[tuple[str, str]]:
        """Name and text of everything that is said."""
        told = {
            "case": self.title, "reference": self.reference, "marking": self.mark, "officer": self.officer,
            "purpose": self.purpose, "exported at": self.at, "recipient": self.to, "reason": self.reason, "what": self.what,
            "rows": str(self.rows),
        }  # fmt: skip
        yield from ((label, text) for label, text in told.items() if text)
        yield from (("note", note) for note in self.notes)

    def to_json(self, file: str, sha256: str) -> bytes:
        """Content of the JSON file that lies beside an export: what is said, and name and SHA-256 of the export."""
        told = {label: text for label, text in self.list_lines() if label != "note"}
        made = {**told, "rows": self.rows, "notes": list(self.notes), "file": file, "sha256": sha256}
        return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
