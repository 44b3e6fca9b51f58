"""What an office document tells: its text in order, what stands beside it, its properties; and the rows made of that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile
from workbench.ingest.reading.special_labels import CELL, claim_special_fields
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, describe_missing_record
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

SIZE = 1000
LINKS = 1_000
LONGEST = 500
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
    """A run of lines on one page (0: no pages), under a label: 'Footnote', 'Comment by Ada', '' for the text itself."""

    label: str
    page: int
    lines: list[str] = field(default_factory=list)


class Story:
    """Text as it comes: paragraphs, rows of tables, and asides (notes, comments, headers), which follow the text.

    Attributes
    ----------
    page : int
        Page that is being told, 0 if there are none.
    links : dict
        Addresses that the document links to, in order (values are None).
    further : list of Part
        Text that stands in the file and not on its pages.
    hidden : int
        Characters that who opens the file in its program does not see: hidden or deleted text.
    """

    def __init__(self) -> None:
        self.page = 0
        self.links: dict[str, None] = {}
        self.hidden = 0
        self.asides: list[Part] = []
        self.further: list[Part] = []
        self._parts: list[Part] = []
        self._open: list[tuple[Part, list[list[str]], list[list[str]]]] = []
        self._rows: list[list[str]] = [[]]
        self._cells: list[list[str]] = []

    def list_parts(self) -> list[Part]:
        """The text by pages, each followed by its asides."""
        told = sorted((*self._parts, *self.asides), key=lambda part: part.page)
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
        if any(cells):
            self.add_line(CELL.join(cells), close=False)

    def end_table(self) -> None:
        """A table ends: what follows is a paragraph of its own."""
        if not self._cells:
            self._get_lines().append("")

    def open_cell(self) -> None:
        """A cell begins."""
        self._cells.append([])

    def close_cell(self) -> None:
        """A cell ends."""
        if self._cells:
            self._rows[-1].append("; ".join(self._cells.pop()))

    def open_side_text(self) -> None:
        """What follows stands beside the text, until it is closed."""
        self._open.append((Part("", self.page), self._rows, self._cells))
        self._rows, self._cells = [[]], []

    def close_side_text(self, label: str) -> None:
        """The aside ends; its label may have come within it."""
        if not self._open:
            return
        part, self._rows, self._cells = self._open.pop()
        part.label = label
        self._add_side_part(part)

    def add(self, other: Story, label: str) -> None:
        """What another part tells, beside the text of this page."""
        for part in other.list_parts():
            self._add_side_part(Part(part.label or label, self.page, part.lines))
        for address in other.links:
            self.link(address)
        self.hidden += other.hidden

    def forget_text(self) -> None:
        """Keep what stands beside the text only."""
        self._parts = []

    def _add_side_part(self, part: Part) -> None:
        part.label = clean_text(part.label)[:LONGEST]
        last = self.asides[-1] if self.asides else None
        if last and last.label == part.label and last.page == part.page:
            last.lines.extend(part.lines)
        else:
            self.asides.append(part)

    def link(self, address: str) -> None:
        """An address that the document links to."""
        address = clean_text(address)[:LONGEST]
        if address.lower().startswith(ADDRESSES) and len(self.links) < LINKS:
            self.links.setdefault(address)

    def _get_lines(self) -> list[str]:
        if self._open:
            return self._open[-1][0].lines
        if not self._parts or self._parts[-1].page != self.page:
            self._parts.append(Part("", self.page))
        return self._parts[-1].lines


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
    yield from claim_special_fields(found, made)
    yield from claim_special_fields(_list_passages(document, told.story.further, len(found)), made)
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
        datetime.fromisoformat(text)
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
    return [*story.list_parts(), *([Part("Links", 0, list(story.links))] if story.links else [])]


def _list_passages(document: str, parts: Iterable[Part], number: int = 0) -> Iterator[Passage]:
    """Passages of parts, numbered on from `number`."""
    for part in parts:
        label = f"{part.label}: " if part.label else ""
        for one in list_passages(
            document, (label + piece for piece in split_pieces(part.lines, SIZE)), first=number, page=part.page
        ):
            number += 1
            yield one


def _list_claims(source: SourceFile, properties: Properties, evidence: Evidence, schema: str) -> Iterator[Claim]:
    entity = document_key(source.sha256).entity_id
    yield evidence.build_claim(schema, entity, "fileName", source.name)
    for prop, value in properties.list_properties():
        if value:
            yield evidence.build_claim(schema, entity, prop, clean_text(value)[:2000], value)
