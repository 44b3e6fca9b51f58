"""Reader `pdf`: the text of PDF files, page by page. A scan has none: an issue says so, or OCR reads it where asked for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.archives.unclaimed_bytes import tell_unclaimed
from workbench.ingest.documents import scans
from workbench.ingest.documents.pdf_objects import BROKEN, KnownText, Objects, extract_rich_text, normalise_letters
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.source import Evidence, SourceFile, describe_damage
from workbench.ingest.reading.text_lines import format_numbers
from workbench.model.catalogue import Sentence
from workbench.model.identifiers import build_document_key as document_key
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.machine.archive_safety import clean_name
from workbench.model.rows import Claim, Document, Enclosure, Issue, Passage, Row, Trace
from workbench.model.text.normalise import clean_text

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic import DictionaryObject, PdfObject, StreamObject

    from workbench.ingest.documents.pdf_objects import PdfExtras

VERSION = "6"
METHOD = "pdf"
PROPERTIES = (
    ("title", "title"), ("author", "author"), ("authoredAt", "creation_date"), ("modifiedAt", "modification_date"),
    ("generator", "creator"), ("keywords", "keywords"), ("summary", "subject"),
)  # fmt: skip
KNOWN = frozenset(
    {"/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Trapped"}
)
"""Keys of the document information that PDF knows; all others are the file's own."""
MARK = b"%PDF-"
MARK_WITHIN = 1024
SIZE = 1000
NOTES = 10_000
"""Annotations of a page that are read."""
SHOWN = 10
DEEP = 32
TICK = 2
SILENT = frozenset({"/Link", "/Popup"})
"""Annotations without words of their own."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the mark of PDF near its start."""
    del source
    return Sentence("detected.pdf") if MARK in head[:MARK_WITHIN] else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Pages; passages carry their page, from 1. Pages without text are named in one issue.

    Parameters
    ----------
    options : mapping
        'ocr': languages in which Tesseract reads pages without text ('eng', 'eng+fra'); '' or absent: it does not.

    Raises
    ------
    SourceError
        If the file is encrypted or so damaged that it has no pages, or OCR is asked for and not installed.
    """
    scanner = scans.build_scanner(options["ocr"]) if options.get("ocr") else None
    with source.open() as file:
        reader, count = _open_pdf(source, file)
        reading = _Reading(source, reader, count)
        yield from reading.read_pages()
        if reading.blank and scanner:
            yield from reading.scan_pages(scanner)
        if reading.blank:
            yield _build_text_issue(reading.blank, count, reading.document)
        yield from reading.read_form()
        yield from reading.claim_properties()
        yield from reading.list_off_page_rows()


class _Reading:
    """A reading of a file. `blank`: pages without text so far."""

    def __init__(self, source: SourceFile, reader: PdfReader, count: int) -> None:
        self.source, self.reader, self.count = source, reader, count
        self.document = compute_digest("Pages", source.sha256)
        place = f"pages 1-{count}" if count > 1 else f"page {count}"
        self.trace = Trace(
            compute_digest(source.sha256, place, self.document), self.document, source.sha256, place=place
        )
        self.entity = document_key(source.sha256).entity_id
        self.blank: list[int] = []
        self.number = 0
        self.fields: set[str] = set()
        self.seen = KnownText()
        self.objects = Objects(reader, source.data or _read_bytes(source))

    def read_pages(self) -> Iterator[Row]:
        """Document, trace and the passages of the pages that have text."""
        yield Document(self.document, "Pages", self.source.name)
        yield self.trace
        for page in range(1, self.count + 1):
            text, wrong = _read_page(self.reader, page)
            if wrong:
                yield self._build_page_issue(page, wrong)
            elif not text.strip():
                self.blank.append(page)
            yield from self._list_passages(page, text)
            yield from self._read_fields_and_notes(page)

    def read_form(self) -> Iterator[Row]:
        """Values of form fields that stand on no page; and that a form of another kind was not read."""
        from pypdf.errors import PyPdfError

        try:
            form = self.reader.root_object.get("/AcroForm")
            form = form.get_object() if form is not None else {}
            every = (self.reader.get_fields() or {}) if form else {}
            told = {name: _format_value(one.get("/V")) for name, one in every.items() if name not in self.fields}
            is_other = "/XFA" in form
        except (PyPdfError, *BROKEN) as error:
            yield build_issue(
                "bad-row",
                Sentence("row.pdf.form", error=describe_damage(error)),
                document_id=self.document,
            )
            return
        yield from self._list_passages(
            0, "\n\n".join(f"Field {name}: {value}" for name, value in told.items() if value)
        )
        if is_other:
            yield build_issue(
                "left-out", Sentence("row.pdf.xfa"), fix=Sentence("fix.open.own_program"), document_id=self.document
            )

    def scan_pages(self, scanner: scans.Scanner) -> Iterator[Row]:
        """Passages of the pages that OCR can read, each with a claim that says what read it; an issue for all of them."""
        evidence = Evidence(scans.METHOD, scanner.version, self.document, trace_id=self.trace.id)
        read: list[int] = []
        with scans.open_pdf(self.source) as pages:
            for page in list(self.blank):
                text, wrong = scanner.read(pages, page)
                if wrong:
                    yield self._build_page_issue(page, wrong)
                for passage in self._list_passages(page, text):
                    yield passage
                    agent = replace(evidence, passage_id=passage.id)
                    yield agent.build_claim("Pages", self.entity, "processingAgent", scanner.version)
                read += [page] if text.strip() else []
        self.blank = [page for page in self.blank if page not in read]
        if read:
            yield build_issue(
                "ocr",
                Sentence("row.pdf.ocr", count=len(read), engine=scanner.version, listed=format_numbers(read)),
                fix=Sentence("fix.compare.page"),
                document_id=self.document,
            )

    def claim_properties(self) -> Iterator[Claim]:
        """What the file says of itself."""
        evidence = Evidence(METHOD, VERSION, self.document, trace_id=self.trace.id)
        for prop, value in _list_properties(self.reader):
            yield evidence.build_claim("Pages", self.entity, prop, clean_text(value)[:2000], value[:2000])

    def list_off_page_rows(self) -> Iterator[Row]:
        """What no page shows: files, bookmarks, texts behind others; and what of the file was not read."""
        yield from self._list_passages(0, "\n\n".join(islice(_list_own_properties(self.reader), NOTES)))
        found = self.objects.find_off_page_texts(self.count, self.seen)
        for page, spoken in groupby(dict.fromkeys(found.spoken), key=lambda one: one.page):
            yield from self._list_passages(page, "\n\n".join(one.text for one in spoken))
        yield from self._read_files(found.files)
        yield from self._tell_unused(found)

    def _read_files(self, files: Mapping[int, tuple[str, StreamObject]]) -> Iterator[Row]:
        """Files within the file, wherever it names them."""
        from pypdf.errors import PyPdfError

        tally = ArchiveBudget()
        for number, (name, content) in files.items():
            try:
                data = bytes(content.get_data())
            except (PyPdfError, *BROKEN) as error:
                text = Sentence("row.pdf.within", name=repr(self.source.name), error=describe_damage(error))
                yield build_issue("bad-row", text, document_id=self.document, place=clean_name(name))
                continue
            told = name or f"file {number}"
            if not tally.add_member(told, len(data)):
                break
            yield Enclosure(clean_name(told), data, self.document)
        yield from tally.list_issues(self.document)

    def _tell_unused(self, found: PdfExtras) -> Iterator[Issue]:
        """One issue each for text on no page that was not read, earlier states, loose bytes, programs, and what would be opened."""
        unused = self.objects.unused
        for key, count in (("unshown", found.unread), ("earlier", found.old + unused.objects)):
            if count:
                text, fix = Sentence(f"row.pdf.{key}", count=count), Sentence("fix.look.earlier")
                yield build_issue("left-out", text, fix=fix, document_id=self.document)
        if unused.loose:
            yield tell_unclaimed(self.source.name, unused.loose, unused.at, self.document)
        if found.programs:
            said = Sentence("row.office.program", name=repr(self.source.name), listed=_format_counts(found.programs))
            yield build_issue("macro", said, fix=Sentence("fix.careful.program"), document_id=self.document)
        if found.outward:
            said = Sentence("row.office.outside", count=found.outward.total(), listed=_format_counts(found.outward))
            yield build_issue("outside", said, fix=Sentence("fix.careful.network"), document_id=self.document)

    def _list_passages(self, page: int, text: str) -> Iterator[Passage]:
        self.seen.add(text)
        for passage in list_passages(self.document, split_pieces(text.split("\n"), SIZE), first=self.number, page=page):
            self.number += 1
            yield passage

    def _read_fields_and_notes(self, page: int) -> Iterator[Row]:
        """Values of form fields, and texts of notes, that stand on a page."""
        from pypdf.errors import PyPdfError

        try:
            told = list(_list_notes(self.reader.pages[page - 1], self.fields, self.objects))
        except (PyPdfError, *BROKEN) as error:
            yield self._build_page_issue(page, describe_damage(error))
            return
        yield from self._list_passages(page, "\n\n".join(dict.fromkeys(told)))

    def _build_page_issue(self, page: int, wrong: str) -> Issue:
        text = Sentence("row.pdf.page", number=str(page), error=wrong)
        return build_issue("bad-row", text, document_id=self.document, place=f"page {page}")


def _list_properties(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """Properties of FollowTheMoney's Document that the file gives; damaged ones are left out."""
    from pypdf.errors import PyPdfError

    for prop, key in PROPERTIES:
        try:
            value = getattr(reader.metadata, key, None)
        except (PyPdfError, *BROKEN):
            continue
        text = value.isoformat() if isinstance(value, datetime) else str(value or "").replace("\x00", "").strip()
        if text:
            yield prop, text


def _list_own_properties(reader: PdfReader) -> Iterator[str]:
    """What the file says of itself under keys that PDF does not know: 'Property Case: 12'."""
    from pypdf.errors import PyPdfError

    try:
        about = reader.trailer.get("/Info")
        about = about.get_object() if about is not None else None
        own = {key: about[key] for key in about if key not in KNOWN} if isinstance(about, dict) else {}
    except (PyPdfError, *BROKEN):
        return
    for key, value in own.items():
        if text := clean_text(_format_value(value)):
            yield f"Property {clean_text(str(key).removeprefix('/'))}: {text}"


def _format_counts(counts: Counter[str]) -> str:
    """Names with how often each is there: 'JavaScript (2), Launch cmd.exe'."""
    listed = [f"{name} ({count})" if count > 1 else name for name, count in counts.items()]
    return format_list(listed[:SHOWN], count=len(listed))


def _read_bytes(source: SourceFile) -> bytes:
    with source.open() as file:
        return file.read()


def _open_pdf(source: SourceFile, file: BinaryIO) -> tuple[PdfReader, int]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(file, strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except (PyPdfError, *BROKEN) as error:
        raise SourceError(Sentence("refused.file.pdf", name=source.name, error=describe_damage(error))) from error
    if locked:
        raise SourceError(Sentence("refused.file.pdf_encrypted", name=source.name))
    return reader, count


def _read_page(reader: PdfReader, page: int) -> tuple[str, str]:
    """Text of a page, and what went wrong."""
    from pypdf.errors import PyPdfError

    try:
        return reader.pages[page - 1].extract_text().replace("\x00", ""), ""
    except (PyPdfError, *BROKEN) as error:
        return "", describe_damage(error)


def _list_notes(page: PageObject, fields: set[str], objects: Objects) -> Iterator[str]:
    """What the annotations of a page say and show, each behind what it is; names of fields go to `fields`."""
    for one in islice(page.annotations or (), NOTES):
        note = one.get_object()
        kind = note.get("/Subtype")
        said = ""
        if kind == "/Widget":
            name, value = _read_field(note)
            fields.add(name)
            value = _add_rich_text(value, note, "/RV")
            said = f"Field {name}: {value}" if value else ""
        elif kind not in SILENT:
            text = _add_rich_text(_format_value(note.get("/Contents")), note, "/RC")
            who = clean_text(_format_value(note.get("/T")))
            said = f"Note{f' by {who}' if who else ''}: {text}" if text else ""
        yield from filter(None, [said])
        yield from _list_drawings(note, kind, said, objects)


def _add_rich_text(text: str, note: DictionaryObject, key: str) -> str:
    """A text of a note or a field, with what its form with markup says beside it."""
    rich = extract_rich_text(note[key]).strip() if key in note else ""
    return text if normalise_letters(rich) in normalise_letters(text) else "\n".join(filter(None, [text, rich]))


def _list_drawings(note: DictionaryObject, kind: object, said: str, objects: Objects) -> Iterator[str]:
    """What an annotation shows on the page and does not say in its own words; the tick of a box says nothing."""
    known = normalise_letters(said)
    for drawn in objects.list_drawing_texts(note.raw_get("/AP") if "/AP" in note else None):
        words = normalise_letters(drawn)
        if words not in known and not (len(words) < TICK and kind == "/Widget"):
            yield f"Shown by {_format_value(kind) or 'a note'}: {drawn.strip()}"


def _read_field(widget: DictionaryObject) -> tuple[str, str]:
    """Full name and value of the field that a widget shows; both may stand with what the field is a part of."""
    from pypdf.generic import DictionaryObject

    names: list[str] = []
    value = ""
    one: PdfObject | None = widget
    for _ in range(DEEP):
        if not isinstance(one, DictionaryObject):
            break
        if "/T" in one:
            names.insert(0, _format_value(one["/T"]))
        value = value or _format_value(one.get("/V"))
        one = one.get("/Parent", None)
    return ".".join(names), value


def _format_value(value: object) -> str:
    """A value as text; '' of what says nothing."""
    from pypdf.generic import ArrayObject, IndirectObject, NameObject, NullObject, StreamObject

    held = value.get_object() if isinstance(value, IndirectObject) else value
    if held is None or isinstance(held, NullObject) or held == "/Off":
        return ""
    if isinstance(held, ArrayObject):
        return ", ".join(filter(None, map(_format_value, held)))
    if isinstance(held, StreamObject):
        return held.get_data().decode("utf-8", "replace").replace("\x00", "").strip()
    text = str(held).removeprefix("/") if isinstance(held, NameObject) else str(held)
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _build_text_issue(blank: list[int], count: int, document: str) -> Issue:
    some = {"count": count - len(blank), "pages": count}
    return build_issue(
        "no-text",
        Sentence("row.pdf.no_text", listed=format_numbers(blank))
        if len(blank) == count
        else Sentence("row.pdf.some_text", **some, listed=format_numbers(blank)),
        fix=Sentence("fix.open.scans"),
        document_id=document,
        place=f"page {blank[0]}",
    )
