"""Reader `pdf`: the text of PDF files, page by page. A scan has none: an issue says so, nothing is guessed."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError
from workbench.ingest.lines import numbers
from workbench.ingest.passages import passages, pieces
from workbench.ingest.source import SourceFile
from workbench.model.ident import digest
from workbench.model.issues import issue
from workbench.model.rows import Document, Issue, Row, Trace

if TYPE_CHECKING:
    from pypdf import PdfReader

VERSION = "1"
MARK = b"%PDF-"
MARK_WITHIN = 1024
SIZE = 1000
BROKEN = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, NotImplementedError, OSError,
    RecursionError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf is known to raise on damaged files, beside its own errors."""


def detect(source: SourceFile, head: bytes) -> str:
    """Why the file is taken: the mark of PDF near its start."""
    del source
    return "the file begins with the mark of PDF" if MARK in head[:MARK_WITHIN] else ""


def read(source: SourceFile, options: Mapping[str, str]) -> Iterator[Row]:
    """One document Pages; passages carry their page, from 1. Pages without text are named in one issue.

    Raises
    ------
    SourceError
        If the file is encrypted or so damaged that it has no pages.
    """
    del options
    with source.open() as file:
        yield from _pages(source, *_opened(source, file))


def _pages(source: SourceFile, reader: PdfReader, count: int) -> Iterator[Row]:
    document = digest("Pages", source.sha256)
    place = f"pages 1-{count}" if count > 1 else f"page {count}"
    yield Document(document, "Pages", source.name)
    yield Trace(digest(source.sha256, place, document), document, source.sha256, place=place)
    blank: list[int] = []
    number = 0
    for page in range(1, count + 1):
        text, wrong = _page(reader, page)
        if wrong:
            yield issue(
                "bad-row", f"Page {page} could not be read ({wrong}).", document_id=document, place=f"page {page}"
            )
        elif not text.strip():
            blank.append(page)
        for passage in passages(document, pieces(text.split("\n"), SIZE), first=number, page=page):
            number += 1
            yield passage
    if blank:
        yield _no_text(blank, count, document)


def _opened(source: SourceFile, file: BinaryIO) -> tuple[PdfReader, int]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(file, strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except (PyPdfError, *BROKEN) as error:
        raise SourceError(
            f"{source.name!r} cannot be read as PDF ({type(error).__name__}: {error}). Open it in a viewer, print it"
            " to a new PDF and add that."
        ) from error
    if locked:
        raise SourceError(
            f"{source.name!r} is encrypted; no text can be read. Save a copy without the password and add that."
        )
    return reader, count


def _page(reader: PdfReader, page: int) -> tuple[str, str]:
    """Text of a page, and what went wrong."""
    from pypdf.errors import PyPdfError

    try:
        return reader.pages[page - 1].extract_text().replace("\x00", ""), ""
    except (PyPdfError, *BROKEN) as error:
        return "", f"{type(error).__name__}: {error}"[:200]


def _no_text(blank: list[int], count: int, document: str) -> Issue:
    which = "None of the pages" if len(blank) == count else f"Only {count - len(blank)} of {count} pages"
    return issue(
        "no-text",
        f"{which} have text. Without it: {numbers(blank)}.",
        fix="If these pages are scans, run text recognition on a copy and add that too.",
        document_id=document,
        place=f"page {blank[0]}",
    )
