"""Files into the case: kept by hash, read by the reader that fits, resumable. One bad file stops nothing.

A file within a file (an attachment, a member of an archive) is a source of its own: it has its hash, its reader and its
reasons, and remembers where it came from.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO, NamedTuple, TypeVar

from workbench import ingest
from workbench.case.access import brought_marks, mark_transfer
from workbench.case.context import folder_walk
from workbench.case.context.case_context import CaseContext
from workbench.case.context.progress import build_progress_bar
from workbench.case.files import reader_process as reader
from workbench.case.sources.row_spool import Spool
from workbench.errors import CaseError, SourceError, WorkbenchError
from workbench.ingest.budgets import FileBudget, Output, compute_size
from workbench.ingest.inner_files import DEEP, inherit_options, name_inner_file
from workbench.ledger import Arrival, Object, Run
from workbench.ledger.access import excluded_files, message_marks, own_copies, shown_names
from workbench.ledger.erasure import tombstones
from workbench.ledger.parquet_rows import RowsWriter
from workbench.ledger.records import readings, row_tables
from workbench.ledger.sessions import gone_rows
from workbench.ledger.sessions.gone_rows import ChangedError
from workbench.ledger.storage.source_names import replace_file_name
from workbench.model.catalogue import Sentence
from workbench.model.issue_codes import build_issue
from workbench.model.rows import Batch, Document, Enclosure, LedgerRow, Passage, Row
from workbench.model.table_schemas import MASS
from workbench.model.values.bounds import limit_rows
from workbench.search.vector_store import erase_vectors

T = TypeVar("T")
SHOWN = 160
BATCH = 2000
"""Rows in one transaction."""
COUNTED = ("documents", "traces", "passages", "claims", "issues")
ENDED = "ended"
"""Among the counts of a run: the budget of what was handed over was spent at this file."""


class Receipt(NamedTuple):
    """What became of one file: a row of what `add` answers."""

    name: str
    state: str
    reader: str = ""
    why: str = ""
    documents: int = 0
    traces: int = 0
    claims: int = 0
    issues: int = 0
    source: str = ""


def receive_file(
    context: CaseContext, file: Path | bytes | folder_walk.Entry, name: str, facts: Mapping[str, str], options: Mapping[str, str],
    *, planned: str = "",
) -> Iterator[Receipt]:  # fmt: skip
    """Receive a file, one of a folder, or its bytes, and what is in it; a receipt for each.

    Parameters
    ----------
    planned : str
        SHA-256 of the file that the options were said of; no other is taken.

    Raises
    ------
    SourceError
        If the file cannot be read.
    CaseError
        If it is not the file that was planned.
    """
    with _open_content(file, name) as content:
        _refuse_changed(name, planned, folder_walk.hash_content(content) if planned else "")
        content.seek(0)
        if why := _check_erased(context, content):
            context.ledger.refuse("collection", Object("source"), why)
            yield Receipt(name, "refused", why=why)
            return
        sha256, size = store_content(context, content)
    _refuse_changed(name, planned, sha256)
    whole = FileBudget(size, options)
    copy = own_copies.Copy(sha256, Arrival(name), size, facts, options)
    was_hidden = is_hidden(context, sha256)
    changed = "" if was_hidden else _format_changes(context, sha256, facts)
    message_marks.turn_into_remarks(context.ledger, sha256)
    if was_hidden and (is_sent := message_marks.is_brought_by_messages_alone(context.ledger, sha256)):
        message_marks.take_over(context.ledger, sha256, name, size)
    is_new = False
    if not was_hidden or is_sent or row_tables.is_foreign(context.ledger, sha256):
        is_new = context.ledger.add_source(sha256, Arrival(name), size, facts)
    if is_hidden(context, sha256) or (was_hidden and row_tables.get_reading(context.ledger, sha256)[0]):
        yield from _receive_own_copy(context, copy, whole)
    else:
        first, *others = _list_receipts(context, (sha256, name), options, whole, around=(copy,) if is_new else ())
        yield first._replace(why=first.why or changed)
        yield from others


def _refuse_changed(name: str, planned: str, sha256: str) -> None:
    """Refuse a file with other bytes than those that were planned."""
    if planned and sha256 != planned:
        raise CaseError(
            Sentence(
                "The file '{name}' was not added: it changed after the plan was made. Make a new plan "
                "(`case.sources.plan`).",
                name=name,
            )
        )


def _format_changes(context: CaseContext, sha256: str, facts: Mapping[str, str]) -> str:
    """What is told of a known file otherwise than before; '' if nothing is."""
    known = row_tables.list_sources(context.ledger, sha256)
    if known.empty:
        return ""
    before = known.iloc[0]
    changed = [
        f"{name}: {str(before[name])!r} → {value!r}"
        for name, value in facts.items()
        if before[name] not in ("", None, value)
    ]
    return Sentence("detected.told_anew", listed="; ".join(changed)) if changed else ""


def is_hidden(context: CaseContext, sha256: str) -> bool:
    """Whether a file is hidden from the officer, or was when the officer brought it. What a sender hid is so no more once it is ours.

    One that was new, and is the officer's own for what lies in it alone, was not.
    """
    gate = context.ledger.current_filter
    if gate is None:
        return False
    return own_copies.is_own_copy(context.ledger, sha256) or sha256 in gate.list_secret_ids(context.ledger)


def _receive_own_copy(
    context: CaseContext, copy: own_copies.Copy, whole: FileBudget, around: Sequence[own_copies.Copy] = ()
) -> Iterator[Receipt]:
    """Receipts of a file that is kept and of which the officer may not know: they are those of a file that is new.

    What our reader found in it is there already, and counts for the officer from now on; what others said of it stays hidden. Where
    only another bureau has read it, it is read here.
    """
    sha256, name = copy.sha256, copy.arrival.name
    again = bool((gate := context.ledger.current_filter) and sha256 in gate.own)
    own_copies.record_copy(context.ledger, copy, around)
    state, method, counts = row_tables.get_reading(context.ledger, sha256)
    if not state:
        yield from _list_receipts(context, (sha256, name), copy.options, whole)
        return
    if state == "read" and again:
        yield Receipt(name, "known", method, documents=counts["documents"], source=sha256)
    else:
        yield _build_first_receipt(context, sha256, name)
    if not _is_met(context, sha256, whole):
        inside = {"zone": copy.facts["zone"]} if "zone" in copy.facts else {}
        for inner, called, _ in _list_inner_files(context, sha256, whole):
            arrival = Arrival(f"{name}/{called.rpartition('/')[2]}", sha256)
            size = row_tables.get_size(context.ledger, inner)
            found = own_copies.Copy(inner, arrival, size, inside, inherit_options(copy.options))
            if again and not is_hidden(context, inner):
                yield from _list_receipts(context, (inner, arrival.name), found.options, whole)
            else:
                yield from _receive_own_copy(context, found, whole)


def _build_first_receipt(context: CaseContext, sha256: str, name: str) -> Receipt:
    """The receipt of a file that was read before and is new to the officer: that of its first reading."""
    state, method, counts = row_tables.get_reading(context.ledger, sha256)
    if state != "read":
        why = _get_refusal(context, sha256, name)
        return Receipt(name, state, method, why, issues=1, source=sha256)
    why = reader.detect_reader(reader.build_source_file(context, sha256, name)).reason
    return Receipt(name, state, method, why, source=sha256, **counts)


def _get_refusal(context: CaseContext, sha256: str, name: str) -> str:
    """Why a file is quarantined, with the name under which it came this time."""
    said = row_tables.get_refusal(context.ledger, sha256)
    return replace_file_name(said, own_copies.get_first_name(context.ledger, sha256), name) or said


def _is_met(context: CaseContext, sha256: str, whole: FileBudget) -> bool:
    """Whether a known file came before in what was handed over; the first time what was made of it counts for the whole."""
    if sha256 in whole.met:
        return True
    whole.met.add(sha256)
    made = row_tables.get_reading_counts(context.ledger, sha256)
    rows, mass_rows = (sum(made.get(kind, 0) for kind in kinds) for kinds in (COUNTED, MASS))
    whole.count_output(Output(rows, mass_rows, made.get("bytes", 0), made.get("enclosures", 0)), is_last=ENDED in made)
    return False


def _list_inner_files(context: CaseContext, outer: str, whole: FileBudget) -> Iterator[tuple[str, str, bool]]:
    """The files within a file (`row_tables.list_inner_sources`), up to the one at which the budget of the whole was spent."""
    for found in row_tables.list_inner_sources(context.ledger, outer, is_brought=True):
        if whole.ended:
            return
        yield found


def store_content(context: CaseContext, content: BinaryIO) -> tuple[str, int]:
    """Keep what is read as a source of the case; its SHA-256 and its size."""
    content.seek(0)
    return context.folder.store_source(content), content.tell()


def check_erased(context: CaseContext, file: Path | bytes, name: str = "") -> str:
    """Why a file may not come in again: it was erased; '' where it was not. Raises as `folder_walk.open_outside`."""
    with _open_content(file, name or (file.name if isinstance(file, Path) else "")) as content:
        return _check_erased(context, content)


def _open_content(file: Path | bytes | folder_walk.Entry, name: str) -> AbstractContextManager[BinaryIO]:
    """What is received, open for reading. Raises as `folder_walk.open_outside`."""
    if isinstance(file, bytes):
        return BytesIO(file)
    return folder_walk.open_outside(*((file, name) if isinstance(file, Path) else (file.path, name, file.top)))


def _check_erased(context: CaseContext, content: BinaryIO) -> str:
    if not tombstones.list_marks(context.ledger, "source"):
        return ""
    sha256 = folder_walk.hash_content(content)
    return tombstones.find_erased(context.ledger, sources=[sha256]).get(sha256, "")


def _list_receipts(
    context: CaseContext,
    file: tuple[str, str],
    options: Mapping[str, str],
    whole: FileBudget,
    depth: int = 0,
    *,
    around: Sequence[own_copies.Copy] = (),
) -> Iterator[Receipt]:
    """Receipts of a kept file, given by hash and by the name under which it came this time.

    around : the file itself and those around it, the outermost first, where they are new to the case
    """
    sha256, name = file
    state, reader, documents = row_tables.get_source_state(context.ledger, sha256, own=True)
    is_met = sha256 in whole.met
    if sha256 in whole.new - whole.met and state in ("read", "quarantined"):
        _is_met(context, sha256, whole)
        yield _build_first_receipt(context, sha256, name)
    elif state in ("read", "withdrawn"):
        is_met = _is_met(context, sha256, whole)
        known = "known" if state == "read" else "withdrawn"
        why = _describe_omission(name, whole) or _describe_exclusion(context, sha256)
        yield Receipt(name, known, reader, why, documents=documents, source=sha256)
    elif is_met:
        yield Receipt(name, state, reader, _get_refusal(context, sha256, name), source=sha256)
    else:
        try:
            receipt = read_source(context, sha256, name, options, whole, depth=depth)
            if receipt.state == "known":  # read before in this way, and in vain: it did not become known by that
                receipt = receipt._replace(state=state, why=_get_refusal(context, sha256, name))
        except ChangedError as changed:
            receipt = _build_changed_receipt(context, sha256, name, changed)
        whole.met.add(sha256)
        whole.new |= {sha256} if receipt.state == "read" else set()
        yield receipt
    if state != "withdrawn" and not is_met:
        yield from receive_inner_files(context, sha256, options, whole, depth + 1, around=around)


def _build_changed_receipt(context: CaseContext, sha256: str, name: str, changed: ChangedError) -> Receipt:
    """What became of a file that was erased, or read in another way, while it was read."""
    context.ledger.renew_snapshot()
    context.forget()
    state, reader, documents = row_tables.get_source_state(context.ledger, sha256, own=True)
    if state != "read":
        return Receipt(name, "refused", why=changed.sentence, source=sha256)
    return Receipt(name, "known", reader, changed.sentence, documents=documents, source=sha256)


def _describe_omission(name: str, whole: FileBudget) -> str:
    """That nothing after a known file is looked at, because the budget of the whole is spent; '' where it is not."""
    over = whole.exceeded_limit
    whole.ended = whole.ended or over is not None
    return reader.build_budget_error(name, whole, over).sentence if over else ""


def _describe_exclusion(context: CaseContext, sha256: str) -> str:
    """That a known file is excluded; '' where it is not."""
    return Sentence("detected.excluded") if excluded_files.is_excluded(context.ledger, sha256) else ""


def receive_inner_files(
    context: CaseContext,
    outer: str,
    options: Mapping[str, str],
    whole: FileBudget,
    depth: int = 1,
    *,
    around: Sequence[own_copies.Copy] = (),
) -> Iterator[Receipt]:
    """Receipts of the files within a file. What is mapped for the outer file is not for them; region and zone are.

    One that is hidden from the officer is the officer's own copy, as if it had come by itself (docs/decisions/0019). What another bureau
    has brought and a message holds too stays as that bureau has read it.
    """
    zone, inherited = ({"zone": options["zone"]} if "zone" in options else {}), inherit_options(options)
    for source, name, live in _list_inner_files(context, outer, whole):
        size = row_tables.get_size(context.ledger, source)
        inside = own_copies.Copy(source, Arrival(name, outer), size, zone, inherited)
        if is_hidden(context, source):
            yield from _receive_own_copy(context, inside, whole, around)
        elif live and not row_tables.is_foreign(context.ledger, source):
            if outer in whole.new and shown_names.is_new_within(context.ledger, source, outer):
                whole.new.add(source)
            here = (*around, inside) if around and not row_tables.get_reading(context.ledger, source)[0] else ()
            yield from _list_receipts(context, (source, name), inherited, whole, depth, around=here)


def read_attachments(context: CaseContext, files: Sequence[tuple[str, str]]) -> None:
    """Read kept files that hang on a message, given by hash and name, and the files within them, as far as they are not read yet.

    What another bureau has brought stays as that bureau has read it, and what was withdrawn stays so. Nobody's own copy comes of it.
    """
    whole = FileBudget(sum(reader.get_size(reader.build_source_file(context, *file)) for file in files), {})
    left = [(source, name, 1) for source, name in files]
    for source, name, depth in left:
        if source in whole.met or row_tables.is_foreign(context.ledger, source):
            continue
        whole.met.add(source)
        if not row_tables.get_reading(context.ledger, source)[0]:
            read_source(context, source, name, {}, whole, depth=depth)
        left += [(inner, within, depth + 1) for inner, within in row_tables.list_kept_inside(context.ledger, source)]


def run_of(context: CaseContext, sha256: str, reader: str, options: Mapping[str, str]) -> str:
    """Id of the run in which a reader read a source with these options."""
    parameters = json.dumps(dict(options), sort_keys=True)
    runs = row_tables.list_source_runs(context.ledger, sha256)
    return str(runs[(runs["method"] == reader) & (runs["parameters"] == parameters)]["run_id"].iloc[-1])


def read_source(
    context: CaseContext,
    sha256: str,
    name: str,
    options: Mapping[str, str],
    whole: FileBudget | None = None,
    *,
    depth: int = 0,
) -> Receipt:
    """Read a source that is kept already; quarantined with the reason where no reader can.

    `whole`: what was handed over, in which the source lies; itself if not given.

    Raises
    ------
    ChangedError
        If the file was erased, or read in another way, meanwhile.
    """
    before = gone_rows.list_readings(context.ledger.connection, sha256)
    source = reader.build_source_file(context, sha256, name)
    whole = whole or FileBudget(reader.get_size(source), options)
    parameters = json.dumps(dict(options), sort_keys=True)
    unread = Run("add", "none", "1", sha256, parameters)
    try:
        found = _detect_reader(source, whole, depth)
    except SourceError as error:
        return _quarantine_source(context, source, unread, "unknown-format", error, whole)
    run = Run("add", found.reader, found.version, sha256, parameters)
    if context.ledger.has_run(run):
        return Receipt(name, "known", found.reader, found.reason, source=sha256)
    try:
        rows = limit_rows(reader.read_rows(source, options, found.reader, whole))
        counts = _store_rows(context, run, source, rows, before)
    except SourceError as error:
        return _quarantine_source(
            context, source, unread if whole.read and whole.exceeded_limit else run, "unreadable", error, whole
        )
    whole.read += 1
    documents, traces, claims, issues = (counts[kind] for kind in ("Document", "Trace", "Claim", "Issue"))
    return Receipt(name, "read", found.reader, found.reason, documents, traces, claims, issues, sha256)


def _detect_reader(source: ingest.SourceFile, whole: FileBudget, depth: int) -> ingest.Detection:
    """Which reader takes a file.

    Raises
    ------
    SourceError
        If none does, it lies too deep, or the budget of the whole is spent.
    """
    if over := whole.exceeded_limit:
        raise reader.build_budget_error(source.name, whole, over)
    if depth > DEEP:
        raise SourceError(
            Sentence(
                "{name} is inside more than {deep} files. Unpack it yourself and add the files that you need.",
                name=source.name,
                deep=DEEP,
            )
        )
    return reader.detect_reader(source, whole)


def run_reader(source: ingest.SourceFile, what: str, work: Callable[[], T]) -> T:
    """What a reader gives. A fault that it does not expect is a defect of the reader, and no reason to drop other files."""
    try:
        return work()
    except WorkbenchError:
        raise
    except Exception as error:  # any defect of any reader, told with its kind
        told = f"{type(error).__name__}: {str(error)[:SHOWN]}"
        named = {"name": source.name, "what": what, "hash": source.sha256[:12]}
        raise SourceError(
            Sentence(
                "{what} failed on '{name}' ({error}). This is a defect in the program: report it with "
                "the hash of the file, {hash}…. The file itself is saved.",
                error=told,
                **named,
            )
        ) from error


def _store_rows(
    context: CaseContext, run: Run, source: ingest.SourceFile, rows: Iterable[Row], before: Collection[str]
) -> Counter[str]:
    """Write rows once all of them are there; the run counts only when the last batch is in.

    `before`: readings of the file that counted when it was begun. Where another one does by then, that one counts.
    """
    counts: Counter[str] = Counter()
    documents: set[str] = set()
    vault = context.folder.vault
    with (
        RowsWriter(context.folder.rows, run, vault) as mass,
        Spool(context.folder.rows, is_sealed=vault.key is not None) as spool,
    ):
        for row in build_progress_bar(context.say, "reading", "rows", rows):
            counts[type(row).__name__] += 1
            if isinstance(row, Batch):
                mass.add(row)
                counts[row.table] += row.rows.num_rows
                continue
            if isinstance(row, Document):
                documents.add(row.id)
            spool.add(row)
            counts["bytes"] += compute_size(row)
        counts["Document"] = len(documents)
        last = _write_rows(context, run, source, spool.read_rows())
        changed: list[str] = []

        def finish_reading(sql: Connection) -> None:
            gone_rows.check_readings(sql, run, before)
            if readings.has_other_reading(sql, run.source, run.id):
                changed.extend(readings.replace_texts(sql, run, select_passages(spool.read_rows())))
            mark_transfer.transfer_marks(context, sql, source.sha256, run.id)

        context.ledger.finish(run, last, _format_counts(counts), files=mass.close(), beside=finish_reading)
    forget_texts(context, changed)
    return counts


def select_passages(rows: Iterable[Row]) -> Iterator[Passage]:
    """Those of some rows that are passages."""
    return (row for row in rows if isinstance(row, Passage))


def forget_texts(context: CaseContext, passages: Sequence[str]) -> None:
    """Take the vectors of passages that say something else now out of the index."""
    if passages:
        erase_vectors(context.folder.derived / "vectors", passages, context.folder.vault)
        context.forget()


def _write_rows(context: CaseContext, run: Run, source: ingest.SourceFile, rows: Iterable[Row]) -> list[LedgerRow]:
    """Write rows in batches, and keep the files within; gives the last batch, which finishes the run."""
    zone = str(json.loads(run.parameters).get("zone", ""))
    batch: list[LedgerRow] = []
    for row in rows:
        if isinstance(row, Enclosure):
            _store_inner_file(context, run, source, row, zone)
        elif not isinstance(row, Batch):
            batch.append(row)
        if len(batch) == BATCH:
            context.ledger.add_rows(run, batch)
            batch = []
    return batch


def _store_inner_file(context: CaseContext, run: Run, outer: ingest.SourceFile, inner: Enclosure, zone: str) -> None:
    """Keep a file within a file as a source of its own. It counts when the run that found it is complete.

    One that was erased is kept as well: it is taken out of the outer file when that is complete (`erasure_replay.reapply_to_sources`).
    """
    sha256 = context.folder.store_source(BytesIO(inner.data))
    arrival = Arrival(name_inner_file(outer.name, inner.name), outer.sha256, inner.document_id, run.id)
    ways = [arrival, *(replace(arrival, document_id=document) for document in inner.further)]
    brought_marks.keep_common_mark_within(context, sha256, outer.sha256)
    told = {"zone": zone} if zone and not is_hidden(context, sha256) else {}
    for way in ways:
        context.ledger.add_source(sha256, way, len(inner.data), told)


def _format_counts(counts: Counter[str]) -> dict[str, int | str]:
    return {f"{kind.lower()}s" if kind[0].isupper() else kind: number for kind, number in sorted(counts.items())}


def _quarantine_source(
    context: CaseContext, source: ingest.SourceFile, run: Run, code: str, error: SourceError, whole: FileBudget
) -> Receipt:
    """Say why a source is not read; where it is because the budget of the whole is spent, nothing after it is either."""
    found = build_issue(code, str(error), fix=Sentence("fix.open.own_program"), place=source.name)
    whole.ended = whole.ended or whole.exceeded_limit is not None
    counts: dict[str, int | str] = {"reason": found.message, **({ENDED: 1} if whole.ended else {})}
    context.ledger.finish(run, [found], counts, state="quarantined")
    return Receipt(source.name, "quarantined", run.method, found.message, issues=1, source=source.sha256)
