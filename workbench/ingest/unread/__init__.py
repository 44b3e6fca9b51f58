"""Text of a structured file that stands in nothing which its reader gave: it is read as a document of its own.

A reader takes what it knows of its format, and a file may say more: in members, elements and columns of which no reader knows.
What is said there can be searched, cited and erased like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from workbench.ingest.archives import zip_members
from workbench.ingest.archives.archive_limits import ArchiveBudget
from workbench.ingest.office.unread_text import KEY, WORD, normalise_text, split_words
from workbench.ingest.reading import html_text
from workbench.ingest.reading.passages import list_passages, split_pieces
from workbench.ingest.reading.record_text import Line
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.unread.text_scopes import SCOPES, Scope
from workbench.ingest.unread.text_values import list_values
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Batch, Claim, Document, Issue, Passage, Row, Trace

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 1_000_000
"""Characters of such text of a file that are kept."""
KNOWN = 3_000_000
"""Different words of a file that are compared."""
NAME = 60
MARKUP = re.compile(r"[^/\\]+\.(?:kml|xml)", re.IGNORECASE)
PATH = re.compile(r"[^/:\\]{1,250}(?:/[^/:\\]{1,250}){1,20}")
CALLED = re.compile(r"\+?\d[\d ()/-]{6,18}\d")
"""A number that may be one of a telephone."""
MADE = re.compile(
    r"[0-9A-Fa-f]{8,}|[A-Za-z0-9+/_-]{4,}={1,2}|#\w*|[-+]?[\d.,eE+-]{1,40}|[A-Z]{1,2}|[Tt]rue|false|False"
    r"|(?:application|audio|image|text|video)/[\w.+-]+|\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d\d\.\d\d\.\d{4}[ \d:]*(?: UTC[\d:+-]*)?"
)
"""A value that a program made: a hash, a key, bytes, a colour, a mark of a place, a number, initials, a kind of file, a moment."""


def read_unread(source: SourceFile, reader: str, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of a reader, and behind them the text of the file that stands in none of them."""
    if reader not in SCOPES:
        yield from rows
        return
    known: set[str] = set()
    for row in rows:
        if len(known) <= KNOWN:
            known |= split_words(_list_texts(row))
        yield row
    if len(known) > KNOWN:
        yield build_issue("left-out", Sentence("row.unread.words", name=repr(source.name), most=f"{KNOWN:,}"))
    else:
        yield from _read_rest(source, known, SCOPES[reader])


def _list_texts(row: Row) -> Iterable[str]:
    """What a row says in words."""
    if isinstance(row, Claim):
        return (row.value, row.original_value)
    if isinstance(row, Passage):
        return (row.text,)
    if isinstance(row, Trace):
        return (row.trace, row.place, row.device, row.custodian, row.conversation)
    if isinstance(row, Batch):
        return _list_cells(row.rows)
    return (
        (row.title, row.at) if isinstance(row, Document) else (row.message,) if isinstance(row, Issue) else (row.name,)
    )


def _list_cells(rows: pa.RecordBatch) -> Iterator[str]:
    for column in rows.columns:
        yield from (cell for cell in column.unique().to_pylist() if isinstance(cell, str))


def _read_rest(source: SourceFile, known: set[str], scope: Scope) -> Iterator[Row]:
    """A document of the texts that hold a word which is not known."""
    found: list[str] = []
    room = MOST
    for name, value in _list_values(source):
        text = " ".join(value.split())
        if room >= 0 and scope.is_in_scope(name, text) and _has_unknown_words(text, known):
            found.append(f"{name.lstrip('@')[:NAME]}: {text[:room]}".removeprefix(": "))
            room -= len(text)
            known |= split_words([text])
    document = compute_digest("Document", source.sha256, "unread")
    if found:
        yield Document(document, "Document", f"{source.name}, further text")
        yield Trace(compute_digest(source.sha256, "", document), document, source.sha256)
        yield from list_passages(document, split_pieces(found))
    if room < 0:
        yield build_issue("left-out", Sentence("row.unread.most", name=repr(source.name), most=f"{MOST:,}"))


def _list_values(source: SourceFile) -> Iterator[Line]:
    """Names and texts of a file; of a ZIP archive those of the files of markup that lie in no folder of it."""
    if not source.read_head().startswith(zip_members.MARKS):
        yield from list_values(source)
        return
    tally = ArchiveBudget()
    try:
        with zip_members.open_zip(source) as zipped:
            for info in zipped.infolist():
                if MARKUP.fullmatch(info.filename) and tally.may_unpack(
                    info.filename, info.file_size, info.compress_size
                ):
                    yield from list_values(replace(source, data=None, opener=partial(_open_member, zipped, info)))
    except zip_members.BROKEN:
        return  # its reader has told it


def _open_member(zipped: ZipFile, info: ZipInfo) -> BinaryIO:
    return cast(BinaryIO, zipped.open(info))


def _has_unknown_words(text: str, known: set[str]) -> bool:
    """Whether a text holds a word that is not known and that no program made. Of a path its last name counts."""
    if not text or MADE.fullmatch(text) or KEY.fullmatch(text):
        return CALLED.fullmatch(text) is not None and not known.issuperset(WORD.findall(text))
    plain = html_text.extract_text(text) if "<" in text else text.rpartition("/")[2] if PATH.fullmatch(text) else text
    return any(not word.isdigit() and word not in known for word in WORD.findall(normalise_text(plain)))
