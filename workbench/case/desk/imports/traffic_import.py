"""Existing traffic into the case: each message of a file is filed, or its reason stands among the issues; the file is kept as it came.

Nothing is lost: what went into no field is listed, and stays in the source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

import pandas as pd

from workbench import ingest
from workbench.case.access import controller, mark_transfer, marks
from workbench.case.context import folder_walk, source_lookup
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.desk.messages import attachment_marks, bureau_names, filing
from workbench.case.files import reader_process
from workbench.case.files.traffic import traffic_formats
from workbench.case.files.traffic.message_transfer import FileSettings, Piece
from workbench.case.privacy import erasure_replay
from workbench.case.sources import file_receipt
from workbench.errors import CaseError, SourceError
from workbench.ledger import Arrival, Object, Run
from workbench.ledger.access import message_marks, terms
from workbench.ledger.records import messages, row_tables
from workbench.messages import to_json
from workbench.messages.model.message import Correspondence
from workbench.messages.traffic import ReadMessage, SurroundingText
from workbench.messages.traffic.labelled_line import Contradiction
from workbench.messages.traffic.marks import mark_mentions, markings
from workbench.messages.traffic.marks.markings import MARKS
from workbench.model.catalogue import Sentence
from workbench.model.handling_marks import PLAIN, Mark, Scheme, merge_marks, to_facets
from workbench.model.issue_codes import build_issue, format_list
from workbench.model.rows import Issue
from workbench.visible import escape_unprintable

OTHERWISE = "It was imported with other columns. Withdraw it first (case.sources.withdraw), then import it again."
BECAUSE = "as its messages say"
BATCH = 100
"""Messages that are filed in one transaction."""
SHOWN = 8
THERE = ("filed", "known")


class Row(NamedTuple):
    """What became of one message, or would: a row of what `case.desk.imports.plan` and `add` answer."""

    file: str
    place: str
    state: str
    form: str = ""
    from_bureau: str = ""
    to: str = ""
    our_ref: str = ""
    subject: str = ""
    fields: int = 0
    unmapped: str = ""
    why: str = ""
    document_id: str = ""
    mark: Mark = PLAIN


class AttachedFile(NamedTuple):
    """A file that is attached to a message, kept by its hash; mark, bureau and time are those of the message."""

    name: str
    sha256: str
    size: int
    document_id: str
    mark: Mark
    bureau: str
    at: str


def plan_import(context: CaseContext, path: Path, said: FileSettings) -> pd.DataFrame:
    """What `take_in` would do, without doing it (columns of `Row`); a state is 'new', 'known' or 'quarantined'."""
    rows = [
        row
        for file, name in build_progress_bar(context.say, "looking", "files", _list_files(path))
        for row in _catch_file_errors(name, _plan_rows(context, file, name, said))
    ]
    return _build_table(context, rows)


def take_in(context: CaseContext, path: Path, said: FileSettings) -> pd.DataFrame:
    """File the messages of a file or of all files of a folder; a table of what came in and what did not (columns of `Row`).

    Each stands under its own mark; of one that is closed to who works the table has the mark and the place in the file, not what it says.
    """
    with context.ledger.hold_filter():
        rows = [
            row
            for file, name in build_progress_bar(context.say, "taking_in", "files", _list_files(path))
            for row in _catch_file_errors(name, _import_file(context, file, name, said))
        ]
    documents = {row.document_id for row in rows if row.state in THERE} - {""}
    closed = documents - {one.document_id for one in messages.list_messages(context.ledger, documents)}
    return _build_table(
        context, [_build_closed_row(context, row) if row.document_id in closed else row for row in rows]
    )


def _catch_file_errors(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows of a file; one that cannot be read is told of, and stops no other."""
    try:
        yield from rows
    except SourceError as error:
        yield Row(name, "", "quarantined", why=error.sentence)


def _build_table(context: CaseContext, rows: Sequence[Row]) -> pd.DataFrame:
    """What became of messages, each with its mark."""
    default = marks.get_marks(context).default
    made = pd.DataFrame(rows, columns=pd.Index(Row._fields))
    return marks.label_rows(context, made, [default | row.mark for row in rows])


def _build_closed_row(context: CaseContext, row: Row) -> Row:
    """What who works may know of a message that is closed to them: that it came, and under which mark."""
    mark = controller.get_scheme(context).label(marks.get_marks(context).default | row.mark)
    return Row(
        row.file,
        row.place,
        row.state,
        why=context.say(
            "This message is hidden from you because of its mark ({mark}). An officer with clearance for "
            "this mark can see the message in the inbox.",
            mark=mark,
        ),
        document_id=row.document_id,
        mark=row.mark,
    )


def list_columns(path: Path) -> pd.DataFrame:
    """How the columns of a table of messages are taken (`traffic_formats.list_columns`)."""
    return traffic_formats.list_columns(_build_source(path, path.name))


def _list_files(path: Path) -> list[tuple[Path, str]]:
    found = list(source_lookup.list_files(path))
    if not found:
        raise CaseError(Sentence("refused.taken.no_file", path=path))
    return found


def _build_source(path: Path, name: str) -> ingest.SourceFile:
    return ingest.SourceFile(path, folder_walk.hash_file(path, name), name)


def _plan_rows(context: CaseContext, path: Path, name: str, said: FileSettings) -> Iterator[Row]:
    around = _Surroundings(controller.get_scheme(context))
    for piece, why in _read_pieces(_build_source(path, name), said):
        if piece is None or piece.taken.message is None:
            state = "known" if piece and piece.again else "quarantined"
            mark = around.get_unread_mark(piece) if piece else PLAIN
            yield Row(name, piece.taken.place if piece else "", state, why=why, mark=mark)
        else:
            known = messages.find_message(context.ledger, hash_message(to_json(piece.taken.message).encode()))
            row = _build_row(name, piece.taken, "known" if known else "new", known.document_id if known else "")
            scheme, message = controller.get_scheme(context), piece.taken.message
            own = _get_mark(piece.taken, message, _find_marks(piece.taken, message, scheme), scheme)
            yield row._replace(mark=own | around.mark(piece.around))


def _read_pieces(source: ingest.SourceFile, said: FileSettings) -> Iterator[tuple[Piece | None, str]]:
    """Messages of a file, and why one could not be made; without a message why the whole file could not be read."""
    found = False
    rows = traffic_formats.read_messages(source, said)
    while True:
        try:
            piece = file_receipt.run_reader(source, "the reader of traffic", lambda: next(rows, None))
        except SourceError as error:
            yield None, str(error)
            return
        if piece is None:
            break
        found = True
        yield piece, piece.taken.reason
    if not found:
        yield None, traffic_formats.NONE


def _build_row(name: str, taken: ReadMessage, state: str, document: str = "") -> Row:
    message = taken.message
    told = "; ".join(f"{one.label}: {one.written} ({one.place})" for one in taken.unmapped_values)
    if message is None:
        return Row(name, taken.place, state, unmapped=told, why=taken.reason)
    mapped = len({one.field for one in taken.origins if one.field})
    return Row(
        name, taken.place, state, filing.describe_kind(message) or message.form, message.from_bureau,
        ", ".join(message.to), message.our_ref, message.subject, mapped, told, "", document,
    )  # fmt: skip


def hash_message(form: bytes) -> str:
    """Name of a source: the SHA-256 of its bytes."""
    return hashlib.sha256(form).hexdigest()


def _import_file(context: CaseContext, path: Path, name: str, said: FileSettings) -> Iterator[Row]:
    """Keep a file and file its messages."""
    if why := file_receipt.check_erased(context, path, name):
        context.ledger.refuse("collection", Object("source"), why)
        yield Row(name, "", "refused", why=why)
        return
    with folder_walk.open_outside(path, name) as content:
        sha256, size = file_receipt.store_content(context, content)
    context.ledger.add_source(sha256, Arrival(name), size, {})
    try:
        made = list(_File(context, reader_process.build_source_file(context, sha256, name), said).import_messages())
    finally:
        erasure_replay.reapply_to_sources(context, [sha256])
    yield from made


@dataclass
class _Surroundings:
    """What stands around the messages of a file, or of a file in an archive: looked through once for all of them."""

    scheme: Scheme
    issues: list[Issue] = field(default_factory=list)
    texts: tuple[SurroundingText, ...] = ()
    found: Mark = PLAIN
    seen: set[SurroundingText] = field(default_factory=set)

    def mark(self, texts: tuple[SurroundingText, ...]) -> Mark:
        """The mark that the texts say; what is to be told of them is kept in `issues`."""
        if texts is not self.texts:
            self.texts = texts
            self.found = filing.look_around(texts, self.scheme).mark
            self.issues += filing.look_around([one for one in texts if one not in self.seen], self.scheme).issues
            self.seen.update(texts)
        return self.found

    def get_unread_mark(self, piece: Piece) -> Mark:
        """The mark of what no message could be made of."""
        looked = mark_mentions.look_through(piece.taken.list_source_texts(), (), self.scheme.levels)
        said = merge_marks(filing.get_field_mark(one.field, one.text, self.scheme) for one in looked.counted)
        return said | self.mark(piece.around)


@dataclass
class _File:
    """A file that is taken in: what it is marked with, what is attached to its messages, what is wrong."""

    context: CaseContext
    source: ingest.SourceFile
    said: FileSettings
    issues: list[Issue] = field(default_factory=list)
    mark: Mark = PLAIN
    attached: list[AttachedFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        """What stands around its messages is looked through by the levels of the case."""
        self.around = _Surroundings(controller.get_scheme(self.context), self.issues)

    def import_messages(self) -> Iterator[Row]:
        """What became of each message; the file counts as read when the last one is filed."""
        given = {"columns": dict(self.said.fields), "color": self.said.color}
        run = Run(
            "add",
            traffic_formats.METHOD,
            traffic_formats.VERSION,
            self.source.sha256,
            json.dumps(given, sort_keys=True),
        )
        if self._has_other_columns(run):
            yield Row(self.source.name, "", "known", why=OTHERWISE)
            return
        pieces, made = _read_pieces(self.source, self.said), list[Row]()
        while batch := list(islice(pieces, BATCH)):
            made += self._import_batch(batch, run)
        if not self.context.ledger.has_run(run):
            self._finish(run, made)
        yield from made

    def _import_batch(self, pieces: Sequence[tuple[Piece | None, str]], run: Run) -> list[Row]:
        """What became of some messages, which are filed together or not at all."""
        try:
            with self.context.ledger.group_transactions():
                return [self._import_piece(piece, why, run) for piece, why in pieces]
        except BaseException:
            self.context.forget()
            raise

    def _has_other_columns(self, run: Run) -> bool:
        """Whether the file was taken in with other columns, and still counts."""
        runs = row_tables.list_source_runs(self.context.ledger, self.source.sha256)
        live = runs[
            (runs["method"] == traffic_formats.METHOD) & (runs["verdict"] != "withdrawn") & (runs["state"] == "read")
        ]
        return bool((live["parameters"] != run.parameters).any())

    def _import_piece(self, piece: Piece | None, why: str, run: Run) -> Row:
        taken = piece.taken if piece else ReadMessage("", None, reason=why)
        self.issues += piece.told if piece else ()
        if piece and piece.again:
            return _build_row(self.source.name, taken, "known")
        if piece is None or taken.message is None:
            mark = self.around.get_unread_mark(piece) if piece else PLAIN
            self.mark |= mark
            self.issues.append(
                build_issue("no-message", why, fix=Sentence("fix.say.traffic_columns"), place=taken.place)
            )
            return _build_row(self.source.name, taken, "quarantined")._replace(mark=mark)
        return self._file_message(piece, taken.message, run)

    def _file_message(self, piece: Piece, message: Correspondence, run: Run) -> Row:
        """File a message; one that the case has already is not filed again, and one that was withdrawn stays so."""
        taken, context, name = piece.taken, self.context, self.source.name
        form = to_json(message).encode()
        known = messages.find_message(context.ledger, sha256 := hash_message(form)) is not None
        withdrawn = known and row_tables.get_source_state(context.ledger, sha256)[0] == "withdrawn"
        who = context.ledger.identity
        ours = bureau_names.is_own_bureau(message.from_bureau, context.settings.bureau, who.card if who else None)
        direction = messages.OUT if ours else messages.IN
        called = f"{message.our_ref or taken.place or 'message'}.json"
        arrival = Arrival(f"{name}/{called}", self.source.sha256, run_id=run.id)
        looked = _find_marks(taken, message, scheme := controller.get_scheme(context))
        mark = _get_mark(taken, message, looked, scheme) | self.around.mark(piece.around)
        if not known and (why := file_receipt.check_erased(context, form)):
            self._register_erased(form, arrival)
            context.ledger.refuse("collection", Object("source"), why)
            return _build_row(name, taken, "refused")._replace(why=why, mark=mark)
        message_marks.turn_into_remarks(context.ledger, sha256)
        document = filing.file_message(context, message, direction=direction, name=called, mark=mark, within=arrival)
        context.ledger.add_source(sha256, arrival, len(form), {})
        self.mark |= mark
        for file, data in piece.files:
            key, said = context.folder.store_source(BytesIO(data)), (message.from_bureau, message.date_time)
            self.attached.append(AttachedFile(file, key, len(data), document, mark, *said))
        if left := [f"{one.label} ({one.place})" for one in taken.unmapped_values]:
            self.issues.append(_build_unmapped_issue(left, document, taken.place))
        wrong = (
            *piece.wrong,
            *map(_tell_contradiction, taken.contradictions),
            *_find_unknown_marks(taken, message),
            *looked.issues,
        )
        self.issues += [replace(one, document_id=document, place=taken.place) for one in wrong]
        state = "withdrawn" if withdrawn else "known" if known else "filed"
        return _build_row(name, taken, state, document)._replace(mark=mark)

    def _register_erased(self, form: bytes, arrival: Arrival) -> None:
        """Register a message that was erased, unread, as a file within the file: by that it is taken out of it (`stay_erased`)."""
        key = self.context.folder.store_source(BytesIO(form))
        self.context.ledger.add_source(key, arrival, len(form), {})

    def _finish(self, run: Run, made: list[Row]) -> None:
        """Keep what is attached, write down that the file was read, what is wrong, and the mark of the file; then read what is attached."""
        filed = sum(bool(row.document_id) for row in made)
        counts: dict[str, int | str] = {"messages": filed, "issues": len(self.issues)}
        if not filed:
            counts["reason"] = next((row.why for row in made if row.why), traffic_formats.NONE)
        state = "read" if filed else "quarantined"
        for one in self.attached:
            arrival = Arrival(f"{self.source.name}/{one.name}", self.source.sha256, one.document_id, run.id)
            attachment_marks.receive_attachment(
                self.context, one.sha256, arrival, one.size, one.mark, self._get_mark_source(one)
            )
        self.context.ledger.finish(run, self.issues, counts, state=state, beside=partial(self._record_marks, run.id))
        file_receipt.read_attachments(
            self.context, [(one.sha256, f"{self.source.name}/{one.name}") for one in self.attached]
        )

    def _record_marks(self, run: str, sql: Connection) -> None:
        """What the file as such is marked with; each message has said its own mark.

        What was said of documents that `add` made of the file goes along to the messages.
        """
        mark_transfer.transfer_marks(self.context, sql, self.source.sha256, run)
        scheme = controller.get_scheme(self.context)
        for facet, values in to_facets(self.mark, scheme).items():
            terms.add_facet(sql, self.context.ledger, ("file", self.source.sha256, facet), values, BECAUSE)

    def _get_mark_source(self, one: AttachedFile) -> attachment_marks.MarkSource:
        """Who marks what is attached to a message that nobody has sealed: whoever the message says."""
        who = one.bureau or self.source.name
        return attachment_marks.MarkSource(who, who, "", one.at, {self.source.sha256}, BECAUSE)


def _get_mark(taken: ReadMessage, message: Correspondence, looked: filing.HandlingScan, scheme: Scheme) -> Mark:
    """The mark of a message: of all that it says of its handling, where it says several things."""
    said = (filing.get_field_mark(field, value, scheme) for field, value in _list_unplaced_marks(taken))
    return filing.get_message_mark(message, scheme) | merge_marks(said) | looked.mark


def _find_marks(taken: ReadMessage, message: Correspondence, scheme: Scheme) -> filing.HandlingScan:
    """What the whole text of a message says of its handling."""
    return filing.look_through(message, taken.list_source_texts(), scheme, _list_unplaced_marks(taken))


def _list_unplaced_marks(taken: ReadMessage) -> list[tuple[str, str]]:
    """Marks that went into no field since a higher one stands there: field and value."""
    return [(one.meant, one.written) for one in taken.unmapped_values if one.meant in MARKS]


def _tell_contradiction(one: Contradiction) -> Issue:
    """An issue that names a field and the codes, or the places, of what is said of it."""
    told = Sentence("row.traffic.sender", listed=", ".join(one.values))
    if one.field in MARKS:
        told = Sentence(
            "row.traffic.marks", field=one.field, listed=format_list(one.values[:SHOWN], count=len(one.values))
        )
    return build_issue("other-words", told, fix=Sentence("fix.look.source"))


def _find_unknown_marks(taken: ReadMessage, message: Correspondence) -> Iterator[Issue]:
    """An issue for each TLP and handling code that a message names and that is none."""
    said = [(path, getattr(message, path)) for path in markings.SCALES]
    said += [(one.meant, one.written) for one in taken.unmapped_values]
    for path, written in dict.fromkeys(said):
        if markings.is_unknown(path, written):
            told = Sentence(
                "row.traffic.unknown_mark", field=path, value=escape_unprintable(written[: mark_mentions.LONGEST])
            )
            yield build_issue("other-words", told, fix=Sentence("fix.look.source"))


def _build_unmapped_issue(left: list[str], document: str, place: str) -> Issue:
    """An issue that names labels, not values: who may not see the message may see the issue."""
    told = Sentence("row.derived.unmapped_field", count=len(left), listed=format_list(left[:SHOWN], count=len(left)))
    return build_issue("unmapped-field", told, fix=Sentence("fix.look.source"), document_id=document, place=place)
