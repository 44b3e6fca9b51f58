"""All readers: which of them takes a file, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.errors import SourceError
from workbench.ingest import archives, banking, calls, charts, chats, mail, office, phones, places, registers, tables
from workbench.ingest.archives.unclaimed_bytes import find_unclaimed
from workbench.ingest.documents import pdf, plain_text, police_message
from workbench.ingest.reading.source import Detection, Reader, SourceFile
from workbench.ingest.unread import read_unread
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Row
from workbench.model.values.bounds import limit_rows

SEALED = b"age-encryption.org/v1"
"""How a file begins that is sealed for somebody (age): a package, a message."""
READERS: dict[str, Reader] = {
    **chats.READERS,
    **phones.READERS,
    **registers.READERS,
    police_message.METHOD: Reader(police_message.VERSION, police_message.detect, police_message.read),
    **charts.READERS,
    **places.READERS,
    **banking.READERS,
    **calls.READERS,
    **office.READERS,
    "pdf": Reader(pdf.VERSION, pdf.detect, pdf.read),
    **mail.READERS,
    **tables.READERS,
    **archives.READERS,
    "text": Reader(plain_text.VERSION, plain_text.detect, plain_text.read),
}
"""In the order in which they are asked: the more particular first."""


def detect(source: SourceFile) -> Detection:
    """Reader that takes the file, and why.

    Raises
    ------
    SourceError
        If no reader takes it.
    """
    head = source.read_head()
    for name, reader in READERS.items():
        if reason := reader.detect(source, head):
            return Detection(name, reader.version, reason)
    if head.startswith(SEALED):
        raise SourceError(Sentence("refused.file.sealed", name=source.name))
    kinds = ", ".join(READERS)
    raise SourceError(Sentence("refused.file.kind", name=source.name, kinds=kinds))


def read(source: SourceFile, options: Mapping[str, str] | None = None, reader: str | None = None) -> Iterator[Row]:
    """Rows of the file: documents before what refers to them; the same bytes give the same rows in the same order.

    All values are within the limits of `workbench.model.values.limits`, whatever the reader found; what lay beyond is an Issue row.

    Parameters
    ----------
    options : mapping, optional
        What the analyst said of the file; each reader names its own.
    reader : str, optional
        Name out of `READERS`; without it the file is looked at.

    Raises
    ------
    SourceError
        If the file cannot be read at all. What is wrong within it becomes Issue rows.
    """
    name = reader or detect(source).reader
    if name not in READERS:
        raise SourceError(
            Sentence("There is no reader {name}. The readers are: {readers}.", name=repr(name), readers=tuple(READERS))
        )
    empty = True
    try:
        for row in limit_rows(read_unread(source, name, READERS[name].read(source, options or {}))):
            empty = False
            yield row
        if empty:
            yield build_issue(
                "empty", Sentence("row.nothing_read", name=repr(source.name), reader=name), place=source.name
            )
        yield from find_unclaimed(source)
    except OSError as error:
        raise SourceError(Sentence("refused.file.not_opened", name=source.name, error=error)) from error
