"""What a workbook holds beside its cells: comments, texts of drawings, formulas without a value; further text, files within.

References
----------
ECMA-376 part 1, §18.7 (comments); MS-XLSX, 2.6.204 (threaded comments).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from workbench.errors import SourceError
from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.office import package_parts
from workbench.ingest.office.office_package import Package, Relation, get_attribute, get_local_name, open_package
from workbench.ingest.office.unread_text import Further, label_part, list_within, split_words
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.tables.sheets import ods, ods_regions
from workbench.ingest.tables.sheets.secret_columns import SecretColumns, SecretText, Uses, list_regions
from workbench.ingest.tables.sheets.sheet import Note, Sheet, unescape_text
from workbench.ingest.tables.sheets.xlsx import is_workbook
from workbench.model.catalogue import Sentence
from workbench.model.ids import build_entity_id, compute_digest
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace

MOST = 100_000
"""Comments of a sheet that are read."""
FIRST = 1 << 21
"""Number of the first passage of a comment: behind all rows that a sheet can have."""
PIECE = 1 << 20
OVERLAP = 1 << 16
SHOWN = 10
LABEL = 60
CHARTS = frozenset({"chart", "chartex"})
FORMULA = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br=\"([A-Z]{1,3}[0-9]{1,7})\")[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
ROW = re.compile(r"[0-9]{1,7}")
SHARED = "sharedstrings.xml"
SPOKEN = re.compile(rb"<(?:\w+:)?rPh(?:\s[^<>]*)?>(.{0,4000}?)</(?:\w+:)?rPh\s*>", re.DOTALL)
MARKS = re.compile(rb"<[^<>]*>")
STREAMED = frozenset({"sharedstrings.xml", "calcchain.xml"})
"""Parts that are read as cells, or hold no words."""


class Beside(NamedTuple):
    """Columns of a sheet of which nothing is shown, what is noted of their texts, and by what reader claims are made."""

    columns: SecretColumns
    secret: SecretText
    by: Evidence


class WorkbookText:
    """What a workbook holds that is neither cell nor comment: words that no sheet has said when all are read, and files."""

    def __init__(self, source: SourceFile, by: Evidence | None = None, *, is_strict: bool = False) -> None:
        self.by = by
        self.source, self.further, self.wrong = source, Further(), list[Issue]()
        self.secret = SecretText(is_strict=is_strict)
        self._is_looked = not is_workbook(source.read_head())

    def watch(self, sheet: Sheet, columns: SecretColumns) -> None:
        """From now on, words of the cells of a sheet count as read; `columns`: those of which nothing is shown."""
        if not self._is_looked:
            self.scan_parts()
        if self.further.wanted:
            self.further.strike(sheet.name)
            words = self._add_secret_regions(sheet, columns) if columns or self.secret.is_strict else set[str]()
            sheet.rows = partial(self._mark_cells_read, sheet.rows, columns, words)

    def _add_secret_regions(self, sheet: Sheet, columns: SecretColumns) -> set[str]:
        """Note what the parts of the workbook say of secret columns of a sheet; all words of its further text."""
        if ods.is_ods(self.source.read_head()):
            regions = ods_regions.list_regions(self.source, sheet.name)
            self.secret.add_regions(((ods.CONTENT, region) for region in regions), columns)
            return split_words(line for lines in self.further.found.values() for line in lines)
        try:
            with open_package(self.source) as package:
                self.secret.add_regions(list_regions(package, sheet.part), columns)
        except SourceError as error:
            self.wrong.append(build_issue("bad-row", str(error)))
        return split_words(line for lines in self.further.found.values() for line in lines)

    def mark_rows_read(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are; words of comments and of what is told count as read, as those of cells do."""
        for row in rows:
            if isinstance(row, Issue) or (isinstance(row, Passage) and row.number >= FIRST):
                self.further.strike(row.message if isinstance(row, Issue) else row.text)
            yield row

    def read(self) -> Iterator[Row]:
        """Further text as a document of its own, and the files within the workbook."""
        document = compute_digest("Document", self.source.sha256, "further text")
        secret = self._take_secret_lines()
        texts = [f"{label}: {piece}" for label, lines in self.further.list_texts() for piece in split_pieces(lines)]
        if texts or secret:
            trace = Trace(compute_digest(self.source.sha256, "", document), document, self.source.sha256)
            yield Document(document, "Document", f"{self.source.name}, further text")
            yield trace
            yield from list_passages(document, texts)
            for number, (part, line, uses) in enumerate(secret, len(texts) + 1):
                text = f"{label_part(part)}: {line}"
                passage = Passage(compute_digest("Passage", document, str(number)), document, number, text)
                yield passage
                evidence = _place_evidence(self.by, document, passage.id, trace.id)
                yield from _claim_secret_text(evidence, uses, line, self.source.sha256, f"further text {number}")
        yield from self._list_embedded_files()
        yield from self.secret.list_issues()
        yield from self.wrong
        yield from self.further.list_issues(self.source.name)

    def _take_secret_lines(self) -> list[tuple[str, str, Uses]]:
        """Take further text about secret columns, or about none, out; gives that of special categories: part, text, what it is."""
        found = {
            (part, line): uses
            for part, lines in self.further.found.items()
            for line in lines
            if (uses := self.secret.find_uses(part, line)) is not None
        }
        shown = {line for _, lines in self.further.list_texts() for line in lines}
        self.further.take_out(lambda part, line: (part, line) in found)
        self.further.take_out(lambda part, line: line in shown and self._is_withheld(part, line))
        return [(part, line, uses) for (part, line), uses in found.items() if uses and line in shown]

    def _is_withheld(self, part: str, line: str) -> bool:
        """Whether a line is not given because it is tied to no column; it is counted."""
        if not self.secret.is_untied(part, line):
            return False
        self.secret.withhold(part, line)
        return True

    def scan_parts(self) -> None:
        """Look through the parts of the workbook, but for the cells."""
        self._is_looked = True
        try:
            with open_package(self.source) as package:
                self.further.gather(package, STREAMED, cells=True)
                for name in package.names.values():
                    if name.lower().endswith(SHARED):
                        self._add_phonetic_guides(package, name)
        except SourceError as error:
            self.wrong.append(build_issue("bad-row", str(error)))

    def _add_phonetic_guides(self, package: Package, name: str) -> None:
        """Keep the phonetic guides of the texts that cells share."""
        held = b""
        with package.zipped.open(package.zipped.NameToInfo[name]) as stream:
            while piece := stream.read(PIECE):
                held = held[-OVERLAP:] + piece
                for found in SPOKEN.finditer(held):
                    text = unescape_text(html.unescape(MARKS.sub(b"", found[1]).decode("utf-8", "replace")))
                    self.further.add_text(name, text)

    def _mark_cells_read(
        self, rows: Callable[[], Iterator[tuple[int, list[str]]]], columns: SecretColumns, words: set[str]
    ) -> Iterator[tuple[int, list[str]]]:
        for number, cells in rows():
            self.further.strike(" ".join(cells))
            if columns:
                self.secret.add_row(number, cells, columns, words)
            yield number, cells

    def _list_embedded_files(self) -> Iterator[Row]:
        """Files laid into the workbook, and what is told of programs in it."""
        if not is_workbook(self.source.read_head()):
            return
        tally = ArchiveBudget()
        try:
            with open_package(self.source) as package:
                for name, data in package_parts.read_files(package, list_within(package), tally):
                    yield Enclosure(name, data, "")
                self.wrong.extend(package_parts.list_issues(package, package.read_all_relations()))
        except SourceError as error:
            self.wrong.append(build_issue("bad-row", str(error)))
        yield from tally.list_issues("")


def read_notes(source: SourceFile, sheet: Sheet, beside: Beside | None = None) -> Iterator[Row]:
    """Passages of what stands beside the cells of a sheet; what is not read is told.

    `beside`: the columns of which nothing is shown, and where their texts are noted.
    """
    document = compute_digest("Table", source.sha256, sheet.name)
    place = f"sheet {sheet.name}"
    notes = sheet.notes
    if is_workbook(source.read_head()):
        try:
            with open_package(source) as package:
                yield from _list_formula_issues(package, sheet.part, document, place)
                notes = [*notes, *_list_sheet_notes(package, sheet.part)]
        except SourceError as error:
            yield build_issue("bad-row", str(error), document_id=document, place=place)
    yield from _build_note_rows(source, sheet.name, notes, beside)


def _place_evidence(by: Evidence | None, document: str, passage: str, trace: str) -> Evidence:
    return Evidence(by.method if by else "", by.version if by else "", document, passage, trace)


def _claim_secret_text(evidence: Evidence, uses: Uses, text: str, *scope: str) -> Iterator[Claim]:
    """What is said beside a cell of a special category, as it is written, of a person without a name: so it is hidden as the cell is."""
    for schema, prop in uses:
        yield evidence.build_claim(schema, build_entity_id(schema, *scope), prop, text)


def _build_note_rows(source: SourceFile, name: str, notes: list[Note], beside: Beside | None = None) -> Iterator[Row]:
    """Passages of what stands beside cells, or on a tab without cells."""
    document, place = compute_digest("Table", source.sha256, name), f"sheet {name}" if name else "the file"
    for number, note in enumerate(notes[:MOST], FIRST):
        row = ROW.search(note.cell)
        where = f"{place} row {row[0]}" if row else place
        text = f"{note.label}: {note.text}"
        if beside and beside.secret.is_strict and not (note.cell or note.column):
            beside.secret.withhold(f"{name}: {note.label}" if name else note.label, note.text)
            continue
        uses = beside.columns.find_note_uses(note.cell, note.column) if beside else None
        if beside and uses is not None:
            beside.secret.add_text("", [text], uses)
        if uses == ():
            continue
        trace = compute_digest(source.sha256, where, document)
        yield Trace(trace, document, source.sha256, place=where, conversation=name)
        passage = Passage(compute_digest("Passage", document, note.label, str(number)), document, number, text)
        yield passage
        evidence = _place_evidence(beside.by if beside else None, document, passage.id, trace)
        yield from _claim_secret_text(
            evidence, uses or (), note.text, source.sha256, name, f"beside {note.cell or note.column}"
        )


def read_tabs(source: SourceFile, known: set[str], secret: SecretText | None = None) -> Iterator[Row]:
    """What the tabs of a workbook say that are no worksheets (charts, dialogs): their texts, and that there is no more of them.

    Parameters
    ----------
    known : set of str
        Parts of the worksheets that were read.
    secret : SecretText, optional
        What is known of texts beside secret cells; where there are any, texts that are tied to no column are only counted.
    """
    if not is_workbook(source.read_head()):
        return
    left: list[str] = []
    try:
        with open_package(source) as package:
            for name, part in _list_tabs(package):
                if part not in known:
                    left.append(name)
                    if secret and secret.is_strict:
                        for note in _list_sheet_notes(package, part):
                            secret.withhold(f"{name}: {note.label}", note.text)
                    else:
                        yield from _build_tab_document(source, package, name, part)
    except SourceError as error:
        yield build_issue("bad-row", str(error))
    if left:
        shown = format_list([repr(name[:LABEL]) for name in left[:SHOWN]], count=len(left))
        yield build_issue(
            "left-out", Sentence("row.table.tabs", count=len(left), listed=shown), fix=Sentence("fix.look.tabs")
        )


def read_beside(source: SourceFile) -> Iterator[Row]:
    """What the tabs of a workbook hold beside the values of their cells, for a reader that takes these itself."""
    try:
        with open_package(source) as package:
            for name, part in _list_tabs(package):
                yield from _list_formula_issues(package, part, "", f"sheet {name}")
                yield from _build_tab_document(source, package, name, part)
    except SourceError as error:
        yield build_issue("bad-row", str(error))


def _build_tab_document(source: SourceFile, package: Package, name: str, part: str) -> Iterator[Row]:
    """The texts of a tab beside its cells as a document; nothing if it has none."""
    notes = list(_list_sheet_notes(package, part))
    if notes:
        yield Document(compute_digest("Table", source.sha256, name), "Table", f"{source.name}, sheet {name}")
        yield from _build_note_rows(source, name, notes)


def _list_tabs(package: Package) -> Iterator[tuple[str, str]]:
    """Names of the tabs of a workbook, and the part of each ('' where the workbook names none)."""
    book, found = package.main("xl/workbook.xml"), _Sheets()
    if not package.has_part(book):
        return
    package.parse(book, found)
    ties = package.read_relations(book)
    for name, tie in found.tabs:
        yield name, ties[tie].target if tie in ties and package.has_part(ties[tie].target) else ""


def _list_sheet_notes(package: Package, part: str) -> Iterator[Note]:
    """Comments and texts of drawings of a sheet; of a thread the thread itself, not the copy for older programs."""
    relations = list(package.read_relations(part).values()) if part else []
    threads = list(_list_thread_notes(package, relations))
    cells = {note.cell for note in threads}
    for one in _select_relations(relations, "comments"):
        found = _Comments()
        package.parse(one.target, found)
        yield from (note for note in found.notes if note.cell not in cells)
    yield from threads
    for one in _select_relations(relations, "drawing"):
        yield from _list_drawing_notes(package, one.target, "Text in a drawing")
        for tie in package.read_relations(one.target).values():
            if tie.kind.lower() in CHARTS and not tie.outside:
                yield from _list_drawing_notes(package, tie.target, "Text in a chart")
                for shapes in _select_relations(list(package.read_relations(tie.target).values()), "chartUserShapes"):
                    yield from _list_drawing_notes(package, shapes.target, "Text in a chart")


def _list_drawing_notes(package: Package, part: str, label: str) -> Iterator[Note]:
    """Texts of a drawing or a chart: paragraphs, and the names of what is plotted."""
    found = _Comments()
    package.parse(part, found)
    yield from (Note(label, "", text) for text in dict.fromkeys(found.paragraphs) if text.strip())


def _list_thread_notes(package: Package, relations: list[Relation]) -> Iterator[Note]:
    threads = _select_relations(relations, "threadedComment")
    if not threads:
        return
    people = _Comments()
    for name in package.list_folder("xl/persons"):
        package.parse(name, people)
    for one in threads:
        found = _Comments(people.names)
        package.parse(one.target, found)
        yield from found.notes


def _select_relations(relations: list[Relation], kind: str) -> list[Relation]:
    return [one for one in relations if one.kind == kind and not one.outside]


class _Sheets:
    """Gathers names and relations of the tabs, in their order."""

    def __init__(self) -> None:
        self.tabs: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if get_local_name(tag) == "sheet":
            tie = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.tabs.append((get_attribute(attributes, "name"), tie))

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


class _Comments:
    """Gathers comments of either kind, names of their authors, and paragraphs of drawings and charts. `names`: authors by their ids."""

    def __init__(self, names: dict[str, str] | None = None) -> None:
        self.notes: list[Note] = []
        self.paragraphs: list[str] = []
        self.names = dict(names or {})
        self._text: list[str] = []
        self._cell = self._label = ""
        self._plotted = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = get_local_name(tag)
        if name in ("comment", "threadedComment"):
            who = self.names.get(get_attribute(attributes, "authorId") or get_attribute(attributes, "personId"), "")
            at = get_attribute(attributes, "dT")
            self._cell = get_attribute(attributes, "ref")
            self._label = f"Comment on cell {self._cell}{f' by {who}' if who else ''}{f', {at}' if at else ''}"
        elif name == "person":
            self.names[get_attribute(attributes, "id")] = get_attribute(attributes, "displayName")
        self._plotted += name == "tx"
        if name in ("comment", "threadedComment", "author", "p", "v"):
            self._text = []

    def end(self, tag: str) -> None:
        name, text = get_local_name(tag), "".join(self._text).strip()
        if name in ("comment", "threadedComment") and text:
            self.notes.append(Note(self._label, self._cell, unescape_text(text) if name == "comment" else text))
        elif name == "author":
            self.names[str(len(self.names))] = text
        elif name == "p" or (name == "v" and self._plotted):
            self.paragraphs.append(text)
        self._plotted -= name == "tx"

    def data(self, text: str) -> None:
        self._text.append(text)


def _list_formula_issues(package: Package, part: str, document: str, place: str) -> Iterator[Issue]:
    """That cells hold a formula whose value the file does not hold: a spreadsheet program computes it, and nobody here."""
    cells = _find_formulas(package, part)
    if cells:
        shown = format_list(cells[:SHOWN], count=len(cells))
        said = Sentence("row.table.formulas", count=len(cells), listed=shown)
        row = ROW.search(cells[0])
        yield build_issue(
            "left-out",
            said,
            fix=Sentence("fix.open.formulas"),
            document_id=document,
            place=f"{place} row {row[0]}" if row else place,
        )


def _find_formulas(package: Package, part: str) -> list[str]:
    """Cells of formulas without a value, in order."""
    if not package.has_part(part):
        return []
    found: dict[bytes, None] = {}
    held = b""
    try:
        with package.zipped.open(package.names[part.lower()]) as stream:
            while piece := stream.read(PIECE):
                held = held[-OVERLAP:] + piece
                found |= dict.fromkeys(match[1] for match in FORMULA.finditer(held))
    except zip_members.BROKEN:
        return []
    return [cell.decode() for cell in found]
