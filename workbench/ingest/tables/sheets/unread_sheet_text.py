"""What a table holds beside its records: names of sheets, sheets without records, comments, drawings, further text of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from workbench.ingest.reading.source import SourceFile
from workbench.ingest.tables.sheets.sheet import Sheet
from workbench.ingest.tables.sheets.sheet_readers import read_sheets
from workbench.ingest.tables.sheets.workbook_notes import FIRST, WorkbookText, read_notes, read_tabs
from workbench.ingest.tables.sheets.xlsx import is_workbook
from workbench.model.rows import Document, Issue, Passage, Row
from workbench.model.text.normalise import clean_text

OF_PROGRAMS = "(docProps/"
"""Parts that programs fill."""


class Text(NamedTuple):
    """A text beside the records: where it stands, its rows of cells, and whether people write such texts, not programs alone."""

    place: str
    rows: list[list[str]]
    told: bool = True


class UnreadSheetText:
    """Looks a table through for what is no record. `below`: by its number, the row of each sheet with records below which they stand."""

    def __init__(self, source: SourceFile, below: Mapping[int, int]) -> None:
        self.source, self.below = source, below
        self.issues: list[Issue] = []
        self.said: list[str] = []

    def read_texts(self) -> Iterator[Text]:
        """The texts, in their order; `issues` is complete when they are taken."""
        known = set()
        for at, sheet in enumerate(read_sheets(self.source)):
            known.add(sheet.part)
            if sheet.name:
                yield Text(f"sheet {sheet.name}", [[sheet.name]], told=False)
            yield from self._read_rows(at, sheet)
            yield from self._read_passages(read_notes(self.source, sheet))
            self._add_issues(sheet.issues)
        yield from self._read_passages(read_tabs(self.source, known))
        yield from self._list_part_texts()

    def _read_rows(self, at: int, sheet: Sheet) -> Iterator[Text]:
        """A sheet without records as one text; of another one each row with one filled cell below the header."""
        prefix = f"sheet {sheet.name} " if sheet.name else ""
        if at not in self.below:
            if rows := [cells for _, cells in sheet.rows() if any(cells)]:
                yield Text(prefix.strip(), rows)
            return
        for number, cells in sheet.rows():
            if number > self.below[at] and sum(map(bool, cells)) == 1:
                yield Text(f"{prefix}row {number}", [cells])

    def _read_passages(self, rows: Iterator[Row]) -> Iterator[Text]:
        for row in rows:
            if isinstance(row, Passage) and row.number >= FIRST:
                label, _, text = row.text.partition(": ")
                self.said.append(text)
                yield Text(label, [[text]])
            elif isinstance(row, Document):
                yield Text(row.title, [[row.title]], told=False)
            elif isinstance(row, Issue):
                self._add_issues([row])

    def _list_part_texts(self) -> Iterator[Text]:
        """Words of all parts of the file, whether or not a cell has them too; names and formulas of programs are left out."""
        if not is_workbook(self.source.read_head()):
            return
        rest = WorkbookText(self.source)
        rest.scan_parts()
        found = list(rest.further.list_texts())
        for text in self.said:
            rest.further.strike(text)
        left = {label for label, _ in rest.further.list_texts() if OF_PROGRAMS not in label}
        yield from (Text(label, [[clean_text(line)] for line in lines], label in left) for label, lines in found)
        self._add_issues([*rest.wrong, *rest.further.list_issues(self.source.name)])

    def _add_issues(self, issues: list[Issue]) -> None:
        self.issues += [replace(one, document_id="") for one in issues]
