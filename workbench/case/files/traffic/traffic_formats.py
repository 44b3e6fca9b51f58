"""Files of existing traffic to messages: JSON, mail, tables, text forms, archives of them. Nothing is written down here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from operator import attrgetter
from time import thread_time
from typing import TYPE_CHECKING

from workbench.case.files import reader_process as cases
from workbench.case.files.traffic.message_transfer import NOTHING, FileSettings, Piece, decode_pieces
from workbench.errors import SourceError
from workbench.ingest.archives.archive_reader import METHOD as ARCHIVE
from workbench.ingest.budgets import ROW, FileBudget, Output, Yield, compute_budget
from workbench.ingest.mail import mail_reader
from workbench.ingest.mail.mailbox import MBOX_START
from workbench.ingest.reading.source import SourceFile
from workbench.ingest.reading.text_lines import detect_encoding, is_text
from workbench.ingest.row_transfer import BadMessage
from workbench.ingest.tables.columns import table_profiles
from workbench.ingest.tables.columns.column_mapping import Column, SheetMap
from workbench.ingest.tables.guess.header_row import find_header, name_columns
from workbench.ingest.tables.table_rows import METHOD as TABLE
from workbench.messages.traffic import ReadMessage, SurroundingText, field_labels, message_tables
from workbench.messages.traffic.labelled_values import FEWEST
from workbench.model.catalogue import Sentence
from workbench.model.rows import Enclosure, Issue, Passage
from workbench.worker import Stopped

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

METHOD = "existing-traffic"
"""Under which what was read is written down."""
VERSION = "1"
MODULE = ("workbench.case.files.traffic.reader_jobs",)
"""What the process runs that makes messages of a file."""
READER = "the reader of messages"
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
Surroundings = tuple[SurroundingText, ...]
NONE = "The file holds no message."
COLUMNS = ("sheet", "column", "field", "example", "why")


def format_of(source: SourceFile) -> str:
    """Format of a file: 'json', 'mail', 'table', 'archive', or 'form' for all else that holds text.

    Raises
    ------
    SourceError
        If no reader of the workbench takes the file.
    """
    head = source.read_head()
    text = head.decode(detect_encoding(head), "replace").lstrip("\ufeff") if is_text(head) else ""
    if JSON.match(text):
        return RECORDS
    if mail_reader.detect(source, head) and (
        source.suffix in (".eml", ".mbox") or head.startswith(MBOX_START) or MAIL.search(head)
    ):
        return MAILED
    found = cases.detect_reader(source).reader
    return found if found in (TABLE, ARCHIVE) else FORM


def read_messages(
    source: SourceFile,
    said: FileSettings = NOTHING,
    *,
    whole: FileBudget | None = None,
    depth: int = 0,
    around: Surroundings = (),
) -> Iterator[Piece]:
    """Messages of a file in their order, each with what stands around them; what is none comes with the reason.

    `whole`: what was handed over, in which the file lies; itself if not given. `around`: what stands around the file in it.

    Raises
    ------
    SourceError
        If the file cannot be read at all, or goes over the budget of a file of its size or of the whole.
    """
    whole = whole or FileBudget(cases.get_size(source), {})
    whole.met.add(source.sha256)
    around = (*around, SurroundingText("", source.name, told=False))
    try:
        if (found := format_of(source)) == ARCHIVE:
            yield from _read_archive(source, said, whole, depth, around)
        else:
            yield from _add_around(_limit_messages(source, _read_pieces(source, found, said, whole), whole), around)
    except (Stopped, SourceError) as error:
        stopped = error if isinstance(error, Stopped) else error.__cause__
        if isinstance(stopped, Stopped):
            raise _build_stop_error(source, stopped) from error
        raise


def _add_around(pieces: Iterator[Piece], around: Surroundings) -> Iterator[Piece]:
    """Pieces of a file, each with what stands around the file as well: the same tuple for all of one file."""
    own: Surroundings = ()
    both = around
    for piece in pieces:
        if piece.around is not own:
            own, both = piece.around, (*around, *piece.around)
        yield replace(piece, around=both)


def _read_pieces(source: SourceFile, found: str, said: FileSettings, whole: FileBudget) -> Iterator[Piece]:
    """Messages of a file that is no archive."""
    if found == TABLE:
        yield from _read_table(source, said, whole)
    else:
        file = source if found == MAILED else _to_text(source, whole)
        yield from _parse_file(file, found, said, whole)


def _parse_file(source: SourceFile, found: str, said: FileSettings, whole: FileBudget) -> Iterator[Piece]:
    """Messages that the desk's own process makes of a file."""
    with closing(cases.run_job(source, found, {"color": said.color}, READER, whole, MODULE)) as answers:
        try:
            yield from decode_pieces(answers)
        except BadMessage as error:
            raise cases.build_defect_error(source, READER, "what it gave is no message") from error


def _limit_messages(source: SourceFile, pieces: Iterator[Piece], whole: FileBudget) -> Iterator[Piece]:
    """Messages, held against what a file of this size may give, and against the time in which it has to be read.

    Raises
    ------
    Stopped
        If it is more, or takes longer.
    """
    measure, most = Yield(size := cases.get_size(source), whole), compute_budget(size, {}).cpu
    spent = 0.0
    while True:
        begun = thread_time()
        piece = next(pieces, None)
        spent += thread_time() - begun
        if spent > most:
            raise Stopped("cpu", most)
        if piece is None:
            return
        measure.count_output(Output(1, 0, ROW + sum(len(one.written) for one in piece.taken.origins), len(piece.files)))
        yield piece


def _build_stop_error(source: SourceFile, stopped: Stopped) -> SourceError:
    """Why nothing more of a file is looked at, with the figure."""
    told = {"name": source.name, "figure": cases.get_limit_figure(stopped)}
    return SourceError(Sentence(f"refused.taken.stopped.{stopped.limit}", **told))


def list_columns(source: SourceFile) -> pd.DataFrame:
    """How the columns of a table are taken: sheet, column, field ('' for none), example, why."""
    import pandas as pd

    rows = []
    for sheet in _read_sheets(source, count=HEADER_WITHIN + 1):
        names, body, why = sheet.names, list(islice(sheet.rows, 1)), sheet.why
        example = body[0][1] if body else []
        for at, name in enumerate(names):
            told = example[at] if at < len(example) else ""
            rows.append((sheet.name, name, sheet.fields[name], told[:60], why if sheet.fields[name] else ""))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS), dtype="str")


def save_columns(name: str, table: pd.DataFrame) -> Path:
    """Keep what columns mean under a name, for the next table with these headers.

    Raises
    ------
    SourceError
        If a field is none, or the name cannot be one.
    """
    fields = parse_columns(table)
    return table_profiles.save_profile(
        name, SheetMap("", 1, KIND, tuple(Column(one, field=path) for one, path in fields.items()))
    )


def parse_columns(table: pd.DataFrame) -> dict[str, str]:
    """Column -> field, as an edited table of columns says.

    Raises
    ------
    SourceError
        If a field is none.
    """
    found = {str(name): str(path) for name, path in zip(table["column"], table["field"], strict=True)}
    wrong = [path for path in found.values() if path and not field_labels.is_known_path(path)]
    if wrong:
        raise SourceError(
            Sentence(
                "'{path}' is not a field of a message. Write fields as in the rules: `our_ref`, `persons.family_name`.",
                path=wrong[0],
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose header is known; `rows`: numbered, below the header, to be taken before the next sheet."""

    name: str
    rows: Iterator[tuple[int, list[str]]]
    names: list[str]
    fields: dict[str, str]
    why: str


def _read_sheets(source: SourceFile, whole: FileBudget | None = None, *, count: int = 0) -> Iterator[_Sheet]:
    for _, found in groupby(cases.read_cells(source, whole, count=count), attrgetter("sheet")):
        first = list(islice(found, HEADER_WITHIN))
        if (at := _find_header(first)) >= 0:
            names = name_columns(first[at].cells, len(first[at].cells))
            below = ((row.number, row.cells) for row in chain(first[at + 1 :], found))
            yield _Sheet(first[0].name, below, names, *_find_column_fields(names))


def _find_column_fields(names: list[str]) -> tuple[dict[str, str], str]:
    """Field of each column, and why: as in a mapping that was kept for these headers, or by the header."""
    profile = table_profiles.find_profile(names)
    if profile is None or profile.kind != KIND:
        return message_tables.map_columns(names), "by its header"
    return dict.fromkeys(names, "") | dict(profile.match_headers(names).fields), f"as in the mapping {profile.name!r}"


def _read_table(source: SourceFile, said: FileSettings, whole: FileBudget) -> Iterator[Piece]:
    """Messages of the rows of a table; without any one piece that says so, with what stands in it."""
    around, told = _read_surroundings(source, said)
    found = False
    for sheet in _read_sheets(source, whole):
        fields = {**sheet.fields, **said.fields}
        for one in message_tables.read_messages(sheet.names, sheet.rows, fields):
            taken = replace(one, place=f"sheet {sheet.name} {one.place}") if sheet.name else one
            yield Piece(taken, around=around, told=() if found else told)
            found = True
    if not found:
        yield Piece(ReadMessage("", None, reason=NONE), around=around, told=told)


def _read_surroundings(source: SourceFile, said: FileSettings) -> tuple[Surroundings, tuple[Issue, ...]]:
    """What stands around the rows of a table, and what is wrong with it."""
    found, headed = _find_headers(source, said)
    texts, wrong = cases.read_surroundings(source, {at: rows[headed[at]].number for at, rows in found if at in headed})
    around = [SurroundingText(one.place, message_tables.format_rows(one.rows), one.told) for one in texts]
    return (
        *(one for at, rows in found if at in headed for one in _list_header_surroundings(rows, headed[at])),
        *around,
    ), tuple(wrong)


def _find_headers(source: SourceFile, said: FileSettings) -> tuple[list[tuple[int, list[cases.Cells]]], dict[int, int]]:
    """The first rows of each sheet, and where among them the header is of those of which messages are made."""
    rows = groupby(cases.read_cells(source, count=HEADER_WITHIN), attrgetter("sheet"))
    found = [(at, list(first)) for at, first in rows]
    headers = ((at, first, header) for at, first in found if (header := _find_header(first)) >= 0)
    return found, {at: header for at, first, header in headers if _has_message_fields(first[header].cells, said)}


def _has_message_fields(header: list[str], said: FileSettings) -> bool:
    """Whether enough columns of a header are fields."""
    fields = {**_find_column_fields(name_columns(header, len(header)))[0], **said.fields}
    return len({fields[name] for name in name_columns(header, len(header))} - {""}) >= FEWEST


def _find_header(first: list[cases.Cells]) -> int:
    """Which of the first rows of a sheet is its header; -1 if none is."""
    return (
        0
        if first[0].known
        else find_header([row.cells for row in first], field_labels.list_all_labels(), field_labels.normalise_label)
    )


def _list_header_surroundings(rows: list[cases.Cells], header: int) -> Iterator[SurroundingText]:
    """What stands above the header of a sheet, and the header itself."""
    place = f"sheet {rows[0].name} " if rows[0].name else ""
    if above := [row.cells for row in rows[:header] if any(row.cells)]:
        yield SurroundingText(f"{place}above the header", message_tables.format_rows(above))
    yield SurroundingText(f"{place}header", message_tables.format_heading(rows[header].cells), told=False)


def _read_archive(
    source: SourceFile, said: FileSettings, whole: FileBudget, depth: int, around: Surroundings
) -> Iterator[Piece]:
    """Messages of the files in an archive, each with the name of its file."""
    if depth > DEEP:
        raise SourceError(Sentence("refused.taken.too_deep", name=source.name, deep=DEEP))
    for row in cases.read_rows(source, {}, ARCHIVE, whole):
        if isinstance(row, Issue):
            yield Piece(ReadMessage(row.place, None, reason=row.message), around=around)
        elif isinstance(row, Passage):
            around = (*around, SurroundingText("comment of the archive", row.text))
        elif isinstance(row, Enclosure):
            yield from _read_inner(source, row, said, whole, depth, around)


def _read_inner(
    source: SourceFile, row: Enclosure, said: FileSettings, whole: FileBudget, depth: int, around: Surroundings
) -> Iterator[Piece]:
    """Messages of a file in an archive; one that came before in what was handed over is not read a second time."""
    inner = SourceFile(source.path, hashlib.sha256(row.data).hexdigest(), row.name, row.data)
    if inner.sha256 in whole.met:
        yield Piece(ReadMessage(row.name, None, reason=Sentence("row.traffic.again")), again=True)
        return
    try:
        for piece in read_messages(inner, said, whole=whole, depth=depth + 1, around=around):
            yield replace(piece, taken=replace(piece.taken, place=f"{row.name} {piece.taken.place}".strip()))
    except SourceError as error:
        yield Piece(ReadMessage(row.name, None, reason=str(error)))


def _to_text(source: SourceFile, whole: FileBudget) -> SourceFile:
    """A file that is text: as it is, or with the text that the reader of its kind finds in it."""
    if is_text(source.read_head()):
        return source
    rows = cases.read_rows(source, {}, cases.detect_reader(source, whole).reader, whole)
    return replace(source, data="\n".join(row.text for row in rows if isinstance(row, Passage)).encode())
