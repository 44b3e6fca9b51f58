"""Files of existing traffic to messages: JSON, mail, tables, text forms, archives of them. Nothing is written down here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from operator import attrgetter
from time import thread_time
from typing import TYPE_CHECKING

from workbench import ingest
from workbench.case import reader as cases
from workbench.errors import SourceError
from workbench.ingest.archives.reader import METHOD as ARCHIVE
from workbench.ingest.budgets import ROW, Made, Whole, Yield, allowed
from workbench.ingest.lines import decoded, encoding, is_text
from workbench.ingest.mail import letters, reader
from workbench.ingest.source import SourceFile
from workbench.ingest.tables import profiles
from workbench.ingest.tables.heading import header_at, named
from workbench.ingest.tables.mapping import Column, SheetMap
from workbench.ingest.tables.reader import METHOD as TABLE
from workbench.messages.message import Attachment
from workbench.messages.traffic import Taken, forms, labels, mails, records, tables
from workbench.messages.traffic import letters as written
from workbench.model.catalogue import Sentence
from workbench.model.names import clean
from workbench.model.rows import Enclosure, Issue, Passage
from workbench.worker import Stopped

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    import pandas as pd

VERSION = "1"
LARGEST = 200_000_000
"""Bytes of a file that is read as one text."""
JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"\]])")
MAIL = re.compile(
    rb"(?im)^(?:message-id|mime-version|received|return-path|content-type|references|x-[\w-]{1,40}):|^from:[^\n]{0,300}@"
)
HEADER_WITHIN = 40
DEEP = 3
"""Archives within archives."""
KIND = "messages"
"""Kind of table of a saved mapping whose columns are fields of messages."""
FORM, MAILED, RECORDS = "form", "mail", "json"
COLUMNS = ("sheet", "column", "field", "example", "why")


@dataclass(frozen=True, slots=True)
class Piece:
    """A message of a file, with the files that are attached to it: name and bytes.

    `again`: it stands for a file that came before in what was handed over, and whose messages are there.
    `wrong`: what the reader of its file has to tell of it.
    """

    taken: Taken
    files: tuple[tuple[str, bytes], ...] = ()
    again: bool = False
    wrong: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer says of a file: field by column ('' for none), and the colour of its notices."""

    fields: Mapping[str, str]
    color: str = ""


NOTHING = Said({})


def format_of(source: SourceFile) -> str:
    """Format of a file: 'json', 'mail', 'table', 'archive', or 'form' for all else that holds text.

    Raises
    ------
    SourceError
        If no reader of the workbench takes the file.
    """
    head = source.head()
    text = head.decode(encoding(head), "replace").lstrip("\ufeff") if is_text(head) else ""
    if JSON.match(text):
        return RECORDS
    if reader.detect(source, head) and (
        source.suffix in (".eml", ".mbox") or head.startswith(reader.MBOX_START) or MAIL.search(head)
    ):
        return MAILED
    found = ingest.detect(source).reader
    return found if found in (TABLE, ARCHIVE) else FORM


def read(source: SourceFile, said: Said = NOTHING, *, whole: Whole | None = None, depth: int = 0) -> Iterator[Piece]:
    """Messages of a file in their order; what is none comes with the reason.

    `whole`: what was handed over, in which the file lies; itself if not given.

    Raises
    ------
    SourceError
        If the file cannot be read at all, or goes over the budget of a file of its size or of the whole.
    """
    whole = whole or Whole(cases.size(source), {})
    whole.met.add(source.sha256)
    try:
        if (found := format_of(source)) == ARCHIVE:
            yield from _archived(source, said, whole, depth)
        else:
            yield from _held(source, _pieces(source, found, said, whole), whole)
    except (Stopped, SourceError) as error:
        stopped = error if isinstance(error, Stopped) else error.__cause__
        if isinstance(stopped, Stopped):
            raise _stopped(source, stopped) from error
        raise


def _pieces(source: SourceFile, found: str, said: Said, whole: Whole) -> Iterator[Piece]:
    """Messages of a file that is no archive."""
    if found == MAILED:
        yield from _mails(source)
    elif found == TABLE:
        yield from map(Piece, _tables(source, said, whole))
    elif found == RECORDS:
        yield from map(Piece, records.read(_text(source, whole), color=said.color))
    else:
        yield from map(Piece, forms.read(_text(source, whole)))


def _held(source: SourceFile, pieces: Iterator[Piece], whole: Whole) -> Iterator[Piece]:
    """Messages, held against what a file of this size may give, and against the time in which it has to be read.

    Raises
    ------
    Stopped
        If it is more, or takes longer.
    """
    measure, most = Yield(size := cases.size(source), whole), allowed(size, {}).cpu
    spent = 0.0
    while True:
        begun = thread_time()
        piece = next(pieces, None)
        spent += thread_time() - begun
        if spent > most:
            raise Stopped("cpu", most)
        if piece is None:
            return
        measure.charge(Made(1, 0, ROW + sum(len(one.written) for one in piece.taken.origins), len(piece.files)))
        yield piece


def _stopped(source: SourceFile, stopped: Stopped) -> SourceError:
    """Why nothing more of a file is looked at, with the figure."""
    told = {"name": source.name, "figure": cases.figure(stopped)}
    return SourceError(Sentence(f"refused.taken.stopped.{stopped.limit}", **told))


def columns(source: SourceFile) -> pd.DataFrame:
    """How the columns of a table are taken: sheet, column, field ('' for none), example, why."""
    import pandas as pd

    rows = []
    for sheet in _sheets(source, count=HEADER_WITHIN + 1):
        names, body, why = sheet.names, list(islice(sheet.rows, 1)), sheet.why
        example = body[0][1] if body else []
        for at, name in enumerate(names):
            told = example[at] if at < len(example) else ""
            rows.append((sheet.name, name, sheet.fields[name], told[:60], why if sheet.fields[name] else ""))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS), dtype="str")


def keep(name: str, table: pd.DataFrame) -> Path:
    """Keep what columns mean under a name, for the next table with these headers.

    Raises
    ------
    SourceError
        If a field is none, or the name cannot be one.
    """
    fields = given(table)
    return profiles.save(name, SheetMap("", 1, KIND, tuple(Column(one, field=path) for one, path in fields.items())))


def given(table: pd.DataFrame) -> dict[str, str]:
    """Column -> field, as an edited table of columns says.

    Raises
    ------
    SourceError
        If a field is none.
    """
    found = {str(name): str(path) for name, path in zip(table["column"], table["field"], strict=True)}
    wrong = [path for path in found.values() if path and not labels.known(path)]
    if wrong:
        raise SourceError(Sentence("refused.message.no_field", path=wrong[0]))
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose header is known; `rows`: numbered, below the header, to be taken before the next sheet."""

    name: str
    rows: Iterator[tuple[int, list[str]]]
    names: list[str]
    fields: dict[str, str]
    why: str


def _sheets(source: SourceFile, whole: Whole | None = None, *, count: int = 0) -> Iterator[_Sheet]:
    for _, found in groupby(cases.cells(source, whole, count=count), attrgetter("sheet")):
        first = list(islice(found, HEADER_WITHIN))
        rows = [row.cells for row in first]
        at = 0 if first[0].known else header_at(rows, labels.every(), labels.compared)
        if at >= 0:
            names = named(rows[at], len(rows[at]))
            below = ((row.number, row.cells) for row in chain(first[at + 1 :], found))
            yield _Sheet(first[0].name, below, names, *_meanings(names))


def _meanings(names: list[str]) -> tuple[dict[str, str], str]:
    """Field of each column, and why: as in a mapping that was kept for these headers, or by the header."""
    profile = profiles.find(names)
    if profile is None or profile.kind != KIND:
        return tables.columns(names), "by its header"
    return dict.fromkeys(names, "") | dict(profile.said(names).fields), f"as in the mapping {profile.name!r}"


def _tables(source: SourceFile, said: Said, whole: Whole) -> Iterator[Taken]:
    for sheet in _sheets(source, whole):
        fields = {**sheet.fields, **said.fields}
        for one in tables.read(sheet.names, sheet.rows, fields):
            yield replace(one, place=f"sheet {sheet.name} {one.place}") if sheet.name else one


def _archived(source: SourceFile, said: Said, whole: Whole, depth: int) -> Iterator[Piece]:
    """Messages of the files in an archive, each with the name of its file."""
    if depth > DEEP:
        raise SourceError(Sentence("refused.taken.too_deep", name=source.name, deep=DEEP))
    for row in cases.read(source, {}, ARCHIVE, whole):
        if isinstance(row, Issue):
            yield Piece(Taken(row.place, None, reason=row.message))
        elif isinstance(row, Enclosure):
            yield from _inside(source, row, said, whole, depth)


def _inside(source: SourceFile, row: Enclosure, said: Said, whole: Whole, depth: int) -> Iterator[Piece]:
    """Messages of a file in an archive; one that came before in what was handed over is not read a second time."""
    inner = SourceFile(source.path, hashlib.sha256(row.data).hexdigest(), row.name, row.data)
    if inner.sha256 in whole.met:
        yield Piece(Taken(row.name, None, reason=Sentence("row.traffic.again")), again=True)
        return
    try:
        for piece in read(inner, said, whole=whole, depth=depth + 1):
            yield replace(piece, taken=replace(piece.taken, place=f"{row.name} {piece.taken.place}".strip()))
    except SourceError as error:
        yield Piece(Taken(row.name, None, reason=str(error)))


def _mails(source: SourceFile) -> Iterator[Piece]:
    for letter in reader.letters(source):
        message = reader.parsed(letter.data) if letter.data is not None else None
        if message is None:
            yield Piece(Taken(letter.place, None, reason=Sentence("row.traffic.letter")))
            continue
        content = letters.content(message, letter.data or b"")
        wrong = tuple(letters.wrong(message, content))
        header = [(name, value) for name in _names(message) for value in reader.headers(message, name)]
        if ours := _enclosed(content):
            beside = (mails.written(header), content.seen, *(text for _, text in content.beside))
            made = replace(ours.taken, texts=(*ours.taken.texts, *beside))
            yield replace(ours, taken=made, wrong=wrong)
            continue
        attached = [
            Attachment(name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=kind)
            for name, kind, data in content.attached
        ]
        unseen = [*((mails.HIDDEN, text) for text in content.hidden), *content.aside]
        taken = mails.read(header, content.seen, attached, letter.place, beside=content.beside, unseen=unseen)
        yield Piece(taken, tuple((name, data) for name, _, data in content.attached if data), wrong=wrong)


def _enclosed(content: letters.Content) -> Piece | None:
    """The message whose form lies in a letter that this desk has written, with its other files; None in any other letter."""
    at = next((at for at, (name, *_) in enumerate(content.attached) if name == written.FORM), -1)
    found = list(records.read(content.attached[at][2].decode("utf-8", "replace"))) if at >= 0 else []
    if len(found) != 1 or found[0].message is None:
        return None
    others = [*content.attached[:at], *content.attached[at + 1 :]]
    named = {clean(one.name): one.name for one in found[0].message.attachments}  # as the form writes them
    return Piece(found[0], tuple((named.get(name, name), data) for name, _, data in others if data))


def _names(message: EmailMessage) -> Iterable[str]:
    """Names of the fields of a header, each once."""
    found = reader.guarded(lambda: list(dict.fromkeys(message.keys())))
    return found if isinstance(found, list) else ()


def _text(source: SourceFile, whole: Whole) -> str:
    """Text of a file: as it is, or what the reader of its kind finds in it."""
    head = source.head()
    if not is_text(head):
        rows = cases.read(source, {}, cases.detect(source, whole).reader, whole)
        return "\n".join(row.text for row in rows if isinstance(row, Passage))
    with source.open() as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceError(Sentence("refused.taken.large", name=source.name, most=LARGEST))
    text = decoded(data).lstrip("\ufeff").replace("\r\n", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode()
