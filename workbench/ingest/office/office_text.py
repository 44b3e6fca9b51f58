"""What an office document tells: its text in order, what stands beside it, its properties; and the rows made of that."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import (
    CELL,
    Place,
    SpecialCell,
    claim_special_fields,
    claim_value,
    list_special_cells,
    mark_places,
    spread_cells,
)
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text
from workbench.model.time_zones import parse_iso_time

SIZE = 1000
LINKS = 1_000
LONGEST = 500
WIDEST = 200
"""Columns of a table whose cells go over several."""
NEAR = 30
"""Twips within which two cells of a page end in one place."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|[T ])")
ADDRESSES = (
    "http://",
    "https://",
    "mailto:",
    "tel:",
    "ftp://",
    "sms:",
    "geo:",
    "callto:",
    "skype:",
    "whatsapp:",
    "tg:",
)


@dataclass(slots=True)
class Part:
    """A run of lines on one page (0: no pages), under a label: 'Footnote', 'Comment by Ada', '' for the text itself.

    `place`: in tables, None for none; `props`: what makes that special, once all is told.
    """

    label: str
    page: int
    lines: list[str] = field(default_factory=list)
    place: Place | None = None
    props: tuple[str, ...] = ()


class Story:
    """Text as it comes: paragraphs, rows of tables, and asides (notes, comments, headers), which follow the text.

    Attributes
    ----------
    page : int
        Page that is being told, 0 if there are none.
    links : dict
        Addresses that the document links to, in order, and where in tables each stands (None: in none).
    further : list of Part
        Text that stands in the file and not on its pages.
    special : dict
        By page: properties of a special category that columns of tables have (values are None).
    cells : list of SpecialCell
        Cells in such columns.
    hidden : int
        Characters that who opens the file in its program does not see: hidden or deleted text.
    """

    def __init__(self) -> None:
        self.page = 0
        self.links: dict[str, list[Place | None]] = {}
        self.hidden = 0
        self.special: dict[int, dict[str, None]] = {}
        self.cells: list[SpecialCell] = []
        self.asides: list[Part] = []
        self.further: list[Part] = []
        self._parts: list[Part] = []
        self._places = TablePlaces()
        self._open: list[tuple[Part, list[list[Cell]], list[list[str]], TablePlaces]] = []
        self._rows: list[list[Cell]] = [[]]
        self._cells: list[list[str]] = []
        self._keyed: dict[str, Place] = {}
        self._running: set[str] = set()

    def list_parts(self) -> list[Part]:
        """The text by pages, each followed by its asides; those one after the other under one label are one, but for special ones."""
        self.mark_tables()
        asides: list[Part] = []
        for part in self.asides:
            last, props = asides[-1] if asides else None, self.get_props(part.place)
            if last and (last.label, last.page, last.props) == (part.label, part.page, props):
                last.lines.extend(part.lines)
            else:
                asides.append(replace(part, lines=[*part.lines], props=props))
        told = sorted((*self._parts, *asides), key=lambda part: part.page)
        return [part for part in told if any(line.strip() for line in part.lines)]

    def add_line(self, text: str, *, close: bool = True) -> None:
        """A paragraph; with `close` an empty line follows, so that it stands by itself."""
        if not text.strip():
            return
        if self._cells:
            self._cells[-1].append(" ".join(text.split()))
            return
        self._get_lines().extend((*text.split("\n"), "") if close else text.split("\n"))

    def open_row(self) -> None:
        """A row of a table begins."""
        self._rows.append([])

    def close_row(self) -> None:
        """A row of a table ends: one line, its cells parted by bars."""
        cells = self._rows.pop() if len(self._rows) > 1 else []
        self._places.close_row(len(self._rows), cells)
        texts = [cell.text for cell in cells if not cell.is_covered]
        if any(texts):
            self.add_line(CELL.join(texts), close=False)

    def end_table(self) -> None:
        """A table ends: what follows is a paragraph of its own."""
        self._mark_table(len(self._rows))
        if not self._cells:
            self._get_lines().append("")

    def open_cell(self) -> None:
        """A cell begins."""
        self._cells.append([])
        self._places.open_cell()
        for key in self._running:
            self.refer(key)

    def close_cell(self, width: int = 1) -> None:
        """A cell ends that goes over so many columns."""
        if self._cells:
            self._places.close_cell(len(self._rows), sum(cell.width for cell in self._rows[-1]))
            self._rows[-1].append(Cell("; ".join(self._cells.pop()), min(max(width, 1), WIDEST)))

    def add_covered_cells(self, count: int) -> None:
        """Here cells from above go on over so many columns."""
        if count > 0:
            self._rows[-1].append(Cell("", min(count, WIDEST), is_covered=True))

    def mark(self) -> Place | None:
        """The place in tables at which the text is; None if it is in none."""
        if self._places.is_within():
            return self._places.add(Place())
        return self._open[-1][0].place if self._open else None

    def refer(self, key: str, *, begins: bool | None = None) -> None:
        """Here the text refers to something that is told elsewhere; `begins`: from here on, or not any more."""
        place = self._keyed.setdefault(key, Place())
        place.is_found = True
        self._places.add(place)
        if begins is not None:
            (self._running.add if begins else self._running.discard)(key)

    def get_props(self, place: Place | None) -> tuple[str, ...]:
        """What makes a place special; of one to which nothing refers, all that is in the tables of the document."""
        if place is None:
            return ()
        return tuple(place.props if place.is_found else self.list_special())

    def list_special(self) -> tuple[str, ...]:
        """Properties of a special category that columns of tables have."""
        self.mark_tables()
        return tuple(dict.fromkeys(prop for props in self.special.values() for prop in props))

    def add_row(self, cells: list[Cell], places: list[tuple[int, Place]]) -> None:
        """A row whose cells are told: what stands in it beside the text, by the number of the cell."""
        self._places.add_row(len(self._rows), cells, places)

    def mark_tables(self) -> None:
        """Mark what stands in tables that are not ended."""
        for level in self._places.list_levels():
            self._mark_table(level)

    def _mark_table(self, level: int) -> None:
        rows = _align_cells(self._places.end_table(level))
        texts, widths = (
            [[cell.text for cell in cells] for cells, _ in rows],
            [[cell.width for cell in cells] for cells, _ in rows],
        )
        spread = [
            (spread_cells(*row), places) for row, (_, places) in zip(zip(texts, widths, strict=True), rows, strict=True)
        ]
        if found := mark_places(spread):
            self.cells += list_special_cells(texts, widths)
            self.special.setdefault(self.page, {}).update(found)

    def open_side_text(self, key: str = "", place: Place | None = None) -> None:
        """What follows stands beside the text, until it is closed; `key`: that to which the text refers; `place`: else the one here."""
        if key:
            place = self._keyed.setdefault(key, Place(is_found=False))
        place = place or self.mark()
        self._open.append((Part("", self.page, place=place), self._rows, self._cells, self._places))
        self._rows, self._cells, self._places = [[]], [], TablePlaces()

    def close_side_text(self, label: str) -> None:
        """The aside ends; its label may have come within it."""
        if not self._open:
            return
        self.mark_tables()
        part, self._rows, self._cells, self._places = self._open.pop()
        part.label = label
        self._add_side_part(part)

    def add(self, other: Story, label: str) -> None:
        """What another part tells, beside the text of this page."""
        self.mark_tables()
        other.mark_tables()
        self._add_references(other)
        for part in sorted((*other._parts, *other.asides), key=lambda part: part.page):
            if any(line.strip() for line in part.lines):
                self._add_side_part(Part(part.label or label, self.page, [*part.lines], part.place))
        for address, places in other.links.items():
            for place in places:
                self._add_link(address, place)
        for props in other.special.values():
            self.special.setdefault(self.page, {}).update(props)
        self.cells += other.cells
        self.hidden += other.hidden

    def _add_references(self, other: Story) -> None:
        """Take over to what another part refers, and say where this one refers to what it tells; if nowhere, it may be of any table."""
        for key, place in other._keyed.items():
            known = self._keyed.get(key)
            if known:
                place.props.update(known.props)
                place.is_found = place.is_found or known.is_found
            elif not self.page:
                self._keyed[key] = place
            if self.page and not place.is_found:
                place.props.update(self.special.get(self.page, {}))
                place.is_found = True

    def forget_text(self) -> None:
        """Keep what stands beside the text only."""
        self._parts = []

    def _add_side_part(self, part: Part) -> None:
        part.label = clean_text(part.label)[:LONGEST]
        self.asides.append(part)

    def link(self, address: str, place: Place | None = None) -> None:
        """An address that the document links to; `place`: where, if not here."""
        self._add_link(address, place or self.mark())

    def _add_link(self, address: str, place: Place | None) -> None:
        address = clean_text(address)[:LONGEST]
        if address.lower().startswith(ADDRESSES) and (address in self.links or len(self.links) < LINKS):
            places = self.links.setdefault(address, [])
            if None not in places[-1:]:
                places[:] = [None] if place is None else [*places, place][-LINKS:]

    def _get_lines(self) -> list[str]:
        if self._open:
            return self._open[-1][0].lines
        if not self._parts or self._parts[-1].page != self.page:
            self._parts.append(Part("", self.page))
        return self._parts[-1].lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row.

    Attributes
    ----------
    text : str
    width : int
        Over how many columns it goes.
    is_covered : bool
        Whether a cell from above goes on here, so that the line of the row has no cell.
    edge : int
        Where it ends on the page (twips), of a document that gives that in place of widths; 0 if unknown.
    """

    text: str
    width: int = 1
    is_covered: bool = False
    edge: int = 0


Rows = list[tuple[list[Cell], list[tuple[int, Place]]]]
"""Rows of a table: cells, and the places in them by their column."""


def _align_cells(rows: Rows) -> Rows:
    """The rows of a table whose cells say where they end on the page: each goes over the columns that end within it."""
    if not any(cell.edge for cells, _ in rows for cell in cells):
        return rows
    told = sorted({cell.edge for cells, _ in rows for cell in cells if cell.edge})
    edges = [edge for before, edge in zip([-NEAR, *told], told, strict=False) if edge - before >= NEAR]
    if len(edges) > WIDEST:
        return rows
    return [_align_row(cells, places, edges) for cells, places in rows]


def _align_row(
    cells: list[Cell], places: list[tuple[int, Place]], edges: list[int]
) -> tuple[list[Cell], list[tuple[int, Place]]]:
    if not all(cell.edge for cell in cells):
        return cells, places
    ends = [bisect_right(edges, cell.edge) for cell in cells]
    starts = [0, *ends[:-1]]
    made = [replace(cell, width=max(end - start, 1)) for cell, start, end in zip(cells, starts, ends, strict=True)]
    return made, [(starts[at] if at < len(starts) else at, place) for at, place in places]


class TablePlaces:
    """What stands in cells of tables beside the text, by level: a table may lie in a cell of another one."""

    def __init__(self) -> None:
        self._tables: dict[int, Rows] = {}
        self._cells: list[list[Place]] = []
        self._row: dict[int, list[tuple[int, Place]]] = {}

    def is_within(self) -> bool:
        """Whether a cell is open."""
        return bool(self._cells)

    def open_cell(self) -> None:
        """A cell begins."""
        self._cells.append([])

    def add(self, place: Place) -> Place:
        """Put a place into the open cells; gives it."""
        for cell in self._cells:
            cell.append(place)
        return place

    def close_cell(self, level: int, column: int) -> None:
        """A cell ends, of a row of this level."""
        places = self._cells.pop() if self._cells else []
        self._row.setdefault(level, []).extend((column, place) for place in places)

    def close_row(self, level: int, cells: list[Cell]) -> None:
        """A row ends in a table of this level."""
        self.add_row(level, cells, self._row.pop(level + 1, []))

    def add_row(self, level: int, cells: list[Cell], places: list[tuple[int, Place]]) -> None:
        """Add a row with what stands in it."""
        if cells:
            self._tables.setdefault(level, []).append((cells, places))

    def end_table(self, level: int) -> Rows:
        """The rows of a table that ends."""
        return self._tables.pop(level, [])

    def list_levels(self) -> list[int]:
        """Levels of tables that are not ended."""
        return list(self._tables)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a document says of itself, each as written ('' if it does not). Times in ISO 8601 form.

    They are what a program wrote: the author is the name set up in the program, and a copy of an old file keeps its time.
    """

    title: str = ""
    author: str = ""
    created: str = ""
    modified: str = ""
    saved_by: str = ""
    program: str = ""
    company: str = ""
    keywords: str = ""
    summary: str = ""
    published: str = ""
    address: str = ""

    def list_properties(self) -> Iterator[tuple[str, str]]:
        """Properties of FollowTheMoney's Document, and their values."""
        yield from (
            ("title", self.title),
            ("author", self.author),
            ("authoredAt", self.created),
            ("modifiedAt", self.modified),
            ("publishedAt", self.published),
            ("generator", self.program),
            ("keywords", self.keywords),
            ("summary", self.summary),
            ("sourceUrl", self.address),
            ("notes", f"Last saved by {self.saved_by}" if self.saved_by else ""),
            ("notes", f"Company set in the program: {self.company}" if self.company else ""),
        )


@dataclass(slots=True)
class OfficeContent:
    """All that a reader found in a document. `inside` is asked last, and fills `tally`; `rows` adds the document to `issues`."""

    story: Story
    properties: Properties = field(default_factory=Properties)
    issues: list[Issue] = field(default_factory=list)
    inside: Iterable[tuple[str, bytes]] = ()
    tally: ArchiveBudget = field(default_factory=ArchiveBudget)


def list_rows(
    source: SourceFile, told: OfficeContent, evidence: Evidence, schema: str = "Document", title: str = ""
) -> Iterator[Row]:
    """Document, trace, passages, claims of its properties, files within, issues.

    The time of the document is that of its last change, else of its making.
    """
    document = compute_digest(schema, source.sha256)
    properties = told.properties
    at = next(filter(None, map(_normalise_time, (properties.published, properties.modified, properties.created))), "")
    trace = Trace(compute_digest(source.sha256, "", document), document, source.sha256)
    yield Document(document, schema, clean_text(title)[:200] or source.name, at)
    yield trace
    made = replace(evidence, document_id=document, trace_id=trace.id)
    found = list(_list_passages(document, _list_page_parts(told.story)))
    further = _list_passages(document, told.story.further, len(found))
    yield from claim_special_fields(_claim_special_parts(found, made), made, cells=told.story.cells)
    yield from claim_special_fields(_claim_special_parts(further, made), made)
    yield from _list_claims(source, properties, made, schema)
    for name, data in told.inside:
        yield Enclosure(name, data, document)
    if not found:
        yield build_issue("empty", describe_missing_record("text", source.name), document_id=document)
    if at and datetime.fromisoformat(at).tzinfo is None and len(at) > 10:
        yield build_issue("zone-unknown", Sentence("row.zone.document"),
                    document_id=document)  # fmt: skip
    if told.story.hidden:
        yield build_issue(
            "hidden",
            Sentence("row.office.hidden", count=told.story.hidden, name=repr(source.name)),
            fix=Sentence("fix.look.hidden"),
            document_id=document,
        )
    yield from (replace(one, document_id=document) for one in told.issues)
    yield from told.tally.list_issues(document)


def is_time(text: str) -> bool:
    """Whether the text is a time that exists in the calendar, in ISO 8601 form."""
    try:
        parse_iso_time(text)
    except ValueError:
        return False
    return True


def _normalise_time(written: str) -> str:
    """A time as written where it is 'YYYY-MM-DD…', in that form where it is another of ISO 8601, '' if it is none."""
    if not is_time(written):
        return ""
    return written if DAY.match(written) else datetime.fromisoformat(written).isoformat()


def _list_page_parts(story: Story) -> list[Part]:
    """What stands on the pages, and the links."""
    parts, links = story.list_parts(), dict[tuple[str, ...], list[str]]()
    for address, places in story.links.items():
        found = [story.get_props(place) for place in places]
        props = tuple(dict.fromkeys(prop for one in found for prop in one)) if all(found) else ()
        links.setdefault(props, []).append(address)
    return [*parts, *(Part("Links", 0, lines, props=props) for props, lines in sorted(links.items()))]


def _claim_special_parts(rows: Iterable[tuple[Passage, Part]], evidence: Evidence) -> Iterator[Row]:
    """Passages, behind each that is beside a cell of a special category what it says, so that it is hidden as the cell is."""
    for passage, part in rows:
        yield passage
        there = replace(evidence, passage_id=passage.id)
        text = passage.text.removeprefix(f"{part.label}: ")
        yield from (claim_value(there, prop, text, "beside", str(passage.number)) for prop in part.props)


def _list_passages(document: str, parts: Iterable[Part], number: int = 0) -> Iterator[tuple[Passage, Part]]:
    """Passages of parts, numbered on from `number`, and the part of each."""
    for part in parts:
        label = f"{part.label}: " if part.label else ""
        for one in list_passages(
            document, (label + piece for piece in split_pieces(part.lines, SIZE)), first=number, page=part.page
        ):
            number += 1
            yield one, part


def _list_claims(source: SourceFile, properties: Properties, evidence: Evidence, schema: str) -> Iterator[Claim]:
    entity = document_key(source.sha256).entity_id
    yield evidence.build_claim(schema, entity, "fileName", source.name)
    for prop, value in properties.list_properties():
        if value:
            yield evidence.build_claim(schema, entity, prop, clean_text(value)[:2000], value)
